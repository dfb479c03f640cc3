//! The pictures of the demo's groups: drawn, not stored.
//!
//! Invariant: a motif gives the same bytes each time.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{Rgb, RgbImage};

/// Width and height, in pixels.
const SIZE: u32 = 320;

/// What a picture shows, before a gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motif {
    Sun,
    Book,
    House,
    Heart,
    Ring,
}

impl Motif {
    /// The picture, 320 × 320, as PNG.
    pub(super) fn png(self) -> Vec<u8> {
        let (top, bottom, ink) = self.colours();
        let middle = i64::from(SIZE / 2);
        let picture = RgbImage::from_fn(SIZE, SIZE, |x, y| {
            // The middle is 0, 0, and y grows upwards.
            if self.covers(i64::from(x) - middle, middle - i64::from(y)) {
                ink
            } else {
                mix(top, bottom, y, SIZE)
            }
        });
        let mut bytes = Vec::new();
        // Rows of one colour, each pixel as the one before it: a few kilobytes.
        let encoder =
            PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Sub);
        // Writing to memory, with sizes that fit, cannot fail.
        let _ = picture.write_with_encoder(encoder);
        bytes
    }

    /// Two of the gradient, one of the shape.
    fn colours(self) -> (Rgb<u8>, Rgb<u8>, Rgb<u8>) {
        let (top, bottom, ink) = match self {
            Self::Sun => ([0x3a, 0x86, 0xff], [0xff, 0x9e, 0x5e], [0xff, 0xe0, 0x66]),
            Self::Book => ([0x5f, 0x0f, 0x40], [0x9a, 0x03, 0x1e], [0xff, 0xf3, 0xe0]),
            Self::House => ([0x0f, 0x4c, 0x5c], [0x6b, 0xa3, 0x68], [0xf4, 0xf1, 0xde]),
            Self::Heart => ([0xff, 0xc2, 0xd1], [0xff, 0x8f, 0xab], [0xd9, 0x04, 0x29]),
            Self::Ring => ([0x1b, 0x43, 0x32], [0x95, 0xd5, 0xb2], [0xff, 0xff, 0xff]),
        };
        (Rgb(top), Rgb(bottom), Rgb(ink))
    }

    fn covers(self, x: i64, y: i64) -> bool {
        let square = x * x + y * y;
        match self {
            Self::Sun => square < 80 * 80,
            Self::Book => (4..110).contains(&x.abs()) && y.abs() < 75,
            Self::House => {
                let roof = (10..100).contains(&y) && x.abs() < 110 - y;
                let walls = (-80..10).contains(&y) && x.abs() < 75;
                let door = y < -20 && x.abs() < 18;
                (roof || walls) && !door
            }
            // (x² + y² - r²)³ ≤ x² y³ r
            Self::Heart => (square - 80 * 80).pow(3) <= x * x * y.pow(3) * 80,
            Self::Ring => (60 * 60..95 * 95).contains(&square),
        }
    }
}

/// The colour at `step` of `steps` on the way from one to the other.
fn mix(from: Rgb<u8>, to: Rgb<u8>, step: u32, steps: u32) -> Rgb<u8> {
    let (Rgb(from), Rgb(to)) = (from, to);
    let mut mixed = from;
    for (channel, to) in mixed.iter_mut().zip(to) {
        let sum = u32::from(*channel) * (steps - step) + u32::from(to) * step;
        *channel = u8::try_from(sum / steps).unwrap_or(u8::MAX);
    }
    Rgb(mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_motif_is_a_picture_of_its_own_and_stays_the_same() {
        let motifs = [
            Motif::Sun,
            Motif::Book,
            Motif::House,
            Motif::Heart,
            Motif::Ring,
        ];
        let pictures = motifs.map(Motif::png);
        for (place, (motif, png)) in motifs.into_iter().zip(&pictures).enumerate() {
            let picture = image::load_from_memory(png).unwrap();
            assert_eq!((picture.width(), picture.height()), (SIZE, SIZE));
            assert!(png.len() < 32 * 1024, "{motif:?}: {} bytes", png.len());
            assert_eq!(motif.png(), *png);
            assert!(!pictures[..place].contains(png), "{motif:?}");
            // The shape and the ground are both to be seen.
            let ink = motif.colours().2;
            let inked = picture
                .to_rgb8()
                .pixels()
                .filter(|dot| **dot == ink)
                .count();
            assert!((5_000..60_000).contains(&inked), "{motif:?}: {inked}");
        }
    }
}

//! Colours as numbers: how light they are, how well one can be read on another, and which of the
//! palette of 256 comes nearest. Pure arithmetic, without any meaning.

use std::fmt;

use ratatui::style::Color;

/// The least contrast at which words can be read.
///
/// Source: WCAG 2.1, 1.4.3.
pub const READABLE: f64 = 4.5;

/// The six steps of each colour in the palette of 256.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// A colour of 24 bits: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// The value of a colour that is the same on every terminal; `None` for those of the user's own
    /// palette.
    pub fn of(color: Color) -> Option<Self> {
        match color {
            Color::Rgb(red, green, blue) => Some(Self([red, green, blue])),
            Color::Indexed(index @ 16..=231) => {
                let cube = usize::from(index - 16);
                let step = |at: usize| STEPS[at % 6];
                Some(Self([step(cube / 36), step(cube / 6), step(cube)]))
            }
            Color::Indexed(index @ 232..) => Some(Self([8 + 10 * (index - 232); 3])),
            Color::Indexed(_)
            | Color::Reset
            | Color::Black
            | Color::Red
            | Color::Green
            | Color::Yellow
            | Color::Blue
            | Color::Magenta
            | Color::Cyan
            | Color::Gray
            | Color::DarkGray
            | Color::LightRed
            | Color::LightGreen
            | Color::LightYellow
            | Color::LightBlue
            | Color::LightMagenta
            | Color::LightCyan
            | Color::White => None,
        }
    }

    /// From `rrggbb` or `rgb`, as hexadecimal digits.
    pub fn from_hex(digits: &str) -> Option<Self> {
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = number.to_be_bytes();
        match digits.len() {
            6 => Some(Self([red, green, blue])),
            3 => Some(Self(
                [green & 15, blue >> 4, blue & 15].map(|half| half * 17),
            )),
            _ => None,
        }
    }

    /// How light it is: 0 for black, 1 for white.
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|byte| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// How well one can be read on the other: from 1 to 21.
    ///
    /// Source: WCAG 2.1, «contrast ratio».
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(other) / one.min(other)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The colour in the fixed part of the palette of 256 that comes nearest: one of the cube or one of
/// the greys. The first sixteen are the user's own and may be anything.
pub fn nearest(rgb: [u8; 3]) -> u8 {
    let step = |colour: u8| -> (u8, u8) {
        let steps = (0u8..).zip(STEPS);
        steps
            .min_by_key(|(_, value)| value.abs_diff(colour))
            .unwrap_or_default()
    };
    let [red, green, blue] = rgb.map(step);
    let mean = rgb.map(u16::from).iter().sum::<u16>() / 3;
    // Greys go from 8 to 238 in steps of 10.
    let grey = u8::try_from((mean.saturating_sub(3) / 10).min(23)).unwrap_or(23);
    let level = 8 + 10 * grey;
    let far = |other: [u8; 3]| -> u32 {
        let parts = rgb.into_iter().zip(other);
        parts.map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    if far([level; 3]) < far([red.1, green.1, blue.1]) {
        232 + grey
    } else {
        16 + 36 * red.0 + 6 * green.0 + blue.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_agrees_with_known_pairs() {
        let [black, white, grey] = [[0; 3], [255; 3], [0x77; 3]].map(Rgb);
        assert!((black.contrast(white) - 21.0).abs() < 0.01);
        assert!((white.contrast(grey) - 4.48).abs() < 0.01);
    }

    #[test]
    fn hexadecimal_digits_are_read_and_nothing_else() {
        assert_eq!(Rgb::from_hex("7fd1B3"), Some(Rgb([0x7f, 0xd1, 0xb3])));
        assert_eq!(Rgb::from_hex("f0a"), Some(Rgb([255, 0, 0xaa])));
        for wrong in ["", "7fd1b", "7fd1b3f", "+fd1b3", "é12", "ggg"] {
            assert_eq!(Rgb::from_hex(wrong), None, "{wrong}");
        }
        assert_eq!(Rgb([0, 10, 255]).to_string(), "#000aff");
    }

    /// A table from xterm's `256colres.h`.
    #[test]
    fn q16_the_palette_of_256_gives_its_nearest_colour() {
        for (rgb, index) in [
            ([0, 0, 0], 16),
            ([255, 255, 255], 231),
            ([255, 0, 0], 196),
            ([95, 135, 175], 67),
            ([8, 8, 8], 232),
            ([128, 128, 128], 244),
            ([238, 238, 238], 255),
            ([130, 128, 126], 244),
            ([100, 130, 180], 67),
        ] {
            assert_eq!(nearest(rgb), index, "{rgb:?}");
        }
        // Every colour of the palette is its own nearest, but for greys that are there twice.
        for index in 16..=255 {
            let rgb = Rgb::of(Color::Indexed(index)).unwrap();
            let found = Rgb::of(Color::Indexed(nearest(rgb.0)));
            assert_eq!(found, Some(rgb), "{index}");
        }
    }
}

//! Pictures: looked at, made into an icon that may be sent, and found by their path.
//!
//! Everything here is from outside: a file somebody typed the name of, bytes from a host we do not
//! know. What a picture is, its bytes say, never its name. All functions block, for up to a second
//! with a large picture, and one at a time is enough: each may take 150 MB for a moment. Not for
//! drawing (that is `ui`) nor for fetching (that is `api`). Invariant: nothing is decoded before its
//! size is known and allowed, and an [`IconFile`] holds nothing but pixels encoded here.

mod complete;
mod decode;
mod error;
mod read;

use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage, RgbaImage, imageops};

use crate::domain::{IconFile, Thumbnail};

pub use complete::{Candidate, Completion, MAX_CANDIDATES, complete, resolve};
pub use error::PictureError;
pub use read::MAX_FILE;

/// Edge of a thumbnail for half-blocks, in pixels.
pub const BLOCKS: u32 = 64;
/// Edge of a thumbnail for a terminal that shows real pictures, in pixels.
pub const GRAPHICS: u32 = 320;

/// Share of the original that a JPEG keeps, of 100: nobody sees a difference on a group icon.
const QUALITY: u8 = 85;

/// What a picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its kind.
    pub format: Format,
    /// Width in pixels, as it is to be seen.
    pub width: u32,
    /// Height in pixels, as it is to be seen.
    pub height: u32,
    /// Size of the file in bytes.
    pub bytes: usize,
    /// The middle of it, small.
    pub thumbnail: Thumbnail,
}

/// The kinds of picture that are decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Format {
    /// The MIME type, which belongs to the bytes and not to what somebody claims.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Looks at the bytes of a picture from anywhere. The thumbnail has at most `edge` pixels on a side:
/// [`BLOCKS`] or [`GRAPHICS`].
///
/// # Errors
/// When the bytes are no picture, or none that is safe to decode.
pub fn look(bytes: &[u8], edge: u32) -> Result<Picture, PictureError> {
    let (format, image) = decode::decode(bytes)?;
    let small = square(&image, edge);
    picture(format, &image, bytes.len(), &small)
}

/// Makes a picture file into an icon: a square JPEG of the middle, turned as its camera held it, on
/// white where it was transparent, without metadata. What it was is told as well.
///
/// # Errors
/// When the file cannot be read, or is no picture that can become an icon.
pub fn prepare(path: &Path) -> Result<(IconFile, Picture), PictureError> {
    prepare_bytes(&read::read(path)?)
}

/// [`prepare`] for bytes that were read already.
///
/// # Errors
/// When they are no picture that can become an icon.
pub fn prepare_bytes(bytes: &[u8]) -> Result<(IconFile, Picture), PictureError> {
    let (format, image) = decode::decode(bytes)?;
    let (width, height) = (image.width(), image.height());
    if width.min(height) < IconFile::MIN_EDGE {
        return Err(PictureError::TooSmall { width, height });
    }
    let icon = square(&image, IconFile::MAX_EDGE);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(&icon)
        .map_err(|_why| PictureError::NotEncoded)?;
    if jpeg.len() > IconFile::MAX_BYTES {
        return Err(PictureError::NotEncoded);
    }
    let small = scale(icon.clone(), BLOCKS);
    let picture = picture(format, &image, bytes.len(), &small)?;
    Ok((IconFile::encoded(jpeg, icon.width()), picture))
}

fn picture(
    format: Format,
    image: &DynamicImage,
    bytes: usize,
    small: &RgbImage,
) -> Result<Picture, PictureError> {
    let (width, height) = small.dimensions();
    let pixels = small.pixels().map(|pixel| pixel.0).collect();
    let thumbnail = Thumbnail::new(width, height, pixels).ok_or(PictureError::Damaged)?;
    Ok(Picture {
        format,
        width: image.width(),
        height: image.height(),
        bytes,
        thumbnail,
    })
}

/// The middle of a picture as a square of at most `edge` pixels.
fn square(image: &DynamicImage, edge: u32) -> RgbImage {
    let side = image.width().min(image.height());
    let left = (image.width() - side) / 2;
    let top = (image.height() - side) / 2;
    let middle = image.crop_imm(left, top, side, side);
    scale(on_white(middle), edge)
}

/// Without transparency. Before scaling: invisible pixels have colours too, which would bleed in.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image: RgbaImage = image.into_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| {
            let (colour, alpha) = (u32::from(colour), u32::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

fn scale(image: RgbImage, edge: u32) -> RgbImage {
    if image.width() <= edge {
        return image;
    }
    imageops::resize(&image, edge, edge, FilterType::CatmullRom)
}

#[cfg(test)]
mod tests;

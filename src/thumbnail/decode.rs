//! From bytes to pixels, with the limits looked at first. Invariant: the header alone is read before
//! the size is known, and no more than [`MAX_MEMORY`] bytes of pixels are ever asked for.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, guess_format,
};

use super::{Format, PictureError};

/// Longest edge that is decoded, in pixels.
const MAX_EDGE: u32 = 4096;
/// Most pixels that are decoded.
const MAX_PIXELS: u64 = 16 * 1024 * 1024;
/// Most memory for the decoded pixels, in bytes.
const MAX_MEMORY: u64 = 64 * 1024 * 1024;
/// So much of the beginning tells text from pictures.
const BEGINNING: usize = 512;

/// Names of what is often taken for a picture that could be used.
const OTHERS: [(ImageFormat, &str); 7] = [
    (ImageFormat::Gif, "a GIF picture"),
    (ImageFormat::WebP, "a WebP picture"),
    (ImageFormat::Avif, "an AVIF picture"),
    (ImageFormat::Tiff, "a TIFF picture"),
    (ImageFormat::Bmp, "a BMP picture"),
    (ImageFormat::Ico, "a Windows icon"),
    (ImageFormat::Qoi, "a QOI picture"),
];

/// The picture, turned as its camera held it.
pub(super) fn decode(bytes: &[u8]) -> Result<(Format, DynamicImage), PictureError> {
    let format = sniff(bytes)?;
    let known = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), known);
    // The edges are checked below, where the numbers can be told.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|why| problem(&why))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > MAX_EDGE || pixels > MAX_PIXELS {
        return Err(PictureError::TooManyPixels { width, height });
    }
    // `from_decoder` asks no limit for the pixels themselves.
    if decoder.total_bytes() > MAX_MEMORY {
        return Err(PictureError::TooMuchMemory);
    }
    let orientation = decoder.orientation().map_err(|why| problem(&why))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|why| problem(&why))?;
    image.apply_orientation(orientation);
    if image.width() == 0 || image.height() == 0 {
        return Err(PictureError::Damaged);
    }
    Ok((format, image))
}

fn problem(why: &ImageError) -> PictureError {
    match why {
        ImageError::Limits(_) => PictureError::TooMuchMemory,
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::Unsupported(_)
        | ImageError::IoError(_) => PictureError::Damaged,
    }
}

/// What the bytes are, by their beginning.
fn sniff(bytes: &[u8]) -> Result<Format, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    match guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => return Ok(Format::Jpeg),
        Ok(ImageFormat::Png) => return Ok(Format::Png),
        Ok(other) => {
            if let Some((_, name)) = OTHERS.iter().find(|(format, _)| *format == other) {
                return Err(PictureError::NotAPicture(name));
            }
        }
        Err(_) => {}
    }
    Err(PictureError::NotAPicture(no_picture(bytes)))
}

fn no_picture(bytes: &[u8]) -> &'static str {
    let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
    if beginning.get(4..8) == Some(b"ftyp") {
        // Brands of pictures begin with these; the rest of the family is video.
        return match beginning.get(8..11) {
            Some(b"hei" | b"hev" | b"mif") => "a HEIC picture",
            Some(_) | None => "a video",
        };
    }
    if beginning.starts_with(b"%PDF") {
        return "a PDF document";
    }
    let text = String::from_utf8_lossy(beginning).to_lowercase();
    if text.contains("<svg") {
        "an SVG drawing"
    } else if text.contains("<html") || text.contains("<!doctype html") {
        "a web page"
    } else if text.contains(['\0', char::REPLACEMENT_CHARACTER]) {
        "no picture that is known here"
    } else {
        "a text"
    }
}

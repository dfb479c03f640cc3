//! Pictures good and bad, made here byte by byte.

use std::fs;
use std::io::Cursor;
use std::time::Duration;

use image::{ImageFormat, ImageReader, Rgba};
use proptest::prelude::*;

use super::*;

/// What must never leave this computer.
const SECRET: &[u8] = b"GPS 23.5505 S 46.6333 W";

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Left half red, right half blue.
fn halves(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| {
        Rgb(if x < width / 2 {
            [255, 0, 0]
        } else {
            [0, 0, 255]
        })
    })
    .into()
}

/// A JPEG with what a camera writes into it: how it was held, and where.
fn from_camera(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    // The name of the place as a description, behind the table.
    let length = u8::try_from(SECRET.len()).unwrap();
    tiff.extend([0x0e, 0x01, 2, 0, length, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0; 4]);
    tiff.extend(SECRET);
    let plain = file(image, ImageFormat::Jpeg);
    let mut bytes = plain[..2].to_vec();
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(length.to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend(&plain[2..]);
    bytes
}

/// A PNG that says it has this size and has no pixels.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    deep_bomb(width, height, [8, 2])
}

/// The same with bits and kind of colour.
fn deep_bomb(width: u32, height: u32, colour: [u8; 2]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend(colour);
    chunk.extend([0; 3]);
    let mut sum = u32::MAX;
    for byte in &chunk {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
        }
    }
    bytes.extend(13u32.to_be_bytes());
    bytes.extend(chunk);
    bytes.extend((!sum).to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    bytes
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The pixels of an icon; fails unless it is a JPEG.
fn pixels(icon: &IconFile) -> RgbImage {
    let reader = ImageReader::with_format(Cursor::new(icon.bytes()), ImageFormat::Jpeg);
    reader.decode().unwrap().into_rgb8()
}

fn is_near(pixel: Rgb<u8>, wanted: [u8; 3]) -> bool {
    let pairs = pixel.0.into_iter().zip(wanted);
    pairs.into_iter().all(|(is, want)| is.abs_diff(want) < 12)
}

#[test]
fn an_icon_is_a_square_jpeg_of_the_middle() {
    // A stripe of green in the middle of a wide picture is what remains.
    let wide = RgbImage::from_fn(800, 200, |x, _| {
        Rgb(if (300..500).contains(&x) {
            [0, 160, 0]
        } else {
            [255, 0, 0]
        })
    });
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let bytes = file(&wide.clone().into(), format);
        let (icon, picture) = prepare_bytes(&bytes).unwrap();
        assert_eq!(icon.edge(), 200, "smaller ones are not blown up");
        assert!(icon.bytes().starts_with(b"\xff\xd8\xff"));
        let seen = pixels(&icon);
        assert_eq!(seen.dimensions(), (200, 200));
        assert!(is_near(*seen.get_pixel(100, 100), [0, 160, 0]));
        assert!(is_near(*seen.get_pixel(10, 190), [0, 160, 0]));
        assert_eq!((picture.width, picture.height), (800, 200));
        assert_eq!(picture.bytes, bytes.len());
        assert_eq!(picture.thumbnail.width(), BLOCKS);
        assert_eq!(picture.thumbnail.height(), BLOCKS);
    }
}

#[test]
fn a_large_picture_becomes_640_pixels() {
    let bytes = file(&halves(1280, 960), ImageFormat::Jpeg);
    let (icon, picture) = prepare_bytes(&bytes).unwrap();
    assert_eq!(icon.edge(), IconFile::MAX_EDGE);
    assert_eq!(pixels(&icon).dimensions(), (640, 640));
    assert_eq!(picture.format.mime(), "image/jpeg");
}

#[test]
fn nothing_a_camera_wrote_remains() {
    let bytes = from_camera(&halves(300, 300), 1);
    assert!(contains(&bytes, SECRET) && contains(&bytes, b"Exif"));
    let (icon, _) = prepare_bytes(&bytes).unwrap();
    assert!(!contains(icon.bytes(), SECRET) && !contains(icon.bytes(), b"Exif"));
}

#[test]
fn a_picture_stands_upright_however_the_camera_was_held() {
    for (orientation, size, first, last) in [
        (1, (400, 300), [255, 0, 0], [0, 0, 255]),
        (3, (400, 300), [0, 0, 255], [255, 0, 0]),
        // Turned to the right: left goes up.
        (6, (300, 400), [255, 0, 0], [0, 0, 255]),
        (8, (300, 400), [0, 0, 255], [255, 0, 0]),
    ] {
        let bytes = from_camera(&halves(400, 300), orientation);
        let (icon, picture) = prepare_bytes(&bytes).unwrap();
        assert_eq!((picture.width, picture.height), size, "{orientation}");
        let seen = pixels(&icon);
        let end = icon.edge() - 10;
        let far = if size.0 > size.1 {
            (end, 10)
        } else {
            (10, end)
        };
        assert!(is_near(*seen.get_pixel(10, 10), first), "{orientation}");
        assert!(
            is_near(*seen.get_pixel(far.0, far.1), last),
            "{orientation}"
        );
    }
}

#[test]
fn what_was_transparent_is_white() {
    // Invisible red, then half of a black.
    let clear = RgbaImage::from_fn(200, 200, |x, _| {
        Rgba(if x < 100 {
            [255, 0, 0, 0]
        } else {
            [0, 0, 0, 128]
        })
    });
    let bytes = file(&clear.into(), ImageFormat::Png);
    let seen = pixels(&prepare_bytes(&bytes).unwrap().0);
    assert!(is_near(*seen.get_pixel(50, 100), [255, 255, 255]));
    assert!(is_near(*seen.get_pixel(150, 100), [127, 127, 127]));
}

#[test]
fn a_picture_that_is_too_small_is_refused_with_its_size() {
    for (width, height) in [(191, 191), (1000, 191), (191, 1000), (1, 1)] {
        let bytes = file(&halves(width, height), ImageFormat::Png);
        assert_eq!(
            prepare_bytes(&bytes).unwrap_err(),
            PictureError::TooSmall { width, height }
        );
        // But it can be looked at: the server may have one.
        let seen = look(&bytes, GRAPHICS).unwrap();
        assert_eq!(seen.thumbnail.width(), width.min(height).min(GRAPHICS));
    }
    assert!(prepare_bytes(&file(&halves(192, 192), ImageFormat::Png)).is_ok());
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    for (width, height) in [(50_000, 50_000), (4097, 1), (1, 4097), (1, u32::MAX >> 1)] {
        let refused = look(&bomb(width, height), BLOCKS).unwrap_err();
        assert_eq!(refused, PictureError::TooManyPixels { width, height });
    }
    assert_eq!(
        look(&bomb(u32::MAX >> 1, 1), BLOCKS),
        Err(PictureError::TooMuchMemory),
        "one row alone is too much"
    );
    assert_eq!(look(&bomb(10, 10), BLOCKS), Err(PictureError::Damaged));
    assert_eq!(look(&bomb(0, 0), BLOCKS), Err(PictureError::Damaged));
    let mut jpeg = file(&halves(16, 16), ImageFormat::Jpeg);
    let size = jpeg.windows(2).position(|marker| marker == b"\xff\xc0");
    let size = size.unwrap() + 5;
    jpeg[size..size + 4].copy_from_slice(&[0xff; 4]);
    let (width, height) = (65_535, 65_535);
    assert_eq!(
        look(&jpeg, BLOCKS),
        Err(PictureError::TooManyPixels { width, height })
    );
}

#[test]
fn pixels_with_too_many_bits_are_refused_before_they_are_decoded() {
    // 16 bits for each of 4 colours: twice what is allowed.
    let bytes = deep_bomb(4096, 4096, [16, 6]);
    assert_eq!(look(&bytes, BLOCKS), Err(PictureError::TooMuchMemory));
}

#[test]
fn what_is_no_picture_is_named() {
    let webp = b"RIFF\x24\0\0\0WEBPVP8 ".as_slice();
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0".as_slice();
    let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>".as_slice();
    for (bytes, what) in [
        (webp, "a WebP picture"),
        (b"GIF89a\x01\0\x01\0", "a GIF picture"),
        (heic, "a HEIC picture"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "a video"),
        (svg, "an SVG drawing"),
        (b"<!DOCTYPE html><title>502</title>", "a web page"),
        (b"%PDF-1.7", "a PDF document"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----", "a text"),
        (b"\x7fELF\x02\x01\x01\0\0", "no picture that is known here"),
    ] {
        let expected = PictureError::NotAPicture(what);
        assert_eq!(look(bytes, BLOCKS), Err(expected), "{what}");
        assert_eq!(prepare_bytes(bytes), Err(expected), "{what}");
    }
    assert_eq!(look(b"", BLOCKS), Err(PictureError::Empty));
}

#[test]
fn a_picture_that_is_cut_off_or_lies_is_no_harm() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let whole = file(&halves(64, 64), format);
        for length in 1..whole.len().min(200) {
            // Some of a JPEG may be enough to show; never is it a fault.
            let _ = look(&whole[..length], BLOCKS);
        }
    }
    let half = file(&halves(300, 300), ImageFormat::Png);
    assert_eq!(
        prepare_bytes(&half[..half.len() / 2]),
        Err(PictureError::Damaged)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_fail_otherwise_than_with_an_error(
        changes in prop::collection::vec((0usize..2000, any::<u8>()), 1..20),
        png in any::<bool>(),
    ) {
        let format = if png { ImageFormat::Png } else { ImageFormat::Jpeg };
        let mut bytes = file(&halves(24, 24), format);
        for (at, byte) in changes {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        let _ = look(&bytes, BLOCKS);
    }
}

#[test]
fn a_file_is_read_by_what_it_is_and_not_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("key.jpg"), "-----BEGIN PRIVATE KEY-----").unwrap();
    assert_eq!(
        prepare(&at("key.jpg")),
        Err(PictureError::NotAPicture("a text"))
    );
    fs::write(at("photo.txt"), file(&halves(200, 200), ImageFormat::Png)).unwrap();
    std::os::unix::fs::symlink(at("photo.txt"), at("link")).unwrap();
    for name in ["photo.txt", "link"] {
        assert_eq!(prepare(&at(name)).unwrap().1.format, Format::Png);
    }
}

#[test]
fn only_files_are_read_and_none_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert_eq!(
        prepare(folder.path()),
        Err(PictureError::NotAFile("a folder"))
    );
    assert_eq!(
        prepare(Path::new("/dev/zero")),
        Err(PictureError::NotAFile("a device"))
    );
    let missing = prepare(&at("missing.png")).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "the file cannot be read: there is no such file"
    );
    fs::write(at("empty.png"), b"").unwrap();
    assert_eq!(prepare(&at("empty.png")), Err(PictureError::Empty));
    let large = fs::File::create(at("large.png")).unwrap();
    large.set_len(MAX_FILE + 1).unwrap();
    assert_eq!(prepare(&at("large.png")), Err(PictureError::FileTooLarge));

    // A pipe without a writer would be waited for without end.
    let pipe = at("pipe.jpg");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
    let (sender, answer) = std::sync::mpsc::channel();
    std::thread::Builder::new()
        .spawn(move || sender.send(prepare(&pipe).unwrap_err()))
        .unwrap();
    assert_eq!(
        answer.recv_timeout(Duration::from_secs(10)),
        Ok(PictureError::NotAFile("a pipe"))
    );
}

#[test]
fn every_refusal_says_what_to_do_next() {
    let (width, height) = (100, 50);
    for refusal in [
        PictureError::Unreadable(std::io::ErrorKind::PermissionDenied),
        PictureError::NotAFile("a pipe"),
        PictureError::FileTooLarge,
        PictureError::Empty,
        PictureError::NotAPicture("a text"),
        PictureError::TooManyPixels { width, height },
        PictureError::TooMuchMemory,
        PictureError::TooSmall { width, height },
        PictureError::Damaged,
        PictureError::NotEncoded,
    ] {
        for text in [refusal.to_string(), refusal.next().to_owned()] {
            assert!(!text.ends_with('.') && text.len() > 10, "{text}");
        }
    }
    let small = PictureError::TooSmall { width, height };
    assert_eq!(
        small.to_string(),
        "the picture has 100 × 50 pixels, and an icon needs 192 × 192 or more"
    );
    assert_eq!(
        PictureError::FileTooLarge.to_string(),
        "the file is larger than 20 MB, and nothing larger is read"
    );
}

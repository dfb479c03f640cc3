//! Reads a picture file somebody named. Opened once and judged by what was opened, so that nothing
//! can be swapped in between. Invariant: at most [`MAX_FILE`] bytes of a regular file are kept, and
//! nothing waits for a pipe or a device.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

use super::PictureError;

/// Largest picture file that is read, in bytes.
pub const MAX_FILE: u64 = 20 * 1024 * 1024;

pub(super) fn read(path: &Path) -> Result<Vec<u8>, PictureError> {
    // Without blocking, because opening a pipe waits for its other end; and never as the terminal
    // that controls us.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path)
        .map_err(unreadable)?;
    let facts = file.metadata().map_err(unreadable)?;
    let kind = facts.file_type();
    if !kind.is_file() {
        return Err(PictureError::NotAFile(if kind.is_dir() {
            "a folder"
        } else if kind.is_fifo() {
            "a pipe"
        } else {
            "a device"
        }));
    }
    if facts.len() > MAX_FILE {
        return Err(PictureError::FileTooLarge);
    }
    take(file)
}

/// A file can grow while it is read, and those of `/proc` do not tell their length.
fn take(file: File) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    match u64::try_from(bytes.len()) {
        Ok(0) => Err(PictureError::Empty),
        Ok(length) if length <= MAX_FILE => Ok(bytes),
        Ok(_) | Err(_) => Err(PictureError::FileTooLarge),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(why: io::Error) -> PictureError {
    PictureError::Unreadable(why.kind())
}

//! Why a picture cannot be used, in words for whoever chose it. Invariant: the words never contain
//! anything from the file itself.

use std::io;

use super::read::MAX_FILE;

/// Why a picture cannot be shown or sent. The text says what is wrong and why; [`Self::next`] says
/// what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The system refused to open or read it.
    #[error("the file cannot be read: {}", reason(*.0))]
    Unreadable(io::ErrorKind),
    /// A folder, a pipe, a device: says which.
    #[error("this is {0}, not a picture file")]
    NotAFile(&'static str),
    /// More bytes than are read.
    #[error("the file is larger than {} MB, and nothing larger is read", MAX_FILE / 1024 / 1024)]
    FileTooLarge,
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// Other content: says which.
    #[error("this is {0}, and only JPEG and PNG pictures can be used")]
    NotAPicture(&'static str),
    /// More pixels than are decoded.
    #[error("the picture has {width} × {height} pixels, and nothing above 4096 × 4096 is opened")]
    TooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Few enough pixels, but with too many bits each.
    #[error("the picture needs more than 64 MB of memory, and nothing above is opened")]
    TooMuchMemory,
    /// Fewer pixels than a group icon needs.
    #[error("the picture has {width} × {height} pixels, and an icon needs 192 × 192 or more")]
    TooSmall {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// It begins as a picture and does not go on as one.
    #[error("the picture is damaged or cut off")]
    Damaged,
    /// The encoder failed, or made more than may be sent.
    #[error("the picture could not be written as a JPEG")]
    NotEncoded,
}

impl PictureError {
    /// What whoever chose the picture can do now.
    pub fn next(&self) -> &'static str {
        match self {
            Self::Unreadable(io::ErrorKind::NotFound) => "check the path; tab completes it",
            Self::Unreadable(_) => "check the path and that you may read the file",
            Self::NotAFile(_) | Self::Empty => "choose a JPEG or PNG file",
            Self::NotAPicture(_) => "save it as JPEG or PNG and choose that file",
            Self::FileTooLarge | Self::TooManyPixels { .. } | Self::TooMuchMemory => {
                "make it smaller, or choose another one"
            }
            Self::TooSmall { .. } => "choose a larger one",
            Self::Damaged | Self::NotEncoded => "choose another one, or save it anew",
        }
    }
}

fn reason(kind: io::ErrorKind) -> String {
    if kind == io::ErrorKind::NotFound {
        "there is no such file".to_owned()
    } else if kind == io::ErrorKind::PermissionDenied {
        "you may not read it".to_owned()
    } else {
        kind.to_string()
    }
}

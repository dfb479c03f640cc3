//! Files of the user: pictures that are looked at, paths that are completed, codes, pictures
//! and exports that are saved. Nothing that exists is ever overwritten.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::calls::picture;
use crate::app::effect::CodeFormat;
use crate::domain::{IconFile, Picture};
use crate::{thumbnail, ui};

/// What others may do with a file before the user's own mask is applied: as with any program's files.
const SHARED: u32 = 0o666;
/// Nobody but the owner reads it.
const PRIVATE: u32 = 0o600;
/// Most files of one name; more are a sign that something runs wild.
const MOST: usize = 1_000;

/// Where files are found and saved.
#[derive(Clone, Debug)]
pub struct Folders {
    /// What `~` means, when there is such a thing.
    pub home: Option<PathBuf>,
    /// Where files are saved.
    pub downloads: PathBuf,
}

/// Looks at a file that may become an icon: what would be sent, and how it looks.
pub(super) fn look_at(
    folders: &Folders,
    text: &str,
    edge: u32,
) -> Result<Box<(IconFile, Picture)>, String> {
    let path = thumbnail::resolve(text, folders.home.as_deref());
    let said = |why: thumbnail::PictureError| format!("{why}; {}", why.next());
    let (file, looked) = thumbnail::prepare(&path).map_err(said)?;
    // What is shown is what will be seen in the group, not the file before it was cropped.
    let mut picture = picture(file.bytes(), edge).map_err(said)?;
    picture.width = looked.width;
    picture.height = looked.height;
    picture.format = match looked.format {
        thumbnail::Format::Jpeg => "JPEG",
        thumbnail::Format::Png => "PNG",
    };
    Ok(Box::new((file, picture)))
}

/// Completes a path as far as it is clear, and names what it may become.
pub(super) fn complete(folders: &Folders, text: &str) -> (String, Vec<String>) {
    let completion = thumbnail::complete(text, folders.home.as_deref());
    let mut names: Vec<String> = completion
        .candidates
        .into_iter()
        .map(|candidate| {
            if candidate.is_folder {
                format!("{}/", candidate.name)
            } else {
                candidate.name
            }
        })
        .collect();
    if names.len() == 1 {
        names.clear();
    }
    (completion.text, names)
}

/// Saves the QR code of an address; tells where.
pub(super) fn save_code(
    folder: &Path,
    address: &str,
    format: CodeFormat,
) -> Result<String, String> {
    let bytes = match format {
        CodeFormat::Png => ui::as_png(address),
        CodeFormat::Svg => ui::as_svg(address),
        CodeFormat::Text => ui::as_text(address),
    };
    let bytes = bytes.ok_or_else(|| "the link is too long for a QR code".to_owned())?;
    save_new(folder, "invite", format.extension(), &bytes)
}

/// Writes into a new file called `name.ending`, or `name-2.ending` and so on; tells where.
pub(super) fn save_new(
    folder: &Path,
    name: &str,
    ending: &str,
    bytes: &[u8],
) -> Result<String, String> {
    save(folder, name, ending, bytes, SHARED)
}

/// The same for what names people: a file that nobody but the user can read, in whatever folder.
pub(super) fn save_private(
    folder: &Path,
    name: &str,
    ending: &str,
    bytes: &[u8],
) -> Result<String, String> {
    save(folder, name, ending, bytes, PRIVATE)
}

fn save(
    folder: &Path,
    name: &str,
    ending: &str,
    bytes: &[u8],
    mode: u32,
) -> Result<String, String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    for number in 1..MOST {
        let file = if number == 1 {
            format!("{name}.{ending}")
        } else {
            format!("{name}-{number}.{ending}")
        };
        let path = folder.join(file);
        match options.open(&path) {
            Ok(mut file) => {
                let written = file.write_all(bytes).map(|()| path.display().to_string());
                return written.map_err(|why| format!("{}: {why}", path.display()));
            }
            Err(why) if why.kind() == ErrorKind::AlreadyExists => {}
            Err(why) => return Err(format!("{}: {why}", path.display())),
        }
    }
    Err(format!("{} is full of saved files", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_code_never_overwrites_another() {
        let folder = tempfile::tempdir().unwrap();
        let link = "https://chat.whatsapp.com/Dm7QkTz4hYpLw2Xc8VbN1e";
        let first = save_code(folder.path(), link, CodeFormat::Png).unwrap();
        let second = save_code(folder.path(), link, CodeFormat::Png).unwrap();
        assert_ne!(first, second);
        assert!(std::fs::read(&first).unwrap().starts_with(b"\x89PNG"));
        let missing = folder.path().join("no such folder");
        let why = save_code(&missing, link, CodeFormat::Text).unwrap_err();
        assert!(why.contains("no such folder"));
    }

    #[test]
    fn what_is_private_is_readable_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &str| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let private = save_private(folder.path(), "x", "csv", b"x").unwrap();
        assert_eq!(mode(&private), 0o600);
        let other = save_private(folder.path(), "x", "csv", b"x").unwrap();
        assert_ne!(private, other, "nothing is overwritten");
        // A picture is for others to see: the user's own mask decides.
        let shared = save_new(folder.path(), "y", "png", b"y").unwrap();
        std::fs::write(folder.path().join("z"), "z").unwrap();
        assert_eq!(
            mode(&shared),
            mode(folder.path().join("z").to_str().unwrap())
        );
    }

    #[test]
    fn what_is_no_picture_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.jpg");
        std::fs::write(&path, "not a picture").unwrap();
        let folders = Folders {
            home: None,
            downloads: folder.path().to_owned(),
        };
        let why = look_at(&folders, path.to_str().unwrap(), 64).unwrap_err();
        assert!(why.contains(';'), "{why}");
    }
}

//! Where the store is, and who may read it. Touches files but never what is inside them.
//!
//! Invariant: files and folders made here belong to the user alone (0600 and 0700), and nothing that
//! may hold the user's data is ever removed: what cannot be used is renamed.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustix::fs::FlockOperation;

use super::StoreError;
use crate::domain::Millis;

/// Letters of a profile's name that cannot stand in the name of a file as they are.
const NOT_IN_A_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// A place for the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    path: PathBuf,
    chosen: Chosen,
}

/// Who chose the place. Permissions of what is there already are mended only where we chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chosen {
    ByUs,
    ByTheUser,
}

/// Why a text names no place for the store. Never repeats the text: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Neither a state folder nor a home folder.
    #[error(
        "there is no folder for the journal, because HOME is not set; set it, or name a file with \
         `WAVEDECK_STORE=sqlite:PATH`"
    )]
    NoHome,
    /// PostgreSQL.
    #[error(
        "a store on PostgreSQL is not yet supported; use `sqlite:PATH`, or leave the setting out"
    )]
    Postgres,
    /// Another scheme, or none.
    #[error("the store must be written as `sqlite:PATH`, for example `sqlite:/srv/wavedeck.db`")]
    Scheme,
    /// `sqlite:` and nothing that could be a file.
    #[error("`sqlite:` must be followed by the path of a file")]
    NoFile,
    /// `~`, which only a shell understands.
    #[error("`~` has no meaning in the path of the store; write the whole path")]
    Tilde,
}

impl Location {
    /// The usual place for a profile: `$XDG_STATE_HOME/wavedeck/PROFILE.db`, or below
    /// `~/.local/state`, on macOS too.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn of_profile(profile: &str) -> Result<Self, LocationError> {
        let xdg = etcetera::base_strategy::Xdg::new().map_err(|_no_home| LocationError::NoHome)?;
        let state = xdg.state_dir().ok_or(LocationError::NoHome)?;
        Ok(Self::in_state_folder(&state, profile))
    }

    /// The same below a given folder.
    pub fn in_state_folder(state: &Path, profile: &str) -> Self {
        let name = utf8_percent_encode(profile, NOT_IN_A_NAME);
        Self {
            path: state.join("wavedeck").join(format!("{name}.db")),
            chosen: Chosen::ByUs,
        }
    }

    /// A file that somebody chose.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            chosen: Chosen::ByTheUser,
        }
    }

    /// Reads `WAVEDECK_STORE`: `sqlite:PATH`, also with two slashes after the colon.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let Some((scheme, rest)) = text.trim().split_once(':') else {
            return Err(LocationError::Scheme);
        };
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => {}
            "postgres" | "postgresql" => return Err(LocationError::Postgres),
            _ => return Err(LocationError::Scheme),
        }
        let path = rest.strip_prefix("//").unwrap_or(rest);
        // `:memory:` would be a journal that forgets.
        if path.is_empty() || path.starts_with(':') || path.ends_with('/') {
            Err(LocationError::NoFile)
        } else if path == "~" || path.starts_with("~/") {
            Err(LocationError::Tilde)
        } else {
            Ok(Self::file(path))
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder, and mends permissions where the place is ours. Returns the whole path:
    /// SQLite reads a relative one that starts with `file:` as something else.
    pub(super) fn prepare(&self) -> Result<PathBuf, StoreError> {
        let path =
            std::path::absolute(&self.path).map_err(|why| StoreError::file(&self.path, why))?;
        let folder = path.parent().unwrap_or(Path::new("/"));
        let failed = |source| StoreError::Folder {
            path: folder.to_owned(),
            source,
        };
        if !folder.is_dir() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)
                .map_err(failed)?;
            // So that the folder itself outlives a power cut; SQLite sees to the rest.
            if let Some(above) = folder.parent() {
                File::open(above)
                    .and_then(|above| above.sync_all())
                    .map_err(failed)?;
            }
        }
        if self.chosen == Chosen::ByUs {
            restrict(folder, 0o700).map_err(failed)?;
            for suffix in ["", COMPANIONS[0], COMPANIONS[1]] {
                restrict(&with_suffix(&path, suffix), 0o600)
                    .map_err(|why| StoreError::file(&self.path, why))?;
            }
        }
        Ok(path)
    }
}

/// Takes away what others may do; what does not exist needs nothing.
fn restrict(path: &Path, mode: u32) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            fs::set_permissions(path, Permissions::from_mode(mode))
        }
        Ok(_) => Ok(()),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(why) => Err(why),
    }
}

/// `a.db` with `.lock` is `a.db.lock`.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// What is at the place of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    File,
}

/// Looks, without opening.
pub(super) fn look(path: &Path) -> io::Result<Found> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => Ok(Found::File),
        Ok(_) => Err(io::Error::other("this is no file")),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
        Err(why) => Err(why),
    }
}

/// Makes an empty file that only the user can read; one that is there is an error.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Removes a file that was made just now and could not be filled.
pub(super) fn discard_new(path: &Path) {
    for suffix in ["", COMPANIONS[0], COMPANIONS[1]] {
        // What cannot be removed is found damaged, and said to be so, at the next start.
        let _ = fs::remove_file(with_suffix(path, suffix));
    }
}

/// Keeps other programs from looking at, setting aside or making the same store, until dropped.
/// Waits for them; the kernel ends the lock with the program that holds it.
pub(super) fn lock(path: &Path) -> io::Result<File> {
    let lock = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(with_suffix(path, ".lock"))?;
    rustix::fs::flock(&lock, FlockOperation::LockExclusive)?;
    Ok(lock)
}

/// Renames a database that cannot be used, with what belongs to it. Returns its new path.
pub(super) fn set_aside(path: &Path, now: Millis) -> io::Result<PathBuf> {
    let aside = free_name(path, now)?;
    // The log first: without its database it would be taken for that of the new one.
    for suffix in [COMPANIONS[0], COMPANIONS[1], ""] {
        move_away(&with_suffix(path, suffix), &with_suffix(&aside, suffix))?;
    }
    Ok(aside)
}

/// Renames only the log of a database. Returns its new path.
pub(super) fn set_log_aside(path: &Path, now: Millis) -> io::Result<PathBuf> {
    let aside = with_suffix(&free_name(path, now)?, COMPANIONS[0]);
    move_away(&with_suffix(path, COMPANIONS[0]), &aside)?;
    Ok(aside)
}

fn free_name(path: &Path, now: Millis) -> io::Result<PathBuf> {
    let mut millis = now.0;
    loop {
        let name = with_suffix(path, &format!(".corrupt-{millis}"));
        let log = with_suffix(&name, COMPANIONS[0]);
        if !name.try_exists()? && !log.try_exists()? {
            return Ok(name);
        }
        millis = millis.saturating_add(1);
    }
}

fn move_away(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether the write-ahead log of a database has something in it that SQLite would ignore without a
/// word, because its header is damaged. Changes that were durable would silently be gone.
///
/// Only meaningful while no program has the database open.
///
/// Source: <https://www.sqlite.org/fileformat2.html>, «The Write-Ahead Log».
pub(super) fn log_is_damaged(path: &Path) -> io::Result<bool> {
    let mut header = Vec::new();
    match File::open(with_suffix(path, COMPANIONS[0])) {
        Ok(log) => log.take(32).read_to_end(&mut header)?,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(why) => return Err(why),
    };
    Ok(!header.is_empty() && !is_sound_log_header(&header))
}

/// Whether the database ends in the middle of a page, which it never does of itself. While something
/// is in its log, the log may still hold that page.
///
/// Only meaningful while no program has the database open.
///
/// Source: <https://www.sqlite.org/fileformat2.html>, «The Database Header».
pub(super) fn is_cut(path: &Path) -> io::Result<bool> {
    let log = match fs::metadata(with_suffix(path, COMPANIONS[0])) {
        Ok(log) => log.len(),
        Err(why) if why.kind() == io::ErrorKind::NotFound => 0,
        Err(why) => return Err(why),
    };
    let mut header = [0; 18];
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if log > 0 || length < 100 {
        return Ok(false);
    }
    file.read_exact(&mut header)?;
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    Ok(page > 0 && length % page != 0)
}

fn is_sound_log_header(header: &[u8]) -> bool {
    let (words, rest) = header.as_chunks::<4>();
    let [magic, .., sum_1, sum_2] = words else {
        return false;
    };
    if words.len() != 8 || !rest.is_empty() {
        return false;
    }
    let read = match u32::from_be_bytes(*magic) {
        0x377f_0682 => u32::from_le_bytes,
        0x377f_0683 => u32::from_be_bytes,
        _ => return false,
    };
    let (mut one, mut two) = (0_u32, 0_u32);
    for pair in words.iter().take(6).collect::<Vec<_>>().chunks(2) {
        let [a, b] = pair else { return false };
        one = one.wrapping_add(read(**a)).wrapping_add(two);
        two = two.wrapping_add(read(**b)).wrapping_add(one);
    }
    (one, two) == (u32::from_be_bytes(*sum_1), u32::from_be_bytes(*sum_2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_may_have_any_name_and_stays_in_its_folder() {
        let name = |profile| {
            let location = Location::in_state_folder(Path::new("/s"), profile);
            location
                .path()
                .strip_prefix("/s/wavedeck")
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(name("work"), "work.db");
        assert_eq!(name("../../etc/passwd"), "..%2F..%2Fetc%2Fpasswd.db");
        assert_eq!(name("São Paulo"), "S%C3%A3o%20Paulo.db");
    }

    #[test]
    fn the_setting_names_a_file_or_says_what_is_wrong() {
        let parse = |text| Location::parse(text).map(|found| found.path().to_owned());
        for (text, path) in [
            ("sqlite:/srv/w.db", "/srv/w.db"),
            ("sqlite:///srv/w.db", "/srv/w.db"),
            (" SQLite:w.db ", "w.db"),
            ("sqlite://folder/w.db", "folder/w.db"),
        ] {
            assert_eq!(parse(text), Ok(PathBuf::from(path)), "{text}");
        }
        for (text, why) in [
            ("postgres://ana:s3cret@db/wavedeck", LocationError::Postgres),
            ("postgresql://db", LocationError::Postgres),
            ("mysql://ana:s3cret@db", LocationError::Scheme),
            ("/srv/w.db", LocationError::Scheme),
            ("", LocationError::Scheme),
            ("sqlite:", LocationError::NoFile),
            ("sqlite::memory:", LocationError::NoFile),
            ("sqlite:/srv/", LocationError::NoFile),
            ("sqlite:~/w.db", LocationError::Tilde),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
            assert!(!why.to_string().contains("s3cret"));
        }
    }

    #[test]
    fn a_name_that_is_taken_is_not_taken_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let mut names = Vec::new();
        for content in ["one", "two", "three"] {
            fs::write(&path, content).unwrap();
            names.push(set_aside(&path, Millis(7)).unwrap());
        }
        let read: Vec<String> = names
            .iter()
            .map(|name| fs::read_to_string(name).unwrap())
            .collect();
        assert_eq!(read, ["one", "two", "three"]);
    }
}

//! The files of a store, and who may read them. Touches files but never what is inside them.
//!
//! Invariant: files and folders made here belong to the user alone (0600 and 0700), and nothing that
//! may hold the user's data is ever removed: what cannot be used is renamed.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

use super::StoreError;
use crate::domain::Millis;

/// What SQLite keeps beside a database.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Who chose the place. Permissions of what is there already are mended only where we chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    ByUs,
    ByTheUser,
}

/// Makes the folder, and mends permissions where the place is ours. Returns the whole path: SQLite reads
/// a relative one that starts with `file:` as something else.
pub(super) fn prepare(path: &Path, chosen: Chosen) -> Result<PathBuf, StoreError> {
    let whole = std::path::absolute(path).map_err(|why| StoreError::file(path, why))?;
    let folder = whole.parent().unwrap_or(Path::new("/"));
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
    if chosen == Chosen::ByUs {
        restrict(folder, 0o700).map_err(failed)?;
        for suffix in ["", COMPANIONS[0], COMPANIONS[1]] {
            restrict(&with_suffix(&whole, suffix), 0o600)
                .map_err(|why| StoreError::file(path, why))?;
        }
    }
    Ok(whole)
}

/// Takes away what others may do; what does not exist needs nothing.
pub(super) fn restrict(path: &Path, mode: u32) -> io::Result<()> {
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

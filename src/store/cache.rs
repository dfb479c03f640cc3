//! What was known of the groups, kept for the next start: disposable, and never the truth.
//!
//! Two files for each account below `$XDG_CACHE_HOME/wavedeck`: the names, read whole before the first frame,
//! and the people of each group, read behind it. Both only grow ([`frames`]) and are written anew when half of
//! what is in them is old. Not in SQLite: that takes five to ten
//! times as long to open and read, and its pages carry no checksum, so a damaged one could show a wrong name. Invariants: nothing waits for the disk
//! to be sure, because everything here can be read again from the server; two programs append in turns, under a
//! lock; what is damaged is left out and its file renamed, never written over.

mod frames;
mod keeping;
mod names;
mod records;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use sha2::{Digest as _, Sha256};

use super::paths::{self, with_suffix};
use crate::domain::{Account, Millis, Recollection};
pub use keeping::{Memory, Rosters};

/// Of another version of the program nothing is read: it is begun anew.
const VERSION: u32 = 1;
/// Bytes of the name of an account's files.
const NAME_BYTES: usize = 12;

/// Where the groups of an account are remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// What the names of its files begin with.
    base: PathBuf,
}

impl Cache {
    /// The folder of all accounts, `$XDG_CACHE_HOME/wavedeck` or the same below `~/.cache`, on macOS too; `None`
    /// without a home folder.
    pub fn folder() -> Option<PathBuf> {
        let xdg = etcetera::base_strategy::Xdg::new().ok()?;
        Some(xdg.cache_dir().join("wavedeck"))
    }

    /// The place of an account in a folder. Its name tells neither the user nor the server.
    pub fn of(folder: &Path, account: &Account) -> Self {
        let whose = format!("{}\n{}", account.base_url, account.user_name);
        let mut name = String::new();
        for byte in Sha256::digest(whose).iter().take(NAME_BYTES) {
            // Writing into a text cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        Self {
            base: folder.join(name),
        }
    }

    /// What is remembered of the groups, without their people. What cannot be read is not remembered; that is
    /// told by [`Self::open`], when nothing waits any more.
    pub fn recall(&self) -> Recollection {
        names::recall(&self.names()).unwrap_or_default()
    }

    /// The first of them by name, where there are so many that the first frame should not wait for the rest.
    pub fn recall_first(&self) -> Option<Recollection> {
        names::recall_first(&self.names()).ok().flatten()
    }

    /// Makes ready to remember, and to read who is in the groups. A damaged file is renamed, and what is whole
    /// in it is kept.
    ///
    /// # Errors
    /// When the folder cannot be made, read or written.
    pub fn open(&self, now: Millis) -> io::Result<(Memory, Rosters)> {
        Memory::open(self, now)
    }

    /// The file of the names.
    pub fn names(&self) -> PathBuf {
        with_suffix(&self.base, ".names")
    }

    fn rosters(&self) -> PathBuf {
        with_suffix(&self.base, ".rosters")
    }

    /// How many bytes it takes.
    ///
    /// # Errors
    /// When the files cannot be looked at.
    pub fn size(&self) -> io::Result<u64> {
        let mut size = 0;
        for path in [self.names(), self.rosters()] {
            match fs::metadata(path) {
                Ok(found) => size += found.len(),
                Err(why) if why.kind() == io::ErrorKind::NotFound => {}
                Err(why) => return Err(why),
            }
        }
        Ok(size)
    }

    fn lock(&self) -> io::Result<fs::File> {
        paths::lock(&self.base)
    }
}

/// Renames a file that is damaged. Only the newest of them is kept: nothing is in it that cannot be read again.
fn set_aside(path: &Path, now: Millis) -> io::Result<PathBuf> {
    let aside = with_suffix(path, &format!(".corrupt-{}", now.0));
    let before = with_suffix(path, ".corrupt-");
    let folder = path.parent().unwrap_or(Path::new("/"));
    for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
        let found = entry.path();
        let is_older = found
            .to_string_lossy()
            .starts_with(&*before.to_string_lossy());
        if is_older {
            // One that stays is only in the way.
            let _ = fs::remove_file(found);
        }
    }
    fs::rename(path, &aside)?;
    Ok(aside)
}

#[cfg(test)]
mod tests;

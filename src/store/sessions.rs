//! Which programs have a store open. Each holds a locked file beside it for as long as it lives; the
//! kernel ends the lock with the program, however that ended. So what a program left behind when it
//! was killed can be told from what another program is doing right now.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use super::paths::{create, with_suffix};

/// Between the name of the store and the name of a session.
const MARK: &str = ".live-";
/// Length of a session's name.
const DIGITS: usize = 16;

/// This program, as one that has the store open. The file goes when it is dropped.
#[derive(Debug)]
pub(super) struct Session {
    name: String,
    path: PathBuf,
    /// Holds the lock.
    _file: File,
}

/// Whether a session has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Running,
    Over,
    /// The file cannot be asked, for example because it belongs to somebody else.
    Unclear,
}

impl Session {
    /// Begins one for the store at `path`.
    pub(super) fn begin(path: &Path) -> io::Result<Self> {
        loop {
            let name = format!("{:0DIGITS$x}", fastrand::u64(..));
            let own = with_suffix(path, &format!("{MARK}{name}"));
            match create(&own) {
                Ok(file) => {
                    rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
                    return Ok(Self {
                        name,
                        path: own,
                        _file: file,
                    });
                }
                Err(why) if why.kind() == io::ErrorKind::AlreadyExists => {}
                Err(why) => return Err(why),
            }
        }
    }

    /// Its name, which entries of the journal carry.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A file that stays is found unlocked, and removed, by the next program.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the session of that name has ended. A name that is none (a damaged record) has.
pub(super) fn life(path: &Path, name: &str) -> Life {
    if name.len() != DIGITS || !name.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Life::Over;
    }
    life_of(&with_suffix(path, &format!("{MARK}{name}")))
}

fn life_of(own: &Path) -> Life {
    let file = match OpenOptions::new().read(true).open(own) {
        Ok(file) => file,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Life::Over,
        Err(_) => return Life::Unclear,
    };
    // Shared, so that two programs that ask at once do not take each other for the session.
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => Life::Over,
        Err(Errno::WOULDBLOCK) => Life::Running,
        Err(_) => Life::Unclear,
    }
}

/// Whether any program may have the store open. Files of sessions that are over are removed.
///
/// Only under the lock of the store, because a session that just begins has no lock yet.
pub(super) fn any_running(path: &Path) -> io::Result<bool> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(false);
    };
    let start = format!("{}{MARK}", name.to_string_lossy());
    let mut running = false;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(&start) {
            continue;
        }
        match life_of(&entry.path()) {
            Life::Over => {
                let _ = fs::remove_file(entry.path());
            }
            Life::Running | Life::Unclear => running = true,
        }
    }
    Ok(running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_runs_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("w.db");
        let session = Session::begin(&store).unwrap();
        let name = session.name().to_owned();
        assert_eq!(life(&store, &name), Life::Running);
        assert!(any_running(&store).unwrap());
        drop(session);
        assert_eq!(life(&store, &name), Life::Over);
        assert!(!any_running(&store).unwrap());
    }

    #[test]
    fn a_file_without_its_program_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("w.db");
        let left = with_suffix(&store, ".live-00000000000000aa");
        fs::write(&left, "").unwrap();
        assert_eq!(life(&store, "00000000000000aa"), Life::Over);
        assert!(!any_running(&store).unwrap());
        assert!(!left.exists());
    }

    #[test]
    fn a_damaged_name_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(life(&folder.path().join("w.db"), "../../x"), Life::Over);
    }
}

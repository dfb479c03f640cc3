//! Which programs have a store in a file open. Each holds a locked file beside it for as long as it lives; the
//! kernel ends the lock with the program, however that ended. So what a program left behind when it
//! was killed can be told from what another program is doing right now.
//!
//! Whoever wrote something that others wait for writes a byte to its own file after the commit. The log of
//! the database would tell too early: it is written before readers are let see what stands in it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use super::paths::{create, with_suffix};

/// Between the name of the store and the name of a session.
pub(super) const MARK: &str = ".live-";
/// Length of a session's name.
const DIGITS: usize = 16;

/// This program, as one that has the store open. The file goes when it is dropped.
#[derive(Debug)]
pub(super) struct Session {
    name: String,
    path: PathBuf,
    /// Holds the lock.
    file: Arc<File>,
}

/// What a program rings when it wrote something that others wait for: its own file.
#[derive(Clone, Debug)]
pub(super) struct Bell(Arc<File>);

impl Bell {
    /// Rings. What nobody hears is found when they look the next time.
    pub(super) fn ring(&self) {
        let _ = self.0.write_all_at(b"\n", 0);
    }
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
            let name = new_name();
            let own = with_suffix(path, &format!("{MARK}{name}"));
            match create(&own) {
                Ok(file) => {
                    rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
                    let session = Self {
                        name,
                        path: own,
                        file: Arc::new(file),
                    };
                    // Others look again, as they must after a program that could not ring; and there is
                    // room for a byte from now on, however full the disk gets.
                    session.bell().ring();
                    return Ok(session);
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

    /// To tell others.
    pub(super) fn bell(&self) -> Bell {
        Bell(self.file.clone())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A file that stays is found unlocked, and removed, by the next program.
        let _ = fs::remove_file(&self.path);
    }
}

/// A name nobody has.
pub(super) fn new_name() -> String {
    format!("{:0DIGITS$x}", fastrand::u64(..))
}

/// What a name stands for; `None` for what is no name of a session.
pub(super) fn bits(name: &str) -> Option<u64> {
    let is_name = name.len() == DIGITS && name.bytes().all(|b| b.is_ascii_hexdigit());
    is_name
        .then(|| u64::from_str_radix(name, 16).ok())
        .flatten()
}

/// Whether the session of that name has ended. A name that is none (a damaged record) has.
pub(super) fn life(path: &Path, name: &str) -> Life {
    if bits(name).is_none() {
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

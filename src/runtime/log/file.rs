//! The file of the log: private, never longer than it may be, with two older ones beside it.
//!
//! Invariant: several programs may write the same file, each line whole, and a file that another
//! program put aside is left. The first failure is the last attempt.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

/// How many older files are kept.
const OLDER: usize = 2;

/// A file that gives way to a new one when it is full.
pub(super) struct Rotating {
    path: PathBuf,
    most: u64,
    /// `None` once something failed.
    file: Option<File>,
}

impl Rotating {
    /// Opens or makes the file, and its folder.
    pub(super) fn open(path: &Path, most: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
        }
        Ok(Self {
            path: path.to_owned(),
            most,
            file: Some(open(path)?),
        })
    }

    /// Adds a line, or gives up for good. Whether it was not given up.
    pub(super) fn write(&mut self, line: &str) -> bool {
        if let Some(file) = self.file.take() {
            self.file = self.try_write(file, line).ok();
        }
        self.file.is_some()
    }

    fn try_write(&self, mut file: File, line: &str) -> io::Result<File> {
        if !is_at(&file, &self.path)? {
            file = open(&self.path)?;
        }
        let found = file.metadata()?;
        if found.is_file() && found.len() + line.len() as u64 > self.most {
            file = self.rotate(&file)?;
        }
        // In one piece, so that two programs never mix their lines.
        file.write_all(line.as_bytes())?;
        Ok(file)
    }

    /// Puts the full file aside, unless another program did it meanwhile. Returns the one to write now.
    fn rotate(&self, full: &File) -> io::Result<File> {
        rustix::fs::flock(full, FlockOperation::LockExclusive)?;
        if is_at(full, &self.path)? {
            for number in (1..OLDER).rev() {
                let from = self.older(number);
                if from.exists() {
                    fs::rename(from, self.older(number + 1))?;
                }
            }
            fs::rename(&self.path, self.older(1))?;
        }
        open(&self.path)
    }

    fn older(&self, number: usize) -> PathBuf {
        let mut name = OsString::from(&self.path);
        name.push(format!(".{number}"));
        name.into()
    }
}

fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    let found = file.metadata()?;
    if found.is_file() && found.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// Whether this file is still the one at the path.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let ours = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (ours.dev(), ours.ino())),
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn q30_the_log_is_private_and_three_files_at_most() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/wavedeck/wavedeck.log");
        let mut log = Rotating::open(&path, 100).unwrap();
        let lines: Vec<String> = (0..40).map(|n| format!("line {n:14}\n")).collect();
        for line in &lines {
            log.write(line);
        }
        let folder = path.parent().unwrap();
        assert_eq!((mode(folder), mode(&path)), (0o700, 0o600));
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["wavedeck.log", "wavedeck.log.1", "wavedeck.log.2"]);
        let texts = [2, 1].map(|number| fs::read_to_string(log.older(number)).unwrap());
        let kept = texts.concat() + &fs::read_to_string(&path).unwrap();
        assert_eq!(kept, lines[25..].concat());
        assert!(texts.iter().all(|text| text.len() == 100));
    }

    #[test]
    fn two_programs_share_a_log_and_lose_no_line_to_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wavedeck.log");
        let mut one = Rotating::open(&path, 50).unwrap();
        let mut other = Rotating::open(&path, 50).unwrap();
        for number in 0..3 {
            one.write(&format!("one      {number:10}\n"));
            other.write(&format!("other    {number:10}\n"));
        }
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        assert_eq!(read(&path).lines().count(), 2);
        assert_eq!(read(&one.older(1)).lines().count(), 2);
        assert_eq!(read(&one.older(2)).lines().count(), 2);
        fs::remove_file(&path).unwrap();
        one.write("again\n");
        assert_eq!(read(&path), "again\n", "somebody removed it");
    }

    #[test]
    fn a_log_that_others_could_read_is_closed_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wavedeck.log");
        fs::write(&path, "old\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        drop(Rotating::open(&path, 50).unwrap());
        assert_eq!(mode(&path), 0o600);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_log_that_cannot_be_written_switches_itself_off_once() {
        let mut log = Rotating::open(Path::new("/dev/full"), 50).unwrap();
        assert!(log.file.is_some());
        assert!(!log.write("one\n"));
        assert!(log.file.is_none());
        assert!(!log.write("two\n"));
        assert!(Rotating::open(Path::new("/proc/wavedeck.log"), 50).is_err());
    }
}

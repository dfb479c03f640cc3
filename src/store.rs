//! What must outlive the program: the journal of changes, the drafts of messages, and what was received.
//!
//! Imports the domain only: values in, values out; it decides nothing about changes. Invariants: what
//! [`Store::begin`] returned for is on the disk; a store is never silently begun anew in place of one
//! that was there; no credentials get here, because no type that comes in can carry them.

mod drafts;
mod export;
mod journal;
mod paths;
mod received;
mod schema;
mod sessions;
mod settings;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use sqlx::sqlite::SqlitePool;

use crate::domain::Millis;
use crate::domain::journal::EntryId;
use paths::Found;
pub use paths::{Location, LocationError};
pub use received::{Pruned, Received, Retention};
use sessions::Session;
use settings::Inspected;

/// A future with its type put away. Where a transaction or a connection is borrowed across an await, the
/// compiler cannot see that a plain one may go to another thread (rust-lang/rust#102211).
type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// An open store. Clones share it; it is closed when the last one goes.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
    session: Session,
}

/// How a store was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Whether there was one.
    pub start: Start,
}

/// What there was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing: this is a new one.
    New,
    /// A whole one, possibly of an older version that was brought up to date.
    Existing,
    /// A damaged one, which was renamed; a new one was begun.
    SetAside(PathBuf),
    /// A whole one, but what was written last was damaged and was renamed.
    LastPartSetAside(PathBuf),
}

impl Opened {
    /// The file that was renamed because it was damaged, if one was.
    pub fn set_aside(&self) -> Option<&Path> {
        match &self.start {
            Start::New | Start::Existing => None,
            Start::SetAside(path) | Start::LastPartSetAside(path) => Some(path),
        }
    }

    /// What the user has to be told, if anything.
    pub fn notice(&self) -> Option<String> {
        match &self.start {
            Start::New | Start::Existing => None,
            Start::SetAside(path) => Some(format!(
                "the journal was damaged and a new one was begun; what was under way is not known, \
                 look at your groups before you repeat anything; the old file is kept: `{}`",
                path.display()
            )),
            Start::LastPartSetAside(path) => Some(format!(
                "the last part of the journal was damaged; what was done last is not known, look at \
                 your groups before you repeat anything; that part is kept: `{}`",
                path.display()
            )),
        }
    }
}

/// Why the store could not do something. Without a store changes must not be made; reading from the
/// API needs none.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or restricted.
    #[error(
        "the folder of the journal cannot be used: {source}: `{path}`; mend it, or set \
         WAVEDECK_STORE to another place"
    )]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be made, looked at or renamed.
    #[error(
        "the journal cannot be used: {source}: `{path}`; mend it, or set WAVEDECK_STORE to another \
         place"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database cannot be opened.
    #[error(
        "the journal cannot be opened: {source}: `{path}`; mend it, or set WAVEDECK_STORE to \
         another place"
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// Written by a newer version of this program.
    #[error(
        "the journal was written by a newer wavedeck (schema {found}, this one knows {known}) and \
         was left as it is: `{path}`; update wavedeck, or set WAVEDECK_STORE to another place"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The latest version known here.
        known: i64,
    },
    /// A database, but not one of ours.
    #[error(
        "this is the database of another program and was left as it is: `{path}`; set \
         WAVEDECK_STORE to another place"
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Damaged, and another wavedeck has it open, so that it cannot be set aside.
    #[error(
        "the journal is damaged and another wavedeck has it open: `{path}`; close that one, then \
         start this one again"
    )]
    DamagedInUse {
        /// The file.
        path: PathBuf,
    },
    /// Damage was met while it was open.
    #[error(
        "the journal is damaged; start wavedeck again, then it is set aside and a new one begun"
    )]
    Damaged,
    /// The disk is full.
    #[error("there is no space left for the journal; free some, then try again")]
    Full,
    /// The file may not be written.
    #[error(
        "the journal cannot be written, only read; mend the permissions of its file and folder"
    )]
    ReadOnly,
    /// Another program keeps it for itself.
    #[error("the journal is in use by another program; close that one, or try again")]
    Busy,
    /// The disk or its file system failed.
    #[error("the disk failed under the journal: {0}; check the disk, then try again")]
    Disk(sqlx::Error),
    /// There is no such entry.
    #[error("the journal has no entry {id}; nothing was noted", id = .0.0)]
    NoSuchEntry(EntryId),
    /// The entry ended otherwise already.
    #[error("entry {id} of the journal has another end already, which was kept", id = .0.0)]
    AlreadySettled(EntryId),
    /// Something else the database said.
    #[error("the journal failed: {0}; try again")]
    Database(sqlx::Error),
    /// An export could not be written as text.
    #[error("the journal cannot be exported: {0}")]
    Export(String),
}

impl StoreError {
    fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// Sorts what the database says by what can be done about it.
    ///
    /// Source: <https://www.sqlite.org/rescode.html>, primary codes in the lower eight bits.
    fn of(why: sqlx::Error) -> Self {
        if matches!(why, sqlx::Error::PoolTimedOut) {
            return Self::Busy;
        }
        let code = why
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<u32>().ok())
            .map(|code| code & 0xff);
        match code {
            // BUSY, LOCKED
            Some(5 | 6) => Self::Busy,
            // PERM, READONLY
            Some(3 | 8) => Self::ReadOnly,
            // IOERR
            Some(10) => Self::Disk(why),
            // CORRUPT, NOTADB. Its own words are dropped: they may quote the damaged bytes.
            Some(11 | 26) => Self::Damaged,
            // FULL
            Some(13) => Self::Full,
            Some(_) | None => Self::Database(why),
        }
    }

    /// The same, with the file where the words of the database alone say too little.
    fn opening(path: &Path, why: sqlx::Error) -> Self {
        let why = Self::of(why);
        if let Self::Database(source) = why {
            let path = path.to_owned();
            return Self::Open { path, source };
        }
        why
    }
}

impl Store {
    /// Opens the store at a place, or makes one. What is damaged is renamed and told in [`Opened`].
    ///
    /// # Errors
    /// When there can be no store here: the text says why and what to do.
    pub async fn open(location: Location, now: Millis) -> Result<(Self, Opened), StoreError> {
        let path = location.prepare()?;
        let failed = |why| StoreError::file(&path, why);
        // Until the end of this function.
        let _lock = lock(&path).await.map_err(failed)?;
        let mut start = Start::Existing;
        let version = match paths::look(&path).map_err(failed)? {
            Found::Nothing => {
                start = Start::New;
                0
            }
            Found::File => {
                let shared = sessions::any_running(&path).map_err(failed)?;
                if !shared && paths::log_is_damaged(&path).map_err(failed)? {
                    let aside = paths::set_log_aside(&path, now).map_err(failed)?;
                    start = Start::LastPartSetAside(aside);
                }
                let is_cut = !shared && paths::is_cut(&path).map_err(failed)?;
                match settings::inspect(&path).await? {
                    Inspected::Sound { .. } if is_cut => {
                        start = Start::SetAside(paths::set_aside(&path, now).map_err(failed)?);
                        0
                    }
                    Inspected::Sound { version } => version,
                    Inspected::Damaged if shared => {
                        return Err(StoreError::DamagedInUse { path });
                    }
                    Inspected::Damaged => {
                        start = Start::SetAside(paths::set_aside(&path, now).map_err(failed)?);
                        0
                    }
                }
            }
        };
        let is_new = version == 0;
        if is_new {
            paths::create(&path).map_err(failed)?;
        }
        match Self::connect(&path, version).await {
            Ok(store) => Ok((store, Opened { start })),
            Err(why) => {
                if is_new {
                    paths::discard_new(&path);
                }
                Err(why)
            }
        }
    }

    async fn connect(path: &Path, version: i64) -> Result<Self, StoreError> {
        let session = Session::begin(path).map_err(|why| StoreError::file(path, why))?;
        let failed = |why| StoreError::opening(path, why);
        let writer = settings::open_writer(path).await.map_err(failed)?;
        schema::migrate(&writer, version).await.map_err(failed)?;
        if version == 0 {
            // From here on a file without tables is one that something emptied.
            settings::empty_log(&writer).await.map_err(failed)?;
        }
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            readers: settings::open_readers(path),
            writer,
            session,
        })))
    }

    /// Closes all connections, so that nothing is left in the log. Clones cannot be used any more.
    pub async fn close(&self) {
        self.0.readers.close().await;
        self.0.writer.close().await;
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    fn writer(&self) -> &SqlitePool {
        &self.0.writer
    }

    fn readers(&self) -> &SqlitePool {
        &self.0.readers
    }

    fn session(&self) -> &str {
        self.0.session.name()
    }
}

/// Waits for the lock of the store without keeping the other tasks waiting.
async fn lock(path: &Path) -> io::Result<File> {
    let path = path.to_owned();
    tokio::task::spawn_blocking(move || paths::lock(&path))
        .await
        .map_err(io::Error::other)?
}

#[cfg(test)]
mod tests;

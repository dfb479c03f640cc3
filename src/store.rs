//! What must outlive the program: the journal of changes, the drafts of messages, and what was received.
//!
//! Imports the domain only: values in, values out; it decides nothing about changes. Invariants: what
//! [`Store::begin`] returned for is on the disk; a store is never silently begun anew in place of one
//! that was there; no credentials get here, because no type that comes in can carry them.

mod cache;
mod drafts;
mod error;
mod export;
mod journal;
mod keeper;
mod location;
mod paths;
mod postgres;
mod query;
mod received;
mod schema;
mod sessions;
mod settings;
mod watch;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use crate::domain::Millis;
pub use cache::{Cache, Memory, Rosters};
pub use error::StoreError;
use keeper::Keeper;
use location::{Kind, Server};
pub use location::{Location, LocationError};
use paths::{Chosen, Found};
use query::Pool;
pub use received::{Pruned, Received, Retention};
use sessions::{Life, Session};
use settings::Inspected;
pub use watch::Watch;

/// A future with its type put away. Where a transaction or a connection is borrowed across an await, the
/// compiler cannot see that a plain one may go to another thread (rust-lang/rust#102211).
type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// An open store. Clones share it; it is closed when the last one goes.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    writer: Pool,
    readers: Pool,
    home: Home,
}

/// Where it is, and this program as one that has it open.
#[derive(Debug)]
enum Home {
    File { path: PathBuf, session: Session },
    Server(Keeper),
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

impl Store {
    /// Opens the store at a place, or makes one. A file that is damaged is renamed, which is told in
    /// [`Opened`].
    ///
    /// # Errors
    /// When there can be no store here: the text says why and what to do.
    pub async fn open(location: Location, now: Millis) -> Result<(Self, Opened), StoreError> {
        match location.0 {
            Kind::File { path, chosen } => Self::open_file(&path, chosen, now).await,
            Kind::Server(server) => Self::open_server(&server).await,
        }
    }

    async fn open_server(server: &Server) -> Result<(Self, Opened), StoreError> {
        let (pool, start) = postgres::open(server).await?;
        let keeper = match Keeper::begin(server).await {
            Ok(keeper) => keeper,
            Err(why) => {
                postgres::close(&pool).await;
                return Err(why);
            }
        };
        let store = Self(Arc::new(Inner {
            writer: Pool::Postgres(pool.clone()),
            readers: Pool::Postgres(pool),
            home: Home::Server(keeper),
        }));
        Ok((store, Opened { start }))
    }

    async fn open_file(
        path: &Path,
        chosen: Chosen,
        now: Millis,
    ) -> Result<(Self, Opened), StoreError> {
        let path = paths::prepare(path, chosen)?;
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
        let pool = settings::open_writer(path).await.map_err(failed)?;
        let writer = Pool::Sqlite(pool.clone(), Some(session.bell()));
        if version < schema::VERSION {
            let migrated = migrate(&writer, version).await;
            migrated.map_err(failed)?;
        }
        if version == 0 {
            // From here on a file without tables is one that something emptied.
            settings::empty_log(&pool).await.map_err(failed)?;
        }
        let path = path.to_owned();
        Ok(Self(Arc::new(Inner {
            readers: Pool::Sqlite(settings::open_readers(&path), None),
            writer,
            home: Home::File { path, session },
        })))
    }

    /// Closes all connections, so that nothing is left in the log. Clones cannot be used any more.
    pub async fn close(&self) {
        self.0.readers.close().await;
        self.0.writer.close().await;
        match &self.0.home {
            Home::File { .. } => {}
            Home::Server(keeper) => keeper.end().await,
        }
    }

    /// Begins to notice that something was written, by this program or another one.
    ///
    /// # Errors
    /// When the folder of the file cannot be watched.
    pub async fn watch(&self) -> Result<Watch, StoreError> {
        match &self.0.home {
            Home::File { path, .. } => Watch::of_file(path).await,
            Home::Server(keeper) => Ok(Watch::of_server(keeper.changes())),
        }
    }

    fn writer(&self) -> &Pool {
        &self.0.writer
    }

    fn readers(&self) -> &Pool {
        &self.0.readers
    }

    fn session(&self) -> &str {
        match &self.0.home {
            Home::File { session, .. } => session.name(),
            Home::Server(keeper) => keeper.name(),
        }
    }

    /// Whether another program still has the store open.
    async fn life(&self, session: &str) -> Result<Life, sqlx::Error> {
        match &self.0.home {
            Home::File { path, .. } => Ok(sessions::life(path, session)),
            Home::Server(_) => keeper::life(self.readers(), session).await,
        }
    }
}

fn migrate(pool: &Pool, from: i64) -> BoxFuture<'_, Result<(), sqlx::Error>> {
    Box::pin(async move {
        let mut transaction = pool.begin().await?;
        schema::migrate(&mut transaction, from).await?;
        transaction.commit().await
    })
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

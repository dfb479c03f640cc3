//! Tests of the store on real files in folders that vanish, and on a real PostgreSQL where there is one.

/// Makes of each function two tests, one for each database.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(super::Site::file()).await;
                }
            )+
        }

        mod on_postgresql {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    if let Some(site) = super::Site::server() {
                        super::$name(site).await;
                    }
                }
            )+
        }
    };
}

#[path = "../../tests/support/postgres.rs"]
mod database;

mod damage;
mod exports;
mod journal;
mod opening;
mod received;
mod server;
mod tls;
mod watching;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqlitePool;
use tempfile::TempDir;

use super::*;
use crate::domain::journal::{Before, ChangeKind, Entry, EntryQuery, Intent, Whose};
use crate::domain::{GroupId, KeptDraft, WaId};
use database::Database;

const NOW: Millis = Millis(1_750_000_000_000);

fn wa(text: &str) -> WaId {
    WaId::from_api(text).unwrap()
}

fn group(text: &str) -> GroupId {
    GroupId::new(text).unwrap()
}

/// A draft that is nothing but a text.
fn draft(text: &str) -> KeptDraft {
    KeptDraft {
        text: text.into(),
        ..KeptDraft::default()
    }
}

fn rename(name: &str, after: &str) -> Intent {
    Intent {
        account: "ana@api-messaging.wavy.global".into(),
        group: Some(group("5519900000000-1513616971")),
        group_name: name.into(),
        kind: ChangeKind::Rename,
        people: Vec::new(),
        before: Before::Subject(name.into()),
        after: after.into(),
        correlation: None,
    }
}

/// Where a test has its store.
enum Site {
    File(TempDir),
    Server(Database),
}

impl Site {
    fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    fn server() -> Option<Self> {
        database::database().map(Self::Server)
    }

    /// An empty one of the same kind.
    fn another(&self) -> Self {
        match self {
            Self::File(_) => Self::file(),
            Self::Server(_) => Self::server().unwrap(),
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::File(folder) => Location::file(folder.path().join("w.db")),
            Self::Server(_) => Location::parse(&self.url()).unwrap(),
        }
    }

    /// Of the database.
    fn url(&self) -> String {
        match self {
            Self::File(_) => panic!("a file"),
            Self::Server(database) => database.url(),
        }
    }

    async fn open(&self) -> (Store, Opened) {
        Store::open(self.location(), NOW).await.unwrap()
    }

    /// Connections beside those of any store.
    fn beside(&self) -> Pool {
        match self.location().0 {
            Kind::File { path, .. } => Pool::Sqlite(settings::open_readers(&path), None),
            Kind::Server(server) => Pool::Postgres(postgres::pool(&server, 1)),
        }
    }

    /// Drops a store as the end of its program does, and waits until others can know.
    async fn end(&self, store: Store) {
        let session = store.session().to_owned();
        drop(store);
        if let Self::Server(_) = self {
            let pool = self.beside();
            until(async || keeper::life(&pool, &session).await.unwrap() == Life::Over).await;
        }
    }
}

/// Waits for something to be so.
async fn until(is_so: impl AsyncFn() -> bool) {
    let asked = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), asked).await;
    waited.expect("in time");
}

fn sqlite(store: &Store) -> &SqlitePool {
    match store.writer() {
        Pool::Sqlite(pool, _) => pool,
        Pool::Postgres(_) => panic!("on a server"),
    }
}

async fn open(path: &Path) -> (Store, Opened) {
    Store::open(Location::file(path), NOW).await.unwrap()
}

async fn fails(text: &str) -> StoreError {
    let location = Location::parse(text).unwrap();
    let opened = Store::open(location, NOW).await;
    opened.map(|(_, opened)| opened).unwrap_err()
}

async fn refused(path: &Path) -> StoreError {
    let opened = Store::open(Location::file(path), NOW).await;
    opened.map(|(_, opened)| opened).unwrap_err()
}

fn all() -> EntryQuery {
    found("")
}

fn found(words: &str) -> EntryQuery {
    EntryQuery {
        whose: Whose::Everyone,
        words: words.into(),
        before: None,
        limit: 10_000,
    }
}

async fn ids(store: &Store) -> Vec<i64> {
    let entries: Vec<Entry> = store.entries(&all()).await.unwrap();
    entries.iter().map(|entry| entry.id.0).collect()
}

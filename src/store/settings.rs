//! How SQLite is opened: with which settings, and after which look at what is there. The only place
//! that says anything PostgreSQL would not understand; `postgres.rs` is its counterpart.
//!
//! - Write-ahead log with full synchronisation: what was committed survives a power cut. `fullfsync`
//!   asks the same of macOS, whose plain `fsync` does not reach the disk; elsewhere it does nothing.
//! - One connection writes, others read: reading goes on while a change is written.
//! - Nobody waits longer than [`PATIENCE`] for another program.
//!
//! Records carry no checksum of ours. SQLite checks the frames of its log, so a write that was torn is
//! dropped whole, and its integrity check finds damage to the structure of the file. Text that was
//! altered inside a record by a failing disk is not found, unless it cannot be read at all.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::{BoxFuture, StoreError, schema};

/// How long a statement waits for another program that is writing.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a caller waits for its turn on a connection.
const QUEUE: Duration = Duration::from_secs(15);
/// Most connections that read.
const READERS: u32 = 2;

/// What an existing file turned out to be.
#[derive(Debug)]
pub(super) enum Inspected {
    /// A store of this version, whole.
    Sound { version: i64 },
    /// Damaged: it is no database any more, or one whose parts do not fit each other.
    Damaged,
}

fn plain(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .busy_timeout(PATIENCE)
        .foreign_keys(false)
        .disable_statement_logging()
}

/// Looks at an existing file without changing what is in it.
///
/// # Errors
/// When it is of a newer version, belongs to another program, or cannot be opened.
pub(super) async fn inspect(path: &Path) -> Result<Inspected, StoreError> {
    let mut connection = match plain(path).connect().await {
        Ok(connection) => connection,
        Err(why) => return damaged_or(path, why),
    };
    let found = inspect_connection(path, &mut connection).await;
    // A database that is damaged may fail to close in order too.
    let _ = connection.close().await;
    found
}

fn inspect_connection<'c>(
    path: &'c Path,
    connection: &'c mut SqliteConnection,
) -> BoxFuture<'c, Result<Inspected, StoreError>> {
    Box::pin(look_into(path, connection))
}

async fn look_into(
    path: &Path,
    connection: &mut SqliteConnection,
) -> Result<Inspected, StoreError> {
    let tables = sqlx::query("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&mut *connection)
        .await;
    let tables = match tables {
        Ok(rows) => rows,
        Err(why) => return damaged_or(path, why),
    };
    let mut definitions: Vec<String> = Vec::new();
    let mut is_ours = false;
    for row in &tables {
        let (Ok(name), Ok(definition)) = (row.try_get::<String, _>(0), row.try_get(1)) else {
            return Ok(Inspected::Damaged);
        };
        is_ours |= name == "schema_version";
        definitions.push(definition);
    }
    if definitions.is_empty() {
        // We never leave a file without tables: something emptied it.
        return Ok(Inspected::Damaged);
    }
    if !is_ours {
        return Err(StoreError::NotOurs {
            place: path.display().to_string(),
        });
    }
    let versions = sqlx::query_scalar("SELECT version FROM schema_version")
        .fetch_all(&mut *connection)
        .await;
    let version: i64 = match versions {
        Ok(versions) => match versions.as_slice() {
            [version] => *version,
            _ => return Ok(Inspected::Damaged),
        },
        Err(why) => return damaged_or(path, why),
    };
    if version > schema::VERSION {
        return Err(StoreError::Newer {
            place: path.display().to_string(),
            found: version,
            known: schema::VERSION,
        });
    }
    // Letter by letter; tables that somebody added are none of our business.
    if schema::tables(version).any(|table| !definitions.iter().any(|found| found == table)) {
        return Ok(Inspected::Damaged);
    }
    let check = sqlx::query_scalar::<_, String>("PRAGMA integrity_check(1)")
        .fetch_all(&mut *connection)
        .await;
    match check {
        Ok(lines) if lines == ["ok".to_owned()] => Ok(Inspected::Sound { version }),
        Ok(_) => Ok(Inspected::Damaged),
        Err(why) => damaged_or(path, why),
    }
}

/// Damage is a finding, everything else an error.
fn damaged_or(path: &Path, why: sqlx::Error) -> Result<Inspected, StoreError> {
    // A value of another type than was ever put there.
    let is_odd = matches!(why, sqlx::Error::ColumnDecode { .. });
    // «Error», said about statements that cannot be wrong: it is the file.
    let is_plain_error = why
        .as_database_error()
        .is_some_and(|said| said.code().as_deref() == Some("1"));
    let why = StoreError::opening(path, why);
    if is_odd || is_plain_error || matches!(why, StoreError::Damaged) {
        Ok(Inspected::Damaged)
    } else {
        Err(why)
    }
}

/// The connection that writes.
///
/// # Errors
/// When the file cannot be opened for writing.
pub(super) async fn open_writer(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    let options = plain(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("fullfsync", "1")
        .pragma("checkpoint_fullfsync", "1");
    pool(1).connect_with(options).await
}

/// The connections that read, made when they are needed.
pub(super) fn open_readers(path: &Path) -> SqlitePool {
    pool(READERS).connect_lazy_with(plain(path).read_only(true))
}

/// Without time limits on idle connections, so that an idle program has no timer.
fn pool(most: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(most)
        .acquire_timeout(QUEUE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Moves everything from the log into the file itself.
///
/// # Errors
/// When the disk refuses.
pub(super) async fn empty_log(writer: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_all(writer)
        .await
        .map(drop)
}

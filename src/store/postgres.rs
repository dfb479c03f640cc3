//! How a database of a PostgreSQL server is opened: with which settings, and after which look at what is
//! there. The only place, beside locks and announcements, that says anything SQLite would not understand.
//!
//! - A commit is on the server's disk when it returns, whatever the server's usual setting is.
//! - Nobody waits longer than [`CONNECT`] for a connection, nor the server longer than a minute for a
//!   program that vanished.
//! - Tables are made and changed under a lock, in one transaction: of programs that start at once one does
//!   it and the others find it done. What is damaged or not ours is left as it is; a server has its own
//!   ways to bring data back.
//!
//! Locks and announcements belong to a connection, so a pooler between must keep connections apart
//! (pgbouncer: `session`).

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};

use super::location::Server;
use super::query::{Pool, Transaction, Turn, in_time, query};
use super::{BoxFuture, Start, StoreError, schema};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// Connections that nobody used for so long are closed.
const IDLE: Duration = Duration::from_secs(120);
/// Most connections of one program, beside the one of its session.
const CONNECTIONS: u32 = 4;

/// Said on each new connection. The server forgets a program that vanished, with its locks, within a minute.
const SETTINGS: &str = "SET tcp_keepalives_idle = 30;
SET tcp_keepalives_interval = 10;
SET tcp_keepalives_count = 3;
SET idle_in_transaction_session_timeout = '30s';
SET lock_timeout = '10s';
SET statement_timeout = '15s';
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off'";

/// Connects, and brings the tables up to date.
///
/// # Errors
/// When there can be no store there: the text says why and what to do.
pub(super) async fn open(server: &Server) -> Result<(PgPool, Start), StoreError> {
    // A pool would try again in silence for as long as it may, and then know no reason.
    let first = tokio::time::timeout(CONNECT, options(server).connect()).await;
    let first = first.unwrap_or_else(|_late| Err(late()));
    let first = first.map_err(|why| StoreError::connecting(server, why))?;
    // The pool makes its own.
    let _ = first.close().await;
    let pool = pool(server, CONNECTIONS);
    match prepare(server, &Pool::Postgres(pool.clone())).await {
        Ok(start) => Ok((pool, start)),
        Err(why) => {
            pool.close().await;
            Err(why)
        }
    }
}

/// Connections that are made when they are needed.
pub(super) fn pool(server: &Server, most: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(CONNECT)
        .idle_timeout(IDLE)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(SETTINGS).await.map(drop) })
        })
        .connect_lazy_with(options(server))
}

fn options(server: &Server) -> PgConnectOptions {
    server.options().clone().disable_statement_logging()
}

fn late() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"))
}

fn prepare<'p>(server: &'p Server, pool: &'p Pool) -> BoxFuture<'p, Result<Start, StoreError>> {
    Box::pin(async move {
        let mut transaction = pool.begin().await.map_err(StoreError::of)?;
        let turn = transaction.take(Turn::Schema).await;
        turn.map_err(StoreError::of)?;
        let version = version(server, &mut transaction).await?;
        if version < schema::VERSION {
            let migrated = schema::migrate(&mut transaction, version).await;
            migrated.map_err(StoreError::of)?;
        }
        transaction.commit().await.map_err(StoreError::of)?;
        Ok(if version == 0 {
            Start::New
        } else {
            Start::Existing
        })
    })
}

/// The version of the tables that are there; 0 when there are none of ours.
async fn version(server: &Server, transaction: &mut Transaction) -> Result<i64, StoreError> {
    let rows = query(
        "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
         WHERE table_schema = current_schema()",
    )
    .fetch_all(&mut *transaction)
    .await
    .map_err(StoreError::of)?;
    let found: BTreeSet<String> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
    let place = || server.to_string();
    if !found.contains(schema::VERSION_TABLE) {
        // Tables of others may stand beside ours, but not in their place.
        return if schema::names(schema::VERSION).any(|name| found.contains(name)) {
            Err(StoreError::NotOurs { place: place() })
        } else {
            Ok(0)
        };
    }
    let versions = query("SELECT version FROM schema_version")
        .fetch_all(transaction)
        .await;
    let versions = versions.map_err(|why| match why.as_database_error() {
        // undefined_column
        Some(said) if said.code().as_deref() == Some("42703") => {
            StoreError::NotOurs { place: place() }
        }
        Some(_) | None => StoreError::of(why),
    })?;
    let [row] = versions.as_slice() else {
        return Err(StoreError::Incomplete { place: place() });
    };
    let version = row.try_get(0);
    let version: i64 = version.map_err(|_other_type| StoreError::NotOurs { place: place() })?;
    if version > schema::VERSION {
        return Err(StoreError::Newer {
            place: place(),
            found: version,
            known: schema::VERSION,
        });
    }
    if version < 1 || schema::names(version).any(|name| !found.contains(name)) {
        return Err(StoreError::Incomplete { place: place() });
    }
    Ok(version)
}

/// Closes the connections, but waits for nothing that does not come.
pub(super) async fn close(pool: &PgPool) {
    // What does not close in order is closed by the end of the program.
    let _ = in_time(async {
        pool.close().await;
        Ok(())
    })
    .await;
}

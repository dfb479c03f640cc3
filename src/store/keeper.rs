//! The one connection to a PostgreSQL server that a program keeps as long as it has the store open. It
//! holds the lock that says «this session runs», and hears when another program wrote something.
//!
//! The server ends the lock with the connection, however the program ended. A connection that breaks is
//! taken up again, with its lock; until then others may take what this program has in flight for
//! interrupted, which shows a change once too often rather than hiding it. What was announced meanwhile is
//! lost, so taking it up again counts as news.
//!
//! Invariant: the connection is asked for an answer once in [`PING`], so that one that broke without a word
//! is noticed.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::watch;

use super::location::Server;
use super::query::{CHANNEL, Pool, in_time, query};
use super::sessions::{self, Life};
use super::{BoxFuture, StoreError, postgres};

/// How often the connection is asked whether it is there.
const PING: Duration = Duration::from_secs(45);
/// How soon a lock is asked for again that the server still holds for a connection of ours that broke.
const RETAKE: Duration = Duration::from_secs(5);
/// Pauses between attempts to take the connection up again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// This program, as one that has the store on a server open.
#[derive(Debug)]
pub(super) struct Keeper {
    name: String,
    changes: watch::Sender<()>,
    /// Whether to end. The task has the only receiver; it ends, too, when this is dropped.
    end: watch::Sender<bool>,
}

/// The connection. Ended in order, the lock is free at once.
struct Link {
    pool: PgPool,
    listener: PgListener,
    key: i64,
    holds: bool,
}

impl Keeper {
    /// Begins a session: takes its lock and listens.
    ///
    /// # Errors
    /// When the server does not let us.
    #[expect(
        clippy::disallowed_methods,
        reason = "the keeper owns the task and ends it"
    )]
    pub(super) async fn begin(server: &Server) -> Result<Self, StoreError> {
        let name = sessions::new_name();
        let key = key(&name).unwrap_or_default();
        let link = Link::new(server, key).await.map_err(StoreError::of)?;
        let changes = watch::Sender::new(());
        let (end, ended) = watch::channel(false);
        tokio::spawn(keep(server.clone(), link, changes.clone(), ended));
        Ok(Self { name, changes, end })
    }

    /// Its name, which entries of the journal carry.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Hears what is announced from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Ends the session and waits until the server knows.
    pub(super) async fn end(&self) {
        self.end.send_replace(true);
        self.end.closed().await;
    }
}

/// Whether the session of that name has ended. A name that is none (a damaged record) has.
///
/// # Errors
/// When the server cannot be asked.
pub(super) async fn life(pool: &Pool, name: &str) -> Result<Life, sqlx::Error> {
    let Some(key) = key(name) else {
        return Ok(Life::Over);
    };
    // Shared, so that two programs that ask at once do not take each other for the session; and given
    // back at the end of this statement.
    let rows = query("SELECT pg_try_advisory_xact_lock_shared($1)")
        .bind(key)
        .fetch_all(pool)
        .await?;
    let is_free = rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?;
    Ok(if is_free { Life::Over } else { Life::Running })
}

/// The number of the lock of a session.
fn key(name: &str) -> Option<i64> {
    let bits = sessions::bits(name)?;
    Some(i64::from_be_bytes(bits.to_be_bytes()))
}

/// Holds the connection until it is told to end.
async fn keep(
    server: Server,
    link: Link,
    changes: watch::Sender<()>,
    mut ended: watch::Receiver<bool>,
) {
    let (key, mut current, mut pause) = (link.key, Some(link), FIRST_PAUSE);
    loop {
        let is_over;
        if let Some(mut link) = current.take() {
            is_over = tokio::select! {
                // Also when the keeper is gone.
                _ = ended.changed() => true,
                () = link.listen(&changes) => false,
            };
            link.end().await;
        } else {
            is_over = tokio::select! {
                _ = ended.changed() => true,
                () = tokio::time::sleep(pause) => false,
            };
        }
        if is_over {
            return;
        }
        current = tokio::select! {
            _ = ended.changed() => return,
            made = Link::new(&server, key) => made.ok(),
        };
        if current.is_some() {
            pause = FIRST_PAUSE;
            changes.send_replace(());
        } else {
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Link {
    fn new(server: &Server, key: i64) -> BoxFuture<'_, Result<Self, sqlx::Error>> {
        Box::pin(in_time(async move {
            let pool = postgres::pool(server, 1);
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.ignore_pool_close_event(true);
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await?;
            let mut link = Self {
                pool,
                listener,
                key,
                holds: false,
            };
            link.take_lock().await?;
            Ok(link)
        }))
    }

    /// Tells what it hears, until the connection breaks.
    async fn listen(&mut self, changes: &watch::Sender<()>) {
        loop {
            let patience = if self.holds { PING } else { RETAKE };
            match tokio::time::timeout(patience, self.listener.try_recv()).await {
                Ok(Ok(Some(_))) => {
                    changes.send_replace(());
                }
                Ok(Ok(None) | Err(_)) => return,
                Err(_silence) => {
                    let asked = in_time(async {
                        if self.holds {
                            self.ping().await
                        } else {
                            self.take_lock().await
                        }
                    });
                    if asked.await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    async fn ping(&mut self) -> Result<(), sqlx::Error> {
        let ping = sqlx::query("SELECT 1").execute(&mut self.listener);
        ping.await.map(drop)
    }

    /// Takes the lock of the session, unless somebody has it. That is a program that asks whether we run, or
    /// a connection of ours that broke and that the server does not miss yet; neither lasts.
    async fn take_lock(&mut self) -> Result<(), sqlx::Error> {
        self.holds = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(self.key)
            .fetch_one(&mut self.listener)
            .await?;
        Ok(())
    }

    async fn end(self) {
        let Self { pool, listener, .. } = self;
        drop(listener);
        postgres::close(&pool).await;
    }
}

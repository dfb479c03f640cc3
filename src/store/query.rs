//! One statement, one row and one transaction for both databases: the SQL is the same, the drivers are
//! not. Knows no table.
//!
//! sqlx has a driver for any database, which is not used: it makes text of every cell of a row at once, so
//! that one damaged byte would hide the whole answer.
//!
//! Invariant: on PostgreSQL no statement waits longer than [`ANSWER`], so a server that vanished is an error
//! and not a program that hangs.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnection, PgPool, PgRow, Postgres};
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnection, SqlitePool, SqliteRow, SqliteTransactionManager,
};
use sqlx::{ColumnIndex, Decode, Row as _, TransactionManager as _, Type};

use super::BoxFuture;
use super::sessions::Bell;

/// How long a server may take to answer one statement.
const ANSWER: Duration = Duration::from_secs(20);
/// What PostgreSQL cannot keep in a text, and what stands for it there.
const ZERO: char = '\0';
const REPLACEMENT: &str = "\u{fffd}";
/// The kind of advisory locks that a turn is.
const TURNS: i32 = 0x7761_7665;
/// Where programs tell each other that something was written.
pub(super) const CHANNEL: &str = "wavedeck";

/// Connections to one of the two.
#[derive(Clone, Debug)]
pub(super) enum Pool {
    /// The bell where it writes.
    Sqlite(SqlitePool, Option<Bell>),
    Postgres(PgPool),
}

/// Statements that happen together or not at all. Dropped, it is taken back.
pub(super) enum Transaction {
    /// The bell, and whether it rings at the end.
    Sqlite(sqlx::Transaction<'static, Sqlite>, Option<Bell>, bool),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// What only one program at a time may write, because it counts on from what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Schema,
    Journal,
    Drafts,
}

/// Where a statement is run.
pub(super) enum On<'a> {
    SqlitePool(&'a SqlitePool),
    Sqlite(&'a mut SqliteConnection),
    PostgresPool(&'a PgPool),
    Postgres(&'a mut PgConnection),
}

/// A parameter. The kind is known where the value is not, as PostgreSQL wants it.
#[derive(Clone, Debug)]
pub(super) enum Value<'q> {
    Integer(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
}

/// One statement with its parameters, `$1` first.
pub(super) struct Query<'q> {
    sql: &'q str,
    values: Vec<Value<'q>>,
}

/// A row of an answer.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A statement.
pub(super) fn query(sql: &str) -> Query<'_> {
    let values = Vec::new();
    Query { sql, values }
}

impl<'q> Query<'q> {
    /// Gives the next parameter.
    pub(super) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Runs it and says how many rows it changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) fn execute<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> BoxFuture<'a, Result<u64, sqlx::Error>>
    where
        'q: 'a,
    {
        match on.into() {
            On::SqlitePool(pool) => Box::pin(async move {
                let done = self.sqlite().execute(pool).await?;
                Ok(done.rows_affected())
            }),
            On::Sqlite(connection) => Box::pin(async move {
                let done = self.sqlite().execute(&mut *connection).await;
                Ok(whole(done, connection).await?.rows_affected())
            }),
            On::PostgresPool(pool) => Box::pin(async move {
                let done = in_time(self.postgres().execute(pool)).await?;
                Ok(done.rows_affected())
            }),
            On::Postgres(connection) => Box::pin(async move {
                let done = in_time(self.postgres().execute(connection)).await?;
                Ok(done.rows_affected())
            }),
        }
    }

    /// Runs it and returns all rows of the answer.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) fn fetch_all<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> BoxFuture<'a, Result<Vec<Row>, sqlx::Error>>
    where
        'q: 'a,
    {
        match on.into() {
            On::SqlitePool(pool) => Box::pin(async move {
                let rows = self.sqlite().fetch_all(pool).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }),
            On::Sqlite(connection) => Box::pin(async move {
                let rows = self.sqlite().fetch_all(&mut *connection).await;
                let rows = whole(rows, connection).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }),
            On::PostgresPool(pool) => Box::pin(async move {
                let rows = in_time(self.postgres().fetch_all(pool)).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }),
            On::Postgres(connection) => Box::pin(async move {
                let rows = in_time(self.postgres().fetch_all(connection)).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }),
        }
    }

    /// Runs it and returns the first column of the only row of the answer. All rows are fetched, because
    /// the last step is the one that writes.
    ///
    /// # Errors
    /// When the database refuses, and when there is no row or no number in it.
    pub(super) async fn fetch_number<'a>(self, on: impl Into<On<'a>>) -> Result<i64, sqlx::Error>
    where
        'q: 'a,
    {
        let rows = self.fetch_all(on.into()).await?;
        rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
    }

    fn sqlite(self) -> sqlx::query::Query<'q, Sqlite, SqliteArguments<'q>> {
        let mut query = sqlx::query(self.sql);
        for value in self.values {
            query = match value {
                Value::Integer(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(None) => query.bind(None::<&[u8]>),
                Value::Bytes(Some(Cow::Borrowed(bytes))) => query.bind(bytes),
                Value::Bytes(Some(Cow::Owned(bytes))) => query.bind(bytes),
            };
        }
        query
    }

    fn postgres(self) -> sqlx::query::Query<'q, Postgres, PgArguments> {
        let mut query = sqlx::query(self.sql);
        for value in self.values {
            query = match value {
                Value::Integer(number) => query.bind(number),
                Value::Text(Some(text)) if text.contains(ZERO) => {
                    query.bind(text.replace(ZERO, REPLACEMENT))
                }
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes.map(Cow::into_owned)),
            };
        }
        query
    }
}

impl Row {
    /// The cell of a column, by its name or its number.
    ///
    /// # Errors
    /// When there is no such column, or something else in it.
    pub(super) fn try_get<'r, T, I>(&'r self, column: I) -> Result<T, sqlx::Error>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
        I: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}

impl Pool {
    /// Begins a transaction that writes. On SQLite it waits for its turn at once, because one that has read
    /// already is refused when another program wrote meanwhile.
    ///
    /// # Errors
    /// When there is no connection, or another program writes for too long.
    pub(super) fn begin(&self) -> BoxFuture<'_, Result<Transaction, sqlx::Error>> {
        Box::pin(async move {
            match self {
                Self::Sqlite(pool, bell) => {
                    let begun = pool.begin_with("BEGIN IMMEDIATE").await?;
                    Ok(Transaction::Sqlite(begun, bell.clone(), false))
                }
                Self::Postgres(pool) => Ok(Transaction::Postgres(in_time(pool.begin()).await?)),
            }
        })
    }

    /// Closes all connections.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Transaction {
    /// Waits until no other program writes what counts on from what is there, and lets none until the end
    /// of the transaction. SQLite has one writer anyway.
    ///
    /// # Errors
    /// When it takes too long, or the connection breaks.
    pub(super) async fn take(&mut self, turn: Turn) -> Result<(), sqlx::Error> {
        if let Self::Sqlite(..) = self {
            return Ok(());
        }
        let lock = format!("SELECT pg_advisory_xact_lock({TURNS}, {})", turn.number());
        query(&lock).execute(self).await.map(drop)
    }

    /// Tells all programs that have the store open, this one too, that something was written: at the end of
    /// the transaction, if it is not taken back.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) async fn announce(&mut self) -> Result<(), sqlx::Error> {
        if let Self::Sqlite(_, _, rings) = self {
            *rings = true;
            return Ok(());
        }
        let tell = query("SELECT pg_notify($1, '')").bind(CHANNEL);
        tell.execute(self).await.map(drop)
    }

    /// Ends it. What was written is on the disk then.
    ///
    /// # Errors
    /// When it could not be written. On PostgreSQL it may have been written although the connection broke.
    pub(super) fn commit(self) -> BoxFuture<'static, Result<(), sqlx::Error>> {
        Box::pin(async move {
            match self {
                Self::Sqlite(mut transaction, bell, rings) => {
                    let done = SqliteTransactionManager::commit(&mut transaction).await;
                    whole(done, &mut transaction).await?;
                    if let (Some(bell), true) = (bell, rings) {
                        bell.ring();
                    }
                    Ok(())
                }
                Self::Postgres(transaction) => in_time(transaction.commit()).await,
            }
        })
    }
}

impl Turn {
    /// Part of the name of a lock that all versions of the program know.
    fn number(self) -> i32 {
        match self {
            Self::Schema => 1,
            Self::Journal => 2,
            Self::Drafts => 3,
        }
    }
}

/// After an error SQLite may have taken the transaction back by itself, of which the driver knows nothing: it
/// would fail to take it back once more, and count a transaction that is not there from then on. So there
/// is one again, which does nothing, and which the driver takes back.
///
/// Source: <https://www.sqlite.org/lang_transaction.html>, «Response To Errors Within A Transaction».
async fn whole<T>(
    answer: Result<T, sqlx::Error>,
    connection: &mut SqliteConnection,
) -> Result<T, sqlx::Error> {
    if answer.is_err() {
        // Refused where the transaction is still there.
        let _ = sqlx::query("BEGIN").execute(connection).await;
    }
    answer
}

/// Turns a server that does not answer into an error.
pub(super) async fn in_time<T>(
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    match tokio::time::timeout(ANSWER, answer).await {
        Ok(Err(sqlx::Error::PoolTimedOut)) | Err(_) => Err(sqlx::Error::Io(io::Error::new(
            io::ErrorKind::TimedOut,
            "no answer in time",
        ))),
        Ok(answer) => answer,
    }
}

impl<'a> From<&'a Pool> for On<'a> {
    fn from(pool: &'a Pool) -> Self {
        match pool {
            Pool::Sqlite(pool, _) => Self::SqlitePool(pool),
            Pool::Postgres(pool) => Self::PostgresPool(pool),
        }
    }
}

impl<'a> From<&'a mut Transaction> for On<'a> {
    fn from(transaction: &'a mut Transaction) -> Self {
        match transaction {
            Transaction::Sqlite(transaction, ..) => Self::Sqlite(transaction),
            Transaction::Postgres(transaction) => Self::Postgres(transaction),
        }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(text: &'q str) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl<'q> From<&'q String> for Value<'q> {
    fn from(text: &'q String) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(text.into()))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(text: Option<&'q str>) -> Self {
        Self::Text(text.map(Cow::from))
    }
}

impl<'q> From<Option<&'q [u8]>> for Value<'q> {
    fn from(bytes: Option<&'q [u8]>) -> Self {
        Self::Bytes(bytes.map(Cow::from))
    }
}

impl<'q> From<&'q [u8]> for Value<'q> {
    fn from(bytes: &'q [u8]) -> Self {
        Self::Bytes(Some(bytes.into()))
    }
}

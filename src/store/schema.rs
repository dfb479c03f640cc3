//! The tables, and how an older store gets them. Says nothing about how a database is opened.
//!
//! The SQL here and in the queries is such that SQLite and PostgreSQL both take it: types are `TEXT`,
//! `BIGINT` and `BYTEA` (SQLite takes any name of a type and keeps bytes as bytes), parameters are
//! `$1`, words are compared in lower case made by us. Invariant: a step of [`STEPS`] is never edited
//! once released; what changes gets a new step at the end.

use super::BoxFuture;
use super::query::{Transaction, query};

/// What makes version n of version n − 1, at place n − 1. Each runs whole or not at all.
pub(super) const STEPS: [&str; 5] = [
    "CREATE TABLE schema_version (version BIGINT NOT NULL);
INSERT INTO schema_version (version) VALUES (1);
CREATE TABLE journal (
    id BIGINT NOT NULL PRIMARY KEY,
    begun BIGINT NOT NULL,
    ended BIGINT,
    session TEXT NOT NULL,
    account TEXT NOT NULL,
    group_id TEXT,
    group_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    people TEXT NOT NULL,
    correlation TEXT,
    after_text TEXT NOT NULL,
    before_kind TEXT NOT NULL,
    before_text TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    results TEXT NOT NULL,
    end_words TEXT NOT NULL,
    before_bytes BYTEA
);",
    "CREATE TABLE drafts (
    account TEXT NOT NULL,
    group_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, group_id)
);",
    "CREATE TABLE put_away (entry BIGINT NOT NULL PRIMARY KEY);
CREATE TABLE waiting (
    account TEXT NOT NULL,
    group_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    correlation TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, group_id, place)
);",
    "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counters (name, value) VALUES ('received', 0);
CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE runs (session TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL, begun BIGINT NOT NULL);
CREATE TABLE received (
    seq BIGINT NOT NULL PRIMARY KEY,
    item_key TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    group_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    content TEXT NOT NULL,
    words TEXT NOT NULL,
    received_at BIGINT,
    kept_at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    raw TEXT NOT NULL
);
CREATE INDEX received_by_lane ON received (lane, group_id, seq);
CREATE TABLE names (sender TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE deliveries (
    name TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    state TEXT NOT NULL,
    code BIGINT,
    word TEXT NOT NULL,
    reported_at BIGINT,
    kept_at BIGINT NOT NULL
);
CREATE INDEX deliveries_by_seq ON deliveries (seq);
CREATE TABLE provider_ids (provider_id TEXT NOT NULL PRIMARY KEY, correlation TEXT NOT NULL);
CREATE TABLE read_marks (
    reader TEXT NOT NULL,
    lane TEXT NOT NULL,
    group_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (reader, lane, group_id)
);
CREATE INDEX journal_by_correlation ON journal (correlation);",
    // What is old is looked for while others wait to write.
    "CREATE INDEX received_by_age ON received (kept_at);
CREATE INDEX deliveries_by_age ON deliveries (kept_at);",
];

/// The version this program makes and reads.
pub(super) const VERSION: i64 = 5;
/// The table that says which version it is.
pub(super) const VERSION_TABLE: &str = "schema_version";

/// The definitions of the tables that a store of this version has, as a database keeps them.
pub(super) fn tables(version: i64) -> impl Iterator<Item = &'static str> {
    let steps = usize::try_from(version).unwrap_or(0);
    let statements = STEPS.iter().take(steps).flat_map(|step| statements(step));
    statements.filter(|statement| statement.starts_with("CREATE TABLE"))
}

fn statements(step: &'static str) -> impl Iterator<Item = &'static str> {
    let statements = step.split(';').map(str::trim);
    statements.filter(|statement| !statement.is_empty())
}

/// The names of those tables.
pub(super) fn names(version: i64) -> impl Iterator<Item = &'static str> {
    tables(version).filter_map(|table| table.split_whitespace().nth(2))
}

/// Brings a store from a version, 0 being an empty one, to [`VERSION`], when the transaction is
/// committed.
///
/// # Errors
/// When the database refuses a step.
pub(super) fn migrate(
    transaction: &mut Transaction,
    from: i64,
) -> BoxFuture<'_, Result<(), sqlx::Error>> {
    Box::pin(take_steps(transaction, from))
}

async fn take_steps(transaction: &mut Transaction, from: i64) -> Result<(), sqlx::Error> {
    for (step, version) in STEPS.iter().zip(1_i64..) {
        if version <= from {
            continue;
        }
        for statement in statements(step) {
            query(statement).execute(&mut *transaction).await?;
        }
        query("UPDATE schema_version SET version = $1")
            .bind(version)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_has_its_tables() {
        let count = |version| tables(version).count();
        assert_eq!((count(0), count(1), count(VERSION)), (0, 2, 13));
        assert_eq!(usize::try_from(VERSION), Ok(STEPS.len()));
        assert!(tables(VERSION).all(|table| table.ends_with(')')));
        assert_eq!(names(1).collect::<Vec<_>>(), [VERSION_TABLE, "journal"]);
    }
}

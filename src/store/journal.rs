//! The journal: a change is written down before it leaves, and its end afterwards.
//!
//! ```text
//!   begin ─► in flight ─ settle ─► applied | not applied | mixed      final, never changed again
//!                │  └──── settle ─► unknown | mixed and unclear ─ settle ─► one of the above,
//!                └ the program ended ─ recover ─► unknown                   or what the user says
//! ```
//! Nothing here is retried or guessed. Invariant: a record whose end cannot be read counts as open, so
//! that damage shows a change once too often rather than hiding it.

mod columns;

use std::fmt::Write as _;

use super::query::{Row, Transaction, Turn, query};
use super::sessions::Life;
use super::{Store, StoreError};
use crate::domain::journal::{
    ChangeKind, End, Entry, EntryId, EntryQuery, EntryState, INTERRUPTED, Intent, Whose,
};
use crate::domain::{CorrelationId, GroupId, Millis, WaId};
use columns::{
    APPLIED, COLUMNS, FINAL, IN_FLIGHT, LIGHT, MAX_WORDS, UNKNOWN, before_columns, end_columns,
    entry, json, pattern, people_words, words,
};

impl Store {
    /// Says whose program this is, user and computer: several people may share one store.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn sign(&self, person: &str, now: Millis) -> Result<(), StoreError> {
        query(
            "INSERT INTO runs (session, person, begun) VALUES ($1, $2, $3)
             ON CONFLICT (session) DO NOTHING",
        )
        .bind(self.session())
        .bind(person)
        .bind(millis(now))
        .execute(self.writer())
        .await
        .map(drop)
        .map_err(StoreError::of)
    }

    /// Writes down what is about to be done. When it returns, that is on the disk, and only then may
    /// the request leave.
    ///
    /// # Errors
    /// When it could not be written: the change must not be made.
    pub async fn begin(&self, intent: &Intent, now: Millis) -> Result<EntryId, StoreError> {
        let begun = self.add(intent, now).await;
        begun.map(EntryId).map_err(StoreError::of)
    }

    async fn add(&self, intent: &Intent, now: Millis) -> Result<i64, sqlx::Error> {
        let (before_kind, before_text, before_bytes) = before_columns(&intent.before);
        let people: Vec<String> = intent.people.iter().map(WaId::to_string).collect();
        let mut transaction = self.writer().begin().await?;
        // Numbers go up by one, and become visible in that order.
        transaction.take(Turn::Journal).await?;
        let id = query(
            "INSERT INTO journal (id, begun, ended, session, account, group_id, group_name, kind,
                people, correlation, after_text, before_kind, before_text, words, state, why,
                results, end_words, before_bytes)
             SELECT COALESCE(MAX(id), 0) + 1, $1, NULL, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                $12, $13, '', '[]', '', $14 FROM journal
             RETURNING id",
        )
        .bind(millis(now))
        .bind(self.session())
        .bind(&intent.account)
        .bind(intent.group.as_ref().map(GroupId::as_str))
        .bind(&intent.group_name)
        .bind(intent.kind.words())
        .bind(json(&people))
        .bind(intent.correlation.as_ref().map(CorrelationId::as_str))
        .bind(&intent.after)
        .bind(before_kind)
        .bind(before_text)
        .bind(words(intent))
        .bind(IN_FLIGHT)
        .bind(before_bytes)
        .fetch_number(&mut transaction)
        .await?;
        transaction.announce().await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Writes down what became of a change. What is not final may be settled again; saying the same
    /// once more changes nothing. Durable when it returns.
    ///
    /// # Errors
    /// When it could not be written (the entry stays as it was, and is found open at the next start),
    /// when there is no such entry, or when it has another final end.
    pub async fn settle(&self, id: EntryId, end: &End, now: Millis) -> Result<(), StoreError> {
        let changed = self.change(id, end, now).await;
        if changed.map_err(StoreError::of)? > 0 {
            return Ok(());
        }
        match self.entry(id).await? {
            None => Err(StoreError::NoSuchEntry(id)),
            Some(kept) if kept.state == EntryState::Ended(end.clone()) => Ok(()),
            Some(_) => Err(StoreError::AlreadySettled(id)),
        }
    }

    /// Returns how many entries it changed: one or none.
    async fn change(&self, id: EntryId, end: &End, now: Millis) -> Result<u64, sqlx::Error> {
        let (state, why, results) = end_columns(end);
        let mut transaction = self.writer().begin().await?;
        let changed = if let End::SettledByUser(_) = end {
            // Why it was unknown stays readable.
            query(&format!(
                "UPDATE journal SET state = $1, ended = $2 WHERE id = $3 AND state NOT IN {FINAL}"
            ))
            .bind(state)
            .bind(millis(now))
            .bind(id.0)
            .execute(&mut transaction)
            .await?
        } else {
            let end_words = format!("{why}\n{}", people_words(&results));
            query(&format!(
                "UPDATE journal SET state = $1, ended = $2, why = $3, results = $4, end_words = $5
                 WHERE id = $6 AND state NOT IN {FINAL}"
            ))
            .bind(state)
            .bind(millis(now))
            .bind(why)
            .bind(json(&results))
            .bind(end_words.to_lowercase())
            .bind(id.0)
            .execute(&mut transaction)
            .await?
        };
        if changed > 0 {
            transaction.announce().await?;
        }
        transaction.commit().await?;
        Ok(changed)
    }

    /// For the start: what programs that are gone left in flight becomes unknown, and everything
    /// unknown that nobody settled is returned, newest first. What this program or another one that
    /// is running has in flight is left alone.
    ///
    /// # Errors
    /// When the journal could not be read or written.
    pub async fn recover(&self, now: Millis) -> Result<Vec<Entry>, StoreError> {
        let in_flight = query("SELECT id, session FROM journal WHERE state = $1")
            .bind(IN_FLIGHT)
            .fetch_all(self.writer())
            .await
            .map_err(StoreError::of)?;
        let left_behind = self.left_behind(&in_flight).await.map_err(StoreError::of)?;
        if !left_behind.is_empty() {
            self.end_interrupted(&left_behind, now)
                .await
                .map_err(StoreError::of)?;
        }
        // What was interrupted just now may have been reported meanwhile.
        query(&format!(
            "UPDATE journal SET state = $1, ended = $2
             WHERE state NOT IN {FINAL} AND state <> $3
                AND correlation IN (SELECT name FROM deliveries)"
        ))
        .bind(APPLIED)
        .bind(millis(now))
        .bind(IN_FLIGHT)
        .execute(self.writer())
        .await
        .map_err(StoreError::of)?;
        let rows = query(&format!(
            "SELECT {LIGHT} FROM journal WHERE state NOT IN {FINAL} AND state <> $1
             ORDER BY id DESC"
        ))
        .bind(IN_FLIGHT)
        .fetch_all(self.writer())
        .await
        .map_err(StoreError::of)?;
        let mut doubts: Vec<Entry> = rows.iter().map(entry).collect();
        for doubt in &mut doubts {
            self.compare(doubt).await?;
        }
        Ok(doubts)
    }

    /// An entry that nobody knows the end of, as [`Self::recover`] returns it.
    ///
    /// # Errors
    /// When the journal could not be read.
    pub async fn doubt(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let mut doubt = self.entry(id).await?;
        if let Some(doubt) = &mut doubt {
            self.compare(doubt).await?;
        }
        Ok(doubt)
    }

    /// Finds out whether a later change concerns the same.
    async fn compare(&self, doubt: &mut Entry) -> Result<(), StoreError> {
        let Some(intent) = &doubt.intent else {
            return Ok(());
        };
        let Some(group) = &intent.group else {
            return Ok(());
        };
        let later = query(&format!(
            "SELECT {LIGHT} FROM journal WHERE group_id = $1 AND id > $2"
        ))
        .bind(group.as_str())
        .bind(doubt.id.0)
        .fetch_all(self.writer())
        .await
        .map_err(StoreError::of)?;
        let about = |row: &Row| {
            entry(row)
                .intent
                .is_none_or(|later| intent.is_about(&later))
        };
        doubt.is_overtaken = later.iter().any(about);
        Ok(())
    }

    async fn left_behind(&self, in_flight: &[Row]) -> Result<Vec<i64>, sqlx::Error> {
        let mut left = Vec::new();
        for row in in_flight {
            if !self.is_at_work(row).await? {
                left.extend(row.try_get::<i64, _>("id").ok());
            }
        }
        Ok(left)
    }

    /// Whether the program that has this row in flight still runs.
    async fn is_at_work(&self, row: &Row) -> Result<bool, sqlx::Error> {
        let Ok(session) = row.try_get::<String, _>("session") else {
            return Ok(false);
        };
        // Better shown as unknown although it runs than forgotten.
        Ok(session == self.session() || self.life(&session).await? == Life::Running)
    }

    async fn end_interrupted(&self, ids: &[i64], now: Millis) -> Result<(), sqlx::Error> {
        let mut transaction = self.writer().begin().await?;
        for id in ids {
            query(
                "UPDATE journal SET state = $1, why = $2, ended = $3, end_words = $4
                 WHERE state = $5 AND id = $6",
            )
            .bind(UNKNOWN)
            .bind(INTERRUPTED)
            .bind(millis(now))
            .bind(INTERRUPTED)
            .bind(IN_FLIGHT)
            .bind(*id)
            .execute(&mut transaction)
            .await?;
        }
        transaction.announce().await?;
        transaction.commit().await
    }

    /// One entry.
    ///
    /// # Errors
    /// When the journal could not be read.
    pub async fn entry(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let rows = query(&format!("SELECT {COLUMNS} FROM journal WHERE id = $1"))
            .bind(id.0)
            .fetch_all(self.writer())
            .await
            .map_err(StoreError::of)?;
        Ok(rows.first().map(entry))
    }

    /// What an account sent to a group, at most so many, newest first. Neither a record that cannot be
    /// read is among them, nor a message that was taken up again or dropped.
    ///
    /// # Errors
    /// When the journal could not be read.
    pub async fn messages_to(
        &self,
        account: &str,
        group: &GroupId,
        most: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let rows = query(&format!(
            "SELECT {LIGHT} FROM journal WHERE kind = $1 AND account = $2 AND group_id = $3
                AND id NOT IN (SELECT entry FROM put_away)
             ORDER BY id DESC LIMIT $4"
        ))
        .bind(ChangeKind::SendToGroup.words())
        .bind(account)
        .bind(group.as_str())
        .bind(i64::from(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        let entries = rows.iter().map(entry);
        Ok(entries.filter(|entry| entry.intent.is_some()).collect())
    }

    /// Entries, newest first, without the icons that groups had. A record that cannot be read is among
    /// them, as such.
    ///
    /// # Errors
    /// When the journal could not be read.
    pub async fn entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, StoreError> {
        self.select(LIGHT, query).await
    }

    /// The same with the icons that groups had.
    ///
    /// # Errors
    /// When the journal could not be read.
    pub(super) async fn whole_entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, StoreError> {
        self.select(COLUMNS, query).await
    }

    async fn select(&self, columns: &str, wanted: &EntryQuery) -> Result<Vec<Entry>, StoreError> {
        let patterns: Vec<String> = wanted
            .words
            .split_whitespace()
            .take(MAX_WORDS)
            .map(pattern)
            .collect();
        // A session's name is never blank.
        let but = match wanted.whose {
            Whose::Everyone => "",
            Whose::OtherRuns => self.session(),
        };
        let mut sql = format!("SELECT {columns} FROM journal WHERE id < $1 AND session <> $3");
        for number in 4..patterns.len() + 4 {
            // Never fails on a String.
            let _ = write!(
                sql,
                " AND (words LIKE ${number} ESCAPE '\\' OR end_words LIKE ${number} ESCAPE '\\')"
            );
        }
        sql.push_str(" ORDER BY id DESC LIMIT $2");
        let mut select = query(&sql)
            .bind(wanted.before.map_or(i64::MAX, |id| id.0))
            .bind(i64::from(wanted.limit))
            .bind(but);
        for pattern in patterns {
            select = select.bind(pattern);
        }
        let rows = select
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::of)?;
        Ok(rows.iter().map(entry).collect())
    }
}

/// A delivery report came for a message: it was taken, whatever became of the answer. One whose answer
/// may still come is left to the program that waits for it.
pub(super) async fn settle_reported(
    transaction: &mut Transaction,
    correlation: &str,
    now: Millis,
) -> Result<(), sqlx::Error> {
    query(&format!(
        "UPDATE journal SET state = $1, ended = $2 WHERE correlation = $3 AND state <> $4
            AND state NOT IN {FINAL}"
    ))
    .bind(APPLIED)
    .bind(millis(now))
    .bind(correlation)
    .bind(IN_FLIGHT)
    .execute(transaction)
    .await
    .map(drop)
}

/// As the database counts.
pub(super) fn millis(at: Millis) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

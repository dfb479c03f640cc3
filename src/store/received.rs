//! What other people wrote and what became of our messages: kept before the provider is told so.
//!
//! Invariants: what [`Store::receive`] returned for is on the disk; a report that comes again changes
//! nothing but a count; places ([`Seq`]) are given out in the order in which batches are committed, also
//! where several programs write, because each takes the row of the counter first. So whoever has read
//! everything up to a place misses nothing that comes behind it.

mod adding;
mod columns;
mod retention;

use std::collections::BTreeMap;

use super::journal::millis;
use super::query::{Row, Transaction, query};
use super::{BoxFuture, Store, StoreError};
use crate::domain::{
    CorrelationId, Delivery, Fate, Item, Kept, Lane, LaneSummary, Millis, News, Overview, Report,
    Seq,
};
use adding::add;
use columns::{fate, kept, lane_columns, lane_of, state_columns, state_of, without_zero};
pub use retention::{Pruned, Retention};

/// Everything of a message, with the newest name known of its sender.
const COLUMNS: &str = "seq, lane, group_id, sender, content, received_at, kept_at, times,
    COALESCE((SELECT names.name FROM names WHERE names.sender = received.sender), '') AS name";

/// What a batch added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Reports that were not there before.
    pub new: usize,
    /// Reports that had been kept already.
    pub again: usize,
}

impl Store {
    /// Keeps a batch, all of it or nothing; durable when it returns.
    ///
    /// # Errors
    /// When it could not be written: then the provider must be told to send it again.
    pub async fn receive(&self, items: &[Item], now: Millis) -> Result<Received, StoreError> {
        let kept: BoxFuture<'_, _> = Box::pin(self.keep_items(items, now));
        kept.await.map_err(StoreError::of)
    }

    async fn keep_items(&self, items: &[Item], now: Millis) -> Result<Received, sqlx::Error> {
        let mut transaction = self.writer().begin().await?;
        // An update and not a look: whoever comes second waits here.
        let last: i64 =
            query("UPDATE counters SET value = value WHERE name = 'received' RETURNING value")
                .fetch_number(&mut transaction)
                .await?;
        let mut received = Received::default();
        let mut next = last;
        let mut items = items.iter().peekable();
        while let Some(item) = items.next() {
            match &item.report {
                Report::Message(message) => {
                    let mut messages = vec![(item, message)];
                    while let Some(Item {
                        report: Report::Message(message),
                        ..
                    }) = items.peek()
                    {
                        messages.extend(items.next().map(|item| (item, message)));
                    }
                    let added = add(&mut transaction, next, &messages, now).await?;
                    next = added.last;
                    received.new += added.new;
                    received.again += messages.len() - added.new;
                }
                Report::Delivery(delivery) => {
                    if move_on(&mut transaction, next + 1, delivery, now).await? {
                        next += 1;
                        received.new += 1;
                    } else {
                        received.again += 1;
                    }
                }
            }
        }
        if next != last {
            query("UPDATE counters SET value = $1 WHERE name = 'received'")
                .bind(next)
                .execute(&mut transaction)
                .await?;
            transaction.announce().await?;
        }
        transaction.commit().await?;
        Ok(received)
    }

    /// Notes under which name the provider has taken a message, so that reports which know only that
    /// name find it.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn note_provider_id(
        &self,
        provider_id: &str,
        id: &CorrelationId,
    ) -> Result<(), StoreError> {
        let noted: BoxFuture<'_, _> = Box::pin(self.keep_provider_id(provider_id, id));
        noted.await.map_err(StoreError::of)
    }

    async fn keep_provider_id(
        &self,
        provider_id: &str,
        id: &CorrelationId,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.writer().begin().await?;
        let last: i64 =
            query("UPDATE counters SET value = value + 1 WHERE name = 'received' RETURNING value")
                .fetch_number(&mut transaction)
                .await?;
        query(
            "INSERT INTO provider_ids (provider_id, correlation) VALUES ($1, $2)
             ON CONFLICT (provider_id) DO NOTHING",
        )
        .bind(provider_id)
        .bind(id.as_str())
        .execute(&mut transaction)
        .await?;
        // A report that was quicker than the answer.
        query(
            "UPDATE deliveries SET name = $1, seq = $2 WHERE name = $3
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE name = $1)",
        )
        .bind(id.as_str())
        .bind(last)
        .bind(by_provider_id(provider_id))
        .execute(&mut transaction)
        .await?;
        transaction.announce().await?;
        transaction.commit().await
    }

    /// Everything that is kept, at one look, for one reader.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn overview(&self, reader: &str) -> Result<Overview, StoreError> {
        // First: what comes between these questions is told twice rather than never.
        let last = self.last_seq().await?;
        let counts = query(
            "SELECT received.lane, received.group_id, COUNT(*) AS total,
                COUNT(CASE WHEN received.seq > COALESCE(read_marks.seq, 0) THEN 1 END) AS unread,
                MIN(CASE WHEN received.seq > COALESCE(read_marks.seq, 0)
                    THEN received.seq END) AS first_unread
             FROM received LEFT JOIN read_marks ON read_marks.reader = $1
                AND read_marks.lane = received.lane AND read_marks.group_id = received.group_id
             GROUP BY received.lane, received.group_id
             ORDER BY received.lane, received.group_id",
        )
        .bind(reader)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        let newest = query(&format!(
            "SELECT {COLUMNS} FROM received
             WHERE seq IN (SELECT MAX(seq) FROM received GROUP BY lane, group_id)"
        ))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        let mut newest: BTreeMap<Lane, Kept> = newest
            .iter()
            .map(kept)
            .map(|kept| (kept.message.lane.clone(), kept))
            .collect();
        let number = |row: &Row, column: &str| {
            let number: i64 = row.try_get(column).unwrap_or_default();
            usize::try_from(number).unwrap_or_default()
        };
        let lanes = counts.iter().filter_map(|row| {
            let lane = lane_of(row);
            let newest = newest.remove(&lane)?;
            let first: Option<i64> = row.try_get("first_unread").ok().flatten();
            Some(LaneSummary {
                total: number(row, "total"),
                unread: number(row, "unread"),
                first_unread: first.map(Seq),
                lane,
                newest,
            })
        });
        Ok(Overview {
            lanes: lanes.collect(),
            last,
        })
    }

    async fn last_seq(&self) -> Result<Seq, StoreError> {
        query("SELECT value FROM counters WHERE name = 'received'")
            .fetch_number(self.readers())
            .await
            .map(Seq)
            .map_err(StoreError::of)
    }

    /// What was kept after a place, at most so many messages and as many reports about ours.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn news(&self, after: Seq, most: u32) -> Result<News, StoreError> {
        let last = self.last_seq().await?;
        if last <= after {
            return Ok(News {
                last: after,
                ..News::default()
            });
        }
        let rows = query(&format!(
            "SELECT {COLUMNS} FROM received WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3"
        ))
        .bind(after.0)
        .bind(last.0)
        .bind(i64::from(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        let messages: Vec<Kept> = rows.iter().map(kept).collect();
        let is_partial = messages.len() >= usize::try_from(most).unwrap_or(usize::MAX);
        let last = match messages.last() {
            Some(newest) if is_partial => newest.seq,
            Some(_) | None => last,
        };
        let rows = query(
            "SELECT name, state, code, word FROM deliveries WHERE seq > $1 AND seq <= $2
             ORDER BY seq",
        )
        .bind(after.0)
        .bind(last.0)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        Ok(News {
            messages,
            fates: rows.iter().filter_map(fate).collect(),
            last,
            is_partial,
        })
    }

    /// Messages of a lane, at most so many of those before a place (or the newest), oldest first.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn lane(
        &self,
        lane: &Lane,
        before: Option<Seq>,
        most: u32,
    ) -> Result<Vec<Kept>, StoreError> {
        let (word, group) = lane_columns(lane);
        let rows = query(&format!(
            "SELECT {COLUMNS} FROM received WHERE lane = $1 AND group_id = $2 AND seq < $3
             ORDER BY seq DESC LIMIT $4"
        ))
        .bind(word)
        .bind(group)
        .bind(before.map_or(i64::MAX, |seq| seq.0))
        .bind(i64::from(most))
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        Ok(rows.iter().rev().map(kept).collect())
    }

    /// A report as it came, as JSON; `None` when it is not kept any more.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn raw(&self, seq: Seq) -> Result<Option<String>, StoreError> {
        let rows = query("SELECT raw FROM received WHERE seq = $1")
            .bind(seq.0)
            .fetch_all(self.readers())
            .await
            .map_err(StoreError::of)?;
        Ok(rows.first().and_then(|row| row.try_get(0).ok()))
    }

    /// How far messages of ours got, for those of which something is known.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn fates(&self, ids: &[CorrelationId]) -> Result<Vec<Fate>, StoreError> {
        let mut fates = Vec::new();
        for id in ids {
            let rows = query("SELECT name, state, code, word FROM deliveries WHERE name = $1")
                .bind(id.as_str())
                .fetch_all(self.readers())
                .await
                .map_err(StoreError::of)?;
            fates.extend(rows.first().and_then(fate));
        }
        Ok(fates)
    }

    /// A reader has read a lane up to a place. Never backwards.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn mark_read(&self, reader: &str, lane: &Lane, upto: Seq) -> Result<(), StoreError> {
        let (word, group) = lane_columns(lane);
        query(
            "INSERT INTO read_marks (reader, lane, group_id, seq) VALUES ($1, $2, $3, $4)
             ON CONFLICT (reader, lane, group_id) DO UPDATE SET seq = excluded.seq
                WHERE excluded.seq > read_marks.seq",
        )
        .bind(reader)
        .bind(word)
        .bind(group)
        .bind(upto.0)
        .execute(self.writer())
        .await
        .map(drop)
        .map_err(StoreError::of)
    }

    /// The secret part of the address at which reports are received: the one that is kept, else the one
    /// given, which is kept from now on.
    ///
    /// # Errors
    /// When the store could not be read or written.
    pub async fn receive_path(&self, fresh: &str) -> Result<String, StoreError> {
        query(
            "INSERT INTO settings (name, value) VALUES ('receive_path', $1)
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(fresh)
        .execute(self.writer())
        .await
        .map_err(StoreError::of)?;
        let rows = query("SELECT value FROM settings WHERE name = 'receive_path'")
            .fetch_all(self.writer())
            .await
            .map_err(StoreError::of)?;
        let row = rows.first().ok_or(StoreError::Damaged)?;
        row.try_get(0).map_err(StoreError::of)
    }
}

/// Moves a message of ours on; false when that is no news. That the provider reports it at all says that
/// the message was taken, whatever became of the answer.
async fn move_on(
    transaction: &mut Transaction,
    seq: i64,
    delivery: &Delivery,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let name = match &delivery.correlation {
        Some(id) => id.as_str().to_owned(),
        None => known_by_provider_id(transaction, &delivery.provider_id).await?,
    };
    if delivery.correlation.is_some() {
        super::journal::settle_reported(transaction, &name, now).await?;
    }
    let before = query("SELECT name, state, code, word FROM deliveries WHERE name = $1")
        .bind(&name)
        .fetch_all(&mut *transaction)
        .await?;
    let before = before.first().and_then(state_of);
    if before.is_some_and(|before| !before.leads_to(&delivery.state)) {
        return Ok(false);
    }
    let (state, code, word) = state_columns(&delivery.state);
    query(
        "INSERT INTO deliveries (name, seq, state, code, word, reported_at, kept_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, state = excluded.state,
            code = excluded.code, word = excluded.word, reported_at = excluded.reported_at",
    )
    .bind(&name)
    .bind(seq)
    .bind(state)
    .bind(code)
    .bind(without_zero(word))
    .bind(delivery.at.map(millis))
    .bind(millis(now))
    .execute(&mut *transaction)
    .await?;
    Ok(true)
}

/// What a message is called here that a report knows by the provider's name only.
async fn known_by_provider_id(
    transaction: &mut Transaction,
    provider_id: &str,
) -> Result<String, sqlx::Error> {
    let known = query("SELECT correlation FROM provider_ids WHERE provider_id = $1")
        .bind(without_zero(provider_id))
        .fetch_all(transaction)
        .await?;
    let known = known.first().and_then(|row| row.try_get(0).ok());
    Ok(known.unwrap_or_else(|| by_provider_id(provider_id)))
}

/// Stands for a message whose own name is not known. No name of ours looks like this.
fn by_provider_id(provider_id: &str) -> String {
    format!("provider:{}", without_zero(provider_id))
}

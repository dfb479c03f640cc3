//! What other people wrote and what became of our messages: kept before the provider is told so.
//!
//! Invariants: what [`Store::receive`] returned for is on the disk; a report that comes again changes
//! nothing but a count; places ([`Seq`]) are given out in the order in which batches are committed, also
//! where several programs write, because each takes the row of the counter first. So whoever has read
//! everything up to a place misses nothing that comes behind it.

use std::collections::BTreeMap;

use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::journal::millis;
use super::{BoxFuture, Store, StoreError};
use crate::domain::{
    Clean, Content, CorrelationId, Delivery, DeliveryState, Fate, GroupId, Incoming, Item, Kept,
    Lane, LaneSummary, Millis, News, Overview, Report, Sender, Seq,
};

/// Everything of a message, with the newest name known of its sender.
const COLUMNS: &str = "seq, lane, group_id, sender, content, received_at, kept_at, times,
    COALESCE((SELECT names.name FROM names WHERE names.sender = received.sender), '') AS name";
/// What a damaged record says.
const DAMAGED: &str = "this record of the store is damaged";
/// Most letters of a message that are searched.
const MOST_WORDS: usize = 4000;

/// What a batch added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// Reports that were not there before.
    pub new: usize,
    /// Reports that had been kept already.
    pub again: usize,
}

/// How long messages are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// For so many days.
    pub days: u32,
    /// At most so many.
    pub messages: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            days: 365,
            messages: 100_000,
        }
    }
}

/// What retention did, and what it is about to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Messages that were removed.
    pub removed: u64,
    /// Those among them that nobody had read.
    pub unread: u64,
    /// Messages that nobody has read and that go next: within the last fifth of the time or the number.
    pub unread_next: u64,
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
        let last: i64 = sqlx::query_scalar(
            "UPDATE counters SET value = value WHERE name = 'received' RETURNING value",
        )
        .fetch_one(&mut *transaction)
        .await?;
        let mut received = Received::default();
        let mut next = last;
        for item in items {
            let is_new = match &item.report {
                Report::Message(message) => {
                    insert_message(&mut transaction, next + 1, item, message, now).await?
                }
                Report::Delivery(delivery) => {
                    move_on(&mut transaction, next + 1, delivery, now).await?
                }
            };
            if is_new {
                next += 1;
                received.new += 1;
            } else {
                received.again += 1;
            }
        }
        if next != last {
            sqlx::query("UPDATE counters SET value = $1 WHERE name = 'received'")
                .bind(next)
                .execute(&mut *transaction)
                .await?;
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
        let last: i64 = sqlx::query_scalar(
            "UPDATE counters SET value = value + 1 WHERE name = 'received' RETURNING value",
        )
        .fetch_one(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO provider_ids (provider_id, correlation) VALUES ($1, $2)
             ON CONFLICT (provider_id) DO NOTHING",
        )
        .bind(provider_id)
        .bind(id.as_str())
        .execute(&mut *transaction)
        .await?;
        // A report that was quicker than the answer.
        sqlx::query(
            "UPDATE deliveries SET name = $1, seq = $2 WHERE name = $3
                AND NOT EXISTS (SELECT 1 FROM deliveries WHERE name = $1)",
        )
        .bind(id.as_str())
        .bind(last)
        .bind(by_provider_id(provider_id))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// Everything that is kept, at one look, for one reader.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn overview(&self, reader: &str) -> Result<Overview, StoreError> {
        // First: what comes between these questions is told twice rather than never.
        let last = self.last_seq().await?;
        let counts = sqlx::query(
            "SELECT received.lane, received.group_id, COUNT(*) AS total,
                COUNT(CASE WHEN received.seq > COALESCE(read_marks.seq, 0) THEN 1 END) AS unread,
                MIN(CASE WHEN received.seq > COALESCE(read_marks.seq, 0)
                    THEN received.seq END) AS first_unread
             FROM received LEFT JOIN read_marks ON read_marks.reader = $1
                AND read_marks.lane = received.lane AND read_marks.group_id = received.group_id
             GROUP BY received.lane, received.group_id",
        )
        .bind(reader)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        let newest = sqlx::query(&format!(
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
        let number = |row: &SqliteRow, column: &str| {
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
        sqlx::query_scalar("SELECT value FROM counters WHERE name = 'received'")
            .fetch_one(self.readers())
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
        let rows = sqlx::query(&format!(
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
        let rows = sqlx::query(
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
        let rows = sqlx::query(&format!(
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
        sqlx::query_scalar("SELECT raw FROM received WHERE seq = $1")
            .bind(seq.0)
            .fetch_optional(self.readers())
            .await
            .map_err(StoreError::of)
    }

    /// How far messages of ours got, for those of which something is known.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn fates(&self, ids: &[CorrelationId]) -> Result<Vec<Fate>, StoreError> {
        let mut fates = Vec::new();
        for id in ids {
            let row = sqlx::query("SELECT name, state, code, word FROM deliveries WHERE name = $1")
                .bind(id.as_str())
                .fetch_optional(self.readers())
                .await
                .map_err(StoreError::of)?;
            fates.extend(row.as_ref().and_then(fate));
        }
        Ok(fates)
    }

    /// A reader has read a lane up to a place. Never backwards.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn mark_read(&self, reader: &str, lane: &Lane, upto: Seq) -> Result<(), StoreError> {
        let (word, group) = lane_columns(lane);
        sqlx::query(
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
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('receive_path', $1)
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(fresh)
        .execute(self.writer())
        .await
        .map_err(StoreError::of)?;
        sqlx::query_scalar("SELECT value FROM settings WHERE name = 'receive_path'")
            .fetch_one(self.writer())
            .await
            .map_err(StoreError::of)
    }

    /// Removes what is older or more than is to be kept, oldest first.
    ///
    /// # Errors
    /// When the store could not be read or written; nothing is removed then.
    pub async fn prune(&self, keep: Retention, now: Millis) -> Result<Pruned, StoreError> {
        let pruned: BoxFuture<'_, _> = Box::pin(self.remove_old(keep, now));
        pruned.await.map_err(StoreError::of)
    }

    async fn remove_old(&self, keep: Retention, now: Millis) -> Result<Pruned, sqlx::Error> {
        const DAY: u64 = 24 * 60 * 60 * 1000;
        let days = u64::from(keep.days) * DAY;
        let before = |age: u64| millis(Millis(now.0.saturating_sub(age)));
        let mut transaction = self.writer().begin().await?;
        let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM received")
            .fetch_one(&mut *transaction)
            .await?;
        // The place up to which messages are too many.
        let place = |surplus: i64| {
            sqlx::query_scalar::<_, i64>(
                "SELECT COALESCE(MAX(seq), 0) FROM
                    (SELECT seq FROM received ORDER BY seq LIMIT $1) AS oldest",
            )
            .bind(surplus.max(0))
        };
        let upto = place(total - i64::from(keep.messages))
            .fetch_one(&mut *transaction)
            .await?;
        let unread = |upto: i64, before: i64| {
            sqlx::query_scalar::<_, i64>(
                "SELECT COUNT(*) FROM received WHERE (seq <= $1 OR kept_at < $2)
                    AND lane <> 'unreadable' AND NOT EXISTS
                    (SELECT 1 FROM read_marks WHERE read_marks.lane = received.lane
                        AND read_marks.group_id = received.group_id
                        AND read_marks.seq >= received.seq)",
            )
            .bind(upto)
            .bind(before)
        };
        let gone_unread = unread(upto, before(days))
            .fetch_one(&mut *transaction)
            .await?;
        let removed = sqlx::query("DELETE FROM received WHERE seq <= $1 OR kept_at < $2")
            .bind(upto)
            .bind(before(days))
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        sqlx::query("DELETE FROM deliveries WHERE kept_at < $1")
            .bind(before(days))
            .execute(&mut *transaction)
            .await?;
        let left = total - i64::try_from(removed).unwrap_or(total);
        let next = place(left - i64::from(keep.messages) * 4 / 5)
            .fetch_one(&mut *transaction)
            .await?;
        let unread_next = unread(next, before(days * 4 / 5))
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Pruned {
            removed,
            unread: u64::try_from(gone_unread).unwrap_or_default(),
            unread_next: u64::try_from(unread_next).unwrap_or_default(),
        })
    }
}

/// Keeps a message at a place; false when it was kept before.
async fn insert_message(
    connection: &mut SqliteConnection,
    seq: i64,
    item: &Item,
    message: &Incoming,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let (lane, group) = lane_columns(&message.lane);
    let sender = without_zero(message.sender.as_str());
    let inserted = sqlx::query(
        "INSERT INTO received (seq, item_key, lane, group_id, sender, content, words, received_at,
            kept_at, times, raw)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10)
         ON CONFLICT (item_key) DO NOTHING",
    )
    .bind(seq)
    .bind(without_zero(&item.key))
    .bind(lane)
    .bind(group)
    .bind(&sender)
    .bind(content_column(&message.content))
    .bind(words(message))
    .bind(message.received_at.map(millis))
    .bind(millis(now))
    .bind(without_zero(&item.raw))
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if inserted == 0 {
        sqlx::query("UPDATE received SET times = times + 1 WHERE item_key = $1")
            .bind(without_zero(&item.key))
            .execute(&mut *connection)
            .await?;
        return Ok(false);
    }
    if !message.name.is_blank() && !sender.is_empty() {
        sqlx::query(
            "INSERT INTO names (sender, name) VALUES ($1, $2)
             ON CONFLICT (sender) DO UPDATE SET name = excluded.name
                WHERE names.name <> excluded.name",
        )
        .bind(&sender)
        .bind(without_zero(message.name.raw()))
        .execute(&mut *connection)
        .await?;
    }
    Ok(true)
}

/// Moves a message of ours on; false when that is no news. That the provider reports it at all says that
/// the message was taken, whatever became of the answer.
async fn move_on(
    connection: &mut SqliteConnection,
    seq: i64,
    delivery: &Delivery,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let name = match &delivery.correlation {
        Some(id) => id.as_str().to_owned(),
        None => known_by_provider_id(connection, &delivery.provider_id).await?,
    };
    if delivery.correlation.is_some() {
        super::journal::settle_reported(connection, &name, now).await?;
    }
    let before = sqlx::query("SELECT name, state, code, word FROM deliveries WHERE name = $1")
        .bind(&name)
        .fetch_optional(&mut *connection)
        .await?;
    let before = before.as_ref().and_then(state_of);
    if before.is_some_and(|before| !before.leads_to(&delivery.state)) {
        return Ok(false);
    }
    let (state, code, word) = state_columns(&delivery.state);
    sqlx::query(
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
    .execute(&mut *connection)
    .await?;
    Ok(true)
}

/// What a message is called here that a report knows by the provider's name only.
async fn known_by_provider_id(
    connection: &mut SqliteConnection,
    provider_id: &str,
) -> Result<String, sqlx::Error> {
    let known = sqlx::query_scalar("SELECT correlation FROM provider_ids WHERE provider_id = $1")
        .bind(without_zero(provider_id))
        .fetch_optional(connection)
        .await?;
    Ok(known.unwrap_or_else(|| by_provider_id(provider_id)))
}

/// Stands for a message whose own name is not known. No name of ours looks like this.
fn by_provider_id(provider_id: &str) -> String {
    format!("provider:{}", without_zero(provider_id))
}

fn lane_columns(lane: &Lane) -> (&'static str, &str) {
    match lane {
        Lane::Group(id) => ("group", id.as_str()),
        Lane::Direct => ("direct", ""),
        Lane::Unclassified => ("unclassified", ""),
        Lane::Unreadable => ("unreadable", ""),
    }
}

/// A lane that cannot be read is one where nothing can be answered.
fn lane_of(row: &SqliteRow) -> Lane {
    let text = |column: &str| row.try_get::<String, _>(column).unwrap_or_default();
    match text("lane").as_str() {
        "group" => GroupId::new(&text("group_id")).map_or(Lane::Unreadable, Lane::Group),
        "direct" => Lane::Direct,
        "unclassified" => Lane::Unclassified,
        _ => Lane::Unreadable,
    }
}

fn content_column(content: &Content) -> String {
    // Never fails: plain fields. JSON has no zero byte.
    serde_json::to_string(content).unwrap_or_default()
}

/// What a message is found by, in lower case.
fn words(message: &Incoming) -> String {
    let line = message.content.line();
    let words = format!(
        "{line}\n{}\n{}",
        message.sender.as_str(),
        message.sender.pretty()
    );
    let words: String = words.chars().take(MOST_WORDS).collect();
    without_zero(&words.to_lowercase())
}

/// A text as every database takes it: PostgreSQL keeps no zero byte.
fn without_zero(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn kept(row: &SqliteRow) -> Kept {
    let text = |column: &str| row.try_get::<String, _>(column).unwrap_or_default();
    let number = |column: &str| row.try_get::<Option<i64>, _>(column).ok().flatten();
    let at = |column: &str| number(column).and_then(|at| u64::try_from(at).ok());
    let content = serde_json::from_str(&text("content"));
    Kept {
        seq: Seq(number("seq").unwrap_or_default()),
        kept_at: Millis(at("kept_at").unwrap_or_default()),
        times: at("times").map_or(1, |times| u32::try_from(times).unwrap_or(u32::MAX)),
        message: Incoming {
            lane: lane_of(row),
            sender: Sender::new(&text("sender")),
            name: Clean::new(&text("name")),
            content: content.unwrap_or_else(|_why| Content::Unreadable(DAMAGED.to_owned())),
            received_at: at("received_at").map(Millis),
        },
    }
}

fn state_columns(state: &DeliveryState) -> (&'static str, Option<i64>, &str) {
    match state {
        DeliveryState::Sent => ("sent", None, ""),
        DeliveryState::Delivered => ("delivered", None, ""),
        DeliveryState::Read => ("read", None, ""),
        DeliveryState::Failed { code, word } => ("failed", *code, word),
    }
}

fn state_of(row: &SqliteRow) -> Option<DeliveryState> {
    Some(match row.try_get::<String, _>("state").ok()?.as_str() {
        "sent" => DeliveryState::Sent,
        "delivered" => DeliveryState::Delivered,
        "read" => DeliveryState::Read,
        "failed" => DeliveryState::Failed {
            code: row.try_get("code").ok()?,
            word: row.try_get("word").ok()?,
        },
        _ => return None,
    })
}

/// How far a message of ours got; `None` for one that is not known to be ours.
fn fate(row: &SqliteRow) -> Option<Fate> {
    Some(Fate {
        id: CorrelationId::of_report(&row.try_get::<String, _>("name").ok()?)?,
        state: state_of(row)?,
    })
}

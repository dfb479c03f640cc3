//! What is removed from the store, and what the user has to be told before that.
//!
//! Invariant: nothing that nobody has read goes without being counted, and is announced before.

use crate::domain::Millis;
use crate::store::journal::millis;
use crate::store::query::query;
use crate::store::{BoxFuture, Store, StoreError};

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
        let total: i64 = query("SELECT COUNT(*) FROM received")
            .fetch_number(&mut transaction)
            .await?;
        // The place up to which messages are too many.
        let place = |surplus: i64| {
            query(
                "SELECT COALESCE(MAX(seq), 0) FROM
                    (SELECT seq FROM received ORDER BY seq LIMIT $1) AS oldest",
            )
            .bind(surplus.max(0))
        };
        let upto = place(total - i64::from(keep.messages))
            .fetch_number(&mut transaction)
            .await?;
        let unread = |upto: i64, before: i64| {
            query(
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
            .fetch_number(&mut transaction)
            .await?;
        let removed = query("DELETE FROM received WHERE seq <= $1 OR kept_at < $2")
            .bind(upto)
            .bind(before(days))
            .execute(&mut transaction)
            .await?;
        query("DELETE FROM deliveries WHERE kept_at < $1")
            .bind(before(days))
            .execute(&mut transaction)
            .await?;
        let left = total - i64::try_from(removed).unwrap_or(total);
        let next = place(left - i64::from(keep.messages) * 4 / 5)
            .fetch_number(&mut transaction)
            .await?;
        let unread_next = unread(next, before(days * 4 / 5))
            .fetch_number(&mut transaction)
            .await?;
        transaction.commit().await?;
        Ok(Pruned {
            removed,
            unread: u64::try_from(gone_unread).unwrap_or_default(),
            unread_next: u64::try_from(unread_next).unwrap_or_default(),
        })
    }
}

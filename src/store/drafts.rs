//! Messages that were begun and not sent, one for each group and account. Kept as they were typed.

use sqlx::Row as _;

use super::{Store, StoreError};
use crate::domain::GroupId;

impl Store {
    /// Keeps the text being written to a group; a blank one is forgotten. Durable when it returns.
    ///
    /// # Errors
    /// When it could not be written: the text is then only in memory.
    pub async fn save_draft(
        &self,
        account: &str,
        group: &GroupId,
        text: &str,
    ) -> Result<(), StoreError> {
        let query = if text.trim().is_empty() {
            sqlx::query("DELETE FROM drafts WHERE account = $1 AND group_id = $2")
                .bind(account)
                .bind(group.as_str())
        } else {
            sqlx::query(
                "INSERT INTO drafts (account, group_id, body) VALUES ($1, $2, $3)
                 ON CONFLICT (account, group_id) DO UPDATE SET body = excluded.body",
            )
            .bind(account)
            .bind(group.as_str())
            .bind(text)
        };
        let done = query.execute(self.writer()).await;
        done.map(drop).map_err(StoreError::of)
    }

    /// All texts being written by an account, in the order of the groups' ids. One whose record is
    /// damaged is left out.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn drafts(&self, account: &str) -> Result<Vec<(GroupId, String)>, StoreError> {
        let rows =
            sqlx::query("SELECT group_id, body FROM drafts WHERE account = $1 ORDER BY group_id")
                .bind(account)
                .fetch_all(self.readers())
                .await
                .map_err(StoreError::of)?;
        let drafts = rows.iter().filter_map(|row| {
            let group = GroupId::new(row.try_get(0).ok()?).ok()?;
            Some((group, row.try_get(1).ok()?))
        });
        Ok(drafts.collect())
    }
}

//! Messages that were begun and not sent, one for each group and account. Kept as they were typed.
//!
//! Invariant: a text leaves the journal's list and enters the draft in one step, so that a program which
//! is killed loses none and doubles none.

use sqlx::Row as _;

use super::{BoxFuture, Store, StoreError};
use crate::domain::{GroupId, KeptDraft};

impl Store {
    /// Keeps what is being written to a group; a blank text is forgotten. The messages whose place it
    /// takes are no longer among [`Self::messages_to`]. All of it or nothing; durable when it returns.
    ///
    /// # Errors
    /// When it could not be written: the text is then only in memory.
    pub async fn save_draft(
        &self,
        account: &str,
        group: &GroupId,
        draft: &KeptDraft,
    ) -> Result<(), StoreError> {
        let saved = self.keep(account, group, draft).await;
        saved.map_err(StoreError::of)
    }

    fn keep<'a>(
        &'a self,
        account: &'a str,
        group: &'a GroupId,
        draft: &'a KeptDraft,
    ) -> BoxFuture<'a, Result<(), sqlx::Error>> {
        Box::pin(self.replace(account, group, draft))
    }

    async fn replace(
        &self,
        account: &str,
        group: &GroupId,
        draft: &KeptDraft,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.writer().begin().await?;
        let query = if draft.text.trim().is_empty() {
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
            .bind(&draft.text)
        };
        query.execute(&mut *transaction).await?;
        for entry in &draft.put_away {
            sqlx::query("INSERT INTO put_away (entry) VALUES ($1) ON CONFLICT (entry) DO NOTHING")
                .bind(entry.0)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await
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

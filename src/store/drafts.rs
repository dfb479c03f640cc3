//! Messages that were begun and not sent, one for each group and account. Kept as they were typed.
//!
//! A message that waits to leave is kept under its name: whether it stands in the journal is asked when the
//! draft is read, not when it is written, so it does not matter where a program was killed in between.
//!
//! Invariant: a text leaves the journal's list and enters the draft in one step, so that a program which
//! is killed loses none and doubles none.

use super::query::{Row, Turn, query};
use super::{Store, StoreError};
use crate::domain::{GroupId, KeptDraft};

impl Store {
    /// Keeps what is being written to a group; a blank text is forgotten, unless it stands behind another.
    /// The messages whose place it takes are no longer among [`Self::messages_to`]. All of it or nothing;
    /// durable when it returns.
    ///
    /// # Errors
    /// When it could not be written: the text is then only in memory.
    pub async fn save_draft(
        &self,
        account: &str,
        group: &GroupId,
        draft: &KeptDraft,
    ) -> Result<(), StoreError> {
        let saved = self.replace(account, group, draft).await;
        saved.map_err(StoreError::of)
    }

    async fn replace(
        &self,
        account: &str,
        group: &GroupId,
        draft: &KeptDraft,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.writer().begin().await?;
        transaction.take(Turn::Drafts).await?;
        if !draft.is_behind {
            for forget in [
                "DELETE FROM drafts WHERE account = $1 AND group_id = $2",
                "DELETE FROM waiting WHERE account = $1 AND group_id = $2",
            ] {
                query(forget)
                    .bind(account)
                    .bind(group.as_str())
                    .execute(&mut transaction)
                    .await?;
            }
        }
        if !draft.text.trim().is_empty() {
            query(
                "INSERT INTO drafts (account, group_id, body) VALUES ($1, $2, $3)
                 ON CONFLICT (account, group_id) DO UPDATE
                 SET body = drafts.body || $4 || excluded.body",
            )
            .bind(account)
            .bind(group.as_str())
            .bind(&draft.text)
            .bind("\n")
            .execute(&mut transaction)
            .await?;
        }
        let next = query(
            "SELECT COALESCE(MAX(place), 0) + 1 FROM waiting WHERE account = $1 AND group_id = $2",
        )
        .bind(account)
        .bind(group.as_str())
        .fetch_number(&mut transaction)
        .await?;
        for ((id, text), place) in draft.waiting.iter().zip(next..) {
            query(
                "INSERT INTO waiting (account, group_id, place, correlation, body)
                 VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(account)
            .bind(group.as_str())
            .bind(place)
            .bind(id.as_str())
            .bind(text)
            .execute(&mut transaction)
            .await?;
        }
        for entry in &draft.put_away {
            query("INSERT INTO put_away (entry) VALUES ($1) ON CONFLICT (entry) DO NOTHING")
                .bind(entry.0)
                .execute(&mut transaction)
                .await?;
        }
        transaction.commit().await
    }

    /// All texts being written by an account, in the order of the groups' ids: what waited to leave, then
    /// what was typed. What stands in the journal is not among them. One whose record is damaged is left
    /// out.
    ///
    /// # Errors
    /// When the store could not be read.
    pub async fn drafts(&self, account: &str) -> Result<Vec<(GroupId, String)>, StoreError> {
        let rows = query(
            "SELECT group_id, body, 0 AS part, place FROM waiting
             WHERE account = $1 AND NOT EXISTS
                (SELECT 1 FROM journal WHERE journal.correlation = waiting.correlation)
             UNION ALL
             SELECT group_id, body, 1 AS part, 0 AS place FROM drafts WHERE account = $1
             ORDER BY group_id, part, place",
        )
        .bind(account)
        .fetch_all(self.readers())
        .await
        .map_err(StoreError::of)?;
        let mut drafts: Vec<(GroupId, String)> = Vec::new();
        for (group, text) in rows.iter().filter_map(part) {
            match drafts.last_mut() {
                Some((last, before)) if *last == group => {
                    before.push('\n');
                    before.push_str(&text);
                }
                Some(_) | None => drafts.push((group, text)),
            }
        }
        Ok(drafts)
    }
}

fn part(row: &Row) -> Option<(GroupId, String)> {
    let group = GroupId::new(row.try_get(0).ok()?).ok()?;
    Some((group, row.try_get(1).ok()?))
}

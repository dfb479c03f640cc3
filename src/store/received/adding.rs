//! Many messages in few statements: each costs a way to the database and back, while everybody else waits
//! for the place that comes next.
//!
//! Invariant: a message that is there already only counts once more, also when it comes twice at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::columns::{content_column, lane_columns, without_zero, words};
use crate::domain::{Incoming, Item, Millis};
use crate::store::journal::millis;
use crate::store::query::{Transaction, query};

/// Rows of one statement. There are few sizes, so that the statements stay prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// What was added.
pub(super) struct Added {
    /// The last place that is taken now.
    pub(super) last: i64,
    /// Messages that were not there before.
    pub(super) new: usize,
}

struct Row<'i> {
    seq: i64,
    key: String,
    times: i64,
    sender: String,
    item: &'i Item,
    message: &'i Incoming,
}

/// Keeps messages behind a place, in their order.
///
/// # Errors
/// When the database refuses: the transaction must be taken back.
pub(super) async fn add(
    transaction: &mut Transaction,
    last: i64,
    messages: &[(&Item, &Incoming)],
    now: Millis,
) -> Result<Added, sqlx::Error> {
    let mut added = Added { last, new: 0 };
    let rows = rows(last, messages);
    let mut names = BTreeMap::new();
    for rows in parts(&rows) {
        let places = insert(transaction, rows, now).await?;
        for row in rows.iter().filter(|row| places.contains(&row.seq)) {
            added.last = row.seq;
            added.new += 1;
            if !row.message.name.is_blank() && !row.sender.is_empty() {
                names.insert(&row.sender, without_zero(row.message.name.raw()));
            }
        }
    }
    let names: Vec<_> = names.into_iter().collect();
    for names in parts(&names) {
        let sql = format!(
            "INSERT INTO names (sender, name) VALUES {}
             ON CONFLICT (sender) DO UPDATE SET name = excluded.name
                WHERE names.name <> excluded.name",
            places(2, names.len())
        );
        let mut statement = query(&sql);
        for (sender, name) in names {
            statement = statement.bind(*sender).bind(name);
        }
        statement.execute(&mut *transaction).await?;
    }
    Ok(added)
}

/// One for each message; one that comes twice, as the provider may send it, is there once.
fn rows<'i>(last: i64, messages: &[(&'i Item, &'i Incoming)]) -> Vec<Row<'i>> {
    let mut rows: Vec<Row<'i>> = Vec::new();
    let mut seq = last;
    let mut known = BTreeMap::new();
    for (item, message) in messages {
        let key = without_zero(&item.key);
        let known = known.entry(key.clone()).or_insert(rows.len());
        if let Some(row) = rows.get_mut(*known) {
            row.times += 1;
            continue;
        }
        seq += 1;
        rows.push(Row {
            seq,
            key,
            times: 1,
            sender: without_zero(message.sender.as_str()),
            item,
            message,
        });
    }
    rows
}

/// Inserts these rows and returns the places of all of them: those that were there have another than ours.
async fn insert(
    transaction: &mut Transaction,
    rows: &[Row<'_>],
    now: Millis,
) -> Result<BTreeSet<i64>, sqlx::Error> {
    let sql = format!(
        "INSERT INTO received (seq, item_key, lane, group_id, sender, content, words, received_at,
            kept_at, times, raw)
         VALUES {}
         ON CONFLICT (item_key) DO UPDATE SET times = received.times + excluded.times
         RETURNING seq",
        places(11, rows.len())
    );
    let mut statement = query(&sql);
    for row in rows {
        let (lane, group) = lane_columns(&row.message.lane);
        statement = statement
            .bind(row.seq)
            .bind(&row.key)
            .bind(lane)
            .bind(group)
            .bind(&row.sender)
            .bind(content_column(&row.message.content))
            .bind(words(row.message))
            .bind(row.message.received_at.map(millis))
            .bind(millis(now))
            .bind(row.times)
            .bind(without_zero(&row.item.raw));
    }
    let rows = statement.fetch_all(transaction).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// Parts of a list, none of a size that is not one of [`SIZES`].
fn parts<T>(mut list: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= list.len())?;
        let (part, rest) = list.split_at_checked(size)?;
        list = rest;
        Some(part)
    })
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn places(columns: usize, rows: usize) -> String {
    let mut text = String::new();
    for place in 0..columns * rows {
        let before = match (place, place % columns) {
            (0, _) => "($",
            (_, 0) => "), ($",
            (_, _) => ", $",
        };
        // Writing to a string does not fail.
        let _ = write!(text, "{before}{}", place + 1);
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_cut_into_few_sizes_and_nothing_is_left_out() {
        let list: Vec<usize> = (0..155).collect();
        let cut: Vec<&[usize]> = parts(&list).collect();
        let sizes: Vec<usize> = cut.iter().map(|part| part.len()).collect();
        assert_eq!(sizes, [64, 64, 16, 4, 4, 1, 1, 1]);
        assert_eq!(cut.concat(), list);
        assert_eq!(parts::<usize>(&[]).count(), 0);
        assert_eq!(places(2, 2), "($1, $2), ($3, $4)");
    }
}

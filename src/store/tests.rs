//! Tests of the store on real files in folders that vanish.

mod damage;
mod exports;
mod journal;
mod opening;
mod received;

use std::path::Path;

use super::*;
use crate::domain::journal::{Before, ChangeKind, Entry, EntryQuery, Intent, Whose};
use crate::domain::{GroupId, KeptDraft, WaId};

const NOW: Millis = Millis(1_750_000_000_000);

fn wa(text: &str) -> WaId {
    WaId::from_api(text).unwrap()
}

fn group(text: &str) -> GroupId {
    GroupId::new(text).unwrap()
}

/// A draft that is nothing but a text.
fn draft(text: &str) -> KeptDraft {
    KeptDraft {
        text: text.into(),
        ..KeptDraft::default()
    }
}

fn rename(name: &str, after: &str) -> Intent {
    Intent {
        account: "ana@api-messaging.wavy.global".into(),
        group: Some(group("5519900000000-1513616971")),
        group_name: name.into(),
        kind: ChangeKind::Rename,
        people: Vec::new(),
        before: Before::Subject(name.into()),
        after: after.into(),
        correlation: None,
    }
}

async fn open(path: &Path) -> (Store, Opened) {
    Store::open(Location::file(path), NOW).await.unwrap()
}

async fn refused(path: &Path) -> StoreError {
    let opened = Store::open(Location::file(path), NOW).await;
    opened.map(|(_, opened)| opened).unwrap_err()
}

fn all() -> EntryQuery {
    found("")
}

fn found(words: &str) -> EntryQuery {
    EntryQuery {
        whose: Whose::Everyone,
        words: words.into(),
        before: None,
        limit: 10_000,
    }
}

async fn ids(store: &Store) -> Vec<i64> {
    let entries: Vec<Entry> = store.entries(&all()).await.unwrap();
    entries.iter().map(|entry| entry.id.0).collect()
}

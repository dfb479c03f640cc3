//! The journal behind the loop: opened after the first frame, written before a change leaves, read when
//! somebody wants to look.
//!
//! Invariant: no change leaves that is not on the disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, watch};

use super::clock;
use crate::app::msg::Msg;
use crate::app::remote::Ticket;
use crate::domain::Masking;
use crate::domain::journal::{Before, End, Entry, EntryId, EntryQuery, ExportFormat, Intent};
use crate::store::{Location, Store};

/// How long the end of the program waits until everything is written and closed.
const CLOSING: Duration = Duration::from_secs(2);

/// Where changes are written down.
#[derive(Clone, Debug)]
pub enum Record {
    /// There.
    At(Location),
    /// There is no place, and why: changes are refused.
    Impossible(String),
}

/// How far the store is.
#[derive(Clone, Debug)]
enum Stage {
    /// It is not known yet.
    Opening,
    Open(Store),
    /// There is none, and why. The next change tries once more.
    Failed(String),
}

/// The journal of one run. Clones share it.
#[derive(Clone)]
pub(super) struct Ledger(Arc<Inner>);

struct Inner {
    record: Record,
    stage: watch::Sender<Stage>,
    /// Held by whoever opens the store.
    turn: Mutex<()>,
    entries: Lock<HashMap<Ticket, EntryId>>,
}

impl Ledger {
    pub(super) fn new(record: Record) -> Self {
        Self(Arc::new(Inner {
            record,
            stage: watch::Sender::new(Stage::Opening),
            turn: Mutex::new(()),
            entries: Lock::default(),
        }))
    }

    /// Opens the store, unless it is open, and returns what the core has to know, in order.
    pub(super) async fn open(&self) -> Vec<Msg> {
        let _turn = self.0.turn.lock().await;
        if matches!(*self.0.stage.borrow(), Stage::Open(_)) {
            return vec![];
        }
        let location = match &self.0.record {
            Record::At(location) => location.clone(),
            Record::Impossible(why) => return self.failed(why.clone()),
        };
        let (store, opened) = match Store::open(location, clock::now()).await {
            Ok(opened) => opened,
            Err(why) => return self.failed(why.to_string()),
        };
        let entries = match store.recover(clock::now()).await {
            Ok(entries) => entries,
            Err(why) => return self.failed(why.to_string()),
        };
        self.0.stage.send_replace(Stage::Open(store));
        let mended = opened.notice().map(Msg::JournalMended);
        let recovered = (!entries.is_empty()).then_some(Msg::Recovered(entries));
        mended.into_iter().chain(recovered).collect()
    }

    fn failed(&self, why: String) -> Vec<Msg> {
        self.0.stage.send_replace(Stage::Failed(why.clone()));
        vec![Msg::JournalRefused(why)]
    }

    async fn store(&self) -> Result<Store, String> {
        let mut stage = self.0.stage.subscribe();
        let known = stage
            .wait_for(|stage| !matches!(stage, Stage::Opening))
            .await;
        match known.as_deref() {
            Ok(Stage::Open(store)) => Ok(store.clone()),
            Ok(Stage::Failed(why)) => Err(why.clone()),
            Ok(Stage::Opening) | Err(_) => Err("the journal could not be opened".to_owned()),
        }
    }

    /// Writes down what is about to be done. Where there was no store, one more attempt is made to open
    /// it; what the core has to know of that comes with the result.
    ///
    /// # Errors
    /// When it could not be written: then it must not be done.
    pub(super) async fn begin(
        &self,
        ticket: Ticket,
        intent: &Intent,
    ) -> (Result<(), String>, Vec<Msg>) {
        let mut news = vec![];
        if self.store().await.is_err() {
            news = self.open().await;
        }
        (self.write_down(ticket, intent).await, news)
    }

    async fn write_down(&self, ticket: Ticket, intent: &Intent) -> Result<(), String> {
        let begun = self.store().await?.begin(intent, clock::now()).await;
        let entry = begun.map_err(|why| why.to_string())?;
        let mut entries = self
            .0
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        entries.insert(ticket, entry);
        Ok(())
    }

    /// Writes down what became of a change; one that was never written down has no end either. Returns
    /// the entry when it says that nobody knows.
    pub(super) async fn settle(&self, ticket: Ticket, end: &End) -> Result<Option<Entry>, String> {
        let entry = {
            let mut entries = self
                .0
                .entries
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            entries.remove(&ticket)
        };
        let Some(entry) = entry else { return Ok(None) };
        self.settle_entry(entry, end).await?;
        if end.is_final() {
            return Ok(None);
        }
        let read = self.store().await?.entry(entry).await;
        read.map_err(|why| why.to_string())
    }

    /// The same for a change of an earlier run.
    pub(super) async fn settle_entry(&self, entry: EntryId, end: &End) -> Result<(), String> {
        let settled = self.store().await?.settle(entry, end, clock::now()).await;
        settled.map_err(|why| why.to_string())
    }

    /// Reads entries, without the pictures they hold.
    pub(super) async fn read(&self, query: &EntryQuery) -> Result<Vec<Entry>, String> {
        let read = self.store().await?.entries(query).await;
        let mut entries = read.map_err(|why| why.to_string())?;
        for entry in &mut entries {
            if let Some(intent) = &mut entry.intent
                && matches!(intent.before, Before::Icon(_))
            {
                intent.before = Before::Unknown;
            }
        }
        Ok(entries)
    }

    /// The whole journal as text.
    pub(super) async fn export(
        &self,
        format: ExportFormat,
        masking: Masking,
    ) -> Result<String, String> {
        let exported = self.store().await?.export(format, masking).await;
        exported.map_err(|why| why.to_string())
    }

    /// Closes what is open.
    pub(super) async fn close(&self) {
        let stage = self.0.stage.borrow().clone();
        if let Stage::Open(store) = stage {
            // What is not closed in time is found by the next start.
            let _ = tokio::time::timeout(CLOSING, store.close()).await;
        }
    }
}

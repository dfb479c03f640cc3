//! The journal behind the loop: opened after the first frame, written before a change leaves.
//!
//! Invariant: where a journal is kept, no change leaves that is not on the disk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::clock;
use crate::app::msg::Msg;
use crate::app::remote::Ticket;
use crate::domain::journal::{End, EntryId, Intent};
use crate::store::{Location, Store};

/// How long the end of the program waits until everything is written and closed.
const CLOSING: Duration = Duration::from_secs(2);

/// Where changes are written down.
#[derive(Clone, Debug)]
pub enum Record {
    /// Nowhere: the server is gone when the program ends, so that nothing can be found open.
    Nowhere,
    /// There.
    At(Location),
    /// There is no place, and why: changes are refused.
    Impossible(String),
}

/// How far the store is; `Opening` until it is known.
#[derive(Clone, Debug)]
enum Stage {
    Opening,
    Nowhere,
    Open(Store),
    Failed(String),
}

/// The journal of one run. Clones share it.
#[derive(Clone)]
pub(super) struct Ledger {
    stage: watch::Receiver<Stage>,
    entries: Arc<Mutex<HashMap<Ticket, EntryId>>>,
}

/// Opens the journal; its first words come back for the core.
pub(super) struct Opener {
    record: Record,
    stage: watch::Sender<Stage>,
}

impl Ledger {
    pub(super) fn new(record: Record) -> (Self, Opener) {
        let (sender, stage) = watch::channel(Stage::Opening);
        let ledger = Self {
            stage,
            entries: Arc::default(),
        };
        let stage = sender;
        (ledger, Opener { record, stage })
    }

    async fn store(&self) -> Result<Option<Store>, String> {
        let mut stage = self.stage.clone();
        let known = stage
            .wait_for(|stage| !matches!(stage, Stage::Opening))
            .await;
        match known.as_deref() {
            Ok(Stage::Open(store)) => Ok(Some(store.clone())),
            Ok(Stage::Nowhere) => Ok(None),
            Ok(Stage::Failed(why)) => Err(why.clone()),
            Ok(Stage::Opening) | Err(_) => Err("the journal could not be opened".to_owned()),
        }
    }

    /// Writes down what is about to be done.
    ///
    /// # Errors
    /// When it could not be written: then it must not be done.
    pub(super) async fn begin(&self, ticket: Ticket, intent: &Intent) -> Result<(), String> {
        let Some(store) = self.store().await? else {
            return Ok(());
        };
        let entry = store
            .begin(intent, clock::now())
            .await
            .map_err(|why| why.to_string())?;
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(ticket, entry);
        Ok(())
    }

    /// Writes down what became of a change; one that was never written down has no end either.
    pub(super) async fn settle(&self, ticket: Ticket, end: &End) -> Result<(), String> {
        let entry = {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.remove(&ticket)
        };
        match entry {
            Some(entry) => self.settle_entry(entry, end).await,
            None => Ok(()),
        }
    }

    /// The same for a change of an earlier run.
    pub(super) async fn settle_entry(&self, entry: EntryId, end: &End) -> Result<(), String> {
        match self.store().await? {
            Some(store) => store
                .settle(entry, end, clock::now())
                .await
                .map_err(|why| why.to_string()),
            None => Ok(()),
        }
    }

    /// Closes what is open.
    pub(super) async fn close(&self) {
        let stage = self.stage.borrow().clone();
        if let Stage::Open(store) = stage {
            // What is not closed in time is found by the next start.
            let _ = tokio::time::timeout(CLOSING, store.close()).await;
        }
    }
}

impl Opener {
    /// Opens the journal and says what the core has to know, in order.
    pub(super) async fn open(self) -> Vec<Msg> {
        let location = match self.record {
            Record::Nowhere => {
                self.stage.send_replace(Stage::Nowhere);
                return vec![];
            }
            Record::Impossible(why) => {
                self.stage.send_replace(Stage::Failed(why.clone()));
                return vec![Msg::JournalRefused(why)];
            }
            Record::At(location) => location,
        };
        let opened = match Store::open(location, clock::now()).await {
            Ok((store, opened)) => match store.recover(clock::now()).await {
                Ok(entries) => Ok((store, opened, entries)),
                Err(why) => Err(why),
            },
            Err(why) => Err(why),
        };
        match opened {
            Ok((store, opened, entries)) => {
                self.stage.send_replace(Stage::Open(store));
                let mended = opened.notice().map(Msg::JournalMended);
                let recovered = (!entries.is_empty()).then_some(Msg::Recovered(entries));
                mended.into_iter().chain(recovered).collect()
            }
            Err(why) => {
                let why = why.to_string();
                self.stage.send_replace(Stage::Failed(why.clone()));
                vec![Msg::JournalRefused(why)]
            }
        }
    }
}

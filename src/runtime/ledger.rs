//! The journal behind the loop: opened after the first frame, written before a change leaves, read when
//! somebody wants to look.
//!
//! Invariant: no change leaves that is not on the disk.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex as Lock, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, watch};

use super::clock;
use super::receiving::Receiving;
use super::remembering::Recalling;
use crate::app::msg::Msg;
use crate::app::remote::Ticket;
use crate::domain::journal::{End, Entry, EntryId, EntryQuery, ExportFormat, Intent};
use crate::domain::{CorrelationId, Fate, GroupId, KeptDraft, Masking};
use crate::store::{Location, Retention, Store};

/// The end of a change that was dropped while it was being written down.
const DROPPED: &str = "nobody wanted it any more, so it was not sent";
/// How long the end of the program waits until everything is written and closed.
const CLOSING: Duration = Duration::from_secs(2);

/// What is written down, where, and in whose name.
#[derive(Clone, Debug)]
pub struct Record {
    /// Where.
    pub place: Place,
    /// Whose program this is: user and computer.
    pub person: String,
    /// How long messages are kept.
    pub keep: Retention,
    /// How this program receives, if it does.
    pub receive: Option<Receiving>,
    /// What an earlier run knew of the groups, and where to keep it for the next.
    pub recalling: Recalling,
}

/// Where changes and messages are written down.
#[derive(Clone, Debug)]
pub enum Place {
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
    written: Lock<Written>,
}

/// What is known of the changes of this run.
#[derive(Default)]
struct Written {
    /// Those that are written down and not settled.
    entries: HashMap<Ticket, EntryId>,
    /// Those that ended before they were written down: nobody wants them any more.
    dropped: HashSet<Ticket>,
}

/// Why a change was not written down, and so must not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unwritten {
    /// Nobody wants it any more.
    Dropped,
    /// The journal failed.
    Failed(String),
}

impl Ledger {
    pub(super) fn new(record: Record) -> Self {
        Self(Arc::new(Inner {
            record,
            stage: watch::Sender::new(Stage::Opening),
            turn: Mutex::new(()),
            written: Lock::default(),
        }))
    }

    /// Opens the store, unless it is open, and returns what the core has to know, in order.
    pub(super) async fn open(&self) -> Vec<Msg> {
        let _turn = self.0.turn.lock().await;
        if matches!(*self.0.stage.borrow(), Stage::Open(_)) {
            return vec![];
        }
        let location = match &self.0.record.place {
            Place::At(location) => location.clone(),
            Place::Impossible(why) => return self.failed(why.clone()),
        };
        let (store, opened) = match Store::open(location, clock::now()).await {
            Ok(opened) => opened,
            Err(why) => return self.failed(why.to_string()),
        };
        let entries = match store.recover(clock::now()).await {
            Ok(entries) => entries,
            Err(why) => return self.failed(why.to_string()),
        };
        // Without it, nobody knows who it was: no reason to refuse a change.
        let _ = store.sign(&self.0.record.person, clock::now()).await;
        self.0.stage.send_replace(Stage::Open(store));
        let mended = opened.notice().map(Msg::JournalMended);
        let recovered = (!entries.is_empty()).then_some(Msg::Recovered(entries));
        mended.into_iter().chain(recovered).collect()
    }

    fn failed(&self, why: String) -> Vec<Msg> {
        self.0.stage.send_replace(Stage::Failed(why.clone()));
        vec![Msg::JournalRefused(why)]
    }

    /// The store, once it is open, however long that takes.
    pub(super) async fn when_open(&self) -> Option<Store> {
        let mut stage = self.0.stage.subscribe();
        let open = stage
            .wait_for(|stage| matches!(stage, Stage::Open(_)))
            .await;
        match open.as_deref() {
            Ok(Stage::Open(store)) => Some(store.clone()),
            Ok(Stage::Opening | Stage::Failed(_)) | Err(_) => None,
        }
    }

    /// What is written down, and in whose name.
    pub(super) fn record(&self) -> &Record {
        &self.0.record
    }

    pub(super) async fn store(&self) -> Result<Store, String> {
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

    /// Writes down what is about to be done, and says as which entry. Where there was no store, one more
    /// attempt is made to open it; what the core has to know of that comes with the result.
    ///
    /// # Errors
    /// When it could not be written: then it must not be done.
    pub(super) async fn begin(
        &self,
        ticket: Ticket,
        intent: &Intent,
    ) -> (Result<EntryId, Unwritten>, Vec<Msg>) {
        let mut news = vec![];
        if self.store().await.is_err() {
            news = self.open().await;
        }
        (self.write_down(ticket, intent).await, news)
    }

    async fn write_down(&self, ticket: Ticket, intent: &Intent) -> Result<EntryId, Unwritten> {
        let store = self.store().await.map_err(Unwritten::Failed)?;
        if self.written().dropped.remove(&ticket) {
            return Err(Unwritten::Dropped);
        }
        let begun = store.begin(intent, clock::now()).await;
        let entry = begun.map_err(|why| Unwritten::Failed(why.to_string()))?;
        let dropped = {
            let mut written = self.written();
            let dropped = written.dropped.remove(&ticket);
            if !dropped {
                written.entries.insert(ticket, entry);
            }
            dropped
        };
        if !dropped {
            return Ok(entry);
        }
        let end = End::NotApplied(DROPPED.to_owned());
        // What cannot be noted is found open at the next start.
        let _ = store.settle(entry, &end, clock::now()).await;
        Err(Unwritten::Dropped)
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.0
            .written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What an account was writing, as it is to be shown again.
    ///
    /// # Errors
    /// When it could not be read.
    pub(super) async fn drafts(&self, account: &str) -> Result<Vec<(GroupId, String)>, String> {
        let drafts = self.store().await?.drafts(account).await;
        drafts.map_err(|why| why.to_string())
    }

    /// Keeps a draft.
    ///
    /// # Errors
    /// When it could not be written: the text is then only in memory.
    pub(super) async fn save_draft(
        &self,
        account: &str,
        group: &GroupId,
        draft: &KeptDraft,
    ) -> Result<(), String> {
        let saved = self.store().await?.save_draft(account, group, draft).await;
        saved.map_err(|why| why.to_string())
    }

    /// What an account sent to a group, newest first.
    ///
    /// # Errors
    /// When it could not be read.
    pub(super) async fn messages_to(
        &self,
        account: &str,
        group: &GroupId,
        most: u32,
    ) -> Result<Vec<Entry>, String> {
        let read = self.store().await?.messages_to(account, group, most).await;
        read.map_err(|why| why.to_string())
    }

    /// How far messages got that stand in these entries.
    ///
    /// # Errors
    /// When it could not be read.
    pub(super) async fn fates(&self, entries: &[Entry]) -> Result<Vec<Fate>, String> {
        let intents = entries.iter().filter_map(|entry| entry.intent.as_ref());
        let ids: Vec<CorrelationId> = intents
            .filter_map(|intent| intent.correlation.clone())
            .collect();
        let read = self.store().await?.fates(&ids).await;
        read.map_err(|why| why.to_string())
    }

    /// Writes down what became of a change; one that was not written down yet will not be made. Returns
    /// the entry when it says that nobody knows.
    pub(super) async fn settle(&self, ticket: Ticket, end: &End) -> Result<Option<Entry>, String> {
        let entry = {
            let mut written = self.written();
            let entry = written.entries.remove(&ticket);
            if entry.is_none() {
                written.dropped.insert(ticket);
            }
            entry
        };
        let Some(entry) = entry else { return Ok(None) };
        self.settle_entry(entry, end).await?;
        if end.is_final() {
            return Ok(None);
        }
        let read = self.store().await?.doubt(entry).await;
        read.map_err(|why| why.to_string())
    }

    /// The same for a change of an earlier run.
    pub(super) async fn settle_entry(&self, entry: EntryId, end: &End) -> Result<(), String> {
        let settled = self.store().await?.settle(entry, end, clock::now()).await;
        settled.map_err(|why| why.to_string())
    }

    /// Reads entries. Where the newest are wanted, changes of programs that are gone are looked for
    /// once more: another one may have been killed meanwhile. What is found comes with the result.
    pub(super) async fn read(&self, query: &EntryQuery) -> (Result<Vec<Entry>, String>, Vec<Msg>) {
        let store = match self.store().await {
            Ok(store) => store,
            Err(why) => return (Err(why), vec![]),
        };
        let mut news = vec![];
        if query.before.is_none()
            && query.words.is_empty()
            && let Ok(doubts) = store.recover(clock::now()).await
            && !doubts.is_empty()
        {
            news.push(Msg::Recovered(doubts));
        }
        let read = store.entries(query).await;
        (read.map_err(|why| why.to_string()), news)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::journal::{Before, ChangeKind, EntryState, Whose};

    fn intent() -> Intent {
        Intent {
            account: "ana@example.org".into(),
            group: None,
            group_name: "Turma".into(),
            kind: ChangeKind::Create,
            people: Vec::new(),
            before: Before::Unknown,
            after: "Turma".into(),
            correlation: None,
        }
    }

    fn at(path: &std::path::Path) -> Ledger {
        Ledger::new(Record {
            place: Place::At(Location::file(path.join("folder/x.db"))),
            person: "ana@laptop".into(),
            keep: Retention::default(),
            receive: None,
            recalling: Recalling::default(),
        })
    }

    async fn read(ledger: &Ledger, whose: Whose) -> Vec<Entry> {
        let query = EntryQuery {
            whose,
            words: String::new(),
            before: None,
            limit: 9,
        };
        ledger.read(&query).await.0.unwrap()
    }

    #[tokio::test]
    async fn a_change_waits_until_the_store_is_open_and_is_in_it_when_it_may_leave() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = at(folder.path());
        let (waiting, intent) = (ledger.clone(), intent());
        let mut begun = Box::pin(waiting.begin(Ticket(1), &intent));
        tokio::select! {
            biased;
            _ = &mut begun => panic!("nothing is open yet"),
            news = ledger.open() => assert!(news.is_empty()),
        }
        begun.await.0.unwrap();
        let entries = read(&ledger, Whose::Everyone).await;
        assert_eq!(entries[0].state, EntryState::InFlight);
        assert!(read(&ledger, Whose::OtherRuns).await.is_empty());
    }

    #[tokio::test]
    async fn only_an_end_that_tells_nothing_comes_back_as_a_doubt() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = at(folder.path());
        ledger.open().await;
        for (ticket, end) in [(1, End::Applied), (2, End::Unknown("cut".into()))] {
            ledger.begin(Ticket(ticket), &intent()).await.0.unwrap();
            let doubt = ledger.settle(Ticket(ticket), &end).await.unwrap();
            assert_eq!(doubt.is_some(), !end.is_final());
        }
        let unknown = ledger.settle(Ticket(3), &End::Applied).await;
        assert_eq!(unknown, Ok(None), "it was never written down");
    }

    #[tokio::test]
    async fn the_next_change_tries_once_more_to_open_a_store_that_could_not_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("folder");
        std::fs::write(&in_the_way, "").unwrap();
        let ledger = at(folder.path());
        assert!(matches!(ledger.open().await[..], [Msg::JournalRefused(_)]));
        let (written, news) = ledger.begin(Ticket(1), &intent()).await;
        assert!(written.is_err());
        assert!(matches!(news[..], [Msg::JournalRefused(_)]), "{news:?}");
        let drafts = ledger.drafts("ana").await;
        assert!(drafts.is_err(), "nobody knows that there are none");
        std::fs::remove_file(&in_the_way).unwrap();
        let (written, news) = ledger.begin(Ticket(2), &intent()).await;
        assert!(written.is_ok(), "{news:?}");
        assert!(news.is_empty());
        assert_eq!(ledger.drafts("ana").await, Ok(vec![]));
    }

    #[tokio::test]
    async fn a_change_that_nobody_wants_any_more_is_neither_sent_nor_left_open() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = at(folder.path());
        ledger.open().await;
        let end = End::Unknown("another account".into());
        assert_eq!(ledger.settle(Ticket(1), &end).await, Ok(None));
        let (written, _) = ledger.begin(Ticket(1), &intent()).await;
        assert_eq!(written, Err(Unwritten::Dropped));
        assert!(read(&ledger, Whose::Everyone).await.is_empty());
    }

    #[tokio::test]
    async fn what_another_program_left_behind_is_found_when_somebody_looks() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (at(folder.path()), at(folder.path()));
        one.open().await;
        other.open().await;
        other.begin(Ticket(1), &intent()).await.0.unwrap();
        let query = EntryQuery {
            whose: Whose::OtherRuns,
            words: String::new(),
            before: None,
            limit: 9,
        };
        let (page, news) = one.read(&query).await;
        assert_eq!(page.unwrap()[0].state, EntryState::InFlight);
        assert!(news.is_empty(), "it is at work");
        other.close().await;
        drop(other);
        let (page, news) = one.read(&query).await;
        assert!(matches!(
            page.unwrap()[0].state,
            EntryState::Ended(End::Unknown(_))
        ));
        assert!(matches!(&news[..], [Msg::Recovered(doubts)] if doubts.len() == 1));
    }
}

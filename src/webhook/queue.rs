//! Batches on their way into the sink, and what is told of them.
//!
//! One writer takes everything that waits and hands it over at once: the more there is to do, the less
//! each batch costs. Invariants: a batch is answered with [`Verdict::Kept`] only after the sink said so;
//! what waits is limited in number and in bytes; nobody waits longer than [`Patience`] says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::time::timeout;

use super::payload::Note;
use crate::domain::Item;

/// Most batches that wait.
const MAX_WAITING: usize = 4096;
/// Most batches that are handed over at once.
const MAX_GROUP: usize = 256;
/// Most bytes of bodies that are read or wait, together, in units of [`UNIT`].
const MAX_UNITS: usize = 64 * 1024;
/// Bytes are counted in these, so that no count is too large for a semaphore.
const UNIT: usize = 1024;
/// So many failures one after the other mean that nothing can be kept.
const MAX_FAILURES: usize = 2;

/// Why something was refused or not answered with 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A browser sent it.
    Browser,
    /// For a host that is not allowed.
    Host,
    /// Does not know the path.
    Path,
    /// Not a POST.
    Method,
    /// Not `application/json`.
    ContentType,
    /// A body over 1 MiB.
    TooLong,
    /// A body that took more than 10 seconds, or was broken off.
    TooSlow,
    /// Not JSON.
    NotJson,
    /// Too much is waiting.
    Full,
    /// The sink failed or took too long.
    NotKept,
}

impl Reason {
    /// Why, in words: `wrong path`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Browser => "sent by a browser",
            Self::Host => "for another host name",
            Self::Path => "wrong path",
            Self::Method => "not a POST",
            Self::ContentType => "not application/json",
            Self::TooLong => "over 1 MiB",
            Self::TooSlow => "too slow",
            Self::NotJson => "not JSON",
            Self::Full => "too many at once",
            Self::NotKept => "could not be kept",
        }
    }
}

/// Whether the sink keeps what it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// It does, or was not asked yet.
    #[default]
    Fine,
    /// It does not, and why.
    Failing(String),
}

/// What was received since the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Batches in the sink.
    pub batches: u64,
    /// Items in them, duplicates included.
    pub items: u64,
    /// Requests that were not answered with 200.
    pub refused: BTreeMap<Reason, u64>,
    /// What was odd about batches that were taken.
    pub odd: BTreeMap<Note, u64>,
    /// How the sink is.
    pub health: Health,
}

/// How long somebody waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// A sender, for the sink. Source: `reliability.md` 2.8.
    pub(super) sender: Duration,
    /// The queue, for the sink; then it is asked with the next batches.
    pub(super) sink: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            sender: Duration::from_secs(5),
            sink: Duration::from_secs(30),
        }
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is in the sink.
    Kept,
    /// Too much is waiting already.
    Full,
    /// The sink failed, or nobody knows yet: it may be kept all the same.
    NotKept,
}

/// Room for the bytes of a body, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Room(Arc<Semaphore>, Option<OwnedSemaphorePermit>);

impl Room {
    /// Makes it large enough for a body of so many bytes; `false` when there is no more.
    pub(super) fn grow_to(&mut self, bytes: usize) -> bool {
        let had = self.1.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        let more = bytes.div_ceil(UNIT).saturating_sub(had);
        let Ok(more) = u32::try_from(more) else {
            return false;
        };
        let Ok(permit) = Arc::clone(&self.0).try_acquire_many_owned(more) else {
            return false;
        };
        match &mut self.1 {
            Some(held) => held.merge(permit),
            None => self.1 = Some(permit),
        }
        true
    }
}

struct Waiting {
    items: Vec<Item>,
    /// Nobody listens when the sender has gone away; it is kept all the same.
    answer: oneshot::Sender<bool>,
    _room: Room,
}

/// Where batches are put.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    batches: mpsc::Sender<Waiting>,
    bytes: Arc<Semaphore>,
    tally: Arc<watch::Sender<Tally>>,
    patience: Duration,
}

/// A queue and the work of emptying it, which ends when the last clone of the queue is gone and
/// everything in it was handed over.
pub(super) fn queue<S, F>(sink: S, patience: Patience) -> (Queue, impl Future<Output = ()> + Send)
where
    S: Fn(Vec<Item>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), String>> + Send,
{
    let (batches, waiting) = mpsc::channel(MAX_WAITING);
    let tally = Arc::new(watch::Sender::new(Tally::default()));
    let queue = Queue {
        batches,
        bytes: Arc::new(Semaphore::new(MAX_UNITS)),
        tally: Arc::clone(&tally),
        patience: patience.sender,
    };
    (queue, write(waiting, sink, patience.sink, tally))
}

impl Queue {
    /// Room for one body.
    pub(super) fn room(&self) -> Room {
        Room(Arc::clone(&self.bytes), None)
    }

    /// Puts a batch in and waits for what becomes of it. Dropping the future takes nothing back.
    pub(super) async fn put(&self, items: Vec<Item>, room: Room) -> Verdict {
        let (answer, kept) = oneshot::channel();
        let waiting = Waiting {
            items,
            answer,
            _room: room,
        };
        if self.batches.try_send(waiting).is_err() {
            return Verdict::Full;
        }
        match timeout(self.patience, kept).await {
            Ok(Ok(true)) => Verdict::Kept,
            Ok(Ok(false) | Err(_)) | Err(_) => Verdict::NotKept,
        }
    }

    /// Counts what was refused.
    pub(super) fn refuse(&self, reason: Reason) {
        self.tally
            .send_modify(|tally| *tally.refused.entry(reason).or_default() += 1);
    }

    /// Counts what was odd.
    pub(super) fn note(&self, notes: &[Note]) {
        if !notes.is_empty() {
            self.tally.send_modify(|tally| {
                for note in notes {
                    *tally.odd.entry(*note).or_default() += 1;
                }
            });
        }
    }

    pub(super) fn tally(&self) -> watch::Receiver<Tally> {
        self.tally.subscribe()
    }
}

async fn write<S, F>(
    mut waiting: mpsc::Receiver<Waiting>,
    sink: S,
    patience: Duration,
    tally: Arc<watch::Sender<Tally>>,
) where
    S: Fn(Vec<Item>) -> F + Send + Sync,
    F: Future<Output = Result<(), String>> + Send,
{
    let mut group = Vec::with_capacity(MAX_GROUP);
    while waiting.recv_many(&mut group, MAX_GROUP).await > 0 {
        let items = group.iter().flat_map(|batch| batch.items.clone()).collect();
        let done = hand_over(&sink, items, patience).await;
        if done.is_ok() || group.len() == 1 {
            for batch in group.drain(..) {
                settle(batch, &done, &tally);
            }
            continue;
        }
        // One of them may be what the sink cannot keep: it must not stand in the way of the others.
        let mut failures = 0;
        for batch in group.drain(..) {
            let done = if failures < MAX_FAILURES {
                hand_over(&sink, batch.items.clone(), patience).await
            } else {
                done.clone()
            };
            failures = if done.is_ok() { 0 } else { failures + 1 };
            settle(batch, &done, &tally);
        }
    }
}

async fn hand_over<S, F>(sink: &S, items: Vec<Item>, patience: Duration) -> Result<(), String>
where
    S: Fn(Vec<Item>) -> F + Sync,
    F: Future<Output = Result<(), String>> + Send,
{
    if items.is_empty() {
        return Ok(());
    }
    timeout(patience, sink(items))
        .await
        .unwrap_or_else(|_late| Err("it does not answer".to_owned()))
}

fn settle(batch: Waiting, done: &Result<(), String>, tally: &watch::Sender<Tally>) {
    tally.send_modify(|tally| match done {
        Ok(()) => {
            tally.batches += 1;
            tally.items += batch.items.len() as u64;
            tally.health = Health::Fine;
        }
        Err(why) => tally.health = Health::Failing(why.clone()),
    });
    // Whoever went away will send it again, which adds nothing.
    let _ = batch.answer.send(done.is_ok());
}

#[cfg(test)]
mod tests;

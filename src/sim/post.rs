//! What waits to be posted to the account's webhook, and how it is put into batches.
//!
//! No sockets and no clock: [`super::pusher`] has both. Invariant: a batch has 1 to 10 items, all of
//! one kind unless there is chaos, in the order in which they came due; the next one leaves not
//! earlier than [`Pushing::every`] after it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::Settings;
use super::faults::Chaos;
use super::state::rng_for;
use super::webhook::Sender;

/// Most items of a batch.
const MAX_BATCH: usize = 10;
/// Most items that wait. Further ones are lost, as at a provider whose queue is full.
const MAX_WAITING: usize = 10_000;

/// How batches are posted. Source: «considered failed and tried again after some delay».
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushing {
    /// The least time between two batches.
    pub every: Duration,
    /// How long one try waits for its 200, connecting included.
    pub wait: Duration,
    /// The pauses before each further try of the same batch.
    pub retries: [Duration; 5],
}

impl Default for Pushing {
    fn default() -> Self {
        Self {
            every: Duration::from_millis(500),
            wait: Duration::from_millis(200),
            retries: [1, 2, 4, 8, 16].map(Duration::from_secs),
        }
    }
}

/// What became of batches so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// Batches that were begun; one that is sent twice counts twice.
    pub batches: u64,
    /// Tries, the first ones included.
    pub tries: u64,
    /// Batches that were answered with 200 in time.
    pub taken: u64,
    /// Batches that nobody took, however often they were tried.
    pub given_up: u64,
    /// Items that came when too many waited.
    pub lost: u64,
}

/// The two kinds of items, which usually do not travel together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What somebody wrote.
    Message,
    /// How far a message of the account's got.
    Status,
}

/// One element of `data`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) value: Value,
}

impl Item {
    pub(super) fn message(value: Value) -> Self {
        Self {
            kind: Kind::Message,
            value,
        }
    }

    pub(super) fn status(value: Value) -> Self {
        Self {
            kind: Kind::Status,
            value,
        }
    }
}

/// A batch on its way.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) to: Sender,
    pub(super) body: Bytes,
    pub(super) pushing: Pushing,
    /// How often it is sent, each time until somebody takes it.
    pub(super) copies: usize,
}

/// The queue. Times are counted from the start of the simulator.
#[derive(Debug)]
pub(super) struct Post {
    to: Option<Sender>,
    pushing: Pushing,
    chaos: Option<Chaos>,
    /// By when they are due, then by when they came.
    waiting: BTreeMap<(Duration, u64), Item>,
    /// How many items came.
    came: u64,
    /// Before that no batch leaves.
    pause: Duration,
    /// How many batches left.
    left: u64,
    pushed: Pushed,
    /// Rung when there is something new to be done.
    bell: Arc<Notify>,
}

impl Post {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            to: None,
            pushing: settings.pushing,
            chaos: settings.chaos,
            waiting: BTreeMap::new(),
            came: 0,
            pause: Duration::ZERO,
            left: 0,
            pushed: Pushed::default(),
            bell: Arc::new(Notify::new()),
        }
    }

    /// How batches are posted.
    pub(super) fn pushing(&self) -> Pushing {
        self.pushing
    }

    /// From now on, batches go there.
    pub(super) fn send_to(&mut self, to: Sender) {
        self.to = Some(to);
        self.bell.notify_one();
    }

    /// Whether there is somebody to tell anything.
    pub(super) fn has_reader(&self) -> bool {
        self.to.is_some()
    }

    pub(super) fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    pub(super) fn pushed(&mut self) -> &mut Pushed {
        &mut self.pushed
    }

    /// Lets an item wait until it is due. Without an address nobody is told, and too many are too
    /// many: false.
    pub(super) fn put(&mut self, due: Duration, item: Item) -> bool {
        if !self.has_reader() {
            return false;
        }
        if self.waiting.len() >= MAX_WAITING {
            self.pushed.lost += 1;
            return false;
        }
        let due = self.spoil(due, &item);
        self.insert(due, item);
        self.bell.notify_one();
        true
    }

    fn insert(&mut self, due: Duration, item: Item) {
        self.waiting.insert((due, self.came), item);
        self.came += 1;
    }

    /// On a bad day: sends some items twice, some late, and nonsense beside some.
    fn spoil(&mut self, due: Duration, item: &Item) -> Duration {
        let Some(chaos) = self.chaos else {
            return due;
        };
        let mut rng = rng_for(chaos.seed, "item", self.came);
        if rng.u8(..100) >= chaos.percent {
            return due;
        }
        let later = due + Duration::from_millis(rng.u64(500..4_000));
        match rng.u8(..3) {
            0 => self.insert(later, item.clone()),
            1 => self.insert(due, Item::message(malformed(&mut rng))),
            _ => return later,
        }
        due
    }

    /// The next batch, if one may leave.
    pub(super) fn take(&mut self, now: Duration) -> Option<Letter> {
        let to = self.to.clone()?;
        if now < self.pause {
            return None;
        }
        let due = self.waiting.range(..=(now, u64::MAX));
        let kind = due.clone().next()?.1.kind;
        let is_mixed = self.chaos.is_some();
        let chosen: Vec<(Duration, u64)> = due
            .filter(|(_, item)| is_mixed || item.kind == kind)
            .map(|(key, _)| *key)
            .take(MAX_BATCH)
            .collect();
        let items = chosen.iter().filter_map(|key| self.waiting.remove(key));
        let items: Vec<Value> = items.map(|item| item.value).collect();
        self.pause = now + self.pushing.every;
        self.left += 1;
        let copies = self.chaos.map_or(1, |chaos| {
            let mut rng = rng_for(chaos.seed, "batch", self.left);
            1 + usize::from(rng.u8(..100) < chaos.percent)
        });
        Some(Letter {
            to,
            body: batch(kind, self.left, &items).into(),
            pushing: self.pushing,
            copies,
        })
    }

    /// When the next batch may leave; `None` as long as nothing new comes.
    pub(super) fn wake(&self) -> Option<Duration> {
        self.to.as_ref()?;
        let ((due, _), _) = self.waiting.first_key_value()?;
        Some(self.pause.max(*due))
    }
}

/// The body of a batch. Source: «MO», «Status callback».
fn batch(kind: Kind, number: u64, items: &[Value]) -> String {
    // The samples have the number of messages as a number and as a text.
    let is_text = kind == Kind::Message && number.is_multiple_of(2);
    let total = if is_text {
        json!(items.len().to_string())
    } else {
        json!(items.len())
    };
    json!({
        "total": total,
        "data": items,
        "clientInfo": {"customerId": 42, "subAccountId": 1291, "userId": 1},
    })
    .to_string()
}

/// What is neither a message nor a status.
pub(super) fn malformed(rng: &mut fastrand::Rng) -> Value {
    match rng.u8(..4) {
        0 => json!("not an object"),
        1 => Value::Null,
        2 => json!([{"message": {}}]),
        _ => json!({"id": 7, "message": "text"}),
    }
}

#[cfg(test)]
mod tests;

//! Tells the core what is received, whichever program received it: first everything at one look, then
//! what comes behind that.
//!
//! Invariant: nothing is left out between two looks, because places in the store only grow.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::clock;
use super::ledger::Ledger;
use super::tasks::Arrival;
use crate::app::msg::Msg;
use crate::domain::{News, Seq};
use crate::store::{Pruned, Store, Watch};

/// How many messages the core is told of at once.
const AT_ONCE: u32 = 500;
/// How soon it is tried again to read what could not be read.
const AGAIN: Duration = Duration::from_secs(5);
/// After so many messages the old ones are looked at again.
const PRUNE_AFTER: usize = 1000;

/// Whoever tells the core.
pub(super) struct Follower {
    ledger: Ledger,
    inbox: UnboundedSender<Arrival>,
    /// How many came since old messages were looked at.
    since_pruned: usize,
    /// Something could not be read.
    is_behind: bool,
}

impl Follower {
    pub(super) fn new(ledger: Ledger, inbox: UnboundedSender<Arrival>) -> Self {
        Self {
            ledger,
            inbox,
            since_pruned: 0,
            is_behind: false,
        }
    }

    /// Goes on until the program ends. `received` is rung when something may have come.
    pub(super) async fn run(mut self, received: Arc<Notify>) {
        let Some(store) = self.ledger.when_open().await else {
            return;
        };
        self.prune(&store).await;
        // Before the first look, so that nothing falls between. Where the system cannot watch, what this
        // program itself receives is told all the same.
        let mut watch = match store.watch().await {
            Ok(watch) => Some(watch),
            Err(why) => {
                self.send(Msg::Unwatched(why.to_string()));
                None
            }
        };
        let mut last = None;
        loop {
            last = match last {
                None => self.look(&store).await,
                Some(last) => Some(self.tell(&store, last).await),
            };
            tokio::select! {
                () = received.notified() => {}
                () = changed(&mut watch) => {}
                () = tokio::time::sleep(AGAIN), if self.is_behind => {}
            }
        }
    }

    /// Everything, at one look. `None` when that failed, which is told the first time.
    async fn look(&mut self, store: &Store) -> Option<Seq> {
        let looked = store.overview(&self.ledger.record().person).await;
        let last = looked.as_ref().ok().map(|overview| overview.last);
        let was_behind = std::mem::replace(&mut self.is_behind, looked.is_err());
        if looked.is_ok() || !was_behind {
            self.send(Msg::Looked(looked.map_err(|why| why.to_string())));
        }
        last
    }

    /// What came behind a place; returns up to where it was told.
    async fn tell(&mut self, store: &Store, mut last: Seq) -> Seq {
        loop {
            let news = store.news(last, AT_ONCE).await;
            self.is_behind = news.is_err();
            let Ok(news) = news else {
                break;
            };
            last = news.last;
            let is_partial = news.is_partial;
            self.since_pruned += news.messages.len();
            if !is_empty(&news) {
                self.send(Msg::Arrived(news));
            }
            if !is_partial {
                break;
            }
        }
        if self.since_pruned >= PRUNE_AFTER {
            self.prune(store).await;
        }
        last
    }

    async fn prune(&mut self, store: &Store) {
        self.since_pruned = 0;
        let keep = self.ledger.record().keep;
        // What cannot be removed now is removed later.
        if let Ok(pruned) = store.prune(keep, clock::now()).await
            && let Some(words) = words(&pruned)
        {
            self.send(Msg::Expiring(words));
        }
    }

    fn send(&self, msg: Msg) {
        // The loop has ended: nobody wants to know any more.
        let _ = self.inbox.send(Arrival::Msg(msg));
    }
}

/// Waits until any program may have written something.
async fn changed(watch: &mut Option<Watch>) {
    match watch {
        Some(watch) => watch.changed().await,
        None => std::future::pending().await,
    }
}

fn is_empty(news: &News) -> bool {
    news.messages.is_empty() && news.fates.is_empty()
}

/// What the user has to be told of what goes, if anything.
fn words(pruned: &Pruned) -> Option<String> {
    match (pruned.unread, pruned.unread_next) {
        (0, 0) => None,
        (0, next) => Some(format!(
            "{next} will soon be removed because they are old or too many; read them, or set \
             `keep_days` and `keep_messages` higher"
        )),
        (gone, next) => Some(format!(
            "{gone} were removed because they were old or too many, and {next} go next; set \
             `keep_days` and `keep_messages` higher to keep them"
        )),
    }
}

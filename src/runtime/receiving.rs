//! Receives what the provider posts while the dashboard is open, and keeps it.
//!
//! What is kept is told by whoever follows the store, as what other programs receive is. Invariant: only
//! what is in the store is acknowledged.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, watch};

use super::clock;
use super::ledger::Ledger;
use super::tasks::Arrival;
use crate::app::msg::Msg;
use crate::domain::{HostName, Millis};
use crate::store::Store;
use crate::webhook::{Health, Options, Receiver, SecretPath, Tally};

/// Refused requests are logged once in so long.
const EVERY: Duration = Duration::from_secs(60);

/// A function that is told the address, once this program listens there.
pub type Listening = Arc<dyn Fn(&str) + Send + Sync>;

/// Where and for whom this program receives.
#[derive(Clone)]
pub struct Receiving {
    /// The address.
    pub listen: SocketAddr,
    /// What senders have to know; `None` takes what the store keeps.
    pub path: Option<SecretPath>,
    /// Names of this host, beside its addresses.
    pub hosts: Vec<HostName>,
    /// Who wants to know the whole address.
    pub listening: Listening,
}

impl fmt::Debug for Receiving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiving")
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

/// What the receiving task needs of the others.
pub(super) struct Desk {
    pub(super) ledger: Ledger,
    pub(super) inbox: UnboundedSender<Arrival>,
    /// Rung when something was kept.
    pub(super) received: Arc<Notify>,
    /// Rung to try once more to listen.
    pub(super) again: Arc<Notify>,
    /// Loses its sender when the program ends.
    pub(super) end: watch::Receiver<()>,
}

/// Receives until the program ends; what was taken by then is kept and answered.
pub(super) async fn run(receive: Receiving, mut desk: Desk) {
    let Some(store) = desk.ledger.when_open().await else {
        return;
    };
    loop {
        let failed = match start(&receive, &store, &desk.received).await {
            Ok(receiver) => {
                (receive.listening)(receiver.url());
                desk.tell(Ok(receiver.url().to_owned()));
                tokio::select! {
                    // An error says the same: the sender is gone.
                    _ = desk.end.changed() => {}
                    () = tell_health(receiver.tally(), &desk.inbox) => {}
                }
                receiver.stop().await;
                return;
            }
            Err(why) => why,
        };
        desk.tell(Err(failed));
        tokio::select! {
            () = desk.again.notified() => {}
            _ = desk.end.changed() => return,
        }
    }
}

impl Desk {
    fn tell(&self, result: Result<String, String>) {
        // The loop has ended: nobody wants to know any more.
        let _ = self.inbox.send(Arrival::Msg(Msg::Receiving(result)));
    }
}

/// Tells whether what comes can be kept, whenever that is another than before. Ends with the receiver.
async fn tell_health(mut tally: watch::Receiver<Tally>, inbox: &UnboundedSender<Arrival>) {
    let mut told = Health::Fine;
    let mut refusals = Refusals::default();
    loop {
        let tallied = tally.borrow_and_update().clone();
        refusals.log(&tallied, clock::now());
        let now = tallied.health;
        if now != told {
            let result = match &now {
                Health::Fine => Ok(()),
                Health::Failing(why) => Err(why.clone()),
            };
            // The loop has ended: nobody wants to know any more.
            let _ = inbox.send(Arrival::Msg(Msg::Keeping(result)));
            told = now;
        }
        if tally.changed().await.is_err() {
            return;
        }
    }
}

/// What was logged of refused requests: with many of them, one line a minute.
#[derive(Default)]
struct Refusals {
    logged: u64,
    at: Option<Millis>,
}

impl Refusals {
    fn log(&mut self, tally: &Tally, now: Millis) {
        let refused = tally.refused.values().sum();
        let waits = self.at.is_some_and(|at| now.since(at) < EVERY);
        if refused > self.logged && !waits {
            let reasons = tally.refused.iter();
            let reasons: Vec<String> = reasons
                .map(|(why, count)| format!("{count} × {}", why.words()))
                .collect();
            let reasons = reasons.join(", ");
            tracing::warn!(reasons, "the receiver refused requests since it started");
            (self.logged, self.at) = (refused, Some(now));
        }
    }
}

async fn start(
    receive: &Receiving,
    store: &Store,
    received: &Arc<Notify>,
) -> Result<Receiver, String> {
    let path = match &receive.path {
        Some(path) => path.clone(),
        None => kept_path(store).await?,
    };
    let options = Options {
        listen: receive.listen,
        path,
        hosts: receive.hosts.clone(),
    };
    let (store, received) = (store.clone(), Arc::clone(received));
    let started = Receiver::start(options, move |items| {
        let (store, received) = (store.clone(), Arc::clone(&received));
        async move {
            let kept = store.receive(&items, clock::now()).await;
            received.notify_one();
            kept.map(drop).map_err(|why| why.to_string())
        }
    });
    started.await.map_err(|why| {
        let listen = receive.listen;
        if why.kind() == std::io::ErrorKind::AddrInUse {
            return format!("another program listens at {listen}: end it, or set another address");
        }
        format!("cannot listen at {listen}: {why}")
    })
}

/// The path of this store: the same at every start, and for every receiver that shares it.
///
/// # Errors
/// When there are no random bytes, or the store cannot keep it.
pub async fn kept_path(store: &Store) -> Result<SecretPath, String> {
    let fresh = SecretPath::random().map_err(|why| format!("cannot make a secret path: {why}"))?;
    let kept = store.receive_path(fresh.expose()).await;
    let kept = kept.map_err(|why| why.to_string())?;
    SecretPath::new(&kept)
        .map_err(|why| format!("the secret path in the store cannot be used: {why}"))
}

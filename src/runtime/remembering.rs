//! What is known of the groups, from one run to the next: read before the first frame, written behind the loop.
//!
//! The names are read on a thread of their own from the moment on at which the account is known, while the
//! terminal is taken over. Invariants: the first frame waits for them for a moment only; what arrives is on its
//! way to the disk within `PAUSE`, and while nothing arrives, nothing wakes; where nothing can be remembered,
//! that is told once and the program goes on.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, timeout_at};

use super::clock;
use super::tasks::Arrival;
use crate::app::msg::Msg;
use crate::app::update::Recalled;
use crate::domain::{Account, GroupId, Keepsake, Millis, Roster};
use crate::store::{Cache, Memory, Rosters};

/// How long the first frame waits for the names.
const EARLY: Duration = Duration::from_millis(250);
/// How long is gathered what is written together.
const PAUSE: Duration = Duration::from_millis(900);
/// So much is written at once, however soon it came together: what waits takes memory.
const TOGETHER: usize = 256;
/// How many groups, and about how many people, the core takes at once.
const GROUPS: usize = 64;
const PEOPLE: usize = 8_192;

/// What an earlier run knew, on its way. Clones share it; whoever takes it has it.
#[derive(Clone, Debug, Default)]
pub struct Recalling(Option<Arc<Mutex<Option<Reading>>>>);

#[derive(Debug)]
struct Reading {
    folder: PathBuf,
    names: Option<Receiver<Recalled>>,
}

impl Recalling {
    /// Begins to read what is known of the groups of an account, if there is one yet. Whatever becomes known
    /// is kept in the folder.
    pub fn begin(folder: PathBuf, account: Option<&Account>) -> Self {
        let names = account.map(|account| read(Cache::of(&folder, account)));
        Self(Some(Arc::new(Mutex::new(Some(Reading { folder, names })))))
    }

    fn take(&self) -> Option<Reading> {
        let reading = self.0.as_ref()?;
        reading
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

fn read(cache: Cache) -> Receiver<Recalled> {
    let (sender, names) = sync_channel(2);
    let read = move || {
        let ready = |recollection| Recalled::new(recollection, clock::now());
        // Nobody waits for it where the program has ended meanwhile.
        if let Some(first) = cache.recall_first() {
            let _ = sender.send(ready(first));
        }
        let _ = sender.send(ready(cache.recall()));
    };
    // Without a thread nothing is remembered.
    let _ = thread::Builder::new().name("recall".to_owned()).spawn(read);
    names
}

/// Remembers the groups of the account in use.
#[derive(Debug)]
pub(super) struct Remembering {
    /// Where; `None` where nothing is to be remembered.
    folder: Option<PathBuf>,
    /// The names, until the first frame.
    names: Option<Receiver<Recalled>>,
    /// Whether the names have still to be read.
    lacks_names: bool,
    keepsakes: Option<UnboundedSender<Keepsake>>,
    /// Rung when the core has taken some people and can take more.
    more: Arc<Notify>,
}

impl Remembering {
    pub(super) fn new(recalling: &Recalling) -> Self {
        let (folder, names) = match recalling.take() {
            Some(reading) => (Some(reading.folder), reading.names),
            None => (None, None),
        };
        Self {
            folder,
            names,
            lacks_names: false,
            keepsakes: None,
            more: Arc::new(Notify::new()),
        }
    }

    /// What is known of the groups; at first only of those in front, where there are many. What takes too
    /// long comes as a message.
    pub(super) fn early(&mut self) -> Option<Recalled> {
        let recalled = self.names.as_ref()?.recv_timeout(EARLY).ok();
        let is_whole = recalled.as_ref().is_none_or(Recalled::is_whole);
        if is_whole {
            self.names = None;
            self.lacks_names = recalled.is_none();
        }
        recalled
    }

    /// Begins to read who is in the groups, and to write. To be called when the first frame stands.
    pub(super) fn start(
        &mut self,
        account: &Account,
        inbox: UnboundedSender<Arrival>,
        tasks: &mut JoinSet<()>,
    ) {
        let Some(folder) = &self.folder else { return };
        let (sender, keepsakes) = unbounded_channel();
        // Of another account before, what is on its way is still written.
        self.keepsakes = Some(sender);
        self.more = Arc::new(Notify::new());
        let desk = Desk {
            cache: Cache::of(folder, account),
            inbox,
            more: Arc::clone(&self.more),
        };
        let lacks_names = std::mem::take(&mut self.lacks_names);
        tasks.spawn(desk.attend(lacks_names, keepsakes));
    }

    /// The same for another account, of which nothing was read yet.
    pub(super) fn turn_to(
        &mut self,
        account: &Account,
        inbox: UnboundedSender<Arrival>,
        tasks: &mut JoinSet<()>,
    ) {
        self.names = None;
        self.lacks_names = true;
        self.start(account, inbox, tasks);
    }

    /// Keeps something for the next start.
    pub(super) fn keep(&self, keepsake: Keepsake) {
        if let Some(keepsakes) = &self.keepsakes {
            // Whoever receives ends with this program only.
            let _ = keepsakes.send(keepsake);
        }
    }

    /// The core can take more people.
    pub(super) fn more(&self) {
        self.more.notify_one();
    }

    /// Nothing more comes: what is there is written.
    pub(super) fn end(&mut self) {
        self.keepsakes = None;
    }
}

/// Whoever reads and writes for one account.
struct Desk {
    cache: Cache,
    inbox: UnboundedSender<Arrival>,
    more: Arc<Notify>,
}

impl Desk {
    async fn attend(self, lacks_names: bool, keepsakes: UnboundedReceiver<Keepsake>) {
        if lacks_names {
            let cache = self.cache.clone();
            if let Ok(recollection) = spawn_blocking(move || cache.recall()).await {
                self.tell(Msg::Recalled(Box::new(recollection)));
            }
        }
        let cache = self.cache.clone();
        let opened = spawn_blocking(move || cache.open(clock::now())).await;
        let (memory, rosters) = match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(why)) => return self.tell(Msg::NotRemembered(self.at(&why))),
            Err(why) => return self.tell(Msg::NotRemembered(why.to_string())),
        };
        if let Some(path) = memory.set_aside() {
            self.tell(Msg::CacheMended(format!(
                "what was remembered of your groups was damaged; what is missing is read again; the old file \
                 is kept: `{}`",
                path.display()
            )));
        }
        tokio::select! {
            () = self.write(memory, keepsakes) => {}
            () = async { self.read(rosters).await; std::future::pending().await } => {}
        }
    }

    fn tell(&self, msg: Msg) {
        // The loop has ended: nobody wants to know any more.
        let _ = self.inbox.send(Arrival::Msg(msg));
    }

    fn at(&self, why: &std::io::Error) -> String {
        format!("{}: {why}", self.cache.names().display())
    }

    /// Hands over who is in the groups, a few at a time, and the next when the core asks for them.
    async fn read(&self, mut rosters: Rosters) {
        loop {
            let read = spawn_blocking(move || (some(&mut rosters), rosters)).await;
            let Ok((people, rest)) = read else { return };
            if people.is_empty() {
                return;
            }
            rosters = rest;
            self.tell(Msg::PeopleRecalled(people));
            self.more.notified().await;
        }
    }

    /// Writes what is to be kept: the first thing at once, then whatever came meanwhile.
    async fn write(&self, memory: Memory, mut keepsakes: UnboundedReceiver<Keepsake>) {
        let mut memory = Some(memory);
        let mut is_told = false;
        let mut gathered = Vec::new();
        let mut due = Instant::now();
        loop {
            let next = if gathered.is_empty() {
                keepsakes.recv().await
            } else {
                let heard = if gathered.len() < TOGETHER {
                    timeout_at(due, keepsakes.recv()).await.ok()
                } else {
                    None
                };
                if let Some(next) = heard {
                    next
                } else {
                    let kept = keep(&mut memory, std::mem::take(&mut gathered)).await;
                    if let Err(why) = kept
                        && !std::mem::replace(&mut is_told, true)
                    {
                        self.tell(Msg::NotRemembered(self.at(&why)));
                    }
                    due = Instant::now() + PAUSE;
                    continue;
                }
            };
            if let Some(keepsake) = next {
                gathered.push(keepsake);
                continue;
            }
            // The end: nobody can be told any more.
            if !gathered.is_empty() {
                let _ = keep(&mut memory, gathered).await;
            }
            if let Some(mut memory) = memory.take() {
                let _ = spawn_blocking(move || memory.tidy()).await;
            }
            return;
        }
    }
}

/// The next people: so many that the core is not held up by them.
fn some(rosters: &mut Rosters) -> Vec<(GroupId, Millis, Roster)> {
    let mut people = Vec::new();
    let mut count = 0;
    while people.len() < GROUPS
        && count < PEOPLE
        && let Some(next) = rosters.next()
    {
        count += next.2.count();
        people.push(next);
    }
    people
}

/// Writes on a thread that may wait for the disk.
async fn keep(memory: &mut Option<Memory>, keepsakes: Vec<Keepsake>) -> std::io::Result<()> {
    let Some(mut own) = memory.take() else {
        return Ok(());
    };
    let work = move || {
        let kept = own.keep(&keepsakes);
        (own, kept)
    };
    let (own, kept) = spawn_blocking(work).await.map_err(std::io::Error::other)?;
    *memory = Some(own);
    kept
}

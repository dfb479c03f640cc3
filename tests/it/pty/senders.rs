//! What the provider does to a receiver: it posts batch after batch, each until it is taken, to any of the
//! receivers there are.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{Builder, JoinHandle};

use super::LIMIT;
use crate::webhook::{PATH, batch, post};

const ITEMS: usize = 10;

/// What the senders and the test have in common.
#[derive(Clone, Default)]
pub(super) struct Field(Arc<(Mutex<Ground>, Condvar)>);

#[derive(Default)]
struct Ground {
    /// Where receivers are now.
    receivers: Vec<SocketAddr>,
    /// Items that were answered with 200.
    taken: BTreeSet<String>,
    is_over: bool,
    /// After so many batches a sender is done.
    most: Option<usize>,
}

impl Field {
    /// Receivers are there from now on.
    pub(super) fn go(&self, receivers: &[SocketAddr]) {
        self.0.0.lock().unwrap().receivers = receivers.to_vec();
        self.0.1.notify_all();
    }

    /// Items that were answered with 200.
    pub(super) fn taken(&self) -> BTreeSet<String> {
        self.0.0.lock().unwrap().taken.clone()
    }

    /// Waits until so many items were answered with 200.
    pub(super) fn wait_for(&self, count: usize) {
        let (ground, changed) = &*self.0;
        let fewer = |ground: &mut Ground| ground.taken.len() < count;
        let waited = changed.wait_timeout_while(ground.lock().unwrap(), LIMIT, fewer);
        let taken = waited.unwrap().0.taken.len();
        assert!(taken >= count, "only {taken} of {count} were taken");
    }

    /// Where to send, as soon as there is somewhere; `None` at the end.
    fn receiver(&self, turn: usize) -> Option<SocketAddr> {
        let (ground, changed) = &*self.0;
        let ground = ground.lock().unwrap();
        let ground = changed.wait_while(ground, |ground| {
            !ground.is_over && ground.receivers.is_empty()
        });
        let ground = ground.unwrap();
        if ground.is_over {
            return None;
        }
        Some(ground.receivers[turn % ground.receivers.len()])
    }

    fn is_done(&self, number: usize) -> bool {
        let ground = self.0.0.lock().unwrap();
        ground.is_over || ground.most.is_some_and(|most| number >= most)
    }

    fn send(&self, sender: usize) {
        for number in 0.. {
            if self.is_done(number) {
                return;
            }
            let names: Vec<String> = (0..ITEMS)
                .map(|item| format!("{sender}-{number}-{item}"))
                .collect();
            let request = post(PATH, &batch(names.clone()));
            let mut turn = sender;
            loop {
                let Some(address) = self.receiver(turn) else {
                    return;
                };
                if deliver(address, &request) == Some(200) {
                    break;
                }
                // The other one may be there.
                turn += 1;
            }
            self.0.0.lock().unwrap().taken.extend(names);
            self.0.1.notify_all();
        }
    }
}

/// Threads that send.
pub(super) struct Senders {
    field: Field,
    threads: Vec<JoinHandle<()>>,
}

impl Senders {
    pub(super) fn start(field: &Field, count: usize) -> Self {
        let start = |sender| {
            let field = field.clone();
            Builder::new().spawn(move || field.send(sender)).unwrap()
        };
        Self {
            field: field.clone(),
            threads: (0..count).map(start).collect(),
        }
    }

    /// Waits until each has sent so many batches.
    pub(super) fn finish(self, most: usize) {
        self.field.0.0.lock().unwrap().most = Some(most);
        for thread in self.threads {
            thread.join().unwrap();
        }
    }

    /// Gives up what is not taken, and returns what was.
    pub(super) fn stop(self) -> BTreeSet<String> {
        self.field.0.0.lock().unwrap().is_over = true;
        self.field.0.1.notify_all();
        for thread in self.threads {
            thread.join().unwrap();
        }
        self.field.taken()
    }
}

/// Posts on a connection of its own; the status, or nothing when there was no answer.
pub(super) fn deliver(address: SocketAddr, request: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    stream.write_all(request).ok()?;
    let mut head = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head)
        .ok()?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

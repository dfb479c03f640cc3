//! The gate in front of the terminal's input: closed while another program has the terminal.
//!
//! Invariant: when [`Gate::close`] has returned, the reading thread stands in [`Gate::pass`] or has ended, unless
//! it did not get there within [`PATIENCE`].

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long the thread may take to stop. It asks for what is there already for a few milliseconds at most.
const PATIENCE: Duration = Duration::from_secs(1);

/// The gate, and a bell that wakes who sleeps in front of it.
#[derive(Debug)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    /// Rung to wake the thread.
    rope: UnixStream,
    /// Readable when it was rung.
    bell: UnixStream,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    /// The thread waits in front of the closed gate.
    waits: bool,
    /// There is no thread any more.
    ended: bool,
}

impl Gate {
    /// An open gate.
    pub(super) fn new() -> io::Result<Self> {
        let (rope, bell) = UnixStream::pair()?;
        rope.set_nonblocking(true)?;
        bell.set_nonblocking(true)?;
        Ok(Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            rope,
            bell,
        })
    }

    /// What to watch beside the terminal.
    pub(super) fn bell(&self) -> RawFd {
        self.bell.as_raw_fd()
    }

    pub(super) fn is_open(&self) -> bool {
        !self.lock().closed
    }

    /// Closes it and waits until the thread stands in front of it.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        // A bell that is full of rings wakes as well.
        let _ = (&self.rope).write(&[1]);
        let moves = |state: &mut State| !state.waits && !state.ended;
        drop(self.changed.wait_timeout_while(state, PATIENCE, moves));
    }

    pub(super) fn open(&self) {
        self.lock().closed = false;
        self.changed.notify_all();
    }

    /// Goes through, as soon as the gate is open.
    pub(super) fn pass(&self) {
        let mut rings = [0; 16];
        while (&self.bell).read(&mut rings).is_ok_and(|read| read > 0) {}
        let mut state = self.lock();
        state.waits = state.closed;
        self.changed.notify_all();
        let waited = self.changed.wait_while(state, |state| state.closed);
        waited.unwrap_or_else(PoisonError::into_inner).waits = false;
    }

    /// The thread ends.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! A resource on the server: what is known of it × what is under way. All pairs are legal.
//!
//! ```text
//!            begin(t)                 settle(t, Ok)
//!   Idle ─────────────► InFlight(t) ───────────────► Idle, known
//!     ▲                   │  │  └─ settle(t, Err) ─► Failed(why), old data kept
//!     │                   │  └──── wait(why) ──────► Waiting(why) ── begin(t') ─► InFlight(t')
//!     └───────────────────┴─────── cancel
//! ```
//! A reply with another ticket than the one in flight changes nothing: late answers never overwrite
//! newer ones.

use crate::domain::{Failure, Millis};

/// Names one request. Tickets only grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What is known of a resource and what is under way.
#[derive(Clone, Debug)]
pub struct Remote<T> {
    known: Option<Known<T>>,
    fetch: Fetch,
}

/// A value and when the server said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known<T> {
    /// The value.
    pub value: T,
    /// When it arrived.
    pub as_of: Millis,
}

/// What is under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetch {
    /// Nothing.
    Idle,
    /// A request.
    InFlight(Ticket),
    /// A pause before the next try.
    Waiting(Box<Failure>),
    /// The last try failed for good.
    Failed(Box<Failure>),
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self {
            known: None,
            fetch: Fetch::Idle,
        }
    }
}

impl<T> Remote<T> {
    /// What is known, if anything.
    pub fn known(&self) -> Option<&Known<T>> {
        self.known.as_ref()
    }

    /// The known value, if any.
    pub fn value(&self) -> Option<&T> {
        self.known.as_ref().map(|known| &known.value)
    }

    /// Why the last try failed, unless another one is under way.
    pub fn failure(&self) -> Option<&Failure> {
        if let Fetch::Failed(why) = &self.fetch {
            Some(why)
        } else {
            None
        }
    }

    /// Whether an answer is being waited for.
    pub fn is_loading(&self) -> bool {
        matches!(self.fetch, Fetch::InFlight(_) | Fetch::Waiting(_))
    }

    /// The request in flight.
    pub fn ticket(&self) -> Option<Ticket> {
        if let Fetch::InFlight(ticket) = self.fetch {
            Some(ticket)
        } else {
            None
        }
    }

    /// Starts a fetch. Returns the superseded ticket, for the caller to cancel.
    #[must_use]
    pub fn begin(&mut self, ticket: Ticket) -> Option<Ticket> {
        let before = self.ticket();
        self.fetch = Fetch::InFlight(ticket);
        before
    }

    /// Stops waiting, keeping what is known.
    pub fn cancel(&mut self) {
        self.fetch = Fetch::Idle;
    }

    /// The request failed and will be tried again.
    pub fn wait(&mut self, why: Failure) {
        self.fetch = Fetch::Waiting(Box::new(why));
    }

    /// Applies a reply. `false` when it answers another request than the one in flight.
    pub fn settle(&mut self, ticket: Ticket, reply: Result<T, Failure>, now: Millis) -> bool {
        if self.ticket() != Some(ticket) {
            return false;
        }
        match reply {
            Ok(value) => self.set(value, now),
            Err(why) => self.fetch = Fetch::Failed(Box::new(why)),
        }
        true
    }

    /// Takes a value that another answer carried.
    pub fn set(&mut self, value: T, now: Millis) {
        self.known = Some(Known { value, as_of: now });
        self.fetch = Fetch::Idle;
    }

    /// Takes a value that an earlier run kept: whatever is under way goes on.
    pub fn recall(&mut self, value: T, as_of: Millis) {
        self.known = Some(Known { value, as_of });
    }

    /// The known value, to add to it what the same answer said.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        self.known.as_mut().map(|known| &mut known.value)
    }

    /// Forgets the value: it is known to be wrong.
    pub fn forget(&mut self) {
        self.known = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_reply_does_not_overwrite_a_newer_one() {
        let mut remote = Remote::default();
        assert_eq!(remote.begin(Ticket(1)), None);
        assert_eq!(remote.begin(Ticket(2)), Some(Ticket(1)));
        assert!(remote.settle(Ticket(2), Ok("new"), Millis(5)));
        assert!(!remote.settle(Ticket(1), Ok("old"), Millis(6)));
        assert_eq!(remote.value(), Some(&"new"));
    }

    #[test]
    fn old_data_survives_a_failure() {
        let mut remote = Remote::default();
        let _ = remote.begin(Ticket(1));
        remote.settle(Ticket(1), Ok(7), Millis(5));
        let _ = remote.begin(Ticket(2));
        remote.settle(Ticket(2), Err(Failure::refused("no")), Millis(6));
        assert_eq!(remote.value(), Some(&7));
        assert!(remote.failure().is_some());
    }
}

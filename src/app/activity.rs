//! What the program did: every request with its answer, and every notice, newest first.

use std::collections::VecDeque;
use std::time::Duration;

use super::effect::Call;
use super::remote::Ticket;
use super::toasts::Level;
use crate::domain::{Exchange, Failure, Millis, Operation};

/// Most entries kept; older ones go.
const MOST: usize = 500;

/// Names an entry for the life of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryId(u64);

/// One line of the pane.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which.
    pub id: EntryId,
    /// When it began.
    pub at: Millis,
    /// What it is.
    pub what: What,
}

/// What an entry is about.
#[derive(Clone, Debug)]
pub enum What {
    /// A request.
    Request {
        /// The call.
        call: Call,
        /// How far it is.
        state: Box<RequestState>,
    },
    /// Something the user was told.
    Notice(Level, String),
}

/// How far a request is.
#[derive(Clone, Debug)]
pub enum RequestState {
    /// Waiting for the answer under that ticket.
    Running(Ticket),
    /// Answered, or given up.
    Ended {
        /// What went over the wire.
        exchange: Exchange,
        /// Why it failed, if it did.
        failure: Option<Failure>,
        /// For a read that will be tried again: the pause before.
        retry_in: Option<Duration>,
    },
    /// Nobody waits for the answer any more.
    Cancelled,
}

/// The list of entries with its cursor.
#[derive(Debug, Default)]
pub struct Activity {
    entries: VecDeque<Entry>,
    next: u64,
    cursor: Option<EntryId>,
    unfolded: Option<EntryId>,
    /// First entry in view.
    top: usize,
}

impl Activity {
    /// Entries, newest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing happened yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Row of the cursor: the newest entry until the user moves.
    pub fn row(&self) -> usize {
        self.cursor
            .and_then(|id| self.entries.iter().position(|e| e.id == id))
            .unwrap_or(0)
    }

    /// The entry under the cursor.
    pub fn current(&self) -> Option<&Entry> {
        self.entries.get(self.row())
    }

    /// First entry in view.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Whether the details of an entry are shown.
    pub fn is_unfolded(&self, id: EntryId) -> bool {
        self.unfolded == Some(id)
    }

    /// Shows or hides the details under the cursor.
    pub fn toggle_unfold(&mut self) {
        let current = self.current().map(|entry| entry.id);
        self.unfolded = if self.unfolded == current {
            None
        } else {
            current
        };
        self.cursor = current;
    }

    /// Moves the cursor to a row, or to the last one.
    pub fn move_to(&mut self, row: usize) {
        let row = row.min(self.entries.len().saturating_sub(1));
        // The newest row follows what comes; any other row stays with its entry.
        self.cursor = if row == 0 {
            None
        } else {
            self.entries.get(row).map(|entry| entry.id)
        };
    }

    /// Keeps the cursor in view.
    pub fn scroll(&mut self, room: usize) {
        self.top = super::layout::scrolled(self.top, self.row(), room, self.entries.len());
    }

    /// A request leaves.
    pub fn begin(&mut self, call: Call, ticket: Ticket, now: Millis) {
        let state = Box::new(RequestState::Running(ticket));
        self.push(What::Request { call, state }, now);
    }

    /// A request ended.
    pub fn end(
        &mut self,
        ticket: Ticket,
        exchange: Exchange,
        failure: Option<Failure>,
        retry_in: Option<Duration>,
    ) {
        if let Some(state) = self.running(ticket) {
            *state = RequestState::Ended {
                exchange,
                failure,
                retry_in,
            };
        }
    }

    /// Nobody waits for a request any more.
    pub fn cancel(&mut self, ticket: Ticket) {
        if let Some(state) = self.running(ticket) {
            *state = RequestState::Cancelled;
        }
    }

    /// The user was told something.
    pub fn note(&mut self, level: Level, text: String, now: Millis) {
        self.push(What::Notice(level, text), now);
    }

    /// Requests that ended or were cancelled and changes, for counting in tests and headers.
    pub fn requests(&self) -> impl Iterator<Item = Operation> {
        self.entries.iter().filter_map(|entry| match &entry.what {
            What::Request { call, .. } => Some(call.operation()),
            What::Notice(..) => None,
        })
    }

    fn running(&mut self, ticket: Ticket) -> Option<&mut RequestState> {
        self.entries.iter_mut().find_map(|entry| match &mut entry.what {
            What::Request { state, .. } if matches!(**state, RequestState::Running(t) if t == ticket) => {
                Some(&mut **state)
            }
            What::Request { .. } | What::Notice(..) => None,
        })
    }

    fn push(&mut self, what: What, at: Millis) {
        self.next += 1;
        self.entries.push_front(Entry {
            id: EntryId(self.next),
            at,
            what,
        });
        self.entries.truncate(MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_on_its_entry_while_new_ones_come() {
        let mut activity = Activity::default();
        for n in 0..3 {
            activity.note(Level::Done, n.to_string(), Millis(n));
        }
        activity.move_to(1);
        activity.note(Level::Done, "3".into(), Millis(3));
        assert!(matches!(&activity.current().unwrap().what, What::Notice(_, text) if text == "1"));
        activity.move_to(0);
        activity.note(Level::Done, "4".into(), Millis(4));
        assert!(matches!(&activity.current().unwrap().what, What::Notice(_, text) if text == "4"));
    }

    #[test]
    fn old_entries_go_so_that_memory_does_not_grow() {
        let mut activity = Activity::default();
        for n in 0..2_000 {
            activity.begin(Call::Index, Ticket(n), Millis(n));
        }
        assert_eq!(activity.len(), MOST);
    }
}

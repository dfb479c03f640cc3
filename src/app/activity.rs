//! What the program did: every request with its answer and every notice, newest first; behind them what
//! the journal says of other runs.

use std::collections::VecDeque;
use std::time::Duration;

use super::effect::Call;
use super::list::FilterInput;
use super::past::Past;
use super::remote::Ticket;
use super::toasts::Level;
use crate::domain::{Exchange, Failure, Millis, Operation, journal};

/// Rows that stay in view above one whose details are shown.
const CONTEXT: usize = 2;
/// Most entries kept; older ones go.
const MOST: usize = 500;

/// Names an entry of this run.
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

/// Names a row of the pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowId {
    /// Something of this run.
    Now(EntryId),
    /// A change that only the journal knows, or whose end nobody knows.
    Change(journal::EntryId),
}

/// The rows with their cursor: what happened in this run, and what the journal says of others.
#[derive(Debug, Default)]
pub struct Activity {
    /// The filter.
    pub filter: FilterInput,
    /// What the journal says of other runs.
    pub past: Past,
    entries: VecDeque<Entry>,
    next: u64,
    rows: Vec<RowId>,
    cursor: Option<RowId>,
    unfolded: Option<RowId>,
    /// First row in view.
    top: usize,
}

impl Activity {
    /// What happened in this run, newest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// One entry of this run.
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The rows, as they were arranged last.
    pub fn rows(&self) -> &[RowId] {
        &self.rows
    }

    /// Arranges the rows anew; the cursor stays on its own.
    pub(super) fn arrange(&mut self, rows: Vec<RowId>) {
        self.rows = rows;
    }

    /// Row of the cursor: the first one until the user moves.
    pub fn row(&self) -> usize {
        self.cursor
            .and_then(|id| self.rows.iter().position(|row| *row == id))
            .unwrap_or(0)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<RowId> {
        self.rows.get(self.row()).copied()
    }

    /// First row in view.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Whether the details of a row are shown.
    pub fn is_unfolded(&self, id: RowId) -> bool {
        self.unfolded == Some(id)
    }

    /// Shows or hides the details under the cursor.
    pub fn toggle_unfold(&mut self) {
        let current = self.current();
        self.unfolded = if self.unfolded == current {
            None
        } else {
            current
        };
        self.cursor = current;
    }

    /// Moves the cursor to a row, or to the last one.
    pub fn move_to(&mut self, row: usize) {
        let row = row.min(self.rows.len().saturating_sub(1));
        // The first row follows what comes; any other row stays with its own.
        self.cursor = if row == 0 {
            None
        } else {
            self.rows.get(row).copied()
        };
        // Details above the cursor would push it out of view.
        self.unfolded = self.unfolded.take_if(|row| Some(*row) == self.cursor);
    }

    /// Shows the rows from `top` on, with the cursor on that row.
    pub(super) fn scroll_to(&mut self, top: usize, row: usize) {
        self.top = top;
        if row != self.row() {
            self.move_to(row);
        }
    }

    /// Keeps the cursor in view, and its details where they are shown.
    pub fn scroll(&mut self, room: usize) {
        let row = self.row();
        self.top = super::layout::scrolled(self.top, row, room, self.rows.len());
        if self.unfolded.is_some() && self.unfolded == self.current() {
            self.top = self.top.max(row.saturating_sub(CONTEXT));
        }
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

    fn arranged(activity: &mut Activity) {
        let rows = activity.iter().map(|entry| RowId::Now(entry.id)).collect();
        activity.arrange(rows);
    }

    #[test]
    fn the_cursor_stays_on_its_entry_while_new_ones_come() {
        let mut activity = Activity::default();
        for n in 0..3 {
            activity.note(Level::Done, n.to_string(), Millis(n));
        }
        arranged(&mut activity);
        activity.move_to(1);
        let chosen = activity.current();
        activity.note(Level::Done, "3".into(), Millis(3));
        arranged(&mut activity);
        assert_eq!((activity.row(), activity.current()), (2, chosen));
        activity.move_to(0);
        activity.note(Level::Done, "4".into(), Millis(4));
        arranged(&mut activity);
        assert_eq!(activity.row(), 0);
    }

    #[test]
    fn old_entries_go_so_that_memory_does_not_grow() {
        let mut activity = Activity::default();
        for n in 0..2_000 {
            activity.begin(Call::Index, Ticket(n), Millis(n));
        }
        assert_eq!(activity.iter().len(), MOST);
    }
}

//! The messages of one group as one list of rows, and where the cursor is in it.
//!
//! Not where they are kept: that is [`super::Thread`]. Invariant: a row keeps its name whatever comes
//! before or behind it, so the cursor stays on its message.

use super::{Message, Thread};
use crate::app::model::Model;
use crate::domain::{CorrelationId, GroupId};

/// The name of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowId {
    /// A message of ours.
    Own(CorrelationId),
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// A message of ours.
    Own(&'a Message),
}

impl Row<'_> {
    /// Its name.
    pub fn id(self) -> RowId {
        match self {
            Self::Own(message) => RowId::Own(message.id.clone()),
        }
    }
}

/// The rows of a group.
#[derive(Debug)]
pub struct Conversation<'a> {
    own: &'a [Message],
    /// `None` follows the newest row.
    cursor: Option<usize>,
}

impl<'a> Conversation<'a> {
    /// What was written to a group.
    pub fn of(model: &'a Model, group: &GroupId) -> Self {
        let thread = model.messages.of(group);
        let mut conversation = Self {
            own: thread.map(Thread::messages).unwrap_or_default(),
            cursor: None,
        };
        let cursor = thread.and_then(Thread::cursor);
        conversation.cursor = cursor.and_then(|id| conversation.position(id));
        conversation
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.own.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One row, counted from the oldest.
    pub fn get(&self, row: usize) -> Option<Row<'a>> {
        self.own.get(row).map(Row::Own)
    }

    /// Where a row is.
    pub fn position(&self, id: &RowId) -> Option<usize> {
        match id {
            RowId::Own(id) => self.own.iter().position(|message| message.id == *id),
        }
    }

    /// Whether the cursor stays with the newest row, whose end is then at the bottom.
    pub fn follows_newest(&self) -> bool {
        self.cursor.is_none()
    }

    /// Row of the cursor.
    pub fn row(&self) -> usize {
        self.cursor.unwrap_or_else(|| self.len().saturating_sub(1))
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<Row<'a>> {
        self.get(self.row())
    }

    /// The message of ours under the cursor.
    pub fn current_own(&self) -> Option<&'a Message> {
        match self.current()? {
            Row::Own(message) => Some(message),
        }
    }

    /// What the cursor is to be to stand on a row: on the last one it stays with the newest.
    pub fn cursor_at(&self, row: usize) -> Option<RowId> {
        let last = self.len().saturating_sub(1);
        self.get(row).filter(|_| row < last).map(Row::id)
    }
}

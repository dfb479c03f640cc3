//! The messages of one group as one list of rows, ours and those of others, and where the cursor is in it.
//!
//! Not where they are kept: that is [`super::Thread`] and [`Chat`]. What others wrote stands in the order
//! in which it was kept here, and ours where its time falls; what has not left stands at the end.
//! Invariants: a row keeps its name whatever comes before or behind it, so the cursor stays on its message;
//! finding a row costs no more with ten thousand messages than with ten.

use super::{Message, MessageState, Thread};
use crate::app::model::Model;
use crate::app::received::Chat;
use crate::domain::journal::Verdict;
use crate::domain::{CorrelationId, GroupId, Kept, Millis, Seq};

/// The name of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowId {
    /// A message of ours.
    Own(CorrelationId),
    /// A message that was received.
    Received(Seq),
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// A message of ours.
    Own(&'a Message),
    /// A message that was received.
    Received(&'a Kept),
}

impl Row<'_> {
    /// Its name.
    pub fn id(self) -> RowId {
        match self {
            Self::Own(message) => RowId::Own(message.id.clone()),
            Self::Received(kept) => RowId::Received(kept.seq),
        }
    }

    /// When it was written or left, or when it was kept here.
    pub fn at(self) -> Millis {
        match self {
            Self::Own(message) => message.at,
            Self::Received(kept) => kept.kept_at,
        }
    }
}

/// A message of ours among the others.
#[derive(Debug)]
struct Placed<'a> {
    message: &'a Message,
    /// How many received messages stand before it.
    behind: usize,
    row: usize,
}

/// The rows of a group.
#[derive(Debug)]
pub struct Conversation<'a> {
    own: Vec<Placed<'a>>,
    received: &'a [Kept],
    /// What was received, where anything was.
    pub chat: Option<&'a Chat>,
    /// `None` follows the newest row.
    cursor: Option<usize>,
    /// The last row when the cursor was put where it is.
    bottom: Option<usize>,
}

impl<'a> Conversation<'a> {
    /// What was written in a group, as far as it is known.
    pub fn of(model: &'a Model, group: &GroupId) -> Self {
        Self::join(
            model.messages.of(group),
            model
                .received
                .of_group(group)
                .filter(|chat| chat.total() > 0),
        )
    }

    fn join(thread: Option<&'a Thread>, chat: Option<&'a Chat>) -> Self {
        let received = chat.map(Chat::messages).unwrap_or_default();
        let cursor = thread.and_then(Thread::cursor);
        let is_part = chat.is_some_and(|chat| !chat.is_whole()) && !received.is_empty();
        let mut own: Vec<Placed<'a>> = Vec::new();
        let mut least = 0;
        for message in thread.map(Thread::messages).unwrap_or_default() {
            let behind = match message.state {
                // What has not left comes after all that is there.
                MessageState::Leaving(_) => received.len(),
                MessageState::Sending(_)
                | MessageState::Elsewhere
                | MessageState::Accepted
                | MessageState::NotSent(_)
                | MessageState::Unknown(_)
                | MessageState::Said(_) => {
                    received.partition_point(|kept| kept.kept_at <= message.at)
                }
            };
            // They keep their own order, whatever the clock says.
            let behind = behind.max(least);
            least = behind;
            let at_cursor = matches!(cursor, Some(RowId::Own(id)) if *id == message.id);
            // What others wrote then is not known yet. What needs the user is shown all the same.
            if is_part && behind == 0 && is_done(message) && !at_cursor {
                continue;
            }
            let row = behind + own.len();
            own.push(Placed {
                message,
                behind,
                row,
            });
        }
        let mut conversation = Self {
            own,
            received,
            chat,
            cursor: None,
            bottom: None,
        };
        conversation.cursor = cursor.and_then(|id| conversation.position(id));
        let bottom = thread.and_then(Thread::bottom);
        conversation.bottom = bottom.and_then(|id| conversation.position(id));
        conversation
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.own.len() + self.received.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One row, counted from the oldest.
    pub fn get(&self, row: usize) -> Option<Row<'a>> {
        match self.own.binary_search_by_key(&row, |own| own.row) {
            Ok(at) => self.own.get(at).map(|own| Row::Own(own.message)),
            Err(before) => self.received.get(row - before).map(Row::Received),
        }
    }

    /// Where a row is.
    pub fn position(&self, id: &RowId) -> Option<usize> {
        match id {
            RowId::Own(id) => {
                let mut own = self.own.iter();
                own.find(|own| own.message.id == *id).map(|own| own.row)
            }
            RowId::Received(seq) => {
                let at = self.received.binary_search_by_key(seq, |kept| kept.seq);
                at.ok().map(|at| self.row_of(at))
            }
        }
    }

    fn row_of(&self, received: usize) -> usize {
        received + self.own.partition_point(|own| own.behind <= received)
    }

    /// Row of the first message of others that is known.
    pub fn first_received(&self) -> Option<usize> {
        (!self.received.is_empty()).then(|| self.row_of(0))
    }

    /// The first received message at or behind a row.
    pub fn next_received(&self, row: usize) -> Option<Seq> {
        let before = self.own.partition_point(|own| own.row < row);
        self.received.get(row - before).map(|kept| kept.seq)
    }

    /// How many rows there are in all, those that are not read yet included.
    pub fn total(&self) -> usize {
        let unread = self
            .chat
            .map_or(0, |chat| chat.total().saturating_sub(self.received.len()));
        self.len() + unread
    }

    /// Whether the cursor stays with the newest row, whose end is then at the bottom.
    pub fn follows_newest(&self) -> bool {
        self.cursor.is_none()
    }

    /// Row of the cursor.
    pub fn row(&self) -> usize {
        self.cursor.unwrap_or_else(|| self.len().saturating_sub(1))
    }

    /// The last row that was there when the cursor was put where it is: what comes behind it moves
    /// nothing on the screen.
    pub fn bottom(&self) -> usize {
        let last = self.len().saturating_sub(1);
        self.bottom.unwrap_or(last).max(self.row())
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<Row<'a>> {
        self.get(self.row())
    }

    /// The message of ours under the cursor.
    pub fn current_own(&self) -> Option<&'a Message> {
        match self.current()? {
            Row::Own(message) => Some(message),
            Row::Received(_) => None,
        }
    }

    /// What the cursor is to be to stand on a row: on the last one it stays with the newest.
    pub fn cursor_at(&self, row: usize) -> Option<RowId> {
        let last = self.len().saturating_sub(1);
        self.get(row).filter(|_| row < last).map(Row::id)
    }

    /// The name of the newest row.
    pub fn last(&self) -> Option<RowId> {
        self.get(self.len().checked_sub(1)?).map(Row::id)
    }
}

/// Whether nothing is left to be done about a message.
fn is_done(message: &Message) -> bool {
    match message.state {
        MessageState::Accepted | MessageState::Said(Verdict::Happened) => true,
        MessageState::Unknown(_) => !message.holds(),
        MessageState::Leaving(_)
        | MessageState::Sending(_)
        | MessageState::Elsewhere
        | MessageState::NotSent(_)
        | MessageState::Said(Verdict::DidNotHappen) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::probe::{Probe, group};
    use crate::domain::{Content, Lane};

    fn app() -> Probe {
        let mut app = Probe::with([group("a").subject("Corrida").people(0..24).admins([0])]);
        app.play("5");
        app
    }

    fn hears(app: &mut Probe, text: &str) {
        app.hears("a", "5511900000001", text);
    }

    fn texts(app: &Probe) -> Vec<String> {
        let id = GroupId::new("a").unwrap();
        let conversation = Conversation::of(&app.model, &id);
        let rows = (0..conversation.len()).map(|row| {
            let found = conversation.get(row).unwrap();
            assert_eq!(conversation.position(&found.id()), Some(row));
            match found {
                Row::Own(message) => message.text.as_str().to_owned(),
                Row::Received(kept) => kept.message.content.line(),
            }
        });
        rows.collect()
    }

    fn writes(app: &mut Probe, text: &str) {
        app.press("m");
        app.type_text(text);
        app.press("enter");
        app.calm();
    }

    #[test]
    fn ours_and_theirs_stand_in_the_order_in_which_they_came_here() {
        let mut app = app();
        for (own, other) in [("um", "dois"), ("três", "quatro")] {
            writes(&mut app, own);
            app.wait(1_000);
            hears(&mut app, other);
            app.wait(1_000);
        }
        assert_eq!(texts(&app), ["um", "dois", "três", "quatro"]);
    }

    #[test]
    fn what_has_not_left_stands_at_the_end() {
        let mut app = app();
        hears(&mut app, "um");
        app.press("m");
        app.type_text("depois");
        app.press("enter");
        app.wait(100);
        hears(&mut app, "dois");
        assert_eq!(texts(&app), ["um", "dois", "depois"]);
        app.calm();
        app.wait(1_000);
        hears(&mut app, "três");
        assert_eq!(texts(&app), ["um", "dois", "depois", "três"]);
    }

    #[test]
    fn the_clock_of_a_sender_moves_nothing() {
        let mut app = app();
        hears(&mut app, "um");
        let lane = Lane::Group(GroupId::new("a").unwrap());
        let mut old = app.keep_received(lane, "5511900000001", "", Content::Text("antes".into()));
        old.message.received_at = Some(Millis(1));
        app.send(crate::app::Msg::Arrived(crate::domain::News {
            messages: vec![old],
            ..crate::domain::News::default()
        }));
        hears(&mut app, "dois");
        assert_eq!(texts(&app), ["um", "antes", "dois"]);
    }
}

//! Which part of a thread is on the screen: where it is anchored, and whether the row that tells what
//! became of a message can be seen.
//!
//! Not the picture: `ui` draws it. Here, because what is not seen is told in a notice, which the core
//! decides. Invariant: heights are never too small, so nothing counts as seen that is not.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr as _;

use super::conversation::{Conversation, Row, RowId};
use super::draft::rows;
use super::{History, Message, MessageState, body};
use crate::app::layout::Layout;
use crate::app::model::Model;
use crate::app::received::Page;
use crate::domain::{CorrelationId, DeliveryState, GroupId, Millis};

/// Rows that stay in view above the message under the cursor.
pub const CONTEXT: usize = 2;

/// Where the cursor goes from its row: up from the end of a message that is higher than the list to its
/// start first.
pub(in crate::app) fn stepped(model: &Model, group: &GroupId, by: isize) -> Option<RowId> {
    let conversation = Conversation::of(model, group);
    let row = conversation.row();
    if by >= 0 {
        return conversation.cursor_at(row.saturating_add_signed(by));
    }
    let (room, list) = (
        model.size.message_room(model.extent),
        list_rows(model, group),
    );
    let is_high = |message: &Message| rows(message.text.as_str(), room).len() >= list;
    let by = by.unsigned_abs();
    let stays = by <= row
        && conversation.follows_newest()
        && conversation.current_own().is_some_and(is_high);
    let row = if stays { row } else { row.saturating_sub(by) };
    conversation.get(row).map(Row::id)
}

/// The first row of which all can be seen, as far as that is sure: where the cursor goes before the wheel
/// scrolls up.
pub(in crate::app) fn seen_from(model: &Model, group: &GroupId) -> usize {
    let conversation = Conversation::of(model, group);
    let (list, room) = (
        list_rows(model, group),
        model.size.message_room(model.extent),
    );
    let mut row = conversation.bottom();
    let mut sum = 0;
    loop {
        let before = row.checked_sub(1).and_then(|row| conversation.get(row));
        let date = |row: Row<'_>| date(row.at(), &model.session.time_zone);
        let this = conversation.get(row);
        sum += usize::from(before.map(date) != this.map(date));
        sum += match this {
            Some(Row::Own(message)) => height(message, room, model.fate(message)),
            Some(Row::Received(kept)) => body::height(kept, (model.size, model.extent), list),
            None => 0,
        };
        match row.checked_sub(1) {
            Some(above) if sum < list => row = above,
            Some(_) if sum > list => return (row + 1).min(conversation.bottom()),
            Some(_) | None => return row,
        }
    }
}

/// How many rows the composer of a group takes, its frame or its title included.
pub fn composer_height(model: &Model, id: &GroupId) -> u16 {
    let composing = model.messages.composing() == Some(id);
    let lines = match model.messages.of(id) {
        Some(thread) if composing => thread
            .draft
            .rows(model.size.composer_room(model.extent))
            .len(),
        Some(_) | None => 1,
    };
    // Below 72 columns no pane has a frame.
    let frame = if model.size.layout() == Layout::One {
        1
    } else {
        2
    };
    model.size.composer_rows(lines) + frame
}

/// How many rows the list of messages has above the composer.
pub fn list_rows(model: &Model, id: &GroupId) -> usize {
    let rows = model.size.thread_rows();
    usize::from(rows.saturating_sub(composer_height(model, id)))
}

/// Whether the row that tells what became of a message is on the screen.
pub fn is_end_in_view(model: &Model, group: &GroupId, id: &CorrelationId) -> bool {
    if !model.shows_messages_of(group) {
        return false;
    }
    let Some(thread) = model.messages.of(group) else {
        return false;
    };
    let conversation = Conversation::of(model, group);
    let Some(row) = conversation.position(&RowId::Own(id.clone())) else {
        return false;
    };
    let list = list_rows(model, group);
    let room = model.size.message_room(model.extent);
    let fate = |message: &Message| model.fate(message);
    let own = match conversation.get(row) {
        Some(Row::Own(own)) => state_rows(own, room, fate(own)),
        Some(Row::Received(_)) | None => 0,
    };
    let (above, first, behind) = if conversation.follows_newest() {
        // Its own rows are the last ones above the later messages.
        (own.max(1), row + 1, conversation.len())
    } else if row > conversation.bottom() {
        return false;
    } else if conversation.row() <= row {
        (CONTEXT, conversation.row(), row + 1)
    } else if matches!(thread.history, History::Failed(_))
        || matches!(conversation.chat, Some(chat) if matches!(chat.page, Page::Failed(_)))
    {
        return false;
    } else {
        // What is above the cursor is in view for sure only where everything is, with the line on top.
        (1, 0, conversation.len())
    };
    // Below the message under the cursor stands what can be done.
    let has_hint = |message: &Message| has_hint(message, fate(message));
    let mut sum = above + usize::from(conversation.current_own().is_some_and(has_hint));
    // The rule in front of what is new.
    sum += usize::from(
        conversation
            .chat
            .is_some_and(|chat| chat.new_from().is_some()),
    );
    for row in first..behind {
        let before = row.checked_sub(1).and_then(|row| conversation.get(row));
        let date = |row: Row<'_>| date(row.at(), &model.session.time_zone);
        if let Some(this) = conversation.get(row) {
            let is_new_day = before.is_none_or(|before| date(before) != date(this));
            sum += usize::from(is_new_day);
            sum += match this {
                Row::Own(message) => height(message, room, fate(message)),
                Row::Received(kept) => body::height(kept, (model.size, model.extent), list),
            };
        }
        // A long thread is not measured to its end.
        if sum > list {
            return false;
        }
    }
    sum <= list
}

fn has_hint(message: &Message, fate: Option<&DeliveryState>) -> bool {
    message.is_not_sent() || message.holds() || matches!(fate, Some(DeliveryState::Failed { .. }))
}

fn date(at: Millis, zone: &TimeZone) -> Option<Date> {
    let at = Timestamp::from_millisecond(i64::try_from(at.0).ok()?).ok()?;
    Some(at.to_zoned(zone.clone()).date())
}

/// At most so many rows of a message: its time, its text, and how far it is.
fn height(message: &Message, room: u16, fate: Option<&DeliveryState>) -> usize {
    1 + rows(message.text.as_str(), room).len() + state_rows(message, room, fate)
}

/// At most so many rows below the text that say how far a message is.
fn state_rows(message: &Message, room: u16, fate: Option<&DeliveryState>) -> usize {
    let reason = fate.and_then(DeliveryState::reason);
    // The widest mark, in cells, and the reason behind it.
    let (mark, why) = match &message.state {
        MessageState::Accepted => (30, reason.as_deref().unwrap_or_default()),
        MessageState::Sending(_) | MessageState::Said(_) => (30, ""),
        MessageState::NotSent(why) => (28, why.as_str()),
        MessageState::Unknown(why) if message.holds() => (28, why.as_str()),
        MessageState::Unknown(_) | MessageState::Elsewhere => (46, ""),
        MessageState::Leaving(_) => (54, ""),
    };
    if !why.is_empty() {
        return rows(&format!("{}{why}", "·".repeat(mark)), room).len();
    }
    let text = rows(message.text.as_str(), room);
    let room = usize::from(room);
    let last = text.last().map_or(0, |row| row.shown.trim_end().width());
    if last + 3 + mark <= room {
        0
    } else {
        mark.div_ceil(room.max(1))
    }
}

//! What a received message says, in rows as they are shown.
//!
//! Here and not in `ui`, because what is in view is decided in the core. Invariants: a row holds safe text
//! only; a body is never higher than the list it stands in, and a text without end costs no more than that.

use std::borrow::Cow;
use std::time::Duration;

use super::draft::{self, Row};
use crate::app::layout::{Extent, Layout, Size};
use crate::domain::{Clean, Content, Kept, Millis};

/// A sender's time that is further from the time here than this is shown.
const SKEW: Duration = Duration::from_secs(300);
/// Characters that are looked at for each cell: a letter can have many marks.
const CHARS_PER_CELL: usize = 8;

/// The rows of a body.
#[derive(Debug)]
pub struct Body {
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether the text goes on behind them.
    pub is_cut: bool,
    /// Whether something in it cannot be seen.
    pub hides: bool,
}

/// What is shown, found and copied of a message: its words with their line breaks, or its one line.
///
/// Only words keep their line breaks: what a stranger calls a file is no place for them.
pub fn words(content: &Content) -> Cow<'_, str> {
    match content {
        Content::Text(text) if text.trim().is_empty() => Cow::Borrowed("[no words]"),
        Content::Text(text) => Cow::Borrowed(text.trim_end()),
        Content::Media { .. }
        | Content::Location { .. }
        | Content::Contacts(_)
        | Content::Choice { .. }
        | Content::System(_)
        | Content::Unknown { .. }
        | Content::Unreadable(_) => Cow::Owned(Clean::whole(content.line().trim())),
    }
}

/// Whether nobody said it: it stands beside its time.
pub fn is_event(content: &Content) -> bool {
    matches!(content, Content::System(_))
}

/// The cells of a row of a received message.
pub fn room((size, extent): (Size, Extent), content: &Content) -> u16 {
    let room = size.message_room(extent);
    match size.layout() {
        // In front stands the time.
        Layout::TooSmall | Layout::One if is_event(content) => room.saturating_sub(5),
        Layout::TooSmall | Layout::One | Layout::Two | Layout::TwoWithCard => room,
    }
}

/// A body in rows, in a list of so many rows.
pub fn body(content: &Content, size: (Size, Extent), list: usize) -> Body {
    // A head, a time, a row above, and the row that says that it is cut.
    let most = list.saturating_sub(5).max(1);
    let room = room(size, content);
    let words = words(content);
    let chars = (most + 1) * usize::from(room.max(2)) * CHARS_PER_CELL;
    let start: String = words.chars().take(chars).collect();
    let hides = Clean::would_hide(&start);
    let most = most.saturating_sub(usize::from(hides)).max(1);
    let mut rows = draft::rows(&start, room);
    let is_cut = rows.len() > most || start.len() < words.len();
    rows.truncate(most);
    Body {
        rows,
        is_cut,
        hides,
    }
}

/// When it was sent by the sender's side, where that is far from when it was kept here.
pub fn sent_at(kept: &Kept) -> Option<Millis> {
    let sent = kept.message.received_at?;
    let off = sent.since(kept.kept_at).max(kept.kept_at.since(sent));
    (off > SKEW).then_some(sent)
}

/// How many rows a received message takes.
pub fn height(kept: &Kept, size: (Size, Extent), list: usize) -> usize {
    let content = &kept.message.content;
    let body = body(content, size, list);
    body.rows.len()
        + usize::from(body.is_cut)
        + usize::from(body.hides)
        + usize::from(!is_event(content))
        + usize::from(sent_at(kept).is_some())
}

//! What was written to the chosen group from here, newest at the bottom, above the composer.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::composer;
use super::footer::WRITE;
use super::header::spinner;
use super::text::{clock, day, plural, width, wrap};
use crate::app::Model;
use crate::app::layout::Layout;
use crate::app::messages::conversation::Conversation;
use crate::app::messages::window::{CONTEXT, composer_height};
use crate::app::messages::{History, Message, MessageState, Thread, draft};
use crate::app::model::Pane;
use crate::app::update::message_to_take_back;
use crate::domain::journal::Verdict;
use crate::domain::{Clean, GroupId, Millis};
use crate::theme::Meaning;

/// Cells in front of a time: the cursor, and one that keeps it clear.
const HEAD: u16 = 2;

/// What enter does in the pane now.
pub(super) fn enter_words(model: &Model) -> &'static str {
    match current(model) {
        Some(message) if message.is_not_sent() => "try again",
        Some(message) if message.holds() => "decide…",
        Some(_) | None => WRITE,
    }
}

/// Whether a message of the group may have been delivered, so that nothing more leaves.
pub(super) fn is_held(model: &Model) -> bool {
    let thread = model.thread_group().and_then(|id| model.messages.of(id));
    thread.is_some_and(|thread| thread.messages().iter().any(Message::holds))
}

/// The line at the bottom of the screen.
pub(super) fn status(model: &Model) -> (String, Meaning) {
    let thread = model.thread_group().and_then(|id| model.messages.of(id));
    let count = thread.map_or(0, |thread| thread.messages().len());
    if is_held(model) {
        let text = "! One message may have been delivered: nothing more leaves before you say.";
        return (text.into(), Meaning::Warn);
    }
    let text = match count {
        0 => "Messages sent from here are listed here".to_owned(),
        _ => format!(
            "{} from here · newest at the bottom",
            plural(count, "message")
        ),
    };
    (text, Meaning::Dim)
}

/// Where notices have to end, so that they stand on no composer.
pub(super) fn composer_top(model: &Model, bottom: u16) -> u16 {
    match model
        .thread_group()
        .filter(|_| model.pane == Pane::Messages)
    {
        Some(id) => bottom.saturating_sub(composer_height(model, id)),
        None => bottom,
    }
}

/// How a message is taken back: while one writes, `u` is a letter.
pub(super) fn undo_words(model: &Model) -> &'static str {
    if model.messages.composing().is_some() {
        "esc u takes it back"
    } else {
        "u takes it back"
    }
}

fn current(model: &Model) -> Option<&Message> {
    Conversation::of(model, model.thread_group()?).current_own()
}

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect, id: &GroupId) {
    let height = composer_height(model, id).min(area.height);
    let list = Rect {
        height: area.height - height,
        ..area
    };
    let below = super::margin(Rect {
        y: list.bottom(),
        height,
        ..area
    });
    match model.messages.of(id) {
        Some(thread) if !thread.messages().is_empty() => {
            rows(model, canvas, list, thread, &Conversation::of(model, id));
        }
        thread => empty(model, canvas, list, thread),
    }
    composer::draw(model, canvas, below, id);
}

fn empty(model: &Model, canvas: &mut Canvas<'_>, area: Rect, thread: Option<&Thread>) {
    let area = super::margin(area);
    let y = area.y + u16::from(area.height > 6);
    let text = match thread.map(|thread| &thread.history) {
        Some(History::Known) => "No message was sent to this group from here yet.".to_owned(),
        Some(History::Failed(why)) => not_read(why),
        Some(History::Unread | History::Asked) | None => "Reading what was sent …".to_owned(),
    };
    if model.pane == Pane::Messages {
        canvas.begin_reading(area.x, y);
    }
    for (y, line) in (y..area.bottom()).zip(wrap(&text, area.width)) {
        canvas.put(area.x, y, area.width, &line, Meaning::Text);
    }
}

fn not_read(why: &str) -> String {
    let why = Clean::whole(why);
    format!("! What was sent earlier could not be read: {why}. r tries again.")
}

/// One row of the list.
struct Line {
    text: String,
    meaning: Meaning,
    /// Behind the text, where there is room for it.
    state: Option<(String, Meaning)>,
    /// Of which message; `None` between two days.
    row: Option<usize>,
    /// Cells in front.
    indent: u16,
}

fn rows(
    model: &Model,
    canvas: &mut Canvas<'_>,
    area: Rect,
    thread: &Thread,
    conversation: &Conversation<'_>,
) {
    let focused = model.pane == Pane::Messages;
    let room = usize::from(area.height);
    let at = conversation.row();
    let lines = lines(model, area, thread, at);
    let first = lines.iter().position(|line| line.row == Some(at));
    let lowest = lines.len().saturating_sub(room);
    // The newest at the bottom; what the cursor is on stays in view.
    let top = if conversation.follows_newest() {
        lowest
    } else {
        lowest.min(first.unwrap_or(0).saturating_sub(CONTEXT))
    };
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        let current = line.row == Some(at);
        let composing = model.messages.composing().is_some();
        if current && focused && !composing {
            let row = Rect {
                y,
                height: 1,
                ..area
            };
            canvas.shade(row, Meaning::Selected);
            canvas.put(area.x, y, 1, "▌", Meaning::Accent);
            if canvas.caret.is_none() {
                canvas.place_caret(area.x, y);
            }
        }
        let x = area.x + line.indent;
        let room = area.right().saturating_sub(x + 1);
        let end = canvas.put(x, y, room, &line.text, line.meaning);
        if let Some((state, meaning)) = &line.state {
            let room = area.right().saturating_sub(end + 4);
            canvas.put(end + 3, y, room, state, *meaning);
        }
    }
}

/// The rows that can be seen, from those above the cursor down to the newest message.
fn lines(model: &Model, area: Rect, thread: &Thread, at: usize) -> Vec<Line> {
    let zone = &model.session.time_zone;
    let messages = thread.messages();
    let needed = usize::from(area.height) + CONTEXT;
    let mut blocks: Vec<Vec<Line>> = Vec::new();
    let mut count = 0;
    for (row, message) in messages.iter().enumerate().rev() {
        let mut block = Vec::new();
        let before = row.checked_sub(1).and_then(|row| messages.get(row));
        let is_new_day =
            before.is_none_or(|m| day(m.at, model.now, zone) != day(message.at, model.now, zone));
        if is_new_day {
            block.push(day_line(&day(message.at, model.now, zone), area.width));
        }
        block.extend(of_message(model, thread, row, message, row == at));
        count += block.len();
        blocks.push(block);
        if count >= needed && row < at {
            break;
        }
    }
    if let History::Failed(why) = &thread.history {
        let lines = wrap(&not_read(why), area.width.saturating_sub(2)).into_iter();
        blocks.push(
            lines
                .map(|text| Line {
                    text,
                    meaning: Meaning::Warn,
                    state: None,
                    row: None,
                    indent: 1,
                })
                .collect(),
        );
    }
    blocks.into_iter().rev().flatten().collect()
}

fn day_line(day: &str, room: u16) -> Line {
    let bar = usize::from(room.saturating_sub(width(day) + 4) / 2);
    let bar = "─".repeat(bar);
    Line {
        text: format!("{bar} {day} {bar}"),
        meaning: Meaning::Border,
        state: None,
        row: None,
        indent: 1,
    }
}

fn of_message(
    model: &Model,
    thread: &Thread,
    row: usize,
    message: &Message,
    at_cursor: bool,
) -> Vec<Line> {
    let zone = &model.session.time_zone;
    let one = model.size.layout() == Layout::One;
    let indent = if one { HEAD } else { 9 };
    let line = |text: String, meaning, indent| Line {
        text,
        meaning,
        state: None,
        row: Some(row),
        indent,
    };
    let mut lines = vec![line(
        format!("{}  you", clock(message.at, zone)),
        Meaning::Dim,
        HEAD,
    )];
    let room = model.size.message_room();
    // As it stood in the composer: its blanks were sent too.
    let rows = draft::rows(message.text.as_str(), room).into_iter();
    lines.extend(rows.map(|row| line(row.shown.trim_end().to_owned(), Meaning::Text, indent)));
    let (mark, why, meaning) = state(model, thread, message);
    if let Some(last) = lines.last_mut()
        && width(&last.text) + 3 + width(&mark) <= room
        && why.is_empty()
    {
        last.state = Some((mark, meaning));
    } else {
        let whole = if why.is_empty() {
            mark
        } else {
            format!("{mark} · {why}")
        };
        let whole = wrap(&whole, room).into_iter();
        lines.extend(whole.map(|text| line(text, meaning, indent)));
    }
    // What can be done is said where the cursor is.
    let here = model.pane == Pane::Messages && at_cursor;
    if let Some(hint) = hint(message).filter(|_| here) {
        lines.push(line(hint.to_owned(), Meaning::Dim, indent));
    }
    lines
}

fn hint(message: &Message) -> Option<&'static str> {
    if message.is_not_sent() {
        Some("enter try again · e edit · d drop…")
    } else if message.holds() {
        Some("enter decide…")
    } else {
        None
    }
}

/// How far a message is: a mark with a word, and the reason.
fn state(model: &Model, thread: &Thread, message: &Message) -> (String, String, Meaning) {
    let left = |at: Millis| at.since(model.now).as_millis().div_ceil(1000);
    let undo = || {
        let is_next = message_to_take_back(model).is_some_and(|next| next.id == message.id);
        let undo = || format!(" · {}", undo_words(model));
        is_next.then(undo).unwrap_or_default()
    };
    let (mark, meaning) = match &message.state {
        MessageState::Leaving(_) if thread.messages().iter().any(Message::holds) => (
            format!("waits for your word on the other{}", undo()),
            Meaning::Warn,
        ),
        MessageState::Leaving(at) if *at > model.now => {
            let seconds = left(*at);
            (format!("leaves in {seconds} s{}", undo()), Meaning::Info)
        }
        MessageState::Leaving(_) => (format!("waits for its turn{}", undo()), Meaning::Info),
        MessageState::Sending(_) => (format!("{} sending", spinner(model)), Meaning::Info),
        MessageState::Elsewhere => (
            "sent by another wavedeck, not answered yet".into(),
            Meaning::Dim,
        ),
        MessageState::Accepted => ("✓ accepted".into(), Meaning::Ok),
        MessageState::NotSent(_) => ("✗ not sent".into(), Meaning::Danger),
        MessageState::Unknown(_) if message.holds() => {
            ("! may have been delivered".into(), Meaning::Warn)
        }
        MessageState::Unknown(_) => (
            "! may have been delivered, sent again below".into(),
            Meaning::Warn,
        ),
        MessageState::Said(Verdict::Happened) => ("✓ it arrived, you said".into(), Meaning::Ok),
        MessageState::Said(Verdict::DidNotHappen) => {
            ("✗ it did not arrive, you said".into(), Meaning::Danger)
        }
    };
    let why = match &message.state {
        MessageState::NotSent(why) => Clean::whole(why),
        MessageState::Unknown(why) if message.holds() => Clean::whole(why),
        MessageState::Leaving(_)
        | MessageState::Sending(_)
        | MessageState::Elsewhere
        | MessageState::Accepted
        | MessageState::Unknown(_)
        | MessageState::Said(_) => String::new(),
    };
    (mark, why, meaning)
}

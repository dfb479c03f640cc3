//! What was written in the chosen group, ours and theirs, newest at the bottom, above the composer.
//!
//! Invariant: only what is near the window is laid out, however long the conversation is.

mod own;
mod received;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::composer;
use super::details::{notice, taught};
use super::footer::WRITE;
use super::text::{day, number, plural, sentence, width, wrap};
use crate::app::Model;
use crate::app::layout::Layout;
use crate::app::messages::conversation::{Conversation, Row};
use crate::app::messages::search::{Search, Turn};
use crate::app::messages::window::{CONTEXT, composer_height};
use crate::app::messages::{History, Message, Thread};
use crate::app::model::Pane;
use crate::app::pointer::Target;
use crate::app::received::{Chat, Page, Reception};
use crate::domain::{Clean, DeliveryState, GroupId};
use crate::keymap::Action;
use crate::theme::Meaning;

/// Cells in front of a time: the cursor, and one that keeps it clear.
const HEAD: u16 = 2;
/// Cells in front of a text, where there is room for the times beside it.
const TEXT: u16 = 9;

/// Cells in front of the text of a message.
fn indent(model: &Model) -> u16 {
    match model.size.layout() {
        // No text must look like the head of a message.
        Layout::TooSmall | Layout::One => HEAD + 2,
        Layout::Two | Layout::TwoWithCard => TEXT,
    }
}

/// Whether something failed here that the user can try again.
pub(super) fn can_try_again(model: &Model) -> bool {
    let chat = model
        .thread_group()
        .and_then(|group| model.received.of_group(group));
    let is_read = !chat.is_some_and(|chat| matches!(chat.page, Page::Failed(_)));
    matches!(model.received.reception, Reception::Failed(_)) || !is_read
}

/// What enter does in the pane now.
pub(super) fn enter_words(model: &Model) -> &'static str {
    let group = model.thread_group();
    let current = group.and_then(|group| Conversation::of(model, group).current_own());
    match current {
        Some(message) if message.is_not_sent() => "try again",
        Some(message) if message.holds() => "decide…",
        Some(message) if is_failed(model, message) => "write again",
        Some(_) | None => WRITE,
    }
}

fn is_failed(model: &Model, message: &Message) -> bool {
    matches!(model.fate(message), Some(DeliveryState::Failed { .. }))
}

/// Whether a message of the group may have been delivered, so that nothing more leaves.
pub(super) fn is_held(model: &Model) -> bool {
    let thread = model.thread_group().and_then(|id| model.messages.of(id));
    thread.is_some_and(|thread| thread.messages().iter().any(Message::holds))
}

/// How many messages of the shown group nobody has read here.
pub(super) fn unread(model: &Model, group: &GroupId) -> usize {
    model.received.of_group(group).map_or(0, Chat::unread)
}

/// The search of the shown group, where there is one.
pub(super) fn search(model: &Model) -> Option<&Search> {
    let search = &model.messages.of(model.thread_group()?)?.search;
    (search.is_active() || search.filter.typing).then_some(search)
}

/// What esc does in the pane now.
pub(super) fn back_words(model: &Model) -> &'static str {
    match search(model) {
        Some(search) if search.goes_on() => "stop",
        Some(_) => "clear search",
        None => Action::Back.hint(),
    }
}

/// Whether the cursor is above the newest message.
pub(super) fn is_up(model: &Model) -> bool {
    let group = model.thread_group();
    group.is_some_and(|group| !Conversation::of(model, group).follows_newest())
}

/// How many hits there are, and which one has the cursor.
pub(super) fn hits(model: &Model) -> String {
    let Some((search, group)) = search(model).zip(model.thread_group()) else {
        return String::new();
    };
    if !search.is_active() {
        return String::new();
    }
    let conversation = Conversation::of(model, group);
    let hits = search.hits(&conversation);
    let count = hits.count();
    let more = if search.goes_on() { " …" } else { "" };
    match hits.number(conversation.row()) {
        Some(n) => format!("{} of {}{more}", number(n), number(count)),
        None if count > 0 => format!("{}{more}", plural(count, "hit")),
        None if search.goes_on() => "searching …".to_owned(),
        None if search.turn == Turn::Paused => "no hit yet".to_owned(),
        None => "no hit".to_owned(),
    }
}

/// The line at the bottom of the screen.
pub(super) fn status(model: &Model) -> (String, Meaning) {
    if let Some(note) = note(model, false) {
        return note;
    }
    let Some(group) = model.thread_group() else {
        return (String::new(), Meaning::Dim);
    };
    let conversation = Conversation::of(model, group);
    let all = conversation.total();
    let text = if all == 0 {
        "Messages of this group are listed here".to_owned()
    } else if conversation.chat.is_none() {
        format!(
            "{} from here · newest at the bottom",
            plural(all, "message")
        )
    } else if conversation.follows_newest() {
        let new = conversation.chat.map_or(0, Chat::new_count);
        let new = match new {
            0 => String::new(),
            new => format!(", {} new", number(new)),
        };
        format!("{}{new} · newest at the bottom", plural(all, "message"))
    } else {
        format!("{} · newest at the bottom", place(&conversation))
    };
    (text, Meaning::Dim)
}

/// Where the cursor is among all messages.
fn place(conversation: &Conversation<'_>) -> String {
    let all = conversation.total();
    let behind = conversation.len().saturating_sub(conversation.row() + 1);
    let place = all.saturating_sub(behind);
    format!("Message {} of {}", number(place), number(all))
}

/// What the user should know of the pane now, where there is something; shorter where there is little room.
pub(super) fn note(model: &Model, is_short: bool) -> Option<(String, Meaning)> {
    let words = |long: String, short: &str| if is_short { short.to_owned() } else { long };
    if is_held(model) {
        let long = "! One message may have been delivered: nothing more leaves before you say.";
        let short = "! Nothing leaves until you say";
        return Some((words(long.to_owned(), short), Meaning::Warn));
    }
    let group = model.thread_group()?;
    let conversation = Conversation::of(model, group);
    let search = search(model);
    if let Some(text) = search.and_then(|search| searching(model, search, &conversation, is_short))
    {
        return Some((text, Meaning::Info));
    }
    // Where there is nothing to read, that is said in its place.
    let is_told = conversation.is_empty();
    if let Reception::Failed(why) = &model.received.reception
        && !is_told
    {
        let again = model.way_to(Action::Refresh);
        let long = format!("! Nothing is received here, {again} tries again: {why}");
        let short = format!("! Receiving failed: {again} tries again");
        return Some((Clean::whole(&words(long, &short)), Meaning::Warn));
    }
    if let Some(why) = &model.received.not_kept {
        let long = format!("! Messages cannot be kept, senders try again: {why}");
        let short = "! Messages cannot be kept";
        return Some((Clean::whole(&words(long, short)), Meaning::Warn));
    }
    let unread = unread(model, group);
    if unread == 0 || conversation.is_empty() || conversation.follows_newest() {
        return None;
    }
    let new = format!(
        "{} new below, {} goes there",
        number(unread),
        model.way_to(Action::Last)
    );
    let text = words(format!("{} · {new}", place(&conversation)), &new);
    Some((text, Meaning::Info))
}

/// What the search has to say beside its hits.
fn searching(
    model: &Model,
    search: &Search,
    conversation: &Conversation<'_>,
    is_short: bool,
) -> Option<String> {
    let on = model.way_to(Action::NextHit);
    let read = number(conversation.chat.map_or(0, |chat| chat.messages().len()));
    let (long, short) = if search.goes_on() {
        (
            format!("Searching older messages, {read} read · esc stops"),
            format!("Searching: {read} read, esc stops"),
        )
    } else {
        match search.turn {
            Turn::None => return None,
            Turn::FromNewest => (
                "That was the oldest one: from the newest again".to_owned(),
                "From the newest again".to_owned(),
            ),
            Turn::FromOldest => (
                "That was the newest one: from the oldest again".to_owned(),
                "From the oldest again".to_owned(),
            ),
            Turn::Paused => (
                format!("Nothing more in the newest {read} messages · {on} reads on"),
                format!("No more in {read} · {on} reads on"),
            ),
        }
    };
    Some(if is_short { short } else { long })
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
pub(super) fn undo_words(model: &Model) -> String {
    let undo = model.way_to(Action::Undo);
    if model.messages.composing().is_some() {
        format!("esc {undo} takes it back")
    } else {
        format!("{undo} takes it back")
    }
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
    let view = View {
        model,
        thread: model.messages.of(id),
        conversation: Conversation::of(model, id),
        list: usize::from(list.height),
        width: list.width,
    };
    if view.conversation.is_empty() {
        empty(&view, canvas, list);
    } else {
        rows(&view, canvas, list);
    }
    composer::draw(model, canvas, below, id);
}

/// What is drawn, and the room for it.
struct View<'a> {
    model: &'a Model,
    thread: Option<&'a Thread>,
    conversation: Conversation<'a>,
    /// Rows of the list.
    list: usize,
    width: u16,
}

fn empty(view: &View<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let focused = view.model.pane == Pane::Messages;
    let plain = |text: &str| vec![(text.to_owned(), Meaning::Text)];
    let write = (Action::Write, "write the first");
    let again = (Action::Refresh, "try again");
    let history = view.thread.map(|thread| &thread.history);
    let page = view.conversation.chat.map(|chat| &chat.page);
    let (lines, keys) = match (history, page) {
        (Some(History::Failed(why)), _) => {
            (vec![(not_read(view.model, why), Meaning::Text)], vec![])
        }
        (_, Some(Page::Failed(why))) => (
            vec![(not_received(view.model, why), Meaning::Warn)],
            vec![again],
        ),
        (Some(History::Unread | History::Asked) | None, _)
        | (_, Some(Page::Unread | Page::Asked)) => (plain("Reading the messages …"), vec![]),
        (Some(History::Known), Some(Page::Part | Page::Whole) | None) => {
            let mut lines = plain("No messages yet in this group.");
            let mut keys = vec![write];
            match &view.model.received.reception {
                Reception::Failed(why) => {
                    let why = sentence(&Clean::whole(why));
                    lines.push(("✗ Nothing is received here.".into(), Meaning::Danger));
                    lines.push((why, Meaning::Text));
                    keys.push(again);
                }
                Reception::Off if view.model.received.lanes().next().is_none() => {
                    lines.push(("Receiving is off.".into(), Meaning::Text));
                    let how = "To receive, set listen under [receive] in the configuration: \
                               docs/receiving.md says how.";
                    lines.push((how.into(), Meaning::Dim));
                }
                Reception::Off | Reception::On(_) => {
                    let text = "New ones appear here while this program runs.";
                    lines.push((text.into(), Meaning::Dim));
                }
            }
            (lines, keys)
        }
    };
    notice(canvas, area, &lines, &taught(view.model, &keys), focused);
}

fn not_read(model: &Model, why: &str) -> String {
    let (why, again) = (Clean::whole(why), model.way_to(Action::Refresh));
    format!("! What was sent earlier could not be read: {why}. {again} tries again.")
}

fn not_received(model: &Model, why: &str) -> String {
    let (why, again) = (Clean::whole(why), model.way_to(Action::Refresh));
    format!("! What was received could not be read: {why}. {again} tries again.")
}

/// One row of the list.
#[derive(Default)]
struct Line {
    /// One behind the other, with two blanks between them.
    parts: Vec<(String, Meaning)>,
    /// Behind the text, where there is room for it.
    state: Option<(String, Meaning)>,
    /// Of which message; `None` between two.
    row: Option<usize>,
    /// Cells in front.
    indent: u16,
    /// Columns and widths of what is searched for, counted from the text.
    hits: Vec<(u16, u16)>,
}

impl Line {
    fn new(text: String, meaning: Meaning, row: Option<usize>, indent: u16) -> Self {
        Self {
            parts: vec![(text, meaning)],
            row,
            indent,
            ..Self::default()
        }
    }
}

fn rows(view: &View<'_>, canvas: &mut Canvas<'_>, area: Rect) {
    let model = view.model;
    let focused = model.pane == Pane::Messages;
    let composing = model.messages.composing().is_some();
    let at = view.conversation.row();
    let (top, lines) = lines(view);
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        let shown = line.row.and_then(|row| view.conversation.get(row));
        if let Some(shown) = shown {
            let place = Rect::new(area.x, y, area.width, 1);
            canvas.answers(place, Target::Message(shown.id()));
        }
        if line.row == Some(at) && focused && !composing {
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
        let start = area.x + line.indent;
        let mut x = start;
        for (n, (text, meaning)) in line.parts.iter().enumerate() {
            x += if n > 0 { 2 } else { 0 };
            let room = area.right().saturating_sub(x + 1);
            x = canvas.put(x, y, room, text, *meaning);
        }
        for (column, cells) in &line.hits {
            let room = area.right().saturating_sub(start + column + 1);
            canvas.highlight(start + column, y, (*cells).min(room));
        }
        if let Some((state, meaning)) = &line.state {
            let room = area.right().saturating_sub(x + 4);
            canvas.put(x + 3, y, room, state, *meaning);
        }
    }
}

/// The lines near the window, and the first of them that is shown.
fn lines(view: &View<'_>) -> (usize, Vec<Line>) {
    let conversation = &view.conversation;
    let (len, at) = (conversation.len(), conversation.row());
    let follows = conversation.follows_newest();
    let mut below: Vec<Line> = Vec::new();
    // Where the newest row ends that was there when the cursor came.
    let mut end = None;
    let first = if follows { len } else { at };
    for row in first..len {
        below.extend(block(view, row));
        if row == conversation.bottom() {
            end = Some(below.len());
        }
        if below.len() >= view.list {
            break;
        }
    }
    let mut above: Vec<Vec<Line>> = Vec::new();
    let mut count = 0;
    let mut row = first;
    while count < view.list && row > 0 {
        row -= 1;
        let block = block(view, row);
        count += block.len();
        above.push(block);
    }
    if row == 0 && count < view.list {
        let lines = beginning(view);
        count += lines.len();
        above.push(lines);
    }
    let mut lines: Vec<Line> = above.into_iter().rev().flatten().collect();
    lines.extend(below);
    // The newest at the bottom; what the cursor is on stays in view.
    let lowest = if follows {
        Some(lines.len())
    } else {
        end.map(|end| count + end)
    };
    let lowest = lowest.map_or(usize::MAX, |end| end.saturating_sub(view.list));
    let top = if follows {
        lowest
    } else if at == 0 {
        // With all that stands above it.
        0
    } else {
        let first = lines.iter().position(|line| line.row == Some(at));
        lowest.min(first.unwrap_or(0).saturating_sub(CONTEXT))
    };
    (top, lines)
}

/// What stands above the oldest row that is known.
fn beginning(view: &View<'_>) -> Vec<Line> {
    let room = view.width.saturating_sub(2);
    let mut texts: Vec<(String, Meaning)> = Vec::new();
    if let Some(History::Failed(why)) = view.thread.map(|thread| &thread.history) {
        texts.push((not_read(view.model, why), Meaning::Warn));
    }
    let quiet = |text: &str| (text.to_owned(), Meaning::Dim);
    match view.conversation.chat.map(|chat| &chat.page) {
        None => {}
        Some(Page::Failed(why)) => texts.push((not_received(view.model, why), Meaning::Warn)),
        Some(Page::Unread | Page::Asked) => texts.push(quiet("Reading older messages …")),
        Some(Page::Part) => texts.push(quiet("Older messages are read as you go up.")),
        Some(Page::Whole) => texts.push(quiet("Nothing older was received.")),
    }
    let lines = texts.into_iter().flat_map(|(text, meaning)| {
        let lines = wrap(&text, room).into_iter();
        lines.map(move |text| Line::new(text, meaning, None, 1))
    });
    lines.collect()
}

/// One message, with the rules in front of it.
fn block(view: &View<'_>, row: usize) -> Vec<Line> {
    let (model, conversation) = (view.model, &view.conversation);
    let Some(this) = conversation.get(row) else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    let before = row.checked_sub(1).and_then(|row| conversation.get(row));
    let day = |row: Row<'_>| day(row.at(), model.now, &model.session.time_zone);
    let this_day = day(this);
    if before.is_none_or(|before| day(before) != this_day) {
        lines.push(rule(&this_day, "─", view.width, Meaning::Border));
    }
    match this {
        Row::Own(message) => lines.extend(own::lines(view, row, message)),
        Row::Received(kept) => {
            let chat = conversation.chat;
            if chat.is_some_and(|chat| chat.new_from() == Some(kept.seq)) {
                let count = chat.map_or(0, Chat::new_count);
                let new = format!("{} new", number(count));
                lines.push(rule(&new, "╌", view.width, Meaning::Accent));
            }
            lines.extend(received::lines(view, row, kept));
        }
    }
    lines
}

/// Words between two bars.
fn rule(words: &str, bar: &str, room: u16, meaning: Meaning) -> Line {
    // As wide as the rule below the tabs.
    let bars = room.saturating_sub(width(words) + 4);
    let left = bar.repeat(usize::from(bars / 2));
    let right = bar.repeat(usize::from(bars - bars / 2));
    Line::new(format!("{left} {words} {right}"), meaning, None, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::messages::window::list_rows;
    use crate::app::probe::{Probe, group};
    use crate::domain::{Content, Lane, News};

    const ROWS: usize = 10_000;

    /// A group in which ten thousand messages arrive at once while somebody looks.
    fn flooded() -> (Probe, GroupId) {
        let mut app = Probe::with([group("a").subject("Corrida").people(0..24).admins([0])]);
        app.play("5");
        let id = GroupId::new("a").unwrap();
        let lane = Lane::Group(id.clone());
        app.hears("a", "5511900000001", "oi");
        app.hears("a", "5511900000001", "olá");
        // Who reads further up keeps all of them.
        app.press("k");
        let messages = (2..ROWS).map(|n| {
            let text = Content::Text(format!("mensagem {n}\n{}", "bem comprida ".repeat(60)));
            app.keep_received(lane.clone(), "5511900000001", "Ana", text)
        });
        let messages = messages.collect();
        app.send(crate::app::Msg::Arrived(News {
            messages,
            ..News::default()
        }));
        app.press("G");
        (app, id)
    }

    #[test]
    fn only_what_is_near_the_window_is_laid_out() {
        let (mut app, id) = flooded();
        for (keys, place) in [("", ROWS), ("k k k", ROWS - 3), ("g", 1), ("pgdn", 9)] {
            app.press_all(keys);
            let view = View {
                model: &app.model,
                thread: app.model.messages.of(&id),
                conversation: Conversation::of(&app.model, &id),
                list: list_rows(&app.model, &id),
                width: 78,
            };
            assert_eq!(view.conversation.len(), ROWS);
            assert_eq!(view.conversation.row() + 1, place.min(ROWS), "{keys}");
            let (top, lines) = lines(&view);
            let rows: std::collections::BTreeSet<usize> =
                lines.iter().filter_map(|line| line.row).collect();
            assert!(rows.len() <= view.list, "{keys}: {} messages", rows.len());
            assert!(
                lines.len() <= 4 * view.list,
                "{keys}: {} lines",
                lines.len()
            );
            assert!(lines.len() >= top + view.list.min(5));
        }
    }
}

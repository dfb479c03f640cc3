//! What was received and belongs to no group of the list, part by part; and one message whole, with the
//! report as it came. Nothing here offers to answer.

use ratatui::layout::Rect;

use super::canvas::{Canvas, Labels, pane};
use super::details::{notice, taught, titled};
use super::header::{spinner, unread_mark};
use super::text::{cut, day_or_clock, moment, named, number, plural, safe, width, wrap};
use crate::app::Model;
use crate::app::inbox::{Part, Row, Tone, whole};
use crate::app::layout::Layout;
use crate::app::pointer::Target;
use crate::app::received::Reception;
use crate::app::update::message_of;
use crate::domain::{Clean, Kept};
use crate::keymap::Action;
use crate::theme::Meaning;

/// Cells of a time, and of a number, in front of what was written.
const TIME: u16 = 8;
const NUMBER: u16 = 18;
/// Cells of the name of a sender, where there is room for it.
const NAME: u16 = 14;
/// Columns from which there is.
const NAMED: u16 = 76;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let inbox = &model.inbox;
    let one = model.size.layout() == Layout::One;
    let count = number(inbox.total());
    let inside = if one {
        area
    } else {
        let labels = Labels {
            title: &super::titled(model, titled(model, Action::GoInbox, "Inbox")),
            count: &count,
            state: "",
            place: &place(model),
        };
        pane(canvas, area, &labels, true)
    };
    let padding = model.size.padding();
    let area = Rect {
        y: inside.y + padding,
        height: inside.height.saturating_sub(padding),
        ..inside
    };
    let shown = inbox
        .whole()
        .and_then(|(lane, seq)| message_of(model, lane, seq));
    if let Some(kept) = shown {
        message(model, canvas, area, kept);
        return;
    }
    let head = super::margin(area);
    reception(model, canvas, head);
    parts(
        model,
        canvas,
        Rect {
            y: area.y + 1,
            ..head
        },
    );
    let note = notes(model, head.width);
    for (y, (line, meaning)) in (area.y + 2..).zip(note) {
        canvas.put(head.x, y, head.width, &line, meaning);
    }
    // The first padding stands above.
    let above = model.size.inbox_head().saturating_sub(padding);
    let list = Rect {
        y: area.y + above,
        height: area.height.saturating_sub(above),
        ..area
    };
    if inbox.rows().is_empty() {
        empty(model, canvas, list);
    } else {
        rows(model, canvas, list);
    }
}

/// Where the cursor is, among the messages and not the headings.
fn place(model: &Model) -> String {
    let inbox = &model.inbox;
    let is_message = |row: &&Row| matches!(row, Row::Message(..));
    let all = if inbox.filter.is_active() {
        inbox.rows().iter().filter(is_message).count()
    } else {
        // Some of them may not have been read from the store yet.
        inbox.count(inbox.part()).total
    };
    let above = inbox.rows().iter().take(inbox.row()).filter(is_message);
    match all {
        0 => String::new(),
        _ => format!("{} of {}", number(above.count() + 1), number(all)),
    }
}

/// Whether messages are received here, and where; never the secret part of the address.
fn reception(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let (sign, text, meaning) = match &model.received.reception {
        Reception::On(_) if let Some(why) = &model.received.not_kept => {
            let text = format!(
                "Messages cannot be kept, senders try again: {}",
                Clean::new(why)
            );
            ("✗", text, Meaning::Danger)
        }
        Reception::On(address) => {
            let text = format!(
                "Receiving at {} · {} copies it whole",
                masked(address),
                model.way_to(Action::CopyReport)
            );
            ("●", text, Meaning::Ok)
        }
        Reception::Off => {
            let text = "Receiving is off: docs/receiving.md".to_owned();
            ("○", text, Meaning::Dim)
        }
        Reception::Failed(why) => {
            let why = Clean::new(why);
            (
                "✗",
                format!(
                    "Not receiving, {} tries again: {why}",
                    model.way_to(Action::Refresh)
                ),
                Meaning::Danger,
            )
        }
    };
    canvas.put(area.x, area.y, 1, sign, meaning);
    let meaning = if meaning == Meaning::Ok {
        Meaning::Dim
    } else {
        meaning
    };
    canvas.put(
        area.x + 2,
        area.y,
        area.width.saturating_sub(2),
        &text,
        meaning,
    );
}

/// An address without its path, which is a secret.
fn masked(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let host = rest.split('/').next().unwrap_or_default();
    format!("{}://{}/…", Clean::new(scheme), Clean::new(host))
}

/// The parts with what is unread in each, as the tabs of a group.
fn parts(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let inbox = &model.inbox;
    let filter = &inbox.filter;
    let filtered = filter.is_active() || filter.typing;
    let mark = |part: Part| match inbox.count(part).unread {
        0 => String::new(),
        unread => format!(" {}", unread_mark(unread)),
    };
    let labels = [
        (Part::ALL.map(Part::title), 2),
        (["Others", "Direct", "No group", "Unreadable"], 0),
        (["Others", "Direct", "No gr.", "Raw"], 0),
    ];
    let needed = |(titles, gap): &([&str; 4], u16)| -> u16 {
        let all = titles.iter().zip(Part::ALL);
        all.map(|(title, part)| width(title) + width(&mark(part)) + 2 + gap)
            .sum()
    };
    let [.., shortest] = labels;
    let mut labels = labels.into_iter();
    let fits = labels.find(|labels| needed(labels) <= area.width);
    let (titles, gap) = fits.unwrap_or(shortest);
    let mut x = area.x;
    for (part, title) in Part::ALL.into_iter().zip(titles) {
        let room = area.right().saturating_sub(x);
        let is_shown = part == inbox.part();
        let mark = mark(part);
        if is_shown || !filtered {
            let cells = width(title) + width(&mark) + 2;
            let place = Rect::new(x, area.y, room.min(cells), 1);
            canvas.answers(place, Target::InboxPart(part));
        }
        if is_shown {
            let label = format!("[{title}{mark}]");
            x = canvas.put_bold(x, area.y, room, &label, Meaning::Accent) + gap;
        } else if !filtered {
            x = canvas.put(x, area.y, room, &format!(" {title}"), Meaning::Dim);
            let room = area.right().saturating_sub(x);
            x = canvas.put_bold(x, area.y, room, &mark, Meaning::Accent) + 1 + gap;
        }
    }
    // The filter takes the place of the other parts.
    if filtered {
        let words = format!("/{}", safe(filter.input.text()));
        let room = area.right().saturating_sub(x + 1);
        let x = canvas.put(x, area.y, room, &words, Meaning::Accent);
        if filter.typing {
            canvas.place_caret(x.min(area.right().saturating_sub(1)), area.y);
        }
    }
}

/// What has to be known about everything in the part.
fn notes(model: &Model, room: u16) -> Vec<(String, Meaning)> {
    let rows = if model.size.layout() == Layout::One {
        2
    } else {
        1
    };
    let (text, meaning) = match model.inbox.not_read() {
        Some(why) => {
            let text = format!(
                "✗ Not all could be read, {} tries again: {}",
                model.way_to(Action::Refresh),
                Clean::new(why)
            );
            (text, Meaning::Danger)
        }
        None if model.inbox.count(model.inbox.part()).total == 0 => return Vec::new(),
        None => (model.inbox.part().note().to_owned(), Meaning::Dim),
    };
    let lines = wrap(&text, room).into_iter().take(rows);
    lines.map(|line| (line, meaning)).collect()
}

fn empty(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let inbox = &model.inbox;
    let mut lines = Vec::new();
    let mut keys = Vec::new();
    if inbox.filter.is_active() && inbox.count(inbox.part()).total > 0 {
        let words = safe(inbox.filter.input.text());
        lines.push((format!("Nothing matches “{words}”."), Meaning::Text));
        keys.push((Action::Back, "clear the filter"));
    } else {
        let text = "Nothing here. Messages of your groups are in their groups.";
        lines.push((text.to_owned(), Meaning::Text));
        if model.received.reception == Reception::Off {
            let text = format!(
                "To receive, set `listen` under `[receive]` in {}: docs/receiving.md says how.",
                Clean::new(&model.session.config_path)
            );
            lines.push((text, Meaning::Dim));
        }
    }
    notice(canvas, area, &lines, &taught(model, &keys), true);
}

fn rows(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let inbox = &model.inbox;
    let current = inbox.row();
    let rows = inbox.rows().iter().enumerate().skip(inbox.top());
    for (y, (at, row)) in (area.top()..area.bottom()).zip(rows) {
        let place = Rect {
            y,
            height: 1,
            ..area
        };
        if let Row::Message(..) = row {
            canvas.answers(place, Target::Received(row.clone()));
        }
        if at == current {
            canvas.shade(place, Meaning::Selected);
            canvas.put(area.x, y, 1, "▌", Meaning::Accent);
            if canvas.caret.is_none() {
                canvas.place_caret(area.x, y);
            }
        }
        match row {
            Row::Group(id) => {
                let id = Clean::new(id.as_str());
                let room = area.width.saturating_sub(3);
                canvas.put(area.x + 2, y, room, id.as_str(), Meaning::Dim);
            }
            Row::Message(lane, seq) => {
                if let Some(kept) = message_of(model, lane, *seq) {
                    let chat = model.received.of(lane);
                    let from = chat.and_then(crate::app::received::Chat::new_from);
                    let is_new = from.is_some_and(|from| kept.seq >= from);
                    message_row(model, canvas, place, kept, is_new);
                }
            }
        }
    }
}

/// When, who and what, in one line.
fn message_row(model: &Model, canvas: &mut Canvas<'_>, area: Rect, kept: &Kept, is_new: bool) {
    let y = area.y;
    if is_new {
        canvas.put_bold(area.x + 2, y, 1, "•", Meaning::Accent);
    }
    let at = day_or_clock(time(kept), model.now, &model.session.time_zone);
    let mut x = area.x + 4;
    canvas.put(x, y, TIME, &at, Meaning::Dim);
    x += TIME + 2;
    let mut end = area.right().saturating_sub(1);
    if kept.times > 1 {
        let times = format!(
            "×{}",
            number(usize::try_from(kept.times).unwrap_or(usize::MAX))
        );
        end = canvas
            .put_right(end, y, 8, &times, Meaning::Dim)
            .saturating_sub(1);
    }
    // What could not be understood has no sender.
    if model.inbox.part() != Part::Unreadable {
        let author = model.author(&kept.message);
        let is_wide = area.width >= NAMED;
        let who = if author.is_contact && !is_wide {
            &author.name
        } else {
            &author.who
        };
        canvas.put(x, y, NUMBER, who, Meaning::Text);
        x += NUMBER + 1;
        if is_wide {
            canvas.put(x, y, NAME, &author.name, named(author.is_contact));
            x += NAME + 1;
        }
    }
    let line = Clean::new(&kept.message.content.line());
    canvas.put(x, y, end.saturating_sub(x), line.as_str(), Meaning::Text);
}

/// By the provider's clock; by ours where the report does not say.
fn time(kept: &Kept) -> crate::domain::Millis {
    kept.message.received_at.unwrap_or(kept.kept_at)
}

/// A message whole: who wrote it and when, its text, and the report as it came.
fn message(model: &Model, canvas: &mut Canvas<'_>, area: Rect, kept: &Kept) {
    let area = super::margin(area);
    let message = &kept.message;
    let who = match model.inbox.part() {
        Part::Unreadable => "Not a message that can be understood".to_owned(),
        Part::OtherGroups | Part::Direct | Part::Unclassified => {
            let author = model.author(message);
            format!("{}  {}", author.who, author.name)
        }
    };
    canvas.begin_reading(area.x, area.y);
    canvas.put(area.x, area.y, area.width, who.trim_end(), Meaning::Strong);
    let mut facts = vec![moment(time(kept), &model.session.time_zone)];
    if let crate::domain::Lane::Group(id) = &message.lane {
        facts.push(format!("in {}", Clean::new(id.as_str())));
    }
    if kept.times > 1 {
        facts.push(format!(
            "came {}",
            plural(usize::try_from(kept.times).unwrap_or(0), "time")
        ));
    }
    let facts = facts.join(" · ");
    canvas.put(area.x, area.y + 1, area.width, &facts, Meaning::Dim);
    let list = Rect {
        y: area.y + 3,
        height: area.height.saturating_sub(3),
        ..area
    };
    let rows = whole(&model.received, kept, model.size.whole_room(model.extent));
    let room = usize::from(list.height);
    let top = model.inbox.whole_top().min(rows.len().saturating_sub(room));
    let below = rows.len().saturating_sub(top + room);
    for (y, (tone, text)) in (list.top()..list.bottom()).zip(rows.iter().skip(top)) {
        let meaning = match tone {
            Tone::Text => Meaning::Text,
            Tone::Link => Meaning::Link,
            Tone::Report => Meaning::Dim,
            Tone::Warning => Meaning::Warn,
        };
        canvas.put(list.x, y, list.width, text, meaning);
    }
    if below > 0 {
        let more = format!("↓ {} more", number(below));
        canvas.put_right(area.right(), area.y, 16, &more, Meaning::Dim);
    }
}

/// The line at the bottom of the screen.
pub(super) fn status(model: &Model) -> (String, Meaning) {
    let inbox = &model.inbox;
    let part = inbox.part();
    let count = inbox.count(part);
    let text = match part {
        Part::OtherGroups if model.groups.index.is_loading() => {
            format!("{} Reading the list of groups", spinner(model))
        }
        Part::OtherGroups | Part::Direct | Part::Unclassified | Part::Unreadable => {
            format!("{} · {}", part.title(), plural(count.total, "message"))
        }
    };
    (cut(&text, 120), Meaning::Dim)
}

/// Whether there is something to try again.
pub(super) fn has_failed(model: &Model) -> bool {
    matches!(model.received.reception, Reception::Failed(_)) || model.inbox.not_read().is_some()
}

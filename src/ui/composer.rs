//! The composer below the messages of a group: to whom, how long, and the text with its caret.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::footer::pairs;
use super::text::{capital, cut, number, width, wrap};
use crate::app::Model;
use crate::app::layout::Layout;
use crate::app::messages::draft::{Draft, Row};
use crate::app::pointer::Target;
use crate::app::update::why_not_write;
use crate::domain::{GroupId, MessageText, Roster};
use crate::keymap::Action;
use crate::theme::Meaning;

/// From so many units on the limit is shown beside the length.
const NEAR: usize = MessageText::MAX - MessageText::MAX / 10;

/// What the footer offers while something is written.
pub(super) fn offers(model: &Model) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    let Some(id) = model.messages.composing() else {
        return keys;
    };
    if why_not_write(model, id).is_some() {
        return pairs(&[("esc", "keep draft")]);
    }
    let draft = model.messages.of(id).map(|thread| &thread.draft);
    if draft.is_some_and(|draft| draft.message().is_ok()) {
        keys.extend(pairs(&[("enter", "send")]));
    }
    // In a narrow window the way out comes first.
    keys.extend(if is_framed(model) {
        pairs(&[
            ("alt+enter", "new line"),
            ("ctrl+o", "your editor"),
            ("esc", "keep draft"),
        ])
    } else {
        pairs(&[
            ("esc", "keep draft"),
            ("ctrl+j", "new line"),
            ("ctrl+o", "your editor"),
        ])
    });
    keys
}

/// Below 72 columns no pane has a frame.
fn is_framed(model: &Model) -> bool {
    model.size.layout() != Layout::One
}

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect, id: &GroupId) {
    let composing = model.messages.composing() == Some(id);
    canvas.answers(area, Target::Act(Action::Write));
    let draft = model.messages.of(id).map(|thread| &thread.draft);
    let why_not = why_not_write(model, id);
    let border = if composing {
        Meaning::BorderFocus
    } else {
        Meaning::Border
    };
    let counted = draft.filter(|draft| !draft.is_blank() && why_not.is_none());
    let (count, meaning) = counted.map_or_else(
        || (String::new(), Meaning::Dim),
        |draft| counter(draft, area.width < 48),
    );
    let inside = if is_framed(model) {
        canvas.frame(area, border);
        Rect {
            x: area.x + 2,
            y: area.y + 1,
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(2),
        }
    } else {
        canvas.put(
            area.x,
            area.y,
            area.width,
            &"─".repeat(usize::from(area.width)),
            border,
        );
        Rect {
            y: area.y + 1,
            height: area.height.saturating_sub(1),
            ..area
        }
    };
    let left = area.x + if is_framed(model) { 2 } else { 1 };
    let end = area.right().saturating_sub(2);
    let room = end.saturating_sub(
        left + if count.is_empty() {
            0
        } else {
            width(&count) + 3
        },
    );
    // Without a line at the bottom of the screen, what is to be said about the list stands below it.
    let note = super::messages::note(model, true);
    let note = note.filter(|_| !model.size.has_status() && !composing);
    let (title, tone) = note.unwrap_or_else(|| {
        let title = title(model, id, room.saturating_sub(2));
        (title, Meaning::Text)
    });
    let title = format!(" {title} ");
    if composing {
        canvas.put_bold(left, area.y, room, &title, Meaning::Accent);
    } else {
        canvas.put(left, area.y, room, &title, tone);
    }
    if !count.is_empty() {
        canvas.put_right(end, area.y, 20, &format!(" {count} "), meaning);
    }
    let is_open = why_not.is_none();
    match (draft, why_not) {
        (Some(draft), None) if composing => text(model, canvas, inside, draft),
        (draft, why_not) => instead(model, canvas, inside, draft, why_not, composing),
    }
    if composing && is_open && is_framed(model) && area.width >= 48 {
        let keys = offers(model).into_iter();
        let keys: Vec<String> = keys.map(|(key, words)| format!("{key} {words}")).collect();
        let hints = format!(" {} ", keys.join("   "));
        let bottom = area.bottom().saturating_sub(1);
        let room = area.width.saturating_sub(4);
        if width(&hints) <= room {
            canvas.answer_hints(area.x + 2, bottom, room, &hints);
            canvas.put(area.x + 2, bottom, room, &hints, Meaning::Dim);
        }
    }
}

/// `To Corrida, 24 people`; a long name gives way to the number.
fn title(model: &Model, id: &GroupId, room: u16) -> String {
    let group = model.groups.get(id);
    let people = match group.map(|group| group.told_roster().map(Roster::count)) {
        // A group that is gone has no size.
        None => String::new(),
        Some(None) => ", size unknown".to_owned(),
        Some(Some(1)) => ", 1 person".to_owned(),
        Some(Some(count)) => format!(", {} people", number(count)),
    };
    let name = model.groups.name(id);
    let name = cut(&name, room.saturating_sub(3 + width(&people)).max(6));
    cut(&format!("To {name}{people}"), room)
}

/// How long the text is; near the limit also that, in a narrow window what is left.
fn counter(draft: &Draft, narrow: bool) -> (String, Meaning) {
    let units = draft.units();
    let limit = MessageText::MAX;
    match units {
        0..NEAR => (number(units), Meaning::Dim),
        _ if units > limit => {
            let words = if narrow { "over" } else { "too many" };
            (
                format!("✗ {} {words}", number(units - limit)),
                Meaning::Danger,
            )
        }
        _ if narrow => (format!("{} left", limit - units), Meaning::Warn),
        _ => (
            format!("{} of {}", number(units), number(limit)),
            Meaning::Warn,
        ),
    }
}

/// The text being written, scrolled so that the caret is in view.
fn text(model: &Model, canvas: &mut Canvas<'_>, area: Rect, draft: &Draft) {
    let room = model.size.composer_room(model.extent);
    let rows: Vec<Row> = draft.rows(room);
    let (row, column) = draft.caret(room);
    let height = usize::from(area.height).max(1);
    let top = (row + 1).saturating_sub(height);
    for (y, row) in (area.y..area.bottom()).zip(rows.iter().skip(top)) {
        canvas.put(area.x, y, room, row.shown.trim_end(), Meaning::Text);
    }
    let y = area.y + u16::try_from(row - top).unwrap_or(0);
    canvas.place_caret(area.x + column, y);
}

/// What stands there while nothing is written: the reason, the draft, or the key that begins one.
fn instead(
    model: &Model,
    canvas: &mut Canvas<'_>,
    area: Rect,
    draft: Option<&Draft>,
    why_not: Option<String>,
    composing: bool,
) {
    let written = draft.filter(|draft| !draft.is_blank());
    let mut lines: Vec<(String, Meaning)> = Vec::new();
    let write = model.way_to(Action::Write);
    if let Some(why) = why_not {
        let kept = if written.is_some() {
            " The draft is kept."
        } else {
            ""
        };
        let mut reason = wrap(&format!("{}.{kept}", capital(&why)), area.width);
        if reason.len() > usize::from(area.height) {
            reason = wrap(&format!("{}.", capital(&why)), area.width);
        }
        lines.extend(reason.into_iter().map(|line| (line, Meaning::Warn)));
    } else if let Some(draft) = written {
        let rows = draft.rows(area.width);
        let fits = usize::from(area.height.saturating_sub(1)).max(1);
        let keys = if area.height > 1 {
            format!("{write}  goes on writing")
        } else {
            String::new()
        };
        lines.extend(
            rows.iter()
                .take(fits)
                .map(|row| (row.shown.trim_end().to_owned(), Meaning::Text)),
        );
        lines.push((keys, Meaning::Dim));
    } else {
        lines.push((format!("{write}  write a message"), Meaning::Dim));
        let indent = usize::from(width(&write)) + 2;
        let text = format!("{:indent$}a draft is kept for each group", "");
        lines.push((text, Meaning::Dim));
    }
    for (y, (line, meaning)) in (area.y..area.bottom()).zip(&lines) {
        canvas.put(area.x, y, area.width, line, *meaning);
    }
    if composing {
        canvas.place_caret(area.x, area.y);
    }
}

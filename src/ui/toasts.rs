//! Notices in the lower right corner of the body.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::card::mark;
use super::details::in_a_row;
use super::text::{width, wrap};
use crate::app::Model;
use crate::app::dialog::Dialog;
use crate::app::messages::window::is_end_in_view;
use crate::app::messages::{Message, MessageState};
use crate::app::pointer::{Area as Region, Target};
use crate::app::toasts::{Level, Toast};
use crate::app::update::message_to_take_back;
use crate::keymap::Action;
use crate::theme::Meaning;

/// Widest notice, frame included.
const WIDEST: u16 = 56;
/// Most lines inside one notice; the whole text is in Activity.
const MOST_LINES: usize = 8;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, body: Rect) {
    // A form keeps the eyes: what it concerns is said in it.
    if matches!(
        model.dialog,
        Some(
            Dialog::Connect(_)
                | Dialog::Create(_)
                | Dialog::Rename(..)
                | Dialog::Help(_)
                | Dialog::Commands(_)
                | Dialog::Find(_)
                | Dialog::ByHand { .. }
        )
    ) {
        return;
    }
    let mut bottom = super::messages::composer_top(model, body.bottom().saturating_sub(1));
    if let Some(toast) = leaving(model) {
        let below = bottom;
        bottom = draw_one(model, canvas, body, below, &toast);
        // It goes by itself; what is behind it does not answer.
        let nothing = Target::Area(Region::Pane(model.pane));
        canvas.answers(area_of(body, (bottom, below)), nothing);
    }
    for toast in model.toasts.shown(model.size.notices()).rev() {
        let below = bottom;
        bottom = draw_one(model, canvas, body, below, toast);
        let is_drawn = bottom < below;
        if is_drawn && model.dialog.is_none() {
            answers(model, canvas, body, (bottom, below), toast);
        }
        if bottom <= body.top() + 2 {
            break;
        }
    }
}

/// A message that can still be taken back, unless its own row says so.
fn leaving(model: &Model) -> Option<Toast> {
    let (group, message) = model.messages.last_leaving()?;
    let MessageState::Leaving(at) = message.state else {
        return None;
    };
    let thread = model.messages.of(group);
    let is_held = thread.is_some_and(|thread| thread.messages().iter().any(Message::holds));
    // What waits for a word of the user may do so for long: where one reads, nothing lies on the list.
    if is_end_in_view(model, group, &message.id) || is_held && model.shows_messages_of(group) {
        return None;
    }
    let name = model.groups.name(group);
    let title = match at.since(model.now).as_millis().div_ceil(1000) {
        _ if is_held => format!("A message to {name} waits for your word on another"),
        0 => format!("A message to {name} waits for its turn"),
        seconds => format!("A message to {name} leaves in {seconds} s"),
    };
    let is_next = message_to_take_back(model).is_some_and(|next| next.id == message.id);
    let words = format!("{}.", super::messages::undo_words(model));
    let lines = is_next.then_some(words).into_iter().collect();
    Some(Toast::new(Level::Hint, title, lines, model.now))
}

/// A click on a notice takes it off, one on its hints does what they say.
fn answers(model: &Model, canvas: &mut Canvas<'_>, body: Rect, rows: (u16, u16), toast: &Toast) {
    let area = area_of(body, rows);
    canvas.answers(area, Target::Notice(toast.clone()));
    let hint = hint(model, toast);
    if !hint.is_empty() && area.width > width(&hint) + 6 {
        let x = area.right().saturating_sub(width(&hint) + 3);
        canvas.answer_hints(x, area.bottom() - 1, width(&hint), &hint);
    }
}

/// The cells of a notice between two rows.
fn area_of(body: Rect, (top, bottom): (u16, u16)) -> Rect {
    let width = box_width(body);
    Rect {
        x: body.right().saturating_sub(width + 2),
        y: top,
        width,
        height: bottom.saturating_sub(top),
    }
}

fn box_width(body: Rect) -> u16 {
    WIDEST.min(body.width.saturating_sub(4))
}

/// What can be done about a notice that stays; blank for one that goes by itself.
fn hint(model: &Model, toast: &Toast) -> String {
    if toast.until.is_some() {
        return String::new();
    }
    let offers = [(Action::GoActivity, "details"), (Action::Back, "dismiss")];
    in_a_row(model, &offers)
}

fn draw_one(model: &Model, canvas: &mut Canvas<'_>, body: Rect, bottom: u16, toast: &Toast) -> u16 {
    let box_width = box_width(body);
    let room = box_width.saturating_sub(4);
    let hint = hint(model, toast);
    let mut lines: Vec<String> = toast
        .lines
        .iter()
        .flat_map(|line| wrap(line, room))
        .collect();
    let long_title = width(&toast.title) + 8 > box_width;
    if long_title {
        let mut title = wrap(&toast.title, room);
        title.append(&mut lines);
        lines = title;
    }
    lines.truncate(MOST_LINES);
    let height = u16::try_from(lines.len()).unwrap_or(0) + 2;
    let Some(top) = bottom.checked_sub(height) else {
        return bottom;
    };
    if top < body.top() {
        return bottom;
    }
    let area = Rect {
        x: body.right().saturating_sub(box_width + 2),
        y: top,
        width: box_width,
        height,
    };
    let (sign, meaning) = mark(toast.level);
    canvas.clear(Rect {
        x: area.x.saturating_sub(1),
        width: area.width + 2,
        ..area
    });
    canvas.frame(area, meaning);
    let title = match (long_title, toast.level) {
        (false, _) => format!(" {sign} {} ", toast.title),
        (true, Level::Done) => format!(" {sign} done "),
        (true, Level::Hint) => format!(" {sign} "),
        (true, Level::Warning) => format!(" {sign} warning "),
        (true, Level::Error) => format!(" {sign} error "),
    };
    canvas.put_bold(area.x + 2, area.y, room, &title, meaning);
    for (y, line) in (area.y + 1..).zip(&lines) {
        canvas.put(area.x + 2, y, room, line, Meaning::Text);
    }
    if !hint.is_empty() && area.width > width(&hint) + 6 {
        let text = format!(" {hint} ");
        canvas.put_right(
            area.right().saturating_sub(2),
            area.bottom() - 1,
            room,
            &text,
            Meaning::Dim,
        );
    }
    top
}

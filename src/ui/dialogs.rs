//! The dialog in front of everything, one file each.

mod actions;
mod commands;
pub(super) mod confirm;
mod connect;
mod find;
mod form;
mod help;
mod icon;
mod invitations;
pub(super) mod invited;
mod menu;

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::canvas::Canvas;
use super::text::{number, width, wrap};
use crate::app::Model;
use crate::app::dialog::{Button, Dialog, Focus};
use crate::app::field::TextInput;
use crate::app::layout::Layout;
use crate::app::pointer::{Area as Region, Target};
use crate::domain::{Clean, Masking};
use crate::theme::Meaning;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(dialog) = &model.dialog else { return };
    if matches!(dialog, Dialog::Line(_)) {
        return;
    }
    canvas.caret = None;
    let front = front(model, area);
    match dialog {
        Dialog::Line(_) => {}
        Dialog::Confirm(confirm) => confirm::draw(canvas, front, confirm),
        Dialog::Create(form) => form::draw(canvas, front, "New group", "Create", form),
        Dialog::Rename(id, form) => {
            let title = format!("Rename {}", model.groups.name(id));
            form::draw(canvas, front, &title, "Rename", form);
        }
        Dialog::PickIcon(id, form) => icon::draw(canvas, front, &model.groups.name(id), form),
        Dialog::Invite(form) => invitations::draw(model, canvas, front, form),
        Dialog::Invited(shown) => invited::draw(model, canvas, front, shown),
        Dialog::Menu(menu) => menu::draw(canvas, front, menu),
        Dialog::Help(help) => help::draw(model, canvas, front, help),
        Dialog::Commands(commands) => commands::draw(model, canvas, front, commands),
        Dialog::Find(find) => find::draw(model, canvas, front, find),
        Dialog::Actions(menu) => actions::draw(model, canvas, front, menu),
        Dialog::ByHand { what, text } => by_hand(model, canvas, front, (what, text)),
        Dialog::Connect(form) => {
            // Nobody's number stands in it, and a token has to be read as it is.
            canvas.numbers = Masking::Shown;
            connect::draw(canvas, front, form);
        }
    }
}

/// Where dialogs may stand: between header and the lowest rows.
fn front(model: &Model, area: Rect) -> Rect {
    let below = if model.size.has_status() { 2 } else { 1 };
    Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1 + below),
        ..area
    }
}

/// The look of a dialog's frame.
struct Box<'a> {
    title: &'a str,
    /// Bottom left and bottom right.
    hints: (&'a str, &'a str),
    meaning: Meaning,
}

/// An empty box in the middle; what is behind is dimmed. Returns the inside, with a margin.
fn popup(canvas: &mut Canvas<'_>, front: Rect, size: (u16, u16), look: &Box<'_>) -> Rect {
    let width = size.0.min(
        front
            .width
            .saturating_sub(if front.width < 72 { 0 } else { 4 }),
    );
    let height = size.1.min(front.height);
    let area = Rect {
        x: front.x + front.width.saturating_sub(width) / 2,
        y: front.y + front.height.saturating_sub(height) / 2,
        width,
        height,
    };
    // The lowest rows speak of the dialog, so they stay bright.
    canvas.dim(Rect {
        y: 0,
        height: front.bottom(),
        ..front
    });
    canvas.begin_reading(area.x + 3, area.y + 1);
    canvas.clear(Rect {
        x: area.x.saturating_sub(1),
        width: area.width + 2,
        ..area
    });
    canvas.answers(front, Target::Area(Region::Front));
    canvas.frame(area, look.meaning);
    let room = width.saturating_sub(6);
    canvas.put_bold(
        area.x + 2,
        area.y,
        room,
        &format!(" {} ", look.title),
        look.meaning,
    );
    let bottom = area.bottom().saturating_sub(1);
    if !look.hints.0.is_empty() {
        canvas.answer_hints(area.x + 3, bottom, room, look.hints.0);
        canvas.put(
            area.x + 2,
            bottom,
            room,
            &format!(" {} ", canvas.key_names(look.hints.0)),
            Meaning::Dim,
        );
    }
    if !look.hints.1.is_empty() {
        let text = format!(" {} ", look.hints.1);
        let x = canvas.put_right(
            area.right().saturating_sub(2),
            bottom,
            room,
            &text,
            Meaning::Dim,
        );
        canvas.answer_hints(x, bottom, room, &text);
    }
    Rect {
        x: area.x + 3,
        y: area.y + 1,
        width: area.width.saturating_sub(6),
        height: area.height.saturating_sub(2),
    }
}

/// How much there is, at the right end of the upper edge of a box.
fn count(canvas: &mut Canvas<'_>, inside: Rect, text: &str) {
    let (end, y) = (inside.right() + 1, inside.y.saturating_sub(1));
    canvas.put_right(end, y, inside.width, &format!(" {text} "), Meaning::Dim);
}

/// Width of a usual dialog.
fn usual_width(front: Rect) -> u16 {
    let narrow = if front.width >= 120 { 62 } else { 60 };
    if front.width < 72 {
        front.width
    } else {
        narrow
    }
}

/// Cancel and the button that acts.
fn buttons(canvas: &mut Canvas<'_>, area: Rect, act: &str, focus: Option<Button>, look: Act) {
    pair(canvas, area, ("Cancel", act), focus, look);
}

/// Both buttons, right-aligned; the focused one in brackets and on colour.
fn pair(
    canvas: &mut Canvas<'_>,
    area: Rect,
    words: (&str, &str),
    focus: Option<Button>,
    look: Act,
) {
    let texts = [(words.0, Button::Cancel), (words.1, Button::Act)];
    let total: u16 = texts.iter().map(|(text, _)| width(text) + 4).sum::<u16>() + 4;
    let mut x = area.right().saturating_sub(total + 1);
    for (text, button) in texts {
        let focused = focus == Some(button);
        let words = if focused {
            format!("[ {text} ]")
        } else {
            format!("( {text} )")
        };
        let meaning = match (focused, button, look) {
            (true, Button::Cancel, _) | (true, Button::Act, Act::Safe) => Meaning::ButtonOk,
            (true, Button::Act, Act::Dangerous) => Meaning::ButtonDanger,
            (true, Button::Act, Act::NotYet | Act::Busy) | (false, _, _) => Meaning::Dim,
        };
        if focused || (look == Act::Busy && button == Button::Act) {
            canvas.place_caret(x + 2, area.y);
        }
        let place = Rect::new(x, area.y, width(&words), 1);
        canvas.answers(place, Target::Part(Focus::Button(button)));
        x = canvas.put(x, area.y, width(&words), &words, meaning) + 4;
    }
}

/// How the button that acts looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Safe,
    Dangerous,
    NotYet,
    /// It was pressed, and its answer is awaited: the caret waits there.
    Busy,
}

/// How the text of a field is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Plain,
    Dots,
}

impl Shown {
    /// The text made safe, or dots.
    fn of(self, text: &str) -> String {
        match self {
            Self::Plain => Clean::new(text).as_str().to_owned(),
            Self::Dots => "•".repeat(text.chars().count()),
        }
    }
}

/// The text of a field in one row, scrolled so that the caret is in view.
fn text_row(canvas: &mut Canvas<'_>, area: Rect, input: &TextInput, focused: bool, shown: Shown) {
    let before: String = input.text().chars().take(input.caret()).collect();
    let caret = width(&shown.of(&before));
    // What does not fit goes off to the left; one cell stays free for the caret.
    let skip = (caret + 1).saturating_sub(area.width);
    let visible = skip_cells(&shown.of(input.text()), skip);
    let style = canvas.theme.style(Meaning::Text);
    let style = if input.is_proposal() && focused {
        style.add_modifier(Modifier::REVERSED)
    } else {
        style
    };
    canvas.put_styled(area.x, area.y, area.width, &visible, style);
    if focused {
        canvas.place_caret(area.x + caret.saturating_sub(skip), area.y);
    }
}

/// A text field in a frame of three rows; the caret stands in it when it has the focus.
fn field(canvas: &mut Canvas<'_>, area: Rect, input: &TextInput, focused: bool, shown: Shown) {
    let meaning = if focused {
        Meaning::BorderFocus
    } else {
        Meaning::Border
    };
    canvas.frame(Rect { height: 3, ..area }, meaning);
    let row = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: 1,
    };
    text_row(canvas, row, input, focused, shown);
}

fn skip_cells(text: &str, mut skip: u16) -> String {
    let mut chars = text.chars();
    while skip > 0 {
        let Some(c) = chars.next() else { break };
        skip = skip.saturating_sub(width(c.encode_utf8(&mut [0; 4])).max(1));
    }
    chars.collect()
}

fn by_hand(model: &Model, canvas: &mut Canvas<'_>, front: Rect, (what, text): (&str, &str)) {
    let box_width = 74.min(front.width);
    let room = box_width.saturating_sub(6);
    let head = wrap(&format!("No clipboard can be reached. {what}:"), room);
    let lines: Vec<String> = text
        .lines()
        .flat_map(|line| wrap(&Clean::whole(line), room))
        .collect();
    let gap = u16::from(!is_tight(front));
    let above = u16::try_from(head.len()).unwrap_or(u16::MAX);
    let fixed = above.saturating_add(2 + 3 * gap);
    let fit = front.height.saturating_sub(fixed);
    let shown = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(fit);
    let missing = lines.len() - usize::from(shown);
    let note = match missing {
        0 => String::new(),
        _ if box_width < 48 => format!("{} more", number(missing)),
        _ => format!("{} more, the window is too low", number(missing)),
    };
    // A number that is hidden cannot be copied by hand either.
    let keys = match model.numbers {
        Masking::Shown => "esc close",
        Masking::Masked => "P show numbers   esc close",
    };
    let look = Box {
        title: "Copy by hand",
        hints: (keys, &note),
        meaning: Meaning::Accent,
    };
    let inside = popup(canvas, front, (box_width, fixed + shown), &look);
    let mut y = inside.y + gap;
    for line in &head {
        canvas.put(inside.x, y, inside.width, line, Meaning::Dim);
        y += 1;
    }
    y += gap;
    canvas.place_caret(inside.x, y);
    for (y, line) in (y..).zip(lines.iter().take(usize::from(shown))) {
        canvas.put(inside.x, y, inside.width, line, Meaning::Strong);
    }
}

/// Whether the screen is the one-pane one, where boxes have little room.
fn is_tight(front: Rect) -> bool {
    front.height < 16
        || matches!(
            crate::app::layout::Size {
                width: front.width,
                height: front.height
            }
            .layout(),
            Layout::TooSmall
        )
}

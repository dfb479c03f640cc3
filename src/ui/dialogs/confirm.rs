//! A question in a box: what, about whom, what it means, and the word that a grave one asks for.

use ratatui::layout::Rect;

use super::{Act, Box, buttons, is_tight, popup, usual_width};
use crate::app::dialog::{Button, Confirm, Word};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::text::{width, wrap};

/// The rows of the box, decided before anything is drawn.
struct Plan {
    width: u16,
    /// A blank row between the parts, where there is room.
    gap: u16,
    /// Rows of the line that names the group.
    place: u16,
    /// People in view: only their list gives way, field and buttons are always there.
    listed: u16,
    text: Vec<String>,
    height: u16,
}

impl Plan {
    fn new(front: Rect, confirm: &Confirm) -> Self {
        let tight = is_tight(front);
        let gap = u16::from(!tight);
        let width = usual_width(front);
        let text: Vec<String> = confirm
            .lines
            .iter()
            .flat_map(|line| wrap(line, width.saturating_sub(6)))
            .collect();
        let text_rows = u16::try_from(text.len()).unwrap_or(0);
        let people = u16::try_from(confirm.people.len()).unwrap_or(u16::MAX);
        let place = u16::from(confirm.place.is_some() && !(tight && people > 0));
        let word = if confirm.word.is_some() { 2 } else { 0 };
        let fixed = 2
            + gap
            + place * (1 + gap)
            + text_rows
            + gap
            + word
            + 1
            + gap
            + u16::from(people > 0) * gap;
        let room = front.height.saturating_sub(fixed).max(1);
        let listed = people.min(8).min(room);
        Self {
            width,
            gap,
            place,
            listed,
            text,
            height: fixed + listed,
        }
    }
}

pub(super) fn draw(canvas: &mut Canvas<'_>, front: Rect, confirm: &Confirm) {
    let plan = Plan::new(front, confirm);
    let gap = plan.gap;
    let (sign, meaning) = if confirm.word.is_some() {
        ("! ", Meaning::Danger)
    } else {
        ("", Meaning::Warn)
    };
    let title = format!("{sign}{}", confirm.title);
    let look = Box {
        title: &title,
        hints: ("esc cancel", ""),
        meaning,
    };
    let inside = popup(canvas, front, (plan.width, plan.height), &look);
    let mut y = inside.y + gap;
    if let Some((label, name)) = &confirm.place
        && plan.place > 0
    {
        place(canvas, Rect { y, ..inside }, label, name);
        y += 1 + gap;
    }
    let people = Rect {
        y,
        height: plan.listed,
        ..inside
    };
    list(canvas, people, confirm);
    if plan.listed > 0 {
        y += plan.listed + gap;
    }
    for line in &plan.text {
        canvas.put(inside.x, y, inside.width, line, Meaning::Text);
        y += 1;
    }
    y += gap;
    let row = Rect {
        y: inside.bottom().saturating_sub(1 + gap),
        height: 1,
        ..inside
    };
    if let Some(asked) = &confirm.word {
        let (focus, look) = if confirm.is_ready() {
            (Some(Button::Act), Act::Dangerous)
        } else {
            (None, Act::NotYet)
        };
        buttons(canvas, row, &confirm.button, focus, look);
        word(canvas, Rect { y, ..inside }, confirm, asked);
    } else {
        let focus = Some(confirm.focus);
        buttons(canvas, row, &confirm.button, focus, Act::Dangerous);
    }
}

/// The group it is about.
fn place(canvas: &mut Canvas<'_>, area: Rect, label: &str, name: &str) {
    canvas.put(area.x, area.y, 8, label, Meaning::Dim);
    let x = area.x + width(label) + 3;
    let room = area.right().saturating_sub(x);
    canvas.put(x, area.y, room, name, Meaning::Strong);
}

/// The field for the word that is asked for; it has the caret.
fn word(canvas: &mut Canvas<'_>, area: Rect, confirm: &Confirm, asked: &Word) {
    let y = area.y;
    let x = canvas.put(area.x, y, area.width, &asked.prompt, Meaning::Text) + 3;
    let room = area.right().saturating_sub(x);
    canvas.put(x, y, room, confirm.input.text(), Meaning::Strong);
    let line = "▔".repeat(usize::from(room.min(width(&asked.expected).max(6) + 2)));
    canvas.put(x, y + 1, room, &line, Meaning::Border);
    let typed = confirm.input.text().chars();
    let before: String = typed.take(confirm.input.caret()).collect();
    canvas.place_caret(x + width(&before), y);
}

fn list(canvas: &mut Canvas<'_>, area: Rect, confirm: &Confirm) {
    let rows = usize::from(area.height);
    let top = confirm
        .scroll
        .min(confirm.people.len().saturating_sub(rows));
    let groups = confirm
        .people
        .iter()
        .all(|person| !person.number.starts_with('+'));
    for (y, person) in (area.y..).zip(confirm.people.iter().skip(top).take(rows)) {
        let mut x = canvas.put(
            area.x + 2,
            y,
            area.width.saturating_sub(14),
            &person.number,
            Meaning::Text,
        );
        if !groups {
            x = x.max(area.x + 21);
            x = if person.admin {
                canvas.put(x, y, 8, "★ admin", Meaning::Admin)
            } else {
                canvas.put(x, y, 8, "member", Meaning::Dim)
            };
        }
        if person.hidden {
            canvas.put(
                x + 3,
                y,
                area.right().saturating_sub(x + 3),
                "(hidden)",
                Meaning::Warn,
            );
        }
    }
    let below = confirm.people.len().saturating_sub(top + rows);
    if area.height > 0 && (below > 0 || top > 0) {
        let text = if below > 0 {
            format!("↓ {below} more")
        } else {
            "↑".to_owned()
        };
        canvas.put_right(area.right(), area.bottom() - 1, 12, &text, Meaning::Dim);
    }
}

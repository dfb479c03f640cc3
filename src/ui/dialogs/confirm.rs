//! A question in a box: what, about whom, what it means, and the word that a grave one asks for.

use ratatui::layout::Rect;

use super::{Act, Box, buttons, is_tight, popup, usual_width};
use crate::app::dialog::{Button, Confirm};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::text::{width, wrap};

pub(super) fn draw(canvas: &mut Canvas<'_>, front: Rect, confirm: &Confirm) {
    let tight = is_tight(front);
    let gap = u16::from(!tight);
    let box_width = usual_width(front);
    let text: Vec<String> = confirm
        .lines
        .iter()
        .flat_map(|line| wrap(line, box_width.saturating_sub(6)))
        .collect();
    let text_rows = u16::try_from(text.len()).unwrap_or(0);
    let people = u16::try_from(confirm.people.len()).unwrap_or(u16::MAX);
    let place = u16::from(confirm.place.is_some() && !(tight && people > 0));
    let word = if confirm.word.is_some() { 2 } else { 0 };
    // Only the list of people gives way: field and buttons are always in view.
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
    let inside = popup(canvas, front, (box_width, fixed + listed), &look);
    let mut y = inside.y + gap;
    if let Some((label, name)) = &confirm.place
        && place > 0
    {
        canvas.put(inside.x, y, 8, label, Meaning::Dim);
        let x = inside.x + width(label) + 3;
        canvas.put(
            x,
            y,
            inside.right().saturating_sub(x),
            name,
            Meaning::Strong,
        );
        y += 1 + gap;
    }
    list(
        canvas,
        Rect {
            y,
            height: listed,
            ..inside
        },
        confirm,
    );
    if listed > 0 {
        y += listed + gap;
    }
    for line in &text {
        canvas.put(inside.x, y, inside.width, line, Meaning::Text);
        y += 1;
    }
    y += gap;
    let buttons_y = inside.bottom().saturating_sub(1 + gap);
    if let Some(word) = &confirm.word {
        let x = canvas.put(inside.x, y, inside.width, &word.prompt, Meaning::Text) + 3;
        let room = inside.right().saturating_sub(x);
        canvas.put(x, y, room, confirm.input.text(), Meaning::Strong);
        let line = "▔".repeat(usize::from(room.min(width(&word.expected).max(6) + 2)));
        canvas.put(x, y + 1, room, &line, Meaning::Border);
        let look = if confirm.is_ready() {
            Act::Dangerous
        } else {
            Act::NotYet
        };
        let focus = if confirm.is_ready() {
            Some(Button::Act)
        } else {
            None
        };
        buttons(
            canvas,
            Rect {
                y: buttons_y,
                height: 1,
                ..inside
            },
            &confirm.button,
            focus,
            look,
        );
        let before: String = confirm
            .input
            .text()
            .chars()
            .take(confirm.input.caret())
            .collect();
        canvas.place_caret(x + width(&before), y);
    } else {
        let row = Rect {
            y: buttons_y,
            height: 1,
            ..inside
        };
        buttons(
            canvas,
            row,
            &confirm.button,
            Some(confirm.focus),
            Act::Dangerous,
        );
    }
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

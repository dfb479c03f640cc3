//! A short list of choices.

use ratatui::layout::Rect;

use super::{Box, popup};
use crate::app::dialog::Menu;
use crate::app::pointer::Target;
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

pub(super) fn draw(canvas: &mut Canvas<'_>, front: Rect, menu: &Menu) {
    let widest = menu
        .choices
        .iter()
        .map(|(_, label)| width(label))
        .max()
        .unwrap_or(0);
    let box_width = (widest + 13)
        .max(width(&menu.title) + 8)
        .max(34)
        .min(front.width.saturating_sub(2));
    let height = u16::try_from(menu.choices.len())
        .unwrap_or(u16::MAX)
        .saturating_add(4);
    let look = Box {
        title: &menu.title,
        hints: ("esc close", "enter take"),
        meaning: Meaning::Accent,
    };
    let inside = popup(canvas, front, (box_width, height), &look);
    for (row, (y, (_, label))) in (inside.y + 1..).zip(&menu.choices).enumerate() {
        let chosen = row == menu.row;
        let line = Rect {
            x: inside.x - 1,
            y,
            width: inside.width + 2,
            height: 1,
        };
        canvas.answers(line, Target::Line(row));
        if chosen {
            canvas.shade(line, Meaning::Selected);
            canvas.put(inside.x - 1, y, 1, "▌", Meaning::Accent);
            canvas.place_caret(inside.x - 1, y);
        }
        canvas.put(inside.x + 1, y, 2, &(row + 1).to_string(), Meaning::Strong);
        canvas.put(
            inside.x + 5,
            y,
            inside.width.saturating_sub(5),
            label,
            Meaning::Text,
        );
    }
}

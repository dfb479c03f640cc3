//! The menu of actions: what can be done here, each under its own key.

use ratatui::layout::Rect;

use super::help::{Where, list, reason};
use super::{Box, count, popup};
use crate::app::Model;
use crate::app::dialog::ActionMenu;
use crate::app::update::{action_lines, commands_from};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::text::plural;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, menu: &ActionMenu) {
    let lines = action_lines(model);
    let why = reason(&lines, menu.row);
    let hint = match &why {
        Some(why) => why.as_str(),
        None if front.width >= 72 => "the key, or enter, runs it   esc close",
        None => "key or enter runs   esc close",
    };
    let title = format!("Actions · {}", commands_from(model));
    let look = Box {
        title: &title,
        hints: (hint, ""),
        meaning: Meaning::Accent,
    };
    let size = (78.min(front.width), front.height.min(28));
    let inside = popup(canvas, front, size, &look);
    if front.width >= 72 {
        count(canvas, inside, &plural(lines.len(), "action"));
    }
    list(canvas, inside, &lines, menu.row, Where::Line);
}

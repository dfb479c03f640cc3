//! The help: a search field and the lines that match, in sections.

use ratatui::layout::Rect;

use super::{Box, popup};
use crate::app::Model;
use crate::app::dialog::Help;
use crate::app::layout::scrolled;
use crate::app::update::help_lines;
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::members::scrollbar;
use crate::ui::text::{plural, width};

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, help: &Help) {
    let lines = help_lines(model, help);
    let count = plural(lines.len(), "line");
    let hint = if front.width >= 72 {
        "type to search   ↑ ↓ choose   enter run   esc close"
    } else {
        "enter run   esc close"
    };
    let look = Box {
        title: "Help",
        hints: (hint, &count),
        meaning: Meaning::Accent,
    };
    let size = (88.min(front.width.saturating_sub(2)), front.height.min(32));
    let inside = popup(canvas, front, size, &look);
    let x = canvas.put(inside.x, inside.y, 8, "Search ", Meaning::Dim);
    let x = canvas.put(
        x,
        inside.y,
        inside.right().saturating_sub(x),
        help.input.text(),
        Meaning::Text,
    );
    let before: String = help.input.text().chars().take(help.input.caret()).collect();
    canvas.place_caret(x - width(help.input.text()) + width(&before), inside.y);
    canvas.rule(inside.x, inside.y + 1, inside.width);
    let area = Rect {
        y: inside.y + 2,
        height: inside.height.saturating_sub(2),
        ..inside
    };
    if lines.is_empty() {
        let text = format!(
            "No key matches “{}”. esc clears the search.",
            help.input.text()
        );
        canvas.put(area.x, area.y, area.width, &text, Meaning::Dim);
        return;
    }
    // Rows of the screen: a heading before each section's first line.
    let mut rows: Vec<Option<usize>> = Vec::new();
    let mut section = None;
    for (n, (of, _)) in lines.iter().enumerate() {
        if section != Some(*of) {
            rows.push(None);
            section = Some(*of);
        }
        rows.push(Some(n));
    }
    let cursor = rows
        .iter()
        .position(|row| *row == Some(help.row))
        .unwrap_or(0);
    let height = usize::from(area.height);
    let top = scrolled(
        cursor.saturating_sub(height / 2),
        cursor,
        height,
        rows.len(),
    );
    let keys_width = if area.width >= 60 { 18 } else { 9 };
    for (y, (at, row)) in (area.top()..area.bottom()).zip(rows.iter().enumerate().skip(top)) {
        let Some(n) = row else {
            let section = rows
                .get(at + 1)
                .copied()
                .flatten()
                .and_then(|n| lines.get(n));
            if let Some((section, _)) = section {
                canvas.put(area.x, y, area.width, section.title(), Meaning::Strong);
            }
            continue;
        };
        let Some((_, line)) = lines.get(*n) else {
            continue;
        };
        if *n == help.row {
            canvas.shade(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                Meaning::Selected,
            );
            canvas.put(area.x, y, 1, "▌", Meaning::Accent);
        }
        let dim = line.disabled.is_some();
        let (keys, words) = if dim {
            (Meaning::Dim, Meaning::Dim)
        } else {
            (Meaning::Strong, Meaning::Text)
        };
        canvas.put(area.x + 2, y, keys_width, &line.keys, keys);
        let x = area.x + 3 + keys_width;
        let mut room = area.right().saturating_sub(x + 2);
        if let Some(why) = &line.disabled
            && room > width(line.action.help()) + 8
        {
            let at = canvas.put_right(
                area.right() - 2,
                y,
                room - width(line.action.help()) - 3,
                why,
                Meaning::Dim,
            );
            room = at.saturating_sub(x + 2);
        }
        canvas.put(x, y, room, line.action.help(), words);
    }
    scrollbar(canvas, area, top, rows.len());
}

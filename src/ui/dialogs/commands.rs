//! The commands: a field, the lines that match, best first, and what they would be about.

use ratatui::layout::Rect;

use super::{Box, Shown, count, popup, text_row};
use crate::app::Model;
use crate::app::dialog::{CommandLine, Commands};
use crate::app::layout::scrolled;
use crate::app::pointer::Target;
use crate::app::update::{command_count, command_lines, commands_from};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::members::scrollbar;
use crate::ui::text::{safe, sentence, width, wrap};

/// Widest box, frame included.
const WIDEST: u16 = 78;
/// Most rows of it.
const HIGHEST: u16 = 20;
/// Columns of the titles, where the section and the reason stand beside them.
const TITLES: u16 = 30;
/// Columns of the sections there.
const SECTIONS: u16 = 12;
/// Columns of the reasons there, in the narrowest box that has them.
const REASONS: u16 = 20;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, commands: &Commands) {
    let lines = command_lines(model, commands);
    let chosen = lines.get(commands.row);
    let narrow = front.width < 72;
    let hint = if narrow {
        "enter run   esc close"
    } else {
        "↑ ↓ choose   enter run   esc close"
    };
    let look = Box {
        title: "Commands",
        hints: (hint, ""),
        meaning: Meaning::Accent,
    };
    let size = (WIDEST.min(front.width), HIGHEST.min(front.height));
    let inside = popup(canvas, front, size, &look);
    count(
        canvas,
        inside,
        &format!("{} of {}", lines.len(), command_count()),
    );
    let x = canvas.put(inside.x, inside.y, 2, ": ", Meaning::Accent);
    let field = Rect {
        x,
        width: inside.right().saturating_sub(x),
        height: 1,
        ..inside
    };
    text_row(canvas, field, &commands.input, true, Shown::Plain);
    canvas.rule(inside.x, inside.y + 1, inside.width);
    let gap = u16::from(inside.height >= 8);
    let list = Rect {
        y: inside.y + 2,
        height: inside.height.saturating_sub(3 + gap),
        ..inside
    };
    if lines.is_empty() {
        let text = format!(
            "No command matches “{}”. esc clears.",
            safe(commands.input.text())
        );
        for (y, line) in (list.y..list.bottom()).zip(wrap(&text, list.width)) {
            canvas.put(list.x, y, list.width, &line, Meaning::Dim);
        }
    } else {
        rows(canvas, list, &lines, commands.row);
    }
    let below = inside.bottom().saturating_sub(1);
    // Where there is no room beside its name, the reason stands here.
    let why = chosen.and_then(|line| line.disabled.as_deref());
    let beside = if is_wide(inside) { REASONS } else { 0 };
    if let Some(why) = why.filter(|why| width(why) > beside) {
        canvas.put(inside.x, below, inside.width, &sentence(why), Meaning::Warn);
    } else {
        let x = canvas.put(inside.x, below, inside.width, "From  ", Meaning::Dim);
        let room = inside.right().saturating_sub(x);
        canvas.put(x, below, room, &commands_from(model), Meaning::Text);
    }
}

/// Whether sections and reasons have columns of their own.
fn is_wide(area: Rect) -> bool {
    area.width >= 60
}

/// The lines, scrolled so that the chosen one is in view.
fn rows(canvas: &mut Canvas<'_>, area: Rect, lines: &[CommandLine], chosen: usize) {
    let height = usize::from(area.height);
    let top = scrolled(
        chosen.saturating_sub(height / 2),
        chosen,
        height,
        lines.len(),
    );
    for (y, (n, line)) in (area.top()..area.bottom()).zip(lines.iter().enumerate().skip(top)) {
        let row = Rect {
            y,
            height: 1,
            ..area
        };
        canvas.answers(row, Target::Line(n));
        if n == chosen {
            canvas.shade(row, Meaning::Selected);
            canvas.put(row.x, y, 1, "▌", Meaning::Accent);
        }
        one(canvas, row, line);
    }
    scrollbar(canvas, area, top, lines.len());
}

/// One command: its name, where it is at home, why it cannot run, and its key.
fn one(canvas: &mut Canvas<'_>, row: Rect, line: &CommandLine) {
    let (words, key) = if line.disabled.is_some() {
        (Meaning::Dim, Meaning::Dim)
    } else {
        (Meaning::Text, Meaning::Strong)
    };
    let end = row.right().saturating_sub(2);
    let at = canvas.put_right(end, row.y, 9, &line.key, key);
    let x = row.x + 2;
    let mut room = at.saturating_sub(x + 2);
    let why = line.disabled.as_deref().unwrap_or_default();
    if is_wide(row) {
        let section = x + TITLES;
        let next = canvas.put(
            section,
            row.y,
            SECTIONS,
            line.action.section().title(),
            Meaning::Dim,
        );
        let reason = (section + SECTIONS + 1).max(next + 1);
        canvas.put(
            reason,
            row.y,
            at.saturating_sub(reason + 2),
            why,
            Meaning::Dim,
        );
        room = TITLES - 1;
    } else if !why.is_empty() && room > width(&line.title) + 8 {
        let rest = room - width(&line.title) - 3;
        let reason = canvas.put_right(x + room, row.y, rest, why, Meaning::Dim);
        room = reason.saturating_sub(x + 2);
    }
    canvas.put(x, row.y, room, &line.title, words);
}

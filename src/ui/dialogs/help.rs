//! The help: a search field and the lines that match, in sections.

use ratatui::layout::Rect;

use super::{Box, Shown, count, popup, text_row};
use crate::app::Model;
use crate::app::dialog::{Help, HelpLine};
use crate::app::layout::scrolled;
use crate::app::pointer::Target;
use crate::app::update::help_lines;
use crate::keymap::Section;
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::members::scrollbar;
use crate::ui::text::{plural, safe, sentence, width, wrap};

/// Columns of the words, where a column of reasons stands beside them.
const WORDS: u16 = 44;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, help: &Help) {
    let lines = help_lines(model, help);
    let why = reason(&lines, help.row);
    let hint = match &why {
        Some(why) => why.as_str(),
        None if front.width >= 72 => "type to search   ↑ ↓ choose   enter run   esc close",
        None => "enter run   esc close",
    };
    let look = Box {
        title: "Help",
        hints: (hint, ""),
        meaning: Meaning::Accent,
    };
    let size = (104.min(front.width), front.height.min(32));
    let inside = popup(canvas, front, size, &look);
    count(canvas, inside, &plural(lines.len(), "key"));
    search(canvas, inside, help);
    canvas.rule(inside.x, inside.y + 1, inside.width);
    let area = Rect {
        y: inside.y + 2,
        height: inside.height.saturating_sub(2),
        ..inside
    };
    if lines.is_empty() {
        let text = format!(
            "No key or command matches “{}”. esc clears.",
            safe(help.input.text())
        );
        for (y, line) in (area.y..area.bottom()).zip(wrap(&text, area.width)) {
            canvas.put(area.x, y, area.width, &line, Meaning::Dim);
        }
        return;
    }
    list(canvas, area, &lines, help.row, Where::Field);
}

/// The search field; it has the caret.
fn search(canvas: &mut Canvas<'_>, area: Rect, help: &Help) {
    let x = canvas.put(area.x, area.y, 8, "Search ", Meaning::Dim);
    let row = Rect {
        x,
        width: area.right().saturating_sub(x),
        height: 1,
        ..area
    };
    text_row(canvas, row, &help.input, true, Shown::Plain);
}

/// Why the chosen line cannot run now, as a sentence.
pub(super) fn reason(lines: &[(Section, HelpLine)], chosen: usize) -> Option<String> {
    let (_, line) = lines.get(chosen)?;
    line.disabled.as_deref().map(sentence)
}

/// Where the caret stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// In the field of the search.
    Field,
    /// At the chosen line.
    Line,
}

/// The lines under the headings of their sections, scrolled so that the chosen one is in view.
pub(super) fn list(
    canvas: &mut Canvas<'_>,
    area: Rect,
    lines: &[(Section, HelpLine)],
    chosen: usize,
    caret: Where,
) {
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
        .position(|row| *row == Some(chosen))
        .unwrap_or(0);
    let height = usize::from(area.height);
    let top = scrolled(
        cursor.saturating_sub(height / 2),
        cursor,
        height,
        rows.len(),
    );
    for (y, (at, row)) in (area.top()..area.bottom()).zip(rows.iter().enumerate().skip(top)) {
        let Some(n) = row else {
            let first = rows.get(at + 1).copied().flatten();
            if let Some((section, _)) = first.and_then(|n| lines.get(n)) {
                canvas.put(area.x, y, area.width, section.title(), Meaning::Strong);
            }
            continue;
        };
        if let Some((_, line)) = lines.get(*n) {
            let row = Rect {
                y,
                height: 1,
                ..area
            };
            canvas.answers(row, Target::Line(*n));
            if *n == chosen {
                canvas.shade(row, Meaning::Selected);
                canvas.put(row.x, y, 1, "▌", Meaning::Accent);
                if caret == Where::Line {
                    canvas.place_caret(row.x, y);
                }
            }
            one(canvas, row, line);
        }
    }
    scrollbar(canvas, area, top, rows.len());
}

/// One action: its keys, what it does, and why it cannot run now.
fn one(canvas: &mut Canvas<'_>, row: Rect, line: &HelpLine) {
    let keys_width = if row.width >= 60 { 18 } else { 9 };
    let (keys, words) = if line.disabled.is_some() {
        (Meaning::Dim, Meaning::Dim)
    } else {
        (Meaning::Strong, Meaning::Text)
    };
    let names = canvas.key_names(&line.keys).into_owned();
    canvas.put(row.x + 2, row.y, keys_width, &names, keys);
    let x = row.x + 3 + keys_width;
    let what = line.words.as_str();
    let mut room = row.right().saturating_sub(x + 2);
    if row.width >= 90 {
        // There is room for a column of reasons.
        if let Some(why) = &line.disabled {
            let third = x + WORDS + 2;
            let rest = row.right().saturating_sub(third + 2);
            canvas.put(third, row.y, rest, why, Meaning::Dim);
            room = WORDS;
        }
    } else if let Some(why) = &line.disabled
        && room > width(what) + 8
    {
        let rest = room - width(what) - 3;
        let at = canvas.put_right(row.right() - 2, row.y, rest, why, Meaning::Dim);
        room = at.saturating_sub(x + 2);
    }
    canvas.put(x, row.y, room, what, words);
}

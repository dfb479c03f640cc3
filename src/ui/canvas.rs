//! The cells being drawn on, with the few strokes that all panes share. Never draws outside.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::regions::{Regions, keys_in};
use super::text::{cells_of, cut, width};
use super::thumbnail::Place;
use crate::app::pointer::Target;
use crate::domain::Masking;
use crate::domain::masking::on_screen;
use crate::theme::{Glyphs, Meaning, Theme};

/// The frame being drawn: cells, colours, and where the caret goes.
pub(crate) struct Canvas<'a> {
    pub(crate) cells: &'a mut Buffer,
    pub(crate) theme: Theme,
    /// Where the terminal's cursor is put: on the focused row, field or button.
    pub(crate) caret: Option<Position>,
    /// Whether phone numbers are drawn in full: hidden here, they are hidden wherever they stand.
    pub(crate) numbers: Masking,
    /// Where a picture was drawn last.
    pub(crate) place: Option<Place>,
    /// Where it is put when nothing in the focused pane can be chosen: where reading begins.
    pub(crate) home: Option<Position>,
    /// What answers to a click.
    pub(crate) regions: Regions,
}

impl Canvas<'_> {
    /// Writes at most `room` cells from (x, y); returns the column after the text.
    pub(crate) fn put(&mut self, x: u16, y: u16, room: u16, text: &str, meaning: Meaning) -> u16 {
        let style = self.theme.style(meaning);
        self.put_styled(x, y, room, text, style)
    }

    /// The same in bold.
    pub(crate) fn put_bold(
        &mut self,
        x: u16,
        y: u16,
        room: u16,
        text: &str,
        meaning: Meaning,
    ) -> u16 {
        let style = self.theme.style(meaning).add_modifier(Modifier::BOLD);
        self.put_styled(x, y, room, text, style)
    }

    /// The same in any style.
    pub(crate) fn put_styled(
        &mut self,
        x: u16,
        y: u16,
        room: u16,
        text: &str,
        style: Style,
    ) -> u16 {
        let area = self.cells.area;
        if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
            return x;
        }
        let text = match self.numbers {
            Masking::Shown => Cow::Borrowed(text),
            Masking::Masked => on_screen(text),
        };
        let room = room.min(area.right() - x);
        if let Some(cells) = cells_of(&text)
            && cells <= room
        {
            let row = usize::from(y - area.y) * usize::from(area.width);
            let first = row + usize::from(x - area.x);
            let row = self.cells.content.iter_mut().skip(first);
            for (cell, letter) in row.zip(text.chars()) {
                cell.set_char(letter).set_style(style);
            }
            return x + cells;
        }
        let text = cut(&text, room);
        self.cells
            .set_stringn(x, y, &text, usize::from(room), style)
            .0
    }

    /// Writes so that the text ends before column `end`; returns where it begins.
    pub(crate) fn put_right(
        &mut self,
        end: u16,
        y: u16,
        room: u16,
        text: &str,
        meaning: Meaning,
    ) -> u16 {
        // Hidden before it is cut: what is left of a number is no number any more.
        let text = match self.numbers {
            Masking::Shown => Cow::Borrowed(text),
            Masking::Masked => on_screen(text),
        };
        let text = cut(&text, room);
        let x = end.saturating_sub(width(&text));
        self.put(x, y, room, &text, meaning);
        x
    }

    /// Lays a style over cells.
    pub(crate) fn shade(&mut self, area: Rect, meaning: Meaning) {
        let style = self.theme.style(meaning);
        let area = area.intersection(self.cells.area);
        self.cells.set_style(area, style);
    }

    /// Marks what was searched for.
    pub(crate) fn highlight(&mut self, x: u16, y: u16, cells: u16) {
        let area = Rect {
            x,
            y,
            width: cells,
            height: 1,
        };
        let style = self.theme.style(Meaning::Accent);
        let area = area.intersection(self.cells.area);
        self.cells
            .set_style(area, style.add_modifier(Modifier::UNDERLINED));
    }

    /// Empties cells.
    pub(crate) fn clear(&mut self, area: Rect) {
        for position in area.intersection(self.cells.area).positions() {
            if let Some(cell) = self.cells.cell_mut(position) {
                cell.reset();
            }
        }
    }

    /// Dims what a dialog stands in front of.
    pub(crate) fn dim(&mut self, area: Rect) {
        let area = area.intersection(self.cells.area);
        self.cells
            .set_style(area, Style::new().add_modifier(Modifier::DIM));
    }

    /// A rounded frame.
    pub(crate) fn frame(&mut self, area: Rect, meaning: Meaning) {
        let area = area.intersection(self.cells.area);
        if area.width < 2 || area.height < 2 {
            return;
        }
        let (left, right) = (area.left(), area.right() - 1);
        let (top, bottom) = (area.top(), area.bottom() - 1);
        let bar = "─".repeat(usize::from(area.width - 2));
        self.put(left, top, area.width, &format!("╭{bar}╮"), meaning);
        self.put(left, bottom, area.width, &format!("╰{bar}╯"), meaning);
        for y in top + 1..bottom {
            self.put(left, y, 1, "│", meaning);
            self.put(right, y, 1, "│", meaning);
        }
    }

    /// Whether a row is marked: one sign in the column `x`, or in ASCII a box of three.
    pub(crate) fn mark(&mut self, x: u16, y: u16, is_marked: bool) {
        let (sign, ascii, meaning) = if is_marked {
            ("●", "[x]", Meaning::Accent)
        } else {
            ("○", "[ ]", Meaning::Dim)
        };
        match self.theme.glyphs() {
            Glyphs::Unicode => self.put(x, y, 1, sign, meaning),
            Glyphs::Ascii => self.put(x.saturating_sub(1), y, 3, ascii, meaning),
        };
    }

    /// Names of keys as they can be shown: in ASCII, `^` and `v` would be taken for other keys.
    pub(crate) fn key_names<'k>(&self, names: &'k str) -> Cow<'k, str> {
        match self.theme.glyphs() {
            Glyphs::Unicode => Cow::Borrowed(names),
            Glyphs::Ascii => {
                let words = [("↑", "up"), ("↓", "down"), ("←", "left"), ("→", "right")];
                let spelt = |names: String, (sign, word): (&str, &str)| names.replace(sign, word);
                Cow::Owned(words.into_iter().fold(names.to_owned(), spelt))
            }
        }
    }

    /// A horizontal rule.
    pub(crate) fn rule(&mut self, x: u16, y: u16, room: u16) {
        self.put(x, y, room, &"─".repeat(usize::from(room)), Meaning::Border);
    }

    /// The picture that stands on the screen with nothing in front of it.
    pub(crate) fn untouched(&mut self) -> Option<Place> {
        let place = self.place.take();
        place.filter(|place| place.is_untouched(self.cells))
    }

    /// Says what answers to a click there.
    pub(crate) fn answers(&mut self, place: Rect, target: Target) {
        let place = place.intersection(self.cells.area);
        self.regions.add(place, target);
    }

    /// Says that the keys in a row of hints, which begins at (x, y), answer to a click.
    pub(crate) fn answer_hints(&mut self, x: u16, y: u16, room: u16, hints: &str) {
        for (column, width, key) in keys_in(hints) {
            let width = width.min(room.saturating_sub(column));
            let place = Rect::new(x.saturating_add(column), y, width, 1);
            self.answers(place, Target::Key(key));
        }
    }

    /// Puts the caret.
    pub(crate) fn place_caret(&mut self, x: u16, y: u16) {
        self.caret = Some(Position { x, y });
    }

    /// Says where the caret goes when nothing takes it.
    pub(crate) fn begin_reading(&mut self, x: u16, y: u16) {
        self.home = Some(Position { x, y });
    }
}

/// What stands in the frame of a pane.
pub(crate) struct Labels<'a> {
    /// Top left, the name of the pane.
    pub(crate) title: &'a str,
    /// Top right.
    pub(crate) count: &'a str,
    /// Bottom left.
    pub(crate) state: &'a str,
    /// Bottom right.
    pub(crate) place: &'a str,
}

/// A pane with its frame; returns the inside.
pub(crate) fn pane(
    canvas: &mut Canvas<'_>,
    area: Rect,
    labels: &Labels<'_>,
    focused: bool,
) -> Rect {
    let border = if focused {
        Meaning::BorderFocus
    } else {
        Meaning::Border
    };
    canvas.frame(area, border);
    let top = area.top();
    let bottom = area.bottom().saturating_sub(1);
    let room = area.width.saturating_sub(6);
    if focused {
        canvas.put_bold(
            area.left() + 2,
            top,
            room,
            &format!(" ▸ {} ", labels.title),
            Meaning::Accent,
        );
    } else {
        canvas.put(
            area.left() + 2,
            top,
            room,
            &format!(" {} ", labels.title),
            Meaning::Text,
        );
    }
    if !labels.count.is_empty() {
        let text = format!(" {} ", labels.count);
        canvas.put_right(
            area.right().saturating_sub(2),
            top,
            room,
            &text,
            Meaning::Dim,
        );
    }
    if !labels.state.is_empty() {
        canvas.put(
            area.left() + 2,
            bottom,
            room,
            &format!(" {} ", labels.state),
            Meaning::Dim,
        );
    }
    if !labels.place.is_empty() {
        let text = format!(" {} ", labels.place);
        canvas.put_right(
            area.right().saturating_sub(2),
            bottom,
            room,
            &text,
            Meaning::Dim,
        );
    }
    if focused {
        canvas.begin_reading(area.x + 1, area.y + 1);
    }
    Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

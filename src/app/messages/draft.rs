//! A text of several lines being written: the editing keys of readline, and its rows as they are shown.
//!
//! Not the message: what may be sent is decided by [`MessageText`]. Invariant: what is typed or pasted
//! stays; too long a text is shown and refused, never cut, and a pasted line break submits nothing.

use std::ops::Range;

use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::app::field::Edit;
use crate::domain::{Clean, MessageText, MessageTextError};
use crate::keymap::{Code, Key};

/// Longest text a draft takes, in characters; a paste beyond it is refused whole.
pub const MAX_CHARS: usize = 2 * MessageText::MAX;

/// The text and its caret.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    input: Input,
}

/// One row of a text that is broken to fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its first character, counted from the start of the text.
    pub start: usize,
    /// As it is shown.
    pub shown: String,
    /// Cells and characters of each grapheme, a blank at the end that hangs over included.
    cells: Vec<(usize, usize)>,
}

impl Row {
    /// First column and width of what this row shows of some characters of the text.
    pub fn cells_of(&self, chars: &Range<usize>) -> Option<(u16, u16)> {
        let end = self.start + self.cells.iter().map(|(_, chars)| chars).sum::<usize>();
        let (from, to) = (chars.start.max(self.start), chars.end.min(end));
        if from >= to {
            return None;
        }
        let (first, behind) = (self.column(from), self.column(to));
        let first = u16::try_from(first).ok()?;
        Some((first, u16::try_from(behind).ok()?.saturating_sub(first)))
    }

    /// Cells in front of the character at `place`.
    fn column(&self, place: usize) -> usize {
        let mut at = self.start;
        let mut column = 0;
        for (cells, chars) in &self.cells {
            if at >= place {
                break;
            }
            at += chars;
            column += cells;
        }
        column
    }

    /// The character at that cell, or the end of the row.
    fn place(&self, wanted: usize) -> usize {
        let mut at = self.start;
        let mut column = 0;
        for (cells, chars) in &self.cells {
            if column + cells > wanted {
                break;
            }
            at += chars;
            column += cells;
        }
        at
    }
}

impl Draft {
    /// A draft with that text, and the caret at its end.
    pub fn of(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether there is nothing, or only blanks.
    pub fn is_blank(&self) -> bool {
        self.text().trim().is_empty()
    }

    /// Its length as a message, in UTF-16 code units.
    pub fn units(&self) -> usize {
        self.text().trim().encode_utf16().count()
    }

    /// The message it makes.
    ///
    /// # Errors
    /// What [`MessageText`] says about the text.
    pub fn message(&self) -> Result<MessageText, MessageTextError> {
        self.text().parse()
    }

    /// Puts a text in front of what is there; the caret stays where it is in what was there.
    pub fn put_in_front(&mut self, text: &str) {
        if self.is_blank() {
            *self = Self::of(text);
            return;
        }
        let caret = text.chars().count() + 1 + self.input.cursor();
        let whole = format!("{text}\n{}", self.text());
        self.input = Input::new(whole).with_cursor(caret);
    }

    /// Handles one key. The arrows up and down need to know how wide the field is, in cells.
    pub fn key(&mut self, key: Key, room: u16) -> Edit {
        let key = if key.ctrl || key.alt {
            key.latin()
        } else {
            key
        };
        let request = match (key.ctrl, key.alt, key.code) {
            (_, _, Code::Enter) | (true, false, Code::Char('j')) => InputRequest::InsertChar('\n'),
            (false, false, Code::Char(c)) if !c.is_control() => InputRequest::InsertChar(c),
            (false, false, Code::Backspace) | (true, false, Code::Char('h')) => {
                InputRequest::DeletePrevChar
            }
            (false, false, Code::Delete) | (true, false, Code::Char('d')) => {
                InputRequest::DeleteNextChar
            }
            (false, true, Code::Char('d')) => InputRequest::DeleteNextWord,
            (true, false, Code::Char('a')) | (false, false, Code::Home) => {
                InputRequest::SetCursor(self.line().0)
            }
            (true, false, Code::Char('e')) | (false, false, Code::End) => {
                InputRequest::SetCursor(self.line().1)
            }
            (true, false, Code::Char('w') | Code::Backspace) | (false, true, Code::Backspace) => {
                InputRequest::DeletePrevWord
            }
            (true, false, Code::Char('u')) => return self.delete_to_start(),
            (true, false, Code::Char('k')) => return self.delete_to_end(),
            (false, true, Code::Char('b') | Code::Left) | (true, false, Code::Left) => {
                InputRequest::GoToPrevWord
            }
            (false, true, Code::Char('f') | Code::Right) | (true, false, Code::Right) => {
                InputRequest::GoToNextWord
            }
            (true, false, Code::Char('b')) | (false, false, Code::Left) => {
                InputRequest::GoToPrevChar
            }
            (true, false, Code::Char('f')) | (false, false, Code::Right) => {
                InputRequest::GoToNextChar
            }
            (false, false, Code::Up) => InputRequest::SetCursor(self.beside(room, -1)),
            (false, false, Code::Down) => InputRequest::SetCursor(self.beside(room, 1)),
            _ => return Edit::Ignored,
        };
        let full = self.text().chars().count() >= MAX_CHARS;
        if full && matches!(request, InputRequest::InsertChar(_)) {
            return Edit::Ignored;
        }
        match self.input.handle(request) {
            Some(change) if change.value => Edit::Changed,
            Some(_) | None => Edit::Moved,
        }
    }

    /// Puts a pasted text at the caret, with its line breaks. `false` when it is too long; then
    /// nothing changes.
    pub fn paste(&mut self, text: &str) -> bool {
        let room = MAX_CHARS.saturating_sub(self.text().chars().count());
        // `take` keeps a giant paste from being counted to its end.
        if text.chars().take(room + 1).count() > room {
            return false;
        }
        // One line break is one, also where it is two characters.
        let text = text
            .replace("\r\n", "\n")
            .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
        let text: String = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        let (before, after) = self.halves();
        let caret = self.input.cursor() + text.chars().count();
        self.input = Input::new(before + &text + &after).with_cursor(caret);
        true
    }

    /// The text in rows of at most `room` cells, broken between words where possible.
    pub fn rows(&self, room: u16) -> Vec<Row> {
        rows(self.text(), room)
    }

    /// Row and column of the caret, in rows of `room` cells.
    pub fn caret(&self, room: u16) -> (usize, u16) {
        let rows = self.rows(room);
        let row = self.row_of_caret(&rows);
        let column = rows.get(row).map_or(0, |r| r.column(self.input.cursor()));
        // A blank that hangs over the edge takes no cell.
        (row, u16::try_from(column).unwrap_or(room).min(room))
    }

    fn row_of_caret(&self, rows: &[Row]) -> usize {
        let caret = self.input.cursor();
        rows.iter().rposition(|row| row.start <= caret).unwrap_or(0)
    }

    /// The place one row up or down, as near below or above as possible.
    fn beside(&self, room: u16, by: isize) -> usize {
        let rows = self.rows(room);
        let at = self.row_of_caret(&rows);
        let column = rows.get(at).map_or(0, |r| r.column(self.input.cursor()));
        let Some(target) = at.checked_add_signed(by).and_then(|row| rows.get(row)) else {
            return self.input.cursor();
        };
        let place = target.place(column);
        // The end of a row that goes on is the start of the next one.
        let next = rows
            .get(at.saturating_add_signed(by) + 1)
            .map(|row| row.start);
        match next {
            Some(next) if place >= next => next - 1,
            Some(_) | None => place,
        }
    }

    /// What is before the caret, and what is behind it.
    fn halves(&self) -> (String, String) {
        let mut chars = self.text().chars();
        let before = chars.by_ref().take(self.input.cursor()).collect();
        (before, chars.collect())
    }

    /// Start and end of the line in which the caret is.
    fn line(&self) -> (usize, usize) {
        let (before, after) = self.halves();
        let caret = self.input.cursor();
        let to_start = before.chars().rev().take_while(|c| *c != '\n').count();
        let to_end = after.chars().take_while(|c| *c != '\n').count();
        (caret - to_start, caret + to_end)
    }

    /// Deletes to the start of the line; there, the line break before.
    fn delete_to_start(&mut self) -> Edit {
        let (before, after) = self.halves();
        let (start, _) = self.line();
        let kept = if start == self.input.cursor() {
            start.saturating_sub(1)
        } else {
            start
        };
        let front: String = before.chars().take(kept).collect();
        self.replace(front + &after, kept)
    }

    /// Deletes to the end of the line; there, the line break behind.
    fn delete_to_end(&mut self) -> Edit {
        let (before, after) = self.halves();
        let caret = self.input.cursor();
        let (_, end) = self.line();
        let gone = (end - caret).max(1);
        let rest: String = after.chars().skip(gone).collect();
        self.replace(before + &rest, caret)
    }

    fn replace(&mut self, text: String, caret: usize) -> Edit {
        let edit = if text == self.text() {
            Edit::Moved
        } else {
            Edit::Changed
        };
        self.input = Input::new(text).with_cursor(caret);
        edit
    }
}

/// A text in rows of at most `room` cells, broken between words where possible; its blanks stay.
pub fn rows(text: &str, room: u16) -> Vec<Row> {
    let room = usize::from(room.max(2));
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        break_line(line, start, room, &mut rows);
        start += line.chars().count() + 1;
    }
    rows
}

/// Breaks one line into rows; an empty one is a row too.
fn break_line(line: &str, start: usize, room: usize, rows: &mut Vec<Row>) {
    let first = rows.len();
    let mut row = Row {
        start,
        shown: String::new(),
        cells: Vec::new(),
    };
    let mut width = 0;
    // Graphemes of the row up to and with its last blank: where it is broken.
    let mut breaks = 0;
    for grapheme in line.graphemes(true) {
        let shown = Clean::whole(grapheme);
        let cells = shown.width();
        let blank = shown == " ";
        while width + cells > room && !blank && !row.cells.is_empty() {
            let kept = if breaks == 0 { row.cells.len() } else { breaks };
            let rest = row.cells.split_off(kept);
            let chars: usize = row.cells.iter().map(|(_, chars)| chars).sum();
            let next = row.start + chars;
            width = rest.iter().map(|(cells, _)| cells).sum();
            rows.push(std::mem::replace(
                &mut row,
                Row {
                    start: next,
                    shown: String::new(),
                    cells: rest,
                },
            ));
            breaks = 0;
        }
        row.cells.push((cells, grapheme.chars().count()));
        width += cells;
        if blank {
            breaks = row.cells.len();
        }
    }
    rows.push(row);
    // A text of many lines has many rows: those of the others are left alone.
    show(line, rows.iter_mut().skip(first));
}

/// Fills in what the rows of a line show.
fn show<'a>(line: &str, rows: impl Iterator<Item = &'a mut Row>) {
    let mut graphemes = line.graphemes(true);
    for row in rows {
        let own = graphemes.by_ref().take(row.cells.len());
        // Once more as a whole: marks that something hidden kept apart have come together.
        let shown: String = own.map(Clean::whole).collect();
        row.shown = Clean::whole(&shown);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROOM: u16 = 20;

    fn press(draft: &mut Draft, keys: &[Key]) {
        for key in keys {
            draft.key(*key, ROOM);
        }
    }

    fn shown(draft: &Draft, room: u16) -> Vec<String> {
        let rows = draft.rows(room).into_iter();
        rows.map(|row| row.shown).collect()
    }

    #[test]
    fn rows_break_between_words_and_keep_their_line_breaks() {
        let draft = Draft::of("Ana, é o portão ao lado da banca\n\nde jornal");
        let rows = shown(&draft, ROOM);
        assert_eq!(
            rows,
            ["Ana, é o portão ao ", "lado da banca", "", "de jornal"]
        );
        assert_eq!(draft.caret(ROOM), (3, 9));
        assert_eq!(shown(&Draft::of("abcdefghij"), 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn arrows_move_between_rows_as_they_are_shown() {
        let mut draft = Draft::of("Ana, é o portão ao lado da banca");
        assert_eq!(draft.caret(ROOM), (1, 13));
        press(&mut draft, &[Key::plain(Code::Up)]);
        assert_eq!(draft.caret(ROOM), (0, 13));
        press(&mut draft, &[Key::plain(Code::End), Key::plain(Code::Home)]);
        assert_eq!(draft.caret(ROOM), (0, 0), "start and end are of the line");
        press(&mut draft, &[Key::plain(Code::Down), Key::char('x')]);
        assert_eq!(draft.text(), "Ana, é o portão ao xlado da banca");
    }

    #[test]
    fn readline_keys_edit_the_line_they_are_in() {
        let mut draft = Draft::of("um dois\ntrês quatro");
        press(&mut draft, &[Key::ctrl('w')]);
        assert_eq!(draft.text(), "um dois\ntrês ");
        press(&mut draft, &[Key::ctrl('u')]);
        assert_eq!(draft.text(), "um dois\n");
        press(&mut draft, &[Key::ctrl('u')]);
        assert_eq!(draft.text(), "um dois");
        press(
            &mut draft,
            &[Key::ctrl('a'), Key::ctrl('j'), Key::plain(Code::Up)],
        );
        press(&mut draft, &[Key::ctrl('k')]);
        assert_eq!(draft.text(), "um dois");
        press(&mut draft, &[Key::ctrl('k')]);
        assert_eq!(draft.text(), "");
    }

    #[test]
    fn a_new_line_comes_by_every_key_there_is_for_it() {
        let mut draft = Draft::default();
        for (ctrl, alt) in [(true, false), (false, true)] {
            let enter = Key {
                ctrl,
                alt,
                ..Key::plain(Code::Enter)
            };
            assert_eq!(draft.key(enter, ROOM), Edit::Changed);
        }
        assert_eq!(draft.key(Key::ctrl('j'), ROOM), Edit::Changed);
        assert_eq!(draft.text(), "\n\n\n");
        assert_eq!(draft.message(), Err(MessageTextError::Empty));
    }

    #[test]
    fn a_paste_keeps_its_line_breaks_and_nothing_else_that_controls() {
        let mut draft = Draft::of("ab");
        press(&mut draft, &[Key::plain(Code::Left)]);
        assert!(draft.paste("1\r\n2\r3\x1b[2J\u{85}"));
        assert_eq!(draft.text(), "a1\n2\n3[2Jb");
        press(&mut draft, &[Key::char('!')]);
        assert_eq!(draft.text(), "a1\n2\n3[2J!b");
        assert!(!draft.paste(&"x".repeat(MAX_CHARS)));
        assert_eq!(draft.text(), "a1\n2\n3[2J!b");
    }

    #[test]
    fn what_is_put_in_front_pushes_nothing_out() {
        let mut draft = Draft::of("depois");
        press(&mut draft, &[Key::plain(Code::Home)]);
        draft.put_in_front("antes");
        press(&mut draft, &[Key::char('x')]);
        assert_eq!(draft.text(), "antes\nxdepois");
        let mut blank = Draft::of(" \n");
        blank.put_in_front("antes");
        assert_eq!(blank.text(), "antes");
    }

    proptest! {
        #[test]
        fn rows_lose_nothing_and_the_caret_is_always_in_one(
            text in "[a-zé❤️👨‍👩‍👧東 \n]{0,80}",
            keys in proptest::collection::vec(0usize..8, 0..30),
            room in 2u16..30,
        ) {
            let mut draft = Draft::of(&text);
            let all = [Code::Up, Code::Down, Code::Left, Code::Right, Code::Home, Code::End, Code::Backspace, Code::Delete];
            for key in keys {
                draft.key(Key::plain(all[key]), room);
            }
            let rows = draft.rows(room);
            let (row, column) = draft.caret(room);
            prop_assert!(row < rows.len() && column <= room);
            let chars: usize = rows.iter().flat_map(|row| &row.cells).map(|(_, chars)| chars).sum();
            let breaks = draft.text().matches('\n').count();
            prop_assert_eq!(chars + breaks, draft.text().chars().count());
            for row in &rows {
                // One character of many joined ones may be wider than any row.
                let fits = row.shown.trim_end().width() <= usize::from(room);
                let wide = row.cells.iter().any(|(cells, _)| *cells > usize::from(room));
                prop_assert!(fits || wide, "{row:?}");
            }
        }
    }
}

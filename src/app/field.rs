//! One line of text being typed, with the editing keys of readline.
//!
//! Whatever is typed or pasted stays: too long a text is shown and refused, never cut. Line breaks
//! and control characters of a paste become blanks, so a paste can never submit anything.

use tui_input::{Input, InputRequest};

use crate::keymap::{Code, Key};

/// Longest text a field takes, in characters; a paste beyond it is refused whole.
pub const MAX_CHARS: usize = 4096;

/// Text in a field, its caret, and whether it is still the untouched proposal.
#[derive(Clone, Debug, Default)]
pub struct TextInput {
    input: Input,
    /// The text was put there by the program: the first typed character replaces it.
    proposed: bool,
}

/// What a key did to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The text is another one now.
    Changed,
    /// Only the caret moved.
    Moved,
    /// The key means nothing in a field.
    Ignored,
}

impl TextInput {
    /// A field that proposes `text`: editing keys edit it, typing replaces it.
    pub fn proposing(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
            proposed: !text.is_empty(),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Caret position in characters.
    pub fn caret(&self) -> usize {
        self.input.cursor()
    }

    /// Whether the text is still the untouched proposal.
    pub fn is_proposal(&self) -> bool {
        self.proposed
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.input.value().is_empty()
    }

    /// Empties the field.
    pub fn clear(&mut self) {
        self.input.reset();
        self.proposed = false;
    }

    /// Handles one key.
    pub fn key(&mut self, key: Key) -> Edit {
        let Some(request) = request(key) else {
            return Edit::Ignored;
        };
        if std::mem::take(&mut self.proposed) && matches!(request, InputRequest::InsertChar(_)) {
            self.input.reset();
        }
        match self.input.handle(request) {
            Some(change) if change.value => Edit::Changed,
            Some(_) | None => Edit::Moved,
        }
    }

    /// Puts a pasted text at the caret. `false` when it is too long; then nothing changes.
    pub fn paste(&mut self, text: &str) -> bool {
        let room = MAX_CHARS.saturating_sub(self.text().chars().count());
        // `take` keeps a giant paste from being counted to its end.
        if text.chars().take(room + 1).count() > room {
            return false;
        }
        if std::mem::take(&mut self.proposed) {
            self.input.reset();
        }
        // One line break is one space, also where it is two characters.
        let text = text.replace("\r\n", "\n");
        for c in text.trim_matches(['\r', '\n']).chars() {
            let c = if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            };
            self.input.handle(InputRequest::InsertChar(c));
        }
        true
    }
}

/// Whether a key edits or moves in some field, or is one that only fields have: nothing else may take
/// it away from them.
pub fn edits(key: Key) -> bool {
    request(key).is_some() || ['j', 'o', 'r'].map(Key::ctrl).contains(&key.latin())
}

fn request(key: Key) -> Option<InputRequest> {
    use InputRequest::{
        DeleteFromStart, DeleteNextChar, DeleteNextWord, DeletePrevChar, DeletePrevWord,
        DeleteTillEnd, GoToEnd, GoToNextChar, GoToNextWord, GoToPrevChar, GoToPrevWord, GoToStart,
        InsertChar,
    };
    // On any layout: with ctrl or alt, no key types anything.
    let key = if key.ctrl || key.alt {
        key.latin()
    } else {
        key
    };
    Some(match (key.ctrl, key.alt, key.code) {
        (false, false, Code::Char(c)) if !c.is_control() => InsertChar(c),
        (false, false, Code::Backspace) | (true, false, Code::Char('h')) => DeletePrevChar,
        (false, false, Code::Delete) | (true, false, Code::Char('d')) => DeleteNextChar,
        (false, true, Code::Char('d')) => DeleteNextWord,
        (true, false, Code::Char('a')) | (false, false, Code::Home) => GoToStart,
        (true, false, Code::Char('e')) | (false, false, Code::End) => GoToEnd,
        (true, false, Code::Char('w') | Code::Backspace) | (false, true, Code::Backspace) => {
            DeletePrevWord
        }
        (true, false, Code::Char('u')) => DeleteFromStart,
        (true, false, Code::Char('k')) => DeleteTillEnd,
        (false, true, Code::Char('b') | Code::Left) | (true, false, Code::Left) => GoToPrevWord,
        (false, true, Code::Char('f') | Code::Right) | (true, false, Code::Right) => GoToNextWord,
        (true, false, Code::Char('b')) | (false, false, Code::Left) => GoToPrevChar,
        (true, false, Code::Char('f')) | (false, false, Code::Right) => GoToNextChar,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(field: &mut TextInput, text: &str) {
        for c in text.chars() {
            field.key(Key::char(c));
        }
    }

    #[test]
    fn typing_replaces_a_proposal_and_editing_keeps_it() {
        let mut field = TextInput::proposing("Corrida");
        typed(&mut field, "Caminhada");
        assert_eq!(field.text(), "Caminhada");

        let mut field = TextInput::proposing("Corrida");
        field.key(Key::plain(Code::End));
        typed(&mut field, " 2");
        assert_eq!(field.text(), "Corrida 2");

        let mut field = TextInput::proposing("Corrida");
        field.key(Key::ctrl('u'));
        typed(&mut field, "x");
        assert_eq!(field.text(), "x");
    }

    #[test]
    fn readline_keys_edit() {
        let mut field = TextInput::default();
        typed(&mut field, "um dois");
        field.key(Key::ctrl('w'));
        assert_eq!(field.text(), "um ");
        field.key(Key::ctrl('a'));
        field.key(Key::ctrl('k'));
        assert_eq!(field.text(), "");
    }

    #[test]
    fn a_paste_never_submits_and_never_breaks_the_line() {
        let mut field = TextInput::default();
        assert!(field.paste("Corrida\r\nDomingo\r\n"));
        assert_eq!(field.text(), "Corrida Domingo");
        field.clear();
        assert!(field.paste("Corrida\nDomingo\r"));
        assert_eq!(field.text(), "Corrida Domingo");
        assert!(!field.paste(&"x".repeat(MAX_CHARS)));
        assert_eq!(field.text(), "Corrida Domingo");
    }
}

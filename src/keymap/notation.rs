//! How keys are written in the configuration: `ctrl+x l`, and what other programs call the same.
//! Written by `Display`, read here.
//!
//! Invariant: what `Display` writes is read as the same key. No error carries the text that was
//! read: the reader knows where it stands.

use std::fmt;
use std::str::FromStr;

use super::{Chord, Code, Key};

/// Names of keys that are no characters, and of characters that are hard to see. The first of each
/// is the one to suggest.
const NAMES: &[(&str, Code)] = &[
    ("space", Code::Char(' ')),
    ("spc", Code::Char(' ')),
    ("plus", Code::Char('+')),
    ("minus", Code::Char('-')),
    ("lt", Code::Char('<')),
    ("gt", Code::Char('>')),
    ("enter", Code::Enter),
    ("return", Code::Enter),
    ("ret", Code::Enter),
    ("cr", Code::Enter),
    ("esc", Code::Esc),
    ("escape", Code::Esc),
    ("tab", Code::Tab),
    ("backtab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("bs", Code::Backspace),
    ("delete", Code::Delete),
    ("del", Code::Delete),
    ("up", Code::Up),
    ("↑", Code::Up),
    ("down", Code::Down),
    ("↓", Code::Down),
    ("left", Code::Left),
    ("←", Code::Left),
    ("right", Code::Right),
    ("→", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pageup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("pgdown", Code::PageDown),
    ("pagedown", Code::PageDown),
];

/// What may stand before `+` or `-` in front of a key.
const MODIFIERS: &[(&str, Held)] = &[
    ("ctrl", Held::Ctrl),
    ("control", Held::Ctrl),
    ("c", Held::Ctrl),
    ("alt", Held::Alt),
    ("option", Held::Alt),
    ("opt", Held::Alt),
    ("meta", Held::Alt),
    ("a", Held::Alt),
    ("m", Held::Alt),
    ("shift", Held::Shift),
    ("s", Held::Shift),
];

/// Most edits between a name that is unknown and one that was probably meant.
const NEAR: usize = 2;
/// Keys with a number: more there are on no keyboard.
const MOST_F: u8 = 24;

#[derive(Clone, Copy)]
enum Held {
    Ctrl,
    Alt,
    Shift,
}

/// Why a text names no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAKey {
    /// Nothing stands there.
    Nothing,
    /// No key has that name; the nearest one, if any is near.
    Unknown(Option<Key>),
    /// Shift with a character that is no letter: what comes of it depends on the keyboard.
    Shifted,
    /// A combination that terminals send as this other key.
    SentAs(Key),
}

impl fmt::Display for NotAKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("no key is named"),
            Self::Unknown(Some(key)) => write!(f, "unknown key, did you mean `{key}`?"),
            Self::Unknown(None) => f.write_str(
                "unknown key; `wavedeck keys` shows what a key is called, for example `e`, `space`, `ctrl+x` or `F5`",
            ),
            Self::Shifted => {
                f.write_str("name the character that shift makes, for example `?` or `X`, without `shift` and `ctrl`")
            }
            Self::SentAs(key) => write!(f, "terminals send `{key}` for this key"),
        }
    }
}

impl std::error::Error for NotAKey {}

impl FromStr for Key {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>'));
        let mut rest = inner.filter(|inner| !inner.is_empty()).unwrap_or(text);
        let mut key = Self::plain(Code::Esc);
        while let Some((held, after)) = modifier(rest) {
            match held {
                Held::Ctrl => key.ctrl = true,
                Held::Alt => key.alt = true,
                Held::Shift => key.shift = true,
            }
            rest = after;
        }
        match code(rest) {
            Ok(code) => finish(Self { code, ..key }),
            Err(NotAKey::Unknown(Some(near))) => {
                let near = Self {
                    code: near.code,
                    ..key
                };
                Err(NotAKey::Unknown(finish(near).ok()))
            }
            Err(why) => Err(why),
        }
    }
}

/// The modifier at the start, and what comes after it.
fn modifier(text: &str) -> Option<(Held, &str)> {
    if let Some(rest) = text.strip_prefix('^').filter(|rest| !rest.is_empty()) {
        return Some((Held::Ctrl, rest));
    }
    let (name, rest) = text.split_once(['+', '-'])?;
    let name = name.to_lowercase();
    let (_, held) = MODIFIERS.iter().find(|(known, _)| *known == name)?;
    (!rest.is_empty()).then_some((*held, rest))
}

fn code(name: &str) -> Result<Code, NotAKey> {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (None, _) => return Err(NotAKey::Nothing),
        (Some(c), None) if !c.is_control() && !"↑↓←→".contains(c) => {
            return Ok(Code::Char(c));
        }
        (Some(_), _) => {}
    }
    let name = name.to_lowercase().replace(['-', '_'], "");
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Ok(*code);
    }
    let number = name.strip_prefix('f').and_then(|n| n.parse().ok());
    if let Some(number) = number.filter(|n| (1..=MOST_F).contains(n)) {
        return Ok(Code::F(number));
    }
    let near = NAMES
        .iter()
        .map(|(known, code)| (strsim::damerau_levenshtein(&name, known), *code))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= NEAR);
    Err(NotAKey::Unknown(near.map(|(_, code)| Key::plain(code))))
}

/// The key as the terminal will report it.
fn finish(key: Key) -> Result<Key, NotAKey> {
    match key.code {
        Code::Tab if key.shift => Ok(Key {
            code: Code::BackTab,
            shift: false,
            ..key
        }),
        Code::BackTab => Ok(Key {
            shift: false,
            ..key
        }),
        Code::Char(c) if key.ctrl => {
            if key.shift {
                return Err(NotAKey::Shifted);
            }
            let same = |code| {
                Err(NotAKey::SentAs(Key {
                    code,
                    ctrl: false,
                    ..key
                }))
            };
            match c.to_ascii_lowercase() {
                'i' => same(Code::Tab),
                'm' => same(Code::Enter),
                '[' => same(Code::Esc),
                c => Ok(Key {
                    code: Code::Char(c),
                    ..key
                }),
            }
        }
        Code::Char(c) if key.shift => {
            let mut upper = c.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(upper), None) if c.is_alphabetic() => Ok(Key {
                    code: Code::Char(upper),
                    shift: false,
                    ..key
                }),
                _ => Err(NotAKey::Shifted),
            }
        }
        Code::Char(_)
        | Code::Enter
        | Code::Esc
        | Code::Tab
        | Code::Backspace
        | Code::Delete
        | Code::Up
        | Code::Down
        | Code::Left
        | Code::Right
        | Code::Home
        | Code::End
        | Code::PageUp
        | Code::PageDown
        | Code::F(_) => Ok(key),
    }
}

impl FromStr for Chord {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        // A blank alone can only be meant as the key.
        if text == " " {
            return Ok(Key::char(' ').into());
        }
        let mut keys = text.split_whitespace().map(str::parse);
        let first = keys.next().ok_or(NotAKey::Nothing)??;
        Ok(Self::new(first, keys.collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, NotAKey> {
        text.parse::<Chord>().map(|chord| chord.to_string())
    }

    #[test]
    fn keys_are_read_as_they_are_shown_and_as_other_programs_write_them() {
        for (written, shown) in [
            ("e", "e"),
            ("E", "E"),
            ("shift+e", "E"),
            ("+", "+"),
            ("-", "-"),
            ("<", "<"),
            ("^", "^"),
            ("plus", "+"),
            ("C-x", "ctrl+x"),
            ("ctrl-x", "ctrl+x"),
            ("CTRL+X", "ctrl+x"),
            ("<C-x>", "ctrl+x"),
            ("^x", "ctrl+x"),
            ("ctrl++", "ctrl++"),
            ("ctrl--", "ctrl+-"),
            ("M-b", "alt+b"),
            ("alt+B", "alt+B"),
            ("ctrl+alt+b", "ctrl+alt+b"),
            ("Space", "space"),
            (" ", "space"),
            ("Return", "enter"),
            ("<CR>", "enter"),
            ("page-up", "pgup"),
            ("PageDown", "pgdn"),
            ("pgdn", "pgdn"),
            ("up", "↑"),
            ("shift+Down", "shift+↓"),
            ("S-Tab", "shift+tab"),
            ("backtab", "shift+tab"),
            ("f5", "F5"),
            ("ctrl+x  l", "ctrl+x l"),
            ("g g", "g g"),
            ("<C-x> <C-l>", "ctrl+x ctrl+l"),
            ("д", "д"),
        ] {
            assert_eq!(read(written).as_deref(), Ok(shown), "{written}");
            assert_eq!(read(shown).as_deref(), Ok(shown), "what is shown is read");
        }
    }

    #[test]
    fn what_names_no_key_says_what_was_meant() {
        let near = |text: &str| match read(text) {
            Err(NotAKey::Unknown(near)) => near.map(|key| key.to_string()),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(near("ctrl+entr").as_deref(), Some("ctrl+enter"));
        assert_eq!(near("spcae").as_deref(), Some("space"));
        assert_eq!(near("pgdwn").as_deref(), Some("pgdn"));
        assert_eq!(near("hyperspace"), None);
        assert_eq!(near("f99"), None);
        assert_eq!(read(""), Err(NotAKey::Nothing));
        assert_eq!(read("shift+1"), Err(NotAKey::Shifted));
        assert_eq!(read("ctrl+shift+x"), Err(NotAKey::Shifted));
        let tab = NotAKey::SentAs(Key::plain(Code::Tab));
        assert_eq!(read("ctrl+i"), Err(tab.clone()));
        assert_eq!(tab.to_string(), "terminals send `tab` for this key");
    }
}

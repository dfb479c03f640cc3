//! Text from outside, made safe to show.
//!
//! A subject, an error body or a file name comes from people we do not know. Shown as it is, it
//! could move the cursor, reorder what is read, hide characters or pile marks on one cell. [`Clean`]
//! is the only form in which such text reaches the screen, and [`Clean::new`] the only way to make
//! one. The original stays available for comparison with the server's truth, never for display.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation as _;

/// Most graphemes of a one-line text that are kept; the rest is cut and marked with `…`.
const MAX_GRAPHEMES: usize = 256;
/// Most combining marks kept on one base character.
const MAX_MARKS: usize = 4;

/// One line of text that is safe to draw: no control, bidi, invisible or piled-up characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Clean {
    shown: Arc<str>,
    /// The text as it came, kept only where it differs from what is shown.
    raw: Option<Arc<str>>,
}

impl Clean {
    /// Makes `text` safe to show on one line.
    ///
    /// Control characters become visible (`^[` for escape), line breaks become a blank, bidi
    /// controls, zero-width and tag characters and emoji joiners are dropped, marks are capped at
    /// four a character and the whole at 256 graphemes.
    pub fn new(text: &str) -> Self {
        let shown = shown(text, MAX_GRAPHEMES);
        if shown == text {
            Self {
                shown: text.into(),
                raw: None,
            }
        } else {
            Self {
                shown: shown.into(),
                raw: Some(text.into()),
            }
        }
    }

    /// The safe form of the whole text, however long it is.
    pub fn whole(text: &str) -> String {
        shown(text, usize::MAX)
    }

    /// The text as it came, for handing out to people: without control characters and those that
    /// change the order of what is read, but with flags and joined emoji.
    pub fn to_hand_out(&self) -> String {
        self.raw()
            .chars()
            .filter_map(|c| match c {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
                c if c.is_control() || is_bidi(c) => None,
                c => Some(c),
            })
            .collect()
    }

    /// The safe form.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The text as it came: for comparing with the server's truth, never for display.
    pub fn raw(&self) -> &str {
        self.raw.as_deref().unwrap_or(&self.shown)
    }

    /// Whether nothing would be shown.
    pub fn is_blank(&self) -> bool {
        self.shown.trim().is_empty()
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown)
    }
}

impl From<&str> for Clean {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

fn shown(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_GRAPHEMES * 4));
    let mut cut = false;
    for (count, grapheme) in text.graphemes(true).enumerate() {
        if count == most {
            cut = true;
            break;
        }
        let mut marks = 0;
        for c in grapheme.chars() {
            match c {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => {
                    if !out.ends_with(' ') {
                        out.push(' ');
                    }
                }
                '\0'..='\u{1f}' => {
                    out.push('^');
                    out.push(char::from(u8::try_from(u32::from(c)).unwrap_or(0) ^ 0x40));
                }
                '\u{7f}' => out.push_str("^?"),
                '\u{80}'..='\u{9f}' => {
                    // Never fails on a String.
                    let _ = write!(out, "\\x{:02x}", u32::from(c));
                }
                // A flag is two of these; terminals disagree whether they are two cells or four.
                '\u{1f1e6}'..='\u{1f1ff}' => {
                    let letter = u32::from(c) - 0x1_f1e6 + u32::from('A');
                    out.extend(char::from_u32(letter));
                }
                c if is_hidden(c) => {}
                c if is_mark(c) => {
                    marks += 1;
                    if marks <= MAX_MARKS {
                        out.push(c);
                    }
                }
                c => out.push(c),
            }
        }
    }
    if cut {
        out.push('…');
    }
    out
}

/// Characters that change what is read without being seen: bidi controls, zero-width characters,
/// tags, noncharacters, and the joiners and variation selectors on whose width terminals disagree.
fn is_hidden(c: char) -> bool {
    is_bidi(c)
        || matches!(c,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
        | '\u{feff}' | '\u{ad}' | '\u{180e}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{34f}'
        | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

/// Characters that change the order in which text is read.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_mark(c: char) -> bool {
    unicode_width::UnicodeWidthChar::width(c) == Some(0)
}

/// A cell of CSV as a spreadsheet shows it: what starts like a formula would be run.
pub fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn harmless_text_is_left_alone() {
        for text in [
            "Corrida Domingo 7h",
            "Feirão de Maio 2026",
            "東京ランナーズ",
            "צוות הגינה",
            "e\u{301}",
        ] {
            let clean = Clean::new(text);
            assert_eq!(clean.as_str(), text);
            assert_eq!(clean.raw(), text);
        }
    }

    #[test]
    fn an_escape_sequence_is_shown_and_not_obeyed() {
        assert_eq!(Clean::new("a\x1b[2Jb").as_str(), "a^[[2Jb");
        assert_eq!(Clean::new("\u{9b}31m").as_str(), "\\x9b31m");
        assert_eq!(Clean::new("x\u{7f}").as_str(), "x^?");
    }

    #[test]
    fn reordering_and_invisible_characters_are_dropped_but_remembered() {
        let clean = Clean::new("Bru\u{202e}na\u{200b}");
        assert_eq!(clean.as_str(), "Bruna");
        assert_eq!(clean.raw(), "Bru\u{202e}na\u{200b}");
    }

    #[test]
    fn emoji_with_doubtful_widths_are_tamed() {
        assert_eq!(Clean::new("❤\u{fe0f} Família").as_str(), "❤ Família");
        assert_eq!(Clean::new("👨\u{200d}👩\u{200d}👧").as_str(), "👨👩👧");
        assert_eq!(Clean::new("🇧🇷 Seleção").as_str(), "BR Seleção");
    }

    #[test]
    fn a_pile_of_marks_and_an_endless_name_are_cut() {
        let pile = format!("a{}", "\u{301}".repeat(500));
        assert_eq!(Clean::new(&pile).as_str().chars().count(), 5);
        assert_eq!(
            Clean::new(&"x".repeat(100_000)).as_str().chars().count(),
            MAX_GRAPHEMES + 1
        );
    }

    #[test]
    fn line_breaks_become_one_blank() {
        assert_eq!(Clean::new("a\r\nb\tc").as_str(), "a b c");
    }

    proptest! {
        #[test]
        fn nothing_dangerous_is_ever_shown(text in any::<String>()) {
            let clean = Clean::new(&text);
            prop_assert!(!clean.as_str().chars().any(|c| c.is_control() || is_hidden(c)));
            prop_assert_eq!(clean.raw(), text);
        }

        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC{0,80}") {
            let once = Clean::new(&text);
            let twice = Clean::new(once.as_str());
            prop_assert_eq!(twice.as_str(), once.as_str());
        }
    }
}

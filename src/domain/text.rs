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
/// Most bytes of one grapheme.
const MAX_BYTES: usize = 32;

/// One line of text that is safe to draw: no control, bidi, invisible or piled-up characters.
///
/// Source: «reliability» 2.5, the specification of the sanitiser.
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
    /// four a character, a character at 32 bytes and the whole at 256 graphemes.
    pub fn new(text: &str) -> Self {
        if is_plain(text, MAX_GRAPHEMES) {
            return Self {
                shown: text.into(),
                raw: None,
            };
        }
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

    /// What a list is sorted by: without case, accents and the emoji in front; empty where nothing can be
    /// read.
    pub fn sort_name(&self) -> Box<str> {
        if self.is_blank() {
            return Box::default();
        }
        let plain = plain(&self.shown);
        let words = plain.trim_start_matches(|c: char| !c.is_alphanumeric());
        if words.is_empty() || words.len() == plain.len() {
            plain.into()
        } else {
            words.into()
        }
    }

    /// What is said where [`Self::hides`].
    pub const HIDES: &str = "! hidden characters";

    /// Whether characters were left out that change what is read: whoever looks closely is told so.
    pub fn hides(&self) -> bool {
        self.raw.as_deref().is_some_and(hides)
    }

    /// Whether [`Self::hides`] would be true of this text.
    pub fn would_hide(text: &str) -> bool {
        hides(text)
    }

    /// The safe form of the whole text, with hidden characters written out: `Bru\u{202E}na`.
    pub fn revealed(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut before = None;
        for c in text.chars() {
            if is_hidden(c) && !is_joiner(c, before) {
                // Never fails on a String.
                let _ = write!(out, "\\u{{{:04X}}}", u32::from(c));
            } else {
                out.push(c);
            }
            before = Some(c);
        }
        shown(&out, usize::MAX)
    }

    /// The text as it came, for handing out to people: without control characters and hidden ones, but with
    /// flags and joined emoji.
    pub fn to_hand_out(&self) -> String {
        let mut out = String::with_capacity(self.raw().len());
        for c in self.raw().chars() {
            match c {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
                c if c.is_control() || is_hidden(c) && !is_joiner(c, out.chars().next_back()) => {}
                c => out.push(c),
            }
        }
        out
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

/// A text without case and accents, for comparing.
pub fn plain(text: &str) -> String {
    // Nearly all there is: these have no accents.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(nucleo_matcher::chars::normalize)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Nearly all there is: each of these is a character of its own, and shown as it is.
fn is_plain(text: &str, most: usize) -> bool {
    text.len() <= most && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The safe form in at most so many graphemes. First characters are replaced or left out, then what is left
/// is measured: marks that hidden characters kept apart come together only there.
fn shown(text: &str, most: usize) -> String {
    if is_plain(text, most) {
        return text.to_owned();
    }
    let room = most.saturating_mul(MAX_BYTES);
    let mut plain = String::with_capacity(text.len().min(MAX_GRAPHEMES * 4));
    let mut rest = text.chars();
    for c in rest.by_ref() {
        push_plain(&mut plain, c);
        if plain.len() > room {
            break;
        }
    }
    let mut out = String::with_capacity(plain.len());
    for (count, grapheme) in plain.graphemes(true).enumerate() {
        if count == most {
            out.push('…');
            return out;
        }
        push_capped(&mut out, grapheme);
    }
    if rest.next().is_some() {
        out.push('…');
    }
    out
}

/// One character as it is shown, or nothing.
fn push_plain(out: &mut String, c: char) {
    let caret = |c: char, from: u32| char::from_u32((u32::from(c) - from) ^ 0x40);
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        }
        '\0'..='\u{1f}' | '\u{7f}' => {
            out.push('^');
            out.extend(caret(c, 0));
        }
        // Terminals take these for escape and the letter.
        '\u{80}'..='\u{9f}' => {
            out.push('^');
            out.extend(caret(c, 0x80));
        }
        // A flag is two of these; terminals disagree whether they are two cells or four.
        '\u{1f1e6}'..='\u{1f1ff}' => {
            let letter = u32::from(c) - 0x1_f1e6 + u32::from('A');
            out.extend(char::from_u32(letter));
        }
        // The colour of a skin: to some terminals a part of the emoji before it, to others one of its own.
        '\u{1f3fb}'..='\u{1f3ff}' if !out.is_empty() && !out.ends_with(' ') => {}
        c if is_hidden(c) => {}
        c => out.push(c),
    }
}

/// One grapheme with no more marks and bytes than a cell should hold.
fn push_capped(out: &mut String, grapheme: &str) {
    let (mut marks, mut bytes) = (0, 0);
    for c in grapheme.chars() {
        if is_mark(c) {
            marks += 1;
            if marks > MAX_MARKS {
                continue;
            }
        }
        bytes += c.len_utf8();
        if bytes > MAX_BYTES {
            // Also keeps it apart from the next one, which it might join without its end.
            out.push('…');
            return;
        }
        out.push(c);
    }
}

/// Whether characters are left out that change what is read, and that no emoji and no script needs here.
fn hides(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut before = None;
    for c in text.chars() {
        if is_hidden(c) && !is_joiner(c, before) {
            return true;
        }
        before = Some(c);
    }
    false
}

/// Joiners and selectors belong to the character before them: in emoji, and in the scripts that have them.
fn is_joiner(c: char, before: Option<char>) -> bool {
    let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
    let in_flag = |before: char| matches!(before, '\u{1f3f4}' | '\u{e0020}'..='\u{e007e}');
    let is_tag = matches!(c, '\u{e0020}'..='\u{e007f}');
    before.is_some_and(|before| {
        let seen = !is_hidden(before) || before == '\u{fe0f}';
        joins && seen && !before.is_control() && before != ' ' || is_tag && in_flag(before)
    })
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
    fn accents_case_and_emoji_do_not_change_the_order() {
        let mut names = ["Moradores", "❤ Família", "Mães", "feirão", "Zé", "***"];
        names.sort_by_key(|name| Clean::new(name).sort_name());
        assert_eq!(
            names,
            ["***", "❤ Família", "feirão", "Mães", "Moradores", "Zé"]
        );
    }

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
        assert_eq!(Clean::new("\u{9b}31m\u{85}").as_str(), "^[31m^E");
        assert_eq!(Clean::new("\x07\0").as_str(), "^G^@");
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
        assert_eq!(Clean::new("🏃🏽\u{200d}♀\u{fe0f}").as_str(), "🏃♀");
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
    fn q19_marks_that_hidden_characters_keep_apart_pile_up_no_higher() {
        for apart in ["\u{200b}", "\u{2066}", "\u{200d}", ""] {
            let text = format!("a{}", format!("{apart}\u{301}").repeat(9_000));
            let clean = Clean::new(&text);
            // So many that it also says that there are more.
            let piled = "a\u{301}\u{301}\u{301}\u{301}…";
            assert_eq!(clean.as_str(), piled, "{apart:?}");
            assert_eq!(
                clean.hides(),
                !matches!(apart, "" | "\u{200d}"),
                "{apart:?}"
            );
        }
        // Nor do letters that are made of any number of parts.
        let parts = format!("{}\u{11a8}", "\u{1100}".repeat(20)).repeat(50);
        let shown = Clean::new(&parts).as_str().to_owned();
        assert!(
            shown.graphemes(true).all(|one| one.len() <= MAX_BYTES),
            "{shown}"
        );
    }

    #[test]
    fn q19_hidden_characters_are_told_and_written_out_where_one_looks() {
        let name = "Bru\u{202e}na\u{200b}";
        assert!(Clean::new(name).hides());
        assert_eq!(Clean::revealed(name), "Bru\\u{202E}na\\u{200B}");
        for fine in [
            "Corrida",
            "❤\u{fe0f} Família",
            "👨\u{200d}👩\u{200d}👧 Pais",
            "🏃🏽\u{200d}♀\u{fe0f}",
            "🏳\u{fe0f}\u{200d}🌈",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "می\u{200c}خواهم",
            "צוות הגינה",
            "a\nb",
        ] {
            assert!(!Clean::new(fine).hides(), "{fine:?}");
            assert_eq!(Clean::revealed(fine), Clean::whole(fine), "{fine:?}");
        }
        for bad in [
            "\u{200d}a",
            "a \u{200d}",
            "a\u{200d}\u{200d}",
            "a\u{ad}b",
            "a\u{2060}b",
            "a\u{e0041}",
            "\u{feff}a",
            "a\u{180e}b",
            "a\u{fffe}",
            "a\u{61c}b",
        ] {
            assert!(Clean::new(bad).hides(), "{bad:?}");
            assert!(!Clean::revealed(bad).chars().any(is_hidden), "{bad:?}");
        }
    }

    #[test]
    fn line_breaks_become_one_blank() {
        assert_eq!(Clean::new("a\r\nb\tc").as_str(), "a b c");
    }

    /// Texts of what does harm, among letters.
    fn hostile() -> impl Strategy<Value = String> {
        let harm = prop::sample::select(vec![
            '\u{1b}',
            '\u{9b}',
            '\u{7f}',
            '\0',
            '\n',
            '\u{2028}',
            '\u{202e}',
            '\u{2066}',
            '\u{200f}',
            '\u{61c}',
            '\u{200b}',
            '\u{200d}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ad}',
            '\u{e0041}',
            '\u{fffe}',
            '\u{301}',
            '\u{20dd}',
            '\u{1100}',
            '\u{1161}',
            '\u{11a8}',
            '\u{600}',
            '\u{93f}',
            '\u{1f1e7}',
            '❤',
            '👩',
            '東',
            'ﷺ',
            'a',
            ' ',
        ]);
        let one = prop_oneof![4 => harm, 1 => any::<char>()];
        prop::collection::vec(one, 0..200).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn q19_nothing_dangerous_is_ever_shown(text in prop_oneof![hostile(), any::<String>()]) {
            let clean = Clean::new(&text);
            for shown in [clean.as_str(), &Clean::whole(&text), &Clean::revealed(&text)] {
                prop_assert!(!shown.chars().any(|c| c.is_control() || is_hidden(c)));
                for grapheme in shown.graphemes(true) {
                    // A number sign in front of the mark of a cut may join it.
                    prop_assert!(grapheme.len() <= MAX_BYTES + '…'.len_utf8(), "{:?}", grapheme);
                    prop_assert!(grapheme.chars().filter(|c| is_mark(*c)).count() <= MAX_MARKS, "{:?}", grapheme);
                }
            }
            prop_assert!(clean.as_str().graphemes(true).count() <= MAX_GRAPHEMES + 1);
            let out = clean.to_hand_out();
            prop_assert!(!hides(&out) && !out.chars().any(char::is_control));
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

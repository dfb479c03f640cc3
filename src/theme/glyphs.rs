//! Signs beyond ASCII, and what stands for them where a terminal cannot show them in one cell each.
//!
//! Only the table and the choice; the drawing itself is `ui`'s. Invariant: a sign gives way to one
//! character of ASCII, so that nothing on the screen moves.

use unicode_width::UnicodeWidthChar as _;

/// Which signs the screen is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Glyphs {
    /// Frames, marks and bars of Unicode.
    #[default]
    Unicode,
    /// ASCII alone, but for what people are called and what they wrote.
    Ascii,
}

/// What the user asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum GlyphChoice {
    /// As the locale and the terminal say.
    #[default]
    Auto,
    /// These.
    Fixed(Glyphs),
}

/// How much may move on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Motion {
    /// A spinner, while something runs.
    #[default]
    Usual,
    /// Nothing: `…` stands where a spinner would.
    Reduced,
}

/// What the locale says; `None` when none is set and only the terminal can tell.
///
/// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is not empty counts, as everywhere.
pub fn by_locale(env: impl Fn(&str) -> Option<String>) -> Option<Glyphs> {
    let set = |name: &&str| env(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set)?;
    let locale = locale.to_ascii_lowercase();
    Some(if locale.contains("utf-8") || locale.contains("utf8") {
        Glyphs::Unicode
    } else {
        Glyphs::Ascii
    })
}

/// What stands for a sign in ASCII; `None` for letters and for what keeps its width everywhere.
///
/// Source: screens.md 4.4.
pub fn ascii(sign: char) -> Option<char> {
    Some(match sign {
        // Of the spinner, the pictures in turn: `|/-\`.
        '─' | '╌' | '▔' | '—' | '–' | '·' | '⠹' | '⠦' => '-',
        '│' | '▏' | '⠋' | '⠼' | '⠇' => '|',
        '⠙' | '⠴' | '⠏' => '/',
        '⠸' | '⠧' => '\\',
        '╭' | '╮' | '╰' | '╯' | '✓' => '+',
        '▌' | '▸' | '›' | '→' => '>',
        '‹' | '←' => '<',
        '↑' => '^',
        '↓' => 'v',
        '●' | '•' | '◆' | '★' => '*',
        '○' => 'o',
        '✗' | '×' => 'x',
        '▰' | '┃' | '█' | '▀' | '▄' => '#',
        '▱' | '…' => '.',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        // A sign from outside that takes one cell here and two elsewhere would bend a frame.
        sign if !sign.is_alphanumeric()
            && sign.width() == Some(1)
            && sign.width_cjk() != Some(1) =>
        {
            '?'
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_of_the_locale_that_is_set_counts() {
        let says = |vars: &[(&str, &str)]| {
            by_locale(|name| {
                let found = vars.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let (ascii, unicode) = (Some(Glyphs::Ascii), Some(Glyphs::Unicode));
        for (vars, expected) in [
            (&[][..], None),
            (&[("LANG", "")], None),
            (&[("LANG", "pt_BR.UTF-8")], unicode),
            (&[("LANG", "C.utf8")], unicode),
            (&[("LANG", "C")], ascii),
            (&[("LANG", "de_DE@euro")], ascii),
            (&[("LANG", "pt_BR.UTF-8"), ("LC_ALL", "POSIX")], ascii),
            (&[("LANG", "C"), ("LC_CTYPE", "en_US.UTF-8")], unicode),
            (&[("LC_CTYPE", "en_US.UTF-8"), ("LC_ALL", "C")], ascii),
            (&[("LC_CTYPE", "en_US.UTF-8"), ("LC_ALL", "")], unicode),
        ] {
            assert_eq!(says(vars), expected, "{vars:?}");
        }
    }

    #[test]
    fn signs_become_ascii_and_letters_stay() {
        for sign in "◆●○★▸▌▏▔•·…✓✗⠹▰▱╌┃›↑↓←→×“”☆♥\u{fffd}".chars()
        {
            assert!(
                ascii(sign).is_some_and(|ascii| ascii.is_ascii_graphic()),
                "{sign}"
            );
        }
        for letter in "azAZ09 é ã ß я 東 한 א 👍 [x]".chars() {
            assert_eq!(ascii(letter), None, "{letter}");
        }
    }
}

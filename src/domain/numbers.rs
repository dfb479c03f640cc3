//! Phone numbers that somebody typed or pasted, many at once.
//!
//! Numbers stand in lines of their own, or between commas or semicolons; within one, blanks, dots,
//! dashes, brackets and a plus sign in front mean nothing. Invariant: two numbers never become one. A
//! number has 8 to 15 digits, so two of them in a row have at least 16 and are none.

use super::{Clean, WaId};

/// Fewest digits of a number with its country code: shorter ones are numbers without it.
const SHORTEST: usize = 8;
/// Most digits of a number with its country code. Source: ITU-T E.164.
const LONGEST: usize = 15;

/// One of many typed numbers: as it was typed, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// As it was typed, made safe.
    pub text: Clean,
    /// The number, or why it is none.
    pub number: Result<WaId, NumberError>,
}

/// Why a typed text is no number to which something can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Something other than digits and the usual separators.
    #[error("not only digits")]
    Characters,
    /// So few digits that the country code is missing.
    #[error("too short: country code first")]
    TooShort,
    /// More digits than any number has.
    #[error("too long: is a comma missing?")]
    TooLong,
    /// A zero in front, which no country code has.
    #[error("begins with 0: country code first")]
    Zero,
}

/// Reads everything that was typed, in its order.
pub fn numbers(text: &str) -> Vec<Typed> {
    text.split(is_separator)
        .flat_map(before_plus_signs)
        .filter(|piece| piece.chars().any(|c| !means_nothing(c)))
        .flat_map(|piece| read(&piece))
        .collect()
}

/// What stands between two numbers for certain.
fn is_separator(c: char) -> bool {
    c.is_control() || matches!(c, ',' | ';' | '|' | '\u{2028}' | '\u{2029}')
}

/// What may stand inside a number: blanks, dots, brackets, every dash, and the invisible marks with
/// which address books surround what is copied from them.
fn means_nothing(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '.' | '(' | ')' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A plus sign after a blank begins another number.
fn before_plus_signs(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut after_blank = false;
    for c in text.chars() {
        if c == '+' && after_blank {
            pieces.push(String::new());
        }
        after_blank = means_nothing(c) && (after_blank || c.is_whitespace());
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

/// One number; or several, where blanks alone separate such as are whole and cannot be one together.
fn read(piece: &str) -> Vec<Typed> {
    let whole = typed(piece);
    if matches!(whole.number, Err(NumberError::TooLong)) {
        let words: Vec<Typed> = piece.split_whitespace().map(typed).collect();
        if words.iter().all(|word| word.number.is_ok()) {
            return words;
        }
    }
    vec![whole]
}

fn typed(text: &str) -> Typed {
    Typed {
        text: Clean::new(text.trim()),
        number: number(text),
    }
}

fn number(text: &str) -> Result<WaId, NumberError> {
    let said: String = text.chars().filter(|c| !means_nothing(*c)).collect();
    let (plus, digits) = match said.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, said.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::Characters);
    }
    // What is dialled in many countries instead of the plus sign.
    let digits = match digits.strip_prefix("00") {
        Some(rest) if !plus => rest,
        Some(_) | None => digits,
    };
    match digits.len() {
        _ if digits.starts_with('0') => Err(NumberError::Zero),
        ..SHORTEST => Err(NumberError::TooShort),
        many if many > LONGEST => Err(NumberError::TooLong),
        _ => WaId::from_api(digits).ok_or(NumberError::Characters),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read_all(text: &str) -> Vec<String> {
        let pieces = numbers(text).into_iter();
        pieces
            .map(|typed| match typed.number {
                Ok(id) => id.to_string(),
                Err(why) => format!("{}: {why}", typed.text),
            })
            .collect()
    }

    #[test]
    fn one_number_is_read_however_it_is_written() {
        for text in [
            "+55 19 90000-0001",
            "55 (19) 90000.0001",
            "5519900000001",
            " +55\u{a0}19\u{a0}90000\u{2011}0001 ",
            "\u{202a}+55 19 90000-0001\u{202c}",
            "0055 19 90000 0001",
            "+55 19 90000-0001;\n\n,",
        ] {
            assert_eq!(read_all(text), ["5519900000001"], "{text:?}");
        }
    }

    #[test]
    fn lines_commas_semicolons_and_columns_separate_numbers() {
        let both = ["5519900000001", "5511900000002"];
        for between in ["\n", "\r\n", ",", ", ", ";", "\t", " | ", "\n\n", " ", "  "] {
            let text = format!("5519900000001{between}5511900000002");
            assert_eq!(read_all(&text), both, "{text:?}");
            let text = format!("+55 19 90000-0001{between}+55 11 90000-0002");
            assert_eq!(read_all(&text), both, "{text:?}");
        }
        let text = "\u{202a}+55 19 90000-0001\u{202c} \u{202a}+55 11 90000-0002\u{202c}";
        assert_eq!(read_all(text), both);
    }

    #[test]
    fn what_is_no_number_says_why() {
        assert_eq!(
            read_all(
                "Ana, 12345, 019 90000-0001, 55+19900000001, +, 55 19 90000-0001 55 19 90000-0002"
            ),
            [
                "Ana: not only digits",
                "12345: too short: country code first",
                "019 90000-0001: begins with 0: country code first",
                "55+19900000001: not only digits",
                "+: not only digits",
                "55 19 90000-0001 55 19 90000-0002: too long: is a comma missing?",
            ]
        );
        assert_eq!(read_all(" ,\n;; - "), [""; 0]);
    }

    /// A number, and one way to write it.
    fn written() -> impl Strategy<Value = (String, String)> {
        let digits = "[1-9][0-9]{7,14}";
        (digits, 0..6_usize, 1..7_usize).prop_map(|(digits, style, at)| {
            let (head, tail) = digits.split_at(at);
            let text = match style {
                0 => digits.clone(),
                1 => format!("+{digits}"),
                2 => format!("+{head} {tail}"),
                3 => format!("{head} {tail}"),
                4 => format!("({head}) {tail}"),
                _ => format!("00{head}-{tail}"),
            };
            (digits, text)
        })
    }

    proptest! {
        /// Whatever stands between them: nothing is read that was not written.
        #[test]
        fn numbers_are_neither_glued_nor_split(
            all in prop::collection::vec(written(), 1..8),
            between in prop::sample::select(vec![",", ", ", "\n", "\r\n", ";", "\t", " ", "  ", " - "]),
        ) {
            let (wanted, texts): (Vec<String>, Vec<String>) = all.into_iter().unzip();
            let found: Vec<String> = numbers(&texts.join(between))
                .into_iter()
                .filter_map(|typed| Some(typed.number.ok()?.to_string()))
                .collect();
            prop_assert!(found.iter().all(|id| wanted.contains(id)), "{found:?}");
            if between.contains([',', ';', '\n', '\t']) {
                prop_assert_eq!(found, wanted);
            }
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in "\\PC{0,60}") {
            for typed in numbers(&text) {
                prop_assert!(typed.number.is_err() || typed.number.is_ok_and(|id| id.is_sendable()));
            }
        }
    }
}

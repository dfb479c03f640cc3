//! Phone numbers that somebody typed or pasted, many at once.
//!
//! Numbers stand in lines of their own, or between commas or semicolons; within one, blanks, dots,
//! dashes, brackets and a plus sign in front mean nothing. Invariant: what may be two numbers, a date,
//! or a number of a list with its place in front never becomes one number. Whatever can be read in two
//! ways is refused, because what is sent to the wrong number cannot be called back.

use super::{Clean, WaId};

/// Fewest digits of a number with its country code: shorter ones are numbers without it.
const SHORTEST: usize = 8;
/// Most digits of a number with its country code. Source: ITU-T E.164.
const LONGEST: usize = 15;
/// Fewest digits of what somebody may take for a whole number: those of one without its codes.
const LOCAL: usize = 7;
/// Most digits of a place in a list, and of a country code.
const PLACE: usize = 3;
/// Digits of what has its country code for certain: no country has numbers of so many without it.
const WITH_CODE: usize = 12;

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
    /// What stands in front may be its place in a list, or its country code.
    #[error("begins like a list: put + before the number")]
    Listed,
    /// Digits on both sides of a gap that may be a number each.
    #[error("two numbers: is a comma missing?")]
    Two,
    /// A day.
    #[error("a date")]
    Date,
}

/// Reads everything that was typed, in its order.
pub fn numbers(text: &str) -> Vec<Typed> {
    text.split(is_separator)
        .flat_map(before_plus_signs)
        .filter(|piece| piece.chars().any(|c| !means_nothing(c)))
        .flat_map(|piece| read(&piece))
        .collect()
}

/// The digits of what may be one number, or a part of one: to look for, not to send to. `None` where
/// something else stands between them, or there is none.
pub fn digits(text: &str) -> Option<String> {
    let is_other = |c: char| !c.is_ascii_digit() && c != '+' && !joins_digits(c);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty() && !text.contains(is_other)).then_some(digits)
}

/// What stands between two numbers for certain.
fn is_separator(c: char) -> bool {
    c.is_control() || matches!(c, ',' | ';' | '|' | '\u{2028}' | '\u{2029}')
}

/// What may stand inside a number: blanks, dots, brackets, every dash, and the invisible marks with
/// which address books surround what is copied from them.
fn means_nothing(c: char) -> bool {
    c.is_whitespace() || matches!(c, '.' | '(' | ')') || is_dash(c) || is_invisible(c)
}

/// What may stand between two digits of one number.
pub(super) fn joins_digits(c: char) -> bool {
    means_nothing(c) && !is_separator(c)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A plus sign after a blank begins another number. After a place in a list it begins the only one.
fn before_plus_signs(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut after_blank = false;
    for c in text.chars() {
        if c == '+' {
            match pieces.last_mut() {
                Some(piece) if after_place(piece).is_some_and(is_blank) => piece.clear(),
                Some(_) | None if after_blank => pieces.push(String::new()),
                Some(_) | None => {}
            }
        }
        after_blank = means_nothing(c) && (after_blank || c.is_whitespace());
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
    }
    pieces
}

fn is_blank(text: impl AsRef<str>) -> bool {
    text.as_ref().chars().all(means_nothing)
}

/// What follows the place in a list with which a text begins: `1)`, `(1)`, `1.` or `1 -`. A dot
/// without a blank after it makes no place where more dots follow: so numbers are written.
fn after_place(text: &str) -> Option<String> {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let seen = seen.trim_start();
    let (is_open, seen) = match seen.strip_prefix('(') {
        Some(inside) => (true, inside),
        None => (false, seen),
    };
    let rest = seen.trim_start_matches(|c: char| c.is_ascii_digit());
    if !(1..=PLACE).contains(&(seen.len() - rest.len())) {
        return None;
    }
    let dashed = || rest.trim_start().strip_prefix(is_dash);
    let after = if let Some(after) = rest.strip_prefix(')') {
        Some(after)
    } else if is_open {
        None
    } else if let Some(after) = rest.strip_prefix('.') {
        Some(after).filter(|after| ends_a_word(after) || !after.contains('.'))
    } else {
        dashed().filter(|after| ends_a_word(after))
    };
    after.map(str::to_owned)
}

fn ends_a_word(after: &str) -> bool {
    after.chars().next().is_none_or(char::is_whitespace)
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
    let glued = digits_of(text);
    // Other faults are told as they are; what can be read in two ways is no number.
    let is_close = matches!(glued, Ok(_) | Err(NumberError::TooShort));
    if is_close && has_date(text) {
        return Err(NumberError::Date);
    }
    let rest = after_place(text);
    let is_listed = rest.is_some_and(|rest| glued.is_ok() || digits_of(&rest).is_ok());
    if is_listed || glued.is_ok() && has_two_codes(text) {
        return Err(NumberError::Listed);
    }
    if glued.is_ok() && may_be_two(text) {
        return Err(NumberError::Two);
    }
    glued
}

/// The number that all digits of a text are together.
fn digits_of(text: &str) -> Result<WaId, NumberError> {
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

/// The rows of digits in a text, without what is dialled before them all.
fn blocks(text: &str) -> Vec<&str> {
    let rows = text.split(|c: char| !c.is_ascii_digit());
    let mut rows: Vec<&str> = rows.filter(|row| !row.is_empty()).collect();
    if let Some(first) = rows.first_mut() {
        *first = first.strip_prefix("00").unwrap_or(first);
    }
    rows
}

/// Whether something that is as short as a place in a list stands before what is a number already.
fn has_two_codes(text: &str) -> bool {
    let said = text.trim_start_matches(means_nothing);
    let blocks = blocks(text);
    let first = blocks.first().map_or(0, |row| row.len());
    let all: usize = blocks.into_iter().map(str::len).sum();
    !said.starts_with('+') && !said.starts_with("00") && first <= PLACE && all - first >= WITH_CODE
}

/// Whether there is a gap with enough digits for a number on both sides.
fn may_be_two(text: &str) -> bool {
    let mut after: usize = blocks(text).into_iter().map(str::len).sum();
    let mut before = 0;
    blocks(text).into_iter().any(|block| {
        before += block.len();
        after -= block.len();
        before >= LOCAL && after >= LOCAL
    })
}

/// Whether a text is a date, or begins with one.
fn has_date(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    !text.contains('+') && (is_date(text) || is_date(first))
}

/// `2024-03-12`, `12.03.2024`, with any separators.
fn is_date(text: &str) -> bool {
    let is_year = |row: &str| row.len() == 4 && (row.starts_with("19") || row.starts_with("20"));
    let is_day =
        |row: &str| row.len() <= 2 && row.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    match blocks(text)[..] {
        [a, b, c] => is_day(b) && (is_year(a) && is_day(c) || is_day(a) && is_year(c)),
        _ => false,
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
    fn a_part_of_a_number_has_its_digits_however_it_is_written() {
        for (text, found) in [
            (" +55 (19) 90000-0003 ", Some("5519900000003")),
            ("\u{202a}9000.0003\u{202c}", Some("90000003")),
            ("0003", Some("0003")),
            ("+", None),
            ("", None),
            ("Ana 3", None),
            ("1234, 5678", None),
        ] {
            assert_eq!(digits(text).as_deref(), found, "{text:?}");
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

    #[test]
    fn the_number_of_a_list_never_becomes_part_of_a_number() {
        let two = "5519900000001, 5511900000002";
        for list in [
            "1) # 2) #",
            "1. # 2. #",
            "(1) # (2) #",
            "1)# 2)#",
            "1.# 2.#",
            "1 - # 2 - #",
        ] {
            let mut text = list.replace(" 2", "\n2").replace(" (2", "\n(2");
            for number in two.split(", ") {
                text = text.replacen('#', number, 1);
            }
            for typed in numbers(&text) {
                assert_eq!(typed.number, Err(NumberError::Listed), "{text:?}");
            }
            // A plus sign begins a number, so what is before it is none.
            let text = text.replace("55", "+55");
            assert_eq!(read_all(&text).join(", "), two, "{text:?}");
        }
        for text in [
            "12) 555-1234",
            "1. 555-1234",
            "\u{200e}3) 5519900000001",
            "(55) 19 90000-0001",
        ] {
            assert_eq!(
                numbers(text)[0].number,
                Err(NumberError::Listed),
                "{text:?}"
            );
        }
        // So does a place with less than a mark after it, where the number is complete without it.
        for text in [
            "1 5519900000001",
            "2 55 19 90000-0001",
            "3-5519900000001",
            "4.55.19.90000.0001",
        ] {
            assert_eq!(
                numbers(text)[0].number,
                Err(NumberError::Listed),
                "{text:?}"
            );
        }
        // Dots and dashes all through are a way to write a number.
        for text in ["1.212.555.0123", "1-212-555-0123"] {
            assert_eq!(read_all(text), ["12125550123"]);
        }
    }

    #[test]
    fn dates_and_two_local_numbers_are_no_number() {
        for text in [
            "2024-03-12",
            "2024.03.12",
            "12.03.2024",
            "12-03-2024",
            "2024-03-12 123456",
        ] {
            assert_eq!(numbers(text)[0].number, Err(NumberError::Date), "{text:?}");
        }
        for text in ["555-1234 555-5678", "5551234 5555678", "1234567 12345678"] {
            assert_eq!(numbers(text)[0].number, Err(NumberError::Two), "{text:?}");
        }
        assert_eq!(read_all("55 19 900 55 1234"), ["5519900551234"]);
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
                3 if at > PLACE || tail.len() < WITH_CODE => format!("{head} {tail}"),
                3 => format!("+{head}-{tail}"),
                4 => format!("+({head}) {tail}"),
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

        /// However the list is written, and also where only local numbers stand in it.
        #[test]
        fn nothing_but_what_was_written_is_read_from_a_list(
            all in prop::collection::vec("[1-9][0-9]{6,14}|[1-9][0-9]{2}-[0-9]{4}", 1..6),
            mark in prop::sample::select(vec![("", ")"), ("", ". "), ("(", ")"), ("", ") "), ("", " - "), ("", ".")]),
            first in 1..300_u16,
            between in prop::sample::select(vec![",", "\n", "; ", " ", "  "]),
        ) {
            let texts = all.iter().zip(first..).map(|(number, at)| {
                format!("{}{at}{}{number}", mark.0, mark.1)
            });
            let text = texts.collect::<Vec<_>>().join(between);
            for typed in numbers(&text) {
                let read = typed.number.map(|id| id.to_string());
                prop_assert!(read.as_ref().is_err() || all.contains(&read.clone().unwrap()), "{text:?}: {read:?}");
            }
        }

        #[test]
        fn two_local_numbers_never_become_one(
            both in prop::array::uniform2("[2-9][0-9]{6}|[2-9][0-9]{2}[- ][0-9]{4}"),
            between in prop::sample::select(vec![" ", "  ", " - ", "\u{a0}"]),
        ) {
            let text = both.join(between);
            prop_assert!(numbers(&text).iter().all(|typed| typed.number.is_err()), "{text:?}");
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in "\\PC{0,60}") {
            for typed in numbers(&text) {
                prop_assert!(typed.number.is_err() || typed.number.is_ok_and(|id| id.is_sendable()));
            }
        }
    }
}

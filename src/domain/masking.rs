//! What of a text may leave the program: never the code of an invite link, and phone numbers only where
//! the user wants them to.
//!
//! Not a parser: it errs towards hiding. Invariant: what `numbers` reads as one number is one here too.

use std::borrow::Cow;

use super::numbers::joins_digits;

/// Digits from which a row of them may be a phone number.
const NUMBER: usize = 7;
/// Digits and letters that stay readable.
const TAIL: usize = 4;
/// On the screen: the last digits, of which all but [`SCREEN_TAIL`] are hidden.
const SCREEN_HIDDEN: usize = 8;
/// On the screen: the digits that stay readable at the end.
const SCREEN_TAIL: usize = 2;
/// Digits that one phone number has at most.
const LONGEST: usize = 15;
/// What comes before the secret part of an invite link, in small letters: its host, or the name of
/// its part where the program or the web page of the platform opens it.
const BEFORE_CODE: [&str; 3] = ["chat.whatsapp.com", "?code=", "&code="];

/// Whether phone numbers may be read in what leaves the program. Invite links never can.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Masking {
    /// Numbers in full.
    #[default]
    Shown,
    /// The last four digits only.
    Masked,
}

impl Masking {
    /// A text as it may leave: without codes of invite links, without control characters but line
    /// breaks, and without phone numbers where they are masked.
    pub fn of(self, text: &str) -> String {
        let text = without_links(text);
        readable(&match self {
            Self::Shown => text,
            Self::Masked => without_numbers(&text),
        })
    }
}

/// Nothing but line breaks may steer whatever shows the file.
fn readable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// The last characters, with a mark that something is missing.
pub fn tail(text: &str) -> String {
    let skip = text.chars().count().saturating_sub(TAIL);
    format!("…{}", text.chars().skip(skip).collect::<String>())
}

/// Cuts the code out of invite links, however they are written: with capitals, with the slashes that
/// JSON escapes, as a part of another address.
fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    // Each letter stands at the same byte in both.
    let small = text.to_ascii_lowercase();
    let mut small = small.as_str();
    while let Some(at) = end_of_first(small) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let end = after.find(|c| !is_of_address(c)).unwrap_or(after.len());
        let (address, _) = after.split_at(end);
        // A full stop behind an address ends the sentence.
        let address = address.trim_end_matches(['.', ':', '?', '!', '\\']);
        let code = address.trim_start_matches(['/', '\\']);
        let (slashes, _) = address.split_at(address.len() - code.len());
        out.push_str(slashes);
        if !code.is_empty() {
            out.push_str(&tail(code));
        }
        (_, rest) = after.split_at(address.len());
        (_, small) = small.split_at(at + address.len());
    }
    out.push_str(rest);
    out
}

/// Where the first mark of an invite link ends.
fn end_of_first(small: &str) -> Option<usize> {
    let ends = BEFORE_CODE.map(|mark| small.find(mark).map(|at| at + mark.len()));
    ends.into_iter().flatten().min()
}

/// What may stand in an address behind its host.
fn is_of_address(c: char) -> bool {
    c.is_alphanumeric() || "/\\_-.~:?#@!$&*+;=%".contains(c)
}

/// Hides all but the last digits of whatever may be a phone number: many digits with nothing but the
/// usual separators between them.
fn without_numbers(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_separator = |c: &char| matches!(c, '+' | '/') || joins_digits(*c);
    let mut out = String::with_capacity(text.len());
    for run in letters.chunk_by(|a, b| {
        let joins = |c: &char| c.is_numeric() || is_separator(c);
        joins(a) == joins(b)
    }) {
        let digits = run.iter().filter(|c| c.is_numeric()).count();
        let mut hidden = if digits >= NUMBER { digits - TAIL } else { 0 };
        for c in run {
            if c.is_numeric() && hidden > 0 {
                hidden -= 1;
                out.push('•');
            } else {
                out.push(*c);
            }
        }
    }
    out
}

/// A text as it is drawn while numbers are hidden: `+55 19 9••••-••03`. As wide as it was, so that
/// nothing moves, and carets and marks stay where they belong.
pub fn on_screen(text: &str) -> Cow<'_, str> {
    if text.chars().filter(|c| c.is_numeric()).count() < TAIL {
        return Cow::Borrowed(text);
    }
    let letters: Vec<char> = text.chars().collect();
    let mut hidden = vec![false; letters.len()];
    let mut row: Vec<usize> = Vec::new();
    for (at, c) in letters.iter().enumerate() {
        if c.is_numeric() {
            row.push(at);
        } else if !joins_digits(*c) {
            // A plus sign, too, begins another number.
            hide(&letters, &std::mem::take(&mut row), &mut hidden);
        }
    }
    hide(&letters, &row, &mut hidden);
    if !hidden.contains(&true) {
        return Cow::Borrowed(text);
    }
    let shown = letters.iter().zip(hidden).map(|(c, hidden)| match c {
        '\u{ff10}'..='\u{ff19}' if hidden => "••".to_owned(),
        _ if hidden => '•'.to_string(),
        c => c.to_string(),
    });
    Cow::Owned(shown.collect())
}

/// Marks the digits to hide among those at these places, with nothing but separators between them.
fn hide(letters: &[char], row: &[usize], hidden: &mut [bool]) {
    // What stands behind a mark of something cut off is the end of a number.
    let is_end = row.first().is_some_and(|first| {
        let before = letters.iter().take(*first).rev();
        before
            .take_while(|c| **c == '…' || joins_digits(**c))
            .any(|c| *c == '…')
    });
    // A long row without separators is a number for itself: ids have two of them.
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let mut open = false;
    for digits in row.chunk_by(|a, b| a + 1 == *b) {
        let is_long = digits.len() >= SCREEN_HIDDEN;
        match parts.last_mut() {
            Some(part) if open && !is_long => part.extend_from_slice(digits),
            Some(_) | None => parts.push(digits.to_vec()),
        }
        open = !is_long;
    }
    for (n, part) in parts.iter().enumerate() {
        let cut = is_end && n == 0;
        let least = if cut { TAIL } else { NUMBER };
        if part.len() < least || is_date(letters, part) {
            continue;
        }
        let kept = if cut || part.len() > LONGEST {
            0
        } else {
            part.len().saturating_sub(SCREEN_HIDDEN)
        };
        let behind = part.len() - SCREEN_TAIL;
        for at in part.iter().take(behind).skip(kept) {
            if let Some(digit) = hidden.get_mut(*at) {
                *digit = true;
            }
        }
    }
}

/// Whether these digits are a date as computers write it: `2026-05-17`.
fn is_date(letters: &[char], digits: &[usize]) -> bool {
    let (Some(first), Some(last)) = (digits.first(), digits.last()) else {
        return false;
    };
    let text = letters.get(*first..=*last).unwrap_or_default();
    let shape: String = text
        .iter()
        .map(|c| if c.is_numeric() { '0' } else { *c })
        .collect();
    matches!(shape.as_str(), "0000-00-00" | "0000-00-00 00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q37_on_the_screen_numbers_keep_their_width_and_lose_six_digits() {
        for (text, shown) in [
            ("+55 19 90000-0003", "+55 19 9••••-••03"),
            ("+1 555 123-4567", "+1 55• •••-••67"),
            ("+55 11 3000-0000", "+55 11 ••••-••00"),
            ("5519900000003", "55199••••••03"),
            ("5519900000000-1513616971", "55199••••••00-15••••••71"),
            ("123-4567", "•••-••67"),
            ("…000000-1513616971", "…••••00-15••••••71"),
            ("…-0003", "…-••03"),
            ("Maria 19 90000-0003, ok", "Maria 19 9••••-••03, ok"),
            (
                "+55 19 90000-0003 +55 19 90000-0004",
                "+55 19 9••••-••03 +55 19 9••••-••04",
            ),
            ("5519900000003 24", "55199••••••03 24"),
            (
                "24 members, 3 of 12, 14:32:07, 18 Dec 2017, 1,204",
                "24 members, 3 of 12, 14:32:07, 18 Dec 2017, 1,204",
            ),
            ("2026-05-17", "2026-05-17"),
            (
                "\u{ff11}\u{ff12}\u{ff13}\u{ff14}\u{ff15}\u{ff16}\u{ff17}",
                "••••••••••\u{ff16}\u{ff17}",
            ),
        ] {
            assert_eq!(on_screen(text), shown, "{text}");
        }
    }

    #[test]
    fn numbers_are_hidden_wherever_they_stand() {
        let masked = |text: &str| Masking::Masked.of(text);
        assert_eq!(masked("5519900000003"), "•••••••••0003");
        assert_eq!(
            masked("ligue +55 (19) 90000-0003, ok?"),
            "ligue +•• (••) •••••-0003, ok?"
        );
        assert_eq!(
            masked("5519900000000-1513616971"),
            "•••••••••••••-••••••6971"
        );
        for dash in [
            '\u{2010}', '\u{2011}', '\u{2013}', '\u{2212}', '\u{200b}', '\u{202f}',
        ] {
            let text = masked(&format!("55{dash}19{dash}90000{dash}0003"));
            assert_eq!(text, format!("••{dash}••{dash}•••••{dash}0003"));
        }
        assert_eq!(
            masked("12\n345\n6789"),
            "12\n345\n6789",
            "lines are no number"
        );
        assert_eq!(masked("sala 12, às 10:30"), "sala 12, às 10:30");
        assert_eq!(Masking::Shown.of("5519900000003"), "5519900000003");
    }

    #[test]
    fn the_code_of_a_link_never_leaves() {
        assert_eq!(
            Masking::Shown.of("Entre: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv. Até já"),
            "Entre: https://chat.whatsapp.com/…StUv. Até já"
        );
        for link in [
            r"https:\/\/chat.whatsapp.com\/AbCdEfGhIjKlMnOpQrStUv",
            r"https:\/\/chat.whatsapp.com\u002fAbCdEfGhIjKlMnOpQrStUv",
            "https://Chat.WhatsApp.com/AbCdEfGhIjKlMnOpQrStUv",
            "CHAT.WHATSAPP.COM/invite/AbCdEfGhIjKlMnOpQrStUv",
            "https://chat.whatsapp.com:443/AbCdEfGhIjKlMnOpQrStUv",
            "https%3A%2F%2Fchat.whatsapp.com%2FAbCdEfGhIjKlMnOpQrStUv",
            "https://chat.whatsapp.com/?code=AbCdEfGhIjKlMnOpQrStUv",
            "https://web.whatsapp.com/accept?code=AbCdEfGhIjKlMnOpQrStUv",
            "whatsapp://chat/?x=1&CODE=AbCdEfGhIjKlMnOpQrStUv",
        ] {
            let text = Masking::Shown.of(&format!("{{\"url\":\"{link}\"}}, ok."));
            assert!(text.ends_with("…StUv\"}, ok."), "{text}");
            assert!(!text.contains("AbCd") && !text.contains("QrStUv"), "{text}");
        }
        let plain = "Veja chat.whatsapp.com. Já, chat.whatsapp.com/, ok? code=7";
        assert!(
            Masking::Shown
                .of(plain)
                .starts_with("Veja chat.whatsapp.com. Já, ")
        );
        assert_eq!(tail("AbCdEfGhIjKlMnOpQrStUv"), "…StUv");
    }
}

//! What of a text may leave the program: never the code of an invite link, and phone numbers only where
//! the user wants them to.
//!
//! Not a parser: it errs towards hiding. Invariant: what `numbers` reads as one number is one here too.

use super::numbers::joins_digits;

/// Digits from which a row of them may be a phone number.
const NUMBER: usize = 7;
/// Digits and letters that stay readable.
const TAIL: usize = 4;
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

#[cfg(test)]
mod tests {
    use super::*;

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

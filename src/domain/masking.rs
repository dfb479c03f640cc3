//! What of a text may leave the program: never the code of an invite link, and phone numbers only where
//! the user wants them to.

/// Digits from which a row of them may be a phone number.
const NUMBER: usize = 7;
/// Digits and letters that stay readable.
const TAIL: usize = 4;
/// What comes before the secret part of an invite link.
const LINK: &str = "chat.whatsapp.com/";

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

/// Cuts the code out of invite links.
fn without_links(text: &str) -> String {
    let mut parts = text.split(LINK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '/' | '_' | '-'))
            .unwrap_or(part.len());
        let (code, rest) = part.split_at(end);
        out.push_str(LINK);
        out.push_str(&tail(code));
        out.push_str(rest);
    }
    out
}

/// Hides all but the last digits of whatever may be a phone number: many digits with nothing but the
/// usual separators between them.
fn without_numbers(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_separator = |c: &char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '+' | '/' | '\u{a0}');
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
        let masked = |text| Masking::Masked.of(text);
        assert_eq!(masked("5519900000003"), "•••••••••0003");
        assert_eq!(
            masked("ligue +55 (19) 90000-0003, ok?"),
            "ligue +•• (••) •••••-0003, ok?"
        );
        assert_eq!(
            masked("5519900000000-1513616971"),
            "•••••••••••••-••••••6971"
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
        assert_eq!(tail("AbCdEfGhIjKlMnOpQrStUv"), "…StUv");
    }
}

//! A token that must be found nowhere, and the search for it in whatever the program wrote.
//!
//! Source: `reliability.md` appendix C. The search knows the token as it is, in base64 at each of the three
//! places where it can begin, in hexadecimal and percent-encoded, as UTF-16, and any eight bytes of each.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// So many bytes of the token in a row are a find.
const WINDOW: usize = 8;

/// A token that nobody had before.
pub(crate) struct Canary {
    token: String,
    /// What a find begins with, to what it is a find of.
    patterns: HashMap<[u8; WINDOW], Vec<(Vec<u8>, &'static str)>>,
}

impl Canary {
    pub(crate) fn new() -> Self {
        Self::of((0..40).map(|_| fastrand::alphanumeric()).collect())
    }

    fn of(token: String) -> Self {
        let mut patterns: HashMap<_, Vec<_>> = HashMap::new();
        let mut seen = HashSet::new();
        for window in token.as_bytes().windows(WINDOW) {
            for (pattern, name) in forms(window) {
                if seen.insert(pattern.clone()) {
                    let start = pattern[..WINDOW].try_into().unwrap();
                    patterns.entry(start).or_default().push((pattern, name));
                }
            }
        }
        Self { token, patterns }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// In which form a part of the token stands there.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<&'static str> {
        (0..bytes.len().saturating_sub(WINDOW - 1)).find_map(|at| {
            let rest = &bytes[at..];
            let start: [u8; WINDOW] = rest[..WINDOW].try_into().unwrap();
            let found = self.patterns.get(&start)?;
            let found = found.iter().find(|(pattern, _)| rest.starts_with(pattern));
            found.map(|(_, name)| *name)
        })
    }

    /// Fails when any part of the token stands there.
    pub(crate) fn assert_absent(&self, place: &str, bytes: &[u8]) {
        assert_eq!(self.find(bytes), None, "a part of the token is in {place}");
    }
}

fn written(bytes: &[u8], write: &dyn Fn(u8) -> String) -> String {
    bytes.iter().map(|byte| write(*byte)).collect()
}

/// A part of the token as somebody may have written it.
fn forms(part: &[u8]) -> Vec<(Vec<u8>, &'static str)> {
    let each = |write: &dyn Fn(u8) -> String| written(part, write);
    let mut forms = vec![
        (part.to_vec(), "plain"),
        (each(&|b| format!("{b:02x}")).into(), "hexadecimal"),
        (each(&|b| format!("{b:02X}")).into(), "hexadecimal"),
        (each(&|b| format!("%{b:02x}")).into(), "percent-encoded"),
        (each(&|b| format!("%{b:02X}")).into(), "percent-encoded"),
        (each(&|b| format!("\\u{b:04x}")).into(), "JSON"),
        (part.iter().flat_map(|b| [*b, 0]).collect(), "UTF-16"),
        (part.iter().flat_map(|b| [0, *b]).collect(), "UTF-16"),
    ];
    for before in 0..3 {
        let text = [&b"\0\0"[..before], part].concat();
        let encoded = BASE64_STANDARD.encode(&text);
        // Without the letters that also depend on what is in front or behind.
        let first = [0, 2, 3][before];
        let last = text.len() * 8 / 6;
        let sure = encoded.as_bytes()[first..last].to_vec();
        if sure.len() >= WINDOW {
            forms.push((sure, "base64"));
        }
    }
    forms
}

#[test]
fn q37_the_search_finds_a_planted_token_in_every_form() {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let canary = Canary::new();
    let token = canary.token().to_owned();
    let in_hex = written(token.as_bytes(), &|b| format!("{b:02X}"));
    let utf16: Vec<u8> = token.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut planted = vec![
        token.clone().into_bytes(),
        format!("{{\"a\":\"{token}\"}}").into(),
        token.as_bytes()[3..11].to_owned(),
        token.as_bytes()[32..].to_owned(),
        in_hex.into(),
        utf16,
    ];
    let all_percent = written(token.as_bytes(), &|b| format!("%{b:02x}"));
    planted.push(all_percent.into());
    let plain = utf8_percent_encode(&token, NON_ALPHANUMERIC).to_string();
    planted.push(plain.into());
    for before in ["", "a", "ab"] {
        planted.push(BASE64_STANDARD.encode(format!("{before}{token}z")).into());
    }
    for bytes in planted {
        let hidden = [b"noise ".repeat(50), bytes, b" noise".repeat(50)].concat();
        assert!(
            canary.find(&hidden).is_some(),
            "{:?}",
            String::from_utf8_lossy(&hidden)
        );
    }
    let letters = "A".repeat(500);
    let harmless = [
        &token.as_bytes()[..7],
        b"",
        b"nothing of that kind",
        letters.as_bytes(),
    ];
    for harmless in harmless {
        assert_eq!(canary.find(harmless), None);
    }
}

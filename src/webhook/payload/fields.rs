//! Fields of an object, each read on its own and only when it is asked for.
//!
//! Not a mirror of any shape: a field that is wrong, nested without end or larger than any number is
//! as good as absent and spoils no other. Invariant: nothing here recurses, so nothing overflows.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

use crate::domain::Millis;

/// Longest text that is kept of one field, in bytes; the rest is cut and marked.
pub(super) const MAX_TEXT: usize = 64 * 1024;
/// Longest text that is looked at as a time.
const MAX_TIME: usize = 64;
/// From here on a number counts milliseconds, below it seconds. Source: `api.md` 6.1.
const FIRST_MILLIS: u64 = 100_000_000_000;
/// The end of the year 9999: what is later is no time.
const LAST_MILLIS: u64 = 253_402_300_799_999;

/// The fields of one object. Of a name that stands there twice the last one counts.
pub(super) struct Fields<'j>(BTreeMap<String, &'j RawValue>);

impl<'j> Fields<'j> {
    /// `None` when the value is no object.
    pub(super) fn of(value: &'j RawValue) -> Option<Self> {
        serde_json::from_str(value.get()).ok().map(Self)
    }

    /// The value, unless it is absent.
    pub(super) fn raw(&self, name: &str) -> Option<&'j RawValue> {
        self.0.get(name).copied()
    }

    /// Names of all fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether it is there and not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| value.get() != "null")
    }

    /// A string, or a number as it is written.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(text)
    }

    /// The same without blanks around it; `None` when nothing is left.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let word = text.trim();
        (!word.is_empty()).then(|| word.to_owned())
    }

    /// The first of these names with a word.
    pub(super) fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.word(name))
    }

    /// An object.
    pub(super) fn object(&self, name: &str) -> Option<Self> {
        self.raw(name).and_then(Self::of)
    }

    /// The elements of an array.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&'j RawValue>> {
        self.raw(name).and_then(list)
    }

    /// `true` or `false`, also written as a text or as 1 or 0.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match &*self.word(name).or_else(|| {
            let value = self.raw(name)?;
            Some(value.get().to_owned())
        })? {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// A whole number, also as a text.
    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        self.word(name)?.parse().ok()
    }

    /// The first of these names with a time.
    pub(super) fn time(&self, names: &[&str]) -> Option<Millis> {
        names.iter().find_map(|name| time(&self.word(name)?))
    }
}

/// The elements of an array.
pub(super) fn list(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// A string, or a number as it is written.
pub(super) fn text(value: &RawValue) -> Option<String> {
    let json = value.get();
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<Loose>(json)
            .ok()
            .map(|Loose(text)| cut(&text)),
        Some(b'-' | b'0'..=b'9') => Some(cut(json)),
        Some(_) | None => None,
    }
}

/// No longer than [`MAX_TEXT`], and with a mark where something was left out.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    let mut end = MAX_TEXT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let kept = text.get(..end).unwrap_or_default();
    format!("{kept}… (cut: {} more bytes)", text.len() - end)
}

/// Seconds, milliseconds or ISO 8601; without a zone it is universal time.
fn time(text: &str) -> Option<Millis> {
    if text.len() > MAX_TIME {
        return None;
    }
    let millis = match text.parse::<u64>() {
        Ok(number) => in_millis(number)?,
        Err(_) => match text.parse::<f64>() {
            Ok(number) => in_millis(rounded(number)?)?,
            Err(_) => iso(text)?,
        },
    };
    (millis <= LAST_MILLIS).then_some(Millis(millis))
}

fn in_millis(number: u64) -> Option<u64> {
    if number >= FIRST_MILLIS {
        Some(number)
    } else {
        number.checked_mul(1000)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "checked to lie between zero and the year 9999"
)]
fn rounded(number: f64) -> Option<u64> {
    let fits = (0.0..=LAST_MILLIS as f64).contains(&number);
    fits.then_some(number as u64)
}

fn iso(text: &str) -> Option<u64> {
    let at = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        let zoned = local.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    })?;
    u64::try_from(at.as_millisecond()).ok()
}

/// A string that may hold half a character, as programs leave it that cut texts by UTF-16 units. The
/// half becomes `U+FFFD`, and so does NUL, which not every database can keep.
struct Loose(String);

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Loose;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Loose, E> {
                let text = String::from_utf8_lossy(bytes);
                Ok(Loose(text.replace('\0', "\u{fffd}")))
            }
        }
        // Only bytes are handed over without a check for halves.
        deserializer.deserialize_bytes(Bytes)
    }
}

//! Single values, read out of whatever JSON stands in their place: numbers for strings, strings for
//! numbers, and garbage, which is skipped and counts as absent.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::domain::{Clean, GroupId, GroupIdError, UnixSeconds, WaId};

/// Seconds from here on are milliseconds: 10^11 seconds is the year 5138.
const FIRST_MILLIS: i64 = 100_000_000_000;
/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// A type that can be read from a text, and from a number by its digits.
pub(super) trait FromText: Sized {
    /// The value; `None` when the text is none.
    fn from_text(text: &str) -> Option<Self>;

    /// The value of a fraction, or of an integer over 64 bits, whose last digits are lost: none for
    /// everything that is sent back to the server.
    fn from_fraction(_: f64) -> Option<Self> {
        None
    }
}

/// For fields that are not wanted.
struct Nothing;

impl FromText for Nothing {
    fn from_text(_: &str) -> Option<Self> {
        None
    }
}

/// An id with the reason why it cannot be used; `None` stands for no id at all.
pub(super) type ReadId = Result<GroupId, GroupIdError>;

impl FromText for ReadId {
    fn from_text(text: &str) -> Option<Self> {
        (!text.trim().is_empty()).then(|| GroupId::new(text))
    }
}

impl FromText for WaId {
    fn from_text(text: &str) -> Option<Self> {
        Self::from_api(text)
    }
}

impl FromText for Clean {
    fn from_text(text: &str) -> Option<Self> {
        Some(Self::new(text))
    }

    fn from_fraction(number: f64) -> Option<Self> {
        Some(Self::new(&number.to_string()))
    }
}

impl FromText for String {
    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl FromText for UnixSeconds {
    /// Seconds, milliseconds or ISO 8601, which without a zone counts as UTC.
    fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(number) = text.parse() {
            return plausible(number);
        }
        let utc = |local: DateTime| Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp());
        let at = text
            .parse()
            .ok()
            .or_else(|| text.parse().ok().and_then(utc))?;
        plausible(Timestamp::as_second(at))
    }

    fn from_fraction(number: f64) -> Option<Self> {
        Self::from_text(&format!("{number:.0}"))
    }
}

fn plausible(number: i64) -> Option<UnixSeconds> {
    let seconds = if number >= FIRST_MILLIS {
        number / 1000
    } else {
        number
    };
    (1..=LAST_SECOND)
        .contains(&seconds)
        .then_some(UnixSeconds(seconds))
}

/// The text of a field, or a number in its place by its digits; `None` when blank or anything else.
pub(super) fn text(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => String::from_text(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value, or nothing where the JSON holds something that cannot be one.
pub(super) struct Lenient<T> {
    pub(super) value: Option<T>,
    /// Whether the JSON held anything but `null`, `false`, `0`, a blank text, `[]` or `{}`.
    pub(super) filled: bool,
}

/// Skips a value; whether it held anything.
pub(super) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<bool, A::Error> {
    map.next_value::<Lenient<Nothing>>()
        .map(|skipped| skipped.filled)
}

impl<'de, T: FromText> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LenientVisitor(PhantomData))
    }
}

struct LenientVisitor<T>(PhantomData<T>);

impl<T> LenientVisitor<T> {
    fn none(filled: bool) -> Lenient<T> {
        Lenient {
            value: None,
            filled,
        }
    }

    fn some(value: Option<T>) -> Lenient<T> {
        Lenient {
            value,
            filled: true,
        }
    }
}

impl<'de, T: FromText> Visitor<'de> for LenientVisitor<T> {
    type Value = Lenient<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Lenient {
            value: T::from_text(text),
            filled: !text.trim_ascii().is_empty(),
        })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Lenient {
            value: T::from_text(&number.to_string()),
            filled: number != 0,
        })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Self::some(T::from_text(&number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Self::some(T::from_fraction(number)))
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Self::none(yes))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Self::none(false))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut filled = false;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            filled = true;
        }
        Ok(Self::none(filled))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut filled = false;
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            filled = true;
        }
        Ok(Self::none(filled))
    }
}

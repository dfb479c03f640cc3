//! WhatsApp ids of people: phone numbers without the plus sign.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// WhatsApp id of a person exactly as the API gave it, normally the digits of a phone number.
///
/// Kept as a number where the text is one (16 bytes, no allocation), because one account can hold
/// millions of memberships; any other text survives unchanged, so what we send back is what we got.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WaId(Repr);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    /// At most 18 digits without a leading zero: prints back to the same text.
    Number(u64),
    /// A thin pointer on purpose: `Arc<str>` would make every id eight bytes larger.
    Text(Arc<String>),
}

/// The first number with more than 18 digits.
const LARGEST: u64 = 1_000_000_000_000_000_000;

/// Why a text that somebody typed is not a number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaIdError {
    /// Nothing but blanks.
    #[error("the number is empty")]
    Empty,
    /// Something other than digits and the usual separators.
    #[error("a number has only digits: `{0}`")]
    NotDigits(String),
    /// Too short or too long for a phone number with its country code.
    #[error("a number has 6 to 20 digits, this one has {0}")]
    Length(usize),
}

impl WaId {
    /// Takes an id from an answer of the API, whatever it looks like. Blank ids are none.
    pub fn from_api(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let plain =
            text.len() <= 18 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        Some(Self(match text.parse() {
            Ok(number) if plain => Repr::Number(number),
            Ok(_) | Err(_) => Repr::Text(Arc::new(text.to_owned())),
        }))
    }

    /// The id as a number, where it is one of at most 18 digits without a zero in front.
    pub fn number(&self) -> Option<u64> {
        match &self.0 {
            Repr::Number(number) => Some(*number),
            Repr::Text(_) => None,
        }
    }

    /// The id with these digits; `None` for zero and for more than 18 digits, which are kept as text.
    pub fn from_number(number: u64) -> Option<Self> {
        (1..LARGEST)
            .contains(&number)
            .then_some(Self(Repr::Number(number)))
    }

    /// The id with this [`Self::number`].
    pub(super) fn of(number: u64) -> Self {
        Self(Repr::Number(number))
    }

    /// Whether the API takes this id in a `waIds` list: 6 to 20 digits.
    pub fn is_sendable(&self) -> bool {
        match &self.0 {
            Repr::Number(n) => *n >= 100_000,
            Repr::Text(text) => {
                (6..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
            }
        }
    }

    /// The number as people write it: `+55 19 90000-0003`. Only for display.
    ///
    /// The split follows the country code and, for the common lengths, a two- or three-digit area;
    /// what is no phone number is shown as it came, made safe.
    pub fn pretty(&self) -> String {
        let digits = self.to_string();
        if !self.is_sendable() || !(8..=15).contains(&digits.len()) {
            return super::Clean::new(&digits).as_str().to_owned();
        }
        let (country, rest) = digits.split_at(country_code_len(&digits));
        let area_len = match (country, rest.len()) {
            ("1" | "7", 10) => 3,
            (_, 9..) => 2,
            _ => 0,
        };
        let (area, local) = rest.split_at(area_len);
        let (head, tail) = local.split_at(local.len().saturating_sub(4));
        match (area.is_empty(), head.is_empty()) {
            (false, false) => format!("+{country} {area} {head}-{tail}"),
            (true, false) => format!("+{country} {head}-{tail}"),
            _ => format!("+{digits}"),
        }
    }

    /// The same Brazilian mobile number without its ninth digit, or with it: accounts from before it was
    /// introduced keep the short one, whichever of them people write. Only probably the same person.
    ///
    /// Source: product.md, «probably the same».
    pub fn other_spelling(&self) -> Option<Self> {
        let digits = self.number()?.to_string();
        let rest = digits.strip_prefix("55")?;
        let (area, local) = rest.split_at_checked(2)?;
        let (short, other) = match (local.len(), local.strip_prefix('9')) {
            (9, Some(short)) => (short, format!("55{area}{short}")),
            (8, _) => (local, format!("55{area}9{local}")),
            _ => return None,
        };
        // Numbers of fixed lines begin with 2 to 5, and never got a ninth digit.
        let is_mobile = short.starts_with(['6', '7', '8', '9']);
        is_mobile.then(|| Self::from_api(&other)).flatten()
    }

    /// The last four characters, with a mark that something is missing: `…-0003`.
    pub fn short(&self) -> String {
        let text = super::Clean::new(&self.to_string()).as_str().to_owned();
        let skip = text.chars().count().saturating_sub(4);
        format!("…-{}", text.chars().skip(skip).collect::<String>())
    }
}

/// Length of the country code in front of a number, by the plan of ITU-T E.164.
fn country_code_len(digits: &str) -> usize {
    let mut bytes = digits.bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'1' | b'7'), _) => 1,
        (Some(b'2'), Some(b'0' | b'7'))
        | (Some(b'3'), Some(b'0'..=b'4' | b'6' | b'9'))
        | (Some(b'4'), Some(b'0' | b'1' | b'3'..=b'9'))
        | (Some(b'5'), Some(b'1'..=b'8'))
        | (Some(b'6'), Some(b'0'..=b'6'))
        | (Some(b'8'), Some(b'1' | b'2' | b'4' | b'6'))
        | (Some(b'9'), Some(b'0'..=b'5' | b'8')) => 2,
        _ => 3,
    }
}

impl fmt::Display for WaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Number(n) => write!(f, "{n}"),
            Repr::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for WaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WaId({:?})", self.to_string())
    }
}

impl FromStr for WaId {
    type Err = WaIdError;

    /// Reads what a person typed or pasted: `+ ( ) - .` and blanks are dropped.
    fn from_str(text: &str) -> Result<Self, WaIdError> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, '+' | '(' | ')' | '-' | '.') && !c.is_whitespace())
            .collect();
        if digits.is_empty() {
            return Err(WaIdError::Empty);
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(WaIdError::NotDigits(
                super::Clean::new(text).as_str().to_owned(),
            ));
        }
        let length = digits.len();
        Self::from_api(&digits)
            .filter(Self::is_sendable)
            .ok_or(WaIdError::Length(length))
    }
}

/// The people one request names: at least one, none twice, in the order they were chosen.
///
/// Source: «Removing Group Members», «Adding Administrators», «Removing Administrators»: `waIds`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaIds(Vec<WaId>);

impl WaIds {
    /// Most numbers put into one request. The document names no limit; the sibling API of the same
    /// platform allows 20 (`docs/api-notes.md`).
    pub const MAX_PER_CALL: usize = 20;

    /// Drops repeated ids; `None` when nothing is left, because an empty list must never be sent.
    pub fn new(ids: impl IntoIterator<Item = WaId>) -> Option<Self> {
        let mut unique: Vec<WaId> = Vec::new();
        for id in ids {
            if !unique.contains(&id) {
                unique.push(id);
            }
        }
        (!unique.is_empty()).then_some(Self(unique))
    }

    /// Just one person.
    pub fn one(id: WaId) -> Self {
        Self(vec![id])
    }

    /// How many people; never zero.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The people in the order they were chosen.
    pub fn iter(&self) -> std::slice::Iter<'_, WaId> {
        self.0.iter()
    }

    /// Whether `id` is among them.
    pub fn contains(&self, id: &WaId) -> bool {
        self.0.contains(id)
    }

    /// Splits into pieces of at most `size` people, `size` being at least one.
    pub fn chunks(&self, size: usize) -> Vec<Self> {
        self.0
            .chunks(size.max(1))
            .map(|ids| Self(ids.to_vec()))
            .collect()
    }
}

impl<'a> IntoIterator for &'a WaIds {
    type Item = &'a WaId;
    type IntoIter = std::slice::Iter<'a, WaId>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> WaId {
        WaId::from_api(text).unwrap()
    }

    #[test]
    fn an_id_takes_sixteen_bytes() {
        assert_eq!(size_of::<WaId>(), 16);
    }

    #[test]
    fn typed_numbers_may_have_separators() {
        assert_eq!("+55 (19) 90000-0003".parse(), Ok(id("5519900000003")));
        assert_eq!("".parse::<WaId>(), Err(WaIdError::Empty));
        assert_eq!("12345".parse::<WaId>(), Err(WaIdError::Length(5)));
        assert!(matches!(
            "55x19".parse::<WaId>(),
            Err(WaIdError::NotDigits(_))
        ));
    }

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        for (digits, pretty) in [
            ("5519900000003", "+55 19 90000-0003"),
            ("551130000000", "+55 11 3000-0000"),
            ("5419000000011", "+54 19 00000-0011"),
            ("15551234567", "+1 555 123-4567"),
            ("351912345678", "+351 91 234-5678"),
            ("1234-bot", "1234-bot"),
            ("100200", "100200"),
        ] {
            assert_eq!(id(digits).pretty(), pretty);
        }
        assert_eq!(id("5519900000003").short(), "…-0003");
    }

    #[test]
    fn a_brazilian_mobile_number_is_written_with_its_ninth_digit_and_without() {
        for (long, short) in [
            ("5531996883193", "553196883193"),
            ("5585981234567", "558581234567"),
        ] {
            assert_eq!(id(long).other_spelling(), Some(id(short)));
            assert_eq!(id(short).other_spelling(), Some(id(long)));
        }
        for one in [
            "551130000000",
            "5511930000000",
            "5419968831930",
            "15551234567",
            "55",
            "5531-bot",
        ] {
            assert_eq!(id(one).other_spelling(), None, "{one}");
        }
    }

    #[test]
    fn a_list_of_people_is_never_empty_and_names_nobody_twice() {
        assert_eq!(WaIds::new([]), None);
        let ids = WaIds::new([id("551190000001"), id("551190000002"), id("551190000001")]).unwrap();
        assert_eq!(ids.count(), 2);
        assert_eq!(ids.chunks(1).len(), 2);
    }

    proptest! {
        #[test]
        fn an_id_goes_back_exactly_as_it_came(text in "[0-9a-z@.-]{1,24}") {
            prop_assert_eq!(id(&text).to_string(), text);
        }

        #[test]
        fn any_id_can_be_shown(text in "\\S{1,40}") {
            if let Some(id) = WaId::from_api(&text) {
                prop_assert!(!id.pretty().chars().any(char::is_control));
                prop_assert!(!id.short().chars().any(char::is_control));
            }
        }
    }
}

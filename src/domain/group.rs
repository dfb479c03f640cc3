//! Groups as the server describes them.

use std::fmt;
use std::sync::Arc;

use super::{Clean, Roster, UnixSeconds, WaId};

/// Group id exactly as the API issued it, e.g. `5519900000000-1513616971` or `120363012345678901`.
///
/// Opaque: nothing is read out of it. Never empty, `.` or `..`, at most 128 characters, without
/// blanks, control characters and `/ ? #`, so that it is safe as one segment of a path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(Arc<str>);

/// Why an id from an answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupIdError {
    /// Empty, or a dot segment that would change the path of a request.
    #[error("a group id is empty or a dot segment")]
    Empty,
    /// Longer than 128 characters.
    #[error("a group id has more than {} characters", GroupId::MAX_CHARS)]
    TooLong,
    /// A character that does not belong into one path segment.
    #[error("a group id contains {0:?}")]
    Character(char),
}

impl GroupId {
    /// Longest id that is accepted, in characters.
    pub const MAX_CHARS: usize = 128;

    /// Takes an id from an answer of the API.
    ///
    /// # Errors
    /// When the id could not stand as one segment of a path.
    pub fn new(text: &str) -> Result<Self, GroupIdError> {
        // Nearly all there is.
        let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (1..=Self::MAX_CHARS).contains(&text.len()) && text.bytes().all(is_usual) {
            return Ok(Self(text.into()));
        }
        if matches!(text, "" | "." | "..") {
            return Err(GroupIdError::Empty);
        }
        if text.chars().count() > Self::MAX_CHARS {
            return Err(GroupIdError::TooLong);
        }
        if let Some(bad) = text
            .chars()
            .find(|c| c.is_control() || c.is_whitespace() || matches!(c, '/' | '?' | '#' | '\\'))
        {
            return Err(GroupIdError::Character(bad));
        }
        Ok(Self(text.into()))
    }

    /// The id as the API wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last `count` digits, or the last characters of an id that has fewer digits: what the user
    /// types to confirm leaving a group whose subject cannot be typed.
    pub fn tail(&self, count: usize) -> String {
        let digits: Vec<char> = self.0.chars().filter(char::is_ascii_digit).collect();
        let all: Vec<char> = if digits.len() >= count {
            digits
        } else {
            self.0.chars().collect()
        };
        all.iter().skip(all.len().saturating_sub(count)).collect()
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Clean::new(&self.0).as_str())
    }
}

impl fmt::Debug for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupId({self})")
    }
}

/// What the server last told about one group. Fields it left out are `None`, never an error.
///
/// Source: «Consulting Group Information».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupDetails {
    /// The group.
    pub id: GroupId,
    /// Its subject; phones may set longer ones than this API allows.
    pub subject: Option<Clean>,
    /// Who created it.
    pub creator: Option<WaId>,
    /// When it was created.
    pub created: Option<UnixSeconds>,
    /// Who is in it; `None` when the answer carried neither participants nor admins.
    pub roster: Option<Roster>,
}

impl GroupDetails {
    /// The people, nobody when the server did not say.
    pub fn members(&self) -> impl Iterator<Item = WaId> {
        self.roster.iter().flat_map(Roster::members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_would_change_the_path_is_refused() {
        for bad in ["", ".", "..", "a/b", "a?b", "a#b", "a b", "a\nb", "a\\b"] {
            assert!(GroupId::new(bad).is_err(), "{bad:?}");
        }
        assert_eq!(GroupId::new(&"1".repeat(129)), Err(GroupIdError::TooLong));
        for good in [
            "5519900000000-1513616971",
            "120363012345678901",
            "Y2FwaV9ncm91cDox==",
        ] {
            assert_eq!(GroupId::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn the_tail_prefers_digits() {
        assert_eq!(
            GroupId::new("5519900000000-1513616971").unwrap().tail(4),
            "6971"
        );
        assert_eq!(GroupId::new("Y2FwaVn=").unwrap().tail(4), "aVn=");
        assert_eq!(GroupId::new("x").unwrap().tail(4), "x");
    }
}

//! Subjects that may be written.

use std::fmt;
use std::str::FromStr;

/// A subject we may send: trimmed, not empty, at most [`Subject::MAX`] units, no control characters.
///
/// Subjects we *read* are [`super::Clean`]: a phone may have set a longer one.
///
/// Source: «Creating Groups», «Updating Group Information»: limited to 25 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(String);

/// Why a typed subject cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// Nothing, or only blanks.
    #[error("a group needs a subject")]
    Empty,
    /// Over the limit, by so many units.
    #[error("{0} too many: the limit is {max}", max = Subject::MAX)]
    TooLong(usize),
    /// A line break or another control character.
    #[error("a subject is one line without control characters")]
    Control,
}

impl Subject {
    /// Longest subject, in UTF-16 code units.
    ///
    /// The document says «25 characters» and not which kind. UTF-16 units are the strictest reading
    /// that is not bytes, so what we accept is accepted under every likely reading
    /// (`docs/api-notes.md`, «subject»).
    pub const MAX: usize = 25;

    /// Length of `text` in the unit of [`Self::MAX`]; outer blanks do not count.
    pub fn units(text: &str) -> usize {
        text.trim().encode_utf16().count()
    }

    /// The subject as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Self, SubjectError> {
        let text = text.trim();
        let units = Self::units(text);
        if text.is_empty() {
            Err(SubjectError::Empty)
        } else if text
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
        {
            Err(SubjectError::Control)
        } else if units > Self::MAX {
            Err(SubjectError::TooLong(units - Self::MAX))
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_five_fit_and_twenty_six_do_not() {
        assert_eq!(
            "a".repeat(25).parse::<Subject>().unwrap().as_str().len(),
            25
        );
        assert_eq!(
            "a".repeat(27).parse::<Subject>(),
            Err(SubjectError::TooLong(2))
        );
        assert!("ã".repeat(25).parse::<Subject>().is_ok());
    }

    #[test]
    fn an_emoji_counts_as_the_two_units_it_has() {
        assert_eq!(Subject::units("👋"), 2);
        assert_eq!(
            "👋".repeat(13).parse::<Subject>(),
            Err(SubjectError::TooLong(1))
        );
    }

    #[test]
    fn blanks_around_are_dropped_and_alone_refused() {
        assert_eq!("  Corrida ".parse::<Subject>().unwrap().as_str(), "Corrida");
        assert_eq!("   ".parse::<Subject>(), Err(SubjectError::Empty));
        assert_eq!("a\nb".parse::<Subject>(), Err(SubjectError::Control));
    }
}

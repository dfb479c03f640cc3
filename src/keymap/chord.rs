//! What has to be pressed for one action: a key, or several in turn.

use std::fmt;

use super::Key;

/// One key or more, pressed in turn. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    first: Key,
    rest: Vec<Key>,
}

impl Chord {
    /// `first`, and then the others in their order.
    pub const fn new(first: Key, rest: Vec<Key>) -> Self {
        Self { first, rest }
    }

    /// Its keys in order.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }

    /// Whether it begins with those keys, and what comes after them; `None` also when nothing does.
    pub fn after(&self, pressed: &[Key]) -> Option<Self> {
        let mut rest = self.keys();
        for key in pressed {
            rest.next().filter(|own| own == key)?;
        }
        Some(Self::new(rest.next()?, rest.collect()))
    }

    /// Whether nobody could tell the two apart in time: one begins the other, or they are the same.
    pub fn clashes(&self, other: &Self) -> bool {
        self.keys().zip(other.keys()).all(|(a, b)| a == b)
    }

    /// The key, when it is only one.
    pub fn single(&self) -> Option<Key> {
        self.rest.is_empty().then_some(self.first)
    }
}

impl From<Key> for Chord {
    fn from(key: Key) -> Self {
        Self::new(key, Vec::new())
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        for key in &self.rest {
            write!(f, " {key}")?;
        }
        Ok(())
    }
}

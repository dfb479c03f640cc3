//! What the user calls people: names for numbers, from a file of the user's own.
//!
//! Invariant: they are shown and searched, never sent.

use std::collections::BTreeMap;

use super::{Clean, Sender, WaId};

/// Names for numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts(BTreeMap<WaId, Clean>);

impl Contacts {
    /// What the user calls somebody.
    pub fn name(&self, id: &WaId) -> Option<&Clean> {
        self.0.get(id)
    }

    /// The same for somebody who wrote.
    pub fn name_of(&self, sender: &Sender) -> Option<&Clean> {
        self.name(&WaId::from_api(sender.as_str())?)
    }

    /// How many people have a name.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody has one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(WaId, Clean)> for Contacts {
    fn from_iter<I: IntoIterator<Item = (WaId, Clean)>>(people: I) -> Self {
        Self(people.into_iter().collect())
    }
}

//! What the user calls people: names for numbers, from a file of the user's own.
//!
//! Invariant: they are shown and searched, never sent.

use std::collections::BTreeMap;

use super::{Clean, Incoming, Sender, WaId};

/// Who wrote a message, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// `you`, or the number.
    pub who: String,
    /// What the user calls them; else what they call themselves, marked as such: `~Carla`. Blank when
    /// neither is known.
    pub name: String,
    /// It is the user who calls them so: anybody can choose a name for themselves.
    pub is_contact: bool,
}

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

    /// Who wrote a message, where `own` is the number of the account.
    pub fn author(&self, message: &Incoming, own: Option<&WaId>) -> Author {
        let sender = &message.sender;
        if own.is_some_and(|own| sender.is(own)) {
            return Author {
                who: "you".to_owned(),
                name: String::new(),
                is_contact: false,
            };
        }
        let contact = self.name_of(sender);
        let chosen = Clean::new(message.name.as_str().trim());
        let name = match contact {
            Some(name) => name.as_str().to_owned(),
            None if chosen.is_blank() => String::new(),
            None => format!("~{}", chosen.as_str()),
        };
        Author {
            who: sender.pretty(),
            name,
            is_contact: contact.is_some(),
        }
    }

    /// Everybody who has a name.
    pub fn iter(&self) -> impl Iterator<Item = (&WaId, &Clean)> {
        self.0.iter()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Content, Lane};

    fn message(number: &str, name: &str) -> Incoming {
        Incoming {
            lane: Lane::Direct,
            sender: Sender::new(number),
            name: Clean::new(name),
            content: Content::Text("oi".into()),
            received_at: None,
        }
    }

    #[test]
    fn only_the_user_names_somebody_without_a_mark() {
        let id = |digits: &str| WaId::from_api(digits).unwrap();
        let own = id("5519900000000");
        let contacts: Contacts = [(id("5519900000004"), Clean::new("Carla do bloco B"))]
            .into_iter()
            .collect();
        let author = |number: &str, name: &str| {
            let author = contacts.author(&message(number, name), Some(&own));
            (author.who, author.name, author.is_contact)
        };
        let pretty = |digits: &str| id(digits).pretty();
        let carla = ("5519900000004", pretty("5519900000004"));
        let other = ("5519900000005", pretty("5519900000005"));
        assert_eq!(
            author(carla.0, "Banco do Brasil"),
            (carla.1, "Carla do bloco B".to_owned(), true)
        );
        assert_eq!(
            author(other.0, " Carla do bloco B "),
            (other.1.clone(), "~Carla do bloco B".to_owned(), false)
        );
        assert_eq!(author(other.0, " "), (other.1, String::new(), false));
        assert_eq!(
            author("5519900000000", "Banco"),
            ("you".to_owned(), String::new(), false)
        );
    }
}

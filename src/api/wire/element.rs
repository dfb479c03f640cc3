//! One element of `groups`: everything that any call wants to know of it, read in one pass.
//!
//! Invariant: whatever JSON stands there, reading it fails only where the JSON itself is broken.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::value::{Lenient, ReadId, skip};
use crate::domain::{Clean, UnixSeconds, WaId};

/// An element that is an object.
#[derive(Default)]
pub(super) struct Element {
    /// `None` without an id; an error for an id that could not stand in a path.
    pub(super) id: Option<ReadId>,
    pub(super) subject: Option<Clean>,
    pub(super) creator: Option<WaId>,
    pub(super) created: Option<UnixSeconds>,
    pub(super) participants: Option<Vec<WaId>>,
    pub(super) admins: Option<Vec<WaId>>,
    pub(super) link: Option<String>,
}

/// An element as it came.
pub(super) enum Item<'a> {
    /// A text or a whole number where an object was expected.
    Bare(&'a str),
    /// An object that holds anything.
    Object(Element),
}

/// The names we know, on every level of an answer.
pub(super) enum Field {
    Groups,
    Id,
    Subject,
    Creator,
    CreationTime,
    Participants,
    Admins,
    Link,
    /// What answers have that say no.
    Complaint,
    Other,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl Visitor<'_> for Names {
            type Value = Field;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Field, E> {
                Ok(match name {
                    "groups" => Field::Groups,
                    "id" => Field::Id,
                    "subject" => Field::Subject,
                    "creator" => Field::Creator,
                    "creation_time" => Field::CreationTime,
                    "participants" => Field::Participants,
                    "admins" => Field::Admins,
                    "link" => Field::Link,
                    "errors" | "errorCode" | "errorMessage" | "error" => Field::Complaint,
                    _ => Field::Other,
                })
            }
        }

        deserializer.deserialize_identifier(Names)
    }
}

/// Reads one element and hands it to the function; the value is whether it held anything.
pub(super) struct ItemSeed<'f, F>(pub(super) &'f mut F);

impl<'de, F: FnMut(Item<'_>)> DeserializeSeed<'de> for ItemSeed<'_, F> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Item<'_>)> Visitor<'de> for ItemSeed<'_, F> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a group")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
        let filled = !text.trim_ascii().is_empty();
        if filled {
            (self.0)(Item::Bare(text));
        }
        Ok(filled)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<bool, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<bool, E> {
        Ok(yes)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let mut filled = false;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            filled = true;
        }
        Ok(filled)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut element = Element::default();
        let mut filled = false;
        while let Some(field) = map.next_key()? {
            filled |= match field {
                Field::Id => keep(&mut element.id, map.next_value()?),
                Field::Subject => keep(&mut element.subject, map.next_value()?),
                Field::Creator => keep(&mut element.creator, map.next_value()?),
                Field::CreationTime => keep(&mut element.created, map.next_value()?),
                Field::Link => keep(&mut element.link, map.next_value()?),
                Field::Participants => {
                    element.participants = map.next_value::<People>()?.0;
                    element.participants.is_some()
                }
                Field::Admins => {
                    element.admins = map.next_value::<People>()?.0;
                    element.admins.is_some()
                }
                Field::Groups | Field::Complaint | Field::Other => skip(&mut map)?,
            };
        }
        if filled {
            (self.0)(Item::Object(element));
        }
        Ok(filled)
    }
}

/// Puts a value in its place; whether the JSON held anything there.
fn keep<T>(place: &mut Option<T>, read: Lenient<T>) -> bool {
    *place = read.value;
    read.filled || place.is_some()
}

/// A list of people; `None` where the JSON holds no list, or one in which nobody can be read:
/// «nobody is in this group» is said only by an empty list.
struct People(Option<Vec<WaId>>);

impl<'de> Deserialize<'de> for People {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PeopleVisitor)
    }
}

struct PeopleVisitor;

impl<'de> Visitor<'de> for PeopleVisitor {
    type Value = People;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of people")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<People, A::Error> {
        let mut people = Vec::new();
        let mut unread = false;
        while let Some(person) = seq.next_element::<Lenient<WaId>>()? {
            match person.value {
                Some(id) => people.push(id),
                None => unread |= person.filled,
            }
        }
        Ok(People((!people.is_empty() || !unread).then_some(people)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<People, E> {
        Ok(People(WaId::from_api(text).map(|id| vec![id])))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<People, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<People, E> {
        Ok(People(None))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<People, E> {
        Ok(People(None))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<People, E> {
        Ok(People(None))
    }

    fn visit_unit<E: Error>(self) -> Result<People, E> {
        Ok(People(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<People, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(People(None))
    }
}

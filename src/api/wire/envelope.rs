//! What stands around the elements: `{"groups":[…]}`, a bare array, `null` or `{}`.
//!
//! Elements are handed on one by one as they are read, so that 100,000 ids need no second copy.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::element::{Field, Item, ItemSeed};
use super::value::skip;

/// What an answer was made of, besides the elements themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// Whether it has a shape that holds groups, or none.
    pub(super) is_groups: bool,
    /// How many elements held anything, readable or not.
    pub(super) items: usize,
    /// Whether it names an error.
    pub(super) complains: bool,
}

impl Contents {
    fn groups(items: usize) -> Self {
        Self {
            is_groups: true,
            items,
            complains: false,
        }
    }
}

/// Reads an answer and hands every element that holds anything to `each`.
///
/// # Errors
/// When it is no JSON. Nesting is limited by the parser, so no answer overflows the stack.
pub(super) fn read(
    body: &str,
    mut each: impl FnMut(Item<'_>),
) -> Result<Contents, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(body);
    let contents = EnvelopeSeed(&mut each).deserialize(&mut json)?;
    json.end()?;
    Ok(contents)
}

struct EnvelopeSeed<'f, F>(&'f mut F);

impl<'de, F: FnMut(Item<'_>)> DeserializeSeed<'de> for EnvelopeSeed<'_, F> {
    type Value = Contents;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Contents, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Item<'_>)> Visitor<'de> for EnvelopeSeed<'_, F> {
    type Value = Contents;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("groups")
    }

    fn visit_unit<E: Error>(self) -> Result<Contents, E> {
        Ok(Contents::groups(0))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Contents, A::Error> {
        elements(seq, self.0).map(Contents::groups)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Contents, A::Error> {
        let mut contents = Contents::groups(0);
        let mut known = false;
        while let Some(field) = map.next_key()? {
            contents.is_groups = false;
            match field {
                Field::Groups => {
                    let items = map.next_value_seed(GroupsSeed(self.0))?;
                    known = items.is_some();
                    contents.items += items.unwrap_or(0);
                }
                Field::Complaint => contents.complains |= skip(&mut map)?,
                Field::Id
                | Field::Subject
                | Field::Creator
                | Field::CreationTime
                | Field::Participants
                | Field::Admins
                | Field::Link
                | Field::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        contents.is_groups |= known;
        Ok(contents)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Contents, E> {
        Ok(Contents::default())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Contents, E> {
        Ok(Contents::default())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Contents, E> {
        Ok(Contents::default())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Contents, E> {
        Ok(Contents::default())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Contents, E> {
        Ok(Contents::default())
    }
}

/// Reads the value of `groups`: how many elements held anything, `None` for what is no list.
struct GroupsSeed<'f, F>(&'f mut F);

impl<'de, F: FnMut(Item<'_>)> DeserializeSeed<'de> for GroupsSeed<'_, F> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Item<'_>)> Visitor<'de> for GroupsSeed<'_, F> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of groups")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Some(0))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        elements(seq, self.0).map(Some)
    }

    /// One group that nobody put into a list.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        ItemSeed(self.0).visit_map(map).map(usize::from).map(Some)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }
}

fn elements<'de, A: SeqAccess<'de>>(
    mut seq: A,
    each: &mut impl FnMut(Item<'_>),
) -> Result<usize, A::Error> {
    let mut items = 0;
    while let Some(filled) = seq.next_element_seed(ItemSeed(each))? {
        items += usize::from(filled);
    }
    Ok(items)
}

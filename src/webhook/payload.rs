//! A body, taken apart into items.
//!
//! Tolerant to the last: every element is read on its own, and what cannot be understood becomes an
//! item that says so, with what came. Invariants: there are as many items as elements, and none of
//! them depends on another; a message whose report names a group is never taken for a direct one.

mod content;
mod delivery;
mod fields;

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::domain::{Clean, Content, GroupId, Incoming, Item, Lane, Millis, Report, Sender};
use fields::{Fields, cut, list, text};

/// Most items of one body; what is beyond is kept as one. An element that says anything has at least
/// a hundred bytes, so a body of 1 MiB has no more of them.
const MAX_ITEMS: usize = 10_000;
/// Longest key that is kept as it is, in bytes; of a longer one its hash.
const MAX_KEY: usize = 256;

/// What one body holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Every element, in the order in which they came.
    pub items: Vec<Item>,
    /// What is odd about it.
    pub notes: Vec<Note>,
}

/// Something odd that loses nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// `total` is not the number of elements.
    OtherTotal,
    /// A message names one group in `message` and another one beside it; the first counts.
    TwoGroups,
    /// Bytes that are no UTF-8 were replaced.
    NotUtf8,
    /// It has more elements than a batch can have; the last ones are kept as one.
    TooMany,
}

impl Note {
    /// What is odd, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OtherTotal => "`total` is not the number of items",
            Self::TwoGroups => "a message names two groups",
            Self::NotUtf8 => "text is not UTF-8",
            Self::TooMany => "more items than a batch can have",
        }
    }
}

/// The body is no JSON at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is not JSON")]
pub struct NotJson;

/// Takes a body apart.
///
/// # Errors
/// When it is not JSON. JSON of any shape is none.
///
/// Source: `api.md` 6.1 and 6.5.
pub fn decode(body: &[u8]) -> Result<Batch, NotJson> {
    let mut batch = Batch::default();
    let body = String::from_utf8_lossy(body);
    if let Cow::Owned(_) = &body {
        batch.notes.push(Note::NotUtf8);
    }
    let body = body.trim_start_matches('\u{feff}');
    let whole: &RawValue = serde_json::from_str(body).map_err(|_why| NotJson)?;
    let root = Fields::of(whole);
    let Some(elements) = elements(whole, root.as_ref()) else {
        let why = "it has no `data`, `messages` or `statuses`";
        batch.items.push(unreadable(whole.get(), why));
        return Ok(batch);
    };
    let total = root.and_then(|root| root.whole("total"));
    if total.is_some_and(|total| usize::try_from(total) != Ok(elements.len())) {
        batch.notes.push(Note::OtherTotal);
    }
    for element in elements.iter().take(MAX_ITEMS) {
        let item = item(element, &mut batch.notes);
        batch.items.push(item);
    }
    if let Some(rest) = elements.get(MAX_ITEMS..).filter(|rest| !rest.is_empty()) {
        batch.notes.push(Note::TooMany);
        let rest: Vec<&str> = rest.iter().map(|element| element.get()).collect();
        let why = format!("{} more items came with {MAX_ITEMS} others", rest.len());
        batch
            .items
            .push(unreadable(&format!("[{}]", rest.join(",")), &why));
    }
    Ok(batch)
}

/// A body that is no JSON, so that somebody can look at it.
pub(super) fn kept_as_it_came(body: &[u8]) -> Item {
    let text = cut(&String::from_utf8_lossy(body));
    let json = serde_json::Value::from(text).to_string();
    unreadable(&json, "it is not JSON")
}

/// Everything that is a list of items, and a lone item where a list should be. `None` when there is
/// nothing of the kind.
fn elements<'j>(whole: &'j RawValue, root: Option<&Fields<'j>>) -> Option<Vec<&'j RawValue>> {
    let Some(root) = root else {
        return list(whole);
    };
    let mut found = None;
    for name in ["data", "messages", "statuses"] {
        let Some(value) = root.raw(name) else {
            continue;
        };
        let more = match value.get() {
            "null" => Vec::new(),
            _ => list(value).unwrap_or_else(|| vec![value]),
        };
        found.get_or_insert_with(Vec::new).extend(more);
    }
    found
}

fn item(element: &RawValue, notes: &mut Vec<Note>) -> Item {
    let raw = element.get();
    let Some(fields) = Fields::of(element) else {
        return unreadable(raw, "it is not an object");
    };
    if let Some(message) = fields.object("message") {
        let (lane, is_odd) = lane(&message, &fields);
        if is_odd {
            notes.push(Note::TwoGroups);
        }
        let incoming = incoming(lane, content::content(&message), &fields);
        return Item {
            key: key(&fields, incoming.received_at).unwrap_or_else(|| hash_of(raw)),
            report: Report::Message(incoming),
            raw: cut(raw),
        };
    }
    if !delivery::is_status(&fields) {
        let why = Content::Unreadable("it is neither a message nor a status".to_owned());
        return Item {
            key: hash_of(raw),
            report: Report::Message(incoming(Lane::Unclassified, why, &fields)),
            raw: cut(raw),
        };
    }
    let Some(delivery) = delivery::delivery(&fields) else {
        return unreadable(
            raw,
            "it is a status that does not say how far a message got",
        );
    };
    Item {
        // Reports about one message share its id, and differ in what they say.
        key: hash_of(raw),
        report: Report::Delivery(delivery),
        raw: cut(raw),
    }
}

fn incoming(lane: Lane, content: Content, item: &Fields<'_>) -> Incoming {
    let profile = item.object("userProfile");
    let own = |name| profile.as_ref().and_then(|profile| profile.word(name));
    let sender = item.word("source").or_else(|| own("whatsAppId"));
    Incoming {
        lane,
        sender: Sender::new(&sender.unwrap_or_default()),
        name: Clean::new(&own("name").unwrap_or_default()),
        content,
        received_at: item.time(&["receivedAt", "receivedDate"]),
    }
}

/// Where a message belongs, and whether it names two groups. Only a message that has no `waGroupId`
/// at all, not even an empty one, is a direct one. Source: `api.md` 6.5, rules 2, 4 and 5.
fn lane(message: &Fields<'_>, item: &Fields<'_>) -> (Lane, bool) {
    const GROUP: &str = "waGroupId";
    let values = [message.raw(GROUP), item.raw(GROUP)];
    let [inner, outer] = values.map(|value| {
        let name = text(value?)?.trim().to_owned();
        (!name.is_empty()).then_some(name)
    });
    let is_odd = inner.is_some() && outer.is_some() && inner != outer;
    let lane = match inner.or(outer) {
        Some(id) => GroupId::new(&id).map_or(Lane::Unclassified, Lane::Group),
        None if values.iter().all(Option::is_none) => Lane::Direct,
        None => Lane::Unclassified,
    };
    (lane, is_odd)
}

fn unreadable(raw: &str, why: &str) -> Item {
    Item {
        key: hash_of(raw),
        report: Report::Message(Incoming {
            lane: Lane::Unreadable,
            sender: Sender::default(),
            name: Clean::default(),
            content: Content::Unreadable(why.to_owned()),
            received_at: None,
        }),
        raw: cut(raw),
    }
}

/// What is the same for the same message, however often it comes: id, source, time.
fn key(item: &Fields<'_>, received_at: Option<Millis>) -> Option<String> {
    let id = item.word("id")?;
    let source = item.word("source").unwrap_or_default();
    let at = received_at.map_or_else(String::new, |at| at.0.to_string());
    let is_plain = !id.chars().chain(source.chars()).any(char::is_control);
    let key = format!("{id}\n{source}\n{at}");
    // Hashed parts do not run into each other: their lengths are in it.
    let parts = format!("{} {} {key}", id.len(), source.len());
    Some(if is_plain && key.len() <= MAX_KEY {
        key
    } else {
        hash(&parts)
    })
}

/// The hash of an element, whatever the order of its fields and the blanks between them.
fn hash_of(raw: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(raw) {
        Ok(value) => hash(&value.to_string()),
        // Nested too deep, or with a number that is none.
        Err(_) => hash(raw),
    }
}

fn hash(text: &str) -> String {
    let mut name = "sha256:".to_owned();
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

#[cfg(test)]
mod tests;

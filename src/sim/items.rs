//! The elements of a batch as JSON: messages of other people, and callbacks about the account's own.
//!
//! Written by hand from the provider's samples, as everything here is; who says what is in
//! [`super::script`]. Invariant: keys that say nothing are absent, not null.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::roster::OWN;
use super::state::Sent;

/// What somebody sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    Image {
        url: String,
        caption: String,
    },
    Audio {
        url: String,
    },
    Document {
        url: String,
        caption: String,
    },
    Location,
    Contact {
        name: String,
        number: u64,
    },
    Sticker {
        url: String,
    },
    /// A kind that the provider cannot name.
    Unknown,
    /// A button was pressed.
    Button(String),
    /// An entry of a list was chosen.
    ListEntry(String),
    /// What the engine says of the group itself.
    System(String),
}

/// Where somebody sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    Group(&'a str),
    /// To the account alone.
    Direct,
    /// Nobody can tell: `waGroupId` is empty.
    Blank,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mo<'a> {
    pub(super) id: String,
    pub(super) from: u64,
    /// As people call themselves.
    pub(super) name: Option<String>,
    pub(super) place: Place<'a>,
    pub(super) content: Content,
    /// Unix milliseconds.
    pub(super) at: u64,
    /// Its id, and when it was opened.
    pub(super) session: (u64, u64),
}

impl Mo<'_> {
    /// The element. Source: «MO», «Group MO».
    pub(super) fn item(&self) -> Value {
        let at = self.at / 1000 * 1000;
        let mut item = Map::new();
        let mut put = |key: &str, value: Value| item.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("source", json!(self.from.to_string()));
        put("origin", json!(OWN.to_string()));
        if let Some(profile) = self.profile() {
            put("userProfile", profile);
        }
        let mut message = self.message();
        match (self.place, &self.content) {
            // One of the samples has it there.
            (Place::Group(group), Content::Audio { .. }) => {
                put("waGroupId", json!(group));
            }
            (Place::Group(group), _) => message["waGroupId"] = json!(group),
            (Place::Blank, _) => message["waGroupId"] = json!(""),
            (Place::Direct, _) => {
                put("correlationId", json!("abc"));
                put("flowId", json!("f1"));
                put(
                    "extraInfo",
                    json!(r#"{"segmentation_list":[{"id":26,"name":"L1","active":true}]}"#),
                );
            }
        }
        put("message", message);
        // A sample has this one as a text.
        let is_text = self.content == Content::Location;
        let received = if is_text {
            json!(at.to_string())
        } else {
            json!(at)
        };
        put("receivedAt", received);
        put("receivedDate", json!(to_the_second(at)));
        if !matches!(self.content, Content::System(_)) {
            let (id, opened) = self.session;
            let key = match self.place {
                Place::Direct => "sessionId",
                Place::Group(_) | Place::Blank => "id",
            };
            put("session", json!({key: id.to_string(), "createdAt": opened}));
        }
        Value::Object(item)
    }

    /// «available only for text, location and contact message types»
    fn profile(&self) -> Option<Value> {
        match self.content {
            Content::Text(_) | Content::Location | Content::Contact { .. } => {}
            Content::Image { .. }
            | Content::Audio { .. }
            | Content::Document { .. }
            | Content::Sticker { .. }
            | Content::Unknown
            | Content::Button(_)
            | Content::ListEntry(_)
            | Content::System(_) => return None,
        }
        let number = self.from.to_string();
        Some(match &self.name {
            Some(name) => json!({"name": name, "whatsAppId": number}),
            None => json!({"whatsAppId": number}),
        })
    }

    fn message(&self) -> Value {
        match &self.content {
            Content::Text(text) => json!({"type": "TEXT", "messageText": text}),
            Content::Image { url, caption } => json!({
                "type": "IMAGE", "mediaUrl": url, "mimeType": "image/png", "caption": caption,
            }),
            Content::Audio { url } => json!({
                "type": "AUDIO", "mediaUrl": url, "mimeType": "audio/wav",
            }),
            Content::Document { url, caption } => json!({
                "type": "DOCUMENT", "mediaUrl": url, "mimeType": "application/pdf",
                "caption": caption,
            }),
            // The sample has no `type`.
            Content::Location => json!({"location": {
                "geoPoint": "-22.894180,-47.047960",
                "name": "Portão 3",
                "address": "Av. Cel. Silva Telles",
            }}),
            Content::Contact { name, number } => json!({"type": "CONTACTS", "contacts": [{
                "name": {"first_name": name, "formatted_name": name},
                "phones": [{
                    "phone": phone(*number), "type": "CELL", "wa_id": number.to_string(),
                }],
            }]}),
            Content::Sticker { url } => json!({
                "type": "STICKER", "mediaUrl": url, "mimeType": "image/png",
            }),
            Content::Unknown => json!({"type": "UNKNOWN"}),
            Content::Button(title) => json!({"type": "TEXT", "messageText": title, "interactive": {
                "type": "BUTTON_REPLY", "buttonReply": {"payload": "yes", "title": title},
            }}),
            Content::ListEntry(title) => json!({"type": "TEXT", "interactive": {
                "type": "LIST_REPLY", "listReply": {"rowIdentifier": "r-2", "rowTitle": title},
            }}),
            // The engine puts marks of direction around what it says.
            Content::System(text) => json!({
                "type": "SYSTEM", "messageText": format!("\u{200e}{text}\u{200e}"),
            }),
        }
    }
}

/// How far a message got, with the Unix milliseconds of each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Sent {
        sent: u64,
    },
    Delivered {
        sent: u64,
        delivered: u64,
    },
    Read {
        sent: u64,
        delivered: u64,
        read: u64,
    },
    /// It reached the platform, and nobody else.
    NotDelivered {
        sent: u64,
        refused: u64,
    },
    /// The platform did not take it, with its code and name.
    Refused {
        code: u16,
        status: &'static str,
        at: u64,
    },
}

/// The callback. Source: «Status callback».
pub(super) fn status(of: &Sent, progress: Progress) -> Value {
    let mut item = Map::new();
    let mut put = |key: &str, value: Value| item.insert(key.to_owned(), value);
    put("id", json!(of.id));
    if let Some(id) = &of.correlation_id {
        put("correlationId", json!(id));
    }
    put("destination", json!(of.destination));
    put("origin", json!(OWN.to_string()));
    let (sent, delivered, read, updated) = match progress {
        Progress::Sent { sent } => (sent, None, None, sent),
        Progress::Delivered { sent, delivered } => (sent, Some((4, delivered)), None, delivered),
        Progress::Read {
            sent,
            delivered,
            read,
        } => (sent, Some((4, delivered)), Some(read), read),
        Progress::NotDelivered { sent, refused } => (sent, Some((104, refused)), None, refused),
        Progress::Refused { code, status, at } => {
            let at = at / 1000 * 1000;
            put("sent", json!(false));
            put("sentStatusCode", json!(code));
            put("sentStatus", json!(status));
            put("sentDate", json!(to_the_second(at)));
            put("sentAt", json!(at));
            return Value::Object(item);
        }
    };
    put("sent", json!(true));
    put("sentStatusCode", json!(2));
    put("sentStatus", json!("SENT_SUCCESS"));
    put("sentDate", json!(to_the_millisecond(sent)));
    put("sentAt", json!(sent));
    let Some((code, at)) = delivered else {
        put("delivered", json!(false));
        put("read", json!(false));
        put("updatedDate", json!(to_the_millisecond(updated)));
        put("updatedAt", json!(updated));
        return Value::Object(item);
    };
    let is_delivered = code == 4;
    put("delivered", json!(is_delivered));
    put("deliveredStatusCode", json!(code));
    let name = if is_delivered {
        "DELIVERED_SUCCESS"
    } else {
        "NOT_DELIVERED"
    };
    put("deliveredStatus", json!(name));
    put("deliveredDate", json!(to_the_millisecond(at)));
    put("deliveredAt", json!(at));
    put("read", json!(read.is_some()));
    if let Some(at) = read {
        put("readDate", json!(to_the_millisecond(at)));
        put("readAt", json!(at));
    }
    put("updatedDate", json!(to_the_millisecond(updated)));
    put("updatedAt", json!(updated));
    Value::Object(item)
}

/// `+55 11 90000-0004`, as people write numbers.
pub(super) fn phone(number: u64) -> String {
    let digits = number.to_string();
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default().to_owned();
    if digits.len() != 13 {
        return format!("+{digits}");
    }
    let (country, area, first, last) = (part(0..2), part(2..4), part(4..9), part(9..13));
    format!("+{country} {area} {first}-{last}")
}

fn moment(unix_ms: u64) -> Timestamp {
    let moment = Timestamp::from_millisecond(i64::try_from(unix_ms).unwrap_or_default());
    moment.unwrap_or_default()
}

/// `2020-01-21T18:49:43Z`
fn to_the_second(unix_ms: u64) -> String {
    moment(unix_ms).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2017-12-18T17:09:33.000Z`
fn to_the_millisecond(unix_ms: u64) -> String {
    moment(unix_ms)
        .strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string()
}

#[cfg(test)]
mod tests;

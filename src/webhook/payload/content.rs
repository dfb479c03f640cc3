//! What a message says: its kind by `type`, else by what is in it.
//!
//! Invariant: every message says something; what fits no kind is [`Content::Unknown`] with its words.

use serde_json::value::RawValue;

use super::fields::{Fields, text};
use crate::domain::{Content, MediaKind};

/// Most cards of one message that are kept, and most characters of the name on one.
const MAX_CARDS: usize = 256;
const MAX_NAME: usize = 256;

/// Source: `api.md` 6.5, «Kind».
pub(super) fn content(message: &Fields<'_>) -> Content {
    let kind = message.word("type").unwrap_or_default();
    let said = match &*kind.to_uppercase() {
        // A chosen answer comes as a text with the choice beside it.
        "TEXT" => choice(message).or_else(|| words(message)),
        "INTERACTIVE" | "LIST_REPLY" | "BUTTON_REPLY" | "BUTTON" => {
            choice(message).or_else(|| pressed(message))
        }
        "IMAGE" => Some(media(message, MediaKind::Image)),
        "AUDIO" | "VOICE" => Some(media(message, MediaKind::Audio)),
        "VIDEO" => Some(media(message, MediaKind::Video)),
        "DOCUMENT" => Some(media(message, MediaKind::Document)),
        "STICKER" => Some(media(message, MediaKind::Sticker)),
        "LOCATION" => location(message),
        "CONTACTS" | "CONTACT" => contacts(message),
        "SYSTEM" => message.text("messageText").map(Content::System),
        "" => None,
        _ => return unknown(message, kind),
    };
    said.or_else(|| location(message))
        .or_else(|| contacts(message))
        .or_else(|| choice(message))
        .or_else(|| message.word("mediaUrl").map(|_| inferred_media(message)))
        .or_else(|| words(message))
        .unwrap_or_else(|| unknown(message, kind))
}

fn unknown(message: &Fields<'_>, kind: String) -> Content {
    let text = message.first(&["messageText", "caption"]);
    Content::Unknown {
        kind,
        text: text.unwrap_or_default(),
    }
}

fn words(message: &Fields<'_>) -> Option<Content> {
    message.text("messageText").map(Content::Text)
}

fn media(message: &Fields<'_>, kind: MediaKind) -> Content {
    let field = |name| message.word(name).unwrap_or_default();
    Content::Media {
        kind,
        address: field("mediaUrl"),
        mime_type: field("mimeType"),
        caption: message.text("caption").unwrap_or_default(),
    }
}

fn inferred_media(message: &Fields<'_>) -> Content {
    let mime_type = message.word("mimeType").unwrap_or_default();
    let kind = match mime_type.to_ascii_lowercase().split('/').next() {
        Some("image") => MediaKind::Image,
        Some("audio") => MediaKind::Audio,
        Some("video") => MediaKind::Video,
        Some(_) | None => MediaKind::Document,
    };
    media(message, kind)
}

fn location(message: &Fields<'_>) -> Option<Content> {
    let place = message.object("location")?;
    let field = |name| place.word(name).unwrap_or_default();
    let point = place.word("geoPoint").or_else(|| {
        let latitude = place.first(&["latitude", "lat"])?;
        let longitude = place.first(&["longitude", "long", "lng"])?;
        Some(format!("{latitude},{longitude}"))
    });
    Some(Content::Location {
        point: point.unwrap_or_default(),
        name: field("name"),
        address: field("address"),
    })
}

fn contacts(message: &Fields<'_>) -> Option<Content> {
    let cards = message.list("contacts")?;
    let names: Vec<String> = cards.into_iter().take(MAX_CARDS).map(card).collect();
    (!names.is_empty()).then_some(Content::Contacts(names))
}

/// What a card calls its person: a name in one of the shapes that are about, else the first number.
fn card(value: &RawValue) -> String {
    let full = ["formattedName", "formatted_name"];
    let parts = ["firstName", "first_name", "lastName", "last_name"];
    let named = text(value).or_else(|| {
        let card = Fields::of(value)?;
        let name = card.object("name");
        let name = name.as_ref().unwrap_or(&card);
        let joined = || {
            let parts: Vec<String> = parts.iter().filter_map(|part| name.word(part)).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        };
        let number = || {
            let phones = card.list("phones")?;
            Fields::of(phones.first()?)?.first(&["phone", "waId", "wa_id"])
        };
        name.first(&full)
            .or_else(|| card.word("name"))
            .or_else(joined)
            .or_else(number)
            .or_else(|| card.word("phone"))
    });
    let named = named.unwrap_or_else(|| "unnamed".to_owned());
    named.chars().take(MAX_NAME).collect()
}

/// Source: `api.md` 2.5, `interactive`.
fn choice(message: &Fields<'_>) -> Option<Content> {
    let interactive = message.object("interactive")?;
    let reply = interactive
        .object("listReply")
        .or_else(|| interactive.object("buttonReply"))?;
    chosen(
        reply.first(&["rowTitle", "title"]),
        reply.first(&["rowIdentifier", "payload", "id"]),
    )
}

/// The answer of a button without `interactive`.
fn pressed(message: &Fields<'_>) -> Option<Content> {
    let button = message.object("button");
    let field = |names: &[&str]| button.as_ref().and_then(|button| button.first(names));
    let title = field(&["text", "title"]).or_else(|| message.word("messageText"));
    chosen(title, field(&["payload"]))
}

fn chosen(title: Option<String>, payload: Option<String>) -> Option<Content> {
    (title.is_some() || payload.is_some()).then(|| Content::Choice {
        title: title.unwrap_or_default(),
        payload: payload.unwrap_or_default(),
    })
}

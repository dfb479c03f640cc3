//! What other people wrote, as the provider reports it. What became of what we wrote is in
//! [`super::delivery`].
//!
//! Invariant: from nothing here a direct message can be made. A group message is answered in its group:
//! a direct answer may be charged each time (document, «Group MO»), so [`Sender`] is no number that
//! one can write to.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Clean, Delivery, Fate, GroupId, Millis, WaId};

/// Place of a report in the order in which reports were kept: later ones have larger numbers. Local
/// order, because clocks of senders say anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub i64);

/// Who wrote, as the provider names them: normally the digits of a phone number.
///
/// Nothing can be sent to one:
///
/// ```compile_fail,E0308
/// use wavedeck::domain::{CorrelationId, Invitation, InviteLink, Sender};
///
/// fn direct(sender: Sender, link: &InviteLink) -> Option<Invitation> {
///     Invitation::new(sender, "Entre:", link, CorrelationId::from_bits(1))
/// }
/// ```
///
/// ```compile_fail,E0277
/// use wavedeck::domain::{Sender, WaId};
///
/// fn number(sender: Sender) -> WaId {
///     sender.into()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sender(String);

impl Sender {
    /// Most characters that are kept.
    const MOST: usize = 128;

    /// A sender as a report names them; blank when it names nobody.
    pub fn new(text: &str) -> Self {
        Self(text.trim().chars().take(Self::MOST).collect())
    }

    /// As it came, for comparing and keeping.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as people write it, made safe: `+55 19 90000-0003`. Only for display.
    pub fn pretty(&self) -> String {
        WaId::from_api(&self.0).map_or_else(|| "unknown sender".to_owned(), |id| id.pretty())
    }

    /// Whether that is this person.
    pub fn is(&self, id: &WaId) -> bool {
        WaId::from_api(&self.0).as_ref() == Some(id)
    }
}

/// Where a message belongs. Source: `api.md` 6.5.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// In the thread of a group, known here or not.
    Group(GroupId),
    /// Written to the account itself. Read only: replying may be charged.
    Direct,
    /// It names a group that cannot be one. Nothing can be answered.
    Unclassified,
    /// Not a message that can be understood; kept as it came.
    Unreadable,
}

/// Kinds of file in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MediaKind {
    /// A picture.
    Image,
    /// Something to listen to.
    Audio,
    /// A film.
    Video,
    /// Any other file.
    Document,
    /// A sticker.
    Sticker,
}

impl MediaKind {
    /// Its word: `image`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }
}

/// What a message says. Texts are as they came and must be made safe before they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Words.
    Text(String),
    /// A file. It is never fetched by the program.
    Media {
        /// Of which kind.
        kind: MediaKind,
        /// Where it is; blank when the report does not say.
        address: String,
        /// `mimeType`; may be blank.
        mime_type: String,
        /// What was written below it; may be blank.
        caption: String,
    },
    /// A place.
    Location {
        /// `latitude,longitude` as it came; may be blank.
        point: String,
        /// Its name; may be blank.
        name: String,
        /// Its address; may be blank.
        address: String,
    },
    /// Cards of people, by what they are called.
    Contacts(Vec<String>),
    /// An answer chosen from a list or by a button.
    Choice {
        /// What was chosen, as the person saw it.
        title: String,
        /// What the sender of the question called it; may be blank.
        payload: String,
    },
    /// Something that WhatsApp tells, such as that somebody was added.
    System(String),
    /// A kind that this program does not know.
    Unknown {
        /// `type` as it came; may be blank.
        kind: String,
        /// Words that were with it; may be blank.
        text: String,
    },
    /// No message at all, and why it could not be read.
    Unreadable(String),
}

impl Content {
    /// What it says in one line of plain words, not yet made safe: `[image] foto.jpg · capa`.
    pub fn line(&self) -> String {
        let joined = |parts: &[&str]| {
            let parts = parts.iter().filter(|part| !part.trim().is_empty());
            parts.copied().collect::<Vec<_>>().join(" · ")
        };
        match self {
            Self::Text(text) | Self::System(text) => text.clone(),
            Self::Media {
                kind,
                address,
                mime_type,
                caption,
            } => {
                let file = file_name(address);
                let file = file.as_deref().unwrap_or(mime_type);
                format!("[{}] {}", kind.word(), joined(&[file, caption]))
            }
            Self::Location {
                point,
                name,
                address,
            } => format!("[location] {}", joined(&[name, address, point])),
            Self::Contacts(names) => format!("[contacts] {}", names.join(", ")),
            Self::Choice { title, payload } => {
                let title = if title.is_empty() { payload } else { title };
                format!("[answer] {title}")
            }
            Self::Unknown { kind, text } => {
                let kind = if kind.is_empty() { "no type" } else { kind };
                joined(&[&format!("[UNKNOWN: {kind}]"), text])
            }
            Self::Unreadable(why) => format!("[unreadable] {why}"),
        }
        .trim()
        .to_owned()
    }

    /// Where its file is, if it has one.
    pub fn attachment(&self) -> Option<&str> {
        match self {
            Self::Media { address, .. } => Some(address.as_str()).filter(|text| !text.is_empty()),
            Self::Text(_)
            | Self::Location { .. }
            | Self::Contacts(_)
            | Self::Choice { .. }
            | Self::System(_)
            | Self::Unknown { .. }
            | Self::Unreadable(_) => None,
        }
    }

    /// What `o` opens: the file, else the first web address in the words.
    pub fn link(&self) -> Option<&str> {
        if let Some(address) = self.attachment() {
            return Some(address);
        }
        let text = match self {
            Self::Text(text) | Self::System(text) => text,
            Self::Media { caption, .. } => caption,
            Self::Location { .. }
            | Self::Contacts(_)
            | Self::Choice { .. }
            | Self::Unknown { .. }
            | Self::Unreadable(_) => return None,
        };
        let mut words = text.split_whitespace().map(|word| {
            word.trim_start_matches(['(', '[', '<', '"', '\''])
                .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '>', '"', '\''])
        });
        words.find(|word| word.starts_with("https://") || word.starts_with("http://"))
    }
}

/// The address as a browser takes it; `None` for one that does not lead to the web.
///
/// Addresses come from people we do not know: nothing else is ever handed to a program outside.
pub fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    is_web.then_some(url)
}

/// The last part of an address, as people write it.
fn file_name(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?;
    let (_, name) = path.rsplit_once('/')?;
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}

/// A message from somebody else. Source: «Group MO».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Where it belongs.
    pub lane: Lane,
    /// Who wrote it.
    pub sender: Sender,
    /// What they call themselves; a hint that anyone can choose. Blank when unknown.
    pub name: Clean,
    /// What they wrote.
    pub content: Content,
    /// When, by the provider's clock.
    pub received_at: Option<Millis>,
}

/// One item of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The same for the same report, however often it comes.
    pub key: String,
    /// What it says.
    pub report: Report,
    /// The item as it came, as JSON.
    pub raw: String,
}

/// What one item says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Somebody wrote, or something came that cannot be understood ([`Lane::Unreadable`]).
    Message(Incoming),
    /// How far a message of ours got.
    Delivery(Delivery),
}

/// A message that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its place.
    pub seq: Seq,
    /// When it was kept, by the clock of the computer that received it.
    pub kept_at: Millis,
    /// How often it came.
    pub times: u32,
    /// What it is. Its name is the newest one known of the sender.
    pub message: Incoming,
}

/// What was kept after some place, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Messages.
    pub messages: Vec<Kept>,
    /// What became of ours.
    pub fates: Vec<Fate>,
    /// Everything up to here is known now.
    pub last: Seq,
    /// Whether there is more behind.
    pub is_partial: bool,
}

/// A lane at one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneSummary {
    /// Which.
    pub lane: Lane,
    /// How many messages are kept.
    pub total: usize,
    /// How many of them the reader has not read.
    pub unread: usize,
    /// The first of those.
    pub first_unread: Option<Seq>,
    /// The newest message.
    pub newest: Kept,
}

/// Everything that is kept, at one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Every lane with something in it.
    pub lanes: Vec<LaneSummary>,
    /// What comes after this is news.
    pub last: Seq,
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn media(kind: MediaKind, address: &str, caption: &str) -> Content {
        Content::Media {
            kind,
            address: address.into(),
            mime_type: "image/jpg".into(),
            caption: caption.into(),
        }
    }

    #[test]
    fn every_kind_has_its_line() {
        let image = media(
            MediaKind::Image,
            "https://x.example/a/foto%20nova.jpg?x=1",
            "capa",
        );
        assert_eq!(image.line(), "[image] foto nova.jpg · capa");
        assert_eq!(
            media(MediaKind::Sticker, "", "").line(),
            "[sticker] image/jpg"
        );
        let unknown = Content::Unknown {
            kind: "ORDER".into(),
            text: String::new(),
        };
        assert_eq!(unknown.line(), "[UNKNOWN: ORDER]");
        let place = Content::Location {
            point: "-22.9,-47.0".into(),
            name: "Wavy".into(),
            address: String::new(),
        };
        assert_eq!(place.line(), "[location] Wavy · -22.9,-47.0");
    }

    #[test]
    fn a_link_is_the_file_or_the_first_address_in_the_words() {
        let image = media(
            MediaKind::Image,
            "https://x.example/a.jpg",
            "https://y.example",
        );
        assert_eq!(image.link(), Some("https://x.example/a.jpg"));
        let text = Content::Text("vejam (https://y.example/z), por favor".into());
        assert_eq!(text.link(), Some("https://y.example/z"));
    }

    #[test]
    fn only_addresses_of_the_web_are_opened() {
        let opened = |text| web_address(text).map(String::from);
        assert_eq!(
            opened("https://x.example/a b").as_deref(),
            Some("https://x.example/a%20b")
        );
        for text in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ms-msdt:/id",
            "-h",
            "x.example",
            "",
        ] {
            assert_eq!(opened(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_sender_is_shown_safely(text in any::<String>()) {
            let pretty = Sender::new(&text).pretty();
            prop_assert!(!pretty.chars().any(char::is_control));
        }
    }
}

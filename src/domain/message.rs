//! Messages that may be written, and to whom.
//!
//! A message to a group and a message to a person are different types with no way from one to the
//! other: answering a group message with a direct one costs money each time (document, «Group MO»),
//! so the mistake must not be possible to write.

use std::fmt;
use std::str::FromStr;

use super::{GroupId, InviteLink, WaId};

/// A text we may send: not blank, at most [`MessageText::MAX`] units. Line breaks are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText(String);

/// Why a typed text cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageTextError {
    /// Nothing, or only blanks.
    #[error("there is nothing to send")]
    Empty,
    /// Over the limit, by so many units.
    #[error("{0} characters too many: the limit is {max}", max = MessageText::MAX)]
    TooLong(usize),
}

impl MessageText {
    /// Longest text, in UTF-16 code units: the engine refuses more (`docs/api-notes.md`).
    pub const MAX: usize = 4096;

    /// The text as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MessageText {
    type Err = MessageTextError;

    fn from_str(text: &str) -> Result<Self, MessageTextError> {
        let text = text.trim();
        let units = text.encode_utf16().count();
        if text.is_empty() {
            Err(MessageTextError::Empty)
        } else if units > Self::MAX {
            Err(MessageTextError::TooLong(units - Self::MAX))
        } else {
            // Control characters mean nothing to the person who reads.
            Ok(Self(
                text.chars()
                    .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
                    .collect(),
            ))
        }
    }
}

/// Our own name for one message, which the provider's callbacks repeat: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CorrelationId(String);

impl CorrelationId {
    /// Made from 128 random bits.
    pub fn from_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }

    /// One of ours, as a report repeats it; `None` for the name that another program gave.
    pub fn of_report(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_ours = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        is_ours.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A message to a group. Source: «Sending Messages to Groups».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMessage {
    /// To which group.
    pub group: GroupId,
    /// What.
    pub text: MessageText,
    /// Our name for it.
    pub id: CorrelationId,
}

/// An invitation sent to one person as a direct message, which may be charged. The only direct
/// message there is: it always carries a link, and can only be made from one.
///
/// ```
/// use wavedeck::domain::{CorrelationId, Invitation, InviteLink, WaId};
///
/// let to = WaId::from_api("5511900000009").unwrap();
/// let link = InviteLink::new("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv");
/// assert!(Invitation::new(to, "Entre:", &link, CorrelationId::from_bits(1)).is_some());
/// ```
///
/// A message to a group does not become one:
///
/// ```compile_fail,E0277
/// use wavedeck::domain::{GroupMessage, Invitation};
///
/// fn direct(message: GroupMessage) -> Invitation {
///     message.into()
/// }
/// ```
///
/// A group is nobody to send one to:
///
/// ```compile_fail,E0308
/// use wavedeck::domain::{GroupMessage, Invitation, InviteLink};
///
/// fn direct(message: GroupMessage, link: &InviteLink) -> Option<Invitation> {
///     Invitation::new(message.group, message.text.as_str(), link, message.id)
/// }
/// ```
///
/// A text without a link is none:
///
/// ```compile_fail,E0451
/// use wavedeck::domain::{GroupMessage, Invitation, WaId};
///
/// fn direct(message: GroupMessage, to: WaId) -> Invitation {
///     Invitation { to, text: message.text, id: message.id }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    to: WaId,
    text: MessageText,
    id: CorrelationId,
}

impl Invitation {
    /// An invitation with `words` before the link; `None` when the link is no web address or the
    /// whole is too long.
    pub fn new(to: WaId, words: &str, link: &InviteLink, id: CorrelationId) -> Option<Self> {
        let text = Self::wording(words, link)?;
        to.is_sendable().then_some(Self { to, text, id })
    }

    /// What an invitation with these words says: they come first, the link has a line of its own.
    /// `None` as with [`Self::new`].
    pub fn wording(words: &str, link: &InviteLink) -> Option<MessageText> {
        let url = link.url()?;
        format!("{}\n{url}", words.trim()).parse().ok()
    }

    /// To whom.
    pub fn to(&self) -> &WaId {
        &self.to
    }

    /// What is written, link included.
    pub fn text(&self) -> &MessageText {
        &self.text
    }

    /// Our name for it.
    pub fn id(&self) -> &CorrelationId {
        &self.id
    }
}

/// What the platform said about an accepted message: accepted, not delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The provider's name for it, which callbacks repeat.
    pub provider_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_neither_blank_nor_endless() {
        assert_eq!(
            " Bom dia!\n ".parse::<MessageText>().unwrap().as_str(),
            "Bom dia!"
        );
        assert_eq!(" \n".parse::<MessageText>(), Err(MessageTextError::Empty));
        assert_eq!(
            "x".repeat(4097).parse::<MessageText>(),
            Err(MessageTextError::TooLong(1))
        );
        assert_eq!(
            "a\x1b[2Jb\nc".parse::<MessageText>().unwrap().as_str(),
            "a[2Jb\nc"
        );
    }

    #[test]
    fn an_invitation_always_carries_a_link() {
        let to = WaId::from_api("5511900000009").unwrap();
        let id = CorrelationId::from_bits(7);
        let odd = InviteLink::new("group-invite-link");
        assert_eq!(Invitation::new(to.clone(), "Entre", &odd, id.clone()), None);
        let link = InviteLink::new("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv");
        let invitation = Invitation::new(to, "Entre no grupo:", &link, id).unwrap();
        assert_eq!(
            invitation.text().as_str(),
            "Entre no grupo:\nhttps://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"
        );
    }

    #[test]
    fn our_names_are_32_digits() {
        assert_eq!(CorrelationId::from_bits(255).as_str().len(), 32);
    }
}

//! Invite links.

use std::sync::Arc;

use super::Clean;

/// The host of every invite link that WhatsApp makes.
const HOST: &str = "chat.whatsapp.com";

/// The link by which people join a group, as the server gave it.
///
/// Source: the provider's document, «Consulting All Groups» and the paragraphs on `…/invite`. Its
/// example shows only `group-invite-link`, so three readings are told apart: a web address, a bare
/// code (completed to an address), and anything else, which is shown but never copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteLink {
    given: Clean,
    url: Option<Arc<str>>,
}

impl InviteLink {
    /// Reads the `link` of an answer.
    pub fn new(given: &str) -> Self {
        let given = given.trim();
        let code =
            (20..=24).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_alphanumeric());
        let url = if code {
            Some(format!("https://{HOST}/{given}").into())
        } else if is_web_address(given) {
            Some(given.into())
        } else {
            None
        };
        Self {
            given: Clean::new(given),
            url,
        }
    }

    /// The address to hand out; `None` when the server's text is no `https` address.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// What to show: the address, or the server's own words made safe.
    pub fn shown(&self) -> &str {
        self.url.as_deref().unwrap_or(self.given.as_str())
    }

    /// The host, when it is not the one that WhatsApp uses: worth a word to the user.
    pub fn strange_host(&self) -> Option<&str> {
        self.url().and_then(host).filter(|host| *host != HOST)
    }
}

/// One line of printable ASCII that starts with `https://` and a host.
fn is_web_address(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
        && host(text).is_some_and(|host| !host.is_empty() && !host.contains('@'))
}

fn host(url: &str) -> Option<&str> {
    url.strip_prefix("https://")?.split(['/', '?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_link_is_taken_as_it_is() {
        let link = InviteLink::new("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv");
        assert_eq!(
            link.url(),
            Some("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv")
        );
        assert_eq!(link.strange_host(), None);
    }

    #[test]
    fn a_bare_code_becomes_a_link() {
        assert_eq!(
            InviteLink::new("AbCdEfGhIjKlMnOpQrStUv").url(),
            Some("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv")
        );
    }

    #[test]
    fn anything_else_is_shown_but_not_handed_out() {
        for text in [
            "group-invite-link",
            "javascript:alert(1)",
            "http://chat.whatsapp.com/x",
            "https://",
            "https://a@b/c",
            "https://x\u{202e}y/",
        ] {
            let link = InviteLink::new(text);
            assert_eq!(link.url(), None, "{text}");
        }
        assert_eq!(
            InviteLink::new("group-invite-link").shown(),
            "group-invite-link"
        );
        assert_eq!(InviteLink::new("a\x1b]52;").shown(), "a^[]52;");
    }

    #[test]
    fn another_host_is_named() {
        assert_eq!(
            InviteLink::new("https://example.org/j/1").strange_host(),
            Some("example.org")
        );
    }
}

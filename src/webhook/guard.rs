//! Who may hand something in, judged by the head of a request alone.
//!
//! It reads no body and keeps nothing. Invariants: whoever does not know the path learns nothing, not
//! even that there is one; no web page gets through, because a browser says where a request comes
//! from, and a name that was bent to this computer is not among the allowed ones.

use std::fmt;
use std::io;
use std::net::IpAddr;

use axum::http::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::queue::Reason;
use crate::domain::HostName;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Random bytes of a path that was not chosen by anybody.
const RANDOM_BYTES: usize = 16;

/// The path of the receiver, without the slash in front: all that keeps strangers out. It does not
/// print.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretPath(String);

/// Why a text is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretPathError {
    /// Nothing there.
    #[error("a secret path must not be empty")]
    Empty,
    /// A character that an address cannot carry there, or that senders would rewrite.
    #[error("a secret path has only letters, digits and `-` `_` `.` `~` `/`")]
    Character,
    /// A segment that senders would leave out.
    #[error("a secret path has no empty segment and none that is `.` or `..`")]
    Segment,
    /// Longer than any.
    #[error("a secret path has at most {} characters", SecretPath::MOST)]
    TooLong,
}

impl SecretPath {
    /// Most characters.
    pub const MOST: usize = 256;
    /// With fewer characters it can be guessed.
    pub const ENOUGH: usize = 16;

    /// A path that was chosen; a slash in front is left out.
    ///
    /// # Errors
    /// When no sender could ask for it as it is.
    pub fn new(text: &str) -> Result<Self, SecretPathError> {
        let text = text.strip_prefix('/').unwrap_or(text);
        if text.is_empty() {
            return Err(SecretPathError::Empty);
        }
        if text.len() > Self::MOST {
            return Err(SecretPathError::TooLong);
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '/');
        if !text.chars().all(fits) {
            return Err(SecretPathError::Character);
        }
        if text.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(SecretPathError::Segment);
        }
        Ok(Self(text.to_owned()))
    }

    /// One that nobody can guess: 32 hexadecimal digits.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn random() -> io::Result<Self> {
        let mut bytes = [0; RANDOM_BYTES];
        rustls::crypto::ring::default_provider()
            .secure_random
            .fill(&mut bytes)
            .map_err(|_why| io::Error::other("the system gives no random bytes"))?;
        Ok(Self(format!("{:032x}", u128::from_be_bytes(bytes))))
    }

    /// The path, for the address that is given to the provider and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether so few characters can be guessed.
    pub fn is_weak(&self) -> bool {
        self.0.len() < Self::ENOUGH
    }
}

impl fmt::Debug for SecretPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretPath(…)")
    }
}

/// Judges heads.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Of the path, so that comparing takes the same time whatever the length.
    path: [u8; 32],
    hosts: Vec<HostName>,
}

impl Guard {
    pub(super) fn new(path: &SecretPath, hosts: Vec<HostName>) -> Self {
        Self {
            path: digest(&format!("/{}", path.0)),
            hosts,
        }
    }

    /// `Err` says why it is refused. What a browser sent, and what does not know the path, is refused
    /// before anything is said about the rest.
    pub(super) fn judge(&self, head: &Parts) -> Result<(), Reason> {
        // Always, so that the time tells nothing about the other checks either.
        let knows_path = digest(head.uri.path()).ct_eq(&self.path);
        if head.headers.contains_key(ORIGIN) || head.headers.contains_key(FETCH_SITE) {
            return Err(Reason::Browser);
        }
        if !self.is_for_us(head) {
            return Err(Reason::Host);
        }
        if !bool::from(knows_path) {
            return Err(Reason::Path);
        }
        if head.method != Method::POST {
            return Err(Reason::Method);
        }
        if is_other_content(&head.headers) {
            return Err(Reason::ContentType);
        }
        Ok(())
    }

    /// Whether exactly one host is named, by its address or by an allowed name.
    fn is_for_us(&self, head: &Parts) -> bool {
        let mut hosts = head.headers.get_all(HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return false;
        };
        let Ok(host) = Authority::try_from(host.as_bytes()) else {
            return false;
        };
        self.allows(&host) && head.uri.authority().is_none_or(|named| self.allows(named))
    }

    fn allows(&self, host: &Authority) -> bool {
        if host.as_str().contains('@') {
            return false;
        }
        let name = host.host();
        let literal = name.trim_start_matches('[').trim_end_matches(']');
        // A page whose name was bent to this computer has a name.
        literal.parse::<IpAddr>().is_ok()
            || HostName::new(name)
                .is_ok_and(|name| name.as_str() == "localhost" || self.hosts.contains(&name))
    }
}

fn digest(path: &str) -> [u8; 32] {
    Sha256::digest(path.as_bytes()).into()
}

/// Whether it says that it is something else than JSON. One that says nothing is looked at: a page
/// cannot say nothing without being told by its `Origin`.
fn is_other_content(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    types.any(|value| {
        let value = value.to_str().unwrap_or_default();
        let kind = value.split(';').next().unwrap_or_default().trim();
        !kind.eq_ignore_ascii_case("application/json")
    })
}

#[cfg(test)]
mod tests;

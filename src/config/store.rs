//! Where the user wants the journal to be: a text that this layer does not read.
//!
//! Invariant: it may hold the password of a database, so it does not print.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use super::Origin;

/// The place of the journal as somebody wrote it, and where.
#[derive(Clone)]
pub struct StoreText {
    text: SecretString,
    origin: Origin,
}

impl StoreText {
    pub(super) fn new(text: SecretString, origin: Origin) -> Self {
        Self { text, origin }
    }

    /// What was written. Not to be shown.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// Where it was written.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Whether a password may stand in it: whatever names no file.
    pub(super) fn may_be_secret(&self) -> bool {
        let scheme = self.expose().trim().split(':').next();
        !scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("sqlite"))
    }
}

impl fmt::Debug for StoreText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreText")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl PartialEq for StoreText {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose() && self.origin == other.origin
    }
}

//! The provider's API over HTTP: one method for each call of its document.
//!
//! Not here: repeating, pacing, re-reading after a change. One call is at most one request on the
//! wire; what to do about its outcome is decided by the pure core, which sees it as plain data.
//!
//! ```text
//! Client::rename_group(id, subject)
//!   └► client    path, headers, body ──► one request ──► status, then at most so many bytes
//!        ├─ no status   error::transport  never sent · may have been carried out
//!        ├─ 2xx         wire              ids, details, a link; a change needs no body
//!        └─ others      error::status     decoded by (operation, status), with the server's words
//!   ◄── Answer { exchange: what the Activity pane lists, result: value or Failure }
//! ```
//!
//! The pictures of groups are somewhere else, and [`Pictures`] fetches them knowing no credentials.
//!
//! Invariants: credentials go to the one origin of the account and nowhere else, redirects are
//! never followed, and nothing that comes out of here, not even its `Debug`, holds the token.

mod client;
mod error;
mod groups;
mod icon;
mod invite;
mod members;
mod messages;
mod pictures;
mod wire;

pub use client::{Client, ClientError, Limits};
pub use pictures::Pictures;

use crate::domain::{Exchange, Failure};

/// What a call came to, and the exchange as the Activity pane lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The request and its answer, without credentials.
    pub exchange: Exchange,
    /// The value asked for, or why there is none.
    pub result: Result<T, Failure>,
}

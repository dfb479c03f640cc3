//! What can go wrong with a call, and how it becomes a [`Failure`] that the rest of the program knows.
//!
//! Invariant: a status is read together with the operation, never alone; and «nothing was sent» is
//! said only where the HTTP library can prove it.

mod status;
mod transport;
mod words;

use crate::domain::{Clean, Failure, FailureKind, IconAddressError, Sent};

pub(super) use status::{Refusal, redirect, retry_after};
pub(super) use words::{complaint, cut, html_title, words};

/// Why a call brought no value.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// A change, asked of a client that may only read.
    #[error("this program runs read-only")]
    ReadOnly,
    /// An id that the API cannot take, by its short form.
    #[error("{0} is not a number that this API takes")]
    Unsendable(String),
    /// An address that must not be followed.
    #[error(transparent)]
    Address(IconAddressError),
    /// No status came.
    #[error("no answer")]
    Transport(#[source] Box<reqwest::Error>),
    /// A status that is no success.
    #[error("{}: {}", .0.status, .0.words)]
    Status(Refusal),
    /// A success whose body stopped coming.
    #[error("{status}: the answer stopped coming")]
    Stalled { status: u16 },
    /// A success with more body than is read.
    #[error("{status}: more than {limit} bytes")]
    TooLarge { status: u16, limit: usize },
    /// A success whose body is not what was asked for.
    #[error("{status}: {why}")]
    Unreadable { status: u16, why: String },
    /// A change that the server accepted, without the proof that we need.
    #[error(transparent)]
    Unproven(Box<Self>),
}

impl Error {
    /// The library's error, without the address: that holds a phone number.
    pub(super) fn transport(why: reqwest::Error) -> Self {
        Self::Transport(Box::new(why.without_url()))
    }

    /// A success whose body is not what was asked for.
    pub(super) fn unreadable(status: u16, why: &str) -> Self {
        Self::Unreadable {
            status,
            why: why.to_owned(),
        }
    }

    /// The same, for a change that may have been carried out.
    pub(super) fn unproven(self) -> Self {
        Self::Unproven(Box::new(self))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let answered = |kind, status, detail: &str| Self {
            kind,
            status: Some(status),
            sent: Sent::Answered,
            detail: Clean::new(detail),
        };
        match error {
            Error::ReadOnly | Error::Unsendable(_) | Error::Address(_) => {
                Self::refused(&error.to_string())
            }
            Error::Transport(why) => transport::failure(&why),
            Error::Status(refusal) => refusal.into(),
            Error::Stalled { status } => answered(FailureKind::Timeout, status, ""),
            Error::TooLarge { status, limit } => answered(
                FailureKind::TooLarge,
                status,
                &format!("over {} KiB", limit / 1024),
            ),
            Error::Unreadable { status, why } => answered(FailureKind::Malformed, status, &why),
            Error::Unproven(why) => Self {
                sent: Sent::Maybe,
                ..(*why).into()
            },
        }
    }
}

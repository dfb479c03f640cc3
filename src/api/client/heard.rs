//! An answer as it arrived: status, the headers that matter, and at most so many bytes.
//!
//! Not here: what it means. Invariant: a status that came is never lost, whatever became of the body.

use std::time::Duration;

use reqwest::{Response, StatusCode, Url};

use crate::api::error::{self, Error, Refusal};
use crate::domain::Operation;

/// How the body of an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Complete,
    /// The connection broke.
    Cut,
    /// Nothing came within the time limit.
    Stalled,
    /// More came than is read.
    Capped,
}

/// An answer whose status came; its body may be incomplete.
pub(in crate::api) struct Heard {
    status: StatusCode,
    body: Vec<u8>,
    end: End,
    /// Longest body that would have been read.
    limit: usize,
    retry_after: Option<Duration>,
    redirect: Option<String>,
}

impl Heard {
    /// The status.
    pub(in crate::api) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Whether it is a 2xx.
    pub(in crate::api) fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// What arrived of the body.
    pub(in crate::api) fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// Fails unless the whole body arrived.
    fn complete(&self) -> Result<(), Error> {
        let status = self.status();
        match self.end {
            End::Complete => Ok(()),
            End::Cut => Err(Error::unreadable(
                status,
                &format!("it broke off after {} bytes", self.body.len()),
            )),
            End::Stalled => Err(Error::Stalled { status }),
            End::Capped => Err(Error::TooLarge {
                status,
                limit: self.limit,
            }),
        }
    }

    /// The whole body.
    ///
    /// # Errors
    /// When it did not arrive completely.
    pub(in crate::api) fn into_whole(self) -> Result<Vec<u8>, Error> {
        self.complete()?;
        Ok(self.body)
    }

    /// The whole body as text, without a byte order mark.
    ///
    /// # Errors
    /// When it did not arrive completely or is no UTF-8. Source: «Connection Details»: UTF-8.
    pub(in crate::api) fn text(&self) -> Result<&str, Error> {
        self.complete()?;
        match std::str::from_utf8(&self.body) {
            Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
            Err(why) => Err(Error::unreadable(
                self.status(),
                &format!("no UTF-8 at byte {}", why.valid_up_to()),
            )),
        }
    }

    /// What the status and the headers make of an answer that is no success, with the server's own
    /// words out of `body`: its text, without anything secret.
    pub(in crate::api) fn refusal(&self, operation: Operation, body: &str, most: usize) -> Refusal {
        let words = error::words(body).unwrap_or_else(|| {
            self.status
                .canonical_reason()
                .unwrap_or_default()
                .to_owned()
        });
        // Pages of front ends are called «502 Bad Gateway»: the number is told anyway.
        let unnumbered = words
            .strip_prefix(self.status.as_str())
            .filter(|rest| rest.starts_with(char::is_whitespace))
            .map_or(words.as_str(), str::trim_start);
        Refusal {
            operation,
            status: self.status(),
            retry_after: self.retry_after,
            redirect: self.redirect.clone(),
            words: error::cut(unnumbered, most).to_owned(),
        }
    }
}

/// Reads what comes after the status, up to `limit` bytes; the rest is left and the connection
/// closed, because nothing but our own cap stops an endless answer.
pub(in crate::api) async fn hear(mut response: Response, limit: usize, url: &Url) -> Heard {
    let status = response.status();
    let retry_after = error::retry_after(response.headers());
    let redirect = error::redirect(response.headers(), url);
    let mut body = Vec::new();
    let promised = response.content_length().unwrap_or(0);
    let hopeless = status.is_success() && promised > u64::try_from(limit).unwrap_or(u64::MAX);
    let end = loop {
        if hopeless {
            break End::Capped;
        }
        match response.chunk().await {
            Ok(None) => break End::Complete,
            Ok(Some(chunk)) => {
                let room = limit.saturating_sub(body.len());
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    break End::Capped;
                }
            }
            Err(why) if why.is_timeout() => break End::Stalled,
            Err(_) => break End::Cut,
        }
    };
    Heard {
        status,
        body,
        end,
        limit,
        retry_after,
        redirect,
    }
}

//! The HTTP client: where requests are built, sent and read, all of them the same way.
//!
//! Not here: what an answer means (`wire`, `error`) and which calls exist (`groups`, `members`,
//! `invite`, `icon`, `messages`). Invariant: [`Client::call`] sends at most one request, to the account's own origin,
//! with both credentials marked sensitive, and reads at most as much as [`Limits`] allow.

mod heard;
mod settings;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use rustls::ClientConfig;
// The clock of the runtime, so that it stands still in tests that pause time.
use tokio::time::Instant;

pub(super) use self::heard::{Heard, hear};
use self::settings::tls;
pub use self::settings::{ClientError, Limits};
pub(super) use self::settings::{distrustful, settings, trustful};
use super::Answer;
use super::error::{self, Error};
use crate::domain::{
    Access, Account, Clean, Exchange, Failure, FailureKind, GroupId, IconFile, Neighbourhood,
    Operation, Token,
};

/// Everything but the unreserved characters of RFC 3986: an id is exactly one segment of the path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The document writes `userName`; HTTP does not care for case. Source: «Authentication».
const USER_NAME: HeaderName = HeaderName::from_static("username");
/// Source: «Authentication».
const TOKEN: HeaderName = HeaderName::from_static("authenticationtoken");
/// Where all calls live, behind the base URL.
const ROOT: &str = "/v1/whatsapp";
/// Most bytes of an answer that are kept for showing.
pub(super) const EXCERPT: usize = 2 * 1024;
/// Shortest token that is taken out of answers, in bytes.
const SHORTEST_SECRET: usize = 4;

/// Talks to the API on behalf of one account. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>, Access);

struct Inner {
    http: reqwest::Client,
    /// For changes, which must not meet a connection that the server is just closing: such a
    /// request may or may not have been carried out, and would have to be called unknown.
    fresh: reqwest::Client,
    /// For pictures, as [`Self::fresh`] but patient: a slow line takes its time to send them.
    upload: reqwest::Client,
    base: Url,
    neighbourhood: Neighbourhood,
    user_name: HeaderValue,
    token: HeaderValue,
    /// To take it out of what the server says.
    secret: Token,
    limits: Limits,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.0.base.as_str())
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

/// One request, before it is sent.
pub(super) struct Request<'a> {
    pub(super) operation: Operation,
    /// The group in the path.
    pub(super) group: Option<&'a GroupId>,
    pub(super) body: Body<'a>,
}

/// What a request carries.
pub(super) enum Body<'a> {
    Nothing,
    Json(String),
    Picture(&'a IconFile),
}

impl Body<'_> {
    /// As the Activity pane lists it: JSON as it is, of a picture only what it is.
    fn listed(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Json(json) => Some(json),
            Self::Picture(file) => {
                let kilobytes = file.bytes().len().div_ceil(1000);
                Some(format!("JPEG, {} px, {kilobytes} kB", file.edge()))
            }
        }
    }
}

impl Client {
    /// Makes a client with the usual limits. Sends nothing; loads the system's certificates, which
    /// takes some milliseconds, unless the account is on this computer.
    ///
    /// # Errors
    /// When the certificates cannot be loaded or the credentials do not fit into headers.
    pub fn new(account: &Account) -> Result<Self, ClientError> {
        Self::with_limits(account, Limits::default())
    }

    /// Makes a client with other limits; see [`Self::new`].
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_limits(account: &Account, limits: Limits) -> Result<Self, ClientError> {
        Self::with_tls(account, limits, tls(account)?)
    }

    fn with_tls(account: &Account, limits: Limits, tls: ClientConfig) -> Result<Self, ClientError> {
        let mut user_name = header(&account.user_name)?;
        let mut token = header(account.token.expose())?;
        user_name.set_sensitive(true);
        token.set_sensitive(true);
        let build = |builder: reqwest::ClientBuilder| builder.build().map_err(ClientError::Http);
        let mut pooled_tls = tls.clone();
        pooled_tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let mut fresh_tls = tls;
        fresh_tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let neighbourhood = Neighbourhood::of(&account.base_url);
        let fresh = |limits: &Limits| {
            build(
                settings(neighbourhood, limits)
                    .tls_backend_preconfigured(fresh_tls.clone())
                    .http1_only()
                    .pool_max_idle_per_host(0),
            )
        };
        let inner = Inner {
            http: build(settings(neighbourhood, &limits).tls_backend_preconfigured(pooled_tls))?,
            fresh: fresh(&limits)?,
            upload: fresh(&Limits {
                read: limits.upload,
                total: limits.upload,
                ..limits
            })?,
            base: account.base_url.url().clone(),
            neighbourhood,
            user_name,
            token,
            secret: account.token.clone(),
            limits,
        };
        Ok(Self(Arc::new(inner), Access::Full))
    }

    /// The same client with less power, or with all of it: a read-only one sends no request that
    /// changes anything, whoever asks.
    #[must_use]
    pub fn with_access(self, access: Access) -> Self {
        Self(self.0, access)
    }

    /// Sends `request`, and reads a 2xx answer with `read`.
    pub(super) async fn call<T>(
        &self,
        request: Request<'_>,
        read: impl FnOnce(&Heard) -> Result<T, Error>,
    ) -> Answer<T> {
        if self.1 == Access::ReadOnly && request.operation.is_change() {
            return self.refuse(request, Error::ReadOnly);
        }
        let url = self.url(request.operation, request.group);
        let path = url.path().to_owned();
        let started = Instant::now();
        let heard = self.send(&request, url).await;
        let took = started.elapsed();
        let (status, answer) = match &heard {
            Ok(heard) => (Some(heard.status()), self.excerpt(heard.bytes())),
            Err(_) => (None, Clean::default()),
        };
        let operation = request.operation;
        let result = heard
            .and_then(|heard| {
                if heard.is_success() {
                    read(&heard)
                } else {
                    let body = self.redacted(&String::from_utf8_lossy(heard.bytes()));
                    Err(Error::Status(heard.refusal(operation, &body, EXCERPT)))
                }
            })
            .map_err(|why| self.redacted_failure(Failure::from(why)));
        Answer {
            exchange: Exchange {
                operation,
                path,
                body: request.body.listed(),
                status,
                took,
                answer,
            },
            result,
        }
    }

    /// The answer to a call that this program itself refuses: nothing is sent.
    pub(super) fn refuse<T>(&self, request: Request<'_>, why: Error) -> Answer<T> {
        let url = self.url(request.operation, request.group);
        Answer {
            exchange: Exchange {
                operation: request.operation,
                path: url.path().to_owned(),
                body: request.body.listed(),
                status: None,
                took: Duration::ZERO,
                answer: Clean::default(),
            },
            result: Err(why.into()),
        }
    }

    fn url(&self, operation: Operation, group: Option<&GroupId>) -> Url {
        let mut path = format!("{}{ROOT}", self.0.base.path().trim_end_matches('/'));
        path.push_str(match operation {
            Operation::SendToGroup | Operation::SendInvitation => "/send",
            Operation::ListGroups
            | Operation::GroupDetails
            | Operation::CreateGroup
            | Operation::RenameGroup
            | Operation::GetInvite
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::GetIcon
            | Operation::SetIcon
            | Operation::RemoveIcon
            | Operation::FetchPicture => "/groups",
        });
        if let Some(id) = group {
            path.push('/');
            path.extend(utf8_percent_encode(id.as_str(), SEGMENT));
            path.push_str(operation.tail());
        }
        let mut url = self.0.base.clone();
        url.set_path(&path);
        url
    }

    async fn send(&self, request: &Request<'_>, url: Url) -> Result<Heard, Error> {
        let inner = &*self.0;
        let operation = request.operation;
        let http = match (&request.body, operation.is_change()) {
            (Body::Picture(_), _) => &inner.upload,
            (Body::Nothing | Body::Json(_), true) => &inner.fresh,
            (Body::Nothing | Body::Json(_), false) => &inner.http,
        };
        let method = match operation {
            Operation::ListGroups
            | Operation::GroupDetails
            | Operation::GetInvite
            | Operation::GetIcon
            | Operation::FetchPicture => Method::GET,
            Operation::CreateGroup
            | Operation::LeaveGroup
            | Operation::SetIcon
            | Operation::SendToGroup
            | Operation::SendInvitation => Method::POST,
            Operation::RenameGroup => Method::PUT,
            Operation::AddAdmins => Method::PATCH,
            Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::RemoveAdmins
            | Operation::RemoveIcon => Method::DELETE,
        };
        let mut builder = http
            .request(method, url.clone())
            .header(USER_NAME, inner.user_name.clone())
            .header(TOKEN, inner.token.clone());
        builder = match &request.body {
            Body::Json(json) => builder
                .header(CONTENT_TYPE, "application/json")
                .body(json.clone()),
            Body::Picture(file) => builder
                .header(CONTENT_TYPE, IconFile::MIME)
                .body(file.bytes().to_vec()),
            // Without it some front ends answer 411; hyper leaves it out by itself.
            Body::Nothing if operation.is_change() => builder.header(CONTENT_LENGTH, "0"),
            Body::Nothing => builder,
        };
        let response = builder.send().await.map_err(Error::transport)?;
        let limit = if !response.status().is_success() {
            inner.limits.error_bytes
        } else if operation == Operation::ListGroups {
            inner.limits.list_bytes
        } else if operation == Operation::GroupDetails {
            inner.limits.details_bytes
        } else {
            inner.limits.json_bytes
        };
        Ok(hear(response, limit, &url).await)
    }

    fn excerpt(&self, body: &[u8]) -> Clean {
        // More than is kept, so that a token across the edge is still recognised, also with each of
        // its characters escaped and with others between them that are not shown.
        let part = body
            .get(..4 * EXCERPT + 6 * self.0.secret.expose().len())
            .unwrap_or(body);
        // Also as shown and before anything is cut, because characters that vanish in showing may
        // stand between the letters of the token.
        let text = Clean::whole(&self.redacted(&String::from_utf8_lossy(part)));
        Clean::new(error::cut(&self.redacted(&text), EXCERPT))
    }

    /// Where the account is, which decides where pictures may be.
    pub fn neighbourhood(&self) -> Neighbourhood {
        self.0.neighbourhood
    }

    /// How long and how much.
    pub fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Whether the token stands in a text.
    pub(super) fn repeats_token(&self, text: &str) -> bool {
        let secret = self.0.secret.expose();
        // A shorter one would be found in every other word, and is no secret worth the name.
        secret.len() >= SHORTEST_SECRET && find_written(text, secret).is_some()
    }

    /// Some servers repeat in their answer what they were sent.
    fn redacted(&self, text: &str) -> String {
        let secret = self.0.secret.expose();
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        if secret.len() >= SHORTEST_SECRET {
            while let Some((start, end)) = find_written(rest, secret) {
                let (head, tail) = rest.split_at(end);
                out.push_str(head.get(..start).unwrap_or_default());
                out.push('…');
                rest = tail;
            }
        }
        out + rest
    }

    /// Takes the token out of a text.
    pub(super) fn redact(&self, text: &mut Clean) {
        // As it came, then as shown: hidden characters may have stood between its letters. Before
        // it is cut, so that no part of the token is left at the edge.
        let shown = Clean::whole(text.raw());
        if self.repeats_token(text.raw()) || self.repeats_token(&shown) {
            let shown = Clean::whole(&self.redacted(text.raw()));
            *text = Clean::new(&self.redacted(&shown));
        }
    }

    fn redacted_failure(&self, mut failure: Failure) -> Failure {
        self.redact(&mut failure.detail);
        if let FailureKind::Redirected(host) = &mut failure.kind {
            self.redact(host);
        }
        failure
    }
}

/// Where `secret` stands in a text, as it is or with any of its characters escaped as JSON allows.
fn find_written(text: &str, secret: &str) -> Option<(usize, usize)> {
    text.char_indices().find_map(|(start, _)| {
        let mut rest = text.get(start..)?;
        if rest.starts_with(secret) {
            return Some((start, start + secret.len()));
        }
        for c in secret.chars() {
            rest = after_written(rest, c)?;
        }
        Some((start, text.len() - rest.len()))
    })
}

/// What follows after `c` at the beginning of a text, in one of the ways JSON may write it.
fn after_written(text: &str, c: char) -> Option<&str> {
    let by_number = c
        .encode_utf16(&mut [0; 2])
        .iter()
        .try_fold(text, |rest, unit| {
            let (hex, rest) = rest.strip_prefix("\\u")?.split_at_checked(4)?;
            (u16::from_str_radix(hex, 16) == Ok(*unit)).then_some(rest)
        });
    let by_backslash = || {
        let rest = text.strip_prefix('\\').filter(|_| "/\"\\".contains(c));
        rest.and_then(|rest| rest.strip_prefix(c))
    };
    // As it is comes last: a backslash is also how the other forms begin.
    by_number
        .or_else(by_backslash)
        .or_else(|| text.strip_prefix(c))
}

fn header(text: &str) -> Result<HeaderValue, ClientError> {
    // The original error says no more than this one.
    HeaderValue::from_str(text).map_err(|_why| ClientError::Header)
}

#[cfg(test)]
mod tests;

//! The HTTP client: where requests are built, sent and read, all of them the same way.
//!
//! Not here: what an answer means (`wire`, `error`) and which calls exist (`groups`, `members`,
//! `invite`). Invariant: [`Client::call`] sends at most one request, to the account's own origin,
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

pub(super) use self::heard::Heard;
use self::heard::hear;
pub use self::settings::{ClientError, Limits};
use self::settings::{settings, tls};
use super::Answer;
use super::error::{self, Error, Refusal};
use crate::domain::{Account, Clean, Exchange, Failure, FailureKind, GroupId, Operation, Token};

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
const ROOT: &str = "/v1/whatsapp/groups";
/// Most bytes of an answer that are kept for showing.
const EXCERPT: usize = 2 * 1024;
/// Shortest token that is taken out of answers, in bytes.
const SHORTEST_SECRET: usize = 4;

/// Talks to the API on behalf of one account. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    /// For changes, which must not meet a connection that the server is just closing: such a
    /// request may or may not have been carried out, and would have to be called unknown.
    fresh: reqwest::Client,
    base: Url,
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
    pub(super) group: Option<&'a GroupId>,
    /// JSON.
    pub(super) body: Option<String>,
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
        Ok(Self(Arc::new(Inner {
            http: build(settings(account, &limits).tls_backend_preconfigured(pooled_tls))?,
            fresh: build(
                settings(account, &limits)
                    .tls_backend_preconfigured(fresh_tls)
                    .http1_only()
                    .pool_max_idle_per_host(0),
            )?,
            base: account.base_url.url().clone(),
            user_name,
            token,
            secret: account.token.clone(),
            limits,
        })))
    }

    /// Sends `request`, and reads a 2xx answer with `read`.
    pub(super) async fn call<T>(
        &self,
        request: Request<'_>,
        read: impl FnOnce(&Heard) -> Result<T, Error>,
    ) -> Answer<T> {
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
                    Err(Error::Status(self.refusal(operation, &heard)))
                }
            })
            .map_err(|why| self.redacted_failure(Failure::from(why)));
        Answer {
            exchange: Exchange {
                operation,
                path,
                body: request.body,
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
                body: request.body,
                status: None,
                took: Duration::ZERO,
                answer: Clean::default(),
            },
            result: Err(why.into()),
        }
    }

    fn url(&self, operation: Operation, group: Option<&GroupId>) -> Url {
        let mut path = format!("{}{ROOT}", self.0.base.path().trim_end_matches('/'));
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
        let http = if operation.is_change() {
            &inner.fresh
        } else {
            &inner.http
        };
        let method = match operation {
            Operation::ListGroups | Operation::GroupDetails | Operation::GetInvite => Method::GET,
            Operation::CreateGroup | Operation::LeaveGroup => Method::POST,
            Operation::RenameGroup => Method::PUT,
            Operation::AddAdmins => Method::PATCH,
            Operation::ResetInvite | Operation::RemoveParticipants | Operation::RemoveAdmins => {
                Method::DELETE
            }
        };
        let mut builder = http
            .request(method, url.clone())
            .header(USER_NAME, inner.user_name.clone())
            .header(TOKEN, inner.token.clone());
        builder = match &request.body {
            Some(json) => builder
                .header(CONTENT_TYPE, "application/json")
                .body(json.clone()),
            // Without it some front ends answer 411; hyper leaves it out by itself.
            None if request.operation.is_change() => builder.header(CONTENT_LENGTH, "0"),
            None => builder,
        };
        let response = builder.send().await.map_err(Error::transport)?;
        let limit = if !response.status().is_success() {
            inner.limits.error_bytes
        } else if request.operation == Operation::ListGroups {
            inner.limits.list_bytes
        } else {
            inner.limits.json_bytes
        };
        Ok(hear(response, limit, &url).await)
    }

    fn refusal(&self, operation: Operation, heard: &Heard) -> Refusal {
        let body = self.redacted(&String::from_utf8_lossy(heard.bytes()));
        let words = error::words(&body).unwrap_or_else(|| heard.reason().to_owned());
        Refusal {
            operation,
            status: heard.status(),
            retry_after: heard.retry_after(),
            redirect: heard.redirect().map(str::to_owned),
            words: error::cut(&words, EXCERPT).to_owned(),
        }
    }

    fn excerpt(&self, body: &[u8]) -> Clean {
        // A little more than is kept, so that a token across the edge is still recognised.
        let part = body
            .get(..EXCERPT + self.0.secret.expose().len())
            .unwrap_or(body);
        let text = self.redacted(&String::from_utf8_lossy(part));
        Clean::new(error::cut(&text, EXCERPT))
    }

    /// Some servers repeat in their answer what they were sent.
    fn redacted(&self, text: &str) -> String {
        match self.0.secret.expose() {
            // Would be found in every other word, and is no secret worth the name.
            short if short.len() < SHORTEST_SECRET => text.to_owned(),
            secret => text.replace(secret, "…"),
        }
    }

    fn redacted_failure(&self, mut failure: Failure) -> Failure {
        let secret = self.0.secret.expose();
        let redact = |text: &mut Clean| {
            if text.raw().contains(secret) || text.as_str().contains(secret) {
                // First whole, then as shown: hidden characters may have stood between its letters.
                let whole = Clean::new(&self.redacted(text.raw()));
                *text = Clean::new(&self.redacted(whole.as_str()));
            }
        };
        redact(&mut failure.detail);
        if let FailureKind::Redirected(host) = &mut failure.kind {
            redact(host);
        }
        failure
    }
}

fn header(text: &str) -> Result<HeaderValue, ClientError> {
    // The original error says no more than this one.
    HeaderValue::from_str(text).map_err(|_why| ClientError::Header)
}

#[cfg(test)]
mod tests;

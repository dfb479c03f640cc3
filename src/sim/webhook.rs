//! Where the simulated provider posts what happens: one address for each account.
//!
//! Not the sending, which is in [`super::pusher`]. Invariant: an address is http or https and names a host.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{StatusCode, Url, redirect};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use url::Host;

/// How long an unused connection is kept: shorter than servers do, so that none breaks under a batch.
const IDLE: Duration = Duration::from_secs(2);

/// The address of a receiver, e.g. `http://127.0.0.1:8787/mo/…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook(Url);

/// Why nothing can be posted to an address.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It is no address at all.
    #[error("this is no web address; write one such as `http://127.0.0.1:8787/mo`")]
    NoAddress(#[source] url::ParseError),
    /// It is neither http nor https.
    #[error("batches are posted over http or https, not over `{0}`")]
    OtherScheme(String),
    /// The system's certificates could not be loaded.
    #[error("the system's certificates cannot be used")]
    Certificates(#[source] rustls::Error),
    /// The HTTP library refused the settings.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

impl FromStr for Webhook {
    type Err = WebhookError;

    fn from_str(text: &str) -> Result<Self, WebhookError> {
        let url = Url::parse(text.trim()).map_err(WebhookError::NoAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(WebhookError::OtherScheme(url.scheme().to_owned()));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Webhook {
    /// Whether it leads to this computer, by its name.
    fn is_here(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }
}

/// Posts to one address. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    http: reqwest::Client,
    url: Url,
}

impl Sender {
    /// `wait` is how long one try may take, connecting included.
    #[expect(
        clippy::disallowed_methods,
        reason = "the provider's own client: it carries no credentials, follows nothing and repeats nothing"
    )]
    pub(super) fn new(webhook: &Webhook, wait: Duration) -> Result<Self, WebhookError> {
        let builder = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .http1_only()
            .pool_idle_timeout(IDLE)
            .timeout(wait)
            .tls_backend_preconfigured(tls(&webhook.0)?);
        let builder = if webhook.is_here() {
            builder.no_proxy()
        } else {
            builder
        };
        Ok(Self {
            http: builder.build().map_err(WebhookError::Http)?,
            url: webhook.0.clone(),
        })
    }

    /// One try. Whether it was answered with 200, in time: nothing else counts.
    pub(super) async fn post(&self, body: Bytes) -> bool {
        let json = HeaderValue::from_static("application/json");
        let request = self.http.post(self.url.clone());
        let answer = request.header(CONTENT_TYPE, json).body(body).send().await;
        answer.is_ok_and(|answer| answer.status() == StatusCode::OK)
    }
}

/// TLS that trusts whom the system trusts; for plain http, where none is spoken, nobody.
fn tls(url: &Url) -> Result<ClientConfig, WebhookError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(WebhookError::Certificates)?;
    let builder = if url.scheme() == "https" {
        builder
            .with_platform_verifier()
            .map_err(WebhookError::Certificates)?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_or_https() {
        for good in [
            "http://127.0.0.1:8787/mo/abc",
            " https://example.com/mo ",
            "http://host:1/",
        ] {
            let webhook: Webhook = good.parse().unwrap();
            assert_eq!(webhook.to_string(), good.trim());
        }
        for bad in ["", "127.0.0.1:8787", "example.com", "http://", "//x"] {
            let why = bad.parse::<Webhook>().unwrap_err().to_string();
            assert!(
                why.contains("no web address") || why.contains("not over"),
                "{bad}: {why}"
            );
        }
        let why = "ftp://example.com/".parse::<Webhook>().unwrap_err();
        assert_eq!(
            why.to_string(),
            "batches are posted over http or https, not over `ftp`"
        );
    }

    #[test]
    fn only_this_computer_is_spoken_to_past_the_proxy() {
        let is_here = |text: &str| text.parse::<Webhook>().unwrap().is_here();
        assert!(is_here("http://127.0.0.1:1/"));
        assert!(is_here("http://[::1]:1/"));
        assert!(is_here("http://localhost:1/"));
        assert!(!is_here("https://example.com/"));
        assert!(!is_here("http://10.0.0.1/"));
    }

    #[test]
    fn certificates_are_for_https() {
        for address in ["http://127.0.0.1:1/", "https://example.com/"] {
            let webhook = address.parse().unwrap();
            assert!(Sender::new(&webhook, Duration::from_secs(1)).is_ok());
        }
    }
}

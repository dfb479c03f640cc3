//! How the HTTP library is set up: limits, TLS, and everything it would do by itself switched off.
//!
//! Invariant: no redirect is followed, no request is repeated, and other computers are spoken to over
//! TLS only.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::domain::{Account, Neighbourhood};

/// How long and how much: the same for every call, but for pictures.
///
/// The spans must grow in the order `connect < read < total`; otherwise a connection that never
/// came about looks like an answer that never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For name resolution, TCP and TLS together.
    pub connect: Duration,
    /// Between two pieces of an answer, and until its first one.
    pub read: Duration,
    /// For the whole call.
    pub total: Duration,
    /// For the whole of a call that sends a picture, and until its answer begins: the time that
    /// sending takes counts as silence.
    pub upload: Duration,
    /// For the whole of fetching a picture.
    pub picture: Duration,
    /// How long an unused connection is kept.
    pub idle: Duration,
    /// Largest list of groups, in bytes.
    pub list_bytes: usize,
    /// Largest description of one group with its people, in bytes.
    pub details_bytes: usize,
    /// Largest other answer, in bytes.
    pub json_bytes: usize,
    /// Largest picture that is fetched, in bytes.
    pub picture_bytes: usize,
    /// How much of an error's body is read, in bytes.
    pub error_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(10),
            total: Duration::from_secs(30),
            upload: Duration::from_secs(60),
            picture: Duration::from_secs(15),
            idle: Duration::from_secs(15),
            list_bytes: 32 * 1024 * 1024,
            // A member takes some twenty bytes.
            details_bytes: 8 * 1024 * 1024,
            json_bytes: 1024 * 1024,
            picture_bytes: 5 * 1024 * 1024,
            error_bytes: 64 * 1024,
        }
    }
}

/// Why no client can be made for an account.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The system's certificates could not be loaded.
    #[error("the system's certificates cannot be used")]
    Certificates(#[source] rustls::Error),
    /// User name or token do not fit into a header.
    #[error("user name or token cannot stand in a request header")]
    Header,
    /// The HTTP library refused the settings.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where HTTP clients are made, with redirects and retries off"
)]
pub(in crate::api) fn settings(
    neighbourhood: Neighbourhood,
    limits: &Limits,
) -> reqwest::ClientBuilder {
    let here = neighbourhood == Neighbourhood::Loopback;
    let builder = reqwest::Client::builder()
        .user_agent(concat!("wavedeck/", env!("CARGO_PKG_VERSION")))
        // The library strips only headers that it knows before following; ours would go along.
        .redirect(redirect::Policy::none())
        // A path holds a group id, and that holds a phone number.
        .referer(false)
        .retry(reqwest::retry::never())
        .https_only(!here)
        .connect_timeout(limits.connect)
        .read_timeout(limits.read)
        .timeout(limits.total)
        .pool_idle_timeout(limits.idle);
    if here { builder.no_proxy() } else { builder }
}

/// The settings for TLS, with a provider of our own rather than one for the whole process.
pub(super) fn tls(account: &Account) -> Result<ClientConfig, ClientError> {
    if account.base_url.url().scheme() == "http" {
        // Never used: redirects are not followed.
        distrustful()
    } else {
        trustful()
    }
}

/// TLS that trusts whom the system trusts.
pub(in crate::api) fn trustful() -> Result<ClientConfig, ClientError> {
    Ok(tls_versions()?
        .with_platform_verifier()
        .map_err(ClientError::Certificates)?
        .with_no_client_auth())
}

/// TLS that trusts nobody.
pub(in crate::api) fn distrustful() -> Result<ClientConfig, ClientError> {
    Ok(tls_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth())
}

fn tls_versions() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, ClientError>
{
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(ClientError::Certificates)
}

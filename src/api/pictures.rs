//! Fetches the pictures of groups from the hosts where they are, which are not the account's.
//!
//! Not here: what a picture shows; the bytes may be anything. Invariants: nothing in this file knows
//! an account; no redirect is followed; and a connection goes to the public internet only, or to
//! this computer when the account is here too, whatever a name resolves to.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::ClientConfig;
use tokio::net::lookup_host;
use tokio::time::Instant;
use url::Position;

use super::Answer;
use super::client::{ClientError, EXCERPT, Heard, Limits, distrustful, hear, settings, trustful};
use super::error::Error;
use crate::domain::icon::is_public;
use crate::domain::{
    Clean, Exchange, Failure, IconAddress, IconAddressError, Neighbourhood, Operation,
};

/// Fetches pictures. Knows no credentials, keeps no cookies and no connections.
#[derive(Clone, Debug)]
pub struct Pictures {
    tls: ClientConfig,
    neighbourhood: Neighbourhood,
    limits: Limits,
}

impl Pictures {
    /// Makes one with the usual limits. Sends nothing; loads the system's certificates, which takes
    /// some milliseconds.
    ///
    /// # Errors
    /// When the certificates cannot be loaded, unless pictures may be on this computer.
    pub fn new(neighbourhood: Neighbourhood) -> Result<Self, ClientError> {
        Self::with_limits(neighbourhood, Limits::default())
    }

    /// Makes one with other limits; see [`Self::new`].
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_limits(neighbourhood: Neighbourhood, limits: Limits) -> Result<Self, ClientError> {
        let mut tls = match neighbourhood {
            Neighbourhood::Remote => trustful()?,
            // A simulator's pictures come over plain http.
            Neighbourhood::Loopback => trustful().or_else(|_| distrustful())?,
        };
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            tls,
            neighbourhood,
            limits,
        })
    }

    /// The bytes of a picture, unseen. The exchange lists host and path only: the rest of such an
    /// address may be what gives access.
    ///
    /// Source: «Consulting a Group Icon»: `data`.
    pub async fn fetch(&self, address: &IconAddress) -> Answer<Vec<u8>> {
        let url = address.url();
        let started = Instant::now();
        // Again, because the address may have been made for another neighbourhood.
        let heard = match IconAddress::new(url.as_str(), self.neighbourhood) {
            Ok(_) => self.get(url).await,
            Err(why) => Err(Error::Address(why)),
        };
        let took = started.elapsed();
        let status = heard.as_ref().ok().map(Heard::status);
        let result = heard.and_then(|heard| {
            if heard.is_success() {
                heard.into_whole()
            } else {
                let body = String::from_utf8_lossy(heard.bytes());
                let refusal = heard.refusal(Operation::FetchPicture, &body, EXCERPT);
                Err(Error::Status(refusal))
            }
        });
        Answer {
            exchange: Exchange {
                operation: Operation::FetchPicture,
                path: url[Position::BeforeHost..Position::AfterPath].to_owned(),
                body: None,
                status,
                took,
                answer: Clean::default(),
            },
            result: result.map_err(Failure::from),
        }
    }

    /// One request with an HTTP client of its own, so that it can know which name is the picture's.
    async fn get(&self, url: &Url) -> Result<Heard, Error> {
        let limits = Limits {
            total: self.limits.picture,
            ..self.limits
        };
        let guard = Guard {
            host: url.host_str().unwrap_or_default().to_owned(),
            neighbourhood: self.neighbourhood,
        };
        let http = settings(self.neighbourhood, &limits)
            .tls_backend_preconfigured(self.tls.clone())
            .http1_only()
            .dns_resolver(Arc::new(guard))
            .build()
            .map_err(Error::transport)?;
        let response = http
            .get(url.clone())
            .send()
            .await
            .map_err(Error::transport)?;
        let limit = if response.status().is_success() {
            limits.picture_bytes
        } else {
            limits.error_bytes
        };
        Ok(hear(response, limit, url).await)
    }
}

/// Resolves names as the system does, and lets the picture's host be only where it may be.
struct Guard {
    host: String,
    neighbourhood: Neighbourhood,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        // Any other name is that of a proxy, which the user chose and which may well be in a private
        // network. The proxy then resolves the picture's host by itself.
        let guarded = name.as_str().eq_ignore_ascii_case(&self.host);
        let neighbourhood = self.neighbourhood;
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?;
            let kept: Addrs = if guarded {
                Box::new(permitted(found, neighbourhood)?.into_iter())
            } else {
                Box::new(found.collect::<Vec<_>>().into_iter())
            };
            Ok(kept)
        })
    }
}

/// The addresses that may be connected to.
fn permitted(
    found: impl Iterator<Item = SocketAddr>,
    neighbourhood: Neighbourhood,
) -> Result<Vec<SocketAddr>, IconAddressError> {
    let here = neighbourhood == Neighbourhood::Loopback;
    let kept: Vec<SocketAddr> = found
        .filter(|address| is_public(address.ip()) || (here && address.ip().is_loopback()))
        .collect();
    if kept.is_empty() {
        Err(IconAddressError::Private)
    } else {
        Ok(kept)
    }
}

#[cfg(test)]
mod tests;

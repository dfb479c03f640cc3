//! Calls that ended without a status: was anything sent?
//!
//! `is_connect` covers name resolution, TCP, a proxy and TLS: no byte of the request was written.
//! hyper's «canceled» is a request that was never started. All else may have been carried out.

use std::error::Error as StdError;
use std::io;
use std::iter::successors;

use crate::domain::{Clean, Failure, FailureKind, IconAddressError, Sent, Unreachable};

/// The failure that `why` is.
pub(super) fn failure(why: &reqwest::Error) -> Failure {
    if let Some(why) = chain(why).find_map(|cause| cause.downcast_ref::<IconAddressError>()) {
        // Said by our own resolver, before anything was connected to.
        return Failure::refused(&why.to_string());
    }
    let (kind, sent, detail) = if why.is_builder() {
        (FailureKind::Refused, Sent::Never, root_cause(why))
    } else if why.is_connect() {
        let unreachable = unreachable(why);
        let detail = match unreachable {
            // The kind says it all.
            Unreachable::TimedOut => String::new(),
            Unreachable::Name | Unreachable::Refused | Unreachable::Tls => root_cause(why),
        };
        (FailureKind::Unreachable(unreachable), Sent::Never, detail)
    } else if why.is_timeout() {
        (FailureKind::Timeout, Sent::Maybe, String::new())
    } else if chain(why).any(|cause| is_hyper(cause, hyper::Error::is_canceled)) {
        let kind = FailureKind::Unreachable(Unreachable::Refused);
        (kind, Sent::Never, root_cause(why))
    } else if chain(why).any(|cause| is_hyper(cause, hyper::Error::is_parse)) {
        (FailureKind::Malformed, Sent::Maybe, root_cause(why))
    } else {
        (FailureKind::Cut, Sent::Maybe, root_cause(why))
    };
    Failure {
        kind,
        status: None,
        sent,
        detail: Clean::new(&detail),
    }
}

fn unreachable(why: &reqwest::Error) -> Unreachable {
    if why.is_dns() {
        Unreachable::Name
    } else if why.is_timeout() {
        Unreachable::TimedOut
    } else if chain(why).any(<dyn StdError>::is::<rustls::Error>) {
        Unreachable::Tls
    } else {
        Unreachable::Refused
    }
}

fn is_hyper(cause: &(dyn StdError + 'static), test: fn(&hyper::Error) -> bool) -> bool {
    cause.downcast_ref().is_some_and(test)
}

/// The innermost reason, without the number that only the system's own tables explain.
fn root_cause(why: &reqwest::Error) -> String {
    let text = chain(why)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    text.split(" (os error ")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The error and its causes. An [`io::Error`] hides the error it wraps from `source`, so it is asked
/// for it by name; without that, no TLS error would ever be found.
fn chain<'a>(
    why: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(Some(why), |&cause| {
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn StdError + 'static));
        wrapped.or_else(|| cause.source())
    })
}

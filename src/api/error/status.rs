//! Answers that say no, decoded by (operation, status), and the headers that go with them.
//!
//! Source: the «Response» paragraphs of the document; what it leaves open is listed in
//! `docs/api-notes.md`, «errors».

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};

use crate::domain::{Clean, Failure, FailureKind, Operation, Sent};

/// Longest pause that is believed; more is cut to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
/// The pause when the server names a moment that is over.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// An answer with a status that is no success.
#[derive(Debug)]
pub(in crate::api) struct Refusal {
    pub(in crate::api) operation: Operation,
    pub(in crate::api) status: u16,
    pub(in crate::api) retry_after: Option<Duration>,
    /// Host of a redirect.
    pub(in crate::api) redirect: Option<String>,
    /// The server's own words.
    pub(in crate::api) words: String,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            kind: kind(&refusal),
            status: Some(refusal.status),
            sent: Sent::Answered,
            detail: Clean::new(&refusal.words),
        }
    }
}

fn kind(refusal: &Refusal) -> FailureKind {
    let operation = refusal.operation;
    let on_all_groups = matches!(operation, Operation::ListGroups | Operation::CreateGroup);
    let on_messages = matches!(
        operation,
        Operation::SendToGroup | Operation::SendInvitation
    );
    match refusal.status {
        300..=399 => FailureKind::Redirected(Clean::new(
            refusal.redirect.as_deref().unwrap_or("an unknown place"),
        )),
        400 => bad_request(operation),
        // Somebody else's host says nothing about the account or the group.
        401 | 403 | 404 | 410 if operation == Operation::FetchPicture => FailureKind::Rejected,
        401 => FailureKind::Unauthorized,
        403 => FailureKind::Forbidden,
        404 | 405 | 410 if on_all_groups => FailureKind::NotOffered,
        404 if matches!(operation, Operation::GetIcon | Operation::RemoveIcon) => {
            FailureKind::NoIcon
        }
        404 | 410 if on_messages => FailureKind::Rejected,
        404 | 410 => FailureKind::GroupGone,
        // For a change this is a 5xx like the others: no proof that nothing happened.
        501 if operation == Operation::ListGroups => FailureKind::NotOffered,
        420 | 429 => FailureKind::RateLimited(refusal.retry_after),
        408 | 500..=599 => FailureKind::Server(refusal.retry_after),
        _ => FailureKind::Rejected,
    }
}

fn bad_request(operation: Operation) -> FailureKind {
    match operation {
        Operation::RemoveParticipants | Operation::AddAdmins | Operation::RemoveAdmins => {
            FailureKind::NumberNotFound
        }
        Operation::LeaveGroup => FailureKind::NotInGroup,
        Operation::CreateGroup => FailureKind::CreateRefused,
        Operation::ListGroups
        | Operation::GroupDetails
        | Operation::RenameGroup
        | Operation::GetInvite
        | Operation::ResetInvite
        | Operation::GetIcon
        | Operation::SetIcon
        | Operation::RemoveIcon
        | Operation::FetchPicture
        | Operation::SendToGroup
        | Operation::SendInvitation => FailureKind::Rejected,
    }
}

/// The pause that an answer asks for: seconds, or a date, which is measured against the server's own
/// clock in `Date` because ours may be wrong. Anything else counts as not said.
pub(in crate::api) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text(RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = asked.parse().ok()?;
        return Some(Duration::from_secs(seconds).min(LONGEST_PAUSE));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    let now = httpdate::parse_http_date(text(DATE)?).ok()?;
    let pause = until.duration_since(now).unwrap_or_default();
    Some(pause.clamp(SHORTEST_PAUSE, LONGEST_PAUSE))
}

/// Where a redirect points to: host, with its port where that is not the usual one.
pub(in crate::api) fn redirect(headers: &HeaderMap, asked: &Url) -> Option<String> {
    let location = String::from_utf8_lossy(headers.get(LOCATION)?.as_bytes()).into_owned();
    let target = asked.join(&location).ok()?;
    let host = target.host_str()?;
    Some(
        target
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    fn of(operation: Operation, status: u16) -> FailureKind {
        kind(&Refusal {
            operation,
            status,
            retry_after: None,
            redirect: None,
            words: String::new(),
        })
    }

    #[test]
    fn a_status_means_what_its_operation_makes_of_it() {
        use FailureKind as Kind;
        use Operation as Op;
        for operation in Op::ALL {
            let is = |some: &[Op]| some.contains(&operation);
            let stranger = is(&[Op::FetchPicture]);
            let message = is(&[Op::SendToGroup, Op::SendInvitation]);
            let bad_request = if is(&[Op::RemoveParticipants, Op::AddAdmins, Op::RemoveAdmins]) {
                Kind::NumberNotFound
            } else if is(&[Op::LeaveGroup]) {
                Kind::NotInGroup
            } else if is(&[Op::CreateGroup]) {
                Kind::CreateRefused
            } else {
                Kind::Rejected
            };
            let (missing, no_method, gone) = if is(&[Op::ListGroups, Op::CreateGroup]) {
                (Kind::NotOffered, Kind::NotOffered, Kind::NotOffered)
            } else if is(&[Op::GetIcon, Op::RemoveIcon]) {
                (Kind::NoIcon, Kind::Rejected, Kind::GroupGone)
            } else if message || stranger {
                (Kind::Rejected, Kind::Rejected, Kind::Rejected)
            } else {
                (Kind::GroupGone, Kind::Rejected, Kind::GroupGone)
            };
            let (unauthorized, forbidden) = if stranger {
                (Kind::Rejected, Kind::Rejected)
            } else {
                (Kind::Unauthorized, Kind::Forbidden)
            };
            for (status, expected) in [
                (400, bad_request),
                (401, unauthorized),
                (403, forbidden),
                (404, missing),
                (405, no_method),
                (408, Kind::Server(None)),
                (409, Kind::Rejected),
                (410, gone),
                (420, Kind::RateLimited(None)),
                (422, Kind::Rejected),
                (429, Kind::RateLimited(None)),
                (500, Kind::Server(None)),
                (502, Kind::Server(None)),
                (599, Kind::Server(None)),
                (302, Kind::Redirected(Clean::new("an unknown place"))),
            ] {
                assert_eq!(of(operation, status), expected, "{operation:?} {status}");
            }
        }
        assert_eq!(of(Op::ListGroups, 501), Kind::NotOffered);
        assert_eq!(of(Op::CreateGroup, 501), Kind::Server(None));
    }

    #[test]
    fn a_pause_is_given_in_seconds() {
        for (text, seconds) in [
            ("0", Some(0)),
            (" 3 ", Some(3)),
            ("120", Some(120)),
            ("86400", Some(86_400)),
            ("9999999", Some(86_400)),
            ("1000000000000000000000000000000", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(
                retry_after(&headers(&[(RETRY_AFTER, text)])),
                seconds.map(Duration::from_secs),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_pause_until_a_moment_is_measured_by_the_servers_clock() {
        let at = |until, now| {
            retry_after(&headers(&[(RETRY_AFTER, until), (DATE, now)])).map(|pause| pause.as_secs())
        };
        let noon = "Mon, 18 Dec 2017 12:00:00 GMT";
        assert_eq!(at("Mon, 18 Dec 2017 12:00:30 GMT", noon), Some(30));
        assert_eq!(at("Mon, 18 Dec 2017 11:00:00 GMT", noon), Some(1));
        assert_eq!(at("Sat, 18 Dec 2027 12:00:00 GMT", noon), Some(86_400));
        assert_eq!(at("Mon, 18 Dec 2017 12:00:30 GMT", "yesterday"), None);
        assert_eq!(retry_after(&headers(&[(RETRY_AFTER, noon)])), None);
    }

    #[test]
    fn a_redirect_names_its_host_only() {
        let asked: Url = "https://api-messaging.wavy.global/v1/whatsapp/groups"
            .parse()
            .unwrap();
        for (location, host) in [
            ("https://login.example.org/?next=x", "login.example.org"),
            ("http://127.0.0.1:81/", "127.0.0.1:81"),
            ("/elsewhere", "api-messaging.wavy.global"),
            ("https://me:pass@example.org/", "example.org"),
        ] {
            assert_eq!(
                redirect(&headers(&[(LOCATION, location)]), &asked).as_deref(),
                Some(host)
            );
        }
        assert_eq!(
            redirect(&headers(&[(LOCATION, "mailto:a@b")]), &asked),
            None
        );
    }
}

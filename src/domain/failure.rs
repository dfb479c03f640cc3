//! Why something did not work, as plain data: comparable, storable, printable.
//!
//! Every failure answers three questions: what the server or the network said ([`Failure::why`]),
//! what to do about it ([`Failure::next`]), and whether a change may have happened all the same
//! ([`Failure::sent`]).

use std::time::Duration;

use super::Clean;

/// How far a request got before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Provably not one byte reached the server.
    Never,
    /// It left, and no status came back: it may have been carried out.
    Maybe,
    /// The server answered with a status.
    Answered,
}

/// One failed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure, decided by operation and status together.
    pub kind: FailureKind,
    /// HTTP status, when one came.
    pub status: Option<u16>,
    /// How far the request got.
    pub sent: Sent,
    /// The server's own words, or the network's; may be blank.
    pub detail: Clean,
}

/// Why no connection came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// The host name could not be resolved.
    Name,
    /// Nobody listens there, or the network is down.
    Refused,
    /// No connection within the time limit.
    TimedOut,
    /// The certificate or the encryption was not acceptable.
    Tls,
}

/// Kinds of failure, decoded by (operation, status), never by status alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection: nothing was sent.
    Unreachable(Unreachable),
    /// Sent, and no answer within the time limit.
    Timeout,
    /// The connection broke after the request had left.
    Cut,
    /// 401: user name or token not accepted.
    Unauthorized,
    /// 403: this account may not do that, normally because it is no admin of the group.
    Forbidden,
    /// 404 on a group: it does not exist, or the account is not in it any more.
    GroupGone,
    /// 404 on an icon: the group has none.
    NoIcon,
    /// 400 on people: at least one of the numbers was not found.
    NumberNotFound,
    /// 400 on leaving: the account is not in that group.
    NotInGroup,
    /// 400 on creating: the subject was refused or there are too many groups.
    CreateRefused,
    /// Another answer that says no.
    Rejected,
    /// 404, 405, 410 or 501 on the list of groups: this gateway does not offer groups.
    NotOffered,
    /// 429 or 420: too many requests, with the pause the server asked for.
    RateLimited(Option<Duration>),
    /// A redirect, which is never followed, with the host it pointed to.
    Redirected(Clean),
    /// 5xx or 408: the server failed; a change may have happened all the same.
    Server(Option<Duration>),
    /// An answer that is no JSON or not the expected one.
    Malformed,
    /// An answer over the size limit.
    TooLarge,
    /// Refused by this program before anything was sent.
    Refused,
    /// The server accepted a change, but reading again does not show it.
    Unconfirmed,
}

impl Failure {
    /// A failure of our own making, before anything was sent.
    pub fn refused(why: &str) -> Self {
        Self {
            kind: FailureKind::Refused,
            status: None,
            sent: Sent::Never,
            detail: Clean::new(why),
        }
    }

    /// A change was accepted, but what was read afterwards does not show it.
    pub fn unconfirmed(what_is_read: &str) -> Self {
        Self {
            kind: FailureKind::Unconfirmed,
            status: None,
            sent: Sent::Answered,
            detail: Clean::new(what_is_read),
        }
    }

    /// The reason in one sentence without a full stop, the server's own words last.
    pub fn why(&self) -> String {
        let reason = match &self.kind {
            FailureKind::Unreachable(Unreachable::Name) => {
                "the host name could not be resolved (network or VPN?)".into()
            }
            FailureKind::Unreachable(Unreachable::Refused) => "no connection to the server".into(),
            FailureKind::Unreachable(Unreachable::TimedOut) => {
                "no connection within 5 seconds".into()
            }
            FailureKind::Unreachable(Unreachable::Tls) => {
                "the server's certificate was not accepted".into()
            }
            FailureKind::Timeout => "no answer in time".into(),
            FailureKind::Cut => "the connection broke before an answer came".into(),
            FailureKind::Unauthorized => "user name or token was not accepted".into(),
            FailureKind::Forbidden => "this account may not do that, only admins can".into(),
            FailureKind::GroupGone => {
                "this group no longer exists, or you are no longer in it".into()
            }
            FailureKind::NoIcon => "this group has no icon".into(),
            FailureKind::NumberNotFound => "a number was not found in this group".into(),
            FailureKind::NotInGroup => "you are not in this group".into(),
            FailureKind::CreateRefused => "the group was refused".into(),
            FailureKind::Rejected => "the server refused".into(),
            FailureKind::NotOffered => "this account's gateway does not offer groups".into(),
            FailureKind::RateLimited(None) => "the server asks to slow down".into(),
            FailureKind::RateLimited(Some(pause)) => {
                format!("the server asks to wait {} s", pause.as_secs().max(1))
            }
            FailureKind::Redirected(host) => {
                format!("a redirect to {host}, which is never followed")
            }
            FailureKind::Server(_) => "the server failed".into(),
            FailureKind::Malformed => "the answer could not be read".into(),
            FailureKind::TooLarge => "the answer is larger than allowed".into(),
            FailureKind::Refused => return self.detail.as_str().to_owned(),
            FailureKind::Unconfirmed => "accepted, but reading again does not show it".into(),
        };
        let status = self
            .status
            .map(|status| format!("{status}: "))
            .unwrap_or_default();
        // Where the status alone says nothing of its own, the server's words say it better.
        let vague = matches!(
            self.kind,
            FailureKind::CreateRefused | FailureKind::Rejected
        );
        match (self.detail.is_blank(), vague) {
            (true, _) => format!("{status}{reason}"),
            (false, true) => format!("{status}{}", self.detail),
            (false, false) => format!("{status}{reason}: {}", self.detail),
        }
    }

    /// What to do next, in one sentence without a full stop.
    pub fn next(&self) -> &'static str {
        match &self.kind {
            FailureKind::Unreachable(Unreachable::Tls) => {
                "check the base URL and this computer's clock"
            }
            FailureKind::Unreachable(_) => "check the network, then try again",
            FailureKind::Timeout | FailureKind::Cut | FailureKind::Server(_) => {
                "try again in a moment"
            }
            FailureKind::Unauthorized => "enter the user name and token again",
            FailureKind::Forbidden => "ask an admin of the group",
            FailureKind::GroupGone | FailureKind::NotInGroup => {
                "refresh the list to see what is left"
            }
            FailureKind::NoIcon => "choose a picture",
            FailureKind::NumberNotFound => "refresh the members to see who is left",
            FailureKind::CreateRefused => {
                "leave groups that are not used, or choose another subject"
            }
            FailureKind::Rejected => "read the server's words, then try again",
            FailureKind::NotOffered => "ask the provider, or try the demo: wavedeck demo",
            FailureKind::RateLimited(_) => "wait, then try again",
            FailureKind::Redirected(_) | FailureKind::Malformed | FailureKind::TooLarge => {
                "check the base URL: is this the API, or a login page in between?"
            }
            FailureKind::Refused => "correct it and try again",
            FailureKind::Unconfirmed => "refresh in a moment and look again",
        }
    }

    /// Whether a change that failed like this may have been carried out all the same.
    ///
    /// A status below 500 is taken as «not carried out»; 5xx and 408 prove nothing.
    pub fn may_have_happened(&self) -> bool {
        match self.sent {
            Sent::Never => false,
            Sent::Maybe => true,
            Sent::Answered => matches!(self.kind, FailureKind::Server(_)),
        }
    }

    /// Whether no connection came about.
    pub fn is_offline(&self) -> bool {
        matches!(self.kind, FailureKind::Unreachable(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: FailureKind, status: Option<u16>, sent: Sent) -> Failure {
        Failure {
            kind,
            status,
            sent,
            detail: Clean::default(),
        }
    }

    #[test]
    fn only_an_unanswered_or_failing_server_leaves_doubt() {
        assert!(failure(FailureKind::Timeout, None, Sent::Maybe).may_have_happened());
        assert!(failure(FailureKind::Cut, None, Sent::Maybe).may_have_happened());
        assert!(failure(FailureKind::Server(None), Some(502), Sent::Answered).may_have_happened());
        assert!(
            !failure(FailureKind::NumberNotFound, Some(400), Sent::Answered).may_have_happened()
        );
        assert!(
            !failure(
                FailureKind::Unreachable(Unreachable::Refused),
                None,
                Sent::Never
            )
            .may_have_happened()
        );
        assert!(!Failure::refused("no").may_have_happened());
    }

    #[test]
    fn the_reason_carries_status_and_the_servers_words() {
        let mut f = failure(FailureKind::NumberNotFound, Some(400), Sent::Answered);
        f.detail = Clean::new("Phone number not found");
        assert_eq!(
            f.why(),
            "400: a number was not found in this group: Phone number not found"
        );
    }
}

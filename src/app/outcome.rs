//! What an answer, or its absence, makes of a request: one pure table for all calls of the document.
//!
//! Not here: the state of the connection and who has to wait (`line`), and what a reading that
//! proves something has to show (`changes`, `leaving`, `creation`). Invariant: no change is ever sent
//! again by this program, not even where provably nothing was sent: that is the user's to ask for.

use std::time::Duration;

use crate::domain::{Failure, FailureKind, Operation, Sent, Unreachable};

/// Longest pause that is waited out without asking; a longer one is the user's decision.
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// Tries of one read, the first included.
pub const READ_TRIES: u32 = 3;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The server says that it is done, which is a claim: see [`proof`].
    Claimed,
    /// It did not happen, and nothing has to be read.
    NotApplied,
    /// The server says no, but it may be so already, or be done in part: reading decides.
    Contested,
    /// It may have happened: reading decides, if anything can.
    InDoubt,
}

/// What has to be read to know whether a change happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The group.
    Details,
    /// Its invite link, to be compared with the one before.
    Invite,
    /// Where its icon is, to be compared with the address before.
    Icon,
    /// The list of groups, to be compared with the one before.
    List,
    /// Nothing that can be read tells: only people can.
    Nobody,
}

/// What a failed read leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Another try after that pause.
    Again(Duration),
    /// The host wants to be left alone by everybody, for so long if it said.
    SlowDown(Option<Duration>),
    /// There is no connection: one try at a time, ever rarer, for all reads together.
    NoConnection,
    /// Whoever answers there is not trusted: nothing leaves on its own.
    NotTrusted,
    /// The account is refused: nothing leaves at all.
    SignedOut,
    /// It failed for good.
    GiveUp,
}

/// What became of a change. The reply of a call that changes nothing is judged as if it did.
pub fn of_change(operation: Operation, reply: Result<(), &Failure>) -> Fate {
    match reply {
        Ok(()) => Fate::Claimed,
        Err(why) if why.may_have_happened() => Fate::InDoubt,
        Err(why) if why.sent == Sent::Never => Fate::NotApplied,
        Err(why) if is_contested(operation, why) => Fate::Contested,
        Err(_) => Fate::NotApplied,
    }
}

/// Whether a refusal may be about something that is so already, or about a part of what was asked.
fn is_contested(operation: Operation, why: &Failure) -> bool {
    match operation {
        // One number that is not there refuses the call, and nobody says what of it was done.
        Operation::RemoveParticipants | Operation::AddAdmins | Operation::RemoveAdmins => {
            why.kind == FailureKind::NumberNotFound
                || why.kind == FailureKind::Rejected && matches!(why.status, Some(400 | 422))
        }
        Operation::LeaveGroup => {
            matches!(why.kind, FailureKind::NotInGroup | FailureKind::GroupGone)
        }
        Operation::RemoveIcon => why.kind == FailureKind::NoIcon,
        Operation::ListGroups
        | Operation::GroupDetails
        | Operation::CreateGroup
        | Operation::RenameGroup
        | Operation::GetInvite
        | Operation::ResetInvite
        | Operation::GetIcon
        | Operation::SetIcon
        | Operation::FetchPicture
        | Operation::SendToGroup
        | Operation::SendInvitation => false,
    }
}

/// What has to be read to know whether a change happened; `None` for calls that change nothing.
pub fn proof(operation: Operation) -> Option<Proof> {
    match operation {
        Operation::RenameGroup
        | Operation::RemoveParticipants
        | Operation::AddAdmins
        | Operation::RemoveAdmins => Some(Proof::Details),
        Operation::ResetInvite => Some(Proof::Invite),
        Operation::SetIcon | Operation::RemoveIcon => Some(Proof::Icon),
        Operation::CreateGroup | Operation::LeaveGroup => Some(Proof::List),
        Operation::SendToGroup | Operation::SendInvitation => Some(Proof::Nobody),
        Operation::ListGroups
        | Operation::GroupDetails
        | Operation::GetInvite
        | Operation::GetIcon
        | Operation::FetchPicture => None,
    }
}

/// What a failed read leads to. `try_number` counts from one; `random` is evenly spread over 0 to 1.
///
/// A picture is on another host, which says nothing about that of the API, and is not worth a second
/// request.
pub fn of_read(operation: Operation, why: &Failure, try_number: u32, random: f64) -> Reading {
    if operation == Operation::FetchPicture {
        return Reading::GiveUp;
    }
    let again = |asked: Duration| {
        if try_number < READ_TRIES {
            Reading::Again(asked.max(backoff(try_number, random)))
        } else {
            Reading::GiveUp
        }
    };
    match &why.kind {
        FailureKind::Unreachable(Unreachable::Tls) => Reading::NotTrusted,
        FailureKind::Unreachable(
            Unreachable::Name | Unreachable::Refused | Unreachable::TimedOut,
        ) => Reading::NoConnection,
        FailureKind::Unauthorized => Reading::SignedOut,
        FailureKind::RateLimited(asked) => Reading::SlowDown(*asked),
        FailureKind::Timeout
        | FailureKind::Cut
        | FailureKind::Malformed
        | FailureKind::Server(None) => again(Duration::ZERO),
        FailureKind::Server(Some(asked)) if *asked <= LONGEST_WAIT => again(*asked),
        FailureKind::Server(Some(_))
        | FailureKind::Forbidden
        | FailureKind::GroupGone
        | FailureKind::NoIcon
        | FailureKind::NumberNotFound
        | FailureKind::NotInGroup
        | FailureKind::CreateRefused
        | FailureKind::Rejected
        | FailureKind::NotOffered
        | FailureKind::Redirected(_)
        | FailureKind::TooLarge
        | FailureKind::Refused
        | FailureKind::Unconfirmed => Reading::GiveUp,
    }
}

/// Full jitter: anywhere between nothing and half a second, doubled with each try, 8 s at most.
pub fn backoff(try_number: u32, random: f64) -> Duration {
    let ceiling = 0.5 * f64::from(1_u32 << try_number.min(4));
    Duration::from_secs_f64(ceiling * random.clamp(0.0, 1.0))
}

/// How much a host may still be asked again: a host that fails for everybody is soon left alone,
/// because each further try costs more than an answer brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Self(Self::FULL)
    }
}

impl Budget {
    /// What there is at the start, and at most.
    const FULL: u32 = 20;
    /// What one further try costs after a failure.
    const AGAIN: u32 = 2;
    /// What it costs after a wish to slow down, which held everything back already.
    const SLOWED: u32 = 1;

    /// A good answer came.
    pub fn earn(&mut self) {
        self.0 = (self.0 + 1).min(Self::FULL);
    }

    /// Pays for one further try after this failure; `false` when there is not enough left.
    pub fn spend(&mut self, why: &Failure) -> bool {
        let cost = match why.kind {
            FailureKind::RateLimited(_) => Self::SLOWED,
            // The line lets one try at a time through: it has a measure of its own.
            FailureKind::Unreachable(_) => 0,
            FailureKind::Timeout
            | FailureKind::Cut
            | FailureKind::Unauthorized
            | FailureKind::Forbidden
            | FailureKind::GroupGone
            | FailureKind::NoIcon
            | FailureKind::NumberNotFound
            | FailureKind::NotInGroup
            | FailureKind::CreateRefused
            | FailureKind::Rejected
            | FailureKind::NotOffered
            | FailureKind::Redirected(_)
            | FailureKind::Server(_)
            | FailureKind::Malformed
            | FailureKind::TooLarge
            | FailureKind::Refused
            | FailureKind::Unconfirmed => Self::AGAIN,
        };
        match self.0.checked_sub(cost) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests;

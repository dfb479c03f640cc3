//! What became of a change. Three outcomes exist: applied, not applied, unknown; the third is never
//! shown as one of the others.

use super::Failure;

/// The end of a change that concerns a whole group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Reading again shows what was asked for.
    Applied,
    /// It did not happen.
    NotApplied(Failure),
    /// It was sent, and neither the answer nor reading again could tell.
    Unknown(Failure),
}

/// The end of a change for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberOutcome {
    /// Reading again shows what was asked for.
    Done,
    /// It was so before; nothing was sent for this person.
    AlreadySo,
    /// The server, or this program, said no.
    Refused(Failure),
    /// The server accepted it, or never answered, and reading again does not show it (or failed).
    NotConfirmed(Option<Failure>),
    /// Not attempted, because an earlier part of the same change ended badly.
    NotSent(Failure),
}

impl MemberOutcome {
    /// Whether the person is now what was asked for.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Done | Self::AlreadySo)
    }
}

//! What the journal remembers of a change: what was about to be done, to whom, from which state, and
//! what became of it. Plain values; keeping them is the work of `store`.
//!
//! No type here can carry credentials.

use super::{
    CorrelationId, Failure, GroupId, MemberOutcome, Millis, Operation, Outcome, Role, WaId,
};

/// Why a change has no end, when the program ended before it.
pub const INTERRUPTED: &str = "the program ended before the answer came";

/// Names an entry of the journal. Later entries have larger numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub i64);

/// Kinds of change, one for each call of the document that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// A new group.
    Create,
    /// Another subject.
    Rename,
    /// Another icon.
    SetIcon,
    /// No icon any more.
    RemoveIcon,
    /// Another invite link.
    ResetInvite,
    /// People become admins.
    Promote,
    /// Admins become plain participants.
    Demote,
    /// People are taken out of the group.
    Remove,
    /// The account leaves the group.
    Leave,
    /// A message to a group.
    SendToGroup,
    /// An invitation to one person, which may be charged.
    SendInvitation,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Create,
        Self::Rename,
        Self::SetIcon,
        Self::RemoveIcon,
        Self::ResetInvite,
        Self::Promote,
        Self::Demote,
        Self::Remove,
        Self::Leave,
        Self::SendToGroup,
        Self::SendInvitation,
    ];

    /// Its words, for rows, exports and the store: `set icon`. They never change meaning.
    pub fn words(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Rename => "rename",
            Self::SetIcon => "set icon",
            Self::RemoveIcon => "remove icon",
            Self::ResetInvite => "reset link",
            Self::Promote => "promote",
            Self::Demote => "demote",
            Self::Remove => "remove",
            Self::Leave => "leave",
            Self::SendToGroup => "send message",
            Self::SendInvitation => "send invitation",
        }
    }

    /// The call that makes it.
    pub fn operation(self) -> Operation {
        match self {
            Self::Create => Operation::CreateGroup,
            Self::Rename => Operation::RenameGroup,
            Self::SetIcon => Operation::SetIcon,
            Self::RemoveIcon => Operation::RemoveIcon,
            Self::ResetInvite => Operation::ResetInvite,
            Self::Promote => Operation::AddAdmins,
            Self::Demote => Operation::RemoveAdmins,
            Self::Remove => Operation::RemoveParticipants,
            Self::Leave => Operation::LeaveGroup,
            Self::SendToGroup => Operation::SendToGroup,
            Self::SendInvitation => Operation::SendInvitation,
        }
    }

    /// The kind of these words.
    pub fn of_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.words() == words)
    }
}

/// The state a change starts from, as far as it is known: what an undo is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing is known, or there was nothing.
    Unknown,
    /// The old subject, as the server gave it.
    Subject(String),
    /// Old roles of the people concerned; `None` for somebody who was not in the group.
    Roles(Vec<(WaId, Option<Role>)>),
    /// The old icon's file; `None` when the group had no icon.
    Icon(Option<Vec<u8>>),
    /// The old invite link, as the server gave it.
    Invite(String),
}

/// A change that is about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// In whose name: user name and host, because several people may share one journal.
    pub account: String,
    /// Which group; `None` for one that does not exist yet.
    pub group: Option<GroupId>,
    /// What the group was called then: later nobody may be able to look it up.
    pub group_name: String,
    /// What is done.
    pub kind: ChangeKind,
    /// To whom, for changes of people and for invitations.
    pub people: Vec<WaId>,
    /// From which state.
    pub before: Before,
    /// What it is to become: the new subject, the text of a message; otherwise blank.
    pub after: String,
    /// Our name for a message, which callbacks of the provider repeat.
    pub correlation: Option<CorrelationId>,
}

impl Intent {
    /// Whether another change concerns the same as this one: then reading cannot tell them apart.
    pub fn is_about(&self, other: &Self) -> bool {
        if self.group.is_none() || self.group != other.group {
            return false;
        }
        match (self.kind, other.kind) {
            (
                ChangeKind::Promote | ChangeKind::Demote | ChangeKind::Remove,
                ChangeKind::Promote | ChangeKind::Demote | ChangeKind::Remove,
            ) => self.people.iter().any(|id| other.people.contains(id)),
            (
                ChangeKind::SetIcon | ChangeKind::RemoveIcon,
                ChangeKind::SetIcon | ChangeKind::RemoveIcon,
            ) => true,
            (one, another) => one == another,
        }
    }
}

/// What became of one person of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonEnd {
    /// As was asked for.
    Done,
    /// It was so before; nothing was sent for this person.
    AlreadySo,
    /// Refused, with the reason.
    Refused(String),
    /// It may have happened or not, with the reason why nobody can tell.
    NotConfirmed(String),
    /// Not attempted, with the reason.
    NotSent(String),
}

impl PersonEnd {
    /// The same in the words of the journal.
    pub fn of(outcome: &MemberOutcome) -> Self {
        match outcome {
            MemberOutcome::Done => Self::Done,
            MemberOutcome::AlreadySo => Self::AlreadySo,
            MemberOutcome::Refused(why) => Self::Refused(why.why()),
            MemberOutcome::NotConfirmed(why) => {
                Self::NotConfirmed(why.as_ref().map(Failure::why).unwrap_or_default())
            }
            MemberOutcome::NotSent(why) => Self::NotSent(why.why()),
        }
    }
}

/// What the user says became of a change that the program could not tell about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It happened.
    Happened,
    /// It did not happen.
    DidNotHappen,
}

/// The end of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It happened, for everyone named.
    Applied,
    /// It did not happen, for anyone, with the reason.
    NotApplied(String),
    /// Nobody can tell yet, with the reason.
    Unknown(String),
    /// What became of each person. Not over while one of them is not confirmed.
    Mixed(Vec<(WaId, PersonEnd)>),
    /// The user looked and said.
    SettledByUser(Verdict),
}

impl End {
    /// The end of a change that concerns a whole group.
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Applied => Self::Applied,
            Outcome::NotApplied(why) => Self::NotApplied(why.why()),
            Outcome::Unknown(why) => Self::Unknown(why.why()),
        }
    }

    /// The end of a change of people: applied when all are as was asked for.
    pub fn of_people(results: &[(WaId, MemberOutcome)]) -> Self {
        if results.iter().all(|(_, outcome)| outcome.is_good()) {
            return Self::Applied;
        }
        let people = results
            .iter()
            .map(|(id, outcome)| (id.clone(), PersonEnd::of(outcome)));
        Self::Mixed(people.collect())
    }

    /// Whether nothing is left to find out.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Applied | Self::NotApplied(_) | Self::SettledByUser(_) => true,
            Self::Unknown(_) => false,
            Self::Mixed(people) => !people
                .iter()
                .any(|(_, end)| matches!(end, PersonEnd::NotConfirmed(_))),
        }
    }
}

/// How far a change is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Begun and not ended, by this program or another that is still running.
    InFlight,
    /// Ended, as far as that is known.
    Ended(End),
}

impl EntryState {
    /// Whether nothing is left to find out.
    pub fn is_final(&self) -> bool {
        match self {
            Self::InFlight => false,
            Self::Ended(end) => end.is_final(),
        }
    }
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: EntryId,
    /// When it began.
    pub begun: Millis,
    /// When it ended, or became unknown.
    pub ended: Option<Millis>,
    /// What was about to be done; `None` when the record is damaged and cannot be read.
    pub intent: Option<Intent>,
    /// What became of it; unknown when the record is damaged.
    pub state: EntryState,
    /// For what the user settled: why it was unknown. Otherwise blank.
    pub doubt: String,
    /// Whether a later change concerns the same: then what is read tells of that one.
    pub is_overtaken: bool,
    /// Whose program it was: user and computer. Blank when nobody knows.
    pub person: String,
}

/// Whose entries are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    Everyone,
    /// Those of other runs of the program: of earlier ones, and of others that run now.
    OtherRuns,
}

/// Which entries are wanted, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryQuery {
    /// Whose.
    pub whose: Whose,
    /// Words that must all occur, in any order and case; blank for all entries.
    pub words: String,
    /// Only entries older than this one.
    pub before: Option<EntryId>,
    /// At most so many.
    pub limit: u32,
}

/// Forms of an exported journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated values with a line of headings.
    Csv,
    /// An array of objects.
    Json,
}

impl ExportFormat {
    /// The ending of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> WaId {
        WaId::from_api(text).unwrap()
    }

    #[test]
    fn every_kind_is_found_again_by_its_words() {
        for kind in ChangeKind::ALL {
            assert_eq!(ChangeKind::of_words(kind.words()), Some(kind));
        }
        assert_eq!(ChangeKind::of_words("bless"), None);
    }

    #[test]
    fn a_change_of_people_is_over_only_when_everyone_is_accounted_for() {
        let (a, b) = (id("551190000001"), id("551190000002"));
        let refused = MemberOutcome::Refused(Failure::refused("no"));
        let end = |one, two| End::of_people(&[(a.clone(), one), (b.clone(), two)]);
        assert_eq!(
            end(MemberOutcome::Done, MemberOutcome::AlreadySo),
            End::Applied
        );
        assert!(end(MemberOutcome::Done, refused.clone()).is_final());
        let open = end(refused, MemberOutcome::NotConfirmed(None));
        assert!(matches!(&open, End::Mixed(people) if people.len() == 2));
        assert!(!open.is_final());
        assert!(!End::Unknown(String::new()).is_final());
        assert!(!EntryState::InFlight.is_final());
    }
}

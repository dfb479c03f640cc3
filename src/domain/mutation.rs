//! Changes to a group, as one value from the question to the report.

use super::{IconFile, Operation, Role, Roster, Subject, WaId, WaIds};

/// What is done to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MemberVerb {
    /// Make them admins. Source: «Adding Administrators».
    Promote,
    /// Make them plain participants. Source: «Removing Administrators».
    Demote,
    /// Take them out of the group. Source: «Removing Group Members».
    Remove,
}

impl MemberVerb {
    /// Whether `id` already is what this verb would make of them, by `roster`.
    pub fn is_reached(self, roster: &Roster, id: &WaId) -> bool {
        match self {
            Self::Promote => roster.is_admin(id),
            // Somebody who left is no admin either, but that is not what was asked for.
            Self::Demote => roster.role(id) == Some(Role::Member),
            Self::Remove => roster.role(id).is_none(),
        }
    }

    /// The call of the document that does it.
    pub fn operation(self) -> Operation {
        match self {
            Self::Promote => Operation::AddAdmins,
            Self::Demote => Operation::RemoveAdmins,
            Self::Remove => Operation::RemoveParticipants,
        }
    }

    /// `promote`, as on a button or in a sentence.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Demote => "demote",
            Self::Remove => "remove",
        }
    }

    /// `promoted`.
    pub fn done(self) -> &'static str {
        match self {
            Self::Promote => "promoted",
            Self::Demote => "demoted",
            Self::Remove => "removed",
        }
    }

    /// `promoting`.
    pub fn doing(self) -> &'static str {
        match self {
            Self::Promote => "promoting",
            Self::Demote => "demoting",
            Self::Remove => "removing",
        }
    }
}

/// A change to one group. Asked, confirmed, queued, sent and reported: always this one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// Give it another subject. Source: «Updating Group Information».
    Rename(Subject),
    /// Change the role or presence of people.
    Members(MemberVerb, WaIds),
    /// Make the invite link worthless. Source: `DELETE …/invite`.
    ResetInvite,
    /// Give it this picture. Source: «Setting a Group Icon».
    SetIcon(IconFile),
    /// Take its picture away. Source: «Removing a Group Icon».
    RemoveIcon,
    /// Leave the group; there is no way back. Source: «Leaving a Group».
    Leave,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_reached_only_by_what_was_asked_for() {
        let id = |text: &str| WaId::from_api(text).unwrap();
        let roster = Roster::new(
            vec![id("551190000001"), id("551190000002")],
            vec![id("551190000001")],
        );
        assert!(MemberVerb::Promote.is_reached(&roster, &id("551190000001")));
        assert!(!MemberVerb::Promote.is_reached(&roster, &id("551190000002")));
        assert!(MemberVerb::Demote.is_reached(&roster, &id("551190000002")));
        assert!(!MemberVerb::Demote.is_reached(&roster, &id("551190000009")));
        assert!(MemberVerb::Remove.is_reached(&roster, &id("551190000009")));
    }
}

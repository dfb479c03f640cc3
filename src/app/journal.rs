//! What the journal is told of changes: what is about to be sent, and what became of it. Keeping it is
//! the work of the runtime; nothing here waits for a disk.
//!
//! Invariant: every change that was launched is settled exactly once, unless the program ends before.

use std::collections::{BTreeMap, HashMap};

use super::changes::Ending;
use super::doubts::Doubts;
use super::effect::{Call, Effect, Effects};
use super::groups::GroupState;
use super::model::{Flying, Model};
use super::remote::Ticket;
use crate::domain::journal::{Before, ChangeKind, End, Intent};
use crate::domain::{Account, GroupId, MemberOutcome, MemberVerb, WaId};

/// The end of a change that nobody follows any more.
const ABANDONED: &str =
    "its group left the list, or another account was connected, before the end could be read";

/// Changes that were launched and not settled, and changes whose end nobody knows.
#[derive(Debug, Default)]
pub struct Journal {
    /// Changes whose end nobody knows.
    pub doubts: Doubts,
    open: BTreeMap<Ticket, Call>,
}

impl Journal {
    /// A change leaves.
    pub(super) fn launched(&mut self, ticket: Ticket, call: Call, intent: &Intent) {
        self.doubts.overtake(intent);
        self.open.insert(ticket, call);
    }

    /// The change under way in a group is over.
    pub(super) fn ended(
        &mut self,
        group: &GroupId,
        ending: &Ending,
        flying: &BTreeMap<Ticket, Flying>,
    ) -> Effects {
        let is_its = |ticket: &Ticket, call: &Call| {
            let is_apart = matches!(
                call,
                Call::Leave(_) | Call::Send(_) | Call::SendInvitation(..)
            );
            call.group() == Some(group) && !is_apart && !flying.contains_key(ticket)
        };
        match ending {
            Ending::Renamed(_, outcome)
            | Ending::InviteReset(outcome)
            | Ending::IconChanged(_, outcome) => self.settle(is_its, |_| End::of(outcome)),
            // One entry for each request, with those it named.
            Ending::Members(report) => self.settle(is_its, |call| {
                let named =
                    |id: &WaId| !matches!(call, Call::Members(_, _, ids) if !ids.contains(id));
                let results = report.results.iter().filter(|(id, _)| named(id));
                End::of_people(&results.cloned().collect::<Vec<_>>())
            }),
        }
    }

    /// What became of leaving each of these groups.
    pub(super) fn left(&mut self, results: &[(GroupId, MemberOutcome)]) -> Effects {
        let results: HashMap<&GroupId, &MemberOutcome> =
            results.iter().map(|(id, outcome)| (id, outcome)).collect();
        let mut effects = Effects::none();
        for (id, outcome) in results {
            let is_its = |_: &Ticket, call: &Call| matches!(call, Call::Leave(left) if left == id);
            effects.extend(self.settle(is_its, |_| end_of_leaving(outcome)));
        }
        effects
    }

    /// The creation is over.
    pub(super) fn created(&mut self, end: &End) -> Effects {
        self.settle(|_, call| matches!(call, Call::Create(_)), |_| end.clone())
    }

    /// Changes that nobody follows any more get their end too: it will never be known from here.
    pub(super) fn abandon(&mut self, is_followed: impl Fn(&Ticket, &Call) -> bool) -> Effects {
        self.settle(
            |ticket, call| !is_followed(ticket, call),
            |_| End::Unknown(ABANDONED.to_owned()),
        )
    }

    /// One request is over that nobody follows any more.
    pub(super) fn settle_one(&mut self, ticket: Ticket, end: &End) -> Effects {
        self.settle(|open, _| *open == ticket, |_| end.clone())
    }

    fn settle(
        &mut self,
        is_over: impl Fn(&Ticket, &Call) -> bool,
        end: impl Fn(&Call) -> End,
    ) -> Effects {
        let mut effects = Effects::none();
        self.open.retain(|ticket, call| {
            let over = is_over(ticket, call);
            if over {
                effects.push(Effect::Settle(*ticket, end(call)));
            }
            !over
        });
        effects
    }
}

fn end_of_leaving(outcome: &MemberOutcome) -> End {
    match outcome {
        MemberOutcome::Done | MemberOutcome::AlreadySo => End::Applied,
        MemberOutcome::Refused(why) | MemberOutcome::NotSent(why) => End::NotApplied(why.why()),
        MemberOutcome::NotConfirmed(Some(why)) => End::Unknown(why.why()),
        MemberOutcome::NotConfirmed(None) => {
            End::Unknown("accepted, but the group is still in the list".to_owned())
        }
    }
}

/// In whose name changes are made, as the journal writes it: user name and host.
pub(super) fn name_of(account: &Account) -> String {
    format!("{} at {}", account.user_name, account.base_url.host())
}

/// What a call is about to do; `None` for a read.
pub(super) fn intent(model: &Model, call: &Call) -> Option<Intent> {
    let kind = kind(call)?;
    let group = call.group();
    let state = group.and_then(|id| model.groups.get(id));
    let (people, after) = match call {
        Call::Members(_, _, ids) => (ids.iter().cloned().collect(), String::new()),
        Call::Rename(_, subject) | Call::Create(subject) => (vec![], subject.to_string()),
        Call::Send(message) => (vec![], message.text.as_str().to_owned()),
        Call::SendInvitation(_, invitation) => (
            vec![invitation.to().clone()],
            invitation.text().as_str().to_owned(),
        ),
        Call::Index
        | Call::Details(_)
        | Call::Invite(_)
        | Call::Icon(_)
        | Call::Picture(..)
        | Call::ResetInvite(_)
        | Call::SetIcon(..)
        | Call::RemoveIcon(_)
        | Call::Leave(_)
        | Call::TestAccount(_) => (vec![], String::new()),
    };
    Some(Intent {
        account: model
            .session
            .account
            .as_ref()
            .map(name_of)
            .unwrap_or_default(),
        group: group.cloned(),
        group_name: match (group, call) {
            (Some(id), _) => model.name(id),
            (None, _) => after.clone(),
        },
        kind,
        before: state.map_or(Before::Unknown, |state| before(state, kind, &people)),
        people,
        after,
        correlation: match call {
            Call::Send(message) => Some(message.id.clone()),
            Call::SendInvitation(_, invitation) => Some(invitation.id().clone()),
            Call::Index
            | Call::Details(_)
            | Call::Invite(_)
            | Call::Icon(_)
            | Call::Picture(..)
            | Call::Create(_)
            | Call::Rename(..)
            | Call::Members(..)
            | Call::ResetInvite(_)
            | Call::SetIcon(..)
            | Call::RemoveIcon(_)
            | Call::Leave(_)
            | Call::TestAccount(_) => None,
        },
    })
}

/// Which change a call makes; `None` for a read.
pub(super) fn kind(call: &Call) -> Option<ChangeKind> {
    Some(match call {
        Call::Create(_) => ChangeKind::Create,
        Call::Rename(..) => ChangeKind::Rename,
        Call::Members(_, MemberVerb::Promote, _) => ChangeKind::Promote,
        Call::Members(_, MemberVerb::Demote, _) => ChangeKind::Demote,
        Call::Members(_, MemberVerb::Remove, _) => ChangeKind::Remove,
        Call::ResetInvite(_) => ChangeKind::ResetInvite,
        Call::SetIcon(..) => ChangeKind::SetIcon,
        Call::RemoveIcon(_) => ChangeKind::RemoveIcon,
        Call::Leave(_) => ChangeKind::Leave,
        Call::Send(_) => ChangeKind::SendToGroup,
        Call::SendInvitation(..) => ChangeKind::SendInvitation,
        Call::Index
        | Call::Details(_)
        | Call::Invite(_)
        | Call::Icon(_)
        | Call::Picture(..)
        | Call::TestAccount(_) => return None,
    })
}

/// The state a change starts from, as far as it is known.
fn before(group: &GroupState, kind: ChangeKind, people: &[WaId]) -> Before {
    let known = match kind {
        ChangeKind::Rename => group
            .told()
            .and_then(|details| details.subject.as_ref())
            .map(|subject| Before::Subject(subject.raw().to_owned())),
        ChangeKind::Promote | ChangeKind::Demote | ChangeKind::Remove => {
            group.told_roster().map(|roster| {
                let roles = people.iter().map(|id| (id.clone(), roster.role(id)));
                Before::Roles(roles.collect())
            })
        }
        ChangeKind::SetIcon | ChangeKind::RemoveIcon => match group.icon.value() {
            Some(None) => Some(Before::Icon(None)),
            Some(Some(_)) => group
                .picture
                .value()
                .map(|picture| Before::Icon(Some(picture.file.to_vec()))),
            None => None,
        },
        ChangeKind::ResetInvite => group
            .invite
            .value()
            .map(|link| Before::Invite(link.shown().to_owned())),
        ChangeKind::Create
        | ChangeKind::Leave
        | ChangeKind::SendToGroup
        | ChangeKind::SendInvitation => None,
    };
    known.unwrap_or(Before::Unknown)
}

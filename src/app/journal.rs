//! What the journal is told of changes: what is about to be sent, and what became of it. Keeping it is
//! the work of the runtime; nothing here waits for a disk.
//!
//! Invariant: every change that was launched is settled exactly once, unless the program ends before.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::changes::Ending;
use super::effect::{Call, Effect, Effects};
use super::groups::GroupState;
use super::model::{Flying, Model};
use super::remote::Ticket;
use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryState, Intent, PersonEnd, Verdict,
};
use crate::domain::{
    Account, GroupDetails, GroupId, InviteLink, MemberOutcome, MemberVerb, Millis, Roster, WaId,
};

/// How long a change without an answer may still take effect: before, a read that does not show it
/// proves nothing.
const MAY_STILL_COME: Duration = Duration::from_secs(120);

/// Changes that were launched and not settled, and changes whose end is not known.
#[derive(Debug, Default)]
pub struct Journal {
    open: BTreeMap<Ticket, Call>,
    doubts: Vec<Doubt>,
}

/// A change whose end is not known, of this run or an earlier one.
#[derive(Debug)]
struct Doubt {
    entry: Entry,
    /// The group is being read because of it.
    asked: bool,
}

/// What was read, as far as it can tell about a change of an earlier run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Evidence<'a> {
    /// Whether the group is still in the list.
    Listed(bool),
    /// The group.
    Details(&'a GroupDetails),
    /// Its link.
    Invite(&'a InviteLink),
    /// Whether it has an icon.
    Icon(bool),
}

/// What has to be read to find out about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// The list of groups.
    List,
    /// The group.
    Details,
    /// Its link.
    Invite,
    /// Its icon.
    Icon,
}

impl Journal {
    /// A change leaves.
    pub(super) fn launched(&mut self, ticket: Ticket, call: Call) {
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
            |_| End::Unknown("the group left the list before the end could be read".to_owned()),
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

    /// Changes of earlier runs whose end is not known, newest first: it is to be looked for.
    pub(super) fn recover(&mut self, entries: Vec<Entry>) {
        let asked = false;
        let doubts = entries.into_iter().map(|entry| Doubt { entry, asked });
        self.doubts.extend(doubts);
    }

    /// A change of this run ended, and nobody knows how: whatever is read from now on may tell.
    pub(super) fn doubt(&mut self, entry: Entry) {
        let asked = true;
        self.doubts.insert(0, Doubt { entry, asked });
    }

    /// Changes whose end is not known, newest first.
    pub fn doubts(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.doubts.iter().map(|doubt| &doubt.entry)
    }

    /// A change whose end is not known.
    pub fn doubted(&self, id: EntryId) -> Option<&Entry> {
        self.doubts().find(|entry| entry.id == id)
    }

    /// The user says what became of a change.
    pub(super) fn settle_doubt(
        &mut self,
        id: EntryId,
        said: Verdict,
        now: Millis,
    ) -> Option<Entry> {
        let at = self.doubts.iter().position(|doubt| doubt.entry.id == id)?;
        let mut entry = self.doubts.remove(at).entry;
        if let EntryState::Ended(End::Unknown(why)) = &entry.state {
            entry.doubt.clone_from(why);
        }
        entry.state = EntryState::Ended(End::SettledByUser(said));
        entry.ended = Some(now);
        Some(entry)
    }

    /// It is to be looked for again what became of a change.
    pub(super) fn look_again(&mut self, id: EntryId) {
        for doubt in &mut self.doubts {
            doubt.asked &= doubt.entry.id != id;
        }
    }

    /// Whether there is nothing to find out.
    pub(super) fn has_no_doubts(&self) -> bool {
        self.doubts.is_empty()
    }

    /// What has to be read now to find out about them; each is named once.
    pub(super) fn take_reads(&mut self, account: Option<&str>) -> Vec<(GroupId, Proof)> {
        let mut reads = Vec::new();
        for doubt in self.doubts.iter_mut().filter(|doubt| !doubt.asked) {
            let Some(intent) = doubt.entry.intent.as_ref() else {
                continue;
            };
            if Some(intent.account.as_str()) != account {
                continue;
            }
            if let (Some(group), Some(proof)) = (&intent.group, proof(intent.kind)) {
                doubt.asked = true;
                reads.push((group.clone(), proof));
            }
        }
        reads
    }

    /// Something about a group was read: returns what that settles.
    pub(super) fn weigh(
        &mut self,
        account: Option<&str>,
        group: &GroupId,
        evidence: Evidence<'_>,
        now: Millis,
    ) -> Vec<Entry> {
        let mut settled = Vec::new();
        self.doubts.retain(|doubt| {
            let entry = &doubt.entry;
            let Some(intent) = &entry.intent else {
                return true;
            };
            if Some(intent.account.as_str()) != account || intent.group.as_ref() != Some(group) {
                return true;
            }
            let late = now.since(entry.begun) > MAY_STILL_COME;
            match judge(intent, &entry.state, evidence, late) {
                Some(end) => {
                    settled.push(Entry {
                        state: EntryState::Ended(end),
                        ended: Some(now),
                        ..entry.clone()
                    });
                    false
                }
                None => true,
            }
        });
        settled
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
            .details
            .value()
            .and_then(|details| details.subject.as_ref())
            .map(|subject| Before::Subject(subject.raw().to_owned())),
        ChangeKind::Promote | ChangeKind::Demote | ChangeKind::Remove => {
            group.roster().map(|roster| {
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

/// What has to be read to find out about a change; `None` when reading cannot tell.
pub(super) fn proof(kind: ChangeKind) -> Option<Proof> {
    match kind {
        ChangeKind::Leave => Some(Proof::List),
        ChangeKind::Rename | ChangeKind::Promote | ChangeKind::Demote | ChangeKind::Remove => {
            Some(Proof::Details)
        }
        ChangeKind::ResetInvite => Some(Proof::Invite),
        ChangeKind::SetIcon | ChangeKind::RemoveIcon => Some(Proof::Icon),
        ChangeKind::Create | ChangeKind::SendToGroup | ChangeKind::SendInvitation => None,
    }
}

/// What was read says of a change of an earlier run; `None` when it proves nothing. That it is not as
/// was asked for proves something only when it is `late`.
fn judge(intent: &Intent, state: &EntryState, evidence: Evidence<'_>, late: bool) -> Option<End> {
    let unchanged = || late.then(|| End::NotApplied("it was not so when it was read again".into()));
    match (intent.kind, evidence) {
        (ChangeKind::Leave, Evidence::Listed(false))
        | (ChangeKind::RemoveIcon, Evidence::Icon(false)) => Some(End::Applied),
        (ChangeKind::Leave, Evidence::Listed(true))
        | (ChangeKind::RemoveIcon, Evidence::Icon(true))
        | (ChangeKind::SetIcon, Evidence::Icon(false)) => unchanged(),
        (ChangeKind::Rename, Evidence::Details(details)) => {
            let now = details.subject.as_ref()?.raw();
            if now == intent.after {
                Some(End::Applied)
            } else if intent.before == Before::Subject(now.to_owned()) {
                unchanged()
            } else {
                None
            }
        }
        (ChangeKind::Promote, Evidence::Details(details)) => {
            people(MemberVerb::Promote, intent, state, details, late)
        }
        (ChangeKind::Demote, Evidence::Details(details)) => {
            people(MemberVerb::Demote, intent, state, details, late)
        }
        (ChangeKind::Remove, Evidence::Details(details)) => {
            people(MemberVerb::Remove, intent, state, details, late)
        }
        (ChangeKind::ResetInvite, Evidence::Invite(link)) => match &intent.before {
            Before::Invite(before) if before == link.shown() => unchanged(),
            Before::Invite(_) => Some(End::Applied),
            Before::Unknown | Before::Subject(_) | Before::Roles(_) | Before::Icon(_) => None,
        },
        // Which picture it is now cannot be told from its address.
        (ChangeKind::SetIcon, Evidence::Icon(true)) => {
            (intent.before == Before::Icon(None)).then_some(End::Applied)
        }
        (
            ChangeKind::Create
            | ChangeKind::Rename
            | ChangeKind::SetIcon
            | ChangeKind::RemoveIcon
            | ChangeKind::ResetInvite
            | ChangeKind::Promote
            | ChangeKind::Demote
            | ChangeKind::Remove
            | ChangeKind::Leave
            | ChangeKind::SendToGroup
            | ChangeKind::SendInvitation,
            Evidence::Listed(_) | Evidence::Details(_) | Evidence::Invite(_) | Evidence::Icon(_),
        ) => None,
    }
}

fn people(
    verb: MemberVerb,
    intent: &Intent,
    state: &EntryState,
    details: &GroupDetails,
    late: bool,
) -> Option<End> {
    let roster: &Roster = details.roster.as_ref()?;
    let reached = |id: &WaId| verb.is_reached(roster, id);
    let not_so = || PersonEnd::Refused("not so when it was read again".to_owned());
    if let EntryState::Ended(End::Mixed(known)) = state {
        // What was settled for a person stays.
        let ends = known.iter().map(|(id, end)| match end {
            PersonEnd::NotConfirmed(_) if reached(id) => Some((id.clone(), PersonEnd::Done)),
            PersonEnd::NotConfirmed(_) => late.then(|| (id.clone(), not_so())),
            PersonEnd::Done
            | PersonEnd::AlreadySo
            | PersonEnd::Refused(_)
            | PersonEnd::NotSent(_) => Some((id.clone(), end.clone())),
        });
        return ends.collect::<Option<Vec<_>>>().map(End::Mixed);
    }
    if intent.people.iter().all(reached) {
        return Some(End::Applied);
    }
    if !late {
        return None;
    }
    let ends = intent.people.iter().map(|id| {
        let end = if reached(id) {
            PersonEnd::Done
        } else {
            not_so()
        };
        (id.clone(), end)
    });
    Some(End::Mixed(ends.collect()))
}

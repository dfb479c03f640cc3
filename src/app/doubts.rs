//! Changes whose end nobody knows, and what reading says of them. Nothing here reads: it is told what
//! was read, and says what should be.
//!
//! Invariant: what is read settles a change only while no later one concerns the same: otherwise it
//! tells of the later one. Such a doubt is for the user to settle.

use std::time::Duration;

use super::outcome::{self, Proof};
use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryState, Intent, PersonEnd, Verdict,
};
use crate::domain::{
    CorrelationId, GroupDetails, GroupId, InviteLink, MemberVerb, Millis, Roster, WaId,
};

/// How long a change without an answer may still take effect: before, a read that does not show it
/// proves nothing.
const MAY_STILL_COME: Duration = Duration::from_secs(120);

/// Changes whose end nobody knows, newest first.
#[derive(Debug, Default)]
pub struct Doubts(Vec<Doubt>);

#[derive(Debug)]
struct Doubt {
    entry: Entry,
    look: Look,
}

/// Whether somebody looks what became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// It has still to be looked for.
    Wanted,
    /// The same, because the user asked: the answer is told, whatever it is.
    Asked,
    /// It is being looked for; whoever asked waits.
    Awaited,
    /// Whatever is read by the way may tell.
    ByTheWay,
}

/// What was read, as far as it can tell about a change.
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

impl Evidence<'_> {
    fn is(self, proof: Proof) -> bool {
        match self {
            Self::Listed(_) => proof == Proof::List,
            Self::Details(_) => proof == Proof::Details,
            Self::Invite(_) => proof == Proof::Invite,
            Self::Icon(_) => proof == Proof::Icon,
        }
    }
}

/// What something that was read says of the doubts about its group.
#[derive(Debug, Default)]
pub(super) struct Weighed {
    /// What is known now.
    pub(super) settled: Vec<Entry>,
    /// What the user asked about and is still not known.
    pub(super) open: Vec<Entry>,
}

impl Doubts {
    /// Adds changes that were read from the journal, newest first, unless they are known; returns those
    /// that are new.
    pub(super) fn recover(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let (_, new): (Vec<Entry>, Vec<Entry>) = entries
            .into_iter()
            .partition(|entry| self.get(entry.id).is_some());
        let look = Look::Wanted;
        self.0
            .extend(new.iter().cloned().map(|entry| Doubt { entry, look }));
        self.0
            .sort_by_key(|doubt| std::cmp::Reverse(doubt.entry.id));
        new
    }

    /// Adds a change of this run: what was read because of it did not tell.
    pub(super) fn add(&mut self, entry: Entry) {
        if self.get(entry.id).is_none() {
            let look = Look::ByTheWay;
            self.0.insert(0, Doubt { entry, look });
        }
    }

    /// All of them, newest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.0.iter().map(|doubt| &doubt.entry)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing to find out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One of them.
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.iter().find(|entry| entry.id == id)
    }

    /// A change leaves: what is read from now on says nothing about earlier ones of the same.
    pub(super) fn overtake(&mut self, intent: &Intent) {
        for doubt in &mut self.0 {
            let earlier = doubt.entry.intent.as_ref();
            doubt.entry.is_overtaken |= earlier.is_some_and(|earlier| earlier.is_about(intent));
        }
    }

    /// The user says what became of a change.
    pub(super) fn say(&mut self, id: EntryId, said: Verdict, now: Millis) -> Option<Entry> {
        let at = self.0.iter().position(|doubt| doubt.entry.id == id)?;
        let mut entry = self.0.remove(at).entry;
        if let EntryState::Ended(End::Unknown(why)) = &entry.state {
            entry.doubt.clone_from(why);
        }
        entry.state = EntryState::Ended(End::SettledByUser(said));
        entry.ended = Some(now);
        Some(entry)
    }

    /// The provider reported a message: it was taken.
    pub(super) fn reported(&mut self, id: &CorrelationId, now: Millis) -> Option<Entry> {
        let is_it = |doubt: &Doubt| {
            let intent = doubt.entry.intent.as_ref();
            intent.and_then(|intent| intent.correlation.as_ref()) == Some(id)
        };
        let at = self.0.iter().position(is_it)?;
        let mut entry = self.0.remove(at).entry;
        entry.state = EntryState::Ended(End::Applied);
        entry.ended = Some(now);
        Some(entry)
    }

    /// The user asks to look again what became of a change.
    pub(super) fn ask(&mut self, id: EntryId) {
        for doubt in &mut self.0 {
            if doubt.entry.id == id {
                doubt.look = Look::Asked;
            }
        }
    }

    /// What has to be read now to find out about them; each is named once.
    pub(super) fn take_reads(&mut self, account: Option<&str>) -> Vec<(GroupId, Proof)> {
        let mut reads = Vec::new();
        for doubt in &mut self.0 {
            let look = match doubt.look {
                Look::Wanted => Look::ByTheWay,
                Look::Asked => Look::Awaited,
                Look::Awaited | Look::ByTheWay => continue,
            };
            let Some(intent) = doubt.entry.intent.as_ref() else {
                continue;
            };
            if Some(intent.account.as_str()) != account {
                continue;
            }
            if let (Some(group), Some(proof)) = (&intent.group, proof(&doubt.entry)) {
                doubt.look = look;
                reads.push((group.clone(), proof));
            }
        }
        reads
    }

    /// Groups of which nobody knows whether the account left them: every list that is read tells.
    pub(super) fn leaving(&self, account: Option<&str>) -> Vec<GroupId> {
        let intents = self.iter().filter_map(|entry| entry.intent.as_ref());
        let leaving = intents.filter(|intent| {
            intent.kind == ChangeKind::Leave && Some(intent.account.as_str()) == account
        });
        leaving.filter_map(|intent| intent.group.clone()).collect()
    }

    /// Something about a group was read: what that says.
    pub(super) fn weigh(
        &mut self,
        account: Option<&str>,
        group: &GroupId,
        evidence: Evidence<'_>,
        now: Millis,
    ) -> Weighed {
        let mut weighed = Weighed::default();
        self.0.retain_mut(|doubt| {
            let entry = &doubt.entry;
            let Some(intent) = &entry.intent else {
                return true;
            };
            let is_its = Some(intent.account.as_str()) == account
                && intent.group.as_ref() == Some(group)
                && proof(entry).is_some_and(|proof| evidence.is(proof));
            if !is_its {
                return true;
            }
            let late = now.since(entry.begun) > MAY_STILL_COME;
            if let Some(end) = judge(intent, &entry.state, evidence, late) {
                weighed.settled.push(Entry {
                    state: EntryState::Ended(end),
                    ended: Some(now),
                    ..entry.clone()
                });
                return false;
            }
            if doubt.look == Look::Awaited {
                doubt.look = Look::ByTheWay;
                weighed.open.push(doubt.entry.clone());
            }
            true
        });
        weighed
    }
}

/// What has to be read to find out about a change; `None` when reading cannot tell.
pub(super) fn proof(entry: &Entry) -> Option<Proof> {
    let intent = entry.intent.as_ref()?;
    if entry.is_overtaken {
        return None;
    }
    match (intent.kind, &intent.before) {
        // Another new group of that name would look the same.
        (ChangeKind::Create, _)
        // There is nothing to compare with.
        | (ChangeKind::ResetInvite, Before::Unknown)
        | (ChangeKind::SetIcon, Before::Unknown | Before::Icon(Some(_))) => None,
        (kind, _) => {
            outcome::proof(kind.operation()).filter(|proof| *proof != Proof::Nobody)
        }
    }
}

/// What was read says of a change; `None` when it proves nothing. That it is not as
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

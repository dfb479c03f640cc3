//! A change to one group from sending to the truth: a state machine without I/O.
//!
//! ```text
//!            ┌────────────── more to send ◄─────────────┐
//!            ▼                                          │
//!   Send ─► reply ─ ok ──────────► (more?) ─ no ─► Read again ─► compare ─► Finished
//!            ├─ 400 for several ─► Read again, halve what remains ─┘
//!            ├─ no answer, 5xx ──► nothing more is sent ──► Read again
//!            └─ another no ──────► nothing more is sent ──► Read again
//! ```
//! A success of the server is only a claim, and silence is no failure: what happened is decided by
//! reading the group again. Nothing that was sent without an answer is ever sent again from here.

mod icon;
mod outbox;

use std::collections::VecDeque;

pub use icon::IconVerb;
use icon::{Before, IconWork};
pub use outbox::{Awaiting, Outbox};

use super::effect::Call;
use super::groups::GroupState;
use super::outcome::{self, Fate, Proof};
use crate::domain::{
    Clean, Failure, FailureKind, GroupDetails, GroupId, IconFile, IconInfo, InviteLink,
    MemberOutcome, MemberVerb, Mutation, Operation, Outcome, Roster, Sent, Subject, WaId, WaIds,
};

/// What a change needs next.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// Send this; then [`Change::replied`].
    Send(Call),
    /// Read the group again; then [`Change::details_read`].
    ReadDetails,
    /// Read the link again; then [`Change::invite_read`].
    ReadInvite,
    /// Read the icon again; then [`Change::icon_read`].
    ReadIcon,
    /// It is over.
    Finished(Ending),
}

/// The end of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The group got another subject, or not.
    Renamed(Subject, Outcome),
    /// The link was reset, or not.
    InviteReset(Outcome),
    /// The picture was set or removed, or not.
    IconChanged(IconVerb, Outcome),
    /// What became of each person.
    Members(Report),
}

/// What became of each person of one change.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What was done.
    pub verb: MemberVerb,
    /// To whom, with what result, in the order they were named.
    pub results: Vec<(WaId, MemberOutcome)>,
}

impl Report {
    /// The result for one person.
    pub fn of(&self, id: &WaId) -> Option<&MemberOutcome> {
        self.results
            .iter()
            .find(|(who, _)| who == id)
            .map(|(_, outcome)| outcome)
    }

    /// How many are now as was asked for.
    pub fn good(&self) -> usize {
        self.results
            .iter()
            .filter(|(_, outcome)| outcome.is_good())
            .count()
    }

    /// Those who are not, with the reason.
    pub fn bad(&self) -> impl Iterator<Item = &(WaId, MemberOutcome)> {
        self.results
            .iter()
            .filter(|(_, outcome)| !outcome.is_good())
    }
}

/// A change to one group under way.
#[derive(Debug)]
pub struct Change {
    group: GroupId,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Rename {
        before: Option<String>,
        after: Subject,
        doubt: Option<Failure>,
    },
    ResetInvite {
        before: Option<InviteLink>,
        doubt: Option<Failure>,
    },
    Icon(IconWork),
    Members(Box<MemberWork>),
}

#[derive(Debug)]
struct MemberWork {
    verb: MemberVerb,
    targets: WaIds,
    /// Whether it is known of each of them that they were not so before: only then it can be taken back.
    is_certain: bool,
    /// Not sent yet.
    todo: VecDeque<WaIds>,
    /// Sent, no reply yet.
    batch: Option<WaIds>,
    /// Accepted by the server; reading will tell.
    accepted: Vec<WaId>,
    /// Sent without an answer; reading will tell.
    doubtful: Vec<(WaId, Failure)>,
    /// Refused as a whole; once the group has been read, what remains is halved.
    refused: Option<(WaIds, Failure)>,
    settled: Vec<(WaId, MemberOutcome)>,
}

impl Change {
    /// Begins a change, knowing what the server last told about the group.
    pub fn start(mutation: &Mutation, group: &GroupState) -> Option<(Self, Next)> {
        let id = group.id.clone();
        let (work, next) = match mutation {
            Mutation::Rename(subject) => (
                Work::Rename {
                    before: group
                        .told()
                        .and_then(|details| details.subject.as_ref())
                        .map(|subject| subject.raw().to_owned()),
                    after: subject.clone(),
                    doubt: None,
                },
                Next::Send(Call::Rename(id.clone(), subject.clone())),
            ),
            Mutation::ResetInvite => (
                Work::ResetInvite {
                    before: group.invite.value().cloned(),
                    doubt: None,
                },
                Next::Send(Call::ResetInvite(id.clone())),
            ),
            Mutation::Members(verb, ids) => {
                let mut work = MemberWork::new(*verb, ids, group.told_roster());
                let next = work.next(&id, false);
                (Work::Members(Box::new(work)), next)
            }
            Mutation::SetIcon(file) => {
                let (work, next) = IconWork::set(icon_before(group), restore(group), &id, file);
                (Work::Icon(work), next)
            }
            Mutation::RemoveIcon => {
                let (work, next) = IconWork::remove(icon_before(group), restore(group), &id);
                (Work::Icon(work), next)
            }
            // Leaving concerns the list, not the group: see `leaving`.
            Mutation::Leave => return None,
        };
        Some((Self { group: id, work }, next))
    }

    /// The reply to what was sent last.
    pub fn replied(&mut self, reply: Result<(), Failure>) -> Next {
        match &mut self.work {
            Work::Rename { after, doubt, .. } => match judged(Operation::RenameGroup, reply) {
                Ok(doubted) => {
                    *doubt = doubted;
                    reading(Operation::RenameGroup)
                }
                Err(why) => {
                    Next::Finished(Ending::Renamed(after.clone(), Outcome::NotApplied(why)))
                }
            },
            Work::ResetInvite { doubt, .. } => match judged(Operation::ResetInvite, reply) {
                Ok(doubted) => {
                    *doubt = doubted;
                    reading(Operation::ResetInvite)
                }
                Err(why) => Next::Finished(Ending::InviteReset(Outcome::NotApplied(why))),
            },
            Work::Icon(work) => work.replied(reply),
            Work::Members(work) => {
                // What never left, or was not let in, has changed nothing and says nothing about
                // the group, so there is nothing to read for its sake.
                let idle = matches!(&reply, Err(why)
                    if why.sent == Sent::Never || why.kind == FailureKind::Unauthorized);
                work.replied(reply);
                work.next(&self.group, !idle)
            }
        }
    }

    /// The group was read again, or could not be.
    pub fn details_read(&mut self, read: Result<&GroupDetails, &Failure>) -> Next {
        match &mut self.work {
            Work::Rename {
                before,
                after,
                doubt,
            } => {
                let now = read.map(|details| details.subject.as_ref().map(Clean::raw));
                let outcome = renamed(before.as_deref(), after, doubt.take(), now);
                Next::Finished(Ending::Renamed(after.clone(), outcome))
            }
            Work::Members(work) => {
                work.read(read.map(|details| details.roster.as_ref()));
                work.next(&self.group, false)
            }
            Work::ResetInvite { .. } => Next::ReadInvite,
            Work::Icon(_) => Next::ReadIcon,
        }
    }

    /// The icon was read again, or could not be.
    pub fn icon_read(&mut self, read: Result<Option<&IconInfo>, &Failure>) -> Next {
        match &mut self.work {
            Work::Icon(work) => work.read(read),
            Work::Rename { .. } | Work::Members(_) => Next::ReadDetails,
            Work::ResetInvite { .. } => Next::ReadInvite,
        }
    }

    /// The link was read again, or could not be.
    pub fn invite_read(&mut self, read: Result<&InviteLink, &Failure>) -> Next {
        let Work::ResetInvite { before, doubt } = &mut self.work else {
            return Next::ReadDetails;
        };
        let outcome = match (read, before.as_ref(), doubt.take()) {
            (Ok(now), Some(before), doubt) if now == before => match doubt {
                // Not seen so far: what was sent may still be carried out after this one look.
                Some(why) => Outcome::Unknown(why),
                None => Outcome::Unknown(Failure::unconfirmed("the link is still the old one")),
            },
            (Ok(_), Some(_), _) | (_, _, None) => Outcome::Applied,
            (_, _, Some(why)) => Outcome::Unknown(why),
        };
        Next::Finished(Ending::InviteReset(outcome))
    }

    /// The change that takes this one back, as far as it was applied and the API has an inverse.
    pub fn inverse(&self, ending: &Ending) -> Option<Mutation> {
        match (&self.work, ending) {
            (Work::Rename { before, after, .. }, Ending::Renamed(_, Outcome::Applied)) => {
                let before: Subject = before.as_deref()?.parse().ok()?;
                (before != *after).then_some(Mutation::Rename(before))
            }
            (Work::Icon(work), Ending::IconChanged(_, Outcome::Applied)) => work.inverse(),
            (Work::Members(work), Ending::Members(report)) if work.is_certain => {
                let done = report
                    .results
                    .iter()
                    .filter(|(_, o)| *o == MemberOutcome::Done);
                let ids = WaIds::new(done.map(|(id, _)| id.clone()))?;
                match report.verb {
                    MemberVerb::Promote => Some(Mutation::Members(MemberVerb::Demote, ids)),
                    MemberVerb::Demote => Some(Mutation::Members(MemberVerb::Promote, ids)),
                    // Only an invitation brings somebody back.
                    MemberVerb::Remove => None,
                }
            }
            (
                Work::Rename { .. } | Work::ResetInvite { .. } | Work::Icon(_) | Work::Members(_),
                Ending::Renamed(..)
                | Ending::InviteReset(_)
                | Ending::IconChanged(..)
                | Ending::Members(_),
            ) => None,
        }
    }

    /// What is being done, for the header: `renaming`, `removing 3`.
    pub fn doing(&self) -> String {
        match &self.work {
            Work::Rename { .. } => "renaming".into(),
            Work::ResetInvite { .. } => "resetting the link".into(),
            Work::Icon(work) => match work.verb() {
                IconVerb::Set => "setting the icon".into(),
                IconVerb::Remove => "removing the icon".into(),
            },
            Work::Members(work) => format!("{} {}", work.verb.doing(), work.targets.count()),
        }
    }

    /// For a change of people: the verb, how many are settled and how many there are.
    pub fn progress(&self) -> Option<(MemberVerb, usize, usize)> {
        let Work::Members(work) = &self.work else {
            return None;
        };
        Some((work.verb, work.settled.len(), work.targets.count()))
    }

    /// Where one person stands: `None` when this change is not about them.
    pub fn of(&self, id: &WaId) -> Option<(MemberVerb, Option<&MemberOutcome>)> {
        let Work::Members(work) = &self.work else {
            return None;
        };
        let outcome = work
            .settled
            .iter()
            .find(|(who, _)| who == id)
            .map(|(_, outcome)| outcome);
        work.targets.contains(id).then_some((work.verb, outcome))
    }
}

/// The present picture, ready to be sent back.
fn restore(group: &GroupState) -> Option<IconFile> {
    group.picture.value()?.restore.clone()
}

fn icon_before(group: &GroupState) -> Before {
    match group.icon.value() {
        Some(Some(info)) => Before::At(info.written.raw().to_owned()),
        Some(None) => Before::None,
        None => Before::Unknown,
    }
}

fn renamed(
    before: Option<&str>,
    after: &Subject,
    doubt: Option<Failure>,
    now: Result<Option<&str>, &Failure>,
) -> Outcome {
    match (now, doubt) {
        (Ok(Some(now)), _) if now == after.as_str() => Outcome::Applied,
        // Not seen so far: what was sent may still be carried out after this one look.
        (Ok(now), Some(why)) if now == before => Outcome::Unknown(why),
        (Ok(now), _) => {
            let now = Clean::new(now.unwrap_or_default());
            Outcome::Unknown(Failure::unconfirmed(&format!("the subject is “{now}”")))
        }
        (Err(_), Some(why)) => Outcome::Unknown(why),
        (Err(why), None) => Outcome::Unknown(why.clone()),
    }
}

/// Whether reading has to tell what became of a change, with the doubt that there is; or why it
/// provably did not happen.
fn judged(operation: Operation, reply: Result<(), Failure>) -> Result<Option<Failure>, Failure> {
    let fate = outcome::of_change(operation, reply.as_ref().copied());
    match (fate, reply) {
        (Fate::NotApplied, Err(why)) => Err(why),
        (Fate::InDoubt, Err(why)) => Ok(Some(why)),
        // What was to be done may be so already: that is for reading to say, without a doubt.
        (Fate::Contested | Fate::Claimed, _) | (Fate::NotApplied | Fate::InDoubt, Ok(())) => {
            Ok(None)
        }
    }
}

/// What has to be read to know what became of a change to one group.
fn reading(operation: Operation) -> Next {
    match outcome::proof(operation) {
        Some(Proof::Invite) => Next::ReadInvite,
        Some(Proof::Icon) => Next::ReadIcon,
        // The others are no changes to one group.
        Some(Proof::Details | Proof::List | Proof::Nobody) | None => Next::ReadDetails,
    }
}

impl MemberWork {
    fn new(verb: MemberVerb, targets: &WaIds, roster: Option<&Roster>) -> Self {
        let mut settled = Vec::new();
        let mut rest = Vec::new();
        for id in targets {
            let reached = roster.is_some_and(|roster| verb.is_reached(roster, id));
            let absent = roster.is_some_and(|roster| roster.role(id).is_none());
            if reached {
                settled.push((id.clone(), MemberOutcome::AlreadySo));
            } else if absent {
                let why = Failure::refused("not in this group any more");
                settled.push((id.clone(), MemberOutcome::Refused(why)));
            } else if !id.is_sendable() {
                let why = Failure::refused("this is no phone number that the API takes");
                settled.push((id.clone(), MemberOutcome::Refused(why)));
            } else {
                rest.push(id.clone());
            }
        }
        let todo = WaIds::new(rest)
            .map(|ids| ids.chunks(WaIds::MAX_PER_CALL))
            .unwrap_or_default();
        Self {
            verb,
            targets: targets.clone(),
            is_certain: roster.is_some(),
            todo: todo.into(),
            batch: None,
            accepted: Vec::new(),
            doubtful: Vec::new(),
            refused: None,
            settled,
        }
    }

    fn replied(&mut self, reply: Result<(), Failure>) {
        let Some(batch) = self.batch.take() else {
            return;
        };
        let fate = outcome::of_change(self.verb.operation(), reply.as_ref().copied());
        let Err(why) = reply else {
            self.accepted.extend(batch.iter().cloned());
            return;
        };
        match fate {
            Fate::Claimed => {}
            Fate::InDoubt => {
                self.doubtful
                    .extend(batch.iter().map(|id| (id.clone(), why.clone())));
                self.give_up(&why);
            }
            // Because of single numbers: the others may be sent again without them.
            Fate::Contested => {
                if batch.count() == 1 {
                    self.settle(batch.iter().cloned(), &MemberOutcome::Refused(why));
                } else {
                    self.refused = Some((batch, why));
                }
            }
            // About the call as a whole: it would only be repeated.
            Fate::NotApplied => {
                let outcome = match why.sent {
                    Sent::Never => MemberOutcome::NotSent(why.clone()),
                    Sent::Maybe | Sent::Answered => MemberOutcome::Refused(why.clone()),
                };
                self.settle(batch.iter().cloned(), &outcome);
                self.give_up(&why);
            }
        }
    }

    /// Sends nothing more.
    fn give_up(&mut self, why: &Failure) {
        for batch in std::mem::take(&mut self.todo) {
            self.settle(batch.iter().cloned(), &MemberOutcome::NotSent(why.clone()));
        }
    }

    fn settle(&mut self, ids: impl Iterator<Item = WaId>, outcome: &MemberOutcome) {
        self.settled.extend(ids.map(|id| (id, outcome.clone())));
    }

    /// The group was read again: decides what was accepted, doubtful or refused as a whole.
    fn read(&mut self, read: Result<Option<&Roster>, &Failure>) {
        let roster = read.ok().flatten();
        let reached =
            |verb: MemberVerb, id: &WaId| roster.is_some_and(|roster| verb.is_reached(roster, id));
        for id in std::mem::take(&mut self.accepted) {
            let outcome = if reached(self.verb, &id) {
                MemberOutcome::Done
            } else {
                MemberOutcome::NotConfirmed(read.err().cloned())
            };
            self.settled.push((id, outcome));
        }
        for (id, why) in std::mem::take(&mut self.doubtful) {
            let outcome = if reached(self.verb, &id) {
                MemberOutcome::Done
            } else {
                MemberOutcome::NotConfirmed(Some(why))
            };
            self.settled.push((id, outcome));
        }
        let Some((batch, why)) = self.refused.take() else {
            return;
        };
        if roster.is_none() {
            // Without the truth nobody can say what remains; sending again would be a guess.
            self.settle(
                batch.iter().cloned(),
                &MemberOutcome::NotConfirmed(Some(why.clone())),
            );
            self.give_up(&why);
            return;
        }
        let (done, rest): (Vec<WaId>, Vec<WaId>) =
            batch.iter().cloned().partition(|id| reached(self.verb, id));
        self.settle(done.into_iter(), &MemberOutcome::Done);
        match WaIds::new(rest) {
            // The others were applied although the call was refused: this is the number it meant.
            Some(rest) if rest.count() == 1 => {
                self.settle(rest.iter().cloned(), &MemberOutcome::Refused(why));
            }
            Some(rest) => {
                for half in rest.chunks(rest.count().div_ceil(2)).into_iter().rev() {
                    self.todo.push_front(half);
                }
            }
            None => {}
        }
    }

    /// `sent` tells whether the group has to be read before it is over.
    fn next(&mut self, group: &GroupId, sent: bool) -> Next {
        if self.refused.is_some() {
            return Next::ReadDetails;
        }
        if let Some(batch) = self.todo.pop_front() {
            self.batch = Some(batch.clone());
            return Next::Send(Call::Members(group.clone(), self.verb, batch));
        }
        if sent || !self.accepted.is_empty() || !self.doubtful.is_empty() {
            return reading(self.verb.operation());
        }
        let results = self
            .targets
            .iter()
            .filter_map(|id| self.settled.iter().find(|(who, _)| who == id).cloned())
            .collect();
        Next::Finished(Ending::Members(Report {
            verb: self.verb,
            results,
        }))
    }
}

#[cfg(test)]
mod tests;

//! Links sent to people by direct message: one request for each, one after another, and what became of
//! each person. What is typed before that is in [`form`].
//!
//! What becomes of one is told by answers, and later by the reports of the provider where they are
//! received; nothing can be read again. Invariant: nobody is sent anything twice by one answered
//! question, and who may have got it is not tried again until a report or the user says that it did not
//! arrive. Results are put away; that doubt stays, here and in the
//! journal.

pub mod form;

use std::collections::{HashMap, HashSet};

use crate::domain::journal::Verdict;
use crate::domain::{
    Accepted, CorrelationId, DeliveryState, Failure, FailureKind, GroupId, InviteLink, Millis,
    Sent, WaId, WaIds,
};

/// Most people at once: each message may be charged, and each is a request of its own.
pub const MOST: usize = 50;

/// What a question about direct messages is about, frozen when it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The group they are invited to.
    pub group: GroupId,
    /// Whom to send it to.
    pub people: WaIds,
    /// What comes before the link.
    pub words: String,
    /// The link.
    pub link: InviteLink,
}

/// What became of one person's invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteState {
    /// Its turn has not come.
    Waiting,
    /// Sent under this name; no answer yet.
    Sending(CorrelationId),
    /// Accepted by the platform, which is not delivered.
    Accepted,
    /// Accepted by the platform, which reported later that it goes no further, and why.
    Undelivered(String),
    /// The server said no.
    Refused(Failure),
    /// It left and no answer tells: it may have been delivered.
    Doubtful(Failure),
    /// It did not leave, or was turned away before anybody looked at it.
    NotSent(Failure),
}

impl InviteState {
    /// Whether this person has it, may have it, or is about to get it.
    pub fn is_taken(&self) -> bool {
        match self {
            Self::Waiting | Self::Sending(_) | Self::Accepted | Self::Doubtful(_) => true,
            Self::Undelivered(_) | Self::Refused(_) | Self::NotSent(_) => false,
        }
    }

    /// Whether it is decided.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Waiting | Self::Sending(_))
    }

    /// The answer for one person, and whether those who wait must not be tried.
    ///
    /// A refusal that names what was sent concerns this person; everything else would meet the next
    /// ones as well. So does doubt: nobody wants fifty messages that may have been delivered.
    fn of(result: &Result<Accepted, Failure>) -> (Self, bool) {
        let Err(why) = result else {
            return (Self::Accepted, false);
        };
        if why.may_have_happened() {
            return (Self::Doubtful(why.clone()), true);
        }
        let turned_away = why.sent == Sent::Never
            || matches!(
                why.kind,
                FailureKind::Unauthorized | FailureKind::RateLimited(_)
            );
        if turned_away {
            return (Self::NotSent(why.clone()), true);
        }
        let personal = matches!(
            why.kind,
            FailureKind::Rejected | FailureKind::NumberNotFound
        );
        (Self::Refused(why.clone()), !personal)
    }
}

/// The invitations to one group, from the answered question until their results are put away.
#[derive(Debug)]
pub struct Run {
    /// The group.
    pub group: GroupId,
    /// What comes before the link.
    pub words: String,
    /// The link that was agreed to: no other one is sent.
    pub link: InviteLink,
    /// Everybody, in the order of the question.
    pub people: Vec<(WaId, InviteState)>,
    /// Why those who were not sent anything were not.
    pub stopped: Option<Failure>,
    /// When the link was asked for once more, while it is awaited.
    pub(super) asked_at: Option<Millis>,
    /// The end was told.
    told: bool,
}

/// How many people are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "one for each state, named alike")]
pub struct Counts {
    pub open: usize,
    pub accepted: usize,
    pub undelivered: usize,
    pub refused: usize,
    pub doubtful: usize,
    pub not_sent: usize,
}

impl Run {
    /// Whether everybody's state is final.
    pub fn is_over(&self) -> bool {
        self.people.iter().all(|(_, state)| state.is_final())
    }

    /// What became of one person.
    pub fn of(&self, id: &WaId) -> Option<&InviteState> {
        let mut people = self.people.iter();
        people
            .find(|(other, _)| other == id)
            .map(|(_, state)| state)
    }

    /// How many people are in which state.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, state) in &self.people {
            let count = match state {
                InviteState::Waiting | InviteState::Sending(_) => &mut counts.open,
                InviteState::Accepted => &mut counts.accepted,
                InviteState::Undelivered(_) => &mut counts.undelivered,
                InviteState::Refused(_) => &mut counts.refused,
                InviteState::Doubtful(_) => &mut counts.doubtful,
                InviteState::NotSent(_) => &mut counts.not_sent,
            };
            *count += 1;
        }
        counts
    }

    /// Those who can be tried again without doubt: nothing was sent to them.
    pub fn rest(&self) -> Vec<WaId> {
        let not_sent = |(id, state): &(WaId, InviteState)| {
            let again = matches!(state, InviteState::NotSent(_));
            again.then(|| id.clone())
        };
        self.people.iter().filter_map(not_sent).collect()
    }

    fn waits(&self) -> bool {
        self.people
            .iter()
            .any(|(_, state)| *state == InviteState::Waiting)
    }

    fn stop(&mut self, why: &Failure) {
        for (_, state) in &mut self.people {
            if *state == InviteState::Waiting {
                *state = InviteState::NotSent(why.clone());
                self.stopped = Some(why.clone());
            }
        }
        self.asked_at = None;
    }
}

/// A message that left, and to whom.
#[derive(Clone, Debug)]
struct Left {
    name: CorrelationId,
    group: GroupId,
    to: WaId,
}

/// A form that was closed with something in it.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) numbers: String,
    pub(super) words: String,
}

/// All invitations of this run of the program whose results were not put away.
#[derive(Debug, Default)]
pub struct Invitations {
    runs: Vec<Run>,
    /// Everything that left, oldest first: reports name the message, not the person.
    left: Vec<Left>,
    /// Who may have got one, of results that were put away: the journal may not have said so yet.
    doubtful: HashSet<(GroupId, WaId)>,
    /// What was typed for each group.
    pub(super) drafts: HashMap<GroupId, Draft>,
}

impl Invitations {
    /// Those to one group.
    pub fn of(&self, group: &GroupId) -> Option<&Run> {
        self.runs.iter().find(|run| run.group == *group)
    }

    fn of_mut(&mut self, group: &GroupId) -> Option<&mut Run> {
        self.runs.iter_mut().find(|run| run.group == *group)
    }

    /// Who may have got one to a group, of results that were put away.
    pub(super) fn doubtful(&self, group: &GroupId) -> impl Iterator<Item = &WaId> {
        let its = self.doubtful.iter().filter(move |(its, _)| its == group);
        its.map(|(_, id)| id)
    }

    /// Whether nothing is under way or waiting.
    pub fn is_idle(&self) -> bool {
        self.runs.iter().all(Run::is_over)
    }

    /// The invitations under way: where, how many are decided, and of how many.
    pub fn progress(&self) -> Option<(&GroupId, usize, usize)> {
        let run = self.runs.iter().find(|run| !run.is_over())?;
        let all = run.people.len();
        Some((&run.group, all - run.counts().open, all))
    }

    /// The question was answered. What is known of others stays; who has it, or may have it, is not
    /// taken up again.
    pub(super) fn begin(&mut self, plan: Plan) {
        let before = self.of(&plan.group).map(|run| run.people.clone());
        self.put_away(&plan.group);
        let mut people = before.unwrap_or_default();
        for id in &plan.people {
            let taken = people
                .iter()
                .any(|(other, state)| other == id && state.is_taken());
            if !taken {
                people.retain(|(other, _)| other != id);
                people.push((id.clone(), InviteState::Waiting));
            }
        }
        self.runs.push(Run {
            group: plan.group,
            words: plan.words,
            link: plan.link,
            people,
            stopped: None,
            asked_at: None,
            told: false,
        });
    }

    /// The run whose next person's turn it is: one message is in flight at a time.
    pub(super) fn up_next(&mut self) -> Option<&mut Run> {
        let sending = |(_, state): &(WaId, InviteState)| matches!(state, InviteState::Sending(_));
        let busy = self.runs.iter().any(|run| run.people.iter().any(sending));
        let mut runs = self.runs.iter_mut();
        runs.find(|run| run.waits()).filter(|_| !busy)
    }

    /// Whether somebody's turn has come and only the pace holds the message back.
    pub(super) fn is_paced(&self) -> bool {
        let mut people = self.runs.iter().flat_map(|run| &run.people);
        let busy = people.any(|(_, state)| matches!(state, InviteState::Sending(_)));
        let mut runs = self.runs.iter();
        !busy && runs.any(|run| run.waits() && run.asked_at.is_none())
    }

    /// A message leaves for the first who waits, under this name; returns to whom.
    pub(super) fn leaves(&mut self, group: &GroupId, name: &CorrelationId) -> Option<WaId> {
        let run = self.of_mut(group)?;
        let mut people = run.people.iter_mut();
        let (id, state) = people.find(|(_, state)| *state == InviteState::Waiting)?;
        *state = InviteState::Sending(name.clone());
        let to = id.clone();
        self.left.push(Left {
            name: name.clone(),
            group: group.clone(),
            to: to.clone(),
        });
        Some(to)
    }

    /// The name of the last message to a person about a group.
    pub fn name_of(&self, group: &GroupId, to: &WaId) -> Option<&CorrelationId> {
        let mut left = self.left.iter().rev();
        let last = left.find(|left| left.group == *group && left.to == *to)?;
        Some(&last.name)
    }

    /// To whom the message of that name went, about which group.
    pub fn to_whom(&self, name: &CorrelationId) -> Option<(&GroupId, &WaId)> {
        let left = self.left.iter().find(|left| left.name == *name)?;
        Some((&left.group, &left.to))
    }

    /// The provider reported the message of that name: it was taken, whatever the answer was.
    pub(super) fn reported(&mut self, name: &CorrelationId, fate: &DeliveryState) {
        let Some((group, to)) = self.to_whom(name) else {
            return;
        };
        let (group, to) = (group.clone(), to.clone());
        let is_last = self.name_of(&group, &to) == Some(name);
        let why = fate.reason();
        if why.is_some() && !is_last {
            // It says nothing about the message that took its place.
            return;
        }
        self.doubtful.retain(|(its, id)| *its != group || *id != to);
        let mut people = self
            .of_mut(&group)
            .into_iter()
            .flat_map(|run| &mut run.people);
        let Some((_, state)) = people.find(|(id, _)| *id == to) else {
            return;
        };
        *state = match (&*state, why) {
            // Its answer decides first; and one that failed is what is tried again.
            (InviteState::Sending(_), _) | (InviteState::Waiting, Some(_)) => return,
            (_, Some(why)) => InviteState::Undelivered(why),
            (_, None) => InviteState::Accepted,
        };
    }

    /// The reply to the message of that name; `false` when it is none of these.
    pub(super) fn replied(
        &mut self,
        name: &CorrelationId,
        result: &Result<Accepted, Failure>,
    ) -> bool {
        for run in &mut self.runs {
            let mut people = run.people.iter_mut();
            let its = people
                .find(|(_, state)| matches!(state, InviteState::Sending(sent) if sent == name));
            if let Some((_, state)) = its {
                let (decided, stops) = InviteState::of(result);
                *state = decided;
                if let (true, Err(why)) = (stops, result) {
                    if matches!(state, InviteState::NotSent(_)) {
                        run.stopped = Some(why.clone());
                    }
                    run.stop(why);
                }
                return true;
            }
        }
        false
    }

    /// Nobody who waits in that group is sent anything.
    pub(super) fn stop(&mut self, group: &GroupId, why: &Failure) {
        if let Some(run) = self.of_mut(group) {
            run.stop(why);
        }
    }

    /// Nobody who waits is sent anything.
    pub(super) fn stop_all(&mut self, why: &Failure) {
        for run in &mut self.runs {
            run.stop(why);
        }
    }

    /// A run that came to its end and was not told of; each is returned once.
    pub(super) fn take_ended(&mut self) -> Option<&Run> {
        let mut runs = self.runs.iter_mut();
        let run = runs.find(|run| run.is_over() && !run.told)?;
        run.told = true;
        Some(run)
    }

    /// The user said whether these people got what they may have got.
    pub(super) fn said(&mut self, group: &GroupId, people: &[WaId], said: Verdict) {
        self.doubtful
            .retain(|(its, id)| its != group || !people.contains(id));
        for (id, state) in self
            .of_mut(group)
            .into_iter()
            .flat_map(|run| &mut run.people)
        {
            if people.contains(id) && matches!(state, InviteState::Doubtful(_)) {
                *state = match said {
                    Verdict::Happened => InviteState::Accepted,
                    Verdict::DidNotHappen => {
                        InviteState::NotSent(Failure::refused("it did not happen, as you said"))
                    }
                };
            }
        }
    }

    /// The results were read. Who may have got one is remembered all the same.
    pub(super) fn put_away(&mut self, group: &GroupId) {
        let people = self.of(group).map(|run| run.people.clone());
        let doubtful = people.unwrap_or_default().into_iter();
        self.doubtful.extend(
            doubtful
                .filter(|(_, state)| matches!(state, InviteState::Doubtful(_)))
                .map(|(id, _)| (group.clone(), id)),
        );
        self.runs.retain(|run| run.group != *group);
    }
}

#[cfg(test)]
mod tests;

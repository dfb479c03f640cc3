//! Leaving one or several groups: one request after another, then one look at the list.

use std::collections::{HashSet, VecDeque};

use super::outcome::{self, Fate};
use crate::domain::{Failure, FailureKind, GroupId, MemberOutcome, Operation, Sent};

/// What comes next.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// Send the request for this group; then [`Leaving::replied`].
    Send(GroupId),
    /// Read the list of groups; then [`Leaving::listed`].
    ReadList,
    /// It is over: what became of each group.
    Finished(Vec<(GroupId, MemberOutcome)>),
}

/// Groups on their way out. Nothing is ever sent twice: a missing answer is settled by the list.
#[derive(Debug, Default)]
pub struct Leaving {
    waiting: VecDeque<GroupId>,
    in_flight: Option<GroupId>,
    /// Accepted, or sent without an answer; the list will tell.
    sent: Vec<(GroupId, Option<Failure>)>,
    settled: Vec<(GroupId, MemberOutcome)>,
}

impl Leaving {
    /// Adds groups; those already on their way are not added again.
    pub fn add(&mut self, groups: impl IntoIterator<Item = GroupId>) {
        for id in groups {
            if !self.concerns(&id) {
                self.waiting.push_back(id);
            }
        }
    }

    /// Whether a group is on its way out.
    pub fn concerns(&self, id: &GroupId) -> bool {
        self.in_flight.as_ref() == Some(id)
            || self.waiting.contains(id)
            || self.sent.iter().any(|(other, _)| other == id)
    }

    /// Whether what became of a group has still to be told.
    pub fn accounts_for(&self, id: &GroupId) -> bool {
        self.concerns(id) || self.settled.iter().any(|(other, _)| other == id)
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.in_flight.is_none() && self.waiting.is_empty() && self.sent.is_empty()
    }

    /// How many groups are done with and how many there are in all.
    pub fn progress(&self) -> (usize, usize) {
        let done = self.sent.len() + self.settled.len();
        (
            done,
            done + self.waiting.len() + usize::from(self.in_flight.is_some()),
        )
    }

    /// What comes next, unless a request is in flight.
    pub fn next_step(&mut self) -> Option<Step> {
        if self.in_flight.is_some() {
            return None;
        }
        if let Some(id) = self.waiting.pop_front() {
            self.in_flight = Some(id.clone());
            return Some(Step::Send(id));
        }
        if !self.sent.is_empty() {
            return Some(Step::ReadList);
        }
        let settled = std::mem::take(&mut self.settled);
        (!settled.is_empty()).then_some(Step::Finished(settled))
    }

    /// Whether only the list is missing: everything was sent and answered, or given up.
    pub fn next_is_list(&self) -> bool {
        self.in_flight.is_none() && self.waiting.is_empty() && !self.sent.is_empty()
    }

    /// The reply for the group in flight.
    pub fn replied(&mut self, reply: Result<(), Failure>) {
        let Some(id) = self.in_flight.take() else {
            return;
        };
        let fate = outcome::of_change(Operation::LeaveGroup, reply.as_ref().copied());
        let Err(why) = reply else {
            self.sent.push((id, None));
            return;
        };
        match fate {
            Fate::InDoubt => {
                self.sent.push((id, Some(why.clone())));
                self.give_up(&why);
            }
            // «Not in this group» and «no such group» may both mean that it is done already: the
            // list decides.
            Fate::Contested | Fate::Claimed => self.sent.push((id, Some(why))),
            Fate::NotApplied => {
                let stop = !matches!(why.kind, FailureKind::Forbidden | FailureKind::Rejected);
                let outcome = match why.sent {
                    Sent::Never => MemberOutcome::NotSent(why.clone()),
                    Sent::Maybe | Sent::Answered => MemberOutcome::Refused(why.clone()),
                };
                self.settled.push((id, outcome));
                if stop {
                    self.give_up(&why);
                }
            }
        }
    }

    /// The list was read, or could not be.
    pub fn listed(&mut self, list: Result<&[GroupId], &Failure>) {
        let listed: Option<HashSet<&GroupId>> = list.ok().map(|ids| ids.iter().collect());
        for (id, doubt) in std::mem::take(&mut self.sent) {
            let outcome = match (&listed, doubt) {
                (Some(listed), _) if !listed.contains(&id) => MemberOutcome::Done,
                (Some(_), Some(why)) if !why.may_have_happened() => MemberOutcome::Refused(why),
                (_, Some(why)) => MemberOutcome::NotConfirmed(Some(why)),
                (_, None) => MemberOutcome::NotConfirmed(list.err().cloned()),
            };
            self.settled.push((id, outcome));
        }
    }

    fn give_up(&mut self, why: &Failure) {
        for id in std::mem::take(&mut self.waiting) {
            self.settled.push((id, MemberOutcome::NotSent(why.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Clean;

    fn id(text: &str) -> GroupId {
        GroupId::new(text).unwrap()
    }

    fn failure(kind: FailureKind, sent: Sent) -> Failure {
        Failure {
            kind,
            status: None,
            sent,
            detail: Clean::default(),
        }
    }

    #[test]
    fn several_groups_cost_one_request_each_and_one_look_at_the_list() {
        let mut leaving = Leaving::default();
        leaving.add([id("a"), id("b")]);
        assert_eq!(leaving.next_step(), Some(Step::Send(id("a"))));
        assert_eq!(leaving.next_step(), None, "one at a time");
        leaving.replied(Ok(()));
        assert_eq!(leaving.next_step(), Some(Step::Send(id("b"))));
        leaving.replied(Ok(()));
        assert_eq!(leaving.next_step(), Some(Step::ReadList));
        leaving.listed(Ok(&[id("b"), id("c")]));
        let Some(Step::Finished(results)) = leaving.next_step() else {
            panic!()
        };
        assert_eq!(results[0], (id("a"), MemberOutcome::Done));
        assert_eq!(
            results[1],
            (id("b"), MemberOutcome::NotConfirmed(None)),
            "200 was only a claim"
        );
        assert!(leaving.is_idle());
    }

    #[test]
    fn silence_is_settled_by_the_list_and_nothing_more_is_sent() {
        let mut leaving = Leaving::default();
        leaving.add([id("a"), id("b")]);
        leaving.next_step();
        let silence = failure(FailureKind::Timeout, Sent::Maybe);
        leaving.replied(Err(silence.clone()));
        assert_eq!(leaving.next_step(), Some(Step::ReadList));
        leaving.listed(Ok(&[id("b")]));
        let Some(Step::Finished(results)) = leaving.next_step() else {
            panic!()
        };
        assert!(results.contains(&(id("a"), MemberOutcome::Done)));
        assert!(results.contains(&(id("b"), MemberOutcome::NotSent(silence))));
    }

    #[test]
    fn a_group_that_was_left_elsewhere_counts_as_left() {
        let mut leaving = Leaving::default();
        leaving.add([id("a")]);
        leaving.next_step();
        leaving.replied(Err(failure(FailureKind::NotInGroup, Sent::Answered)));
        assert_eq!(leaving.next_step(), Some(Step::ReadList));
        leaving.listed(Ok(&[]));
        assert_eq!(
            leaving.next_step(),
            Some(Step::Finished(vec![(id("a"), MemberOutcome::Done)]))
        );
    }

    #[test]
    fn the_same_group_is_not_left_twice() {
        let mut leaving = Leaving::default();
        leaving.add([id("a"), id("a")]);
        leaving.next_step();
        leaving.add([id("a")]);
        leaving.replied(Ok(()));
        assert_eq!(leaving.next_step(), Some(Step::ReadList));
    }
}

//! A change is followed to the truth, against a server of a few lines that may misbehave.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names the one thing it expects"
)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::app::groups::Groups;
use crate::domain::{Clean, Millis};

fn wa(n: u64) -> WaId {
    WaId::from_api(&(5_519_900_000_000 + n).to_string()).unwrap()
}

fn group_id() -> GroupId {
    GroupId::new("g").unwrap()
}

fn details(subject: &str, members: &[WaId], admins: &[WaId]) -> GroupDetails {
    GroupDetails {
        id: group_id(),
        subject: Some(subject.into()),
        creator: None,
        created: None,
        roster: Some(Roster::new(members.to_vec(), admins.to_vec())),
    }
}

fn state(details: GroupDetails) -> Groups {
    let mut groups = Groups::default();
    let (slot, _) = groups.insert(group_id());
    groups.set_details(slot, details, Millis(1));
    groups
}

fn failure(kind: FailureKind, status: Option<u16>, sent: Sent) -> Failure {
    Failure {
        kind,
        status,
        sent,
        detail: Clean::default(),
    }
}

fn bad_number() -> Failure {
    failure(FailureKind::NumberNotFound, Some(400), Sent::Answered)
}

fn silence() -> Failure {
    failure(FailureKind::Timeout, None, Sent::Maybe)
}

/// How the small server treats calls about people.
#[derive(Clone, Copy, Debug)]
enum Manner {
    /// 400 for the whole call when one number is unknown; nothing is applied.
    Atomic,
    /// 400 for the whole call, but the good numbers are applied.
    Partial,
    /// 200, and unknown numbers are silently ignored.
    Silent,
}

struct Server {
    members: BTreeSet<WaId>,
    admins: BTreeSet<WaId>,
    unknown: BTreeSet<WaId>,
    manner: Manner,
    calls: Vec<WaIds>,
}

impl Server {
    fn roster(&self) -> GroupDetails {
        let members: Vec<WaId> = self.members.iter().cloned().collect();
        let admins: Vec<WaId> = self.admins.iter().cloned().collect();
        details("x", &members, &admins)
    }

    fn call(&mut self, verb: MemberVerb, ids: &WaIds) -> Result<(), Failure> {
        self.calls.push(ids.clone());
        let bad = ids.iter().any(|id| self.unknown.contains(id));
        if bad && matches!(self.manner, Manner::Atomic) {
            return Err(bad_number());
        }
        for id in ids.iter().filter(|id| !self.unknown.contains(id)) {
            match verb {
                MemberVerb::Promote => drop(self.admins.insert(id.clone())),
                MemberVerb::Demote => drop(self.admins.remove(id)),
                MemberVerb::Remove => {
                    self.admins.remove(id);
                    self.members.remove(id);
                }
            }
        }
        if bad && matches!(self.manner, Manner::Partial) {
            Err(bad_number())
        } else {
            Ok(())
        }
    }

    fn run(&mut self, verb: MemberVerb, ids: &WaIds) -> Report {
        let groups = state(self.roster());
        let group = groups.get(&group_id()).unwrap();
        let (mut change, mut next) =
            Change::start(&Mutation::Members(verb, ids.clone()), group).unwrap();
        loop {
            next = match next {
                Next::Send(Call::Members(_, verb, ids)) => {
                    let reply = self.call(verb, &ids);
                    change.replied(reply)
                }
                Next::ReadDetails => change.details_read(Ok(&self.roster())),
                Next::Finished(Ending::Members(report)) => return report,
                other => panic!("unexpected {other:?}"),
            };
        }
    }
}

fn server(people: u64, unknown: &[u64], manner: Manner) -> Server {
    Server {
        members: (0..people).map(wa).collect(),
        admins: BTreeSet::from([wa(0)]),
        unknown: unknown.iter().map(|n| wa(*n)).collect(),
        manner,
        calls: Vec::new(),
    }
}

fn ids(range: std::ops::Range<u64>) -> WaIds {
    WaIds::new(range.map(wa)).unwrap()
}

#[test]
fn one_bad_number_among_ten_does_not_spoil_the_nine_others() {
    for manner in [Manner::Atomic, Manner::Partial, Manner::Silent] {
        let mut server = server(12, &[7], manner);
        let report = server.run(MemberVerb::Remove, &ids(1..11));
        assert_eq!(report.good(), 9, "{manner:?}");
        let bad: Vec<_> = report.bad().collect();
        assert_eq!(bad.len(), 1);
        assert_eq!(bad[0].0, wa(7));
        assert!(
            server.calls.len() <= 9,
            "halving takes few calls, not {}",
            server.calls.len()
        );
    }
}

#[test]
fn only_what_remains_is_sent_again() {
    let mut server = server(12, &[7], Manner::Atomic);
    server.run(MemberVerb::Promote, &ids(1..11));
    for (n, call) in server.calls.iter().enumerate().skip(1) {
        let earlier = server.calls[..n].iter().filter(|c| !c.contains(&wa(7)));
        for done in earlier {
            assert!(
                call.iter().all(|id| !done.contains(id)),
                "{call:?} repeats {done:?}"
            );
        }
    }
}

#[test]
fn a_refusal_that_is_about_no_number_is_not_halved() {
    let refused = |status| failure(FailureKind::Rejected, Some(status), Sent::Answered);
    for status in [402, 409, 413, 418] {
        let mut change = begin(&Mutation::Members(MemberVerb::Promote, ids(1..3)));
        assert_eq!(change.replied(Err(refused(status))), Next::ReadDetails);
        let next = change.details_read(Ok(&details("old", &[wa(0), wa(1), wa(2)], &[wa(0)])));
        let Next::Finished(Ending::Members(report)) = next else {
            panic!("{status}: {next:?}")
        };
        let outcome = MemberOutcome::Refused(refused(status));
        assert!(report.results.iter().all(|(_, o)| *o == outcome));
    }
    let mut change = begin(&Mutation::Members(MemberVerb::Promote, ids(1..3)));
    assert_eq!(change.replied(Err(refused(422))), Next::ReadDetails);
    let next = change.details_read(Ok(&details("old", &[wa(0), wa(1), wa(2)], &[wa(0)])));
    assert!(matches!(next, Next::Send(_)), "422 may be about one number");
}

#[test]
fn a_refused_token_ends_a_change_of_people_without_waiting_for_a_reading() {
    let people: Vec<WaId> = (0..31).map(wa).collect();
    let groups = state(details("old", &people, &[wa(0)]));
    let mutation = Mutation::Members(MemberVerb::Remove, ids(1..31));
    let group = groups.get(&group_id()).unwrap();
    let (mut change, _) = Change::start(&mutation, group).unwrap();
    let why = failure(FailureKind::Unauthorized, Some(401), Sent::Answered);
    let Next::Finished(Ending::Members(report)) = change.replied(Err(why.clone())) else {
        panic!("nothing can be read before the user connects again");
    };
    let refused = MemberOutcome::Refused(why.clone());
    assert_eq!(report.of(&wa(1)), Some(&refused));
    assert_eq!(report.of(&wa(30)), Some(&MemberOutcome::NotSent(why)));
}

#[test]
fn what_is_so_already_is_not_sent() {
    let mut server = server(3, &[], Manner::Atomic);
    let report = server.run(MemberVerb::Promote, &WaIds::one(wa(0)));
    assert_eq!(report.results, [(wa(0), MemberOutcome::AlreadySo)]);
    assert!(server.calls.is_empty());
}

#[test]
fn a_number_that_left_is_not_promoted() {
    let mut server = server(3, &[], Manner::Silent);
    let report = server.run(MemberVerb::Promote, &WaIds::one(wa(9)));
    assert!(matches!(report.results[0].1, MemberOutcome::Refused(_)));
    assert!(server.calls.is_empty());
}

fn begin(mutation: &Mutation) -> Change {
    let groups = state(details("old", &[wa(0), wa(1), wa(2)], &[wa(0)]));
    Change::start(mutation, groups.get(&group_id()).unwrap())
        .unwrap()
        .0
}

#[test]
fn silence_is_settled_by_reading_and_nothing_is_sent_twice() {
    let remove = Mutation::Members(MemberVerb::Remove, ids(1..3));
    let mut change = begin(&remove);
    assert_eq!(change.replied(Err(silence())), Next::ReadDetails);
    let next = change.details_read(Ok(&details("old", &[wa(0), wa(2)], &[wa(0)])));
    let Next::Finished(Ending::Members(report)) = next else {
        panic!("{next:?}")
    };
    assert_eq!(report.of(&wa(1)), Some(&MemberOutcome::Done));
    assert_eq!(
        report.of(&wa(2)),
        Some(&MemberOutcome::NotConfirmed(Some(silence())))
    );
}

#[test]
fn when_even_reading_fails_nobody_is_called_done_or_refused() {
    let mut change = begin(&Mutation::Members(MemberVerb::Promote, ids(1..3)));
    assert_eq!(change.replied(Ok(())), Next::ReadDetails);
    let next = change.details_read(Err(&silence()));
    let Next::Finished(Ending::Members(report)) = next else {
        panic!("{next:?}")
    };
    assert!(
        report
            .results
            .iter()
            .all(|(_, o)| matches!(o, MemberOutcome::NotConfirmed(Some(_))))
    );
}

#[test]
fn after_silence_the_rest_of_a_large_change_stays_at_home() {
    let groups = state(details("x", &(0..50).map(wa).collect::<Vec<_>>(), &[wa(0)]));
    let remove = Mutation::Members(MemberVerb::Remove, ids(1..45));
    let (mut change, _) = Change::start(&remove, groups.get(&group_id()).unwrap()).unwrap();
    assert_eq!(change.replied(Err(silence())), Next::ReadDetails);
    let left: Vec<WaId> = (0..50).map(wa).collect();
    let next = change.details_read(Ok(&details("x", &left, &[wa(0)])));
    let Next::Finished(Ending::Members(report)) = next else {
        panic!("{next:?}")
    };
    let not_sent = report
        .results
        .iter()
        .filter(|(_, o)| matches!(o, MemberOutcome::NotSent(_)))
        .count();
    assert_eq!(not_sent, 44 - WaIds::MAX_PER_CALL);
}

fn rename() -> (Change, Subject) {
    let subject: Subject = "new".parse().unwrap();
    (begin(&Mutation::Rename(subject.clone())), subject)
}

fn renamed_to(mut change: Change, subject: Result<&str, Failure>) -> Outcome {
    let read = subject.map(|subject| details(subject, &[wa(0)], &[]));
    match change.details_read(read.as_ref()) {
        Next::Finished(Ending::Renamed(_, outcome)) => outcome,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_subject_counts_when_it_is_read_again() {
    let (mut change, _) = rename();
    assert_eq!(change.replied(Ok(())), Next::ReadDetails);
    assert_eq!(renamed_to(change, Ok("new")), Outcome::Applied);

    let (mut change, _) = rename();
    change.replied(Ok(()));
    assert!(
        matches!(renamed_to(change, Ok("old")), Outcome::Unknown(_)),
        "200 was only a claim"
    );
}

#[test]
fn an_unanswered_rename_is_applied_or_stays_unknown_by_what_is_read() {
    for (read, expected) in [
        (Ok("new"), Outcome::Applied),
        (Ok("old"), Outcome::Unknown(silence())),
        (Err(silence()), Outcome::Unknown(silence())),
    ] {
        let (mut change, _) = rename();
        assert_eq!(change.replied(Err(silence())), Next::ReadDetails);
        assert_eq!(renamed_to(change, read), expected);
    }
}

#[test]
fn a_refused_rename_is_over_at_once() {
    let (mut change, subject) = rename();
    let why = failure(FailureKind::GroupGone, Some(404), Sent::Answered);
    let ending = Ending::Renamed(subject, Outcome::NotApplied(why.clone()));
    assert_eq!(change.replied(Err(why)), Next::Finished(ending));
}

#[test]
fn a_reset_is_judged_by_the_link_that_is_read_afterwards() {
    let link = |code: &str| InviteLink::new(&format!("https://chat.whatsapp.com/{code}"));
    let start = |known: Option<&str>| {
        let mut groups = state(details("x", &[wa(0)], &[]));
        if let Some(code) = known {
            groups
                .get_mut(&group_id())
                .unwrap()
                .invite
                .set(link(code), Millis(1));
        }
        Change::start(&Mutation::ResetInvite, groups.get(&group_id()).unwrap())
            .unwrap()
            .0
    };
    let end = |mut change: Change, reply, read: Result<InviteLink, Failure>| {
        assert_eq!(change.replied(reply), Next::ReadInvite);
        match change.invite_read(read.as_ref()) {
            Next::Finished(Ending::InviteReset(outcome)) => outcome,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        end(start(Some("a")), Ok(()), Ok(link("b"))),
        Outcome::Applied
    );
    assert!(matches!(
        end(start(Some("a")), Ok(()), Ok(link("a"))),
        Outcome::Unknown(_)
    ));
    assert_eq!(
        end(start(Some("a")), Err(silence()), Ok(link("b"))),
        Outcome::Applied
    );
    let same = end(start(Some("a")), Err(silence()), Ok(link("a")));
    assert_eq!(same, Outcome::Unknown(silence()), "it may still happen");
    let blind = end(start(None), Err(silence()), Ok(link("b")));
    assert_eq!(
        blind,
        Outcome::Unknown(silence()),
        "nothing to compare with"
    );
}

proptest! {
    #[test]
    fn every_person_ends_in_exactly_one_true_outcome(
        people in 2u64..60, unknown in proptest::collection::vec(1u64..60, 0..6),
        manner in 0usize..3, verb in 0usize..3,
    ) {
        let manner = [Manner::Atomic, Manner::Partial, Manner::Silent][manner];
        let verb = [MemberVerb::Promote, MemberVerb::Demote, MemberVerb::Remove][verb];
        let mut server = server(people, &unknown, manner);
        server.admins.extend((0..people / 2).map(wa));
        let targets = ids(1..people);
        let report = server.run(verb, &targets);
        prop_assert_eq!(report.results.len(), targets.count());
        let truth = server.roster();
        for (id, outcome) in &report.results {
            let reached = verb.is_reached(truth.roster.as_ref().unwrap(), id);
            prop_assert_eq!(outcome.is_good(), reached, "{:?} {:?}", id, outcome);
        }
        let largest = server.calls.iter().map(WaIds::count).max().unwrap_or(0);
        prop_assert!(largest <= WaIds::MAX_PER_CALL);
    }
}

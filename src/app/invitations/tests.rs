//! Who is sent what, and who not again: the life of a run without keys and without a network.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::app::probe::server::{broken, no_network, refused_token, silence, slow_down};
use crate::app::probe::{id, wa};
use crate::domain::{Clean, DeliveryState};

fn plan(people: &[u64]) -> Plan {
    Plan {
        group: id("a"),
        people: WaIds::new(people.iter().copied().map(wa)).unwrap(),
        words: "Entre:".into(),
        link: InviteLink::new("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"),
    }
}

fn no(kind: FailureKind) -> Failure {
    Failure {
        kind,
        status: Some(400),
        sent: Sent::Answered,
        detail: Clean::default(),
    }
}

fn name(n: u128) -> CorrelationId {
    CorrelationId::from_bits(n)
}

/// The next message leaves and is answered so.
fn step(all: &mut Invitations, n: u128, result: &Result<Accepted, Failure>) -> Option<WaId> {
    all.up_next()?;
    let to = all.leaves(&id("a"), &name(n))?;
    assert!(all.up_next().is_none(), "one at a time");
    assert!(all.replied(&name(n), result));
    Some(to)
}

#[test]
fn each_answer_decides_for_its_person_and_some_stop_the_rest() {
    let rejected = || no(FailureKind::Rejected);
    for (result, state, goes_on) in [
        (Ok(Accepted::default()), InviteState::Accepted, true),
        (Err(rejected()), InviteState::Refused(rejected()), true),
        (
            Err(no(FailureKind::Forbidden)),
            InviteState::Refused(no(FailureKind::Forbidden)),
            false,
        ),
        (
            Err(refused_token()),
            InviteState::NotSent(refused_token()),
            false,
        ),
        (
            Err(slow_down(None)),
            InviteState::NotSent(slow_down(None)),
            false,
        ),
        (Err(no_network()), InviteState::NotSent(no_network()), false),
        (
            Err(Failure::refused("no journal")),
            InviteState::NotSent(Failure::refused("no journal")),
            false,
        ),
        (Err(silence()), InviteState::Doubtful(silence()), false),
        (Err(broken()), InviteState::Doubtful(broken()), false),
    ] {
        let mut all = Invitations::default();
        all.begin(plan(&[1, 2]));
        step(&mut all, 1, &result);
        let run = all.of(&id("a")).unwrap();
        assert_eq!(run.of(&wa(1)), Some(&state));
        assert_eq!(all.up_next().is_some(), goes_on, "{state:?}");
        let run = all.of(&id("a")).unwrap();
        assert_eq!(run.is_over(), !goes_on);
        if !goes_on {
            let mut rest = vec![wa(2)];
            if matches!(state, InviteState::NotSent(_)) {
                rest.insert(0, wa(1));
            }
            assert_eq!(run.rest(), rest, "{state:?}");
        }
    }
}

#[test]
fn who_may_have_got_it_is_neither_among_the_rest_nor_taken_up_again() {
    let mut all = Invitations::default();
    all.begin(plan(&[1, 2, 3]));
    step(&mut all, 1, &Ok(Accepted::default()));
    step(&mut all, 2, &Err(silence()));
    assert_eq!(all.of(&id("a")).unwrap().rest(), [wa(3)]);
    // Even when a question names everybody once more.
    all.begin(plan(&[1, 2, 3, 4]));
    let sent: Vec<WaId> =
        std::iter::from_fn(|| step(&mut all, 3, &Ok(Accepted::default()))).collect();
    assert_eq!(sent, [wa(3), wa(4)]);
    let run = all.of(&id("a")).unwrap();
    assert_eq!(run.of(&wa(2)), Some(&InviteState::Doubtful(silence())));
    assert_eq!(run.people.len(), 4, "one result for each");
}

#[test]
fn who_may_have_got_it_is_remembered_until_the_user_says_what_became_of_it() {
    for said in [Verdict::Happened, Verdict::DidNotHappen] {
        let mut all = Invitations::default();
        all.begin(plan(&[1, 2]));
        step(&mut all, 1, &Ok(Accepted::default()));
        step(&mut all, 2, &Err(silence()));
        assert_eq!(all.doubtful(&id("a")).count(), 0, "the results have it");
        all.put_away(&id("a"));
        assert!(all.doubtful(&id("a")).eq([&wa(2)]));
        assert_eq!(all.doubtful(&id("b")).count(), 0);
        all.said(&id("b"), &[wa(2)], said);
        all.said(&id("a"), &[wa(1)], said);
        assert!(all.doubtful(&id("a")).eq([&wa(2)]));
        all.said(&id("a"), &[wa(2)], said);
        assert_eq!(all.doubtful(&id("a")).count(), 0);
    }
}

#[test]
fn another_reply_changes_nothing() {
    let mut all = Invitations::default();
    all.begin(plan(&[1]));
    all.leaves(&id("a"), &name(1));
    assert!(!all.replied(&name(2), &Ok(Accepted::default())));
    assert!(!all.is_idle());
    assert!(all.replied(&name(1), &Err(silence())));
    assert!(!all.replied(&name(1), &Ok(Accepted::default())), "decided");
}

proptest! {
    /// Whatever is answered and however often somebody tries again.
    #[test]
    fn nobody_who_has_it_or_may_have_it_is_sent_it_again(
        rounds in prop::collection::vec(
            (prop::collection::vec(0..8_u64, 1..8), prop::collection::vec(0..5_u8, 0..10)),
            1..6,
        ),
    ) {
        let mut all = Invitations::default();
        let mut taken: HashSet<WaId> = HashSet::new();
        let mut n = 0;
        for (people, answers) in rounds {
            all.begin(plan(&people));
            let mut in_this = Vec::new();
            for answer in answers {
                let result = match answer {
                    0 => Err(silence()),
                    1 => Err(no_network()),
                    2 => Err(no(FailureKind::Rejected)),
                    _ => Ok(Accepted::default()),
                };
                n += 1;
                let Some(to) = step(&mut all, n, &result) else { break };
                prop_assert!(!in_this.contains(&to), "twice by one answer");
                prop_assert!(!taken.contains(&to), "again");
                prop_assert!(people.iter().any(|person| wa(*person) == to), "a stranger");
                if matches!(answer, 0 | 3..) {
                    taken.insert(to.clone());
                }
                in_this.push(to);
            }
            all.stop_all(&no_network());
            prop_assert!(all.is_idle());
            let rest = all.of(&id("a")).unwrap().rest();
            prop_assert!(rest.iter().all(|id| !taken.contains(id)));
        }
    }
}

fn failed() -> DeliveryState {
    DeliveryState::Failed {
        code: Some(210),
        word: String::new(),
    }
}

#[test]
fn a_report_settles_who_may_have_got_it_and_who_was_said_not_to() {
    for (answer, fate, taken) in [
        (Err(silence()), DeliveryState::Sent, true),
        (Err(silence()), failed(), false),
        (Err(no_network()), DeliveryState::Read, true),
        (
            Err(no(FailureKind::Rejected)),
            DeliveryState::Delivered,
            true,
        ),
        (Ok(Accepted::default()), DeliveryState::Delivered, true),
        (Ok(Accepted::default()), failed(), false),
    ] {
        let mut all = Invitations::default();
        all.begin(plan(&[1]));
        step(&mut all, 1, &answer);
        all.reported(&name(1), &fate);
        let state = all.of(&id("a")).unwrap().of(&wa(1)).unwrap().clone();
        if taken {
            assert_eq!(state, InviteState::Accepted, "{answer:?}");
        } else {
            assert!(matches!(state, InviteState::Undelivered(_)), "{state:?}");
        }
        assert_eq!(state.is_taken(), taken);
        let run = all.of(&id("a")).unwrap();
        assert!(run.rest().is_empty(), "only who asks for it sends again");
        all.begin(plan(&[1]));
        assert_eq!(all.up_next().is_some(), !taken, "{answer:?} {fate:?}");
    }
}

#[test]
fn a_report_settles_the_doubt_about_results_that_were_put_away() {
    let mut all = Invitations::default();
    all.begin(plan(&[1, 2]));
    step(&mut all, 1, &Err(silence()));
    all.put_away(&id("a"));
    assert_eq!(all.doubtful(&id("a")).count(), 1);
    all.reported(&name(7), &DeliveryState::Read);
    assert_eq!(all.doubtful(&id("a")).count(), 1, "somebody else's");
    all.reported(&name(1), &DeliveryState::Sent);
    assert_eq!(all.doubtful(&id("a")).count(), 0);
}

#[test]
fn a_late_report_of_the_first_try_spares_the_second_one() {
    let mut all = Invitations::default();
    all.begin(plan(&[1]));
    step(&mut all, 1, &Err(no_network()));
    all.begin(plan(&[1]));
    all.reported(&name(1), &failed());
    assert_eq!(
        all.of(&id("a")).unwrap().of(&wa(1)),
        Some(&InviteState::Waiting)
    );
    all.reported(&name(1), &DeliveryState::Delivered);
    assert!(all.up_next().is_none());
    // And a failure of the first one says nothing about the second.
    let mut all = Invitations::default();
    all.begin(plan(&[1]));
    step(&mut all, 1, &Err(no_network()));
    all.begin(plan(&[1]));
    step(&mut all, 2, &Err(silence()));
    all.reported(&name(1), &failed());
    let run = all.of(&id("a")).unwrap();
    assert_eq!(run.of(&wa(1)), Some(&InviteState::Doubtful(silence())));
}

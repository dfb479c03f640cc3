//! The whole table: every kind of failure, for every call.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects otherwise than the rest"
)]

use super::*;
use crate::domain::Clean;
use FailureKind as Kind;

fn failure(kind: Kind, status: Option<u16>, sent: Sent) -> Failure {
    Failure {
        kind,
        status,
        sent,
        detail: Clean::default(),
    }
}

fn answered(kind: Kind, status: u16) -> Failure {
    failure(kind, Some(status), Sent::Answered)
}

/// Every failure with a status that says no and is to be believed.
fn refusals() -> Vec<Failure> {
    vec![
        answered(Kind::Unauthorized, 401),
        answered(Kind::Forbidden, 403),
        answered(Kind::GroupGone, 404),
        answered(Kind::NoIcon, 404),
        answered(Kind::NumberNotFound, 400),
        answered(Kind::NotInGroup, 400),
        answered(Kind::CreateRefused, 400),
        answered(Kind::Rejected, 400),
        answered(Kind::Rejected, 409),
        answered(Kind::Rejected, 413),
        answered(Kind::Rejected, 415),
        answered(Kind::Rejected, 422),
        answered(Kind::NotOffered, 405),
        answered(Kind::RateLimited(None), 429),
        answered(Kind::Redirected(Clean::new("elsewhere")), 302),
    ]
}

fn doubts() -> Vec<Failure> {
    vec![
        failure(Kind::Timeout, None, Sent::Maybe),
        failure(Kind::Cut, None, Sent::Maybe),
        failure(Kind::Malformed, None, Sent::Maybe),
        // A creation that succeeded, with a body that says nothing.
        failure(Kind::Malformed, Some(200), Sent::Maybe),
        failure(Kind::TooLarge, Some(200), Sent::Maybe),
        answered(Kind::Server(None), 408),
        answered(Kind::Server(None), 500),
        answered(Kind::Server(Some(Duration::from_secs(2))), 503),
    ]
}

fn unsent() -> Vec<Failure> {
    use Unreachable as Un;
    let reasons = [Un::Name, Un::Refused, Un::TimedOut, Un::Tls];
    let lost = reasons.map(|why| failure(Kind::Unreachable(why), None, Sent::Never));
    lost.into_iter().chain([Failure::refused("no")]).collect()
}

fn changes() -> impl Iterator<Item = Operation> {
    Operation::ALL.into_iter().filter(|one| one.is_change())
}

#[test]
fn a_success_is_a_claim_silence_a_doubt_and_what_never_left_did_not_happen() {
    for operation in changes() {
        assert_eq!(of_change(operation, Ok(())), Fate::Claimed);
        for why in doubts() {
            let fate = of_change(operation, Err(&why));
            assert_eq!(fate, Fate::InDoubt, "{operation:?} {why:?}");
        }
        for why in unsent() {
            let fate = of_change(operation, Err(&why));
            assert_eq!(fate, Fate::NotApplied, "{operation:?} {why:?}");
        }
    }
}

#[test]
fn a_refusal_is_believed_unless_it_may_mean_that_it_is_so_already_or_in_part() {
    use Operation as Op;
    for operation in changes() {
        for why in refusals() {
            let contested = match operation {
                Op::RemoveParticipants | Op::AddAdmins | Op::RemoveAdmins => {
                    matches!(
                        (&why.kind, why.status),
                        (Kind::NumberNotFound, _) | (Kind::Rejected, Some(400 | 422))
                    )
                }
                Op::LeaveGroup => matches!(why.kind, Kind::NotInGroup | Kind::GroupGone),
                Op::RemoveIcon => why.kind == Kind::NoIcon,
                _ => false,
            };
            let expected = if contested {
                Fate::Contested
            } else {
                Fate::NotApplied
            };
            let fate = of_change(operation, Err(&why));
            assert_eq!(fate, expected, "{operation:?} {why:?}");
        }
    }
}

#[test]
fn every_change_has_a_proof_but_what_was_written_to_people() {
    for operation in Operation::ALL {
        assert_eq!(proof(operation).is_some(), operation.is_change());
    }
    let nobody: Vec<Operation> = Operation::ALL
        .into_iter()
        .filter(|one| proof(*one) == Some(Proof::Nobody))
        .collect();
    assert_eq!(
        nobody,
        [Operation::SendToGroup, Operation::SendInvitation],
        "a message cannot be read back"
    );
    assert_eq!(proof(Operation::ResetInvite), Some(Proof::Invite));
    assert_eq!(proof(Operation::SetIcon), Some(Proof::Icon));
    assert_eq!(proof(Operation::RemoveIcon), Some(Proof::Icon));
    assert_eq!(proof(Operation::CreateGroup), Some(Proof::List));
    assert_eq!(proof(Operation::LeaveGroup), Some(Proof::List));
    assert_eq!(proof(Operation::RenameGroup), Some(Proof::Details));
}

fn read(why: &Failure, try_number: u32) -> Reading {
    of_read(Operation::GroupDetails, why, try_number, 1.0)
}

#[test]
fn silence_and_a_failing_server_are_asked_three_times_at_most() {
    for why in [
        failure(Kind::Timeout, None, Sent::Maybe),
        failure(Kind::Cut, None, Sent::Maybe),
        answered(Kind::Malformed, 200),
        answered(Kind::Server(None), 408),
        answered(Kind::Server(None), 502),
    ] {
        assert_eq!(read(&why, 1), Reading::Again(Duration::from_secs(1)));
        assert_eq!(read(&why, 2), Reading::Again(Duration::from_secs(2)));
        assert_eq!(read(&why, 3), Reading::GiveUp);
    }
}

#[test]
fn the_pause_that_a_failing_server_asks_for_is_kept_unless_it_is_unreasonable() {
    let asks = |secs| answered(Kind::Server(Some(Duration::from_secs(secs))), 503);
    assert_eq!(read(&asks(7), 1), Reading::Again(Duration::from_secs(7)));
    assert_eq!(read(&asks(0), 1), Reading::Again(Duration::from_secs(1)));
    assert_eq!(read(&asks(120), 2), Reading::Again(LONGEST_WAIT));
    assert_eq!(read(&asks(121), 1), Reading::GiveUp);
    assert_eq!(read(&asks(7), 3), Reading::GiveUp);
}

#[test]
fn what_is_final_is_not_repeated() {
    for why in refusals() {
        let expected = match &why.kind {
            Kind::Unauthorized => Reading::SignedOut,
            Kind::RateLimited(asked) => Reading::SlowDown(*asked),
            _ => Reading::GiveUp,
        };
        assert_eq!(read(&why, 1), expected, "{why:?}");
    }
    let too_large = answered(Kind::TooLarge, 200);
    assert_eq!(read(&too_large, 1), Reading::GiveUp);
    for why in unsent() {
        let expected = match &why.kind {
            Kind::Unreachable(Unreachable::Tls) => Reading::NotTrusted,
            Kind::Unreachable(_) => Reading::NoConnection,
            _ => Reading::GiveUp,
        };
        assert_eq!(read(&why, 1), expected, "{why:?}");
    }
}

#[test]
fn a_picture_is_fetched_once_whatever_happens() {
    for why in refusals().into_iter().chain(doubts()).chain(unsent()) {
        let reading = of_read(Operation::FetchPicture, &why, 1, 1.0);
        assert_eq!(reading, Reading::GiveUp, "{why:?}");
    }
}

#[test]
fn pauses_are_spread_and_bounded() {
    assert_eq!(backoff(1, 0.0), Duration::ZERO);
    assert_eq!(backoff(1, 0.5), Duration::from_millis(500));
    assert_eq!(backoff(3, 1.0), Duration::from_secs(4));
    assert_eq!(backoff(4, 1.0), Duration::from_secs(8));
    assert_eq!(backoff(40, 7.0), Duration::from_secs(8));
    assert_eq!(backoff(2, -1.0), Duration::ZERO);
}

#[test]
fn a_host_that_only_fails_is_asked_ten_times_more_and_one_that_recovers_is_trusted_again() {
    let broken = answered(Kind::Server(None), 500);
    let mut budget = Budget::default();
    assert_eq!((0..100).filter(|_| budget.spend(&broken)).count(), 10);
    budget.earn();
    assert!(!budget.spend(&broken), "one answer pays for half a try");
    budget.earn();
    assert!(budget.spend(&broken));
    for _ in 0..100 {
        budget.earn();
    }
    assert_eq!(budget, Budget::default());
    let slow = answered(Kind::RateLimited(None), 429);
    assert_eq!((0..100).filter(|_| budget.spend(&slow)).count(), 20);
    let lost = failure(Kind::Unreachable(Unreachable::Refused), None, Sent::Never);
    assert!(budget.spend(&lost), "an outage has its own measure");
}

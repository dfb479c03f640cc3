//! Changes: one at a time for each group, followed to the truth, reported for each person.

use super::*;
use crate::app::msg::Msg;
use crate::app::probe::server::{broken, cut, failure, silence, slow_down};
use crate::app::toasts::Level;
use crate::domain::{FailureKind, GroupId, MemberOutcome, MemberVerb, Sent, WaIds};
use crate::keymap::Action;

fn marked(app: &Probe) -> Vec<String> {
    app.people()
        .rows
        .marks()
        .iter()
        .map(crate::domain::WaId::short)
        .collect()
}

#[test]
fn a_read_that_left_before_a_change_does_not_verify_it() {
    let mut app = Probe::in_members();
    app.press("r");
    let (early, call) = app.open[0].clone();
    let before = app.server.answer(&call).unwrap();
    app.press_all("G + enter");
    app.answer(Operation::AddAdmins);
    app.settled(early, &call, before);
    assert!(
        app.model.is_changing(),
        "still waiting for a read that left after the change"
    );
    app.answer_all();
    assert!(app.says("+55 19 90000-0009 promoted"));
}

#[test]
fn a_read_that_left_before_a_change_does_not_verify_it_even_when_the_line_is_held() {
    let mut app = Probe::with([group("a").subject("Corrida").people(0..10), group("b")]);
    app.play("2");
    app.press("r");
    let (early, call) = app.open[0].clone();
    let before = app.server.answer(&call).unwrap();
    app.press_all("G + enter 3");
    app.fail(Operation::GetInvite, &slow_down(Some(5)));
    app.answer(Operation::AddAdmins);
    app.settled(early, &call, before);
    assert!(app.model.is_changing());
    app.wait(5_100);
    app.answer_all();
    assert!(app.says("promoted"), "{:?}", app.toasts());
}

#[test]
fn one_change_is_in_flight_for_each_group_and_the_next_starts_after_it() {
    let mut app = Probe::in_members();
    app.press_all("G + enter k + enter k + enter");
    assert_eq!(app.changes().len(), 1);
    app.answer(Operation::AddAdmins);
    assert_eq!(app.changes().len(), 1, "not before the truth was read");
    app.answer(Operation::GroupDetails);
    assert_eq!(app.changes().len(), 2);
    app.answer_all();
    assert_eq!(app.changes().len(), 3);
    assert_eq!(app.server.group("a").admins.len(), 5);
    assert!(!app.model.is_changing());
}

#[test]
fn changes_to_different_groups_do_not_wait_for_each_other() {
    let mut app = Probe::with([group("a").people(0..5), group("b").people(0..5)]);
    app.press_all("2 G + enter 1 j 2 G + enter");
    assert_eq!(app.changes().len(), 2);
}

#[test]
fn success_that_reading_does_not_show_is_not_called_success() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    let (ticket, call) = app.open[0].clone();
    app.settled(
        ticket,
        &call,
        crate::app::Reply::Changed(GroupId::new("a").unwrap(), Ok(())),
    );
    app.answer_all();
    let report = app.state("a").report.as_ref().unwrap();
    assert_eq!(report.results[0].1, MemberOutcome::NotConfirmed(None));
    assert_eq!(app.notice().0, Level::Warning);
}

#[test]
fn an_error_of_the_server_is_never_repeated_for_a_change_but_looked_into() {
    for why in [broken(), cut(), silence()] {
        let mut app = Probe::in_members();
        app.server
            .always(Operation::RemoveParticipants, Manner::Fail(why.clone()));
        app.play("G d right enter");
        app.wait(300_000);
        app.calm();
        assert_eq!(app.changes().len(), 1, "{why:?}");
        assert_eq!(app.calls.len(), 2);
        let report = app.state("a").report.as_ref().unwrap();
        assert_eq!(report.results[0].1, MemberOutcome::NotConfirmed(Some(why)));
        assert_eq!(app.notice().0, Level::Warning, "doubtful is not failed");
    }
}

#[test]
fn what_is_not_known_of_one_person_is_not_titled_as_if_it_were() {
    for (operation, keys, title) in [
        (Operation::AddAdmins, "G + enter", "Promotion"),
        (Operation::RemoveAdmins, "j - right enter", "Demotion"),
        (Operation::RemoveParticipants, "G d right enter", "Removal"),
    ] {
        let mut app = Probe::in_members();
        app.server.always(operation, Manner::Fail(silence()));
        app.play(keys);
        assert_eq!(app.changes().len(), 1, "{operation:?}");
        let (level, told) = app.notice();
        assert_eq!(level, Level::Warning);
        let title = format!("{title} is not confirmed\n");
        assert!(told.starts_with(&title), "{told}");
    }
}

#[test]
fn a_change_that_was_applied_without_an_answer_is_found_out() {
    let mut app = Probe::in_members();
    app.server
        .once(Operation::RemoveParticipants, Manner::ApplyThenCut);
    app.play("G d right enter");
    assert_eq!(
        app.operations(),
        [Operation::RemoveParticipants, Operation::GroupDetails]
    );
    assert!(app.says("+55 19 90000-0009 removed"));
}

#[test]
fn one_bad_number_among_ten_is_found_and_the_other_nine_are_done() {
    let mut app = Probe::with([group("a").subject("Corrida").people(0..12).admins([0])]);
    app.play("2 j");
    for _ in 0..10 {
        app.press("space");
    }
    app.server.unknown.insert(wa(7));
    app.play("+ tab enter");
    let report = app.state("a").report.clone().unwrap();
    assert_eq!((report.good(), report.results.len()), (9, 10));
    let bad: Vec<_> = report
        .bad()
        .map(|(id, outcome)| (id.clone(), outcome.clone()))
        .collect();
    assert_eq!(bad[0].0, wa(7));
    assert!(
        matches!(&bad[0].1, MemberOutcome::Refused(why) if why.kind == FailureKind::NumberNotFound)
    );
    assert_eq!(
        marked(&app),
        ["…-0007"],
        "what failed stays marked, so one key takes it up again"
    );
    assert!(app.says("9 of 10 promoted") && app.says("+55 19 90000-0007  refused"));
}

#[test]
fn no_person_is_sent_again_after_a_call_without_an_answer() {
    let mut app = Probe::with([group("a").people(0..60).admins([0])]);
    app.server
        .once(Operation::RemoveParticipants, Manner::Fail(silence()));
    app.play("2 A d");
    app.type_text("59");
    app.play("enter");
    assert_eq!(
        app.changes().len(),
        1,
        "twenty were sent, and then nothing more"
    );
    let report = app.state("a").report.as_ref().unwrap();
    let not_sent = report
        .results
        .iter()
        .filter(|(_, o)| matches!(o, MemberOutcome::NotSent(_)));
    assert_eq!(not_sent.count(), 39);
}

#[test]
fn removing_marked_people_is_no_news_of_people_who_left() {
    let mut app = Probe::in_members();
    app.play("j j j space space d");
    app.type_text("2");
    app.play("enter");
    assert!(app.says("2 members removed"));
    assert!(!app.says("left the group meanwhile"), "{:?}", app.toasts());
    assert!(marked(&app).is_empty());
    // But somebody else who leaves is.
    app.play("j j j space");
    let gone = app.people().rows.marks().iter().next().unwrap().clone();
    app.server.group("a").members.retain(|id| *id != gone);
    app.play("r");
    assert!(app.says("left the group meanwhile"));
}

#[test]
fn what_is_so_already_costs_no_call() {
    let mut app = Probe::in_members();
    app.press_all("G +");
    app.server.group("a").admins.push(wa(9));
    app.send(Msg::Asked(Action::Refresh));
    app.answer_all();
    app.count_from_here();
    app.play("enter");
    assert!(app.calls.is_empty());
    assert!(app.says("was promoted already"));
}

#[test]
fn the_result_of_a_change_goes_when_the_group_is_read_again() {
    let mut app = Probe::in_members();
    app.play("G + enter");
    assert!(app.state("a").report.is_some(), "its own read keeps it");
    app.play("r");
    assert!(app.state("a").report.is_none());
}

#[test]
fn somebody_elses_rename_is_named_and_not_taken_for_ours() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.press("e");
    app.type_text("Beta");
    app.press("enter");
    app.answer(Operation::RenameGroup);
    app.server.group("a").subject = "Gama".into();
    app.answer_all();
    assert_eq!(app.notice().0, Level::Warning);
    assert!(
        app.says("not confirmed") && app.says("the subject is “Gama”"),
        "{:?}",
        app.toasts()
    );
    assert_eq!(app.state("a").name(), "Gama");
}

#[test]
fn a_change_that_is_not_allowed_changes_nothing_and_is_not_repeated() {
    let mut app = Probe::in_members();
    let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    app.server
        .always(Operation::RemoveParticipants, Manner::Fail(forbidden));
    app.play("j j j space space d");
    app.type_text("2");
    app.play("enter");
    assert_eq!(app.changes().len(), 1);
    assert_eq!(app.notice().0, Level::Error);
    assert_eq!(marked(&app).len(), 2, "they stay marked");
}

#[test]
fn a_new_link_copied_while_the_old_one_is_being_reset_is_the_new_one() {
    let mut app = Probe::with([group("a")]);
    app.play("3");
    // The request is on its way, the old link still stands there: copying it would be worse than waiting.
    app.press_all("d right enter y");
    assert!(
        app.clips.is_empty(),
        "the link that is being killed is not handed out"
    );
    app.answer_all();
    assert_eq!(app.clip(), "https://chat.whatsapp.com/a2");
    assert_eq!(app.calls.len() - 1, 2);
}

#[test]
fn when_the_reset_fails_the_old_link_is_still_the_one_to_copy() {
    let mut app = Probe::with([group("a")]);
    app.play("3");
    let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    app.server
        .once(Operation::ResetInvite, Manner::Fail(forbidden));
    app.press_all("d right enter y");
    app.answer_all();
    assert!(app.says("The old link of a still works"));
    assert_eq!(app.clip(), "https://chat.whatsapp.com/a1");
}

#[test]
fn a_reset_without_an_answer_is_settled_by_the_link_that_is_read() {
    for (manner, said) in [
        (Manner::ApplyThenCut, "The old link no longer works"),
        (Manner::Fail(silence()), "it may still happen"),
    ] {
        let mut app = Probe::with([group("a")]);
        app.play("3");
        app.server.once(Operation::ResetInvite, manner);
        app.play("d right enter");
        assert_eq!(app.changes().len(), 1);
        assert!(app.says(said), "{:?}", app.toasts());
    }
}

#[test]
fn trying_again_from_activity_asks_again_at_the_same_level() {
    let mut app = Probe::in_members();
    let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    app.server
        .once(Operation::RemoveParticipants, Manner::Fail(forbidden));
    app.play("G k space space d");
    app.type_text("2");
    app.play("enter esc esc 6");
    app.in_activity(|call| matches!(call, Call::Members(..)));
    app.count_from_here();
    app.play("r");
    assert!(app.calls.is_empty());
    assert_eq!(app.confirm().word.as_ref().unwrap().expected, "2");
    assert_eq!(app.confirm().people.len(), 2);
    assert_eq!(app.model.tab, crate::app::model::Tab::Members);
}

#[test]
fn a_read_that_shows_what_became_of_a_change_is_not_cancelled() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    app.answer(Operation::AddAdmins);
    app.press_all("6 x");
    assert!(app.cancelled.is_empty());
    assert!(app.says("awaited"));
    app.answer_all();
    assert!(!app.model.is_changing());
}

#[test]
fn a_change_in_flight_is_not_cancelled() {
    let mut app = Probe::in_members();
    app.press_all("G + enter 6 x");
    assert!(app.cancelled.is_empty());
    assert!(app.says("cannot be called back"));
}

#[test]
fn more_than_twenty_people_leave_in_several_calls_and_are_read_once() {
    let mut app = Probe::with([group("a").people(0..50).admins([0])]);
    app.play("2 A d");
    app.type_text("49");
    app.play("enter");
    let sent: Vec<WaIds> = app
        .changes()
        .iter()
        .filter_map(|call| people_of(call).cloned())
        .collect();
    let sizes: Vec<usize> = sent.iter().map(WaIds::count).collect();
    assert_eq!(sizes, [20, 20, 9]);
    assert_eq!(app.calls.len(), 4);
    let all: Vec<_> = sent.iter().flatten().cloned().collect();
    assert_eq!(
        WaIds::new(all.clone()).unwrap().count(),
        all.len(),
        "nobody twice"
    );
}

fn people_of(call: &Call) -> Option<&WaIds> {
    if let Call::Members(_, MemberVerb::Remove, ids) = call {
        Some(ids)
    } else {
        None
    }
}

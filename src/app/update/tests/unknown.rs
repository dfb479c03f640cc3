//! Creating and leaving: what a missing answer means is decided by the list, and nothing is sent twice.

use super::*;
use crate::app::msg::Msg;
use crate::app::probe::server::{broken, cut, failure, gone, silence};
use crate::app::toasts::Level;
use crate::domain::{FailureKind, GroupId, Sent};

fn creating(groups: Vec<ServerGroup>) -> Probe {
    let mut app = Probe::with(groups);
    app.press("n");
    app.type_text("Turma");
    app.press("enter");
    app
}

fn creations(app: &Probe) -> usize {
    app.changes()
        .iter()
        .filter(|call| matches!(call, Call::Create(_)))
        .count()
}

#[test]
fn a_creation_cut_after_it_was_applied_is_found_and_adopted() {
    let mut app = Probe::with([group("a"), group("b").subject("Turma")]);
    app.server
        .once(Operation::CreateGroup, Manner::ApplyThenCut);
    app.press("n");
    app.type_text("Turma");
    app.play("enter");
    assert_eq!(creations(&app), 1);
    assert!(app.says("Created Turma"));
    assert_eq!(
        app.model.group().unwrap().id.as_str(),
        "new-1",
        "not its older namesake"
    );
    assert_eq!(app.clip(), "https://chat.whatsapp.com/new-11");
    assert!(app.model.dialog.is_none() && !app.model.is_changing());
}

#[test]
fn a_creation_cut_before_it_was_applied_is_reported_and_keeps_the_text() {
    for why in [cut(), silence(), broken()] {
        let mut app = creating(vec![group("a")]);
        app.server.once(Operation::CreateGroup, Manner::Fail(why));
        app.answer_all();
        assert_eq!(creations(&app), 1, "never sent twice on its own");
        assert_eq!(app.form().input.text(), "Turma");
        assert!(matches!(
            app.form().state,
            crate::app::dialog::FormState::Refused(_)
        ));
        assert!(!app.model.is_changing());
        assert!(format!("{:?}", app.form().state).contains("not seen so far"));
        app.press("enter");
        assert_eq!(creations(&app), 1, "first the warning of a second group");
        assert!(format!("{:?}", app.form().state).contains("a second one"));
        app.press("enter");
        assert_eq!(creations(&app), 2, "asked for twice, it is sent");
    }
}

#[test]
fn a_candidate_that_cannot_be_read_leaves_the_question_open() {
    let mut app = creating(vec![group("a")]);
    app.server
        .once(Operation::CreateGroup, Manner::ApplyThenCut);
    app.answer(Operation::CreateGroup);
    app.server
        .always(Operation::GroupDetails, Manner::Fail(gone()));
    app.answer_all();
    app.calm();
    assert_eq!(app.notice().0, Level::Warning);
    assert!(app.says("may have been created"), "{:?}", app.toasts());
    assert!(!app.model.is_changing());
}

#[test]
fn a_candidate_that_vanishes_does_not_keep_the_search_open_for_ever() {
    let mut app = creating(vec![group("a")]);
    app.server
        .once(Operation::CreateGroup, Manner::ApplyThenCut);
    app.answer(Operation::CreateGroup);
    app.answer(Operation::ListGroups);
    app.server.groups.pop();
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer(Operation::ListGroups);
    app.answer_all();
    app.calm();
    assert!(!app.model.is_changing());
}

#[test]
fn a_list_that_cannot_be_read_leaves_the_question_open() {
    let mut app = creating(vec![group("a")]);
    app.server
        .once(Operation::CreateGroup, Manner::ApplyThenCut);
    app.server
        .always(Operation::ListGroups, Manner::Fail(broken()));
    app.calm();
    assert!(app.says("may have been created"));
    assert!(app.model.dialog.is_none() && !app.model.is_changing());
    assert_eq!(creations(&app), 1);
}

#[test]
fn without_a_list_from_before_no_group_is_taken_for_the_new_one() {
    let mut app = Probe::new(session(), [group("b").subject("Turma")]);
    app.server.once(Operation::ListGroups, Manner::Fail(gone()));
    app.send(Msg::Started);
    app.calm();
    app.server.once(Operation::CreateGroup, Manner::Fail(cut()));
    app.press("n");
    app.type_text("Turma");
    app.press("enter");
    app.calm();
    assert!(!app.says("Created"), "the old namesake is not adopted");
    assert!(app.says("may have been created"));
}

#[test]
fn a_list_that_left_before_the_creation_does_not_take_the_new_group_away() {
    let mut app = Probe::with([group("a")]);
    app.press("R");
    let (early, call) = app
        .open
        .iter()
        .find(|(_, call)| *call == Call::Index)
        .cloned()
        .unwrap();
    let before = app.server.answer(&call).unwrap();
    app.press("n");
    app.type_text("Turma");
    app.press("enter");
    app.answer(Operation::CreateGroup);
    app.settled(early, &call, before);
    assert_eq!(app.model.group().unwrap().id.as_str(), "new-1");
    app.answer_all();
    assert_eq!(app.model.groups.count(), 2);
    assert!(!app.says("No longer in your list"));
}

#[test]
fn leaving_is_verified_by_the_list() {
    let mut app = Probe::with([group("a").subject("Alfa"), group("b").subject("Beta")]);
    app.press("d");
    app.type_text("Alfa");
    app.play("enter");
    assert_eq!(
        app.operations(),
        [Operation::LeaveGroup, Operation::ListGroups]
    );
    assert!(app.says("You left Alfa"));
    assert!(!app.says("No longer in your list"), "that is no news");
    assert_eq!(app.names(), ["Beta"]);
}

#[test]
fn leaving_that_the_list_does_not_show_is_not_confirmed() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.press("d");
    app.type_text("Alfa");
    app.press("enter");
    let (ticket, call) = app.open[0].clone();
    let id = GroupId::new("a").unwrap();
    app.settled(ticket, &call, crate::app::Reply::Changed(id, Ok(())));
    app.answer_all();
    assert_eq!(app.notice().0, Level::Warning);
    assert!(app.says("not confirmed"));
}

#[test]
fn leaving_without_an_answer_is_looked_up_and_never_sent_again() {
    for manner in [
        Manner::ApplyThenCut,
        Manner::Fail(silence()),
        Manner::Fail(broken()),
    ] {
        let mut app = Probe::with([group("a").subject("Alfa")]);
        let applied = matches!(manner, Manner::ApplyThenCut);
        app.server.once(Operation::LeaveGroup, manner);
        app.press("d");
        app.type_text("Alfa");
        app.play("enter");
        app.calm();
        assert_eq!(
            app.operations(),
            [Operation::LeaveGroup, Operation::ListGroups]
        );
        if applied {
            assert!(app.toasts().is_empty() && app.names().is_empty());
        } else {
            assert!(app.says("not confirmed"));
        }
    }
}

#[test]
fn leaving_several_groups_goes_on_after_a_refusal_and_names_it() {
    let groups = [
        group("a").subject("Alfa"),
        group("b").subject("Beta"),
        group("c").subject("Gama"),
    ];
    let mut app = Probe::with(groups);
    let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    app.server
        .once(Operation::LeaveGroup, Manner::Fail(forbidden));
    app.play("A d");
    app.type_text("leave 3");
    app.play("enter");
    assert_eq!(app.changes().len(), 3);
    assert!(app.says("Left 2 of 3 groups") && app.says("Alfa  refused"));
    assert_eq!(app.names(), ["Alfa"]);
}

#[test]
fn leaving_stops_where_the_network_stops() {
    let mut app = Probe::with([group("a"), group("b"), group("c")]);
    app.server
        .once(Operation::LeaveGroup, Manner::Fail(silence()));
    app.play("A d");
    app.type_text("leave 3");
    app.play("enter");
    assert_eq!(app.changes().len(), 1);
    assert!(app.says("Left 0 of 3 groups") && app.says("not sent"));
}

#[test]
fn a_group_taken_away_while_a_change_is_on_its_way_is_said_to_be_uncertain() {
    let mut app = Probe::with([group("a").subject("Alfa").people(0..5), group("b")]);
    app.press_all("2 G + enter");
    app.server.groups.remove(0);
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer(Operation::ListGroups);
    assert!(app.says("No longer in your list: Alfa"));
    assert!(
        app.says("a change to it was on its way"),
        "{:?}",
        app.toasts()
    );
    app.answer_all();
    assert!(!app.model.is_changing());
}

#[test]
fn trying_to_leave_again_from_activity_is_about_that_group_and_not_about_marks() {
    let mut app = Probe::with([group("a").subject("Alfa"), group("b").subject("Beta")]);
    let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    app.server
        .once(Operation::LeaveGroup, Manner::Fail(forbidden));
    app.press("d");
    app.type_text("Alfa");
    app.play("enter esc j space 6");
    app.in_activity(|call| matches!(call, Call::Leave(_)));
    app.play("r");
    assert_eq!(app.confirm().word.as_ref().unwrap().expected, "Alfa");
    app.type_text("Alfa");
    app.play("enter");
    assert_eq!(app.names(), ["Beta"]);
    assert_eq!(app.model.list.rows.marks().len(), 1, "Beta is still marked");
}

#[test]
fn trying_again_from_activity_takes_up_only_what_is_not_done() {
    let mut app = Probe::with([group("a").subject("Alfa").people(0..5)]);
    app.server
        .once(Operation::AddAdmins, Manner::Fail(silence()));
    app.play("2 G space k space + right enter");
    app.server.groups[0].admins.push(wa(4));
    app.play("r 6");
    app.in_activity(|call| matches!(call, Call::Members(..)));
    app.play("r");
    let marks: Vec<_> = app.people().rows.marks().iter().cloned().collect();
    assert_eq!(marks, [wa(3)]);
}

//! A token that is refused in the middle of work: everything stops, is asked once, and goes on.

use super::first_run::{connect, fill_in};
use super::*;
use crate::app::dialog::{Dialog, FormState};
use crate::app::line::Line;
use crate::app::msg::Msg;
use crate::app::probe::server::refused_token;
use crate::keymap::Action;

/// The token is refused for everything from now on, and somebody finds out.
fn signed_out(app: &mut Probe) {
    app.server.refuse_all(&refused_token());
    app.send(Msg::Asked(Action::Refresh));
    app.answer_all();
    assert_eq!(app.model.line, Line::SignedOut);
}

fn reconnect(app: &mut Probe) {
    app.server.behave();
    app.type_text("new-token");
    app.play("enter");
}

#[test]
fn a_test_left_with_esc_in_the_dashboard_does_not_answer_the_next_one() {
    let mut app = Probe::with([group("a")]);
    signed_out(&mut app);
    app.server.behave();
    app.type_text("first");
    app.press("enter");
    let (ticket, call) = app.open.last().cloned().unwrap();
    app.press_all("esc esc r");
    app.type_text("second");
    app.settled(ticket, &call, crate::app::Reply::Tested(Ok(1)));
    assert_eq!(connect(&app).fields[1].text(), "second");
    assert!(app.other.is_empty());
}

#[test]
fn a_refused_token_stops_every_call_and_asks_once() {
    let mut app = Probe::with((0..40).map(|n| group(&format!("g{n}"))));
    app.server.refuse_all(&refused_token());
    app.press("R");
    let open = app.open.len();
    assert!(open > 1);
    let (ticket, call) = app.open[0].clone();
    let reply = app.server.answer(&call).unwrap();
    app.settled(ticket, &call, reply);
    assert!(app.open.is_empty(), "the others are cancelled");
    assert_eq!(connect(&app).fields[0].text(), "ana@example.org");
    app.count_from_here();
    app.press("esc");
    app.press_all("j r j R 2 y 3 r 1");
    app.wait(100_000);
    assert!(app.calls.is_empty(), "{:?}", app.calls);
    assert_eq!(app.names().len(), 40, "what was loaded stays");
}

#[test]
fn the_form_can_be_opened_again_after_it_was_left() {
    for key in ["enter", "r", "R"] {
        let mut app = Probe::with([group("a")]);
        signed_out(&mut app);
        app.press_all("esc esc");
        assert!(app.model.dialog.is_none());
        app.press(key);
        reconnect(&mut app);
        assert_eq!(app.model.line, Line::Online, "{key}");
        assert!(!app.says("not accepted"));
    }
}

#[test]
fn a_half_typed_form_waits_behind_it() {
    let mut app = Probe::with([group("a")]);
    app.press("n");
    app.type_text("Turma da pr");
    signed_out(&mut app);
    assert!(matches!(app.model.dialog, Some(Dialog::Connect(_))));
    reconnect(&mut app);
    assert_eq!(app.form().input.text(), "Turma da pr");
    app.type_text("aia");
    app.play("enter");
    assert_eq!(app.server.groups.last().unwrap().subject, "Turma da praia");
}

#[test]
fn a_form_that_was_being_sent_is_not_locked_when_it_comes_back() {
    for open in ["n", "e"] {
        let mut app = Probe::with([group("a")]);
        app.press("r");
        app.press(open);
        app.type_text("Turma");
        app.press("enter");
        app.fail(Operation::ListGroups, &refused_token());
        app.server.refuse_all(&refused_token());
        app.answer_all();
        reconnect(&mut app);
        assert!(matches!(app.form().state, FormState::Refused(_)), "{open}");
        assert_eq!(app.form().input.text(), "Turma");
        app.play("enter");
        assert!(app.model.dialog.is_none(), "{open}");
    }
}

#[test]
fn a_form_that_succeeded_meanwhile_does_not_come_back() {
    for open in ["n", "e"] {
        let mut app = Probe::with([group("a")]);
        app.press("r");
        app.press(open);
        app.type_text("Turma");
        app.press("enter");
        app.fail(Operation::ListGroups, &refused_token());
        app.answer_all();
        reconnect(&mut app);
        assert!(app.model.dialog.is_none(), "{open}");
        assert!(app.says("Turma"));
    }
}

#[test]
fn nothing_is_sent_while_signed_out_whatever_is_confirmed() {
    let mut app = Probe::with([group("a").subject("Corrida").people(0..9).admins([0])]);
    app.play("3");
    signed_out(&mut app);
    app.press_all("esc esc 1");
    app.count_from_here();
    app.press("n");
    app.type_text("Turma");
    app.press_all("enter esc esc e");
    app.type_text("Beta");
    app.press_all("enter esc esc esc 2 G + enter d right enter esc 3 d right enter 1 d");
    app.type_text("Corrida");
    app.press("enter");
    app.wait(10_000);
    assert!(app.calls.is_empty(), "{:?}", app.calls);
}

#[test]
fn a_form_sent_while_signed_out_asks_for_the_account_and_comes_back() {
    let mut app = Probe::with([group("a")]);
    signed_out(&mut app);
    app.press_all("esc esc n");
    app.type_text("Turma");
    app.press("enter");
    reconnect(&mut app);
    assert_eq!(app.form().input.text(), "Turma");
    assert_eq!(app.form().state, FormState::Open);
    app.play("enter");
    assert_eq!(app.server.groups.len(), 2);
}

#[test]
fn a_change_that_waited_its_turn_is_not_sent_after_the_refusal() {
    let mut app = Probe::in_members();
    app.press_all("G + enter k + enter");
    app.server.refuse_all(&refused_token());
    app.answer(Operation::AddAdmins);
    app.answer_all();
    assert_eq!(app.changes().len(), 1);
    assert!(
        app.says("1 change to Corrida was waiting"),
        "{:?}",
        app.toasts()
    );
    reconnect(&mut app);
    app.calm();
    assert_eq!(
        app.changes().len(),
        1,
        "what was asked before is not sent long after"
    );
    assert!(!app.model.is_changing());
}

#[test]
fn groups_that_wait_to_be_left_are_not_left_after_the_refusal() {
    let mut app = Probe::with([group("a"), group("b"), group("c")]);
    app.press_all("r A d");
    app.type_text("leave 3");
    app.press("enter");
    app.fail(Operation::ListGroups, &refused_token());
    app.answer(Operation::LeaveGroup);
    assert_eq!(app.changes().len(), 1);
    reconnect(&mut app);
    app.calm();
    assert_eq!(app.changes().len(), 1);
    assert!(app.says("Left 1 of 3 groups"), "{:?}", app.toasts());
}

#[test]
fn what_was_sent_before_the_refusal_is_verified_after_reconnecting() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    app.answer(Operation::AddAdmins);
    app.fail(Operation::GroupDetails, &refused_token());
    assert!(app.model.is_changing(), "not decided yet");
    reconnect(&mut app);
    assert!(app.says("+55 19 90000-0009 promoted"), "{:?}", app.toasts());
    assert!(!app.model.is_changing());
}

#[test]
fn a_link_that_was_reset_and_a_group_that_was_left_are_verified_after_reconnecting_too() {
    let mut app = Probe::with([group("a"), group("b").subject("Beta")]);
    app.play("3");
    app.press_all("d right enter");
    app.answer(Operation::ResetInvite);
    app.fail(Operation::GetInvite, &refused_token());
    reconnect(&mut app);
    assert!(app.says("Invite link of a reset"), "{:?}", app.toasts());

    app.press_all("esc esc 1 j d");
    app.type_text("Beta");
    app.press("enter");
    app.answer(Operation::LeaveGroup);
    app.fail(Operation::ListGroups, &refused_token());
    reconnect(&mut app);
    assert!(app.says("You left Beta"), "{:?}", app.toasts());
}

#[test]
fn a_creation_is_searched_for_after_reconnecting() {
    let mut app = Probe::with([group("a")]);
    app.server
        .once(Operation::CreateGroup, Manner::ApplyThenCut);
    app.press("n");
    app.type_text("Turma");
    app.press("enter");
    app.answer(Operation::CreateGroup);
    app.answer(Operation::ListGroups);
    app.fail(Operation::GroupDetails, &refused_token());
    reconnect(&mut app);
    app.calm();
    assert_eq!(app.model.group().unwrap().name(), "Turma");
    assert!(!app.model.is_changing() && app.model.dialog.is_none());
}

#[test]
fn a_reply_that_still_arrives_does_not_disturb_the_test_of_the_new_token() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    app.send(Msg::Asked(Action::Refresh));
    app.fail(Operation::GroupDetails, &refused_token());
    app.type_text("new-token");
    app.press("enter");
    app.answer(Operation::AddAdmins);
    assert_eq!(connect(&app).state, FormState::Sending);
    assert_eq!(app.open.len(), 1, "the test goes on");
    app.answer_all();
    assert_eq!(app.model.line, Line::Online);
    assert!(app.says("promoted"));
}

#[test]
fn after_reconnecting_everything_is_loaded_even_what_was_waiting_for_another_try() {
    let mut app = Probe::new(session(), (0..20).map(|n| group(&format!("g{n:02}"))));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.fail(Operation::GroupDetails, &server::broken());
    app.fail(Operation::GroupDetails, &refused_token());
    reconnect(&mut app);
    app.calm();
    assert_eq!(app.model.groups.named(), 20);
}

#[test]
fn another_account_starts_from_nothing() {
    let mut app = Probe::with([group("a").subject("Alfa"), group("b"), group("c")]);
    app.press_all("A e");
    signed_out(&mut app);
    app.press_all("esc esc G r");
    app.press_all("shift-tab ctrl-u");
    app.server.behave();
    app.server.groups = vec![group("z")];
    fill_in(&mut app, "bia@example.org", "token");
    app.play("enter");
    app.calm();
    assert_eq!(app.names(), ["z"]);
    assert!(app.model.dialog.is_none() && app.model.list.rows.marks().is_empty());
}

#[test]
fn a_question_that_comes_back_has_its_focus_on_cancel() {
    let mut app = Probe::in_members();
    app.press_all("r G d right");
    app.fail(Operation::GroupDetails, &refused_token());
    reconnect(&mut app);
    app.press("enter");
    assert!(
        app.changes().is_empty(),
        "an enter too many answers nothing"
    );
}

#[test]
fn a_token_is_taken_wherever_the_focus_is() {
    let mut app = Probe::with([group("a")]);
    signed_out(&mut app);
    app.press("tab");
    app.type_text("typed");
    app.press_all("tab tab");
    app.send(Msg::Pasted("-pasted".to_owned()));
    assert_eq!(connect(&app).fields[1].text(), "typed-pasted");
}

#[test]
fn refreshing_everything_asks_for_the_list_before_it_asks_for_every_group() {
    let mut app = Probe::with((0..40).map(|n| group(&format!("g{n}"))));
    app.press("R");
    assert!(
        app.open.len() <= 2,
        "the list and the chosen group: {:?}",
        app.open
    );
    app.answer_all();
    assert!(app.calls.len() > 40, "then all of them");
}

#[test]
fn a_link_that_would_have_to_be_fetched_opens_the_form_when_signed_out() {
    for keys in ["y", "3 y", "3 Y", "Y 1", "Y 2"] {
        let mut app = Probe::with([group("a")]);
        signed_out(&mut app);
        app.press_all("esc esc");
        app.count_from_here();
        app.press_all(keys);
        assert!(
            matches!(app.model.dialog, Some(Dialog::Connect(_))),
            "{keys}: {:?}",
            app.model.dialog
        );
        reconnect(&mut app);
        app.calm();
        assert!(app.clips.is_empty(), "{keys}: it is asked for again");
    }
}

#[test]
fn a_link_that_is_known_is_copied_when_signed_out() {
    let mut app = Probe::with([group("a")]);
    app.play("y");
    signed_out(&mut app);
    app.press_all("esc esc");
    app.wait(400_000);
    app.count_from_here();
    app.press("y");
    assert!(app.model.dialog.is_none());
    assert_eq!(app.clip(), "https://chat.whatsapp.com/a1");
}

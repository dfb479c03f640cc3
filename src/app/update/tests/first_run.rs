//! The first run: the demo, and an account that is tested before it is kept.

use super::*;
use crate::app::Effect;
use crate::app::dialog::{ConnectForm, Dialog, FormState, Keep};
use crate::app::effect::Exit;
use crate::app::line::Line;
use crate::app::model::{Stage, Welcome, WelcomePage};
use crate::app::msg::Msg;
use crate::app::probe::server::{no_network, refused_token};

fn first_run() -> Probe {
    let mut session = session();
    session.account = None;
    let mut app = Probe::new(session, [group("a"), group("b")]);
    app.send(Msg::Started);
    app
}

pub(super) fn connect(app: &Probe) -> &ConnectForm {
    match &app.model.dialog {
        Some(Dialog::Connect(form)) => form,
        other => panic!("no form for credentials, but {other:?}"),
    }
}

pub(super) fn fill_in(app: &mut Probe, user: &str, token: &str) {
    app.type_text(user);
    app.press("tab");
    app.type_text(token);
}

#[test]
fn every_warning_about_the_configuration_is_seen() {
    let mut session = session();
    session.warnings = ["one", "two", "three", "four"].map(str::to_owned).to_vec();
    let mut app = Probe::new(session, [group("a")]);
    app.send(Msg::Started);
    for warning in ["one", "two", "three", "four"] {
        assert!(app.says(warning), "{warning}");
    }
}

#[test]
fn the_demo_is_one_enter_away_and_nothing_is_sent() {
    let mut app = first_run();
    app.press("enter");
    assert_eq!(app.exit, Some(Exit::Demo));
    assert!(app.calls.is_empty());
}

#[test]
fn two_connects_and_success_saves_and_loads() {
    let mut app = first_run();
    app.press("2");
    fill_in(&mut app, "ana@example.org", "secret");
    assert!(app.calls.is_empty());
    app.press("enter");
    assert_eq!(app.operations(), [Operation::ListGroups]);
    assert!(
        app.other.is_empty(),
        "nothing is saved before it was tested"
    );
    app.answer_all();
    assert!(matches!(app.other[0], Effect::UseAccount(_)));
    assert!(matches!(app.other[1], Effect::SaveAccount(_)));
    assert!(matches!(app.model.stage, Stage::Dashboard) && app.model.dialog.is_none());
    app.calm();
    assert_eq!(app.names(), ["a", "b"]);
}

#[test]
fn keeping_it_in_memory_saves_nothing() {
    let mut app = first_run();
    app.press("2");
    fill_in(&mut app, "ana", "secret");
    app.press_all("tab space");
    assert_eq!(connect(&app).keep, Keep::Memory);
    app.play("enter");
    assert!(matches!(app.other.as_slice(), [Effect::UseAccount(_)]));
}

#[test]
fn q36_a_wrong_token_keeps_what_was_typed_and_saves_nothing() {
    let mut app = first_run();
    app.server.refuse_all(&refused_token());
    app.press("2");
    fill_in(&mut app, "ana@example.org", "wrong");
    app.play("enter");
    assert_eq!(connect(&app).state, FormState::Refused(refused_token()));
    assert_eq!(connect(&app).fields[0].text(), "ana@example.org");
    assert_eq!(connect(&app).fields[1].text(), "wrong");
    assert!(app.other.is_empty() && matches!(app.model.stage, Stage::Welcome(_)));
    app.server.behave();
    app.type_text("x");
    app.play("enter");
    assert!(app.model.dialog.is_none(), "and can be mended");
}

#[test]
fn an_empty_token_is_said_without_a_call() {
    let mut app = first_run();
    app.press("2");
    fill_in(&mut app, "ana", "");
    app.press("enter");
    assert!(app.calls.is_empty());
    assert!(
        connect(&app)
            .error
            .as_ref()
            .unwrap()
            .contains("token is empty")
    );
}

#[test]
fn a_pasted_token_is_taken_without_its_line_break_and_is_not_submitted() {
    let mut app = first_run();
    app.press("2");
    fill_in(&mut app, "ana", "");
    app.paste("secret\n");
    assert!(app.calls.is_empty());
    app.wait(400);
    app.press("enter");
    let [Call::TestAccount(account)] = app.calls.as_slice() else {
        panic!()
    };
    assert_eq!(account.token.expose(), "secret");
}

#[test]
fn the_first_run_is_walked_with_arrows_and_esc_never_quits() {
    let mut app = first_run();
    app.press_all("j j enter");
    let page = |app: &Probe| match app.model.stage {
        Stage::Welcome(Welcome { page, .. }) => page,
        Stage::Dashboard => panic!(),
    };
    assert_eq!(page(&app), WelcomePage::ReadFirst);
    app.press_all("esc esc esc");
    assert_eq!((page(&app), app.exit), (WelcomePage::Choice, None));
    app.press("q");
    assert_eq!(app.exit, Some(Exit::Quit));
}

#[test]
fn a_test_that_was_left_with_esc_keeps_nothing_and_does_not_disturb_the_next() {
    let mut app = first_run();
    app.press("2");
    fill_in(&mut app, "ana", "first");
    app.press("enter");
    let (ticket, call) = app.open[0].clone();
    app.press("esc");
    assert_eq!(app.cancelled.len(), 1, "nobody waits for it any more");
    app.press("2");
    fill_in(&mut app, "ana", "second");
    app.press("enter");
    app.settled(ticket, &call, crate::app::Reply::Tested(Ok(1)));
    assert_eq!(
        connect(&app).state,
        FormState::Sending,
        "the second test is still under way"
    );
    assert!(app.other.is_empty());
}

#[test]
fn a_network_that_is_down_is_no_wrong_token() {
    let mut app = first_run();
    app.server.refuse_all(&no_network());
    app.press("2");
    fill_in(&mut app, "ana", "secret");
    app.play("enter");
    assert_eq!(connect(&app).state, FormState::Refused(no_network()));
    assert_eq!(
        app.model.line,
        Line::Online,
        "that says nothing about our own line"
    );
}

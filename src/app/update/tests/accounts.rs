//! Going from one account to another, and adding one.

use super::first_run::{connect, fill_in};
use super::*;
use crate::app::accounts::Goal;
use crate::app::dialog::{Dialog, FormState, Keep, Purpose};
use crate::app::effect::Exit;
use crate::app::msg::Msg;
use crate::app::probe::server::refused_token;
use crate::keymap::Action;

fn profile(name: &str) -> Goal {
    Goal::Profile(name.into())
}

/// Chooses a row of the list of accounts.
fn choose(app: &mut Probe, row: &str) {
    app.send(Msg::Asked(Action::SwitchProfile));
    app.press(row);
}

fn open(app: &mut Probe, goal: Goal) {
    app.send(Msg::Opened(goal, Ok(())));
}

#[test]
fn the_accounts_are_listed_with_the_present_one_chosen() {
    let mut app = Probe::in_members();
    app.send(Msg::Asked(Action::SwitchProfile));
    let Some(Dialog::Menu(menu)) = &app.model.dialog else {
        panic!("{:?}", app.model.dialog)
    };
    let labels: Vec<&str> = menu.choices.iter().map(|(_, label)| label.trim()).collect();
    assert_eq!(labels, ["home", "● work", "the demo", "new account…"]);
    assert_eq!(menu.row, 1);
    app.press("enter");
    assert!(app.other.is_empty() && app.exit.is_none(), "we are there");
}

#[test]
fn an_account_is_left_once_the_other_one_is_open() {
    let mut app = Probe::in_members();
    choose(&mut app, "1");
    assert_eq!(app.other, [Effect::Open(profile("home"))]);
    assert_eq!(app.exit, None, "this one is still there");
    open(&mut app, profile("home"));
    assert_eq!(app.exit, Some(Exit::GoTo));
}

#[test]
fn an_account_that_cannot_be_opened_is_told_and_nothing_is_left() {
    let mut app = Probe::in_members();
    choose(&mut app, "1");
    let why = "config.toml:3:1 cannot be used".to_owned();
    app.send(Msg::Opened(profile("home"), Err(why)));
    assert!(app.says("home was not opened") && app.says("config.toml:3:1 cannot be used"));
    assert!(app.says("You are still in work."));
    assert!(app.exit.is_none() && app.model.dialog.is_none());
}

#[test]
fn a_change_on_its_way_and_a_message_about_to_leave_are_asked_about_first() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    choose(&mut app, "3");
    open(&mut app, Goal::Demo);
    assert_eq!(
        (app.confirm().title.as_str(), app.exit),
        ("Go to the demo", None)
    );
    app.press("enter");
    assert!(app.exit.is_none() && app.model.dialog.is_none(), "Cancel");
    choose(&mut app, "3");
    open(&mut app, Goal::Demo);
    app.press_all("right enter");
    assert_eq!(app.exit, Some(Exit::GoTo));

    let mut app = Probe::in_members();
    app.press("m");
    app.type_text("See you");
    app.press("enter");
    choose(&mut app, "1");
    open(&mut app, profile("home"));
    assert!(app.confirm().lines[0].contains("goes back into its draft"));
    app.wait(10_000);
    assert!(app.changes().is_empty(), "it waits for the answer");
    app.press_all("right enter");
    assert_eq!(app.exit, Some(Exit::GoTo));
    assert!(app.drafts.values().any(|text| text == "See you"));
}

#[test]
fn what_was_begun_meanwhile_is_not_taken_away() {
    let mut app = Probe::with([group("a")]);
    choose(&mut app, "1");
    app.press("n");
    open(&mut app, profile("home"));
    assert!(app.exit.is_none() && matches!(app.model.dialog, Some(Dialog::Create(_))));
    assert!(app.says("home is ready: choose it again"));
}

#[test]
fn of_two_that_were_chosen_the_last_one_counts() {
    let mut app = Probe::in_members();
    choose(&mut app, "1");
    choose(&mut app, "3");
    open(&mut app, profile("home"));
    assert_eq!(app.exit, None);
    open(&mut app, Goal::Demo);
    assert_eq!(app.exit, Some(Exit::GoTo));
}

#[test]
fn where_the_environment_decides_the_reason_is_said() {
    let mut app = Probe::in_members();
    app.model.session.accounts.fixed = Some("`WAVEDECK_USER_NAME` is set".into());
    app.send(Msg::Asked(Action::SwitchProfile));
    assert!(app.model.dialog.is_none());
    assert!(app.says("`WAVEDECK_USER_NAME` is set"));
}

#[test]
fn what_has_no_key_is_run_from_the_help() {
    let mut app = Probe::in_members();
    app.press("?");
    app.type_text("another account");
    app.press("enter");
    assert!(matches!(&app.model.dialog, Some(Dialog::Menu(menu)) if menu.title == "Accounts"));
}

#[test]
fn a_new_account_is_tested_while_the_old_one_stays() {
    let mut app = Probe::in_members();
    choose(&mut app, "4");
    assert_eq!(connect(&app).purpose, Purpose::Add);
    fill_in(&mut app, "rui@example.org", "wrong");
    app.server.refuse_all(&refused_token());
    app.play("enter");
    assert_eq!(connect(&app).state, FormState::Refused(refused_token()));
    assert_eq!(connect(&app).fields[0].text(), "rui@example.org");
    app.server.behave();
    app.type_text("x");
    app.play("enter");
    let [Effect::Open(goal @ Goal::New(account, Keep::Saved))] = app.other.as_slice() else {
        panic!("{:?}", app.other)
    };
    assert_eq!(account.user_name, "rui@example.org");
    let goal = goal.clone();
    app.send(Msg::Opened(goal.clone(), Err("the disk is full".into())));
    assert_eq!(connect(&app).error.as_deref(), Some("the disk is full"));
    app.play("enter");
    open(&mut app, goal);
    assert_eq!(app.exit, Some(Exit::GoTo));
    assert_eq!(
        app.model.session.account.as_ref().unwrap().user_name,
        "ana@example.org",
        "the old one was in use until then"
    );
}

#[test]
fn a_new_account_that_was_left_with_esc_is_not_gone_to() {
    let mut app = Probe::in_members();
    choose(&mut app, "4");
    fill_in(&mut app, "rui@example.org", "right");
    app.play("enter");
    let goal = app.model.moving.clone().unwrap();
    app.press("esc");
    open(&mut app, goal);
    assert!(app.exit.is_none() && app.model.dialog.is_none());
}

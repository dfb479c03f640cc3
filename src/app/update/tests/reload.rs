//! The configuration is read again while the dashboard runs.

use std::time::Duration;

use super::*;
use crate::app::accounts::Goal;
use crate::app::dialog::Dialog;
use crate::app::msg::Msg;
use crate::app::pointer::Mouse;
use crate::app::session::Preferences;
use crate::app::toasts::Level;
use crate::domain::Masking;
use crate::keymap::{Action, Keymap};

fn preferences() -> Preferences {
    Preferences {
        confirm_send_over: 2,
        send_delay: Duration::from_secs(9),
        masking: Masking::Masked,
        keys: Keymap::default(),
        mouse: Some(Mouse::Free),
        badge: Some("PROD".into()),
        profiles: vec!["home".into(), "new".into()],
        changed: vec!["mask_numbers".into(), "send_delay_secs".into()],
        later: vec![],
        warnings: vec![],
    }
}

fn reread(app: &mut Probe, read: Result<Preferences, &str>) {
    let read = read.map(Box::new).map_err(str::to_owned);
    app.send(Msg::Reread(read));
}

#[test]
fn q27_what_may_change_is_in_use_at_once_and_told() {
    let mut app = Probe::in_members();
    reread(&mut app, Ok(preferences()));
    let session = &app.model.session;
    assert_eq!(session.masking, Masking::Masked);
    assert_eq!(app.model.numbers, Masking::Masked);
    assert_eq!(session.mouse, Mouse::Free);
    assert!(app.other.contains(&Effect::SetMouse(Mouse::Free)));
    assert_eq!(session.badge.as_deref(), Some("PROD"));
    assert_eq!(session.send_delay, Duration::from_secs(9));
    assert_eq!(session.confirm_send_over, 2);
    assert_eq!(
        session.accounts.profiles,
        ["home", "new", "work"],
        "and the one in use"
    );
    assert!(app.says("Now in use: mask_numbers, send_delay_secs."));
    app.press("m");
    app.type_text("to ten people");
    app.press("enter");
    assert!(app.confirm().title.contains("10 people"));
}

#[test]
fn q27_a_broken_file_keeps_what_is_in_use_and_tells_the_line() {
    let mut app = Probe::in_members();
    reread(&mut app, Ok(preferences()));
    reread(&mut app, Err("config.toml:3:5: expected a value"));
    assert!(app.says("Configuration not read") && app.says("config.toml:3:5"));
    assert_eq!(app.model.session.confirm_send_over, 2);
    let stands = |app: &Probe| {
        app.model
            .toasts
            .iter()
            .any(|toast| toast.level == Level::Error)
    };
    app.wait(60_000);
    assert!(stands(&app), "until it is mended");
    reread(&mut app, Ok(preferences()));
    assert!(!stands(&app));
}

#[test]
fn q27_the_account_never_changes_under_a_running_dashboard() {
    let mut app = Probe::in_members();
    app.send(Msg::Asked(Action::SwitchProfile));
    app.press("4");
    let before = app.model.session.account.clone();
    let later = vec!["token".into(), "base_url".into()];
    reread(
        &mut app,
        Ok(Preferences {
            later,
            ..preferences()
        }),
    );
    assert_eq!(app.model.session.account, before);
    assert!(
        matches!(&app.model.dialog, Some(Dialog::Connect(_))),
        "nor the dialog"
    );
    assert!(app.says("Not in use before the next start: token, base_url."));
    assert_eq!(app.other, [Effect::SetMouse(Mouse::Free)]);
}

#[test]
fn it_is_read_again_when_the_user_asks_and_a_calm_answer_is_given() {
    let mut app = Probe::in_members();
    app.send(Msg::Asked(Action::ReloadConfig));
    assert_eq!(app.other, [Effect::ReadConfiguration]);
    let changed = vec![];
    reread(
        &mut app,
        Ok(Preferences {
            changed,
            ..preferences()
        }),
    );
    assert!(app.says("Nothing in use is different."));
}

#[test]
fn where_the_account_is_set_outside_no_profile_appears() {
    let mut app = Probe::in_members();
    app.model.session.accounts.fixed = Some("it is set".into());
    reread(&mut app, Ok(preferences()));
    assert_eq!(app.model.session.accounts.profiles, ["home", "work"]);
    assert_eq!(Goal::Profile("new".into()).name(), "new");
}

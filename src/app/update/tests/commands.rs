//! The commands, the menu of actions, one pane on the whole screen, and what a run may change.

use super::*;
use crate::app::dialog::{Commands, Dialog};
use crate::app::layout::{Extent, Size};
use crate::app::model::Pane;
use crate::app::msg::Msg;
use crate::app::update::{action_lines, command_lines};
use crate::domain::{Access, Masking};
use crate::keymap::{Action, Section};

fn app() -> Probe {
    let mut app = Probe::with([
        group("a")
            .subject("Corrida")
            .people(0..10)
            .admins([0, 1, 2]),
        group("b-1234").subject("Mães").people(0..4).admins([0]),
    ]);
    app.model.pasted_at = None;
    app
}

/// The commands with this typed.
fn typed(app: &mut Probe, text: &str) -> Vec<crate::app::dialog::CommandLine> {
    app.press(":");
    app.type_text(text);
    let Some(Dialog::Commands(commands)) = &app.model.dialog else {
        panic!("the commands are open: {:?}", app.model.dialog);
    };
    command_lines(&app.model, commands)
}

/// Every action but those that only walk through a list.
fn commands() -> impl Iterator<Item = Action> {
    let all = Action::ALL.iter().copied();
    all.filter(|action| action.section() != Section::Move)
}

const PANES: [&str; 7] = ["1", "2", "3", "4", "5", "6", "7"];

#[test]
fn q03_every_action_has_a_name_among_the_commands_of_every_pane() {
    for pane in PANES {
        let mut app = app();
        app.play(pane);
        let lines = typed(&mut app, "");
        for action in commands() {
            assert!(
                lines.iter().any(|line| line.action == action),
                "{pane}: {action:?}"
            );
        }
        assert_eq!(lines.len(), commands().count(), "{pane}: none twice");
    }
}

#[test]
fn q03_no_action_is_reachable_only_by_a_key() {
    for action in commands() {
        let mut by_title = app();
        let lines = typed(&mut by_title, action.title());
        assert!(
            lines.iter().any(|line| line.action == action),
            "{action:?} by its title"
        );
        if action == Action::HideNumbers {
            // Found by where it leads to.
            continue;
        }
        for name in [action.name().to_owned(), action.name().replace('-', " ")] {
            let mut by_name = app();
            let lines = typed(&mut by_name, &name);
            assert_eq!(lines[0].action, action, "{name}");
        }
    }
}

#[test]
fn q03_the_commands_of_the_design_are_found_as_they_are_written() {
    for (words, action) in [
        ("write", Action::Write),
        ("refresh", Action::Refresh),
        ("open", Action::Open),
        ("new group", Action::NewGroup),
        ("rename", Action::Rename),
        ("copy link", Action::CopyLink),
        ("reset link…", Action::ResetInvite),
        ("reset link", Action::ResetInvite),
        ("remove…", Action::Remove),
        ("promote", Action::Promote),
        ("demote", Action::Demote),
        ("leave…", Action::Leave),
        ("icon", Action::GoIcon),
        ("set icon", Action::SetIcon),
        ("remove icon…", Action::RemoveIcon),
        ("messages", Action::GoMessages),
        ("read-only on", Action::ReadOnlyOn),
        ("read-only off", Action::ReadOnlyOff),
        ("hide numbers", Action::HideNumbers),
        (":copy link", Action::CopyLink),
        ("RÉNAME", Action::Rename),
        ("rstlnk", Action::ResetInvite),
    ] {
        // With somebody chosen who can be demoted.
        let mut app = app();
        app.play("2 j 1");
        let lines = typed(&mut app, words);
        let first = lines.iter().find(|line| line.disabled.is_none());
        let off = action == Action::ReadOnlyOff || action == Action::Promote;
        let found = if off { lines.first() } else { first };
        let found = found.map(|line| line.action);
        let needs = matches!(action, Action::RemoveIcon | Action::ResetInvite);
        let listed = lines.iter().any(|line| line.action == action);
        assert!(
            found == Some(action) || needs && listed,
            "{words}: {lines:?}"
        );
    }
}

#[test]
fn q03_what_was_run_last_stands_first_in_this_run() {
    let mut app = app();
    assert_ne!(typed(&mut app, "")[0].action, Action::Sort);
    app.type_text("sort groups");
    app.press_all("enter esc");
    assert_eq!(typed(&mut app, "")[0].action, Action::Sort);
    app.type_text("go to activity");
    app.press("enter");
    assert_eq!(app.model.pane, Pane::Activity);
    let lines = typed(&mut app, "");
    assert_eq!(
        [lines[0].action, lines[1].action],
        [Action::GoActivity, Action::Sort]
    );
}

#[test]
fn q03_what_cannot_run_stands_behind_and_says_why() {
    let mut app = Probe::with([]);
    let lines = typed(&mut app, "");
    let first_off = lines.iter().position(|line| line.disabled.is_some());
    let (on, off) = lines.split_at(first_off.expect("something cannot run without a group"));
    assert!(on.iter().all(|line| line.disabled.is_none()));
    assert!(off.iter().all(|line| line.disabled.is_some()));
    let rename = off.iter().find(|line| line.action == Action::Rename);
    assert_eq!(
        rename.and_then(|line| line.disabled.as_deref()),
        Some("there is no group here")
    );
    app.type_text("rename group");
    app.press("enter");
    assert!(matches!(app.model.dialog, Some(Dialog::Commands(_))));
    assert!(app.says("There is no group here"));
}

#[test]
fn a_command_names_what_it_is_about() {
    let mut app = app();
    app.play("2 G k k space space space");
    let lines = typed(&mut app, "");
    let title = |action| {
        let line = lines.iter().find(|line| line.action == action);
        line.map(|line| line.title.as_str())
    };
    assert_eq!(title(Action::Remove), Some("Remove 3 marked members…"));
    assert_eq!(title(Action::Promote), Some("Promote 3 marked members"));
    app.press_all("esc esc esc");
    app.play("2");
    app.play("G");
    let lines = typed(&mut app, "remove +55");
    assert_eq!(lines[0].title, "Remove +55 19 90000-0009…");
}

#[test]
fn a_command_asks_whatever_its_key_asks_and_sends_nothing_by_itself() {
    for pane in PANES {
        for action in commands() {
            let mut app = app();
            app.play(pane);
            app.count_from_here();
            let title = typed(&mut app, action.title())
                .into_iter()
                .position(|line| line.action == action)
                .expect("listed");
            for _ in 0..title {
                app.press("down");
            }
            app.press("enter");
            app.answer_all();
            assert!(app.changes().is_empty(), "{pane}: {action:?}");
        }
    }
}

#[test]
fn a_command_of_another_pane_leads_there_first() {
    let mut app = app();
    app.play("6");
    typed(&mut app, "reset invite link");
    app.play("enter");
    assert_eq!(app.model.pane, Pane::Invite);
    assert_eq!(app.confirm().title, "Reset the invite link");
    app.press_all("enter");
    typed(&mut app, "leave group");
    app.play("enter");
    assert_eq!(app.model.pane, Pane::Groups);
    assert_eq!(app.confirm().title, "Leave this group");
}

#[test]
fn what_works_here_is_done_here() {
    let mut app = app();
    app.play("2");
    typed(&mut app, "rename");
    app.press("enter");
    assert_eq!(app.model.pane, Pane::Members);
    assert!(matches!(app.model.dialog, Some(Dialog::Rename(..))));
}

#[test]
fn a_paste_into_the_commands_runs_nothing() {
    let mut app = app();
    app.press(":");
    app.paste("leave group\n\n");
    app.press("enter");
    let Some(Dialog::Commands(Commands { input, .. })) = &app.model.dialog else {
        panic!("{:?}", app.model.dialog);
    };
    assert_eq!(input.text(), "leave group");
    app.wait(400);
    app.press("enter");
    assert_eq!(app.confirm().title, "Leave this group");
}

#[test]
fn ctrl_p_opens_the_commands_and_moves_in_them() {
    let mut app = app();
    app.press("ctrl-p");
    app.press_all("ctrl-n ctrl-n ctrl-p");
    let Some(Dialog::Commands(commands)) = &app.model.dialog else {
        panic!("{:?}", app.model.dialog);
    };
    assert_eq!(commands.row, 1);
    app.press("esc");
    assert!(app.model.dialog.is_none());
}

#[test]
fn read_only_can_be_switched_on_and_off_but_not_where_the_start_forbade_changes() {
    let mut app = app();
    typed(&mut app, "read-only on");
    app.press("enter");
    assert!(app.model.is_read_only());
    app.press("e");
    assert!(app.model.dialog.is_none() && app.says("This program runs read-only"));
    typed(&mut app, "read-only on");
    app.press("enter");
    assert!(app.model.is_read_only(), "typed twice it stays on");
    app.press("esc");
    app.press("esc");
    typed(&mut app, "read-only off");
    app.press("enter");
    assert!(!app.model.is_read_only());
    app.press("e");
    assert!(matches!(app.model.dialog, Some(Dialog::Rename(..))));

    let mut started = self::app();
    started.model.session.access = Access::ReadOnly;
    typed(&mut started, "read-only off");
    started.press("enter");
    assert!(started.model.is_read_only());
    assert!(started.says("The program was started read-only"));
}

#[test]
fn numbers_are_never_shown_by_who_types_hide() {
    let mut app = app();
    app.press("P");
    assert_eq!(app.model.numbers, Masking::Masked);
    let lines = typed(&mut app, "hide numbers");
    assert!(lines.iter().all(|line| line.action != Action::HideNumbers));
    app.press_all("esc esc");
    typed(&mut app, "show phone numbers");
    app.press("enter");
    assert_eq!(app.model.numbers, Masking::Shown);
}

// ---- the menu

#[test]
fn the_menu_has_every_action_of_the_pane_under_its_own_key() {
    for pane in PANES.into_iter().filter(|pane| *pane != "6") {
        let mut app = app();
        app.play(pane);
        let keys = app.model.session.keys.clone();
        let context = app.model.context();
        app.press("x");
        let lines = action_lines(&app.model);
        let closes = [
            Action::Actions,
            Action::Back,
            Action::Interrupt,
            Action::Quit,
        ];
        for (_, action) in keys.bindings(context) {
            let listed = lines.iter().filter(|(_, line)| line.action == action);
            let expected = action.section() != Section::Move && !closes.contains(&action);
            assert_eq!(listed.count(), usize::from(expected), "{pane}: {action:?}");
        }
    }
}

#[test]
fn a_key_in_the_menu_runs_its_action_and_arrows_and_enter_the_chosen_one() {
    let mut app = app();
    app.press_all("x d");
    assert_eq!(app.confirm().title, "Leave this group");
    app.press("esc");
    app.press("x");
    let lines = action_lines(&app.model);
    let row = lines
        .iter()
        .position(|(_, line)| line.action == Action::NewGroup);
    for _ in 0..row.unwrap() {
        app.press("j");
    }
    app.press("enter");
    assert!(matches!(app.model.dialog, Some(Dialog::Create(_))));
    app.press("esc");
    for close in ["esc", "q", "x"] {
        app.press_all("x j k G g");
        app.press(close);
        assert!(app.model.dialog.is_none() && app.exit.is_none(), "{close}");
    }
}

#[test]
fn what_cannot_run_in_the_menu_says_why_and_the_menu_stays() {
    let mut app = app();
    app.play("2 G x");
    app.press("-");
    assert!(matches!(app.model.dialog, Some(Dialog::Actions(_))));
    assert!(app.says("Not an admin"));
    assert!(app.changes().is_empty());
}

#[test]
fn in_activity_the_letter_of_the_menu_cancels_and_the_commands_have_the_menu() {
    let mut app = app();
    app.play("6");
    app.press("x");
    assert!(!matches!(app.model.dialog, Some(Dialog::Actions(_))));
    typed(&mut app, "all actions here");
    app.press("enter");
    assert!(matches!(app.model.dialog, Some(Dialog::Actions(_))));
}

// ---- copies

#[test]
fn names_go_into_a_csv_as_text_and_never_as_a_formula() {
    let mut app = app();
    app.model.contacts = [(0, "=1+1"), (1, "Carla, bloco \"B\"")]
        .into_iter()
        .map(|(n, name)| (wa(n), crate::domain::Clean::new(name)))
        .collect();
    app.play("2 g space space space Y 4");
    assert_eq!(
        app.clip(),
        "number,role,name\n\
         5519900000000,admin,'=1+1\n\
         5519900000001,admin,\"Carla, bloco \"\"B\"\"\"\n\
         5519900000002,admin,\n"
    );
}

// ---- one pane on the whole screen

#[test]
fn a_pane_takes_the_whole_screen_and_gives_it_back_with_esc_or_the_same_key() {
    for pane in ["1", "2", "4", "5", "6", "7"] {
        let mut app = app();
        app.play(pane);
        let here = app.model.pane;
        app.press_all("f");
        assert_eq!(app.model.extent, Extent::Whole, "{pane}");
        app.press("esc");
        assert_eq!((app.model.extent, app.model.pane), (Extent::Beside, here));
        app.press_all("f f");
        assert_eq!((app.model.extent, app.model.pane), (Extent::Beside, here));
    }
}

#[test]
fn a_narrow_window_and_invite_say_why_no_pane_gets_more() {
    let mut app = app();
    app.play("3");
    let lines = typed(&mut app, "full screen");
    assert_eq!(
        lines[0].disabled.as_deref(),
        Some("Invite has a bigger code instead")
    );
    app.press_all("esc esc 1");
    app.send(Msg::Resized(Size {
        width: 50,
        height: 16,
    }));
    app.press("f");
    assert_eq!(app.model.extent, Extent::Beside);
    assert!(app.says("This window shows one pane at a time"));
}

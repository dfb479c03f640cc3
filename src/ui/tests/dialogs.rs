//! Every dialog: questions of every gravity, forms, menus, the help and what is copied by hand.

use super::*;
use crate::app::probe::Manner;
use crate::app::probe::server::{failure, no_network, refused_token};
use crate::domain::{Access, FailureKind, Operation, Sent, TokenPlace};
use crate::keymap::{Action, Code, Key};

pub(super) const STATES: &[State] = &[
    ("line_promote", |size| after(size, "2 G +")),
    ("confirm_remove_one", |size| after(size, "2 G d")),
    ("confirm_remove_one_focused", |size| {
        after(size, "2 G d right")
    }),
    ("confirm_remove_three", remove_three),
    ("confirm_remove_three_typed", |size| {
        let mut app = remove_three(size);
        app.type_text("3");
        app
    }),
    ("confirm_remove_hidden", remove_hidden),
    ("confirm_remove_thirty", remove_thirty),
    ("confirm_remove_thirty_scrolled", |size| {
        let mut app = remove_thirty(size);
        app.press_all("down down down down down");
        app
    }),
    ("confirm_promote_two", |size| {
        after(size, "2 G space k space +")
    }),
    ("confirm_demote_oneself", |size| after(size, "2 g -")),
    ("confirm_reset", |size| after(size, "3 d")),
    ("confirm_leave", |size| after(size, "d")),
    ("confirm_leave_by_id", |size| after(size, "G d")),
    ("confirm_leave_three", |size| {
        after(size, "space space space d")
    }),
    ("confirm_quit", |size| {
        let mut app = after(size, "e");
        app.type_text("Corrida Sábado");
        app.press_all("enter esc q");
        app
    }),
    ("menu_copy_group", |size| after(size, "Y")),
    ("menu_copy_people", |size| after(size, "2 Y j")),
    ("menu_sort", |size| after(size, "s")),
    ("menu_save_code", |size| after(size, "3 s")),
    ("menu_accounts", accounts),
    ("help", |size| after(size, "?")),
    ("help_members", |size| after(size, "2 ?")),
    ("help_end", |size| {
        let mut app = after(size, "?");
        app.press_all("pgdn pgdn pgdn pgdn pgdn");
        app
    }),
    ("help_search", |size| help(size, "adm")),
    ("help_no_match", |size| help(size, "zzz")),
    ("commands", |size| after(size, "2 :")),
    ("commands_marked", |size| {
        let mut app = after(size, "2 G k k space space space :");
        app.type_text("re");
        app
    }),
    ("commands_disabled", |size| {
        let mut app = after(size, ":");
        app.type_text("read-only off");
        app
    }),
    ("commands_no_match", |size| {
        let mut app = after(size, ":");
        app.type_text("zzz");
        app
    }),
    ("actions", |size| after(size, "x")),
    ("actions_members", |size| after(size, "2 G x j j")),
    ("actions_disabled", |size| after(size, "5 x j")),
    ("by_hand", by_hand),
    ("by_hand_long", by_hand_long),
];

/// What stands in the rows of the help below its search, without its frame.
fn help_rows(buffer: &Buffer) -> Vec<String> {
    let rows = rows(buffer);
    let from = rows.iter().position(|row| row.concat().contains("Search"));
    let lines = rows.iter().skip(from.unwrap() + 2);
    lines
        .map(|row| row.concat())
        .take_while(|row| !row.contains('╰'))
        .collect()
}

#[test]
fn q02_the_help_shows_only_what_matches_in_name_description_or_key() {
    let app = help(BIG, "adm");
    let (buffer, _) = draw(&app.model, DARK);
    let lines = help_rows(&buffer).join("\n");
    assert!(lines.contains("promote to admin"), "{lines}");
    for absent in ["rename", "quit", "refresh"] {
        assert!(!lines.contains(absent), "{lines}");
    }
    let mut by_key = help(BIG, "ctrl+l");
    let (buffer, _) = draw(&by_key.model, DARK);
    assert!(help_rows(&buffer).join("").contains("redraw the screen"));
    by_key.press("enter");
    assert!(by_key.model.dialog.is_none() && !by_key.other.is_empty());
    let mut closed = help(BIG, "");
    closed.press("esc");
    assert!(closed.model.dialog.is_none());
}

#[test]
fn q02_the_chosen_line_of_the_help_is_in_view_at_every_height_and_a_grey_one_says_why() {
    for height in [24, 16, 10] {
        let mut app = after(size(80, height), "?");
        for _ in 0..90 {
            app.press("down");
            let (buffer, _) = draw(&app.model, DARK);
            let chosen = help_rows(&buffer)
                .iter()
                .filter(|row| row.contains('▌'))
                .count();
            assert_eq!(chosen, 1, "{height}: {}", text(&buffer));
        }
    }
    let app = help(USUAL, "undo the last");
    let (buffer, _) = draw(&app.model, DARK);
    assert!(text(&buffer).to_lowercase().contains("nothing to undo"));
}

pub(super) const FORMS: &[State] = &[
    ("form_new", |size| after(size, "n")),
    ("form_new_typed", |size| {
        new_group(size, "Corrida Sábado 6h30")
    }),
    ("form_new_nothing_typed", |size| after(size, "n enter")),
    ("form_new_near_the_limit", |size| {
        new_group(size, "Corrida Domingo 7h da ma")
    }),
    ("form_new_over_the_limit", |size| {
        new_group(size, "Corrida Domingo 7h da manhã")
    }),
    ("form_new_emoji", |size| {
        new_group(size, "🏃🏃🏃🏃🏃🏃🏃🏃🏃🏃🏃🏃🏃")
    }),
    ("form_new_tick", |size| {
        let mut app = new_group(size, "Corrida");
        app.press_all("tab space");
        app
    }),
    ("form_new_button", |size| {
        let mut app = new_group(size, "Corrida");
        app.press_all("tab tab tab");
        app
    }),
    ("form_new_sending", |size| {
        let mut app = new_group(size, "Corrida");
        app.press("enter");
        app.wait(300);
        app
    }),
    ("form_new_refused", refused),
    ("form_account_new", new_account),
    ("form_rename", |size| after(size, "e")),
    ("form_rename_typed", |size| {
        let mut app = after(size, "e");
        app.type_text("Corrida de Domingo");
        app
    }),
    ("form_connect", |size| connect(size, "", "")),
    ("form_connect_filled", |size| {
        connect(size, "ana@example.org", "0123456789abcdef")
    }),
    ("form_connect_shown", |size| {
        let mut app = connect(size, "ana@example.org", "0123456789abcdef");
        app.press("ctrl-r");
        app
    }),
    ("form_connect_choice", |size| {
        let mut app = connect(size, "ana@example.org", "0123456789abcdef");
        app.press_all("tab space");
        app
    }),
    ("form_connect_button", |size| {
        let mut app = connect(size, "ana@example.org", "0123456789abcdef");
        app.press_all("tab tab tab");
        app
    }),
    ("form_connect_no_token", |size| {
        let mut app = connect(size, "ana@example.org", "");
        app.press("enter");
        app
    }),
    ("form_connect_refused", |size| {
        let mut app = connect(size, "ana@example.org", "wrong");
        app.server.refuse_all(&refused_token());
        app.play("enter");
        app
    }),
    ("form_connect_offline", |size| {
        let mut app = connect(size, "ana@example.org", "0123456789abcdef");
        app.server.refuse_all(&no_network());
        app.play("enter");
        app
    }),
    ("form_connect_sending", |size| {
        let mut app = connect(size, "ana@example.org", "0123456789abcdef");
        app.press("enter");
        app
    }),
    ("form_connect_in_the_dashboard", |size| {
        let mut app = dashboard(size);
        app.server.refuse_all(&refused_token());
        app.play("r");
        app
    }),
];

#[test]
fn the_dialogs_look_so() {
    compare(STATES);
}

#[test]
fn the_forms_look_so() {
    compare(FORMS);
}

fn accounts(size: Size) -> Probe {
    let mut app = after(size, "");
    app.send(Msg::Asked(Action::SwitchProfile));
    app
}

fn new_account(size: Size) -> Probe {
    let mut app = accounts(size);
    app.press("4");
    app
}

fn remove_three(size: Size) -> Probe {
    after(size, "2 j j space space j j j space d")
}

fn remove_hidden(size: Size) -> Probe {
    let mut app = after(size, "2 j j space space /");
    app.type_text("0007");
    app.play("enter space d");
    app
}

fn remove_thirty(size: Size) -> Probe {
    let mut app = dashboard(size);
    // «Mães da Escola Aurora» has 32 members.
    app.play("G k k k k 2 j");
    assert_eq!(app.model.group().unwrap().roster().unwrap().count(), 32);
    app.press("v");
    app.press_all("G k v d");
    assert_eq!(app.confirm().people.len(), 30);
    app
}

fn help(size: Size, words: &str) -> Probe {
    let mut app = after(size, "?");
    app.type_text(words);
    app
}

fn by_hand(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.clipboard = Err("no clipboard was found".into());
    app.play("y");
    app
}

fn by_hand_long(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.clipboard = Err("no clipboard was found".into());
    app.play("2 A y");
    app
}

fn new_group(size: Size, subject: &str) -> Probe {
    let mut app = after(size, "n");
    app.type_text(subject);
    app
}

fn refused(size: Size) -> Probe {
    let mut app = new_group(size, "Corrida Sábado 6h30");
    let why = failure(FailureKind::CreateRefused, Some(400), Sent::Answered);
    app.server.once(Operation::CreateGroup, Manner::Fail(why));
    app.play("enter");
    app
}

fn connect(size: Size, user: &str, token: &str) -> Probe {
    let mut app = first_run::welcome(size);
    app.press("2");
    app.type_text(user);
    if !user.is_empty() {
        app.key(Key::plain(Code::Tab));
    }
    app.type_text(token);
    app
}

#[test]
fn a_text_to_be_copied_by_hand_is_not_cut() {
    let mut app = dashboard(BIG);
    app.send(Msg::Copied(
        crate::app::effect::Clip {
            text: format!("{}end", "x".repeat(600)),
            what: "Entry".into(),
        },
        Err("no clipboard was found".into()),
    ));
    let (buffer, _) = draw(&app.model, DARK);
    assert!(text(&buffer).contains("xend"), "{}", text(&buffer));
}

#[test]
fn q36_the_fields_are_called_as_the_provider_calls_them() {
    for size in SIZES {
        let text = text(&paint(&new_account(size).model, DARK).0);
        for label in ["User name", "Authentication token"] {
            assert!(text.contains(label), "{label} at {size:?}\n{text}");
        }
    }
}

#[test]
fn q29_who_one_is_and_what_is_special_about_it_stands_in_words() {
    let mut app = after(BIG, "");
    let session = &mut app.model.session;
    session.badge = Some("work".into());
    session.access = Access::ReadOnly;
    session.token_at = TokenPlace::File;
    let shown = |app: &Probe| text(&paint(&app.model, DARK).0);
    let text = shown(&app);
    assert!(text.contains("[work] [READ ONLY] [PLAIN FILE]"), "{text}");
    app.model.session.token_at = TokenPlace::Keyring;
    assert!(!shown(&app).contains("PLAIN FILE"));
}

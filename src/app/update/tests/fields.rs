//! Every text field of the program has the same editing keys, and a pasted line break submits none.

use super::*;
use crate::app::dialog::{Dialog, Focus};
use crate::keymap::{Code, Key};

/// How to come to each field, from Groups.
const FIELDS: &[&str] = &[
    "/", "2 /", "5 /", "6 /", "7 /", "?", "n", "e", "d", "4 e", "3 i", "3 i tab", "m",
];

fn app(start: &str) -> Probe {
    let mut app = Probe::with([group("a").subject("Corrida").people(0..4).admins([0])]);
    // Something to be searched in.
    app.hears("a", "5511900000001", "oi");
    app.play(start);
    app.key(Key::ctrl('e'));
    app.key(Key::ctrl('u'));
    app.count_from_here();
    app
}

/// The text of the field that takes the keys.
fn text(app: &Probe) -> String {
    let model = &app.model;
    let input = match &model.dialog {
        Some(Dialog::Help(help)) => &help.input,
        Some(Dialog::Create(form) | Dialog::Rename(_, form)) => &form.input,
        Some(Dialog::Confirm(confirm)) => &confirm.input,
        Some(Dialog::PickIcon(_, form)) => &form.input,
        Some(Dialog::Invite(form)) if form.focus == Focus::Field(0) => &form.numbers,
        Some(Dialog::Invite(form)) => &form.words,
        Some(other) => panic!("{other:?}"),
        None => {
            if let Some(id) = model.messages.composing() {
                return model.messages.of(id).unwrap().draft.text().to_owned();
            }
            let thread = model.thread_group().and_then(|id| model.messages.of(id));
            let filters = [
                Some(&model.list.filter),
                model.members().map(|people| &people.filter),
                Some(&model.activity.filter),
                Some(&model.inbox.filter),
                thread.map(|thread| &thread.search.filter),
            ];
            let typing = filters.into_iter().flatten().find(|filter| filter.typing);
            &typing.unwrap().input
        }
    };
    input.text().to_owned()
}

fn alt(code: Code) -> Key {
    Key {
        alt: true,
        ..Key::plain(code)
    }
}

fn ctrl(code: Code) -> Key {
    Key {
        ctrl: true,
        ..Key::plain(code)
    }
}

#[test]
fn every_field_knows_the_editing_keys_of_a_shell() {
    let plain = Key::plain;
    // After `um dois`: keys, then `x`, and what stands there.
    let table: &[(&[Key], &str)] = &[
        (&[Key::ctrl('a')], "xum dois"),
        (&[plain(Code::Home)], "xum dois"),
        (&[Key::ctrl('a'), Key::ctrl('e')], "um doisx"),
        (&[plain(Code::Home), plain(Code::End)], "um doisx"),
        (&[Key::ctrl('w')], "um x"),
        (&[alt(Code::Backspace)], "um x"),
        (&[Key::ctrl('u')], "x"),
        (&[Key::ctrl('b'), Key::ctrl('k')], "um doix"),
        (&[alt(Code::Char('b'))], "um xdois"),
        (&[ctrl(Code::Left)], "um xdois"),
        (&[Key::ctrl('a'), alt(Code::Char('d'))], "x dois"),
        (&[Key::ctrl('a'), Key::ctrl('d')], "xm dois"),
        (&[Key::ctrl('a'), plain(Code::Delete)], "xm dois"),
        (&[Key::ctrl('h')], "um doix"),
        (&[plain(Code::Backspace)], "um doix"),
        (&[plain(Code::Left), Key::ctrl('f')], "um doisx"),
        (&[Key::ctrl('ф')], "xum dois"),
    ];
    for start in FIELDS {
        for (keys, expected) in table {
            let mut app = app(start);
            app.type_text("um dois");
            for key in *keys {
                app.key(*key);
            }
            app.type_text("x");
            let found = text(&app);
            // Which blank goes with a word is a matter of taste.
            let same = found.replace(' ', "") == expected.replace(' ', "");
            assert!(same, "{start:?}: {keys:?}: {found:?} is not {expected:?}");
        }
        for key in [alt(Code::Char('f')), ctrl(Code::Right)] {
            let mut app = app(start);
            app.type_text("um dois");
            app.key(Key::ctrl('a'));
            app.key(key);
            app.type_text("x");
            assert!(
                ["umx dois", "um xdois"].contains(&&*text(&app)),
                "{start:?}"
            );
        }
    }
}

#[test]
fn a_pasted_line_break_submits_no_field_and_letters_of_other_scripts_are_typed() {
    for start in FIELDS {
        let mut app = app(start);
        app.paste("um\ndois\n");
        assert!(app.changes().is_empty(), "{start:?}");
        // Between numbers a line break becomes a comma.
        let shown = text(&app).replace(',', "");
        assert!(
            shown.split_whitespace().take(2).eq(["um", "dois"]),
            "{start:?}: {shown:?}"
        );
    }
    for start in FIELDS {
        let mut app = app(start);
        app.type_text("вδש");
        assert_eq!(text(&app), "вδש", "{start:?}");
    }
}

#[test]
fn q39_enter_twice_sends_one_call_and_what_is_typed_meanwhile_is_dropped() {
    let mut app = app("n");
    app.type_text("TI");
    app.press_all("enter enter");
    app.type_text("xyz");
    app.press("enter");
    assert_eq!(app.changes().len(), 1);
    assert_eq!(text(&app), "TI");
}

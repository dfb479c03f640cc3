//! Keys of the user's own: chords, keys taken away, and that no question is answered by the key
//! that opened it.

use fastrand::Rng;

use super::*;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::msg::{Msg, Press};
use crate::app::toasts::Level;
use crate::keymap::{Action, Code, Key, Keymap, Wish};

/// A program with three groups, in which those actions have those keys.
fn with(keys: &[(Action, &[&str])]) -> Probe {
    let wishes: Vec<Wish> = keys
        .iter()
        .map(|(action, keys)| Wish {
            context: None,
            action: *action,
            chords: keys.iter().map(|key| key.parse().unwrap()).collect(),
        })
        .collect();
    let mut app = Probe::with([
        group("a-1111")
            .subject("Corrida")
            .people(0..10)
            .admins([0, 1, 2]),
        group("b-1234").subject("Mães").people(0..4).admins([0]),
        group("c-5678").subject("TI").people(0..4).admins([0]),
    ]);
    app.model.session.keys = Keymap::with(&wishes).0;
    app
}

fn hint(app: &Probe) -> Option<String> {
    let toasts = app.toasts();
    let mut hints = toasts.iter().filter(|toast| toast.level == Level::Hint);
    hints.next_back().map(|toast| toast.title.clone())
}

#[test]
fn a_chord_waits_for_its_next_key_and_acts_at_its_last_one() {
    let mut app = with(&[(Action::Leave, &["ctrl+x l"]), (Action::First, &["g g"])]);
    app.key(Key::ctrl('x'));
    assert_eq!(app.model.chord, [Key::ctrl('x')]);
    app.wait(60_000);
    assert_eq!(app.model.chord, [Key::ctrl('x')], "no time-out acts");
    assert!(app.model.dialog.is_none());
    app.press("l");
    assert!(matches!(app.model.dialog, Some(Dialog::Confirm(_))));
    assert_eq!(app.model.chord, []);
    app.press_all("esc G g");
    assert_eq!(app.model.list.rows.row(), 2);
    app.press("g");
    assert_eq!(app.model.list.rows.row(), 0);
}

#[test]
fn esc_gives_a_chord_up_and_a_wrong_key_does_nothing_but_says_so() {
    let mut app = with(&[(Action::Leave, &["ctrl+x l"])]);
    app.key(Key::ctrl('x'));
    app.press("esc");
    assert_eq!(app.model.chord, []);
    app.press("l");
    assert_eq!(app.model.dialog.is_none(), app.model.chord.is_empty());
    app.press_all("1 ctrl-x d");
    assert!(
        app.model.dialog.is_none(),
        "`d` is not the key of anything now"
    );
    assert_eq!(hint(&app).as_deref(), Some("ctrl+x d means nothing here"));
    app.press("ctrl-x");
    app.press("ctrl-c");
    assert!(app.model.chord.is_empty() && app.exit.is_none());
    app.press("ctrl-x");
    app.paste("l");
    assert!(app.model.chord.is_empty() && app.model.dialog.is_none());
}

#[test]
fn a_key_that_is_held_ends_no_chord() {
    let mut app = with(&[(Action::Leave, &["g g"])]);
    app.press("g");
    for _ in 0..5 {
        app.send(Msg::Key(Key::char('g'), Press::Repeat));
    }
    assert!(app.model.dialog.is_none());
    app.press("g");
    assert!(app.model.dialog.is_some());
}

#[test]
fn q39_what_changes_something_ignores_keys_that_are_held() {
    let mut app = with(&[]);
    for key in ["d", "e", "n", "u", "y", "m", "?", "q", "R", "2"] {
        app.send(Msg::Key(key_named(key), Press::Repeat));
        assert!(app.model.dialog.is_none(), "{key}");
        assert!(app.model.messages.composing().is_none(), "{key}");
    }
    assert!(app.exit.is_none() && app.calls.is_empty() && app.clips.is_empty());
    app.send(Msg::Key(key_named("j"), Press::Repeat));
    assert_eq!(app.model.list.rows.row(), 1, "moving goes on");
}

fn key_named(name: &str) -> Key {
    name.parse().unwrap()
}

#[test]
fn redraw_and_suspend_go_with_their_keys_and_work_everywhere() {
    let redraws = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::Redraw));
    let suspends = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::Suspend));
    let places = ["", "d", "n", "?", "/", "m"];
    for start in places {
        let mut app = with(&[
            (Action::Redraw, &["F9", "L"]),
            (Action::Suspend, &["alt+z"]),
        ]);
        app.press_all(start);
        assert!(
            redraws(&app.key(Key::plain(Code::F(9)))),
            "{start:?}: redraw"
        );
        let alt_z = key_named("alt+z");
        assert!(suspends(&app.key(alt_z)), "{start:?}: suspend");
        for old in [Key::ctrl('l'), Key::ctrl('z')] {
            let effects = app.key(old);
            assert!(!redraws(&effects) && !suspends(&effects), "{start:?}");
        }
        // A letter is typed where letters are typed.
        assert_eq!(
            redraws(&app.key(Key::char('L'))),
            start.is_empty(),
            "{start:?}"
        );
    }
    for start in places {
        let mut app = with(&[]);
        app.press_all(start);
        assert!(redraws(&app.key(Key::ctrl('l'))) && suspends(&app.key(Key::ctrl('z'))));
    }
}

#[test]
fn a_key_of_a_field_stays_with_the_field() {
    let mut app = with(&[(Action::Redraw, &["ctrl+w"])]);
    app.press_all("n a b");
    app.key(Key::ctrl('w'));
    let Some(Dialog::Create(form)) = &app.model.dialog else {
        panic!()
    };
    assert_eq!(form.input.text(), "");
    app.press_all("esc 1");
    let effects = app.key(Key::ctrl('w'));
    assert!(effects.iter().any(|e| matches!(e, Effect::Redraw)));
}

#[test]
fn the_key_that_opened_a_question_never_answers_it_also_when_it_is_enter() {
    let asked = [
        (Action::Leave, ""),
        (Action::NewGroup, ""),
        (Action::Rename, ""),
        (Action::Sort, ""),
        (Action::Promote, "2 G"),
        (Action::Demote, "2 j"),
        (Action::Remove, "2 G"),
        (Action::ResetInvite, "3"),
        (Action::InviteByMessage, "3"),
        (Action::SetIcon, "4"),
        (Action::Help, ""),
    ];
    for (action, start) in asked {
        let mut app = with(&[(action, &["enter"])]);
        app.model.unsent_subject = Some("Corrida 2".into());
        app.play(start);
        app.count_from_here();
        app.press("enter");
        assert!(app.model.dialog.is_some(), "{action:?} asks");
        for _ in 0..4 {
            app.press("enter");
        }
        app.answer_all();
        assert!(app.changes().is_empty(), "{action:?}");
    }
    // Another key in between, and `enter` is the answer that it always is.
    let mut app = with(&[(Action::Promote, &["enter"])]);
    app.play("2 G enter right enter");
    assert_eq!(app.changes().len(), 1);
    let mut app = with(&[(Action::NewGroup, &["enter"])]);
    app.play("enter T I enter");
    assert_eq!(app.changes().len(), 1);
    // A digit chooses in a list, but not the one that opened it.
    let mut app = with(&[(Action::Sort, &["3"])]);
    let before = app.model.list.sort();
    app.press_all("3 3 3");
    assert_eq!(app.model.list.sort(), before);
    app.press("2");
    assert_ne!(app.model.list.sort(), before);
}

#[test]
fn a_stream_of_letters_sends_nothing_grave_when_remove_and_leave_are_on_enter() {
    let keys: &[(Action, &[&str])] = &[
        (Action::Remove, &["enter"]),
        (Action::Leave, &["enter"]),
        (Action::Demote, &["x x"]),
        (Action::ResetInvite, &["enter"]),
    ];
    let mut random = Rng::with_seed(28);
    let mut app = with(keys);
    let mut asked = 0;
    for sequence in 0..6_000_usize {
        if sequence % 1_000 == 0 {
            app = with(keys);
        }
        let mut typed = vec![letters::STARTS[sequence % letters::STARTS.len()].to_owned()];
        app.press_all(&typed[0]);
        for _ in 0..random.usize(4..12) {
            let undo = app.model.undo.take();
            drop(undo);
            let letter = random.lowercase().to_string();
            let key = match random.u8(..8) {
                0..3 => "enter",
                3 => "esc",
                _ => letter.as_str(),
            };
            app.press(key);
            typed.push(key.to_owned());
            asked += usize::from(matches!(app.model.dialog, Some(Dialog::Confirm(_))));
        }
        for call in app.calls.drain(..) {
            let grave = matches!(
                call.operation(),
                Operation::LeaveGroup
                    | Operation::RemoveParticipants
                    | Operation::RemoveAdmins
                    | Operation::ResetInvite
            );
            assert!(!grave, "{call:?} after {typed:?}");
        }
        app.exit = None;
        go_home(&mut app);
        app.wait(1_000);
        app.answer_all();
        app.calls.clear();
    }
    assert!(asked > 1_000, "questions do open: {asked}");
}

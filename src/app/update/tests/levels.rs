//! The levels of confirmation, as a table: which question each change asks, that nothing but the
//! documented answer sends it, and that the documented answer does.

use super::*;
use crate::app::dialog::{Button, Dialog};
use crate::app::msg::{Msg, Press};

/// What a change asks before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// One line: `enter` is yes.
    Line,
    /// A box with Cancel focused.
    Box,
    /// A word to type.
    Word(&'static str),
}
use Level::{Box, Line, Word};

struct Case {
    what: &'static str,
    /// From Groups, with the cursor on `Corrida`.
    keys: &'static str,
    level: Level,
    sends: Operation,
    /// How many calls carry it out.
    calls: usize,
}

const fn case(
    what: &'static str,
    keys: &'static str,
    level: Level,
    sends: Operation,
    calls: usize,
) -> Case {
    Case {
        what,
        keys,
        level,
        sends,
        calls,
    }
}

/// Rows of Members: 0 (oneself, admin), 1 and 2 (admins), then plain members from 3 on.
const TABLE: &[Case] = &[
    case("promote one", "2 G +", Line, Operation::AddAdmins, 1),
    case(
        "promote two",
        "2 G k space space +",
        Box,
        Operation::AddAdmins,
        1,
    ),
    case("demote one", "2 j -", Box, Operation::RemoveAdmins, 1),
    case(
        "demote two",
        "2 j space space -",
        Word("2"),
        Operation::RemoveAdmins,
        1,
    ),
    case(
        "demote oneself",
        "2 -",
        Word("1"),
        Operation::RemoveAdmins,
        1,
    ),
    case("remove one", "2 G d", Box, Operation::RemoveParticipants, 1),
    case(
        "remove two",
        "2 G k space space d",
        Word("2"),
        Operation::RemoveParticipants,
        1,
    ),
    case(
        "remove an admin",
        "2 j d",
        Word("1"),
        Operation::RemoveParticipants,
        1,
    ),
    case("reset the link", "i d", Box, Operation::ResetInvite, 1),
    case("leave one", "d", Word("Corrida"), Operation::LeaveGroup, 1),
    case(
        "leave several",
        "A d",
        Word("leave 3"),
        Operation::LeaveGroup,
        3,
    ),
];

fn app() -> Probe {
    Probe::with([
        group("a")
            .subject("Corrida")
            .people(0..10)
            .admins([0, 1, 2]),
        group("b-1234").subject("Mães").people(0..4).admins([0]),
        group("c-5678").subject("TI").people(0..4).admins([0]),
    ])
}

fn asked(case: &Case) -> Probe {
    let mut app = app();
    app.play(case.keys);
    app.count_from_here();
    assert!(app.model.dialog.is_some(), "{}: asks", case.what);
    app
}

fn level(app: &Probe) -> Option<String> {
    app.confirm()
        .word
        .as_ref()
        .map(|word| word.expected.clone())
}

#[test]
fn a_guess_of_the_own_number_forbids_nothing_while_it_may_be_wrong() {
    let disabled =
        |app: &Probe| crate::app::update::ask::disabled(&app.model, crate::keymap::Action::Promote);
    let by_person_0 = |id: &str| {
        let mut group = group(id).people(0..4);
        group.created = Some(crate::domain::UnixSeconds(1_700_000_000));
        group
    };
    // Person 0 created the only group that is there, and is said to be no admin of it.
    let mut app = Probe::with([by_person_0("a")]);
    app.model.session.own = None;
    app.server.group("a").admins.clear();
    app.play("2 r G");
    let own = app.model.own().cloned();
    assert_eq!(own, Some(wa(0)), "guessed from the creator");
    assert_eq!(disabled(&app), None);
    app.model.session.own = own;
    assert!(disabled(&app).is_some(), "configured, it counts");
    // In every one of several groups: beyond doubt.
    let mut app = Probe::with(["a", "b", "c"].map(by_person_0));
    app.model.session.own = None;
    app.server.group("a").admins.clear();
    app.play("2 r G");
    assert_eq!(app.model.sure_own(), Some(&wa(0)));
    assert!(disabled(&app).is_some());
}

#[test]
fn every_change_asks_at_its_level() {
    for case in TABLE {
        let app = asked(case);
        match case.level {
            Line => assert!(
                matches!(app.model.dialog, Some(Dialog::Line(_))),
                "{}",
                case.what
            ),
            Box => assert_eq!(level(&app), None, "{}", case.what),
            Word(word) => assert_eq!(level(&app).as_deref(), Some(word), "{}", case.what),
        }
    }
}

#[test]
fn q09_the_documented_keys_send_it() {
    for case in TABLE {
        let mut app = asked(case);
        match case.level {
            Line => {}
            Box => app.press_all("right"),
            Word(word) => app.type_text(word),
        }
        app.press("enter");
        assert_eq!(app.changes().len(), 1, "{}: enter sends it", case.what);
        app.answer_all();
        let calls = app.changes();
        assert_eq!(calls.len(), case.calls, "{}", case.what);
        assert!(
            calls.iter().all(|call| call.operation() == case.sends),
            "{}",
            case.what
        );
        assert!(app.model.dialog.is_none(), "{}", case.what);
    }
}

#[test]
fn tab_is_another_way_to_the_button() {
    for case in TABLE.iter().filter(|case| case.level == Box) {
        for keys in ["tab enter", "shift-tab enter", "right left right enter"] {
            let mut app = asked(case);
            app.press_all(keys);
            assert_eq!(app.changes().len(), 1, "{}: {keys}", case.what);
        }
    }
}

#[test]
fn enter_alone_sends_nothing_where_it_is_grave() {
    for case in TABLE.iter().filter(|case| case.level != Line) {
        let mut app = asked(case);
        app.press_all("enter enter enter");
        app.answer_all();
        assert!(app.changes().is_empty(), "{}", case.what);
    }
}

#[test]
fn the_key_that_asks_never_answers() {
    for case in TABLE {
        let mut app = asked(case);
        let opener = case.keys.split_whitespace().last().unwrap();
        for _ in 0..5 {
            app.press(opener);
            app.send(Msg::Key(key(opener), Press::Repeat));
        }
        assert!(app.changes().is_empty(), "{}", case.what);
    }
}

#[test]
fn arrows_and_tab_alone_never_send() {
    for case in TABLE {
        let mut app = asked(case);
        app.press_all("tab left right up down tab tab shift-tab home end pgup pgdn right");
        assert!(app.changes().is_empty(), "{}", case.what);
        assert!(app.model.dialog.is_some(), "{}: still asks", case.what);
    }
}

#[test]
fn no_letter_answers() {
    for case in TABLE {
        let mut app = asked(case);
        for c in ('a'..='z').chain('A'..='Z').chain(" +-/?:".chars()) {
            app.type_text(&c.to_string());
        }
        assert!(app.changes().is_empty(), "{}", case.what);
        assert!(app.model.dialog.is_some(), "{}: still asks", case.what);
    }
}

#[test]
fn without_the_exact_word_nothing_is_sent() {
    for case in TABLE {
        let Word(word) = case.level else { continue };
        let wrong = [
            word.to_lowercase() + "x",
            word.chars().rev().chain("x".chars()).collect(),
            word.chars().skip(1).collect(),
            format!("{word}{word}"),
            word.to_uppercase() + " ",
        ];
        for typed in wrong.iter().filter(|typed| typed.trim() != word) {
            for way in ["enter", "tab enter", "tab tab enter enter"] {
                let mut app = asked(case);
                app.type_text(typed);
                app.press_all(way);
                assert!(app.changes().is_empty(), "{}: {typed:?} {way}", case.what);
            }
        }
    }
}

#[test]
fn a_held_enter_answers_nothing() {
    for case in TABLE {
        let mut app = asked(case);
        match case.level {
            Line => {}
            Box => app.press_all("right"),
            Word(word) => app.type_text(word),
        }
        app.send(Msg::Key(key("enter"), Press::Repeat));
        assert!(app.changes().is_empty(), "{}", case.what);
    }
}

#[test]
fn esc_withdraws_every_question() {
    for case in TABLE {
        let mut app = asked(case);
        app.press_all("right esc enter");
        app.answer_all();
        assert!(app.changes().is_empty(), "{}", case.what);
    }
}

#[test]
fn cancel_that_was_chosen_with_tab_cancels_even_when_the_word_is_right() {
    for case in TABLE {
        let Word(word) = case.level else { continue };
        let mut app = asked(case);
        app.type_text(word);
        assert_eq!(
            app.confirm().focus,
            Button::Act,
            "{}: the word moves the focus",
            case.what
        );
        app.press("tab");
        assert_eq!(app.confirm().focus, Button::Cancel);
        app.press("enter");
        assert!(app.changes().is_empty(), "{}", case.what);
        assert!(app.model.dialog.is_none(), "{}: cancelled", case.what);
    }
}

#[test]
fn enter_on_cancel_with_nothing_typed_cancels() {
    for case in TABLE.iter().filter(|case| case.level != Line) {
        let mut app = asked(case);
        app.press("enter");
        assert!(app.model.dialog.is_none(), "{}", case.what);
    }
}

#[test]
fn the_focus_leaves_the_button_when_the_word_is_spoilt() {
    let mut app = asked(&TABLE[9]);
    app.type_text("Corrida");
    app.press("backspace");
    assert_eq!(app.confirm().focus, Button::Cancel);
    app.press("enter");
    assert!(app.changes().is_empty());
    assert!(
        app.model.dialog.is_some(),
        "an unfinished word does nothing"
    );
}

#[test]
fn demoting_the_last_admin_asks_for_a_word() {
    let groups = [group("a").subject("Corrida").people(1..5).admins([1])];
    let mut app = Probe::with(groups);
    app.play("2 -");
    // Oneself is not in the group: the one admin is somebody else.
    assert!(app.model.dialog.is_none(), "who is no admin is told so");
    let mut session = session();
    session.own = None;
    let mut app = Probe::new(session, [group("a").people(1..5).admins([1])]);
    app.send(Msg::Started);
    app.calm();
    app.play("2 -");
    assert_eq!(level(&app).as_deref(), Some("1"));
    assert!(
        app.confirm()
            .lines
            .iter()
            .any(|line| line.contains("no admin"))
    );
}

#[test]
fn a_subject_that_not_every_keyboard_can_type_is_replaced_by_the_end_of_the_id() {
    for (keys, word) in [("j d", "1234"), ("j j d", "5678")] {
        let mut app = app();
        app.play(keys);
        assert_eq!(level(&app).as_deref(), Some(word));
        app.type_text(word);
        app.play("enter");
        assert_eq!(app.changes().len(), 1);
    }
}

#[test]
fn leaving_the_only_marked_group_asks_for_its_own_word() {
    let mut app = app();
    app.play("j space g d");
    assert_eq!(
        level(&app).as_deref(),
        Some("1234"),
        "the mark counts, not the cursor"
    );
}

#[test]
fn oneself_cannot_be_removed_and_is_left_out_of_several() {
    let mut app = app();
    app.play("2 d");
    assert!(app.model.dialog.is_none());
    assert!(app.says("use leave in Groups"));
    app.play("A d");
    assert_eq!(app.confirm().people.len(), 9);
    assert!(
        app.confirm()
            .lines
            .iter()
            .any(|line| line.contains("left out"))
    );
    app.type_text("9");
    app.play("enter");
    assert_eq!(app.server.group("a").members, [wa(0)]);
}

#[test]
fn who_is_no_admin_is_told_why_and_asked_nothing() {
    let mut app = Probe::with([group("a").people(0..5).admins([1])]);
    for keys in ["2 +", "2 -", "2 j d", "3 d"] {
        app.play(keys);
        assert!(app.model.dialog.is_none(), "{keys}");
        assert!(app.says("Only admins"), "{keys}");
        app.model.toasts.expire(crate::domain::Millis(u64::MAX));
    }
}

//! What is demanded of a good terminal program, as far as the core alone decides it. Tests of other
//! demands stand beside the code they are about; all are found by the number: `q05`, `q10`.
//!
//! Source: «qualities.md, table».

use super::*;
use crate::app::msg::Msg;
use crate::app::probe::server::{Manner, broken, no_network, unknown_number};
use crate::app::toasts::Level;
use crate::domain::MemberVerb;
use crate::keymap::{Code, Key};

/// Three groups with people 0 to 9, and an icon in the first.
fn three() -> Probe {
    Probe::with([
        group("a")
            .subject("Alfa")
            .people(0..10)
            .admins([0, 1])
            .icon(1),
        group("b").subject("Beta").people(0..10).admins([0]),
        group("c").subject("Gama").people(0..10).admins([0]),
    ])
}

#[test]
fn q05_while_every_call_hangs_each_pane_opens_filters_and_is_left_again() {
    for pane in 1..=7 {
        let mut app = three();
        for operation in Operation::ALL {
            app.server.always(operation, Manner::Silent);
        }
        app.press_all("R");
        app.wait(30_000);
        app.press(&pane.to_string());
        assert_eq!(app.model.pane.number(), pane);
        app.press_all("j G k ? esc / x y");
        go_home(&mut app);
        assert!(app.model.is_busy(), "and it still waits");
    }
}

#[test]
fn q05_a_read_cancelled_in_activity_never_changes_the_screen_later() {
    let mut app = three();
    app.press_all("2 r");
    let (ticket, call) = app.open.pop().unwrap();
    app.open.push((ticket, call.clone()));
    app.press("w");
    app.in_activity(|open| open.operation() == Operation::GroupDetails);
    app.press("x");
    assert_eq!(app.cancelled.len(), 1);
    app.server.group("a").subject = "Outra".into();
    let late = app.server.answer(&call).unwrap();
    app.settled(ticket, &call, late);
    assert_eq!(app.state("a").name(), "Alfa");
}

/// Changes by their keys, as seen from the list, and how to bring the server back.
const CHANGES: [&str; 6] = [
    "e N o v o enter",
    "2 j j + enter",
    "2 j - right enter",
    "2 j j d right enter",
    "i d right enter",
    "4 d right enter",
];

#[test]
fn q07_each_change_gives_one_notice_and_one_line_in_activity() {
    for keys in CHANGES {
        let mut app = three();
        app.play(keys);
        assert_eq!(app.changes().len(), 1, "{keys}");
        let said: Vec<&str> = app.toasts().iter().map(|t| t.title.as_str()).collect();
        assert_eq!(said.len(), 1, "{keys}: {said:?}");
        assert_eq!(app.notice().0, Level::Done, "{keys}");
        let change = app.changes().remove(0);
        app.press("w");
        app.in_activity(|call| *call == change);
        let long_enough = if app.model.undo.is_some() {
            10_000
        } else {
            4_000
        };
        app.wait(long_enough);
        assert!(app.toasts().is_empty(), "{keys}: {:?}", app.toasts());
    }
}

#[test]
fn q07_a_change_that_failed_stays_on_the_screen_until_it_is_dismissed() {
    for keys in CHANGES {
        let mut app = three();
        app.server.refuse_all(&unknown_number());
        app.play(keys);
        let stays = |app: &Probe| {
            // A form keeps its refusal in itself, in the line under its field.
            app.model.dialog.is_some() || app.model.toasts.iter().any(|t| t.until.is_none())
        };
        assert!(stays(&app), "{keys}: {:?}", app.toasts());
        app.wait(60_000);
        assert!(stays(&app), "{keys}");
        go_home(&mut app);
        assert!(app.toasts().is_empty(), "{keys}: {:?}", app.toasts());
    }
}

#[test]
fn q10_what_has_an_inverse_is_taken_back_by_exactly_that() {
    for (keys, inverse) in [
        ("e N o v o enter", Operation::RenameGroup),
        ("2 j j + enter", Operation::RemoveAdmins),
        ("2 j - right enter", Operation::AddAdmins),
        ("4 d right enter", Operation::SetIcon),
    ] {
        let mut app = three();
        let before = app.server.groups.clone();
        app.play(keys);
        app.wait(9_000);
        app.play("u");
        assert_eq!(
            app.operations_that_change().last(),
            Some(&inverse),
            "{keys}"
        );
        for (group, old) in app.server.groups.iter().zip(before) {
            assert_eq!(
                (&group.subject, group.admins.len()),
                (&old.subject, old.admins.len())
            );
            assert_eq!(group.icon.is_some(), old.icon.is_some(), "{keys}");
        }
    }
}

#[test]
fn q10_what_has_none_says_so_before_the_act() {
    for keys in ["2 j j d", "i d", "d"] {
        let mut app = three();
        app.play(keys);
        let lines = app.confirm().lines.join(" ");
        assert!(
            lines.contains("cannot be undone") || lines.contains("cannot come back"),
            "{keys}: {lines}"
        );
    }
}

#[test]
fn q11_cursor_and_marks_stay_with_their_people_through_any_refresh() {
    let mut random = fastrand::Rng::with_seed(11);
    for _ in 0..200 {
        let mut app = Probe::in_members();
        for _ in 0..random.usize(..9) {
            app.press("j");
        }
        app.press_all("space v");
        let cursor = app.people().rows.current().cloned().unwrap();
        let anchor = app.people().rows.range().cloned();
        let marks = app.people().rows.marks().clone();
        let mut members: Vec<u64> = (0..10).filter(|_| random.u8(..4) > 0).collect();
        members.extend((20..30).filter(|_| random.bool()));
        random.shuffle(&mut members);
        let on_server = app.server.group("a");
        on_server.members = members.iter().copied().map(wa).collect();
        on_server.admins = on_server.members.first().cloned().into_iter().collect();
        app.play("r");
        let rows = &app.people().rows;
        let is_there = |id: &crate::domain::WaId| rows.all().contains(id);
        if is_there(&cursor) {
            assert_eq!(rows.current(), Some(&cursor));
        } else {
            assert_eq!(rows.current().is_some(), !rows.is_empty());
        }
        if anchor.as_ref().is_some_and(is_there) {
            assert_eq!(rows.range(), anchor.as_ref());
        }
        for id in &marks {
            assert_eq!(rows.marks().contains(id), is_there(id));
        }
    }
}

#[test]
fn q38_offline_keeps_what_is_loaded_says_it_once_and_refuses_changes_with_the_reason() {
    let mut app = three();
    app.server.refuse_all(&no_network());
    app.press("R");
    for _ in 0..600 {
        app.answer_all();
        app.wait(100);
    }
    assert_eq!(app.names(), ["Alfa", "Beta", "Gama"]);
    assert!(app.toasts().len() <= 1, "{:?}", app.toasts());
    assert!(matches!(
        app.model.line,
        crate::app::line::Line::Offline { .. }
    ));
    let applied = app.server.applied.len();
    app.play("2 j j + enter");
    assert!(
        app.says("no connection to the server"),
        "{:?}",
        app.toasts()
    );
    assert_eq!(app.server.applied.len(), applied);
}

#[test]
fn q38_nothing_is_asked_of_the_server_while_nobody_does_anything() {
    let mut app = three();
    app.count_from_here();
    app.wait(3_600_000);
    assert!(app.calls.is_empty(), "{:?}", app.calls);
}

#[test]
fn q39_a_form_submitted_twice_is_one_call_and_what_is_typed_meanwhile_is_dropped() {
    let mut app = three();
    app.press("n");
    app.type_text("Turma");
    app.press_all("enter enter x y enter");
    assert_eq!(app.changes().len(), 1);
    assert_eq!(app.form().input.text(), "Turma");
    app.answer_all();
    assert!(app.says("Turma"), "{:?}", app.toasts());
}

#[test]
fn q39_a_held_key_presses_nothing_that_destroys() {
    for keys in ["2 j j d right", "d", "i d right", "4 d right", "2 j j +"] {
        let mut app = three();
        app.play(keys);
        for _ in 0..40 {
            app.send(Msg::Key(
                Key::plain(Code::Enter),
                crate::app::msg::Press::Repeat,
            ));
        }
        assert!(app.changes().is_empty(), "{keys}");
    }
}

#[test]
fn q40_a_draft_belongs_to_its_group_and_goes_only_there() {
    let mut app = three();
    app.play("m");
    app.type_text("para a Alfa");
    app.play("esc 1 j m");
    app.type_text("para a Beta");
    app.play("esc 1 k m");
    let composed = app.model.thread_group().cloned();
    assert_eq!(composed, Some(id("a")));
    app.play("enter");
    app.wait(5_000);
    app.answer_all();
    let sent: Vec<(String, String)> = app
        .changes()
        .iter()
        .filter_map(|call| {
            let Call::Send(message) = call else {
                return None;
            };
            let group = message.group.as_str().to_owned();
            Some((group, message.text.as_str().to_owned()))
        })
        .collect();
    assert_eq!(sent, [("a".to_owned(), "para a Alfa".to_owned())]);
}

#[test]
fn q08_a_failure_of_a_change_of_people_names_the_verb_and_is_never_called_done() {
    for why in [broken(), unknown_number()] {
        let mut app = Probe::in_members();
        app.server
            .always(MemberVerb::Promote.operation(), Manner::Fail(why));
        app.play("j j + enter");
        let (level, said) = app.notice();
        assert!(level >= Level::Warning && said.contains("romot"), "{said}");
    }
}

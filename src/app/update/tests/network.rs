//! Bad days: a server that fails or asks to slow down, and a network that goes and comes back.

use super::*;
use crate::app::line::Line;
use crate::app::msg::Msg;
use crate::app::probe::server::{
    broken, cut, failure, no_network, refused_token, silence, slow_down,
};
use crate::app::session::Session;
use crate::domain::{Failure, FailureKind, Sent, Unreachable};

fn many(count: usize) -> Vec<ServerGroup> {
    (0..count).map(|n| group(&format!("g{n:04}"))).collect()
}

/// Calls until the given time has passed, answering all the while.
fn live(app: &mut Probe, seconds: u64) -> usize {
    let before = app.calls.len();
    for _ in 0..seconds * 10 {
        app.answer_all();
        app.wait(100);
    }
    app.answer_all();
    app.calls.len() - before
}

#[test]
fn a_read_that_fails_on_the_server_is_tried_three_times_and_then_said() {
    for why in [broken(), silence(), cut()] {
        let mut app = Probe::with([group("a")]);
        app.server
            .always(Operation::GetInvite, Manner::Fail(why.clone()));
        app.press("y");
        assert_eq!(live(&mut app, 60), 2, "{why:?}: two more");
        assert_eq!(app.calls.len(), 3);
        assert!(app.says("Link not copied"));
        assert_eq!(app.state("a").invite.failure(), Some(&why));
        app.server.behave();
        app.play("y");
        assert!(
            app.says("Invite link of a copied"),
            "the user may try again"
        );
    }
}

#[test]
fn a_read_that_works_the_second_time_is_nothing_to_talk_about() {
    let mut app = Probe::with([group("a")]);
    app.server
        .once(Operation::GetInvite, Manner::Fail(broken()));
    app.press("y");
    live(&mut app, 10);
    assert_eq!(app.calls.len(), 2);
    assert!(app.clips.len() == 1 && !app.says("failed"));
}

#[test]
fn no_more_than_four_names_are_in_flight_however_many_have_failed() {
    let mut session = session();
    session.pace = crate::app::session::Pace::PerSecond(16.0);
    let mut app = Probe::new(session, many(300));
    app.server
        .always(Operation::GroupDetails, Manner::Fail(broken()));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    let mut most = 0;
    for _ in 0..20_000 {
        let Some((ticket, call)) = app.open.first().cloned() else {
            if app.timers.is_empty() {
                break;
            }
            app.wait(50);
            continue;
        };
        let reply = app.server.answer(&call).unwrap();
        app.settled(ticket, &call, reply);
        most = most.max(app.open.len());
    }
    assert!(app.open.is_empty());
    assert!(most <= 5, "four behind and one for the user: {most}");
    assert_eq!(
        app.calls.len(),
        1 + 300 + 10,
        "each is tried, and few again: a host that fails for all is not hammered"
    );
}

#[test]
fn a_wish_to_slow_down_holds_every_read_until_the_time_is_over() {
    let mut app = Probe::with(many(20));
    app.server
        .once(Operation::GroupDetails, Manner::Fail(slow_down(Some(7))));
    app.play("2 r");
    app.count_from_here();
    assert!(matches!(app.model.line, Line::Throttled { .. }));
    app.press_all("1 R y j r 3");
    app.wait(6_900);
    assert!(app.calls.is_empty(), "{:?}", app.calls);
    app.wait(200);
    assert!(!app.calls.is_empty());
    app.answer_all();
    assert_eq!(app.model.line, Line::Online);
    app.calm();
    assert!(app.timers.is_empty());
}

#[test]
fn a_change_may_be_told_to_slow_down_and_is_not_repeated() {
    let mut app = Probe::in_members();
    app.server
        .once(Operation::AddAdmins, Manner::Fail(slow_down(Some(5))));
    app.press_all("G + enter");
    app.answer_all();
    assert_eq!(
        app.operations(),
        [Operation::AddAdmins],
        "reading is held as well"
    );
    live(&mut app, 20);
    assert_eq!(app.changes().len(), 1);
    assert!(app.says("Not promoted"), "{:?}", app.toasts());
    assert!(!app.model.is_changing());
}

#[test]
fn what_the_user_waits_for_is_slowed_down_three_times_and_then_said() {
    let mut app = Probe::with(many(1));
    app.server
        .always(Operation::ListGroups, Manner::Fail(slow_down(None)));
    app.press("R");
    assert_eq!(live(&mut app, 120), 2, "two more");
    assert!(app.says("The list could not be refreshed"));
    assert!(!app.model.line.is_throttled(app.model.now));
}

#[test]
fn names_behind_the_list_wait_ever_longer_for_a_host_that_is_always_too_busy() {
    let mut app = Probe::new(session(), many(300));
    app.server
        .always(Operation::GroupDetails, Manner::Fail(slow_down(None)));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    let minute = live(&mut app, 60);
    assert!((4..=40).contains(&minute), "{minute}");
    let later = live(&mut app, 600);
    assert!(later <= 150, "four at once, about once a minute: {later}");
    app.server.behave();
    live(&mut app, 300);
    assert_eq!(
        app.model.groups.named(),
        299,
        "but the one that was waited for"
    );
}

#[test]
fn after_a_wish_to_slow_down_names_come_at_half_the_pace_for_a_minute() {
    let session = Session {
        pace: crate::app::session::Pace::PerSecond(4.0),
        ..session()
    };
    let mut app = Probe::new(session, many(300));
    app.server
        .once(Operation::GroupDetails, Manner::Fail(slow_down(Some(1))));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    live(&mut app, 2);
    let slow = live(&mut app, 50);
    assert!((90..=101).contains(&slow), "{slow}");
    live(&mut app, 10);
    let usual = live(&mut app, 20);
    assert!((75..=115).contains(&usual), "{usual}");
}

#[test]
fn whoever_cannot_prove_to_be_the_server_is_not_asked_again_by_itself() {
    let mut app = Probe::with(many(30));
    let why = FailureKind::Unreachable(Unreachable::Tls);
    app.server.refuse_all(&failure(why, None, Sent::Never));
    app.press("R");
    assert!(live(&mut app, 600) <= 1, "both left together");
    assert!(matches!(app.model.line, Line::Untrusted { .. }));
    assert!(app.says("certificate was not accepted"));
    assert_eq!(app.names().len(), 30);
    app.server.behave();
    app.play("R");
    assert_eq!(app.model.line, Line::Online);
    app.calm();
    assert_eq!(app.model.groups.named(), 30);
}

#[test]
fn offline_tries_become_rarer_and_everything_loaded_stays() {
    let mut app = Probe::with(many(30));
    app.server.refuse_all(&no_network());
    app.press("R");
    app.answer_all();
    let minute = live(&mut app, 63);
    assert!((4..=9).contains(&minute), "1, 2, 4, 8, 16, 32 s: {minute}");
    let later = live(&mut app, 600);
    assert!((9..=12).contains(&later), "once a minute: {later}");
    assert!(matches!(app.model.line, Line::Offline { .. }));
    assert_eq!(app.names().len(), 30);
    assert_eq!(app.model.groups.named(), 30);
    assert!(app.toasts().len() <= 1);
}

#[test]
fn four_reads_that_fail_together_are_one_outage() {
    let mut app = Probe::new(session(), many(30));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.server.refuse_all(&no_network());
    app.answer_all();
    let Line::Offline {
        tries, next_try, ..
    } = app.model.line.clone()
    else {
        panic!()
    };
    assert_eq!(tries, 1);
    assert_eq!(
        next_try,
        app.model.now.after(std::time::Duration::from_secs(1))
    );
}

#[test]
fn when_the_network_is_back_everything_goes_on_by_itself() {
    let mut app = Probe::new(session(), many(30));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.server.refuse_all(&no_network());
    live(&mut app, 20);
    app.server.behave();
    live(&mut app, 35);
    assert_eq!(app.model.line, Line::Online);
    assert_eq!(app.model.groups.named(), 30);
    app.calm();
    assert!(app.timers.is_empty() && !app.model.is_busy());
}

#[test]
fn counting_down_to_the_next_try_wakes_once_a_second() {
    let mut app = Probe::with([group("a")]);
    app.server.refuse_all(&no_network());
    app.press("r");
    live(&mut app, 70);
    let before = app.model.spin;
    app.wait(20_000);
    assert!(
        (18..=22).contains(&(app.model.spin - before)),
        "{}",
        app.model.spin - before
    );
}

#[test]
fn a_key_of_the_user_tries_at_once() {
    let mut app = Probe::with([group("a")]);
    app.server.refuse_all(&no_network());
    app.press("r");
    live(&mut app, 100);
    app.server.behave();
    app.count_from_here();
    app.play("r");
    assert_eq!(app.model.line, Line::Online);
}

#[test]
fn a_change_without_a_network_is_not_sent_and_says_so_and_the_line_finds_back() {
    let mut app = Probe::in_members();
    app.server.refuse_all(&no_network());
    app.press_all("G + enter");
    app.answer_all();
    assert_eq!(app.changes().len(), 1);
    assert!(matches!(app.model.line, Line::Offline { .. }));
    app.server.behave();
    live(&mut app, 10);
    assert_eq!(
        app.model.line,
        Line::Online,
        "somebody looks whether the network is back"
    );
    assert!(
        app.says("no connection to the server"),
        "{:?}",
        app.toasts()
    );
    assert_eq!(app.changes().len(), 1, "never sent again on its own");
}

#[test]
fn a_rename_without_a_network_lets_the_line_find_back_as_well() {
    let mut app = Probe::with([group("a")]);
    app.server.refuse_all(&no_network());
    app.press("e");
    app.type_text("Beta");
    app.play("enter");
    app.server.behave();
    live(&mut app, 10);
    assert_eq!(app.model.line, Line::Online);
    app.calm();
    assert!(app.timers.is_empty());
}

#[test]
fn a_connection_that_breaks_after_an_outage_is_not_asked_for_ever() {
    let mut app = Probe::with([group("a")]);
    app.server.refuse_all(&no_network());
    app.press("r");
    app.answer_all();
    app.server.behave();
    app.server.refuse_all(&cut());
    let calls = live(&mut app, 120);
    assert!(
        calls <= 8,
        "three tries for the list and three for the group: {calls}"
    );
}

#[test]
fn an_unreasonable_pause_is_left_to_the_user() {
    let mut app = Probe::with([group("a")]);
    app.server
        .once(Operation::GetInvite, Manner::Fail(slow_down(Some(86_400))));
    app.play("y");
    assert!(app.says("Link not copied"));
    app.wait(121_000);
    app.play("y");
    assert_eq!(app.clips.len(), 1);
}

#[test]
fn waiting_tries_of_a_group_that_went_are_dropped() {
    let mut app = Probe::with([group("a"), group("b")]);
    app.server
        .once(Operation::GetInvite, Manner::Fail(broken()));
    app.play("3");
    app.server.groups.remove(0);
    app.play("1 R");
    app.count_from_here();
    live(&mut app, 30);
    let about_a = |call: &&Call| call.group().is_some_and(|id| id.as_str() == "a");
    assert_eq!(app.calls.iter().filter(about_a).count(), 0);
}

#[test]
fn every_failure_of_a_change_ends_somewhere() {
    let failures: Vec<Failure> = vec![broken(), cut(), silence(), no_network(), slow_down(Some(1))];
    for why in failures {
        let mut app = Probe::in_members();
        app.server
            .once(Operation::AddAdmins, Manner::Fail(why.clone()));
        app.press_all("G + enter");
        live(&mut app, 30);
        assert!(!app.model.is_changing(), "{why:?}");
        assert_eq!(app.changes().len(), 1, "{why:?}");
    }
}

#[test]
fn with_a_server_that_never_answers_every_key_still_works() {
    let mut app = Probe::with(many(30));
    for operation in Operation::ALL {
        app.server.always(operation, Manner::Silent);
    }
    app.play("R 2 r 3 y 1 n");
    app.type_text("Turma");
    app.play("enter esc j j / g 0 0 0 7 enter");
    assert_eq!(app.names()[0], "g0007");
    live(&mut app, 30);
    app.press_all("esc esc esc");
    assert!(is_home(&app.model) && app.model.is_busy());
}

#[test]
fn a_change_waits_until_the_server_takes_requests_again_and_then_leaves_by_itself() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.press("y");
    app.fail(Operation::GetInvite, &slow_down(Some(7)));
    app.press("e");
    app.type_text("Beta");
    app.press("enter");
    assert!(app.changes().is_empty(), "nothing leaves while it is held");
    assert!(app.says("Waiting"), "{:?}", app.toasts());
    app.wait(6_900);
    assert!(app.changes().is_empty());
    app.wait(200);
    assert_eq!(app.changes().len(), 1);
    app.answer_all();
    assert!(app.says("Renamed to Beta"), "{:?}", app.toasts());
}

#[test]
fn groups_that_are_being_left_wait_as_well_and_so_does_a_new_one() {
    let mut app = Probe::with([group("a"), group("b")]);
    app.press("y");
    app.fail(Operation::GetInvite, &slow_down(Some(7)));
    app.press("n");
    app.type_text("Turma");
    app.press_all("enter esc");
    let groups = vec![id("a"), id("b")];
    let effects = super::super::changes::leave(&mut app.model, groups);
    assert_eq!(effects.into_iter().count(), 0);
    assert!(app.changes().is_empty());
    app.wait(7_100);
    assert_eq!(
        app.changes().len(),
        2,
        "the new group and the first to leave"
    );
    app.answer_all();
    assert_eq!(app.changes().len(), 3);
    assert!(app.says("You left 2 groups"), "{:?}", app.toasts());
}

#[test]
fn what_is_held_back_is_not_sent_after_the_token_was_refused() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.press_all("y r");
    app.fail(Operation::GetInvite, &slow_down(Some(7)));
    app.press("e");
    app.type_text("Beta");
    app.press("enter");
    app.fail(Operation::GroupDetails, &refused_token());
    app.press("esc");
    assert!(app.changes().is_empty());
    assert!(!app.model.is_changing());
    assert_eq!(app.form().input.text(), "Beta");
    assert_ne!(app.form().state, crate::app::dialog::FormState::Sending);
}

//! Reading: order, pace, what is superseded, and what an idle program does not do.

use super::*;
use crate::app::msg::{Msg, Press, Timer};
use crate::app::probe::server::gone;
use crate::app::session::Pace;
use crate::domain::GroupId;

pub(super) fn many(count: usize) -> Vec<ServerGroup> {
    (0..count).map(|n| group(&format!("g{n:04}"))).collect()
}

/// The list is there, and no details yet; what holds names back is their number, not the pace.
fn listed(count: usize) -> Probe {
    let mut session = session();
    session.pace = Pace::PerSecond(16.0);
    let mut app = Probe::new(session, many(count));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app
}

fn details_open(app: &Probe) -> Vec<GroupId> {
    let open = app
        .open
        .iter()
        .filter(|(_, call)| matches!(call, Call::Details(_)));
    open.filter_map(|(_, call)| call.group().cloned()).collect()
}

#[test]
fn a_late_reply_does_not_overwrite_a_newer_one() {
    let mut app = Probe::with([group("a").subject("first")]);
    app.press("r");
    app.answer(Operation::ListGroups);
    let (old, call) = app.open[0].clone();
    let late = app.server.answer(&call).unwrap();
    // The rename supersedes that read.
    app.press("e");
    app.type_text("second");
    app.press("enter");
    app.answer(Operation::RenameGroup);
    assert_eq!(
        app.cancelled.len(),
        1,
        "the read that left before the change is cancelled"
    );
    app.answer_all();
    assert_eq!(app.state("a").name(), "second");
    let effects = app.settled(old, &call, late);
    assert_eq!(
        (app.state("a").name().as_str(), effects.len()),
        ("second", 0)
    );
}

#[test]
fn an_answer_to_a_ticket_that_nobody_knows_changes_nothing() {
    let mut app = Probe::with([group("a")]);
    let call = Call::Index;
    let ticket = crate::app::remote::Ticket(9_999);
    let effects = app.settled(ticket, &call, crate::app::Reply::Index(Ok(vec![])));
    assert!(effects.is_empty());
    assert_eq!(app.model.groups.count(), 1);
}

#[test]
fn at_most_four_names_are_read_behind_at_once() {
    let mut app = listed(30);
    let mut most = 0;
    while app.model.groups.named() < 30 {
        most = most.max(app.open.len());
        app.answer(Operation::GroupDetails);
    }
    // The chosen group is the user's own read; four more fill in behind.
    assert!((4..=5).contains(&most), "{most}");
    assert_eq!(app.model.groups.named(), 30);
    let read = app
        .operations()
        .into_iter()
        .filter(|o| *o == Operation::GroupDetails);
    assert_eq!(read.count(), 30, "each group is read once");
}

#[test]
fn the_chosen_group_is_read_first_then_those_in_view_then_the_rest() {
    // The server lists them backwards, so order of arrival is not order of the list.
    let mut groups = many(100);
    groups.reverse();
    let mut app = Probe::new(session(), groups);
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.answer_all();
    let order: Vec<String> = app.calls[1..]
        .iter()
        .map(|c| c.group().unwrap().to_string())
        .collect();
    assert_eq!(order[0], "g0000", "the chosen one");
    let view = app.model.size.group_rows();
    let mut first: Vec<&String> = order[..view].iter().collect();
    first.sort();
    assert_eq!(
        first[view - 1],
        &format!("g{:04}", view - 1),
        "then what is in view"
    );
}

#[test]
fn scrolling_brings_what_comes_into_view_to_the_front() {
    let mut app = listed(500);
    app.press("G");
    app.wait(200);
    assert!(
        details_open(&app).contains(&id("g0499")),
        "the chosen one, once the cursor rests"
    );
    let before = app.calls.len();
    // The chosen group of the start, and the four that fill in behind.
    for _ in 0..5 {
        app.answer(Operation::GroupDetails);
    }
    let new: Vec<&str> = app.calls[before..]
        .iter()
        .map(|c| c.group().unwrap().as_str())
        .collect();
    assert_eq!(new, ["g0470", "g0471", "g0472", "g0473"]);
}

#[test]
fn names_leave_at_the_agreed_pace_after_a_first_screenful() {
    let mut session = session();
    session.pace = Pace::PerSecond(4.0);
    let mut app = Probe::new(session, many(100));
    app.send(Msg::Started);
    app.answer_all();
    let burst = app.calls.len();
    assert!((30..=36).contains(&burst), "a screenful at once: {burst}");
    for _ in 0..100 {
        app.wait(100);
        app.answer_all();
    }
    let later = app.calls.len() - burst;
    assert!(
        (36..=44).contains(&later),
        "four a second for ten seconds: {later}"
    );
}

#[test]
fn what_the_user_asks_for_does_not_wait_for_the_pace() {
    let mut session = session();
    session.pace = Pace::PerSecond(0.1);
    let mut app = Probe::new(session, many(100));
    app.send(Msg::Started);
    app.answer_all();
    app.press_all("G y");
    assert!(
        app.calls
            .iter()
            .any(|call| matches!(call, Call::Invite(id) if id.as_str() == "g0099"))
    );
}

#[test]
fn holding_j_through_two_thousand_rows_reads_nothing_that_flew_by() {
    let mut app = Probe::with(many(2_000));
    app.wait(100_000);
    app.count_from_here();
    for _ in 0..1_500 {
        app.send(Msg::Key(key("j"), Press::Repeat));
        app.wait(30);
        let rest = app
            .timers
            .iter()
            .filter(|(_, timer)| *timer == Timer::Rest)
            .count();
        assert!(rest <= 1, "one rest timer");
    }
    assert!(app.calls.is_empty(), "{:?}", app.calls.len());
    app.wait(200);
    let id = GroupId::new("g1500").unwrap();
    assert_eq!(
        app.calls,
        [Call::Details(id.clone()), Call::Icon(id)],
        "where it came to rest"
    );
}

#[test]
fn holding_j_while_names_load_makes_no_request_out_of_order() {
    let mut app = listed(2_000);
    for _ in 0..200 {
        for _ in 0..5 {
            app.send(Msg::Key(key("j"), Press::Repeat));
            app.wait(20);
        }
        app.answer(Operation::GroupDetails);
    }
    let asked: Vec<GroupId> = app.calls[1..]
        .iter()
        .filter_map(|call| call.group().cloned())
        .collect();
    assert!(asked.len() > 200);
    let in_turn: Vec<GroupId> = (0..asked.len()).map(|n| id(&format!("g{n:04}"))).collect();
    assert_eq!(asked, in_turn, "rows that flew by are read in their turn");
}

#[test]
fn an_idle_program_has_no_timer_and_does_nothing() {
    let mut app = Probe::with(many(40));
    app.play("2 3 y 1 j j r R");
    app.calm();
    app.wait(1_000_000);
    assert!(app.timers.is_empty() && app.open.is_empty());
    assert!(!app.model.is_busy() && !app.model.is_changing());
    for timer in [Timer::Rest, Timer::Load, Timer::Spin, Timer::Toast] {
        assert_eq!(app.send(Msg::Woke(timer)), [], "{timer:?}");
    }
}

#[test]
fn a_group_that_is_gone_says_so_and_is_asked_for_once() {
    let mut app = Probe::with([group("a"), group("b")]);
    app.server
        .always(Operation::GroupDetails, Manner::Fail(gone()));
    app.play("2 r");
    app.wait(100_000);
    app.answer_all();
    assert_eq!(app.calls.len(), 1, "404 is final");
    assert_eq!(app.state("a").details.failure(), Some(&gone()));
    assert_eq!(app.rows().len(), 4, "what was known stays");
    // The list drops it: the neighbour is chosen, with a word about it.
    app.server.behave();
    app.server.groups.remove(0);
    app.play("R");
    assert_eq!(app.names(), ["b"]);
    assert_eq!(app.model.group().unwrap().name(), "b");
    assert!(app.says("No longer in your list: a"));
}

#[test]
fn one_bad_group_keeps_its_id_and_the_rest_is_fine() {
    let mut app = Probe::new(session(), many(5));
    app.server
        .once(Operation::GroupDetails, Manner::Fail(gone()));
    app.send(Msg::Started);
    app.calm();
    assert_eq!(app.model.groups.named(), 4);
    assert_eq!(app.names().len(), 5);
    let read = app
        .operations()
        .into_iter()
        .filter(|o| *o == Operation::GroupDetails);
    assert_eq!(read.count(), 5);
    // Everything again means that one too.
    app.play("R");
    app.calm();
    assert_eq!(app.model.groups.named(), 5);
}

#[test]
fn a_cancelled_read_never_changes_the_screen_later() {
    let mut app = Probe::with([group("a")]);
    app.press_all("3");
    let (ticket, call) = app.open[0].clone();
    app.press_all("6");
    app.in_activity(|call| matches!(call, Call::Invite(_)));
    app.press("x");
    assert_eq!(app.cancelled.len(), 1);
    assert!(!app.state("a").invite.is_loading());
    let reply = app.server.answer(&call).unwrap();
    app.settled(ticket, &call, reply);
    assert!(app.state("a").invite.value().is_none());
}

#[test]
fn a_cancelled_link_does_not_reach_the_clipboard_when_it_is_read_for_another_reason() {
    let mut app = Probe::with([group("a")]);
    app.press_all("y 6 x");
    assert_eq!(app.cancelled.len(), 1);
    app.play("3");
    assert!(app.state("a").invite.value().is_some());
    assert!(app.clips.is_empty());
}

#[test]
fn a_window_that_is_too_small_still_loads_and_does_not_spin() {
    let mut app = Probe::new(session(), many(30));
    app.send(Msg::Resized(crate::app::layout::Size {
        width: 20,
        height: 5,
    }));
    app.send(Msg::Started);
    app.calm();
    assert_eq!(app.model.groups.named(), 30);
}

#[test]
fn a_link_is_fetched_once_for_the_invite_pane_and_not_for_groups_that_fly_by() {
    let mut app = Probe::with(many(10));
    app.play("3 j j j");
    app.count_from_here();
    app.wait(200);
    app.answer_all();
    assert_eq!(
        app.operations(),
        [Operation::GetInvite],
        "only where the cursor rests"
    );
}

#[test]
fn refreshing_while_a_read_is_in_flight_joins_it() {
    let mut app = Probe::with([group("a")]);
    for _ in 0..50 {
        app.press("r");
    }
    assert_eq!(app.calls.len(), 2, "one list, one group");
}

#[test]
fn a_link_that_comes_minutes_later_does_not_change_the_clipboard() {
    let mut app = Probe::with([group("a")]);
    app.press("y");
    app.wait(20_000);
    app.answer_all();
    assert_eq!(app.clips.len(), 1, "within the time one waits it is copied");

    let mut app = Probe::with([group("a")]);
    app.press("y");
    app.wait(120_000);
    app.answer_all();
    assert!(app.clips.is_empty());
    assert!(app.says("is here"));
}

//! Reading behind the list: its pace, stop and go, and what is told of it.

use super::reads::many;
use super::*;
use crate::app::loading::Flow;
use crate::app::msg::Msg;
use crate::app::session::Pace;
use crate::keymap::Action;

/// The list is there, and no details yet; so many requests a second may leave.
fn paced(count: usize, pace: Pace) -> Probe {
    let mut session = session();
    session.pace = pace;
    let mut app = Probe::new(session, many(count));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app
}

/// How many names arrive within so many seconds.
fn names_within(app: &mut Probe, seconds: u64) -> usize {
    let before = app.model.groups.named();
    for _ in 0..seconds * 20 {
        app.wait(50);
        app.answer_all();
    }
    app.model.groups.named() - before
}

#[test]
fn without_a_limit_sixteen_are_under_way_at_once() {
    let mut app = paced(100, Pace::Unlimited);
    let mut most = 0;
    while app.model.groups.named() < 100 {
        most = most.max(app.open.len());
        app.answer(Operation::GroupDetails);
    }
    assert!((16..=17).contains(&most), "{most}");
}

#[test]
fn reading_stops_and_goes_on_when_the_user_says_so() {
    let mut app = paced(200, Pace::PerSecond(4.0));
    app.answer_all();
    app.press("p");
    assert_eq!(app.model.loading.flow, Flow::Stopped);
    app.answer_all();
    assert_eq!(names_within(&mut app, 10), 0);
    assert!(app.timers.is_empty(), "and nothing wakes the program");
    // What the user looks at is read all the same.
    app.press("G");
    app.wait(200);
    app.answer_all();
    assert!(app.state("g0199").subject().is_some());
    app.press("p");
    let names = names_within(&mut app, 10);
    assert!(
        (39..=80).contains(&names),
        "a screenful and the pace: {names}"
    );
}

#[test]
fn whoever_refreshes_everything_goes_on() {
    let mut app = paced(200, Pace::PerSecond(4.0));
    app.press("p");
    app.answer_all();
    app.press("R");
    app.answer_all();
    assert!(names_within(&mut app, 10) >= 39);
}

#[test]
fn when_all_is_read_there_is_nothing_to_stop() {
    let mut app = Probe::with(many(3));
    app.press("p");
    assert_eq!(app.model.loading.flow, Flow::Going);
    assert!(app.says("Everything is read"));
}

#[test]
fn the_pace_is_doubled_and_halved_up_to_no_limit() {
    let mut app = paced(2_000, Pace::PerSecond(4.0));
    app.answer_all();
    app.play(": f a s t e r enter");
    assert!(app.says("Names are read at 8 a second"));
    assert!((75..=85).contains(&names_within(&mut app, 10)));
    for _ in 0..4 {
        app.play(": f a s t e r enter");
    }
    assert!(app.says("Names are read without a limit"));
    let why_not = |app: &Probe, action| crate::app::update::disabled(&app.model, action);
    let why = why_not(&app, Action::ReadFaster);
    assert_eq!(why.as_deref(), Some("there is no limit already"));
    for _ in 0..8 {
        app.play(": s l o w e r enter");
    }
    assert!(app.says("Names are read at 0.5 a second"));
    let why = why_not(&app, Action::ReadSlower);
    assert_eq!(why.as_deref(), Some("it is the slowest pace already"));
}

#[test]
fn what_was_never_read_comes_before_what_is_old() {
    let mut app = Probe::with(many(40));
    app.wait(100_000);
    for n in 40..45 {
        app.server.groups.push(group(&format!("g{n:04}")));
    }
    app.count_from_here();
    app.press("R");
    app.answer(Operation::ListGroups);
    let view = app.model.size.group_rows();
    app.answer_all();
    let asked: Vec<_> = app.calls.iter().filter_map(Call::group).collect();
    let new: Vec<usize> = (40..45)
        .filter_map(|n| {
            let new = id(&format!("g{n:04}"));
            asked.iter().position(|asked| **asked == new)
        })
        .collect();
    assert_eq!(new.len(), 5);
    // The chosen one and what is in view come first.
    assert!(new.iter().all(|at| *at <= view + 5), "{new:?} of {view}");
}

#[test]
fn a_clock_that_is_put_back_holds_nothing_up() {
    let mut app = paced(200, Pace::PerSecond(4.0));
    app.answer_all();
    app.model.now = crate::domain::Millis(app.model.now.0 - 600_000);
    app.timers.clear();
    app.model.armed = crate::app::model::Armed::default();
    app.press("j");
    app.answer_all();
    assert!(names_within(&mut app, 10) >= 39);
}

#[test]
fn a_list_that_could_not_be_read_again_stops_no_names() {
    let mut app = paced(200, Pace::PerSecond(4.0));
    app.answer_all();
    app.press("R");
    app.fail(Operation::ListGroups, &crate::app::probe::server::gone());
    assert!(!app.model.loading.is_empty());
    for _ in 0..60 {
        names_within(&mut app, 1);
    }
    assert_eq!(app.model.groups.named(), 200);
}

#[test]
fn the_icon_of_the_card_comes_when_the_pace_allows_it() {
    let mut app = paced(40, Pace::PerSecond(0.5));
    names_within(&mut app, 60);
    assert_eq!(app.model.groups.named(), 40);
    assert!(app.operations().contains(&Operation::GetIcon));
    assert!(app.timers.is_empty());
}

//! What a question shows is what is sent, whatever happens behind it.

use fastrand::Rng;

use super::*;
use crate::app::msg::Msg;
use crate::domain::{MemberVerb, WaId, WaIds};

#[test]
fn a_refresh_behind_a_question_changes_neither_the_people_shown_nor_those_sent() {
    let mut app = Probe::in_members();
    app.play("j j j space space space d");
    let shown: Vec<String> = app
        .confirm()
        .people
        .iter()
        .map(|p| p.number.clone())
        .collect();
    // Meanwhile people come and go, and the order is another one.
    app.server.group("a").members = (0..40).rev().map(wa).collect();
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer_all();
    app.wait(5_000);
    let still: Vec<String> = app
        .confirm()
        .people
        .iter()
        .map(|p| p.number.clone())
        .collect();
    assert_eq!(shown, still);
    app.count_from_here();
    app.type_text("3");
    app.press("enter");
    let ids = WaIds::new([wa(3), wa(4), wa(5)]).unwrap();
    let mut expected: Vec<String> = ids.iter().map(crate::domain::WaId::pretty).collect();
    expected.sort();
    let mut sorted = shown.clone();
    sorted.sort();
    assert_eq!(sorted, expected);
    let Call::Members(_, MemberVerb::Remove, sent) = &app.changes()[0] else {
        panic!()
    };
    let mut sent: Vec<String> = sent.iter().map(crate::domain::WaId::pretty).collect();
    sent.sort();
    assert_eq!(sent, expected);
}

#[test]
fn who_left_meanwhile_is_not_sent() {
    let mut app = Probe::in_members();
    app.play("j j j space space d");
    app.server.group("a").members.retain(|id| *id != wa(3));
    app.send(Msg::Asked(crate::keymap::Action::Refresh));
    app.answer_all();
    app.type_text("2");
    app.play("enter");
    let Call::Members(_, _, sent) = &app.changes()[0] else {
        panic!()
    };
    assert_eq!(sent, &WaIds::one(wa(4)));
}

#[test]
fn the_group_a_form_is_about_is_frozen() {
    let mut app = Probe::with([group("a").subject("Alfa"), group("b").subject("Beta")]);
    app.play("e");
    app.server.group("a").subject = "Zeta".into();
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer_all();
    app.type_text("Gama");
    app.play("enter");
    assert_eq!(app.server.group("a").subject, "Gama");
    assert_eq!(app.server.group("b").subject, "Beta");
}

#[test]
fn in_a_thousand_random_cases_the_people_shown_are_the_people_sent() {
    let mut random = Rng::with_seed(3);
    for _ in 0..1_000 {
        let count = random.u64(4..40);
        let mut app = Probe::with([group("a").people(0..count).admins([0])]);
        app.press("2");
        for _ in 0..random.usize(1..30) {
            app.press(["j", "k", "space", "G", "shift-down"][random.usize(..5)]);
        }
        app.press("d");
        if app.model.dialog.is_none() {
            continue;
        }
        let mut shown: Vec<String> = app
            .confirm()
            .people
            .iter()
            .map(|person| person.number.clone())
            .collect();
        // People come, the order and the admins change, the list is read again, marks go.
        let members = &mut app.server.group("a").members;
        members.extend((100..100 + random.u64(..20)).map(wa));
        random.shuffle(members);
        app.server.group("a").admins = vec![wa(0), wa(random.u64(..count))];
        app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
        app.answer_all();
        app.wait(random.u64(..10_000));
        match app.confirm().word.clone() {
            Some(word) => app.type_text(&word.expected),
            None => drop(app.press("right")),
        }
        app.play("enter");
        let mut sent: Vec<String> = app.changes().iter().flat_map(people_of).collect();
        shown.sort();
        sent.sort();
        assert_eq!(shown, sent);
    }
}

fn people_of(call: &Call) -> Vec<String> {
    let Call::Members(_, MemberVerb::Remove, ids) = call else {
        panic!("{call:?}");
    };
    ids.iter().map(WaId::pretty).collect()
}

//! What becomes of a message, and that only the user sends it again.

use super::*;

#[test]
fn an_unknown_message_is_never_sent_again_and_holds_the_later_ones() {
    for why in [silence(), cut(), broken()] {
        let mut app = app();
        app.server.once(Operation::SendToGroup, Manner::Fail(why));
        write(&mut app, "um");
        app.wait(10);
        write(&mut app, "dois");
        app.calm();
        assert_eq!(sent(&app), ["um"]);
        assert!(thread(&app).messages()[0].holds());
        assert!(matches!(app.ends[0].1, End::Unknown(_)));
        app.play("r R 1 5");
        app.wait(600_000);
        app.calm();
        assert_eq!(sent(&app), ["um"], "whatever happens");
        assert!(app.timers.is_empty());
        assert!(!app.model.is_changing());
    }
}

fn menu(app: &Probe) -> &Menu {
    match &app.model.dialog {
        Some(Dialog::Menu(menu)) => menu,
        other => panic!("no menu, but {other:?}"),
    }
}

/// «um» may have been delivered, «dois» waits, and the cursor is on the first.
fn in_doubt() -> Probe {
    let mut app = app();
    app.server
        .once(Operation::SendToGroup, Manner::ApplyThenCut);
    write(&mut app, "um");
    app.wait(10);
    write(&mut app, "dois");
    app.calm();
    app.press_all("g enter");
    assert_eq!(menu(&app).choices.len(), 4);
    app
}

#[test]
fn once_the_user_has_looked_and_said_the_later_ones_leave() {
    for (choice, verdict) in [("2", Verdict::Happened), ("3", Verdict::DidNotHappen)] {
        let mut app = in_doubt();
        app.press(choice);
        app.calm();
        assert_eq!(sent(&app), ["um", "dois"]);
        let entry = Probe::entry(app.intents[0].0);
        assert_eq!(app.settled, [(entry, End::SettledByUser(verdict))]);
        assert_eq!(app.model.journal.doubts.len(), 0, "nor in Activity");
    }
}

#[test]
fn the_key_that_asks_about_a_doubt_does_not_answer_it() {
    let mut app = in_doubt();
    app.press_all("enter");
    assert!(app.model.dialog.is_none());
    app.press_all("esc w e enter");
    app.calm();
    assert!(app.model.dialog.is_none());
    assert_eq!((app.settled.len(), sent(&app)), (0, vec!["um".to_owned()]));
    assert_eq!(app.model.journal.doubts.len(), 1);
}

#[test]
fn what_waited_for_a_doubt_can_be_taken_back_once_the_doubt_is_gone() {
    for keys in ["2", "3", "down enter", "esc w e 2 5"] {
        let mut app = in_doubt();
        app.press_all(keys);
        assert_eq!(app.settled.len(), 1, "{keys}");
        app.wait(2_900);
        assert_eq!(sent(&app), ["um"], "{keys}: not at once");
        app.press("u");
        assert_eq!(thread(&app).draft.text(), "dois");
        app.calm();
        assert_eq!(sent(&app), ["um"], "{keys}");
    }
    let mut app = in_doubt();
    app.press("4");
    app.type_text("again");
    app.press("enter");
    app.wait(2_900);
    assert_eq!(
        sent(&app),
        ["um"],
        "nor when the doubtful one is sent again"
    );
}

#[test]
fn what_is_said_in_activity_is_shown_in_the_messages_too() {
    let mut app = in_doubt();
    app.press_all("esc w e 2");
    app.calm();
    assert_eq!(app.settled.len(), 1);
    assert_eq!(sent(&app), ["um", "dois"], "it holds the others no more");
}

#[test]
fn sending_a_doubtful_message_again_takes_the_typed_word() {
    let mut app = in_doubt();
    app.press("4");
    assert_eq!(app.confirm().word.as_ref().unwrap().expected, "again");
    app.press_all("right enter enter");
    app.calm();
    assert_eq!(sent(&app), ["um"], "not without the word");
    app.type_text("again");
    app.press("enter");
    app.calm();
    assert_eq!(sent(&app), ["um", "um", "dois"], "it keeps its place");
    let names: std::collections::BTreeSet<&CorrelationId> =
        thread(&app).messages().iter().map(|m| &m.id).collect();
    assert_eq!(names.len(), 3, "another message, not the same twice");
}

#[test]
fn who_takes_back_what_was_to_be_sent_again_is_asked_about_the_first_one_as_before() {
    for keys in ["u esc", "R 5 u esc"] {
        let mut app = in_doubt();
        app.press("4");
        app.type_text("again");
        app.press("enter");
        app.wait(1_000);
        assert!(!thread(&app).messages()[0].holds());
        app.press_all(keys);
        assert!(thread(&app).messages()[0].holds());
        app.calm();
        assert_eq!(sent(&app), ["um"], "nothing passes it");
        app.press_all("g enter 2");
        app.calm();
        assert_eq!(sent(&app), ["um", "dois"]);
    }
}

#[test]
fn what_was_to_be_sent_again_and_could_not_be_holds_the_later_ones_once_it_is_dropped() {
    let mut app = in_doubt();
    app.server
        .once(Operation::SendToGroup, Manner::Fail(no_network()));
    app.press("4");
    app.type_text("again");
    app.press("enter");
    app.wait(3_000);
    app.answer(Operation::SendToGroup);
    let rows: Vec<bool> = thread(&app).messages().iter().map(Message::holds).collect();
    assert_eq!(rows, [false, false, false]);
    app.press_all("g j d enter");
    assert!(thread(&app).messages()[0].holds());
    assert_eq!(sent(&app).len(), 3, "the one behind it had left");
}

#[test]
fn a_refused_message_keeps_its_text_and_is_tried_again_by_the_user_only() {
    let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    for why in [forbidden, no_network(), slow_down(Some(2)), gone()] {
        let mut app = app();
        app.server
            .once(Operation::SendToGroup, Manner::Fail(why.clone()));
        write(&mut app, "oi");
        app.calm();
        app.wait(600_000);
        app.calm();
        assert_eq!(sent(&app), ["oi"], "{why:?}");
        assert!(message(&app).is_not_sent(), "{:?}", message(&app));
        assert!(matches!(app.ends[0].1, End::NotApplied(_)));
        app.press("enter");
        app.calm();
        assert_eq!(sent(&app), ["oi", "oi"]);
        assert_eq!(message(&app).state, MessageState::Accepted);
        assert_eq!(thread(&app).messages().len(), 1);
        assert_ne!(app.intents[0].1.correlation, app.intents[1].1.correlation);
    }
}

#[test]
fn trying_again_asks_again_where_many_people_read_it() {
    let mut app = app();
    app.server
        .once(Operation::SendToGroup, Manner::Fail(no_network()));
    app.press("j");
    write(&mut app, "oi");
    app.press_all("right enter");
    app.calm();
    app.press("enter");
    assert_eq!(app.confirm().title, "Send to 118 people");
    app.press("esc");
    app.calm();
    assert_eq!(sent(&app).len(), 1);
}

#[test]
fn a_message_that_was_not_sent_can_be_edited_or_dropped_after_a_question() {
    let mut app = app();
    app.server
        .always(Operation::SendToGroup, Manner::Fail(no_network()));
    write(&mut app, "oi");
    app.calm();
    app.press("d");
    app.press("esc");
    assert_eq!(thread(&app).messages().len(), 1);
    app.press("e");
    assert_eq!(thread(&app).draft.text(), "oi");
    assert_eq!(thread(&app).messages().len(), 0);
    app.press("enter");
    app.calm();
    app.press_all("d enter");
    app.calm();
    assert_eq!(thread(&app).messages().len(), 0);
    assert_eq!(kept(&app), None);
}

#[test]
fn what_could_not_be_recorded_was_not_sent_and_stays_in_the_draft() {
    let mut app = app();
    app.records = false;
    write(&mut app, "oi");
    app.wait(3_000);
    let why = Failure::refused("this cannot be recorded, so it was not sent: disk full");
    app.fail(Operation::SendToGroup, &why);
    app.calm();
    assert!(message(&app).is_not_sent());
    assert_eq!(kept(&app), Some("oi"), "it stands nowhere else");
}

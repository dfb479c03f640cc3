//! What the journal and Activity tell of messages, and where their drafts belong.

use super::*;
use crate::app::messages::conversation::Conversation;

#[test]
fn the_journal_tells_what_was_sent_before_and_is_asked_only_when_one_looks() {
    let mut app = app();
    app.history = Ok(vec![
        entry(
            3,
            "três",
            EntryState::Ended(End::NotApplied("403: no".into())),
        ),
        entry(2, "dois", EntryState::Ended(End::Unknown("cut".into()))),
        entry(1, "um", EntryState::Ended(End::Applied)),
    ]);
    assert!(app.model.messages.of(&id("a")).is_none());
    app.press("5");
    let texts: Vec<&str> = thread(&app)
        .messages()
        .iter()
        .map(|m| m.text.as_str())
        .collect();
    assert_eq!(texts, ["um", "dois", "três"]);
    write(&mut app, "quatro");
    app.calm();
    assert_eq!(sent(&app), [""; 0], "the doubtful one is first");
    app.press_all("g j enter 2");
    app.calm();
    assert_eq!(sent(&app), ["quatro"]);
    assert_eq!(
        app.settled,
        [(EntryId(2), End::SettledByUser(Verdict::Happened))]
    );
}

#[test]
fn a_history_that_cannot_be_read_is_read_again_with_r() {
    let mut app = app();
    app.history = Err("disk".into());
    app.press("5");
    assert_eq!(thread(&app).messages().len(), 0);
    app.history = Ok(vec![entry(1, "um", EntryState::Ended(End::Applied))]);
    app.press("r");
    assert_eq!(thread(&app).messages().len(), 1);
    app.press("r");
    assert_eq!(thread(&app).messages().len(), 1);
}

#[test]
fn nothing_leaves_before_it_is_known_what_was_sent_earlier() {
    let unknown = entry(1, "um", EntryState::Ended(End::Unknown("cut".into())));
    let mut app = app();
    app.model.session.send_delay = std::time::Duration::ZERO;
    app.history = Err("the journal is in use".into());
    write(&mut app, "dois");
    app.calm();
    assert_eq!(sent(&app), [""; 0]);
    assert!(message(&app).is_not_sent());
    assert!(matches!(&message(&app).state, MessageState::NotSent(why) if why.contains("in use")));
    assert_eq!(kept(&app), Some("dois"));
    // Tried again, it is read again.
    app.history = Ok(vec![unknown]);
    app.press("enter");
    app.calm();
    assert_eq!(sent(&app), [""; 0], "the doubtful one is first");
    app.press_all("g enter 2");
    app.calm();
    assert_eq!(sent(&app), ["dois"]);
}

#[test]
fn a_message_waits_for_what_is_still_being_read() {
    let mut app = app();
    app.model.session.send_delay = std::time::Duration::ZERO;
    app.silent_history = true;
    write(&mut app, "dois");
    app.calm();
    assert_eq!(sent(&app), [""; 0]);
    app.press("q");
    assert!(app.confirm().lines[0].contains("A message to Corrida has not left yet"));
    app.press("esc");
    app.send(Msg::History(ACCOUNT.into(), id("a"), Ok(vec![])));
    app.calm();
    assert_eq!(sent(&app), ["dois"]);
}

#[test]
fn what_another_account_wrote_is_not_shown_when_it_comes_late() {
    let mut app = app();
    let read = || Ok(vec![entry(1, "um", EntryState::Ended(End::Applied))]);
    app.press("5");
    app.send(Msg::History("eva".into(), id("a"), read()));
    assert_eq!(thread(&app).messages(), []);
    app.send(Msg::History(ACCOUNT.into(), id("a"), read()));
    assert_eq!(thread(&app).messages().len(), 1);
}

#[test]
fn what_was_taken_up_again_or_dropped_does_not_come_back() {
    for keys in ["e", "enter", "d enter"] {
        let mut app = app();
        app.server
            .once(Operation::SendToGroup, Manner::Fail(no_network()));
        write(&mut app, "oi");
        app.calm();
        let refused = Probe::entry(app.intents[0].0);
        app.press_all(keys);
        assert!(app.put_away.contains(&refused), "{keys}");
        app.press_all("esc r 1 5 r");
        let rows = thread(&app).messages();
        assert!(rows.iter().all(|message| !message.is_not_sent()), "{keys}");
        app.calm();
        let again = usize::from(keys == "enter");
        assert_eq!(sent(&app).len(), 1 + again, "{keys}");
        app.press("r");
        assert_eq!(thread(&app).messages().len(), again, "{keys}");
        let kept = (keys == "e").then_some("oi");
        assert_eq!(self::kept(&app), kept, "{keys}");
    }
}

#[test]
fn what_was_dropped_does_not_come_back_with_the_next_start_either() {
    let mut app = app();
    let refused = EntryState::Ended(End::NotApplied("403: no".into()));
    app.history = Ok(vec![
        entry(2, "dois", EntryState::Ended(End::Applied)),
        entry(1, "um", refused),
    ]);
    app.press_all("5 g d enter");
    let mut next = self::app();
    next.history = app.history;
    next.put_away = app.put_away;
    next.press("5");
    let rows = thread(&next).messages().iter();
    let texts: Vec<&str> = rows.map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["dois"]);
}

#[test]
fn a_draft_is_kept_anew_without_what_stands_in_the_journal_meanwhile() {
    let mut app = Probe::new(session(), [group("a").people(0..3)]);
    app.drafts.insert((ACCOUNT.into(), id("a")), "dois".into());
    app.send(Msg::Started);
    app.answer_all();
    // As if the store had more than it told.
    app.drafts.clear();
    app.wait(1_000);
    assert_eq!(kept(&app), Some("dois"));
}

#[test]
fn drafts_that_could_not_be_read_are_not_written_over() {
    for quits in [false, true] {
        let mut app = Probe::new(session(), [group("a").people(0..3)]);
        app.drafts
            .insert((ACCOUNT.into(), id("a")), "antigo".into());
        app.unread_drafts = Some("the journal is in use".into());
        app.send(Msg::Started);
        app.calm();
        assert!(app.toasts().is_empty(), "nobody writes");
        app.press("m");
        app.type_text("novo");
        app.wait(1_000);
        assert!(app.says("Drafts cannot be read"));
        assert!(app.says("the journal is in use"));
        assert_eq!(kept(&app), Some("antigo"));
        app.calm();
        assert!(app.timers.is_empty(), "{:?}", app.timers);
        if quits {
            app.send(Msg::Terminated);
        } else {
            app.unread_drafts = None;
            app.press("!");
            app.wait(1_000);
            assert_eq!(thread(&app).draft.text(), "antigo\nnovo!");
            app.wait(1_000);
        }
        let all = if quits {
            "antigo\nnovo"
        } else {
            "antigo\nnovo!"
        };
        assert_eq!(kept(&app), Some(all));
    }
}

#[test]
fn who_begins_to_write_is_shown_a_draft_that_was_not_known_before() {
    let mut app = app();
    app.model.messages = crate::app::messages::Messages::default();
    app.drafts
        .insert((ACCOUNT.into(), id("a")), "antigo".into());
    app.press("m");
    assert_eq!(thread(&app).draft.text(), "antigo");
}

#[test]
fn drafts_that_cannot_be_kept_are_told_of_once() {
    let mut app = app();
    for _ in 0..2 {
        app.send(Msg::DraftNotKept("disk full".into()));
        app.press("esc");
    }
    let told =
        app.model.activity.iter().filter(
            |entry| matches!(&entry.what, What::Notice(_, text) if text.contains("disk full")),
        );
    assert_eq!(told.count(), 1);
}

#[test]
fn a_failed_message_in_activity_leads_to_its_row() {
    let mut app = app();
    app.server
        .once(Operation::SendToGroup, Manner::Fail(no_network()));
    write(&mut app, "um");
    app.calm();
    write(&mut app, "dois");
    app.calm();
    app.press("6");
    app.in_activity(|call| matches!(call, Call::Send(message) if message.text.as_str() == "um"));
    app.press("r");
    assert_eq!(app.model.pane, Pane::Messages);
    let conversation = Conversation::of(&app.model, &id("a"));
    assert_eq!(conversation.current_own().unwrap().text.as_str(), "um");
    assert_eq!(sent(&app).len(), 2);
}

#[test]
fn no_notice_nor_entry_of_activity_repeats_the_words_of_a_message() {
    let mut app = app();
    let all = [no_network(), silence()];
    for why in all {
        app.server.once(Operation::SendToGroup, Manner::Fail(why));
        write(&mut app, "segredo");
        app.press("2");
        app.calm();
    }
    let notices = app.model.activity.iter().map(|entry| &entry.what);
    let notices: Vec<&What> = notices
        .filter(|what| matches!(what, What::Notice(..)))
        .collect();
    let told = format!("{:?} {notices:?}", app.toasts());
    assert!(
        told.contains("Corrida") && !told.contains("segredo"),
        "{told}"
    );
}

#[test]
fn the_group_id_of_a_draft_decides_and_not_the_row_of_the_list() {
    let mut app = app();
    app.press("m");
    app.type_text("para a corrida");
    let other: GroupId = id("b");
    let slot = app.model.groups.slot(&other).unwrap();
    app.model.list.select(&app.model.groups, slot);
    app.press("enter");
    app.calm();
    assert!(app.calls.iter().all(|call| call.group() == Some(&id("a"))));
    assert_eq!(sent(&app), ["para a corrida"]);
}

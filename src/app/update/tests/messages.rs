//! Writing to a group: drafts, the seconds before a message leaves, what becomes of it, and that
//! nothing is sent twice.

mod ends;
mod history;
mod outside;

use super::*;
use crate::app::activity::What;
use crate::app::dialog::{Button, Dialog, Menu};
use crate::app::messages::{Message, MessageState, Thread};
use crate::app::model::Pane;
use crate::app::msg::Msg;
use crate::app::probe::server::{
    broken, cut, failure, gone, no_network, refused_token, silence, slow_down,
};
use crate::app::toasts::{Level, Toast};
use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryState, Intent, Verdict,
};
use crate::domain::{Access, CorrelationId, Failure, FailureKind, GroupId, Millis, Sent};
use crate::keymap::{Code, Key};

const ACCOUNT: &str = "ana@example.org at api-messaging.wavy.global";

/// Two groups, the first one being chosen: a few people, and many.
fn app() -> Probe {
    Probe::with([
        group("a").subject("Corrida").people(0..24).admins([0]),
        group("b").subject("Vizinhos").people(0..118).admins([0]),
    ])
}

fn write(app: &mut Probe, text: &str) {
    app.press("m");
    app.type_text(text);
    app.press("enter");
}

fn thread(app: &Probe) -> &Thread {
    app.model
        .messages
        .of(&id("a"))
        .expect("something was written")
}

fn message(app: &Probe) -> &Message {
    thread(app).messages().last().expect("there is a message")
}

fn sent(app: &Probe) -> Vec<String> {
    let mut texts = Vec::new();
    for call in &app.calls {
        if let Call::Send(message) = call {
            texts.push(message.text.as_str().to_owned());
        }
    }
    texts
}

fn kept(app: &Probe) -> Option<&str> {
    let draft = app.drafts.get(&(ACCOUNT.to_owned(), id("a")));
    draft.map(String::as_str)
}

fn entry(number: i64, text: &str, state: EntryState) -> Entry {
    Entry {
        id: EntryId(number),
        begun: Millis(u64::try_from(number).unwrap()),
        ended: None,
        intent: Some(Intent {
            account: ACCOUNT.into(),
            group: Some(id("a")),
            group_name: "Corrida".into(),
            kind: ChangeKind::SendToGroup,
            people: vec![],
            before: Before::Unknown,
            after: text.into(),
            correlation: Some(CorrelationId::from_bits(number.unsigned_abs().into())),
        }),
        state,
        doubt: String::new(),
        is_overtaken: false,
        person: String::new(),
    }
}

#[test]
fn answering_in_a_group_is_two_keys_and_the_text_and_one_call() {
    let mut app = app();
    write(&mut app, "oi");
    assert_eq!(app.keys, 2 + "oi".len());
    assert_eq!(app.calls, [], "not before its time");
    app.wait(2_999);
    assert_eq!(app.calls, []);
    app.wait(1);
    app.answer_all();
    assert_eq!(sent(&app), ["oi"]);
    let Call::Send(written) = &app.calls[0] else {
        panic!("{:?}", app.calls);
    };
    assert_eq!((&written.group, &written.id), (&id("a"), &message(&app).id));
    assert_eq!(message(&app).state, MessageState::Accepted);
    let (_, intent) = &app.intents[0];
    assert_eq!(
        (
            intent.kind,
            intent.after.as_str(),
            intent.correlation.as_ref()
        ),
        (ChangeKind::SendToGroup, "oi", Some(&written.id))
    );
    assert_eq!(app.ends[0].1, End::Applied);
    app.calm();
    assert_eq!(app.calls.len(), 1);
}

#[test]
fn u_takes_a_message_back_wherever_one_is_and_nothing_leaves() {
    for keys in ["", "1", "2", "6"] {
        let mut app = app();
        write(&mut app, "oi");
        app.wait(2_000);
        app.press_all(keys);
        app.press("u");
        assert_eq!(thread(&app).draft.text(), "oi");
        assert_eq!(app.model.messages.composing(), Some(&id("a")));
        app.calm();
        assert_eq!((app.calls.len(), app.intents.len()), (0, 0), "{keys}");
        assert_eq!(kept(&app), Some("oi"));
    }
}

#[test]
fn what_is_taken_back_pushes_nothing_out_of_the_composer() {
    let mut app = app();
    write(&mut app, "um");
    app.press("m");
    app.type_text("dois");
    app.press_all("esc u");
    assert_eq!(thread(&app).draft.text(), "um\ndois");
    app.calm();
    assert_eq!(sent(&app), [""; 0]);
}

#[test]
fn two_messages_are_taken_back_one_after_the_other_the_newest_first() {
    let mut app = app();
    write(&mut app, "um");
    app.wait(100);
    write(&mut app, "dois");
    app.press_all("u esc u");
    assert_eq!(thread(&app).draft.text(), "um\ndois");
    assert_eq!(app.calls, []);
}

#[test]
fn enter_pressed_twice_leaves_u_free_to_take_the_message_back() {
    let mut app = app();
    write(&mut app, "oi");
    app.press("enter");
    assert!(app.model.messages.composing().is_none());
    assert_eq!(app.toasts(), [] as [&Toast; 0], "nothing lies on its row");
    app.press("u");
    assert_eq!(thread(&app).draft.text(), "oi");
    app.calm();
    assert_eq!(app.calls, []);
}

#[test]
fn what_has_left_is_not_taken_back() {
    let mut app = app();
    write(&mut app, "oi");
    app.wait(3_000);
    app.press("u");
    assert!(app.says("Nothing to undo"));
    app.calm();
    assert_eq!(sent(&app), ["oi"]);
}

#[test]
fn without_a_delay_it_leaves_at_once() {
    let mut app = app();
    app.model.session.send_delay = std::time::Duration::ZERO;
    write(&mut app, "oi");
    assert_eq!(sent(&app), ["oi"]);
}

#[test]
fn more_people_than_the_limit_are_asked_about_and_cancel_has_the_focus() {
    let mut app = app();
    app.press("j");
    write(&mut app, "Reunião às 7h");
    let confirm = app.confirm();
    assert_eq!(confirm.focus, Button::Cancel);
    assert_eq!(confirm.title, "Send to 118 people");
    assert_eq!(confirm.place, Some(("To", "Vizinhos".to_owned())));
    assert!(confirm.lines[0].contains("Reunião às 7h"));
    app.press("enter");
    let draft = &app.model.messages.of(&id("b")).unwrap().draft;
    assert_eq!(draft.text(), "Reunião às 7h", "it is still there");
    assert!(app.model.messages.composing().is_some());
    app.calm();
    assert_eq!(app.calls, []);
    app.press_all("enter right enter");
    app.calm();
    assert_eq!(sent(&app), ["Reunião às 7h"]);
}

#[test]
fn the_limit_itself_is_not_asked_about_and_no_letter_confirms() {
    let mut app = app();
    app.model.session.confirm_send_over = 118;
    app.press("j");
    write(&mut app, "oi");
    assert!(app.model.dialog.is_none());
    app.model.session.confirm_send_over = 117;
    write(&mut app, "de novo");
    app.type_text("ysendYS");
    assert_eq!(app.confirm().focus, Button::Cancel);
    app.press("esc");
    app.calm();
    assert_eq!(sent(&app), ["oi"]);
}

#[test]
fn when_nobody_knows_how_many_people_there_are_it_asks() {
    let mut app = Probe::new(session(), [group("a")]);
    app.server.always(Operation::GroupDetails, Manner::Silent);
    app.send(Msg::Started);
    app.answer_all();
    write(&mut app, "oi");
    assert!(app.confirm().title.contains("nobody knows how many"));
    assert_eq!(app.confirm().focus, Button::Cancel);
}

#[test]
fn nothing_and_too_much_is_not_sent_and_nothing_is_cut() {
    let mut app = app();
    write(&mut app, "  ");
    assert!(app.says("There is nothing to send"));
    let long = "x".repeat(5_000);
    app.paste(&long);
    app.wait(1_000);
    app.press("enter");
    app.calm();
    assert_eq!(app.calls, []);
    assert_eq!(thread(&app).draft.text().trim(), long);
}

#[test]
fn new_lines_and_pastes_never_submit() {
    let mut app = app();
    app.press("m");
    app.type_text("um");
    app.press("ctrl-j");
    app.type_text("dois");
    let alt_enter = Key {
        alt: true,
        ..Key::plain(Code::Enter)
    };
    app.key(alt_enter);
    app.paste("três\r\nquatro\n");
    app.press("enter");
    assert_eq!(thread(&app).draft.text(), "um\ndois\ntrês\nquatro\n\n");
    app.calm();
    assert_eq!(app.calls, []);
    app.wait(1_000);
    app.press("enter");
    app.calm();
    assert_eq!(sent(&app), ["um\ndois\ntrês\nquatro"]);
}

#[test]
fn a_draft_is_kept_within_a_second_and_belongs_to_its_group() {
    let mut app = app();
    app.press("m");
    app.type_text("oi");
    assert_eq!(kept(&app), None);
    app.wait(1_000);
    assert_eq!(kept(&app), Some("oi"));
    app.press("!");
    app.press("esc");
    assert_eq!(kept(&app), Some("oi!"), "leaving keeps it at once");
    app.wait(1_000);
    assert!(app.timers.is_empty(), "{:?}", app.timers);
    app.press_all("1 j m");
    app.type_text("outra");
    app.press("esc");
    app.press_all("1 k m");
    assert_eq!(thread(&app).draft.text(), "oi!");
    app.press("ctrl-u");
    app.wait(1_000);
    assert_eq!(kept(&app), None);
    assert_eq!(app.drafts.len(), 1);
}

#[test]
fn a_draft_of_an_earlier_run_is_there_again() {
    let mut app = Probe::new(session(), [group("a").people(0..3)]);
    app.drafts
        .insert((ACCOUNT.into(), id("a")), "um\ndois".into());
    app.drafts
        .insert(("eva".into(), id("a")), "de outra".into());
    app.send(Msg::Started);
    app.calm();
    app.press("m");
    assert_eq!(thread(&app).draft.text(), "um\ndois");
    app.press("enter");
    app.calm();
    assert_eq!(sent(&app), ["um\ndois"]);
    assert_eq!(app.drafts.len(), 1, "the other account keeps its own");
}

#[test]
fn the_draft_goes_when_the_message_stands_in_the_journal_and_not_before() {
    let mut app = app();
    write(&mut app, "oi");
    assert_eq!(kept(&app), Some("oi"));
    app.wait(2_900);
    assert_eq!(kept(&app), Some("oi"));
    app.wait(200);
    assert_eq!((app.intents.len(), kept(&app)), (1, None));
}

#[test]
fn quitting_asks_about_a_message_that_has_not_left_and_keeps_its_text() {
    let mut app = app();
    write(&mut app, "oi");
    app.press("q");
    assert!(app.confirm().lines[0].contains("A message to Corrida has not left yet"));
    assert!(app.exit.is_none());
    app.wait(60_000);
    assert_eq!(app.calls, [], "it stays true while the question is open");
    app.press_all("right enter");
    assert!(app.exit.is_some());
    assert_eq!((sent(&app).len(), kept(&app)), (0, Some("oi")));
}

#[test]
fn who_does_not_quit_after_all_has_sent_it() {
    let mut app = app();
    write(&mut app, "oi");
    app.press("q");
    app.wait(60_000);
    app.press("esc");
    app.calm();
    assert_eq!(sent(&app), ["oi"]);
}

#[test]
fn an_end_from_outside_keeps_what_was_typed_last() {
    let mut app = app();
    write(&mut app, "um");
    app.press("m");
    app.type_text("dois");
    app.send(Msg::Terminated);
    assert!(app.exit.is_some());
    assert_eq!((sent(&app).len(), kept(&app)), (0, Some("um\ndois")));
}

#[test]
fn quitting_while_a_message_is_on_its_way_is_asked_about_as_for_every_change() {
    let mut app = app();
    write(&mut app, "oi");
    app.wait(3_000);
    app.press("q");
    assert!(app.confirm().lines[0].contains("A change is on its way"));
}

#[test]
fn messages_of_one_group_leave_one_after_another_in_their_order() {
    let mut app = app();
    for text in ["um", "dois", "três"] {
        write(&mut app, text);
    }
    app.wait(3_000);
    assert_eq!(sent(&app), ["um"]);
    app.wait(3_000);
    assert_eq!(sent(&app), ["um"], "not before the first has its answer");
    app.calm();
    assert_eq!(sent(&app), ["um", "dois", "três"]);
}

#[test]
fn while_the_server_wants_to_be_left_alone_a_message_waits_in_sight() {
    let mut app = app();
    app.server
        .once(Operation::ListGroups, Manner::Fail(slow_down(Some(20))));
    app.press("1");
    app.play("R");
    write(&mut app, "oi");
    app.wait(10_000);
    assert_eq!(sent(&app), [""; 0]);
    assert!(matches!(message(&app).state, MessageState::Leaving(at) if at > app.model.now));
    app.press("u");
    assert_eq!(thread(&app).draft.text(), "oi");
    app.press("enter");
    app.calm();
    assert_eq!(sent(&app), ["oi"]);
}

#[test]
fn where_nothing_can_be_written_the_reason_is_told_and_the_draft_stays() {
    let mut app = app();
    app.press("m");
    app.type_text("oi");
    app.server.groups.retain(|group| group.id == id("b"));
    app.press("esc");
    app.press("m");
    app.type_text("!");
    // The group goes while it is being written to: what is typed reaches no other.
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.calm();
    app.type_text("?");
    app.paste(" Ainda aqui");
    app.wait(1_000);
    app.press("enter");
    assert!(app.says("This group is no longer in the list"));
    assert_eq!(app.clip(), "oi!? Ainda aqui", "nothing else leads to it");
    app.calm();
    assert_eq!(sent(&app), [""; 0]);
    assert_eq!(kept(&app), Some("oi!? Ainda aqui"));
    assert!(app.model.messages.of(&id("b")).is_none());
    app.press("esc");
    assert_eq!(app.model.thread_group(), Some(&id("b")));
}

#[test]
fn a_group_that_goes_before_the_message_leaves_gets_none() {
    let mut app = app();
    write(&mut app, "oi");
    app.server.groups.retain(|group| group.id == id("b"));
    app.press("1");
    app.play("R");
    app.calm();
    assert_eq!(sent(&app), [""; 0]);
    assert!(message(&app).is_not_sent());
    assert_eq!(app.notice().0, Level::Error);
    assert!(app.notice().1.contains("for when the group returns"));
    assert_eq!(kept(&app), Some("oi"));
}

#[test]
fn read_only_writes_nothing_and_says_why() {
    let mut session = session();
    session.access = Access::ReadOnly;
    let mut app = Probe::new(session, [group("a").people(0..3)]);
    app.send(Msg::Started);
    app.calm();
    app.press("m");
    assert!(app.says("This program runs read-only"));
    assert!(app.model.messages.composing().is_none());
    app.press("5");
    assert_eq!(app.model.pane, Pane::Messages);
    app.press("enter");
    assert!(app.model.messages.composing().is_none());
}

#[test]
fn a_refused_token_sends_nothing_that_waited() {
    let mut app = app();
    app.server
        .once(Operation::ListGroups, Manner::Fail(refused_token()));
    write(&mut app, "oi");
    app.press("1");
    app.play("R");
    app.wait(5_000);
    assert_eq!(sent(&app), [""; 0]);
    assert!(message(&app).is_not_sent());
    app.type_text("token");
    app.press("enter");
    app.calm();
    assert_eq!(
        sent(&app),
        [""; 0],
        "connecting again sends nothing by itself"
    );
}

#[test]
fn another_account_sees_neither_messages_nor_drafts_of_this_one() {
    let mut app = app();
    app.server
        .once(Operation::ListGroups, Manner::Fail(refused_token()));
    app.press("m");
    app.type_text("rascunho");
    app.press("esc");
    app.press("1");
    app.play("R");
    app.press("shift-tab");
    app.press("ctrl-u");
    app.type_text("eva");
    app.press("tab");
    app.type_text("token");
    app.press("enter");
    app.calm();
    assert!(
        app.model
            .messages
            .of(&id("a"))
            .is_none_or(|t| t.draft.is_blank())
    );
    assert_eq!(kept(&app), Some("rascunho"));
}

//! What other people write: counted, shown in its group, read once looked at; and what the provider
//! reports of our own messages.

use super::*;
use crate::app::dialog::Dialog;
use crate::app::list::SortBy;
use crate::app::messages::MessageState;
use crate::app::messages::conversation::Conversation;
use crate::app::msg::Msg;
use crate::app::probe::server::{gone, silence};
use crate::app::received::Page;
use crate::app::toasts::Level;
use crate::domain::journal::{self, End};
use crate::domain::{
    Content, CorrelationId, DeliveryState, GroupId, Kept, Lane, LaneSummary, Millis, News,
    Overview, Seq,
};

const ANA: &str = "5511900000001";

fn app() -> Probe {
    Probe::with([
        group("a").subject("Corrida").people(0..24).admins([0]),
        group("b").subject("Vizinhos").people(0..30).admins([0]),
    ])
}

fn lane(text: &str) -> Lane {
    Lane::Group(GroupId::new(text).unwrap())
}

fn unread(app: &Probe, group: &str) -> usize {
    let chat = app.model.received.of(&lane(group));
    chat.map_or(0, crate::app::received::Chat::unread)
}

fn overview(kept: &Kept, total: usize, unread: usize) -> Overview {
    Overview {
        lanes: vec![LaneSummary {
            lane: kept.message.lane.clone(),
            total,
            unread,
            first_unread: Some(kept.seq),
            newest: kept.clone(),
        }],
        last: kept.seq,
    }
}

fn written(app: &Probe) -> (CorrelationId, MessageState) {
    let thread = app.model.messages.of(&id("a")).unwrap();
    let message = thread.messages().last().unwrap();
    (message.id.clone(), message.state.clone())
}

/// Writes and waits until the message has left; its call is not answered.
fn send(app: &mut Probe) -> CorrelationId {
    app.play("m");
    app.type_text("Bom dia");
    app.press("enter");
    app.wait(4_000);
    let (name, state) = written(app);
    assert!(matches!(state, MessageState::Sending(_)), "{state:?}");
    name
}

#[test]
fn a_message_counts_as_unread_until_its_end_is_looked_at() {
    let mut app = app();
    app.hears("a", ANA, "oi");
    app.hears("b", ANA, "olá");
    app.hears("a", ANA, "tudo bem?");
    assert_eq!((unread(&app, "a"), unread(&app, "b")), (2, 1));
    assert!(app.read.is_empty());
    app.play("5");
    assert_eq!((unread(&app, "a"), unread(&app, "b")), (0, 1));
    assert_eq!(app.read, [(lane("a"), Seq(3))]);
    let chat = app.model.received.of(&lane("a")).unwrap();
    assert_eq!((chat.messages().len(), chat.new_count()), (2, 2));
    app.hears("a", ANA, "alguém?");
    assert_eq!(
        app.read.last(),
        Some(&(lane("a"), Seq(4))),
        "somebody looks"
    );
}

#[test]
fn what_the_store_has_is_there_at_the_start_and_is_read_when_it_is_shown() {
    let mut app = app();
    let texts = ["um", "dois"].map(|text| Content::Text(text.into()));
    let [_, newest] = texts.map(|text| app.keep_received(lane("a"), ANA, "Ana", text));
    app.send(Msg::Looked(Ok(overview(&newest, 2, 1))));
    let chat = app.model.received.of(&lane("a")).unwrap();
    assert_eq!((chat.page.clone(), chat.unread()), (Page::Unread, 1));
    app.play("5");
    let chat = app.model.received.of(&lane("a")).unwrap();
    assert_eq!((chat.page.clone(), chat.messages().len()), (Page::Whole, 2));
    assert_eq!(chat.new_from(), Some(newest.seq));
}

#[test]
fn passing_by_in_the_list_reads_nothing() {
    let mut app = app();
    app.play("5 1");
    app.hears("b", ANA, "olá");
    app.play("j");
    app.wait(1_000);
    assert_eq!(unread(&app, "b"), 1, "its messages stand beside the list");
    app.play("5");
    assert_eq!(unread(&app, "b"), 0);
}

#[test]
fn a_group_that_nobody_knows_makes_the_list_be_read_again_once_a_minute() {
    let mut app = app();
    app.count_from_here();
    app.hears("a", ANA, "oi");
    assert_eq!(app.calls, []);
    app.hears("new", ANA, "oi");
    app.answer_all();
    app.hears("other", ANA, "oi");
    app.answer_all();
    let lists = |app: &Probe| {
        app.calls
            .iter()
            .filter(|call| **call == Call::Index)
            .count()
    };
    assert_eq!(lists(&app), 1);
    app.wait(61_000);
    app.hears("new", ANA, "oi?");
    app.answer_all();
    assert_eq!(lists(&app), 2);
}

#[test]
fn a_report_confirms_a_message_whose_answer_never_came() {
    for early in [true, false] {
        let mut app = app();
        let name = send(&mut app);
        if early {
            app.reported(&name, DeliveryState::Sent);
        }
        app.fail(Operation::SendToGroup, &silence());
        if !early {
            assert!(matches!(written(&app).1, MessageState::Unknown(_)));
            app.reported(&name, DeliveryState::Delivered);
        }
        assert_eq!(written(&app).1, MessageState::Accepted, "{early}");
        let settled = app.ends.iter().map(|(_, end)| end);
        let settled: Vec<&End> = settled
            .chain(app.settled.iter().map(|(_, end)| end))
            .collect();
        assert_eq!(settled.last(), Some(&&End::Applied), "{early}");
        assert!(app.model.journal.doubts.is_empty());
        let fate = app.model.received.fate(&name).unwrap();
        assert_eq!(*fate == DeliveryState::Sent, early);
    }
}

#[test]
fn a_message_that_did_not_arrive_is_told_once_and_where_it_is_not_seen() {
    let mut app = app();
    let name = send(&mut app);
    app.answer_all();
    app.play("1 j 2");
    let failed = DeliveryState::Failed {
        code: Some(104),
        word: String::new(),
    };
    app.reported(&name, failed.clone());
    app.reported(&name, failed);
    let told = app
        .model
        .toasts
        .iter()
        .filter(|toast| toast.level == Level::Error);
    let told: Vec<&str> = told.map(|toast| toast.title.as_str()).collect();
    assert_eq!(told, ["Message to Corrida was not delivered"]);
}

#[test]
fn a_report_about_somebody_elses_message_does_no_harm() {
    let mut app = app();
    app.count_from_here();
    app.reported(&CorrelationId::from_bits(7), DeliveryState::Read);
    assert_eq!((app.calls.len(), app.settled.len()), (0, 0));
}

/// Writes a message whose answer never comes.
fn doubtful() -> (Probe, CorrelationId) {
    let mut app = app();
    let name = send(&mut app);
    app.fail(Operation::SendToGroup, &silence());
    assert!(matches!(written(&app).1, MessageState::Unknown(_)));
    (app, name)
}

#[test]
fn a_report_knows_better_than_what_the_user_said() {
    for verdict in ["2", "3"] {
        let (mut app, name) = doubtful();
        app.press_all(&format!("enter {verdict}"));
        assert!(matches!(written(&app).1, MessageState::Said(_)));
        app.reported(&name, DeliveryState::Delivered);
        assert_eq!(written(&app).1, MessageState::Accepted, "{verdict}");
        app.press("enter");
        assert!(
            app.model.messages.composing().is_some(),
            "it writes another"
        );
    }
}

#[test]
fn what_was_reported_while_the_question_was_open_is_not_sent_again() {
    let (mut app, name) = doubtful();
    app.press_all("enter 4");
    app.reported(&name, DeliveryState::Sent);
    app.type_text("again");
    app.press("enter");
    assert!(app.says("Not sent again"));
    app.calm();
    let thread = app.model.messages.of(&id("a")).unwrap();
    assert_eq!(thread.messages().len(), 1);
    assert_eq!(written(&app).1, MessageState::Accepted);
}

#[test]
fn what_was_reported_while_a_menu_was_open_stays_as_it_was_reported() {
    for (keys, verdict) in [("enter", "3"), ("w e", "3"), ("enter", "4")] {
        let (mut app, name) = doubtful();
        app.press_all(keys);
        assert!(matches!(app.model.dialog, Some(Dialog::Menu(_))), "{keys}");
        let settled = app.settled.len();
        app.reported(&name, DeliveryState::Read);
        app.press(verdict);
        assert_eq!(written(&app).1, MessageState::Accepted, "{keys}");
        let ends: Vec<&End> = app.settled[settled..].iter().map(|(_, end)| end).collect();
        assert_eq!(ends, [&End::Applied], "{keys}");
        assert!(app.model.dialog.is_none());
        assert!(app.says("It is known meanwhile"), "{keys}");
    }
}

#[test]
fn a_history_that_comes_behind_a_report_makes_no_doubt_of_it() {
    let mut app = app();
    let name = CorrelationId::from_bits(7);
    app.reported(&name, DeliveryState::Delivered);
    app.history = Ok(vec![journal::Entry {
        id: journal::EntryId(7),
        begun: Millis(7),
        ended: None,
        intent: Some(journal::Intent {
            account: "ana@example.org at api-messaging.wavy.global".into(),
            group: Some(id("a")),
            group_name: "Corrida".into(),
            kind: journal::ChangeKind::SendToGroup,
            people: vec![],
            before: journal::Before::Unknown,
            after: "oi".into(),
            correlation: Some(name),
        }),
        state: journal::EntryState::Ended(End::Unknown("cut".into())),
        doubt: String::new(),
        is_overtaken: false,
        person: String::new(),
    }]);
    app.press("5");
    assert_eq!(written(&app).1, MessageState::Accepted);
}

#[test]
fn what_cannot_be_seen_is_not_read() {
    let mut app = app();
    app.hears("a", ANA, "oi");
    app.play("5");
    let size = |width, height| Msg::Resized(crate::app::layout::Size { width, height });
    app.send(size(30, 8));
    app.hears("a", ANA, "alguém?");
    assert_eq!(unread(&app, "a"), 1, "the window is too small");
    app.send(size(80, 24));
    assert_eq!(unread(&app, "a"), 0);
    app.press("?");
    app.hears("a", ANA, "estão aí?");
    assert_eq!(unread(&app, "a"), 1, "the help is in front of it");
    app.press("esc");
    assert_eq!(unread(&app, "a"), 0);
}

#[test]
fn what_comes_is_read_also_where_older_ones_could_not_be_read() {
    let mut app = app();
    app.hears("a", ANA, "oi");
    app.play("5");
    app.model.received.of_mut(&lane("a")).page = Page::Failed("no disk".into());
    app.hears("a", ANA, "alguém?");
    assert_eq!(unread(&app, "a"), 0, "it is on the screen");
}

#[test]
fn what_stands_at_the_end_is_read_whatever_was_under_the_cursor_before() {
    let mut app = app();
    for text in ["um", "dois", "três"] {
        app.hears("a", ANA, text);
    }
    app.play("5 k");
    // The store removes old messages, and the rest is read anew.
    let newest = app.received[2].clone();
    app.received.drain(..2);
    app.send(Msg::Looked(Ok(overview(&newest, 1, 1))));
    assert_eq!(unread(&app, "a"), 0);
}

/// So many messages in a group, told as the runtime tells them.
fn flood(app: &mut Probe, group: &str, count: usize) {
    let mut messages = Vec::new();
    for n in 0..count {
        messages.push(app.keep_received(lane(group), ANA, "", Content::Text(n.to_string())));
        if messages.len() == 500 || n + 1 == count {
            let messages = std::mem::take(&mut messages);
            app.send(Msg::Arrived(News {
                messages,
                ..News::default()
            }));
        }
    }
}

fn seqs(app: &Probe, group: &str) -> Vec<i64> {
    let chat = app.model.received.of(&lane(group)).unwrap();
    chat.messages().iter().map(|kept| kept.seq.0).collect()
}

#[test]
fn a_group_that_never_falls_silent_does_not_fill_the_memory() {
    for keys in ["5", "5 1 j 5", "5 7"] {
        let mut app = app();
        app.hears("a", ANA, "oi");
        app.play(keys);
        flood(&mut app, "a", 20_000);
        let known = seqs(&app, "a");
        assert!(
            (500..6_000).contains(&known.len()),
            "{keys}: {}",
            known.len()
        );
        let first = 20_002 - i64::try_from(known.len()).unwrap();
        assert_eq!(known, (first..=20_001).collect::<Vec<_>>(), "{keys}");
        let chat = app.model.received.of(&lane("a")).unwrap();
        assert_eq!((chat.total(), chat.is_whole()), (20_001, false));
        app.play("1 g 5 g g");
        let known = seqs(&app, "a");
        let first = known[0];
        assert!(known.len() > 500);
        assert_eq!(
            known,
            (first..=20_001).collect::<Vec<_>>(),
            "no gap: {keys}"
        );
    }
}

#[test]
fn whoever_looks_further_up_stays_there_in_a_flood() {
    let mut app = app();
    app.hears("a", ANA, "oi");
    app.hears("a", ANA, "tudo bem?");
    app.play("5 k");
    flood(&mut app, "a", 20_000);
    assert_eq!(seqs(&app, "a").len(), 20_002);
    app.play("1 2 5");
    let conversation = Conversation::of(&app.model, app.model.thread_group().unwrap());
    assert_eq!(conversation.row(), 0);
}

/// What `m` and a text lead to.
fn answers(app: &mut Probe) -> Vec<GroupId> {
    app.press("m");
    app.type_text("oi");
    app.press("enter");
    app.calm();
    let mut groups = Vec::new();
    for call in app.changes() {
        if let Call::Send(message) = call {
            groups.push(message.group);
        }
    }
    groups
}

#[test]
fn news_of_another_group_never_change_which_one_is_answered() {
    for (keys, sort) in [
        ("5", SortBy::Newest),
        ("5", SortBy::Unread),
        ("2", SortBy::Newest),
        ("1", SortBy::Newest),
    ] {
        let mut app = app();
        app.hears("a", ANA, "oi");
        let groups = std::mem::take(&mut app.model.groups);
        app.model.list.set_sort(&groups, sort);
        app.model.groups = groups;
        app.play(keys);
        assert_eq!(app.model.group().unwrap().id, id("a"));
        app.hears("b", ANA, "olá");
        app.hears("b", ANA, "olá?");
        assert_eq!(app.names(), ["Vizinhos", "Corrida"]);
        assert_eq!(app.model.group().unwrap().id, id("a"), "{keys} {sort:?}");
        assert_eq!(answers(&mut app), [id("a")], "{keys} {sort:?}");
    }
}

#[test]
fn where_the_group_on_the_screen_goes_its_neighbour_is_not_answered_instead() {
    let mut app = app();
    app.hears("a", ANA, "oi");
    app.play("5");
    app.server.groups.retain(|group| group.id != id("a"));
    app.wait(61_000);
    app.hears("new", ANA, "oi");
    app.answer_all();
    assert_eq!(app.names(), ["Vizinhos"]);
    assert_eq!(app.model.pane, crate::app::model::Pane::Groups);
    assert!(app.says("No longer in your list: Corrida"));
}

#[test]
fn a_report_that_comes_before_a_refusal_counts_as_one_that_comes_behind_it() {
    for early in [true, false] {
        let mut app = app();
        let name = send(&mut app);
        if early {
            app.reported(&name, DeliveryState::Delivered);
        }
        app.fail(Operation::SendToGroup, &gone());
        if !early {
            assert!(written(&app).1 != MessageState::Accepted);
            app.reported(&name, DeliveryState::Delivered);
        }
        assert_eq!(written(&app).1, MessageState::Accepted, "{early}");
    }
}

#[test]
fn that_other_programs_cannot_be_heard_is_told() {
    let mut app = app();
    app.send(Msg::Unwatched("too many watches".into()));
    assert!(app.says("too many watches"));
}

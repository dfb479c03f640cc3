//! What the program did.

use std::time::Duration;

use super::*;
use crate::app::Reply;
use crate::app::probe::id;
use crate::app::probe::server::{failed, gone};
use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryState, Intent, PersonEnd, Verdict,
};
use crate::domain::{Clean, Exchange, Operation};

pub(super) const STATES: &[State] = &[
    ("activity", |size| after(size, "w")),
    ("activity_empty", empty),
    ("activity_running", running),
    ("activity_unfolded", unfolded),
    ("activity_notice_unfolded", |size| {
        let mut app = after(size, "y w enter");
        app.wait(5_000);
        app
    }),
    ("activity_end", |size| after(size, "w G")),
    ("activity_doubt", |size| after_runs(size, "w enter")),
    ("activity_past", |size| after_runs(size, "w G up up enter")),
    ("activity_settle", |size| after_runs(size, "w e")),
    ("activity_export", |size| after_runs(size, "w s")),
    ("activity_doubt_elsewhere", |size| after_runs(size, "esc")),
    ("activity_filter", |size| {
        let mut app = after_runs(size, "w /");
        app.type_text("corrida");
        app
    }),
    ("activity_no_match", |size| {
        let mut app = after_runs(size, "w /");
        app.type_text("zzz");
        app
    }),
    ("activity_unreadable", |size| {
        let mut app = after_runs(size, "w /");
        app.unreadable = Some("the disk failed under the journal".to_owned());
        app.type_text("zzz");
        app
    }),
];

#[test]
fn the_activity_looks_so() {
    compare(STATES);
}

#[test]
fn a_message_is_shown_under_the_path_it_went_to() {
    for size in SIZES {
        let mut app = after(size, "m o i enter");
        app.calm();
        app.press("w");
        let screen = text(&draw(&app.model, DARK).0);
        let row = screen.lines().find(|row| row.contains("POST"));
        let row = row.unwrap_or_else(|| panic!("{screen}"));
        let is_short = size == NARROW || size == TINY;
        assert!(
            row.contains("1513616971") && !row.contains("/groups"),
            "{row}"
        );
        assert!(
            is_short || row.contains("POST   /send …1513616971"),
            "{row}"
        );
    }
}

fn empty(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.press("w");
    app
}

fn running(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.press_all("R w");
    app.wait(2_100);
    app
}

/// A rename that the server refused, with all that went over the wire.
fn unfolded(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.press("e");
    app.type_text("Corrida de Domingo");
    app.press("enter");
    app.wait(212);
    let (ticket, call) = app.open.remove(0);
    let reply: Reply = failed(&call, gone());
    let exchange = Exchange {
        operation: Operation::RenameGroup,
        path: format!("/groups/{CORRIDA}"),
        body: Some(r#"{"subject":"Corrida de Domingo"}"#.into()),
        status: Some(404),
        took: Duration::from_millis(212),
        answer: Clean::default(),
    };
    app.send(Msg::Settled(ticket, reply, Box::new(exchange)));
    app.press_all("esc w enter");
    app
}

/// Three changes of earlier runs, and one whose end nobody knows.
fn after_runs(size: Size, keys: &str) -> Probe {
    let people: Vec<WaId> = [3, 7, 9]
        .map(|n: usize| WaId::from_api(&REGULARS[n].to_string()).unwrap())
        .into();
    let entry = |number: i64, hours_ago: u64, kind: ChangeKind, state: End| Entry {
        id: EntryId(number),
        begun: Millis(NOON.0 - hours_ago * 3_600_000),
        ended: Some(Millis(NOON.0 - hours_ago * 3_600_000 + 1_000)),
        intent: Some(Intent {
            account: "ana@example.org at api-messaging.wavy.global".into(),
            group: Some(id(CORRIDA)),
            group_name: CORRIDA_SUBJECT.into(),
            kind,
            people: vec![],
            before: Before::Unknown,
            after: String::new(),
            correlation: None,
        }),
        state: EntryState::Ended(state),
        doubt: String::new(),
        is_overtaken: false,
        person: String::new(),
    };
    let ends = people.iter().cloned().zip([
        PersonEnd::Done,
        PersonEnd::Refused("400: a number was not found in this group".into()),
        PersonEnd::AlreadySo,
    ]);
    let mut settled = entry(
        1,
        24 * 400,
        ChangeKind::ResetInvite,
        End::SettledByUser(Verdict::DidNotHappen),
    );
    settled.doubt = "the program ended before the answer came".into();
    let mut renamed = entry(4, 3, ChangeKind::Rename, End::Applied);
    let intent = renamed.intent.as_mut().unwrap();
    intent.before = Before::Subject("Corrida 2025".into());
    CORRIDA_SUBJECT.clone_into(&mut intent.after);
    let mut removed = entry(3, 30, ChangeKind::Remove, End::Mixed(ends.collect()));
    removed.intent.as_mut().unwrap().people = people;
    let mut app = dashboard(size);
    app.past = vec![
        renamed,
        removed,
        entry(
            2,
            31,
            ChangeKind::Leave,
            End::NotApplied("403: this account may not do that".into()),
        ),
        settled,
    ];
    let why = "the program ended before the answer came".to_owned();
    let mut doubt = entry(5, 1, ChangeKind::Create, End::Unknown(why));
    let intent = doubt.intent.as_mut().unwrap();
    intent.group = None;
    "Treino de Quarta".clone_into(&mut intent.group_name);
    "Treino de Quarta".clone_into(&mut intent.after);
    app.send(Msg::Recovered(vec![doubt]));
    app.calm();
    app.press_all(keys);
    app
}

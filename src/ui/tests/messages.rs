//! The messages of a group and their composer.

use super::*;
use crate::app::line::Line;
use crate::app::probe::server::{Manner, failure, no_network};
use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryState, Intent, Verdict,
};
use crate::domain::{Access, Clean, CorrelationId, FailureKind, GroupId, Operation, Sent};
use crate::keymap::Action;

pub(super) const STATES: &[State] = &[
    ("message_composer_whole", |size| {
        let mut app = after(size, "5 f m");
        app.type_text("Domingo às 7h, no portão do parque, do lado do lago.");
        app
    }),
    ("messages_empty", |size| after(size, "5")),
    ("messages_draft", |size| {
        let mut app = composing(size, "Ana, é o portão ao lado da banca");
        app.press("esc");
        app
    }),
    ("messages_leaving", |size| {
        let mut app = composing(size, "Bom dia! Encontro no portão 3 às 7h.");
        app.press("enter");
        app.wait(900);
        app
    }),
    ("messages_leaving_elsewhere", |size| {
        let mut app = composing(size, "Bom dia! Encontro no portão 3 às 7h.");
        app.press("enter");
        app.press("2");
        app.wait(900);
        app
    }),
    ("messages_sent", |size| {
        let mut app = composing(size, "Bom dia! Encontro no portão 3 às 7h.");
        app.press("enter");
        app.calm();
        app
    }),
    ("messages_all_states", all_states),
    ("messages_up", |size| {
        let mut app = all_states(size);
        app.press("g");
        app
    }),
    ("messages_refused", |size| {
        let mut app = composing(size, "Bom dia! Encontro no portão 3 às 7h.");
        let why = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
        app.server.once(Operation::SendToGroup, Manner::Fail(why));
        app.press("enter");
        app.calm();
        app
    }),
    ("messages_refused_elsewhere", |size| {
        let mut app = composing(size, "Bom dia!");
        app.server
            .once(Operation::SendToGroup, Manner::Fail(no_network()));
        app.press("enter");
        app.press("2");
        live(&mut app, 40);
        app
    }),
    ("messages_decide", |size| {
        let mut app = all_states(size);
        app.press("k");
        app.press("enter");
        app
    }),
    ("messages_again", |size| {
        let mut app = all_states(size);
        app.press_all("k enter 4");
        app
    }),
    ("messages_drop", |size| {
        let mut app = composing(size, "Bom dia!");
        app.server
            .once(Operation::SendToGroup, Manner::Fail(no_network()));
        app.press("enter");
        live(&mut app, 40);
        app.press("d");
        app
    }),
    ("messages_not_read", |size| {
        let mut app = dashboard(size);
        app.history = Err("the disk is full".into());
        app.press("5");
        app
    }),
    ("messages_read_only", |size| {
        let mut app = after(size, "5");
        app.model.session.access = Access::ReadOnly;
        app
    }),
    ("messages_signed_out", |size| {
        let mut app = composing(size, "Bom dia!");
        app.press("esc");
        app.model.line = Line::SignedOut;
        app
    }),
    ("messages_sending", |size| {
        let mut app = composing(size, "Bom dia!");
        app.press("enter");
        app.wait(3_000);
        app
    }),
    ("message_composer_size_unknown", |size| {
        let mut app = world(size, groups());
        app.server.always(Operation::GroupDetails, Manner::Silent);
        app.send(Msg::Started);
        app.answer_all();
        app.press("m");
        app.type_text("Bom dia!");
        app
    }),
    ("message_composer_group_gone", |size| {
        let mut app = composing(size, "Bom dia!");
        app.server.groups.remove(0);
        app.send(Msg::Asked(Action::RefreshAll));
        app.calm();
        app.model.toasts = crate::app::toasts::Toasts::default();
        app
    }),
    ("message_composer_blank", |size| after(size, "m")),
    ("message_composer", |size| {
        composing(
            size,
            "Ana, é o portão ao lado da banca de jornal, em frente ao lago.",
        )
    }),
    ("message_composer_long", |size| {
        let mut app = after(size, "m");
        app.paste(&"Encontro no portão 3, ao lado da banca de jornal.\n".repeat(78));
        app
    }),
    ("message_composer_too_long", |size| {
        let mut app = after(size, "m");
        app.paste(&"Encontro no portão 3. ".repeat(200));
        app
    }),
    ("message_many", |size| {
        let mut app = dashboard(size);
        app.play("g");
        assert!(app.model.group().unwrap().roster().unwrap().count() > 100);
        app.press("m");
        app.type_text("Reunião do condomínio hoje às 19h, no salão de festas.");
        app.press("enter");
        app
    }),
    ("message_quit", |size| {
        let mut app = composing(size, "Bom dia!");
        app.press("enter");
        app.press("q");
        app
    }),
];

#[test]
fn the_messages_pane() {
    compare(STATES);
}

#[test]
fn only_what_u_takes_back_says_so_and_while_one_writes_esc_comes_first() {
    for size in SIZES {
        let told = |app: &Probe| shown(app).matches("u takes it back").count();
        let mut app = composing(size, "um");
        app.press("enter");
        app.wait(100);
        app.press("m");
        app.type_text("dois");
        assert_eq!(
            (
                told(&app),
                shown(&app).matches("esc u takes it back").count()
            ),
            (1, 1)
        );
        app.press("enter");
        assert_eq!(told(&app), 1, "the newest only: {size:?}");
        assert!(!shown(&app).contains("esc u"));
        // A newer one in another group is what u takes now.
        app.press_all("1 j m");
        app.wait(100);
        app.type_text("três");
        app.press("enter");
        app.press_all("1 k 5");
        let own = shown(&app).matches("· u takes it back").count();
        assert_eq!(own, 0, "{size:?}: {}", shown(&app));
    }
}

#[test]
fn the_list_shows_the_blanks_that_were_sent() {
    for size in SIZES {
        let mut app = after(size, "m");
        app.paste("Lista:\n  - um\n\n    - dois   e meio\n- três");
        app.wait(1_000);
        app.press("enter");
        app.calm();
        for line in [" Lista:", "   - um", "     - dois   e meio", " - três"] {
            assert!(shown(&app).contains(line), "{size:?}: {}", shown(&app));
        }
    }
}

#[test]
fn the_end_of_the_newest_message_is_in_view_and_its_start_one_key_away() {
    for size in SIZES {
        let mut app = after(size, "m");
        app.paste(&format!("primeira{}última", "\nlinha".repeat(40)));
        app.wait(1_000);
        app.press("enter");
        app.wait(900);
        assert!(shown(&app).contains("leaves in 3 s"), "{}", shown(&app));
        app.calm();
        assert!(shown(&app).contains("✓ accepted"), "{}", shown(&app));
        for (key, is_start) in [("k", true), ("j", false), ("g", true), ("G", false)] {
            app.press(key);
            assert_eq!(shown(&app).contains("primeira"), is_start, "{key} {size:?}");
            assert_ne!(shown(&app).contains("última"), is_start, "{key} {size:?}");
        }
        // The same where another one of that height stands above.
        app.press("m");
        app.paste(&format!("segunda{}", "\nlinha".repeat(40)));
        app.wait(1_000);
        app.press("enter");
        app.calm();
        assert!(!shown(&app).contains("segunda"));
        app.press("k");
        assert!(shown(&app).contains("segunda"), "{}", shown(&app));
        app.press("k");
        assert!(shown(&app).contains("primeira"), "{}", shown(&app));
    }
}

/// Messages of different heights, one after another, the last of which the platform refuses.
fn refused_after(size: Size, count: usize, keys: &str) -> Probe {
    let mut app = dashboard(size);
    let mut refused = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    if count.is_multiple_of(2) {
        let why = "this account may not do that here and now ".repeat(count / 2);
        refused.detail = Clean::new(&why);
    }
    for number in 0..count {
        let text = match number % 3 {
            0 => "um\ndois\ntrês".to_owned(),
            1 => "Quem vem de ônibus desce no ponto do parque e segue as placas até lá".to_owned(),
            _ => format!("mensagem {number}"),
        };
        app.press("m");
        app.paste(&text);
        app.wait(1_000);
        app.press("enter");
        if number + 1 < count {
            app.calm();
        }
    }
    app.server
        .once(Operation::SendToGroup, Manner::Fail(refused));
    app.press_all(keys);
    app
}

#[test]
fn what_became_of_a_message_is_seen_in_its_row_or_told() {
    let (mut told, mut drawn) = (0, 0);
    for size in SIZES {
        for count in 1..14 {
            for keys in [
                "",
                "g",
                "k",
                "k k",
                "k k k",
                "m a b",
                "m ctrl-j ctrl-j ctrl-j ctrl-j",
                "1",
            ] {
                let mut app = refused_after(size, count, keys);
                app.wait(100);
                let screen = shown(&app);
                assert!(
                    screen.contains("leaves in "),
                    "{size:?} {count} {keys}: {screen}"
                );
                live(&mut app, 40);
                let screen = shown(&app);
                let is_told = !app.model.toasts.is_empty();
                let is_drawn = screen.contains("✗ not sent");
                assert!(is_told || is_drawn, "{size:?} {count} {keys}: {screen}");
                told += usize::from(is_told);
                drawn += usize::from(!is_told);
            }
        }
    }
    assert!(told > 50 && drawn > 50, "{told} told, {drawn} only drawn");
}

#[test]
fn while_one_writes_only_keys_that_work_are_offered() {
    for size in SIZES {
        let mut app = after(size, "m");
        let screen = shown(&app);
        assert!(
            !screen.contains("? help") && !screen.contains("enter send"),
            "{screen}"
        );
        app.press("?");
        assert_eq!(shown(&app).matches('?').count(), 1, "it is a letter");
        assert!(shown(&app).contains("enter send"), "{}", shown(&app));
        app.press("esc");
        assert!(shown(&app).contains("? help"));
    }
}

#[test]
fn that_a_doubt_holds_the_queue_is_said_where_the_messages_are() {
    for size in [BIG, USUAL] {
        let mut app = composing(size, "um");
        app.server
            .once(Operation::SendToGroup, Manner::ApplyThenCut);
        app.press("enter");
        app.calm();
        assert_eq!(app.model.journal.doubts.len(), 1);
        let own = "! One message may have been delivered: nothing more leaves";
        assert!(shown(&app).contains(own), "{}", shown(&app));
        app.press("2");
        assert!(shown(&app).contains("Nobody knows what became of 1 change"));
    }
}

#[test]
fn in_a_narrow_window_the_cursor_stands_clear_of_the_time() {
    for size in [NARROW, TINY] {
        let app = all_states(size);
        assert!(shown(&app).contains("▌ 14:"), "{}", shown(&app));
    }
}

fn shown(app: &Probe) -> String {
    text(&draw(&app.model, DARK).0)
}

fn composing(size: Size, text: &str) -> Probe {
    let mut app = after(size, "m");
    app.type_text(text);
    app
}

/// One message of each kind, over three days.
fn all_states(size: Size) -> Probe {
    let mut app = dashboard(size);
    let day = 24 * 60 * 60 * 1000;
    let ended = EntryState::Ended;
    let all = [
        (2 * day, "Alguém leva água amanhã?", ended(End::Applied)),
        (
            day + 60_000,
            "Quem vem de ônibus desce no ponto do parque, atravessa a avenida e segue as placas até o portão 3.",
            ended(End::Applied),
        ),
        (
            day,
            "Camisetas na banca",
            ended(End::NotApplied("403: this account may not do that".into())),
        ),
        (
            240_000,
            "Chegamos",
            ended(End::SettledByUser(Verdict::Happened)),
        ),
        (
            200_000,
            "Largada em 10 minutos!\nTodos para o portão 3.",
            ended(End::SettledByUser(Verdict::DidNotHappen)),
        ),
        (150_000, "Mapa do percurso", EntryState::InFlight),
        (
            120_000,
            "Água no km 3",
            ended(End::Unknown("no answer in time".into())),
        ),
    ];
    let group = app.model.group().unwrap().id.clone();
    let entries = (1..).zip(all).map(|(number, (ago, text, state))| {
        entry(number, &group, Millis(NOON.0 - ago), text, state)
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.reverse();
    app.history = Ok(entries);
    app.press("m");
    app.type_text("Resultados amanhã");
    app.press("enter");
    app.wait(1_000);
    app
}

pub(super) fn entry(
    number: i64,
    group: &GroupId,
    at: Millis,
    text: &str,
    state: EntryState,
) -> Entry {
    Entry {
        id: EntryId(number),
        begun: at,
        ended: None,
        intent: Some(Intent {
            account: "ana".into(),
            group: Some(group.clone()),
            group_name: CORRIDA_SUBJECT.into(),
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

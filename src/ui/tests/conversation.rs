//! The messages of a group with what others wrote.

use super::sizes::check;
use super::*;
use crate::app::messages::MessageState;
use crate::app::received::Page;
use crate::domain::{
    Clean, Content, CorrelationId, DeliveryState, GroupId, Lane, LaneSummary, MediaKind, Overview,
    Seq, WaId,
};

const CARLA: &str = "5519900000004";
const DAVI: &str = "5519900000010";
const ANA: &str = "5519900000007";
const NAMELESS: &str = "5531900000009";
const DAY: u64 = 24 * 60;

pub(super) const STATES: &[State] = &[
    ("conversation", |size| {
        let mut app = talk(size);
        app.press("5");
        app
    }),
    ("conversation_beside_the_list", |size| {
        let mut app = talk(size);
        app.play("5 2 1");
        app.wait(2_000);
        app
    }),
    ("conversation_up", |size| {
        let mut app = talk(size);
        app.play("5 g j j");
        app
    }),
    ("conversation_contacts", |size| {
        let mut app = talk(size);
        known(&mut app);
        app.play("5");
        app
    }),
    ("conversation_writing", |size| {
        let mut app = talk(size);
        app.play("5 m");
        app.type_text("Ana, é o portão ao lado da banca de jornal, em frente ao lago.");
        app
    }),
    ("conversation_kinds", kinds),
    ("conversation_kinds_up", |size| {
        let mut app = kinds(size);
        app.press("g");
        app
    }),
    ("conversation_statuses", statuses),
    ("conversation_not_delivered", |size| {
        let mut app = statuses(size);
        app.press_all("k k");
        app
    }),
    ("conversation_news_below", |size| {
        let mut app = talk(size);
        app.play("5 k k k k");
        app.hears(CORRIDA, ANA, "Chegamos!");
        app.hears(CORRIDA, DAVI, "Também");
        app
    }),
    ("conversation_search", |size| {
        let mut app = talk(size);
        app.play("5 /");
        app.type_text("PORTAO");
        app
    }),
    ("conversation_search_next", |size| {
        let mut app = talk(size);
        app.play("5 /");
        app.type_text("portao");
        app.play("enter n");
        app
    }),
    ("conversation_search_again", |size| {
        let mut app = talk(size);
        app.play("5 /");
        app.type_text("portao");
        app.play("enter n n n");
        app
    }),
    ("conversation_search_in_vain", |size| {
        let mut app = talk(size);
        app.play("5 /");
        app.type_text("bicicleta");
        app.play("enter");
        app
    }),
    ("conversation_older_not_read", |size| {
        let mut app = talk(size);
        app.play("5 g");
        let lane = lane();
        let before = Some(Seq(1));
        app.send(Msg::LaneRead(
            lane,
            before,
            500,
            Err("the disk is full".into()),
        ));
        app
    }),
    ("conversation_not_read", |size| {
        let mut app = talk(size);
        app.silent_lanes = true;
        app.press("5");
        app.send(Msg::LaneRead(
            lane(),
            None,
            500,
            Err("the disk is full".into()),
        ));
        app
    }),
    ("conversation_empty", |size| {
        let mut app = dashboard(size);
        app.send(Msg::Receiving(Ok("127.0.0.1:8180".into())));
        app.play("5");
        app
    }),
    ("conversation_reception_failed", |size| {
        let mut app = dashboard(size);
        let why = "127.0.0.1:8180 is in use by another program";
        app.send(Msg::Receiving(Err(why.into())));
        app.play("5");
        app.model.toasts = crate::app::toasts::Toasts::default();
        app
    }),
    ("conversation_copy", |size| {
        let mut app = kinds(size);
        app.press_all("g j Y");
        app
    }),
    ("conversation_long", |size| {
        let mut app = dashboard(size);
        let text = "Regulamento da corrida, com todos os artigos e anexos.\n".repeat(80);
        app.hears(CORRIDA, CARLA, &text);
        app.hears(CORRIDA, DAVI, "Obrigado!");
        app.play("5 k");
        app
    }),
    ("conversation_strange", |size| {
        let mut app = dashboard(size);
        strange(&mut app);
        app.play("5");
        app
    }),
];

fn lane() -> Lane {
    Lane::Group(GroupId::new(CORRIDA).unwrap())
}

fn text(text: &str) -> Content {
    Content::Text(text.into())
}

fn media(kind: MediaKind, address: &str, caption: &str) -> Content {
    Content::Media {
        kind,
        address: address.into(),
        mime_type: "image/jpg".into(),
        caption: caption.into(),
    }
}

/// Something was received so many minutes ago, before the program started.
fn was_heard(app: &mut Probe, ago: u64, sender: &str, name: &str, content: Content) {
    app.keep_received(lane(), sender, name, content);
    let kept = app.received.last_mut().unwrap();
    kept.kept_at = Millis(NOON.0 - ago * 60_000);
    kept.message.received_at = Some(kept.kept_at);
}

/// The first look at the store, where so many are unread.
fn looked(app: &mut Probe, unread: usize) {
    let newest = app.received.last().unwrap().clone();
    let first = Seq(newest.seq.0 + 1 - i64::try_from(unread).unwrap());
    app.send(Msg::Looked(Ok(Overview {
        lanes: vec![LaneSummary {
            lane: lane(),
            total: app.received.len(),
            unread,
            first_unread: Some(first).filter(|_| unread > 0),
            newest: newest.clone(),
        }],
        last: newest.seq,
    })));
}

/// The messages of two days, the last three of them unread.
fn talk(size: Size) -> Probe {
    let mut app = dashboard(size);
    let group = GroupId::new(CORRIDA).unwrap();
    let at = Millis(NOON.0 - 471 * 60_000);
    let ended = crate::domain::journal::EntryState::Ended(crate::domain::journal::End::Applied);
    let said = "Bom dia, encontro no portão 3 às 7h.";
    app.history = Ok(vec![super::messages::entry(1, &group, at, said, ended)]);
    was_heard(
        &mut app,
        DAY - 210,
        CARLA,
        "Carla",
        text("Alguém leva água amanhã?"),
    );
    was_heard(&mut app, DAY - 213, DAVI, "Davi", text("Eu levo 2 galões."));
    was_heard(&mut app, 468, NAMELESS, "", text("Chego em 10 minutos"));
    let photo = "https://chatclub-cdn.wavy.global/2026/05/17/aaaa/foto-do-portao.jpg";
    was_heard(
        &mut app,
        467,
        "5519900000013",
        "Elis",
        media(MediaKind::Image, photo, ""),
    );
    was_heard(&mut app, 460, ANA, "Ana", text("Onde é o portão 3?"));
    was_heard(&mut app, 459, "5419000000011", "", text("Hello"));
    was_heard(
        &mut app,
        457,
        CARLA,
        "Carla",
        text("Ao lado da banca de jornal."),
    );
    looked(&mut app, 3);
    app.send(Msg::Receiving(Ok("127.0.0.1:8180".into())));
    app
}

/// The user has names for two of them.
pub(super) fn known(app: &mut Probe) {
    let names = [(CARLA, "Carla do bloco B"), (ANA, "Ana 東京 🏃")];
    let people = names.map(|(number, name)| (id_of(number), Clean::new(name)));
    app.send(Msg::Contacts(Ok((people.into_iter().collect(), vec![]))));
}

fn id_of(number: &str) -> WaId {
    WaId::from_api(number).unwrap()
}

/// One message of each kind.
fn kinds(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.send(Msg::Receiving(Ok("127.0.0.1:8180".into())));
    let address = "https://chatclub-cdn.wavy.global/2020/01/21/aaaa/foto.jpg";
    let all = [
        text("Programa:\n  7h largada\n\n  9h medalhas\nhttps://corrida.example/mapa"),
        media(MediaKind::Image, address, "capa"),
        media(MediaKind::Audio, "", ""),
        media(
            MediaKind::Document,
            "ftp://files.example/regulamento.pdf",
            "",
        ),
        media(MediaKind::Sticker, address, ""),
        Content::Location {
            point: "-22.894180,-47.047960".into(),
            name: "Portão 3".into(),
            address: "Av. Cel. Silva Telles".into(),
        },
        Content::Contacts(vec!["Bruna".into(), "Téo".into()]),
        Content::Choice {
            title: "Sim".into(),
            payload: "yes".into(),
        },
        Content::System("+55 11 90000-0004 was added".into()),
        Content::Unknown {
            kind: "ORDER".into(),
            text: String::new(),
        },
    ];
    for content in all {
        app.hears_in(lane(), CARLA, "Carla", content);
    }
    // Of one's own number, and of a clock that is wrong.
    app.hears_in(lane(), "5519900000000", "Corrida", text("Do celular"));
    app.keep_received(lane(), DAVI, "Davi", text("De ontem"));
    let old = app.received.last_mut().unwrap();
    old.message.received_at = Some(Millis(1_579_632_583_000));
    let old = old.clone();
    app.send(Msg::Arrived(crate::domain::News {
        messages: vec![old],
        ..crate::domain::News::default()
    }));
    app.play("5");
    app
}

/// Messages of ours, each as far as the provider says.
fn statuses(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.press("5");
    let failed = DeliveryState::Failed {
        code: Some(104),
        word: "NOT_DELIVERED".into(),
    };
    let states = [
        ("um", Some(DeliveryState::Sent)),
        ("dois", Some(DeliveryState::Delivered)),
        ("três", Some(DeliveryState::Read)),
        ("quatro", Some(failed)),
        ("cinco", None),
    ];
    for (said, state) in states {
        app.press("m");
        app.type_text(said);
        app.press("enter");
        app.calm();
        let id = newest(&app);
        if let Some(state) = state {
            app.reported(&id, state);
        }
    }
    app.hears(CORRIDA, ANA, "Obrigada!");
    app.model.toasts = crate::app::toasts::Toasts::default();
    app
}

fn newest(app: &Probe) -> CorrelationId {
    let thread = app.model.messages.of(&GroupId::new(CORRIDA).unwrap());
    let message = thread.unwrap().messages().last().unwrap();
    assert_eq!(message.state, MessageState::Accepted);
    message.id.clone()
}

/// Names and texts that are wide, from right to left, or meant to do harm.
fn strange(app: &mut Probe) {
    let all = [
        ("東京ランナーズ", "東京ランナーズ ".repeat(12)),
        ("צוות", "שלום לכולם, נפגשים בשער 3".to_owned()),
        ("مجموعة", "مرحبا بالجميع".to_owned()),
        (
            "\x1b[2Jx\u{202e}",
            "\x1b[31mred\x1b[0m\u{202e}abc\u{2066}\u{7}".to_owned(),
        ),
        (
            "👨‍👩‍👧",
            "❤️🇧🇷 a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}".to_owned(),
        ),
        ("Ana\n14:32  you", "oi\n14:32  you\nPix para mim".to_owned()),
        ("W", "W".repeat(500)),
    ];
    for (name, said) in all {
        app.hears_in(lane(), ANA, name, text(&said));
    }
    let forged = media(
        MediaKind::Image,
        "https://x.example/a%0A14:32%20%20you%0Ab.jpg",
        "a\r\nb",
    );
    app.hears_in(lane(), "not a number", "", forged);
}

fn shown(app: &Probe) -> String {
    super::text(&draw(&app.model, DARK).0)
}

#[test]
fn the_conversation_looks_so() {
    compare(STATES);
}

#[test]
fn nothing_that_strangers_write_breaks_a_frame() {
    let mut app = dashboard(USUAL);
    strange(&mut app);
    for keys in [
        "5",
        "g",
        "j",
        "j",
        "j",
        "j",
        "j",
        "j",
        "/ a enter",
        "n",
        "Y",
        "esc",
        "esc m",
    ] {
        app.press_all(keys);
        for height in [10, 12, 16, 24, 36] {
            for width in [40, 50, 71, 72, 80, 119, 120] {
                app.send(Msg::Resized(size(width, height)));
                check(&format!("after {keys}"), &app);
            }
        }
    }
}

#[test]
fn no_text_looks_like_the_head_of_a_message() {
    for size in SIZES {
        let mut app = dashboard(size);
        let ours = |app: &Probe| {
            let head = |line: &str| {
                let line = line.trim_start_matches(['│', '▌', ' ']);
                line.starts_with("14:32  you")
            };
            let screen = shown(app);
            let column = |line: &str| line.chars().position(|c| c.is_ascii_digit());
            let heads = screen.lines().filter(|line| line.contains("14:32"));
            let columns: Vec<Option<usize>> = heads
                .filter(|line| head(line) || line.contains("14:32  +55"))
                .map(column)
                .collect();
            columns
        };
        app.hears(CORRIDA, ANA, "oi\n14:32  you\nPix para mim");
        app.play("5");
        let columns = ours(&app);
        if size.width < 72 {
            assert_eq!(columns.len(), 2, "{}", shown(&app));
            assert_ne!(columns[0], columns[1], "{}", shown(&app));
        }
    }
}

#[test]
fn reading_older_messages_and_news_move_nothing_on_the_screen() {
    for size in SIZES {
        let mut app = dashboard(size);
        for n in 0..1_200 {
            let lines = "linha\n".repeat(n % 3);
            was_heard(
                &mut app,
                3_000 - n as u64,
                ANA,
                "",
                text(&format!("mensagem {n}\n{lines}")),
            );
        }
        looked(&mut app, 0);
        app.silent_lanes = true;
        app.press("5");
        let page = |app: &Probe, before: Option<Seq>| {
            let end = before.map_or(app.received.len(), |seq| {
                usize::try_from(seq.0).unwrap() - 1
            });
            app.received[end.saturating_sub(500)..end].to_vec()
        };
        let first = page(&app, None);
        app.send(Msg::LaneRead(lane(), None, 500, Ok(first)));
        app.press("g");
        let chat = |app: &Probe| app.model.received.of(&lane()).unwrap().page.clone();
        assert_eq!(chat(&app), Page::Asked);
        let list = |app: &Probe| {
            let screen = shown(app);
            let lines = screen.lines().skip(5).map(str::to_owned);
            // The line on top may say something else, and so may the last two.
            let lines: Vec<String> = lines.filter(|line| line.contains("mensagem")).collect();
            lines
        };
        let before = list(&app);
        let older = page(&app, Some(Seq(701)));
        app.send(Msg::LaneRead(lane(), Some(Seq(701)), 500, Ok(older)));
        assert_eq!(chat(&app), Page::Part);
        let after = list(&app);
        assert!(after.ends_with(&before), "{size:?}\n{before:?}\n{after:?}");
        let before = list(&app);
        for n in 0..40 {
            app.hears(CORRIDA, ANA, &format!("nova mensagem {n}"));
        }
        assert_eq!(list(&app), before, "{size:?}");
        app.press("G");
        assert!(shown(&app).contains("nova mensagem 39"));
    }
}

#[test]
fn what_became_of_a_message_is_seen_or_told_also_among_those_of_others() {
    use crate::app::probe::server::{Manner, failure};
    use crate::domain::{FailureKind, Operation, Sent};
    let (mut told, mut drawn) = (0, 0);
    for size in SIZES {
        for count in 0..9 {
            for keys in ["", "g", "k", "k k", "k k k k", "1"] {
                let mut app = dashboard(size);
                app.play("5");
                for number in 0..count {
                    let content = match number % 4 {
                        0 => text("um\ndois\ntrês"),
                        1 => Content::System("+55 11 90000-0004 was added".into()),
                        2 => text(&"Quem vem de ônibus desce no ponto do parque ".repeat(40)),
                        _ => media(MediaKind::Image, "https://x.example/a.jpg", "capa"),
                    };
                    app.hears_in(lane(), ANA, "Ana", content);
                    app.wait(1_000);
                }
                let why = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
                app.server.once(Operation::SendToGroup, Manner::Fail(why));
                app.press("m");
                app.type_text("Bom dia!");
                app.press("enter");
                app.press_all(keys);
                app.hears(CORRIDA, ANA, "entretanto");
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
    assert!(told > 30 && drawn > 30, "{told} told, {drawn} only drawn");
}

#[test]
fn what_is_found_is_marked_with_and_without_colour() {
    use ratatui::style::Modifier;
    for theme in [DARK, MONO] {
        let mut app = talk(USUAL);
        app.play("5 /");
        app.type_text("galoes");
        let (buffer, _) = draw(&app.model, theme);
        let marked: String = buffer
            .content
            .iter()
            // The badge in the header is underlined too.
            .skip(80)
            .filter(|cell| cell.modifier.contains(Modifier::UNDERLINED))
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(marked, "galões");
    }
}

//! What other people wrote: the counts in the list, and the Inbox with what belongs to no group of it.

use super::hostile::subjects;
use super::sizes::check;
use super::*;
use crate::app::probe::id;
use crate::domain::{Content, DeliveryState, Lane, MediaKind};

pub(super) const STATES: &[State] = &[
    ("groups_unread", |size| with_unread(size, "")),
    ("groups_unread_marks", |size| {
        with_unread(size, "space space")
    }),
    ("groups_unread_busy", |size| {
        let mut app = with_unread(size, "e");
        app.type_text("Corrida Sábado");
        app.press_all("enter esc");
        app.wait(300);
        app
    }),
    ("inbox_other_groups", |size| received(size, "7")),
    ("inbox_direct", |size| received(size, "7 right")),
    ("inbox_contacts", |size| {
        let mut app = received(size, "7 right");
        super::conversation::known(&mut app);
        app
    }),
    ("inbox_unclassified", |size| received(size, "7 right right")),
    ("inbox_unreadable", |size| received(size, "7 left")),
    ("inbox_whole", |size| whole(size, "")),
    ("inbox_whole_scrolled", |size| whole(size, "j j j")),
    ("inbox_whole_not_kept", |size| {
        let mut app = received(size, "7 left enter");
        let (_, seq) = app.model.inbox.whole().unwrap();
        app.send(Msg::RawRead(seq, Ok(None)));
        app
    }),
    ("inbox_copy", |size| {
        let mut app = whole(size, "");
        app.press("Y");
        app
    }),
    ("inbox_filter", |size| {
        let mut app = received(size, "7 right /");
        app.type_text("bruna");
        app
    }),
    ("inbox_no_match", |size| {
        let mut app = received(size, "7 right /");
        app.type_text("zzz");
        app
    }),
    ("inbox_empty", |size| {
        let mut app = dashboard(size);
        app.send(Msg::Receiving(Ok(ADDRESS.into())));
        app.play("7");
        app
    }),
    ("inbox_off", |size| after(size, "7")),
    ("inbox_failed", |size| {
        let mut app = received(size, "7");
        let why = "port 8077 of 127.0.0.1 is taken by another program";
        app.send(Msg::Receiving(Err(why.into())));
        app.press("esc");
        app.play("7");
        app
    }),
    ("inbox_not_kept", |size| {
        let mut app = received(size, "7");
        app.send(Msg::Receiving(Ok(ADDRESS.into())));
        app.send(Msg::Keeping(Err("the disk is full".into())));
        app.press("esc");
        app.play("7");
        app
    }),
    ("inbox_not_read", |size| {
        let mut app = received(size, "7 right");
        let read = Err("the disk failed under the messages".into());
        app.send(Msg::LaneRead(Lane::Direct, None, 500, read));
        app
    }),
    ("inbox_refused", |size| received(size, "7 right m")),
];

const ADDRESS: &str = "http://127.0.0.1:8077/mo/00112233445566778899aabbccddeeff";
const ANA: &str = "5519900000007";

fn text(text: &str) -> Content {
    Content::Text(text.into())
}

/// Unread messages as in the design: 3, 1 and 12.
fn with_unread(size: Size, keys: &str) -> Probe {
    let mut app = dashboard(size);
    let [corrida, suporte, maes] = [
        CORRIDA,
        "5519900000000-1625140800",
        "5519900000000-1553784379",
    ];
    for (group, count) in [(corrida, 3), (suporte, 1), (maes, 12)] {
        for n in 0..count {
            app.hears(group, ANA, &format!("Mensagem {n}"));
        }
    }
    app.hears_in(Lane::Direct, ANA, "Ana", text("Oi! Vocês abrem hoje?"));
    app.hears_in(Lane::Direct, ANA, "Ana", text("Alô?"));
    app.play(keys);
    app
}

/// Something in every part.
fn received(size: Size, keys: &str) -> Probe {
    let mut app = dashboard(size);
    app.send(Msg::Receiving(Ok(ADDRESS.into())));
    let other = |text: &str| Lane::Group(id(text));
    app.hears_in(
        other("120363012345678901"),
        ANA,
        "Ana",
        text("Alguém conhece este grupo?"),
    );
    // At once: step by step a spinner would turn for an hour.
    app.model.now = app.model.now.after(std::time::Duration::from_secs(3_600));
    app.wait(0);
    let picture = Content::Media {
        kind: MediaKind::Image,
        address: "https://media.example/2026/foto-do-portao.jpg".into(),
        mime_type: "image/jpeg".into(),
        caption: "o portão".into(),
    };
    app.hears_in(other("120363012345678901"), "5531900000009", "", picture);
    app.hears_in(
        other("5511900000002-1600000000"),
        "5511900000002",
        "Téo",
        text("Bem-vindos"),
    );
    app.hears_in(
        Lane::Direct,
        ANA,
        "Ana",
        text("Oi! Vocês abrem hoje? Passo aí depois das cinco, se der tempo."),
    );
    app.wait(60_000);
    app.hears_in(
        Lane::Direct,
        "5521900000005",
        "Bruna",
        text("Quanto custa a inscrição?\nhttps://corrida.example/inscricao"),
    );
    let unknown = Content::Unknown {
        kind: "ORDER".into(),
        text: String::new(),
    };
    app.hears_in(Lane::Direct, "12025550123", "", unknown);
    app.hears_in(
        Lane::Unclassified,
        "5519900000013",
        "Elis",
        text("Eu também vou"),
    );
    let why = Content::Unreadable("it has no `message` and no status".into());
    app.hears_in(Lane::Unreadable, "", "", why);
    app.calm();
    app.play(keys);
    app
}

const RAW: &str = r#"{"id":"d5ae4b1c-4a52-4d44-9b27-5fe3f1c4a7d1","source":"5521900000005","origin":"5519900000000","userProfile":{"name":"Bruna"},"message":{"type":"TEXT","messageText":"Quanto custa a inscrição?\nhttps://corrida.example/inscricao"},"receivedAt":1779031980000,"campaignId":1,"extraInfo":"","session":{"createdAt":1779031980000}}"#;

/// The question with a link, whole, with its report.
fn whole(size: Size, keys: &str) -> Probe {
    let mut app = received(size, "7 right j enter");
    let (_, seq) = app.model.inbox.whole().unwrap();
    app.send(Msg::RawRead(seq, Ok(Some(RAW.into()))));
    app.play(keys);
    app
}

#[test]
fn what_was_received_looks_so() {
    compare(STATES);
}

fn screen(app: &Probe) -> String {
    text_of(&app.model)
}

fn text_of(model: &Model) -> String {
    super::text(&draw(model, DARK).0)
}

#[test]
fn the_secret_part_of_the_address_is_on_no_screen() {
    for (name, make) in STATES {
        for size in SIZES {
            let mut app = make(size);
            assert!(!screen(&app).contains("00112233"), "{name}");
            app.send(Msg::Resized(LARGE_ENOUGH));
            assert!(!screen(&app).contains("00112233"), "{name}");
        }
    }
}

const LARGE_ENOUGH: Size = size(200, 50);

#[test]
fn numbers_and_unread_marks_are_never_cut() {
    for width in 40..130 {
        let mut app = with_unread(size(width, 36), "");
        for n in 0..1_230 {
            app.hears("5519900000000-1637798400", ANA, &n.to_string());
        }
        let screen = screen(&app);
        for (name, mark) in [("Corrida", "•3"), ("Mães", "•12"), ("Promo", "•1,230")] {
            let row = screen
                .lines()
                .find(|row| row.contains(name) && row.contains('•'));
            let row = row.unwrap_or_else(|| panic!("{width}: {name}\n{screen}"));
            let part = row.split('│').find(|part| part.contains(name)).unwrap();
            assert!(part.trim_end().ends_with(mark), "{width}: {row}");
        }
    }
}

#[test]
fn without_unread_ones_the_column_stays_where_messages_are_kept() {
    let row = |app: &Probe| {
        let screen = screen(app);
        let row = screen.lines().find(|row| row.contains("Clube do Livro SP"));
        row.unwrap().chars().take(40).collect::<String>()
    };
    let mut app = dashboard(BIG);
    assert_eq!(row(&app), "│  Clube do Livro SP                41 │");
    app.send(Msg::Looked(Ok(crate::domain::Overview::default())));
    assert_eq!(row(&app), "│  Clube do Livro SP                41 │");
    app.send(Msg::Receiving(Ok(ADDRESS.into())));
    let before = row(&app);
    assert_eq!(before, "│  Clube do Livro SP            41     │");
    app.hears("5519900000000-1529416800", ANA, "oi");
    assert_eq!(row(&app), "│  Clube do Livro SP            41  •1 │");
}

#[test]
fn nothing_that_was_received_breaks_a_frame() {
    for text in subjects() {
        let mut app = dashboard(USUAL);
        let words = || Content::Text(text.clone());
        app.hears_in(Lane::Direct, &text, &text, words());
        app.hears_in(Lane::Group(id("other")), ANA, &text, words());
        if let Ok(odd) = crate::domain::GroupId::new(&text) {
            app.hears_in(Lane::Group(odd), ANA, &text, words());
        }
        app.hears_in(Lane::Unreadable, "", "", Content::Unreadable(text.clone()));
        app.send(Msg::Receiving(Ok(format!("http://{text}/mo/x"))));
        for keys in [
            "7",
            "enter",
            "esc right",
            "enter j",
            "esc left left",
            "enter",
        ] {
            app.play(keys);
            if let Some((_, seq)) = app.model.inbox.whole() {
                let raw = serde_json::json!({ "text": text }).to_string();
                app.send(Msg::RawRead(seq, Ok(Some(raw))));
                app.send(Msg::RawRead(seq, Ok(Some(text.clone()))));
            }
            for size in SIZES {
                app.send(Msg::Resized(size));
                check(&format!("{text:.40?} after {keys}"), &app);
            }
        }
        app.send(Msg::Receiving(Err(text.clone())));
        for size in SIZES {
            app.send(Msg::Resized(size));
            check(&format!("not receiving: {text:.40?}"), &app);
        }
    }
}

#[test]
fn a_long_report_is_scrolled_to_its_end() {
    for size in SIZES {
        let mut app = received(size, "7 right enter");
        let (_, seq) = app.model.inbox.whole().unwrap();
        let raw = format!(r#"{{"a":[{}],"last":"o fim"}}"#, vec!["1"; 300].join(","));
        app.send(Msg::RawRead(seq, Ok(Some(raw))));
        assert!(!screen(&app).contains("o fim"));
        app.play("G");
        assert!(screen(&app).contains("o fim"), "{}", screen(&app));
        app.play("k");
        assert!(screen(&app).contains("o fim"), "one row only");
        app.play("g");
        assert!(screen(&app).contains("report as it came"));
    }
}

#[test]
fn a_group_of_the_list_has_no_row_in_the_inbox() {
    let mut app = with_unread(BIG, "7");
    assert!(!screen(&app).contains("Mensagem"));
    app.reported(
        &crate::domain::CorrelationId::from_bits(1),
        DeliveryState::Read,
    );
    assert!(!screen(&app).contains("Mensagem"));
}

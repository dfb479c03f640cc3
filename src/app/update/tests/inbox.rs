//! What belongs to no group of the list: counted, shown part by part, read when it is looked at, and
//! never answered; and the key that leads from one unread thing to the next.

use super::*;
use crate::app::inbox::{Part, Row};
use crate::app::list::SortBy;
use crate::app::model::Pane;
use crate::app::msg::Msg;
use crate::app::received::Reception;
use crate::app::toasts::Level;
use crate::domain::{Content, GroupId, Lane, LaneSummary, Overview, Seq};

const ANA: &str = "5511900000001";

fn app() -> Probe {
    Probe::with([
        group("a").subject("Corrida").people(0..24).admins([0]),
        group("b").subject("Entregas").people(0..9).admins([0]),
        group("c").subject("Vizinhos").people(0..30).admins([0]),
    ])
}

fn lane(text: &str) -> Lane {
    Lane::Group(GroupId::new(text).unwrap())
}

fn text(text: &str) -> Content {
    Content::Text(text.into())
}

/// One message in each part.
fn with_all_parts() -> Probe {
    let mut app = app();
    app.hears("gone", ANA, "de outro grupo");
    app.hears_in(Lane::Direct, ANA, "Ana", text("oi, vocês abrem hoje?"));
    app.hears_in(Lane::Unclassified, ANA, "", text("sem grupo"));
    let why = Content::Unreadable("no `message` in it".into());
    app.hears_in(Lane::Unreadable, "", "", why);
    app.answer_all();
    app.count_from_here();
    app
}

fn unread(app: &Probe) -> [usize; 4] {
    Part::ALL.map(|part| app.model.inbox.count(part).unread)
}

/// As a person who looks at what came up.
fn look(app: &mut Probe, keys: &str) {
    for key in keys.split_whitespace() {
        app.play(key);
        app.wait(300);
    }
}

fn here(app: &Probe) -> String {
    let name = app.model.group().unwrap().name();
    format!("{} {}", app.model.pane.name(), name)
}

// ---- the list

#[test]
fn the_list_tells_what_is_unread_and_can_be_sorted_by_it() {
    let mut app = app();
    app.hears("b", ANA, "um");
    app.hears("c", ANA, "dois");
    app.hears("c", ANA, "três");
    let unread = |app: &Probe, id| app.model.list.unread(app.slot(id));
    assert_eq!((unread(&app, "a"), unread(&app, "c")), (0, 2));
    let sort = SortBy::ALL.iter().position(|by| *by == SortBy::Unread);
    app.press("s");
    for _ in 0..sort.unwrap() {
        app.press("j");
    }
    app.press("enter");
    assert_eq!(app.names(), ["Vizinhos", "Entregas", "Corrida"]);
    app.hears("a", ANA, "1");
    app.hears("a", ANA, "2");
    app.hears("a", ANA, "3");
    assert_eq!(app.names(), ["Corrida", "Vizinhos", "Entregas"]);
    app.press_all("s j enter");
    assert_eq!(app.model.list.sort(), SortBy::Newest);
    app.hears("b", ANA, "agora");
    assert_eq!(app.names(), ["Entregas", "Corrida", "Vizinhos"]);
}

// ---- the next unread

#[test]
fn one_key_leads_from_group_to_group_then_to_the_inbox_and_then_says_so() {
    let mut app = app();
    app.play("j j");
    app.wait(300);
    app.hears("a", ANA, "oi");
    app.hears("b", ANA, "olá");
    app.hears_in(Lane::Direct, ANA, "", text("direto"));
    app.hears_in(Lane::Unreadable, "", "", text("?"));
    look(&mut app, "U");
    assert_eq!(
        here(&app),
        "Messages Corrida",
        "below the cursor, and around"
    );
    look(&mut app, "U");
    assert_eq!(here(&app), "Messages Entregas");
    look(&mut app, "U");
    assert_eq!(app.model.pane, Pane::Inbox);
    assert_eq!(
        (app.model.inbox.part(), unread(&app)),
        (Part::Direct, [0, 0, 0, 1])
    );
    look(&mut app, "U");
    assert_eq!(
        (app.model.inbox.part(), unread(&app)),
        (Part::Unreadable, [0; 4])
    );
    look(&mut app, "U");
    assert_eq!(app.notice(), (Level::Hint, "Nothing unread".to_owned()));
    assert_eq!(app.model.pane, Pane::Inbox);
}

#[test]
fn the_chosen_group_comes_first_unless_its_messages_have_the_keys() {
    let mut app = app();
    app.hears("a", ANA, "oi");
    app.hears("c", ANA, "olá");
    look(&mut app, "U");
    assert_eq!(here(&app), "Messages Corrida");
    // Before it counts as read, the key goes on all the same.
    app.hears("b", ANA, "oi");
    app.play("U U");
    assert_eq!(here(&app), "Messages Vizinhos");
}

#[test]
fn groups_that_the_filter_hides_are_told_and_not_opened() {
    let mut app = app();
    app.hears("a", ANA, "oi");
    app.hears("b", ANA, "oi");
    app.play("/ v i z enter U");
    assert_eq!(app.model.pane, Pane::Groups);
    assert!(
        app.notice().1.contains("the filter hides 2 groups"),
        "{:?}",
        app.notice()
    );
    app.hears_in(Lane::Direct, ANA, "", text("direto"));
    app.play("U");
    assert_eq!(app.model.pane, Pane::Inbox, "what can be seen is seen");
    assert!(
        app.notice().1.contains("the filter hides 2 groups"),
        "{:?}",
        app.notice()
    );
}

#[test]
fn in_a_text_field_it_is_a_letter() {
    let mut app = app();
    app.hears("b", ANA, "oi");
    app.play("m U");
    assert_eq!(here(&app), "Messages Corrida");
    app.play("esc / U");
    assert_eq!(app.model.list.unread(app.slot("b")), 1);
}

// ---- the parts

#[test]
fn every_part_is_counted_and_read_when_it_is_looked_at() {
    let mut app = with_all_parts();
    assert_eq!((unread(&app), app.model.inbox.unread()), ([1; 4], 4));
    app.play("7");
    assert_eq!(
        (app.model.inbox.part(), unread(&app)),
        (Part::OtherGroups, [0, 1, 1, 1])
    );
    assert_eq!(app.read, [(lane("gone"), Seq(1))]);
    let heading = Row::Group(GroupId::new("gone").unwrap());
    assert_eq!(
        app.model.inbox.rows(),
        [heading, Row::Message(lane("gone"), Seq(1))]
    );
    app.play("right ]");
    assert_eq!(
        (app.model.inbox.part(), unread(&app)),
        (Part::Unclassified, [0, 0, 0, 1])
    );
    app.play("left left left");
    assert_eq!(
        (app.model.inbox.part(), unread(&app)),
        (Part::Unreadable, [0; 4])
    );
    assert_eq!(app.read.len(), 4, "each once: {:?}", app.read);
    app.hears_in(Lane::Unreadable, "", "", text("?"));
    assert_eq!(
        app.read.last(),
        Some(&(Lane::Unreadable, Seq(5))),
        "somebody looks"
    );
    assert!(app.changes().is_empty());
}

#[test]
fn what_cannot_be_seen_is_not_read() {
    let mut app = app();
    app.play("7");
    let size = |width, height| Msg::Resized(crate::app::layout::Size { width, height });
    app.send(size(30, 8));
    app.hears_in(Lane::Direct, ANA, "", text("oi"));
    app.send(size(80, 24));
    app.play("right");
    assert_eq!(app.read, [(Lane::Direct, Seq(1))]);
    app.send(size(30, 8));
    app.hears_in(Lane::Direct, ANA, "", text("oi?"));
    assert_eq!(unread(&app), [0, 1, 0, 0]);
    app.send(size(80, 24));
    app.press("?");
    app.hears_in(Lane::Direct, ANA, "", text("oi??"));
    assert_eq!(unread(&app), [0, 1, 0, 0], "the help is in front of it");
    app.play("esc / ?");
    app.hears_in(Lane::Direct, ANA, "", text("sumiu"));
    app.hears_in(Lane::Direct, ANA, "", text("oi???"));
    assert_eq!(unread(&app), [0, 2, 0, 0], "not all of them are shown");
    app.play("esc");
    assert_eq!(unread(&app), [0, 0, 0, 0]);
}

#[test]
fn it_opens_where_something_is_new() {
    let mut app = app();
    app.hears_in(Lane::Unreadable, "", "", text("?"));
    app.play("7");
    assert_eq!(app.model.inbox.part(), Part::Unreadable);
    app.play("esc");
    assert_eq!(app.model.pane, Pane::Groups);
    app.hears_in(Lane::Direct, ANA, "", text("oi"));
    app.play("7");
    assert_eq!(app.model.inbox.part(), Part::Direct);
}

#[test]
fn a_group_that_appears_in_the_list_takes_its_messages_with_it() {
    let mut app = app();
    app.hears("new", ANA, "bem-vindos");
    app.answer_all();
    assert_eq!(unread(&app), [1, 0, 0, 0]);
    app.play("7");
    assert_eq!(unread(&app), [0; 4]);
    app.hears("new", ANA, "alguém aí?");
    app.play("esc");
    app.hears("new", ANA, "oi?");
    assert_eq!(unread(&app), [1, 0, 0, 0]);
    app.server
        .groups
        .push(group("new").subject("Turma").people(0..3).admins([0]));
    app.wait(61_000);
    app.hears("new", ANA, "pronto");
    app.answer_all();
    assert_eq!(unread(&app), [0; 4]);
    assert_eq!(app.model.list.unread(app.slot("new")), 2);
    look(&mut app, "U");
    assert_eq!(here(&app), "Messages Turma");
    let chat = app.model.received.of(&lane("new")).unwrap();
    assert_eq!((chat.messages().len(), chat.unread()), (4, 0));
    app.play("7");
    assert!(app.model.inbox.rows().is_empty());
}

#[test]
fn a_group_that_leaves_the_list_takes_its_messages_to_the_inbox() {
    let mut app = app();
    app.hears("b", ANA, "tchau");
    app.server.groups.retain(|group| group.id != id("b"));
    app.play("r");
    assert_eq!(unread(&app), [1, 0, 0, 0]);
}

#[test]
fn before_the_list_is_there_no_group_is_another_one() {
    let mut app = Probe::new(session(), [group("a").subject("Corrida")]);
    app.send(Msg::Started);
    app.hears("a", ANA, "oi");
    assert_eq!(app.model.inbox.unread(), 0);
    app.answer_all();
    assert_eq!(
        (
            app.model.inbox.unread(),
            app.model.list.unread(app.slot("a"))
        ),
        (0, 1)
    );
}

#[test]
fn older_messages_are_read_when_the_cursor_comes_to_them() {
    let mut app = app();
    let mut newest = None;
    for n in 0..1_200 {
        newest = Some(app.keep_received(Lane::Direct, ANA, "", text(&n.to_string())));
    }
    let newest = newest.unwrap();
    app.send(Msg::Looked(Ok(Overview {
        lanes: vec![LaneSummary {
            lane: Lane::Direct,
            total: 1_200,
            unread: 7,
            first_unread: Some(Seq(1_194)),
            newest: newest.clone(),
        }],
        last: newest.seq,
    })));
    app.play("7");
    assert_eq!((app.model.inbox.rows().len(), unread(&app)), (500, [0; 4]));
    assert_eq!(app.read, [(Lane::Direct, newest.seq)]);
    app.play("G");
    assert_eq!(app.model.inbox.rows().len(), 1_000);
    app.play("G G");
    assert_eq!(app.model.inbox.rows().len(), 1_200);
    assert_eq!(app.model.inbox.current(), Some((&Lane::Direct, Seq(1))));
}

#[test]
fn what_comes_while_one_looks_further_down_stays_unread() {
    let mut app = app();
    for n in 0..80 {
        app.hears_in(Lane::Direct, ANA, "", text(&n.to_string()));
    }
    app.play("7 G");
    let chosen = app.model.inbox.current().map(|(_, seq)| seq);
    app.hears_in(Lane::Direct, ANA, "", text("novo"));
    assert_eq!(unread(&app), [0, 1, 0, 0]);
    assert_eq!(app.model.inbox.current().map(|(_, seq)| seq), chosen);
    app.play("g");
    assert_eq!(unread(&app), [0; 4]);
}

#[test]
fn the_filter_finds_number_name_and_words_also_further_back() {
    let mut app = app();
    app.hears_in(
        Lane::Direct,
        "5511900000077",
        "Bruna",
        text("quanto custa?"),
    );
    for n in 0..600 {
        app.hears_in(Lane::Direct, ANA, "", text(&n.to_string()));
    }
    app.play("7 / b r u n a");
    assert_eq!(app.model.inbox.rows(), [Row::Message(Lane::Direct, Seq(1))]);
    app.play("esc / c u s t a enter");
    assert_eq!(app.model.inbox.rows().len(), 1);
    app.play("esc");
    assert_eq!(
        (app.model.pane, app.model.inbox.rows().len()),
        (Pane::Inbox, 601)
    );
}

// ---- one message whole

#[test]
fn a_message_is_shown_whole_with_its_report() {
    let mut app = with_all_parts();
    app.play("7 right enter");
    assert_eq!(app.other, [Effect::ReadRaw(Seq(2))]);
    app.send(Msg::RawRead(Seq(2), Ok(Some(r#"{"source":"55"}"#.into()))));
    assert!(app.model.inbox.whole().is_some());
    app.play("Y");
    let Some(crate::app::dialog::Dialog::Menu(menu)) = &app.model.dialog else {
        panic!("{:?}", app.model.dialog);
    };
    assert_eq!(menu.choices.len(), 3);
    app.play("G enter");
    assert_eq!(app.clip(), r#"{"source":"55"}"#);
    app.play("y");
    assert_eq!(app.clip(), "oi, vocês abrem hoje?");
    app.play("esc");
    assert!(app.model.inbox.whole().is_none());
    assert_eq!(app.model.pane, Pane::Inbox);
    app.play("enter");
    let asked = app
        .other
        .iter()
        .filter(|effect| matches!(effect, Effect::ReadRaw(_)));
    assert_eq!(asked.count(), 1, "it is known");
}

#[test]
fn only_a_web_address_is_opened() {
    for (address, opened) in [
        ("https://x.example/a.jpg", Some("https://x.example/a.jpg")),
        ("HTTP://x.example/a.jpg", Some("http://x.example/a.jpg")),
        (
            "https://x.example/a b\"\u{1b}[2J",
            Some("https://x.example/a%20b%22[2J"),
        ),
        ("https://", None),
        ("https://a b/c", None),
        ("file:///etc/passwd", None),
        ("calc:", None),
        ("--version", None),
    ] {
        let mut app = app();
        let content = Content::Media {
            kind: crate::domain::MediaKind::Image,
            address: address.into(),
            mime_type: String::new(),
            caption: String::new(),
        };
        app.hears_in(Lane::Direct, ANA, "", content);
        app.play("7 o");
        let mut links = Vec::new();
        for effect in &app.other {
            if let Effect::OpenLink(address) = effect {
                links.push(address.as_str());
            }
        }
        assert_eq!(links, Vec::from_iter(opened), "{address}");
        assert_eq!(app.says("Opening a page of x.example"), opened.is_some());
    }
}

#[test]
fn nothing_can_be_written_from_here_and_m_says_why() {
    for (part, words) in [
        (0, "not in your list"),
        (1, "may be charged"),
        (2, "No group can be told"),
        (3, "No group can be told"),
    ] {
        let mut app = with_all_parts();
        app.play("7");
        for _ in 0..part {
            app.play("right");
        }
        app.play("m");
        assert_eq!(app.model.pane, Pane::Inbox);
        assert!(app.model.messages.composing().is_none());
        assert!(app.notice().1.contains(words), "{:?}", app.notice());
        app.play("enter m");
        assert!(app.model.messages.composing().is_none() && app.model.dialog.is_none());
    }
}

// ---- receiving

#[test]
fn the_address_is_copied_whole_and_what_failed_is_tried_again() {
    let mut app = app();
    let secret = "http://127.0.0.1:8077/mo/0123456789abcdef";
    app.send(Msg::Receiving(Ok(secret.into())));
    app.play("7 Y enter");
    assert_eq!(app.clip(), secret);
    assert!(!app.notice().1.contains("0123"), "{:?}", app.notice());
    app.send(Msg::Receiving(Err("the port is taken".into())));
    app.play("r");
    assert!(app.other.contains(&Effect::Receive));
    app.send(Msg::Receiving(Ok(secret.into())));
    assert_eq!(app.model.received.reception, Reception::On(secret.into()));
}

#[test]
fn moving_through_many_messages_arranges_them_once() {
    let mut app = app();
    for n in 0..600 {
        app.hears_in(Lane::Direct, ANA, "", text(&n.to_string()));
    }
    app.play("7");
    app.play("j k");
    let arranged = app.model.inbox.rows().as_ptr();
    app.play("j j k ctrl-d g");
    let now = app.model.inbox.rows().as_ptr();
    assert_eq!(now, arranged, "nothing changed");
    app.hears_in(Lane::Direct, ANA, "", text("nova"));
    assert!(
        app.model
            .inbox
            .rows()
            .contains(&Row::Message(Lane::Direct, Seq(601)))
    );
    app.play("/ n o v a");
    assert_eq!(
        app.model.inbox.rows(),
        [Row::Message(Lane::Direct, Seq(601))]
    );
    app.play("esc");
    assert_eq!(app.model.inbox.rows().len(), 601);
}

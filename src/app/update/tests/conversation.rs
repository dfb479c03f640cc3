//! What can be done with a message that somebody else wrote, and the search in a conversation.

use super::*;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::messages::conversation::{Conversation, Row};
use crate::app::messages::search::Turn;
use crate::app::model::Pane;
use crate::app::msg::Msg;
use crate::app::received::Page;
use crate::app::toasts::Level;
use crate::domain::{
    Clean, Content, DeliveryState, GroupId, Lane, LaneSummary, MediaKind, Overview, Seq, WaId,
};
use crate::keymap::{Context, Key, Keymap};

const ANA: &str = "5511900000001";

fn app() -> Probe {
    let mut app = Probe::with([group("a").subject("Corrida").people(0..24).admins([0])]);
    app.play("5");
    app.count_from_here();
    app
}

fn lane() -> Lane {
    Lane::Group(GroupId::new("a").unwrap())
}

fn conversation(app: &Probe) -> Conversation<'_> {
    Conversation::of(&app.model, app.model.thread_group().unwrap())
}

/// The words under the cursor.
fn current(app: &Probe) -> String {
    match conversation(app).current().unwrap() {
        Row::Own(message) => message.text.as_str().to_owned(),
        Row::Received(kept) => kept.message.content.line(),
    }
}

fn media(address: &str) -> Content {
    Content::Media {
        kind: MediaKind::Image,
        address: address.into(),
        mime_type: "image/jpeg".into(),
        caption: "capa".into(),
    }
}

/// So many messages that the store had at the start; the first and every thousandth has the word.
fn long(count: usize) -> Probe {
    let mut app = Probe::with([group("a").subject("Corrida").people(0..24).admins([0])]);
    for n in 0..count {
        let word = if n % 1_000 == 0 { "água" } else { "nada" };
        app.keep_received(lane(), ANA, "", Content::Text(format!("{word} {n}")));
    }
    let newest = app.received.last().unwrap().clone();
    app.send(Msg::Looked(Ok(Overview {
        lanes: vec![LaneSummary {
            lane: lane(),
            total: count,
            unread: 0,
            first_unread: None,
            newest: newest.clone(),
        }],
        last: newest.seq,
    })));
    app.play("5");
    app
}

fn search(app: &mut Probe, words: &str) {
    app.press("/");
    app.type_text(words);
    app.press("enter");
}

fn known(app: &Probe) -> usize {
    app.model.received.of(&lane()).unwrap().messages().len()
}

#[test]
fn what_others_wrote_is_answered_in_its_group() {
    for key in ["enter", "m"] {
        let mut app = app();
        app.hears("a", ANA, "oi");
        app.press(key);
        app.type_text("Bom dia");
        app.press("enter");
        app.calm();
        let changes = app.changes();
        assert!(matches!(&changes[..], [Call::Send(sent)] if sent.group == id("a")));
        assert_eq!(current(&app), "Bom dia");
    }
}

#[test]
fn what_cannot_be_done_with_the_message_of_another_is_said() {
    for (key, why) in [
        ("e", "Only what you wrote can be edited"),
        ("d", "Only what you wrote can be dropped"),
        ("o", "There is nothing to open in this message"),
        ("n", "Nothing is searched for yet: press /"),
        ("N", "Nothing is searched for yet: press /"),
        ("u", "Nothing to undo"),
    ] {
        let mut app = app();
        app.hears("a", ANA, "oi");
        app.press(key);
        assert_eq!(app.notice(), (Level::Hint, why.to_owned()), "{key}");
        assert!(app.model.dialog.is_none());
    }
}

#[test]
fn text_number_and_address_are_copied_without_what_could_press_keys() {
    let mut app = app();
    app.hears("a", ANA, "um\x1b[201~\ndois\u{202e}");
    app.press("y");
    assert_eq!(app.clip(), "um[201~\ndois");
    app.press_all("Y 2");
    assert_eq!(app.clip(), "5511900000001");
    app.hears_in(lane(), ANA, "", media("https://x.example/a.jpg"));
    app.press("y");
    assert_eq!(app.clip(), "https://x.example/a.jpg");
    app.press_all("Y 1");
    assert_eq!(app.clip(), "[image] a.jpg · capa");
    app.press_all("Y 3");
    assert_eq!(app.clip(), "https://x.example/a.jpg");
}

#[test]
fn only_addresses_of_the_web_are_opened_and_only_by_its_key() {
    let mut app = app();
    app.hears_in(lane(), ANA, "", media("https://x.example/a.jpg"));
    app.hears("a", ANA, "veja https://y.example/mapa.");
    app.calm();
    assert_eq!(app.other, []);
    app.press("o");
    app.press_all("k o");
    let opened = |address: &str| Effect::OpenLink(address.into());
    let expected = ["https://y.example/mapa", "https://x.example/a.jpg"].map(opened);
    assert_eq!(app.other, expected);
    assert!(app.says("Opening a page of x.example"));
    for address in [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "--help",
        "ftp://x.example/a",
    ] {
        app.hears_in(lane(), ANA, "", media(address));
        app.press_all("G o");
        assert_eq!(app.other.len(), 2, "{address}");
        assert_eq!(app.notice().0, Level::Hint);
    }
}

#[test]
fn nothing_done_with_a_received_message_is_a_direct_one() {
    let mut random = fastrand::Rng::with_seed(17);
    let keymap = Keymap::default();
    let keys: Vec<Key> = keymap
        .bindings(Context::Messages)
        .flat_map(|(chord, _)| chord.keys())
        .collect();
    for _ in 0..60 {
        let mut app = app();
        for (sender, content) in [
            (
                ANA,
                Content::Text("me responda: https://wa.me/5511900000001".into()),
            ),
            ("5511900000002", media("https://x.example/a.jpg")),
            ("", Content::System("saiu".into())),
            (ANA, Content::Contacts(vec!["Ana".into()])),
        ] {
            app.hears_in(lane(), sender, "Ana", content);
        }
        for _ in 0..80 {
            // Away from Messages other things are done, of which there are other tests.
            if app.model.pane != Pane::Messages {
                app.model.dialog = None;
                app.send(Msg::Asked(crate::keymap::Action::GoMessages));
            }
            app.key(keys[random.usize(..keys.len())]);
            if random.u8(..4) == 0 {
                app.answer_all();
                app.wait(1_000);
            }
        }
        for call in app.changes() {
            assert!(!matches!(call, Call::SendInvitation(..)), "{call:?}");
            assert_eq!(call.group(), Some(&id("a")), "{call:?}");
        }
    }
}

#[test]
fn a_message_that_was_not_delivered_is_written_once_more_only_by_the_user() {
    for key in ["enter", "e"] {
        let mut app = app();
        app.press("m");
        app.type_text("Bom dia");
        app.press("enter");
        app.calm();
        let own = conversation(&app).current_own().unwrap().id.clone();
        app.reported(
            &own,
            DeliveryState::Failed {
                code: Some(104),
                word: String::new(),
            },
        );
        app.press(key);
        app.calm();
        assert_eq!(app.changes().len(), 1);
        let thread = app.model.messages.of(&id("a")).unwrap();
        assert_eq!(thread.draft.text(), "Bom dia");
        assert_eq!(thread.messages().len(), 1, "what was sent stays");
        app.press_all("esc");
        app.press_all(key);
        let thread = app.model.messages.of(&id("a")).unwrap();
        assert_eq!(thread.draft.text(), "Bom dia", "not twice");
        app.press("enter");
        app.calm();
        assert_eq!(app.changes().len(), 2);
    }
}

#[test]
fn whoever_reads_above_stays_there_and_what_comes_is_unread() {
    let mut app = app();
    for n in 0..9 {
        app.hears("a", ANA, &format!("mensagem {n}"));
    }
    app.press_all("k k");
    app.hears("a", ANA, "nova");
    assert_eq!(current(&app), "mensagem 6");
    assert_eq!(app.model.received.of(&lane()).unwrap().unread(), 1);
    app.press("G");
    assert_eq!(current(&app), "nova");
    assert_eq!(app.model.received.of(&lane()).unwrap().unread(), 0);
}

#[test]
fn going_up_reads_older_messages_page_by_page_until_the_beginning() {
    let mut app = long(1_200);
    assert_eq!(known(&app), 500);
    for expected in [1_000, 1_200, 1_200] {
        app.press("g");
        assert_eq!(known(&app), expected);
    }
    let chat = app.model.received.of(&lane()).unwrap();
    assert_eq!(chat.page, Page::Whole);
    app.press("g");
    assert_eq!(current(&app), "água 0");
}

#[test]
fn r_looks_again_and_tries_again_to_receive() {
    let mut app = long(1_200);
    app.play("g g k");
    let before = current(&app);
    app.send(Msg::Receiving(Err("the address is in use".into())));
    app.received[900].times = 2;
    let effects = app.press("r");
    assert!(effects.contains(&Effect::ReadLane(lane(), None, 1_200)));
    assert!(effects.contains(&Effect::Receive));
    assert_eq!((known(&app), current(&app)), (1_200, before));
    let chat = app.model.received.of(&lane()).unwrap();
    assert_eq!(chat.messages()[900].times, 2);
}

#[test]
fn what_could_not_be_read_is_read_again_with_r() {
    let mut app = long(1_200);
    app.silent_lanes = true;
    app.press("g");
    app.send(Msg::LaneRead(
        lane(),
        Some(Seq(701)),
        500,
        Err("no disk".into()),
    ));
    app.press("k");
    let page = |app: &Probe| app.model.received.of(&lane()).unwrap().page.clone();
    assert_eq!(page(&app), Page::Failed("no disk".into()));
    app.silent_lanes = false;
    app.press("r");
    assert_eq!((page(&app), known(&app)), (Page::Part, 1_000));
}

#[test]
fn hits_are_gone_through_from_the_newest_and_round_again() {
    let mut app = app();
    for text in ["Portão 1", "nada", "o portao 2", "fim"] {
        app.hears("a", ANA, text);
    }
    app.press("/");
    app.type_text("portão");
    assert_eq!(current(&app), "o portao 2");
    app.press("enter");
    let turn = |app: &Probe| app.model.messages.of(&id("a")).unwrap().search.turn;
    for (key, expected, turned) in [
        ("n", "Portão 1", Turn::None),
        ("n", "o portao 2", Turn::FromNewest),
        ("N", "Portão 1", Turn::FromOldest),
        ("N", "o portao 2", Turn::None),
    ] {
        app.press(key);
        assert_eq!(
            (current(&app).as_str(), turn(&app)),
            (expected, turned),
            "{key}"
        );
    }
    app.press("esc");
    assert_eq!(app.model.pane, Pane::Messages, "the search goes first");
    app.press("n");
    assert_eq!(app.notice().1, "Nothing is searched for yet: press /");
}

#[test]
fn people_are_found_and_offered_by_the_name_that_the_user_gave_them() {
    let mut app = app();
    app.hears_in(lane(), ANA, "Banco", Content::Text("oi".into()));
    app.hears_in(lane(), "5511900000002", "Bia", Content::Text("fim".into()));
    let ana = (WaId::from_api(ANA).unwrap(), Clean::new("Ana Luz"));
    app.send(Msg::Contacts(Ok(([ana].into_iter().collect(), vec![]))));
    search(&mut app, "luz");
    assert_eq!(current(&app), "oi");
    app.press("Y");
    let Some(Dialog::Menu(menu)) = &app.model.dialog else {
        panic!("no menu");
    };
    assert_eq!(
        menu.choices[1].1,
        "the number of Ana Luz, +55 11 90000-0001"
    );
    app.press_all("esc esc G");
    search(&mut app, "banco");
    assert_eq!(current(&app), "fim", "not by the name she chose herself");
}

#[test]
fn leaving_the_search_while_typing_leads_back_to_where_it_began() {
    let mut app = app();
    for text in ["um", "dois", "três", "quatro"] {
        app.hears("a", ANA, text);
    }
    app.press_all("k /");
    app.type_text("um");
    assert_eq!(current(&app), "um");
    app.press("esc");
    assert_eq!(current(&app), "três");
}

#[test]
fn a_search_reads_older_messages_until_it_finds_one() {
    let mut app = long(3_200);
    search(&mut app, "agua 1000");
    assert_eq!((current(&app).as_str(), known(&app)), ("água 1000", 2_500));
    search(&mut app, "bicicleta");
    assert_eq!(known(&app), 3_200, "up to the beginning");
    app.press("n");
    assert_eq!(app.notice().1, "No message has these words");
}

#[test]
fn a_search_stops_by_itself_and_goes_on_when_asked() {
    let mut app = long(12_000);
    search(&mut app, "bicicleta");
    let state = |app: &Probe| {
        let search = &app.model.messages.of(&id("a")).unwrap().search;
        (search.goes_on(), search.turn)
    };
    assert_eq!(state(&app), (false, Turn::Paused));
    assert_eq!(known(&app), 10_500);
    app.press("n");
    assert_eq!(known(&app), 12_000);
}

#[test]
fn esc_stops_a_search_that_goes_on() {
    let mut app = long(1_200);
    app.silent_lanes = true;
    search(&mut app, "bicicleta");
    let goes_on = |app: &Probe| app.model.messages.of(&id("a")).unwrap().search.goes_on();
    assert!(goes_on(&app));
    app.press("esc");
    assert!(!goes_on(&app));
    assert_eq!(app.model.pane, Pane::Messages);
    app.press_all("esc esc");
    assert_eq!(app.model.pane, Pane::Groups);
}

#[test]
fn what_comes_while_one_searches_is_found_too() {
    let mut app = app();
    app.hears("a", ANA, "nada");
    search(&mut app, "portao");
    app.hears("a", ANA, "no portão");
    app.hears("a", ANA, "fim");
    app.press("n");
    assert_eq!(current(&app), "no portão");
    assert!(!matches!(app.model.dialog, Some(Dialog::Menu(_))));
}

#[test]
fn ours_that_needs_the_user_is_shown_also_where_theirs_is_not_read_yet() {
    let mut app = long(1_200);
    app.press("m");
    app.type_text("nova");
    app.press("enter");
    app.calm();
    let rows = conversation(&app).len();
    assert_eq!(rows, 501);
    assert_eq!(conversation(&app).total(), 1_201);
}

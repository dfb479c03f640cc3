//! Messages from others, through the whole program: posted over HTTP, seen on the screen, and still there
//! after `kill -9`.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::scope;

use super::senders::{Field, Senders, deliver};
use super::*;
use crate::webhook::program::Listen;
use crate::webhook::{MESSAGES, PATH, batch, kept_names, none_lost_none_twice, post};
use wavedeck::store::Location;

/// The two groups of the document, as the simulator calls them.
const CORRIDA: &str = "Corrida Domingo 7h";
const PROMOCOES: &str = "Promoções VIP";
const LOCATION: &str = "[location] Wavy";

/// A dashboard that receives itself, on a free port.
pub(super) fn receiving<'a>(home: &'a Home, provider: &Provider) -> Setup<'a> {
    Setup::account(home, provider)
        .variable("WAVEDECK_RECEIVE", "127.0.0.1:0")
        .variable("WAVEDECK_RECEIVE_PATH", PATH)
}

/// Looks into the Inbox, which says where the program listens.
pub(super) fn address(terminal: &mut Terminal) -> SocketAddr {
    terminal.type_keys("7");
    terminal.wait_for("Receiving at http://127.0.0.1:");
    let text = terminal.text();
    assert!(!text.contains(PATH), "the secret is on the screen: {text}");
    let (_, rest) = text.split_once("Receiving at http://").unwrap();
    let address = rest.split('/').next().unwrap().parse().unwrap();
    // Nothing that comes is read by being looked at.
    terminal.type_keys("1");
    terminal.wait_for("▸ 1 Groups");
    address
}

/// The number behind the mark of what is unread, in the first row with these words.
pub(super) fn unread(screen: &vt100::Screen, words: &str) -> Option<usize> {
    let row = rows(screen).into_iter().find(|row| row.contains(words))?;
    let (_, after) = row.split_once(words)?;
    let (_, mark) = after.split('│').next()?.split_once('•')?;
    let digits: String = mark.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn store(home: &Home) -> Location {
    Location::in_state_folder(&home.path().join(".local/state"), "default")
}

pub(super) fn names(location: Location) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(kept_names(location))
}

/// What the batch of the document comes to in the list, before anybody read it.
fn assert_unread(terminal: &Terminal) {
    for (group, messages) in [(CORRIDA, 5), (PROMOCOES, 1)] {
        terminal.wait_until(group, |screen| unread(screen, group) == Some(messages));
    }
}

/// Every line of it, each once and in its place.
fn assert_lines(terminal: &mut Terminal) {
    terminal.type_keys("7");
    terminal.wait_for("▸ 7 Inbox");
    let parts = [
        ("Direct", "+55 11 90000-0002", "Mensagem direta"),
        ("Not classified", "+55 11 90000-0005", "grupo ou direta?"),
        ("Unreadable", "", "it is not an object"),
    ];
    for (title, who, line) in parts {
        let title = format!("[{title}]");
        // Where it begins depends on what is read.
        while !terminal.text().contains(&title) {
            let before = tab(&terminal.text());
            terminal.type_keys("]");
            terminal.wait_until("the next part", |screen| tab(&screen.contents()) != before);
        }
        terminal.wait_for(line);
        let screen = terminal.text();
        assert_eq!(count(&screen, line), 1, "{screen}");
        assert!(screen.contains(who), "{screen}");
        if title == "[Direct]" {
            assert_eq!(count(&screen, "[answer] Sim"), 1, "{screen}");
        }
    }
    assert_conversation(terminal, "promo", &[LOCATION]);
    let lines = [
        "Bom dia, grupo!",
        "[image] foto.jpg · capa",
        "[UNKNOWN: UNKNOWN]",
        "+55 11 90000-0004 was added",
        "[audio]",
    ];
    assert_conversation(terminal, "corrida", &lines);
}

/// The part of the Inbox that is shown.
fn tab(screen: &str) -> Option<String> {
    let (_, rest) = screen.split_once("▸ 7 Inbox")?;
    let (_, rest) = rest.split_once('[')?;
    rest.split(']').next().map(str::to_owned)
}

/// These lines in this order, each once, in the group that is found by these letters.
fn assert_conversation(terminal: &mut Terminal, letters: &str, lines: &[&str]) {
    terminal.type_keys(&format!("1/{letters}\r5"));
    terminal.wait_for("▸ 5 Messages");
    for line in lines {
        terminal.wait_for(line);
    }
    let shown = terminal.text();
    let mut rest = &*shown;
    for line in lines {
        assert_eq!(count(&shown, line), 1, "{line}: {shown}");
        let (_, after) = rest.split_once(line).expect(line);
        rest = after;
    }
    terminal.type_keys("1\x1b");
    terminal.wait_for("▸ 1 Groups");
}

#[test]
fn the_batch_of_the_document_posted_twice_is_shown_once_and_still_so_after_a_restart() {
    let (home, provider) = (Home::new(), Provider::start());
    let setup = receiving(&home, &provider);
    let mut terminal = setup.start_and_load();
    let at = address(&mut terminal);
    for _ in 0..2 {
        assert_eq!(deliver(at, &post(PATH, MESSAGES)), Some(200));
    }
    assert_unread(&terminal);
    terminal.type_keys("q");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);

    let mut terminal = setup.start_and_load();
    let at = address(&mut terminal);
    assert_unread(&terminal);
    assert_eq!(deliver(at, &post(PATH, MESSAGES)), Some(200));
    assert_lines(&mut terminal);
    terminal.wait_until("all is read", |screen| unread(screen, CORRIDA).is_none());
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);

    let mut terminal = setup.start_and_load();
    address(&mut terminal);
    assert!(!terminal.text().contains('•'), "{}", terminal.text());
    assert_lines(&mut terminal);
}

#[test]
fn what_a_receiver_beside_it_takes_is_shown_by_an_open_dashboard() {
    let (home, provider) = (Home::new(), Provider::start());
    let file = home.path().join("w.db");
    let place = format!("sqlite:{}", file.display());
    let setup = Setup::account(&home, &provider).variable("WAVEDECK_STORE", &place);
    let mut terminal = setup.start_and_load();
    // Started later than the dashboard, and a second one when the first is gone.
    for expected in [5, 6] {
        let listen = Listen::start(&home, &file, &[]);
        let body = MESSAGES.replace("120363012345678901", "120363099999999999");
        let body = body.replace("000000000001\"", &format!("00000000000{expected}1\""));
        assert_eq!(deliver(listen.address(), &post(PATH, &body)), Some(200));
        terminal.wait_until("it is shown", |screen| {
            unread(screen, CORRIDA) == Some(expected)
        });
    }
    terminal.type_keys("7");
    terminal.wait_for("[Other groups]");
    terminal.wait_for("120363099999999999");
    terminal.wait_for(LOCATION);
    for part in ["Direct •2", "Not classified •1", "Unreadable •1"] {
        terminal.wait_for(part);
    }
}

/// How often the program is killed; more for an evening's run.
fn kills() -> u64 {
    let wanted = std::env::var_os("WAVEDECK_TEST_KILLS");
    wanted.map_or(3, |text| text.to_str().unwrap().parse().unwrap())
}

#[test]
fn a_dashboard_that_receives_and_is_killed_shows_everything_it_took_and_nothing_twice() {
    let (home, provider) = (Home::new(), Provider::start());
    let setup = receiving(&home, &provider);
    let field = Field::default();
    let senders = Senders::start(&field, 4);
    for _ in 0..kills() {
        let mut terminal = setup.start_and_load();
        let before = field.taken().len();
        field.go(&[address(&mut terminal)]);
        let enough = before + 10 * fastrand::usize(1..30);
        field.wait_for(enough);
        terminal.signal(Signal::KILL);
        drop(terminal);
        field.go(&[]);
    }
    let taken = senders.stop();
    let terminal = setup.start_and_load();
    let kept = names(store(&home));
    none_lost_none_twice(&taken, &kept);
    terminal.wait_until("all of them", |screen| {
        unread(screen, CORRIDA) == Some(kept.len())
    });
}

#[test]
fn keys_are_answered_while_thousands_of_messages_arrive() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = receiving(&home, &provider).start_and_load();
    let at = address(&mut terminal);
    terminal.type_keys("1/corrida\r5");
    terminal.wait_for("▸ 5 Messages");
    let is_full = std::env::var_os("WAVEDECK_TEST_LOAD").is_some_and(|asked| asked == "full");
    let batches = if is_full { 1000 } else { 200 };
    let field = Field::default();
    field.go(&[at]);
    let is_over = AtomicBool::new(false);
    let rounds = scope(|threads| {
        let (field, is_over) = (&field, &is_over);
        threads.spawn(move || {
            Senders::start(field, 8).finish(batches / 8);
            is_over.store(true, Ordering::Release);
        });
        let mut rounds = 0;
        while !is_over.load(Ordering::Acquire) {
            for (key, effect) in [
                ("2", "▸ 2 Members"),
                ("?", "this help"),
                ("\x1b", "▸ 2 "),
                ("5", "▸ 5 Messages"),
            ] {
                terminal.type_keys(key);
                terminal.wait_for(effect);
            }
            rounds += 1;
        }
        rounds
    });
    println!("{rounds} rounds of four keys while {batches} batches came");
    assert!(rounds > 0);
    // Away from the end, where what comes counts as unread; the newest is there.
    let last = field.taken().len();
    assert_eq!(last, batches * 10);
    terminal.type_keys("G");
    terminal.wait_until("all is read", |screen| unread(screen, CORRIDA).is_none());
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(names(store(&home)).len(), last);
}

/// Does something to a store that the program would not do.
fn tamper(home: &Home, statement: &str) {
    use sqlx::{Connection as _, Executor as _, SqliteConnection};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let path = store(home).path().unwrap().display().to_string();
        let open = SqliteConnection::connect(&format!("sqlite:{path}")).await;
        let mut connection = open.unwrap();
        connection.execute(statement).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn what_could_not_be_read_is_shown_as_soon_as_it_can_be_though_nothing_more_comes() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = receiving(&home, &provider).start_and_load();
    let at = address(&mut terminal);
    // Needed to read a message, and not to keep one whose sender has no name.
    tamper(&home, "ALTER TABLE names RENAME TO nowhere");
    let nameless = batch(["1".to_owned()]).replace("Maria Silva", "");
    assert_eq!(deliver(at, &post(PATH, &nameless)), Some(200));
    // Until it tried.
    terminal.type_keys("?");
    terminal.wait_for("this help");
    terminal.type_keys("\x1b");
    tamper(&home, "ALTER TABLE nowhere RENAME TO names");
    terminal.wait_until("it is shown", |screen| unread(screen, CORRIDA) == Some(1));
}

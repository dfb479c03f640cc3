//! Every way out gives the terminal back as it was found, within two seconds, and says by its exit
//! code which way it was.

use super::*;

fn running(home: &Home) -> Terminal {
    let terminal = Setup::demo(home).start_and_load();
    assert!(terminal.is_taken_over());
    let written = terminal.log.lock();
    let screen = written.parser.screen();
    assert!(screen.alternate_screen() && screen.bracketed_paste());
    drop(written);
    terminal
}

fn assert_ends(mut terminal: Terminal, code: u32) {
    assert_eq!(terminal.end(), code);
    terminal.assert_restored();
    assert_eq!(terminal.text().trim(), "", "left on the main screen");
}

#[test]
fn q_quits() {
    let home = Home::new();
    let mut terminal = running(&home);
    terminal.type_keys("q");
    assert_ends(terminal, 0);
}

#[test]
fn ctrl_c_quits() {
    let home = Home::new();
    let mut terminal = running(&home);
    terminal.type_keys("\x03");
    assert_ends(terminal, 0);
}

#[test]
fn ctrl_c_twice_quits_out_of_a_form() {
    let home = Home::new();
    let mut terminal = running(&home);
    terminal.type_keys("n");
    terminal.wait_for("enter create");
    terminal.type_keys("abc\x03\x03");
    assert_ends(terminal, 0);
}

#[test]
fn signals_end_it_with_their_own_codes() {
    for (signal, code) in [
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::TERM, 143),
    ] {
        let home = Home::new();
        let terminal = running(&home);
        terminal.signal(signal);
        assert_ends(terminal, code);
    }
}

#[test]
fn a_signal_ends_it_before_there_is_an_account_and_amid_an_endless_paste() {
    let home = Home::new();
    let mut terminal = Setup::new(&home).start();
    terminal.wait_for("Try the demo");
    // The end of this paste never comes; every key is part of it.
    terminal.type_keys("\x1b[200~abc q 1\r");
    terminal.resize(100, 30);
    terminal.wait_until("a frame of the new size", |screen| {
        let rows = rows(screen);
        rows.len() == 30 && rows[29].contains("q quit")
    });
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
}

#[test]
fn a_closed_terminal_ends_it() {
    let home = Home::new();
    // Idle, and amid drawing: then it may be the drawing that notices first.
    for keys in ["", "jk", "jkjkjkjkjkjkjkjk"] {
        let mut terminal = running(&home);
        terminal.type_keys(keys);
        terminal.close();
        assert_eq!(terminal.end(), 129, "after {keys:?}");
    }
}

#[test]
fn a_closed_terminal_ends_it_amid_a_question() {
    let home = Home::new();
    let mut terminal = running(&home);
    terminal.type_keys("d");
    terminal.wait_for("esc cancel");
    terminal.close();
    assert_eq!(terminal.end(), 129);
}

#[test]
fn it_ends_while_a_server_is_silent() {
    let home = Home::new();
    let silent = Silent::listen();
    for (signal, code) in [(None, 0), (Some(Signal::TERM), 143)] {
        let mut terminal = silent.visit(&home);
        match signal {
            None => terminal.type_keys("q"),
            Some(signal) => terminal.signal(signal),
        }
        assert_ends(terminal, code);
    }
}

#[test]
fn while_a_server_is_silent_every_key_still_answers_within_a_second() {
    let second = Duration::from_secs(1);
    let home = Home::new();
    let silent = Silent::listen();
    let mut terminal = silent.visit(&home);
    for (key, answer) in [
        ("?", "this help"),
        ("\x03", "connecting"),
        ("w", "Activity"),
        ("1", "Groups"),
        ("n", "enter create"),
        ("Clube", "Clube"),
    ] {
        terminal.type_keys(key);
        let so = |screen: &vt100::Screen| screen.contents().contains(answer);
        terminal.wait_within(second, answer, so);
    }
    terminal.type_keys("\x1b");
    let so = |screen: &vt100::Screen| !screen.contents().contains("Clube");
    terminal.wait_within(second, "no form", so);
    terminal.type_keys("q");
    assert_ends(terminal, 0);
}

/// A server that takes connections and never answers.
struct Silent(std::net::TcpListener);

impl Silent {
    fn listen() -> Self {
        Self(std::net::TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn visit(&self, home: &Home) -> Terminal {
        let base_url = format!("http://{}", self.0.local_addr().unwrap());
        let mut setup = Setup::new(home);
        let account = crate::program::account(&base_url, "ana", "secret");
        setup.variables.extend(account);
        let terminal = setup.start();
        terminal.wait_for("connecting");
        terminal
    }
}

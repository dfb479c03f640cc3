//! Pasted text is text, never keys.

use super::*;

#[test]
fn a_paste_outside_a_field_does_nothing() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider).start_and_load();
    terminal.paste("n\rdq\r\x03j5");
    terminal.wait_for("Pasted text goes into text fields only");
    terminal.type_keys("2");
    terminal.paste("d\x1b[C\r+\ry");
    terminal.wait_for("▸ 2 Members");
    // Whatever the paste might have started would have been sent before this.
    let before = provider.state().seen().len();
    terminal.type_keys("r");
    terminal.wait_until("a read", |_| provider.state().seen().len() > before);
    assert_eq!(provider.changes(), [""; 0]);
    assert!(!terminal.text().contains("esc cancel"), "no question");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_paste_with_line_breaks_submits_no_form() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider).start_and_load();
    terminal.type_keys("e");
    terminal.wait_for("Rename");
    terminal.type_keys("\x15");
    terminal.paste("Praia\nda\r\nBarra\r");
    terminal.wait_for("Praia da Barra");
    // Some terminals let the rest of a paste through as keys.
    terminal.paste(" 2\x1b[201~\r");
    terminal.wait_for("Praia da Barra 2");
    terminal.type_keys("\x1b");
    terminal.wait_while("Praia da Barra");
    let before = provider.state().seen().len();
    terminal.type_keys("r");
    terminal.wait_until("a read", |_| provider.state().seen().len() > before);
    assert_eq!(provider.changes(), [""; 0]);
}

#[test]
fn keys_that_no_terminal_sends_are_ignored() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    // A mouse, a key nobody has, and answers to questions nobody asked.
    terminal.type_keys("\x1b[<0;10;10M\x1b[999~\x1b[?62c\x1b[5;5R");
    terminal.type_keys("?");
    terminal.wait_for("this help");
    terminal.type_keys("\x03");
    terminal.wait_while("this help");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
}

#[test]
fn a_giant_paste_is_refused_and_everything_goes_on() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    let giant = "Praia\r".repeat(200_000);
    terminal.paste(&giant);
    terminal.wait_for("Pasted text goes into text fields only");
    terminal.type_keys("/");
    terminal.paste(&giant);
    terminal.wait_for("too long for this field");
    terminal.type_keys("corrida");
    terminal.wait_for("/corrida");
    terminal.wait_for("1 of 16");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
}

#[test]
fn ten_megabytes_with_the_end_of_a_paste_inside_change_nothing() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider).start_and_load();
    // What follows the first end arrives as keys: they open a question, and cannot answer it.
    let mut hostile = "x".repeat(10 * 1024 * 1024);
    hostile.push_str("\x1b[201~1d\r\r");
    terminal.paste(&hostile);
    terminal.wait_for("esc cancel");
    terminal.type_keys("\x1b");
    terminal.wait_while("esc cancel");
    let before = provider.state().seen().len();
    terminal.type_keys("r");
    terminal.wait_until("a read", |_| provider.state().seen().len() > before);
    assert_eq!(provider.changes(), [""; 0]);
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
}

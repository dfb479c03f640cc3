//! A message written in the user's own editor: the terminal is lent and taken back, and no key goes to the
//! wrong program.

use std::os::unix::fs::PermissionsExt as _;

use rustix::process::kill_process_group;

use super::*;

/// An editor that says that it is there and adds the lines typed into it, up to a full stop.
const EDITOR: &str = r#"#!/bin/sh
stty -a | grep -q ' icanon' || exit 9
echo "editing: $(cat "$2")"
bye() {
    # What stands there must not be taken for the next editor.
    clear
    exit "$1"
}
while read -r line; do
    [ "$line" = . ] && bye 0
    [ "$line" = give-up ] && bye 4
    [ "$line" = raw ] && stty raw -echo && bye 0
    echo "$line" >>"$2"
done
"#;

/// The dashboard, with the composer of a group open and this editor.
fn composing(home: &Home, provider: &Provider) -> Terminal {
    let path = home.path().join("my editor");
    std::fs::write(&path, EDITOR).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::create_dir_all(home.path().join("tmp")).unwrap();
    let mut terminal = Setup::account(home, provider)
        // With a blank and a word of its own, as people have them.
        .variable("EDITOR", &format!("'{}' --wait", path.display()))
        .variable("TMPDIR", home.path().join("tmp").to_str().unwrap())
        .start_and_load();
    terminal.type_keys("m");
    terminal.wait_for("ctrl+o your editor");
    terminal
}

fn nothing_stays(home: &Home) {
    let left = std::fs::read_dir(home.path().join("tmp")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn ctrl_o_edits_the_message_outside_and_every_key_reaches_the_right_program() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = composing(&home, &provider);
    terminal.type_keys("Oi");
    terminal.wait_for("Oi");
    for cycle in 1..=5 {
        terminal.type_keys("\x0f");
        terminal.wait_for("editing: Oi");
        terminal.assert_restored();
        // Among them what would quit, send and leave here.
        terminal.type_keys(&format!("q linha {cycle}\r.\r"));
        terminal.wait_until("the composer", vt100::Screen::alternate_screen);
        terminal.wait_for(&format!("q linha {cycle}"));
        assert!(terminal.is_taken_over());
    }
    for line in 1..=5 {
        assert!(terminal.text().contains(&format!("q linha {line}")));
    }
    terminal.type_keys(" e fim");
    terminal.wait_for("q linha 5 e fim");
    assert_eq!(provider.changes(), [""; 0]);
    terminal.type_keys("\x03\x03");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    nothing_stays(&home);
}

#[test]
fn letters_typed_too_early_for_the_editor_are_text_and_send_nothing() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = composing(&home, &provider);
    // In one piece: no editor can be there so quickly.
    terminal.type_keys("Oi\x0f, cedo\x1bq\r");
    terminal.wait_for("editing: Oi");
    terminal.type_keys(".\r");
    terminal.wait_until("the composer", vt100::Screen::alternate_screen);
    terminal.wait_for("keep draft");
    terminal.type_keys("fim");
    terminal.wait_for("fim");
    assert!(terminal.text().contains("Oi"));
    assert_eq!(provider.changes(), [""; 0]);
}

#[test]
fn an_editor_that_fails_changes_nothing_and_says_what_to_do() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = composing(&home, &provider);
    terminal.type_keys("Oi\x0f");
    terminal.wait_for("editing: Oi");
    terminal.type_keys("perdido\rgive-up\r");
    terminal.wait_for("The message is as it was");
    terminal.wait_for("ended with code 4");
    assert!(!terminal.text().contains("perdido"));
    // One that leaves the line in a mode of its own.
    terminal.type_keys("\x0f");
    terminal.wait_for("editing: Oi");
    terminal.type_keys("raw\r");
    terminal.wait_for("keep draft");
    terminal.type_keys("\x1b");
    terminal.wait_while("ctrl+o");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();

    let mut terminal = Setup::account(&home, &provider).start_and_load();
    terminal.type_keys("m\x0f");
    terminal.wait_for("set `EDITOR` before the start");
}

#[test]
fn keys_that_interrupt_and_stop_are_the_editors_while_it_is_in_front() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = composing(&home, &provider);
    terminal.type_keys("Oi\x0f");
    terminal.wait_for("editing: Oi");
    terminal.type_keys("\x1a");
    terminal.wait_for_stop();
    // As `fg` does it.
    kill_process_group(terminal.pid, Signal::CONT).unwrap();
    terminal.resize(100, 30);
    terminal.type_keys("depois\r.\r");
    terminal.wait_for("depois");
    terminal.wait_until("the composer", vt100::Screen::alternate_screen);
    terminal.type_keys("\x0f");
    terminal.wait_until("the editor", |screen| !screen.alternate_screen());
    terminal.wait_for("editing: Oi");
    terminal.type_keys("\x03");
    terminal.wait_for("The message is as it was");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
}

#[test]
fn a_program_that_has_to_end_takes_the_editor_with_it() {
    let (home, provider) = (Home::new(), Provider::start());
    for closed in [false, true] {
        let mut terminal = composing(&home, &provider);
        terminal.type_keys("\x15Oi\x0f");
        terminal.wait_for("editing: Oi");
        if closed {
            terminal.close();
            assert_eq!(terminal.end(), 129);
        } else {
            terminal.signal(Signal::TERM);
            assert_eq!(terminal.end(), 143);
            terminal.assert_restored();
        }
        nothing_stays(&home);
    }
}

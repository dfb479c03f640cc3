//! The mouse of a real terminal: taken with two modes and no more, given back on every way out.

use super::*;

const ON: [&str; 2] = ["\x1b[?1000h", "\x1b[?1006h"];
const OFF: [&str; 2] = ["\x1b[?1000l", "\x1b[?1006l"];

/// Column and row of these words, counted from 1 as the terminal does.
fn place_of(terminal: &Terminal, words: &str) -> (usize, usize) {
    terminal.wait_for(words);
    let rows = terminal.rows();
    let found = rows.iter().enumerate().find_map(|(row, text)| {
        let (before, _) = text.split_once(words)?;
        Some((before.chars().count() + 1, row + 1))
    });
    found.unwrap_or_else(|| panic!("no {words}\n{}", terminal.text()))
}

/// Presses and releases the left button on these words.
fn click(terminal: &mut Terminal, words: &str) {
    let (column, row) = place_of(terminal, words);
    terminal.type_keys(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"));
}

/// Clicks and the wheel, and nothing that tells of mere moves.
fn assert_usual_capture(terminal: &Terminal) {
    let raw = terminal.raw_text();
    assert!(ON.iter().all(|mode| raw.contains(mode)));
    for never in ["?1001h", "?1002h", "?1003h", "?1005h", "?1015h", "?1016h"] {
        assert!(!raw.contains(never), "{never}");
    }
}

#[test]
fn q20_clicks_and_the_wheel_do_what_they_do() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    assert_usual_capture(&terminal);
    click(&mut terminal, "3 Invite");
    terminal.wait_for("▸ 3 Invite");
    click(&mut terminal, "? help");
    terminal.wait_for("this help");
    click(&mut terminal, "esc close");
    terminal.wait_while("this help");
    click(&mut terminal, "2 Members");
    terminal.wait_for("▸ 2 Members");
    let (column, row) = place_of(&terminal, "2 Members");
    // The right button, a move and a click with shift mean nothing; the keys behind them do.
    for code in [2, 35, 4] {
        let (column, row) = (column + 20, row + 8);
        terminal.type_keys(&format!("\x1b[<{code};{column};{row}M"));
    }
    terminal.type_keys("1");
    terminal.wait_for("▸ 1 Groups");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn q20_the_mouse_is_given_back_on_every_way_out() {
    let home = Home::new();
    for signal in [
        None,
        Some(Signal::HUP),
        Some(Signal::INT),
        Some(Signal::TERM),
    ] {
        let mut terminal = Setup::demo(&home).start_and_load();
        terminal.type_keys("\x1a");
        terminal.wait_for_stop();
        terminal.assert_restored();
        terminal.signal(Signal::CONT);
        terminal.wait_for("synced");
        match signal {
            None => terminal.type_keys("q"),
            Some(signal) => terminal.signal(signal),
        }
        terminal.end();
        terminal.assert_restored();
        let raw = terminal.raw_text();
        for (on, off) in ON.iter().zip(OFF) {
            assert_eq!(count(&raw, off), 2, "{off:?} after {signal:?}");
            assert!(raw.rfind(on) < raw.rfind(off), "{off:?} after {signal:?}");
        }
    }
}

#[test]
fn q20_a_mouse_that_is_not_wanted_is_not_taken() {
    let home = Home::new();
    home.write_config("mouse = false\n", 0o600);
    let mut terminal = Setup::demo(&home).start_and_load();
    terminal.type_keys("?mouse off");
    terminal.wait_for("Shift-drag selects text)");
    let raw = terminal.raw_text();
    assert!(ON.iter().all(|mode| !raw.contains(mode)));
    terminal.type_keys("\r");
    terminal.wait_for("The mouse is wavedeck's");
    assert_usual_capture(&terminal);
    terminal.type_keys("?mouse off");
    terminal.wait_for("Shift-drag selects text)");
    terminal.type_keys("\r");
    terminal.wait_for("The mouse is the terminal's");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    let raw = terminal.raw_text();
    for mode in ON.iter().chain(&OFF) {
        assert_eq!(count(&raw, mode), 1, "{mode:?}");
    }
}

/// What a terminal never sends, and what none of ours understands. No key behind it is lost.
#[test]
fn t14_garbage_from_the_terminal_is_ignored_and_no_key_is_lost() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    for (garbage, key, answer) in [
        (
            "\x1b[<0;999;999M\x1b[<0;65535;65535M\x1b[<0;0;0M",
            "3",
            "▸ 3 Invite",
        ),
        (
            "\x1b[<999;1;1M\x1b[<a;b;cM\x1b[<;;M\x1b[<0;1M",
            "4",
            "▸ 4 Icon",
        ),
        ("\x1b[<0;99999999999999999999;1M", "2", "▸ 2 Members"),
        ("\x1b[M !!\x1b[M   ", "1", "▸ 1 Groups"),
        ("\x1b[I\x1b[O\x1b[1;1R\x1b[200;300Z", "3", "▸ 3 Invite"),
    ] {
        terminal.type_keys(garbage);
        terminal.type_keys(key);
        terminal.wait_for(answer);
    }
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

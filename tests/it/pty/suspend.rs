//! Suspended and brought back; resized again and again.

use wavedeck::runtime::clock::now;

use super::*;

/// The names and the frames stand where they do at this size: the footer's last word is in the last
/// corner, and the first row is the header.
fn is_drawn_at(screen: &vt100::Screen, columns: u16, rows_: u16) -> bool {
    let rows = rows(screen);
    let width = usize::from(columns);
    let reaches = |row: usize, words: &str| {
        let text = rows[row].trim_end();
        text.ends_with(words) && (width - 2..=width).contains(&text.chars().count())
    };
    screen.size() == (rows_, columns)
        && screen.alternate_screen()
        && reaches(usize::from(rows_) - 1, "? help")
        && reaches(0, "● online")
        && rows.iter().any(|row| row.contains("Corrida"))
}

fn wait_until_drawn_at(terminal: &Terminal, columns: u16, rows: u16) {
    let what = format!("a screen of {columns} by {rows}");
    terminal.wait_until(&what, |screen| is_drawn_at(screen, columns, rows));
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_draws_everything_at_the_new_size() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    for (columns, rows) in [(100, 30), (120, 36), (90, 28)] {
        terminal.type_keys("\x1a");
        terminal.wait_for_stop();
        terminal.assert_restored();
        let before = terminal.raw().len();
        terminal.resize(columns, rows);
        terminal.signal(Signal::CONT);
        wait_until_drawn_at(&terminal, columns, rows);
        assert!(terminal.is_taken_over());
        let since = terminal.raw()[before..].to_vec();
        let since = String::from_utf8_lossy(&since);
        assert!(since.contains("\x1b[?1049h") && since.contains("\x1b[?2004h"));
        // Not only what changed: the screen was another program's meanwhile.
        assert!(since.contains("Members") && since.contains("Groups"));
    }
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn a_stop_signal_does_the_same() {
    let home = Home::new();
    let terminal = Setup::demo(&home).start_and_load();
    terminal.signal(Signal::TSTP);
    terminal.wait_for_stop();
    terminal.assert_restored();
    terminal.signal(Signal::CONT);
    wait_until_drawn_at(&terminal, 120, 36);
}

#[test]
fn q24_a_hundred_times_stopped_and_continued_it_is_what_it_was() {
    // Not the demo, where people go on writing.
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider).start_and_load();
    terminal.wait_for("no icon");
    let shown = terminal.rows();
    for cycle in 0..100 {
        if cycle % 2 == 0 {
            terminal.type_keys("\x1a");
        } else {
            terminal.signal(Signal::TSTP);
        }
        terminal.wait_for_stop();
        terminal.assert_restored();
        terminal.signal(Signal::CONT);
        wait_until_drawn_at(&terminal, 120, 36);
        assert!(terminal.is_taken_over());
    }
    // All but the time of day, which may be another one.
    for (now, before) in terminal.rows().iter().zip(&shown).skip(1) {
        assert_eq!(now.trim_end(), before.trim_end());
    }
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn continued_in_the_background_it_draws_nothing_until_it_comes_to_the_front() {
    let home = Home::new();
    // A shell with job control, as people have it.
    let mut terminal = Setup::demo(&home)
        .program("bash", &["--norc", "--noprofile", "-i"])
        .variable("PS1", "ready> ")
        .start();
    terminal.wait_for("ready> ");
    terminal.type_keys(&format!("{PROGRAM} demo --latency 0\r"));
    terminal.wait_for("synced");
    let prompt = |screen: &vt100::Screen| {
        !screen.alternate_screen() && screen.contents().trim_end().ends_with("ready>")
    };
    for _ in 0..5 {
        terminal.type_keys("\x1a");
        terminal.wait_until("the prompt", prompt);
        let before = terminal.raw().len();
        terminal.type_keys("clear; bg; jobs -l; echo do''ne\r");
        terminal.wait_for("done");
        terminal.type_keys("wait; echo stop''ped again\r");
        terminal.wait_for("stopped again");
        let since = String::from_utf8_lossy(&terminal.raw()[before..]).into_owned();
        assert!(!since.contains("\x1b[?1049h"), "{since:?}");
        terminal.type_keys("fg\r");
        wait_until_drawn_at(&terminal, 120, 36);
    }
    terminal.type_keys("q");
    // As early as can be: what is typed from now on is the shell's.
    terminal.wait_until("the shell", |screen| !screen.alternate_screen());
    terminal.type_keys("exit 7\r");
    assert_eq!(terminal.end(), 7);
}

#[test]
fn a_storm_of_sizes_is_drawn_twenty_times_a_second_and_ends_at_the_right_one() {
    let home = Home::new();
    let terminal = Setup::demo(&home).start_and_load();
    let frames = |terminal: &Terminal| count(&terminal.raw_text(), "\x1b[?2026h");
    let before = frames(&terminal);
    let (start, storm) = (now(), Duration::from_secs(1));
    let mut told = 0_u16;
    while told < 1000 || now().since(start) < storm {
        terminal.resize_line(100 + told % 60, 30 + told % 20);
        terminal.signal(Signal::WINCH);
        told = told.wrapping_add(1);
    }
    let drawn = frames(&terminal) - before;
    terminal.resize(110, 33);
    wait_until_drawn_at(&terminal, 110, 33);
    let most = now().since(start).as_millis() / 50 + 4;
    assert!((1..=most).contains(&(drawn as u128)), "{drawn} frames");
}

#[test]
fn a_form_survives_being_suspended() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    terminal.type_keys("nClube");
    terminal.wait_for("Clube ");
    terminal.type_keys("\x1a");
    terminal.wait_for_stop();
    terminal.signal(Signal::CONT);
    terminal.wait_for("enter create");
    terminal.type_keys(" da Praia");
    terminal.wait_for("Clube da Praia");
}

#[test]
fn a_program_that_was_suspended_can_be_ended() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    terminal.type_keys("\x1a");
    terminal.wait_for_stop();
    terminal.signal(Signal::TERM);
    terminal.signal(Signal::CONT);
    assert_eq!(terminal.end(), 143);
    terminal.assert_restored();
}

#[test]
fn two_hundred_resizes_end_at_the_right_size() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    for step in 0..200_u16 {
        // From nothing to more than enough. The screen that is looked at stays as it is: the
        // emulator does not take words for one cell.
        terminal.resize_line(1 + step * 37 % 211, 1 + step * 13 % 67);
    }
    terminal.resize(110, 33);
    wait_until_drawn_at(&terminal, 110, 33);
    // Nothing of the other sizes is left: drawing all of it anew changes nothing.
    let shown = terminal.rows();
    let before = terminal.raw().len();
    terminal.type_keys("\x0c");
    terminal.wait_for_bytes(before + 1000);
    wait_until_drawn_at(&terminal, 110, 33);
    for (now, shown) in terminal.rows().iter().zip(&shown) {
        assert_eq!(now.trim_end(), shown.trim_end());
    }
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

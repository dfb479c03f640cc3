//! Terminals that are none, and terminals with few colours or none.

use std::fs::{File, OpenOptions};
use std::process::Stdio;

use super::*;

/// The numbers of every command that sets colours or weight.
fn styles(raw: &str) -> Vec<Vec<u32>> {
    let mut found = Vec::new();
    for rest in raw.split("\x1b[").skip(1) {
        let end = rest.find(|c: char| !c.is_ascii_digit() && !";:".contains(c));
        let (numbers, kind) = rest.split_at(end.unwrap_or(rest.len()));
        if kind.starts_with('m') {
            let numbers = numbers.split([';', ':']);
            found.push(numbers.map(|n| n.parse().unwrap_or(0)).collect());
        }
    }
    found
}

/// The row of the list with the cursor is reversed as far as the group's name goes.
fn assert_cursor_row_is_reversed(terminal: &Terminal) {
    let written = terminal.log.lock();
    let screen = written.parser.screen();
    let rows = rows(screen);
    let row = rows.iter().position(|row| row.contains("▌")).unwrap();
    let row = u16::try_from(row).unwrap();
    for column in 3..20 {
        let cell = screen.cell(row, column).unwrap();
        assert!(cell.inverse(), "column {column} of row {row}");
    }
    assert!(!screen.cell(row + 1, 5).unwrap().inverse());
}

#[test]
fn q15_no_color_means_none_and_the_cursor_row_still_stands_out() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home)
        .variable("NO_COLOR", "1")
        .variable("COLORTERM", "truecolor")
        .start_and_load();
    assert_cursor_row_is_reversed(&terminal);
    // Through every pane, a box, a form and a notice.
    for (keys, words) in [
        ("2", "Members"),
        ("3", "chat.whatsapp.com"),
        ("y", "copied"),
        ("w", "GET"),
        ("1d", "esc cancel"),
    ] {
        terminal.type_keys(keys);
        terminal.wait_for(words);
    }
    terminal.type_keys("\x1b");
    terminal.wait_while("esc cancel");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    for style in styles(&terminal.raw_text()) {
        for number in &style {
            let colour = matches!(number, 30..=38 | 40..=48 | 90..=107);
            assert!(!colour, "{style:?}");
        }
    }
}

#[test]
fn q15_colours_that_were_asked_for_win_over_no_color() {
    let home = Home::new();
    let terminal = Setup::demo(&home)
        .args(&["--color", "always"])
        .variable("NO_COLOR", "1")
        .start_and_load();
    let styles = styles(&terminal.raw_text());
    assert!(styles.iter().flatten().any(|n| matches!(n, 30..=38)));
}

#[test]
fn q16_a_terminal_that_does_not_promise_24_bits_gets_none() {
    let home = Home::new();
    let terminal = Setup::demo(&home).start_and_load();
    let raw = terminal.raw_text();
    assert!(!raw.contains("38;2;") && !raw.contains("48;2;"));
    assert!(raw.contains("38;5;"), "the palette of 256 is used");
    let terminal = Setup::demo(&home)
        .variable("COLORTERM", "truecolor")
        .start_and_load();
    assert!(terminal.raw_text().contains("38;2;"));
}

#[test]
fn q15_after_reverse_no_reset_stands_before_the_text() {
    let home = Home::new();
    let terminal = Setup::demo(&home)
        .variable("NO_COLOR", "1")
        .start_and_load();
    let raw = terminal.raw_text();
    let reversed: Vec<&str> = raw.split("\x1b[7m").skip(1).collect();
    assert!(!reversed.is_empty());
    for after in reversed {
        assert!(!after.starts_with("\x1b[m") && !after.starts_with("\x1b[0m"));
    }
}

#[test]
fn q16_the_configuration_says_how_many_colours_and_the_flag_wins_over_it() {
    let home = Home::new();
    home.write_config("color = \"truecolor\"\n", 0o600);
    let raw = Setup::demo(&home).start_and_load().raw_text();
    assert!(raw.contains("38;2;"));
    let setup = Setup::demo(&home).args(&["--color", "16"]);
    let raw = setup.start_and_load().raw_text();
    assert!(!raw.contains("38;2;"));
    // The terminal's own sixteen are numbered too.
    let high = |style: &[u32]| matches!(style, [38, 5, index, ..] if *index > 15);
    assert!(styles(&raw).iter().all(|style| !high(style)), "{raw}");
}

/// A colour of the theme for light backgrounds, and one of that for dark ones.
const OF_LIGHT: &str = "38;2;36;41;46";
const OF_DARK: &str = "38;2;223;227;230";
const WHITE: &str = "\x1b]11;rgb:ffff/ffff/ffff\x07";
const ATTRIBUTES: &str = "\x1b[?62;22c";

/// The demo in a terminal with 24 bits, at the moment it has asked the terminal.
fn asked(home: &Home) -> Terminal {
    let terminal = Setup::demo(home).variable("COLORTERM", "truecolor").start();
    terminal.wait_for_raw("\x1b[c");
    terminal
}

#[test]
fn q17_a_terminal_that_answers_light_gets_the_light_theme_and_keys_typed_meanwhile_count() {
    let home = Home::new();
    let mut terminal = asked(&home);
    terminal.type_keys(&format!("?{WHITE}\x1b[1;2R\x1b[6;20;10t{ATTRIBUTES}"));
    terminal.wait_for_raw("\x1b[>0q");
    terminal.type_keys(&format!("\x1bP>|made up\x1b\\{ATTRIBUTES}"));
    terminal.wait_for("type to search");
    terminal.wait_for("synced");
    let raw = terminal.raw_text();
    assert!(raw.contains(OF_LIGHT) && !raw.contains(OF_DARK));
    assert_eq!(count(&raw, "\x1b]11;?"), 1);
    terminal.type_keys("\x1b");
    terminal.wait_while("type to search");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn q17_a_background_that_is_fixed_or_makes_no_difference_is_not_asked_for() {
    let home = Home::new();
    home.write_config("theme = \"light\"\n", 0o600);
    let setup = Setup::demo(&home).variable("COLORTERM", "truecolor");
    let raw = setup.start_and_load().raw_text();
    assert!(raw.contains(OF_LIGHT) && !raw.contains("\x1b]11;?"));
    let home = Home::new();
    let setup = Setup::demo(&home).variable("NO_COLOR", "1");
    assert!(!setup.start_and_load().raw_text().contains("\x1b]11;?"));
    let setup = Setup::demo(&home).variable("TERM", "linux");
    assert!(!setup.start_and_load().raw_text().contains("\x1b[c"));
}

#[test]
fn q33_an_answer_that_comes_too_late_is_not_typed_into_the_program() {
    let home = Home::new();
    let mut terminal = asked(&home);
    // The dashboard waited in vain and is dark.
    terminal.wait_for("synced");
    assert!(terminal.raw_text().contains(OF_DARK));
    // Typed, this would open the search and write into it.
    terminal.type_keys("/");
    terminal.wait_for("▸ 1 Groups /");
    terminal.type_keys(&format!("mo{WHITE}\x1b[1;2R\x1b[6;20;10t{ATTRIBUTES}r"));
    terminal.wait_for("▸ 1 Groups /mor");
    assert!(!terminal.text().contains("11;rgb"));
    terminal.type_keys("\x1b");
    terminal.wait_while("/mor");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_sign_that_takes_two_cells_and_a_locale_without_it_mean_ascii() {
    let home = Home::new();
    let mut terminal = asked(&home);
    terminal.type_keys(&format!("\x1b[1;3R{ATTRIBUTES}"));
    terminal.wait_for("> 1 Groups");
    terminal.wait_for("synced");
    assert!(!terminal.text().contains(['│', '●', '▌']));
    let setup = Setup::demo(&home).variable("LC_ALL", "POSIX");
    let terminal = setup.start();
    terminal.wait_for("> 1 Groups");
    assert!(!terminal.raw_text().contains('●'), "not even to ask");
}

#[test]
fn q29_a_theme_of_the_users_own_and_the_colour_of_a_profile_are_seen() {
    let home = Home::new();
    let themes = home.path().join(".config/wavedeck/themes");
    std::fs::create_dir_all(&themes).unwrap();
    std::fs::write(
        themes.join("sea.toml"),
        "inherits = 'dark'\ntext = '#010203'\n",
    )
    .unwrap();
    home.write_config("theme = 'sea'\n", 0o600);
    let setup = Setup::demo(&home).variable("COLORTERM", "truecolor");
    assert!(setup.start_and_load().raw_text().contains("38;2;1;2;3"));
}

#[test]
fn q34_the_terminals_own_cursor_is_on_the_focused_row_field_or_button() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    let is_at = |sign: &'static str| {
        move |screen: &vt100::Screen| {
            let (row, column) = screen.cursor_position();
            let under = screen.cell(row, column).map(vt100::Cell::contents);
            !screen.hide_cursor() && under == Some(sign)
        }
    };
    terminal.wait_until("the cursor row", is_at("▌"));
    terminal.type_keys("jj");
    terminal.wait_until("another row", |screen| {
        is_at("▌")(screen) && screen.contents().contains("3 of 16")
    });
    terminal.type_keys("e");
    terminal.wait_for("Rename");
    terminal.type_keys("zz");
    // Behind what was typed.
    terminal.wait_until("the field", |screen| {
        let (row, column) = screen.cursor_position();
        let before = screen.rows(0, column).nth(usize::from(row));
        !screen.hide_cursor() && before.is_some_and(|text| text.ends_with("zz"))
    });
    terminal.type_keys("\x1b");
    terminal.wait_while("Rename");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_dumb_terminal_is_told_so_in_plain_words() {
    let home = Home::new();
    for args in [&[][..], &["demo"]] {
        let setup = Setup::new(&home).args(args).variable("TERM", "dumb");
        let mut terminal = setup.start();
        assert_eq!(terminal.end(), 2);
        assert_eq!(
            terminal.raw_text(),
            "wavedeck: the dashboard needs a terminal that can move its cursor, and `TERM` is `dumb`\r\n"
        );
    }
    assert!(home.files().is_empty());
}

#[test]
fn what_cannot_be_a_dashboard_says_so_in_one_line_and_touches_nothing() {
    let home = Home::new();
    let none = |side: &str| format!("the dashboard needs a terminal, and standard {side} is none");
    let unnamed = "the dashboard needs to know the terminal, and `TERM` is not set: for most, \
                   `TERM=xterm-256color` will do";
    let files = "the dashboard opens up to 64 files, and `ulimit -n` allows 16";
    for (shell, words) in [
        ("$PROGRAM demo <&-", none("input")),
        ("$PROGRAM demo >&-", none("output")),
        ("$PROGRAM demo <&- >&-", none("input")),
        ("$PROGRAM demo </dev/null >/dev/null", none("input")),
        ("unset TERM; $PROGRAM demo", unnamed.to_owned()),
        ("TERM= $PROGRAM", unnamed.to_owned()),
        ("ulimit -n 16; $PROGRAM demo", files.to_owned()),
        // Nobody can be told.
        ("$PROGRAM demo <&- >&- 2>&-", String::new()),
        ("$PROGRAM demo >&- 2>&-", String::new()),
    ] {
        let line = format!("{shell}; exit $?");
        let mut terminal = Setup::demo(&home)
            .variable("PROGRAM", PROGRAM)
            .program("sh", &["-c", &line])
            .start();
        assert_eq!(terminal.end(), 2, "{shell}");
        let expected = if words.is_empty() {
            words
        } else {
            format!("wavedeck: {words}\r\n")
        };
        assert_eq!(terminal.raw_text(), expected, "{shell}");
        assert!(!terminal.is_taken_over());
    }
    assert!(home.files().is_empty());
}

#[test]
fn without_a_place_for_errors_the_dashboard_works_all_the_same() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home)
        .variable("PROGRAM", PROGRAM)
        .program("sh", &["-c", "$PROGRAM demo --latency 0 2>&-; exit $?"])
        .start_and_load();
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

/// A terminal without anybody in it, and what is written to it.
fn empty_terminal() -> (Box<dyn MasterPty + Send>, File) {
    let pair = native_pty_system().openpty(cells((80, 24))).unwrap();
    let path = pair.master.tty_name().unwrap();
    let side = OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .unwrap();
    (pair.master, side)
}

#[test]
fn without_a_terminal_on_either_side_nothing_is_drawn() {
    let home = Home::new();
    for args in [&[][..], &["demo"]] {
        let (master, terminal) = empty_terminal();
        let far = || Stdio::from(terminal.try_clone().unwrap());
        let (log, stop) = (Log::new((80, 24)), UnixStream::pair().unwrap());
        let read = FileDescriptor::dup(&master.as_raw_fd().unwrap()).unwrap();
        let reader = log.follow(read, stop.1);
        for (input, output, missing) in [
            (Stdio::piped(), far(), "input"),
            (far(), Stdio::piped(), "output"),
            (Stdio::null(), Stdio::null(), "input"),
        ] {
            let mut command = home.command(args);
            command.env("TERM", "xterm-256color");
            command.stdin(input).stdout(output).stderr(Stdio::piped());
            let output = command.spawn().unwrap().wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(2));
            assert_eq!(output.stdout, b"");
            let said = String::from_utf8(output.stderr).unwrap();
            let expected = format!(
                "wavedeck: the dashboard needs a terminal, and standard {missing} is none\n"
            );
            assert_eq!(said, expected);
        }
        drop((terminal, stop.0));
        reader.join().unwrap();
        assert_eq!(log.lock().raw, b"", "nothing was written to the terminal");
    }
}

#[test]
fn every_size_can_be_started_at_and_left() {
    let home = Home::new();
    for (columns, rows) in [(1, 1), (12, 3), (47, 11), (400, 2), (3, 120), (250, 80)] {
        let mut terminal = Setup::demo(&home).size(columns, rows).start();
        // Two frames at least: the first and the one with names.
        let frames = |terminal: &Terminal| count(&terminal.raw_text(), "\x1b[?2026l");
        while frames(&terminal) < 2 {
            let written = terminal.raw().len();
            terminal.wait_for_bytes(written + 1);
        }
        terminal.type_keys("q");
        assert_eq!(terminal.end(), 0, "{columns} by {rows}");
        terminal.assert_restored();
    }
}

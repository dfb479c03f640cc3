//! What is switched on is switched off again, in whatever state the terminal is given back.

use super::*;

#[test]
fn the_half_of_a_wide_character_does_not_stay_behind() {
    let mut wide = Vec::new();
    let mut before = Buffer::with_lines(["a東b     "]);
    refresh_halves(&mut before, &mut wide);
    assert_eq!(wide, [Position::new(1, 0)]);
    let mut after = Buffer::with_lines(["ax b     "]);
    after.resize(before.area);
    refresh_halves(&mut after, &mut wide);
    let written: Vec<u16> = before.diff(&after).iter().map(|(x, _, _)| *x).collect();
    assert_eq!(written, [1, 2], "the new character and the half behind it");
    assert!(wide.is_empty());
}

fn bytes(commands: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write_at_once(&mut out, commands).unwrap();
    String::from_utf8(out).unwrap()
}

/// What is on after these bytes, among the modes with a number.
fn modes_on(bytes: &str) -> Vec<&str> {
    let mut on = Vec::new();
    for command in bytes.split("\x1b[?").skip(1) {
        let (mode, _) = command.split_once(['h', 'l']).unwrap();
        on.retain(|known| *known != mode);
        if command.strip_prefix(mode).unwrap().starts_with('h') {
            on.push(mode);
        }
    }
    on
}

#[test]
fn everything_that_is_switched_on_is_switched_off() {
    let usual = vec!["1049", "2004"];
    // No more of the mouse than clicks and the wheel: every move would wake the program.
    let with_mouse = vec!["1049", "2004", "1000", "1006"];
    for (mouse, modes) in [(Mouse::Free, usual), (Mouse::Captured, with_mouse)] {
        let on = bytes(|out| switch_on(out, mouse));
        assert_eq!(modes_on(&on), modes);
        let after = on + &bytes(|out| switch_off(out, mouse));
        assert_eq!(modes_on(&after), ["25"], "only the cursor is left on");
    }
}

#[test]
fn the_screen_model_is_back_to_normal_after_a_session() {
    let mut parser = vt100::Parser::new(5, 20, 0);
    parser.process(b"shell $ ");
    parser.process(bytes(|out| switch_on(out, Mouse::Captured)).as_bytes());
    assert!(parser.screen().alternate_screen() && parser.screen().bracketed_paste());
    parser.process(b"\x1b[7mdashboard");
    parser.process(bytes(|out| switch_off(out, Mouse::Captured)).as_bytes());
    let screen = parser.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste());
    assert!(!screen.hide_cursor() && !screen.inverse());
    assert_eq!(screen.contents(), "shell $ ");
}

/// Keeps every write apart.
#[derive(Default)]
struct Writes(Vec<Vec<u8>>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_held_goes_out_in_one_write() {
    let hold = Arc::new(AtomicBool::new(true));
    let mut writer = Held {
        out: Writes::default(),
        pending: Vec::new(),
        hold: Arc::clone(&hold),
    };
    for piece in ["a", "b", "c"] {
        execute!(writer, crossterm::style::Print(piece)).unwrap();
    }
    assert!(writer.out.0.is_empty());
    hold.store(false, Ordering::SeqCst);
    writer.flush().unwrap();
    assert_eq!(writer.out.0, [b"abc".to_vec()]);
}

#[test]
fn without_a_terminal_there_is_a_plain_reason() {
    let file = File::open("/dev/null").unwrap();
    assert_eq!(fitness(&file, &file, Some("xterm")), Err(Unfit::Input));
    let reason = Unfit::Input.to_string();
    assert_eq!(
        reason,
        "the dashboard needs a terminal, and standard input is none"
    );
}

#[test]
fn a_pty_will_do_unless_it_is_dumb() {
    let pty = portable_pty::native_pty_system()
        .openpty(portable_pty::PtySize::default())
        .unwrap();
    let tty = File::open(pty.master.tty_name().unwrap()).unwrap();
    let file = File::open("/dev/null").unwrap();
    assert_eq!(fitness(&tty, &tty, Some("xterm")), Ok(()));
    assert_eq!(fitness(&tty, &tty, None), Err(Unfit::Unnamed));
    assert_eq!(fitness(&tty, &tty, Some("")), Err(Unfit::Unnamed));
    assert_eq!(fitness(&tty, &tty, Some("dumb")), Err(Unfit::Dumb));
    assert_eq!(fitness(&tty, &file, Some("xterm")), Err(Unfit::Output));
}

#[test]
fn the_text_after_a_panic_tells_the_place_and_no_more() {
    let text = fault_text(Some("src/ui.rs:1:2"));
    assert!(text.contains("at src/ui.rs:1:2\n") && text.ends_with("or not.\n"));
}

#[test]
fn nothing_is_restored_that_was_not_taken() {
    // Would fail on standard output that is no terminal, and would write to it.
    assert!(restore().is_ok());
}

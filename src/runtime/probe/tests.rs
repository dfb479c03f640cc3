//! What terminals answer, and in which order.

use std::os::unix::net::UnixStream;
use std::thread;

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

const PICTURES: Wanted = Wanted {
    graphics: true,
    ..Wanted::NOTHING
};
const ALL: Wanted = Wanted {
    graphics: true,
    background: true,
    sign: true,
};

fn way_of(answers: [&'static [u8]; 2], limit: Duration) -> (Option<Way>, Vec<u8>) {
    let (told, heard) = asked(PICTURES, answers, limit);
    (told.graphics.map(|graphics| graphics.way()), heard)
}

/// A terminal that answers each of the two questions with these bytes, and what it was asked.
fn asked(wanted: Wanted, answers: [&'static [u8]; 2], limit: Duration) -> (Told, Vec<u8>) {
    let (mut terminal, near) = UnixStream::pair().unwrap();
    let far = thread::Builder::new()
        .spawn(move || {
            let mut heard = Vec::new();
            let mut rest = answers.iter();
            let mut bytes = [0; 256];
            while let Ok(length @ 1..) = terminal.read(&mut bytes) {
                heard.extend(&bytes[..length]);
                if let Some(answer) = rest.next() {
                    terminal.write_all(answer).unwrap();
                }
            }
            heard
        })
        .unwrap();
    let output = near.try_clone().unwrap();
    let told = ask(near, output, wanted, limit);
    (told, far.join().unwrap())
}

#[test]
fn a_terminal_is_known_by_its_answers() {
    const FIRST: &[u8] = b"\x1b[6;20;10t\x1b[?62;4c";
    for (second, way) in [
        (
            b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.35.2)\x1b\\\x1b[?62;c".as_slice(),
            Some(Way::Kitty),
        ),
        (
            b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.35.2)\x1b\\\x1b[?62c",
            Some(Way::Kitty),
        ),
        (b"\x1bP>|foot(1.16.2)\x1b\\\x1b[?62;4;22c", Some(Way::Sixel)),
        (b"\x1b[?65;1;4;9c", Some(Way::Sixel)),
        (
            b"\x1b_Gi=31;OK\x1b\\\x1bP>|WezTerm 2024\x1b\\\x1b[?65;4c",
            Some(Way::Iterm2),
        ),
        (b"\x1bP>|iTerm2 3.5.0\x1b\\\x1b[?64;4c", Some(Way::Iterm2)),
        (
            b"\x1b_Gi=31;OK\x1b\\\x1bP>|Konsole 24.02\x1b\\\x1b[?62;1;4c",
            None,
        ),
        (
            b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.26.5)\x1b\\\x1b[?62c",
            None,
        ),
        (
            b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(1.0.0)\x1b\\\x1b[?62c",
            Some(Way::Kitty),
        ),
        (b"\x1bP>|VTE(7600)\x1b\\\x1b[?65;1;9c", None),
        (b"\x1b_Gi=31;EINVAL\x1b\\\x1b[?6c", None),
    ] {
        let (found, heard) = way_of([FIRST, second], PATIENCE);
        assert_eq!(found, way, "{}", String::from_utf8_lossy(second));
        assert_eq!(heard, [CELL, ATTRIBUTES, TELLING].concat());
    }
}

#[test]
fn what_could_be_taken_for_typing_is_asked_only_when_it_can_matter() {
    for first in [b"\x1b[?1;2c".as_slice(), b"\x1b[6;0t\x1b[?62;4c"] {
        let (found, heard) = way_of([first, b""], PATIENCE);
        assert_eq!((found, heard), (None, [CELL, ATTRIBUTES].concat()));
    }
}

#[test]
fn q33_a_terminal_that_does_not_answer_is_not_waited_for() {
    let limit = Duration::from_millis(60);
    for answers in [
        [b"".as_slice(), b""],
        [b"\x1b[6;20;10t\x1b[?62;4c", b""],
        [b"\x1b[6;20;10t\x1b[?62;4c", b"\x1b_Gi=31;OK\x1b\\"],
    ] {
        let start = clock::now();
        let (told, _) = asked(ALL, answers, limit);
        assert!(told.graphics.is_none() && told.owes);
        assert!(clock::now().since(start) < PATIENCE);
    }
}

#[test]
fn cells_of_an_impossible_size_mean_no_pictures() {
    const KITTY: &[u8] = b"\x1b_Gi=31;OK\x1b\\\x1b[?62c";
    for first in [
        b"\x1b[6;0;0t\x1b[?62c".as_slice(),
        b"\x1b[6;9000;9000t\x1b[?62c",
    ] {
        assert_eq!(way_of([first, KITTY], PATIENCE).0, None);
    }
}

fn here(vars: &[(&str, &str)]) -> Wanted {
    ALL.here(|name| {
        let found = vars.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn a_multiplexer_is_asked_only_what_it_answers_rightly() {
    assert_eq!(here(&[("TERM", "xterm-kitty"), ("TMUX", "")]), ALL);
    assert_eq!(here(&[]), ALL);
    for vars in [
        [("TERM", "xterm-256color"), ("TMUX", "/tmp/tmux,1,0")],
        [("TERM", "screen-256color"), ("TMUX", "/tmp/tmux,1,0")],
        [("TERM", "xterm-256color"), ("ZELLIJ", "0")],
        [("TERM", "tmux-256color"), ("", "")],
    ] {
        let expected = Wanted {
            graphics: false,
            ..ALL
        };
        assert_eq!(here(&vars), expected, "{vars:?}");
    }
    for vars in [
        [("TERM", "xterm-256color"), ("STY", "1.pts")],
        [("TERM", "screen"), ("", "")],
    ] {
        let expected = Wanted {
            sign: true,
            ..Wanted::NOTHING
        };
        assert_eq!(here(&vars), expected, "{vars:?}");
    }
    assert_eq!(here(&[("TERM", "linux")]), Wanted::NOTHING);
    assert_eq!(here(&[("TERM", "dumb")]), Wanted::NOTHING);
}

#[test]
fn q17_the_background_is_understood_in_every_form() {
    for (answer, rgb) in [
        (&b"\x1b]11;rgb:ffff/ffff/ffff\x07"[..], Some([255; 3])),
        (b"\x1b]11;rgb:0000/2b2b/3636\x1b\\", Some([0, 0x2b, 0x36])),
        (b"\x1b]11;rgb:1e/1e/1e\x07", Some([0x1e; 3])),
        (b"\x1b]11;rgb:f/8/0\x07", Some([255, 136, 0])),
        (b"\x1b]11;rgba:ffff/0000/0000/ffff\x07", Some([255, 0, 0])),
        (b"\x1b]11;#fdf6e3\x07", Some([0xfd, 0xf6, 0xe3])),
        (b"\x1b]11;rgb:ffff/ffff\x07", None),
        (b"\x1b]11;rgb:zz/zz/zz\x07", None),
        (b"\x1b]11;rgb:/ff/ff\x07", None),
        (b"\x1b]11;rgb:fffffffff/ff/ff\x07", None),
        (b"\x1b]11;rgb:ffff/ffff/ff", None),
        (b"\x1b]10;rgb:ffff/ffff/ffff\x07", None),
        (b"", None),
    ] {
        let found = background(answer);
        assert_eq!(found, rgb.map(Rgb), "{}", String::from_utf8_lossy(answer));
    }
}

#[test]
fn everything_is_asked_in_one_go_and_what_is_typed_meanwhile_is_kept() {
    let first = b"j\x1b[1;3R\x1b]11;rgb:ffff/ffff/ffff\x07\x1b[A2\x1b[6;20;10t\x1b[?62;c";
    let second = b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.35.2)\x1b\\k\x1b[?62;c";
    let (told, heard) = asked(ALL, [first, second], PATIENCE);
    assert_eq!(
        heard,
        [SIGN, BACKGROUND, CELL, ATTRIBUTES, TELLING].concat()
    );
    assert_eq!(told.background, Some(Rgb([255; 3])));
    assert_eq!(told.sign, Some(2));
    assert_eq!(
        told.graphics.map(|graphics| graphics.way()),
        Some(Way::Kitty)
    );
    assert!(!told.owes);
    let keys = [
        KeyCode::Char('j'),
        KeyCode::Up,
        KeyCode::Char('2'),
        KeyCode::Char('k'),
    ];
    assert_eq!(told.typed, keys.map(KeyEvent::from));
}

#[test]
fn a_terminal_that_answers_in_another_order_is_heard_to_the_end() {
    let wanted = Wanted {
        graphics: false,
        ..ALL
    };
    let answer = b"\x1b[?62c\x1b[1;2R\x1b]11;rgb:ffff/ffff/ffff\x1b\\".as_slice();
    for at in 7..answer.len() {
        let (mut far, near) = UnixStream::pair().unwrap();
        let terminal = thread::Builder::new()
            .spawn(move || {
                far.write_all(&answer[..at]).unwrap();
                std::thread::yield_now();
                far.write_all(&answer[at..]).unwrap();
                far
            })
            .unwrap();
        let told = ask(near, io::sink(), wanted, PATIENCE);
        drop(terminal.join().unwrap());
        assert_eq!(told.background, Some(Rgb([255; 3])), "cut at {at}");
        assert!(
            told.typed.is_empty() && !told.owes,
            "cut at {at}: {:?}",
            told.typed
        );
    }
}

#[test]
fn what_was_typed_is_told_from_answers_and_pastes() {
    let codes = |text: &str| -> Vec<KeyCode> {
        typed(text.as_bytes())
            .into_iter()
            .map(|key| key.code)
            .collect()
    };
    assert_eq!(codes("\x1b[200~rm -rf\r\x1b[201~q"), [KeyCode::Char('q')]);
    assert_eq!(codes("\x1b[200~half of a paste"), []);
    assert_eq!(codes("\x1b]11;rgb:ff"), []);
    assert_eq!(codes("\x1b"), [KeyCode::Esc]);
    assert_eq!(
        codes("é\r\t\x7f"),
        [
            KeyCode::Char('é'),
            KeyCode::Enter,
            KeyCode::Tab,
            KeyCode::Backspace
        ]
    );
    let quit = typed(b"\x03");
    assert_eq!(
        quit,
        [KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)]
    );
}

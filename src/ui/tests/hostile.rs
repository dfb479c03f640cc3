//! Names from people we do not know: wide, joined, from right to left, and meant to do harm.

use super::sizes::check;
use super::*;
use crate::app::Reply;
use crate::domain::{InviteLink, Operation};

/// What groups are called.
const FINE: [&str; 9] = [
    "❤️ Família",
    "👨‍👩‍👧 Pais",
    "🇧🇷 Seleção",
    "東京ランナーズ",
    "Cafe\u{301} da manha\u{303}",
    "ﷺ",
    "צוות הגינה",
    "مجموعة الحي",
    "🏃🏽‍♀️🏃🏽‍♀️🏃🏽‍♀️🏃🏽‍♀️🏃🏽‍♀️🏃🏽‍♀️🏃🏽‍♀️🏃🏽‍♀️🏃🏽‍♀️",
];

/// The same, and names that are meant to do harm.
pub(super) fn subjects() -> Vec<String> {
    let harmful = [
        "\x1b[2J\x1b]0;owned\x07".to_owned(),
        "\u{9b}31m\u{85}x".to_owned(),
        "Bruna\u{202e}anurB\u{2066}x\u{200f}".to_owned(),
        format!("a{}b", "\u{200b}".repeat(10_000)),
        format!("a{}b", "\u{301}".repeat(10_000)),
        "\u{200d}".repeat(10_000),
        "\u{fe0f}".repeat(300),
        "line\r\nline\tline\u{2028}line".to_owned(),
        "\u{e0041}\u{e0042}\u{feff}\u{ad}".to_owned(),
        format!("a{}", "\u{200b}\u{301}".repeat(5_000)),
        format!("{}\u{11a8}", "\u{1100}".repeat(30)).repeat(20),
        "W".repeat(100_000),
        "東".repeat(5_000),
        String::new(),
    ];
    FINE.map(str::to_owned).into_iter().chain(harmful).collect()
}

/// All of them as groups, the chosen one being that in `row`.
fn world_of(size: Size, row: usize) -> Probe {
    let groups = (0..).zip(subjects()).map(|(n, subject)| {
        let mut group = group(&format!("5519900000000-15{n:08}")).subject(&subject);
        group.created = Some(UnixSeconds(1_500_000_000 + n));
        group
    });
    let mut app = world(size, groups.collect());
    app.send(Msg::Started);
    app.calm();
    app.press("g");
    for _ in 0..row {
        app.press("j");
    }
    app.calm();
    app
}

#[test]
fn q19_no_name_breaks_a_frame_or_reaches_the_terminal_as_a_command() {
    let screens = [
        "",
        "2",
        "3",
        "d",
        "e",
        "Y",
        "w",
        "2 d",
        "2 + enter",
        "3 d",
        "5",
        "m o i",
        "m o i enter",
        "space space space d",
        "y",
        "e z enter",
        "?",
    ];
    for row in 0..subjects().len() {
        for keys in screens {
            let mut app = world_of(USUAL, row);
            app.play(keys);
            for size in SIZES {
                app.send(Msg::Resized(size));
                check(&format!("group {row}, keys {keys:?}"), &app);
            }
        }
    }
}

#[test]
fn q19_nothing_typed_or_pasted_breaks_a_frame() {
    for text in subjects() {
        for keys in ["/", "2 /", "n", "e", "?", "d", "m"] {
            let mut app = after(USUAL, keys);
            app.paste(&text);
            for size in SIZES {
                app.send(Msg::Resized(size));
                check(&format!("{keys:?} with {text:.40?}"), &app);
            }
        }
        let mut app = first_run::welcome(USUAL);
        app.press("2");
        app.paste(&text);
        app.press("tab");
        app.paste(&text);
        app.press("ctrl-r");
        for size in SIZES {
            app.send(Msg::Resized(size));
            check(&format!("connecting with {text:.40?}"), &app);
        }
    }
}

#[test]
fn q19_no_message_breaks_a_frame() {
    for text in subjects() {
        let mut app = after(USUAL, "m");
        app.paste(&text);
        app.wait(1_000);
        for keys in ["enter", "u", "esc"] {
            app.press(keys);
            for size in SIZES {
                app.send(Msg::Resized(size));
                check(&format!("message {text:.40?} after {keys}"), &app);
            }
        }
        app.model.session.confirm_send_over = 0;
        app.press_all("m enter");
        for size in SIZES {
            app.send(Msg::Resized(size));
            check(&format!("question about {text:.40?}"), &app);
        }
    }
}

#[test]
fn q19_no_link_breaks_a_frame() {
    for text in subjects() {
        let mut app = dashboard(USUAL);
        app.press("3");
        let (ticket, call) = app.open[0].clone();
        assert_eq!(call.operation(), Operation::GetInvite);
        let reply = Reply::Invite(call.group().unwrap().clone(), Ok(InviteLink::new(&text)));
        app.settled(ticket, &call, reply);
        for size in SIZES {
            app.send(Msg::Resized(size));
            check(&format!("link {text:.40?}"), &app);
        }
    }
}

/// What a stranger writes is safe in Messages, in the Inbox, whole and copied; that something is hidden is told.
#[test]
fn q19_what_strangers_write_is_safe_wherever_it_is_shown_or_copied() {
    for text in subjects() {
        let mut app = after(USUAL, "5");
        app.hears(CORRIDA, "5511900000001", &text);
        app.hears("5519900000000-1999999999", "5511900000002", &text);
        app.calm();
        for keys in ["", "y", "Y 1", "7", "enter", "y"] {
            app.play(keys);
            for size in SIZES {
                app.send(Msg::Resized(size));
                check(&format!("message {text:.40?} after {keys}"), &app);
            }
        }
        for clip in &app.clips {
            let bad = clip.text.chars().find(|c| *c != '\n' && c.is_control());
            assert_eq!(bad, None, "{text:.40?}");
            assert!(
                !clip.text.contains(['\u{202e}', '\u{200b}', '\u{feff}']),
                "{text:.40?}"
            );
        }
        for toast in app.model.toasts.iter() {
            let shown = format!("{} {}", toast.title, toast.lines.concat());
            assert!(!shown.chars().any(char::is_control), "{shown}");
        }
    }
}

#[test]
fn q19_hidden_characters_are_told_and_written_out_in_the_details() {
    let hidden = group("a").subject("Bru\u{202e}na\u{200b}").people(0..3);
    let fine = group("b")
        .subject("👨\u{200d}👩\u{200d}👧 Pais")
        .people(0..3);
    let mut app = world(USUAL, vec![hidden, fine]);
    app.send(Msg::Started);
    app.calm();
    app.press("g");
    let shown = |app: &Probe| text(&paint(&app.model, DARK).0);
    assert!(
        shown(&app).contains("Bru\\u{202E}na\\u{200B}  ! hidden characters"),
        "{}",
        shown(&app)
    );
    assert!(shown(&app).contains("▌ Bruna"), "{}", shown(&app));
    app.send(Msg::Resized(NARROW));
    app.play("enter");
    assert!(
        shown(&app).contains("! hidden characters in the name"),
        "{}",
        shown(&app)
    );
    app.send(Msg::Resized(USUAL));
    app.play("1 j");
    assert!(!shown(&app).contains("hidden"), "{}", shown(&app));

    let mut app = after(USUAL, "5");
    app.hears(CORRIDA, "5511900000001", "pague \u{2066}aqui");
    assert!(
        shown(&app).contains("! hidden characters"),
        "{}",
        shown(&app)
    );
    app.hears(
        "5519900000000-1999999999",
        "5511900000002",
        "pague \u{2066}aqui",
    );
    app.calm();
    app.play("7 enter");
    assert!(
        shown(&app).contains("pague \\u{2066}aqui"),
        "{}",
        shown(&app)
    );
    assert!(
        shown(&app).contains("! hidden characters"),
        "{}",
        shown(&app)
    );
}

/// The names people give their groups, in every pane and dialog: whole rows, closed frames, and the edge
/// between list and details in one column.
#[test]
fn q18_borders_stay_straight_beside_wide_joined_and_right_to_left_names() {
    for (row, name) in FINE.into_iter().enumerate() {
        for keys in [
            "", "2", "3", "4", "5", "m", "d", "e", "Y", "y", "2 d", "3 d", "3 i",
        ] {
            let mut app = world_of(USUAL, row);
            app.play(keys);
            for size in [BIG, USUAL] {
                app.send(Msg::Resized(size));
                check(&format!("{name}, keys {keys:?}"), &app);
                let (buffer, _) = paint(&app.model, DARK);
                let in_front = app.model.dialog.is_some() || !app.model.toasts.is_empty();
                if in_front || !text(&buffer).contains("1 Groups") {
                    continue;
                }
                let edge = size.groups_width();
                let body = u16::try_from(rows(&buffer).len()).unwrap() - 3;
                for y in 2..body {
                    for x in [0, edge - 1, edge, size.width - 1] {
                        let symbol = buffer.cell((x, y)).unwrap().symbol();
                        // A notice may stand there.
                        assert!(
                            "│─╭╮╰╯┃".contains(symbol),
                            "{} {keys:?}\n{}",
                            name,
                            text(&buffer)
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn q18_columns_stay_in_line_beside_every_name() {
    let app = world_of(BIG, 0);
    let (buffer, _) = draw(&app.model, DARK);
    for (y, row) in rows(&buffer).iter().enumerate().take(20).skip(3) {
        let mut column = 0;
        for symbol in row {
            if column == 39 || column == 40 {
                assert_eq!(*symbol, "│", "row {y}: {}", row.concat());
            }
            column += symbol.width().max(1);
        }
    }
    compare_one("groups_strange_names", &text(&buffer));
}

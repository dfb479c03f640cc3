//! Names from people we do not know: wide, joined, from right to left, and meant to do harm.

use super::sizes::check;
use super::*;
use crate::app::Reply;
use crate::domain::{InviteLink, Operation};

/// What groups may be called.
pub(super) fn subjects() -> Vec<String> {
    let fine = [
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
        "W".repeat(100_000),
        "東".repeat(5_000),
        String::new(),
    ];
    fine.map(str::to_owned).into_iter().chain(harmful).collect()
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
fn no_name_breaks_a_frame_or_reaches_the_terminal_as_a_command() {
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
fn nothing_typed_or_pasted_breaks_a_frame() {
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
fn no_message_breaks_a_frame() {
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
fn no_link_breaks_a_frame() {
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

#[test]
fn columns_stay_in_line_beside_every_name() {
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

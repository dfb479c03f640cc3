//! What must be in view and within reach in small windows: words of questions, fields, buttons, keys.

use super::*;
use crate::app::dialog::{Dialog, Focus};
use crate::app::effect::Exit;
use crate::keymap::{Code, Key};

/// The small grids, and the least that is drawn at all.
const SMALL: [Size; 5] = [USUAL, size(60, 20), NARROW, TINY, size(40, 10)];

fn shown(app: &Probe) -> String {
    text(&paint(&app.model, DARK).0)
}

/// Letters and digits only: where lines break does not matter.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The start of a word: a long one goes on in the next row.
fn start_of(word: &str) -> String {
    word.chars().take(12).collect()
}

/// Everything that the question says, seen while it is scrolled from one end to the other.
fn read_through(app: &mut Probe) -> String {
    for _ in 0..100 {
        app.key(Key::plain(Code::Up));
    }
    let (mut seen, mut last) = (String::new(), String::new());
    loop {
        let now = shown(app);
        if now == last {
            return seen;
        }
        seen.push_str(&now);
        last = now;
        app.key(Key::plain(Code::Down));
    }
}

#[test]
fn q14_no_question_is_cut_and_its_field_and_buttons_are_always_in_view() {
    for (name, make) in all() {
        let mut app = make(USUAL);
        for size in SMALL {
            app.send(Msg::Resized(size));
            let Some(Dialog::Confirm(confirm)) = &app.model.dialog else {
                continue;
            };
            let place = format!("{name} at {size:?}");
            let lines = confirm.lines.clone();
            let (button, prompt) = (
                confirm.button.clone(),
                confirm.word.as_ref().map(|word| start_of(&word.prompt)),
            );
            let seen = read_through(&mut app);
            for word in lines.iter().flat_map(|line| line.split_whitespace()) {
                assert!(
                    letters(&seen).contains(&letters(&start_of(word))),
                    "{place}: {word}\n{}",
                    shown(&app)
                );
            }
            let now = shown(&app);
            for needed in ["Cancel", &button].into_iter().chain(prompt.as_deref()) {
                assert!(now.contains(needed), "{place}: {needed}\n{now}");
            }
        }
    }
}

#[test]
fn q14_the_field_with_the_focus_and_the_buttons_are_in_view_in_every_form() {
    for (name, make) in all() {
        let mut app = make(USUAL);
        for size in SMALL {
            app.send(Msg::Resized(size));
            let is_on_field = match &app.model.dialog {
                Some(Dialog::Create(form) | Dialog::Rename(_, form)) => {
                    matches!(form.focus, Focus::Field(_))
                }
                Some(Dialog::PickIcon(_, form)) => matches!(form.focus, Focus::Field(_)),
                Some(Dialog::Invite(form)) => matches!(form.focus, Focus::Field(_)),
                Some(Dialog::Connect(form)) => matches!(form.focus, Focus::Field(_)),
                _ => continue,
            };
            let (buffer, caret) = paint(&app.model, DARK);
            let now = text(&buffer);
            assert!(now.contains("Cancel"), "{name} at {size:?}\n{now}");
            if is_on_field {
                let caret = caret.map(|caret| buffer.area.contains(caret));
                assert_eq!(caret, Some(true), "{name} at {size:?}\n{now}");
            }
        }
    }
}

/// Each action of the footer and of the tables, by its key, in each small window: none does nothing for
/// want of room.
#[test]
fn q14_every_action_is_reachable_in_every_small_window() {
    for size in SMALL {
        for (keys, opens) in [
            ("m", "To Corrida"),
            ("enter", "Members"),
            ("n", "New group"),
            ("e", "Rename"),
            ("i", "chat.whatsapp.com"),
            ("3 d", "Reset the invite"),
            ("2 j j j j d", "Remove"),
            ("2 j j j j +", "romote"),
            ("2 j -", "emote"),
            ("d", "Leave"),
            ("4 e", "Picture file"),
            ("3 i", "Invite to"),
            ("w", "GET"),
            ("7", "Nothing here"),
            ("Y", "Copy from"),
            ("s", "Sort"),
            ("/", "/"),
            ("?", "Help"),
        ] {
            let app = after(size, keys);
            assert!(
                shown(&app).contains(opens),
                "{keys} at {size:?}\n{}",
                shown(&app)
            );
            check_room(&format!("{keys} at {size:?}"), &app);
        }
    }
}

/// There is a way out in view.
fn check_room(place: &str, app: &Probe) {
    let now = shown(app);
    let has_out = ["esc", "? help"].iter().any(|out| now.contains(out));
    assert!(has_out, "{place}\n{now}");
}

#[test]
fn q14_below_the_least_size_a_notice_stands_and_the_ways_out_work() {
    for (width, height) in [(39, 10), (40, 9), (20, 5), (12, 3), (1, 1), (0, 0)] {
        for way in [Key::char('q'), Key::ctrl('c')] {
            let small = size(width, height);
            for mut app in [dashboard(USUAL), first_run::welcome(USUAL)] {
                app.send(Msg::Resized(small));
                let now = shown(&app);
                if width >= 25 {
                    assert!(now.contains("too small"), "{now}");
                }
                if width >= 25 && height >= 6 {
                    let says = format!("now    {width} × {height}");
                    assert!(
                        now.contains(&says) && now.contains("needs  40 × 10"),
                        "{now}"
                    );
                }
                app.key(way);
                assert_eq!(app.exit, Some(Exit::Quit), "{way} at {small:?}");
            }
        }
        // In front of a dialog, which cannot be seen, ctrl+c leaves it and then the program.
        let mut app = after(USUAL, "n");
        app.send(Msg::Resized(size(width, height)));
        app.key(Key::ctrl('c'));
        assert!(app.model.dialog.is_none());
        app.key(Key::ctrl('c'));
        assert_eq!(app.exit, Some(Exit::Quit));
    }
}

/// T15: whatever the window was meanwhile, the dialog and what was typed into it are as they were.
#[test]
fn t15_a_window_that_was_tiny_for_a_moment_changes_no_dialog() {
    for (name, make) in all() {
        let mut app = make(USUAL);
        if app.model.dialog.is_none() && app.model.messages.composing().is_none() {
            continue;
        }
        let state = |app: &Probe| {
            let draft = app.model.messages.composing();
            let draft = draft.and_then(|id| app.model.messages.of(id));
            let draft = draft.map(|thread| thread.draft.text().to_owned());
            format!("{:?} {draft:?}", app.model.dialog)
        };
        let before = state(&app);
        for (width, height) in [(1, 1), (300, 100), (40, 10), (0, 0), (80, 24)] {
            app.send(Msg::Resized(size(width, height)));
        }
        assert_eq!(state(&app), before, "{name}");
    }
}

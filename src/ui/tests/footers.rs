//! The lowest row: help is offered, hints are whole, and every one of them does something.

use super::*;
use crate::app::model::Stage;
use crate::app::toasts::Level;
use crate::app::update::help_lines;
use crate::keymap::{Code, Key};
use crate::ui::footer::offers;

/// States in which a pane has the keys.
pub(super) fn panes() -> impl Iterator<Item = State> {
    all().filter(|(_, make)| {
        let model = make(USUAL).model;
        matches!(model.stage, Stage::Dashboard) && model.dialog.is_none()
    })
}

#[test]
fn help_is_offered_in_every_pane_at_every_size_but_where_its_key_is_a_letter_of_a_message() {
    for (name, make) in panes() {
        for size in SIZES {
            let app = make(size);
            let (buffer, _) = draw(&app.model, DARK);
            let rows = rows(&buffer);
            let row = rows.last().unwrap().concat();
            let is_offered = row.trim_end().ends_with("? help");
            let writes = app.model.messages.composing().is_some();
            assert_ne!(is_offered, writes, "{name}: {row:?}");
        }
    }
}

#[test]
fn hints_are_shown_whole_and_in_their_order() {
    for (name, make) in panes() {
        for size in SIZES {
            let app = make(size);
            let (buffer, _) = draw(&app.model, DARK);
            let row = rows(&buffer).last().unwrap().concat();
            let row = row.trim();
            let row = row.strip_suffix("? help").unwrap_or(row).trim();
            let mut rest = row.strip_suffix(": commands").unwrap_or(row).trim();
            if let Some((before, after)) = rest.split_once("  ")
                && (before.ends_with("marked")
                    || before.ends_with("hidden")
                    || before.contains("Range"))
            {
                rest = after.trim_start();
            }
            for (key, words) in offers(&app.model, &DARK) {
                if rest.is_empty() {
                    break;
                }
                let hint = format!("{key} {words}");
                let after = rest.strip_prefix(&hint);
                rest = after
                    .unwrap_or_else(|| panic!("{name}: {hint:?} is not at the start of {rest:?}"))
                    .trim_start();
            }
            assert_eq!(rest, "", "{name}");
        }
    }
}

/// The keys a hint names: one of them has to work.
fn keys_of(hint: &str) -> Vec<Key> {
    let one = |name: &str| match name {
        "↑" => Key::plain(Code::Up),
        "↓" => Key::plain(Code::Down),
        "←" => Key::plain(Code::Left),
        "→" => Key::plain(Code::Right),
        "type" => Key::char('1'),
        "alt+enter" => Key {
            alt: true,
            ..Key::plain(Code::Enter)
        },
        other => match other.strip_prefix("ctrl+") {
            Some(letter) => Key::ctrl(letter.chars().next().unwrap()),
            None => crate::app::probe::key(other),
        },
    };
    hint.split(' ').map(one).collect()
}

#[test]
fn every_hint_does_something() {
    let mut dead = Vec::new();
    for (name, make) in all() {
        let hints = offers(&make(USUAL).model, &DARK);
        let welcome = matches!(make(USUAL).model.stage, Stage::Welcome(_));
        if welcome && make(USUAL).model.dialog.is_none() {
            continue;
        }
        for (hint, words) in hints {
            let works = keys_of(&hint)
                .into_iter()
                .any(|key| does_something(make, key));
            if !works {
                dead.push(format!("{name}: {hint} {words}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

/// Whether a key changes something or sends something, and is not answered with a refusal. Arrows
/// have to change the screen: a position that moves unseen helps nobody.
pub(super) fn does_something(make: impl Fn(Size) -> Probe, key: Key) -> bool {
    let mut app = make(USUAL);
    let (before, caret) = paint(&app.model, DARK);
    let refusals = |app: &Probe| {
        let toasts = app.toasts();
        toasts.iter().filter(|t| t.level == Level::Hint).count()
    };
    let refused = refusals(&app);
    let asked = |app: &Probe| {
        (
            app.calls.len(),
            app.clips.len(),
            app.cancelled.len(),
            app.other.len(),
            app.exit,
        )
    };
    let asked_before = asked(&app);
    let model_before = format!("{:?}", app.model);
    app.key(key);
    let (after, caret_after) = paint(&app.model, DARK);
    let arrow = matches!(key.code, Code::Up | Code::Down | Code::Left | Code::Right);
    let kept = !arrow && format!("{:?}", app.model) != model_before;
    let seen = before != after || caret != caret_after;
    (seen || kept || asked(&app) != asked_before) && refusals(&app) == refused
}

#[test]
fn what_the_footer_offers_the_help_offers_too() {
    for (name, make) in panes() {
        let app = make(USUAL);
        let lines = help_lines(&app.model, &crate::app::dialog::Help::default());
        let typing = app.model.list.filter.typing
            || app.model.messages.composing().is_some()
            || app
                .model
                .members()
                .is_some_and(|people| people.filter.typing)
            || app.model.activity.filter.typing
            || app.model.inbox.filter.typing
            || super::super::messages::search(&app.model).is_some_and(|s| s.filter.typing);
        if typing {
            continue;
        }
        for (key, words) in offers(&app.model, &DARK) {
            let found = lines.iter().any(|(_, line)| {
                line.disabled.is_none() && line.keys.split("  ").any(|k| k == key)
            });
            assert!(found, "{name}: {key} {words}");
        }
    }
}

#[test]
fn the_row_says_what_enter_would_do_in_a_question() {
    for (keys, expected) in [
        ("2 G d", "Cancel has the focus: enter changes nothing"),
        ("2 G d right", "The focus is on Remove 1: enter does it"),
        (
            "2 G d right left",
            "Cancel has the focus: enter changes nothing",
        ),
    ] {
        let app = after(USUAL, keys);
        let (buffer, _) = draw(&app.model, DARK);
        let rows = rows(&buffer);
        let shown = rows.iter().any(|row| row.concat().contains(expected));
        assert!(shown, "{keys}: {expected}");
    }
}

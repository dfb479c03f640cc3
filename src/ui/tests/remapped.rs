//! Everything that names a key follows the table in use, also when every key is another one.

use std::collections::HashSet;

use super::footers::{does_something, panes};
use super::*;
use crate::app::dialog::Help;
use crate::app::model::Stage;
use crate::app::update::help_lines;
use crate::keymap::{Action, Chord, Code, Context, Key, Keymap, Wish};
use crate::ui::footer::offers;

/// Every action on a key of its own that the program itself does not use.
fn strange() -> Keymap {
    let free = ('!'..='~').map(|c| Key {
        alt: true,
        ..Key::char(c)
    });
    let fixed = [Action::Back, Action::Interrupt];
    let wishes: Vec<Wish> = Action::ALL
        .iter()
        .filter(|action| !fixed.contains(action))
        .zip(free)
        .map(|(action, key)| Wish {
            context: None,
            action: *action,
            chords: vec![key.into()],
        })
        .collect();
    assert_eq!(wishes.len() + fixed.len(), Action::ALL.len());
    let (keymap, remarks) = Keymap::with(&wishes);
    assert_eq!(remarks, []);
    keymap
}

/// A state made with the usual keys, and with other ones from then on.
fn with_strange(make: fn(Size) -> Probe, size: Size) -> Probe {
    let mut app = make(size);
    app.model.session.keys = strange();
    app
}

fn text(app: &Probe) -> Vec<String> {
    let (buffer, _) = draw(&app.model, DARK);
    rows(&buffer).iter().map(|row| row.concat()).collect()
}

#[test]
fn q01_every_key_that_does_something_is_in_the_help() {
    for (name, make) in panes() {
        for keymap in [Keymap::default(), strange()] {
            let mut app = make(USUAL);
            app.model.session.keys = keymap;
            let lines = help_lines(&app.model, &Help::default());
            for (chord, action) in app.model.session.keys.bindings(app.model.context()) {
                let is_told = lines.iter().any(|(_, line)| {
                    line.action == action && line.keys.split("  ").any(|k| k == chord.to_string())
                });
                assert!(is_told, "{name}: {chord}");
            }
        }
    }
}

#[test]
fn q01_help_is_offered_at_every_size_with_other_keys_too() {
    let help = strange();
    let help = help.key_of(Context::Groups, Action::Help).unwrap();
    let expected = format!("{help} help");
    for (name, make) in panes() {
        for size in SIZES {
            let app = with_strange(make, size);
            let row = text(&app).pop().unwrap();
            let writes = app.model.messages.composing().is_some();
            assert_ne!(row.trim_end().ends_with(&expected), writes, "{name}: {row}");
            assert!(
                !row.contains("? help") || row.contains(&expected),
                "{name}: {row}"
            );
        }
    }
}

#[test]
fn q01_no_shown_key_is_dead_with_other_keys_too() {
    let mut dead = Vec::new();
    let mut seen = HashSet::new();
    for (name, make) in panes() {
        let app = with_strange(make, USUAL);
        for (hint, words) in offers(&app.model, &DARK) {
            // Once for each pane: that hints fit their states is looked at with the usual keys.
            if !seen.insert((app.model.context(), hint.clone(), words.clone())) {
                continue;
            }
            let fixed = ["esc", "enter", "type", "↑ ↓", "tab", "alt+enter", "ctrl+j"];
            if fixed.contains(&hint.as_str()) {
                continue;
            }
            let chord: Chord = hint.parse().unwrap_or_else(|_| panic!("{name}: {hint}"));
            let key = chord.single().unwrap();
            if !does_something(|size| with_strange(make, size), key) {
                dead.push(format!("{name}: {hint} {words}"));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn q01_no_text_of_a_pane_names_a_key_that_is_another_one_now() {
    // What stands beside keys in texts, in lists of keys and in titles.
    let usual = [
        "r try again",
        "r tries again",
        "r look again",
        "r looks again",
        "r fetch",
        "r ask again",
        "w details",
        "w shows",
        "m write",
        "m goes on",
        "m  write",
        "m  goes on",
        "5 read",
        "y copy",
        "y copies",
        "Y copies",
        "i show",
        "i shows",
        "i invite",
        "o open",
        "n create",
        "n reads on",
        "G goes",
        "u takes",
        "e choose",
        "d remove",
        "d reset",
        "e says",
        "e edit",
        "enter decide",
        "enter try",
        "press v",
        "press f",
        "press o",
        "press R",
        "press r",
        "? help",
        "1 Groups",
        "2 Members",
        "3 Invite",
        "4 Icon",
        "5 Messages",
        "6 Activity",
        "7 Inbox",
        "4 look",
        "4 choose",
        "then v",
        "space mark",
    ];
    let mut seen = 0;
    for (name, make) in panes() {
        for size in [BIG, NARROW] {
            let before = make(size);
            let mut app = with_strange(make, size);
            // What was told before stays as it was told.
            let told: Vec<String> = app.toasts().iter().flat_map(|t| t.lines.clone()).collect();
            app.model.toasts = crate::app::toasts::Toasts::default();
            if told.iter().any(|line| line.contains("Press")) {
                continue;
            }
            let (before, after) = (text(&before).join("\n"), text(&app).join("\n"));
            for words in usual {
                let is_bare = |text: &str| {
                    text.match_indices(words).any(|(at, _)| {
                        !text.get(..at).is_some_and(|t| {
                            t.ends_with(['+', 'l']) || t.ends_with(char::is_alphanumeric)
                        })
                    })
                };
                seen += usize::from(is_bare(&before));
                assert!(!is_bare(&after), "{name} {size:?}: {words}\n{after}");
            }
        }
    }
    assert!(seen > 100, "the texts are those that are drawn: {seen}");
}

#[test]
fn keys_that_begin_something_show_what_can_follow() {
    for size in SIZES {
        let mut app = after(size, "");
        let wish = |action, chord: &str| Wish {
            context: None,
            action,
            chords: vec![chord.parse().unwrap()],
        };
        let wishes = [
            wish(Action::Leave, "ctrl+x l"),
            wish(Action::Sort, "ctrl+x s n"),
        ];
        app.model.session.keys = Keymap::with(&wishes).0;
        app.key(Key::ctrl('x'));
        let shown = text(&app);
        let row = shown.last().unwrap();
        assert!(row.trim().starts_with("l leave…"), "{row}");
        assert!(row.contains("s n sort"), "{row}");
        assert!(row.trim_end().ends_with("? help"), "{row}");
        if app.model.size.has_status() {
            let status = &shown[shown.len() - 2];
            assert!(status.trim().starts_with("ctrl+x …"), "{status}");
        }
        app.key(Key::plain(Code::Esc));
        assert!(!text(&app).last().unwrap().contains("s n sort"));
        assert!(matches!(app.model.stage, Stage::Dashboard));
    }
}

#[test]
fn an_action_without_a_key_is_named_in_texts_and_left_out_of_hints() {
    let (keymap, _) = Keymap::with(&[Wish {
        context: None,
        action: Action::Refresh,
        chords: vec![],
    }]);
    assert_eq!(keymap.way_to(Context::Groups, Action::Refresh), ":refresh");
    for (name, make) in panes() {
        let mut app = make(USUAL);
        app.model.session.keys = keymap.clone();
        let shown = offers(&app.model, &DARK);
        assert!(shown.iter().all(|(key, _)| key != "r"), "{name}");
    }
}

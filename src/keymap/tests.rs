//! The tables hold what `docs/keys.md` and the footer promise.

use std::collections::HashSet;

use super::*;

#[test]
fn no_key_means_two_things_in_one_table() {
    let keymap = Keymap::default();
    for context in Context::ALL {
        let mut seen = HashSet::new();
        for (chord, action) in keymap.bindings(context) {
            assert!(seen.insert(chord), "{context:?} {chord}: also {action:?}");
        }
    }
}

#[test]
fn every_action_has_a_key_or_is_a_command_only_and_has_words() {
    let keymap = Keymap::default();
    // These are commands only: nobody should meet them by a slip.
    let by_name = [
        Action::ReadOnlyOn,
        Action::ReadOnlyOff,
        Action::ReadFaster,
        Action::ReadSlower,
        Action::ToggleMouse,
        Action::SwitchProfile,
        Action::ReloadConfig,
    ];
    for action in Action::ALL {
        assert!(
            by_name.contains(action)
                || Context::ALL
                    .iter()
                    .any(|context| keymap.keys_of(*context, *action).next().is_some()),
            "{action:?} has no key"
        );
        assert!(!action.help().is_empty() && !action.hint().is_empty());
    }
}

#[test]
fn the_footer_offers_only_what_works() {
    let keymap = Keymap::default();
    for context in Context::ALL {
        for action in footer(context) {
            assert!(
                keymap.keys_of(context, *action).next().is_some(),
                "{context:?}: {action:?} is a dead hint"
            );
        }
    }
}

#[test]
fn ctrl_d_is_half_a_page_and_nothing_else() {
    let keymap = Keymap::default();
    for context in Context::ALL {
        let meaning = keymap.resolve(context, Key::ctrl('d'));
        assert_eq!(meaning, Some(Action::HalfPageDown));
    }
}

#[test]
fn one_letter_is_one_idea_in_every_pane() {
    let destroys = [
        Action::Leave,
        Action::Remove,
        Action::ResetInvite,
        Action::RemoveIcon,
        Action::DropMessage,
    ];
    let keymap = Keymap::default();
    let resolve = |context, key| keymap.resolve(context, key);
    for context in Context::ALL {
        if let Some(action) = resolve(context, Key::char('d')) {
            assert!(destroys.contains(&action), "{context:?}");
        }
        if let Some(action) = resolve(context, Key::char('m')) {
            assert_eq!(action, Action::Write, "{context:?}");
        }
        // Where the link is shown already, the letter sends it to people.
        let invites = if context == Context::Invite {
            Action::InviteByMessage
        } else {
            Action::GoInvite
        };
        assert_eq!(resolve(context, Key::char('i')), Some(invites));
        assert_eq!(resolve(context, Key::plain(Code::Esc)), Some(Action::Back));
    }
}

#[test]
fn the_key_page_is_what_the_table_generates() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    if std::env::var_os("WAVEDECK_WRITE_KEYS").is_some() {
        std::fs::write(path, markdown()).unwrap();
    } else {
        assert!(
            page == markdown(),
            "docs/keys.md is out of date: run `just keys`"
        );
    }
}

#[test]
fn keys_are_named_as_people_say_them() {
    assert_eq!(Key::ctrl('p').to_string(), "ctrl+p");
    assert_eq!(Key::char(' ').to_string(), "space");
    assert_eq!(Key::plain(Code::BackTab).to_string(), "shift+tab");
    assert_eq!(Key::shift(Code::Down).to_string(), "shift+↓");
}

#[test]
fn actions_have_names_of_their_own() {
    let names: HashSet<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    assert_eq!(names.len(), Action::ALL.len());
    let plain = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    assert!(names.iter().all(plain));
}

//! The tables hold what `docs/keys.md` and the footer promise.

use std::collections::HashSet;

use super::*;

#[test]
fn no_key_means_two_things_in_one_table() {
    for context in Context::ALL {
        let keys: Vec<Key> = bindings(context).map(|(key, _)| key).collect();
        for key in &keys {
            let first = bindings(context).find(|(k, _)| k == key).unwrap().1;
            let meanings: HashSet<Action> = bindings(context)
                .filter(|(k, _)| k == key)
                .map(|(_, a)| a)
                .collect();
            assert!(
                meanings.len() == 1,
                "{context:?} {key}: {meanings:?}, {first:?} would win"
            );
        }
    }
}

#[test]
fn every_action_has_a_key_and_words() {
    for action in Action::ALL {
        assert!(
            Context::ALL
                .iter()
                .any(|context| !keys_of(*context, *action).is_empty()),
            "{action:?} has no key"
        );
        assert!(!action.help().is_empty() && !action.hint().is_empty());
    }
}

#[test]
fn the_footer_offers_only_what_works() {
    for context in Context::ALL {
        for action in footer(context) {
            assert!(
                !keys_of(context, *action).is_empty(),
                "{context:?}: {action:?} is a dead hint"
            );
        }
    }
}

#[test]
fn ctrl_d_is_half_a_page_and_nothing_else() {
    for context in Context::ALL {
        assert_eq!(resolve(context, Key::ctrl('d')), Some(Action::HalfPageDown));
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

//! The table in use as plain text, for `wavedeck keys --list`.

use std::fmt::Write as _;

use super::{Action, Chord, Context, Keymap, Section};

/// Cells for keys, and for names.
const COLUMNS: (usize, usize) = (24, 20);

/// Every action with its keys, its name in the configuration and what it does. Where it has other keys
/// in other panes, those have a line of their own.
pub fn listing(keymap: &Keymap) -> String {
    let mut out = String::new();
    for section in Section::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}", section.title());
        let actions = Action::ALL.iter().copied();
        for action in actions.filter(|action| action.section() == section) {
            let usual = keys(keymap, section.home(), action);
            line(&mut out, &usual, action.name(), action.help());
            let mut told = vec![usual];
            for context in action.contexts() {
                let here = keys(keymap, context, action);
                if !told.contains(&here) {
                    let pane = format!("in {}", context.section().title());
                    line(&mut out, &here, "", &pane);
                    told.push(here);
                }
            }
        }
        out.push('\n');
    }
    out
}

fn keys(keymap: &Keymap, context: Context, action: Action) -> String {
    let keys = keymap.keys_of(context, action).map(Chord::to_string);
    let keys: Vec<String> = keys.collect();
    if keys.is_empty() {
        "no key".to_owned()
    } else {
        keys.join(", ")
    }
}

fn line(out: &mut String, keys: &str, name: &str, does: &str) {
    let (first, second) = COLUMNS;
    let _ = writeln!(out, "  {keys:<first$} {name:<second$} {does}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::Wish;

    #[test]
    fn q28_the_list_names_every_action_with_the_keys_in_use() {
        let text = listing(&Keymap::default());
        for action in Action::ALL {
            let is_named = |line: &str| line.split_whitespace().any(|word| word == action.name());
            assert!(text.lines().any(is_named), "{action:?}");
        }
        let line = |text: &str, name: &str| {
            let found = text
                .lines()
                .find(|line| line.contains(&format!(" {name} ")));
            found.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let rename = line(&text, "rename");
        assert_eq!(rename.as_deref(), Some("e, F2 rename rename the group"));
        assert!(text.contains("in Icon"), "where only F2 is left");
        let (keymap, _) = Keymap::with(&[Wish {
            context: None,
            action: Action::Rename,
            chords: vec![],
        }]);
        let rename = line(&listing(&keymap), "rename");
        assert_eq!(rename.as_deref(), Some("no key rename rename the group"));
    }
}

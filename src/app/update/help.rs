//! The help: every action with its keys, what works here first, searchable, and it runs the line.

use std::collections::BTreeSet;

use crate::app::dialog::{Dialog, Help, HelpLine};
use crate::app::effect::Effects;
use crate::app::model::Model;
use crate::keymap::{Action, Section};

use super::{actions, ask};

/// The lines that match the search, with their sections.
pub fn lines(model: &Model, help: &Help) -> Vec<(Section, HelpLine)> {
    let keymap = &model.session.keys;
    let here = model.context();
    let home = here.section();
    let mut sections = vec![home];
    sections.extend(Section::ALL.into_iter().filter(|section| *section != home));
    let works: BTreeSet<Action> = keymap.bindings(here).map(|(_, action)| action).collect();
    let search = help.input.text().trim().to_lowercase();
    let mut lines = Vec::new();
    for section in sections {
        for action in Action::ALL
            .iter()
            .copied()
            .filter(|action| action.section() == section)
        {
            let context = if works.contains(&action) {
                here
            } else {
                section.home()
            };
            let keys: Vec<String> = keymap
                .keys_of(context, action)
                .map(ToString::to_string)
                .collect();
            let keys = if keys.is_empty() {
                keymap
                    .keys_of(here, Action::Commands)
                    .take(1)
                    .map(ToString::to_string)
                    .collect()
            } else {
                keys.join("  ")
            };
            let text = format!("{} {} {keys}", action.title(), action.help()).to_lowercase();
            if !search.split_whitespace().all(|word| text.contains(word)) {
                continue;
            }
            // What has no key works through the commands, wherever one is.
            let disabled = if works.contains(&action) || section == Section::Everywhere {
                ask::disabled(model, action)
            } else {
                Some(format!("works in {}", section.title()))
            };
            lines.push((
                section,
                HelpLine {
                    action,
                    words: action.help().to_owned(),
                    keys,
                    disabled,
                },
            ));
        }
    }
    lines
}

/// Runs the chosen line, or says why it cannot run.
pub(super) fn run(model: &mut Model) -> Effects {
    let Some(Dialog::Help(help)) = &model.dialog else {
        return Effects::none();
    };
    let Some((_, line)) = lines(model, help).into_iter().nth(help.row) else {
        return Effects::none();
    };
    if let Some(why) = line.disabled {
        model.tell(
            crate::app::toasts::Level::Hint,
            super::copy::capital(&why),
            vec![],
        );
        return Effects::none();
    }
    model.dialog = None;
    actions::act(model, line.action)
}

//! What the lowest row offers while a dialog is in front.

use super::pairs;
use crate::app::Model;
use crate::app::dialog::{Button, Dialog, Focus, FormState, Invited, Look};
use crate::app::field::TextInput;
use crate::app::find::Find;
use crate::app::invitations::form::InviteForm;
use crate::app::update::{action_lines, command_lines, help_lines, reading};
use crate::domain::Masking;
use crate::ui::dialogs;

/// Keys and words for a dialog, most useful first.
pub(super) fn in_dialog(model: &Model, dialog: &Dialog) -> Vec<(String, String)> {
    match dialog {
        Dialog::Line(_) => pairs(&[("enter", "yes"), ("esc", "no")]),
        Dialog::Confirm(confirm) => {
            let keys: &[(&str, &str)] = match &confirm.word {
                None => &[("← →", "choose"), ("enter", "press"), ("esc", "cancel")],
                Some(_) if confirm.is_ready() => &[("enter", "confirm"), ("esc", "cancel")],
                Some(_) => &[("type", "the word"), ("esc", "cancel")],
            };
            let mut keys = pairs(keys);
            if dialogs::confirm::scrolls(model, confirm) {
                keys.extend(pairs(&[("↑ ↓", "scroll")]));
            }
            keys
        }
        Dialog::Create(form) | Dialog::Rename(_, form) if form.state == FormState::Sending => {
            pairs(&[("esc", "hide")])
        }
        Dialog::Create(form) | Dialog::Rename(_, form) => {
            let mut keys = pairs(&[("type", "the subject"), ("tab", "next field")]);
            // What cannot be sent is explained once; after that, enter has nothing to say.
            if form.subject().is_ok() || (form.input.is_empty() && !form.tried) {
                keys.extend(pairs(&[("enter", "submit")]));
            }
            if !form.input.is_empty() && matches!(form.focus, Focus::Field(_)) {
                keys.extend(pairs(&[("ctrl+u", "empty the field")]));
            }
            keys.extend(pairs(&[("esc", "cancel")]));
            if !matches!(form.focus, Focus::Field(_)) {
                keys.retain(|(key, _)| key != "type");
            }
            keys
        }
        Dialog::PickIcon(_, form) if form.state == FormState::Sending => pairs(&[("esc", "hide")]),
        Dialog::PickIcon(_, form) => {
            let mut keys = Vec::new();
            if matches!(form.focus, Focus::Field(_)) {
                keys.extend(pairs(&[("type", "a path"), ("tab", "complete")]));
            }
            if matches!(form.look, Look::Good(_) | Look::Looking(_)) {
                keys.extend(pairs(&[("enter", "set")]));
            }
            keys.extend(pairs(&[("esc", "cancel")]));
            keys
        }
        Dialog::Invite(form) => in_invitation(model, form),
        Dialog::Invited(shown) => in_results(model, shown),
        Dialog::Menu(_) => pairs(&[("↑ ↓", "choose"), ("enter", "take"), ("esc", "close")]),
        Dialog::Help(help) => {
            let lines = help_lines(model, help);
            let chosen = lines.get(help.row);
            let runs = chosen.is_some_and(|(_, line)| line.disabled.is_none());
            in_found(&help.input, lines.len(), runs)
        }
        Dialog::Commands(commands) => {
            let lines = command_lines(model, commands);
            let chosen = lines.get(commands.row);
            let runs = chosen.is_some_and(|line| line.disabled.is_none());
            in_found(&commands.input, lines.len(), runs)
        }
        Dialog::Find(find) => in_find(find),
        Dialog::Actions(menu) => {
            let lines = action_lines(model);
            let mut keys = pairs(&[("↑ ↓", "choose")]);
            if lines
                .get(menu.row)
                .is_some_and(|(_, line)| line.disabled.is_none())
            {
                keys.extend(pairs(&[("enter", "run")]));
            }
            keys.extend(pairs(&[("esc", "close")]));
            keys
        }
        Dialog::ByHand { .. } => match model.numbers {
            Masking::Shown => pairs(&[("esc", "close")]),
            Masking::Masked => pairs(&[("P", "show numbers"), ("esc", "close")]),
        },
        Dialog::Connect(form) if form.state == FormState::Sending => pairs(&[("esc", "back")]),
        // What is wrong with a field is said already.
        Dialog::Connect(form) if form.error.is_some() => {
            pairs(&[("tab", "next field"), ("esc", "back")])
        }
        Dialog::Connect(_) => pairs(&[
            ("tab", "next field"),
            ("enter", "test and save"),
            ("esc", "back"),
        ]),
    }
}

/// The same where lines are found by what is typed.
fn in_found(input: &TextInput, count: usize, runs: bool) -> Vec<(String, String)> {
    let mut keys = pairs(&[("type", "to search")]);
    if count > 1 {
        keys.extend(pairs(&[("↑ ↓", "choose")]));
    }
    if runs {
        keys.extend(pairs(&[("enter", "run")]));
    }
    let close = if input.is_empty() || count > 0 {
        "close"
    } else {
        "clear"
    };
    keys.extend(pairs(&[("esc", close)]));
    keys
}

/// The same where people are found.
fn in_find(find: &Find) -> Vec<(String, String)> {
    let mut keys = pairs(&[("type", "a number")]);
    if find.rows.len() > 1 {
        keys.extend(pairs(&[("↑ ↓", "choose")]));
    }
    if !find.rows.is_empty() {
        let enter = match find.person() {
            Some(_) => "go there",
            None => "their groups",
        };
        keys.extend(pairs(&[("enter", enter)]));
    }
    if find.person().is_some() && !find.rows.is_empty() {
        keys.extend(pairs(&[("tab", "mark all")]));
    }
    let esc = if find.is_chosen() { "back" } else { "close" };
    keys.extend(pairs(&[("esc", esc)]));
    keys
}

/// The same in the form in which people are invited.
fn in_invitation(model: &Model, form: &InviteForm) -> Vec<(String, String)> {
    let mut keys = match form.focus {
        Focus::Field(0) => pairs(&[("type", "or paste numbers")]),
        Focus::Field(_) => pairs(&[("type", "the words")]),
        Focus::Tick | Focus::Button(_) => Vec::new(),
    };
    keys.extend(pairs(&[("tab", "next field")]));
    let ready = reading(model, form).is_good() && form.words_over() == 0;
    if form.focus == Focus::Button(Button::Cancel) {
        keys.extend(pairs(&[("enter", "press")]));
    } else if form.waiting_since.is_none() && ready {
        keys.extend(pairs(&[("enter", "go on…")]));
    }
    keys.extend(pairs(&[("esc", "cancel")]));
    keys
}

/// The same while the results of that are shown.
fn in_results(model: &Model, shown: &Invited) -> Vec<(String, String)> {
    let mut keys = match dialogs::invited::pressed(model, shown) {
        Some(_) => pairs(&[("← →", "choose"), ("enter", "press"), ("esc", "close")]),
        None => pairs(&[("esc", "hide")]),
    };
    if dialogs::invited::scrolls(model, shown) {
        keys.extend(pairs(&[("↑ ↓", "scroll")]));
    }
    keys
}

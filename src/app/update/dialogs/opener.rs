//! The key that opened a dialog never answers it, whichever key the user gave to it.

use crate::app::dialog::{Button, Choice, Confirm, Dialog, Question};
use crate::app::field::TextInput;
use crate::app::model::Model;
use crate::keymap::{Code, Key};

/// Whether a key would send, choose or run something in the open dialog. A box with Cancel in front,
/// and a list that offers first to leave things open, are safe by themselves.
pub(in crate::app::update) fn would_answer(model: &Model, key: Key) -> bool {
    let enter = key.code == Code::Enter;
    match &model.dialog {
        Some(Dialog::Menu(menu)) => {
            let chosen = menu.choices.get(menu.row).map(|(choice, _)| choice);
            let digit = matches!(key.code, Code::Char(c) if c.is_ascii_digit());
            digit || enter && chosen != Some(&Choice::LeaveOpen)
        }
        Some(
            Dialog::Line(_)
            | Dialog::Create(_)
            | Dialog::Rename(..)
            | Dialog::PickIcon(..)
            | Dialog::Invite(_)
            | Dialog::Help(_)
            | Dialog::Commands(_)
            | Dialog::Find(_),
        ) => enter,
        // Each line answers to its own key.
        Some(Dialog::Actions(_)) => true,
        Some(
            Dialog::Confirm(_) | Dialog::Invited(_) | Dialog::ByHand { .. } | Dialog::Connect(_),
        )
        | None => false,
    }
}

/// Makes a question in one line one with buttons.
pub(in crate::app::update) fn line_to_box(model: &mut Model) {
    model.dialog = match model.dialog.take() {
        Some(Dialog::Line(Question { intent, text })) => Some(Dialog::Confirm(Box::new(Confirm {
            intent,
            title: "Sure?".into(),
            place: None,
            people: Vec::new(),
            lines: vec![text],
            word: None,
            input: TextInput::default(),
            button: "Yes".into(),
            focus: Button::Cancel,
            scroll: 0,
        }))),
        other => other,
    };
}

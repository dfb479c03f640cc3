//! Going from one account to another: chosen, opened while this one is still there, asked about where
//! something would be left behind, and only then left. Whatever fails before that leaves all as it was.

use crate::app::accounts::Goal;
use crate::app::dialog::{Button, Choice, Confirm, Dialog, Intent, Menu};
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::field::TextInput;
use crate::app::model::Model;
use crate::app::toasts::Level;

use super::{connect, messages};

/// Opens the list of accounts, the present one chosen.
pub(super) fn menu(model: &mut Model) {
    let accounts = &model.session.accounts;
    let here = accounts.profile.as_deref();
    let line = |goal: Goal, is_here: bool| {
        let mark = if is_here { "●" } else { " " };
        let label = format!("{mark} {}", goal.name());
        (Choice::GoTo(goal), label)
    };
    let mut choices: Vec<(Choice, String)> = accounts
        .profiles
        .iter()
        .map(|name| line(Goal::Profile(name.clone()), here == Some(name)))
        .collect();
    choices.push(line(Goal::Demo, here.is_none()));
    choices.push((Choice::NewAccount, "  new account…".into()));
    let position = accounts.profiles.iter().position(|name| here == Some(name));
    // The demo stands behind the profiles.
    let row = position.unwrap_or(accounts.profiles.len());
    model.dialog = Some(Dialog::Menu(Menu {
        title: "Accounts".into(),
        choices,
        row,
    }));
}

/// Opens an account behind this one.
pub(super) fn go_to(model: &mut Model, goal: Goal) -> Effects {
    let is_here = match (&goal, &model.session.accounts.profile) {
        (Goal::Profile(name), Some(here)) => name == here,
        (Goal::Demo, None) => true,
        (Goal::Profile(_), None) | (Goal::Demo, Some(_)) | (Goal::New(..), _) => false,
    };
    if is_here {
        return Effects::none();
    }
    model.moving = Some(goal.clone());
    Effects::one(Effect::Open(goal))
}

/// The account was opened, or why it cannot be.
pub(super) fn opened(model: &mut Model, goal: &Goal, result: Result<(), String>) -> Effects {
    if model.moving.take_if(|moving| moving == goal).is_none() {
        // Another one was chosen meanwhile, or none.
        return Effects::none();
    }
    let is_new = matches!(goal, Goal::New(..));
    match result {
        Err(why) if is_new => {
            connect::not_added(model, why);
            Effects::none()
        }
        Err(why) => {
            let title = format!("{} was not opened", goal.name());
            let stay = format!("You are still in {}.", model.session.accounts.here());
            model.tell(Level::Error, title, vec![why, stay]);
            Effects::none()
        }
        Ok(()) if model.dialog.is_some() && !is_new => {
            // Whatever was begun meanwhile is more important.
            let title = format!("{} is ready: choose it again", goal.name());
            model.tell(Level::Hint, title, vec![]);
            Effects::none()
        }
        Ok(()) => {
            model.dialog = None;
            let lines = left_behind(model, "go");
            if lines.is_empty() {
                return leave(model);
            }
            let name = goal.name();
            model.dialog = Some(Dialog::Confirm(Box::new(Confirm {
                intent: Intent::GoTo,
                title: format!("Go to {name}"),
                place: None,
                people: Vec::new(),
                lines,
                word: None,
                input: TextInput::default(),
                button: "Go".into(),
                focus: Button::Cancel,
                scroll: 0,
            })));
            Effects::none()
        }
    }
}

/// What is left behind when the dashboard ends now, in sentences: a change whose end nobody would see, and
/// messages that have not left. `end` is what the user is about to do: `quit`.
pub(super) fn left_behind(model: &Model, end: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if model.is_changing() {
        lines.push(format!(
            "A change is on its way and its result is not known yet. It may still happen after \
             you {end}; it is then noted as not known."
        ));
    }
    let leaving: Vec<String> = model
        .messages
        .about_to_leave()
        .map(|id| model.name(id))
        .collect();
    if !leaving.is_empty() {
        let names = leaving.join(", ");
        lines.push(format!(
            "A message to {names} has not left yet. It is not sent, it goes back into its draft."
        ));
    }
    lines
}

/// Leaves this account for the one that was opened; what was written and has not left goes back into
/// its draft.
pub(super) fn leave(model: &mut Model) -> Effects {
    messages::farewell(model).and(Effects::one(Effect::Exit(Exit::GoTo)))
}

//! Taking the last change back, for ten seconds and where the API has an inverse.

use std::time::Duration;

use crate::app::effect::Effects;
use crate::app::groups::Slot;
use crate::app::messages::Message;
use crate::app::model::{Inverse, Model, Undo};
use crate::domain::{Clean, MemberVerb, Mutation};
use crate::keymap::Action;

use super::{ask, changes, messages};

/// How long a change can be taken back.
const OFFER: Duration = Duration::from_secs(10);

/// Offers to take a change back, in the notice that tells of it.
pub(super) fn offer(model: &mut Model, slot: Slot, inverse: Inverse) {
    if let Inverse::Change(Mutation::Members(MemberVerb::Promote, ids)) = &inverse
        && model.own().is_some_and(|own| ids.contains(own))
    {
        // Who is no admin any more cannot make himself one.
        return;
    }
    let key = model.way_to(Action::Undo);
    let line = match &inverse {
        Inverse::Change(Mutation::Rename(before)) => {
            format!("{key} renames it back to {}.", Clean::new(before.as_str()))
        }
        Inverse::Change(_) => format!("{key} takes it back."),
        Inverse::Leave => format!("{key} leaves it again, after a question."),
    };
    let until = model.now.after(OFFER);
    model.toasts.amend_last(line, until);
    model.undo = Some(Undo {
        slot,
        inverse,
        until,
    });
}

/// What `u` would take back now.
pub(super) enum Offered {
    /// A change that was made.
    Change,
    /// A message that has not left.
    Message,
}

/// The newest thing that `u` takes back.
pub(super) fn offered(model: &Model) -> Option<Offered> {
    let undo = model.undo.as_ref().filter(|undo| undo.until > model.now);
    let message = model.messages.last_leaving();
    match (undo, message) {
        (Some(undo), Some((_, message))) if message.at.after(OFFER) < undo.until => {
            Some(Offered::Change)
        }
        (_, Some(_)) => Some(Offered::Message),
        (Some(_), None) => Some(Offered::Change),
        (None, None) => None,
    }
}

/// The message that `u` takes back now; `None` where it takes back something else, or nothing.
pub fn message_to_take_back(model: &Model) -> Option<&Message> {
    match offered(model)? {
        Offered::Message => model.messages.last_leaving().map(|(_, message)| message),
        Offered::Change => None,
    }
}

/// Takes the last change back, or a message that has not left.
pub(super) fn act(model: &mut Model) -> Effects {
    match offered(model) {
        Some(Offered::Message) => messages::take_back(model),
        Some(Offered::Change) => undo(model),
        None => Effects::none(),
    }
}

fn undo(model: &mut Model) -> Effects {
    let Some(undo) = model.undo.take().filter(|undo| undo.until > model.now) else {
        return Effects::none();
    };
    let id = model.groups.at(undo.slot).id.clone();
    match undo.inverse {
        Inverse::Change(mutation) => changes::submit(model, &id, mutation),
        Inverse::Leave => ask::leave(model, &[undo.slot]),
    }
}

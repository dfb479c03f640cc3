//! Taking the last change back, for ten seconds and where the API has an inverse.

use std::time::Duration;

use crate::app::effect::Effects;
use crate::app::groups::Slot;
use crate::app::model::{Inverse, Model, Undo};
use crate::domain::{Clean, MemberVerb, Mutation};

use super::{ask, changes};

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
    let line = match &inverse {
        Inverse::Change(Mutation::Rename(before)) => {
            format!("u renames it back to {}.", Clean::new(before.as_str()))
        }
        Inverse::Change(_) => "u takes it back.".to_owned(),
        Inverse::Leave => "u leaves it again, after a question.".to_owned(),
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
pub(super) fn offered(model: &Model) -> Option<&Undo> {
    model.undo.as_ref().filter(|undo| undo.until > model.now)
}

/// Takes the last change back.
pub(super) fn act(model: &mut Model) -> Effects {
    let Some(undo) = model.undo.take().filter(|undo| undo.until > model.now) else {
        return Effects::none();
    };
    let id = model.groups.at(undo.slot).id.clone();
    match undo.inverse {
        Inverse::Change(mutation) => changes::submit(model, &id, mutation),
        Inverse::Leave => ask::leave(model, &[undo.slot]),
    }
}

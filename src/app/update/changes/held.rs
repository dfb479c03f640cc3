//! Sending changes, and holding them back while the server wants to be left alone.

use crate::app::effect::{Call, Effects};
use crate::app::line::Line;
use crate::app::model::{Model, Origin};
use crate::app::toasts::Level;

use super::super::reads;
use super::{created, not_connected, replied};

/// Sends a change, or holds it back while the server wants to be left alone.
pub(super) fn send(model: &mut Model, call: Call) -> Effects {
    if model.line.is_throttled(model.now) {
        if model.held.is_empty() {
            model.tell(
                Level::Hint,
                "Waiting: the server asked to slow down",
                vec!["It is sent as soon as requests are taken again.".into()],
            );
        }
        model.held.push(call);
        return Effects::none();
    }
    let ticket = model.ticket();
    reads::launch(model, ticket, call, Origin::User, 1)
}

/// Sends what was held back, once the server takes requests again.
pub(in crate::app::update) fn release(model: &mut Model) -> Effects {
    if model.held.is_empty() || model.line.is_throttled(model.now) {
        return Effects::none();
    }
    let mut effects = Effects::none();
    for call in std::mem::take(&mut model.held) {
        if model.line == Line::SignedOut {
            effects.extend(match call.group().cloned() {
                Some(id) => replied(model, &id, &call, Err(not_connected())),
                None => created(model, Err(not_connected())),
            });
            continue;
        }
        let listed = call
            .group()
            .is_none_or(|id| model.groups.slot(id).is_some());
        // Whether a group that went was left is what the list of groups is read for.
        if listed || matches!(call, Call::Leave(_)) {
            effects.extend(send(model, call));
        }
    }
    effects
}

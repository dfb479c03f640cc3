//! How the program behaves until the user says otherwise: one pane on the whole screen, numbers hidden, no
//! changes. Nothing of it is kept for the next run.

use crate::app::layout::{Extent, Layout};
use crate::app::model::{Model, Pane};
use crate::app::toasts::Level;
use crate::domain::{Access, Masking};
use crate::keymap::Action;

/// Turns one of them the other way.
pub(super) fn turn(model: &mut Model, action: Action) {
    if action == Action::FullScreen {
        model.extent = match model.extent {
            Extent::Beside => Extent::Whole,
            Extent::Whole => Extent::Beside,
        };
    } else if action == Action::HideNumbers {
        model.numbers = match model.numbers {
            Masking::Shown => Masking::Masked,
            Masking::Masked => Masking::Shown,
        };
    } else {
        allow(model, action == Action::ReadOnlyOff);
    }
}

/// Allows changes, or refuses them from now on.
fn allow(model: &mut Model, allowed: bool) {
    let (access, title, lines) = if allowed {
        (Access::Full, "Changes are allowed again", vec![])
    } else {
        let lines = vec!["What you confirmed before still leaves.".to_owned()];
        (Access::ReadOnly, "Read-only mode is on", lines)
    };
    model.access = access;
    model.tell(Level::Done, title, lines);
}

/// Why one of them cannot be turned now; `None` when it can.
pub(in crate::app::update) fn why_not(model: &Model, action: Action) -> Option<String> {
    let why = if action == Action::FullScreen && model.size.layout() == Layout::One {
        "this window shows one pane at a time"
    } else if action == Action::FullScreen && model.pane == Pane::Invite {
        "Invite has a bigger code instead"
    } else if action == Action::ReadOnlyOn && model.is_read_only() {
        "it is on already"
    } else if action != Action::ReadOnlyOff {
        return None;
    } else if model.session.access == Access::ReadOnly {
        "the program was started read-only"
    } else if !model.is_read_only() {
        "it is off already"
    } else {
        return None;
    };
    Some(why.to_owned())
}

/// The pane stands beside the others again; where it does, the list has the keys again.
pub(super) fn beside_or_home(model: &mut Model) {
    let was_whole = std::mem::take(&mut model.extent) == Extent::Whole;
    // In a narrow window nobody sees the difference.
    if !was_whole || model.size.layout() == Layout::One {
        model.pane = Pane::Groups;
    }
}

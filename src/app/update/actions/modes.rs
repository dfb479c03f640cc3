//! How the program behaves until the user says otherwise: one pane on the whole screen, numbers hidden, no
//! changes, how fast names are read. Nothing of it is kept for the next run.

use std::ops::RangeInclusive;

use crate::app::layout::{Extent, Layout};
use crate::app::loading::Flow;
use crate::app::model::{Model, Pane};
use crate::app::session::Pace;
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
    } else if action == Action::PauseReading {
        model.loading.turn();
    } else if matches!(action, Action::ReadFaster | Action::ReadSlower) {
        set_pace(model, action);
    } else {
        allow(model, action == Action::ReadOnlyOff);
    }
}

/// The slowest pace and the fastest one that is a limit, in requests a second.
const PACES: RangeInclusive<f64> = 0.5..=64.0;

/// Doubles the pace, or halves it. Beyond the fastest there is no limit.
fn set_pace(model: &mut Model, action: Action) {
    let (slowest, fastest) = (*PACES.start(), *PACES.end());
    let pace = match model.pacer.pace() {
        Pace::PerSecond(rate) if action == Action::ReadSlower => {
            Pace::PerSecond((rate / 2.0).max(slowest))
        }
        Pace::PerSecond(rate) if rate < fastest => Pace::PerSecond((rate * 2.0).min(fastest)),
        Pace::Unlimited if action == Action::ReadSlower => Pace::PerSecond(fastest),
        Pace::PerSecond(_) | Pace::Unlimited => Pace::Unlimited,
    };
    model.pacer.set_pace(pace, model.now);
    let title = match pace {
        Pace::PerSecond(rate) => format!("Names are read at {rate} a second"),
        Pace::Unlimited => "Names are read without a limit".to_owned(),
    };
    let lines = vec!["Until you quit: the configuration stays as it is.".to_owned()];
    model.tell(Level::Done, title, lines);
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
    } else if action == Action::PauseReading
        && model.loading.flow == Flow::Going
        && !is_reading(model)
    {
        if model.groups.fresh() == model.groups.count() {
            "everything is read"
        } else {
            "nothing waits to be read"
        }
    } else if action == Action::ReadFaster && model.pacer.pace() == Pace::Unlimited {
        "there is no limit already"
    } else if action == Action::ReadSlower
        && matches!(model.pacer.pace(), Pace::PerSecond(rate) if rate <= *PACES.start())
    {
        "it is the slowest pace already"
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

/// Whether groups are being read behind the list, or wait for that.
fn is_reading(model: &Model) -> bool {
    let is_left = model.groups.fresh() < model.groups.count();
    !model.loading.is_empty() || is_left && (model.is_busy() || !model.retries.is_empty())
}

/// The pane stands beside the others again; where it does, the list has the keys again.
pub(super) fn beside_or_home(model: &mut Model) {
    let was_whole = std::mem::take(&mut model.extent) == Extent::Whole;
    // In a narrow window nobody sees the difference.
    if !was_whole || model.size.layout() == Layout::One {
        model.pane = Pane::Groups;
    }
}

//! Timers: started only while something needs them, so an idle program never wakes.

use std::time::Duration;

use crate::app::effect::{Effect, Effects};
use crate::app::model::{Model, Stage};
use crate::app::msg::Timer;
use crate::domain::Millis;

use super::{messages, reads};

/// How long the cursor must stay before details are asked for.
pub(super) const REST: Duration = Duration::from_millis(120);
/// Time between two pictures of the spinner.
const SPIN: Duration = Duration::from_millis(100);
/// The header counts whole seconds down.
const SECOND: Duration = Duration::from_secs(1);

/// A timer ran out.
pub(super) fn woke(model: &mut Model, timer: Timer) -> Effects {
    match timer {
        Timer::Rest => {
            model.armed.rest = None;
            if model.moved_at.is_some_and(|at| at.after(REST) <= model.now) {
                model.moved_at = None;
                reads::rested(model);
            }
        }
        Timer::Load => model.armed.load = None,
        Timer::Messages => model.armed.messages = None,
        Timer::Spin => {
            model.armed.spin = None;
            model.spin = model.spin.wrapping_add(1);
        }
        Timer::Toast => {
            model.armed.toast = None;
            let now = model.now;
            model.toasts.expire(now);
        }
    }
    Effects::none()
}

/// Starts the timers that are needed and not running.
pub(super) fn arm(model: &mut Model) -> Effects {
    let mut effects = Effects::none();
    let now = model.now;
    if matches!(model.stage, Stage::Dashboard) {
        let rest = model.moved_at.map(|at| at.after(REST));
        start(&mut model.armed.rest, rest, now, Timer::Rest, &mut effects);
        let load = reads::next_load(model);
        start(&mut model.armed.load, load, now, Timer::Load, &mut effects);
    }
    let due = messages::next_due(model);
    start(
        &mut model.armed.messages,
        due,
        now,
        Timer::Messages,
        &mut effects,
    );
    let spin = if model.is_busy() {
        Some(now.after(SPIN))
    } else {
        counts_down(model).then(|| now.after(SECOND))
    };
    // A spinner that begins must not wait for the second that is being counted.
    if model.armed.spin.is_none_or(|armed| armed > now.after(SPIN)) {
        start(&mut model.armed.spin, spin, now, Timer::Spin, &mut effects);
    }
    let toast = model.toasts.next_expiry();
    start(
        &mut model.armed.toast,
        toast,
        now,
        Timer::Toast,
        &mut effects,
    );
    effects
}

/// Whether seconds are counted down: in the header, or in the row of a message.
fn counts_down(model: &Model) -> bool {
    let mut threads = model.messages.iter();
    let leaves = threads.any(|(_, thread)| {
        let next = thread.next_leave();
        next.is_some_and(|(_, at)| at > model.now)
    });
    leaves || model.line.opens_at().is_some_and(|at| at > model.now)
}

/// A timer that is already running for an earlier or the same moment is enough: when it runs out,
/// this is asked again.
fn start(
    armed: &mut Option<Millis>,
    needed: Option<Millis>,
    now: Millis,
    timer: Timer,
    effects: &mut Effects,
) {
    if let Some(at) = needed
        && armed.is_none_or(|armed| at < armed)
    {
        *armed = Some(at);
        effects.push(Effect::Wake(
            at.since(now).max(Duration::from_millis(1)),
            timer,
        ));
    }
}

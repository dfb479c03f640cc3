//! Leaving groups, and what is said about it.

use crate::app::effect::{Call, Effects};
use crate::app::leaving::Step;
use crate::app::line::Line;
use crate::app::model::{Model, Read};
use crate::app::toasts::Level;
use crate::domain::{GroupId, MemberOutcome};

use super::super::reads;
use super::{MOST_NAMES, describe, not_connected, send};

/// Leaves groups, one after another.
pub(in crate::app::update) fn leave(model: &mut Model, groups: Vec<GroupId>) -> Effects {
    model.leaving.add(groups);
    leave_on(model)
}

pub(super) fn leave_on(model: &mut Model) -> Effects {
    match model.leaving.next_step() {
        None => Effects::none(),
        Some(Step::Send(_)) if model.line == Line::SignedOut => {
            model.leaving.replied(Err(not_connected()));
            leave_on(model)
        }
        Some(Step::Send(id)) => send(model, Call::Leave(id)),
        Some(Step::ReadList) => reads::want_anew(model, Read::Index),
        Some(Step::Finished(results)) => {
            left(model, &results);
            model.journal.left(&results)
        }
    }
}

fn left(model: &mut Model, results: &[(GroupId, MemberOutcome)]) {
    let good = results
        .iter()
        .filter(|(_, outcome)| outcome.is_good())
        .count();
    if good == results.len() {
        let title = match results {
            [(one, _)] => format!("You left {}", model.name(one)),
            _ => format!("You left {good} groups"),
        };
        model.tell(Level::Done, title, vec![]);
        return;
    }
    let bad = || results.iter().filter(|(_, outcome)| !outcome.is_good());
    let mut lines: Vec<String> = bad()
        .take(MOST_NAMES)
        .map(|(id, outcome)| format!("{}  {}", model.name(id), describe(outcome)))
        .collect();
    if results.len() - good > MOST_NAMES {
        lines.push(format!("and {} more", results.len() - good - MOST_NAMES));
    }
    let unknown = bad().any(|(_, o)| matches!(o, MemberOutcome::NotConfirmed(_)));
    let level = if unknown {
        Level::Warning
    } else {
        Level::Error
    };
    let title = if results.len() == 1 {
        "Leaving is not confirmed".to_owned()
    } else {
        format!("Left {good} of {} groups", results.len())
    };
    let title = if results.len() == 1 && !unknown {
        "Not left".to_owned()
    } else {
        title
    };
    model.tell(level, title, lines);
}

//! What keys, answers and time lead to, told through the probe. One file for each topic.

mod account;
mod accounts;
mod budgets;
mod changes;
mod commands;
mod conversation;
mod dialogs;
mod fields;
mod find;
mod first_run;
mod frozen;

mod icons;
mod inbox;
mod invitations;
mod journal;
mod letters;
mod levels;
mod lists;
mod loading;
mod messages;
mod monkey;
mod network;
mod qualities;
mod reads;
mod recall;
mod received;
mod reload;
mod remapped;
mod unknown;

use crate::app::probe::*;
use crate::app::{Call, Effect, Model};
use crate::domain::Operation;

/// Whether every list, filter and dialog is left: the state `esc` leads to.
fn is_home(model: &Model) -> bool {
    model.dialog.is_none()
        && model.pane == crate::app::model::Pane::Groups
        && model.extent == crate::app::layout::Extent::Beside
        && !model.list.filter.is_active()
        && !model.list.filter.typing
        && model.list.rows.marks().is_empty()
}

/// Three notices that wait for the user, two dialogs, a filter and marks in each list: never more.
fn go_home(app: &mut Probe) {
    let mut presses = 0;
    while !is_home(&app.model) && presses < 12 {
        app.press("esc");
        presses += 1;
    }
    assert!(app.exit.is_none());
    assert!(
        is_home(&app.model),
        "{:?} {:?}",
        app.model.pane,
        app.model.dialog
    );
}

//! What on the screen answers to a click, and how two clicks belong together.
//!
//! Not where it stands: `ui` says so while it draws, and the runtime looks a cell up. Invariant: a target
//! names a thing and no row number, so a list that moved under the pointer answers for what was seen.

use std::time::Duration;

use super::activity;
use super::dialog::Focus;
use super::find;
use super::groups::Slot;
use super::inbox;
use super::messages::conversation;
use super::model::Pane;
use super::toasts::Toast;
use crate::domain::{Millis, WaId};
use crate::keymap::{Action, Key};

/// Two clicks within this time are one double click.
const DOUBLE: Duration = Duration::from_millis(400);

/// Whether the terminal tells us of clicks, or keeps them for selecting text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks and the wheel come to us.
    #[default]
    Captured,
    /// They are the terminal's.
    Free,
}

/// What scrolls as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// A pane.
    Pane(Pane),
    /// What stands in front of all panes: a dialog, or the page of the first run.
    Front,
}

/// One notch of the wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wheel {
    /// Towards the first row.
    Up,
    /// Towards the last row.
    Down,
}

/// What stands in a cell and answers to a click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A pane or dialog as such: a click moves the focus to the pane.
    Area(Area),
    /// A row of the list of groups.
    Group(Slot),
    /// A row of the members.
    Member(WaId),
    /// A message of the conversation that is shown.
    Message(conversation::RowId),
    /// A row of Activity.
    Entry(activity::RowId),
    /// A message in the Inbox.
    Received(inbox::Row),
    /// A part of the Inbox.
    InboxPart(inbox::Part),
    /// An action: a tab, the composer, a mark in the header.
    Act(Action),
    /// The key that a hint names.
    Key(Key),
    /// A field, box or button of the dialog.
    Part(Focus),
    /// A line of a menu, of the help or of the first run, or one of several choices, counted from 0.
    Line(usize),
    /// A row of what was found in all groups.
    Found(find::Row),
    /// A notice.
    Notice(Toast),
}

/// How a click follows the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Click {
    /// On its own.
    Single,
    /// The second one on the same thing.
    Double,
    /// Soon after another, on something else or once too often: it may not have been meant.
    Hasty,
}

/// The clicks so far.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    last: Option<(Target, Millis)>,
    was_double: bool,
}

impl Pointer {
    /// Takes note of a click and says how it follows the one before.
    pub(super) fn click(&mut self, target: &Target, now: Millis) -> Click {
        let click = match &self.last {
            Some((_, at)) if now.since(*at) >= DOUBLE => Click::Single,
            Some((last, _)) if last == target && !self.was_double => Click::Double,
            Some(_) => Click::Hasty,
            None => Click::Single,
        };
        self.was_double = click == Click::Double;
        self.last = Some((target.clone(), now));
        click
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_clicks_are_a_double_click_and_the_third_begins_nothing() {
        let mut pointer = Pointer::default();
        let row = Target::Line(1);
        let mut click = |target: &Target, at| pointer.click(target, Millis(at));
        assert_eq!(click(&row, 1_000), Click::Single);
        assert_eq!(click(&row, 1_399), Click::Double);
        assert_eq!(click(&row, 1_500), Click::Hasty);
        assert_eq!(click(&row, 1_900), Click::Single);
        assert_eq!(click(&Target::Line(2), 2_000), Click::Hasty);
        assert_eq!(click(&Target::Line(2), 2_100), Click::Double);
    }
}

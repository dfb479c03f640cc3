//! Marks in the lists: one row, a range, all that is shown.

use crate::app::effect::Effects;
use crate::app::model::{Model, Pane};
use crate::app::rows::Rows;

use super::{move_rows, people_mut};

/// What a key does to marks.
#[derive(Clone, Copy)]
pub(super) enum Marking {
    Toggle,
    Add,
    Range,
    All,
}

/// Marks in the list that has the keys, and goes on by so many rows.
pub(super) fn mark(model: &mut Model, marking: Marking, then: isize) -> Effects {
    fn apply<T: Ord + Clone>(rows: &mut Rows<T>, marking: Marking, then: isize) {
        match marking {
            Marking::Toggle => rows.toggle_mark(),
            Marking::Add => rows.mark_current(),
            Marking::Range => rows.toggle_range(),
            Marking::All => rows.toggle_all(),
        }
        if then != 0 {
            move_rows(rows, then);
        }
        if matches!(marking, Marking::Add) {
            rows.mark_current();
        }
    }
    match model.pane {
        Pane::Groups => apply(&mut model.list.rows, marking, then),
        Pane::Members => {
            if let Some(people) = people_mut(model) {
                apply(&mut people.rows, marking, then);
            }
        }
        Pane::Invite | Pane::Icon | Pane::Messages | Pane::Activity | Pane::Inbox => {}
    }
    Effects::none()
}

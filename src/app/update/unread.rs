//! What nobody has read at this computer: how much that is, and the way from one to the next.

use std::collections::HashMap;

use crate::app::effect::Effects;
use crate::app::groups::Slot;
use crate::app::inbox::{Counts, Stamp};
use crate::app::list::Heard;
use crate::app::model::{Model, Pane};
use crate::app::toasts::Level;
use crate::domain::Lane;

use super::actions;

/// Counts anew what the list and the Inbox show, if anything changed; `true` when rows of the list moved.
pub(super) fn count(model: &mut Model) -> bool {
    let stamp = stamp(model);
    if model.inbox.is_counted(stamp) {
        return false;
    }
    let mut heard = HashMap::new();
    let mut counts = Counts::default();
    for (lane, chat) in model.received.lanes() {
        if model.part_of(lane).is_some() {
            counts.add(lane, chat);
        } else if let Lane::Group(id) = lane
            && let Some(slot) = model.groups.slot(id)
        {
            let newest = chat.newest().map(|kept| kept.seq);
            let unread = chat.unread();
            heard.insert(slot, Heard { unread, newest });
        }
    }
    model.inbox.set_counts(counts, stamp);
    model.list.hear(&model.groups, heard)
}

/// Another one whenever something may have changed that is counted or shown.
pub(super) fn stamp(model: &Model) -> Stamp {
    Stamp {
        received: model.received.stamp(),
        groups: model.groups.stamp(),
        listed: model.is_listed(),
    }
}

/// The group to go to: the chosen one, unless its messages have the keys already, else the next below
/// it, and around.
fn next_group(model: &Model) -> Option<Slot> {
    if !model.list.has_unread() {
        return None;
    }
    let rows = model.list.rows.all();
    let here = model.list.rows.row();
    let first = here + usize::from(model.pane == Pane::Messages);
    let (above, below) = rows.split_at_checked(first).unwrap_or((rows, &[]));
    let mut around = below.iter().chain(above);
    let is_here = |slot: &Slot| model.pane == Pane::Messages && model.selected() == Some(*slot);
    around
        .find(|slot| model.list.unread(**slot) > 0 && !is_here(slot))
        .copied()
}

/// Whether there is such a group. Asked for every frame, so without a look at all rows.
fn has_next_group(model: &Model) -> bool {
    if model.list.filter.is_active() {
        return next_group(model).is_some();
    }
    let here = model.selected().filter(|_| model.pane == Pane::Messages);
    let is_here = here.is_some_and(|slot| model.list.unread(slot) > 0);
    model.list.unread_groups() > usize::from(is_here)
}

/// Why there is nowhere to go; `None` when there is.
pub(super) fn none_left(model: &Model) -> Option<String> {
    let in_inbox = model.inbox.unread() > 0 && !is_seen(model);
    if in_inbox || has_next_group(model) {
        return None;
    }
    Some(match hidden(model) {
        // What is unread here is not seen yet: its end is further down.
        0 if model.list.has_unread() || model.inbox.unread() > 0 => {
            "nothing else unread".to_owned()
        }
        0 => "nothing unread".to_owned(),
        hidden => hidden_words(hidden),
    })
}

/// Whether everything unread of the Inbox is in the part that has the keys.
fn is_seen(model: &Model) -> bool {
    let here = model.inbox.count(model.inbox.part()).unread;
    model.pane == Pane::Inbox && model.inbox.unread() == here && model.inbox.whole().is_none()
}

/// Groups with unread messages that the filter hides.
fn hidden(model: &Model) -> usize {
    let list = &model.list;
    if list.has_unread() && list.filter.is_active() {
        list.hidden_unread()
    } else {
        0
    }
}

fn hidden_words(hidden: usize) -> String {
    match hidden {
        1 => "nothing else unread, but the filter hides 1 group with unread messages".to_owned(),
        hidden => {
            format!(
                "nothing else unread, but the filter hides {hidden} groups with unread messages"
            )
        }
    }
}

/// Goes to the messages of the next group with something unread; after the groups to the Inbox.
pub(super) fn next(model: &mut Model) -> Effects {
    if let Some(slot) = next_group(model) {
        model.list.select(&model.groups, slot);
        return actions::go(model, Pane::Messages);
    }
    let hidden = hidden(model);
    if hidden > 0 {
        let text = super::copy::capital(&hidden_words(hidden));
        model.tell(Level::Hint, text, vec![]);
    }
    if model.inbox.unread() == 0 {
        return Effects::none();
    }
    if model.pane == Pane::Inbox {
        model.inbox.show_next_news();
        return Effects::none();
    }
    actions::go(model, Pane::Inbox)
}

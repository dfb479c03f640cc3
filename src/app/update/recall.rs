//! What an earlier run knew: shown at once, with its age, until this one has read it.

use crate::app::effect::{Effect, Effects};
use crate::app::groups::{Groups, Slot};
use crate::app::list::GroupList;
use crate::app::model::Model;
use crate::domain::{GroupDetails, GroupId, Keepsake, Millis, Recollection, Roster};

use super::actions;

/// The groups as an earlier run knew them, ready to be shown. Made beside everything else that the start has
/// to do: of a hundred thousand groups it takes longer than the rest of it.
#[derive(Debug)]
pub struct Recalled {
    groups: Groups,
    list: GroupList,
}

impl Recalled {
    /// Makes them ready.
    pub fn new(recollection: Recollection, now: Millis) -> Self {
        let mut groups = Groups::default();
        let mut list = GroupList::default();
        if !recollection.groups.is_empty() {
            groups.recall(recollection, now);
            list.rebuild(&groups);
        }
        Self { groups, list }
    }

    fn is_empty(&self) -> bool {
        self.groups.count() == 0
    }

    /// Whether these are all, and not only those that stand in front.
    pub fn is_whole(&self) -> bool {
        self.groups.is_whole()
    }
}

impl Model {
    /// Begins with what an earlier run knew, before the first message: with those in front, then with all.
    pub fn recall(&mut self, recalled: Recalled) {
        if recalled.is_empty() {
            // Those in front are all that could be read.
            self.groups.await_no_more();
            return;
        }
        self.groups = recalled.groups;
        self.list = recalled.list;
        if let Some(slot) = self.selected() {
            actions::refresh_people(self, slot);
        }
    }
}

/// The same when it comes later: nothing of it takes the place of what was read meanwhile.
pub(super) fn recalled(model: &mut Model, recollection: Recollection) -> Effects {
    if recollection.groups.is_empty() {
        model.groups.await_no_more();
    } else {
        model.groups.recall(recollection, model.now);
        model.list.rebuild(&model.groups);
    }
    Effects::none()
}

/// Who was in some of the groups. The rest is asked for when these have been taken, so that keys come between.
pub(super) fn people(model: &mut Model, people: Vec<(GroupId, Millis, Roster)>) -> Effects {
    if people.is_empty() {
        return Effects::none();
    }
    let own_before = model.own().cloned();
    let selected = model.selected();
    let mut is_selected = false;
    for (group, as_of, roster) in people {
        let slot = model.groups.recall_people(&group, as_of, roster);
        is_selected |= slot.is_some() && slot == selected;
        if let Some(slot) = slot.filter(|slot| model.people.contains_key(slot)) {
            actions::refresh_people(model, slot);
        }
    }
    if let Some(slot) = selected
        && (is_selected || model.own() != own_before.as_ref())
    {
        actions::refresh_people(model, slot);
    }
    Effects::one(Effect::RecallMore)
}

/// The list was read: whatever came and went is kept for the next start.
pub(super) fn listed(model: &Model, came: &[Slot], went: &[Slot]) -> Effects {
    let ids = |slots: &[Slot]| {
        let ids = slots.iter().map(|slot| model.groups.at(*slot).id.clone());
        ids.collect()
    };
    Effects::one(Effect::Remember(Keepsake::Listed {
        came: ids(came),
        went: ids(went),
        at: model.now,
    }))
}

/// A group was read: what the server told is kept for the next start.
pub(super) fn told(model: &Model, details: &GroupDetails) -> Effects {
    let details = Box::new(details.clone());
    Effects::one(Effect::Remember(Keepsake::Told(details, model.now)))
}

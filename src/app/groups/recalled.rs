//! What an earlier run knew of the groups, until this one has read them.
//!
//! Invariant: it never takes the place of what this run was told.

use super::{GroupState, Groups, Slot};
use crate::domain::{
    GroupDetails, GroupId, Headcount, Millis, Recollection, Remembered, Roster, Told,
};

/// What an earlier run knew of the people of a group, who may not be here yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    people: Option<Headcount>,
}

impl GroupState {
    /// How many people and how many admins, when the server told, in this run or an earlier one.
    pub fn headcount(&self) -> Option<(usize, usize)> {
        let read = self.roster();
        let read = read.map(|roster| (roster.count(), roster.admin_count()));
        read.or_else(|| {
            let people = self.recalled?.people?;
            Some((people.members as usize, people.admins as usize))
        })
    }

    /// Since when that is known which an earlier run read and this one has not.
    pub fn recalled_at(&self) -> Option<Millis> {
        self.recalled?;
        self.details.known().map(|known| known.as_of)
    }

    /// What the server told in this run. Changes are decided by nothing else: what an earlier run knew is for
    /// looking at.
    pub fn told(&self) -> Option<&GroupDetails> {
        self.details.value().filter(|_| self.recalled.is_none())
    }

    /// The people, as the server told them in this run.
    pub fn told_roster(&self) -> Option<&Roster> {
        self.told()?.roster.as_ref()
    }

    /// Whether the people are not here because they were not kept, or not read yet, from an earlier run.
    pub fn lacks_people(&self) -> bool {
        self.roster().is_none()
            && self
                .recalled
                .is_some_and(|recalled| recalled.people.is_some())
    }
}

impl Groups {
    /// How many of them are known from an earlier run and were not read in this one.
    pub fn recalled(&self) -> usize {
        self.recalled
    }

    /// How many groups there are, also those that come within a moment.
    pub fn total(&self) -> usize {
        self.awaited.unwrap_or(self.live)
    }

    /// Whether all of them are here.
    pub fn is_whole(&self) -> bool {
        self.awaited.is_none()
    }

    /// No more come.
    pub fn await_no_more(&mut self) {
        self.awaited = None;
    }

    /// Since when the list is known: as it was read in this run, else in an earlier one.
    pub fn listed_at(&self) -> Option<Millis> {
        self.index
            .known()
            .map_or(self.remembered, |known| Some(known.as_of))
    }

    /// Takes what an earlier run knew, where this one does not know better. Nothing that is said to have
    /// been told later than now is believed in that.
    pub fn recall(&mut self, recollection: Recollection, now: Millis) {
        self.awaited = recollection.more;
        self.states.reserve_exact(recollection.groups.len());
        self.by_id.reserve(recollection.groups.len());
        for remembered in recollection.groups {
            match remembered {
                Remembered::Came(id) => {
                    self.recall_group(id);
                }
                Remembered::Told(id, told) => {
                    if let Some(slot) = self.recall_group(id) {
                        self.recall_details(slot, told, now);
                    }
                }
                Remembered::Went(id) => {
                    if self.index.known().is_none()
                        && let Some(slot) = self.slot(&id)
                    {
                        self.remove(slot);
                    }
                }
            }
        }
        self.remembered = Some(recollection.listed.unwrap_or(now).min(now));
    }

    /// The slot of a group of an earlier run, unless the list has been read and it is not in it.
    fn recall_group(&mut self, id: GroupId) -> Option<Slot> {
        if self.index.known().is_some() {
            return self.slot(&id);
        }
        Some(self.insert(id).0)
    }

    fn recall_details(&mut self, slot: Slot, told: Told, now: Millis) {
        let state = self.at_mut(slot);
        let as_of = told.as_of.min(now);
        match (state.details.known(), state.recalled) {
            (None, _) => {
                self.named += 1;
                self.recalled += 1;
            }
            (Some(known), Some(_)) if known.as_of <= as_of => {}
            (Some(_), _) => return,
        }
        let state = &mut self.states[slot.0 as usize];
        if state.roster().is_some() {
            self.memberships.change(slot, state.roster(), None);
        }
        state.recalled = Some(Known {
            people: told.people,
        });
        let details = GroupDetails {
            id: state.id.clone(),
            subject: told.subject,
            creator: told.creator,
            created: told.created,
            roster: None,
        };
        state.details.recall(details, as_of);
        state.set_sort_name();
    }

    /// Takes who was in a group in an earlier run, when it was told then; where it was read since, nothing.
    pub fn recall_people(&mut self, id: &GroupId, as_of: Millis, roster: Roster) -> Option<Slot> {
        let slot = self.slot(id)?;
        let state = &mut self.states[slot.0 as usize];
        if state.recalled_at() != Some(as_of) || !state.lacks_people() {
            return None;
        }
        let details = state.details.value_mut()?;
        self.memberships.change(slot, None, Some(&roster));
        details.roster = Some(roster);
        self.owner.learn(slot, details);
        Some(slot)
    }
}

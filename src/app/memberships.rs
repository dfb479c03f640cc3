//! Which groups somebody is in: an index from numbers to groups, so that nobody's groups are looked for
//! in all rosters.
//!
//! Not a truth of its own, and no roles: they stand in the rosters. Invariant: it holds nothing until somebody
//! is looked for the first time, because it takes as much memory as the rosters; from then on it holds what the
//! rosters of the listed groups hold, nothing more and nothing less.
//!
//! A number of at most 15 digits is spread over 50 bits, so that it can be told again. 12 of them choose a
//! bucket; the other 38 and the 26 of the group's slot are one entry of eight bytes.

mod chunks;
mod part;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use self::chunks::Chunks;
use self::part::Part;
use super::groups::Slot;
use crate::domain::{Members, Roster, WaId};

/// The first number with more than 15 digits: none of a phone. Source: ITU-T E.164.
const LARGEST: u64 = 1_000_000_000_000_000;
/// Bits of a number.
const BITS: u32 = 50;
const MASK: u64 = (1 << BITS) - 1;
/// Bits of a number that stand in its entry; the others are its bucket.
const REST: u32 = 38;
const REST_MASK: u64 = (1 << REST) - 1;
const BUCKETS: usize = 1 << (BITS - REST);
/// Bits of a slot.
const SLOT: u32 = 64 - REST;
/// Odd, and the golden section of all numbers: neighbours come far apart.
const FACTOR: u64 = 0x2_78dd_e6e5_fd29;
/// What takes it back.
const INVERSE: u64 = inverse(FACTOR);
/// Changes that are remembered one by one.
const REMEMBERED: usize = 64;

/// The inverse of an odd number modulo 2^64, by Newton's method: each step doubles the right bits.
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut step = 0;
    while step < 6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}

/// The index.
#[derive(Debug, Default)]
pub struct Memberships {
    /// Whether anybody was looked for yet.
    is_kept: bool,
    chunks: Chunks,
    /// Ids that are no numbers of phones, and slots beyond 26 bits.
    beside: BTreeMap<WaId, Vec<Slot>>,
    /// Groups whose people are known.
    groups: usize,
    /// How often people of a group were told, and of which groups lately.
    changes: u64,
    last: VecDeque<Slot>,
}

/// Some people, and whether there may be more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// The people, each once.
    pub people: Vec<WaId>,
    /// Not everybody was looked at, because there are so many.
    pub more: bool,
}

/// Where a membership stands: in its bucket, as this entry.
fn place(id: &WaId, slot: Slot) -> Option<(u16, u64)> {
    let (bucket, rest) = spread(id)?;
    let slot = u64::from(slot.number());
    (slot >> SLOT == 0).then_some((bucket, rest << SLOT | slot))
}

/// The bucket of a number, and what is left of it.
fn spread(id: &WaId) -> Option<(u16, u64)> {
    let number = id.number().filter(|number| *number < LARGEST)?;
    let spread = number.wrapping_mul(FACTOR) & MASK;
    let bucket = u16::try_from(spread >> REST).ok()?;
    Some((bucket, spread & REST_MASK))
}

/// The number of an entry.
fn number(bucket: u16, entry: u64) -> u64 {
    let spread = u64::from(bucket) << REST | entry >> SLOT;
    spread.wrapping_mul(INVERSE) & MASK
}

/// The group of an entry.
fn slot(entry: u64) -> Slot {
    let slot = entry & ((1 << SLOT) - 1);
    Slot::of(u32::try_from(slot).unwrap_or(u32::MAX))
}

impl Memberships {
    /// How many groups of the list told who is in them.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// The groups somebody is in, in no order.
    pub fn groups_of(&self, id: &WaId) -> Vec<Slot> {
        let mut slots: Vec<Slot> = self.entries_of(id).map(slot).collect();
        slots.extend(self.beside.get(id).into_iter().flatten());
        slots
    }

    /// In how many groups somebody is.
    pub fn count(&self, id: &WaId) -> usize {
        self.entries_of(id).count() + self.beside.get(id).map_or(0, Vec::len)
    }

    /// Whether somebody is in any group.
    pub fn knows(&self, id: &WaId) -> bool {
        self.entries_of(id).next().is_some() || self.beside.contains_key(id)
    }

    fn entries_of(&self, id: &WaId) -> impl Iterator<Item = u64> {
        let spread = spread(id);
        let chunks = spread.map(|(bucket, _)| self.chunks.of(bucket));
        let rest = spread.map_or(0, |(_, rest)| rest);
        let entries = chunks.into_iter().flatten().flatten().copied();
        entries.filter(move |entry| entry >> SLOT == rest)
    }

    /// Everybody with these digits side by side in their id, up to so many people.
    pub fn with_digits(&self, digits: &str, most: usize) -> Matches {
        let part = Part::new(digits);
        let beside = self.beside.keys();
        let beside = beside.filter(|id| part.is_in_text(&id.to_string()));
        let mut people: BTreeSet<WaId> = beside.take(most + 1).cloned().collect();
        for (bucket, entries) in self.chunks.all() {
            if people.len() > most {
                break;
            }
            let numbers = entries.iter().map(|entry| number(bucket, *entry));
            let found = numbers.filter(|number| part.is_in(*number));
            people.extend(found.filter_map(WaId::from_number));
        }
        Matches {
            more: people.len() > most,
            people: people.into_iter().take(most).collect(),
        }
    }

    /// Another number whenever people of a group were told.
    pub fn stamp(&self) -> u64 {
        self.changes
    }

    /// The groups of which that happened since then; `None` when nobody remembers all of them.
    pub fn changed_since(&self, stamp: u64) -> Option<impl Iterator<Item = Slot>> {
        let missed = usize::try_from(self.changes.saturating_sub(stamp)).ok()?;
        let known = self.last.len().checked_sub(missed)?;
        Some(self.last.iter().skip(known).copied())
    }

    /// Somebody is looked for: from now on it is kept. These are the rosters of the listed groups.
    pub(super) fn keep<'r>(&mut self, rosters: impl Iterator<Item = (Slot, &'r Roster)>) {
        if std::mem::replace(&mut self.is_kept, true) {
            return;
        }
        for (slot, roster) in rosters {
            for id in roster.members() {
                self.add(&id, slot);
            }
        }
    }

    /// The people of a group are others now; `None` for those of a group that is not known or not listed.
    pub(super) fn change(&mut self, slot: Slot, before: Option<&Roster>, after: Option<&Roster>) {
        self.changes += 1;
        self.last.push_back(slot);
        if self.last.len() > REMEMBERED {
            self.last.pop_front();
        }
        self.groups += usize::from(after.is_some());
        self.groups -= usize::from(before.is_some());
        if !self.is_kept {
            return;
        }
        let (gone, new) = match (before, after) {
            (None, None) => return,
            (None, Some(after)) => {
                for id in after.members() {
                    self.add(&id, slot);
                }
                return;
            }
            (Some(before), None) => {
                for id in before.members() {
                    self.remove(&id, slot);
                }
                return;
            }
            (Some(before), Some(after)) => differences(before.members(), after.members()),
        };
        for id in &gone {
            self.remove(id, slot);
        }
        for id in &new {
            self.add(id, slot);
        }
    }

    fn add(&mut self, id: &WaId, slot: Slot) {
        match place(id, slot) {
            Some((bucket, entry)) => self.chunks.push(bucket, BUCKETS, entry),
            None => self.beside.entry(id.clone()).or_default().push(slot),
        }
    }

    fn remove(&mut self, id: &WaId, slot: Slot) {
        if let Some((bucket, entry)) = place(id, slot) {
            self.chunks.take(bucket, entry);
        } else if let Some(slots) = self.beside.get_mut(id) {
            slots.retain(|other| *other != slot);
            if slots.is_empty() {
                self.beside.remove(id);
            }
        }
    }
}

/// Who went and who came. What both lists begin and end with is passed over: mostly that is all.
fn differences(mut before: Members<'_>, mut after: Members<'_>) -> (Vec<WaId>, Vec<WaId>) {
    let (mut ahead, mut their) = (before.clone(), after.clone());
    while let (Some(a), Some(b)) = (ahead.next(), their.next())
        && a == b
    {
        (before, after) = (ahead.clone(), their.clone());
    }
    let (mut behind, mut their) = (before.clone(), after.clone());
    while let (Some(a), Some(b)) = (behind.next_back(), their.next_back())
        && a == b
    {
        (before, after) = (behind.clone(), their.clone());
    }
    let sorted = |members: Members<'_>| {
        let mut ids: Vec<WaId> = members.collect();
        ids.sort_unstable();
        ids
    };
    let (mut gone, mut new) = (sorted(before), sorted(after));
    let stayed = |ids: &[WaId], id: &WaId| ids.binary_search(id).is_ok();
    let both: Vec<WaId> = gone.iter().filter(|id| stayed(&new, id)).cloned().collect();
    gone.retain(|id| !stayed(&both, id));
    new.retain(|id| !stayed(&both, id));
    (gone, new)
}

#[cfg(test)]
mod tests;

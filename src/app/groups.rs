//! All groups of the account, by id. Truth comes from answers only; what is asked for but not yet
//! confirmed lives in `changes`, never here.

mod recalled;

use std::collections::{BTreeMap, HashMap, HashSet};

use recalled::Known;

use super::changes::{Awaiting, Change, Outbox, Report};
use super::memberships::Memberships;
use super::remote::Remote;
use crate::domain::{
    Clean, GroupDetails, GroupId, IconInfo, InviteLink, Millis, Picture, Roster, WaId,
};

/// Characters of a subject that are looked at where hidden ones are written out.
const MOST_REVEALED: usize = 256;

/// Place of a group in memory. Stays the same for the life of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u32);

impl Slot {
    /// Its number, counted from 0.
    pub(super) fn number(self) -> u32 {
        self.0
    }

    /// The slot with this number.
    pub(super) fn of(number: u32) -> Self {
        Self(number)
    }
}

/// One group.
#[derive(Debug)]
pub struct GroupState {
    /// Which.
    pub id: GroupId,
    /// Subject, people and so on.
    pub details: Remote<GroupDetails>,
    /// Its link; fetched only when asked for.
    pub invite: Remote<InviteLink>,
    /// Where its picture is; `None` when the server says that it has none.
    pub icon: Remote<Option<Box<IconInfo>>>,
    /// The picture.
    pub picture: Remote<Box<Picture>>,
    /// What became of the last change to people, for the rows they stand in.
    pub report: Option<Box<Report>>,
    /// Until it is read in this run, what is known comes from an earlier one.
    recalled: Option<Known>,
    /// Subject in lower case, for sorting; empty while unknown.
    sort_name: Box<str>,
    /// No longer in the account's list.
    gone: bool,
}

impl GroupState {
    fn new(id: GroupId) -> Self {
        Self {
            id,
            details: Remote::default(),
            invite: Remote::default(),
            icon: Remote::default(),
            picture: Remote::default(),
            report: None,
            recalled: None,
            sort_name: "".into(),
            gone: false,
        }
    }

    /// The subject as it can be shown; the id while it is unknown or blank.
    pub fn name(&self) -> String {
        self.subject()
            .map_or_else(|| self.id.to_string(), str::to_owned)
    }

    /// The subject, when the server told one that can be read.
    pub fn subject(&self) -> Option<&str> {
        let subject = self.details.value()?.subject.as_ref()?;
        (!subject.is_blank()).then(|| subject.as_str())
    }

    /// The subject with hidden characters written out, where it has any.
    pub fn revealed_subject(&self) -> Option<String> {
        let subject = self.details.value()?.subject.as_ref()?;
        let start: String = subject.raw().chars().take(MOST_REVEALED).collect();
        subject.hides().then(|| Clean::revealed(&start))
    }

    /// The subject in lower case, empty while unknown.
    pub fn sort_name(&self) -> &str {
        &self.sort_name
    }

    /// The people, when the server told.
    pub fn roster(&self) -> Option<&Roster> {
        self.details.value()?.roster.as_ref()
    }

    fn set_sort_name(&mut self) {
        let subject = self.details.value().and_then(|told| told.subject.as_ref());
        self.sort_name = subject.map(Clean::sort_name).unwrap_or_default();
    }
}

/// All groups.
#[derive(Debug, Default)]
pub struct Groups {
    /// The list call: only whether and when it succeeded; the groups are beside it.
    pub index: Remote<()>,
    states: Vec<GroupState>,
    by_id: HashMap<GroupId, Slot>,
    /// Changes on their way: of the few groups that have or had any.
    outboxes: BTreeMap<Slot, Outbox>,
    live: usize,
    named: usize,
    /// How many of them were read since [`Self::fresh_since`].
    fresh: usize,
    /// What was read before is to be read again.
    fresh_since: Millis,
    /// How many of those are only known from an earlier run.
    recalled: usize,
    /// When an earlier run read the list.
    remembered: Option<Millis>,
    /// How many groups it had in all, while only the first of them are here.
    awaited: Option<usize>,
    /// Another one whenever groups come or go.
    stamp: u64,
    /// Who is in which of them: kept up to date wherever a roster comes or goes.
    memberships: Memberships,
    owner: Owner,
}

/// Clues to the account's own number: no call tells it.
///
/// The engine lets a business manage only groups it created, so one creator of all groups is the
/// account; failing that, the one number that is in every group (`docs/api-notes.md`).
#[derive(Debug, Default)]
struct Owner {
    creators: HashSet<WaId>,
    in_all: Option<Vec<WaId>>,
    seen: HashSet<Slot>,
}

/// So many are looked for one by one.
const FEW: usize = 8;
/// How many groups must agree before «in every group» says anything.
const ENOUGH_GROUPS: usize = 3;

impl Owner {
    fn learn(&mut self, slot: Slot, details: &GroupDetails) {
        let roster = details.roster.as_ref().filter(|roster| roster.count() > 0);
        let (true, Some(roster)) = (self.seen.insert(slot), roster) else {
            return;
        };
        if let Some(creator) = &details.creator
            && !self.creators.contains(creator)
            && roster.role(creator).is_some()
        {
            self.creators.insert(creator.clone());
        }
        match &mut self.in_all {
            None => self.in_all = Some(roster.members().collect()),
            // Soon a handful: then there is nothing to build.
            Some(ids) if ids.len() <= FEW => ids.retain(|id| roster.role(id).is_some()),
            Some(ids) => {
                let here: HashSet<WaId> = roster.members().collect();
                ids.retain(|id| here.contains(id));
            }
        }
    }

    fn guess(&self) -> Option<&WaId> {
        if self.creators.len() == 1 {
            return self.creators.iter().next();
        }
        match self.in_all.as_deref() {
            Some([one]) if self.seen.len() >= ENOUGH_GROUPS => Some(one),
            Some(_) | None => None,
        }
    }
}

impl Groups {
    /// How many groups the account has.
    pub fn count(&self) -> usize {
        self.live
    }

    /// Another number whenever groups came or went.
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// How many of them have been read.
    pub fn named(&self) -> usize {
        self.named
    }

    /// How many of them were read since everything was to be read again last.
    pub fn fresh(&self) -> usize {
        self.fresh
    }

    /// Whether a group is in the list and was not read since everything was to be read again last.
    pub fn is_stale(&self, slot: Slot) -> bool {
        let state = self.at(slot);
        !state.gone && !self.is_fresh(state)
    }

    fn is_fresh(&self, state: &GroupState) -> bool {
        let known = state.details.known();
        state.recalled.is_none() && known.is_some_and(|known| known.as_of >= self.fresh_since)
    }

    /// Everything is to be read again that was read before `now`.
    pub fn expire(&mut self, now: Millis) {
        self.fresh_since = now;
        self.fresh = self
            .iter()
            .filter(|(_, state)| self.is_fresh(state))
            .count();
    }

    /// Somebody is looked for in all of them.
    pub fn keep_memberships(&mut self) {
        let listed = (0..).map(Slot).zip(&self.states);
        let listed = listed.filter(|(_, state)| !state.gone);
        let rosters = listed.filter_map(|(slot, state)| Some((slot, state.roster()?)));
        self.memberships.keep(rosters);
    }

    /// Who is in which of them, once [`Self::keep_memberships`] was called; before, only how many tell it.
    pub fn memberships(&self) -> &Memberships {
        &self.memberships
    }

    /// The slot of a group that is still in the list.
    pub fn slot(&self, id: &GroupId) -> Option<Slot> {
        self.by_id
            .get(id)
            .copied()
            .filter(|slot| !self.at(*slot).gone)
    }

    /// The group in a slot.
    pub fn at(&self, slot: Slot) -> &GroupState {
        &self.states[slot.0 as usize]
    }

    /// The group in a slot, to change it.
    pub fn at_mut(&mut self, slot: Slot) -> &mut GroupState {
        &mut self.states[slot.0 as usize]
    }

    /// A group that is still in the list.
    pub fn get(&self, id: &GroupId) -> Option<&GroupState> {
        self.slot(id).map(|slot| self.at(slot))
    }

    /// A group that is still in the list, to change it.
    pub fn get_mut(&mut self, id: &GroupId) -> Option<&mut GroupState> {
        self.slot(id).map(|slot| self.at_mut(slot))
    }

    /// All groups of the account, in the order they became known.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &GroupState)> {
        (0..)
            .map(Slot)
            .zip(&self.states)
            .filter(|(_, state)| !state.gone)
    }

    /// The changes of a group that are on their way.
    pub fn outbox(&self, slot: Slot) -> &Outbox {
        static IDLE: Outbox = Outbox::IDLE;
        self.outboxes.get(&slot).unwrap_or(&IDLE)
    }

    /// The same, to put one in or to end one.
    pub fn outbox_mut(&mut self, slot: Slot) -> &mut Outbox {
        self.outboxes.entry(slot).or_default()
    }

    /// The change under way in a group, when it waits for just that.
    pub fn waiting_for(&mut self, slot: Slot, what: Awaiting) -> Option<&mut Change> {
        self.outboxes.get_mut(&slot)?.waiting_for(what)
    }

    /// The groups of the list that have changes on their way.
    pub fn changing(&self) -> impl Iterator<Item = (Slot, &Outbox)> {
        let outboxes = self.outboxes.iter().map(|(slot, outbox)| (*slot, outbox));
        outboxes.filter(|(slot, outbox)| !outbox.is_idle() && !self.at(*slot).gone)
    }

    /// The name to show for a group, also for one that is gone.
    pub fn name(&self, id: &GroupId) -> String {
        self.by_id
            .get(id)
            .map_or_else(|| id.to_string(), |slot| self.at(*slot).name())
    }

    /// Takes the answer of the list call. Returns the groups that came and those that went.
    pub fn replace(&mut self, ids: Vec<GroupId>) -> (Vec<Slot>, Vec<Slot>) {
        let mut listed = vec![false; self.states.len()];
        let mut came = Vec::new();
        // Many at once, and then hardly any: room for twice as many would stay empty.
        let more = ids.len().saturating_sub(self.live);
        self.awaited = None;
        self.states.reserve_exact(more);
        self.by_id.reserve(more);
        for id in ids {
            let (slot, new) = self.insert(id);
            match listed.get_mut(slot.0 as usize) {
                Some(mark) => *mark = true,
                None => listed.push(true),
            }
            if new {
                came.push(slot);
            }
        }
        let went: Vec<Slot> = self
            .iter()
            .map(|(slot, _)| slot)
            .filter(|slot| !listed[slot.0 as usize])
            .collect();
        for slot in &went {
            self.remove(*slot);
        }
        (came, went)
    }

    /// Adds one group; `true` when it was not in the list before.
    pub fn insert(&mut self, id: GroupId) -> (Slot, bool) {
        if let Some(slot) = self.by_id.get(&id).copied() {
            let state = self.at_mut(slot);
            if !state.gone {
                return (slot, false);
            }
            // It was left and is back: nothing of what was known is still true.
            *state = GroupState::new(id);
            self.outboxes.remove(&slot);
            self.live += 1;
            self.stamp += 1;
            return (slot, true);
        }
        // 4 billion groups do not fit into memory, so the number always fits.
        let slot = Slot(u32::try_from(self.states.len()).unwrap_or(u32::MAX));
        self.states.push(GroupState::new(id.clone()));
        self.by_id.insert(id, slot);
        self.live += 1;
        self.stamp += 1;
        (slot, true)
    }

    /// Takes a group off the list.
    pub fn remove(&mut self, slot: Slot) {
        let was_fresh = self.is_fresh(self.at(slot));
        let state = &mut self.states[slot.0 as usize];
        if !std::mem::replace(&mut state.gone, true) {
            let was_named = state.details.known().is_some();
            self.memberships.change(slot, state.roster(), None);
            let was_recalled = state.recalled.is_some();
            self.live -= 1;
            self.stamp += 1;
            self.named -= usize::from(was_named);
            self.fresh -= usize::from(was_fresh);
            self.recalled -= usize::from(was_recalled);
        }
    }

    /// Takes the details that a current answer carried.
    pub fn set_details(&mut self, slot: Slot, details: GroupDetails, now: Millis) {
        // Also where the clock was put back meanwhile.
        let now = now.max(self.fresh_since);
        let was_fresh = self.is_fresh(self.at(slot));
        let state = &mut self.states[slot.0 as usize];
        let was_recalled = state.recalled.take().is_some();
        if !state.gone {
            self.recalled -= usize::from(was_recalled);
            self.named += usize::from(state.details.known().is_none());
            self.fresh += usize::from(!was_fresh);
            let after = details.roster.as_ref();
            self.memberships.change(slot, state.roster(), after);
        }
        if was_recalled {
            // What it was taken for in an earlier run is no clue any more.
            self.owner.seen.remove(&slot);
        }
        self.owner.learn(slot, &details);
        state.details.set(details, now);
        state.set_sort_name();
    }

    /// The account's own number as far as the groups tell.
    pub fn own(&self) -> Option<&WaId> {
        self.owner.guess()
    }

    /// The same, once it is beyond doubt: every group was read, there are several, and the number is
    /// in each of them that has anybody.
    pub fn sure_own(&self) -> Option<&WaId> {
        let all_read = self.named == self.live && self.recalled == 0;
        let all_read = all_read && self.live >= ENOUGH_GROUPS;
        self.owner.guess().filter(|own| {
            let in_all = self.owner.in_all.as_ref();
            all_read && in_all.is_some_and(|ids| ids.contains(own))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> GroupId {
        GroupId::new(text).unwrap()
    }

    fn details(group: &str, creator: Option<&str>, people: &[&str]) -> GroupDetails {
        let wa = |t: &str| WaId::from_api(t).unwrap();
        GroupDetails {
            id: id(group),
            subject: Some(group.into()),
            creator: creator.map(wa),
            created: None,
            roster: Some(Roster::new(people.iter().map(|t| wa(t)).collect(), vec![])),
        }
    }

    fn learnt(all: &[GroupDetails]) -> Option<String> {
        let mut groups = Groups::default();
        for one in all {
            let (slot, _) = groups.insert(one.id.clone());
            groups.set_details(slot, one.clone(), Millis(1));
        }
        groups.own().map(ToString::to_string)
    }

    #[test]
    fn the_creator_of_every_group_is_the_account() {
        let all = [details(
            "a",
            Some("551100000001"),
            &["551100000001", "551100000002"],
        )];
        assert_eq!(learnt(&all).as_deref(), Some("551100000001"));
    }

    #[test]
    fn else_the_one_number_that_is_in_every_group() {
        let all = [
            details("a", Some("551100000001"), &["551100000001", "551100000009"]),
            details("b", Some("551100000002"), &["551100000002", "551100000009"]),
            details("c", None, &["551100000003", "551100000009"]),
        ];
        assert_eq!(
            learnt(&all[..2]),
            None,
            "two groups are not enough to be sure"
        );
        assert_eq!(learnt(&all).as_deref(), Some("551100000009"));
    }

    #[test]
    fn a_new_list_keeps_what_is_known_and_says_what_went() {
        let mut groups = Groups::default();
        let (came, went) = groups.replace(vec![id("a"), id("b")]);
        assert_eq!((came.len(), went.len()), (2, 0));
        groups.set_details(came[0], details("a", None, &["551100000001"]), Millis(1));
        let (came, went) = groups.replace(vec![id("c"), id("a")]);
        assert_eq!(
            (came.len(), went.len(), groups.count(), groups.named()),
            (1, 1, 2, 1)
        );
        assert!(groups.get(&id("b")).is_none());
        assert_eq!(groups.get(&id("a")).unwrap().name(), "a");
        let (came, _) = groups.replace(vec![id("a"), id("b")]);
        assert_eq!(came.len(), 1, "a group that comes back is new");
    }

    #[test]
    fn who_is_where_follows_every_roster_that_comes_or_goes() {
        let mut groups = Groups::default();
        groups.keep_memberships();
        let ana = WaId::from_api("551100000001").unwrap();
        let (came, _) = groups.replace(vec![id("a"), id("b")]);
        for slot in &came {
            let group = groups.at(*slot).id.to_string();
            groups.set_details(
                *slot,
                details(&group, None, &["551100000001", "551100000002"]),
                Millis(1),
            );
        }
        let told = |groups: &Groups| {
            let index = groups.memberships();
            (index.count(&ana), index.groups())
        };
        assert_eq!(told(&groups), (2, 2));
        groups.set_details(came[0], details("a", None, &["551100000002"]), Millis(2));
        assert_eq!(told(&groups), (1, 2));
        groups.replace(vec![id("a")]);
        assert_eq!(told(&groups), (0, 1));
        // What is told of a group that is gone, and what was known before it came back, say nothing.
        groups.set_details(came[1], details("b", None, &["551100000001"]), Millis(3));
        groups.replace(vec![id("a"), id("b")]);
        assert_eq!(told(&groups), (0, 1));
        groups.set_details(came[1], details("b", None, &["551100000001"]), Millis(4));
        assert_eq!(told(&groups), (1, 2));
    }
}

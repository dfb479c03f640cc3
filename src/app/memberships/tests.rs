//! The index beside a naive one: whatever rosters come and go, both say the same.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn id(text: &str) -> WaId {
    WaId::from_api(text).unwrap()
}

fn roster(ids: &[WaId]) -> Roster {
    Roster::new(ids.to_vec(), vec![])
}

fn sorted(mut slots: Vec<Slot>) -> Vec<Slot> {
    slots.sort_unstable();
    slots
}

/// Few people, so that they meet in groups: numbers of phones, longer ones, and names.
fn anybody() -> impl Strategy<Value = WaId> {
    prop_oneof![
        (0..40_u64).prop_map(|n| id(&(5_519_900_000_000 + n).to_string())),
        (0..10_u64).prop_map(|n| id(&(100_000 + 99 * n).to_string())),
        (0..5_u64).prop_map(|n| id(&(LARGEST - 2 + n).to_string())),
        "[0a-c]{1,2}-bot".prop_map(|text| id(&text)),
    ]
}

/// A group of few is told who is in it, or goes.
fn change() -> impl Strategy<Value = (u32, Option<Vec<WaId>>)> {
    let slot = prop_oneof![0..6_u32, Just(u32::MAX)];
    (
        slot,
        prop::option::weighted(0.8, prop::collection::vec(anybody(), 0..30)),
    )
}

proptest! {
    #[test]
    fn it_holds_what_the_rosters_hold(changes in prop::collection::vec(change(), 1..60), part in "[05]{1,3}|99") {
        let mut index = Memberships::default();
        index.keep(std::iter::empty());
        let mut rosters: BTreeMap<Slot, Roster> = BTreeMap::new();
        let mut everybody = vec![];
        for (number, people) in changes {
            let slot = Slot::of(number);
            let stamp = index.stamp();
            let after = people.map(|people| roster(&people));
            index.change(slot, rosters.get(&slot), after.as_ref());
            prop_assert_eq!(index.changed_since(stamp).unwrap().collect::<Vec<_>>(), vec![slot]);
            everybody.extend(after.iter().flat_map(Roster::members));
            match after {
                Some(after) => drop(rosters.insert(slot, after)),
                None => drop(rosters.remove(&slot)),
            }
        }
        let mut late = Memberships::default();
        late.keep(rosters.iter().map(|(slot, roster)| (*slot, roster)));
        everybody.sort_unstable();
        everybody.dedup();
        for id in &everybody {
            prop_assert_eq!(sorted(late.groups_of(id)), sorted(index.groups_of(id)));
        }
        prop_assert_eq!(index.groups(), rosters.len());
        let groups_of = |id: &WaId| -> Vec<Slot> {
            let all = rosters.iter().filter(|(_, roster)| roster.role(id).is_some());
            all.map(|(slot, _)| *slot).collect()
        };
        for id in &everybody {
            let groups = groups_of(id);
            prop_assert_eq!(index.count(id), groups.len());
            prop_assert_eq!(index.knows(id), !groups.is_empty());
            prop_assert_eq!(sorted(index.groups_of(id)), groups);
        }
        everybody.retain(|id| id.to_string().contains(&part) && !groups_of(id).is_empty());
        let mut found = index.with_digits(&part, 1_000);
        found.people.sort_unstable();
        prop_assert_eq!(found, Matches { people: everybody, more: false });
    }

    #[test]
    fn a_number_is_told_again_from_its_entry(of in 1..LARGEST, at in 0..1_u32 << SLOT) {
        let (bucket, entry) = place(&WaId::from_number(of).unwrap(), Slot::of(at)).unwrap();
        prop_assert_eq!((number(bucket, entry), slot(entry)), (of, Slot::of(at)));
    }
}

#[test]
fn numbers_in_a_row_come_into_buckets_alike() {
    let mut sizes = vec![0; BUCKETS];
    for n in 0..400_000 {
        let (bucket, _) = spread(&id(&(5_511_900_000_000_u64 + n).to_string())).unwrap();
        sizes[usize::from(bucket)] += 1;
    }
    // Not one of them is long, or a look-up would be slow.
    assert!(
        sizes.iter().max().unwrap() < &200,
        "{:?}",
        sizes.iter().max()
    );
}

#[test]
fn of_too_many_people_some_are_found_and_that_is_said() {
    let mut index = Memberships::default();
    index.keep(std::iter::empty());
    let people: Vec<WaId> = (0..50)
        .map(|n| id(&(5_511_900_000_000_u64 + n).to_string()))
        .collect();
    index.change(Slot::of(0), None, Some(&roster(&people)));
    let found = index.with_digits("5511", 10);
    assert_eq!((found.people.len(), found.more), (10, true));
    let found = index.with_digits("5511", 50);
    assert_eq!((found.people.len(), found.more), (50, false));
}

#[test]
fn more_changes_than_are_remembered_are_not_told_apart() {
    let mut index = Memberships::default();
    index.keep(std::iter::empty());
    for n in 0..80 {
        index.change(Slot::of(n), None, Some(&roster(&[])));
    }
    assert_eq!(index.changed_since(80).unwrap().count(), 0);
    assert_eq!(index.changed_since(16).unwrap().count(), 64);
    assert!(index.changed_since(15).is_none());
}

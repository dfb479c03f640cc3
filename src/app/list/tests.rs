//! Cursor and marks stay on the same groups whatever happens to the rows.

use proptest::prelude::*;

use super::*;
use crate::domain::{GroupDetails, GroupId, Millis};
use crate::keymap::Key;

fn world(names: &[&str]) -> (Groups, GroupList) {
    let mut groups = Groups::default();
    let ids = (0..names.len())
        .map(|n| GroupId::new(&format!("id{n:03}")).unwrap())
        .collect();
    let (slots, _) = groups.replace(ids);
    for (slot, name) in slots.into_iter().zip(names) {
        if !name.is_empty() {
            named(&mut groups, slot, name);
        }
    }
    let mut list = GroupList::default();
    list.rebuild(&groups);
    (groups, list)
}

fn named(groups: &mut Groups, slot: Slot, name: &str) {
    let id = groups.at(slot).id.clone();
    let details = GroupDetails {
        id,
        subject: Some(name.into()),
        creator: None,
        created: None,
        roster: None,
    };
    groups.set_details(slot, details, Millis(1));
}

fn rows(groups: &Groups, list: &GroupList) -> Vec<String> {
    list.rows
        .all()
        .iter()
        .map(|slot| groups.at(*slot).name())
        .collect()
}

fn type_filter(groups: &Groups, list: &mut GroupList, words: &str) {
    for c in words.chars() {
        list.filter.input.key(Key::char(c));
        list.filter_typed(groups);
    }
}

#[test]
fn names_are_sorted_without_regard_to_case_and_unknown_ones_come_last() {
    let (groups, list) = world(&["b", "", "A"]);
    assert_eq!(rows(&groups, &list), ["A", "b", "id001"]);
}

#[test]
fn the_cursor_stays_on_its_group_when_names_arrive() {
    let (mut groups, mut list) = world(&["m", "x", "", ""]);
    list.rows.move_to(1);
    let chosen = list.current();
    for (row, name) in [(2, "a"), (3, "z")] {
        let slot = groups
            .slot(&GroupId::new(&format!("id{row:03}")).unwrap())
            .unwrap();
        list.lift(&groups, slot);
        named(&mut groups, slot, name);
        list.place(&groups, slot);
    }
    assert_eq!(rows(&groups, &list), ["a", "m", "x", "z"]);
    assert_eq!(list.current(), chosen);
}

#[test]
fn before_the_user_moved_the_cursor_stays_on_the_first_row() {
    let (mut groups, mut list) = world(&["m", ""]);
    let slot = groups.slot(&GroupId::new("id001").unwrap()).unwrap();
    list.lift(&groups, slot);
    named(&mut groups, slot, "a");
    list.place(&groups, slot);
    assert_eq!(list.current(), Some(slot));
}

#[test]
fn when_the_chosen_group_no_longer_matches_its_neighbour_is_chosen() {
    let (mut groups, mut list) = world(&["ab", "abc"]);
    type_filter(&groups, &mut list, "ab");
    list.rows.move_to(1);
    let slot = list.current().unwrap();
    list.lift(&groups, slot);
    named(&mut groups, slot, "x");
    list.place(&groups, slot);
    assert_eq!(rows(&groups, &list), ["ab"]);
    assert_eq!(list.current(), list.rows.all().first().copied());
}

#[test]
fn the_best_match_comes_first_and_accents_do_not_matter() {
    let (groups, mut list) = world(&["Feirão de Maio", "Mães da Escola", "Fim de ano"]);
    type_filter(&groups, &mut list, "feira");
    assert_eq!(rows(&groups, &list), ["Feirão de Maio"]);
    list.filter.input.clear();
    list.refilter(&groups);
    assert_eq!(list.rows.len(), 3);
    type_filter(&groups, &mut list, "id001");
    assert_eq!(
        rows(&groups, &list),
        ["Mães da Escola"],
        "an id can be searched too"
    );
}

#[test]
fn marks_survive_filters_and_the_hidden_ones_are_counted() {
    let (groups, mut list) = world(&["alfa", "beta", "gama"]);
    list.rows.toggle_all();
    type_filter(&groups, &mut list, "beta");
    assert_eq!((list.rows.marks().len(), list.rows.hidden_marks()), (3, 2));
}

#[test]
fn when_the_chosen_group_goes_its_neighbour_is_chosen() {
    let (mut groups, mut list) = world(&["a", "b", "c"]);
    list.rows.move_to(1);
    list.rows.toggle_mark();
    let gone = list.current().unwrap();
    groups.remove(gone);
    assert_eq!(list.remove(&groups, &[gone]), 1);
    assert_eq!(groups.at(list.current().unwrap()).name(), "c");
}

proptest! {
    #[test]
    fn chosen_and_marked_groups_stay_the_same_through_any_order(
        names in proptest::collection::vec("[a-z]{0,3}", 1..30), row in 0usize..30, sort in 0usize..3,
    ) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (groups, mut list) = world(&names);
        list.rows.move_to(row);
        list.rows.toggle_mark();
        let (cursor, marks) = (list.current(), list.rows.marks().clone());
        list.set_sort(&groups, SortBy::ALL[sort]);
        list.rows.scroll(5);
        prop_assert_eq!(list.current(), cursor);
        prop_assert_eq!(list.rows.marks(), &marks);
    }

    #[test]
    fn placing_one_by_one_is_the_same_as_sorting(
        names in proptest::collection::vec("[a-c]{0,2}", 1..30),
        others in proptest::collection::vec("[a-c]{1,2}", 30),
        words in "[ab]{0,1}",
        row in 0usize..30,
    ) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (mut groups, mut list) = world(&names);
        type_filter(&groups, &mut list, &words);
        list.rows.move_to(row);
        let cursor = list.current();
        let slots: Vec<Slot> = groups.iter().map(|(slot, _)| slot).collect();
        for (slot, other) in slots.into_iter().rev().zip(&others) {
            list.lift(&groups, slot);
            named(&mut groups, slot, other);
            list.place(&groups, slot);
            prop_assert_eq!(list.current().is_none(), list.rows.is_empty());
        }
        if cursor.is_some_and(|cursor| list.rows.all().contains(&cursor)) {
            prop_assert_eq!(list.current(), cursor);
        }
        let placed = rows(&groups, &list);
        list.rebuild(&groups);
        prop_assert_eq!(placed, rows(&groups, &list));
    }
}

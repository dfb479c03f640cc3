//! A list on the screen: its rows, the cursor, the marks, and what is in view.
//!
//! Cursor, range and marks belong to things, not to row numbers: sorting, filtering and refreshing
//! move rows, never what is chosen.

use std::collections::BTreeSet;

use super::layout::{scrolled, wheeled};

/// Rows of a list with one cursor and any number of marks.
#[derive(Debug)]
pub struct Rows<T> {
    things: Vec<T>,
    /// `None` until the user moves: then the first row has the cursor, whichever it is.
    cursor: Option<T>,
    row: usize,
    top: usize,
    marks: BTreeSet<T>,
    range: Option<T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            things: Vec::new(),
            cursor: None,
            row: 0,
            top: 0,
            marks: BTreeSet::new(),
            range: None,
        }
    }
}

impl<T: Ord + Clone> Rows<T> {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// All rows in order.
    pub fn all(&self) -> &[T] {
        &self.things
    }

    /// What is under the cursor.
    pub fn current(&self) -> Option<&T> {
        self.things.get(self.row)
    }

    /// The row of the cursor.
    pub fn row(&self) -> usize {
        self.row
    }

    /// The first row in view.
    pub fn top(&self) -> usize {
        self.top
    }

    /// The rows in view when there is room for `room`.
    pub fn visible(&self, room: usize) -> impl Iterator<Item = (usize, &T)> {
        self.things.iter().enumerate().skip(self.top).take(room)
    }

    /// Takes other rows. The cursor stays on its thing, or on the row where it was.
    pub fn set(&mut self, things: Vec<T>) {
        self.things = things;
        self.locate();
    }

    /// Puts one more row in.
    pub fn insert(&mut self, row: usize, thing: T) {
        self.things.insert(row, thing);
        // The usual case, without a look at all rows.
        let next = self.row + 1;
        if self.cursor.is_some() && self.things.get(next) == self.cursor.as_ref() {
            self.row = next;
        } else if self.things.get(row) == self.cursor.as_ref() {
            self.row = row;
        } else {
            self.locate();
        }
    }

    /// Takes one row out; the cursor stays on its thing although it has no row for the moment.
    pub fn take_out(&mut self, row: usize) {
        self.things.remove(row);
        if row < self.row {
            self.row -= 1;
        }
    }

    /// Takes rows, marks and range of vanished things off; returns how many marks went.
    pub fn drop_gone(&mut self, is_gone: impl Fn(&T) -> bool) -> usize {
        self.things.retain(|thing| !is_gone(thing));
        let before = self.marks.len();
        self.marks.retain(|thing| !is_gone(thing));
        self.range = self.range.take().filter(|thing| !is_gone(thing));
        if self.cursor.as_ref().is_some_and(&is_gone) {
            // The neighbour that took the row.
            self.move_to(self.row);
        }
        self.locate();
        before - self.marks.len()
    }

    /// Moves the cursor to a row, or to the last one.
    pub fn move_to(&mut self, row: usize) {
        self.row = row.min(self.things.len().saturating_sub(1));
        self.cursor = self.current().cloned();
    }

    /// Puts the cursor on a thing.
    pub fn select(&mut self, thing: T) {
        self.cursor = Some(thing);
        self.locate();
    }

    /// Keeps the cursor on its thing from now on, also on the first row.
    pub fn hold(&mut self) {
        self.cursor = self.current().cloned();
    }

    /// Whether anything was done here that other rows would lose: the cursor moved, something is marked.
    pub fn is_touched(&self) -> bool {
        self.cursor.is_some() || self.range.is_some() || !self.marks.is_empty()
    }

    /// Keeps the cursor in view.
    pub fn scroll(&mut self, room: usize) {
        self.top = scrolled(self.top, self.row, room, self.things.len());
    }

    /// Scrolls by so many rows where there is room for `room`; the cursor goes along when it must.
    pub fn wheel(&mut self, by: isize, room: usize) {
        let (top, row) = wheeled(self.top, self.row, by, room, self.things.len());
        self.top = top;
        if row != self.row {
            self.move_to(row);
        }
    }

    /// The marked things.
    pub fn marks(&self) -> &BTreeSet<T> {
        &self.marks
    }

    /// The other end of a range that is being marked.
    pub fn range(&self) -> Option<&T> {
        self.range.as_ref()
    }

    /// How many marked things have no row at the moment.
    pub fn hidden_marks(&self) -> usize {
        if self.marks.is_empty() {
            return 0;
        }
        let shown = self
            .things
            .iter()
            .filter(|thing| self.marks.contains(thing))
            .count();
        self.marks.len() - shown
    }

    /// Marks or unmarks the row under the cursor.
    pub fn toggle_mark(&mut self) {
        if let Some(thing) = self.current().cloned()
            && !self.marks.remove(&thing)
        {
            self.marks.insert(thing);
        }
    }

    /// Marks the row under the cursor.
    pub fn mark_current(&mut self) {
        self.marks.extend(self.current().cloned());
    }

    /// Marks things, whether they have a row or not.
    pub fn mark_all_of(&mut self, things: impl IntoIterator<Item = T>) {
        self.marks.extend(things);
    }

    /// Takes the mark off one thing.
    pub fn unmark(&mut self, thing: &T) {
        self.marks.remove(thing);
    }

    /// First press: remembers where the range begins. Second press: marks all in between.
    pub fn toggle_range(&mut self) {
        match self.range.take() {
            None => self.range = self.current().cloned(),
            Some(start) => {
                let start = self
                    .things
                    .iter()
                    .position(|thing| *thing == start)
                    .unwrap_or(self.row);
                let (from, to) = (start.min(self.row), start.max(self.row));
                self.marks
                    .extend(self.things.iter().take(to + 1).skip(from).cloned());
            }
        }
    }

    /// Marks all rows; when all are marked, unmarks them.
    pub fn toggle_all(&mut self) {
        if self.things.iter().all(|thing| self.marks.contains(thing)) {
            for thing in &self.things {
                self.marks.remove(thing);
            }
        } else {
            self.marks.extend(self.things.iter().cloned());
        }
    }

    /// Unmarks everything; `false` when nothing was marked.
    pub fn clear_marks(&mut self) -> bool {
        let had = !self.marks.is_empty() || self.range.is_some();
        self.marks.clear();
        self.range = None;
        had
    }

    /// Finds the row of the cursor again after rows moved; a neighbour has it while its thing has no row.
    pub fn locate(&mut self) {
        let Some(cursor) = &self.cursor else {
            self.row = 0;
            return;
        };
        if self.things.get(self.row) != Some(cursor) {
            self.row = self
                .things
                .iter()
                .position(|thing| thing == cursor)
                .unwrap_or_else(|| self.row.min(self.things.len().saturating_sub(1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(things: &[u32]) -> Rows<u32> {
        let mut rows = Rows::default();
        rows.set(things.to_vec());
        rows
    }

    #[test]
    fn before_the_user_moved_the_first_row_has_the_cursor() {
        let mut list = rows(&[5, 7]);
        list.set(vec![1, 5, 7]);
        assert_eq!(list.current(), Some(&1));
        list.move_to(1);
        list.set(vec![0, 1, 5, 7]);
        assert_eq!(list.current(), Some(&5));
    }

    #[test]
    fn a_range_marks_everything_between_both_ends() {
        let mut list = rows(&[1, 2, 3, 4]);
        list.move_to(3);
        list.toggle_range();
        list.move_to(1);
        list.toggle_range();
        assert_eq!(list.marks().iter().copied().collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn when_the_chosen_thing_goes_its_neighbour_is_chosen() {
        let mut list = rows(&[1, 2, 3]);
        list.move_to(1);
        list.toggle_mark();
        assert_eq!(list.drop_gone(|thing| *thing == 2), 1);
        assert_eq!(list.current(), Some(&3));
    }

    #[test]
    fn all_is_a_toggle_of_what_is_shown() {
        let mut list = rows(&[1, 2]);
        list.toggle_all();
        list.set(vec![2]);
        assert_eq!((list.marks().len(), list.hidden_marks()), (2, 1));
        list.toggle_all();
        assert_eq!(list.marks().len(), 1, "only the row shown was unmarked");
    }

    proptest! {
        #[test]
        fn what_is_chosen_stays_chosen_through_any_order(
            mut things in proptest::collection::btree_set(0u32..50, 1..30)
                .prop_map(|set| set.into_iter().collect::<Vec<_>>()).prop_shuffle(),
            row in 0usize..30,
        ) {
            let mut list = rows(&things);
            list.move_to(row);
            list.toggle_mark();
            let (cursor, marks) = (list.current().copied(), list.marks().clone());
            things.reverse();
            things.push(99);
            list.set(things);
            list.scroll(5);
            prop_assert_eq!(list.current().copied(), cursor);
            prop_assert_eq!(list.marks(), &marks);
        }
    }
}

//! The list of groups as it is shown: order and live filter over [`Rows`].
//!
//! Names arrive one by one; each costs a search by halves, not a sort.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::field::TextInput;
use super::groups::{GroupState, Groups, Slot};
use super::rows::Rows;
use crate::domain::Seq;

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// By subject; groups whose subject is unknown come last.
    #[default]
    Name,
    /// Most members first.
    Members,
    /// Most unread messages first.
    Unread,
    /// The newest message first; groups in which nobody wrote come last.
    Newest,
    /// Newest first.
    Created,
}

impl SortBy {
    /// Every order, as the menu lists them.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Members,
        Self::Unread,
        Self::Newest,
        Self::Created,
    ];

    /// As in the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "by name",
            Self::Members => "by members, most first",
            Self::Unread => "by unread messages, most first",
            Self::Newest => "by newest message",
            Self::Created => "by creation, newest first",
        }
    }
}

/// A filter and whether it is being typed.
#[derive(Debug, Default)]
pub struct FilterInput {
    /// The words.
    pub input: TextInput,
    /// The caret is in it.
    pub typing: bool,
}

impl FilterInput {
    /// Whether it hides anything.
    pub fn is_active(&self) -> bool {
        !self.input.text().trim().is_empty()
    }
}

/// What other people wrote in a group, as far as the list shows it or is sorted by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How many messages nobody has read at this computer.
    pub unread: usize,
    /// The newest message.
    pub newest: Option<Seq>,
}

/// The list of groups.
#[derive(Debug, Default)]
pub struct GroupList {
    /// The filter.
    pub filter: FilterInput,
    /// The rows that pass the filter: by score, or in order without a filter.
    pub rows: Rows<Slot>,
    sort: SortBy,
    /// All groups in order.
    order: Vec<Slot>,
    /// The score of each row while a filter is active.
    scores: Vec<u32>,
    /// What was written in each group; nothing for one that is not here.
    heard: HashMap<Slot, Heard>,
    /// How many of them have something unread.
    unread: usize,
}

impl GroupList {
    /// What it is sorted by.
    pub fn sort(&self) -> SortBy {
        self.sort
    }

    /// The group under the cursor.
    pub fn current(&self) -> Option<Slot> {
        self.rows.current().copied()
    }

    /// How many messages of a group nobody has read at this computer.
    pub fn unread(&self, slot: Slot) -> usize {
        self.heard.get(&slot).map_or(0, |heard| heard.unread)
    }

    /// How many groups have something unread, whether the filter shows them or not.
    pub fn unread_groups(&self) -> usize {
        self.unread
    }

    /// Whether any group has something unread.
    pub fn has_unread(&self) -> bool {
        self.unread > 0
    }

    /// Groups with unread messages that the filter hides.
    pub fn hidden_unread(&self) -> usize {
        if !self.filter.is_active() {
            return 0;
        }
        let unread = |slots: &[Slot]| slots.iter().filter(|slot| self.unread(**slot) > 0).count();
        unread(&self.order) - unread(self.rows.all())
    }

    /// Takes what was written in the groups; `true` when rows moved because of that.
    pub fn hear(&mut self, groups: &Groups, heard: HashMap<Slot, Heard>) -> bool {
        self.unread = heard.values().filter(|heard| heard.unread > 0).count();
        let before = std::mem::replace(&mut self.heard, heard);
        match self.sort {
            SortBy::Name | SortBy::Members | SortBy::Created => return false,
            SortBy::Unread | SortBy::Newest => {}
        }
        let is_news = before != self.heard;
        if is_news {
            // What others write moves rows, but behind the first look never what is chosen.
            if !before.is_empty() {
                self.rows.hold();
            }
            self.rebuild(groups);
        }
        is_news
    }

    /// Takes a whole new set of groups.
    pub fn rebuild(&mut self, groups: &Groups) {
        let mut order: Vec<Slot> = groups.iter().map(|(slot, _)| slot).collect();
        order.sort_by(|a, b| self.compare(groups, *a, *b));
        self.order = order;
        self.refilter(groups);
    }

    /// Takes groups off; returns how many marks went with them.
    pub fn remove(&mut self, groups: &Groups, gone: &[Slot]) -> usize {
        let gone: HashSet<Slot> = gone.iter().copied().collect();
        self.order.retain(|slot| !gone.contains(slot));
        let marks = self.rows.drop_gone(|slot| gone.contains(slot));
        self.refilter(groups);
        marks
    }

    /// All groups in order, those that the filter hides as well.
    pub fn order(&self) -> &[Slot] {
        &self.order
    }

    /// Takes a group out that is about to change, while it can still be found by what it is sorted by;
    /// [`Self::place`] puts it back.
    pub fn lift(&mut self, groups: &Groups, slot: Slot) {
        let row = self.row_of(groups, slot);
        if let Some(row) = row {
            self.order.remove(row);
        }
        if !self.filter.is_active() {
            // Then the rows are the whole order.
            if let Some(row) = row {
                self.rows.take_out(row);
            }
        } else if let Some(row) = self.rows.all().iter().position(|other| *other == slot) {
            self.rows.take_out(row);
            self.scores.remove(row);
        }
    }

    /// Where a group stands in the whole order.
    fn row_of(&self, groups: &Groups, slot: Slot) -> Option<usize> {
        let row = self
            .order
            .partition_point(|other| self.compare(groups, *other, slot).is_lt());
        if self.order.get(row) == Some(&slot) {
            return Some(row);
        }
        self.order.iter().position(|other| *other == slot)
    }

    /// Puts a group that has no row where it belongs: a new one, or one that was lifted.
    pub fn place(&mut self, groups: &Groups, slot: Slot) {
        let at = self
            .order
            .partition_point(|other| self.compare(groups, *other, slot).is_lt());
        self.order.insert(at, slot);
        if !self.filter.is_active() {
            self.rows.insert(at, slot);
        } else if let Some(score) = self.needle().score(groups, slot) {
            let at = self
                .rows
                .all()
                .iter()
                .zip(&self.scores)
                .take_while(|(other, theirs)| {
                    score
                        .cmp(theirs)
                        .then_with(|| self.compare(groups, **other, slot))
                        .is_lt()
                })
                .count();
            self.rows.insert(at, slot);
            self.scores.insert(at, score);
        } else {
            self.rows.locate();
        }
    }

    /// Sorts by something else.
    pub fn set_sort(&mut self, groups: &Groups, sort: SortBy) {
        self.sort = sort;
        self.rebuild(groups);
    }

    /// Applies the words of the filter. The cursor stays on its group while that passes.
    pub fn refilter(&mut self, groups: &Groups) {
        if !self.filter.is_active() {
            self.scores.clear();
            self.rows.set(self.order.clone());
            return;
        }
        let mut needle = self.needle();
        let mut matches: Vec<(u32, Slot)> = self
            .order
            .iter()
            .filter_map(|slot| Some((needle.score(groups, *slot)?, *slot)))
            .collect();
        // Stable: equal scores keep the order of the list.
        matches.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let (scores, rows) = matches.into_iter().unzip();
        self.scores = scores;
        self.rows.set(rows);
    }

    /// The words of the filter changed: the best match gets the cursor.
    pub fn filter_typed(&mut self, groups: &Groups) {
        self.refilter(groups);
        if self.filter.is_active() && !self.rows.is_empty() {
            self.rows.move_to(0);
        }
    }

    /// Puts the cursor on a group that is in the list; a filter that hides it is cleared.
    pub fn select(&mut self, groups: &Groups, slot: Slot) {
        if self.filter.is_active() && !self.rows.all().contains(&slot) {
            self.filter.input.clear();
            self.refilter(groups);
        }
        self.rows.select(slot);
    }

    fn compare(&self, groups: &Groups, a: Slot, b: Slot) -> Ordering {
        let (left, right) = (groups.at(a), groups.at(b));
        let heard = |slot| self.heard.get(&slot).copied().unwrap_or_default();
        let key = match self.sort {
            SortBy::Name => Ordering::Equal,
            SortBy::Members => {
                let count = |state: &GroupState| state.headcount().map(|(members, _)| members);
                count(right).cmp(&count(left))
            }
            SortBy::Unread => heard(b).unread.cmp(&heard(a).unread),
            SortBy::Newest => heard(b).newest.cmp(&heard(a).newest),
            SortBy::Created => {
                let created = |state: &GroupState| state.details.value()?.created;
                created(right).cmp(&created(left))
            }
        };
        let by_name = || {
            let (left, right) = (left.sort_name(), right.sort_name());
            left.is_empty()
                .cmp(&right.is_empty())
                .then_with(|| left.cmp(right))
        };
        key.then_with(by_name).then_with(|| left.id.cmp(&right.id))
    }

    fn needle(&self) -> Needle {
        let words = self.filter.input.text().trim();
        Needle {
            is_plain: words
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b' '),
            pattern: Pattern::parse(words, CaseMatching::Ignore, Normalization::Smart),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }
}

/// Fuzzy matching of subjects, or of ids where the subject does not match.
struct Needle {
    /// Only letters and digits without accents: then subjects are looked at as they are sorted, without
    /// case, accents and signs in front, which takes a fraction of the time.
    is_plain: bool,
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

/// A hit in the subject always stands before a hit in an id.
const SUBJECT_FIRST: u32 = 1 << 16;

impl Needle {
    fn score(&mut self, groups: &Groups, slot: Slot) -> Option<u32> {
        let state = groups.at(slot);
        let subject = if self.is_plain {
            state.sort_name()
        } else {
            state.subject().unwrap_or_default()
        };
        let subject = Utf32Str::new(subject, &mut self.buffer);
        let in_subject = self.pattern.score(subject, &mut self.matcher);
        in_subject
            .map(|score| score.saturating_add(SUBJECT_FIRST))
            .or_else(|| {
                let id = Utf32Str::new(state.id.as_str(), &mut self.buffer);
                self.pattern.score(id, &mut self.matcher)
            })
    }
}

#[cfg(test)]
mod tests;

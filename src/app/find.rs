//! The search for people in all groups: what was typed, who was found, and the rows that are shown.
//!
//! Not the index, which is `memberships`, and no read: it tells of what is known. Invariant: after
//! [`Find::arrange`] the rows are those of what is known now, and the cursor is on the same person or group.

use std::collections::HashSet;

use super::field::{Edit, TextInput};
use super::groups::{Groups, Slot};
use super::memberships::Matches;
use super::rows::Rows;
use crate::domain::{Contacts, Roster, WaId, digits, numbers, plain};
use crate::keymap::Key;

/// Fewest digits of a number that are looked for: fewer are in nearly every one.
pub const LEAST: usize = 4;
/// Most people in the list; whoever sees more of them types another digit.
pub const MOST: usize = 200;
/// Digits beyond which nothing is part of a longer number: it is there, or it is not.
const WHOLE: usize = 12;
/// Digits of a number with its country code.
const WITH_CODE: usize = 8;
/// Most digits of a number. Source: ITU-T E.164.
const LONGEST: usize = 15;

/// The dialog.
#[derive(Debug, Default)]
pub struct Find {
    /// What is looked for.
    pub input: TextInput,
    /// The groups of one person, or the people of whom there are several.
    pub rows: Rows<Row>,
    query: Query,
    people: Vec<WaId>,
    more: bool,
    chosen: Option<WaId>,
    /// For which text and at which stamp of the index the people were looked for.
    seen: Option<(String, u64)>,
    /// Other rows are to be shown of the same people.
    turned: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// A group, and who is in it: the person, or the other spelling of their number.
    Group(Slot, WaId),
    /// One of several people.
    Person(WaId),
}

/// What was typed, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Query {
    /// Nothing.
    #[default]
    Nothing,
    /// Too few digits.
    Short,
    /// Digits of a number, all of them or some.
    Digits(String),
    /// Many numbers at once.
    Many(Vec<WaId>),
    /// Parts of a name, or of a number, without case and accents.
    Words(Vec<String>),
}

impl Query {
    fn parse(text: &str) -> Self {
        let text = text.trim();
        match digits(text) {
            Some(digits) if digits.len() < LEAST => return Self::Short,
            Some(digits) if digits.len() <= LONGEST => return Self::Digits(digits),
            Some(_) | None => {}
        }
        if text.is_empty() {
            return Self::Nothing;
        }
        if text
            .chars()
            .all(|c| c.is_ascii_punctuation() || c.is_whitespace())
        {
            // A number begins so.
            return Self::Short;
        }
        let typed = numbers(text).into_iter();
        let many: Result<Vec<WaId>, _> = typed.map(|typed| typed.number).collect();
        match (many, digits(text)) {
            (Ok(many), _) if many.len() > 1 => Self::Many(many),
            (_, Some(digits)) => Self::Digits(digits),
            (_, None) => Self::Words(plain(text).split_whitespace().map(str::to_owned).collect()),
        }
    }
}

impl Find {
    /// The search for somebody, or for whatever is typed next.
    pub fn new(person: Option<&WaId>) -> Self {
        let number = person.map(WaId::pretty).unwrap_or_default();
        Self {
            input: TextInput::proposing(&number),
            ..Self::default()
        }
    }

    /// What was typed, understood.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The people that were found.
    pub fn people(&self) -> &[WaId] {
        &self.people
    }

    /// Whether more people were found than are in the list.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// The one person whose groups are shown.
    pub fn person(&self) -> Option<&WaId> {
        match self.people.as_slice() {
            _ if self.chosen.is_some() => self.chosen.as_ref(),
            [one] => Some(one),
            _ => None,
        }
    }

    /// Whether that person was chosen among several.
    pub fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// How many rows are of groups in which just this number is; those of its other spelling follow.
    pub fn exact(&self) -> usize {
        let exact = |row: &Row| matches!(row, Row::Group(_, who) if Some(who) == self.person());
        self.rows.all().partition_point(exact)
    }

    /// The groups in the rows, each once, in their order.
    pub fn groups(&self) -> Vec<Slot> {
        let mut seen = HashSet::new();
        let slots = self.rows.all().iter().filter_map(|row| match row {
            Row::Group(slot, _) => Some(*slot),
            Row::Person(_) => None,
        });
        slots.filter(|slot| seen.insert(*slot)).collect()
    }

    /// How many groups that are.
    pub fn group_count(&self) -> usize {
        // Without another spelling none is there twice.
        if self.exact() == self.rows.len() {
            self.rows.len()
        } else {
            self.groups().len()
        }
    }

    /// A key that edits what was typed.
    pub fn key(&mut self, key: Key) {
        if self.input.key(key) == Edit::Changed {
            self.chosen = None;
            self.turned = true;
        }
    }

    /// Puts a pasted text into the field; `false` when it is too long.
    pub fn paste(&mut self, text: &str) -> bool {
        self.chosen = None;
        self.turned = true;
        self.input.paste(text)
    }

    /// Shows the groups of one of several people.
    pub fn choose(&mut self, who: WaId) {
        self.chosen = Some(who);
        self.rows = Rows::default();
        self.turned = true;
    }

    /// Back to the people; `false` where one came from none.
    pub fn back(&mut self) -> bool {
        let Some(who) = self.chosen.take() else {
            return false;
        };
        self.rows = Rows::default();
        self.rows.select(Row::Person(who));
        self.turned = true;
        true
    }

    /// People have other names now.
    pub fn renamed(&mut self) {
        self.seen = None;
    }

    /// Looks for what was typed, where that or what is known changed. Groups come in the order of the list.
    pub fn arrange(&mut self, groups: &Groups, order: &[Slot], contacts: &Contacts) {
        let index = groups.memberships();
        let text = self.input.text();
        let before = self.seen.replace((text.to_owned(), index.stamp()));
        let same = before.filter(|(before, _)| before == text);
        let turned = std::mem::take(&mut self.turned);
        match &same {
            Some((_, stamp)) if *stamp == index.stamp() && !turned => return,
            Some((_, stamp)) => self.go_on(groups, contacts, *stamp),
            None => self.search(groups, contacts),
        }
        let rows = match self.person() {
            Some(who) => groups_of(groups, order, who),
            None => self.people.iter().cloned().map(Row::Person).collect(),
        };
        self.rows.set(rows);
        if same.is_none() {
            self.rows.move_to(0);
        }
        // Whatever arrives, what is chosen stays.
        self.rows.hold();
    }

    /// Looks for everybody anew.
    fn search(&mut self, groups: &Groups, contacts: &Contacts) {
        let index = groups.memberships();
        let before = std::mem::replace(&mut self.query, Query::parse(self.input.text()));
        let known = std::mem::take(&mut self.people);
        let had_more = std::mem::take(&mut self.more);
        // An id that is no number of a phone is found as it is.
        if let Some(id) = WaId::from_api(self.input.text()).filter(|id| index.knows(id)) {
            self.people = vec![id];
            return;
        }
        match &self.query {
            Query::Nothing | Query::Short => {}
            Query::Many(many) => self.people.clone_from(many),
            Query::Words(words) => (self.people, self.more) = named(groups, contacts, words),
            Query::Digits(digits) => {
                if let Some(id) = whole(groups, digits) {
                    self.people = vec![id];
                } else if let Query::Digits(shorter) = &before
                    && !had_more
                    && known.len() > 1
                    && !digits.starts_with('0')
                    && digits.contains(shorter.as_str())
                {
                    // Who has more digits has these, too.
                    self.people = known;
                    let has = |id: &WaId| id.to_string().contains(digits.as_str());
                    self.people.retain(|id| has(id) && index.knows(id));
                } else {
                    let found = with_digits(groups, digits);
                    (self.people, self.more) = (found.people, found.more);
                    self.people
                        .sort_by_cached_key(|id| (std::cmp::Reverse(index.count(id)), id.clone()));
                }
            }
        }
    }

    /// More is known than at that stamp: whom it concerns is added, and nobody's row moves.
    fn go_on(&mut self, groups: &Groups, contacts: &Contacts, stamp: u64) {
        let index = groups.memberships();
        let Query::Digits(digits) = &self.query else {
            // Of names nothing is told but by the contacts; an id may be one, too.
            let id = WaId::from_api(self.input.text()).filter(|id| index.knows(id));
            if matches!(self.query, Query::Words(_)) && self.people.is_empty() {
                self.people.extend(id);
            }
            return;
        };
        let Some(changed) = index.changed_since(stamp) else {
            // Not among those who were found before: others have come.
            self.people.clear();
            return self.search(groups, contacts);
        };
        if let Some(id) = whole(groups, digits) {
            self.people = vec![id];
            self.more = false;
            return;
        }
        let known: HashSet<&WaId> = self.people.iter().collect();
        let spelt = dialled(digits);
        let has = |id: &str| spelt.iter().any(|digits| id.contains(digits));
        let rosters = changed.filter_map(|slot| {
            let is_listed = groups.slot(&groups.at(slot).id) == Some(slot);
            groups.at(slot).roster().filter(|_| is_listed)
        });
        let members = rosters.flat_map(Roster::members);
        let mut new: Vec<WaId> = members
            .filter(|id| has(&id.to_string()) && !known.contains(id))
            .collect();
        new.sort_unstable();
        new.dedup();
        self.people.retain(|id| index.knows(id));
        self.people.extend(new);
        self.more |= self.people.len() > MOST;
        self.people.truncate(MOST);
    }
}

/// The number that these digits are, all of them, where it or its other spelling is known; and where they
/// are too many for a part of one.
fn whole(groups: &Groups, digits: &str) -> Option<WaId> {
    let index = groups.memberships();
    let knows =
        |id: &WaId| index.knows(id) || id.other_spelling().is_some_and(|id| index.knows(&id));
    let mut spelt = dialled(digits).into_iter().filter_map(WaId::from_api);
    spelt.find(|id| knows(id)).or_else(|| {
        let id = dialled(digits).into_iter().next_back()?;
        WaId::from_api(id).filter(|_| digits.len() > WHOLE)
    })
}

/// Digits as they are, and without the zeros that are dialled before a number.
fn dialled(digits: &str) -> Vec<&str> {
    let plain = digits.trim_start_matches('0');
    let is_dialled = plain.len() < digits.len() && plain.len() >= WITH_CODE;
    std::iter::once(digits)
        .chain(is_dialled.then_some(plain))
        .collect()
}

/// Everybody with these digits.
fn with_digits(groups: &Groups, digits: &str) -> Matches {
    let index = groups.memberships();
    let mut found = dialled(digits)
        .into_iter()
        .map(|digits| index.with_digits(digits, MOST));
    found
        .find(|found| !found.people.is_empty())
        .unwrap_or_default()
}

/// Everybody whose name or number has all these words in it: who is in most groups first.
fn named(groups: &Groups, contacts: &Contacts, words: &[String]) -> (Vec<WaId>, bool) {
    let index = groups.memberships();
    let mut people: Vec<_> = contacts
        .iter()
        .filter_map(|(id, name)| {
            let (name, number) = (plain(name.as_str()), id.to_string());
            let fits = |word: &String| name.contains(word) || number.contains(word);
            let place = |id| (std::cmp::Reverse(index.count(id)), name.clone());
            words.iter().all(fits).then(|| (place(id), id.clone()))
        })
        .collect();
    people.sort_unstable();
    let more = people.len() > MOST;
    (
        people.into_iter().map(|(_, id)| id).take(MOST).collect(),
        more,
    )
}

/// The groups somebody is in, in the order of the list; then those of the other spelling of the number.
fn groups_of(groups: &Groups, order: &[Slot], who: &WaId) -> Vec<Row> {
    let index = groups.memberships();
    let ids = std::iter::once(who.clone()).chain(who.other_spelling());
    ids.flat_map(|id| {
        let mut slots = index.groups_of(&id);
        slots.sort_unstable();
        let is_in = |slot: &&Slot| slots.binary_search(slot).is_ok();
        // Mostly there is no other spelling.
        let looked_at = if slots.is_empty() { &[] } else { order };
        let rows = looked_at.iter().filter(is_in);
        rows.map(|slot| Row::Group(*slot, id.clone()))
            .collect::<Vec<_>>()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_number_a_part_of_one_many_or_a_name() {
        let digits = |text: &str| Query::Digits(text.into());
        let id = |text| WaId::from_api(text).unwrap();
        for (text, query) in [
            ("", Query::Nothing),
            ("  ", Query::Nothing),
            ("+", Query::Short),
            ("+ (", Query::Short),
            ("123", Query::Short),
            ("1234", digits("1234")),
            ("+55 (19) 90000-0003", digits("5519900000003")),
            ("019 90000-0003", digits("019900000003")),
            ("100200300400500600700", digits("100200300400500600700")),
            ("2024-03-12", digits("20240312")),
            (
                "+55 19 90000-0001, +55 19 90000-0002",
                Query::Many(vec![id("5519900000001"), id("5519900000002")]),
            ),
            (
                "5519900000001 5519900000002",
                Query::Many(vec![id("5519900000001"), id("5519900000002")]),
            ),
            ("Ána 0003", Query::Words(vec!["ana".into(), "0003".into()])),
        ] {
            assert_eq!(Query::parse(text), query, "{text:?}");
        }
    }
}

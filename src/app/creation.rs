//! Creating a group: one request, and when its answer is missing, a search for what it made.

use std::collections::HashSet;

use crate::domain::{Failure, GroupDetails, GroupId, Subject};

/// A group being created. At most one at a time; never sent twice.
#[derive(Debug)]
pub struct Creation {
    /// Its subject.
    pub subject: Subject,
    /// Whether its link goes to the clipboard.
    pub copy_link: bool,
    /// The groups there were before; `None` when the list was not known then.
    before: Option<HashSet<GroupId>>,
    search: Option<Search>,
}

/// Looking for a group that may have been created.
#[derive(Debug)]
struct Search {
    why: Failure,
    /// New groups whose subject is not known yet; `None` before the list was read.
    unread: Option<HashSet<GroupId>>,
    found: Vec<GroupId>,
    /// New groups that could not be read: each of them may be the one.
    unreadable: Vec<GroupId>,
}

/// What the search came to.
#[derive(Debug, PartialEq)]
pub enum Found {
    /// Not clear yet.
    Searching,
    /// Exactly this one.
    One(GroupId),
    /// None so far: it may still appear.
    None(Failure),
    /// More than one new group has that subject, or reading failed: the user decides.
    Unclear(Failure),
}

impl Creation {
    /// Begins with the groups there are, if the list is known.
    pub fn new(subject: Subject, copy_link: bool, before: Option<HashSet<GroupId>>) -> Self {
        Self {
            subject,
            copy_link,
            before,
            search: None,
        }
    }

    /// No answer came: the list of groups has to be read.
    pub fn search(&mut self, why: Failure) {
        self.search = Some(Search {
            why,
            unread: None,
            found: Vec::new(),
            unreadable: Vec::new(),
        });
    }

    /// Whether the answer is missing.
    pub fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// The list was read: returns the new groups, whose details have to be read.
    pub fn listed(&mut self, ids: &[GroupId]) -> Vec<GroupId> {
        let (Some(search), Some(before)) = (&mut self.search, &self.before) else {
            return Vec::new();
        };
        if let Some(unread) = &mut search.unread {
            // A candidate that is no longer listed will never be read.
            let listed: HashSet<&GroupId> = ids.iter().collect();
            unread.retain(|id| listed.contains(id));
            return Vec::new();
        }
        let new: Vec<GroupId> = ids
            .iter()
            .filter(|id| !before.contains(*id))
            .cloned()
            .collect();
        search.unread = Some(new.iter().cloned().collect());
        new
    }

    /// The details of a group were read, or could not be.
    pub fn read(&mut self, id: &GroupId, details: Option<&GroupDetails>) {
        let Some(search) = &mut self.search else {
            return;
        };
        let Some(unread) = &mut search.unread else {
            return;
        };
        if !unread.remove(id) {
            return;
        }
        let Some(details) = details else {
            search.unreadable.push(id.clone());
            return;
        };
        let subject = details.subject.as_ref();
        if subject.is_some_and(|subject| subject.raw() == self.subject.as_str()) {
            search.found.push(id.clone());
        }
    }

    /// What the search came to.
    pub fn found(&self) -> Found {
        let Some(search) = &self.search else {
            return Found::Searching;
        };
        if self.before.is_none() {
            // Which group is new cannot be said.
            return Found::Unclear(search.why.clone());
        }
        if search
            .unread
            .as_ref()
            .is_none_or(|unread| !unread.is_empty())
        {
            return Found::Searching;
        }
        match search.found.as_slice() {
            [one] => Found::One(one.clone()),
            [] if search.unreadable.is_empty() => Found::None(search.why.clone()),
            [] | [_, _, ..] => Found::Unclear(search.why.clone()),
        }
    }

    /// The list could not be read.
    pub fn unreadable(&self) -> Option<Failure> {
        self.search.as_ref().map(|search| search.why.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clean, FailureKind, Sent};

    fn id(text: &str) -> GroupId {
        GroupId::new(text).unwrap()
    }

    fn details(group: &str, subject: &str) -> GroupDetails {
        GroupDetails {
            id: id(group),
            subject: Some(subject.into()),
            creator: None,
            created: None,
            roster: None,
        }
    }

    fn searching() -> Creation {
        let silence = Failure {
            kind: FailureKind::Cut,
            status: None,
            sent: Sent::Maybe,
            detail: Clean::default(),
        };
        let before = Some(HashSet::from([id("old")]));
        let mut creation = Creation::new("novo".parse().unwrap(), true, before);
        creation.search(silence);
        creation
    }

    #[test]
    fn a_new_group_with_that_subject_is_the_one() {
        let mut creation = searching();
        assert_eq!(
            creation.listed(&[id("old"), id("a"), id("b")]),
            [id("a"), id("b")]
        );
        creation.read(&id("a"), Some(&details("a", "outro")));
        assert_eq!(creation.found(), Found::Searching);
        creation.read(&id("b"), Some(&details("b", "novo")));
        assert_eq!(creation.found(), Found::One(id("b")));
    }

    #[test]
    fn without_a_new_group_none_is_found_so_far() {
        let mut creation = searching();
        assert!(creation.listed(&[id("old")]).is_empty());
        assert!(matches!(creation.found(), Found::None(_)));
    }

    #[test]
    fn a_candidate_that_cannot_be_read_may_be_the_one() {
        let mut creation = searching();
        creation.listed(&[id("a"), id("b")]);
        creation.read(&id("a"), None);
        assert_eq!(creation.found(), Found::Searching);
        creation.listed(&[id("a")]);
        assert!(matches!(creation.found(), Found::Unclear(_)));
    }

    #[test]
    fn two_candidates_are_left_to_the_user() {
        let mut creation = searching();
        creation.listed(&[id("a"), id("b")]);
        creation.read(&id("a"), Some(&details("a", "novo")));
        creation.read(&id("b"), Some(&details("b", "novo")));
        assert!(matches!(creation.found(), Found::Unclear(_)));
    }
}

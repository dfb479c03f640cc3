//! Who is in a group, as compact as millions of memberships need it.
//!
//! Not here: what people are called, and what is done to them. Invariant: everybody is in it once, and an
//! admin is a member.

use std::collections::HashSet;
use std::sync::Arc;

use super::WaId;

/// What somebody may do in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// May promote, demote and remove people and change the subject, the icon and the link.
    Admin,
    /// A plain participant.
    Member,
}

/// The people of one group: the union of `participants` and `admins`, as the API ordered them.
///
/// The document lists the creator in both fields, the engine behind it lists admins apart
/// (`docs/api-notes.md`, «People»), so neither list alone is trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    members: Ids,
    /// Sorted, for a search by halves.
    admins: Ids,
}

/// Ids in eight bytes each, unless one of them is no number. Clones share them.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ids {
    Numbers(Arc<[u64]>),
    /// As soon as one id is no number: in the order of all the others.
    Mixed(Arc<[WaId]>),
}

impl Default for Ids {
    fn default() -> Self {
        Self::Numbers(Arc::default())
    }
}

impl Ids {
    fn new(ids: Vec<WaId>) -> Self {
        let numbers = || ids.iter().map(|id| id.number().unwrap_or_default());
        if numbers().all(|number| number > 0) {
            // In one piece, of which the length is known before.
            Self::Numbers(numbers().collect())
        } else {
            Self::Mixed(ids.into())
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Mixed(ids) => ids.len(),
        }
    }

    fn iter(&self) -> Members<'_> {
        Members(match self {
            Self::Numbers(numbers) => Slice::Numbers(numbers.iter()),
            Self::Mixed(ids) => Slice::Mixed(ids.iter()),
        })
    }

    fn contains(&self, id: &WaId) -> bool {
        match self {
            Self::Numbers(numbers) => id.number().is_some_and(|id| numbers.contains(&id)),
            Self::Mixed(ids) => ids.contains(id),
        }
    }

    /// The same as [`Self::contains`], of sorted ids.
    fn holds(&self, id: &WaId) -> bool {
        match self {
            Self::Numbers(numbers) => {
                let found = id.number().map(|id| numbers.binary_search(&id));
                matches!(found, Some(Ok(_)))
            }
            Self::Mixed(ids) => ids.binary_search(id).is_ok(),
        }
    }
}

impl Roster {
    /// Joins both lists; repeated ids are kept once, admins missing among the participants come first.
    pub fn new(participants: Vec<WaId>, admins: Vec<WaId>) -> Self {
        let mut listed: Vec<&WaId> = participants.iter().collect();
        listed.sort_unstable();
        let is_repeated = listed.windows(2).any(|pair| pair[0] == pair[1]);
        let apart: Vec<WaId> = admins
            .iter()
            .filter(|id| listed.binary_search(id).is_err())
            .cloned()
            .collect();
        let members = if apart.is_empty() && !is_repeated {
            participants
        } else {
            let mut seen = HashSet::with_capacity(participants.len());
            let both = apart.into_iter().chain(participants);
            both.filter(|id| seen.insert(id.clone())).collect()
        };
        let mut admins = admins;
        admins.sort_unstable();
        admins.dedup();
        Self {
            members: Ids::new(members),
            admins: Ids::new(admins),
        }
    }

    /// Everybody, in the order of the API.
    pub fn members(&self) -> Members<'_> {
        self.members.iter()
    }

    /// The admins, sorted.
    pub fn admins(&self) -> Members<'_> {
        self.admins.iter()
    }

    /// How many people.
    pub fn count(&self) -> usize {
        self.members.len()
    }

    /// How many of them are admins.
    pub fn admin_count(&self) -> usize {
        self.admins.len()
    }

    /// The role of `id`, `None` for somebody who is not in the group.
    pub fn role(&self, id: &WaId) -> Option<Role> {
        if self.is_admin(id) {
            Some(Role::Admin)
        } else {
            self.members.contains(id).then_some(Role::Member)
        }
    }

    /// Whether `id` is an admin; faster than [`Self::role`] on large groups.
    pub fn is_admin(&self, id: &WaId) -> bool {
        self.admins.holds(id)
    }
}

/// Some people of a [`Roster`].
#[derive(Clone, Debug)]
pub struct Members<'r>(Slice<'r>);

#[derive(Clone, Debug)]
enum Slice<'r> {
    Numbers(std::slice::Iter<'r, u64>),
    Mixed(std::slice::Iter<'r, WaId>),
}

impl Iterator for Members<'_> {
    type Item = WaId;

    fn next(&mut self) -> Option<WaId> {
        match &mut self.0 {
            Slice::Numbers(numbers) => numbers.next().map(|number| WaId::of(*number)),
            Slice::Mixed(ids) => ids.next().cloned(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let rest = match &self.0 {
            Slice::Numbers(numbers) => numbers.len(),
            Slice::Mixed(ids) => ids.len(),
        };
        (rest, Some(rest))
    }
}

impl DoubleEndedIterator for Members<'_> {
    fn next_back(&mut self) -> Option<WaId> {
        match &mut self.0 {
            Slice::Numbers(numbers) => numbers.next_back().map(|number| WaId::of(*number)),
            Slice::Mixed(ids) => ids.next_back().cloned(),
        }
    }
}

impl ExactSizeIterator for Members<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<WaId> {
        texts.iter().filter_map(|t| WaId::from_api(t)).collect()
    }

    #[test]
    fn admins_count_as_members_even_when_listed_apart() {
        let roster = Roster::new(
            ids(&["551190000003", "551190000004"]),
            ids(&["551190000001"]),
        );
        assert_eq!(roster.count(), 3);
        assert_eq!(roster.admin_count(), 1);
        assert_eq!(roster.role(&ids(&["551190000001"])[0]), Some(Role::Admin));
        assert_eq!(roster.role(&ids(&["551190000004"])[0]), Some(Role::Member));
        assert_eq!(roster.role(&ids(&["551190000009"])[0]), None);
    }

    #[test]
    fn somebody_listed_twice_is_one_member() {
        let roster = Roster::new(
            ids(&["551190000001", "551190000001"]),
            ids(&["551190000001", "551190000001"]),
        );
        assert_eq!((roster.count(), roster.admin_count()), (1, 1));
    }

    #[test]
    fn one_id_that_is_no_number_changes_nothing_but_the_room() {
        let texts = [
            "551190000003",
            "somebody@lid",
            "00551190000001",
            "551190000002",
        ];
        let roster = Roster::new(ids(&texts), ids(&["somebody@lid", "551190000002"]));
        let shown: Vec<String> = roster.members().map(|id| id.to_string()).collect();
        assert_eq!(shown, texts);
        assert_eq!(roster.members().len(), 4);
        for (text, role) in [
            ("somebody@lid", Some(Role::Admin)),
            ("551190000002", Some(Role::Admin)),
            ("00551190000001", Some(Role::Member)),
            ("551190000001", None),
            ("nobody", None),
        ] {
            assert_eq!(roster.role(&ids(&[text])[0]), role, "{text}");
        }
    }

    #[test]
    fn a_member_takes_eight_bytes() {
        let roster = Roster::new(ids(&["551190000003", "551190000004"]), Vec::new());
        let Ids::Numbers(numbers) = &roster.members else {
            panic!("both are numbers");
        };
        assert_eq!(size_of_val(&**numbers), 16);
    }
}

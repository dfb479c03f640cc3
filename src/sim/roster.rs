//! Who is in a simulated group, as numbers, and drawn only when somebody asks.
//!
//! Not a description of a group: no subject, no id. Invariant: a draw gives the same people each time,
//! nobody twice, the account first, and every admin is a participant.

use std::borrow::Cow;

/// The account's own number.
pub(super) const OWN: u64 = 5_519_900_000_000;

/// The people of «Corrida Domingo 7h», the account first. They turn up in other groups too.
pub(super) const REGULARS: [u64; 24] = [
    OWN,
    5_519_900_000_001,
    5_511_900_000_002,
    5_519_900_000_003,
    5_519_900_000_004,
    5_521_900_000_005,
    5_519_900_000_006,
    5_519_900_000_007,
    5_519_900_000_008,
    5_531_900_000_009,
    5_519_900_000_010,
    5_419_000_000_011,
    5_511_900_000_012,
    5_519_900_000_013,
    5_519_900_000_014,
    5_519_900_000_015,
    5_585_900_000_016,
    5_519_900_000_017,
    5_519_900_000_018,
    5_519_900_000_019,
    5_519_900_000_020,
    5_519_900_000_021,
    5_551_900_000_022,
    5_519_900_000_023,
];

/// Area codes of everybody else, the account's own most often.
const AREAS: [u64; 12] = [19, 11, 19, 21, 19, 31, 19, 41, 51, 19, 71, 85];

/// Sizes a population may have. Primes, so that a walk with any stride meets everybody once.
const POPULATIONS: [u64; 5] = [1_009, 10_007, 99_991, 299_993, 999_983];

/// How many people there are to draw from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Population(u64);

impl Population {
    /// The smallest with at least `people` people besides the account, or else the largest.
    pub(super) fn of(people: usize) -> Self {
        let wanted = u64::try_from(people).unwrap_or(u64::MAX);
        let [.., largest] = POPULATIONS;
        let size = POPULATIONS.into_iter().find(|size| *size > wanted);
        Self(size.unwrap_or(largest))
    }
}

/// The number of the person at `place`, which is below a million; place 0 is the account.
fn person(place: u64) -> u64 {
    let index = usize::try_from(place).unwrap_or_default();
    REGULARS.get(index).copied().unwrap_or_else(|| {
        let area = AREAS.get(index % AREAS.len()).copied().unwrap_or_default();
        5_500_900_000_000 + area * 1_000_000_000 + place
    })
}

/// Somebody who may turn up anywhere; not the account.
pub(super) fn newcomer(rng: &mut fastrand::Rng) -> u64 {
    let [few, ..] = POPULATIONS;
    person(rng.u64(1..few))
}

/// The number a text stands for: digits only, as the API prints them. `None` matches nobody.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    digits.then(|| text.parse().ok()).flatten()
}

/// The people of one group, in the order in which they are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Roster {
    pub(super) participants: Vec<u64>,
    pub(super) admins: Vec<u64>,
}

impl Roster {
    pub(super) fn contains(&self, person: u64) -> bool {
        self.participants.contains(&person)
    }

    pub(super) fn is_admin(&self, person: u64) -> bool {
        self.admins.contains(&person)
    }

    /// Takes people out, admins or not.
    pub(super) fn remove(&mut self, people: &[u64]) {
        self.participants.retain(|person| !people.contains(person));
        self.demote(people);
    }

    /// Makes admins of people who are participants; those who are admins stay it.
    pub(super) fn promote(&mut self, people: &[u64]) {
        for person in people {
            if self.contains(*person) && !self.is_admin(*person) {
                self.admins.push(*person);
            }
        }
    }

    /// Makes plain participants of people.
    pub(super) fn demote(&mut self, people: &[u64]) {
        self.admins.retain(|person| !people.contains(person));
    }
}

/// How to draw a roster: a walk through a population.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draw {
    population: u64,
    start: u64,
    stride: u64,
    members: usize,
    admins: usize,
}

impl Draw {
    /// `members` people including the account, of whom the first `admins` are admins.
    pub(super) fn new(
        rng: &mut fastrand::Rng,
        Population(population): Population,
        members: usize,
        admins: usize,
    ) -> Self {
        Self {
            population,
            start: rng.u64(0..population),
            stride: rng.u64(1..population),
            members,
            admins,
        }
    }

    /// The [`REGULARS`], in their order.
    pub(super) fn regulars(admins: usize) -> Self {
        let [population, ..] = POPULATIONS;
        Self {
            population,
            start: 0,
            stride: 1,
            members: REGULARS.len(),
            admins,
        }
    }

    /// The account alone.
    pub(super) fn alone() -> Self {
        Self {
            members: 1,
            admins: 1,
            ..Self::regulars(1)
        }
    }

    /// Anybody of them but the account, without drawing the others.
    fn another(&self, rng: &mut fastrand::Rng) -> Option<u64> {
        let others = u64::try_from(self.members.checked_sub(1)?).ok()?;
        let others = others.min(self.population - 1);
        let place = |step: u64| (self.start + step * self.stride) % self.population;
        (others > 0).then(|| match place(rng.u64(..others)) {
            // A walk that meets the account goes one step further.
            0 => person(place(others)),
            found => person(found),
        })
    }

    fn roster(&self) -> Roster {
        let others = (0..self.population)
            .map(|step| (self.start + step * self.stride) % self.population)
            .filter(|place| *place != 0)
            .map(person);
        let participants: Vec<u64> = std::iter::once(OWN)
            .chain(others)
            .take(self.members)
            .collect();
        Roster {
            admins: participants.iter().take(self.admins).copied().collect(),
            participants,
        }
    }
}

/// People drawn anew for each look, until a change makes them worth keeping.
#[derive(Clone, Debug)]
pub(super) struct People {
    draw: Draw,
    kept: Option<Roster>,
}

impl People {
    /// The roster, for reading.
    pub(super) fn roster(&self) -> Cow<'_, Roster> {
        match &self.kept {
            Some(roster) => Cow::Borrowed(roster),
            None => Cow::Owned(self.draw.roster()),
        }
    }

    /// Anybody of them but the account.
    pub(super) fn another(&self, rng: &mut fastrand::Rng) -> Option<u64> {
        let Some(roster) = &self.kept else {
            return self.draw.another(rng);
        };
        let others = roster.participants.iter().filter(|person| **person != OWN);
        let count = others.clone().count();
        (count > 0).then(|| others.clone().nth(rng.usize(..count)).copied())?
    }

    /// Whether the account is one of them. Draws nothing: every draw begins with the account.
    pub(super) fn include_account(&self) -> bool {
        let kept = self.kept.as_ref();
        kept.is_none_or(|roster| roster.contains(OWN))
    }

    /// The roster, for changing; kept from now on.
    pub(super) fn keep(&mut self) -> &mut Roster {
        self.kept.get_or_insert_with(|| self.draw.roster())
    }
}

impl From<Draw> for People {
    fn from(draw: Draw) -> Self {
        Self { draw, kept: None }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn another_is_anybody_of_the_roster_but_the_account() {
        let mut rng = fastrand::Rng::with_seed(1);
        let few = Population::of(1_000);
        let mut crowds = vec![People::from(Draw::regulars(3))];
        for members in [2, 3, 40, 256] {
            crowds.push(Draw::new(&mut rng, few, members, 1).into());
        }
        // Everybody there is: the walk meets the account, too.
        crowds.push(Draw::new(&mut rng, few, 1_009, 1).into());
        let kept: Vec<People> = crowds
            .iter()
            .map(|people| {
                let mut people = people.clone();
                people.keep();
                people
            })
            .collect();
        for people in crowds.iter().chain(&kept) {
            let roster = people.roster();
            let draws = roster.participants.len() * 20;
            let met: BTreeSet<u64> = (0..draws)
                .filter_map(|_| people.another(&mut rng))
                .collect();
            let others = roster.participants.iter().copied();
            let others: BTreeSet<u64> = others.filter(|person| *person != OWN).collect();
            assert_eq!(met, others);
        }
    }

    #[test]
    fn who_is_alone_has_nobody() {
        let mut rng = fastrand::Rng::with_seed(1);
        let mut people = People::from(Draw::alone());
        assert_eq!(people.another(&mut rng), None);
        people.keep();
        assert_eq!(people.another(&mut rng), None);
    }

    #[test]
    fn a_newcomer_is_not_the_account() {
        let mut rng = fastrand::Rng::with_seed(1);
        assert!((0..10_000).all(|_| newcomer(&mut rng) != OWN));
    }
}

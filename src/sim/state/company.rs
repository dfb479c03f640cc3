//! The other people: who they are, where they write, and how the account is told.
//!
//! What they write and when is in [`crate::sim::script`]. Invariant: somebody who writes to a group is in
//! it, and nothing here looks at more than a few groups.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::{Group, World, rng_for, unix_now, uuid};
use crate::sim::attachments::Attachment;
use crate::sim::items::{Content, Mo, Place};
use crate::sim::post::{Item, Post};
use crate::sim::roster::{Draw, OWN, People, Population};
use crate::sim::words;

/// How many groups people write to most.
const LIVELY: usize = 5;
/// Those are among so many first ones.
const NEAR: usize = 64;
/// How often another group is drawn when one is empty.
const DRAWS: usize = 8;
/// How much is remembered of what the account did.
const MAX_HEARD: usize = 1_000;
/// How long a session lasts, in seconds. Source: «24 hours».
const SESSION: u64 = 24 * 60 * 60;
/// Whom a group that the account did not make is drawn from.
const STRANGERS: usize = 1_000;

/// What other people notice of what the account does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Heard {
    /// A link went round.
    Link { group: Arc<str>, code: String },
    /// The account wrote.
    Wrote { group: Arc<str> },
}

/// What happens among other people.
#[derive(Debug, Default)]
pub(super) struct Company {
    heard: VecDeque<Heard>,
    /// When people last wrote to the account alone, in Unix seconds.
    sessions: std::collections::HashMap<u64, u64>,
    /// How many messages were written.
    written: u64,
}

impl World {
    /// The queue of what is posted.
    pub(in crate::sim) fn post(&mut self) -> &mut Post {
        &mut self.post
    }

    /// Remembers what others may notice, if there are any.
    pub(super) fn notice(&mut self, what: Heard) {
        if self.is_alive && self.post.has_reader() && self.company.heard.len() < MAX_HEARD {
            self.company.heard.push_back(what);
            self.post.bell().notify_one();
        }
    }

    /// The oldest thing that was noticed and not told yet.
    pub(in crate::sim) fn heard(&mut self) -> Option<Heard> {
        self.company.heard.pop_front()
    }

    /// Whether this person wrote to the account within the last day.
    pub(super) fn has_session(&self, person: u64) -> bool {
        let now = self.now.unwrap_or_else(unix_now);
        let written = self.company.sessions.get(&person);
        written.is_some_and(|written| now.saturating_sub(*written) < SESSION)
    }

    /// Somebody writes, at `at` in Unix milliseconds. The account is told when it is due: with the
    /// element that is returned, `None` when nobody listens.
    pub(in crate::sim) fn write(
        &mut self,
        due: Duration,
        at: u64,
        from: u64,
        place: Place<'_>,
        content: Content,
    ) -> Option<Item> {
        self.company.written += 1;
        let session = rng_for(self.run, "session", from);
        let session = session_of(session, self.began_ms);
        let mo = Mo {
            id: uuid(&mut rng_for(self.run, "item", self.company.written)),
            from,
            name: words::name(from),
            place,
            content,
            at,
            session,
        };
        if place == Place::Direct {
            self.company.sessions.insert(from, at / 1000);
        }
        let item = Item::message(mo.item());
        self.post.put(due, item.clone()).then_some(item)
    }

    /// Where an attachment can be fetched.
    pub(in crate::sim) fn attached(&self, attachment: Attachment) -> String {
        let found = self
            .attachments
            .iter()
            .find(|(_, held)| **held == attachment);
        let path = found.map_or("", |(path, _)| path);
        format!("{}{path}", self.host)
    }

    /// Where the picture host is, e.g. `http://127.0.0.1:40123`.
    pub(in crate::sim) fn settle_host(&mut self, host: String) {
        self.host = host;
    }

    /// The groups that people write to most, the first of the list before others, none of them empty;
    /// fewer where there are not enough.
    pub(in crate::sim) fn lively(&self, rng: &mut fastrand::Rng) -> Vec<Arc<str>> {
        let mut near: Vec<&Group> = self.groups.iter().skip(1).take(NEAR).collect();
        rng.shuffle(&mut near);
        let first = self.groups.first();
        first
            .into_iter()
            .chain(near)
            .filter(|group| group.is_joined() && group.people.another(rng).is_some())
            .map(|group| Arc::clone(&group.id))
            .take(LIVELY)
            .collect()
    }

    /// A group with the account and somebody else in it.
    pub(in crate::sim) fn any_group(&self, rng: &mut fastrand::Rng) -> Option<Arc<str>> {
        (0..DRAWS).find_map(|_| {
            let group = self.groups.get(rng.usize(..self.groups.len().max(1)))?;
            self.speaker(&group.id, rng).map(|_| Arc::clone(&group.id))
        })
    }

    /// Somebody else in this group, while the account is in it, too.
    pub(in crate::sim) fn speaker(&self, id: &str, rng: &mut fastrand::Rng) -> Option<u64> {
        let group = self.groups.get(*self.places.get(id)?)?;
        group.is_joined().then(|| group.people.another(rng))?
    }

    /// Whether this person is in this group.
    pub(in crate::sim) fn is_member(&self, id: &str, person: u64) -> bool {
        let group = self
            .places
            .get(id)
            .and_then(|place| self.groups.get(*place));
        group.is_some_and(|group| group.people.roster().contains(person))
    }

    /// Somebody puts the account into a group of theirs. False when there is one with this id.
    pub(in crate::sim) fn adopt(&mut self, id: &str, subject: &str) -> bool {
        if self.places.contains_key(id) {
            return false;
        }
        let mut rng = rng_for(self.seed, id, 0);
        let draw = Draw::new(&mut rng, Population::of(STRANGERS), 18, 3);
        let mut people = People::from(draw);
        people.keep().demote(&[OWN]);
        let id: Arc<str> = id.into();
        self.places.insert(Arc::clone(&id), self.groups.len());
        self.joined += 1;
        self.groups.push(Group {
            id,
            subject: subject.to_owned(),
            created: self.now.unwrap_or_else(unix_now),
            people,
            invite: None,
            codes: 0,
            icon: None,
        });
        true
    }
}

/// The id of a session, and when it was opened: up to two days before everything began.
fn session_of(mut rng: fastrand::Rng, began_ms: u64) -> (u64, u64) {
    let id = rng.u64(10_000_000_000_000_000..99_999_999_999_999_999);
    (id, began_ms.saturating_sub(rng.u64(60_000..172_800_000)))
}

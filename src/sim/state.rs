//! The groups of the simulated provider, and what each call does to them.
//!
//! No HTTP and no JSON here, except the list of ids, which may be megabytes long. Invariant: a refused
//! call has changed nothing.

mod callbacks;
mod company;
mod icons;
mod outbox;

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::Notify;
// The clock of the runtime, so that it stands still in tests that pause time.
use tokio::time::Instant;

use super::attachments::Attachment;
use super::post::Post;
use super::roster::{Draw, OWN, People, Roster, number};
use super::{Fallback, Life, Seen, Settings, seed};

use company::Company;
pub(super) use company::Heard;
pub(super) use icons::{Format, Icon};
pub(super) use outbox::Destination;
use outbox::Outbox;
pub use outbox::{Fate, Sent};

/// Longest subject, in UTF-16 code units. Source: «Creating Groups», limited to 25 characters.
const MAX_SUBJECT: usize = 25;
/// Most numbers in one `waIds`. The document states none; the sibling product's limit.
const MAX_NUMBERS: usize = 20;
/// Most participants of a group.
const MAX_PARTICIPANTS: usize = 256;
/// How many groups may be created beyond those there are at the start.
const ROOM: usize = 48;
/// How many requests are remembered.
const MAX_SEEN: usize = 10_000;
/// What every invite link starts with.
const LINK: &str = "https://chat.whatsapp.com/";

/// Why a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NoSuchGroup,
    NotAdmin,
    NoSubject,
    SubjectTooLong,
    TooManyGroups,
    NoNumbers,
    TooManyNumbers,
    NumberNotFound,
    RemoveSelf,
    DemoteSelf,
    NoIcon,
    NotAPicture,
    EmptyPicture,
    OtherPicture,
    NoDestinations,
    BadDestination,
    UnknownRecipientType,
    NoText,
}

/// One group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) id: Arc<str>,
    pub(super) subject: String,
    /// Unix seconds.
    pub(super) created: u64,
    pub(super) people: People,
    /// The code of the link that works now.
    pub(super) invite: Option<String>,
    /// How many codes were made, so that no two are the same.
    pub(super) codes: u64,
    pub(super) icon: Option<Icon>,
}

impl Group {
    /// Whether the account is in it. A group without it exists but is out of reach.
    fn is_joined(&self) -> bool {
        self.people.include_account()
    }
}

/// Everything the provider knows.
#[derive(Debug)]
pub(super) struct World {
    /// In the order of the list call. Groups the account left stay, for their ids are taken.
    groups: Vec<Group>,
    places: HashMap<Arc<str>, usize>,
    /// Groups the account is in.
    joined: usize,
    max_groups: usize,
    seed: u64,
    rng: fastrand::Rng,
    /// What ids of messages follow from: another number in each run, unless a time is given.
    run: u64,
    /// Unix seconds; `None` asks the system.
    now: Option<u64>,
    /// When it began: by the clock that only goes forward, and in Unix milliseconds.
    started: Instant,
    began_ms: u64,
    latency: Option<Duration>,
    fallback: Fallback,
    is_alive: bool,
    post: Post,
    company: Company,
    /// Where the picture host is, and what it has besides icons.
    host: String,
    attachments: HashMap<String, Attachment>,
    seen: VecDeque<Seen>,
    /// Where the icons' addresses lead.
    pictures: HashMap<String, usize>,
    /// How many icons were set, so that no two have the same address.
    uploads: u64,
    violations: Vec<String>,
    outbox: Outbox,
    /// How many successes without a result were answered, and how many empty lists.
    empty_answers: usize,
    empty_lists: usize,
}

impl World {
    /// The world these settings ask for.
    pub(super) fn new(settings: &Settings) -> Self {
        let groups = seed::groups(settings);
        let places = groups.iter().map(|group| Arc::clone(&group.id)).zip(0..);
        let icons = groups.iter().zip(0..);
        let pictures =
            icons.filter_map(|(group, place)| Some((group.icon.as_ref()?.path.clone(), place)));
        let began_ms = settings.now.map_or_else(unix_now_ms, |now| now * 1000);
        let run = settings.seed ^ began_ms;
        Self {
            places: places.collect(),
            pictures: pictures.collect(),
            uploads: 0,
            violations: Vec::new(),
            outbox: Outbox::default(),
            joined: groups.len(),
            max_groups: groups.len() + ROOM,
            groups,
            seed: settings.seed,
            rng: fastrand::Rng::with_seed(settings.seed),
            run,
            now: settings.now,
            started: Instant::now(),
            began_ms,
            latency: settings.latency,
            fallback: settings.fallback,
            is_alive: settings.life == Life::Alive,
            post: Post::new(settings),
            company: Company::default(),
            host: String::new(),
            attachments: icons::attachments(run, began_ms / 1000),
            seen: VecDeque::new(),
            empty_answers: 0,
            empty_lists: 0,
        }
    }

    /// When the world began.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// How long that is ago.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The time, in Unix milliseconds.
    pub(super) fn unix_ms(&self) -> u64 {
        self.now.map_or_else(unix_now_ms, |now| now * 1000)
    }

    /// The time so long after the script began, in Unix milliseconds: where a time was given, it goes
    /// on from there, so that each run of a script is like the other.
    pub(super) fn moment(&self, since: Duration) -> u64 {
        let since = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        self.now.map_or_else(unix_now_ms, |now| now * 1000 + since)
    }

    /// Rung when there is something to post, or something was noticed.
    pub(super) fn bell(&self) -> Arc<Notify> {
        self.post.bell()
    }

    /// The list of ids, as JSON. Source: «Consulting All Groups».
    pub(super) fn list(&mut self) -> String {
        if self.joined == 0 {
            let turn = self.empty_lists;
            self.empty_lists += 1;
            return rotate(&[r#"{"groups":[]}"#, r#"{"groups":[{}]}"#], turn).to_owned();
        }
        let mut body = String::with_capacity(40 * self.joined + 16);
        body.push_str(r#"{"groups":["#);
        let mut comma = "";
        for group in self.groups.iter().filter(|group| group.is_joined()) {
            // Ids are digits and hyphens: nothing to escape. Writing to a string cannot fail.
            let _ = write!(body, r#"{comma}{{"id":"{}"}}"#, group.id);
            comma = ",";
        }
        body.push_str("]}");
        body
    }

    /// Makes a group with the account alone in it. Source: «Creating Groups».
    pub(super) fn create(&mut self, subject: Option<&str>) -> Result<&Group, Refusal> {
        let subject = checked_subject(subject)?;
        if self.joined >= self.max_groups {
            return Err(Refusal::TooManyGroups);
        }
        let mut created = self.now.unwrap_or_else(unix_now);
        while self.places.contains_key(own_id(created).as_str()) {
            created += 1;
        }
        let id: Arc<str> = own_id(created).into();
        let place = self.groups.len();
        self.places.insert(Arc::clone(&id), place);
        self.joined += 1;
        self.groups.push(Group {
            id,
            subject,
            created,
            people: Draw::alone().into(),
            invite: None,
            codes: 0,
            icon: None,
        });
        self.groups.get(place).ok_or(Refusal::NoSuchGroup)
    }

    /// One group. Source: «Consulting Group Information».
    pub(super) fn info(&mut self, id: &str) -> Result<&Group, Refusal> {
        self.joined_group(id).map(|group| &*group)
    }

    /// Sets a subject. Source: «Updating Group Information».
    pub(super) fn rename(&mut self, id: &str, subject: Option<&str>) -> Result<(), Refusal> {
        let group = self.own_group(id)?;
        group.subject = checked_subject(subject)?;
        Ok(())
    }

    /// The invite link, made when there is none. Source: «Creating a Group Invite Link».
    pub(super) fn invite(&mut self, id: &str) -> Result<String, Refusal> {
        let seed = self.seed;
        let group = self.own_group(id)?;
        let code = if let Some(code) = &group.invite {
            code.clone()
        } else {
            group.codes += 1;
            let code = invite_code(seed, &group.id, group.codes);
            group.invite = Some(code.clone());
            code
        };
        let noticed = Heard::Link {
            group: Arc::clone(&group.id),
            code: code.clone(),
        };
        self.notice(noticed);
        Ok(format!("{LINK}{code}"))
    }

    /// Makes the invite link void; the next one is made when it is asked for.
    pub(super) fn reset_invite(&mut self, id: &str) -> Result<(), Refusal> {
        self.own_group(id)?.invite = None;
        Ok(())
    }

    /// Takes people out, all or none. Source: «Removing Group Members».
    pub(super) fn remove(&mut self, id: &str, wa_ids: Option<&[String]>) -> Result<(), Refusal> {
        let group = self.own_group(id)?;
        let people = checked_numbers(wa_ids)?;
        if people.contains(&Some(OWN)) {
            return Err(Refusal::RemoveSelf);
        }
        let people = participants(&group.people.roster(), &people)?;
        group.people.keep().remove(&people);
        Ok(())
    }

    /// Makes participants admins, all or none. Source: «Adding Administrators».
    pub(super) fn promote(&mut self, id: &str, wa_ids: Option<&[String]>) -> Result<(), Refusal> {
        let group = self.own_group(id)?;
        let people = participants(&group.people.roster(), &checked_numbers(wa_ids)?)?;
        group.people.keep().promote(&people);
        Ok(())
    }

    /// Makes admins plain participants, all or none. Source: «Removing Administrators».
    ///
    /// The account is an admin here and cannot demote itself, so one admin always remains.
    pub(super) fn demote(&mut self, id: &str, wa_ids: Option<&[String]>) -> Result<(), Refusal> {
        let group = self.own_group(id)?;
        let people = participants(&group.people.roster(), &checked_numbers(wa_ids)?)?;
        if people.contains(&OWN) {
            return Err(Refusal::DemoteSelf);
        }
        group.people.keep().demote(&people);
        Ok(())
    }

    /// Takes the account out for good. Source: «Leaving a Group», which documents 400 and not 404.
    pub(super) fn leave(&mut self, id: &str) -> Result<(), Refusal> {
        let group = self.joined_group(id);
        let group = group.map_err(|_unknown_or_left| Refusal::NumberNotFound)?;
        group.people.keep().remove(&[OWN]);
        self.joined -= 1;
        Ok(())
    }

    /// Whether a success without a result is answered with `null`, `{}` or nothing: each in turn.
    /// Source: «null or {}»; some gateways drop either.
    pub(super) fn empty_answer(&mut self) -> &'static str {
        let turn = self.empty_answers;
        self.empty_answers += 1;
        rotate(&["null", "{}", ""], turn)
    }

    /// A random number, for what nobody decides.
    pub(super) fn draw(&mut self, range: RangeInclusive<u64>) -> u64 {
        self.rng.u64(range)
    }

    /// Remembers a request.
    pub(super) fn saw(&mut self, request: Seen) {
        if self.seen.len() == MAX_SEEN {
            self.seen.pop_front();
        }
        self.seen.push_back(request);
    }

    /// The requests remembered, oldest first.
    pub(super) fn seen(&self) -> impl Iterator<Item = &Seen> {
        self.seen.iter()
    }

    /// All groups, those the account left too.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter()
    }

    /// Changes a group past every check: somebody else did it. `None` when there is no such group.
    pub(super) fn meddle<T>(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Group) -> T,
    ) -> Option<T> {
        let group = self.groups.get_mut(*self.places.get(id)?)?;
        let joined = group.is_joined();
        let result = change(group);
        match (joined, group.is_joined()) {
            (true, false) => self.joined -= 1,
            (false, true) => self.joined += 1,
            (true, true) | (false, false) => {}
        }
        Some(result)
    }

    /// A group the account is in.
    fn joined_group(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        let place = self.places.get(id).copied();
        place
            .and_then(|place| self.groups.get_mut(place))
            .filter(|group| group.is_joined())
            .ok_or(Refusal::NoSuchGroup)
    }

    /// A group the account is an admin of.
    fn own_group(&mut self, id: &str) -> Result<&mut Group, Refusal> {
        let group = self.joined_group(id)?;
        if group.people.roster().is_admin(OWN) {
            Ok(group)
        } else {
            Err(Refusal::NotAdmin)
        }
    }
}

impl Group {
    /// Whether `link`, or a bare code, leads here.
    pub(super) fn is_reached_by(&self, link: &str) -> bool {
        let code = link.strip_prefix(LINK).unwrap_or(link);
        self.invite.as_deref() == Some(code)
    }

    /// Lets somebody in, unless the group is full or has them.
    pub(super) fn let_in(&mut self, person: u64) -> bool {
        let roster = self.people.roster();
        if roster.contains(person) || roster.participants.len() >= MAX_PARTICIPANTS {
            return false;
        }
        self.people.keep().participants.push(person);
        true
    }
}

/// The id of a group the account makes at this time.
pub(super) fn own_id(created: u64) -> String {
    format!("{OWN}-{created}")
}

fn rotate<'a>(bodies: &[&'a str], turn: usize) -> &'a str {
    bodies.get(turn % bodies.len()).copied().unwrap_or_default()
}

fn checked_subject(subject: Option<&str>) -> Result<String, Refusal> {
    let subject = subject.filter(|subject| !subject.trim().is_empty());
    let subject = subject.ok_or(Refusal::NoSubject)?;
    if subject.encode_utf16().count() > MAX_SUBJECT {
        return Err(Refusal::SubjectTooLong);
    }
    Ok(subject.to_owned())
}

/// The numbers of a request; `None` for what cannot be anybody's.
fn checked_numbers(wa_ids: Option<&[String]>) -> Result<Vec<Option<u64>>, Refusal> {
    let wa_ids = wa_ids.filter(|wa_ids| !wa_ids.is_empty());
    let wa_ids = wa_ids.ok_or(Refusal::NoNumbers)?;
    if wa_ids.len() > MAX_NUMBERS {
        return Err(Refusal::TooManyNumbers);
    }
    Ok(wa_ids.iter().map(|text| number(text)).collect())
}

/// These people, if all are in the group.
fn participants(roster: &Roster, people: &[Option<u64>]) -> Result<Vec<u64>, Refusal> {
    let found = |person: &Option<u64>| person.filter(|person| roster.contains(*person));
    let all: Option<Vec<u64>> = people.iter().map(found).collect();
    all.ok_or(Refusal::NumberNotFound)
}

/// A code of 22 letters and digits, the same for the same group and turn whatever was asked before.
fn invite_code(seed: u64, id: &str, turn: u64) -> String {
    let mut rng = rng_for(seed, id, turn);
    (0..22).map(|_| rng.alphanumeric()).collect()
}

/// Random numbers for one purpose, the same whatever was drawn for others.
pub(super) fn rng_for(seed: u64, purpose: &str, turn: u64) -> fastrand::Rng {
    let mut rng = fastrand::Rng::with_seed(seed);
    // A sum would make the turns of one seed those of its neighbour, one later.
    rng = fastrand::Rng::with_seed(rng.u64(..) ^ turn);
    for byte in purpose.bytes() {
        rng = fastrand::Rng::with_seed(rng.u64(..) ^ u64::from(byte));
    }
    rng
}

/// A random UUID of version 4.
fn uuid(rng: &mut fastrand::Rng) -> String {
    let (low, middle, high) = (rng.u32(..), rng.u16(..), rng.u16(..0x1000));
    let (variant, node) = (rng.u16(0x8000..0xC000), rng.u64(..1 << 48));
    format!("{low:08x}-{middle:04x}-4{high:03x}-{variant:04x}-{node:012x}")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the simulator is the host: it has a clock of its own"
)]
fn unix_now_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

fn unix_now() -> u64 {
    unix_now_ms() / 1000
}

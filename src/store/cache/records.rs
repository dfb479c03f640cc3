//! What is in the frames of a cache, as bytes: what was told about groups, and who is in one.
//!
//! Numbers take as many bytes as they need, seven bits in each, the lowest first; people take eight. Invariant:
//! what was written is read back as it was, and bytes that nobody wrote are refused, never guessed at.

use sha2::{Digest as _, Sha256};

use crate::domain::{
    Clean, GroupDetails, GroupId, Headcount, Keepsake, Millis, Remembered, Roster, Told,
    UnixSeconds, WaId,
};

/// What a record begins with.
const CAME: u8 = 1;
const TOLD: u8 = 2;
const WENT: u8 = 3;
const LISTED: u8 = 4;
const SORTED: u8 = 5;

/// Stands for a set of people, so that what is remembered of a group is never joined with the people of
/// another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Print(u64);

impl Print {
    /// Of people as they are written.
    fn of(people: &[u8]) -> Self {
        let sum: [u8; 32] = Sha256::digest(people).into();
        let (words, _) = sum.as_chunks::<8>();
        // There are four of them.
        Self(words.first().map_or(0, |word| u64::from_le_bytes(*word)))
    }
}

/// One record of the names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// About a group, with the print of its people if the server said who is in it.
    Group(Remembered, Option<Print>),
    /// The list was read.
    Listed(Millis),
    /// So many groups follow, in the order in which they are shown.
    Sorted(u64),
}

/// Adds what is to be remembered to the payload of a frame, with the print of the people it speaks of.
pub(super) fn push(out: &mut Vec<u8>, keepsake: &Keepsake, print: Option<Print>) {
    match keepsake {
        Keepsake::Listed { came, went, at } => {
            for (kind, ids) in [(CAME, came), (WENT, went)] {
                for id in ids {
                    out.push(kind);
                    push_text(out, id.as_str());
                }
            }
            push_listed(out, *at);
        }
        Keepsake::Told(details, as_of) => push_told(out, details, *as_of, print),
    }
}

/// Adds that the list was read.
pub(super) fn push_listed(out: &mut Vec<u8>, at: Millis) {
    out.push(LISTED);
    push_number(out, at.0);
}

/// Adds that so many groups follow, in the order in which they are shown.
pub(super) fn push_sorted(out: &mut Vec<u8>, count: u64) {
    out.push(SORTED);
    push_number(out, count);
}

fn push_told(out: &mut Vec<u8>, details: &GroupDetails, as_of: Millis, print: Option<Print>) {
    out.push(TOLD);
    push_text(out, details.id.as_str());
    push_number(out, as_of.0);
    push_option(out, details.subject.as_ref(), |out, subject| {
        push_text(out, subject.raw());
    });
    push_option(out, details.creator.as_ref(), |out, creator| {
        push_text(out, &creator.to_string());
    });
    push_option(out, details.created, |out, created| {
        out.extend(created.0.to_le_bytes());
    });
    let counted = details.roster.as_ref().zip(print);
    push_option(out, counted, |out, (roster, print)| {
        push_number(out, roster.count() as u64);
        push_number(out, roster.admin_count() as u64);
        out.extend(print.0.to_le_bytes());
    });
}

/// The records of a frame, each with the bytes it is made of; `None` when they make no sense.
pub(super) fn read(payload: &[u8]) -> Option<Vec<(Record, &[u8])>> {
    let mut rest = payload;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let before = rest;
        let record = record(&mut rest)?;
        let (bytes, _) = before.split_at(before.len() - rest.len());
        records.push((record, bytes));
    }
    Some(records)
}

fn record(rest: &mut &[u8]) -> Option<Record> {
    let kind = byte(rest)?;
    if kind == LISTED {
        return Some(Record::Listed(Millis(number(rest)?)));
    }
    if kind == SORTED {
        return Some(Record::Sorted(number(rest)?));
    }
    let id = GroupId::new(text(rest)?).ok()?;
    match kind {
        CAME => Some(Record::Group(Remembered::Came(id), None)),
        WENT => Some(Record::Group(Remembered::Went(id), None)),
        TOLD => {
            let as_of = Millis(number(rest)?);
            let subject = option(rest, |rest| text(rest).map(Clean::new))?;
            let creator = option(rest, |rest| WaId::from_api(text(rest)?))?;
            let created = option(rest, |rest| {
                bytes(rest).map(|eight| UnixSeconds(i64::from_le_bytes(eight)))
            })?;
            let counted = option(rest, |rest| {
                let members = u32::try_from(number(rest)?).ok()?;
                let admins = u32::try_from(number(rest)?).ok()?;
                let print = Print(u64::from_le_bytes(bytes(rest)?));
                Some((Headcount { members, admins }, print))
            })?;
            let told = Told {
                as_of,
                subject,
                creator,
                created,
                people: counted.map(|(people, _)| people),
            };
            let print = counted.map(|(_, print)| print);
            Some(Record::Group(Remembered::Told(id, told), print))
        }
        _ => None,
    }
}

/// The people of a group as they are written.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) print: Print,
    bytes: Vec<u8>,
}

impl People {
    pub(super) fn of(roster: &Roster) -> Self {
        let mut bytes = Vec::with_capacity(roster.count() * 8 + roster.admin_count() * 8 + 16);
        push_ids(&mut bytes, roster.members());
        push_ids(&mut bytes, roster.admins());
        Self {
            print: Print::of(&bytes),
            bytes,
        }
    }

    /// The payload of a frame: of which group they are, and who.
    pub(super) fn payload(&self, group: &GroupId) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + 64);
        push_text(&mut out, group.as_str());
        out.extend(self.print.0.to_le_bytes());
        out.extend(&self.bytes);
        out
    }
}

/// Whose people are in a frame.
pub(super) fn whose(payload: &[u8]) -> Option<(GroupId, Print)> {
    let mut rest = payload;
    let id = GroupId::new(text(&mut rest)?).ok()?;
    Some((id, Print(u64::from_le_bytes(bytes(&mut rest)?))))
}

/// The people in a frame, after [`whose`] they are.
pub(super) fn people(payload: &[u8]) -> Option<Roster> {
    let mut rest = payload;
    text(&mut rest)?;
    let _print: [u8; 8] = bytes(&mut rest)?;
    let (members, admins) = (ids(&mut rest)?, ids(&mut rest)?);
    rest.is_empty().then(|| Roster::new(members, admins))
}

/// First all numbers, with a zero for whatever is none; then those, in their order.
fn push_ids(out: &mut Vec<u8>, ids: impl ExactSizeIterator<Item = WaId>) {
    push_number(out, ids.len() as u64);
    let mut odd = Vec::new();
    for id in ids {
        let number = id.number();
        if number.is_none() {
            odd.push(id);
        }
        out.extend(number.unwrap_or(0).to_le_bytes());
    }
    for id in odd {
        push_text(out, &id.to_string());
    }
}

fn ids(rest: &mut &[u8]) -> Option<Vec<WaId>> {
    let count = usize::try_from(number(rest)?).ok()?;
    let (numbers, after) = rest.split_at_checked(count.checked_mul(8)?)?;
    *rest = after;
    let (numbers, _) = numbers.as_chunks::<8>();
    let mut ids = Vec::with_capacity(count);
    for eight in numbers {
        ids.push(match u64::from_le_bytes(*eight) {
            0 => WaId::from_api(text(rest)?)?,
            number => WaId::from_number(number)?,
        });
    }
    Some(ids)
}

fn push_number(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let next = byte(rest)?;
        number |= u64::from(next & 0x7f) << shift;
        if next & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    push_number(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn text<'b>(rest: &mut &'b [u8]) -> Option<&'b str> {
    let length = usize::try_from(number(rest)?).ok()?;
    let (text, after) = rest.split_at_checked(length)?;
    *rest = after;
    str::from_utf8(text).ok()
}

fn push_option<T>(out: &mut Vec<u8>, value: Option<T>, push: impl FnOnce(&mut Vec<u8>, T)) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        push(out, value);
    }
}

/// What may have been left out; `None` when it makes no sense.
#[expect(
    clippy::option_option,
    reason = "whether it makes sense, and whether it is there"
)]
fn option<'b, T>(
    rest: &mut &'b [u8],
    read: impl FnOnce(&mut &'b [u8]) -> Option<T>,
) -> Option<Option<T>> {
    match byte(rest)? {
        0 => Some(None),
        1 => read(rest).map(Some),
        _ => None,
    }
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

fn bytes(rest: &mut &[u8]) -> Option<[u8; 8]> {
    let (eight, after) = rest.split_first_chunk::<8>()?;
    *rest = after;
    Some(*eight)
}

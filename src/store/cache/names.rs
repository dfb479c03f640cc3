//! The file of the names: read at once, and told apart into what is known last of each group.
//!
//! Invariant: of two things that were told about a group the later one counts, whichever program wrote it and in
//! whichever order.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Cursor};
use std::path::Path;

use super::VERSION;
use super::frames::{self, Frames, Head};
use super::records::{self, Print, Record};
use crate::domain::{GroupId, Millis, Recollection, Remembered};

/// Most groups in one frame: so many are lost with one that is damaged.
pub(super) const IN_A_FRAME: usize = 256;

/// From this length on, in bytes, the groups in front are read first.
const MANY: u64 = 256 * 1024;

/// Everything in the file, oldest first.
pub(super) fn recall(path: &Path) -> io::Result<Recollection> {
    let mut recollection = Recollection::default();
    read(path, |record, _| match record {
        Record::Group(remembered, _) => recollection.groups.push(remembered),
        Record::Listed(at) => recollection.listed = Some(at),
        Record::Sorted(_) => {}
    })?;
    Ok(recollection)
}

/// The groups that stand in front, where there are so many that reading them all takes its time, and the file
/// is in their order.
pub(super) fn recall_first(path: &Path) -> io::Result<Option<Recollection>> {
    let file = File::open(path)?;
    if file.metadata()?.len() < MANY {
        return Ok(None);
    }
    let (head, mut frames) = Frames::open(file, VERSION)?;
    if head != Head::Ours {
        return Ok(None);
    }
    let mut recollection = Recollection::default();
    for _ in 0..2 {
        let Some((_, payload)) = frames.next()? else {
            return Ok(None);
        };
        for (record, _) in records::read(payload).unwrap_or_default() {
            match record {
                Record::Group(remembered, _) => recollection.groups.push(remembered),
                Record::Listed(at) => recollection.listed = Some(at),
                Record::Sorted(count) => recollection.more = usize::try_from(count).ok(),
            }
        }
    }
    Ok(recollection.more.is_some().then_some(recollection))
}

/// How a file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) head: Head,
    /// Something of it was lost.
    pub(super) is_damaged: bool,
    /// Where the last frame begins that was not written to its end.
    pub(super) torn_at: Option<u64>,
}

impl Found {
    /// There is no such file.
    pub(super) fn nothing() -> Self {
        Self {
            head: Head::Empty,
            is_damaged: false,
            torn_at: None,
        }
    }
}

/// Hands every record over, with its bytes.
fn read(path: &Path, mut take: impl FnMut(Record, &[u8])) -> io::Result<Found> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(why) if why.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(why) => return Err(why),
    };
    let (head, mut frames) = Frames::open(Cursor::new(bytes), VERSION)?;
    let mut is_odd = false;
    if head == Head::Ours {
        while let Some((_, payload)) = frames.next()? {
            match records::read(payload) {
                Some(records) => records
                    .into_iter()
                    .for_each(|(record, bytes)| take(record, bytes)),
                None => is_odd = true,
            }
        }
    }
    Ok(Found {
        head,
        is_damaged: head == Head::Damaged || frames.is_damaged() || is_odd,
        torn_at: frames.torn_at(),
    })
}

/// What is known last of each group, as it is written.
#[derive(Debug, Default)]
pub(super) struct Names {
    groups: HashMap<GroupId, Name>,
    listed: Option<Millis>,
    is_sorted: bool,
}

#[derive(Debug, Default)]
struct Name {
    as_of: Option<Millis>,
    print: Option<Print>,
    /// What the list is sorted by.
    order: Box<str>,
    bytes: Vec<u8>,
}

impl Names {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> io::Result<(Self, Found)> {
        let mut names = Self::default();
        let found = read(path, |record, bytes| names.take(record, bytes))?;
        Ok((names, found))
    }

    fn take(&mut self, record: Record, bytes: &[u8]) {
        let (remembered, print) = match record {
            Record::Listed(at) => {
                self.listed = self.listed.max(Some(at));
                return;
            }
            Record::Sorted(_) => {
                self.is_sorted = true;
                return;
            }
            Record::Group(remembered, print) => (remembered, print),
        };
        match remembered {
            Remembered::Went(id) => {
                self.groups.remove(&id);
            }
            Remembered::Came(id) => {
                self.groups.entry(id).or_insert_with(|| Name {
                    bytes: bytes.to_vec(),
                    ..Name::default()
                });
            }
            Remembered::Told(id, told) => {
                let name = self.groups.entry(id).or_default();
                if name.as_of <= Some(told.as_of) {
                    let order = told.subject.map(|subject| subject.sort_name());
                    *name = Name {
                        as_of: Some(told.as_of),
                        print,
                        order: order.unwrap_or_default(),
                        bytes: bytes.to_vec(),
                    };
                }
            }
        }
    }

    /// When the people of a group were told last, and their print.
    pub(super) fn people(&self, group: &GroupId) -> Option<(Millis, Print)> {
        let name = self.groups.get(group)?;
        Some((name.as_of?, name.print?))
    }

    /// How many bytes all of this takes.
    pub(super) fn size(&self) -> u64 {
        self.groups
            .values()
            .map(|name| name.bytes.len() as u64)
            .sum()
    }

    /// Whether the file was written in the order of its names, whatever was added since.
    pub(super) fn is_sorted(&self) -> bool {
        self.is_sorted
    }

    /// A file of only this, in the order in which the groups are shown.
    pub(super) fn file(&self) -> Vec<u8> {
        let mut names: Vec<(&GroupId, &Name)> = self.groups.iter().collect();
        names.sort_by_key(|(id, name)| (name.order.is_empty(), &name.order, *id));
        let mut out = frames::head(VERSION);
        let mut payload = Vec::new();
        records::push_sorted(&mut payload, names.len() as u64);
        if let Some(at) = self.listed {
            records::push_listed(&mut payload, at);
        }
        frames::push_frame(&mut out, &payload);
        for some in names.chunks(IN_A_FRAME) {
            payload.clear();
            for (_, name) in some {
                payload.extend(&name.bytes);
            }
            frames::push_frame(&mut out, &payload);
        }
        out
    }
}

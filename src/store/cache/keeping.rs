//! Writes what is to be remembered, and reads who is in the groups.
//!
//! Invariant: the people of a group are written before what is told about it, which names them by their print: so
//! whatever is killed when, nobody is shown in a group as of a time at which they were not in it.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::frames::{self, FRAME, Frames, HEAD, Head};
use super::names::{Found, IN_A_FRAME, Names};
use super::records::{self, People, Print};
use super::{Cache, VERSION, set_aside};
use crate::domain::{GroupId, Keepsake, Millis, Roster};
use crate::store::paths::{self, with_suffix};

/// Bytes that a file may have beyond twice what is needed, before it is written anew.
const SPARE_NAMES: u64 = 64 * 1024;
const SPARE_ROSTERS: u64 = 1024 * 1024;
/// Bytes that are put together before they are written.
const CHUNK: usize = 256 * 1024;

/// Remembers the groups of an account.
#[derive(Debug)]
pub struct Memory {
    cache: Cache,
    /// Whose people are in the file, and which.
    stored: HashMap<GroupId, Print>,
    /// From these sizes on the files are written anew.
    names_limit: u64,
    rosters_limit: u64,
    /// What was renamed because it was damaged.
    aside: Option<PathBuf>,
    /// Whether anything was written behind what is in order.
    is_untidy: bool,
}

impl Memory {
    pub(super) fn open(cache: &Cache, now: Millis) -> io::Result<(Self, Rosters)> {
        prepare(cache)?;
        let _lock = cache.lock()?;
        let mut aside = None;
        let (names, found) = Names::read(&cache.names())?;
        if found.is_damaged {
            aside = Some(set_aside(&cache.names(), now)?);
            replace(&cache.names(), &names.file())?;
        } else {
            mend(&cache.names(), found)?;
            if !names.is_sorted() && found.head == Head::Ours {
                replace(&cache.names(), &names.file())?;
            }
        }
        let path = cache.rosters();
        let (mut places, mut found) = survey(&path, &names)?;
        if found.is_damaged {
            let old = set_aside(&path, now)?;
            copy(&old, &path, &places)?;
            aside = Some(old);
            (places, found) = survey(&path, &names)?;
        }
        mend(&path, found)?;
        let stored = places
            .iter()
            .map(|place| (place.group.clone(), place.print));
        let memory = Self {
            cache: cache.clone(),
            stored: stored.collect(),
            names_limit: limit(names.size(), SPARE_NAMES),
            rosters_limit: limit(size(&places), SPARE_ROSTERS),
            aside,
            is_untidy: false,
        };
        let rosters = Rosters::open(&path, places)?;
        Ok((memory, rosters))
    }

    /// The file that was renamed because it was damaged, if one was.
    pub fn set_aside(&self) -> Option<&Path> {
        self.aside.as_deref()
    }

    /// Writes down what is to be remembered, in its order.
    ///
    /// # Errors
    /// When the disk refuses: then nothing of it is remembered, and what was stays.
    pub fn keep(&mut self, keepsakes: &[Keepsake]) -> io::Result<()> {
        let _lock = self.cache.lock()?;
        let mut people = Vec::with_capacity(keepsakes.len());
        let (mut frames, mut stored) = (Vec::new(), Vec::new());
        for keepsake in keepsakes {
            let Keepsake::Told(details, _) = keepsake else {
                people.push(None);
                continue;
            };
            let these = details.roster.as_ref().map(People::of);
            if let Some(these) = &these
                && self.stored.get(&details.id) != Some(&these.print)
            {
                frames::push_frame(&mut frames, &these.payload(&details.id));
                stored.push((details.id.clone(), these.print));
            }
            people.push(these.map(|these| these.print));
        }
        let rosters = append(&self.cache.rosters(), &frames)?;
        self.stored.extend(stored);
        let mut frames = Vec::new();
        let both: Vec<_> = keepsakes.iter().zip(people).collect();
        for some in both.chunks(IN_A_FRAME) {
            let mut payload = Vec::new();
            for (keepsake, print) in some {
                records::push(&mut payload, keepsake, *print);
            }
            frames::push_frame(&mut frames, &payload);
        }
        let names = append(&self.cache.names(), &frames)?;
        self.is_untidy = true;
        if names > self.names_limit || rosters > self.rosters_limit {
            self.compact(rosters)?;
        }
        Ok(())
    }

    /// Puts the names in order at the end, so that the next start is quick.
    ///
    /// # Errors
    /// When the disk refuses: then they stay as they are.
    pub fn tidy(&mut self) -> io::Result<()> {
        if !std::mem::take(&mut self.is_untidy) {
            return Ok(());
        }
        let _lock = self.cache.lock()?;
        self.sorted().map(drop)
    }

    /// Puts the names in order; `None` where the file is not as this program left it: whatever became of it is
    /// for the next start, and nothing of it is written over.
    fn sorted(&self) -> io::Result<Option<Names>> {
        let (names, found) = Names::read(&self.cache.names())?;
        if found.is_damaged || found.head != Head::Ours {
            return Ok(None);
        }
        replace(&self.cache.names(), &names.file())?;
        Ok(Some(names))
    }

    /// Writes the files anew, with only what is known last of each group.
    fn compact(&mut self, rosters: u64) -> io::Result<()> {
        let Some(names) = self.sorted()? else {
            return Ok(());
        };
        self.names_limit = limit(names.size(), SPARE_NAMES);
        if rosters > self.rosters_limit {
            let path = self.cache.rosters();
            let (places, _) = survey(&path, &names)?;
            copy(&path, &path, &places)?;
            self.rosters_limit = limit(size(&places), SPARE_ROSTERS);
            let stored = places.into_iter().map(|place| (place.group, place.print));
            self.stored = stored.collect();
        }
        Ok(())
    }
}

/// Who is in the groups, one group after another.
#[derive(Debug)]
pub struct Rosters {
    frames: Option<Frames<File>>,
    places: std::vec::IntoIter<Place>,
}

impl Rosters {
    fn open(path: &Path, places: Vec<Place>) -> io::Result<Self> {
        let frames = match File::open(path) {
            Ok(file) => Some(Frames::open(file, VERSION)?.1),
            Err(why) if why.kind() == io::ErrorKind::NotFound => None,
            Err(why) => return Err(why),
        };
        Ok(Self {
            frames,
            places: places.into_iter(),
        })
    }
}

impl Iterator for Rosters {
    /// A group, when its people were told, and who they are.
    type Item = (GroupId, Millis, Roster);

    fn next(&mut self) -> Option<Self::Item> {
        let frames = self.frames.as_mut()?;
        for place in self.places.by_ref() {
            // What cannot be read any more was whole a moment ago: it is asked for anyway.
            if let Ok(Some(payload)) = frames.payload_at(place.at)
                && let Some(roster) = records::people(payload)
            {
                return Some((place.group, place.as_of, roster));
            }
        }
        None
    }
}

/// Where the people of a group are.
#[derive(Debug)]
struct Place {
    group: GroupId,
    as_of: Millis,
    print: Print,
    at: u64,
    /// Bytes of the frame.
    length: u64,
}

fn size(places: &[Place]) -> u64 {
    places.iter().map(|place| place.length).sum()
}

fn limit(needed: u64, spare: u64) -> u64 {
    needed.saturating_mul(2).saturating_add(spare)
}

/// Where the people are that belong to what was told last, in the order of the file.
fn survey(path: &Path, names: &Names) -> io::Result<(Vec<Place>, Found)> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            return Ok((Vec::new(), Found::nothing()));
        }
        Err(why) => return Err(why),
    };
    let (head, mut frames) = Frames::open(file, VERSION)?;
    let mut places = HashMap::new();
    let mut is_odd = false;
    if head == Head::Ours {
        while let Some((at, payload)) = frames.next()? {
            let Some((group, print)) = records::whose(payload) else {
                is_odd = true;
                continue;
            };
            if let Some((as_of, wanted)) = names.people(&group)
                && wanted == print
            {
                let place = Place {
                    group: group.clone(),
                    as_of,
                    print,
                    at,
                    length: FRAME + payload.len() as u64,
                };
                places.insert(group, place);
            }
        }
    }
    let found = Found {
        head,
        is_damaged: head == Head::Damaged || frames.is_damaged() || is_odd,
        torn_at: frames.torn_at(),
    };
    let mut places: Vec<Place> = places.into_values().collect();
    places.sort_by_key(|place| place.at);
    Ok((places, found))
}

/// Puts a file in place of another that has only these people in it.
fn copy(from: &Path, to: &Path, places: &[Place]) -> io::Result<()> {
    let (_, mut frames) = Frames::open(File::open(from)?, VERSION)?;
    let new = with_suffix(to, ".new");
    let mut file = private(&new, true)?;
    let mut out = frames::head(VERSION);
    for place in places {
        if let Some(payload) = frames.payload_at(place.at)? {
            frames::push_frame(&mut out, payload);
        }
        if out.len() > CHUNK {
            file.write_all(&out)?;
            out.clear();
        }
    }
    file.write_all(&out)?;
    fs::rename(&new, to)
}

/// Puts a file in place of another.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = with_suffix(path, ".new");
    private(&new, true)?.write_all(bytes)?;
    fs::rename(&new, path)
}

/// Takes away what would be in the way of the next frame: the file of another version, the start of a frame.
fn mend(path: &Path, found: Found) -> io::Result<()> {
    match (found.head, found.torn_at) {
        (Head::OtherVersion, _) => fs::remove_file(path),
        (_, Some(at)) => OpenOptions::new().write(true).open(path)?.set_len(at),
        (Head::Empty | Head::Ours | Head::Damaged, None) => Ok(()),
    }
}

/// Adds whole frames at the end, all of them or none. Returns how long the file is now.
fn append(path: &Path, frames: &[u8]) -> io::Result<u64> {
    if frames.is_empty() {
        return Ok(0);
    }
    let mut file = private(path, false)?;
    let before = file.seek(SeekFrom::End(0))?;
    let written = if before < HEAD {
        file.set_len(0)?;
        let whole = [frames::head(VERSION).as_slice(), frames].concat();
        file.write_all(&whole)
    } else {
        file.write_all(frames)
    };
    if let Err(why) = written {
        // Half a frame would be in the way of the next one.
        let _ = file.set_len(before);
        return Err(why);
    }
    file.seek(SeekFrom::End(0))
}

fn private(path: &Path, anew: bool) -> io::Result<File> {
    OpenOptions::new()
        .append(!anew)
        .write(true)
        .create(true)
        .truncate(anew)
        .mode(0o600)
        .open(path)
}

/// Makes the folder, for the user alone.
fn prepare(cache: &Cache) -> io::Result<()> {
    let folder = cache.base.parent().unwrap_or(Path::new("/"));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    paths::restrict(folder, 0o700)?;
    for path in [cache.names(), cache.rosters()] {
        paths::restrict(&path, 0o600)?;
    }
    Ok(())
}

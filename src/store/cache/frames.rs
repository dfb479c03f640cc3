//! Files that only grow: a head with a version, then frames, each with its length and its checksum.
//!
//! ```text
//! head    "wavedeck" · version u32 · checksum of both u32
//! frame   mark FF 57 44 FE · length u32 · checksum of length and payload u32 · payload
//! ```
//! Numbers are little-endian. Invariant: what [`Frames`] gives out is what was written. A frame that is
//! damaged costs nobody but itself: the next one is found by its mark, which is in no UTF-8 text. A file that
//! ends within a frame was being written when somebody was killed: that is no damage.

use std::io::{self, Read, Seek, SeekFrom};

/// How each file begins.
const NAME: &[u8; 8] = b"wavedeck";
/// Bytes in front of the first frame.
pub(super) const HEAD: u64 = 16;
/// How each frame begins.
const MARK: [u8; 4] = [0xff, b'W', b'D', 0xfe];
/// Bytes in front of a payload.
pub(super) const FRAME: u64 = 12;
/// The same, as the length of an array.
const FRAME_BYTES: usize = 12;
/// Longest payload, in bytes: what is longer was never written.
pub(super) const LONGEST: usize = 16 * 1024 * 1024;
/// Bytes that are looked through at once for the next frame.
const STRIDE: usize = 64 * 1024;

/// What the head of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// There is nothing in it.
    Empty,
    /// It is ours, of this version.
    Ours,
    /// It was written by another version of the program.
    OtherVersion,
    /// It cannot be read.
    Damaged,
}

/// The head of a file of this version.
pub(super) fn head(version: u32) -> Vec<u8> {
    let mut head = NAME.to_vec();
    head.extend(version.to_le_bytes());
    head.extend(crc32fast::hash(&head).to_le_bytes());
    head
}

/// Adds one frame.
pub(super) fn push_frame(out: &mut Vec<u8>, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    out.extend(MARK);
    out.extend(length.to_le_bytes());
    out.extend(checksum(length, payload).to_le_bytes());
    out.extend(payload);
}

fn checksum(length: u32, payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// The frames of a file, one after another.
#[derive(Debug)]
pub(super) struct Frames<R> {
    input: R,
    /// Where the next frame begins.
    at: u64,
    /// Where the file ended when it was opened.
    end: u64,
    payload: Vec<u8>,
    damaged: bool,
    /// Where the last whole frame ends, if the file ends within one.
    torn_at: Option<u64>,
}

impl<R: Read + Seek> Frames<R> {
    /// Looks at the head.
    pub(super) fn open(mut input: R, version: u32) -> io::Result<(Head, Self)> {
        let end = input.seek(SeekFrom::End(0))?;
        input.seek(SeekFrom::Start(0))?;
        let mut start = Vec::new();
        input.by_ref().take(HEAD).read_to_end(&mut start)?;
        let said = if end == 0 {
            Head::Empty
        } else if start == head(version) {
            Head::Ours
        } else {
            other_head(&start)
        };
        let frames = Self {
            input,
            at: HEAD,
            end,
            payload: Vec::new(),
            damaged: false,
            torn_at: None,
        };
        Ok((said, frames))
    }

    /// The next payload that is whole, and where its frame begins.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        if self.at >= self.end {
            return Ok(None);
        }
        let first = self.frame_at(self.at)?;
        if first != Found::Whole && !self.skip(first)? {
            return Ok(None);
        }
        let at = self.at;
        self.at += FRAME + self.payload.len() as u64;
        Ok(Some((at, &self.payload)))
    }

    /// Goes to the next frame that is whole; `false` when there is none.
    fn skip(&mut self, first: Found) -> io::Result<bool> {
        let lost = self.at;
        while let Some(mark) = self.next_mark(self.at + 1)? {
            self.at = mark;
            if self.frame_at(mark)? == Found::Whole {
                // Even where only its length said that the file ends within it.
                self.damaged = true;
                return Ok(true);
            }
        }
        match first {
            Found::Cut => self.torn_at = Some(lost),
            Found::Whole | Found::Damaged => self.damaged = true,
        }
        self.at = self.end;
        Ok(false)
    }

    /// The payload of the frame that begins at a place, if it is whole.
    pub(super) fn payload_at(&mut self, at: u64) -> io::Result<Option<&[u8]>> {
        let is_whole = at < self.end && self.frame_at(at)? == Found::Whole;
        Ok(is_whole.then_some(&self.payload))
    }

    /// Whether anything was left out that had been written whole.
    pub(super) fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Where the last frame begins that was not written to its end.
    pub(super) fn torn_at(&self) -> Option<u64> {
        self.torn_at
    }

    fn frame_at(&mut self, at: u64) -> io::Result<Found> {
        let rest = self.end - at;
        let mut head = [0; FRAME_BYTES];
        self.input.seek(SeekFrom::Start(at))?;
        if rest < FRAME {
            let mut start = Vec::new();
            self.input.by_ref().take(4).read_to_end(&mut start)?;
            let is_cut = MARK.starts_with(&start) || start == MARK;
            return Ok(if is_cut { Found::Cut } else { Found::Damaged });
        }
        self.input.read_exact(&mut head)?;
        let (words, _) = head.as_chunks::<4>();
        let [mark, length, sum] = *words else {
            return Ok(Found::Damaged);
        };
        if mark != MARK {
            return Ok(Found::Damaged);
        }
        let length = u32::from_le_bytes(length);
        if length as usize > LONGEST {
            return Ok(Found::Damaged);
        }
        if u64::from(length) > rest - FRAME {
            return Ok(Found::Cut);
        }
        self.payload.resize(length as usize, 0);
        self.input.read_exact(&mut self.payload)?;
        Ok(if checksum(length, &self.payload).to_le_bytes() == sum {
            Found::Whole
        } else {
            Found::Damaged
        })
    }

    /// Where the next mark is, from a place on.
    fn next_mark(&mut self, from: u64) -> io::Result<Option<u64>> {
        let mut at = from;
        let mut chunk = Vec::new();
        while at < self.end {
            chunk.clear();
            self.input.seek(SeekFrom::Start(at))?;
            let most = (self.end - at).min(STRIDE as u64);
            self.input.by_ref().take(most).read_to_end(&mut chunk)?;
            if let Some(found) = chunk.windows(MARK.len()).position(|four| four == MARK) {
                return Ok(Some(at + found as u64));
            }
            if chunk.len() < STRIDE {
                return Ok(None);
            }
            // A mark may lie across the end of what was looked through.
            at += (chunk.len() - (MARK.len() - 1)) as u64;
        }
        Ok(None)
    }
}

/// What is at a place where a frame should begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Whole,
    /// The file ends within it.
    Cut,
    Damaged,
}

/// What a head says that is not ours.
fn other_head(start: &[u8]) -> Head {
    let Some((said, sum)) = start.split_at_checked(12) else {
        return Head::Damaged;
    };
    if said.starts_with(NAME) && sum == crc32fast::hash(said).to_le_bytes() {
        Head::OtherVersion
    } else {
        Head::Damaged
    }
}

//! Numbers of eight bytes in many buckets, packed: a bucket is a chain of small chunks of one size, so that
//! nothing is copied as it grows, and what is freed fits again.
//!
//! Not here: what the numbers mean. Invariant: only the first chunk of a bucket has room left.

/// Entries of one chunk: with its two words it takes 256 bytes.
const ROOM: usize = 31;
/// Chunks that are made at once.
const PAGE: usize = 256;
/// The end of a chain.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Chunk {
    next: u32,
    used: u16,
    bucket: u16,
    entries: [u64; ROOM],
}

const EMPTY: Chunk = Chunk {
    next: NONE,
    used: 0,
    bucket: 0,
    entries: [0; ROOM],
};

impl Chunk {
    fn entries(&self) -> &[u64] {
        self.entries
            .get(..usize::from(self.used))
            .unwrap_or_default()
    }
}

/// The buckets. Takes no memory before the first entry.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    /// The first chunk of each bucket.
    heads: Vec<u32>,
    pages: Vec<Box<[Chunk]>>,
    /// Chunks that hold nothing, as places.
    free: Vec<u32>,
}

impl Chunks {
    /// All entries of a bucket, a slice at a time, in no order.
    pub(super) fn of(&self, bucket: u16) -> impl Iterator<Item = &[u64]> {
        let at = |place: u32| (place != NONE).then(|| self.at(place));
        let first = self
            .heads
            .get(usize::from(bucket))
            .and_then(|head| at(*head));
        std::iter::successors(first, move |chunk| at(chunk.next)).map(Chunk::entries)
    }

    /// All entries of all buckets, in the order of memory: many at once are read much faster so.
    pub(super) fn all(&self) -> impl Iterator<Item = (u16, &[u64])> {
        let chunks = self.pages.iter().flatten();
        chunks.map(|chunk| (chunk.bucket, chunk.entries()))
    }

    /// Adds one entry to a bucket of so many.
    pub(super) fn push(&mut self, bucket: u16, of: usize, entry: u64) {
        if self.heads.is_empty() {
            self.heads = vec![NONE; of];
        }
        let head = self.heads[usize::from(bucket)];
        let is_full = head == NONE || usize::from(self.at(head).used) == ROOM;
        let place = if is_full {
            self.make(bucket, head)
        } else {
            head
        };
        self.heads[usize::from(bucket)] = place;
        let chunk = self.at_mut(place);
        chunk.entries[usize::from(chunk.used)] = entry;
        chunk.used += 1;
    }

    /// Takes one entry out of a bucket, where it is in it.
    pub(super) fn take(&mut self, bucket: u16, entry: u64) {
        let Some(head) = self.heads.get(usize::from(bucket)).copied() else {
            return;
        };
        let mut place = head;
        while place != NONE {
            let found = self.at(place).entries().iter().position(|e| *e == entry);
            if let Some(found) = found {
                // The last entry of the first chunk takes its place.
                let first = self.at_mut(head);
                first.used -= 1;
                let last = first.entries[usize::from(first.used)];
                let (used, next) = (first.used, first.next);
                self.at_mut(place).entries[found] = last;
                if used == 0 {
                    self.heads[usize::from(bucket)] = next;
                    self.free.push(head);
                }
                return;
            }
            place = self.at(place).next;
        }
    }

    /// An empty chunk in front of another one.
    fn make(&mut self, bucket: u16, next: u32) -> u32 {
        if self.free.is_empty() {
            let first = self.pages.len() * PAGE;
            self.pages.push(vec![EMPTY; PAGE].into());
            let places = (first..first + PAGE).rev();
            self.free
                .extend(places.filter_map(|place| u32::try_from(place).ok()));
        }
        let place = self.free.pop().unwrap_or(NONE);
        *self.at_mut(place) = Chunk {
            next,
            bucket,
            ..EMPTY
        };
        place
    }

    fn at(&self, place: u32) -> &Chunk {
        &self.pages[place as usize / PAGE][place as usize % PAGE]
    }

    fn at_mut(&mut self, place: u32) -> &mut Chunk {
        &mut self.pages[place as usize / PAGE][place as usize % PAGE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_freed_is_used_again() {
        let mut chunks = Chunks::default();
        for round in 0..50 {
            for entry in 0..10_000 {
                chunks.push((entry % 7) as u16, 7, entry + round);
            }
            for entry in 0..10_000 {
                chunks.take((entry % 7) as u16, entry + round);
            }
        }
        assert_eq!(chunks.of(3).count(), 0);
        assert_eq!(chunks.all().flat_map(|(_, entries)| entries).count(), 0);
        let needed = 7 * (10_000 / 7 / ROOM + 2);
        assert!(
            chunks.pages.len() <= needed / PAGE + 1,
            "{}",
            chunks.pages.len()
        );
    }
}

//! The search in the messages of a group: the words, which rows have them, and the way from one to the next.
//!
//! Invariants: what was looked at once is not looked at again while the words stay; case and accents make
//! no difference; the search goes from the newest row to older ones.

use std::collections::BTreeMap;
use std::ops::Range;

use nucleo_matcher::chars::{normalize, to_lower_case};
use unicode_width::UnicodeWidthChar as _;

use super::Message;
use super::body::words;
use super::conversation::{Conversation, Row, RowId};
use crate::app::list::FilterInput;
use crate::domain::{CorrelationId, Incoming, Kept, Seq};

/// What was said about the last step, beside where it led.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    #[default]
    None,
    /// It went on at the newest row.
    FromNewest,
    /// It went on at the oldest row that is known.
    FromOldest,
    /// Nothing was found in so much that the next step is for the user to take.
    Paused,
}

/// A search.
#[derive(Debug, Default)]
pub struct Search {
    /// The words, and whether they are being typed.
    pub filter: FilterInput,
    /// What the last step came to.
    pub turn: Turn,
    /// Where the cursor was when the words began.
    pub(in crate::app) origin: Option<RowId>,
    /// How many more pages are read until something is found; `None` while nothing is looked for.
    pub(in crate::app) pages_left: Option<u32>,
    needle: Vec<char>,
    /// Messages of ours that were looked at, and whether they have the words.
    own: BTreeMap<CorrelationId, bool>,
    /// Places of the received messages that have the words, oldest first.
    received: Vec<Seq>,
    /// First and last received message that was looked at.
    seen: Option<(Seq, Seq)>,
}

impl Search {
    /// Whether there are words to look for.
    pub fn is_active(&self) -> bool {
        self.filter.is_active()
    }

    /// Whether older messages are being read to find some.
    pub fn goes_on(&self) -> bool {
        self.pages_left.is_some()
    }

    /// The words changed: everything is looked at anew.
    pub(in crate::app) fn typed(&mut self) {
        self.needle = fold(self.filter.input.text().trim())
            .map(|(_, c)| c)
            .collect();
        self.turn = Turn::None;
        self.pages_left = None;
        self.seen = None;
        self.received.clear();
        self.own.clear();
    }

    /// No search.
    pub(in crate::app) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Looks at what was not looked at yet, and at the name of who wrote it.
    pub(super) fn refresh(
        &mut self,
        own: &[Message],
        received: &[Kept],
        name: &dyn Fn(&Incoming) -> String,
    ) {
        if self.needle.is_empty() {
            return;
        }
        for message in own {
            if !self.own.contains_key(&message.id) {
                let has = self.is_in(message.text.as_str());
                self.own.insert(message.id.clone(), has);
            }
        }
        let (Some(first), Some(last)) = (received.first(), received.last()) else {
            return;
        };
        let (from, to) = match self.seen {
            Some((from, to)) => {
                // What is not known any more is no hit.
                self.received.retain(|hit| *hit >= first.seq);
                (
                    received.partition_point(|kept| kept.seq < from),
                    received.partition_point(|kept| kept.seq <= to),
                )
            }
            None => (received.len(), received.len()),
        };
        let hits = |kept: &[Kept]| -> Vec<Seq> {
            let hits = kept.iter().filter(|kept| {
                let message = &kept.message;
                self.is_in(&words(&message.content)) || self.is_in(&name(message))
            });
            hits.map(|kept| kept.seq).collect()
        };
        let older = hits(received.get(..from).unwrap_or_default());
        let newer = hits(received.get(to..).unwrap_or_default());
        let known = std::mem::replace(&mut self.received, older);
        self.received.extend(known);
        self.received.extend(newer);
        self.seen = Some((first.seq, last.seq));
    }

    fn is_in(&self, text: &str) -> bool {
        !find(&self.needle, text, 1).is_empty()
    }

    /// Where the words are in a text, as ranges of its characters.
    pub fn hits_in(&self, text: &str) -> Vec<Range<usize>> {
        find(&self.needle, text, usize::MAX)
    }

    /// The rows that have the words.
    pub fn hits<'a>(&'a self, conversation: &'a Conversation<'a>) -> Hits<'a> {
        let own = self.own.iter().filter(|(_, has)| **has);
        let mut own: Vec<usize> = own
            .filter_map(|(id, _)| conversation.position(&RowId::Own(id.clone())))
            .collect();
        own.sort_unstable();
        Hits {
            conversation,
            own,
            received: &self.received,
        }
    }
}

/// The rows that have the words.
#[derive(Debug)]
pub struct Hits<'a> {
    conversation: &'a Conversation<'a>,
    own: Vec<usize>,
    received: &'a [Seq],
}

impl Hits<'_> {
    /// How many.
    pub fn count(&self) -> usize {
        self.own.len() + self.received.len()
    }

    /// How many stand before a row: of ours, and of others.
    fn before(&self, row: usize) -> (usize, usize) {
        let own = self.own.partition_point(|hit| *hit < row);
        let received = match self.conversation.next_received(row) {
            Some(next) => self.received.partition_point(|hit| *hit < next),
            None => self.received.len(),
        };
        (own, received)
    }

    fn has(&self, row: usize) -> bool {
        match self.conversation.get(row) {
            Some(Row::Own(_)) => self.own.binary_search(&row).is_ok(),
            Some(Row::Received(kept)) => self.received.binary_search(&kept.seq).is_ok(),
            None => false,
        }
    }

    /// Which one a row is, counted from the newest.
    pub fn number(&self, row: usize) -> Option<usize> {
        let (own, received) = self.before(row);
        self.has(row).then(|| self.count() - own - received)
    }

    fn row_of(&self, received: Option<&Seq>) -> Option<usize> {
        self.conversation.position(&RowId::Received(*received?))
    }

    /// The next one before a row.
    pub fn older_than(&self, row: usize) -> Option<usize> {
        let (own, received) = self.before(row);
        let own = own.checked_sub(1).and_then(|at| self.own.get(at).copied());
        let received = received.checked_sub(1);
        own.max(self.row_of(received.and_then(|at| self.received.get(at))))
    }

    /// The next one behind a row.
    pub fn newer_than(&self, row: usize) -> Option<usize> {
        let (own, received) = self.before(row + 1);
        let own = self.own.get(own).copied();
        let received = self.row_of(self.received.get(received));
        match (own, received) {
            (Some(own), Some(received)) => Some(own.min(received)),
            (own, received) => own.or(received),
        }
    }
}

/// The characters of a text as they are compared, each with its place.
fn fold(text: &str) -> impl Iterator<Item = (usize, char)> {
    let chars = text.chars().enumerate();
    // A mark of its own is an accent that another keyboard puts into its letter.
    chars
        .filter(|(_, c)| c.width() != Some(0))
        .map(|(at, c)| (at, to_lower_case(normalize(c))))
}

/// At most so many places of `needle` in a text.
fn find(needle: &[char], text: &str, most: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if needle.is_empty() {
        return found;
    }
    let text: Vec<(usize, char)> = fold(text).collect();
    let mut from = 0;
    while found.len() < most
        && let Some(here) = text.get(from..from + needle.len())
    {
        if here.iter().map(|(_, c)| c).eq(needle) {
            let (start, _) = here.first().copied().unwrap_or_default();
            let (end, _) = here.last().copied().unwrap_or_default();
            found.push(start..end + 1);
            from += needle.len();
        } else {
            from += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(words: &str) -> Search {
        let mut search = Search::default();
        search.filter.input.paste(words);
        search.typed();
        search
    }

    #[test]
    fn case_and_accents_make_no_difference() {
        let finds = |words: &str, text: &str, expected: &[(usize, usize)]| {
            let hits = search(words).hits_in(text).into_iter();
            let hits: Vec<(usize, usize)> = hits.map(|hit| (hit.start, hit.end)).collect();
            assert_eq!(hits, expected, "{words} in {text}");
        };
        finds("portao", "Encontro no PORTÃO 3", &[(12, 18)]);
        finds("portão", "portao, Portão", &[(0, 6), (8, 14)]);
        finds("cafe", "um cafe\u{301} quente", &[(3, 7)]);
        finds("東京", "em 東京 hoje", &[(3, 5)]);
        finds("aa", "aaaa", &[(0, 2), (2, 4)]);
        finds("x", "", &[]);
    }
}

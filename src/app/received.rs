//! What other people wrote: every lane with its count of unread messages, and the newest part of those
//! that somebody looked at. What we wrote ourselves is in [`super::messages`].
//!
//! ```text
//!   unread ─ somebody looks ─► asked ─► known ── scrolled to its start ─► asked for older ones
//!                                │        └─ news come behind its end
//!                                └─► failed, and why
//! ```
//! Invariants: the messages of a lane that are known have no gap; counts are those of the store at the
//! first look and what came since, so the list needs no message to be read. Nothing here can be
//! answered but in its group.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{
    CorrelationId, DeliveryState, Fate, GroupId, Kept, Lane, LaneSummary, Millis, News, Overview,
    Seq,
};

/// Whether this program receives, beside reading what the store has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reception {
    /// Nobody asked for it.
    #[default]
    Off,
    /// It listens at this address. A secret: whoever knows it can add messages.
    On(String),
    /// It cannot, and why.
    Failed(String),
}

/// How much of a lane is known here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Nobody looked yet.
    #[default]
    Unread,
    /// It is being read.
    Asked,
    /// The newest part, with more before it.
    Part,
    /// Everything.
    Whole,
    /// It could not be read, and why.
    Failed(String),
}

/// One lane.
#[derive(Debug, Default)]
pub struct Chat {
    messages: Vec<Kept>,
    /// How much of it that is.
    pub page: Page,
    /// Nothing stands before the messages that are known.
    is_whole: bool,
    total: usize,
    unread: usize,
    first_unread: Option<Seq>,
    newest: Option<Kept>,
    /// Where the rule «new» stands while somebody looks.
    new_from: Option<Seq>,
    /// How many stand below it.
    new_count: usize,
}

impl Chat {
    fn of(summary: LaneSummary) -> Self {
        Self {
            total: summary.total,
            unread: summary.unread,
            first_unread: summary.first_unread,
            newest: Some(summary.newest),
            ..Self::default()
        }
    }

    /// The messages that are known, oldest first.
    pub fn messages(&self) -> &[Kept] {
        &self.messages
    }

    /// Whether nothing stands before the messages that are known.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// How many the store has.
    pub fn total(&self) -> usize {
        self.total
    }

    /// How many nobody has read at this computer.
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// One of the messages that are known, or the newest.
    pub fn get(&self, seq: Seq) -> Option<&Kept> {
        let known = self.messages.binary_search_by_key(&seq, |kept| kept.seq);
        let known = known.ok().and_then(|at| self.messages.get(at));
        known.or_else(|| self.newest().filter(|newest| newest.seq == seq))
    }

    /// The newest message.
    pub fn newest(&self) -> Option<&Kept> {
        self.newest.as_ref()
    }

    /// Whether the newest message is among those that are known, also where older ones could not be read.
    pub fn shows_newest(&self) -> bool {
        match self.page {
            Page::Unread | Page::Asked => false,
            Page::Part | Page::Whole | Page::Failed(_) => !self.messages.is_empty(),
        }
    }

    /// The first message below the rule «new», while somebody looks.
    pub fn new_from(&self) -> Option<Seq> {
        self.new_from
    }

    /// How many stand below it.
    pub fn new_count(&self) -> usize {
        self.new_count
    }

    fn arrived(&mut self, kept: Kept) {
        if self
            .newest
            .as_ref()
            .is_some_and(|newest| newest.seq >= kept.seq)
        {
            return;
        }
        self.total += 1;
        self.unread += 1;
        self.first_unread.get_or_insert(kept.seq);
        // While a part is being read, what comes goes on behind it; and what was read may be ahead of what
        // was told.
        let is_followed = match self.page {
            Page::Asked | Page::Part | Page::Whole => true,
            Page::Unread | Page::Failed(_) => !self.messages.is_empty(),
        };
        let is_behind = self.messages.last().is_none_or(|last| last.seq < kept.seq);
        if is_followed && is_behind {
            self.messages.push(kept.clone());
        }
        self.newest = Some(kept);
    }

    /// Takes what the store has before the first message that is known. A page that was asked for before
    /// that changed is none. A page of the newest ones takes the place of what was known of them; what came
    /// while it was being read stays behind it.
    pub(super) fn take(&mut self, before: Option<Seq>, older: Vec<Kept>, most: usize) {
        if before.is_none() {
            let last = older.last().map(|kept| kept.seq);
            self.messages
                .retain(|known| last.is_none_or(|last| known.seq > last));
        } else if before != self.messages.first().map(|kept| kept.seq) {
            return;
        }
        self.is_whole = older.len() < most;
        self.page = if self.is_whole {
            Page::Whole
        } else {
            Page::Part
        };
        let known = std::mem::replace(&mut self.messages, older);
        self.messages.extend(known);
    }

    /// Forgets all but the newest messages; older ones can be read again. Not while a page is being read
    /// that has to join them.
    pub(super) fn shed(&mut self, keep: usize) {
        let older = self.messages.len().saturating_sub(keep);
        if older > 0 && self.page != Page::Asked {
            self.messages.drain(..older);
            self.messages.shrink_to_fit();
            self.is_whole = false;
            if self.page == Page::Whole {
                self.page = Page::Part;
            }
        }
    }

    /// Everything that is known is to be read once more; returns how many messages that are.
    pub(super) fn read_again(&mut self) -> usize {
        self.page = Page::Asked;
        self.messages.len()
    }

    /// Somebody looks at its end: returns up to where it is read now, when that is news.
    fn read(&mut self) -> Option<Seq> {
        if self.unread == 0 {
            return None;
        }
        self.new_from = self.new_from.or(self.first_unread);
        self.new_count += self.unread;
        self.unread = 0;
        self.first_unread = None;
        self.newest.as_ref().map(|newest| newest.seq)
    }

    /// Nobody looks any more.
    fn leave(&mut self) {
        self.new_from = None;
        self.new_count = 0;
    }
}

/// Everything that was received.
#[derive(Debug, Default)]
pub struct Received {
    /// Whether this program receives.
    pub reception: Reception,
    /// Why nothing can be kept of what this program receives, while that is so.
    pub not_kept: Option<String>,
    chats: BTreeMap<Lane, Chat>,
    fates: BTreeMap<CorrelationId, DeliveryState>,
    /// The report that was read last as it came, or why it could not be read.
    pub(super) raw: Option<(Seq, Result<Option<String>, String>)>,
    /// When the list was read last because of a group that is not in it.
    pub(super) listed_at: Option<Millis>,
    /// Lanes with a rule «new»: left when nobody looks at them any more.
    ruled: BTreeSet<Lane>,
    /// Another one whenever something may have changed that is counted.
    stamp: u64,
}

impl Received {
    /// One lane; `None` for one in which nothing was ever received.
    pub fn of(&self, lane: &Lane) -> Option<&Chat> {
        self.chats.get(lane)
    }

    /// What was written in a group.
    pub fn of_group(&self, group: &GroupId) -> Option<&Chat> {
        self.of(&Lane::Group(group.clone()))
    }

    /// Another number whenever something may have changed that is counted.
    pub(super) fn stamp(&self) -> u64 {
        self.stamp
    }

    /// A report as it came, once it was read; `None` inside for one that is not kept any more.
    pub fn raw(&self, seq: Seq) -> Option<Result<Option<&str>, &str>> {
        let (of, read) = self.raw.as_ref()?;
        let read = read.as_ref().map(Option::as_deref);
        (*of == seq).then(|| read.map_err(String::as_str))
    }

    /// One lane, to change it.
    pub(super) fn of_mut(&mut self, lane: &Lane) -> &mut Chat {
        self.stamp += 1;
        self.chats.entry(lane.clone()).or_default()
    }

    /// Every lane.
    pub fn lanes(&self) -> impl Iterator<Item = (&Lane, &Chat)> {
        self.chats.iter()
    }

    /// Somebody looks at the end of a lane: returns up to where it is read now, when that is news.
    pub(super) fn read(&mut self, lane: &Lane) -> Option<Seq> {
        let upto = self.of_mut(lane).read()?;
        self.ruled.insert(lane.clone());
        Some(upto)
    }

    /// The lanes that have a rule «new».
    pub(super) fn ruled(&self) -> impl Iterator<Item = &Lane> {
        self.ruled.iter()
    }

    /// Nobody looks at a lane any more.
    pub(super) fn leave(&mut self, lane: &Lane) {
        if self.ruled.remove(lane) {
            self.of_mut(lane).leave();
        }
    }

    /// How far a message of ours got, as the provider reported it.
    pub fn fate(&self, id: &CorrelationId) -> Option<&DeliveryState> {
        self.fates.get(id)
    }

    /// What the store has at the first look.
    pub(super) fn looked(&mut self, overview: Overview) {
        self.stamp += 1;
        let chats = overview.lanes.into_iter();
        self.chats = chats
            .map(|lane| (lane.lane.clone(), Chat::of(lane)))
            .collect();
        self.ruled.clear();
    }

    /// Takes news; those that are known already change nothing.
    pub(super) fn arrived(&mut self, news: News) {
        for kept in news.messages {
            self.of_mut(&kept.message.lane.clone()).arrived(kept);
        }
        for fate in news.fates {
            self.reported(fate);
        }
    }

    /// The provider says how far a message of ours got.
    pub(super) fn reported(&mut self, fate: Fate) {
        let known = self.fates.get(&fate.id);
        if known.is_none_or(|known| known.leads_to(&fate.state)) {
            self.fates.insert(fate.id, fate.state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clean, Content, Incoming, Sender};

    fn lane() -> Lane {
        Lane::Group(GroupId::new("a").unwrap())
    }

    fn kept(seq: i64) -> Kept {
        Kept {
            seq: Seq(seq),
            kept_at: Millis(7),
            times: 1,
            message: Incoming {
                lane: lane(),
                sender: Sender::new("5511900000001"),
                name: Clean::default(),
                content: Content::Text(seq.to_string()),
                received_at: None,
            },
        }
    }

    fn news(messages: impl IntoIterator<Item = i64>) -> News {
        News {
            messages: messages.into_iter().map(kept).collect(),
            ..News::default()
        }
    }

    fn seqs(received: &Received) -> Vec<i64> {
        let messages = received.of(&lane()).unwrap().messages();
        messages.iter().map(|kept| kept.seq.0).collect()
    }

    #[test]
    fn a_message_that_is_told_twice_counts_once() {
        let mut received = Received::default();
        received.arrived(news([1, 2]));
        received.arrived(news([2, 3]));
        let chat = received.of(&lane()).unwrap();
        assert_eq!((chat.total(), chat.unread()), (3, 3));
    }

    #[test]
    fn what_was_read_is_not_new_again_and_the_rule_stays_while_somebody_looks() {
        let mut received = Received::default();
        received.arrived(news([1, 2]));
        let chat = received.of_mut(&lane());
        chat.take(None, vec![kept(1), kept(2)], 9);
        assert_eq!(chat.read(), Some(Seq(2)));
        assert_eq!(chat.read(), None);
        assert_eq!((chat.new_from(), chat.new_count()), (Some(Seq(1)), 2));
        received.arrived(news([3]));
        let chat = received.of_mut(&lane());
        assert_eq!(chat.read(), Some(Seq(3)));
        assert_eq!((chat.new_from(), chat.new_count()), (Some(Seq(1)), 3));
        chat.leave();
        assert_eq!((chat.new_from(), chat.unread()), (None, 0));
    }

    #[test]
    fn pages_join_without_a_gap() {
        let mut received = Received::default();
        received.arrived(news([1, 2, 3, 4]));
        let chat = received.of_mut(&lane());
        chat.take(None, vec![kept(3), kept(4)], 2);
        assert_eq!(chat.page, Page::Part);
        received.arrived(news([5]));
        let chat = received.of_mut(&lane());
        chat.take(Some(Seq(3)), vec![kept(1), kept(2)], 9);
        assert_eq!(chat.page, Page::Whole);
        assert_eq!(seqs(&received), [1, 2, 3, 4, 5]);
        received
            .of_mut(&lane())
            .take(Some(Seq(3)), vec![kept(2)], 9);
        assert_eq!(
            seqs(&received),
            [1, 2, 3, 4, 5],
            "asked for before that changed"
        );
    }

    #[test]
    fn what_comes_while_older_ones_are_read_stays_and_nothing_is_read_twice() {
        let mut received = Received::default();
        received.arrived(news([1, 2, 3, 4]));
        let chat = received.of_mut(&lane());
        chat.take(None, vec![kept(3), kept(4)], 2);
        chat.page = Page::Asked;
        received.arrived(news([5]));
        let chat = received.of_mut(&lane());
        chat.take(Some(Seq(3)), vec![kept(1), kept(2)], 2);
        assert_eq!(chat.page, Page::Part);
        assert_eq!(seqs(&received), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_read_again_takes_the_place_of_what_was_known() {
        let mut received = Received::default();
        received.arrived(news([1, 2]));
        let chat = received.of_mut(&lane());
        chat.take(None, vec![kept(1), kept(2)], 9);
        assert_eq!(chat.read_again(), 2);
        received.arrived(news([3]));
        let chat = received.of_mut(&lane());
        let renamed = Kept {
            times: 2,
            ..kept(2)
        };
        chat.take(None, vec![kept(1), renamed], 9);
        assert_eq!(chat.messages()[1].times, 2);
        assert_eq!(seqs(&received), [1, 2, 3]);
    }

    #[test]
    fn what_comes_while_the_newest_ones_are_read_joins_them() {
        let mut received = Received::default();
        received.arrived(news([1, 2]));
        received.of_mut(&lane()).page = Page::Asked;
        received.arrived(news([3, 4]));
        let chat = received.of_mut(&lane());
        chat.take(None, vec![kept(1), kept(2), kept(3)], 9);
        assert_eq!(chat.page, Page::Whole);
        assert_eq!(seqs(&received), [1, 2, 3, 4], "whatever comes meanwhile");
    }

    #[test]
    fn a_page_that_knows_more_than_was_told_has_nothing_twice_and_keeps_the_order() {
        let mut received = Received::default();
        received.arrived(news([1, 2]));
        let chat = received.of_mut(&lane());
        chat.take(None, vec![kept(4), kept(5)], 2);
        received.arrived(news([3, 4]));
        received.arrived(news([5, 6]));
        assert_eq!(seqs(&received), [4, 5, 6]);
        let chat = received.of_mut(&lane());
        assert_eq!((chat.total(), chat.unread()), (6, 6));
        chat.take(Some(Seq(4)), vec![kept(1), kept(2), kept(3)], 9);
        assert_eq!(seqs(&received), [1, 2, 3, 4, 5, 6]);
    }
}

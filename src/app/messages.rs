//! What is written to groups from here: drafts, messages that leave in a moment, and what became of
//! the others. What people answer is in [`super::received`]; both as one list in [`conversation`].
//!
//! ```text
//!   draft ─ enter ─► leaving ─ its time ─► sending ─┬─► accepted
//!     ▲                 │                           ├─► not sent ─ enter ─► leaving, as a new one
//!     └──────── u ──────┘                           └─► unknown ─ the user looks and says
//! ```
//! Invariants: a message is sent once; sending the same words again is another message, which the
//! user asks for. One message of a group is on its way at a time, in the order in which they were
//! written, and none overtakes one whose end is unknown. Every text that was typed is in the journal
//! or in the draft, so a program that is killed loses none.

pub mod body;
pub mod conversation;
pub mod draft;
mod history;
pub mod search;
pub mod window;

use std::collections::{BTreeMap, BTreeSet};

use self::conversation::RowId;
use self::draft::Draft;
pub use self::history::History;
use self::search::Search;
use super::remote::Ticket;
use crate::domain::journal::{EntryId, Verdict};
use crate::domain::{CorrelationId, GroupId, Incoming, Kept, KeptDraft, MessageText, Millis};

/// How far a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageState {
    /// It leaves at that moment, or when its turn comes; until then it can be taken back.
    Leaving(Millis),
    /// On its way under that ticket.
    Sending(Ticket),
    /// On its way from another program that shares the journal.
    Elsewhere,
    /// The platform took it, which does not mean that anybody got it.
    Accepted,
    /// It was refused, or never left, with the reason.
    NotSent(String),
    /// It may have been delivered, with the reason why nobody can tell.
    Unknown(String),
    /// It was unknown, and the user looked and said.
    Said(Verdict),
}

/// Where a message that is to be sent comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The composer.
    Composer,
    /// A message that was not sent.
    NotSent(CorrelationId),
    /// A message that may have been delivered.
    Unknown(CorrelationId),
}

/// What the user says about a message that may have been delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It arrived.
    Happened,
    /// It did not.
    DidNotHappen,
    /// It is to be sent once more, whatever became of it.
    Again,
}

/// One message to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Our name for it.
    pub id: CorrelationId,
    /// What it says.
    pub text: MessageText,
    /// When it was written, or when it left.
    pub at: Millis,
    /// How far it is.
    pub state: MessageState,
    /// Its entry in the journal, where one is known.
    pub entry: Option<EntryId>,
    /// It stands in the journal: its text needs no draft any more.
    is_recorded: bool,
    /// Unknown, but sent again since: nothing waits for an answer about it.
    is_superseded: bool,
    /// The unknown message that this one sends again.
    replaces: Option<CorrelationId>,
}

impl Message {
    /// Whether it can be tried again, edited or dropped.
    pub fn is_not_sent(&self) -> bool {
        matches!(
            self.state,
            MessageState::NotSent(_) | MessageState::Said(Verdict::DidNotHappen)
        )
    }

    /// The unknown message that this one was to send again.
    pub(super) fn into_replaced(self) -> Option<CorrelationId> {
        self.replaces
    }

    /// Whether the user has to say what became of it before anything else leaves.
    pub fn holds(&self) -> bool {
        matches!(self.state, MessageState::Unknown(_)) && !self.is_superseded
    }
}

/// Everything written to one group.
#[derive(Debug, Default)]
pub struct Thread {
    /// What is being written.
    pub draft: Draft,
    /// What the journal holds.
    pub history: History,
    messages: Vec<Message>,
    /// The row under the cursor; `None` follows the newest one.
    cursor: Option<RowId>,
    /// The newest row when the cursor was put on its row.
    bottom: Option<RowId>,
    /// What is looked for in it.
    pub search: Search,
    /// When the draft has to be kept, because it is another one than the store has.
    pub(super) save_at: Option<Millis>,
    /// The draft as the store was told to keep it.
    kept: KeptDraft,
    /// Whether it really has it is not sure.
    is_kept_in_doubt: bool,
    /// Messages that were taken out: the journal holds them still.
    gone: BTreeSet<CorrelationId>,
    /// Their entries in the journal.
    put_away: BTreeSet<EntryId>,
    /// The store has to be told of them.
    puts_away: bool,
}

impl Thread {
    /// Every message, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The row under the cursor; `None` while it stays with the newest.
    pub fn cursor(&self) -> Option<&RowId> {
        self.cursor.as_ref()
    }

    /// The newest row when the cursor was put on its row.
    pub fn bottom(&self) -> Option<&RowId> {
        self.bottom.as_ref()
    }

    /// Puts the cursor on a row, with the newest row there is, or lets it follow the newest.
    pub(super) fn put_cursor(&mut self, cursor: Option<RowId>, newest: Option<RowId>) {
        self.bottom = newest.filter(|_| cursor.is_some());
        self.cursor = cursor;
    }

    /// Looks in what is known and was not looked at yet; `name` says what who wrote is called.
    pub(super) fn search_on(&mut self, received: &[Kept], name: &dyn Fn(&Incoming) -> String) {
        self.search.refresh(&self.messages, received, name);
    }

    /// Whether nothing may leave at the moment: one message is on its way, or nobody knows what
    /// became of one.
    pub fn is_held(&self) -> bool {
        let sending = |state: &MessageState| matches!(state, MessageState::Sending(_));
        let mut messages = self.messages.iter();
        messages.any(|message| sending(&message.state) || message.holds())
    }

    /// The next message that leaves by itself, and when. Before it is known what an earlier run sent, and
    /// what became of it, none does.
    pub(super) fn next_leave(&self) -> Option<(&CorrelationId, Millis)> {
        match self.history {
            History::Unread | History::Asked => None,
            History::Known | History::Failed(_) => self.next_in_line(),
        }
    }

    fn next_in_line(&self) -> Option<(&CorrelationId, Millis)> {
        if self.is_held() {
            return None;
        }
        self.messages
            .iter()
            .find_map(|message| match message.state {
                MessageState::Leaving(at) => Some((&message.id, at)),
                MessageState::Sending(_)
                | MessageState::Elsewhere
                | MessageState::Accepted
                | MessageState::NotSent(_)
                | MessageState::Unknown(_)
                | MessageState::Said(_) => None,
            })
    }

    fn position(&self, id: &CorrelationId) -> Option<usize> {
        self.messages.iter().position(|message| message.id == *id)
    }

    pub(super) fn get_mut(&mut self, id: &CorrelationId) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.id == *id)
    }

    /// The user said what became of that entry of the journal. What waited for this leaves then.
    pub(super) fn said(&mut self, entry: EntryId, verdict: Verdict, leaves: Millis) {
        let mut messages = self.messages.iter_mut();
        if let Some(message) = messages.find(|message| message.entry == Some(entry)) {
            message.state = MessageState::Said(verdict);
            self.postpone(leaves);
        }
    }

    /// Nothing leaves before that moment: what a doubt held can still be taken back.
    pub(super) fn postpone(&mut self, leaves: Millis) {
        for message in &mut self.messages {
            if let MessageState::Leaving(at) = &mut message.state {
                *at = leaves.max(*at);
            }
        }
    }

    /// Puts a message at the end of the line; one that sends another again at its front, where that one
    /// was.
    pub(super) fn push(
        &mut self,
        id: CorrelationId,
        text: MessageText,
        now: Millis,
        leaves: Millis,
        replaces: Option<CorrelationId>,
    ) {
        let waits = |message: &Message| matches!(message.state, MessageState::Leaving(_));
        let front = self.messages.iter().position(waits);
        let row = front
            .filter(|_| replaces.is_some())
            .unwrap_or(self.messages.len());
        if let Some(old) = &replaces {
            self.supersede(old, true);
        }
        let message = Message {
            id,
            text,
            at: now,
            state: MessageState::Leaving(leaves),
            entry: None,
            is_recorded: false,
            is_superseded: false,
            replaces,
        };
        self.cursor = (row < self.messages.len()).then(|| RowId::Own(message.id.clone()));
        self.messages.insert(row, message);
    }

    /// Takes a message out of the list, for good.
    pub(super) fn take(&mut self, id: &CorrelationId) -> Option<Message> {
        let row = self.position(id)?;
        let message = self.messages.remove(row);
        if let Some(old) = &message.replaces {
            // Nothing sends it again any more.
            self.supersede(old, false);
        }
        self.gone.insert(id.clone());
        if let Some(entry) = message.entry {
            self.put_away(entry);
        }
        self.cursor
            .take_if(|cursor| *cursor == RowId::Own(id.clone()));
        Some(message)
    }

    /// The entry of a message that was taken out is not to be shown again.
    fn put_away(&mut self, entry: EntryId) {
        if self.put_away.insert(entry) {
            self.puts_away = true;
        }
    }

    /// A message that was unknown is sent again, or after all it is not.
    fn supersede(&mut self, id: &CorrelationId, is_superseded: bool) {
        if let Some(message) = self.get_mut(id) {
            message.is_superseded = is_superseded;
        }
    }

    /// A message stands in the journal.
    pub(super) fn record(&mut self, ticket: Ticket, entry: EntryId) -> bool {
        let mut messages = self.messages.iter_mut();
        let Some(message) = messages.find(|m| m.state == MessageState::Sending(ticket)) else {
            return false;
        };
        message.is_recorded = true;
        message.entry = Some(entry);
        true
    }

    /// Whether a message that is to be sent can be: what it takes the place of may have been reported
    /// meanwhile.
    pub(super) fn can_send(&self, source: &Source) -> bool {
        let is = |id: &CorrelationId, fits: fn(&Message) -> bool| {
            let mut messages = self.messages.iter();
            messages.any(|message| message.id == *id && fits(message))
        };
        match source {
            Source::Composer => true,
            Source::NotSent(old) => is(old, Message::is_not_sent),
            Source::Unknown(old) => is(old, Message::holds),
        }
    }

    /// Everything that did not leave goes back into the draft.
    pub(super) fn put_back(&mut self) {
        let leaving: Vec<CorrelationId> = self
            .messages
            .iter()
            .filter(|message| matches!(message.state, MessageState::Leaving(_)))
            .map(|message| message.id.clone())
            .collect();
        for id in leaving.iter().rev() {
            if let Some(message) = self.take(id) {
                self.draft.put_in_front(message.text.as_str());
            }
        }
    }

    /// The provider reported a message: it was taken, whatever the answer was and whatever the user said.
    /// True when that is news.
    pub(super) fn reported(&mut self, id: &CorrelationId) -> bool {
        let Some(message) = self.get_mut(id) else {
            return false;
        };
        let is_news = match message.state {
            MessageState::Unknown(_)
            | MessageState::Elsewhere
            | MessageState::NotSent(_)
            | MessageState::Said(_) => true,
            MessageState::Leaving(_) | MessageState::Sending(_) | MessageState::Accepted => false,
        };
        if is_news {
            message.state = MessageState::Accepted;
        }
        is_news
    }

    /// Every text that only this program has, in its order: what a crash must not take.
    fn unrecorded(&self) -> KeptDraft {
        let waiting = self.messages.iter().filter(|message| !message.is_recorded);
        let waiting = waiting.map(|message| (message.id.clone(), message.text.as_str().to_owned()));
        let text = if self.draft.is_blank() {
            ""
        } else {
            self.draft.text()
        };
        KeptDraft {
            waiting: waiting.collect(),
            text: text.to_owned(),
            ..KeptDraft::default()
        }
    }

    /// Whether something was typed that only this program has.
    pub(super) fn has_unrecorded(&self) -> bool {
        let mut messages = self.messages.iter();
        !self.draft.is_blank() || messages.any(|message| !message.is_recorded)
    }

    /// What the store should have now; `None` when it has it.
    pub(super) fn take_unkept(&mut self) -> Option<KeptDraft> {
        self.save_at = None;
        let draft = self.unrecorded();
        let is_sure = !std::mem::take(&mut self.is_kept_in_doubt);
        let puts_away = std::mem::take(&mut self.puts_away) || !is_sure;
        if is_sure && !puts_away && draft == self.kept {
            return None;
        }
        self.kept.clone_from(&draft);
        let told = self.put_away.iter().filter(|_| puts_away);
        Some(KeptDraft {
            put_away: told.copied().collect(),
            ..draft
        })
    }

    /// A draft could not be kept: the end of the program tries once more.
    pub(super) fn doubt_kept(&mut self) {
        self.is_kept_in_doubt = true;
    }

    /// The store had this draft at the start. What was typed before it came stays behind it.
    pub(super) fn restore(&mut self, text: &str) {
        // What of it stands in the journal meanwhile has to go.
        self.is_kept_in_doubt = true;
        self.draft.put_in_front(text);
    }
}

/// Everything written to groups.
#[derive(Debug, Default)]
pub struct Messages {
    threads: BTreeMap<GroupId, Thread>,
    /// The group whose composer takes the keys.
    pub(super) composing: Option<GroupId>,
    /// Whether what the store has is known here.
    pub(super) drafts: Drafts,
    /// The user knows that drafts cannot be kept, or not be read.
    pub(super) told_not_kept: bool,
}

/// Whether the drafts that the store has are known here: nothing takes their place before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Drafts {
    /// Not yet, or they could not be read.
    #[default]
    Unread,
    /// They are being read.
    Asked,
    /// They are.
    Known,
}

impl Messages {
    /// What was written to a group; `None` for nothing.
    pub fn of(&self, group: &GroupId) -> Option<&Thread> {
        self.threads.get(group)
    }

    /// The same, to change it.
    pub(super) fn of_mut(&mut self, group: &GroupId) -> &mut Thread {
        self.threads.entry(group.clone()).or_default()
    }

    /// The group that is being written to.
    pub fn composing(&self) -> Option<&GroupId> {
        self.composing.as_ref()
    }

    /// Every group that was written to.
    pub fn iter(&self) -> impl Iterator<Item = (&GroupId, &Thread)> {
        self.threads.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&GroupId, &mut Thread)> {
        self.threads.iter_mut()
    }

    /// The newest message that can still be taken back, and its group.
    pub fn last_leaving(&self) -> Option<(&GroupId, &Message)> {
        self.iter()
            .flat_map(|(group, thread)| thread.messages.iter().map(move |message| (group, message)))
            .filter(|(_, message)| matches!(message.state, MessageState::Leaving(_)))
            .max_by_key(|(_, message)| message.at)
    }

    /// Whether a message is on its way, and no answer came yet.
    pub fn is_sending(&self) -> bool {
        let sending = |message: &Message| matches!(message.state, MessageState::Sending(_));
        let mut threads = self.threads.values();
        threads.any(|thread| thread.messages.iter().any(sending))
    }

    /// Groups with a message that leaves by itself if nothing happens.
    pub fn about_to_leave(&self) -> impl Iterator<Item = &GroupId> {
        let mut threads = self.threads.iter();
        std::iter::from_fn(move || threads.find(|(_, thread)| thread.next_in_line().is_some()))
            .map(|(group, _)| group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unkept(thread: &mut Thread) -> Option<String> {
        let draft = thread.take_unkept()?;
        let waiting = draft.waiting.into_iter().map(|(_, text)| text);
        let texts: Vec<String> = waiting.chain([draft.text]).collect();
        Some(texts.join("\n"))
    }

    #[test]
    fn everything_that_stands_nowhere_else_is_in_the_draft() {
        let mut thread = Thread::default();
        let text = |text: &str| text.parse::<MessageText>().unwrap();
        let id = CorrelationId::from_bits;
        thread.push(id(1), text("um"), Millis(1), Millis(9), None);
        thread.push(id(2), text("dois"), Millis(2), Millis(10), None);
        thread.draft = Draft::of("três");
        assert_eq!(unkept(&mut thread).as_deref(), Some("um\ndois\ntrês"));
        assert_eq!(thread.take_unkept(), None);
        thread.get_mut(&id(1)).unwrap().state = MessageState::Sending(Ticket(7));
        assert_eq!(
            thread.take_unkept(),
            None,
            "not before it stands in the journal"
        );
        assert!(thread.record(Ticket(7), EntryId(7)));
        assert_eq!(unkept(&mut thread).as_deref(), Some("dois\ntrês"));
        thread.put_back();
        assert_eq!(thread.draft.text(), "dois\ntrês");
        assert_eq!(unkept(&mut thread).as_deref(), Some("dois\ntrês"));
        assert_eq!(thread.take_unkept(), None);
    }
}

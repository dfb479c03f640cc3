//! The store of a probe: what was written down in this run and before, in memory, and what it answers.

use super::Probe;
use crate::app::Msg;
use crate::app::remote::Ticket;
use crate::domain::journal::{ChangeKind, End, Entry, EntryId, EntryQuery, EntryState, Intent};
use crate::domain::{GroupId, KeptDraft};

impl Probe {
    /// The entry of a change of this run. Those of other runs have small numbers.
    pub(crate) fn entry(ticket: Ticket) -> EntryId {
        EntryId(1_000_000 + i64::try_from(ticket.0).unwrap())
    }

    /// Keeps a draft, and puts away what it takes the place of.
    pub(super) fn keep(&mut self, account: String, group: GroupId, draft: KeptDraft) {
        self.put_away.extend(draft.put_away);
        let waiting = draft.waiting.iter().map(|(_, text)| text.as_str());
        let texts: Vec<&str> = waiting.chain([draft.text.as_str()]).collect();
        let mut text = texts.join("\n");
        let place = (account, group);
        if let Some(before) = self.drafts.get(&place).filter(|_| draft.is_behind) {
            text = format!("{before}\n{text}");
        }
        if text.trim().is_empty() {
            self.drafts.remove(&place);
        } else {
            self.drafts.insert(place, text.trim_end().to_owned());
        }
    }

    /// What the journal says of a change of this run whose end nobody knows.
    pub(super) fn doubt(&mut self, ticket: Ticket, end: End) {
        let mut intents = self.intents.iter();
        let (_, intent) = intents.find(|(begun, _)| *begun == ticket).unwrap();
        let state = EntryState::Ended(end);
        let mut entry = self.written(ticket, intent.clone(), state);
        entry.ended = Some(self.model.now);
        self.send(Msg::Doubted(Box::new(entry)));
    }

    fn written(&self, ticket: Ticket, intent: Intent, state: EntryState) -> Entry {
        Entry {
            id: Self::entry(ticket),
            begun: self.begun.get(&ticket).copied().unwrap_or(self.model.now),
            ended: None,
            intent: Some(intent),
            state,
            doubt: String::new(),
            is_overtaken: false,
            person: String::new(),
        }
    }

    /// What was sent to a group in this run and before, newest first.
    pub(super) fn messages_to(&self, account: &str, group: &GroupId) -> Result<Vec<Entry>, String> {
        let earlier = self.history.clone()?;
        let now = self.intents.iter().rev().filter_map(|(ticket, intent)| {
            self.begun.get(ticket)?;
            let is_its = intent.kind == ChangeKind::SendToGroup
                && intent.account == account
                && intent.group.as_ref() == Some(group);
            if !is_its {
                return None;
            }
            let entry = Self::entry(*ticket);
            let mut settled = self.settled.iter();
            let mut ends = self.ends.iter();
            let said = settled.find(|(settled, _)| *settled == entry);
            let end = said.map(|(_, end)| end).or_else(|| {
                let ended = ends.find(|(ended, _)| ended == ticket);
                ended.map(|(_, end)| end)
            });
            let state = end.map_or(EntryState::InFlight, |end| EntryState::Ended(end.clone()));
            Some(self.written(*ticket, intent.clone(), state))
        });
        // What a test says of earlier runs is taken as it is.
        let entries = now.chain(earlier);
        Ok(entries
            .filter(|entry| !self.put_away.contains(&entry.id))
            .collect())
    }

    /// What the journal answers.
    pub(super) fn page(&self, query: &EntryQuery) -> Vec<Entry> {
        let fits = |entry: &&Entry| {
            let text = format!("{:?}", entry.intent).to_lowercase();
            query.before.is_none_or(|before| entry.id < before)
                && query
                    .words
                    .split_whitespace()
                    .all(|word| text.contains(&word.to_lowercase()))
        };
        let found = self.past.iter().filter(fits).cloned();
        found.take(usize::try_from(query.limit).unwrap()).collect()
    }
}

//! What the journal holds of the messages to a group, and how it joins what is known of this run.
//!
//! Invariant: what is known here is newer than what was read, and what was taken out does not come back.

use super::{Message, MessageState, Thread};
use crate::domain::journal::{End, Entry, EntryState};
use crate::domain::{CorrelationId, MessageText, Millis};

/// What the journal holds of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// Nobody asked yet.
    #[default]
    Unread,
    /// It is being read.
    Asked,
    /// It was read.
    Known,
    /// It could not be read, and why.
    Failed(String),
}

impl Thread {
    /// Takes what the journal holds: entries newest first. What is known here is newer.
    pub(in crate::app) fn remember(&mut self, entries: Vec<Entry>) {
        self.history = History::Known;
        let mut newer: Vec<(MessageText, CorrelationId)> = Vec::new();
        for entry in entries {
            let Some((id, mut message)) = from_entry(entry) else {
                continue;
            };
            if self.gone.contains(&id) {
                // It left the list before its entry was known here.
                if message.is_not_sent()
                    && let Some(entry) = message.entry
                {
                    self.put_away(entry);
                }
                continue;
            }
            // What was sent again later needs nothing any more.
            let again = newer.iter().find(|(text, _)| *text == message.text);
            let again = again.map(|(_, again)| again.clone());
            newer.push((message.text.clone(), id.clone()));
            if let Some(known) = self.get_mut(&id) {
                known.entry = message.entry;
                // What the user settled elsewhere, or another program sent.
                let is_news = match known.state {
                    MessageState::Elsewhere => true,
                    MessageState::Unknown(_) => matches!(message.state, MessageState::Said(_)),
                    MessageState::Leaving(_)
                    | MessageState::Sending(_)
                    | MessageState::Accepted
                    | MessageState::NotSent(_)
                    | MessageState::Said(_) => false,
                };
                if is_news {
                    known.state = message.state;
                }
                continue;
            }
            if again.is_some() && message.is_not_sent() {
                continue;
            }
            if let Some(again) = &again
                && matches!(message.state, MessageState::Unknown(_))
            {
                message.is_superseded = true;
                if let Some(again) = self.get_mut(again) {
                    again.replaces.get_or_insert_with(|| id.clone());
                }
            }
            self.messages.push(message);
        }
        self.messages.sort_by_key(|message| {
            // What has not left stands behind what has, whatever the clock says, and keeps its order.
            let waits = matches!(message.state, MessageState::Leaving(_));
            (waits, if waits { Millis::default() } else { message.at })
        });
    }
}

fn from_entry(entry: Entry) -> Option<(CorrelationId, Message)> {
    let intent = entry.intent?;
    let id = intent.correlation?;
    let state = match entry.state {
        EntryState::InFlight => MessageState::Elsewhere,
        EntryState::Ended(End::Applied) => MessageState::Accepted,
        EntryState::Ended(End::NotApplied(why)) => MessageState::NotSent(why),
        EntryState::Ended(End::Unknown(why)) => MessageState::Unknown(why),
        EntryState::Ended(End::SettledByUser(verdict)) => MessageState::Said(verdict),
        // Only changes of people end like this.
        EntryState::Ended(End::Mixed(_)) => return None,
    };
    let message = Message {
        id: id.clone(),
        text: intent.after.parse().ok()?,
        at: entry.begun,
        state,
        entry: Some(entry.id),
        is_recorded: true,
        is_superseded: false,
        replaces: None,
    };
    Some((id, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::GroupId;
    use crate::domain::journal::{Before, ChangeKind, EntryId, Intent};

    fn entry(number: u8, text: &str, state: EntryState) -> Entry {
        Entry {
            id: EntryId(i64::from(number)),
            begun: Millis(u64::from(number)),
            ended: None,
            intent: Some(Intent {
                account: "ana".into(),
                group: GroupId::new("a").ok(),
                group_name: "Corrida".into(),
                kind: ChangeKind::SendToGroup,
                people: vec![],
                before: Before::Unknown,
                after: text.into(),
                correlation: Some(CorrelationId::from_bits(number.into())),
            }),
            state,
            doubt: String::new(),
            is_overtaken: false,
            person: String::new(),
        }
    }

    #[test]
    fn what_was_sent_again_is_no_longer_offered_nor_in_the_way() {
        let refused = || EntryState::Ended(End::NotApplied("no".into()));
        let unknown = || EntryState::Ended(End::Unknown("cut".into()));
        let applied = || EntryState::Ended(End::Applied);
        let mut thread = Thread::default();
        thread.remember(vec![
            entry(6, "c", unknown()),
            entry(5, "b", applied()),
            entry(4, "a", applied()),
            entry(3, "b", unknown()),
            entry(2, "a", refused()),
            entry(1, "d", refused()),
        ]);
        let texts: Vec<&str> = thread.messages.iter().map(|m| m.text.as_str()).collect();
        assert_eq!(texts, ["d", "b", "a", "b", "c"]);
        let held: Vec<bool> = thread.messages.iter().map(Message::holds).collect();
        assert_eq!(held, [false, false, false, false, true]);
    }
}

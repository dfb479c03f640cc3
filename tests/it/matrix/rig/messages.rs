//! What is written to people: the words and the number that are typed, and what is left of them on
//! the screen, in drafts, in the journal and in the provider's outbox.
//!
//! Invariant: nothing here is computed from what is expected.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use wavedeck::app::invitations::{InviteState, Run};
use wavedeck::app::messages::{Message, MessageState, Thread};
use wavedeck::app::toasts::Level;
use wavedeck::domain::GroupId;

use super::*;

/// What is written to the group.
pub(super) const TEXT: &str = "Bom dia";
/// Who is invited: nobody who is in a group.
pub(super) const PERSON: &str = "5511900000009";

/// What panes, boxes and notices are framed with.
const FRAMES: &str = "│─╭╮╰╯";

impl Rig<'_> {
    fn here(&self) -> &GroupId {
        &self.chosen().expect("a group is chosen").id
    }

    fn thread(&self) -> &Thread {
        let thread = self.model.messages.of(self.here());
        thread.expect("something was written")
    }

    fn message(&self) -> &Message {
        match self.thread().messages() {
            [message] => message,
            other => panic!("one message was written: {other:?}"),
        }
    }

    fn run(&self) -> &Run {
        let run = self.model.invitations.of(self.here());
        run.expect("the results are not put away")
    }

    fn person(&self) -> &InviteState {
        match self.run().people.as_slice() {
            [(id, state)] if id.to_string() == PERSON => state,
            other => panic!("one person was invited: {other:?}"),
        }
    }

    /// Whether the message is about to leave, and did not.
    pub(super) fn is_leaving(&self) -> bool {
        matches!(self.message().state, MessageState::Leaving(_))
    }

    /// How the row of the message says that it ended.
    pub(super) fn end_of_message(&self) -> Outcome {
        match &self.message().state {
            MessageState::Accepted => Outcome::Accepted,
            MessageState::NotSent(_) => Outcome::NotApplied,
            MessageState::Unknown(_) => Outcome::Unknown,
            state @ (MessageState::Leaving(_)
            | MessageState::Sending(_)
            | MessageState::Elsewhere
            | MessageState::Said(_)) => panic!("still under way: {state:?}"),
        }
    }

    /// How the results say that the invitation ended, and a notice with them.
    pub(super) fn end_of_invitation(&self) -> Outcome {
        let (outcome, level) = match self.person() {
            InviteState::Accepted => (Outcome::Accepted, Level::Done),
            InviteState::Refused(_) | InviteState::NotSent(_) => {
                (Outcome::NotApplied, Level::Error)
            }
            InviteState::Doubtful(_) => (Outcome::Unknown, Level::Warning),
            state @ (InviteState::Waiting
            | InviteState::Sending(_)
            | InviteState::Undelivered(_)) => {
                panic!("still under way: {state:?}")
            }
        };
        assert!(
            self.new_notices().any(|(told, _)| told == level),
            "{outcome:?} without a notice"
        );
        outcome
    }

    /// How many messages the provider took. Each is what was typed, for whom it was meant.
    pub(super) fn sent(&self) -> usize {
        let outbox = self.simulator.state().outbox();
        for sent in &outbox {
            let kind = sent.recipient_type.as_deref();
            if self.cell.operation == Operation::SendToGroup {
                assert_eq!((kind, sent.text.as_str()), (Some("group"), TEXT));
                assert_eq!(sent.destination, self.here().as_str());
            } else {
                assert_eq!(kind, Some("individual"));
                assert_eq!(sent.destination, PERSON);
                assert!(sent.text.contains("https://"), "no link: {sent:?}");
            }
        }
        outbox.len()
    }

    /// Where the text of the message is: of one that was accepted nothing is left to be sent, the
    /// text of any other is in sight, and on the disk for the case that the program is killed.
    pub(super) fn draft_of_message(&self) -> Draft {
        let stored = self.drafts.get(self.here()).map(String::as_str);
        let typed = self.thread().draft.text();
        if self.message().state == MessageState::Accepted {
            let nothing = typed.is_empty() && stored.is_none();
            return if nothing { Draft::Gone } else { Draft::Kept };
        }
        let written = self.intents.iter().any(|intent| intent.after == TEXT);
        let twice = written && stored.is_some();
        assert!(!twice, "in the journal, and in a draft: {stored:?}");
        let in_sight = self.message().text.as_str() == TEXT || typed == TEXT;
        if in_sight && (written || stored == Some(TEXT)) {
            Draft::Kept
        } else {
            Draft::Gone
        }
    }

    /// Where the number is: of an invitation that was accepted the next form knows nothing, one that
    /// was not sent is in the form that tries again, and any other stands in the results.
    pub(super) async fn draft_of_invitation(&mut self) -> Draft {
        let keys = match self.person() {
            InviteState::Accepted => "enter i",
            InviteState::NotSent(_) => "tab enter",
            InviteState::Refused(_) | InviteState::Doubtful(_) => return Draft::Kept,
            state @ (InviteState::Waiting
            | InviteState::Sending(_)
            | InviteState::Undelivered(_)) => {
                panic!("still under way: {state:?}")
            }
        };
        self.type_all(keys).await;
        let Some(Dialog::Invite(form)) = &self.model.dialog else {
            panic!("no form, but {:?}", self.model.dialog);
        };
        let digits = form.numbers.text().chars().filter(char::is_ascii_digit);
        if digits.collect::<String>() == PERSON {
            Draft::Kept
        } else {
            Draft::Gone
        }
    }
}

/// What stands on the screen, each column of text between two frames as one text.
pub(super) fn columns(buffer: &Buffer) -> Vec<String> {
    let mut columns: BTreeMap<u16, String> = BTreeMap::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut begins = None;
        for x in buffer.area.left()..buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            if FRAMES.contains(symbol) {
                begins = None;
            } else {
                let column = columns.entry(*begins.get_or_insert(x)).or_default();
                column.push_str(symbol);
            }
        }
        for column in columns.values_mut() {
            column.push(' ');
        }
    }
    // The bar in front of the chosen row is no word of it.
    let words = |column: &String| {
        let words = column.split_whitespace().filter(|word| *word != "▌");
        words.collect::<Vec<_>>().join(" ")
    };
    columns.values().map(words).collect()
}

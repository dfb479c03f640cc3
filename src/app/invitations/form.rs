//! The form in which people are invited: numbers, words, and what was understood of them. Nothing in
//! it sends anything: it leads to a question.

use std::collections::HashSet;

use crate::app::dialog::Focus;
use crate::app::field::TextInput;
use crate::app::groups::GroupState;
use crate::domain::{Clean, GroupId, Millis, NumberError, Roster, WaId, numbers};
use crate::keymap::{Action, Context, Keymap};

use super::{InviteState, MOST, Run};

/// Most characters of the words before the link, in UTF-16 code units.
const MOST_WORDS: usize = 1000;

/// The form.
#[derive(Debug)]
pub struct InviteForm {
    /// The group they are invited to.
    pub group: GroupId,
    /// The numbers, as typed.
    pub numbers: TextInput,
    /// What comes before the link.
    pub words: TextInput,
    /// Where the focus is: two fields, then the buttons.
    pub focus: Focus,
    /// When `enter` was pressed before the link was there: the question follows as soon as it is.
    pub waiting_since: Option<Millis>,
    /// The user tried to go on: no number is an error from now on.
    pub tried: bool,
}

/// Why a good number gets no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It is the account's own.
    Own,
    /// It is in the group.
    Member,
    /// It was sent one, which was accepted.
    Invited,
    /// It may have been delivered one, in this run of the program or an earlier one.
    Doubtful,
}

impl LeftOut {
    /// In words, after the number.
    pub fn words(self, keys: &Keymap) -> String {
        let words = match self {
            Self::Own => "your own number",
            Self::Member => "already in the group",
            Self::Invited => "accepted before, see the results",
            Self::Doubtful => {
                let activity = keys.way_to(Context::Groups, Action::GoActivity);
                let say = keys.way_to(Context::Activity, Action::Settle);
                return format!("may have got it: say so in Activity ({activity}, {say})");
            }
        };
        words.to_owned()
    }
}

/// What was understood of the numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Whom it is sent to, in the order they were typed, nobody twice.
    pub people: Vec<WaId>,
    /// Good numbers that get nothing.
    pub left_out: Vec<(WaId, LeftOut)>,
    /// What is no number, as it was typed.
    pub unusable: Vec<(Clean, NumberError)>,
    /// How many were there already.
    pub repeated: usize,
}

impl Reading {
    /// Whether there are people, and not too many.
    pub fn is_good(&self) -> bool {
        (1..=MOST).contains(&self.people.len())
    }
}

impl InviteForm {
    /// The numbers as understood: `group` and `own` tell who needs no invitation, `run` who has one, and
    /// `doubtful` are those who may have one.
    pub fn reading(
        &self,
        group: Option<&GroupState>,
        own: Option<&WaId>,
        run: Option<&Run>,
        doubtful: &HashSet<&WaId>,
    ) -> Reading {
        let all = numbers(self.numbers.text());
        let typed: HashSet<&WaId> = all
            .iter()
            .filter_map(|one| one.number.as_ref().ok())
            .collect();
        // One look at each member, however many numbers there are.
        let roster = group.and_then(GroupState::told_roster).into_iter();
        let members = roster.flat_map(Roster::members);
        let here: HashSet<WaId> = members.filter(|id| typed.contains(id)).collect();
        let mut reading = Reading::default();
        for typed in all {
            let id = match typed.number {
                Ok(id) => id,
                Err(why) => {
                    reading.unusable.push((typed.text, why));
                    continue;
                }
            };
            let seen = reading.left_out.iter().any(|(other, _)| *other == id);
            if seen || reading.people.contains(&id) {
                reading.repeated += 1;
                continue;
            }
            let left_out = if Some(&id) == own {
                Some(LeftOut::Own)
            } else if here.contains(&id) {
                Some(LeftOut::Member)
            } else if doubtful.contains(&id) {
                Some(LeftOut::Doubtful)
            } else {
                match run.and_then(|run| run.of(&id)) {
                    Some(
                        InviteState::Accepted | InviteState::Waiting | InviteState::Sending(_),
                    ) => Some(LeftOut::Invited),
                    Some(InviteState::Doubtful(_)) => Some(LeftOut::Doubtful),
                    Some(
                        InviteState::Undelivered(_)
                        | InviteState::Refused(_)
                        | InviteState::NotSent(_),
                    )
                    | None => None,
                }
            };
            match left_out {
                Some(why) => reading.left_out.push((id, why)),
                None => reading.people.push(id),
            }
        }
        reading
    }

    /// By how many characters the words are too long.
    pub fn words_over(&self) -> usize {
        let units = self.words.text().trim().encode_utf16().count();
        units.saturating_sub(MOST_WORDS)
    }

    /// Takes a pasted text into the field that has the focus; `None` when none has. Lines become
    /// pieces between commas, because the field has one line.
    pub fn paste(&mut self, text: &str) -> Option<bool> {
        self.waiting_since = None;
        match self.focus {
            Focus::Field(0) => {
                let lines = text.split(|c: char| c.is_control()).map(str::trim);
                let pieces: Vec<&str> = lines.filter(|piece| !piece.is_empty()).collect();
                let mut pasted = pieces.join(", ");
                // What follows, or came before, is another number.
                if pieces.len() > 1 || text.ends_with(['\n', '\r']) {
                    pasted.push_str(", ");
                }
                let before: String = {
                    let caret = self.numbers.caret();
                    self.numbers.text().chars().take(caret).collect()
                };
                let apart = before.trim_end();
                let stands_apart = apart.is_empty() || apart.ends_with([',', ';']);
                if !stands_apart && (pieces.len() > 1 || pasted.starts_with('+')) {
                    pasted.insert_str(0, ", ");
                }
                Some(self.numbers.paste(&pasted))
            }
            Focus::Field(_) => Some(self.words.paste(text)),
            Focus::Tick | Focus::Button(_) => None,
        }
    }
}

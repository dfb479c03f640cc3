//! What the simulated provider was told to send, and what becomes of it.
//!
//! Nothing is delivered to anybody; what is told of it is in [`super::callbacks`]. Invariant: a refused request has left nothing here.

use std::collections::VecDeque;

use super::{Heard, Refusal, World, rng_for, uuid};
use crate::sim::Fallback;
use crate::sim::roster::number;

/// How many messages are remembered.
const MAX_SENT: usize = 10_000;
/// Longest text that is delivered, in characters.
const MAX_TEXT: usize = 4096;
/// How many digits a number may have.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// A message that the provider took, one for each destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The id it was answered with.
    pub id: String,
    /// Where to, as it was written.
    pub destination: String,
    /// `recipientType`, if there was one.
    pub recipient_type: Option<String>,
    /// The text.
    pub text: String,
    /// `correlationId`, if there was one.
    pub correlation_id: Option<String>,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a message that was taken: «200» promises nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It reaches somebody.
    Delivered,
    /// Status 104: the group is unknown, was left, or has nobody else in it.
    NotDelivered,
    /// Status 202: not a number that WhatsApp knows. So is a group that is not called one.
    InvalidDestination,
    /// Status 206: more than 4096 characters.
    TooLong,
    /// Status 210: nobody there wrote within the last day, and there is no template to fall back on.
    NoSession,
}

/// One destination of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Destination {
    pub(in crate::sim) to: String,
    pub(in crate::sim) recipient_type: Option<String>,
    pub(in crate::sim) correlation_id: Option<String>,
}

/// Messages, and what they cost.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    sent: VecDeque<Sent>,
    /// Templates that had to be paid for.
    charged: u64,
    /// How many requests were taken, and how many ids were given out.
    requests: usize,
    ids: u64,
    /// How many messages were made of them.
    taken: u64,
}

impl World {
    /// Takes a message. Returns its id, how many were taken before, and the messages made of it.
    /// Source: «Sending Messages to Groups».
    pub(in crate::sim) fn send(
        &mut self,
        destinations: Vec<Destination>,
        text: &str,
    ) -> Result<(String, usize, Vec<Sent>), Refusal> {
        if destinations.is_empty() {
            return Err(Refusal::NoDestinations);
        }
        if text.trim().is_empty() {
            return Err(Refusal::NoText);
        }
        let turn = self.outbox.requests;
        self.outbox.requests += 1;
        let id = self.message_id();
        let mut taken = Vec::with_capacity(destinations.len());
        for destination in destinations {
            let fate = self.fate(&destination, text);
            let is_direct = destination.recipient_type.as_deref() != Some("group");
            if is_direct && fate == Fate::Delivered && !self.is_open(&destination.to) {
                // Nobody has written to the account within the last day: only a paid template goes.
                self.outbox.charged += 1;
            }
            let sent = Sent {
                id: self.message_id(),
                destination: destination.to,
                recipient_type: destination.recipient_type,
                text: text.to_owned(),
                correlation_id: destination.correlation_id,
                fate,
            };
            if self.outbox.sent.len() == MAX_SENT {
                self.outbox.sent.pop_front();
            }
            self.outbox.sent.push_back(sent.clone());
            self.outbox.taken += 1;
            self.call_back(&sent, self.outbox.taken);
            if !is_direct && fate == Fate::Delivered {
                let group = sent.destination.as_str().into();
                self.notice(Heard::Wrote { group });
            }
            taken.push(sent);
        }
        Ok((id, turn, taken))
    }

    /// The messages remembered, oldest first.
    pub(in crate::sim) fn sent(&self) -> impl Iterator<Item = &Sent> {
        self.outbox.sent.iter()
    }

    /// How many messages had to be paid for.
    pub(in crate::sim) fn charged(&self) -> u64 {
        self.outbox.charged
    }

    fn message_id(&mut self) -> String {
        self.outbox.ids += 1;
        uuid(&mut rng_for(self.run, "message", self.outbox.ids))
    }

    fn fate(&mut self, destination: &Destination, text: &str) -> Fate {
        if text.chars().count() > MAX_TEXT {
            return Fate::TooLong;
        }
        if destination.recipient_type.as_deref() == Some("group") {
            let others = self.joined_group(&destination.to);
            let others = others.map_or(0, |group| group.people.roster().participants.len() - 1);
            return if others > 0 {
                Fate::Delivered
            } else {
                Fate::NotDelivered
            };
        }
        if dialled(&destination.to).is_none() {
            Fate::InvalidDestination
        } else if self.fallback == Fallback::Nothing && !self.is_open(&destination.to) {
            Fate::NoSession
        } else {
            Fate::Delivered
        }
    }

    /// Whether this person may be answered for free.
    fn is_open(&self, to: &str) -> bool {
        dialled(to).is_some_and(|person| self.has_session(person))
    }
}

/// The number in `5519900001111`, `+5519900001111` and `+55(19) 900001111`, but not in the id of a group.
fn dialled(text: &str) -> Option<u64> {
    let digits: String = text
        .chars()
        .filter(|letter| !matches!(letter, '+' | '(' | ')' | ' '))
        .collect();
    number(&digits).filter(|_| DIGITS.contains(&digits.len()))
}

//! What the account is told of its messages: when each step of one is called back.
//!
//! The JSON is in [`crate::sim::items`]. Invariant: the steps of one message come in their order, but for
//! the one message in five of a living world whose first step comes late.

use std::time::Duration;

use super::outbox::{Fate, Sent};
use super::{World, rng_for};
use crate::sim::items::{Progress, status};
use crate::sim::post::Item;

/// When the steps come in the demo, in milliseconds after the message was taken.
const SENT: u64 = 300;
const DELIVERED: u64 = 1_000;
const READ: std::ops::RangeInclusive<u64> = 3_000..=8_000;
/// How late a late step comes.
const LATE: u64 = 2_500;
/// One message of so many has one.
const LATE_EVERY: u64 = 5;
/// How long a change takes in the demo on average: what a latency of the user's is measured by.
const USUAL_LATENCY: u64 = 300;

impl World {
    /// Plans what is told of a message that was just taken, the `number`th one.
    pub(super) fn call_back(&mut self, sent: &Sent, number: u64) {
        if !self.post.has_reader() {
            return;
        }
        let read = rng_for(self.seed, "read", number).u64(READ);
        let [at_sent, at_delivered, at_read, at_late] =
            [SENT, DELIVERED, read, LATE].map(|usual| self.scaled(usual));
        let taken = self.unix_ms();
        let [sent_at, delivered, read] =
            [at_sent, at_delivered, at_read].map(|after| taken + after);
        let is_late = self.is_alive && sent.fate == Fate::Delivered && number % LATE_EVERY == 2;
        let refused = |code, status| Progress::Refused {
            code,
            status,
            at: sent_at,
        };
        let first = Progress::Sent { sent: sent_at };
        let mut steps = match sent.fate {
            Fate::Delivered => vec![
                (if is_late { at_late } else { at_sent }, first),
                (
                    at_delivered,
                    Progress::Delivered {
                        sent: sent_at,
                        delivered,
                    },
                ),
                (
                    at_read,
                    Progress::Read {
                        sent: sent_at,
                        delivered,
                        read,
                    },
                ),
            ],
            Fate::NotDelivered => vec![
                (at_sent, first),
                (
                    at_delivered,
                    Progress::NotDelivered {
                        sent: sent_at,
                        refused: delivered,
                    },
                ),
            ],
            Fate::InvalidDestination => {
                vec![(at_sent, refused(202, "INVALID_DESTINATION_NUMBER"))]
            }
            Fate::TooLong => vec![(at_sent, refused(206, "INVALID_MESSAGE_LENGTH"))],
            Fate::NoSession => vec![(at_sent, refused(210, "INVALID_SESSION"))],
        };
        if is_late {
            // Without any latency the order alone makes it late.
            steps.swap(0, 1);
        }
        let now = self.elapsed();
        for (after, progress) in steps {
            let due = now + Duration::from_millis(after);
            self.post.put(due, Item::status(status(sent, progress)));
        }
    }

    /// A time of the demo, as long as the latency that was asked for makes it.
    fn scaled(&self, usual: u64) -> u64 {
        self.latency.map_or(usual, |latency| {
            let latency = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
            usual.saturating_mul(latency) / USUAL_LATENCY
        })
    }
}

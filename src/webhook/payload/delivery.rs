//! How far a message of ours got, out of a status callback.
//!
//! Invariant: of what one report says the furthest counts, so that a stale field beside a newer one
//! moves nothing backwards. Source: `api.md` 2.3.

use super::fields::{Fields, cut};
use crate::domain::{CorrelationId, Delivery, DeliveryState, Millis};

/// The codes of a success: sent, delivered, read.
const SENT: i64 = 2;
const DELIVERED: i64 = 4;
const READ: i64 = 5;
/// Longest name of a message that is kept, in characters.
const MAX_ID: usize = 256;

/// Whether an item without a message is such a report. Source: `api.md` 6.5, rule 1.
pub(super) fn is_status(item: &Fields<'_>) -> bool {
    ["sent", "sentStatus", "sentStatusCode", "read"]
        .iter()
        .any(|name| item.has(name))
        || item
            .names()
            .any(|name| name.starts_with("delivered") && item.has(name))
}

/// `None` when it does not say how far.
pub(super) fn delivery(item: &Fields<'_>) -> Option<Delivery> {
    let sent = Step::of(item, "sent", "sentStatusCode", "sentStatus");
    let reached = Step::of(item, "delivered", "deliveredStatusCode", "deliveredStatus");
    let is_read = item.flag("read") == Some(true);
    let (state, times) = match (sent, reached) {
        _ if is_read => (DeliveryState::Read, READ_TIMES),
        (_, Some(Step::Read)) | (Some(Step::Read), _) => (DeliveryState::Read, READ_TIMES),
        (_, Some(Step::Delivered)) | (Some(Step::Delivered), _) => {
            (DeliveryState::Delivered, REACHED_TIMES)
        }
        (_, Some(Step::Failed(failed))) => (failed, REACHED_TIMES),
        (Some(Step::Failed(failed)), _) => (failed, SENT_TIMES),
        (Some(Step::Sent), _) | (_, Some(Step::Sent)) => (DeliveryState::Sent, SENT_TIMES),
        (None, None) => return None,
    };
    let id = item.word("id").unwrap_or_default();
    Some(Delivery {
        provider_id: id.chars().take(MAX_ID).collect(),
        correlation: item
            .word("correlationId")
            .and_then(|text| CorrelationId::of_report(&text)),
        state,
        at: at(item, times),
    })
}

type Times = &'static [&'static str];

const SENT_TIMES: Times = &["sentAt", "sentDate"];
const REACHED_TIMES: Times = &["deliveredAt", "deliveredDate"];
const READ_TIMES: Times = &["readAt", "readDate"];

fn at(item: &Fields<'_>, times: Times) -> Option<Millis> {
    item.time(times)
        .or_else(|| item.time(&["updatedAt", "updatedDate"]))
        .or_else(|| item.time(READ_TIMES))
        .or_else(|| item.time(REACHED_TIMES))
        .or_else(|| item.time(SENT_TIMES))
}

/// What one half of a report says.
enum Step {
    Sent,
    Delivered,
    Read,
    Failed(DeliveryState),
}

impl Step {
    /// The code decides, else the word, else the flag. A code that is no success is a failure, and so
    /// is `sent: false` with any. Zero is no code: it is in no table of the provider.
    fn of(item: &Fields<'_>, flag: &str, code: &str, word: &str) -> Option<Self> {
        let is_done = item.flag(flag);
        let code = item.whole(code).filter(|code| *code != 0);
        let word = item.word(word).map(|word| cut(&word)).unwrap_or_default();
        let word_says = word.to_ascii_uppercase();
        let failed = || Some(Self::Failed(DeliveryState::Failed { code, word }));
        match (code, is_done, &*word_says) {
            (Some(_), Some(false), _) if flag == "sent" => failed(),
            (Some(READ), ..) | (None, _, "READ_SUCCESS") => Some(Self::Read),
            (Some(DELIVERED), ..) | (None, _, "DELIVERED_SUCCESS") => Some(Self::Delivered),
            (Some(SENT), ..) | (None, _, "SENT_SUCCESS") => Some(Self::Sent),
            (None, Some(true), _) if flag == "sent" => Some(Self::Sent),
            (None, Some(true), _) => Some(Self::Delivered),
            (None, Some(false) | None, "") | (None, None, _) => None,
            (Some(_), ..) | (None, Some(false), _) => failed(),
        }
    }
}

//! Rows of the tables of what was received, and what they mean. Nothing is refused: a damaged record is shown
//! as such.

use crate::domain::{
    Clean, Content, CorrelationId, DeliveryState, Fate, GroupId, Incoming, Kept, Lane, Millis,
    Sender, Seq,
};
use crate::store::query::Row;

/// What a damaged record says.
const DAMAGED: &str = "this record of the store is damaged";
/// Most letters of a message that are searched.
const MOST_WORDS: usize = 4000;

pub(super) fn lane_columns(lane: &Lane) -> (&'static str, &str) {
    match lane {
        Lane::Group(id) => ("group", id.as_str()),
        Lane::Direct => ("direct", ""),
        Lane::Unclassified => ("unclassified", ""),
        Lane::Unreadable => ("unreadable", ""),
    }
}

/// A lane that cannot be read is one where nothing can be answered.
pub(super) fn lane_of(row: &Row) -> Lane {
    let text = |column: &str| row.try_get::<String, _>(column).unwrap_or_default();
    match text("lane").as_str() {
        "group" => GroupId::new(&text("group_id")).map_or(Lane::Unreadable, Lane::Group),
        "direct" => Lane::Direct,
        "unclassified" => Lane::Unclassified,
        _ => Lane::Unreadable,
    }
}

pub(super) fn content_column(content: &Content) -> String {
    // Never fails: plain fields. JSON has no zero byte.
    serde_json::to_string(content).unwrap_or_default()
}

/// What a message is found by, in lower case.
pub(super) fn words(message: &Incoming) -> String {
    let line = message.content.line();
    let words = format!(
        "{line}\n{}\n{}",
        message.sender.as_str(),
        message.sender.pretty()
    );
    let words: String = words.chars().take(MOST_WORDS).collect();
    without_zero(&words.to_lowercase())
}

/// A text as every database takes it: PostgreSQL keeps no zero byte.
pub(super) fn without_zero(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

pub(super) fn kept(row: &Row) -> Kept {
    let text = |column: &str| row.try_get::<String, _>(column).unwrap_or_default();
    let number = |column: &str| row.try_get::<Option<i64>, _>(column).ok().flatten();
    let at = |column: &str| number(column).and_then(|at| u64::try_from(at).ok());
    let content = serde_json::from_str(&text("content"));
    Kept {
        seq: Seq(number("seq").unwrap_or_default()),
        kept_at: Millis(at("kept_at").unwrap_or_default()),
        times: at("times").map_or(1, |times| u32::try_from(times).unwrap_or(u32::MAX)),
        message: Incoming {
            lane: lane_of(row),
            sender: Sender::new(&text("sender")),
            name: Clean::new(&text("name")),
            content: content.unwrap_or_else(|_why| Content::Unreadable(DAMAGED.to_owned())),
            received_at: at("received_at").map(Millis),
        },
    }
}

pub(super) fn state_columns(state: &DeliveryState) -> (&'static str, Option<i64>, &str) {
    match state {
        DeliveryState::Sent => ("sent", None, ""),
        DeliveryState::Delivered => ("delivered", None, ""),
        DeliveryState::Read => ("read", None, ""),
        DeliveryState::Failed { code, word } => ("failed", *code, word),
    }
}

pub(super) fn state_of(row: &Row) -> Option<DeliveryState> {
    Some(match row.try_get::<String, _>("state").ok()?.as_str() {
        "sent" => DeliveryState::Sent,
        "delivered" => DeliveryState::Delivered,
        "read" => DeliveryState::Read,
        "failed" => DeliveryState::Failed {
            code: row.try_get("code").ok()?,
            word: row.try_get("word").ok()?,
        },
        _ => return None,
    })
}

/// How far a message of ours got; `None` for one that is not known to be ours.
pub(super) fn fate(row: &Row) -> Option<Fate> {
    Some(Fate {
        id: CorrelationId::of_report(&row.try_get::<String, _>("name").ok()?)?,
        state: state_of(row)?,
    })
}

//! `/__sim/…`: other people moved from outside, for tests that are no part of this program.
//!
//! No call of the provider's document, and not remembered as one. Invariant: answered only where the
//! simulator listens on loopback, so that everybody who asks is on this computer.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::{MALFORMED, NOT_FOUND, reply};
use crate::sim::State;

/// What every path starts with.
pub(in crate::sim) const PREFIX: &str = "/__sim/";

/// Does what the rest of the path says. A member, a group or a webhook that is not there is 409.
pub(super) fn answer(state: &State, verb: &str, body: &[u8]) -> Response {
    let Ok(fields) = serde_json::from_slice::<Value>(body) else {
        return reply(StatusCode::BAD_REQUEST, MALFORMED);
    };
    let text = |name| fields.get(name).and_then(Value::as_str);
    let (group, source) = (text("group"), text("source").unwrap_or_default());
    let done = match verb {
        "say" => match (fields.get("item"), group) {
            (Some(item), _) => state.say_raw(item.clone()).then(|| json!({})),
            (None, group) => {
                let said = text("text").unwrap_or_default();
                let id = match group {
                    Some(group) => state.say(group, source, said),
                    None => state.say_direct(source, said),
                };
                id.map(|id| json!({"id": id}))
            }
        },
        "join" => {
            let joined = match (text("link"), group) {
                (Some(link), _) => state.join_by_link(link, source),
                (None, Some(group)) => state.join(group, source),
                (None, None) => false,
            };
            joined.then(|| json!({}))
        }
        "leave" => {
            let left = group.is_some_and(|group| state.depart(group, source));
            left.then(|| json!({}))
        }
        _ => return reply(StatusCode::NOT_FOUND, NOT_FOUND),
    };
    match done {
        Some(done) => reply(StatusCode::OK, done.to_string()),
        None => reply(StatusCode::CONFLICT, "{}"),
    }
}

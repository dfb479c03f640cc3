//! What the platform says when it accepts a message.
//!
//! Invariant: the status says that it was accepted, whatever is missing or odd in the answer, or
//! never arrived of it. Only what this API never sends, such as the page of a login in between, is
//! no word of the platform's, and an error with the status of a success is no acceptance.

use std::slice;

use serde_json::Value;

use super::value::text;
use super::{Error, no_json};
use crate::api::error;
use crate::domain::{Accepted, CorrelationId};

/// Longest name of the provider's that is kept, in bytes; theirs have 36.
const MAX_NAME: usize = 128;

/// The provider's name for the message that we call `ours`: that of its destination, because it is
/// what callbacks repeat, or else that of the whole request.
///
/// `body` is as much as arrived. Source: «Sending Messages to Groups» (no answer shown);
/// `docs/api-notes.md`, «Messages».
///
/// # Errors
/// When the body is no JSON, nor the beginning of any, or an error without a name.
pub(in crate::api) fn accepted(
    status: u16,
    body: &[u8],
    ours: &CorrelationId,
) -> Result<Accepted, Error> {
    let body = String::from_utf8_lossy(body);
    let body = body.strip_prefix('\u{feff}').unwrap_or(&body);
    let answer = match serde_json::from_str(body) {
        Ok(answer) => answer,
        Err(why) if why.is_eof() || body.trim_start().starts_with(['{', '[']) => Value::Null,
        Err(why) => return Err(no_json(status, body, &why)),
    };
    let all = destinations(&answer);
    let called = |ours: Option<&str>| {
        all.iter()
            .filter(|one| text(one, "correlationId").as_deref() == ours)
            .find_map(name)
    };
    let provider_id = called(Some(ours.as_str()))
        .or_else(|| called(None))
        .or_else(|| name(&answer));
    if provider_id.is_none() && is_error(&answer) {
        let words = error::complaint(body).unwrap_or_else(|| "an error".to_owned());
        return Err(Error::unreadable(status, &words));
    }
    Ok(Accepted { provider_id })
}

/// Whether it is the one error body that the platform prints anywhere. Source:
/// `docs/api-notes.md`, «Messages».
fn is_error(answer: &Value) -> bool {
    text(answer, "errorCode").is_some_and(|code| code != "0")
}

fn destinations(answer: &Value) -> &[Value] {
    let found = answer
        .get("destinations")
        .or_else(|| answer.get("destination"));
    match found {
        Some(Value::Array(all)) => all,
        Some(one @ Value::Object(_)) => slice::from_ref(one),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => &[],
    }
}

fn name(object: &Value) -> Option<String> {
    text(object, "id")
        .or_else(|| text(object, "Id"))
        .filter(|name| name.len() <= MAX_NAME && !name.contains(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(body: &str) -> Option<String> {
        let accepted = accepted(200, body.as_bytes(), &CorrelationId::from_bits(7));
        accepted.unwrap().provider_id
    }

    #[test]
    fn the_destinations_name_is_kept_in_both_spellings() {
        let ours = CorrelationId::from_bits(7);
        for body in [
            format!(
                r#"{{"id":"whole","destinations":[{{"id":"one","correlationId":"{ours}","destination":"1-2"}}]}}"#
            ),
            format!(
                r#"{{"Id":"whole","destination":[{{"Id":"one","correlationId":"{ours}","destination":"1-2"}}]}}"#
            ),
            format!(
                r#"{{"id":"whole","destinations":[{{"id":"no"}},{{"id":"no","correlationId":"x"}},{{"id":"one","correlationId":"{ours}"}}]}}"#
            ),
            r#"{"id":"whole","destinations":{"id":"one"}}"#.to_owned(),
            r#"{"destinations":[null,{"id":"one","correlationId":null}]}"#.to_owned(),
        ] {
            assert_eq!(named(&body).as_deref(), Some("one"), "{body}");
        }
        assert_eq!(
            named(r#"{"destinations":[{"id":12}]}"#).as_deref(),
            Some("12")
        );
    }

    #[test]
    fn without_one_the_requests_own_name_is_kept() {
        for body in [
            r#"{"id":"whole"}"#,
            r#"{"Id":"whole","destination":"5511900000009"}"#,
            r#"{"id":"whole","destinations":[]}"#,
            r#"{"id":"whole","destinations":[{"id":"","correlationId":""}]}"#,
            r#"{"id":"whole","destinations":[{"id":"another's","correlationId":"x"}]}"#,
        ] {
            assert_eq!(named(body).as_deref(), Some("whole"), "{body}");
        }
    }

    #[test]
    fn an_answer_without_a_name_is_an_answer_all_the_same() {
        let long = format!(r#"{{"id":"{}"}}"#, "x".repeat(129));
        let deep = "[".repeat(10_000);
        for body in [
            "",
            "null",
            "{}",
            "[]",
            "7",
            "true",
            r#""taken"#,
            r#"{"id":"#,
            "{id: 7}",
            r#"{"id":" "}"#,
            r#"{"id":{}}"#,
            r#"{"id":"a\u001b[2J"}"#,
            r#"{"destinations":7}"#,
            &long,
            &deep,
        ] {
            assert_eq!(named(body), None, "{body}");
        }
    }

    #[test]
    fn an_error_that_comes_as_a_success_is_no_acceptance() {
        let read = |body: &str| accepted(200, body.as_bytes(), &CorrelationId::from_bits(7));
        for body in [
            r#"{"errorCode":401,"errorMessage":"Authentication Error"}"#,
            r#"{"errorCode":"500"}"#,
        ] {
            assert!(
                matches!(read(body), Err(Error::Unreadable { status: 200, .. })),
                "{body}"
            );
        }
        for body in [
            r#"{"errorCode":0,"destinations":[]}"#,
            r#"{"errorCode":null}"#,
            r#"{"id":"whole","errorCode":7}"#,
        ] {
            assert!(read(body).is_ok(), "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_no_answer() {
        for body in [
            "<html>",
            " \n<?xml",
            "\u{feff}<p>",
            "Sign in",
            "}",
            "\u{fffd}",
        ] {
            let read = accepted(200, body.as_bytes(), &CorrelationId::from_bits(7));
            assert!(
                matches!(read, Err(Error::Unreadable { status: 200, .. })),
                "{body}"
            );
        }
        let spoilt = accepted(200, b"{\"id\":\"\xC3\x28", &CorrelationId::from_bits(7));
        assert_eq!(spoilt.unwrap(), Accepted::default());
    }
}

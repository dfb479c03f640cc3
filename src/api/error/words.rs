//! The server's own words, out of whatever it wrote into the body of an error.
//!
//! Forms that are known: the platform's `errorMessage`, the engine's `errors[0]`, a front end's
//! `message`/`error`, an HTML page, plain text. Safe to show only after [`crate::domain::Clean`].

use serde_json::{Map, Value};

/// The words in `body`; `None` when it has none.
pub(in crate::api) fn words(body: &str) -> Option<String> {
    let body = body.trim_start_matches('\u{feff}').trim();
    match serde_json::from_str(body) {
        Ok(Value::Null) => None,
        Ok(Value::Object(object)) if object.is_empty() => None,
        Ok(Value::Array(items)) if items.is_empty() => None,
        Ok(value) => spoken(&value).or_else(|| filled(body)),
        Err(_) if body.starts_with('<') => Some(html_title(body)),
        Err(_) => filled(body),
    }
}

/// The words in a JSON answer with status 2xx that is not what was asked for.
pub(in crate::api) fn complaint(body: &str) -> Option<String> {
    spoken(&serde_json::from_str(body).ok()?)
}

/// What an HTML page is about.
pub(in crate::api) fn html_title(body: &str) -> String {
    // Lowering ASCII keeps every offset.
    let lower = body.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|tag| {
        let start = tag + lower.get(tag..)?.find('>')? + 1;
        let end = start + lower.get(start..)?.find('<')?;
        filled(body.get(start..end)?)
    });
    title.map_or_else(
        || "an HTML page".to_owned(),
        |title| {
            [
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&quot;", "\""),
                ("&#39;", "'"),
                ("&nbsp;", " "),
                ("&amp;", "&"),
            ]
            .iter()
            .fold(title, |text, (from, to)| text.replace(from, to))
        },
    )
}

/// The first `bytes` of `text`, or a little less, so that no character is cut in two.
pub(in crate::api) fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    (0..=bytes)
        .rev()
        .find_map(|end| text.get(..end))
        .unwrap_or_default()
}

fn spoken(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => filled(text),
        Value::Object(object) => text(object, "errorMessage")
            .or_else(|| object.get("errors").and_then(first_error))
            .or_else(|| message(object))
            .or_else(|| object.get("error").and_then(spoken)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

/// The engine's form: `[{"code":1006,"title":"Resource not found","details":"Group not found"}]`.
fn first_error(errors: &Value) -> Option<String> {
    let first = errors.get(0)?;
    let Value::Object(error) = first else {
        return spoken(first);
    };
    let words = text(error, "details")
        .or_else(|| text(error, "title"))
        .or_else(|| message(error))?;
    Some(match error.get("code") {
        Some(code @ (Value::Number(_) | Value::String(_))) => {
            format!("{words} (code {})", code.to_string().trim_matches('"'))
        }
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => words,
    })
}

fn message(object: &Map<String, Value>) -> Option<String> {
    let message = text(object, "message")?;
    Some(match text(object, "details") {
        Some(details) => format!("{message}: {details}"),
        None => message,
    })
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).and_then(filled)
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_found_in_every_known_form() {
        for (body, expected) in [
            (
                r#"{"errorCode":400,"errorMessage":"Phone number not found"}"#,
                "Phone number not found",
            ),
            (
                r#"{"meta":{},"errors":[{"code":1006,"title":"Resource not found","details":"Group not found"}]}"#,
                "Group not found (code 1006)",
            ),
            (r#"{"errors":[{"code":"x1","title":"No"}]}"#, "No (code x1)"),
            (r#"{"errors":["No"]}"#, "No"),
            (
                r#"{"message":"Bad Request","details":"subject must have at most 25 characters"}"#,
                "Bad Request: subject must have at most 25 characters",
            ),
            (r#"{"error":"nope"}"#, "nope"),
            (r#"{"error":{"message":"nope","code":1}}"#, "nope"),
            (r#""just a string""#, "just a string"),
            (
                "<html>\n<head><TITLE>502 Bad Gateway &amp; more</title></head>",
                "502 Bad Gateway & more",
            ),
            ("<html><body>?", "an HTML page"),
            ("<html><title", "an HTML page"),
            ("plain words\n", "plain words"),
            (r#"{"errorMessage":"cut of"#, r#"{"errorMessage":"cut of"#),
            (r#"{"status":7}"#, r#"{"status":7}"#),
            ("\u{feff}{\"errorMessage\":\"x\"}", "x"),
        ] {
            assert_eq!(words(body).as_deref(), Some(expected), "{body}");
        }
        for blank in ["", " \n", "null", "{}", "[]", "\u{feff}"] {
            assert_eq!(words(blank), None, "{blank:?}");
        }
    }

    #[test]
    fn a_deep_body_is_shown_as_text() {
        let deep = "[".repeat(10_000);
        assert_eq!(words(&deep), Some(deep));
    }

    #[test]
    fn no_character_is_cut_in_two() {
        assert_eq!(cut("aéb", 2), "a");
        assert_eq!(cut("aéb", 3), "aé");
        assert_eq!(cut("ab", 9), "ab");
    }
}

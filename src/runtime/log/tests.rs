//! What a line of the log looks like, and what never stands in one.

use std::fs;

use tracing::subscriber::with_default;

use super::*;

const CODE: &str = "AbCdEfGhIjKlMnOpQrStUv";

/// What is logged meanwhile.
fn logged(level: Level, work: impl FnOnce()) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wavedeck.log");
    let lines = Lines(Mutex::new(Rotating::open(&path, MAX_BYTES).unwrap()));
    let subscriber = tracing_subscriber::registry().with(lines.with_filter(wanted(level)));
    with_default(subscriber, work);
    fs::read_to_string(&path).unwrap()
}

#[test]
fn q30_one_event_is_one_line_whatever_its_values_hold() {
    let forged = "x\n2026-01-31T12:00:00Z ERROR wavedeck: forged\u{1b}[2J\r\u{202e}";
    let text = logged(Level::TRACE, || {
        tracing::warn!(why = forged, count = 3, "first\nsecond");
        tracing::info!(empty = "", "third");
    });
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].contains("Z WARN  wavedeck::runtime::log::tests: first second why=\"x "));
    assert!(lines[0].ends_with("count=3"), "{text}");
    assert!(lines[1].ends_with("third empty=\"\""), "{text}");
    assert!(!text.contains(['\u{1b}', '\r', '\u{202e}']));
}

#[test]
fn q30_numbers_and_codes_of_links_are_masked_in_everything_that_is_logged() {
    let text = logged(Level::TRACE, || {
        tracing::error!(
            why = "no +55 (19) 90000-0003",
            link = format!("https://chat.whatsapp.com/{CODE}"),
            debug = ?Some("5519900000004"),
            "about 5519900000005"
        );
    });
    assert!(text.contains("0003") && text.contains("0004") && text.contains("0005"));
    assert!(!text.contains("90000") && !text.contains("99000"), "{text}");
    assert!(!text.contains(CODE) && text.contains("…StUv"), "{text}");
}

#[test]
fn other_libraries_are_heard_from_info_on_whatever_is_asked_for() {
    let text = logged(Level::TRACE, || {
        tracing::trace!("ours");
        tracing::debug!(target: "h2::codec", "headers");
        tracing::info!(target: "sqlx::query", "slow");
    });
    assert!(text.contains("ours") && text.contains("slow"), "{text}");
    assert!(!text.contains("headers"), "{text}");
    let text = logged(Level::WARN, || {
        tracing::info!("ours");
        tracing::info!(target: "sqlx::query", "slow");
        tracing::warn!("heard");
    });
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn q30_a_request_is_logged_by_what_it_is_and_never_by_what_it_says() {
    use crate::domain::{GroupId, Subject};
    let id = GroupId::new("5519900000000-1513616971").unwrap();
    let subject = "Um segredo".parse::<Subject>().unwrap();
    let call = Call::Rename(id, subject);
    let exchange = Exchange {
        operation: call.operation(),
        path: "/v1/whatsapp/groups/5519900000000-1513616971".into(),
        body: Some("{\"subject\":\"Um segredo\"}".into()),
        status: Some(204),
        took: std::time::Duration::from_millis(12),
        answer: Clean::new("Um segredo"),
    };
    let text = logged(Level::INFO, || request(Ticket(7), &call, &exchange));
    assert!(
        text.ends_with(
            "request ticket=7 method=PUT call=RenameGroup group=…6971 status=204 ms=12\n"
        ),
        "{text}"
    );
    let unsent = Exchange {
        status: None,
        path: String::new(),
        ..exchange
    };
    let text = logged(Level::INFO, || request(Ticket(8), &call, &unsent));
    assert!(
        text.contains(" WARN ") && text.contains("group=- "),
        "{text}"
    );
}

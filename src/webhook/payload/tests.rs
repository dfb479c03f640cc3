//! What becomes of the provider's own examples, and of whatever else somebody may send.

mod fields;
mod properties;

use serde_json::{Value, json};

use super::*;
use crate::domain::{CorrelationId, Delivery, DeliveryState, MediaKind};

const MESSAGES: &str = include_str!("../../../tests/fixtures/webhook/messages.json");
const STATUSES: &str = include_str!("../../../tests/fixtures/webhook/statuses.json");
const CLUB: &str = "5519900000000-1513616971";

fn items(body: &Value) -> Vec<Item> {
    decode(body.to_string().as_bytes()).unwrap().items
}

fn only(element: &Value) -> Item {
    let mut items = items(&json!({"data": [element]}));
    assert_eq!(items.len(), 1);
    items.remove(0)
}

fn message(element: &Value) -> Incoming {
    match only(element).report {
        Report::Message(message) => message,
        Report::Delivery(delivery) => panic!("{delivery:?}"),
    }
}

fn said(message: &Value) -> Content {
    self::message(&json!({ "message": message })).content
}

fn delivery(element: &Value) -> Delivery {
    match only(element).report {
        Report::Delivery(delivery) => delivery,
        Report::Message(message) => panic!("{message:?}"),
    }
}

fn state(element: &Value) -> DeliveryState {
    delivery(element).state
}

fn failed(code: impl Into<Option<i64>>, word: &str) -> DeliveryState {
    DeliveryState::Failed {
        code: code.into(),
        word: word.to_owned(),
    }
}

fn group(id: &str) -> Lane {
    Lane::Group(GroupId::new(id).unwrap())
}

/// Lane, sender, name, line and time of each.
fn lines(batch: &Batch) -> Vec<String> {
    let line = |item: &Item| match &item.report {
        Report::Message(message) => format!(
            "{:?} {} {} {:?} {}",
            message.lane,
            message.sender.as_str(),
            message.name,
            message.content.line(),
            message.received_at.map_or(0, |at| at.0),
        ),
        Report::Delivery(delivery) => format!("{delivery:?}"),
    };
    batch.items.iter().map(line).collect()
}

#[test]
fn the_batch_of_messages_ends_in_the_promised_lines() {
    let batch = decode(MESSAGES.as_bytes()).unwrap();
    assert_eq!(batch.notes, []);
    assert_eq!(
        lines(&batch),
        [
            r#"Group(GroupId(5519900000000-1513616971)) 5511900000001 Maria Silva "Bom dia, grupo!" 1579632583000"#,
            r#"Direct 5511900000002 João "Mensagem direta" 1579632584000"#,
            r#"Group(GroupId(5519900000000-1513616971)) 5511900000001  "[image] foto.jpg · capa" 1579632585000"#,
            r#"Group(GroupId(120363012345678901)) 5511900000003  "[location] Wavy · Av. Cel. Silva Telles · -22.894180,-47.047960" 1579632586000"#,
            r#"Group(GroupId(5519900000000-1513616971)) 5511900000003  "[UNKNOWN: UNKNOWN]" 1579632587000"#,
            "Group(GroupId(5519900000000-1513616971)) 5511900000004  \"\\u{200e}+55 11 90000-0004 was added\\u{200e}\" 1579632588000",
            r#"Group(GroupId(5519900000000-1513616971)) 5511900000001  "[audio] a.ogg" 1579632589000"#,
            r#"Unclassified 5511900000005  "grupo ou direta?" 1579632590000"#,
            r#"Direct 5511900000002  "[answer] Sim" 1579632591000"#,
            r#"Unreadable   "[unreadable] it is not an object" 0"#,
        ]
    );
    let keys: std::collections::BTreeSet<&str> =
        batch.items.iter().map(|item| &*item.key).collect();
    assert_eq!(keys.len(), 10);
    assert_eq!(
        batch.items[0].key,
        "00000000-0000-4000-8000-000000000001\n5511900000001\n1579632583000"
    );
    assert_eq!(batch.items[9].raw, "\"not an object\"");
    assert_eq!(batch, decode(MESSAGES.as_bytes()).unwrap());
}

#[test]
fn the_batch_of_statuses_says_how_far_two_messages_got() {
    let batch = decode(STATUSES.as_bytes()).unwrap();
    let reports: Vec<Report> = batch.items.into_iter().map(|item| item.report).collect();
    let ours = |text: &str| CorrelationId::of_report(text);
    assert_eq!(ours("5b0c8a52-6f1f-4c0e-9a53-0d7f5f0a2c11"), None);
    assert_eq!(
        reports,
        [
            Report::Delivery(Delivery {
                provider_id: "5efc3582-b8e8-11e7-9895-a6aabe61edb5".into(),
                correlation: None,
                state: DeliveryState::Delivered,
                at: Some(Millis(1_513_616_973_000)),
            }),
            Report::Delivery(Delivery {
                provider_id: "6efc3582-b8e8-11e7-9895-a6aabe61edb5".into(),
                correlation: None,
                state: failed(210, "INVALID_SESSION"),
                at: Some(Millis(1_513_616_971_000)),
            }),
        ]
    );
}

#[test]
fn both_spellings_of_a_batch_are_read_together() {
    let text = |id: &str| json!({"id": id, "message": {"messageText": id}});
    let body = json!({"total": 3, "messages": [text("a")], "statuses": [{"id": "s", "sent": true}], "data": [text("b")]});
    assert_eq!(items(&body).len(), 3);
    assert_eq!(decode(body.to_string().as_bytes()).unwrap().notes, []);
    for (body, count) in [
        (json!({"data": []}), 0),
        (json!({"data": null, "total": "0"}), 0),
        (json!({"data": text("a")}), 1),
        (json!([text("a"), text("b")]), 2),
    ] {
        assert_eq!(items(&body).len(), count, "{body}");
    }
}

#[test]
fn a_wrong_total_is_noted_and_loses_nothing() {
    for total in [json!(3), json!("1"), json!(-2)] {
        let body = json!({"total": total, "data": [1, 2]}).to_string();
        let batch = decode(body.as_bytes()).unwrap();
        assert_eq!(
            (batch.items.len(), &*batch.notes),
            (2, &[Note::OtherTotal][..])
        );
    }
    for total in [json!(2), json!("2"), json!(null), json!("two"), json!([])] {
        let body = json!({"total": total, "data": [1, 2]}).to_string();
        assert_eq!(decode(body.as_bytes()).unwrap().notes, []);
    }
}

#[test]
fn json_of_another_shape_is_kept_whole() {
    for body in [
        "{}",
        "null",
        "7",
        r#""text""#,
        r#"{"message":{"messageText":"x"}}"#,
    ] {
        let batch = decode(body.as_bytes()).unwrap();
        assert_eq!(batch.items.len(), 1, "{body}");
        assert_eq!(batch.items[0].raw, body);
        let Report::Message(message) = &batch.items[0].report else {
            panic!()
        };
        assert_eq!(message.lane, Lane::Unreadable);
    }
}

#[test]
fn what_is_no_json_is_refused_and_can_be_kept() {
    for body in [
        &b""[..],
        b"{",
        b"data=1",
        b"\xff\xfe\x00",
        b"{}{}",
        b"[1,]",
        b"NaN",
    ] {
        assert_eq!(decode(body), Err(NotJson), "{body:?}");
        let item = kept_as_it_came(body);
        let raw: String = serde_json::from_str(&item.raw).unwrap();
        assert_eq!(raw, String::from_utf8_lossy(body));
    }
}

#[test]
fn bytes_that_are_no_text_spoil_only_themselves() {
    let body = b"\xef\xbb\xbf{\"data\":[{\"message\":{\"messageText\":\"Jo\xe3o\"}}]}";
    let batch = decode(body).unwrap();
    assert_eq!(batch.notes, [Note::NotUtf8]);
    assert!(lines(&batch)[0].contains("Jo\u{fffd}o"));
    let half = br#"{"data":[{"message":{"messageText":"oi \ud83d","waGroupId":"g"}}]}"#;
    let batch = decode(half).unwrap();
    assert!(
        lines(&batch)[0].starts_with("Group(GroupId(g))"),
        "{batch:?}"
    );
    assert!(lines(&batch)[0].contains("oi \u{fffd}"));
    assert_eq!(
        said(&json!({"messageText": "a\u{0}b"})),
        Content::Text("a\u{fffd}b".into())
    );
}

#[test]
fn nesting_without_end_and_numbers_without_end_spoil_only_their_field() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let huge = "9".repeat(5_000);
    let body = format!(
        r#"{{"data":[{deep},{{"id":"a","extraInfo":{deep},"receivedAt":{huge},"x":1e999,
           "message":{{"messageText":"oi","waGroupId":"g","y":{deep}}}}},{huge}],"z":{deep}}}"#
    );
    let batch = decode(body.as_bytes()).unwrap();
    assert_eq!(
        lines(&batch),
        [
            r#"Unreadable   "[unreadable] it is not an object" 0"#,
            r#"Group(GroupId(g))   "oi" 0"#,
            r#"Unreadable   "[unreadable] it is not an object" 0"#,
        ]
    );
    let deepest = "[".repeat(1024 * 1024);
    assert_eq!(decode(deepest.as_bytes()), Err(NotJson));
}

#[test]
fn a_body_of_crumbs_does_not_become_a_mountain() {
    let body = format!("[{}]", vec!["1"; 500_000].join(","));
    let batch = decode(body.as_bytes()).unwrap();
    assert_eq!(batch.items.len(), MAX_ITEMS + 1);
    assert_eq!(batch.notes, [Note::TooMany]);
    let last = lines(&batch).pop().unwrap();
    assert!(last.contains("490000 more items"), "{last}");
}

#[test]
fn the_group_decides_the_lane() {
    for (inner, outer, lane) in [
        (json!({"waGroupId": CLUB}), json!({}), group(CLUB)),
        (
            json!({"waGroupId": format!("  {CLUB}\n")}),
            json!({}),
            group(CLUB),
        ),
        (json!({}), json!({"waGroupId": CLUB}), group(CLUB)),
        (
            json!({"waGroupId": CLUB}),
            json!({"waGroupId": "other"}),
            group(CLUB),
        ),
        (
            json!({"waGroupId": ""}),
            json!({"waGroupId": CLUB}),
            group(CLUB),
        ),
        (
            json!({"waGroupId": 120_363_012_345_678_901_u64}),
            json!({}),
            group("120363012345678901"),
        ),
        (json!({}), json!({}), Lane::Direct),
        (json!({"waGroupId": ""}), json!({}), Lane::Unclassified),
        (json!({"waGroupId": " "}), json!({}), Lane::Unclassified),
        (json!({"waGroupId": null}), json!({}), Lane::Unclassified),
        (json!({"waGroupId": true}), json!({}), Lane::Unclassified),
        (json!({"waGroupId": [CLUB]}), json!({}), Lane::Unclassified),
        (json!({}), json!({"waGroupId": null}), Lane::Unclassified),
        (json!({"waGroupId": ".."}), json!({}), Lane::Unclassified),
        (json!({"waGroupId": "a/b"}), json!({}), Lane::Unclassified),
        (
            json!({"waGroupId": "x".repeat(129)}),
            json!({}),
            Lane::Unclassified,
        ),
    ] {
        let mut item = outer;
        item["message"] = inner;
        assert_eq!(message(&item).lane, lane, "{item}");
    }
    let two = json!({"data": [{"waGroupId": "b", "message": {"waGroupId": "a"}}]}).to_string();
    assert_eq!(decode(two.as_bytes()).unwrap().notes, [Note::TwoGroups]);
    // The last of two fields with one name counts, and none of them makes it direct.
    let twice = br#"{"data":[{"message":{"waGroupId":"a","waGroupId":null}}]}"#;
    let batch = decode(twice).unwrap();
    assert!(lines(&batch)[0].starts_with("Unclassified"), "{batch:?}");
}

#[test]
fn an_object_that_says_nothing_is_unclassified() {
    for element in [
        json!({}),
        json!({"id": "x", "message": "text"}),
        json!({"sent": null}),
    ] {
        let message = message(&element);
        assert_eq!(message.lane, Lane::Unclassified, "{element}");
        assert!(matches!(message.content, Content::Unreadable(_)));
    }
    let nothing_done = message(&json!({"id": "x", "sent": false}));
    assert_eq!(nothing_done.lane, Lane::Unreadable);
}

#[test]
fn long_texts_are_cut_with_a_mark() {
    let long = "é".repeat(100_000);
    let item = only(&json!({"message": {"messageText": long}}));
    let Report::Message(Incoming {
        content: Content::Text(text),
        ..
    }) = item.report
    else {
        panic!()
    };
    assert!(
        text.ends_with("é… (cut: 134464 more bytes)"),
        "{}",
        text.len()
    );
    assert!(item.raw.len() < 66_000 && item.raw.ends_with("more bytes)"));
    let fits = "é".repeat(32 * 1024);
    assert_eq!(said(&json!({"messageText": fits})), Content::Text(fits));
}

//! Kinds of message, times, statuses and keys, in every form in which they come.

use super::*;

#[test]
fn every_kind_is_read() {
    let media = |kind, address: &str, mime: &str| Content::Media {
        kind,
        address: address.into(),
        mime_type: mime.into(),
        caption: String::new(),
    };
    for (message, content) in [
        (
            json!({"type": "text", "messageText": " oi "}),
            Content::Text(" oi ".into()),
        ),
        (
            json!({"type": "TEXT", "messageText": 12.50}),
            Content::Text("12.5".into()),
        ),
        (
            json!({"type": "VIDEO", "mediaUrl": "u"}),
            media(MediaKind::Video, "u", ""),
        ),
        (
            json!({"type": "Sticker", "mediaUrl": "u"}),
            media(MediaKind::Sticker, "u", ""),
        ),
        (
            json!({"type": "DOCUMENT"}),
            media(MediaKind::Document, "", ""),
        ),
        (
            json!({"mediaUrl": "u", "mimeType": "audio/ogg; x"}),
            media(MediaKind::Audio, "u", "audio/ogg; x"),
        ),
        (
            json!({"type": "TEXT", "mediaUrl": "u"}),
            media(MediaKind::Document, "u", ""),
        ),
        (
            json!({"type": "LOCATION", "location": {"latitude": -22.5, "longitude": "-47"}}),
            Content::Location {
                point: "-22.5,-47".into(),
                name: String::new(),
                address: String::new(),
            },
        ),
        (
            json!({"contacts": [{"name": {"formatted_name": "Ana"}}, {"name": {"first_name": "Bia", "last_name": "Sá"}},
                {"name": "Caio"}, "Davi", {"phones": [{"phone": "+55 11"}]}, 7, null]}),
            Content::Contacts(
                ["Ana", "Bia Sá", "Caio", "Davi", "+55 11", "7", "unnamed"]
                    .map(str::to_owned)
                    .into(),
            ),
        ),
        (
            json!({"type": "INTERACTIVE", "interactive": {"type": "LIST_REPLY", "listReply": {"rowIdentifier": 3, "rowTitle": "Três"}}}),
            Content::Choice {
                title: "Três".into(),
                payload: "3".into(),
            },
        ),
        (
            json!({"type": "BUTTON", "messageText": "Sim"}),
            Content::Choice {
                title: "Sim".into(),
                payload: String::new(),
            },
        ),
        (
            json!({"type": "SYSTEM", "messageText": "x left"}),
            Content::System("x left".into()),
        ),
    ] {
        assert_eq!(said(&message), content, "{message}");
    }
}

#[test]
fn what_fits_no_kind_is_unknown_with_its_words() {
    for (message, kind, text) in [
        (
            json!({"type": "ORDER", "messageText": "2 pizzas", "mediaUrl": "u"}),
            "ORDER",
            "2 pizzas",
        ),
        (json!({"type": "poll", "caption": "?"}), "poll", "?"),
        (json!({"type": "LOCATION"}), "LOCATION", ""),
        (json!({"type": null}), "", ""),
        (json!({"type": 5}), "5", ""),
    ] {
        let unknown = Content::Unknown {
            kind: kind.into(),
            text: text.into(),
        };
        assert_eq!(said(&message), unknown, "{message}");
    }
}

#[test]
fn times_come_in_every_form() {
    let at =
        |field: &str, value: &Value| message(&json!({"message": {}, field: value})).received_at;
    for value in [
        json!(1_579_632_583_000_u64),
        json!(1_579_632_583),
        json!("1579632583000"),
        json!(1_579_632_583.0),
        json!("2020-01-21T18:49:43Z"),
        json!("2020-01-21T18:49:43.000Z"),
        json!("2020-01-21T15:49:43-03:00"),
        json!("2020-01-21 18:49:43"),
    ] {
        for field in ["receivedAt", "receivedDate"] {
            assert_eq!(
                at(field, &value),
                Some(Millis(1_579_632_583_000)),
                "{value}"
            );
        }
    }
    for value in [
        json!(null),
        json!(-5),
        json!("soon"),
        json!(1e300),
        json!(u64::MAX),
        json!([]),
        json!(""),
    ] {
        assert_eq!(at("receivedAt", &value), None, "{value}");
    }
    let both = json!({"message": {}, "receivedAt": "?", "receivedDate": "1970-01-01T00:00:01Z"});
    assert_eq!(message(&both).received_at, Some(Millis(1000)));
}

#[test]
fn of_one_status_the_furthest_counts() {
    use DeliveryState::{Delivered, Read, Sent};
    for (status, expected) in [
        (json!({"sent": true}), Sent),
        (json!({"sentStatusCode": "2"}), Sent),
        (json!({"sentStatus": "sent_success"}), Sent),
        (
            json!({"sent": true, "sentStatusCode": 2, "delivered": false, "read": false}),
            Sent,
        ),
        (json!({"sent": true, "deliveredStatusCode": 4}), Delivered),
        (json!({"delivered": "true"}), Delivered),
        (json!({"deliveredStatusCode": 5}), Read),
        (json!({"deliveredStatus": "READ_SUCCESS"}), Read),
        (json!({"sent": true, "delivered": true, "read": true}), Read),
        (json!({"read": true, "deliveredStatusCode": 104}), Read),
        (
            json!({"sentStatusCode": 2, "deliveredStatusCode": 104, "deliveredStatus": "NOT_DELIVERED"}),
            failed(104, "NOT_DELIVERED"),
        ),
        (json!({"sent": false, "sentStatusCode": 2}), failed(2, "")),
        (
            json!({"sent": true, "sentStatusCode": 999, "sentStatus": "ODD"}),
            failed(999, "ODD"),
        ),
        (
            json!({"sent": false, "sentStatus": "REJECTED_BY_CARRIER"}),
            failed(None, "REJECTED_BY_CARRIER"),
        ),
        (
            json!({"sent": true, "sentStatusCode": 2, "delivered": false, "deliveredStatusCode": 0}),
            Sent,
        ),
    ] {
        assert_eq!(state(&status), expected, "{status}");
    }
    let ours = delivery(
        &json!({"id": 7, "correlationId": "ABCDEF0123456789abcdef0123456789", "sent": true, "sentDate": "1970-01-01T00:00:02Z", "readAt": 9}),
    );
    assert_eq!(ours.provider_id, "7");
    assert_eq!(
        ours.correlation.unwrap().as_str(),
        "abcdef0123456789abcdef0123456789"
    );
    assert_eq!(ours.at, Some(Millis(2000)));
}

#[test]
fn the_same_report_has_the_same_key_and_another_one_another() {
    let key = |element: &Value| only(element).key;
    let text = |id: Value, at: Value| json!({"id": id, "source": "55", "receivedAt": at, "message": {"messageText": "x"}});
    assert_eq!(key(&text(json!("a"), json!(1000))), "a\n55\n1000000");
    // However the time is written.
    assert_eq!(
        key(&text(json!("a"), json!("1970-01-01T00:16:40Z"))),
        "a\n55\n1000000"
    );
    assert_ne!(
        key(&text(json!("a"), json!(1000))),
        key(&text(json!("a"), json!(1001)))
    );
    assert!(key(&text(json!("x".repeat(300)), json!(1))).starts_with("sha256:"));
    let split = |id: &str, source: &str| key(&json!({"id": id, "source": source, "message": {}}));
    assert_ne!(split("a\nb", "c"), split("a", "b\nc"));
    let unnamed = |text: &str| key(&json!({"message": {"messageText": text}}));
    assert!(unnamed("x").starts_with("sha256:") && unnamed("x") != unnamed("y"));
    // Three reports about one message are three.
    let step = |name: &str| key(&json!({"id": "a", name: true}));
    assert!(step("sent") != step("delivered") && step("sent") == step("sent"));
    let order = |body: &[u8]| decode(body).unwrap().items.remove(0).key;
    assert_eq!(
        order(br#"{"data":[{"sent":true,"id":"a"}]}"#),
        order(br#"{"data":[{"id" : "a", "sent":true}]}"#)
    );
}

//! The elements, against the samples.

use super::super::state::Fate;
use super::*;

const GROUP: &str = "5519900000000-1513616971";
const AT: u64 = 1_579_632_583_456;

fn mo(place: Place<'_>, content: Content) -> Value {
    let mo = Mo {
        id: "ca4f0000".to_owned(),
        from: 5_511_900_000_001,
        name: Some("Maria Silva".to_owned()),
        place,
        content,
        at: AT,
        session: (50_642_814_373_440_601, 1_579_454_164_227),
    };
    mo.item()
}

fn in_group(content: Content) -> Value {
    mo(Place::Group(GROUP), content)
}

#[test]
fn a_text_in_a_group_is_the_captured_one() {
    let text = in_group(Content::Text("123".to_owned()));
    assert_eq!(
        text,
        json!({
            "id": "ca4f0000",
            "source": "5511900000001",
            "origin": "5519900000000",
            "userProfile": {"name": "Maria Silva", "whatsAppId": "5511900000001"},
            "message": {"type": "TEXT", "messageText": "123", "waGroupId": GROUP},
            "receivedAt": 1_579_632_583_000_u64,
            "receivedDate": "2020-01-21T18:49:43Z",
            "session": {"id": "50642814373440601", "createdAt": 1_579_454_164_227_u64},
        })
    );
}

#[test]
fn a_direct_message_has_no_group_and_a_blank_one_an_empty_one() {
    let text = || Content::Text("x".to_owned());
    let direct = mo(Place::Direct, text());
    assert_eq!(direct["message"].get("waGroupId"), None);
    assert_eq!(direct.get("waGroupId"), None);
    assert_eq!(direct["session"]["sessionId"], "50642814373440601");
    let extra = direct["extraInfo"].as_str().unwrap();
    assert!(serde_json::from_str::<Value>(extra).unwrap().is_object());
    assert_eq!(mo(Place::Blank, text())["message"]["waGroupId"], "");
}

#[test]
fn only_texts_locations_and_contacts_say_who_it_is() {
    let url = || "http://x/y".to_owned();
    let contact = Content::Contact {
        name: "Lúcia".to_owned(),
        number: 5_511_900_000_004,
    };
    for content in [Content::Text(url()), Content::Location, contact] {
        let item = in_group(content);
        assert_eq!(item["userProfile"]["name"], "Maria Silva", "{item}");
    }
    for content in [
        Content::Image {
            url: url(),
            caption: url(),
        },
        Content::Audio { url: url() },
        Content::Document {
            url: url(),
            caption: url(),
        },
        Content::Sticker { url: url() },
        Content::Unknown,
        Content::Button(url()),
        Content::ListEntry(url()),
        Content::System(url()),
    ] {
        assert_eq!(in_group(content).get("userProfile"), None);
    }
}

#[test]
fn the_odd_ones_are_as_odd_as_in_the_samples() {
    let audio = in_group(Content::Audio { url: String::new() });
    assert_eq!(audio["waGroupId"], GROUP);
    assert_eq!(audio["message"].get("waGroupId"), None);
    let location = in_group(Content::Location);
    assert_eq!(location["message"].get("type"), None);
    assert_eq!(location["receivedAt"], "1579632583000");
    assert_eq!(
        location["message"]["location"]["geoPoint"],
        "-22.894180,-47.047960"
    );
    let system = in_group(Content::System("x left".to_owned()));
    assert_eq!(system["message"]["messageText"], "\u{200e}x left\u{200e}");
    assert_eq!(system.get("session"), None);
    let button = in_group(Content::Button("Sim".to_owned()));
    assert_eq!(
        button["message"]["interactive"],
        json!({"type": "BUTTON_REPLY", "buttonReply": {"payload": "yes", "title": "Sim"}})
    );
}

fn sent() -> Sent {
    Sent {
        id: "5efc3582".to_owned(),
        destination: GROUP.to_owned(),
        recipient_type: Some("group".to_owned()),
        text: "Bom dia!".to_owned(),
        correlation_id: Some("5b0c8a52".to_owned()),
        fate: Fate::Delivered,
    }
}

#[test]
fn a_delivered_message_and_a_refused_one_are_the_samples() {
    let (sent_at, delivered) = (1_513_616_971_891, 1_513_616_973_000);
    let progress = Progress::Delivered {
        sent: sent_at,
        delivered,
    };
    assert_eq!(
        status(&sent(), progress),
        json!({
            "id": "5efc3582", "correlationId": "5b0c8a52", "destination": GROUP,
            "origin": "5519900000000",
            "sent": true, "sentStatusCode": 2, "sentStatus": "SENT_SUCCESS",
            "sentDate": "2017-12-18T17:09:31.891Z", "sentAt": sent_at,
            "delivered": true, "deliveredStatusCode": 4, "deliveredStatus": "DELIVERED_SUCCESS",
            "deliveredDate": "2017-12-18T17:09:33.000Z", "deliveredAt": delivered,
            "read": false,
            "updatedDate": "2017-12-18T17:09:33.000Z", "updatedAt": delivered,
        })
    );
    let progress = Progress::Refused {
        code: 210,
        status: "INVALID_SESSION",
        at: sent_at,
    };
    assert_eq!(
        status(&sent(), progress),
        json!({
            "id": "5efc3582", "correlationId": "5b0c8a52", "destination": GROUP,
            "origin": "5519900000000",
            "sent": false, "sentStatusCode": 210, "sentStatus": "INVALID_SESSION",
            "sentDate": "2017-12-18T17:09:31Z", "sentAt": 1_513_616_971_000_u64,
        })
    );
}

#[test]
fn each_step_says_what_came_before_it() {
    let step = |progress| {
        let item = status(&sent(), progress);
        let of = |key: &str| item.get(key).cloned().unwrap_or_default();
        [
            of("sent"),
            of("deliveredStatusCode"),
            of("read"),
            of("updatedAt"),
        ]
    };
    let (sent, delivered, read, refused) = (1, 2, 3, 4);
    assert_eq!(
        step(Progress::Sent { sent }),
        [json!(true), Value::Null, json!(false), json!(1)]
    );
    assert_eq!(
        step(Progress::Read {
            sent,
            delivered,
            read
        }),
        [json!(true), json!(4), json!(true), json!(3)]
    );
    assert_eq!(
        step(Progress::NotDelivered { sent, refused }),
        [json!(true), json!(104), json!(false), json!(4)]
    );
}

#[test]
fn numbers_are_written_as_people_do() {
    assert_eq!(phone(5_511_900_000_004), "+55 11 90000-0004");
    assert_eq!(phone(123_456), "+123456");
}

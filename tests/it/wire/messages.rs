//! Messages: to a group or to one person, never one for the other, and never twice.

use serde_json::{Value, json};
use wavedeck::domain::{
    Accepted, CorrelationId, FailureKind, GroupId, GroupMessage, Invitation, InviteLink, Sent, WaId,
};

use super::hostile::{Act, Hostile};
use super::{CANARY, fixture, invitation, message};

fn sent(server: &Hostile) -> Value {
    serde_json::from_str(&server.requests().last().unwrap().body).unwrap()
}

#[tokio::test]
async fn the_documents_own_message_is_sent_with_our_name_for_it() {
    let mut expected: Value = serde_json::from_str(&fixture("send-request")).unwrap();
    let own = &expected["destinations"][0]["destination"];
    let message = GroupMessage {
        group: GroupId::new(own.as_str().unwrap()).unwrap(),
        text: expected["message"]["messageText"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
        id: CorrelationId::from_bits(255),
    };
    expected["destinations"][0]["correlationId"] = json!("000000000000000000000000000000ff");
    let server = Hostile::answering("200 OK", "", "{}").await;
    server.client().send_to_group(&message).await;
    assert_eq!(sent(&server), expected);
}

#[tokio::test]
async fn a_group_is_a_group_even_if_it_looks_like_a_number() {
    let server = Hostile::answering("200 OK", "", "{}").await;
    let client = server.client();
    for id in [
        "5511900000009",
        "120363012345678901",
        "5511900000009-1",
        "a@g.us",
    ] {
        let message = GroupMessage {
            group: GroupId::new(id).unwrap(),
            ..message()
        };
        client.send_to_group(&message).await;
        let one = &sent(&server)["destinations"];
        assert_eq!(one.as_array().unwrap().len(), 1);
        assert_eq!(one[0]["recipientType"], "group");
        assert_eq!(one[0]["destination"], id);
    }
    let to = WaId::from_api("5511900000009").unwrap();
    let link = InviteLink::new("AbCdEfGhIjKlMnOpQrStUv");
    let invitation = Invitation::new(to, "", &link, CorrelationId::from_bits(1)).unwrap();
    client.send_invitation(&invitation).await;
    let one = &sent(&server)["destinations"];
    assert_eq!(one.as_array().unwrap().len(), 1);
    assert_eq!(one[0]["recipientType"], "individual");
    assert_eq!(one[0]["destination"], "5511900000009");
    assert_eq!(
        sent(&server)["message"]["messageText"],
        "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"
    );
}

#[tokio::test]
async fn a_text_arrives_as_it_was_written() {
    let server = Hostile::answering("200 OK", "", "{}").await;
    let client = server.client();
    let long = "ã".repeat(4096);
    for text in [
        "\"x\" \\ y\n\tz",
        "Bom dia 👋🏽 família",
        "</script>\u{2028}x",
        &long,
    ] {
        let message = GroupMessage {
            text: text.parse().unwrap(),
            ..message()
        };
        let answer = client.send_to_group(&message).await;
        assert_eq!(sent(&server)["message"]["messageText"], text);
        assert_eq!(
            answer.exchange.body.unwrap(),
            server.requests().last().unwrap().body
        );
    }
}

#[tokio::test]
async fn every_2xx_is_accepted_with_the_providers_name_where_there_is_one() {
    let ours = "00000000000000000000000000000007";
    let both = |id: &str, list: &str| {
        format!(
            r#"{{"{id}":"5efc3581-b8e8-11e7-9895-a6aabe61edb5","{list}":[{{"id":"5efc3582-b8e8-11e7-9895-a6aabe61edb5","correlationId":"{ours}","destination":"5519900000000-1513616971"}}]}}"#
        )
    };
    let one = Some("5efc3582-b8e8-11e7-9895-a6aabe61edb5");
    for (status, body, name) in [
        ("200 OK", both("id", "destinations"), one),
        ("200 OK", both("Id", "destination"), one),
        ("201 Created", r#"{"id":"whole"}"#.to_owned(), Some("whole")),
        ("202 Accepted", String::new(), None),
        ("204 No Content", String::new(), None),
        ("200 OK", "null".to_owned(), None),
        ("200 OK", "{\"id\":\"x".to_owned(), None),
        ("200 OK", "[[[".to_owned(), None),
        ("200 OK", "\u{feff}{\"id\":\"x\"}".to_owned(), Some("x")),
        ("200 OK", format!(r#"{{"id":"a{CANARY}"}}"#), None),
    ] {
        let server = Hostile::answering(status, "", &body).await;
        let answer = server.client().send_to_group(&message()).await;
        let provider_id = name.map(str::to_owned);
        assert_eq!(answer.result, Ok(Accepted { provider_id }), "{body}");
        let invited = server.client().send_invitation(&invitation()).await;
        assert!(invited.result.is_ok());
        assert_eq!(server.requests().len(), 2);
    }
    // The status came: accepted, whatever became of the rest.
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"id\":\"x".to_vec();
    let server = Hostile::always(Act::Close(cut)).await;
    let answer = server.client().send_to_group(&message()).await;
    assert_eq!(answer.result, Ok(Accepted::default()));
}

#[tokio::test]
async fn what_this_api_never_sends_is_no_acceptance() {
    let title = "<html><head><title>Welcome to Guest WiFi</title>";
    for (status, body, why) in [
        ("200 OK", title, "in place of JSON: Welcome to Guest WiFi"),
        (
            "200 OK",
            " \n<!DOCTYPE html>",
            "a web page in place of JSON",
        ),
        ("200 OK", "\u{feff}<html>", "a web page in place of JSON"),
        ("202 Accepted", "Please sign in", "no JSON at byte 0"),
    ] {
        let server = Hostile::answering(status, "", body).await;
        let sent = server.client().send_to_group(&message()).await;
        let invited = server.client().send_invitation(&invitation()).await;
        for result in [sent.result, invited.result] {
            let failure = result.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Malformed, "{body}");
            assert_eq!(failure.sent, Sent::Maybe, "whatever was behind it");
            assert!(failure.may_have_happened());
            assert!(failure.why().contains(why), "{}", failure.why());
        }
        assert_eq!(server.requests().len(), 2);
    }
    // Nor is a page that broke off.
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n<html><he".to_vec();
    let server = Hostile::always(Act::Close(cut)).await;
    let answer = server.client().send_to_group(&message()).await;
    assert_eq!(answer.result.unwrap_err().sent, Sent::Maybe);
}

#[tokio::test]
async fn messages_never_share_a_connection() {
    let server = Hostile::answering("200 OK", "", "{}").await;
    let client = server.client();
    for _ in 0..2 {
        client.send_to_group(&message()).await;
        client.send_invitation(&invitation()).await;
    }
    assert_eq!((server.requests().len(), server.connections()), (4, 4));
}

#[tokio::test]
async fn a_message_without_an_answer_may_have_been_delivered() {
    for act in [Act::Close(vec![]), Act::Reset(vec![])] {
        let server = Hostile::always(act).await;
        let answer = server.client().send_to_group(&message()).await;
        let failure = answer.result.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Cut);
        assert_eq!(failure.sent, Sent::Maybe);
        assert!(failure.may_have_happened());
        assert_eq!(server.requests().len(), 1);
    }
}

//! Icons: what is sent, and what the server says about one.

use std::time::Duration;

use wavedeck::api::Limits;
use wavedeck::domain::{FailureKind, IconAddressError, IconFile, Neighbourhood, Operation, Sent};

use super::hostile::{Act, Hostile, reply};
use super::{CANARY, GROUP, USER, call, fixture, group, jpeg};

/// Says that the icon is at `address`.
fn pointing_to(address: &str) -> String {
    format!(r#"{{"type":"URL","mimeType":"image/jpeg","fileName":"x.jpeg","data":"{address}"}}"#)
}

#[tokio::test]
async fn an_icon_is_sent_once_as_exactly_its_bytes() {
    let server = Hostile::answering("200 OK", "", "null").await;
    let client = server.client();
    let answer = client.set_icon(&group(), &jpeg()).await;
    assert_eq!(answer.result, Ok(()));
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!(
        request.line,
        format!("POST /v1/whatsapp/groups/{GROUP}/icon HTTP/1.1")
    );
    assert_eq!(request.bytes, jpeg().bytes());
    assert_eq!(request.all("content-type"), ["image/jpeg"]);
    assert_eq!(request.all("content-length"), ["40100"]);
    assert_eq!(request.all("transfer-encoding"), [""; 0]);
    assert_eq!(request.all("username"), [USER]);
    assert_eq!(request.all("authenticationtoken"), [CANARY]);

    assert_eq!(answer.exchange.body.as_deref(), Some("JPEG, 640 px, 41 kB"));
    let shown = format!("{answer:?}");
    assert!(!shown.contains("217") && !shown.contains("JFIF"), "{shown}");

    // A connection of its own, as every change.
    client.set_icon(&group(), &jpeg()).await;
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn the_largest_icon_arrives_whole() {
    let server = Hostile::answering("200 OK", "", "{}").await;
    let file = IconFile::encoded(vec![0xd8; IconFile::MAX_BYTES], 640);
    let answer = server.client().set_icon(&group(), &file).await;
    assert_eq!(answer.result, Ok(()));
    assert_eq!(server.requests()[0].bytes.len(), IconFile::MAX_BYTES);
    assert_eq!(
        answer.exchange.body.as_deref(),
        Some("JPEG, 640 px, 5243 kB")
    );
}

#[tokio::test]
async fn sending_an_icon_has_a_time_limit_of_its_own() {
    let silent = Hostile::always(Act::Stall(vec![])).await;
    let limits = |upload| Limits {
        connect: Duration::from_millis(100),
        read: Duration::from_millis(200),
        total: Duration::from_millis(300),
        upload,
        ..Limits::default()
    };
    let client = silent.client_with(limits(Duration::from_millis(900)));
    let (icon, json) = tokio::join!(
        call(&client, Operation::SetIcon),
        call(&client, Operation::LeaveGroup)
    );
    for called in [&icon, &json] {
        assert_eq!(called.failure().kind, FailureKind::Timeout);
        assert_eq!(called.failure().sent, Sent::Maybe);
    }
    assert!(icon.exchange.took >= Duration::from_millis(800));
    assert!(json.exchange.took < icon.exchange.took);
    assert_eq!(Limits::default().upload, Duration::from_secs(60));
}

#[tokio::test]
async fn the_documents_own_answer_is_understood() {
    let server = Hostile::answering("200 OK", "", fixture("icon-response")).await;
    let icon = server.client().icon(&group()).await.result.unwrap();
    let address = "https://chatclub-cdn.wavy.global/2019/03/25/ce425ffe-bc62-421f-9261-e6819a5eab43/groupIcon.jpeg";
    assert_eq!(icon.written.as_str(), address);
    assert_eq!(icon.address.unwrap().url().as_str(), address);
    assert_eq!(icon.mime.unwrap().as_str(), "image/jpeg");
    assert_eq!(icon.file_name.unwrap().as_str(), "groupIcon.jpeg");
}

#[tokio::test]
async fn no_icon_is_said_by_404_and_by_nothing_else() {
    for operation in [Operation::GetIcon, Operation::RemoveIcon] {
        let server = Hostile::answering("404 Not Found", "", "").await;
        let called = call(&server.client(), operation).await;
        assert_eq!(called.failure().kind, FailureKind::NoIcon);
        for status in [
            "400 Bad",
            "403 Forbidden",
            "410 Gone",
            "500 Oops",
            "302 Found",
        ] {
            let server = Hostile::answering(status, "", "").await;
            let called = call(&server.client(), operation).await;
            assert_ne!(called.failure().kind, FailureKind::NoIcon, "{status}");
        }
    }
    for body in ["null", "{}", "", "<html>", r#"{"errorCode":404}"#] {
        let server = Hostile::answering("200 OK", "", body).await;
        let called = call(&server.client(), Operation::GetIcon).await;
        assert_eq!(called.failure().kind, FailureKind::Malformed, "{body}");
    }
}

#[tokio::test]
async fn an_answer_in_an_unknown_form_is_told_and_not_followed() {
    let body = r#"{"type":"BASE64","mimeType":"image/png","fileName":"a.png","data":"aGk="}"#;
    let server = Hostile::answering("200 OK", "", body).await;
    let icon = server.client().icon(&group()).await.result.unwrap();
    assert_eq!(icon.address, Err(IconAddressError::NotAnAddress));
    assert_eq!(icon.mime.unwrap().as_str(), "image/png");
}

#[tokio::test]
async fn an_address_with_the_token_in_it_is_not_handed_on() {
    for address in [
        format!("https://cdn.example.org/x?authenticationToken={CANARY}"),
        format!("https://{CANARY}.example.org/x"),
        format!("https://cdn.example.org/{}", CANARY.replace('-', "%2d")),
        format!("https://cdn.example.org/{}", CANARY.replace('-', "-\\t")),
        format!("https://cdn.example.org/{}", CANARY.replace('-', "\\u002d")),
    ] {
        let server = Hostile::answering("200 OK", "", pointing_to(&address)).await;
        let called = call(&server.client(), Operation::GetIcon).await;
        assert_eq!(called.result, Ok(()), "{address}");
        let icon = server.client().icon(&group()).await.result.unwrap();
        assert_eq!(icon.address, Err(IconAddressError::Credentials));
        let written = icon.written.raw();
        assert!(
            written.contains("…") && !written.contains("7f3a"),
            "{written}"
        );
    }
    let named = format!(r#"{{"type":"URL","mimeType":"{CANARY}","fileName":"{CANARY}.jpg"}}"#);
    let server = Hostile::answering("200 OK", "", named).await;
    call(&server.client(), Operation::GetIcon).await;
}

#[tokio::test]
async fn pictures_may_be_on_this_computer_because_the_account_is() {
    let body = pointing_to("http://127.0.0.1:4000/x.jpeg");
    let server = Hostile::always(Act::Reply(reply("200 OK", "", body))).await;
    let icon = server.client().icon(&group()).await.result.unwrap();
    assert!(icon.address.is_ok());
    for (base, neighbourhood) in [
        ("http://localhost:1", Neighbourhood::Loopback),
        ("https://[::1]/x", Neighbourhood::Loopback),
        ("https://api.example.org", Neighbourhood::Remote),
    ] {
        let base = wavedeck::domain::BaseUrl::new(base).unwrap();
        assert_eq!(Neighbourhood::of(&base), neighbourhood);
    }
}

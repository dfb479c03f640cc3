//! Bodies of successful answers: the document's, odd ones, broken ones, endless ones.

use std::time::Duration;

use wavedeck::api::Limits;
use wavedeck::domain::{FailureKind, GroupId, Operation, Sent, UnixSeconds, WaId};

use super::hostile::{Act, Hostile, reply};
use super::{GROUP, call, calls, fixture, group};

async fn answering(body: impl AsRef<[u8]>) -> Hostile {
    Hostile::answering("200 OK", "content-type: application/json\r\n", body).await
}

#[tokio::test]
async fn the_documents_own_answers_are_understood() {
    let server = answering(fixture("list-response")).await;
    assert_eq!(
        server.client().list_groups().await.result.unwrap(),
        [group()]
    );

    let server = answering(fixture("create-response")).await;
    let subject = "group-subject".parse().unwrap();
    let created = server.client().create_group(&subject).await;
    assert_eq!(created.result.unwrap(), group());

    let server = answering(fixture("details-response")).await;
    let details = server
        .client()
        .group_details(&group())
        .await
        .result
        .unwrap();
    let own = WaId::from_api("5519900000000").unwrap();
    assert_eq!(details.id.as_str(), GROUP);
    assert_eq!(details.subject.as_ref().unwrap().as_str(), "group-subject");
    assert_eq!(details.creator.as_ref(), Some(&own));
    assert_eq!(details.created, Some(UnixSeconds(1_513_616_971)));
    assert_eq!(details.members().collect::<Vec<_>>(), [own]);
    assert_eq!(details.roster.unwrap().admin_count(), 1);

    let server = answering(fixture("invite-response")).await;
    let link = server.client().invite_link(&group()).await.result.unwrap();
    assert_eq!((link.shown(), link.url()), ("group-invite-link", None));
}

#[tokio::test]
async fn a_change_is_done_when_the_status_says_so() {
    let changes =
        calls().filter(|operation| operation.is_change() && *operation != Operation::CreateGroup);
    for operation in changes {
        for (status, body) in [
            ("200 OK", "null"),
            ("200 OK", "{}"),
            ("200 OK", ""),
            ("201 Created", "{}"),
            ("204 No Content", ""),
            ("206 Partial Content", "{}"),
            ("200 OK", "{\"broken"),
            ("200 OK", "<html>"),
            (
                "200 OK",
                r#"{"errors":[{"code":1,"title":"with a warning"}]}"#,
            ),
        ] {
            if body == "<html>" && cannot_be_read_again(operation) {
                continue;
            }
            let server = Hostile::answering(status, "", body).await;
            let called = call(&server.client(), operation).await;
            assert_eq!(called.result, Ok(()), "{operation:?} {status} {body}");
            assert_eq!(called.exchange.answer.raw(), body);
        }
    }
}

/// A message: whoever answered, nobody looks again whether it was the platform.
fn cannot_be_read_again(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::SendToGroup | Operation::SendInvitation
    )
}

#[tokio::test]
async fn a_group_without_a_readable_id_may_have_been_created() {
    for body in [
        "null",
        "{}",
        "",
        "<html>",
        r#"{"groups":[{"creation_time":1513616971}]}"#,
        r#"{"groups":[{"id":"a/b"}]}"#,
        r#"{"errors":[{"code":1015,"title":"Too many requests"}]}"#,
        r#"{"groups":[{"id":"55199"#,
    ] {
        let server = answering(body).await;
        let called = call(&server.client(), Operation::CreateGroup).await;
        let failure = called.failure();
        assert_eq!(failure.kind, FailureKind::Malformed, "{body}");
        assert_eq!((failure.sent, failure.status), (Sent::Maybe, Some(200)));
        assert!(failure.may_have_happened());
    }
}

#[tokio::test]
async fn an_answer_that_is_not_the_apis_is_never_an_empty_list() {
    for (body, detail) in [
        (
            &b"<!doctype html><title>Hotel Wi-Fi</title>"[..],
            "a web page in place of JSON: Hotel Wi-Fi",
        ),
        (b"", "it is empty"),
        (
            b"{\"groups\":[{\"id\":\"a\"}",
            "the JSON ends too early, after 21 bytes",
        ),
        (b"{\"groups\":[{\"id\":\"a\"}]}}", "no JSON at byte 23"),
        (b"{\"groups\":[{\"id\":\"\xff\"}]}", "no UTF-8 at byte 18"),
        (b"{\"errorCode\":500}", "no `groups` in it"),
    ] {
        let server = answering(body).await;
        let called = call(&server.client(), Operation::ListGroups).await;
        let failure = called.failure();
        assert_eq!(failure.kind, FailureKind::Malformed);
        assert_eq!((failure.sent, failure.status), (Sent::Answered, Some(200)));
        assert_eq!(failure.detail.as_str(), detail);
        let details = call(&server.client(), Operation::GroupDetails).await;
        assert_eq!(details.failure().kind, FailureKind::Malformed);
    }
}

#[tokio::test]
async fn a_byte_order_mark_does_no_harm() {
    let server = answering("\u{feff}{\"groups\":[{\"id\":\"a\"}]}").await;
    let ids = server.client().list_groups().await.result.unwrap();
    assert_eq!(ids, [GroupId::new("a").unwrap()]);
}

#[tokio::test]
async fn nesting_overflows_nothing() {
    for open in ["[", "{\"groups\":[", "{\"x\":"] {
        for status in ["200 OK", "400 Bad Request"] {
            let server = Hostile::answering(status, "", open.repeat(10_000)).await;
            for operation in [Operation::ListGroups, Operation::GroupDetails] {
                assert!(call(&server.client(), operation).await.result.is_err());
            }
        }
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_at_the_limit() {
    let limits = Limits {
        list_bytes: 256 * 1024,
        details_bytes: 128 * 1024,
        json_bytes: 64 * 1024,
        ..Limits::default()
    };
    let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"groups\":[".to_vec();
    let piece = b"{\"id\":\"a\"},".repeat(500);
    let endless = Hostile::always(Act::Endless(head, piece, Duration::ZERO)).await;
    let promised = b"HTTP/1.1 200 OK\r\ncontent-length: 67108864\r\n\r\n[".to_vec();
    let promised = Hostile::always(Act::Stall(promised)).await;
    for server in [endless, promised] {
        let client = server.client_with(limits);
        for (operation, detail) in [
            (Operation::ListGroups, "over 256 KiB"),
            (Operation::GroupDetails, "over 128 KiB"),
            (Operation::CreateGroup, "over 64 KiB"),
        ] {
            let called = call(&client, operation).await;
            let failure = called.failure();
            assert_eq!(failure.kind, FailureKind::TooLarge);
            assert_eq!(failure.detail.as_str(), detail);
            assert_eq!(failure.may_have_happened(), operation.is_change());
        }
        assert_eq!(call(&client, Operation::LeaveGroup).await.result, Ok(()));
    }
}

#[tokio::test]
async fn an_endless_error_is_cut_as_well() {
    let head = b"HTTP/1.1 500 Oops\r\nconnection: close\r\n\r\n".to_vec();
    let endless = Act::Endless(head, vec![b'z'; 4096], Duration::ZERO);
    let server = Hostile::always(endless).await;
    let called = call(&server.client(), Operation::RenameGroup).await;
    assert_eq!(called.failure().kind, FailureKind::Server(None));
}

#[tokio::test]
async fn a_group_of_a_hundred_thousand_members_is_read() {
    let people: Vec<String> = (0..100_000).map(|n| format!(r#""55199{n:08}""#)).collect();
    let people = people.join(",");
    let server = answering(format!(
        r#"{{"groups":[{{"id":"{GROUP}","participants":[{people}],"admins":[]}}]}}"#
    ))
    .await;
    let details = server.client().group_details(&group()).await.result;
    assert_eq!(details.unwrap().roster.unwrap().count(), 100_000);
}

#[tokio::test]
async fn a_hundred_thousand_groups_are_listed() {
    let ids: Vec<String> = (0..100_000)
        .map(|n| format!(r#"{{"id":"1203630{n:08}"}}"#))
        .collect();
    let server = answering(format!(r#"{{"groups":[{}]}}"#, ids.join(","))).await;
    assert_eq!(
        server.client().list_groups().await.result.unwrap().len(),
        100_000
    );
}

#[tokio::test]
async fn an_answer_in_pieces_is_put_together() {
    let body = fixture("details-response");
    let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for byte in body.as_bytes() {
        bytes.extend_from_slice(b"1\r\n");
        bytes.push(*byte);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    let server = Hostile::always(Act::Reply(bytes)).await;
    assert!(server.client().group_details(&group()).await.result.is_ok());
}

#[tokio::test]
async fn details_of_another_group_are_refused() {
    let body = r#"{"groups":[{"id":"5519900000000-9999999999","subject":"another"}]}"#;
    let server = answering(body).await;
    for operation in [Operation::GroupDetails, Operation::GetInvite] {
        let called = call(&server.client(), operation).await;
        assert_eq!(called.failure().kind, FailureKind::Malformed);
        assert_eq!(
            called.failure().detail.as_str(),
            "it is about another group"
        );
    }
}

#[tokio::test]
async fn the_answer_is_kept_for_showing_up_to_two_kibibytes_and_made_safe() {
    let long = format!("{{\"groups\":[],\"x\":\"\x1b[2J{}é\"}}", "é".repeat(5000));
    let whole = reply("200 OK", "", &long);
    let server = Hostile::always(Act::Reply(whole)).await;
    let called = call(&server.client(), Operation::LeaveGroup).await;
    let answer = called.exchange.answer;
    assert!(answer.raw().len() <= 2048);
    assert!(answer.as_str().starts_with("{\"groups\":[],\"x\":\"^[[2Jé"));
}

//! Refusals, redirects, broken connections and silence: what they are called and whether something
//! may have happened.

use std::time::Duration;

use tokio::net::TcpSocket;
use wavedeck::api::Client;
use wavedeck::domain::{Failure, FailureKind, Operation, Sent, Unreachable};

use super::hostile::{Act, Hostile, reply};
use super::{CANARY, account, call, calls, no_patience_with_silence, no_patience_with_slowness};

async fn failure(server: &Hostile, operation: Operation) -> Failure {
    call(&server.client(), operation).await.failure().clone()
}

#[tokio::test]
async fn a_redirect_is_named_and_never_followed() {
    let elsewhere = Hostile::answering("200 OK", "", r#"{"groups":[{"id":"a"}]}"#).await;
    let host = elsewhere.base.trim_start_matches("http://").to_owned();
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        for operation in calls() {
            let location = format!("location: {}/v1/whatsapp/groups\r\n", elsewhere.base);
            let server = Hostile::answering(status, &location, "").await;
            let failure = failure(&server, operation).await;
            assert!(
                matches!(&failure.kind, FailureKind::Redirected(to) if to.as_str() == host),
                "{failure:?}"
            );
            assert_eq!(failure.sent, Sent::Answered);
            assert!(!failure.may_have_happened());
            assert_eq!(server.requests().len(), 1);
        }
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn a_refusal_is_decoded_by_call_and_status_with_the_servers_words() {
    use FailureKind as Kind;
    use Operation as Op;
    let body = r#"{"errorCode":1,"errorMessage":"As the server\nputs it"}"#;
    for (status, operation, kind) in [
        (
            "400 Bad Request",
            Op::RemoveParticipants,
            Kind::NumberNotFound,
        ),
        ("400 Bad Request", Op::AddAdmins, Kind::NumberNotFound),
        ("400 Bad Request", Op::RemoveAdmins, Kind::NumberNotFound),
        ("400 Bad Request", Op::LeaveGroup, Kind::NotInGroup),
        ("400 Bad Request", Op::CreateGroup, Kind::CreateRefused),
        ("400 Bad Request", Op::RenameGroup, Kind::Rejected),
        ("401 Unauthorized", Op::ListGroups, Kind::Unauthorized),
        ("403 Forbidden", Op::AddAdmins, Kind::Forbidden),
        ("404 Not Found", Op::ListGroups, Kind::NotOffered),
        ("404 Not Found", Op::GroupDetails, Kind::GroupGone),
        ("404 Not Found", Op::RenameGroup, Kind::GroupGone),
        ("404 Not Found", Op::GetInvite, Kind::GroupGone),
        ("404 Not Found", Op::LeaveGroup, Kind::GroupGone),
        ("404 Not Found", Op::GetIcon, Kind::NoIcon),
        ("404 Not Found", Op::RemoveIcon, Kind::NoIcon),
        ("404 Not Found", Op::SetIcon, Kind::GroupGone),
        ("404 Not Found", Op::SendToGroup, Kind::Rejected),
        ("413 Too Large", Op::SetIcon, Kind::Rejected),
        ("400 Bad Request", Op::SendInvitation, Kind::Rejected),
        ("420 Slow Down", Op::SendToGroup, Kind::RateLimited(None)),
        ("504 Gateway Timeout", Op::SendToGroup, Kind::Server(None)),
        ("405 Method Not Allowed", Op::ListGroups, Kind::NotOffered),
        ("501 Not Implemented", Op::ListGroups, Kind::NotOffered),
        ("409 Conflict", Op::AddAdmins, Kind::Rejected),
        ("420 Slow Down", Op::GroupDetails, Kind::RateLimited(None)),
        (
            "429 Too Many Requests",
            Op::GroupDetails,
            Kind::RateLimited(None),
        ),
        (
            "500 Internal Server Error",
            Op::CreateGroup,
            Kind::Server(None),
        ),
        ("502 Bad Gateway", Op::RenameGroup, Kind::Server(None)),
        ("504 Gateway Timeout", Op::ListGroups, Kind::Server(None)),
        ("408 Request Timeout", Op::LeaveGroup, Kind::Server(None)),
    ] {
        let server = Hostile::answering(status, "", body).await;
        let failure = failure(&server, operation).await;
        assert_eq!(failure.kind, kind, "{operation:?} {status}");
        assert_eq!(failure.sent, Sent::Answered);
        assert_eq!(
            failure.status.unwrap().to_string(),
            status.split_once(' ').unwrap().0
        );
        assert_eq!(failure.detail.as_str(), "As the server puts it");
        let doubtful = matches!(kind, Kind::Server(_));
        assert_eq!(
            failure.may_have_happened(),
            doubtful,
            "{operation:?} {status}"
        );
    }
}

#[tokio::test]
async fn the_one_error_that_is_known_word_for_word() {
    let body = r#"{"errorCode":401,"errorMessage":"Authentication Error: No user was found with this combination of username and Authentication token."}"#;
    let server = Hostile::answering("401 Unauthorized", "", body).await;
    let failure = failure(&server, Operation::ListGroups).await;
    assert_eq!(failure.kind, FailureKind::Unauthorized);
    assert!(
        failure
            .detail
            .as_str()
            .ends_with("and Authentication token.")
    );
}

#[tokio::test]
async fn a_pause_that_the_server_asks_for_is_passed_on() {
    let limited = |seconds| FailureKind::RateLimited(Some(Duration::from_secs(seconds)));
    let busy = |seconds| FailureKind::Server(Some(Duration::from_secs(seconds)));
    let none = FailureKind::RateLimited(None);
    let date =
        "date: Mon, 18 Dec 2017 12:00:00 GMT\r\nretry-after: Mon, 18 Dec 2017 12:01:00 GMT\r\n";
    for (status, headers, kind) in [
        ("429 Slow", "retry-after: 7\r\n", limited(7)),
        ("429 Slow", "Retry-After:   120  \r\n", limited(120)),
        ("420 Slow", "retry-after: 7\r\n", limited(7)),
        ("429 Slow", "retry-after: 99999999\r\n", limited(86_400)),
        ("429 Slow", "retry-after: -1\r\n", none.clone()),
        ("429 Slow", "retry-after: \u{e9}\r\n", none.clone()),
        ("429 Slow", "", none),
        ("429 Slow", date, limited(60)),
        ("503 Busy", "retry-after: 7\r\n", busy(7)),
        ("503 Busy", date, busy(60)),
    ] {
        let server = Hostile::answering(status, headers, "").await;
        let failure = failure(&server, Operation::GroupDetails).await;
        assert_eq!(failure.kind, kind, "{headers}");
    }
}

#[tokio::test]
async fn an_error_body_may_be_anything() {
    let long = "z".repeat(1024 * 1024);
    for (body, expected) in [
        ("", "Bad Gateway"),
        ("null", "Bad Gateway"),
        ("{}", "Bad Gateway"),
        (
            "<html><head><title>502 Bad\nGateway</title></head><body>x",
            "Bad Gateway",
        ),
        ("\"a text\"", "a text"),
        ("{\"errorMessage\":\"cut o", "{\"errorMessage\":\"cut o"),
        (
            "{\"errorMessage\":\"\\u001b[2Jhidden\\u202e\"}",
            "^[[2Jhidden",
        ),
        (&long, &format!("{}…", "z".repeat(256))),
    ] {
        let server = Hostile::answering("502 Bad Gateway", "", body).await;
        let called = call(&server.client(), Operation::GetInvite).await;
        let failure = called.failure();
        assert_eq!(failure.kind, FailureKind::Server(None));
        assert_eq!(failure.detail.as_str(), expected);
        assert!(failure.detail.raw().len() <= 2048);
        assert!(called.exchange.answer.raw().len() <= 2048);
    }
    let latin1 = Hostile::answering("400 Bad Request", "", b"n\xe3o").await;
    let failure = failure(&latin1, Operation::GetInvite).await;
    assert_eq!(failure.detail.as_str(), "n\u{fffd}o");
}

#[tokio::test]
async fn a_server_that_repeats_the_token_does_not_bring_it_on_the_screen() {
    let near_the_edge = format!("{}{CANARY}{}", "x".repeat(2040), "y".repeat(100));
    for body in [
        format!(r#"{{"errorMessage":"no user with token {CANARY}!"}}"#),
        format!("<title>{CANARY}</title>"),
        format!(
            r#"{{"errorMessage":"{}"}}"#,
            CANARY.replace("canary", "\\u0063anary")
        ),
        near_the_edge,
    ] {
        let server = Hostile::answering("401 Unauthorized", "", &body).await;
        let called = call(&server.client(), Operation::ListGroups).await;
        // `call` looks for the whole token everywhere; here for its beginning.
        for text in [&called.failure().detail, &called.exchange.answer] {
            assert!(!text.raw().contains("canary"), "{}", text.raw());
        }
        let server = Hostile::answering("200 OK", "", &body).await;
        call(&server.client(), Operation::ListGroups).await;
        let location = format!("location: https://{CANARY}.example.org/\r\n");
        let server = Hostile::answering("302 Found", &location, "").await;
        call(&server.client(), Operation::ListGroups).await;
    }
}

#[tokio::test]
async fn a_connection_cut_before_the_status_leaves_doubt() {
    for act in [
        Act::Close(vec![]),
        Act::Close(b"HTTP/1.1 20".to_vec()),
        Act::Close(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()),
        Act::Reset(vec![]),
    ] {
        for operation in calls() {
            let server = Hostile::always(act.clone()).await;
            let called = call(&server.client(), operation).await;
            let failure = called.failure();
            assert_eq!(failure.kind, FailureKind::Cut, "{operation:?}");
            assert_eq!((failure.sent, failure.status), (Sent::Maybe, None));
            assert!(failure.may_have_happened());
            assert_eq!(called.exchange.status, None);
        }
    }
}

#[tokio::test]
async fn what_is_no_http_leaves_doubt_too() {
    let server = Hostile::always(Act::Close(b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec())).await;
    let failure = failure(&server, Operation::LeaveGroup).await;
    assert_eq!(failure.kind, FailureKind::Malformed);
    assert_eq!((failure.sent, failure.status), (Sent::Maybe, None));
}

#[tokio::test]
async fn once_the_status_came_a_broken_body_spoils_reads_only() {
    let whole = reply("200 OK", "", r#"{"groups":[{"id":"a"}]}"#);
    let some = whole[..whole.len() - 4].to_vec();
    let none = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec();
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"gro\r\n".to_vec();
    let bad_chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec();
    for act in [
        Act::Close(some.clone()),
        Act::Close(none),
        Act::Close(chunked),
        Act::Close(bad_chunk),
        Act::Reset(some),
    ] {
        for operation in calls() {
            let server = Hostile::always(act.clone()).await;
            let called = call(&server.client(), operation).await;
            if called.exchange.status.is_none() {
                // A reset may overtake the status line.
                assert!(matches!(act, Act::Reset(_)), "{operation:?}");
            } else if operation.is_change() && operation != Operation::CreateGroup {
                assert_eq!(called.result, Ok(()), "{operation:?}");
            } else {
                let failure = called.failure();
                assert_eq!(failure.kind, FailureKind::Malformed, "{operation:?}");
                let doubt = operation == Operation::CreateGroup;
                assert_eq!(failure.may_have_happened(), doubt, "{operation:?}");
                assert!(failure.detail.as_str().starts_with("it broke off after "));
            }
        }
    }
}

#[tokio::test]
async fn an_error_with_a_broken_body_is_still_that_error() {
    let whole = reply("403 Forbidden", "", "only admins may do this");
    let server = Hostile::always(Act::Close(whole[..whole.len() - 5].to_vec())).await;
    let failure = failure(&server, Operation::AddAdmins).await;
    assert_eq!(failure.kind, FailureKind::Forbidden);
    assert_eq!(failure.detail.as_str(), "only admins may do");
}

#[tokio::test]
async fn silence_is_a_time_out() {
    let silent = Hostile::always(Act::Stall(vec![])).await;
    let client = silent.client_with(no_patience_with_silence());
    let (read, change) = tokio::join!(
        call(&client, Operation::ListGroups),
        call(&client, Operation::LeaveGroup)
    );
    for called in [read, change] {
        assert_eq!(called.failure().kind, FailureKind::Timeout);
        assert_eq!(called.failure().sent, Sent::Maybe);
        let took = called.exchange.took;
        assert!(took >= Duration::from_millis(500) && took < Duration::from_secs(9));
    }
    assert_eq!(silent.requests().len(), 2);
}

#[tokio::test]
async fn silence_after_the_status_spoils_reads_only() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 40\r\n\r\n{\"gr".to_vec();
    let server = Hostile::always(Act::Stall(head)).await;
    let client = server.client_with(no_patience_with_silence());
    let (read, create, change) = tokio::join!(
        call(&client, Operation::ListGroups),
        call(&client, Operation::CreateGroup),
        call(&client, Operation::LeaveGroup)
    );
    assert_eq!(read.failure().kind, FailureKind::Timeout);
    assert_eq!(read.failure().sent, Sent::Answered);
    assert_eq!(create.failure().sent, Sent::Maybe);
    assert_eq!(change.result, Ok(()));
    assert_eq!(change.exchange.status, Some(200));
}

#[tokio::test]
async fn an_answer_that_drips_ends_with_the_whole_calls_limit() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    let drip = Act::Endless(head, b" ".to_vec(), Duration::from_millis(50));
    let server = Hostile::always(drip).await;
    let client = server.client_with(no_patience_with_slowness());
    let called = call(&client, Operation::ListGroups);
    let called = tokio::time::timeout(Duration::from_secs(20), called)
        .await
        .expect("no end");
    assert_eq!(called.failure().kind, FailureKind::Timeout);
    assert!(called.exchange.took >= Duration::from_millis(900));
}

#[tokio::test]
async fn nobody_listening_means_nothing_was_sent() {
    // Bound, so that nobody else gets the port, but not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let base = format!("http://{}", socket.local_addr().unwrap());
    let client = Client::new(&account(&base)).unwrap();
    for operation in calls() {
        let called = call(&client, operation).await;
        let failure = called.failure();
        assert_eq!(failure.kind, FailureKind::Unreachable(Unreachable::Refused));
        assert_eq!((failure.sent, failure.status), (Sent::Never, None));
        assert!(!failure.may_have_happened() && failure.is_offline());
        assert!(
            !failure.detail.as_str().contains("/v1/"),
            "no address in it"
        );
        assert_eq!(called.exchange.status, None);
        assert!(called.exchange.answer.is_blank());
    }
}

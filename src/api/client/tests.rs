//! Tests of the client that need its inside: paths, TLS, name resolution, what prints.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::*;
use crate::domain::{BaseUrl, Sent, Unreachable};

const SECRET: &str = "canary-5up3r-s3cr3t";

fn account(base: &str) -> Account {
    Account::new(BaseUrl::new(base).unwrap(), "ana@example.org", SECRET).unwrap()
}

fn group(id: &str) -> GroupId {
    GroupId::new(id).unwrap()
}

/// A client that speaks TLS to this computer and trusts nobody; needs no certificates to be there.
fn distrustful(address: SocketAddr) -> Client {
    let no_roots = tls(&account("http://127.0.0.1")).unwrap();
    let limits = Limits {
        connect: Duration::from_millis(200),
        ..Limits::default()
    };
    Client::with_tls(&account(&format!("https://{address}")), limits, no_roots).unwrap()
}

#[test]
fn an_id_is_one_segment_of_the_path() {
    for (base, id, path) in [
        (
            "https://h",
            "5519900000000-1513616971",
            "/v1/whatsapp/groups/5519900000000-1513616971/leave",
        ),
        (
            "https://h/",
            "Y2Fw==",
            "/v1/whatsapp/groups/Y2Fw%3D%3D/leave",
        ),
        (
            "https://h/gate/way/",
            "a@g.us",
            "/gate/way/v1/whatsapp/groups/a%40g.us/leave",
        ),
        (
            "https://h",
            "%2e%2e",
            "/v1/whatsapp/groups/%252e%252e/leave",
        ),
        ("https://h", "..%2f", "/v1/whatsapp/groups/..%252f/leave"),
        ("https://h", "...", "/v1/whatsapp/groups/.../leave"),
        (
            "https://h",
            "a;b&c+d:e,f",
            "/v1/whatsapp/groups/a%3Bb%26c%2Bd%3Ae%2Cf/leave",
        ),
        ("https://h", "grüpo", "/v1/whatsapp/groups/gr%C3%BCpo/leave"),
    ] {
        let client = Client::with_tls(
            &account(base),
            Limits::default(),
            tls(&account("http://127.0.0.1")).unwrap(),
        )
        .unwrap();
        let url = client.url(Operation::LeaveGroup, Some(&group(id)));
        assert_eq!(url.path(), path);
        assert_eq!((url.query(), url.fragment()), (None, None));
    }
}

#[test]
fn credentials_do_not_print() {
    let client = Client::new(&account("http://127.0.0.1:9/x")).unwrap();
    let shown = format!("{client:?} {client:#?}");
    assert!(shown.contains("127.0.0.1:9"));
    assert!(
        !shown.contains(SECRET) && !shown.contains("ana@"),
        "{shown}"
    );
    let inner = &client.0;
    let shown = format!("{:?} {:?} {:?}", inner.http, inner.token, inner.user_name);
    assert!(
        !shown.contains(SECRET) && !shown.contains("ana@"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_a_tls_failure_and_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = distrustful(listener.local_addr().unwrap());
    let (answer, ()) = tokio::join!(client.list_groups(), async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    });
    let failure = answer.result.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable(Unreachable::Tls));
    assert_eq!(failure.sent, Sent::Never);
    assert_eq!(answer.exchange.status, None);
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = distrustful(listener.local_addr().unwrap());
    let subject = "Clube".parse().unwrap();
    let failure = client.create_group(&subject).await.result.unwrap_err();
    assert_eq!(
        failure.kind,
        FailureKind::Unreachable(Unreachable::TimedOut)
    );
    assert_eq!(failure.sent, Sent::Never);
}

/// Knows no host at all.
struct NoNames;

impl Resolve for NoNames {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err::<Addrs, _>("no such host".into()) })
    }
}

#[tokio::test]
async fn an_unknown_host_is_named_as_such() {
    let account = account("https://api.example.org");
    let http = settings(Neighbourhood::of(&account.base_url), &Limits::default())
        .tls_backend_preconfigured(tls(&self::account("http://127.0.0.1")).unwrap())
        .no_proxy()
        .dns_resolver(Arc::new(NoNames))
        .build()
        .unwrap();
    let why = http
        .get("https://api.example.org/x")
        .send()
        .await
        .unwrap_err();
    let failure = Failure::from(Error::transport(why));
    assert_eq!(failure.kind, FailureKind::Unreachable(Unreachable::Name));
    assert_eq!(failure.sent, Sent::Never);
    assert_eq!(failure.detail.as_str(), "no such host");
}

#[tokio::test]
async fn other_computers_are_not_spoken_to_without_tls() {
    let account = account("https://api.example.org");
    let http = settings(Neighbourhood::of(&account.base_url), &Limits::default())
        .tls_backend_preconfigured(tls(&self::account("http://127.0.0.1")).unwrap())
        .build()
        .unwrap();
    let why = http.get("http://127.0.0.1:9/").send().await.unwrap_err();
    let failure = Failure::from(Error::transport(why));
    assert_eq!(failure.kind, FailureKind::Refused, "not even tried");
    assert_eq!(failure.sent, Sent::Never);
}

#[tokio::test]
async fn a_read_only_client_sends_no_change_whoever_asks() {
    // Nobody listens there: anything but a refusal would be a failed connection.
    let client = Client::new(&account("http://127.0.0.1:9")).unwrap();
    let client = client.with_access(crate::domain::Access::ReadOnly);
    let id = crate::domain::GroupId::new("g").unwrap();
    let refused = client.reset_invite_link(&id).await;
    assert_eq!(refused.result.unwrap_err().kind, FailureKind::Refused);
    let read = client.invite_link(&id).await;
    assert!(read.result.unwrap_err().is_offline(), "reading is tried");
}

#[test]
fn the_token_is_taken_out_however_it_is_written() {
    let token = "ab/cd\"e\\f-5ecret";
    let account = Account::new(
        BaseUrl::new("http://127.0.0.1:9").unwrap(),
        "ana@example.org",
        token,
    )
    .unwrap();
    let client = Client::new(&account).unwrap();
    for written in [
        r#"ab/cd"e\f-5ecret"#,
        r#"ab\/cd\"e\\f-5ecret"#,
        r"ab\u002Fcd\u0022e\u005cf-5ecret",
        r#"\u0061b\u002fcd\"e\\f\u002D5ecret"#,
        "ab\u{200b}/c\u{202e}d\"e\\f-5e\u{2060}cret",
        "ab\u{200b}\\/cd\\\"e\\\\f-5e\u{2060}cret",
    ] {
        let body = format!(r#"{{"said":"<{written}>"}}"#);
        let excerpt = client.excerpt(body.as_bytes());
        assert_eq!(excerpt.as_str(), r#"{"said":"<…>"}"#, "{written}");
        assert!(!excerpt.raw().contains("ecret"), "{written}");
        let edge = format!("{}{body}", "\u{200b}".repeat(EXCERPT / 3 - 4));
        let excerpt = client.excerpt(edge.as_bytes());
        assert!(!excerpt.as_str().contains("ab"), "{excerpt}");
    }
}

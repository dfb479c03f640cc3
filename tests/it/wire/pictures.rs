//! Pictures come from strangers: what they are told, and what they may do.

use std::time::Duration;

use wavedeck::api::{Answer, Limits, Pictures};
use wavedeck::domain::{
    Failure, FailureKind, IconAddress, Neighbourhood, Operation, Sent, Unreachable,
};

use super::hostile::{Act, Hostile, Recorded, reply};
use super::{CANARY, USER, group};

const PATH: &str = "/2019/03/25/groupIcon.jpeg";

async fn fetch_with(limits: Limits, address: &str) -> Answer<Vec<u8>> {
    let address = IconAddress::new(address, Neighbourhood::Loopback).unwrap();
    let pictures = Pictures::with_limits(Neighbourhood::Loopback, limits).unwrap();
    pictures.fetch(&address).await
}

async fn fetch(server: &Hostile) -> Answer<Vec<u8>> {
    fetch_with(Limits::default(), &format!("{}{PATH}", server.base)).await
}

async fn failure(server: &Hostile) -> Failure {
    fetch(server).await.result.unwrap_err()
}

fn assert_knows_nothing(request: &Recorded) {
    for name in [
        "username",
        "authenticationtoken",
        "authorization",
        "cookie",
        "referer",
    ] {
        assert_eq!(request.all(name), [""; 0], "{name}");
    }
    let shown = format!("{request:?}");
    assert!(!shown.contains(CANARY) && !shown.contains(USER), "{shown}");
}

#[tokio::test]
async fn the_picture_host_never_sees_the_credentials() {
    let picture = Hostile::answering("200 OK", "set-cookie: a=b\r\n", b"\xff\xd8\xff\0").await;
    let body = format!(
        r#"{{"type":"URL","data":"{}{PATH}?sig=s3cret"}}"#,
        picture.base
    );
    let api = Hostile::answering("200 OK", "", body).await;
    let icon = api.client().icon(&group()).await.result.unwrap();
    let address = icon.address.unwrap();
    let pictures = Pictures::new(Neighbourhood::Loopback).unwrap();
    for _ in 0..2 {
        let answer = pictures.fetch(&address).await;
        assert_eq!(answer.result.unwrap(), b"\xff\xd8\xff\0");
        let exchange = answer.exchange;
        assert_eq!(exchange.operation, Operation::FetchPicture);
        let host = picture.base.trim_start_matches("http://");
        assert_eq!(exchange.path, format!("{host}{PATH}"), "without the query");
        assert_eq!((exchange.body, exchange.status), (None, Some(200)));
        assert!(exchange.answer.is_blank());
    }
    let requests = picture.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!(request.line, format!("GET {PATH}?sig=s3cret HTTP/1.1"));
        assert_eq!(request.bytes, b"");
        assert_knows_nothing(request);
    }
    assert_eq!(api.requests().len(), 1);
}

#[tokio::test]
async fn a_picture_hosts_redirect_is_followed_nowhere() {
    let elsewhere = Hostile::answering("200 OK", "", b"\xff\xd8\xff").await;
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        for target in [&elsewhere.base, "http://169.254.169.254", "file:///etc"] {
            let location = format!("location: {target}/passwd\r\n");
            let server = Hostile::answering(status, &location, "").await;
            let failure = failure(&server).await;
            assert!(
                matches!(failure.kind, FailureKind::Redirected(_)),
                "{failure:?}"
            );
            assert_eq!(server.requests().len(), 1);
        }
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn no_redirect_on_the_way_to_an_icon_shows_anybody_the_credentials() {
    let stranger = Hostile::answering("200 OK", "", "{}").await;
    for status in ["301 x", "302 x", "303 x", "307 x", "308 x"] {
        let location = format!("location: {}/x\r\n", stranger.base);
        let api = Hostile::answering(status, &location, "").await;
        let client = api.client();
        assert!(client.icon(&group()).await.result.is_err());
        assert!(
            client
                .set_icon(&group(), &super::jpeg())
                .await
                .result
                .is_err()
        );
        assert!(
            client
                .send_to_group(&super::message())
                .await
                .result
                .is_err()
        );
        assert!(
            client
                .send_invitation(&super::invitation())
                .await
                .result
                .is_err()
        );
        assert_eq!(api.requests().len(), 4);
    }
    assert_eq!(stranger.connections(), 0);
}

#[tokio::test]
async fn a_strangers_refusal_says_nothing_about_the_account_or_the_group() {
    for (status, kind) in [
        ("400 Bad Request", FailureKind::Rejected),
        ("401 Unauthorized", FailureKind::Rejected),
        ("403 Forbidden", FailureKind::Rejected),
        ("404 Not Found", FailureKind::Rejected),
        ("410 Gone", FailureKind::Rejected),
        ("429 Slow Down", FailureKind::RateLimited(None)),
        ("503 Busy", FailureKind::Server(None)),
    ] {
        let server = Hostile::answering(status, "", "<title>As the host puts it</title>").await;
        let answer = fetch(&server).await;
        let failure = answer.result.unwrap_err();
        assert_eq!(failure.kind, kind, "{status}");
        assert_eq!(failure.detail.as_str(), "As the host puts it");
        assert_eq!(failure.sent, Sent::Answered);
        assert_eq!(answer.exchange.status, failure.status);
        assert!(answer.exchange.answer.is_blank());
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_picture_is_read_up_to_its_limit_and_no_further() {
    let most = Limits::default().picture_bytes;
    assert_eq!(most, 5 * 1024 * 1024);
    let fits = Hostile::answering("200 OK", "", vec![7; most]).await;
    assert_eq!(fetch(&fits).await.result.unwrap().len(), most);

    let promised = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", most + 1);
    let promised = Hostile::always(Act::Stall(promised.into_bytes())).await;
    let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    let endless = Act::Endless(head, vec![0; 64 * 1024], Duration::ZERO);
    for server in [promised, Hostile::always(endless).await] {
        let failure = failure(&server).await;
        assert_eq!(failure.kind, FailureKind::TooLarge);
        assert_eq!(failure.detail.as_str(), "over 5120 KiB");
    }
}

#[tokio::test]
async fn half_a_picture_is_none() {
    let whole = reply("200 OK", "", vec![0xff; 1000]);
    for act in [
        Act::Close(whole[..whole.len() - 1].to_vec()),
        Act::Close(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n".to_vec()),
    ] {
        let failure = failure(&Hostile::always(act).await).await;
        assert_eq!(failure.kind, FailureKind::Malformed);
        assert!(failure.detail.as_str().starts_with("it broke off after "));
    }
    let cut = failure(&Hostile::always(Act::Close(vec![])).await).await;
    assert_eq!(cut.kind, FailureKind::Cut);
}

#[tokio::test]
async fn a_picture_that_drips_ends_with_its_own_limit() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    let drip = Act::Endless(head, b" ".to_vec(), Duration::from_millis(50));
    let server = Hostile::always(drip).await;
    let limits = Limits {
        picture: Duration::from_millis(700),
        ..Limits::default()
    };
    let address = format!("{}{PATH}", server.base);
    let answer = fetch_with(limits, &address);
    let answer = tokio::time::timeout(Duration::from_secs(9), answer);
    let answer = answer.await.expect("no end");
    assert_eq!(answer.result.unwrap_err().kind, FailureKind::Timeout);
    assert!(answer.exchange.took >= Duration::from_millis(600));
    assert_eq!(Limits::default().picture, Duration::from_secs(15));
}

#[tokio::test]
async fn nobody_listening_is_told_without_the_address() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = format!("http://{}{PATH}?sig=s3cret", socket.local_addr().unwrap());
    let answer = fetch_with(Limits::default(), &address).await;
    let failure = answer.result.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unreachable(Unreachable::Refused));
    assert!(!failure.why().contains("s3cret"));
}

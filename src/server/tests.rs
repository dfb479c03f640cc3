//! The server, against clients that dawdle.
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::*;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);
const ANYWHERE: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const LAST_REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

/// Answers «done» when it gets one of the `permits`; adds one to `begun` before that.
fn waiting(begun: &Arc<Semaphore>, permits: &Arc<Semaphore>) -> Router {
    let (begun, permits) = (Arc::clone(begun), Arc::clone(permits));
    Router::new().fallback(move |_: Request| async move {
        begun.add_permits(1);
        permits.acquire().await.unwrap().forget();
        "done"
    })
}

fn counts() -> (Arc<Semaphore>, Arc<Semaphore>) {
    (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)))
}

async fn connect(server: &Server, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(server.local_addr()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// All that comes until the server hangs up.
async fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    let read = timeout(PATIENCE, stream.read_to_string(&mut text)).await;
    // A cut connection may end in a reset: what came before is kept.
    let _ = read.expect("the server hangs up");
    text
}

async fn begins(begun: &Semaphore) {
    let begun = timeout(PATIENCE, begun.acquire()).await;
    begun.expect("a request arrives").unwrap().forget();
}

#[test]
fn a_head_has_five_seconds_unless_told_otherwise() {
    assert_eq!(Limits::default().header_read, Duration::from_secs(5));
    assert_eq!(Limits::default().idle, Duration::from_secs(15));
    assert_eq!(Limits::default().connections, 256);
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut() {
    let limits = Limits {
        header_read: Duration::from_millis(20),
        ..Limits::default()
    };
    let router = Router::new().fallback(async || "done");
    let server = Server::start_with(ANYWHERE, router, limits).await.unwrap();
    let stream = connect(&server, b"GET / HTTP/1.1\r\nhost: x\r\nx-slow:").await;
    assert_eq!(rest(stream).await, "");
}

#[tokio::test]
async fn a_connection_that_asks_no_more_is_closed() {
    let limits = Limits {
        idle: Duration::from_millis(20),
        ..Limits::default()
    };
    let router = Router::new().fallback(async || "done");
    let server = Server::start_with(ANYWHERE, router, limits).await.unwrap();
    let answer = rest(connect(&server, REQUEST).await).await;
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_refused() {
    let router = Router::new().fallback(async || "done");
    let server = Server::start(ANYWHERE, router).await.unwrap();
    let get = |headers: String| format!("GET / HTTP/1.1\r\nconnection: close\r\n{headers}\r\n");
    let fine = rest(connect(&server, get("a: b\r\n".repeat(63)).as_bytes()).await).await;
    assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
    let many = rest(connect(&server, get("a: b\r\n".repeat(64)).as_bytes()).await).await;
    assert!(many.starts_with("HTTP/1.1 431"), "{many}");
    let long = format!("a: {}\r\n", "b".repeat(MAX_HEAD_BYTES));
    let long = rest(connect(&server, get(long).as_bytes()).await).await;
    assert!(long.starts_with("HTTP/1.1 431"), "{long}");
}

#[tokio::test]
async fn stopping_finishes_what_runs_and_accepts_nothing_more() {
    let (begun, permits) = counts();
    let server = Server::start(ANYWHERE, waiting(&begun, &permits)).await;
    let server = server.unwrap();
    let addr = server.local_addr();
    let idle = TcpStream::connect(addr).await.unwrap();
    let running = connect(&server, REQUEST).await;
    begins(&begun).await;
    let refused = async {
        while TcpStream::connect(addr).await.is_ok() {
            tokio::task::yield_now().await;
        }
        permits.add_permits(1);
    };
    let both = async { tokio::join!(server.stop(), refused) };
    timeout(PATIENCE, both).await.expect("the server stops");
    let answer = rest(running).await;
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
    assert_eq!(rest(idle).await, "");
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever() {
    let (begun, permits) = counts();
    let limits = Limits {
        stop: Duration::from_millis(20),
        ..Limits::default()
    };
    let server = Server::start_with(ANYWHERE, waiting(&begun, &permits), limits).await;
    let server = server.unwrap();
    let running = connect(&server, REQUEST).await;
    begins(&begun).await;
    let stopped = timeout(PATIENCE, server.stop()).await;
    stopped.expect("the server gives up");
    assert_eq!(rest(running).await, "");
}

#[tokio::test]
async fn dropping_a_server_cuts_its_connections() {
    let (begun, permits) = counts();
    let server = Server::start(ANYWHERE, waiting(&begun, &permits)).await;
    let server = server.unwrap();
    let running = connect(&server, REQUEST).await;
    begins(&begun).await;
    drop(server);
    assert_eq!(rest(running).await, "");
}

#[tokio::test]
async fn a_connection_over_the_limit_waits_for_its_turn() {
    let (begun, permits) = counts();
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let server = Server::start_with(ANYWHERE, waiting(&begun, &permits), limits).await;
    let server = server.unwrap();
    let first = connect(&server, LAST_REQUEST).await;
    begins(&begun).await;
    let second = connect(&server, LAST_REQUEST).await;
    let early = timeout(Duration::from_millis(50), begun.acquire()).await;
    assert!(early.is_err(), "the second is served beside the first");
    permits.add_permits(2);
    assert!(rest(first).await.ends_with("done"));
    assert!(rest(second).await.ends_with("done"));
}

#[tokio::test]
async fn a_second_head_has_no_more_time_than_the_first() {
    let limits = Limits {
        header_read: Duration::from_millis(20),
        ..Limits::default()
    };
    let router = Router::new().fallback(async || "done");
    let server = Server::start_with(ANYWHERE, router, limits).await.unwrap();
    let mut stream = connect(&server, REQUEST).await;
    let mut answer = [0; 16];
    stream.read_exact(&mut answer).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nx-slow:")
        .await
        .unwrap();
    // Long before the fifteen seconds between two requests are over.
    let ended = timeout(Duration::from_secs(10), rest(stream)).await;
    assert!(ended.unwrap().ends_with("\r\n\r\ndone"));
}

#[tokio::test]
async fn who_asks_for_nothing_gives_up_the_place_to_who_does() {
    let limits = Limits {
        connections: 8,
        ..Limits::default()
    };
    let router = Router::new().fallback(async || "done");
    let server = Server::start_with(ANYWHERE, router, limits).await.unwrap();
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(connect(&server, b"GET / HTTP/1.1\r\nx-slow:").await);
        let good = connect(&server, LAST_REQUEST).await;
        // Well within the five seconds of a head.
        let answer = timeout(Duration::from_secs(4), rest(good)).await;
        assert!(answer.unwrap().ends_with("done"));
    }
    // The first ones had to go.
    assert_eq!(rest(silent.swap_remove(0)).await, "");
}

#[tokio::test]
async fn a_connection_between_two_requests_gives_up_its_place_as_well() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let router = Router::new().fallback(async || "done");
    let server = Server::start_with(ANYWHERE, router, limits).await.unwrap();
    let mut idle = connect(&server, REQUEST).await;
    let mut answer = [0; 16];
    idle.read_exact(&mut answer).await.unwrap();
    let good = connect(&server, LAST_REQUEST).await;
    assert!(rest(good).await.ends_with("done"));
    assert!(rest(idle).await.ends_with("done"), "answered, then closed");
}

//! The server that breaks: each fault as bytes, and what it leaves behind.

use std::collections::HashSet;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use wavedeck::sim::faults::{Arrived, Asked, Fault, FaultServer, Options, Play};

use super::*;

const GROUPS: &str = "/v1/whatsapp/groups";
const BODY: &str = r#"{"subject":"Clube"}"#;
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long nothing must come before it counts as a stall.
const SILENCE: Duration = Duration::from_millis(300);

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// As announced.
    Whole,
    /// The connection ended too early.
    Closed,
    /// It was reset.
    Reset,
    /// Nothing more came.
    Silent,
}

/// A plain POST, byte by byte.
fn post() -> String {
    let length = BODY.len();
    format!("POST {GROUPS} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{BODY}")
}

async fn connect(server: &FaultServer) -> TcpStream {
    TcpStream::connect(server.local_addr()).await.unwrap()
}

/// One answer as it comes.
async fn read(stream: &mut TcpStream) -> (Vec<u8>, End) {
    read_with(stream, PATIENCE).await
}

async fn read_with(stream: &mut TcpStream, patience: Duration) -> (Vec<u8>, End) {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        if is_whole(&bytes) {
            return (bytes, End::Whole);
        }
        match timeout(patience, stream.read(&mut buffer)).await {
            Ok(Ok(0)) => return (bytes, End::Closed),
            Ok(Ok(length)) => bytes.extend_from_slice(&buffer[..length]),
            Ok(Err(_)) => return (bytes, End::Reset),
            Err(_) => return (bytes, End::Silent),
        }
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let body = &bytes[head + 4..];
    if text.contains("transfer-encoding: chunked") {
        return body.ends_with(b"\r\n0\r\n\r\n");
    }
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    length.map_or(text.contains(" 204 "), |length| {
        body.len() == length.parse::<usize>().unwrap()
    })
}

async fn ask(server: &FaultServer) -> (Vec<u8>, End) {
    let mut stream = connect(server).await;
    stream.write_all(post().as_bytes()).await.unwrap();
    read(&mut stream).await
}

/// How long to wait for what comes next: not long where nothing should come.
fn patience(fault: Fault) -> Duration {
    match expected(fault).2 {
        End::Silent => SILENCE,
        End::Whole | End::Closed | End::Reset => PATIENCE,
    }
}

/// How each fault begins and ends, and something that is in between.
fn expected(fault: Fault) -> (&'static str, &'static str, End) {
    use End::{Closed, Reset, Silent, Whole};
    match fault {
        Fault::AcceptThenClose => ("", "", Closed),
        // On a fresh connection all goes well.
        Fault::StaleKeepAlive => ("HTTP/1.1 200 OK\r\n", "null", Whole),
        Fault::ResetUnread | Fault::ResetAfterHead | Fault::ResetAfterRequest => ("", "", Reset),
        Fault::StallAfterRequest => ("", "", Silent),
        Fault::StatusLineOnly => ("HTTP/1.1 200 OK\r\n", "", Closed),
        Fault::HeaderStall => ("HTTP/1.1 200 OK\r\n", "Content-Ty", Silent),
        Fault::TruncatedBody => ("HTTP/1.1 200 OK\r\n", "Content-Length: 46", Closed),
        Fault::Drip => ("HTTP/1.1 200 OK\r\n", "Content-Length: 46", Whole),
        Fault::UnterminatedChunked => ("HTTP/1.1 200 OK\r\n", r#"1513616971"}]}"#, Closed),
        Fault::EmptyBody => ("HTTP/1.1 200 OK\r\n", "Content-Length: 0\r\n\r\n", Whole),
        Fault::NullBody => ("HTTP/1.1 200 OK\r\n", "\r\n\r\nnull", Whole),
        Fault::EmptyObject => ("HTTP/1.1 200 OK\r\n", "\r\n\r\n{}", Whole),
        Fault::Html => ("HTTP/1.1 200 OK\r\n", "text/html", Whole),
        Fault::InvalidJson => ("HTTP/1.1 200 OK\r\n", r#""55199"#, Whole),
        Fault::InvalidUtf8 => ("HTTP/1.1 200 OK\r\n", "\u{FFFD}", Whole),
        Fault::ByteOrderMark => ("HTTP/1.1 200 OK\r\n", "\u{FEFF}{", Whole),
        Fault::WrongTypes => ("HTTP/1.1 200 OK\r\n", r#""subject":17"#, Whole),
        Fault::NoGroups => ("HTTP/1.1 200 OK\r\n", r#"{"meta":"#, Whole),
        Fault::NullGroups => ("HTTP/1.1 200 OK\r\n", r#"{"groups":null}"#, Whole),
        Fault::EmptyGroups => ("HTTP/1.1 200 OK\r\n", r#"{"groups":[]}"#, Whole),
        Fault::Oversize => ("HTTP/1.1 200 OK\r\n", r#"{"groups":[]"#, Whole),
        Fault::DeepNesting => ("HTTP/1.1 200 OK\r\n", "[[[[[[[[]]]]]]]]", Whole),
        Fault::Accepted202 => ("HTTP/1.1 202 Accepted\r\n", "{}", Whole),
        Fault::NoContent204 => ("HTTP/1.1 204 No Content\r\n", "", Whole),
        Fault::Partial206 => ("HTTP/1.1 206 Partial Content\r\n", "131201", Whole),
        Fault::Moved301 => ("HTTP/1.1 301 ", "Location: http://127.0.0.1:", Whole),
        Fault::Found302 => ("HTTP/1.1 302 ", "Location: http://127.0.0.1:", Whole),
        Fault::SeeOther303 => ("HTTP/1.1 303 ", "Location: http://127.0.0.1:", Whole),
        Fault::Temporary307 => ("HTTP/1.1 307 ", "Location: http://127.0.0.1:", Whole),
        Fault::Permanent308 => ("HTTP/1.1 308 ", "Location: http://127.0.0.1:", Whole),
        Fault::BadRequest400 => ("HTTP/1.1 400 Bad Request\r\n", "errorCode", Whole),
        Fault::Unauthorized401 => ("HTTP/1.1 401 ", "No user was found", Whole),
        Fault::Forbidden403 => ("HTTP/1.1 403 ", "errorCode", Whole),
        Fault::NotFound404 => ("HTTP/1.1 404 ", "errorCode", Whole),
        Fault::NotAllowed405 => ("HTTP/1.1 405 ", "errorCode", Whole),
        Fault::RequestTimeout408 => ("HTTP/1.1 408 ", "errorCode", Whole),
        Fault::Conflict409 => ("HTTP/1.1 409 ", "errorCode", Whole),
        Fault::TooLarge413 => ("HTTP/1.1 413 ", "<html>", Whole),
        Fault::UnsupportedType415 => ("HTTP/1.1 415 ", "errorCode", Whole),
        Fault::Unprocessable422 => ("HTTP/1.1 422 ", "errorCode", Whole),
        Fault::Throttled420 => ("HTTP/1.1 420 ", "errorCode", Whole),
        Fault::TooMany429 => ("HTTP/1.1 429 Too Many Requests\r\n", "errorCode", Whole),
        Fault::TooManySeconds429 => ("HTTP/1.1 429 ", "\r\nRetry-After: 2\r\n", Whole),
        Fault::TooManyDate429 => ("HTTP/1.1 429 ", " GMT\r\nRetry-After: ", Whole),
        Fault::ServerError500 => ("HTTP/1.1 500 ", "<html>", Whole),
        Fault::BadGateway502 => ("HTTP/1.1 502 Bad Gateway\r\n", "<html>", Whole),
        Fault::Unavailable503 => ("HTTP/1.1 503 ", "\r\nRetry-After: 2\r\n", Whole),
        Fault::GatewayTimeout504 => ("HTTP/1.1 504 ", "Content-Length: 0\r\n", Whole),
    }
}

#[tokio::test]
async fn every_fault_looks_as_it_says() {
    let mut faults = JoinSet::new();
    for fault in Fault::ALL {
        faults.spawn(async move {
            let options = Options {
                drip: Duration::from_millis(1),
                oversize: 1024 * 1024,
                ..Options::default()
            };
            let play = move |_: &Asked<'_>| Play::Instead(*fault);
            let server = FaultServer::start_with(options, play).await.unwrap();
            let mut stream = connect(&server).await;
            stream.write_all(post().as_bytes()).await.unwrap();
            let (bytes, end) = read_with(&mut stream, patience(*fault)).await;
            let text = String::from_utf8_lossy(&bytes);
            let (begin, middle, expected) = expected(*fault);
            let shown: String = text.chars().take(300).collect();
            assert_eq!(end, expected, "{fault:?}: {shown}");
            assert!(text.starts_with(begin), "{fault:?}: {shown}");
            assert!(text.contains(middle), "{fault:?}: {shown}");
            assert_eq!(begin.is_empty(), bytes.is_empty(), "{fault:?}: {shown}");
            let arrived = server.requests();
            assert_eq!(arrived.len(), 1, "{fault:?}");
            let body = &*arrived[0].body;
            let is_taken = fault.takes_the_request() || *fault == Fault::StaleKeepAlive;
            assert_eq!(body == BODY.as_bytes(), is_taken, "{fault:?}");
            assert_eq!(server.stray_connections(), 0);
        });
    }
    assert_eq!(faults.join_all().await.len(), 50);
    assert_eq!(Fault::ALL.iter().collect::<HashSet<_>>().len(), 50);
}

#[tokio::test]
async fn a_fault_comes_instead_of_the_change_or_after_it() {
    let simulator = Simulator::start(settings()).await.unwrap();
    let state = simulator.state();
    for fault in Fault::ALL {
        for is_after in [false, true] {
            let play = if is_after {
                Play::AfterApplying(*fault)
            } else {
                Play::Instead(*fault)
            };
            let play = move |_: &Asked<'_>| play.clone();
            let options = Options {
                upstream: Some(simulator.local_addr()),
                drip: Duration::ZERO,
                oversize: 1,
                ..Options::default()
            };
            let server = FaultServer::start_with(options, play).await.unwrap();
            let asked = state.seen().len();
            let mut stream = connect(&server).await;
            stream.write_all(post().as_bytes()).await.unwrap();
            let is_applied =
                (is_after && fault.takes_the_request()) || *fault == Fault::StaleKeepAlive;
            read_with(&mut stream, patience(*fault)).await;
            if is_applied {
                // Silence may begin before the change on a busy machine.
                let applied = async {
                    while state.seen().len() == asked {
                        tokio::task::yield_now().await;
                    }
                };
                timeout(PATIENCE, applied).await.unwrap();
            }
            let applied = state.seen().len() - asked;
            assert_eq!(applied, usize::from(is_applied), "{fault:?} {is_after}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_only_spoilt_is_the_real_one() {
    let simulator = Simulator::start(settings()).await.unwrap();
    let list = format!(
        "GET {GROUPS} HTTP/1.1\r\nHost: x\r\nuserName: demo\r\nauthenticationToken: demo-token\r\n\r\n"
    );
    let play = async |play: Play| {
        let options = Options {
            upstream: Some(simulator.local_addr()),
            drip: Duration::ZERO,
            ..Options::default()
        };
        let play = move |_: &Asked<'_>| play.clone();
        let server = FaultServer::start_with(options, play).await.unwrap();
        let mut stream = connect(&server).await;
        stream.write_all(list.as_bytes()).await.unwrap();
        let bytes = read(&mut stream).await.0;
        let text = String::from_utf8(bytes).unwrap();
        let (_, body) = text.split_once("\r\n\r\n").unwrap();
        body.to_owned()
    };
    let real = play(Play::Forward).await;
    assert_eq!(real.matches("\"id\"").count(), 16);
    let half = play(Play::AfterApplying(Fault::TruncatedBody)).await;
    assert_eq!(half.len(), real.len() / 2);
    assert!(real.starts_with(&half));
    let marked = play(Play::AfterApplying(Fault::ByteOrderMark)).await;
    assert_eq!(marked, format!("\u{FEFF}{real}"));
    assert_eq!(play(Play::AfterApplying(Fault::Drip)).await, real);
    let chunk = play(Play::AfterApplying(Fault::UnterminatedChunked)).await;
    assert_eq!(chunk, format!("{:x}\r\n{real}\r\n", real.len()));
}

#[tokio::test]
async fn a_stale_connection_breaks_under_the_second_request_only() {
    let server = FaultServer::start(|_| Play::Instead(Fault::StaleKeepAlive))
        .await
        .unwrap();
    let mut stream = connect(&server).await;
    stream.write_all(post().as_bytes()).await.unwrap();
    assert_eq!(read(&mut stream).await.1, End::Whole);
    stream.write_all(post().as_bytes()).await.unwrap();
    assert_eq!(read(&mut stream).await, (Vec::new(), End::Reset));
    assert_eq!(ask(&server).await.1, End::Whole);
    let arrived = server.requests();
    let connections: Vec<u64> = arrived.iter().map(|one| one.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
}

#[tokio::test]
async fn the_script_learns_how_often_was_asked_and_the_record_shows_all() {
    let server = FaultServer::start(|asked| Play::Answer {
        status: 201,
        content_type: "text/plain".to_owned(),
        body: format!("{} {} {}", asked.method, asked.before, asked.repeat).into_bytes(),
    })
    .await
    .unwrap();
    let client = client();
    let call = async |method: &str, path: &str, body: &'static str| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = client.request(method, format!("{}{path}", server.base_url()));
        let response = request.header("X-Key", "v").body(body).send().await;
        response.unwrap().text().await.unwrap()
    };
    assert_eq!(call("GET", "/a", "").await, "GET 0 0");
    assert_eq!(call("GET", "/a", "").await, "GET 1 1");
    assert_eq!(call("PUT", "/a", "body").await, "PUT 2 0");
    assert_eq!(call("GET", "/b?c=d", "").await, "GET 3 0");
    assert_eq!(call("GET", "/a", "").await, "GET 4 2");
    let arrived = server.requests();
    let put: &Arrived = &arrived[2];
    assert_eq!((&*put.method, &*put.path), ("PUT", "/a"));
    assert_eq!(put.body, b"body");
    assert_eq!(put.header("x-kEY"), Some("v"));
    assert_eq!(put.header("x-other"), None);
    assert!(put.head.starts_with("PUT /a HTTP/1.1\r\n"));
    assert_eq!(arrived[3].path, "/b?c=d");
    assert!(arrived.iter().all(|one| one.connection == 0), "kept alive");
}

#[tokio::test]
async fn what_is_passed_on_arrives_as_it_was_sent() {
    let front = Desk::demo().await;
    let server = FaultServer::in_front_of(front.simulator.local_addr(), |_| Play::Forward);
    let server = server.await.unwrap();
    let url = |path: &str| format!("{}{path}", server.base_url());
    let sign = |request: reqwest::RequestBuilder| {
        let request = request.header("userName", "demo");
        request.header("authenticationToken", "demo-token")
    };
    // The same answers, headers included.
    let direct = front.call("GET", GROUPS).await;
    assert_eq!(answer(sign(client().get(url(GROUPS)))).await, direct);
    let refused = front.bare("PATCH", GROUPS);
    let refused = answer(refused).await;
    assert_eq!(refused, answer(client().patch(url(GROUPS))).await);
    // An empty body stays one of a known length, and a picture keeps its bytes.
    let icon = url(&format!("{GROUPS}/{CORRIDA}/icon"));
    let bytes: Vec<u8> = [b"\xFF\xD8\xFF".to_vec(), (0..=255).collect()].concat();
    let upload = sign(client().post(&icon)).header("Content-Type", "image/jpeg");
    answer(upload.body(bytes.clone())).await.assert_done();
    assert_eq!(front.state().icon(CORRIDA).unwrap().bytes, bytes);
    assert_eq!(server.requests().last().unwrap().body, bytes);
    let leave = url(&format!("{GROUPS}/{CORRIDA}/leave"));
    let leave = sign(client().post(leave)).header("Content-Length", "0");
    answer(leave).await.assert_done();
    let seen = front.state().seen();
    assert_eq!(seen.last().unwrap().content_length.as_deref(), Some("0"));
}

#[tokio::test]
async fn a_body_in_chunks_and_a_client_that_asks_first_are_understood() {
    let server = FaultServer::start(|_| Play::Forward).await.unwrap();
    let mut stream = connect(&server).await;
    let head = "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
    let head = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    // In two parts, so that the head is not there at the first look.
    let (first, second) = head.split_at(30);
    stream.write_all(first.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    stream.write_all(second.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    let read_on = stream.read_exact(&mut go_on);
    timeout(PATIENCE, read_on).await.unwrap().unwrap();
    assert_eq!(go_on, *b"HTTP/1.1 100 Continue\r\n\r\n");
    let body = b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n";
    stream.write_all(body).await.unwrap();
    assert_eq!(read(&mut stream).await.1, End::Whole);
    assert_eq!(server.requests()[0].body, b"abc0123456789");
    // Nothing is left over: the next request on the connection is read from its beginning.
    stream.write_all(post().as_bytes()).await.unwrap();
    assert_eq!(read(&mut stream).await.1, End::Whole);
    assert_eq!(server.requests()[1].body, BODY.as_bytes());
}

#[tokio::test]
async fn raw_bytes_come_as_they_are() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ntoo much";
    let server = FaultServer::start(move |_| Play::Raw(bytes.to_vec()));
    let server = server.await.unwrap();
    let mut stream = connect(&server).await;
    stream.write_all(post().as_bytes()).await.unwrap();
    let mut all = Vec::new();
    let read = stream.read_to_end(&mut all);
    timeout(PATIENCE, read).await.unwrap().unwrap();
    assert_eq!(all, bytes);
}

#[tokio::test]
async fn a_stall_ends_when_the_client_gives_up_or_the_server_goes() {
    let server = FaultServer::start(|_| Play::Instead(Fault::StallAfterRequest));
    let server = server.await.unwrap();
    let mut stream = connect(&server).await;
    stream.write_all(post().as_bytes()).await.unwrap();
    let arrived = timeout(PATIENCE, server.wait_for(1)).await.unwrap();
    assert_eq!(arrived[0].play, Play::Instead(Fault::StallAfterRequest));
    drop(server);
    let mut rest = Vec::new();
    let end = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    assert!(end.is_ok(), "the connection ends");
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn who_follows_a_redirect_is_noticed() {
    let server = FaultServer::start(|_| Play::Instead(Fault::Temporary307));
    let server = server.await.unwrap();
    let (bytes, _) = ask(&server).await;
    let text = String::from_utf8(bytes).unwrap();
    let location = format!("Location: {}\r\n", server.elsewhere_url());
    assert!(text.contains(&location), "{text}");
    assert_ne!(server.elsewhere_url(), server.base_url());
    let request = client().get(server.elsewhere_url());
    let stray = answer(request.header("authenticationToken", "t")).await;
    assert_eq!(stray.status, 200);
    let strayed = server.strayed();
    assert_eq!(strayed.len(), 1);
    assert_eq!(strayed[0].header("authenticationtoken"), Some("t"));
    assert_eq!(server.stray_connections(), 1);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_date_to_retry_at_is_measured_from_the_answers_own() {
    let options = Options {
        retry_after: 90,
        ..Options::default()
    };
    let play = |_: &Asked<'_>| Play::Instead(Fault::TooManyDate429);
    let server = FaultServer::start_with(options, play).await.unwrap();
    let request = client().get(server.base_url());
    let response = request.send().await.unwrap();
    let date = |name| {
        let text = response.headers()[name].to_str().unwrap();
        httpdate::parse_http_date(text).unwrap()
    };
    let pause = date("retry-after").duration_since(date("date")).unwrap();
    assert_eq!(pause, Duration::from_secs(90));
}

#[tokio::test]
async fn too_much_is_64_mib_unless_told_otherwise() {
    assert_eq!(Options::default().oversize, 64 * 1024 * 1024);
    let server = FaultServer::start(|_| Play::Instead(Fault::Oversize));
    let server = server.await.unwrap();
    let mut response = client().get(server.base_url()).send().await.unwrap();
    assert_eq!(response.content_length(), None);
    let (mut length, mut last) = (0, 0);
    while let Some(chunk) = response.chunk().await.unwrap() {
        length += chunk.len();
        last = *chunk.last().unwrap();
    }
    assert_eq!(length, 64 * 1024 * 1024 + r#"{"groups":[]}"#.len());
    assert_eq!(last, b'}');
}

#[tokio::test]
async fn a_server_behind_that_is_gone_is_a_bad_gateway() {
    let simulator = Simulator::start(settings()).await.unwrap();
    let server = FaultServer::in_front_of(simulator.local_addr(), |_| Play::Forward);
    let server = server.await.unwrap();
    simulator.stop().await;
    let (bytes, _) = ask(&server).await;
    assert!(bytes.starts_with(b"HTTP/1.1 502 "));
}

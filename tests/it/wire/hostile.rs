//! A TCP server that does as it is told: answers with given bytes, cuts, resets, stalls, never ends.
//!
//! It reads every request completely before it acts, and writes down all of them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use wavedeck::api::{Client, Limits};

/// What to do once a request was read.
#[derive(Clone)]
pub(super) enum Act {
    /// Write the bytes and keep the connection for the next request.
    Reply(Vec<u8>),
    /// Write the bytes and close.
    Close(Vec<u8>),
    /// Write the bytes and reset the connection.
    Reset(Vec<u8>),
    /// Write the bytes and keep silent.
    Stall(Vec<u8>),
    /// Write the first bytes, then the second ones again and again.
    Endless(Vec<u8>, Vec<u8>, Duration),
}

/// A request as it stood on the wire.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    /// Which connection, counted from zero.
    pub(super) connection: usize,
    /// `GET /path HTTP/1.1`
    pub(super) line: String,
    /// Names in lower case, in order.
    pub(super) headers: Vec<(String, String)>,
    /// With signs in place of what is no text.
    pub(super) body: String,
    pub(super) bytes: Vec<u8>,
}

impl Recorded {
    /// The values of a header.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

#[derive(Default)]
struct Log {
    connections: usize,
    requests: Vec<Recorded>,
}

pub(super) struct Hostile {
    pub(super) base: String,
    log: Arc<Mutex<Log>>,
    /// Ends with the server.
    _tasks: JoinSet<()>,
}

impl Hostile {
    /// A server that does the same to every request.
    pub(super) async fn always(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Log::default()));
        let mut tasks = JoinSet::new();
        let shared = Arc::clone(&log);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let connection = {
                    let mut log = shared.lock().unwrap();
                    log.connections += 1;
                    log.connections - 1
                };
                connections.spawn(serve(stream, connection, act.clone(), Arc::clone(&shared)));
            }
        });
        Self {
            base,
            log,
            _tasks: tasks,
        }
    }

    /// A server that answers with this status, these headers and this body.
    pub(super) async fn answering(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        Self::always(Act::Reply(reply(status, headers, body))).await
    }

    pub(super) fn client(&self) -> Client {
        Client::new(&super::account(&self.base)).unwrap()
    }

    pub(super) fn client_with(&self, limits: Limits) -> Client {
        Client::with_limits(&super::account(&self.base), limits).unwrap()
    }

    pub(super) fn requests(&self) -> Vec<Recorded> {
        self.log.lock().unwrap().requests.clone()
    }

    pub(super) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }
}

/// A well-formed answer; `headers` are whole lines.
pub(super) fn reply(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

async fn serve(mut stream: TcpStream, connection: usize, act: Act, log: Arc<Mutex<Log>>) {
    while let Some(request) = read(&mut stream, connection).await {
        log.lock().unwrap().requests.push(request);
        match &act {
            Act::Reply(bytes) => {
                if stream.write_all(bytes).await.is_err() {
                    return;
                }
            }
            Act::Close(bytes) => {
                let _ = stream.write_all(bytes).await;
                return;
            }
            Act::Reset(bytes) => {
                let _ = stream.write_all(bytes).await;
                stream.set_zero_linger().unwrap();
                return;
            }
            Act::Stall(bytes) => {
                let _ = stream.write_all(bytes).await;
                // Until the client has had enough.
                let _ = stream.read(&mut [0]).await;
                return;
            }
            Act::Endless(head, piece, pause) => {
                let mut sent = stream.write_all(head).await;
                while sent.is_ok() {
                    if !pause.is_zero() {
                        tokio::time::sleep(*pause).await;
                    }
                    sent = stream.write_all(piece).await;
                }
                return;
            }
        }
    }
}

/// The next request; `None` when the client has closed.
async fn read(stream: &mut TcpStream, connection: usize) -> Option<Recorded> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    assert_eq!(bytes.len(), head_end + length, "bytes behind the request");
    Some(Recorded {
        connection,
        line,
        headers,
        body: String::from_utf8_lossy(&bytes[head_end..]).into_owned(),
        bytes: bytes.split_off(head_end),
    })
}

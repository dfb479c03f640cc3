//! The receiver: requests in, answers out.
//!
//! It understands nothing of what it takes: [`super::payload`] does. Invariants: 200 is said only after
//! the sink has the whole batch; a body never takes more memory than [`MAX_BODY`] and a little; the
//! answer to whoever does not know the path is an empty 404.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONNECTION, CONTENT_TYPE, EXPECT, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::guard::{Guard, SecretPath};
use super::payload;
use super::queue::{Patience, Queue, Reason, Room, Tally, Verdict, queue};
use crate::domain::{HostName, Item};
use crate::server::Server;

/// Most bytes of a body.
const MAX_BODY: usize = 1024 * 1024;
/// Most bytes beyond these that are read, so that the refusal reaches a sender that is still writing.
const MAX_DRAINED: usize = 1024 * 1024;
/// How long a body may take.
const BODY_PATIENCE: Duration = Duration::from_secs(10);
/// How long what waits for the sink may take when the receiver stops.
const LAST_WRITES: Duration = Duration::from_secs(5);
/// So many bodies that are no JSON are kept, so that somebody can look at them.
const MAX_BAD: usize = 100;
/// Seconds after which a batch that could not be kept should come again.
const RETRY: HeaderValue = HeaderValue::from_static("5");

/// Where and for whom the receiver listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The address. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// What senders have to know.
    pub path: SecretPath,
    /// Names of this host, beside its addresses and `localhost`.
    pub hosts: Vec<HostName>,
}

/// A running receiver. Dropping it cuts every connection; [`Self::stop`] lets them finish.
pub struct Receiver {
    server: Server,
    url: String,
    tally: watch::Receiver<Tally>,
    /// Ends by itself when the server is gone and everything it took was handed over.
    writer: JoinHandle<()>,
}

impl Receiver {
    /// Starts to listen. Every batch goes to `sink`, several at once when several wait; it is answered
    /// with 200 only after `sink` returned `Ok`. The same item may come again and again.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    #[expect(
        clippy::disallowed_methods,
        reason = "the task ends with the server, which the receiver owns"
    )]
    pub async fn start<S, F>(options: Options, sink: S) -> io::Result<Self>
    where
        S: Fn(Vec<Item>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let (queue, writing) = queue(sink, Patience::default());
        let tally = queue.tally();
        let desk = Desk {
            guard: Arc::new(Guard::new(&options.path, options.hosts)),
            queue,
            bad: Arc::new(AtomicUsize::new(0)),
        };
        // One place for every path: what is refused is refused alike.
        let router = Router::new().fallback(receive).with_state(desk);
        let server = Server::start(options.listen, router).await?;
        let url = format!("http://{}/{}", server.local_addr(), options.path.expose());
        Ok(Self {
            server,
            url,
            tally,
            writer: tokio::spawn(writing),
        })
    }

    /// Where it listens, with the port it got.
    pub fn local_addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// The address to POST to, as it is on this computer. It holds the secret.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What was received so far, and every change of it.
    pub fn tally(&self) -> watch::Receiver<Tally> {
        self.tally.clone()
    }

    /// Accepts nothing more, finishes the requests that run, for two seconds at most, and waits until
    /// everything taken is in the sink, for five.
    pub async fn stop(self) {
        self.server.stop().await;
        // What is not kept by then was not answered with 200 either.
        let _ = timeout(LAST_WRITES, self.writer).await;
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("local_addr", &self.local_addr())
            .finish_non_exhaustive()
    }
}

/// What every request needs.
#[derive(Clone, Debug)]
struct Desk {
    guard: Arc<Guard>,
    queue: Queue,
    /// How many bodies were no JSON.
    bad: Arc<AtomicUsize>,
}

async fn receive(State(desk): State<Desk>, request: Request) -> Response {
    match desk.take(request).await {
        Ok(()) => json(StatusCode::OK, "{}"),
        Err(reason) => {
            desk.queue.refuse(reason);
            refusal(reason)
        }
    }
}

impl Desk {
    async fn take(&self, request: Request) -> Result<(), Reason> {
        let (head, body) = request.into_parts();
        self.guard.judge(&head)?;
        let mut room = self.queue.room();
        let asks_first = head.headers.contains_key(EXPECT);
        let read = timeout(BODY_PATIENCE, read(body, asks_first, &mut room));
        let body = read.await.map_err(|_late| Reason::TooSlow)??;
        let Ok(batch) = payload::decode(&body) else {
            self.keep_bad(&body, room).await;
            return Err(Reason::NotJson);
        };
        drop(body);
        self.queue.note(&batch.notes);
        match self.queue.put(batch.items, room).await {
            Verdict::Kept => Ok(()),
            Verdict::Full => Err(Reason::Full),
            Verdict::NotKept => Err(Reason::NotKept),
        }
    }

    /// Keeps what is no JSON, the first times.
    async fn keep_bad(&self, body: &[u8], room: Room) {
        if body.trim_ascii().is_empty() || self.bad.fetch_add(1, Ordering::Relaxed) >= MAX_BAD {
            return;
        }
        // The answer is the same whether it could be kept or not.
        let _ = self
            .queue
            .put(vec![payload::kept_as_it_came(body)], room)
            .await;
    }
}

/// The whole body. Whatever its length is said to be, no more of it is in memory than is allowed.
async fn read(mut body: Body, asks_first: bool, room: &mut Room) -> Result<Vec<u8>, Reason> {
    let is_long = body.size_hint().lower() > MAX_BODY as u64;
    if is_long && asks_first {
        return Err(Reason::TooLong);
    }
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_why| Reason::TooSlow)?;
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        length += bytes.len();
        if length > MAX_BODY || is_long {
            kept = Vec::new();
            if length > MAX_BODY + MAX_DRAINED {
                break;
            }
        } else if room.grow_to(length) {
            kept.extend_from_slice(&bytes);
        } else {
            return Err(Reason::Full);
        }
    }
    if length > MAX_BODY || is_long {
        return Err(Reason::TooLong);
    }
    Ok(kept)
}

fn json(status: StatusCode, body: &'static str) -> Response {
    let json = HeaderValue::from_static("application/json");
    (status, [(CONTENT_TYPE, json)], body).into_response()
}

/// Empty, but for a status that the sender can do something about.
fn refusal(reason: Reason) -> Response {
    let (status, header) = match reason {
        Reason::Browser | Reason::Host | Reason::Path => (StatusCode::NOT_FOUND, None),
        Reason::Method => (
            StatusCode::METHOD_NOT_ALLOWED,
            Some((ALLOW, HeaderValue::from_static("POST"))),
        ),
        Reason::ContentType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, None),
        Reason::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, None),
        Reason::TooSlow => (StatusCode::REQUEST_TIMEOUT, None),
        Reason::NotJson => (StatusCode::BAD_REQUEST, None),
        Reason::Full | Reason::NotKept => {
            (StatusCode::SERVICE_UNAVAILABLE, Some((RETRY_AFTER, RETRY)))
        }
    };
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.extend(header);
    match reason {
        // Senders come again with more.
        Reason::NotJson | Reason::NotKept => {}
        // Strangers hold no connection, and of the others the body was not read to its end.
        Reason::Browser
        | Reason::Host
        | Reason::Path
        | Reason::Method
        | Reason::ContentType
        | Reason::TooLong
        | Reason::TooSlow
        | Reason::Full => {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
    response
}

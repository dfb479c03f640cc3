//! A server that breaks: faults of the network and of a tired provider, over raw TCP.
//!
//! It stands alone, or in front of a real server so that a request can be applied before its answer is
//! lost. A script decides what each request meets. It knows nothing of the API's calls.
//!
//! Invariant: every request whose head arrived is recorded before anything is played.

mod acts;
mod chaos;
mod fault;
mod head;
mod stage;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use chaos::Chaos;
pub use fault::Fault;
use stage::Stage;

/// A request about which a script has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The method, e.g. `PATCH`.
    pub method: &'a str,
    /// The path and query as sent.
    pub path: &'a str,
    /// How many requests came before, whatever they asked.
    pub before: u64,
    /// How many of these had this method and this path.
    pub repeat: u64,
}

/// What a request meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Play {
    /// The answer of the server behind. Without one, 200 and `null`.
    Forward,
    /// The fault; the server behind gets no request.
    Instead(Fault),
    /// The server behind gets the request, then comes the fault. Answers that are only spoilt
    /// (truncated, dripping, unterminated, with a byte order mark) are its answers. Where there is no
    /// server behind, or the fault takes no whole request, the same as [`Self::Instead`].
    AfterApplying(Fault),
    /// This answer, in good order.
    Answer {
        /// The status.
        status: u16,
        /// `Content-Type`.
        content_type: String,
        /// The body.
        body: Vec<u8>,
    },
    /// These bytes, whatever they are, and the connection ends.
    Raw(Vec<u8>),
}

/// A request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The method, e.g. `PATCH`.
    pub method: String,
    /// The path and query as sent.
    pub path: String,
    /// Request line and headers as sent.
    pub head: String,
    /// The body, without the framing of chunks; empty when it was not read.
    pub body: Vec<u8>,
    /// Which connection it came on, counted from 0.
    pub connection: u64,
    /// What it met.
    pub play: Play,
}

impl Arrived {
    /// The first header of this name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        head::header(&self.head, name)
    }
}

/// Where a fault server stands, and its measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen; port 0 is any free one.
    pub listen: SocketAddr,
    /// The server behind.
    pub upstream: Option<SocketAddr>,
    /// Time between two bytes of [`Fault::Drip`]; usually 1 s.
    pub drip: Duration,
    /// How long a stall lasts at most when the client does not give up; usually 10 minutes.
    pub stall: Duration,
    /// What `Retry-After` asks for, in seconds; usually 2.
    pub retry_after: u64,
    /// Bytes of the body of [`Fault::Oversize`]; usually 64 MiB.
    pub oversize: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: super::ANY_PORT,
            upstream: None,
            drip: Duration::from_secs(1),
            stall: Duration::from_secs(600),
            retry_after: 2,
            oversize: 64 * 1024 * 1024,
        }
    }
}

/// A running fault server. Dropping it cuts every connection.
#[derive(Debug)]
pub struct FaultServer {
    local_addr: SocketAddr,
    elsewhere: SocketAddr,
    record: Arc<Record>,
    strayed: Arc<Record>,
    tasks: [JoinHandle<()>; 2],
}

impl FaultServer {
    /// Starts on any free port of this computer, with nothing behind it.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub async fn start(
        script: impl FnMut(&Asked<'_>) -> Play + Send + 'static,
    ) -> io::Result<Self> {
        Self::start_with(Options::default(), script).await
    }

    /// Like [`Self::start`], in front of a server.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub async fn in_front_of(
        upstream: SocketAddr,
        script: impl FnMut(&Asked<'_>) -> Play + Send + 'static,
    ) -> io::Result<Self> {
        let options = Options {
            upstream: Some(upstream),
            ..Options::default()
        };
        Self::start_with(options, script).await
    }

    /// Like [`Self::start`], with other [`Options`].
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start_with(
        options: Options,
        script: impl FnMut(&Asked<'_>) -> Play + Send + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let elsewhere = TcpListener::bind(super::ANY_PORT).await?;
        let (local_addr, elsewhere_addr) = (listener.local_addr()?, elsewhere.local_addr()?);
        let url = format!("http://{elsewhere_addr}/elsewhere");
        let stray = Options {
            upstream: None,
            ..options.clone()
        };
        let here = Stage::new(options, Box::new(script), url);
        let there = Stage::new(
            stray,
            Box::new(|_: &Asked<'_>| Play::Forward),
            String::new(),
        );
        Ok(Self {
            local_addr,
            elsewhere: elsewhere_addr,
            record: here.record(),
            strayed: there.record(),
            tasks: [here.open(listener), there.open(elsewhere)],
        })
    }

    /// Where it listens, with the port it got.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// What a client puts before a path, e.g. `http://127.0.0.1:40123`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.local_addr)
    }

    /// Where redirects lead: another host, as far as a client can tell.
    pub fn elsewhere_url(&self) -> String {
        format!("http://{}/elsewhere", self.elsewhere)
    }

    /// The requests so far, oldest first.
    pub fn requests(&self) -> Vec<Arrived> {
        self.record.all()
    }

    /// The requests that came to [`Self::elsewhere_url`]: there should be none.
    pub fn strayed(&self) -> Vec<Arrived> {
        self.strayed.all()
    }

    /// How many connections were made to where redirects lead, with a request or without.
    pub fn stray_connections(&self) -> u64 {
        self.strayed.book().connections
    }

    /// Returns the requests as soon as there are so many, their bodies perhaps still coming. Waits
    /// for ever if they do not come.
    pub async fn wait_for(&self, count: usize) -> Vec<Arrived> {
        let mut arrivals = self.record.arrivals.subscribe();
        // The sender lives in the record, which lives in `self`: this cannot fail.
        let _ = arrivals.wait_for(|arrived| *arrived >= count).await;
        self.requests()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// What arrived at one address.
#[derive(Debug)]
struct Record {
    book: Mutex<Book>,
    /// How many requests there are.
    arrivals: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Book {
    arrived: Vec<Arrived>,
    /// How often a method and a path were asked for.
    repeats: HashMap<(String, String), u64>,
    connections: u64,
}

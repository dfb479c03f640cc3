//! Serves an [`axum::Router`] over HTTP/1 on one address.
//!
//! A leaf: it knows nothing of what it serves. `axum::serve` is not used because it gives hyper no
//! timer, and without a timer the time limit for headers never fires (tokio-rs/axum#2741).
//!
//! Whoever asks for nothing holds nothing: when all places are taken, the connection that has waited
//! longest without a request gives up its own to a new one. There is no limit for each peer, because
//! behind a tunnel or a balancer everyone has the same address.
//!
//! Invariants: every connection is a task of one [`JoinSet`], so none outlives its [`Server`]; a
//! connection whose request is being answered never gives up its place.

mod connection;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::{AbortHandle, Id, JoinHandle, JoinSet};

use connection::{Doing, Progress, serve};

/// Most headers one request may have.
const MAX_HEADERS: usize = 64;
/// Most bytes a request line and its headers may have; also the buffer of a connection.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Pause after a failed `accept`, which means that the process is out of descriptors or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a server puts up with. Limits on bodies belong to the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a connection may take to send the head of a request. The first one begins when it
    /// connects.
    pub header_read: Duration,
    /// How long a connection may idle between two requests.
    pub idle: Duration,
    /// How many connections are served at once. While a request runs on each of them, further ones wait
    /// to be accepted.
    pub connections: usize,
    /// How long [`Server::stop`] waits for requests that are being answered.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(5),
            idle: Duration::from_secs(15),
            connections: 256,
            stop: Duration::from_secs(2),
        }
    }
}

/// A running server. Dropping it cuts every connection; [`Self::stop`] lets them finish.
#[derive(Debug)]
pub struct Server {
    local_addr: SocketAddr,
    /// Dropped to say «stop».
    running: Option<watch::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts to serve `router` on `addr` with the default [`Limits`]. Port 0 takes any free port.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(addr: SocketAddr, router: Router) -> io::Result<Self> {
        Self::start_with(addr, router, Limits::default()).await
    }

    /// Like [`Self::start`], with other limits.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    #[expect(
        clippy::disallowed_methods,
        reason = "the server owns the task and ends it"
    )]
    pub async fn start_with(addr: SocketAddr, router: Router, limits: Limits) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let local_addr = listener.local_addr()?;
        let (running, stopped) = watch::channel(());
        Ok(Self {
            local_addr,
            running: Some(running),
            task: tokio::spawn(accept(listener, router, limits, stopped)),
        })
    }

    /// Where it listens, with the port it got.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Accepts nothing more, finishes the requests that run, at most for [`Limits::stop`].
    pub async fn stop(mut self) {
        self.running = None;
        // An error would be a panic of the accepting task: stopped all the same.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Every open connection, oldest first.
#[derive(Default)]
struct Open {
    tasks: JoinSet<()>,
    connections: Vec<(Id, AbortHandle, Arc<Progress>)>,
}

impl Open {
    /// The one to give up for a new one: of those that never asked for anything the oldest, else of
    /// those that ask for nothing now.
    fn idle(&self) -> Option<usize> {
        let find = |wanted: Doing| {
            let mut connections = self.connections.iter();
            connections.position(|(_, _, progress)| progress.doing() == wanted)
        };
        find(Doing::Nothing).or_else(|| find(Doing::Idle))
    }

    /// Whether there is a place for a new one, possibly after another gave up its own.
    fn make_room(&mut self, limit: usize) -> bool {
        if self.connections.len() < limit {
            return true;
        }
        let Some(place) = self.idle() else {
            return false;
        };
        let (_, task, _) = self.connections.remove(place);
        task.abort();
        true
    }

    fn forget(&mut self, ended: Id) {
        self.connections.retain(|(id, _, _)| *id != ended);
    }
}

/// Accepts until `stopped` loses its sender, then waits for what is open.
async fn accept(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        // Connections are timed one by one; this is for what they would miss.
        .header_read_timeout(limits.idle + limits.header_read)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES);
    let mut open = Open::default();
    let answered = Arc::new(Notify::new());
    // The one that is accepted and has no place yet.
    let mut next = None;
    loop {
        if next.is_some()
            && open.make_room(limits.connections)
            && let Some(stream) = next.take()
        {
            let progress = Arc::new(Progress::new(Arc::clone(&answered)));
            let timed = (limits, Arc::clone(&progress));
            let (http, router, stopped) = (http.clone(), router.clone(), stopped.clone());
            let task = open
                .tasks
                .spawn(serve(stream, http, router, timed, stopped));
            open.connections.push((task.id(), task, progress));
        }
        tokio::select! {
            _ = stopped.changed() => break,
            Some(ended) = open.tasks.join_next_with_id() => {
                open.forget(ended.map_or_else(|why| why.id(), |(id, ())| id));
            }
            () = answered.notified(), if next.is_some() => {}
            accepted = listener.accept(), if next.is_none() => match accepted {
                Ok((stream, _)) => next = Some(stream),
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
    drop((listener, next));
    let finished = async { while open.tasks.join_next().await.is_some() {} };
    // On a time-out the set is dropped with the function, which aborts what is left.
    let _ = tokio::time::timeout(limits.stop, finished).await;
}

#[cfg(test)]
mod tests;

//! Serves an [`axum::Router`] over HTTP/1 on one address.
//!
//! A leaf: it knows nothing of what it serves. `axum::serve` is not used because it gives hyper no
//! timer, and without a timer the time limit for headers never fires (tokio-rs/axum#2741).
//!
//! Invariant: every connection is a task of one [`JoinSet`], so none outlives its [`Server`].

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Most headers one request may have.
const MAX_HEADERS: usize = 64;
/// Most bytes a request line and its headers may have; also the buffer of a connection.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Pause after a failed `accept`, which means that the process is out of descriptors or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a server puts up with. Limits on bodies belong to the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a connection may take to send the head of a request, and may idle between two.
    pub header_read: Duration,
    /// How many connections are served at once; further ones wait to be accepted.
    pub connections: usize,
    /// How long [`Server::stop`] waits for requests that are being answered.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(5),
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

/// Accepts until `stopped` loses its sender, then waits for what is open.
async fn accept(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEAD_BYTES);
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = open.join_next() => {}
            accepted = listener.accept(), if open.len() < limits.connections => match accepted {
                Ok((stream, _)) => {
                    open.spawn(serve(stream, http.clone(), router.clone(), stopped.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
    drop(listener);
    let finished = async { while open.join_next().await.is_some() {} };
    // On a time-out the set is dropped with the function, which aborts what is left.
    let _ = tokio::time::timeout(limits.stop, finished).await;
}

/// Serves one connection. Its errors are the peer's doing and leave nothing to be done.
async fn serve(
    stream: TcpStream,
    http: http1::Builder,
    router: Router,
    mut stopped: watch::Receiver<()>,
) {
    // Answers are written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

#[cfg(test)]
mod tests;

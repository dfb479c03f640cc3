//! One connection: what it is doing, and how long it may take.
//!
//! hyper has one time limit from the end of one request to the end of the next head. That is too long
//! for a head and too short between requests, so both are told apart here. Invariant: a connection is
//! [`Doing::Request`] from the end of a head until its answer is handed to the system.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::{Body as HttpBody, Bytes, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};

use super::Limits;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Doing {
    /// It has asked for nothing so far.
    Nothing,
    /// A request runs.
    Request,
    /// A request was answered, and nothing came since.
    Idle,
    /// A further head has begun.
    Head,
}

/// What a connection is doing, for those who decide about it.
#[derive(Debug)]
pub(super) struct Progress {
    doing: AtomicU8,
    /// Told at every change.
    changed: Notify,
    /// Told after every answer, of any connection.
    answered: Arc<Notify>,
}

impl Progress {
    pub(super) fn new(answered: Arc<Notify>) -> Self {
        Self {
            doing: AtomicU8::new(Doing::Nothing as u8),
            changed: Notify::new(),
            answered,
        }
    }

    pub(super) fn doing(&self) -> Doing {
        match self.doing.load(Ordering::Acquire) {
            0 => Doing::Nothing,
            1 => Doing::Request,
            2 => Doing::Idle,
            _ => Doing::Head,
        }
    }

    fn set(&self, doing: Doing) {
        self.doing.store(doing as u8, Ordering::Release);
        self.changed.notify_one();
    }

    /// Ends when the connection has taken too long for what it is doing.
    async fn overdue(&self, limits: Limits) {
        loop {
            let limit = match self.doing() {
                Doing::Nothing | Doing::Head => limits.header_read,
                Doing::Idle => limits.idle,
                // Requests are timed by whoever answers them.
                Doing::Request => Duration::MAX,
            };
            let changed = tokio::time::timeout(limit, self.changed.notified());
            if changed.await.is_err() {
                return;
            }
        }
    }
}

/// Marks the end of an answer when it is dropped, which is after its last byte was handed over, or when
/// it never will be.
struct Answering(Arc<Progress>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.set(Doing::Idle);
        self.0.answered.notify_one();
    }
}

/// The body of an answer, which knows when it is over.
struct Answer {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A stream that tells when a further head begins.
struct Watched {
    stream: TcpStream,
    progress: Arc<Progress>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut self.stream).poll_read(context, buffer));
        if buffer.filled().len() > before && self.progress.doing() == Doing::Idle {
            self.progress.set(Doing::Head);
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Serves one connection. Its errors are the peer's doing and leave nothing to be done.
pub(super) async fn serve(
    stream: TcpStream,
    http: http1::Builder,
    router: Router,
    (limits, progress): (Limits, Arc<Progress>),
    mut stopped: watch::Receiver<()>,
) {
    // Answers are written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request: Request<Incoming>| {
        progress.set(Doing::Request);
        let answering = Answering(Arc::clone(&progress));
        let answer = router.call(request);
        async move {
            let answer = answer.await?;
            Ok::<_, std::convert::Infallible>(answer.map(|body| Answer {
                body,
                _answering: answering,
            }))
        }
    });
    let watched = Watched {
        stream,
        progress: Arc::clone(&progress),
    };
    let mut connection = pin!(http.serve_connection(TokioIo::new(watched), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = progress.overdue(limits) => return,
        _ = stopped.changed() => {}
    }
    if progress.doing() == Doing::Request {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

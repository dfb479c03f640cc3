//! Where the faults are played: one address, its connections, its record.
//!
//! Invariant: every connection is a task of one [`JoinSet`], so none outlives its server.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::acts::{Act, After, Answer, act};
use super::fault::Fault;
use super::head::Head;
use super::{Arrived, Asked, Book, Options, Play, Record};

/// How many connections are open at once; further ones wait.
const MAX_CONNECTIONS: usize = 256;
/// Pause after a failed `accept`, which means that the process is out of descriptors or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long a client may take to hang up after the server did, before it is made to.
const FAREWELL: Duration = Duration::from_secs(1);
/// One chunk of a flood.
const FLOOD: usize = 64 * 1024;

/// Decides what a request meets.
type Script = Box<dyn FnMut(&Asked<'_>) -> Play + Send>;

/// One address.
pub(super) struct Stage {
    options: Options,
    /// Where redirects lead.
    elsewhere: String,
    script: Mutex<Script>,
    record: Arc<Record>,
}

impl Record {
    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn all(&self) -> Vec<Arrived> {
        self.book().arrived.clone()
    }
}

impl Stage {
    pub(super) fn new(options: Options, script: Script, elsewhere: String) -> Self {
        Self {
            options,
            elsewhere,
            script: Mutex::new(script),
            record: Arc::new(Record {
                book: Mutex::default(),
                arrivals: watch::Sender::new(0),
            }),
        }
    }

    pub(super) fn record(&self) -> Arc<Record> {
        Arc::clone(&self.record)
    }

    /// Begins to accept. Aborting the task cuts every connection.
    #[expect(
        clippy::disallowed_methods,
        reason = "the server owns the task and ends it"
    )]
    pub(super) fn open(self, listener: TcpListener) -> JoinHandle<()> {
        tokio::spawn(accept(Arc::new(self), listener))
    }

    /// Writes a request down and asks the script. Returns its place in the record, too.
    fn meet(&self, head: &Head, connection: u64) -> (usize, Play) {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let mut book = self.record.book();
        let key = (head.method.clone(), head.path.clone());
        let repeats = book.repeats.entry(key).or_default();
        let repeat = *repeats;
        *repeats += 1;
        let place = book.arrived.len();
        let asked = Asked {
            method: &head.method,
            path: &head.path,
            before: place as u64,
            repeat,
        };
        let play = script(&asked);
        book.arrived.push(Arrived {
            method: head.method.clone(),
            path: head.path.clone(),
            head: head.text.clone(),
            body: Vec::new(),
            connection,
            play: play.clone(),
        });
        self.record.arrivals.send_replace(book.arrived.len());
        (place, play)
    }

    /// Serves one connection until somebody ends it.
    async fn serve(&self, mut stream: TcpStream, connection: u64) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut is_fresh = true;
        while let Some(head) = Head::look(&stream).await? {
            let (place, play) = self.meet(&head, connection);
            let act = self
                .prepare(&mut stream, &head, place, play, is_fresh)
                .await?;
            is_fresh = false;
            let after = self.perform(&mut stream, act).await?;
            match after {
                After::Next if head.is_last() => return close(stream).await,
                After::Next => {}
                After::Close => return close(stream).await,
                After::Reset => return stream.set_zero_linger(),
                After::Stall => {
                    // Ends when the client gives up; a client that never does is cut.
                    let _ = timeout(self.options.stall, hang_up(&mut stream)).await;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Takes as much of the request as the play wants, and finds out what to write.
    async fn prepare(
        &self,
        stream: &mut TcpStream,
        head: &Head,
        place: usize,
        play: Play,
        is_fresh: bool,
    ) -> io::Result<Act> {
        let (fault, is_applied) = match play {
            Play::Forward => (None, true),
            Play::Instead(Fault::StaleKeepAlive) | Play::AfterApplying(Fault::StaleKeepAlive)
                if is_fresh =>
            {
                (None, true)
            }
            Play::Instead(fault) => (Some(fault), false),
            Play::AfterApplying(fault) => (Some(fault), fault.takes_the_request()),
            Play::Answer {
                status,
                content_type,
                body,
            } => {
                self.take(stream, head, place).await?;
                let answer = Answer::new(status, &content_type, body);
                return Ok(Act::Write(answer.bytes(""), After::Next));
            }
            Play::Raw(bytes) => {
                self.take(stream, head, place).await?;
                return Ok(Act::Write(bytes, After::Close));
            }
        };
        if fault == Some(Fault::ResetAfterHead) {
            head.take(stream).await?;
        }
        let body = if fault.is_none_or(Fault::takes_the_request) {
            self.take(stream, head, place).await?
        } else {
            Vec::new()
        };
        let upstream = self.options.upstream.filter(|_| is_applied);
        let forwarded = match upstream {
            Some(upstream) => match head.forward(upstream, &body).await {
                Ok(forwarded) => Some(forwarded),
                // The server behind is gone: that, then, is what goes wrong.
                Err(_) => return Ok(self.act(Fault::BadGateway502, &Answer::stand_in())),
            },
            None => None,
        };
        Ok(match (fault, forwarded) {
            (None, Some(forwarded)) => Act::Write(forwarded.bytes(), After::Next),
            (None, None) => self.act(Fault::NullBody, &Answer::stand_in()),
            (Some(fault), Some(forwarded)) if !forwarded.answer.body.is_empty() => {
                self.act(fault, &forwarded.answer)
            }
            (Some(fault), _) => self.act(fault, &Answer::stand_in()),
        })
    }

    fn act(&self, fault: Fault, real: &Answer) -> Act {
        act(fault, real, self.options.retry_after, &self.elsewhere)
    }

    /// Takes the whole request and writes its body down.
    async fn take(&self, stream: &mut TcpStream, head: &Head, place: usize) -> io::Result<Vec<u8>> {
        let body = head.take_with_body(stream).await?;
        if let Some(arrived) = self.record.book().arrived.get_mut(place) {
            arrived.body.clone_from(&body);
        }
        Ok(body)
    }

    async fn perform(&self, stream: &mut TcpStream, act: Act) -> io::Result<After> {
        match act {
            Act::Write(bytes, after) => {
                stream.write_all(&bytes).await?;
                Ok(after)
            }
            Act::Drip(head, body) => {
                stream.write_all(&head).await?;
                for byte in body {
                    sleep(self.options.drip).await;
                    stream.write_all(&[byte]).await?;
                }
                Ok(After::Next)
            }
            Act::Flood(head) => {
                stream.write_all(&head).await?;
                self.flood(stream).await?;
                Ok(After::Next)
            }
        }
    }

    /// `{"groups":[]` and `}` with blanks between them.
    async fn flood(&self, stream: &mut TcpStream) -> io::Result<()> {
        let (begin, end) = (br#"{"groups":[]"#, b"}");
        stream.write_all(&chunk(begin)).await?;
        let blanks = chunk(&vec![b' '; FLOOD]);
        for _ in 0..self.options.oversize.div_ceil(FLOOD) {
            stream.write_all(&blanks).await?;
        }
        stream.write_all(&chunk(end)).await?;
        stream.write_all(b"0\r\n\r\n").await
    }
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

async fn accept(stage: Arc<Stage>, listener: TcpListener) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = open.join_next() => {}
            accepted = listener.accept(), if open.len() < MAX_CONNECTIONS => match accepted {
                Ok((stream, _)) => {
                    let connection = {
                        let mut book = stage.record.book();
                        book.connections += 1;
                        book.connections - 1
                    };
                    let stage = Arc::clone(&stage);
                    // Errors are the peer's doing, and leave nothing to be done.
                    open.spawn(async move {
                        let _ = stage.serve(stream, connection).await;
                    });
                }
                Err(_) => sleep(ACCEPT_PAUSE).await,
            },
        }
    }
}

/// Ends a connection without a reset, which would take back what was just written: first says so,
/// then takes what the client still sends.
async fn close(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let _ = timeout(FAREWELL, hang_up(&mut stream)).await;
    Ok(())
}

/// Waits until the client hangs up.
async fn hang_up(stream: &mut TcpStream) {
    let mut rest = [0; 4096];
    while stream.read(&mut rest).await.is_ok_and(|length| length > 0) {}
}

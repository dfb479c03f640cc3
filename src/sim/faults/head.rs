//! Requests as bytes: heads looked at before they are taken, bodies read to their end, and both
//! passed on to the server behind.
//!
//! As much of HTTP/1.1 as clients use here; anything else ends the connection. Invariant: never more
//! is taken from a socket than the request that is being read.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::acts::Answer;

/// Most bytes of a head.
const MAX_HEAD: usize = 32 * 1024;
/// Most bytes of a body.
const MAX_BODY: usize = 16 * 1024 * 1024;
/// How long a head may take once it has begun.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// How long to wait before looking at a head again that had not come whole.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// The head of a request.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) method: String,
    pub(super) path: String,
    /// All of it, with the empty line.
    pub(super) text: String,
    /// How many bytes it has on the wire.
    length: usize,
}

impl Head {
    /// Waits for a head and leaves it in the socket. `None` when the client hung up instead.
    pub(super) async fn look(stream: &TcpStream) -> io::Result<Option<Self>> {
        // For the first byte a client may take as long as it likes: the connection idles.
        if stream.peek(&mut [0]).await? == 0 {
            return Ok(None);
        }
        let whole = async {
            let mut buffer = vec![0; MAX_HEAD];
            loop {
                let length = stream.peek(&mut buffer).await?;
                let seen = buffer.get(..length).unwrap_or_default();
                if let Some(head) = Self::parse(seen) {
                    return Ok(head);
                }
                if length == MAX_HEAD {
                    return Err(ErrorKind::InvalidData.into());
                }
                // What is there already would be seen again at once.
                sleep(LOOK_AGAIN).await;
            }
        };
        timeout(HEAD_TIME, whole).await?.map(Some)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let length = end_of_head(bytes)?;
        let text = String::from_utf8_lossy(bytes.get(..length)?).into_owned();
        let mut words = text.split_whitespace().map(str::to_owned);
        Some(Self {
            method: words.next()?,
            path: words.next()?,
            length,
            text,
        })
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.text, name)
    }

    /// Whether the client wants no further answer on this connection.
    pub(super) fn is_last(&self) -> bool {
        let connection = self.header("connection");
        connection.is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }

    /// Takes the head from the socket.
    pub(super) async fn take(&self, stream: &mut TcpStream) -> io::Result<()> {
        stream.read_exact(&mut vec![0; self.length]).await?;
        Ok(())
    }

    /// Takes the head and the body from the socket.
    pub(super) async fn take_with_body(&self, stream: &mut TcpStream) -> io::Result<Vec<u8>> {
        self.take(stream).await?;
        if self.header("expect").is_some() {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        if self.is_chunked() {
            return chunks(stream).await;
        }
        let Some(length) = self.header("content-length") else {
            return Ok(Vec::new());
        };
        let length = length.parse().ok().filter(|length| *length <= MAX_BODY);
        let mut body = vec![0; length.ok_or(ErrorKind::InvalidData)?];
        stream.read_exact(&mut body).await?;
        Ok(body)
    }

    fn is_chunked(&self) -> bool {
        self.header("transfer-encoding").is_some()
    }

    /// Asks the server behind the same.
    pub(super) async fn forward(&self, to: SocketAddr, body: &[u8]) -> io::Result<Forwarded> {
        let mut head = without(
            &self.text,
            &[
                "connection",
                "content-length",
                "transfer-encoding",
                "expect",
            ],
        );
        if self.is_chunked() || self.header("content-length").is_some() {
            head = format!("{head}Content-Length: {}\r\n", body.len());
        }
        let mut stream = TcpStream::connect(to).await?;
        let head = format!("{head}Connection: close\r\n\r\n");
        stream.write_all(&[head.as_bytes(), body].concat()).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        let length = end_of_head(&bytes).ok_or(ErrorKind::UnexpectedEof)?;
        let (head, body) = bytes.split_at(length);
        let text = String::from_utf8_lossy(head).into_owned();
        let status = text.split_whitespace().nth(1);
        let status = status.and_then(|status| status.parse().ok());
        let content_type = header(&text, "content-type").unwrap_or_default();
        Ok(Forwarded {
            answer: Answer::new(
                status.ok_or(ErrorKind::InvalidData)?,
                content_type,
                body.to_vec(),
            ),
            head: without(&text, &["connection"]) + "\r\n",
        })
    }
}

/// What the server behind answered.
#[derive(Debug)]
pub(super) struct Forwarded {
    pub(super) answer: Answer,
    head: String,
}

impl Forwarded {
    /// As it came, but for a connection that stays open.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.answer.body].concat()
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

/// The value of the first header of this name, whatever its case.
pub(super) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A head without some headers and without its empty line.
fn without(head: &str, names: &[&str]) -> String {
    let keeps = |line: &&str| {
        let name = line.split_once(':').map_or("", |(name, _)| name);
        !line.is_empty() && !names.iter().any(|gone| name.eq_ignore_ascii_case(gone))
    };
    let lines = head.lines().filter(keeps);
    lines.flat_map(|line| [line, "\r\n"]).collect()
}

/// A body in chunks, without trailers.
async fn chunks(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(stream).await?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).ok();
        let size = size.filter(|size| body.len().saturating_add(*size) <= MAX_BODY);
        let begun = body.len();
        body.resize(begun + size.ok_or(ErrorKind::InvalidData)?, 0);
        stream
            .read_exact(body.get_mut(begun..).unwrap_or_default())
            .await?;
        if !line(stream).await?.is_empty() {
            return Err(ErrorKind::InvalidData.into());
        }
        if body.len() == begun {
            return Ok(body);
        }
    }
}

/// One short line, byte by byte: what follows it must stay in the socket.
async fn line(stream: &mut TcpStream) -> io::Result<String> {
    let mut line = String::new();
    while line.len() < 64 {
        match stream.read_u8().await? {
            b'\n' => return Ok(line.trim_end().to_owned()),
            byte => line.push(char::from(byte)),
        }
    }
    Err(ErrorKind::InvalidData.into())
}

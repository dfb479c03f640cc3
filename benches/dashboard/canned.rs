//! A server that gives one answer to everything: what is measured is who reads it.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Answers every request with this JSON from now on; returns the base URL.
pub(crate) async fn serve(body: String) -> anyhow::Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ";
    let answer = format!("{head}{}\r\n\r\n{body}", body.len());
    spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = answer.clone();
            spawn(async move {
                // Who has gone needs no answer.
                let _ = answer_all(stream, answer.as_bytes()).await;
            });
        }
    });
    Ok(base)
}

#[expect(
    clippy::disallowed_methods,
    reason = "it ends with the runtime of the benchmark"
)]
fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

/// Requests have no body, so each ends with its head.
async fn answer_all(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut heard = Vec::new();
    loop {
        if heard.ends_with(b"\r\n\r\n") {
            heard.clear();
            stream.write_all(answer).await?;
        }
        if stream.read_buf(&mut heard).await? == 0 {
            return Ok(());
        }
    }
}

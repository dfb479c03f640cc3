//! «Nothing was sent» has to be true, because it is what allows sending again.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;
use wavedeck::api::Client;
use wavedeck::domain::{Operation, Sent};

use super::{account, call};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn if_nothing_was_sent_then_the_server_saw_nothing() {
    // Hangs up on everybody, sooner or later, then counts what came nevertheless.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (counted, mut counts) = mpsc::unbounded_channel();
    let mut server = JoinSet::new();
    server.spawn(async move {
        let mut patience = (0..20).cycle();
        while let Ok((mut stream, _)) = listener.accept().await {
            for _ in 0..patience.next().unwrap_or(0) {
                yield_now().await;
            }
            let _ = stream.shutdown().await;
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes).await;
            counted.send(bytes.len()).unwrap();
        }
    });
    let client = Client::new(&account(&format!("http://{address}"))).unwrap();
    for _ in 0..300 {
        let called = call(&client, Operation::CreateGroup).await;
        let bytes = timeout(Duration::from_secs(10), counts.recv());
        let bytes = bytes.await.expect("no connection").unwrap();
        match called.failure().sent {
            Sent::Never => assert_eq!(bytes, 0),
            Sent::Maybe => {}
            Sent::Answered => panic!("nobody answered"),
        }
    }
}

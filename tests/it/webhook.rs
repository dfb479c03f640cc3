//! The receiver seen from outside: requests over real sockets, answers that are true.
//!
//! Nothing here waits a set time. How long answers take is printed and asserted only where
//! `WAVEDECK_TEST_LOAD` is `full`.

mod abuse;
mod answers;
#[cfg(target_os = "linux")]
mod full;
mod kills;
mod load;
pub(crate) mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wavedeck::domain::{HostName, Item, Millis, Seq};
use wavedeck::store::{Location, Store};
use wavedeck::webhook::{Options, Receiver, SecretPath};

pub(crate) const PATH: &str = "0123456789abcdef0123456789abcdef";
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);
const ANYWHERE: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// The document's batches.
pub(crate) const MESSAGES: &str = include_str!("../fixtures/webhook/messages.json");
const STATUSES: &str = include_str!("../fixtures/webhook/statuses.json");

/// What was kept, each item with how often it came.
#[derive(Clone, Debug, Default)]
struct Memory(Arc<Mutex<BTreeMap<String, (Item, usize)>>>);

impl Memory {
    fn keep(&self, items: Vec<Item>) {
        let mut kept = self.0.lock().unwrap();
        for item in items {
            let entry = kept.entry(item.key.clone());
            entry.or_insert_with(|| (item, 0)).1 += 1;
        }
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn items(&self) -> Vec<Item> {
        let kept = self.0.lock().unwrap();
        kept.values().map(|(item, _)| item.clone()).collect()
    }
}

fn options() -> Options {
    Options {
        listen: ANYWHERE,
        path: SecretPath::new(PATH).unwrap(),
        hosts: vec![HostName::new("mo.example.org").unwrap()],
    }
}

/// A receiver that remembers.
async fn receiver() -> (Receiver, Memory) {
    let memory = Memory::default();
    let kept = memory.clone();
    let receiver = Receiver::start(options(), move |items| {
        kept.keep(items);
        async { Ok(()) }
    });
    (receiver.await.unwrap(), memory)
}

/// A batch of messages to a group, with these names.
pub(crate) fn batch(names: impl IntoIterator<Item = String>) -> String {
    let message = |name: String| {
        json!({
            "id": name,
            "source": "5511900000001",
            "origin": "5519900000000",
            "userProfile": {"name": "Maria Silva", "whatsAppId": "5511900000001"},
            "message": {"type": "TEXT", "messageText": format!("Bom dia! {name}"), "waGroupId": "5519900000000-1513616971"},
            "receivedAt": 1_579_632_583_000_u64,
            "receivedDate": "2020-01-21T18:49:43Z",
        })
    };
    let data: Vec<Value> = names.into_iter().map(message).collect();
    json!({"total": data.len(), "data": data}).to_string()
}

/// A request as a sender makes it.
pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// One answer. `None` when the connection ended before its head was whole.
async fn answer(stream: &mut TcpStream) -> Option<(u16, String)> {
    let mut text = Vec::new();
    let mut length = None;
    loop {
        let mut bytes = [0; 1024];
        let read = timeout(PATIENCE, stream.read(&mut bytes));
        let read = read.await.expect("an answer or an end").unwrap_or(0);
        text.extend_from_slice(&bytes[..read]);
        let head = String::from_utf8_lossy(&text).to_lowercase();
        if length.is_none()
            && let Some(end) = head.find("\r\n\r\n")
        {
            let field = head.split_once("content-length: ");
            let field = field.and_then(|(_, rest)| rest.split("\r\n").next());
            let body: usize = field.map_or(0, |field| field.parse().unwrap());
            length = Some(end + 4 + body);
        }
        if length.is_some_and(|length| text.len() >= length) {
            let status = head.split(' ').nth(1).unwrap().parse().unwrap();
            return Some((status, head));
        }
        if read == 0 {
            return None;
        }
    }
}

/// The answer to these bytes on a connection of their own.
async fn ask(address: SocketAddr, bytes: &[u8]) -> (u16, String) {
    let mut stream = connect(address).await;
    // Who is refused before the end of its body may not get rid of the rest.
    let _ = stream.write_all(bytes).await;
    answer(&mut stream).await.expect("an answer")
}

async fn status(address: SocketAddr, bytes: &[u8]) -> u16 {
    ask(address, bytes).await.0
}

/// Waits until something is so.
async fn until(mut is_so: impl FnMut() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, wait).await.expect("it becomes so");
}

/// What was taken is kept, and nothing is kept twice. Returns what is kept.
pub(crate) fn none_lost_none_twice(taken: &BTreeSet<String>, kept: &[String]) -> BTreeSet<String> {
    let once: BTreeSet<String> = kept.iter().cloned().collect();
    assert_eq!(kept.len(), once.len(), "none twice");
    let lost: Vec<&String> = taken.difference(&once).collect();
    let (count, all) = (lost.len(), taken.len());
    assert!(lost.is_empty(), "{count} of {all} lost: {lost:?}");
    once
}

/// What a store has kept: the names of the messages, each as often as it is there.
pub(crate) async fn kept_names(location: Location) -> Vec<String> {
    let (store, _) = Store::open(location, Millis(1)).await.unwrap();
    let mut names = Vec::new();
    let mut upto = Seq::default();
    loop {
        let news = store.news(upto, 500).await.unwrap();
        for kept in news.messages {
            let raw = store.raw(kept.seq).await.unwrap().unwrap();
            let item: Value = serde_json::from_str(&raw).unwrap();
            names.push(item["id"].as_str().unwrap().to_owned());
        }
        upto = news.last;
        if !news.is_partial {
            break;
        }
    }
    store.close().await;
    names
}

//! Every answer there is, and that it is true.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;
use wavedeck::domain::{Content, DeliveryState, Lane, Report};
use wavedeck::webhook::{Health, Note, Reason};

use super::*;

/// A request with other headers.
fn request(line: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "{line} HTTP/1.1\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

const JSON: &str = "Host: localhost\r\nContent-Type: application/json\r\n";

#[tokio::test]
async fn the_documents_batches_are_kept_once_however_often_they_come() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    for _ in 0..2 {
        let (status, text) = ask(address, &post(PATH, MESSAGES)).await;
        assert_eq!(status, 200, "{text}");
        assert!(text.ends_with("\r\n\r\n{}"), "{text}");
        assert_eq!(self::status(address, &post(PATH, STATUSES)).await, 200);
    }
    let items = memory.items();
    assert_eq!(items.len(), 12);
    let lanes = |wanted: fn(&Lane) -> bool| {
        let reports = items.iter().filter_map(|item| match &item.report {
            Report::Message(message) => Some(message),
            Report::Delivery(_) => None,
        });
        reports.filter(|message| wanted(&message.lane)).count()
    };
    assert_eq!(lanes(|lane| matches!(lane, Lane::Group(_))), 6);
    assert_eq!(lanes(|lane| *lane == Lane::Direct), 2);
    assert_eq!(lanes(|lane| *lane == Lane::Unclassified), 1);
    assert_eq!(lanes(|lane| *lane == Lane::Unreadable), 1);
    let failed = items.iter().any(|item| {
        matches!(&item.report, Report::Delivery(delivery)
            if matches!(delivery.state, DeliveryState::Failed { code: Some(210), .. }))
    });
    assert!(failed);
    let tally = receiver.tally().borrow().clone();
    assert_eq!((tally.batches, tally.items), (4, 24));
    assert!(tally.refused.is_empty() && tally.odd.is_empty());
}

#[tokio::test]
async fn an_empty_batch_and_one_of_unknown_shape_are_taken() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    assert_eq!(
        status(address, &post(PATH, r#"{"total":0,"data":[]}"#)).await,
        200
    );
    assert_eq!(memory.count(), 0);
    assert_eq!(status(address, &post(PATH, r#"{"hello":1}"#)).await, 200);
    assert_eq!(memory.items()[0].raw, r#"{"hello":1}"#);
    assert_eq!(
        status(address, &post(PATH, r#"{"total":9,"data":[]}"#)).await,
        200
    );
    assert_eq!(receiver.tally().borrow().odd[&Note::OtherTotal], 1);
}

#[tokio::test]
async fn a_batch_in_pieces_and_one_that_is_announced_are_taken() {
    let (receiver, memory) = receiver().await;
    let mut stream = connect(receiver.local_addr()).await;
    let chunked = format!("POST /{PATH} HTTP/1.1\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n");
    stream.write_all(chunked.as_bytes()).await.unwrap();
    for piece in batch(["a".to_owned()]).as_bytes().chunks(7) {
        let size = format!("{:x}\r\n", piece.len());
        stream.write_all(size.as_bytes()).await.unwrap();
        stream.write_all(piece).await.unwrap();
        stream.write_all(b"\r\n").await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().0, 200);
    // On the same connection.
    let body = batch(["b".to_owned()]);
    let announced = format!(
        "POST /{PATH} HTTP/1.1\r\n{JSON}Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(announced.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().0, 100);
    stream.write_all(body.as_bytes()).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().0, 200);
    assert_eq!(memory.count(), 2);
}

#[tokio::test]
async fn what_is_no_json_is_refused_and_the_first_ones_are_kept() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    for number in 0..110 {
        assert_eq!(
            status(address, &post(PATH, &format!("{{{number}"))).await,
            400
        );
    }
    assert_eq!(status(address, &post(PATH, "")).await, 400);
    assert_eq!(memory.count(), 100);
    let is_unreadable = |item: &Item| {
        matches!(&item.report, Report::Message(message)
            if matches!(&message.content, Content::Unreadable(why) if why == "it is not JSON"))
    };
    assert!(memory.items().iter().all(is_unreadable));
    assert_eq!(receiver.tally().borrow().refused[&Reason::NotJson], 111);
}

#[tokio::test]
async fn strangers_and_browsers_get_an_empty_404_and_nothing_else() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    let right = format!("POST /{PATH}");
    for (line, headers) in [
        ("POST /", JSON.to_owned()),
        ("GET /", JSON.to_owned()),
        ("OPTIONS *", JSON.to_owned()),
        ("POST /0123456789abcdef0123456789abcdee", JSON.to_owned()),
        (&*right, format!("{JSON}Origin: null\r\n")),
        (&*right, format!("{JSON}Sec-Fetch-Site: cross-site\r\n")),
        (&*right, JSON.replace("localhost", "rebound.example")),
        (&*right, format!("{JSON}Host: localhost\r\n")),
        (&*right, "Content-Type: application/json\r\n".to_owned()),
        (
            "OPTIONS /0123456789abcdef0123456789abcdef",
            format!("{JSON}Origin: https://x.example\r\nAccess-Control-Request-Method: POST\r\n"),
        ),
    ] {
        let (status, text) = ask(address, &request(line, &headers, MESSAGES)).await;
        assert_eq!(status, 404, "{line} {headers}");
        assert!(
            text.contains("content-length: 0") && text.ends_with("\r\n\r\n"),
            "{text}"
        );
        assert!(!text.contains("access-control"), "{text}");
    }
    assert_eq!(memory.count(), 0);
    let by_name = JSON.replace("localhost", "mo.example.org");
    assert_eq!(
        status(address, &request(&right, &by_name, MESSAGES)).await,
        200
    );
}

#[tokio::test]
async fn who_knows_the_path_is_told_what_is_wrong() {
    let (receiver, memory) = receiver().await;
    let address = receiver.local_addr();
    let (status, text) = ask(address, &request(&format!("GET /{PATH}"), JSON, "")).await;
    assert_eq!(status, 405);
    assert!(text.contains("allow: post\r\n"), "{text}");
    let form = JSON.replace("application/json", "text/plain");
    let line = format!("POST /{PATH}");
    assert_eq!(
        self::status(address, &request(&line, &form, MESSAGES)).await,
        415
    );
    let long = " ".repeat(1024 * 1024 + 1);
    assert_eq!(self::status(address, &post(PATH, &long)).await, 413);
    let fits = format!("{MESSAGES}{}", " ".repeat(1024 * 1024 - MESSAGES.len()));
    assert_eq!(self::status(address, &post(PATH, &fits)).await, 200);
    let head = format!("{JSON}X: {}\r\n", "x".repeat(20 * 1024));
    assert_eq!(self::status(address, &request(&line, &head, "")).await, 431);
    assert_eq!(memory.count(), 10);
}

#[tokio::test]
async fn what_the_sink_cannot_keep_is_to_be_sent_again_and_is_not_lost() {
    let memory = Memory::default();
    let (kept, calls) = (memory.clone(), Arc::new(AtomicUsize::new(0)));
    let receiver = Receiver::start(options(), move |items| {
        let fails = calls.fetch_add(1, Ordering::Relaxed) < 3;
        if !fails {
            kept.keep(items);
        }
        async move {
            if fails {
                Err("the disk is full".to_owned())
            } else {
                Ok(())
            }
        }
    });
    let receiver = receiver.await.unwrap();
    let address = receiver.local_addr();
    for _ in 0..3 {
        let (status, text) = ask(address, &post(PATH, MESSAGES)).await;
        assert_eq!(status, 503);
        assert!(text.contains("retry-after: 5\r\n"), "{text}");
    }
    let failing = Health::Failing("the disk is full".to_owned());
    assert_eq!(receiver.tally().borrow().health, failing);
    assert_eq!(memory.count(), 0);
    assert_eq!(status(address, &post(PATH, MESSAGES)).await, 200);
    assert_eq!(memory.count(), 10);
    assert_eq!(receiver.tally().borrow().health, Health::Fine);
}

/// A receiver whose sink waits for permission.
struct Hesitant {
    receiver: Receiver,
    memory: Memory,
    /// One more for every batch that the sink was asked to keep.
    asked: Arc<Semaphore>,
    permits: Arc<Semaphore>,
}

impl Hesitant {
    async fn start() -> Self {
        let memory = Memory::default();
        let (asked, permits) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let sink = (memory.clone(), Arc::clone(&asked), Arc::clone(&permits));
        let receiver = Receiver::start(options(), move |items| {
            let (memory, asked, permits) = sink.clone();
            async move {
                asked.add_permits(1);
                permits.acquire().await.unwrap().forget();
                memory.keep(items);
                Ok(())
            }
        });
        Self {
            receiver: receiver.await.unwrap(),
            memory,
            asked,
            permits,
        }
    }

    /// Sends a batch that the sink is busy with now.
    async fn send(&self) -> TcpStream {
        let mut stream = connect(self.receiver.local_addr()).await;
        stream.write_all(&post(PATH, MESSAGES)).await.unwrap();
        let asked = timeout(PATIENCE, self.asked.acquire()).await;
        asked.expect("the sink is asked").unwrap().forget();
        stream
    }
}

#[tokio::test]
async fn a_sink_that_hangs_keeps_nobody_waiting_for_ever() {
    let desk = Hesitant::start().await;
    let mut stream = desk.send().await;
    assert_eq!(answer(&mut stream).await.unwrap().0, 503);
    assert_eq!(desk.memory.count(), 0);
    desk.permits.add_permits(2);
    stream.write_all(&post(PATH, MESSAGES)).await.unwrap();
    assert_eq!(answer(&mut stream).await.unwrap().0, 200);
    assert_eq!(desk.memory.count(), 10);
}

#[tokio::test]
async fn who_hangs_up_before_the_answer_loses_nothing() {
    let desk = Hesitant::start().await;
    drop(desk.send().await);
    desk.permits.add_permits(1);
    let mut tally = desk.receiver.tally();
    let kept = tally.wait_for(|tally| tally.batches == 1);
    timeout(PATIENCE, kept).await.unwrap().unwrap();
    assert_eq!(desk.memory.count(), 10);
}

#[tokio::test]
async fn stopping_finishes_what_runs_and_takes_nothing_more() {
    let desk = Hesitant::start().await;
    let address = desk.receiver.local_addr();
    let mut idle = connect(address).await;
    let mut stream = desk.send().await;
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        desk.permits.add_permits(1);
    };
    let both = async { tokio::join!(desk.receiver.stop(), refused) };
    timeout(PATIENCE, both).await.expect("it stops");
    assert_eq!(answer(&mut stream).await.unwrap().0, 200);
    assert_eq!(desk.memory.count(), 10);
    assert_eq!(answer(&mut idle).await, None);
}

#[tokio::test]
async fn what_was_taken_is_kept_even_when_its_answer_comes_too_late() {
    let desk = Hesitant::start().await;
    let mut stream = desk.send().await;
    let permits = Arc::clone(&desk.permits);
    let memory = desk.memory.clone();
    let hung_up = async {
        // Two seconds after it was told to stop.
        assert_eq!(answer(&mut stream).await, None);
        assert_eq!(memory.count(), 0);
        permits.add_permits(1);
    };
    let both = async { tokio::join!(desk.receiver.stop(), hung_up) };
    timeout(PATIENCE, both).await.expect("it stops");
    assert_eq!(desk.memory.count(), 10);
}

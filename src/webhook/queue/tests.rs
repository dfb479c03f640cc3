//! Answers that are true: kept, full, or not kept.

use std::sync::Mutex;

use tokio::task::JoinSet;

use super::*;
use crate::webhook::payload::decode;

fn items(id: &str) -> Vec<Item> {
    let body = format!(r#"{{"data":[{{"id":"{id}","message":{{}}}}]}}"#);
    decode(body.as_bytes()).unwrap().items
}

/// A queue that waits as long as outside.
fn patient<S, F>(sink: S) -> (Queue, impl Future<Output = ()> + Send)
where
    S: Fn(Vec<Item>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), String>> + Send,
{
    queue(sink, Patience::default())
}

/// What a sink was given, call by call.
#[derive(Clone, Default)]
struct Sink {
    calls: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Sink {
    fn take(&self, items: &[Item]) {
        let ids = items.iter().map(|item| item.key.trim().to_owned());
        self.calls.lock().unwrap().push(ids.collect());
    }

    fn calls(&self) -> Vec<Vec<String>> {
        self.calls.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn what_waits_is_handed_over_together_and_answered_one_by_one() {
    let sink = Sink::default();
    let given = sink.clone();
    let (queue, writing) = patient(move |items: Vec<Item>| {
        let sink = given.clone();
        async move {
            sink.take(&items);
            Ok(())
        }
    });
    let mut puts = JoinSet::new();
    for id in ["a", "b", "c"] {
        let queue = queue.clone();
        puts.spawn(async move { queue.put(items(id), queue.room()).await });
    }
    while queue.batches.capacity() > MAX_WAITING - 3 {
        tokio::task::yield_now().await;
    }
    let tally = queue.tally();
    drop(queue);
    let (verdicts, ()) = tokio::join!(puts.join_all(), writing);
    assert_eq!(verdicts, [Verdict::Kept; 3]);
    assert_eq!(sink.calls(), [["a", "b", "c"]]);
    assert_eq!((tally.borrow().batches, tally.borrow().items), (3, 3));
}

#[tokio::test]
async fn one_that_cannot_be_kept_does_not_stand_in_the_way() {
    let (queue, writing) = patient(|items: Vec<Item>| async move {
        let is_bad = items.iter().any(|item| item.key.starts_with("bad"));
        if is_bad { Err("no".to_owned()) } else { Ok(()) }
    });
    let puts = async {
        let put = |id| queue.put(items(id), queue.room());
        let verdicts = tokio::join!(put("a"), put("bad"), put("c"));
        assert_eq!(verdicts, (Verdict::Kept, Verdict::NotKept, Verdict::Kept));
        assert_eq!(queue.tally().borrow().health, Health::Fine);
        assert_eq!(put("bad").await, Verdict::NotKept);
        let health = queue.tally().borrow().health.clone();
        assert_eq!(health, Health::Failing("no".to_owned()));
        assert_eq!(put("d").await, Verdict::Kept);
        assert_eq!(queue.tally().borrow().health, Health::Fine);
    };
    tokio::select! { () = puts => {} () = writing => panic!() }
}

#[tokio::test]
async fn a_sink_that_keeps_nothing_is_not_asked_for_every_batch() {
    let sink = Sink::default();
    let given = sink.clone();
    let (queue, writing) = patient(move |items: Vec<Item>| {
        given.take(&items);
        async { Err("full".to_owned()) }
    });
    let mut puts = JoinSet::new();
    for number in 0..100 {
        let queue = queue.clone();
        puts.spawn(async move { queue.put(items(&number.to_string()), queue.room()).await });
    }
    while queue.batches.capacity() > MAX_WAITING - 100 {
        tokio::task::yield_now().await;
    }
    drop(queue);
    let (verdicts, ()) = tokio::join!(puts.join_all(), writing);
    assert_eq!(verdicts, [Verdict::NotKept; 100]);
    assert_eq!(sink.calls().len(), 1 + MAX_FAILURES);
}

#[tokio::test]
async fn nobody_waits_for_ever_and_the_queue_has_an_end() {
    let (queue, writing) = queue(
        |_: Vec<Item>| std::future::pending(),
        Patience {
            sender: Duration::from_millis(200),
            sink: Duration::from_millis(400),
        },
    );
    let puts = async {
        let mut puts = JoinSet::new();
        // One is with the sink at most with its group; the others fill the queue.
        for number in 0..MAX_WAITING + MAX_GROUP + 10 {
            let queue = queue.clone();
            puts.spawn(async move { queue.put(items(&number.to_string()), queue.room()).await });
        }
        let verdicts = puts.join_all().await;
        let full = verdicts.iter().filter(|verdict| **verdict == Verdict::Full);
        assert!(full.count() >= 10);
        assert!(!verdicts.contains(&Verdict::Kept));
        // The sink is given up on after its own time.
        let mut tally = queue.tally();
        let failing = |tally: &Tally| tally.health != Health::Fine;
        tally.wait_for(failing).await.unwrap();
    };
    tokio::select! { () = puts => {} () = writing => panic!() }
}

#[tokio::test]
async fn the_bytes_that_wait_have_an_end_and_are_given_back() {
    let (queue, _writing) = patient(|_: Vec<Item>| async { Ok(()) });
    let mib = 1024 * 1024;
    let mut rooms = Vec::new();
    loop {
        let mut room = queue.room();
        assert!(room.grow_to(0));
        if !(room.grow_to(1) && room.grow_to(mib / 2) && room.grow_to(mib)) {
            break;
        }
        rooms.push(room);
    }
    assert_eq!(rooms.len(), MAX_UNITS * UNIT / mib);
    rooms.pop();
    assert!(queue.room().grow_to(mib));
    assert!(!queue.room().grow_to(usize::MAX));
}

//! Batches, with times given.

use super::super::webhook::Webhook;
use super::*;

fn post(chaos: Option<Chaos>) -> Post {
    let settings = Settings {
        chaos,
        ..Settings::default()
    };
    let mut post = Post::new(&settings);
    let webhook: Webhook = "http://127.0.0.1:1/".parse().unwrap();
    post.send_to(Sender::new(&webhook, post.pushing().wait).unwrap());
    post
}

fn ms(length: u64) -> Duration {
    Duration::from_millis(length)
}

fn message(number: u64) -> Item {
    Item::message(json!({"id": number, "message": {}}))
}

fn status(number: u64) -> Item {
    Item::status(json!({"id": number, "sent": true}))
}

fn body(letter: &Letter) -> Value {
    serde_json::from_slice(&letter.body).unwrap()
}

fn ids(letter: &Letter) -> Vec<u64> {
    let body = body(letter);
    let items = body["data"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_u64().unwrap()).collect()
}

#[test]
fn the_measures_are_the_documents() {
    let pushing = Pushing::default();
    assert_eq!((pushing.every, pushing.wait), (ms(500), ms(200)));
    assert_eq!(
        pushing.retries.map(|pause| pause.as_secs()),
        [1, 2, 4, 8, 16]
    );
}

#[test]
fn without_an_address_nothing_waits() {
    let mut post = Post::new(&Settings::default());
    assert!(!post.put(ms(0), message(1)));
    assert!(!post.has_reader());
    assert_eq!(post.wake(), None);
    assert!(post.take(ms(1_000)).is_none());
    assert_eq!(*post.pushed(), Pushed::default());
}

#[test]
fn a_batch_has_at_most_ten_items_in_order_and_the_next_one_comes_half_a_second_later() {
    let mut post = post(None);
    for number in 0..25 {
        assert!(post.put(ms(0), message(number)));
    }
    let first = post.take(ms(7)).unwrap();
    assert_eq!(ids(&first), (0..10).collect::<Vec<_>>());
    assert_eq!(first.copies, 1);
    assert_eq!(post.wake(), Some(ms(507)));
    assert!(post.take(ms(506)).is_none());
    assert_eq!(ids(&post.take(ms(507)).unwrap()).len(), 10);
    assert_eq!(ids(&post.take(ms(2_000)).unwrap()), [20, 21, 22, 23, 24]);
    assert_eq!(post.wake(), None, "nothing is left");
    assert!(post.take(ms(9_000)).is_none(), "there are no empty batches");
}

#[test]
fn what_is_not_due_waits() {
    let mut post = post(None);
    post.put(ms(300), message(2));
    post.put(ms(100), message(1));
    assert_eq!(post.wake(), Some(ms(100)));
    assert!(post.take(ms(99)).is_none());
    assert_eq!(ids(&post.take(ms(100)).unwrap()), [1]);
    assert_eq!(post.wake(), Some(ms(600)), "the pause is longer");
}

#[test]
fn messages_and_statuses_travel_apart_and_keep_their_order() {
    let mut post = post(None);
    for item in [message(1), status(2), message(3), status(4)] {
        post.put(ms(0), item);
    }
    assert_eq!(ids(&post.take(ms(0)).unwrap()), [1, 3]);
    assert_eq!(ids(&post.take(ms(500)).unwrap()), [2, 4]);
}

#[test]
fn a_batch_says_how_many_there_are_and_whose() {
    let mut post = post(None);
    let mut totals = Vec::new();
    for turn in 0..2 {
        post.put(ms(0), message(turn));
        let batch = body(&post.take(ms(turn * 500)).unwrap());
        assert_eq!(
            batch["clientInfo"],
            json!({"customerId": 42, "subAccountId": 1291, "userId": 1})
        );
        totals.push(batch["total"].clone());
    }
    assert_eq!(
        totals,
        [json!(1), json!("1")],
        "both spellings of the samples"
    );
}

#[test]
fn a_full_queue_loses_what_comes_and_says_so() {
    let mut post = post(None);
    for number in 0..MAX_WAITING as u64 {
        assert!(post.put(ms(0), message(number)));
    }
    assert!(!post.put(ms(0), message(0)));
    assert_eq!(post.pushed().lost, 1);
}

/// All that leaves of a hundred messages and as many statuses.
fn day(seed: u64, percent: u8) -> Vec<(Value, usize)> {
    let mut post = post(Some(Chaos { seed, percent }));
    for number in 0..100 {
        post.put(ms(number * 10), message(number));
        post.put(ms(number * 10), status(number + 1_000));
    }
    let mut batches = Vec::new();
    while let Some(wake) = post.wake() {
        let letter = post.take(wake).unwrap();
        batches.push((body(&letter), letter.copies));
    }
    batches
}

#[test]
fn chaos_mixes_batches_doubles_delays_and_adds_nonsense_as_the_seed_says() {
    let batches = day(1, 40);
    assert_eq!(batches, day(1, 40));
    assert_ne!(batches, day(2, 40));
    let data = |batch: &Value| batch["data"].as_array().unwrap().clone();
    let all: Vec<Value> = batches.iter().flat_map(|(batch, _)| data(batch)).collect();
    let is_mixed = |(batch, _): &(Value, usize)| {
        let items = data(batch);
        items.iter().any(|item| item.get("sent").is_some())
            && items.iter().any(|item| item.get("sent").is_none())
    };
    assert!(batches.iter().any(is_mixed));
    assert!(batches.iter().any(|(_, copies)| *copies == 2));
    assert!(batches.iter().any(|(_, copies)| *copies == 1));
    let known: Vec<u64> = all
        .iter()
        .filter(|item| item.get("sent").is_some() || item["message"].is_object())
        .map(|item| item["id"].as_u64().unwrap())
        .collect();
    assert!(all.len() > known.len(), "some are nonsense");
    assert!(known.len() > 200, "some come twice");
    assert!(!known.is_sorted_by_key(|id| id % 1_000), "some come late");
    for number in (0..100).chain(1_000..1_100) {
        assert!(known.contains(&number), "{number} is lost");
    }
}

#[test]
fn a_day_without_faults_only_mixes() {
    let batches = day(1, 0);
    let count = |(batch, _): &(Value, usize)| batch["data"].as_array().unwrap().len();
    assert_eq!(batches.iter().map(count).sum::<usize>(), 200);
    assert!(batches.iter().all(|(_, copies)| *copies == 1));
}

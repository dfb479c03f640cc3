//! A receiver that is killed again and again: what it said it has, it has; what comes again is there once.

use tokio::task::JoinSet;

use super::program::Listen;
use super::*;
use crate::program::Home;

const SENDERS: usize = 8;
const ITEMS: usize = 10;

fn kills() -> usize {
    let asked = std::env::var_os("WAVEDECK_TEST_KILLS");
    let asked = asked.and_then(|text| text.to_str()?.parse().ok());
    asked.unwrap_or(4)
}

/// What the senders and whoever kills have in common.
#[derive(Clone, Default)]
struct Field {
    /// Where the receiver is now.
    address: Arc<Mutex<Option<SocketAddr>>>,
    /// Items that were answered with 200.
    taken: Arc<Mutex<BTreeSet<String>>>,
    is_over: Arc<Mutex<bool>>,
}

/// Sends batch after batch, each until it is answered with 200.
async fn send(field: Field, sender: usize) {
    let mut stream = None;
    for number in 0.. {
        let names: Vec<String> = (0..ITEMS)
            .map(|item| format!("{sender}-{number}-{item}"))
            .collect();
        let request = post(PATH, &batch(names.clone()));
        loop {
            if *field.is_over.lock().unwrap() {
                return;
            }
            let address = *field.address.lock().unwrap();
            if stream.is_none()
                && let Some(address) = address
            {
                stream = TcpStream::connect(address).await.ok();
            }
            let Some(open) = &mut stream else {
                tokio::task::yield_now().await;
                continue;
            };
            let sent = open.write_all(&request).await;
            match (sent, answer(open).await) {
                (Ok(()), Some((200, _))) => break,
                _ => stream = None,
            }
        }
        field.taken.lock().unwrap().extend(names);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_taken_is_lost_or_doubled_however_often_it_is_killed() {
    let home = Home::new();
    let store = home.path().join("w.db");
    let field = Field::default();
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        senders.spawn(send(field.clone(), sender));
    }
    for round in 0..kills() {
        let mut listen = Listen::start(&home, &store, &[]);
        assert_eq!(listen.path(), PATH, "round {round}");
        let before = field.taken.lock().unwrap().len();
        *field.address.lock().unwrap() = Some(listen.address());
        let enough = fastrand::usize(1..40) * ITEMS;
        until(|| field.taken.lock().unwrap().len() >= before + enough).await;
        listen.kill();
        *field.address.lock().unwrap() = None;
    }
    *field.is_over.lock().unwrap() = true;
    senders.join_all().await;
    let taken = field.taken.lock().unwrap().clone();
    let kept = kept_names(Location::file(&store)).await;
    let names = none_lost_none_twice(&taken, &kept);
    // What was kept without an answer is at most what was on its way at each end.
    assert!(names.len() - taken.len() <= (kills() + 1) * SENDERS * ITEMS);
}

//! Many senders at once: nothing is lost, nothing is doubled.

use tokio::task::JoinSet;
use tokio::time::Instant;
use wavedeck::domain::Lane;

use super::*;

const CONNECTIONS: usize = 50;
const ITEMS: usize = 10;
/// Where the provider stops waiting. Source: `api.md` 2.5.
const LIMIT: Duration = Duration::from_millis(200);

/// How many batches, and whether the time they take is asserted.
fn extent() -> (usize, bool) {
    if std::env::var_os("WAVEDECK_TEST_LOAD").is_some_and(|asked| asked == "full") {
        (1000, true)
    } else {
        (200, false)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_batches_at_once_are_all_kept_and_soon_answered() {
    let (batches, is_timed) = extent();
    let folder = tempfile::tempdir().unwrap();
    let location = Location::file(folder.path().join("w.db"));
    let (store, _) = Store::open(location, Millis(1)).await.unwrap();
    let sink = store.clone();
    let receiver = Receiver::start(options(), move |items: Vec<Item>| {
        let store = sink.clone();
        async move {
            let kept = store.receive(&items, Millis(1)).await;
            kept.map(|_| ()).map_err(|why| why.to_string())
        }
    });
    let receiver = receiver.await.unwrap();
    let address = receiver.local_addr();
    let mut senders = JoinSet::new();
    for sender in 0..CONNECTIONS {
        senders.spawn(async move {
            let mut stream = connect(address).await;
            let mut times = Vec::new();
            for number in (sender..batches).step_by(CONNECTIONS) {
                let names = (0..ITEMS).map(|item| format!("{number}-{item}"));
                let request = post(PATH, &batch(names));
                let begun = Instant::now();
                stream.write_all(&request).await.unwrap();
                assert_eq!(answer(&mut stream).await.unwrap().0, 200);
                times.push(begun.elapsed());
            }
            times
        });
    }
    let mut times: Vec<Duration> = senders.join_all().await.concat();
    times.sort_unstable();
    let part = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!(
        "{batches} batches of {ITEMS}: half within {:?}, 99 % within {:?}, all within {:?}",
        part(50),
        part(99),
        part(100)
    );
    receiver.stop().await;
    assert_eq!(times.len(), batches);
    let overview = store.overview("ana").await.unwrap();
    let [lane] = &overview.lanes[..] else {
        panic!("{overview:?}")
    };
    assert!(matches!(lane.lane, Lane::Group(_)));
    assert_eq!(lane.total, batches * ITEMS);
    if is_timed {
        assert!(part(99) <= LIMIT, "{:?}", part(99));
    }
}

//! A disk without room: what cannot be kept is refused, what was taken is there, and it goes on as soon as
//! there is room. A limit on the size of files stands for the disk, so it is tried on Linux only.

use rustix::process::{Resource, Rlimit, Signal, prlimit};

use super::program::Listen;
use super::*;
use crate::program::Home;

/// How large files may get: enough for a store with nothing in it.
const ROOM: u64 = 512 * 1024;

#[tokio::test]
async fn on_a_full_disk_nothing_is_taken_that_is_not_kept_and_it_goes_on_when_there_is_room() {
    let home = Home::new();
    let store = home.path().join("w.db");
    // The first run makes the store.
    drop(Listen::start(&home, &store, &[]));
    let listen = Listen::start_in_shell(&home, &store, "trap '' XFSZ");
    let limit = |current| {
        let limit = Rlimit {
            current,
            maximum: None,
        };
        prlimit(Some(listen.pid()), Resource::Fsize, limit).unwrap();
    };
    limit(Some(ROOM));
    let mut stream = connect(listen.address()).await;
    let mut taken = BTreeSet::new();
    let mut send = async |number: usize| {
        let names: Vec<String> = (0..10).map(|item| format!("{number}-{item}")).collect();
        let request = post(PATH, &batch(names.clone()));
        stream.write_all(&request).await.unwrap();
        let (status, head) = answer(&mut stream).await.unwrap();
        if status == 200 {
            taken.extend(names);
        } else {
            assert_eq!(status, 503, "{head}");
            assert!(head.contains("retry-after: "), "{head}");
        }
        status
    };
    let mut number = 0;
    while send(number).await == 200 {
        number += 1;
        assert!(number < 10_000, "the disk is never full");
    }
    assert!(number > 0, "nothing fits at all");
    assert_eq!(send(number + 1).await, 503, "still full");
    limit(None);
    for number in [number, number + 2] {
        assert_eq!(send(number).await, 200, "there is room again");
    }
    let (code, _, err) = listen.end(Signal::TERM);
    assert_eq!(code, Some(143), "{err}");
    assert!(err.contains("cannot be kept"), "{err}");
    let kept = kept_names(Location::file(&store)).await;
    none_lost_none_twice(&taken, &kept);
}

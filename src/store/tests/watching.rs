//! What one program writes, another one notices.

use super::*;
use crate::domain::journal::End;

on_both_databases!(
    what_another_program_writes_is_noticed_within_a_second,
    reading_is_no_news,
    a_watch_outlives_its_store_without_news,
);

/// Whether the watch tells something within so many milliseconds.
async fn told(watch: &mut Watch, millis: u64) -> bool {
    let patience = Duration::from_millis(millis);
    tokio::time::timeout(patience, watch.changed())
        .await
        .is_ok()
}

async fn what_another_program_writes_is_noticed_within_a_second(site: Site) {
    let ((one, _), (two, _)) = (site.open().await, site.open().await);
    let mut watch = one.watch().await.unwrap();
    for _ in 0..3 {
        let id = two.begin(&rename("a", "b"), NOW).await.unwrap();
        assert!(told(&mut watch, 1_000).await);
        // One change may be told in parts.
        while told(&mut watch, 100).await {}
        two.settle(id, &End::Applied, NOW).await.unwrap();
        assert!(told(&mut watch, 1_000).await);
        while told(&mut watch, 100).await {}
    }
}

async fn reading_is_no_news(site: Site) {
    let ((one, _), (two, _)) = (site.open().await, site.open().await);
    two.begin(&rename("a", "b"), NOW).await.unwrap();
    let mut watch = one.watch().await.unwrap();
    while told(&mut watch, 100).await {}
    for store in [&one, &two] {
        assert_eq!(ids(store).await, [1]);
        assert_eq!(store.recover(NOW).await.unwrap(), []);
        assert_eq!(store.drafts("ana").await.unwrap(), []);
    }
    assert!(!told(&mut watch, 300).await);
}

async fn a_watch_outlives_its_store_without_news(site: Site) {
    let (store, _) = site.open().await;
    let mut watch = store.watch().await.unwrap();
    store.close().await;
    site.end(store).await;
    while told(&mut watch, 100).await {}
    assert!(!told(&mut watch, 300).await);
}

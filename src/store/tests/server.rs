//! A PostgreSQL server: programs that start at once, connections that break, and what the server refuses.

use super::*;
use crate::domain::journal::End;
use crate::store::query::query;

/// Whether an error is of one kind.
type Is = fn(&StoreError) -> bool;

async fn run(site: &Site, statements: &str) {
    let pool = site.beside();
    for statement in statements.split(';') {
        query(statement).execute(&pool).await.unwrap();
    }
}

/// The name of the database.
fn name(url: &str) -> &str {
    url.split(['/', '?']).nth(3).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_programs_that_start_at_once_one_makes_the_tables_and_all_can_write() {
    let Some(site) = Site::server() else { return };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let location = site.location();
        tasks.spawn(async move {
            let (store, opened) = Store::open(location, NOW).await.unwrap();
            store.begin(&rename("a", "b"), NOW).await.unwrap();
            store.close().await;
            opened.start
        });
    }
    let starts = tasks.join_all().await;
    let new = starts.iter().filter(|start| **start == Start::New);
    assert_eq!(new.count(), 1, "{starts:?}");
    let (store, opened) = site.open().await;
    assert_eq!(opened.start, Start::Existing);
    assert_eq!(ids(&store).await, [8, 7, 6, 5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn an_older_store_is_brought_up_to_date_with_what_is_in_it() {
    let Some(first) = Site::server() else { return };
    for version in 1..schema::VERSION {
        let site = first.another();
        for step in &schema::STEPS[..usize::try_from(version).unwrap()] {
            run(&site, step.trim_end_matches(';')).await;
        }
        run(
            &site,
            &format!(
                "UPDATE schema_version SET version = {version};
                 INSERT INTO journal VALUES (1, 7, NULL, 'x', 'ana', 'g', 'Corrida', 'leave',
                 '[]', NULL, '', 'unknown', '', 'corrida', 'in flight', '', '[]', '', NULL)"
            ),
        )
        .await;
        let (store, opened) = site.open().await;
        assert_eq!(opened.start, Start::Existing);
        let entries = store.recover(NOW).await.unwrap();
        let intent = entries[0].intent.as_ref().unwrap();
        assert_eq!(intent.kind, ChangeKind::Leave);
        let (to, text) = (group("g"), draft("x"));
        store.save_draft("ana", &to, &text).await.unwrap();
        assert_eq!(store.drafts("ana").await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_is_not_ours_or_newer_or_in_pieces_is_left_as_it_is() {
    let Some(first) = Site::server() else { return };
    let cases: [(&str, bool, Is); 6] = [
        ("UPDATE schema_version SET version = 99", true, |why| {
            matches!(why, StoreError::Newer { found: 99, .. })
        }),
        ("DROP TABLE waiting", true, |why| {
            matches!(why, StoreError::Incomplete { .. })
        }),
        ("DELETE FROM schema_version", true, |why| {
            matches!(why, StoreError::Incomplete { .. })
        }),
        ("CREATE TABLE journal (page TEXT)", false, |why| {
            matches!(why, StoreError::NotOurs { .. })
        }),
        ("CREATE TABLE schema_version (number INT)", false, |why| {
            matches!(why, StoreError::NotOurs { .. })
        }),
        (
            "CREATE TABLE schema_version (version TEXT); INSERT INTO schema_version VALUES ('1')",
            false,
            |why| matches!(why, StoreError::NotOurs { .. }),
        ),
    ];
    for (damage, is_made, is_so) in cases {
        let site = first.another();
        if is_made {
            let (store, _) = site.open().await;
            store.begin(&rename("a", "b"), NOW).await.unwrap();
            store.close().await;
        }
        run(&site, damage).await;
        let why = fails(&site.url()).await;
        assert!(is_so(&why), "{damage}: {why}");
        let tables = "SELECT count(*) FROM information_schema.tables
                      WHERE table_schema = current_schema() AND table_name = 'put_away'";
        let count = query(tables).fetch_number(&site.beside()).await.unwrap();
        assert_eq!(count, i64::from(is_made), "{damage}");
    }
}

#[tokio::test]
async fn tables_of_others_beside_ours_do_no_harm() {
    let Some(site) = Site::server() else { return };
    run(&site, "CREATE TABLE songs (title TEXT)").await;
    let (store, opened) = site.open().await;
    assert_eq!(opened.start, Start::New);
    store.begin(&rename("a", "b"), NOW).await.unwrap();
}

#[tokio::test]
async fn what_the_server_refuses_is_said_in_words_and_without_the_password() {
    let Some(site) = Site::server() else { return };
    run(&site, "CREATE ROLE locked LOGIN PASSWORD 'right'").await;
    let good = site.url();
    let name = name(&good);
    let locked = good.replace("user=wavedeck", "user=locked&password=s3cret");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("postgres://a:s3cret@{}/w", free.local_addr().unwrap());
    drop(free);
    let cases: [(String, Is, &str); 4] = [
        (
            locked,
            |why| matches!(why, StoreError::Refused { .. }),
            "password",
        ),
        (
            good.replace(name, "nowhere"),
            |why| matches!(why, StoreError::NoDatabase { .. }),
            "createdb",
        ),
        (
            nobody,
            |why| matches!(why, StoreError::Unreachable { .. }),
            "127.0.0.1/w",
        ),
        (
            good.replace("host=", "host=/nowhere"),
            |why| matches!(why, StoreError::Unreachable { .. }),
            "/nowhere",
        ),
    ];
    for (text, is_so, word) in cases {
        let why = fails(&text).await;
        assert!(is_so(&why), "{why:?}");
        let said = format!("{why} {why:?}");
        assert!(said.contains(word) && !said.contains("s3cret"), "{said}");
    }
    let with = good.replace("user=wavedeck", "user=locked&password=right");
    let why = fails(&with).await;
    // The server lets it in, but nobody gave it the right to make tables.
    assert!(matches!(why, StoreError::NoRights(_)), "{why:?}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_in_seconds() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let text = format!("postgres://a:s3cret@{address}/w");
    let why = tokio::time::timeout(Duration::from_secs(9), fails(&text)).await;
    let why = why.unwrap();
    assert!(matches!(why, StoreError::Unreachable { .. }), "{why:?}");
}

#[tokio::test]
async fn a_user_who_may_only_read_is_refused_changes_and_reading_goes_on() {
    let Some(site) = Site::server() else { return };
    let (owner, _) = site.open().await;
    let id = owner.begin(&rename("a", "b"), NOW).await.unwrap();
    run(
        &site,
        "CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    .await;
    let text = site.url().replace("user=wavedeck", "user=reader");
    let location = Location::parse(&text).unwrap();
    let (store, _) = Store::open(location, NOW).await.unwrap();
    let why = store.begin(&rename("a", "b"), NOW).await.unwrap_err();
    assert!(matches!(why, StoreError::NoRights(_)), "{why:?}");
    let why = store.settle(id, &End::Applied, NOW).await.unwrap_err();
    assert!(matches!(why, StoreError::NoRights(_)), "{why:?}");
    assert_eq!(ids(&store).await, [id.0]);
}

#[tokio::test]
async fn what_is_committed_is_on_the_disk_of_the_server_whatever_its_usual_setting() {
    let Some(site) = Site::server() else { return };
    let setting = "SET synchronous_commit = off";
    run(
        &site,
        &format!("ALTER DATABASE {} {setting}", name(&site.url())),
    )
    .await;
    let (store, _) = site.open().await;
    let rows = query("SHOW synchronous_commit")
        .fetch_all(store.writer())
        .await;
    let mode: String = rows.unwrap()[0].try_get(0).unwrap();
    assert_eq!(mode, "on");
}

/// Breaks every connection of the stores there.
async fn cut(site: &Site) {
    run(
        site,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_broke_are_taken_up_again_and_it_is_told_to_look_again() {
    let Some(site) = Site::server() else { return };
    let ((one, _), (two, _)) = (site.open().await, site.open().await);
    let mut watch = one.watch().await.unwrap();
    let id = one.begin(&rename("a", "b"), NOW).await.unwrap();
    let patience = Duration::from_secs(10);
    for round in 1..=3 {
        while tokio::time::timeout(Duration::from_millis(100), watch.changed())
            .await
            .is_ok()
        {}
        cut(&site).await;
        let heard = tokio::time::timeout(patience, watch.changed()).await;
        assert!(heard.is_ok(), "round {round}");
        // The session runs again, and what the other one writes is heard again.
        until(async || two.life(one.session()).await.unwrap() == Life::Running).await;
        until(async || one.life(two.session()).await.unwrap() == Life::Running).await;
        two.begin(&rename("c", "d"), NOW).await.unwrap();
        let heard = tokio::time::timeout(patience, watch.changed()).await;
        assert!(heard.is_ok(), "round {round}");
    }
    assert_eq!(two.recover(NOW).await.unwrap(), []);
    one.settle(id, &End::Applied, NOW).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_closed_is_gone_from_the_server_at_once() {
    let Some(site) = Site::server() else { return };
    let (one, _) = site.open().await;
    let (two, _) = site.open().await;
    assert_eq!(two.life(one.session()).await.unwrap(), Life::Running);
    one.close().await;
    until(async || two.life(one.session()).await.unwrap() == Life::Over).await;
    assert_eq!(two.life("../../x").await.unwrap(), Life::Over);
    assert_eq!(two.life("00000000000000aa").await.unwrap(), Life::Over);
}

//! Opening: permissions, versions, places that cannot be used, full disks.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::domain::journal::{End, EntryState};
use crate::store::{schema, settings};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_the_user_can_read_what_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let location = Location::in_state_folder(&home.path().join("state"), "work");
    let (store, opened) = Store::open(location.clone(), NOW).await.unwrap();
    assert_eq!((opened.start.clone(), opened.notice()), (Start::New, None));
    store.begin(&rename("a", "b"), NOW).await.unwrap();
    let folder = location.path().unwrap().parent().unwrap().to_owned();
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(Result::unwrap).collect();
    assert!(files.len() >= 4, "the file, its log, the lock, the session");
    for file in &files {
        assert_eq!(mode(&file.path()), 0o600, "{:?}", file.file_name());
    }
    drop(store);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(location.path().unwrap(), fs::Permissions::from_mode(0o644)).unwrap();
    Store::open(location.clone(), NOW).await.unwrap();
    assert_eq!(
        (mode(&folder), mode(location.path().unwrap())),
        (0o700, 0o600)
    );
}

#[tokio::test]
async fn a_place_the_user_chose_keeps_its_permissions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o750)).unwrap();
    open(&path).await;
    assert_eq!((mode(folder.path()), mode(&path)), (0o750, 0o600));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o660)).unwrap();
    open(&path).await;
    assert_eq!((mode(folder.path()), mode(&path)), (0o750, 0o660));
}

#[tokio::test]
async fn what_is_committed_is_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(&folder.path().join("w.db")).await;
    let ask = async |pragma: &'static str| -> i64 {
        let answer = sqlx::query_scalar(pragma).fetch_one(sqlite(&store)).await;
        answer.unwrap()
    };
    assert_eq!(ask("PRAGMA synchronous").await, 2, "full");
    assert_eq!(ask("PRAGMA fullfsync").await, 1);
    assert_eq!(ask("PRAGMA busy_timeout").await, 5_000);
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(sqlite(&store))
        .await
        .unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn an_older_store_is_brought_up_to_date_with_what_is_in_it() {
    for version in 1..schema::VERSION {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        fs::write(&path, "").unwrap();
        let old = settings::open_writer(&path).await.unwrap();
        for step in &schema::STEPS[..usize::try_from(version).unwrap()] {
            sqlx::raw_sql(step).execute(&old).await.unwrap();
        }
        sqlx::query("UPDATE schema_version SET version = $1")
            .bind(version)
            .execute(&old)
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO journal VALUES (1, 7, NULL, 'x', 'ana', 'g', 'Corrida', 'leave', '[]',
             NULL, '', 'unknown', '', 'corrida', 'in flight', '', '[]', '', NULL)",
        )
        .execute(&old)
        .await
        .unwrap();
        old.close().await;
        let (store, opened) = open(&path).await;
        assert_eq!(opened.start, Start::Existing);
        let entries = store.recover(NOW).await.unwrap();
        let intent = entries[0].intent.as_ref().unwrap();
        assert_eq!(intent.kind, ChangeKind::Leave);
        store
            .save_draft("ana", &group("g"), &draft("x"))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_newer_store_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (store, _) = open(&path).await;
    sqlx::raw_sql("UPDATE schema_version SET version = 99; CREATE TABLE later (x TEXT)")
        .execute(sqlite(&store))
        .await
        .unwrap();
    store.close().await;
    drop(store);
    let before = fs::read(&path).unwrap();
    let why = refused(&path).await;
    assert!(matches!(why, StoreError::Newer { found: 99, .. }));
    assert!(why.to_string().contains("update wavedeck"), "{why}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn the_database_of_another_program_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("songs.db");
    fs::write(&path, "").unwrap();
    let other = settings::open_writer(&path).await.unwrap();
    sqlx::raw_sql("CREATE TABLE songs (title TEXT)")
        .execute(&other)
        .await
        .unwrap();
    other.close().await;
    let before = fs::read(&path).unwrap();
    let why = refused(&path).await;
    assert!(matches!(why, StoreError::NotOurs { .. }), "{why}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_table_that_somebody_added_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (store, _) = open(&path).await;
    sqlx::raw_sql("CREATE TABLE notes (x TEXT); CREATE INDEX n ON journal (state); ANALYZE")
        .execute(sqlite(&store))
        .await
        .unwrap();
    drop(store);
    assert_eq!(open(&path).await.1.start, Start::Existing);
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "I am a file").unwrap();
    let why = refused(&file.join("w.db")).await;
    assert!(matches!(why, StoreError::Folder { .. }), "{why}");
    let why = refused(folder.path()).await;
    assert!(matches!(why, StoreError::File { .. }), "{why}");
    let why = refused(Path::new("/proc/wavedeck/w.db")).await;
    assert!(why.to_string().contains("/proc"), "{why}");
    let long = folder.path().join("x".repeat(300));
    assert!(matches!(refused(&long).await, StoreError::File { .. }));
    assert_eq!(fs::read_to_string(&file).unwrap(), "I am a file");
}

#[tokio::test]
async fn a_full_disk_refuses_changes_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(&folder.path().join("w.db")).await;
    let known = store.begin(&rename("a", "b"), NOW).await.unwrap();
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(sqlite(&store))
        .await
        .unwrap();
    let limit = async |pages: i64| {
        sqlx::raw_sql(&format!("PRAGMA max_page_count = {pages}"))
            .execute(sqlite(&store))
            .await
            .unwrap();
    };
    limit(pages).await;
    let big = rename("a", &"x".repeat(100_000));
    let why = store.begin(&big, NOW).await.unwrap_err();
    assert!(matches!(why, StoreError::Full), "{why}");
    let why = store
        .save_draft("ana", &group("g"), &draft(&"x".repeat(100_000)))
        .await
        .unwrap_err();
    assert!(matches!(why, StoreError::Full), "{why}");
    assert_eq!(ids(&store).await, [known.0]);
    limit(pages + 1_000).await;
    assert_eq!(store.begin(&big, NOW).await.unwrap().0, known.0 + 1);
}

#[tokio::test]
async fn a_store_that_became_read_only_refuses_changes_and_reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(&folder.path().join("w.db")).await;
    let id = store.begin(&rename("a", "b"), NOW).await.unwrap();
    sqlx::raw_sql("PRAGMA query_only = 1")
        .execute(sqlite(&store))
        .await
        .unwrap();
    let why = store.begin(&rename("a", "b"), NOW).await.unwrap_err();
    assert!(matches!(why, StoreError::ReadOnly), "{why}");
    let why = store.settle(id, &End::Applied, NOW).await.unwrap_err();
    assert!(matches!(why, StoreError::ReadOnly), "{why}");
    let entries = store.entries(&all()).await.unwrap();
    assert_eq!(entries[0].state, EntryState::InFlight);
}

#[tokio::test]
async fn no_file_of_a_session_or_log_stays_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (store, _) = open(&path).await;
    store.begin(&rename("a", "b"), NOW).await.unwrap();
    store.close().await;
    drop(store);
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["w.db", "w.db.lock"]);
}

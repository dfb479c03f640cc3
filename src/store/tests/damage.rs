//! Damaged files: never a panic, never a silent empty start.

use std::fs;

use super::*;
use crate::domain::journal::{End, EntryId, EntryState};

const ENTRIES: i64 = 40;

/// A closed store with entries, as bytes.
async fn sound() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (store, _) = open(&path).await;
    for number in 0..ENTRIES {
        let name = format!("Grupo {number} {}", "x".repeat(200));
        let id = store.begin(&rename(&name, "novo"), NOW).await.unwrap();
        if number % 2 == 0 {
            store.settle(id, &End::Applied, NOW).await.unwrap();
        }
    }
    store
        .save_draft("ana", &group("g"), &draft("rascunho"))
        .await
        .unwrap();
    store.close().await;
    fs::read(&path).unwrap()
}

/// Opens these bytes as a store. Everything may come out but a panic and a loss nobody is told of.
async fn told(bytes: &[u8], what: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    fs::write(&path, bytes).unwrap();
    let (store, opened) = match Store::open(Location::file(&path), NOW).await {
        Ok(opened) => opened,
        Err(why) => {
            assert!(!why.to_string().is_empty());
            return true;
        }
    };
    if let Some(aside) = opened.set_aside() {
        assert_eq!(fs::read(aside).unwrap(), bytes, "{what}: kept as it was");
        assert!(opened.notice().unwrap().contains(".corrupt-"), "{what}");
        assert_eq!(ids(&store).await, Vec::<i64>::new(), "{what}");
        store.begin(&rename("a", "b"), NOW).await.unwrap();
        return true;
    }
    // The structure is whole: nothing is missing, and an error is allowed to say so only in words.
    if let Ok(entries) = store.entries(&all()).await {
        assert_eq!(entries.len(), usize::try_from(ENTRIES).unwrap(), "{what}");
        // Of those that were open none is taken for done; or the program says that it cannot write.
        match store.recover(NOW).await {
            Ok(open) => assert!(
                open.len() >= usize::try_from(ENTRIES / 2).unwrap(),
                "{what}"
            ),
            Err(why) => assert!(matches!(why, StoreError::ReadOnly), "{what}: {why}"),
        }
    }
    let _ = store.drafts("ana").await;
    false
}

#[tokio::test]
async fn a_byte_that_flipped_anywhere_is_told_or_harmless() {
    let sound = sound().await;
    let mut noticed = 0;
    let offsets = (0..104).chain((104..sound.len()).step_by(149));
    for (number, offset) in offsets.enumerate() {
        let flip = if number % 2 == 0 { 0xff } else { 0x01 };
        let mut bytes = sound.clone();
        bytes[offset] ^= flip;
        let what = format!("byte {offset} ^ {flip:#x}");
        noticed += usize::from(told(&bytes, &what).await);
    }
    assert!(
        noticed > 20,
        "the test would not notice anything: {noticed}"
    );
}

#[tokio::test]
async fn a_file_that_was_cut_is_told_wherever_it_was_cut() {
    let sound = sound().await;
    let cuts = [0, 1, 15, 16, 99, 100, 512, 4095, 4096, 4097];
    for cut in cuts.into_iter().chain((5_000..sound.len()).step_by(2_511)) {
        let what = format!("cut at {cut} of {}", sound.len());
        assert!(told(&sound[..cut], &what).await, "{what}");
    }
}

#[tokio::test]
async fn a_page_of_zeros_or_noise_is_told_or_harmless() {
    let sound = sound().await;
    for page in 0..sound.len() / 4096 {
        for fill in [0x00, 0xa5] {
            let mut bytes = sound.clone();
            bytes[page * 4096..(page + 1) * 4096].fill(fill);
            told(&bytes, &format!("page {page} of {fill:#x}")).await;
        }
    }
    assert!(told(b"this is no database at all", "text").await);
    assert!(told(&[0; 8192], "zeros").await);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_shown_as_unknown_and_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = open(&folder.path().join("w.db")).await;
    for name in ["a", "b", "c", "d", "e"] {
        let id = store.begin(&rename(name, "x"), NOW).await.unwrap();
        store.settle(id, &End::Applied, NOW).await.unwrap();
    }
    for damage in [
        "UPDATE journal SET state = 'appliee' WHERE id = 2",
        "UPDATE journal SET people = '[\"551' WHERE id = 3",
        "UPDATE journal SET group_name = CAST(x'ff00fe' AS TEXT), session = x'00',
         state = 'in flight' WHERE id = 4",
        "UPDATE journal SET begun = 'noon', before_kind = 'y', state = x'ff' WHERE id = 5",
    ] {
        sqlx::raw_sql(damage).execute(sqlite(&store)).await.unwrap();
    }
    let entries = store.entries(&all()).await.unwrap();
    let readable: Vec<bool> = entries.iter().map(|entry| entry.intent.is_some()).collect();
    assert_eq!(readable, [false, false, false, true, true]);
    let open = store.recover(NOW).await.unwrap();
    let ids: Vec<i64> = open.iter().map(|entry| entry.id.0).collect();
    assert_eq!(ids, [5, 4, 2]);
    assert!(
        matches!(&open[0].state, EntryState::Ended(End::Unknown(why)) if why.contains("damaged"))
    );
    // It can be put away like everything that is unknown.
    store
        .settle(EntryId(5), &End::NotApplied("looked".into()), NOW)
        .await
        .unwrap();
    assert_eq!(store.recover(NOW).await.unwrap().len(), 2);
}

/// The file and the log of a store whose program was killed.
async fn killed() -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (store, _) = open(&path).await;
    for number in 0..20 {
        let name = number.to_string();
        store.begin(&rename(&name, "x"), NOW).await.unwrap();
    }
    let file = fs::read(&path).unwrap();
    let log = fs::read(paths::with_suffix(&path, "-wal")).unwrap();
    (file, log)
}

#[tokio::test]
async fn of_a_torn_log_the_first_part_is_used() {
    let (file, log) = killed().await;
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for (number, cut) in (32..=log.len())
        .step_by(1_733)
        .chain([log.len()])
        .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        fs::write(&path, &file).unwrap();
        fs::write(paths::with_suffix(&path, "-wal"), &log[..cut]).unwrap();
        let (store, opened) = open(&path).await;
        assert_eq!(opened.start, Start::Existing, "cut at {cut}");
        let mut ids = ids(&store).await;
        ids.reverse();
        let count = i64::try_from(ids.len()).unwrap();
        assert_eq!(ids, (1..=count).collect::<Vec<_>>(), "cut at {cut}");
        seen.push(count);
    }
    assert!(seen.is_sorted() && seen.last() == Some(&20), "{seen:?}");
}

#[tokio::test]
async fn a_log_that_sqlite_would_ignore_in_silence_is_told() {
    let (file, log) = killed().await;
    let folder = tempfile::tempdir().unwrap();
    for offset in 0..32 {
        let path = folder.path().join(format!("{offset}.db"));
        let mut bytes = log.clone();
        bytes[offset] ^= 0x10;
        fs::write(&path, &file).unwrap();
        fs::write(paths::with_suffix(&path, "-wal"), &bytes).unwrap();
        let (_, opened) = open(&path).await;
        let Start::LastPartSetAside(aside) = &opened.start else {
            panic!("byte {offset}: {opened:?}")
        };
        assert_eq!(fs::read(aside).unwrap(), bytes);
        assert!(opened.notice().unwrap().contains("last part"));
    }
}

#[tokio::test]
async fn a_damaged_store_is_not_taken_from_under_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (store, _) = open(&path).await;
    store.begin(&rename("a", "b"), NOW).await.unwrap();
    // Whoever writes here has the first page in memory and goes on.
    let mut bytes = fs::read(&path).unwrap();
    bytes[..100].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    fs::remove_file(paths::with_suffix(&path, "-wal")).unwrap();
    fs::remove_file(paths::with_suffix(&path, "-shm")).unwrap();
    let why = refused(&path).await;
    assert!(matches!(why, StoreError::DamagedInUse { .. }), "{why}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    drop(store);
}

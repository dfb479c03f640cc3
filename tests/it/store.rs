//! The journal of a program that is killed again and again: nothing begun is forgotten, nothing
//! settled comes back, nothing unsettled is taken for done.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::database;
use wavedeck::domain::journal::{
    Before, ChangeKind, End, EntryId, EntryQuery, EntryState, Intent, Whose,
};
use wavedeck::domain::{GroupId, KeptDraft, Millis};
use wavedeck::store::{Location, Start, Store};

/// Where the process that is to be killed keeps its store, as a setting. Only that process has it set.
const VICTIM: &str = "WAVEDECK_TEST_VICTIM";
const KILLS: usize = 20;
const NOW: Millis = Millis(1_750_000_000_000);

fn intent(text: &str) -> Intent {
    Intent {
        account: "ana@example.org".into(),
        group: GroupId::new("5519900000000-1513616971").ok(),
        group_name: "Corrida".into(),
        kind: ChangeKind::Rename,
        people: Vec::new(),
        before: Before::Subject("x".repeat(300)),
        after: text.into(),
        correlation: None,
    }
}

/// Begins and settles changes until it is killed, and says so after each, from three tasks at once.
async fn work(place: &str) {
    let location = Location::parse(place).unwrap();
    let (store, _) = Store::open(location, NOW).await.unwrap();
    let draft = GroupId::new("g").unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let (store, draft) = (store.clone(), draft.clone());
        tasks.spawn(async move {
            for number in 0.. {
                let text = number.to_string();
                let id = store.begin(&intent(&text), NOW).await.unwrap();
                say("begun", id);
                if number % 3 == 0 {
                    continue;
                }
                store.settle(id, &End::Applied, NOW).await.unwrap();
                say("settled", id);
                let kept = KeptDraft {
                    text,
                    ..KeptDraft::default()
                };
                store.save_draft("ana", &draft, &kept).await.unwrap();
            }
        });
    }
    tasks.join_all().await;
}

fn say(what: &str, id: EntryId) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what} {}", id.0).unwrap();
    out.flush().unwrap();
}

/// The other half of the test below: does nothing unless it runs in the process to be killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_killed_in_the_middle_of_its_work() {
    if let Some(place) = std::env::var_os(VICTIM) {
        work(place.to_str().unwrap()).await;
    }
}

/// Runs that process, kills it after so many lines, and returns what it had said by then.
fn kill_after(place: &str, lines: usize) -> (BTreeSet<i64>, BTreeSet<i64>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["store::a_program_that_is_killed", "--nocapture"])
        .env(VICTIM, place)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut begun, mut settled) = (BTreeSet::new(), BTreeSet::new());
    let (mut heard, mut is_killed) = (0, false);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        match line.split_once(' ') {
            Some(("begun", id)) => begun.insert(id.parse().unwrap()),
            Some(("settled", id)) => settled.insert(id.parse().unwrap()),
            _ => continue,
        };
        heard += 1;
        if heard >= lines && !is_killed {
            child.kill().unwrap();
            is_killed = true;
        }
    }
    assert!(is_killed, "it ended by itself after {heard} lines");
    child.wait().unwrap();
    (begun, settled)
}

#[tokio::test]
async fn what_was_begun_is_never_forgotten_however_often_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    never_forgotten(&format!("sqlite:{}/w.db", folder.path().display())).await;
}

#[tokio::test]
async fn nor_is_it_on_a_server() {
    if let Some(database) = database::database() {
        never_forgotten(&database.url()).await;
    }
}

/// What is open once the store knows that the program is gone, which a server may learn a little later.
async fn recovered(store: &Store) -> BTreeSet<i64> {
    let asked = async {
        loop {
            let open = store.recover(NOW).await.unwrap();
            let entries = store.entries(&all()).await.unwrap();
            if entries
                .iter()
                .all(|entry| entry.state != EntryState::InFlight)
            {
                return open.into_iter().map(|entry| entry.id.0).collect();
            }
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), asked).await;
    waited.expect("in time")
}

fn all() -> EntryQuery {
    EntryQuery {
        whose: Whose::Everyone,
        words: String::new(),
        before: None,
        limit: u32::MAX,
    }
}

async fn never_forgotten(place: &str) {
    let (mut begun, mut settled) = (BTreeSet::new(), BTreeSet::new());
    let mut unsettled = 0;
    for round in 0..KILLS {
        let lines = fastrand::usize(1..60);
        let said = kill_after(place, lines);
        begun.extend(said.0);
        settled.extend(said.1);
        let location = Location::parse(place).unwrap();
        let (store, opened) = Store::open(location, NOW).await.unwrap();
        assert_eq!(
            opened.start,
            Start::Existing,
            "round {round}, {lines} lines"
        );
        let open = recovered(&store).await;
        let entries = store.entries(&all()).await.unwrap();
        let (mut kept, mut done) = (BTreeSet::new(), BTreeSet::new());
        for entry in &entries {
            assert!(entry.intent.is_some());
            assert_ne!(entry.state, EntryState::InFlight, "round {round}");
            kept.insert(entry.id.0);
            if entry.state == EntryState::Ended(End::Applied) {
                done.insert(entry.id.0);
            }
        }
        assert_eq!(kept.len(), entries.len(), "no number is given twice");
        assert!(begun.is_subset(&kept), "round {round}, {lines} lines");
        assert!(settled.is_subset(&done), "round {round}, {lines} lines");
        assert!(open.is_disjoint(&done), "round {round}");
        assert_eq!(open.len() + done.len(), kept.len(), "round {round}");
        assert!(store.drafts("ana").await.unwrap().len() <= 1);
        unsettled = open.len();
        store.close().await;
    }
    assert!(!settled.is_empty() && unsettled >= KILLS);
}

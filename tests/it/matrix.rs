//! The fault matrix: every call of the document with everything that can go wrong with it, against
//! the real core and the real client.
//!
//! Each cell has one written expectation (`expect`): what became of it, how many requests were on the
//! wire, what the user reads, how the journal ends, and whether what was typed is still there. Over
//! all cells: nothing is done twice, nobody follows a redirect, and nothing is told that is not so.

mod cell;
mod expect;
mod hosts;
mod rig;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wavedeck::api::Client;
use wavedeck::domain::{Account, BaseUrl, Sent};

use cell::Cell;
use expect::{Outcome, expected, journal_end};
use hosts::{Hosts, Issuer};
use rig::{Observed, play};

/// Cells that are played at once: most of them wait.
const AT_ONCE: usize = 48;
/// Names the file with the certificate of the one issuer that is trusted, for the child process.
const ISSUER: &str = "SSL_CERT_FILE";
/// Tells the child process that it is one.
const INSIDE: &str = "WAVEDECK_MATRIX_INSIDE";
/// The name of the test that the child process runs.
const CHILD: &str = "matrix::whoever_is_not_trusted_gets_no_request";

/// Everything that is wrong with a cell, in its name.
fn faults_of(cell: Cell, seen: &Observed) -> Vec<String> {
    let wanted = expected(cell);
    let mut wrong = Vec::new();
    let mut differs = |what: &str, wanted: String, got: String| {
        if wanted != got {
            wrong.push(format!("{what}: {wanted} expected, {got} seen"));
        }
    };
    let text = |value: &dyn std::fmt::Debug| format!("{value:?}");
    differs("outcome", text(&wanted.outcome), text(&seen.outcome));
    differs(
        "journal",
        // Exactly one end for each change, and none for a read.
        text(&Vec::from_iter(journal_end(wanted.outcome))),
        text(&seen.journal),
    );
    differs("requests", text(&wanted.wire), text(&seen.wire));
    differs("connection", text(&wanted.shown), text(&seen.shown));
    differs("draft", text(&wanted.draft), text(&seen.draft));
    for words in &wanted.says {
        // A sentence may begin with them.
        let words = words.to_lowercase();
        if !seen
            .told
            .iter()
            .any(|told| told.to_lowercase().contains(&words))
        {
            wrong.push(format!("nobody said “{words}”, but {:?}", seen.told));
        }
    }
    // Whatever is expected: the truth is told, and nothing is done twice.
    match (seen.outcome, seen.happened) {
        (Outcome::Applied, Some(false)) => wrong.push("told as done, which it is not".into()),
        (Outcome::Accepted, Some(false)) if !cell.claims_acceptance() => {
            wrong.push("told as accepted by the platform, which was not asked".into());
        }
        (Outcome::NotApplied, Some(true)) => wrong.push("told as not done, which it is".into()),
        (_, _) => {}
    }
    let is_fine = matches!(
        wanted.outcome,
        Outcome::Read | Outcome::Applied | Outcome::Accepted
    );
    if !is_fine && !seen.marked {
        wrong.push("the screen looks as if nothing had happened".into());
    }
    if seen.times > 1 || cell.operation.is_change() && seen.wire > 1 {
        wrong.push(format!("done {} times, {} requests", seen.times, seen.wire));
    }
    if seen.strayed > 0 {
        wrong.push(format!("{} connections to elsewhere", seen.strayed));
    }
    wrong
}

/// What must never happen, in no cell.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sins {
    /// Messages that were sent and groups that were created a second time.
    duplicates: usize,
    /// Connections to where redirects lead.
    strays: u64,
    panics: usize,
}

/// Plays all of these and fails with everything that is wrong.
async fn play_all(cells: Vec<Cell>, hosts: Hosts) {
    let hosts = Arc::new(hosts);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut playing = JoinSet::new();
    let mut names = std::collections::HashMap::new();
    let count = cells.len();
    for cell in cells {
        let (hosts, turns) = (Arc::clone(&hosts), Arc::clone(&turns));
        let task = playing.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            let seen = play(cell, &hosts).await;
            (faults_of(cell, &seen), seen)
        });
        names.insert(task.id(), cell);
    }
    let mut wrong = Vec::new();
    let mut sins = Sins::default();
    while let Some(played) = playing.join_next_with_id().await {
        let (id, faults) = match played {
            Ok((id, (faults, seen))) => {
                sins.duplicates += seen.times.max(seen.done_at_most()).saturating_sub(1);
                sins.strays += seen.strayed;
                (id, faults)
            }
            Err(why) => {
                sins.panics += 1;
                (why.id(), vec![format!("panicked: {why}")])
            }
        };
        let cell = names[&id];
        let name = format!(
            "{:?} × {:?} ({:?})",
            cell.operation, cell.trouble, cell.moment
        );
        wrong.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    wrong.sort();
    println!("{count} cells played: {sins:?}");
    assert!(
        wrong.is_empty(),
        "{} things are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert_eq!(sins, Sins::default());
}

#[test]
fn there_are_enough_cells_and_each_has_an_expectation() {
    let cells = Cell::all();
    println!("{} cells", cells.len());
    assert!(cells.len() >= 750, "{}", cells.len());
    for cell in cells {
        let wanted = expected(cell);
        let is_end = journal_end(wanted.outcome).is_some();
        assert_eq!(is_end, cell.operation.is_change(), "{cell:?}");
        assert!(!cell.operation.is_change() || wanted.wire <= 1, "{cell:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_meets_every_fault_as_expected() {
    let cells = Cell::all().into_iter();
    let cells = cells.filter(|cell| !cell.trouble.needs_tls()).collect();
    play_all(cells, Hosts::plain()).await;
}

/// Whom a program trusts is a matter of the whole process, so these cells have one of their own,
/// which trusts one issuer only: the cells would all look alike if nobody were trusted.
#[test]
fn whoever_is_not_trusted_gets_no_request() {
    if let Some(path) = std::env::var_os(ISSUER).filter(|_| std::env::var_os(INSIDE).is_some()) {
        untrusted(Path::new(&path));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", CHILD, "--nocapture"])
        .env(ISSUER, folder.path().join("issuer.pem"))
        // No name is looked up outside of this computer.
        .env("RES_OPTIONS", "attempts:0")
        .env(INSIDE, "1");
    for proxy in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"] {
        child.env_remove(proxy).env_remove(proxy.to_lowercase());
    }
    let output = child.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        output.status.success() && said.contains("cells played"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Inside the child: the issuer whom it trusts is written to where it looks for one.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn untrusted(issuer_file: &Path) {
    let issuer = Issuer::new();
    issuer.save(issuer_file);
    let hosts = Hosts::with_tls(&issuer).await;
    // Other systems keep their list of issuers elsewhere: there these hosts are strangers, too.
    if cfg!(target_os = "linux") {
        let base = BaseUrl::new(&hosts.good()).unwrap();
        let account = Account::new(base, "demo", "demo-token").unwrap();
        let answer = Client::new(&account).unwrap().list_groups().await;
        let why = answer.result.unwrap_err();
        assert_eq!(why.sent, Sent::Maybe, "the issuer is trusted: {why:?}");
    }
    let cells = Cell::all().into_iter();
    let cells = cells.filter(|cell| cell.trouble.needs_tls()).collect();
    play_all(cells, hosts).await;
}

//! The journal outlives the program: what `kill -9` interrupted is found, told, looked into, and not
//! sent again; where there can be no journal nothing is changed.

use std::os::unix::fs::PermissionsExt as _;

use std::collections::BTreeSet;

use wavedeck::domain::journal::{End, Entry, EntryQuery, EntryState, PersonEnd, Verdict, Whose};
use wavedeck::domain::{Millis, WaId};
use wavedeck::store::{Location, Store};

use super::*;

/// «Corrida Domingo 7h».
const CORRIDA: &str = "5519900000000-1513616971";

fn on_corrida(setup: &Setup<'_>) -> Terminal {
    let mut terminal = setup.start_and_load();
    terminal.type_keys("/corrida\r");
    terminal.wait_for("Corrida Domingo 7h");
    terminal
}

fn rename(terminal: &mut Terminal, name: &str) {
    terminal.type_keys("e");
    terminal.wait_for("enter rename");
    terminal.type_keys("\x15");
    terminal.type_keys(name);
    terminal.wait_for(name);
    terminal.type_keys("\r");
}

#[test]
fn a_change_that_kill_9_interrupts_is_found_verified_and_not_sent_again() {
    let (home, provider) = (Home::new(), Provider::slow(Duration::from_millis(600)));
    let setup = Setup::account(&home, &provider);
    let mut terminal = on_corrida(&setup);
    rename(&mut terminal, "Corrida Sexta");
    // Applied, and not yet read again. The spinner keeps the screen busy meanwhile.
    let name = || provider.state().group(CORRIDA).unwrap().subject;
    terminal.wait_until("the change", |_| name() == "Corrida Sexta");
    terminal.signal(Signal::KILL);
    drop(terminal);

    let mut terminal = setup.start();
    terminal.wait_for("rename Corrida Domingo 7h to");
    terminal.wait_for("Now known");
    terminal.wait_for("synced");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(provider.changes().len(), 1, "{:?}", provider.changes());

    let terminal = setup.start_and_load();
    assert!(!terminal.text().contains("Now known"), "told once");
    for (path, bytes) in home.files() {
        let token = provider.token().as_bytes();
        let found = bytes.windows(token.len()).any(|part| part == token);
        assert!(!found, "the token is in {}", path.display());
    }
}

#[test]
fn a_change_that_kill_9_interrupts_on_its_way_stays_not_known() {
    let (home, provider) = (Home::new(), Provider::slow(Duration::from_millis(600)));
    let setup = Setup::account(&home, &provider);
    let mut terminal = on_corrida(&setup);
    rename(&mut terminal, "Corrida Sexta");
    terminal.wait_until("the request", |_| !provider.changes().is_empty());
    terminal.signal(Signal::KILL);
    drop(terminal);

    let terminal = setup.start_and_load();
    terminal.wait_until("told, one way or the other", |screen| {
        screen.contents().contains("rename Corrida Domingo 7h to")
    });
    assert!(!terminal.text().contains("did not happen"), "nobody knows");
    assert_eq!(provider.changes().len(), 1, "{:?}", provider.changes());
}

#[test]
fn without_a_journal_nothing_is_changed_and_reading_goes_on() {
    let (home, provider) = (Home::new(), Provider::start());
    std::fs::write(home.path().join("file"), "").unwrap();
    let store = format!("sqlite:{}/file/x.db", home.path().display());
    let setup = Setup::account(&home, &provider).variable("WAVEDECK_STORE", &store);
    let mut terminal = on_corrida(&setup);
    terminal.wait_for("Changes are refused");
    rename(&mut terminal, "Corrida Sexta");
    terminal.wait_for("cannot be recorded");
    assert_eq!(provider.changes(), [""; 0]);
}

#[test]
fn a_store_that_makes_no_sense_is_refused_before_anything_starts() {
    let home = Home::new();
    let store = "postgres://ana:canary@host";
    let mut terminal = Setup::new(&home).variable("WAVEDECK_STORE", store).start();
    terminal.wait_for("names no database");
    assert_ne!(terminal.end(), 0);
    assert!(!terminal.raw_text().contains("canary"));
}

#[test]
fn a_server_that_cannot_be_reached_refuses_changes_and_shows_no_password() {
    let (home, provider) = (Home::new(), Provider::start());
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let store = format!(
        "postgres://ana:canary@{}/deck",
        nobody.local_addr().unwrap()
    );
    drop(nobody);
    let setup = Setup::account(&home, &provider).variable("WAVEDECK_STORE", &store);
    let mut terminal = on_corrida(&setup);
    terminal.wait_for("Changes are refused");
    rename(&mut terminal, "Corrida Sexta");
    terminal.wait_for("cannot be recorded");
    assert_eq!(provider.changes(), [""; 0]);
    assert!(!terminal.raw_text().contains("canary"));
}

#[test]
fn two_people_share_a_journal_on_a_server_that_the_configuration_file_names() {
    let Some(database) = crate::database::database() else {
        return;
    };
    let (ana, rui, provider) = (Home::new(), Home::new(), Provider::start());
    let [one, two] = [&ana, &rui].map(|home| {
        let text = format!("[profiles.default]\nstore = \"{}\"\n", database.url());
        home.write_config(&text, 0o600);
        Setup::account(home, &provider)
    });
    let mut terminal = on_corrida(&one);
    rename(&mut terminal, "Corrida Sexta");
    terminal.wait_until("renamed", |_| !provider.changes().is_empty());
    terminal.wait_for("Renamed to");
    let mut other = two.start_and_load();
    other.type_keys("w");
    other.wait_for("rename Corrida Domingo 7h to");
    for mut terminal in [terminal, other] {
        terminal.type_keys("q");
        assert_eq!(terminal.end(), 0);
    }
    for home in [ana, rui] {
        let cache = home.path().join(".cache");
        let files = home.files().into_iter();
        let files = files.filter(|(path, _)| !path.starts_with(&cache));
        let names = files.filter_map(|(path, _)| path.file_name().map(ToOwned::to_owned));
        let kept = names.filter(|name| name != "config.toml" && name != "wavedeck.log");
        assert_eq!(kept.count(), 0, "no journal is kept here");
    }
}

/// What the journal of the usual profile holds, newest first. The program must have ended.
fn entries(home: &Home) -> Vec<Entry> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let state = home.path().join(".local/state");
        let location = Location::in_state_folder(&state, "default");
        let (store, _) = Store::open(location, Millis(1)).await.unwrap();
        let all = EntryQuery {
            whose: Whose::Everyone,
            words: String::new(),
            before: None,
            limit: 1_000,
        };
        let entries = store.entries(&all).await.unwrap();
        store.close().await;
        entries
    })
}

#[test]
fn a_creation_that_was_interrupted_is_settled_by_hand_and_told_no_more() {
    let (home, provider) = (Home::new(), Provider::slow(Duration::from_millis(600)));
    let setup = Setup::account(&home, &provider);
    let mut terminal = setup.start_and_load();
    terminal.type_keys("n");
    terminal.wait_for("New group");
    terminal.type_keys("Turma de Quinta\r");
    terminal.wait_until("the request", |_| !provider.changes().is_empty());
    terminal.signal(Signal::KILL);
    drop(terminal);

    let mut terminal = setup.start_and_load();
    terminal.wait_for("Not known whether it happened");
    terminal.type_keys("we");
    terminal.wait_for("What became of");
    terminal.type_keys("2");
    terminal.wait_for("Noted: it happened");
    terminal.type_keys("q");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    let settled = EntryState::Ended(End::SettledByUser(Verdict::Happened));
    assert_eq!(entries(&home)[0].state, settled);

    let mut terminal = setup.start_and_load();
    terminal.type_keys("w/quinta");
    terminal.wait_for("create: Turma de Quinta");
    assert!(
        !terminal.text().contains("Not known"),
        "{}",
        terminal.text()
    );
    assert_eq!(provider.changes().len(), 1, "{:?}", provider.changes());
}

#[test]
fn changes_of_earlier_runs_are_found_by_word_and_exported_without_secrets() {
    let (home, provider) = (Home::new(), Provider::start());
    let setup = Setup::account(&home, &provider);
    let mut terminal = on_corrida(&setup);
    rename(&mut terminal, "Corrida Sexta");
    terminal.wait_for("Renamed");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);

    let mut terminal = setup.start_and_load();
    terminal.type_keys("w/sexta");
    terminal.wait_for("rename Corrida Domingo 7h to");
    terminal.type_keys("\rs");
    terminal.wait_for("JSON, for a program");
    terminal.type_keys("\r");
    terminal.wait_for("wavedeck-changes.csv");
    let file = home.path().join("wavedeck-changes.csv");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().nth(1).unwrap();
    for part in ["rename", "Corrida Domingo 7h", "Corrida Sexta", "applied"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!text.contains(provider.token()));
}

/// How often the program is killed; more for an evening's run.
fn kills() -> u64 {
    let wanted = std::env::var_os("WAVEDECK_TEST_KILLS");
    wanted.map_or(6, |text| text.to_str().unwrap().parse().unwrap())
}

#[test]
fn a_bulk_change_killed_at_any_moment_is_neither_forgotten_nor_repeated_nor_made_up() {
    for round in 0..kills() {
        let provider = Provider::slow(Duration::from_millis(20));
        let home = Home::new();
        let setup = Setup::account(&home, &provider);
        let mut terminal = on_corrida(&setup);
        terminal.type_keys("2jjjj     d");
        terminal.wait_for("Type 5");
        terminal.type_keys("5\r");
        // The moment of death is what is tried here; it is not waited for anything.
        let moment = Duration::from_micros(fastrand::u64(0..350_000));
        std::thread::park_timeout(moment);
        terminal.signal(Signal::KILL);
        drop(terminal);
        let sent = provider.changes();

        let mut terminal = setup.start_and_load();
        terminal.type_keys("q");
        assert_eq!(terminal.end(), 0, "round {round}, {moment:?}");
        let seen = provider.changes();
        // One request may have been on its way when the program died.
        assert!(
            seen.starts_with(&sent) && seen.len() <= sent.len() + 1,
            "round {round}, {moment:?}: {sent:?} {seen:?}"
        );
        let once: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(
            once.len(),
            seen.len(),
            "round {round}, {moment:?}: {seen:?}"
        );
        let (entries, members) = (entries(&home), provider.state().group(CORRIDA).unwrap());
        let members = members.participants;
        for request in &seen {
            let noted = |entry: &&Entry| {
                let people = &entry.intent.as_ref().unwrap().people;
                people.iter().all(|id| request.contains(&id.to_string()))
            };
            let entry = entries.iter().find(noted);
            assert!(
                entry.is_some(),
                "forgotten in round {round}, {moment:?}: {request}"
            );
        }
        for entry in &entries {
            let people = &entry.intent.as_ref().unwrap().people;
            let gone = |id: &WaId| !members.contains(&id.to_string());
            match &entry.state {
                EntryState::Ended(End::Applied) => {
                    assert!(
                        people.iter().all(gone),
                        "round {round}, {moment:?}: {entry:?}"
                    );
                }
                EntryState::Ended(End::Mixed(ends)) => {
                    for (id, end) in ends {
                        assert!(*end != PersonEnd::Done || gone(id), "{moment:?}: {entry:?}");
                    }
                }
                EntryState::Ended(End::Unknown(_)) => {}
                EntryState::InFlight
                | EntryState::Ended(End::NotApplied(_) | End::SettledByUser(_)) => {
                    panic!("round {round}, {moment:?}: {entry:?}");
                }
            }
        }
    }
}

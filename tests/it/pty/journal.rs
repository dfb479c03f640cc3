//! The journal outlives the program: what `kill -9` interrupted is found, told, looked into, and not
//! sent again; where there can be no journal nothing is changed.

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
    terminal.wait_for("rename: Corrida Domingo 7h");
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
        screen.contents().contains("rename: Corrida Domingo 7h")
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
fn a_store_on_postgresql_is_refused_before_anything_starts() {
    let home = Home::new();
    let store = "postgres://ana:canary@host/db";
    let mut terminal = Setup::new(&home).variable("WAVEDECK_STORE", store).start();
    terminal.wait_for("PostgreSQL is not yet supported");
    assert_ne!(terminal.end(), 0);
    assert!(!terminal.raw_text().contains("canary"));
}

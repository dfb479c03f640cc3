//! Several accounts in one file, and the way from one to the other in the same terminal.

use super::*;

fn two(home: &Home, work: &Provider, tests: &Provider) {
    let profile = |name: &str, provider: &Provider| {
        let (url, token) = (provider.base_url(), provider.token());
        format!(
            "[profiles.{name}]\nbase_url = \"{url}\"\nuser_name = \"demo\"\ntoken = \"{token}\"\n"
        )
    };
    let text = format!(
        "profile = \"work\"\n{}{}[profiles.half]\nuser_name = \"x\"\n",
        profile("tests", tests),
        profile("work", work)
    );
    home.write_config(&text, 0o600);
}

/// Opens the list of accounts by way of the help.
fn accounts(terminal: &mut Terminal) {
    terminal.type_keys("?");
    terminal.wait_for("this help");
    terminal.type_keys("another account\r");
    terminal.wait_for("new account…");
}

#[test]
fn one_goes_from_account_to_account_to_the_demo_and_back() {
    let (home, work, tests) = (Home::new(), Provider::start(), Provider::start());
    two(&home, &work, &tests);
    let mut terminal = Setup::new(&home).start_and_load();
    terminal.wait_for("[work]");
    assert!(
        tests.state().seen().is_empty(),
        "the other one is not asked"
    );
    accounts(&mut terminal);
    let text = terminal.text();
    assert!(
        text.contains("● work") && !text.contains("● tests"),
        "{text}"
    );

    // What cannot be opened leaves everything as it is.
    terminal.type_keys("1");
    terminal.wait_for("half was not opened");
    terminal.wait_for("You are still in work.");
    terminal.type_keys("\x1b");
    terminal.wait_while("half was not opened");

    accounts(&mut terminal);
    terminal.type_keys("2");
    terminal.wait_for("[tests]");
    let seen = work.state().seen().len();
    terminal.wait_for("synced");
    assert!(!tests.state().seen().is_empty());
    let state = |name: &str| home.path().join(format!(".local/state/wavedeck/{name}.db"));
    assert!(state("work").exists() && state("tests").exists());

    accounts(&mut terminal);
    terminal.type_keys("4");
    terminal.wait_for("[DEMO]");
    terminal.wait_for("synced");
    assert_eq!(work.state().seen().len(), seen, "nobody asks the old one");
    accounts(&mut terminal);
    terminal.type_keys("3");
    terminal.wait_for("[work]");
    terminal.wait_for("synced");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    let raw = terminal.raw_text();
    assert_eq!(
        count(&raw, "\x1b[?1049h"),
        1,
        "the screen was never given back"
    );
    assert!(!raw.contains(work.token()));
}

#[test]
fn with_credentials_of_the_environment_there_is_no_other_account() {
    let (home, provider) = (Home::new(), Provider::start());
    two(&home, &provider, &provider);
    let mut terminal = Setup::account(&home, &provider).start_and_load();
    terminal.type_keys("?");
    terminal.wait_for("this help");
    terminal.type_keys("another account");
    terminal.wait_for("the account is set by");
}

#[test]
fn a_new_account_gets_a_profile_of_its_own() {
    let (home, provider) = (Home::new(), Provider::start());
    let (url, token) = (provider.base_url(), provider.token());
    let text = format!(
        "[profiles.work]\nbase_url = \"{url}\"\nuser_name = \"demo\"\ntoken = \"{token}\"\npace = 1000\n"
    );
    home.write_config(&text, 0o600);
    let mut terminal = Setup::new(&home).start_and_load();
    accounts(&mut terminal);
    terminal.type_keys("3");
    terminal.wait_for("New account");
    terminal.type_keys("demo\t");
    terminal.type_keys(provider.token());
    terminal.type_keys("\r");
    terminal.wait_for("[demo]");
    terminal.wait_for("synced");
    let kept = std::fs::read_to_string(home.config()).unwrap();
    assert!(
        kept.starts_with(&text) && kept.contains("[profiles.demo]"),
        "{kept}"
    );
}

/// Connects an account on the first screen.
fn connect(terminal: &mut Terminal, provider: &Provider) {
    terminal.wait_for("Connect my account");
    terminal.type_keys("2");
    terminal.wait_for("Authentication token");
    terminal.type_keys("demo\t");
    terminal.type_keys(provider.token());
    terminal.type_keys("\r");
}

#[cfg(target_os = "linux")]
#[test]
fn a_keyring_that_never_answers_holds_nobody_up_and_the_file_takes_its_place() {
    let (home, provider) = (Home::new(), Provider::start());
    // It takes every connection and says nothing.
    let socket = home.path().join("bus");
    let bus = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let mut terminal = Setup::new(&home)
        .args(&["--base-url", &provider.base_url()])
        .variable("WAVEDECK_KEYRING", "")
        .variable(
            "DBUS_SESSION_BUS_ADDRESS",
            &format!("unix:path={}", socket.display()),
        )
        .start();
    connect(&mut terminal, &provider);
    terminal.wait_for("synced");
    terminal.wait_for("The keyring did not answer in 3 s");
    terminal.wait_for("[PLAIN FILE]");
    let kept = std::fs::read_to_string(home.config()).unwrap();
    assert!(kept.contains(provider.token()) && !kept.contains("keyring"));
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0, "nor does it hold up the end");
    drop(bus);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keyring_the_file_takes_its_place_at_once() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::new(&home)
        .args(&["--base-url", &provider.base_url()])
        .variable("WAVEDECK_KEYRING", "")
        .variable("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .start();
    connect(&mut terminal, &provider);
    terminal.wait_for("The keyring refused: there is none here.");
    terminal.wait_for("as plain text");
    let text = terminal.text();
    assert!(!text.contains(provider.token()), "{text}");
}

//! Connecting an account: tested before it is kept, kept for its owner alone, and never shown.

use std::os::unix::fs::PermissionsExt as _;

use super::*;

const CANARY: &str = "canary-7f3a-token";

/// The token does not stand there, plain or as the clipboard would carry it.
fn assert_silent(terminal: &Terminal, token: &str) {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    let raw = terminal.raw_text();
    assert!(!raw.contains(token), "the token is on the screen");
    for copied in raw.split("\x1b]52;c;").skip(1) {
        let copied = copied.split('\x07').next().unwrap();
        let copied = BASE64_STANDARD.decode(copied).unwrap();
        let copied = String::from_utf8(copied).unwrap();
        assert!(!copied.contains(token), "the token was copied");
    }
}

/// What anybody on this computer may read about the program.
fn command_line(terminal: &Terminal) -> String {
    let pid = terminal.pid.as_raw_nonzero();
    let read = std::fs::read(format!("/proc/{pid}/cmdline"));
    String::from_utf8_lossy(&read.unwrap_or_default()).into_owned()
}

#[test]
fn q36_a_wrong_token_is_told_and_not_kept_and_the_right_one_is_kept_and_used() {
    let (home, provider) = (Home::new(), Provider::start());
    let base_url = provider.base_url();
    let mut terminal = Setup::new(&home).args(&["--base-url", &base_url]).start();
    terminal.wait_for("Connect my account");
    terminal.type_keys("2");
    terminal.wait_for("Authentication token");
    assert!(provider.state().seen().is_empty(), "nothing was asked yet");
    terminal.type_keys("demo\t");
    terminal.type_keys(CANARY);
    terminal.wait_for("••••");
    terminal.type_keys("\r");
    terminal.wait_for("✗");
    terminal.wait_for("user name or token was not accepted");
    terminal.wait_for("does not tell which one");
    assert!(!home.config().exists(), "nothing is kept");
    assert_eq!(provider.state().seen().len(), 1);
    assert!(terminal.text().contains("demo"), "what was typed is there");

    terminal.type_keys("\x15");
    terminal.type_keys(provider.token());
    terminal.type_keys("\r");
    terminal.wait_for("Account saved");
    terminal.wait_for("synced");
    terminal.wait_for("Corrida Domingo 7h");
    assert!(terminal.text().contains("~/.config/wavedeck/config.toml"));
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.config()), 0o600);
    assert_eq!(mode(home.config().parent().unwrap().to_owned()), 0o700);
    let kept = std::fs::read_to_string(home.config()).unwrap();
    assert!(kept.contains(provider.token()) && kept.contains(&base_url));
    assert!(!kept.contains(CANARY));
    let elsewhere = [".local/state", ".cache"].map(|folder| home.path().join(folder));
    let beside = |path: &std::path::Path| !elsewhere.iter().any(|folder| path.starts_with(folder));
    let files = home.files();
    let kept: Vec<_> = files.iter().filter(|(path, _)| beside(path)).collect();
    assert_eq!(
        kept.len(),
        1,
        "the account, beside the journal and the cache"
    );
    assert!(!command_line(&terminal).contains(provider.token()));
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_silent(&terminal, CANARY);
    assert_silent(&terminal, provider.token());

    let mut terminal = Setup::new(&home).start_and_load();
    terminal.wait_for("Corrida Domingo 7h");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_silent(&terminal, provider.token());
}

#[test]
fn a_token_of_the_environment_is_never_shown() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider)
        .variable("SSH_TTY", "/dev/pts/7")
        .start_and_load();
    assert!(!command_line(&terminal).contains(provider.token()));
    for (keys, words) in [
        ("3", "chat.whatsapp.com"),
        ("w", "GET"),
        ("\r", "/v1/whatsapp/groups"),
        ("y", "Sent to your terminal"),
        ("?", "this help"),
    ] {
        terminal.type_keys(keys);
        terminal.wait_for(words);
    }
    terminal.type_keys("\x03\x03");
    assert_eq!(terminal.end(), 0);
    assert_silent(&terminal, provider.token());
    assert!(!home.config().exists());
}

#[test]
fn a_refused_token_of_the_environment_asks_for_another_and_shows_neither() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider)
        .variable("WAVEDECK_AUTHENTICATION_TOKEN", CANARY)
        .start();
    terminal.wait_for("Authentication token");
    terminal.type_keys(provider.token());
    terminal.type_keys("\r");
    terminal.wait_for("synced");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert_silent(&terminal, CANARY);
    assert_silent(&terminal, provider.token());
}

#[test]
fn q36_where_nothing_can_be_kept_the_account_is_used_until_the_end_and_that_is_said() {
    let (home, provider) = (Home::new(), Provider::start());
    // A file where the folder would have to be.
    let file = home.path().join("file");
    std::fs::write(&file, "").unwrap();
    let nowhere = file.join("config").display().to_string();
    let mut terminal = Setup::new(&home)
        .args(&["--base-url", &provider.base_url()])
        .variable("XDG_CONFIG_HOME", &nowhere)
        .start();
    terminal.wait_for("Connect my account");
    terminal.type_keys("2");
    terminal.wait_for("Authentication token");
    terminal.type_keys("demo\t");
    terminal.type_keys(provider.token());
    terminal.type_keys("\r");
    terminal.wait_for("Account not saved");
    terminal.wait_for("It is used until you quit.");
    terminal.wait_for("Corrida Domingo 7h");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

//! Settings that cannot be used: said in one plain line with the fix, before anything is drawn.

use super::*;

const CANARY: &str = "canary-7f3a-token";

/// The program ends at once; all that is in the terminal is one line with these words.
fn assert_refused(setup: &Setup<'_>, words: &[&str]) {
    let mut terminal = setup.start();
    assert_eq!(terminal.end(), 1);
    let raw = terminal.raw_text();
    assert!(raw.starts_with("wavedeck: "), "{raw}");
    assert!(raw.ends_with("\r\n") && count(&raw, "\n") == 1, "{raw}");
    assert!(!raw.contains('\x1b') && !raw.contains(CANARY), "{raw}");
    for words in words {
        assert!(raw.contains(words), "{words} is not in {raw}");
    }
    assert!(!terminal.is_taken_over());
}

#[test]
fn a_file_with_a_token_that_others_can_read_is_refused_with_the_fix() {
    for mode in [0o640, 0o604, 0o644] {
        let home = Home::new();
        let text = format!("[profiles.default]\nuser_name = \"ana\"\ntoken = \"{CANARY}\"\n");
        home.write_config(&text, mode);
        let path = home.config().display().to_string();
        let fix = format!("`chmod 600 {path}`");
        assert_refused(
            &Setup::new(&home),
            &["others can read what is secret", &fix],
        );
        assert_eq!(std::fs::read_to_string(home.config()).unwrap(), text);
    }
}

#[test]
fn the_demo_does_not_mind_what_is_wrong_with_the_account() {
    let home = Home::new();
    home.write_config("[profiles.default]\ntoken = \"x\"\n", 0o644);
    let terminal = Setup::demo(&home).start_and_load();
    assert!(terminal.text().contains("[DEMO]"));
}

#[test]
fn plain_http_to_another_computer_is_refused() {
    let home = Home::new();
    let setup = || {
        Setup::new(&home)
            .variable("WAVEDECK_USER_NAME", "ana")
            .variable("WAVEDECK_AUTHENTICATION_TOKEN", CANARY)
    };
    for url in ["http://example.org", "http://127.0.0.1.example.org/"] {
        let by_variable = setup().variable("WAVEDECK_BASE_URL", url);
        assert_refused(&by_variable, &["`WAVEDECK_BASE_URL`", "https"]);
        let by_flag = setup().args(&["--base-url", url]);
        assert_refused(&by_flag, &["`--base-url`", "https"]);
    }
}

#[test]
fn half_an_account_is_no_account() {
    let home = Home::new();
    assert_refused(
        &Setup::new(&home).variable("WAVEDECK_USER_NAME", "ana"),
        &[
            "`WAVEDECK_USER_NAME`",
            "no authentication token",
            "WAVEDECK_AUTHENTICATION_TOKEN",
        ],
    );
    assert_refused(
        &Setup::new(&home).variable("WAVEDECK_AUTHENTICATION_TOKEN", CANARY),
        &["no user name", "WAVEDECK_USER_NAME"],
    );
    assert!(home.files().is_empty());
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_the_place() {
    let home = Home::new();
    home.write_config(&format!("theme = dark\ntoken = {CANARY}\n"), 0o600);
    let place = format!("{}:1:", home.config().display());
    assert_refused(&Setup::new(&home), &[&place]);
}

#[test]
fn another_file_and_a_profile_can_be_named() {
    let (home, provider) = (Home::new(), Provider::start());
    let url = provider.base_url();
    let token = provider.token();
    let text = format!(
        "[profiles.work]\nbase_url = \"{url}\"\nuser_name = \"demo\"\ntoken = \"{token}\"\n"
    );
    home.write_config(&text, 0o600);
    let other = home.path().join("other.toml");
    std::fs::rename(home.config(), &other).unwrap();
    let other = other.display().to_string();
    let setup = Setup::new(&home).args(&["--config", &other, "--profile", "work"]);
    let terminal = setup.start_and_load();
    assert!(terminal.text().contains("[work]"));
    let unknown = Setup::new(&home).args(&["--config", &other, "--profile", "home"]);
    assert_refused(&unknown, &["no profile `home`", "work"]);
}

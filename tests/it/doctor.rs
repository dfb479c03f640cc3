//! `wavedeck doctor`: without a terminal, without a configuration, and never with a secret.

use std::process::Stdio;

use crate::program::{Home, Provider, account};

const CANARY: &str = "canary-7f3a-token";
const USER: &str = "ana.silva@example.org";

fn run(
    home: &Home,
    args: &[&str],
    variables: Vec<(&'static str, std::ffi::OsString)>,
) -> (Option<i32>, String) {
    let mut command = home.command(args);
    let output = command
        .envs(variables)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains(CANARY) && !text.contains(USER), "{text}");
    assert!(output.stderr.is_empty() && !text.contains('\x1b'));
    (output.status.code(), text)
}

#[test]
fn q31_the_doctor_needs_neither_terminal_nor_configuration() {
    let home = Home::new();
    let (code, text) = run(&home, &["doctor"], vec![]);
    assert_eq!(code, Some(0), "{text}");
    for name in [
        "version       0.",
        "system ",
        "terminal ",
        "size ",
        "colours ",
        "pictures ",
        "locale ",
        "multiplexer ",
        "ssh ",
        "clipboard ",
        "config ",
        "account       none yet",
        "state ",
        "store ",
        "cache ",
        "log ",
        "base url ",
        "server        not asked",
    ] {
        assert!(
            text.lines().any(|line| line.starts_with(name)),
            "{name}: {text}"
        );
    }
    assert!(home.files().is_empty());
}

#[test]
fn q31_the_doctor_tells_where_the_account_is_from_and_not_what_it_is() {
    let home = Home::new();
    let (code, text) = run(
        &home,
        &["doctor"],
        account("https://example.org", USER, CANARY),
    );
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("user name     an…, 21 characters, from WAVEDECK_USER_NAME\n"));
    assert!(text.contains("token         there is one, from WAVEDECK_AUTHENTICATION_TOKEN\n"));
    let file = format!(
        "[profiles.work]\nuser_name = '{USER}'\ntoken = '{CANARY}'\nstore = 'postgres://a:{CANARY}@127.0.0.1/deck'\n"
    );
    home.write_config(&file, 0o600);
    let (code, text) = run(&home, &["doctor"], vec![]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(", from the file\n") && text.contains("PostgreSQL 127.0.0.1/deck"));
}

#[test]
fn q31_what_is_wrong_is_marked_and_the_exit_code_says_so() {
    let home = Home::new();
    home.write_config(
        &format!("them = 1\n[profiles.a]\ntoken = '{CANARY}'\n"),
        0o644,
    );
    let state = home.path().join(".local/state/wavedeck");
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("wavedeck.log"), "").unwrap();
    let (code, text) = run(&home, &["doctor"], vec![("TERM", "dumb".into())]);
    assert_eq!(code, Some(1), "{text}");
    for words in [
        "terminal      PROBLEM: `TERM` is `dumb`",
        "did you mean `theme`?",
        "config        PROBLEM: error: others can read what is secret",
        "state         PROBLEM: others can read",
        "log           PROBLEM: others can read",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let state = home.path().join(".local/state/wavedeck/default.db");
    std::fs::write(state, "no database, but a text").unwrap();
    std::fs::remove_file(home.config()).unwrap();
    let (_, text) = run(&home, &["doctor"], vec![]);
    assert!(
        text.contains("store         PROBLEM: ") && text.contains("this is no database"),
        "{text}"
    );
}

#[test]
fn q31_the_server_is_asked_only_when_the_user_wants_it() {
    let (home, provider) = (Home::new(), Provider::start());
    run(&home, &["doctor"], provider.variables());
    assert!(provider.state().seen().is_empty());
    let (code, text) = run(&home, &["doctor", "--online"], provider.variables());
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("server        reached in ") && text.contains("answer        a list of ")
    );
    assert_eq!(provider.state().seen().len(), 1);
    let wrong = account(&provider.base_url(), "demo", CANARY);
    let (code, text) = run(&home, &["doctor", "--online"], wrong);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("answer        PROBLEM: "), "{text}");
}

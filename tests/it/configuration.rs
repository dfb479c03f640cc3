//! `wavedeck config`, `completions` and `man`, without a terminal.

use std::process::{Command, Stdio};

use crate::program::Home;

const CANARY: &str = "canary-7f3a-token";

/// Exit code, standard output and standard error.
fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!out.contains(CANARY) && !err.contains(CANARY), "{out}{err}");
    (output.status.code(), out, err)
}

#[test]
fn q26_the_path_is_printed_alone_with_where_it_comes_from_beside() {
    let home = Home::new();
    let usual = format!("{}\n", home.config().display());
    let (code, out, err) = run(&mut home.command(&["config", "path"]));
    assert_eq!((code, &out), (Some(0), &usual));
    assert!(err.contains("`XDG_CONFIG_HOME`") && err.contains("no such file yet"));
    let (_, out, err) = run(home
        .command(&["config", "path"])
        .env_remove("XDG_CONFIG_HOME"));
    assert_eq!(out, usual);
    assert!(err.contains("the usual place"), "{err}");
    let mut command = home.command(&["config", "path"]);
    let (_, out, err) = run(command.env("WAVEDECK_CONFIG", "/a.toml"));
    assert_eq!(out, "/a.toml\n");
    assert!(err.contains("named by `WAVEDECK_CONFIG`"), "{err}");
    let (_, out, _) = run(command.args(["--config", "/b.toml"]));
    assert_eq!(out, "/b.toml\n");
}

#[test]
fn q26_the_printed_template_is_a_configuration_without_complaints() {
    let home = Home::new();
    let (code, template, err) = run(&mut home.command(&["config", "template"]));
    assert_eq!((code, &*err), (Some(0), ""));
    assert!(template.contains("\n#theme = \"auto\"\n"));
    home.write_config(&template, 0o600);
    let (code, out, _) = run(&mut home.command(&["config", "check"]));
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(
        out,
        format!("{}: nothing is wrong\n", home.config().display())
    );
}

#[test]
fn q26_a_check_says_all_that_is_wrong_with_its_place_and_no_value() {
    let home = Home::new();
    let (code, out, _) = run(&mut home.command(&["config", "check"]));
    assert_eq!(
        (code, &*out),
        (Some(0), "nothing is wrong, and there is no file yet\n")
    );
    let text = format!(
        "them = 1\nsend_delay_secs = 900\ncontacts = 'none.csv'\n[profiles.a]\nuser_name = 'ana'\n\
         token = '{CANARY}'\nstore = 'mysql:{CANARY}'\n[profiles.b]\ntoken = '{CANARY}'\n"
    );
    home.write_config(&text, 0o644);
    let (code, out, err) = run(&mut home.command(&["config", "check"]));
    assert_eq!((code, &*err), (Some(1), ""));
    for words in [
        "warning: /",
        ":1:1: unknown key `them`, did you mean `theme`?",
        ":2:1: `send_delay_secs` must be whole seconds",
        "others can read what is secret",
    ] {
        assert!(out.contains(words), "{words} is not in {out}");
    }
    home.write_config(&text, 0o600);
    let (code, out, _) = run(&mut home.command(&["config", "check"]));
    assert_eq!(code, Some(1));
    for words in [":7:9: the store must be", ":9:9 sets the", "none.csv"] {
        assert!(out.contains(words), "{words} is not in {out}");
    }
    assert_eq!(std::fs::read_to_string(home.config()).unwrap(), text);
}

#[test]
fn q32_completions_and_manual_pages_go_to_the_standard_output() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, err) = run(&mut home.command(&["completions", shell]));
        assert_eq!((code, &*err), (Some(0), ""));
        assert!(
            out.contains("simulate") && out.contains("completions"),
            "{shell}"
        );
    }
    let (code, out, _) = run(&mut home.command(&["man"]));
    assert_eq!(code, Some(0));
    assert!(
        out.contains(".TH wavedeck 1") && out.contains("wavedeck\\-listen(1)"),
        "{out}"
    );
    let (_, out, _) = run(&mut home.command(&["man", "config", "check"]));
    assert!(out.contains(".TH wavedeck-config-check 1"), "{out}");
    assert!(home.files().is_empty());
}

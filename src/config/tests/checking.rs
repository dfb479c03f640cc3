//! Where the file is looked for, and that a check finds everything that is wrong.

use super::*;

/// Errors and warnings of a check, in this order.
fn found(home: &Home) -> Vec<String> {
    let checked = home.check();
    let errors = checked.errors.iter().map(ToString::to_string);
    let all: Vec<String> = errors.chain(checked.warnings.iter().cloned()).collect();
    assert!(!format!("{all:?} {checked:?}").contains("canary"));
    let folder = home.folder.path().to_string_lossy().into_owned();
    let shown = all.iter().map(|line| line.replace(&folder, "~/.config"));
    shown.collect()
}

#[test]
fn q26_the_file_is_looked_for_in_a_fixed_order_on_every_system() {
    let home = Home::new();
    let place = |home: &Home| locate(&home.flags, &home.environment()).unwrap();
    assert_eq!(place(&home).path, home.path());
    assert_eq!(place(&home).origin, Origin::Default);
    let folder = home.folder.path().to_string_lossy().into_owned();
    let home = home.variable("XDG_CONFIG_HOME", &folder);
    assert_eq!(place(&home).path, home.path());
    assert_eq!(place(&home).origin, Origin::Variable("XDG_CONFIG_HOME"));
    let home = home.variable("WAVEDECK_CONFIG", "/a.toml");
    assert_eq!(place(&home).path, Path::new("/a.toml"));
    assert_eq!(place(&home).origin, Origin::Variable("WAVEDECK_CONFIG"));
    let home = home.flags(Flags {
        config: Some("/b.toml".into()),
        ..Flags::default()
    });
    assert_eq!(place(&home).path, Path::new("/b.toml"));
    assert_eq!(place(&home).origin, Origin::Flag("--config"));
    let nowhere = Environment::new(|_| None, None);
    assert_eq!(locate(&Flags::default(), &nowhere), None);
}

#[test]
fn q26_a_check_goes_on_after_the_first_error_and_looks_at_every_profile() {
    let home = Home::new().file(&format!(
        "them = 'dark'\n[receive]\nkeep_days = 0\nlisten = '{CANARY}'\n[profiles.a]\ntoken = '{CANARY}'\n\
         [profiles.b]\nuser_name = 7\nbase_url = '{CANARY}'\n"
    ));
    let path = "~/.config/wavedeck/config.toml";
    let all = found(&home);
    for words in [
        "3:13: `keep_days` must be days from 1 to 36500",
        "4:10: `listen` must be an address with a port, such as `127.0.0.1:8077`",
        "8:13: `user_name` must be a text in quotes",
        "6:9 sets the authentication token, but there is no user name: set `WAVEDECK_USER_NAME`, or `user_name` in `[profiles.a]` of the configuration file",
        "9:12 cannot be used",
        "1:1: unknown key `them`, did you mean `theme`?",
    ] {
        assert!(
            all.contains(&format!("{path}:{words}")),
            "{words}: {all:#?}"
        );
    }
}

#[test]
fn q26_a_check_finds_nothing_where_nothing_is_wrong() {
    assert_eq!(found(&Home::new()), [""; 0]);
    let home = Home::new().file(&format!("{}{}", profile("a"), profile("b")));
    assert_eq!(found(&home), [""; 0]);
    assert_eq!(
        home.check().usable.len(),
        3,
        "as it starts, and each profile"
    );
    assert_eq!(found(&home.mode(0o644)).len(), 2);
}

#[test]
fn a_check_stops_at_what_is_no_toml_and_at_what_cannot_be_read() {
    let home = Home::new().file(&format!("[profiles.a\ntoken = '{CANARY}'\n"));
    assert_eq!(found(&home).len(), 1);
    let home = Home::new();
    fs::create_dir_all(home.path()).unwrap();
    assert_eq!(
        found(&home),
        ["not a plain file: ~/.config/wavedeck/config.toml"]
    );
}

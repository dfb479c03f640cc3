//! How an account is saved: whole, private, beside what else the file holds.

use super::*;

#[test]
fn q37_a_saved_account_is_private_and_loads_again() {
    let home = Home::new();
    let own = "5519900000003".parse().unwrap();
    let account = made_account("t\"o'k\\en");
    save_account(
        &home.path(),
        "my work",
        &account,
        Some(&own),
        &Keyring::off(),
    )
    .unwrap();
    assert_eq!(mode(&home.path()), 0o600);
    assert_eq!(mode(home.path().parent().unwrap()), 0o700);
    let settings = home.load().unwrap();
    assert_eq!(settings.profile, "my work");
    assert_eq!(settings.account, Some(account));
    assert_eq!(settings.own_number, Some(own));
    assert!(settings.warnings.is_empty());
}

#[test]
fn saving_keeps_comments_other_profiles_and_the_previous_file() {
    let before = "# mine\ntheme = 'dark' # at night\n\n[profiles.a] # first\nuser_name = 'old' # me\n\
                  token = 'old'\npace = 1\n\n[profiles.b]\nuser_name = 'b'\ntoken = 'b'\n";
    let home = Home::new().file(before).mode(0o644);
    save_account(
        &home.path(),
        "a",
        &made_account("new"),
        None,
        &Keyring::off(),
    )
    .unwrap();
    let after = fs::read_to_string(home.path()).unwrap();
    let expected = "# mine\ntheme = 'dark' # at night\n\n[profiles.a] # first\n\
                    user_name = \"ana@example.org\" # me\ntoken = \"new\"\npace = 1\n\
                    base_url = \"https://example.org/v1\"\n\n[profiles.b]\nuser_name = 'b'\ntoken = 'b'\n";
    assert_eq!(after, expected);
    assert_eq!(mode(&home.path()), 0o600);
    let backup = home.path().with_file_name("config.toml.bak");
    assert_eq!(fs::read_to_string(&backup).unwrap(), before);
    assert_eq!(mode(&backup), 0o600);
    let names = fs::read_dir(home.path().parent().unwrap()).unwrap();
    assert_eq!(names.count(), 2, "a draft was left behind");
}

#[test]
fn saving_finds_its_way_into_inline_tables() {
    let home = Home::new().file("profiles = { a = { user_name = 'a', token = 'a' } }\n");
    for name in ["a", "b"] {
        save_account(
            &home.path(),
            name,
            &made_account("t"),
            None,
            &Keyring::off(),
        )
        .unwrap();
    }
    let home = home.variable("WAVEDECK_PROFILE", "b");
    assert_eq!(home.load().unwrap().account, Some(made_account("t")));
}

#[test]
fn a_file_that_cannot_be_understood_is_not_overwritten() {
    let home = Home::new().file("[profiles.a\n");
    let result = save_account(&home.path(), "a", &made_account("t"), None, &Keyring::off());
    assert!(matches!(result, Err(ConfigError::Syntax { .. })));
    assert_eq!(fs::read_to_string(home.path()).unwrap(), "[profiles.a\n");
}

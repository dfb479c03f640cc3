//! The configuration file is written while the dashboard runs.

use super::*;

/// How soon a change must show.
const SOON: Duration = Duration::from_secs(1);

fn profile(provider: &Provider) -> String {
    let (url, token) = (provider.base_url(), provider.token());
    format!("[profiles.work]\nbase_url = \"{url}\"\nuser_name = \"demo\"\ntoken = \"{token}\"\n")
}

/// Replaces the file as many editors do: another one is put in its place.
fn replace(home: &Home, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let draft = home.config().with_file_name(".config.toml.swp");
    std::fs::write(&draft, text).unwrap();
    std::fs::set_permissions(&draft, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::rename(&draft, home.config()).unwrap();
}

/// The colour of the mark in the corner.
fn colour(screen: &vt100::Screen) -> vt100::Color {
    screen.cell(0, 1).unwrap().fgcolor()
}

#[test]
fn q27_a_saved_change_shows_within_a_second_and_a_broken_file_keeps_the_last_good_one() {
    let (home, provider) = (Home::new(), Provider::start());
    let account = profile(&provider);
    home.write_config(&format!("theme = \"dark\"\n{account}"), 0o600);
    let mut terminal = Setup::new(&home).start_and_load();
    let dark = colour(terminal.log.lock().parser.screen());

    replace(&home, &format!("theme = \"light\"\n{account}"));
    let says = |screen: &vt100::Screen| screen.contents().contains("Now in use: theme.");
    terminal.wait_within(SOON, "the light theme", |screen| {
        colour(screen) != dark && says(screen)
    });
    let light = colour(terminal.log.lock().parser.screen());

    replace(
        &home,
        &format!("theme = \"dark\"\n\ntoken = canary-7f3a\n{account}"),
    );
    terminal.wait_within(SOON, "the line", |screen| {
        let text = screen.contents();
        text.contains("Configuration not read") && text.contains("config.toml:3:")
    });
    assert_eq!(colour(terminal.log.lock().parser.screen()), light);
    assert!(
        !terminal.raw_text().contains("canary"),
        "the line itself is not shown"
    );

    // Written in place this time.
    std::fs::write(home.config(), format!("theme = \"dark\"\n{account}")).unwrap();
    terminal.wait_within(SOON, "the dark theme", |screen| {
        colour(screen) == dark && !screen.contents().contains("Configuration not read")
    });

    // The account stays the one that it is.
    let other = account.replace("\"demo\"", "\"somebody\"");
    replace(&home, &format!("theme = \"dark\"\n{other}"));
    terminal.wait_for("Not in use before the next start: user_name.");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn what_the_program_saves_itself_is_no_news() {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::new(&home)
        .args(&["--base-url", &provider.base_url()])
        .start();
    terminal.wait_for("Connect my account");
    terminal.type_keys("2");
    terminal.wait_for("Authentication token");
    terminal.type_keys("demo\t");
    terminal.type_keys(provider.token());
    terminal.type_keys("\r");
    terminal.wait_for("Account saved");
    terminal.wait_for("synced");
    // The folder is new, and it is followed all the same.
    let kept = std::fs::read_to_string(home.config()).unwrap();
    replace(&home, &format!("send_delay_secs = 7\n{kept}"));
    terminal.wait_for("Now in use: send_delay_secs.");
    assert!(!terminal.raw_text().contains("before the next start"));
}

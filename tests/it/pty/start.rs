//! From the shell to the groups.

use wavedeck::runtime::clock::now;

use super::*;

/// Every group's name is a row of the list, and no id is left.
fn assert_lists(terminal: &Terminal, provider: &Provider) {
    let text = terminal.text();
    for group in provider.state().groups() {
        // Emoji and marks may be drawn in another way than they are sent.
        for word in group.subject.split(|c: char| !c.is_alphanumeric()) {
            assert!(text.contains(word), "{} is not in\n{text}", group.subject);
        }
    }
    // Only the chosen group's id is shown, beside the list.
    assert_eq!(count(&text, "5519900000000-"), 1, "{text}");
}

#[test]
fn the_demo_shows_its_groups_with_their_subjects() {
    let home = Home::new();
    let mut terminal = Setup::new(&home).args(&["demo"]).start_and_load();
    let text = terminal.text();
    for words in [
        "wavedeck [DEMO]",
        "1 Groups",
        "Corrida Domingo 7h",
        "Condomínio Sol Nascente",
    ] {
        assert!(text.contains(words), "{words} is missing in\n{text}");
    }
    assert_lists(&terminal, &Provider::start());
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    assert!(home.files().is_empty(), "the demo keeps nothing");
}

#[test]
fn what_stood_on_the_screen_is_wiped_also_where_there_is_no_other_screen() {
    let home = Home::new();
    let mut terminal = Setup::new(&home).args(&["demo"]).start_and_load();
    let raw = terminal.raw().clone();
    let raw = String::from_utf8_lossy(&raw);
    let wiped = raw.find("\x1b[2J").expect("the screen is wiped");
    assert!(wiped < raw.find("wavedeck").unwrap(), "before it is drawn");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn with_an_account_in_the_environment_the_dashboard_starts_at_once() {
    let (home, provider) = (Home::new(), Provider::start());
    let terminal = Setup::account(&home, &provider).start_and_load();
    assert_lists(&terminal, &provider);
    let text = terminal.text();
    assert!(!text.contains("[DEMO]") && !text.contains("Try the demo"));
    assert_eq!(provider.changes(), [""; 0]);
    assert!(!home.config().exists());
}

#[test]
fn q36_the_first_run_in_an_empty_home_offers_a_choice_and_enter_is_the_demo_offline() {
    let home = Home::new();
    // A proxy that leads nowhere: whatever would leave this computer fails.
    let mut terminal = Setup::new(&home)
        .variable("HTTPS_PROXY", "http://127.0.0.1:9")
        .variable("HTTP_PROXY", "http://127.0.0.1:9")
        .start();
    terminal.wait_for("Connect my account");
    terminal.wait_for("Nothing is sent anywhere until you choose 2 and confirm.");
    terminal.type_keys("\r");
    terminal.wait_for("[DEMO]");
    terminal.wait_for("Corrida Domingo 7h");
    terminal.wait_for("synced");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert!(home.files().is_empty());
}

#[test]
fn the_first_run_can_be_left_at_once() {
    let home = Home::new();
    let mut terminal = Setup::new(&home).start();
    terminal.wait_for("Try the demo");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert!(home.files().is_empty());
}

#[test]
fn q33_a_terminal_that_answers_nothing_is_asked_once_and_waited_for_a_moment_only() {
    let home = Home::new();
    let mut shortest = Duration::MAX;
    // The best of a few: the computer may be busy with something else.
    for _ in 0..5 {
        let setup = Setup::new(&home).variable("TERM", "xterm-kitty");
        let mut terminal = setup.start();
        terminal.wait_for_raw("\x1b[16t");
        let asked = now();
        terminal.wait_for_raw("\x1b[?2026l");
        shortest = shortest.min(now().since(asked));
        terminal.wait_for("Try the demo");
        assert_eq!(count(&terminal.raw_text(), "\x1b[16t"), 1);
        // Neither a picture nor the terminal's name: that would be typing if it came late.
        assert!(!terminal.raw_text().contains("\x1b_G"));
        terminal.type_keys("q");
        assert_eq!(terminal.end(), 0);
    }
    assert!(shortest < Duration::from_millis(250), "{shortest:?}");
}

#[test]
fn q33_within_another_program_nothing_is_asked_and_pictures_are_blocks() {
    for (name, value) in [("TMUX", "/tmp/tmux,1,0"), ("ZELLIJ", "0"), ("STY", "1.pts")] {
        let home = Home::new();
        let mut terminal = Setup::demo(&home)
            .variable(name, value)
            .with_pictures()
            .start_and_load();
        terminal.type_keys("/corrida\r4");
        terminal.wait_for("shown in blocks");
        terminal.wait_for("▀");
        let raw = terminal.raw_text();
        assert!(!raw.contains("\x1b[16t") && !raw.contains("\x1b_G"));
        terminal.type_keys("q");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn q33_a_box_in_front_of_a_picture_and_what_comes_after_it_leave_nothing_of_it() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).with_pictures().start_and_load();
    let shows = |screen: &vt100::Screen| screen.contents().contains('\u{10EEEE}');
    terminal.type_keys("/corrida\r4");
    terminal.wait_until("a picture", shows);
    for (keys, back) in [("?", "\x03"), ("d", "\x1b"), ("w", "4")] {
        terminal.type_keys(keys);
        terminal.wait_until("no picture", |screen| !shows(screen));
        terminal.type_keys(back);
        terminal.wait_until("the picture again", shows);
    }
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    assert!(
        terminal.raw_text().contains("a=d,d=I"),
        "the terminal forgets it"
    );
}

//! What one run knew is on the screen of the next, whatever became of the server, the run or the file.

use std::fs;
use std::path::PathBuf;

use super::*;

/// The only file of the cache with this ending.
fn file(home: &Home, ending: &str) -> PathBuf {
    let files = fs::read_dir(home.path().join(".cache/wavedeck")).unwrap();
    let mut found = files.map(|file| file.unwrap().path());
    found
        .find(|path| path.to_string_lossy().contains(ending))
        .unwrap_or_else(|| panic!("no file of the cache has {ending}"))
}

fn quit(mut terminal: Terminal) {
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn the_groups_are_there_although_the_server_is_dead() {
    let home = Home::new();
    let variables = {
        let provider = Provider::start();
        quit(Setup::account(&home, &provider).start_and_load());
        provider.variables()
    };
    let mut setup = Setup::new(&home);
    setup.variables.extend(variables);
    let mut terminal = setup.start();
    terminal.wait_for("Corrida Domingo 7h");
    terminal.wait_for("offline");
    terminal.wait_for("loaded ");
    assert!(terminal.text().contains("1 min"), "{}", terminal.text());
    // Who is in them is there too.
    terminal.type_keys("2");
    terminal.wait_for("1 of 118");
    terminal.wait_for("+55 19 90000-0000");
    quit(terminal);
}

#[test]
fn the_first_frame_has_the_names() {
    let (home, provider) = (Home::new(), Provider::start());
    quit(Setup::account(&home, &provider).start_and_load());
    let mut terminal = Setup::account(&home, &provider).start();
    // The end of the first frame.
    terminal.wait_for_raw("\x1b[?2026l");
    let raw = terminal.raw_text();
    let first = raw.split("\x1b[?2026l").next().unwrap();
    assert!(first.contains("Corrida"), "{first:?}");
    terminal.wait_for("synced");
    terminal.wait_while("1 min");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn killed_in_the_middle_of_loading_it_knows_next_time_what_it_had_known_a_second_before() {
    let (home, provider) = (Home::new(), Provider::slow(Duration::from_millis(250)));
    let terminal = Setup::account(&home, &provider).start();
    // The names of the first groups are there, and are on their way to the disk for no longer than a second.
    terminal.wait_for("Corrida Domingo 7h");
    let names = || fs::read(file(&home, ".names")).unwrap_or_default();
    let has = |words: &str| {
        let bytes = names();
        bytes
            .windows(words.len())
            .any(|part| part == words.as_bytes())
    };
    let seen = wavedeck::runtime::clock::now();
    while !has("Corrida Domingo 7h") {
        assert!(wavedeck::runtime::clock::now().since(seen) < Duration::from_secs(5));
        std::thread::yield_now();
    }
    terminal.signal(Signal::KILL);
    drop(terminal);
    let variables = provider.variables();
    drop(provider);
    let mut setup = Setup::new(&home);
    setup.variables.extend(variables);
    let terminal = setup.start();
    terminal.wait_for("Corrida Domingo 7h");
    terminal.wait_for("offline");
    assert!(!terminal.text().contains("damaged"), "{}", terminal.text());
    quit(terminal);
}

#[test]
fn a_damaged_file_is_set_aside_and_that_is_told() {
    let (home, provider) = (Home::new(), Provider::start());
    quit(Setup::account(&home, &provider).start_and_load());
    let path = file(&home, ".names");
    fs::write(&path, "this was no cache").unwrap();
    let terminal = Setup::account(&home, &provider).start();
    terminal.wait_for("Cache of groups");
    terminal.wait_for("synced");
    assert_eq!(
        fs::read(file(&home, ".corrupt-")).unwrap(),
        b"this was no cache"
    );
    quit(terminal);
    let terminal = Setup::account(&home, &provider).start_and_load();
    assert!(!terminal.text().contains("Cache of groups"));
    quit(terminal);
}

#[test]
fn where_nothing_can_be_kept_that_is_told_once_and_everything_else_works() {
    let (home, provider) = (Home::new(), Provider::start());
    fs::write(home.path().join(".cache"), "in the way").unwrap();
    let terminal = Setup::account(&home, &provider).start_and_load();
    terminal.wait_for("not remembered");
    quit(terminal);
}

#[test]
fn with_cache_false_nothing_is_kept() {
    let (home, provider) = (Home::new(), Provider::start());
    home.write_config("cache = false\n", 0o600);
    quit(Setup::account(&home, &provider).start_and_load());
    assert!(!home.path().join(".cache/wavedeck").exists());
}

#[test]
fn the_doctor_says_where_it_is_and_how_large() {
    let (home, provider) = (Home::new(), Provider::start());
    let asked = |words: &str| {
        let mut doctor = home.command(&["doctor"]);
        let output = doctor.envs(provider.variables()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.starts_with("cache")).unwrap();
        assert!(line.contains(words), "{line}");
    };
    asked("none yet");
    quit(Setup::account(&home, &provider).start_and_load());
    asked(" kB");
    home.write_config("cache = false\n", 0o600);
    asked("off");
}

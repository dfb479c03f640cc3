//! What the layers add up to, what is refused, and that nothing secret is told.

mod checking;
mod keyring;
mod saving;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use tempfile::TempDir;

use super::*;
use crate::domain::HostName;
use crate::theme::Base;

mod looks;

const CANARY: &str = "s3cr3t-canary";

/// A home of its own, with variables that belong to nobody else.
struct Home {
    folder: TempDir,
    variables: BTreeMap<&'static str, String>,
    flags: Flags,
}

impl Home {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: BTreeMap::new(),
            flags: Flags::default(),
        }
    }

    fn path(&self) -> PathBuf {
        usual_path(self.folder.path())
    }

    fn file(self, text: &str) -> Self {
        let path = self.path();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        self.mode(0o600)
    }

    fn mode(self, mode: u32) -> Self {
        fs::set_permissions(self.path(), fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.to_owned());
        self
    }

    fn flags(mut self, flags: Flags) -> Self {
        self.flags = flags;
        self
    }

    fn environment(&self) -> Environment<'_> {
        let variables = |name: &str| self.variables.get(name).map(OsString::from);
        Environment::new(variables, Some(self.folder.path().to_owned()))
    }

    fn load(&self) -> Result<Settings, ConfigError> {
        load(&self.flags, &self.environment())
    }

    fn load_receiving(&self) -> Result<Receiving, ConfigError> {
        load_receiving(&self.flags, &self.environment())
    }

    fn check(&self) -> Checked {
        check(&self.flags, &self.environment())
    }

    /// The whole chain of an error, as `main` would print it.
    fn refusal(&self) -> String {
        let why = self.load().unwrap_err();
        let mut text = why.to_string();
        let mut source = why.source();
        while let Some(why) = source {
            text = format!("{text}: {why}");
            source = why.source();
        }
        assert!(!format!("{text} {why:?}").contains("canary"), "{why:?}");
        text.replace(&*self.folder.path().to_string_lossy(), "~/.config")
    }

    fn warnings(&self) -> Vec<String> {
        let folder = self.folder.path().to_string_lossy();
        let warnings = self.load().unwrap().warnings.into_iter();
        warnings.map(|w| w.replace(&*folder, "~/.config")).collect()
    }
}

fn profile(name: &str) -> String {
    format!("[profiles.{name}]\nuser_name = \"{name}@example.org\"\ntoken = \"{CANARY}\"\n")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn made_account(token: &str) -> Account {
    let base = BaseUrl::new("https://example.org/v1").unwrap();
    Account::new(base, "ana@example.org", token).unwrap()
}

#[test]
fn without_file_and_variables_it_is_the_first_run() {
    let home = Home::new();
    let settings = home.load().unwrap();
    assert_eq!(settings.account, None);
    assert_eq!(settings.profile, "default");
    assert_eq!(settings.base_url.to_string(), BaseUrl::DEFAULT);
    assert_eq!(settings.pace, Pace::PerSecond(Rate::new(4.0).unwrap()));
    assert_eq!(settings.looks.theme.base(), Base::Auto);
    assert_eq!(settings.config_path, Some(home.path()));
    assert!(settings.warnings.is_empty());
}

#[test]
fn without_a_home_the_variables_are_enough() {
    let variables = |name: &str| match name {
        "WAVEDECK_USER_NAME" => Some("ana".into()),
        "WAVEDECK_AUTHENTICATION_TOKEN" => Some("t".into()),
        _ => None,
    };
    let settings = load(&Flags::default(), &Environment::new(variables, None)).unwrap();
    assert_eq!(settings.account.unwrap().user_name, "ana");
    assert_eq!(settings.config_path, None);
}

#[test]
fn a_file_gives_everything() {
    let home = Home::new().file(
        "theme = 'light'\nmask_numbers = true\nprofile = 'work'\n[profiles.work]\nbase_url = 'http://127.0.0.1:9'\n\
         user_name = 'ana'\ntoken = 't'\nown_number = '+55 19 90000-0003'\npace = 2.5\n\
         [profiles.other]\npace = 'unlimited'\n",
    );
    let settings = home.load().unwrap();
    let account = settings.account.unwrap();
    assert_eq!(
        (account.user_name.as_str(), account.token.expose()),
        ("ana", "t")
    );
    assert_eq!(account.base_url, settings.base_url);
    assert_eq!(settings.base_url.host(), "127.0.0.1:9");
    assert_eq!(settings.own_number.unwrap().to_string(), "5519900000003");
    assert_eq!(settings.pace, Pace::PerSecond(Rate::new(2.5).unwrap()));
    assert_eq!(settings.looks.theme.base(), Base::Light);
    assert_eq!(settings.masking, Masking::Masked);
    assert!(settings.warnings.is_empty());
}

#[test]
fn variables_win_over_the_file_and_flags_over_both() {
    let home = Home::new()
        .file("[profiles.default]\nuser_name = 'f'\ntoken = 'f'\nbase_url = 'https://f.org'\npace = 1\n")
        .variable("WAVEDECK_USER_NAME", "v")
        .variable("WAVEDECK_BASE_URL", "https://v.org")
        .variable("WAVEDECK_PACE", "unlimited");
    let settings = home.load().unwrap();
    let account = settings.account.unwrap();
    assert_eq!(
        (account.user_name.as_str(), account.token.expose()),
        ("v", "f")
    );
    assert_eq!(settings.base_url.host(), "v.org");
    assert_eq!(settings.pace, Pace::Unlimited);

    let home = home.flags(Flags {
        base_url: Some("https://g.org".to_owned()),
        ..Flags::default()
    });
    assert_eq!(home.load().unwrap().base_url.host(), "g.org");
}

#[test]
fn the_place_of_the_journal_comes_from_the_variable_then_the_file() {
    let address = "postgres://ana:canary@db/deck";
    let file = format!("[profiles.a]\nstore = \"{address}\"\n");
    let home = Home::new().file(&file);
    let settings = home.load().unwrap();
    assert!(!format!("{settings:?}").contains("canary"));
    let store = settings.store.unwrap();
    assert_eq!(store.expose(), address);
    let origin = store.origin().to_string();
    assert!(origin.ends_with("config.toml:2:9"), "{origin}");
    let home = home.variable("WAVEDECK_STORE", "sqlite:/w.db");
    let store = home.load().unwrap().store.unwrap();
    assert_eq!(store.expose(), "sqlite:/w.db");
    assert_eq!(store.origin().to_string(), "`WAVEDECK_STORE`");
    for blank in ["[profiles.a]\nstore = ' '\n", ""] {
        assert_eq!(Home::new().file(blank).load().unwrap().store, None);
    }
}

#[test]
fn a_password_of_the_store_that_others_can_read_is_refused_and_a_file_is_no_secret() {
    let file = "[profiles.a]\nstore = 'postgresql://ana:canary@db/deck'\n";
    let home = Home::new().file(file).mode(0o644);
    assert!(home.refusal().contains("chmod 600"));
    let home = home.variable("WAVEDECK_STORE", "sqlite:/w.db");
    assert!(home.load().is_ok());
    let file = "[profiles.a]\nstore = 'sqlite:/w.db'\n";
    assert!(Home::new().file(file).mode(0o644).load().is_ok());
}

#[test]
fn the_profile_comes_from_flag_then_variable_then_file_then_the_only_one() {
    let both = format!("{}{}", profile("a"), profile("b"));
    let user = |home: &Home| home.load().unwrap().account.unwrap().user_name;
    let home = Home::new().file(&profile("a"));
    assert_eq!(user(&home), "a@example.org");
    let home = Home::new().file(&format!("profile = 'a'\n{both}"));
    assert_eq!(user(&home), "a@example.org");
    let home = home.variable("WAVEDECK_PROFILE", "b");
    assert_eq!(user(&home), "b@example.org");
    let home = home.flags(Flags {
        profile: Some("a".to_owned()),
        ..Flags::default()
    });
    assert_eq!(user(&home), "a@example.org");
}

#[test]
fn a_profile_that_is_not_there_is_named_with_those_that_are() {
    let home = Home::new()
        .file(&format!("{}{}", profile("a"), profile("b")))
        .variable("WAVEDECK_PROFILE", "c");
    assert_eq!(
        home.refusal(),
        "no profile `c` in ~/.config/wavedeck/config.toml; there is: a, b"
    );
}

#[test]
fn a_new_profile_may_be_named_before_there_is_any() {
    let home = Home::new().variable("WAVEDECK_PROFILE", "work");
    let settings = home.load().unwrap();
    assert_eq!(
        (settings.profile.as_str(), settings.account),
        ("work", None)
    );
}

#[test]
fn the_file_can_be_anywhere_and_the_flag_wins_over_the_variable() {
    let home = Home::new().file(&profile("usual"));
    let other = home.folder.path().join("other.toml");
    fs::write(&other, "theme = 'dark'").unwrap();
    let home = home.variable("WAVEDECK_CONFIG", &other.to_string_lossy());
    let settings = home.load().unwrap();
    assert_eq!(
        (settings.account, settings.looks.theme.base()),
        (None, Base::Dark)
    );

    let home = home.flags(Flags {
        config: Some(PathBuf::from("/nonexistent/wavedeck.toml")),
        ..Flags::default()
    });
    assert_eq!(
        home.warnings(),
        ["there is no file /nonexistent/wavedeck.toml yet"]
    );
}

#[test]
fn half_of_the_credentials_is_an_error_that_names_the_other_half() {
    let home = Home::new().variable("WAVEDECK_USER_NAME", "ana");
    assert_eq!(
        home.refusal(),
        "`WAVEDECK_USER_NAME` sets the user name, but there is no authentication token: set \
         `WAVEDECK_AUTHENTICATION_TOKEN`, or `token` in `[profiles.default]` of the configuration file"
    );
    let home = Home::new().file(&format!("[profiles.x]\ntoken = '{CANARY}'\nuser_name = ''"));
    let refusal = home.refusal();
    assert!(
        refusal.starts_with("~/.config/wavedeck/config.toml:2:9 sets the authentication token"),
        "{refusal}"
    );
    assert!(refusal.contains("no user name"), "{refusal}");
}

#[test]
fn blank_values_count_as_not_set() {
    let home = Home::new()
        .file("[profiles.x]\ntoken = ''\nuser_name = ''\nbase_url = ''\n")
        .variable("WAVEDECK_AUTHENTICATION_TOKEN", "");
    assert_eq!(home.load().unwrap().account, None);
}

#[test]
fn q37_a_token_that_others_can_read_is_refused_with_the_fix() {
    for mode in [0o640, 0o604, 0o620, 0o666] {
        let home = Home::new().file(&profile("a")).mode(mode);
        let refusal = home.refusal();
        let fix = "`chmod 600 ~/.config/wavedeck/config.toml`";
        assert!(refusal.ends_with(fix), "{mode:o}: {refusal}");
    }
}

#[test]
fn a_token_in_the_file_of_somebody_else_is_refused() {
    let home = Home::new().file(&profile("a"));
    if std::os::unix::fs::chown(home.path(), Some(54_321), None).is_err() {
        return; // only root can give a file away
    }
    assert!(home.refusal().contains("belongs to somebody else"));
}

#[test]
fn an_open_file_without_a_token_is_fine() {
    let home = Home::new().file("theme = 'mono'").mode(0o644);
    assert_eq!(home.load().unwrap().looks.theme.base(), Base::Mono);
    let home = Home::new()
        .file(&profile("a"))
        .mode(0o644)
        .variable("WAVEDECK_AUTHENTICATION_TOKEN", "t");
    assert_eq!(home.load().unwrap().account.unwrap().token.expose(), "t");
}

#[test]
fn a_link_out_of_the_folder_is_refused_and_one_inside_is_not() {
    let home = Home::new().file(&profile("a"));
    let path = home.path();
    let elsewhere = home.folder.path().join("elsewhere.toml");
    fs::rename(&path, &elsewhere).unwrap();
    symlink(&elsewhere, &path).unwrap();
    assert!(home.refusal().contains("a link to another folder"));
    assert!(matches!(
        save_account(&path, "a", &made_account("t"), None, &Keyring::off()),
        Err(ConfigError::LinkElsewhere { .. })
    ));

    fs::remove_file(&path).unwrap();
    fs::rename(&elsewhere, path.with_file_name("real.toml")).unwrap();
    symlink("real.toml", &path).unwrap();
    assert!(home.load().unwrap().account.is_some());
}

#[test]
fn what_is_not_a_file_is_not_read() {
    let home = Home::new();
    fs::create_dir_all(home.path()).unwrap();
    assert_eq!(
        home.refusal(),
        "not a plain file: ~/.config/wavedeck/config.toml"
    );
}

#[test]
fn errors_name_the_place_and_never_what_stands_there() {
    for (text, place) in [
        (format!("[profiles.a]\ntoken = {CANARY}\n"), ":2:"),
        (format!("[profiles.a]\ntoken = \"{CANARY}\n"), ":2:"),
        (format!("[profiles.a]\ntoken \"{CANARY}\"\n"), ":2:"),
        (format!("[profiles.a]\ntoken = \"{CANARY}\" x\n"), ":2:"),
        (format!("[profiles.a]\ntoken = \"\\q{CANARY}\"\n"), ":2:"),
        (format!("[profiles.a]\ntoken = [\"{CANARY}\"]\n"), ":2:9"),
        (
            format!("[profiles.a]\ntoken = '{CANARY}'\ntoken = '{CANARY}'\n"),
            ":3:",
        ),
        (format!("theme = 'dark'\nprofiles = '{CANARY}'\n"), ":2:12"),
        (format!("[profiles]\na = '{CANARY}'\n"), ":2:5"),
        (
            format!("[profiles.a]\ntoken = '{CANARY}ç'\nuser_name = 'u'"),
            ":2:9",
        ),
        (
            format!("[profiles.a]\nbase_url = 'http://{CANARY}.org'"),
            ":2:12",
        ),
    ] {
        let refusal = Home::new().file(&text).refusal();
        let place = format!("~/.config/wavedeck/config.toml{place}");
        assert!(refusal.starts_with(&place), "{refusal}");
    }
}

#[test]
fn unknown_keys_and_odd_values_are_warned_of_with_their_line() {
    let home = Home::new().file(
        "them = 'dark'\ncolour = 1\ntheme = 'pink'\n[profiles.x]\nusr_name = 'a'\n\
         own_number = 'home'\npace = 0\n",
    );
    let path = "~/.config/wavedeck/config.toml";
    assert_eq!(
        home.warnings(),
        [
            format!("{path}:1:1: unknown key `them`, did you mean `theme`?"),
            format!("{path}:2:1: unknown key `colour`, did you mean `color`?"),
            format!("{path}:5:1: unknown key `usr_name`, did you mean `user_name`?"),
            format!(
                "{path}:6:1: `own_number` must be a phone number with its country code, in quotes; it is left out"
            ),
            format!(
                "{path}:7:1: `pace` must be a number of requests per second from 0.01 to 1000, or \"unlimited\"; the usual pace is used"
            ),
            format!(
                "{path}:3:1: there is no theme of this name; there is: auto, dark, light, mono; `auto` is used"
            ),
        ]
    );
}

#[test]
fn numbers_are_masked_also_when_nobody_can_tell_whether_they_should_be() {
    let home = Home::new().file("mask_numbers = 'no'\n");
    assert_eq!(home.load().unwrap().masking, Masking::Masked);
    assert!(home.warnings()[0].contains("numbers are masked"));
    let home = Home::new().file("mask_numbers = false\n");
    assert_eq!(home.load().unwrap().masking, Masking::Shown);
}

#[test]
fn how_messages_leave_is_set_in_the_file_or_as_usual() {
    let usual = (100, std::time::Duration::from_secs(3));
    let set = |text: &str| {
        let settings = Home::new().file(text).load().unwrap();
        (settings.confirm_send_over, settings.send_delay)
    };
    assert_eq!(set(""), usual);
    let text = "confirm_send_over = 0\nsend_delay_secs = 60\n";
    assert_eq!(set(text), (0, std::time::Duration::from_secs(60)));
    for odd in ["-1", "100001", "'many'", "1.5"] {
        let text = format!("confirm_send_over = {odd}\nsend_delay_secs = {odd}\n");
        assert_eq!(set(&text), usual, "{odd}");
        let warnings = Home::new().file(&text).warnings();
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings[1].contains(":2:1: `send_delay_secs` must be"));
    }
}

#[test]
fn a_pace_in_the_environment_must_make_sense() {
    for odd in ["fast", "0", "-1", "NaN", "inf", "1e9"] {
        let home = Home::new().variable("WAVEDECK_PACE", odd);
        assert!(
            home.refusal()
                .starts_with("`WAVEDECK_PACE`: `pace` must be"),
            "{odd}"
        );
    }
}

#[test]
fn this_computer_is_asked_without_a_limit() {
    let home = Home::new().variable("WAVEDECK_BASE_URL", "http://127.0.0.1:8080");
    assert_eq!(home.load().unwrap().pace, Pace::Unlimited);
}

#[test]
fn receiving_is_set_in_the_file_and_the_environment_wins() {
    let home = Home::new().file(
        "[receive]\nlisten = \"127.0.0.1:8077\"\nhosts = [\"MO.example.org\"]\nkeep_days = 30\nkeep_messages = 5000\n",
    );
    let receive = home.load().unwrap().receive;
    assert_eq!(receive.listen, Some("127.0.0.1:8077".parse().unwrap()));
    assert_eq!(receive.hosts, [HostName::new("mo.example.org").unwrap()]);
    assert_eq!(
        (receive.keep_days, receive.keep_messages),
        (Some(30), Some(5000))
    );
    let home = home
        .variable("WAVEDECK_RECEIVE", "[::1]:0")
        .variable("WAVEDECK_RECEIVE_HOSTS", "a.example, b.example");
    let receive = home.load().unwrap().receive;
    assert_eq!(receive.listen, Some("[::1]:0".parse().unwrap()));
    assert_eq!(receive.hosts.len(), 2);
    assert_eq!(receive.keep_days, Some(30));
    assert_eq!(Home::new().load().unwrap().receive, Receive::default());
}

#[test]
fn what_is_wrong_about_receiving_is_refused_with_its_place() {
    for (line, place, words) in [
        ("listen = 8077", 10, "`listen` must be an address"),
        ("listen = \"localhost\"", 10, "`listen` must be an address"),
        ("hosts = \"x\"", 9, "`hosts` must be a list of names"),
        (
            "hosts = [\"https://x\"]",
            9,
            "`hosts` must be a list of names",
        ),
        ("keep_days = 0", 13, "`keep_days` must be days from 1"),
        (
            "keep_messages = \"all\"",
            17,
            "`keep_messages` must be a number",
        ),
    ] {
        let said = Home::new().file(&format!("[receive]\n{line}\n")).refusal();
        assert!(
            said.contains(&format!("config.toml:2:{place}: {words}")),
            "{said}"
        );
    }
    let home = Home::new().file("[receive]\nlisten = \"\"\nkeepdays = 3\n");
    assert_eq!(
        home.warnings(),
        ["~/.config/wavedeck/config.toml:3:1: unknown key `keepdays`, did you mean `keep_days`?"]
    );
    let home = Home::new().variable("WAVEDECK_RECEIVE_HOSTS", "a.example,,");
    assert!(
        home.refusal()
            .starts_with("`WAVEDECK_RECEIVE_HOSTS`: `hosts` must be")
    );
}

#[test]
fn a_receiver_alone_looks_at_no_account() {
    let home = Home::new()
        .file(&format!(
            "profile = \"b\"\n[profiles.a]\nuser_name = 7\nstore = \"sqlite:/srv/w.db\"\n{}",
            profile("b")
        ))
        .mode(0o644)
        .variable("WAVEDECK_BASE_URL", "nonsense");
    assert!(home.load().is_err());
    let receiving = home.load_receiving().unwrap();
    assert_eq!(receiving.profile, "b");
    let other = home.variable("WAVEDECK_PROFILE", "a");
    let receiving = other.load_receiving().unwrap();
    assert_eq!(receiving.store.unwrap().expose(), "sqlite:/srv/w.db");
    let home = other.variable("WAVEDECK_PROFILE", "c");
    let why = home.load_receiving().unwrap_err();
    assert!(matches!(why, ConfigError::UnknownProfile { .. }), "{why}");
}

#[test]
fn q20_the_mouse_is_captured_unless_the_file_says_otherwise() {
    for (text, mouse, warns) in [
        ("", Mouse::On, false),
        ("mouse = true\n", Mouse::On, false),
        ("mouse = false\n", Mouse::Off, false),
        ("mouse = \"sometimes\"\n", Mouse::On, true),
    ] {
        let settings = Home::new().file(text).load().unwrap();
        assert_eq!(settings.mouse, mouse, "{text}");
        assert_eq!(settings.warnings.len(), usize::from(warns), "{text}");
    }
}

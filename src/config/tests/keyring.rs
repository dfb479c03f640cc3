//! Where a token is kept: in the keyring when one answers in time, else in the file.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;

use super::*;
use crate::domain::{Saved, TokenPlace};

/// As long as a test likes to wait for nobody.
const SHORT: Duration = Duration::from_millis(300);
/// Longer than a thread takes to answer on any machine.
const LONG: Duration = Duration::from_secs(20);

/// A keyring that answers.
#[derive(Default)]
struct Open(Mutex<BTreeMap<String, String>>);

impl Ring for Open {
    fn read(&self, name: &str) -> Result<Option<SecretString>, String> {
        Ok(self.0.lock().unwrap().get(name).cloned().map(Into::into))
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), String> {
        self.0.lock().unwrap().insert(name.into(), secret.into());
        Ok(())
    }
}

/// One that is locked.
struct Locked;

impl Ring for Locked {
    fn read(&self, _name: &str) -> Result<Option<SecretString>, String> {
        Err("it is locked".into())
    }

    fn write(&self, _name: &str, _secret: &str) -> Result<(), String> {
        Err("it is locked".into())
    }
}

/// One that hangs for ever, as on a server without a desktop.
struct Hanging;

impl Ring for Hanging {
    fn read(&self, _name: &str) -> Result<Option<SecretString>, String> {
        loop {
            std::thread::park();
        }
    }

    fn write(&self, _name: &str, _secret: &str) -> Result<(), String> {
        self.read("").map(|_| ())
    }
}

/// One that must not be asked.
struct Untouchable;

impl Ring for Untouchable {
    fn read(&self, name: &str) -> Result<Option<SecretString>, String> {
        panic!("{name} was read")
    }

    fn write(&self, name: &str, _secret: &str) -> Result<(), String> {
        panic!("{name} was written")
    }
}

fn keyring(ring: impl Ring + 'static) -> Keyring {
    Keyring::made(Arc::new(ring), LONG)
}

fn hanging() -> Keyring {
    Keyring::made(Arc::new(Hanging), SHORT)
}

fn save(home: &Home, keyring: &Keyring) -> Saved {
    save_account(&home.path(), "work", &made_account(CANARY), None, keyring).unwrap()
}

fn load_with(home: &Home, keyring: &Keyring) -> Result<Settings, ConfigError> {
    let variables = |name: &str| home.variables.get(name).map(OsString::from);
    let environment = Environment::new(variables, Some(home.folder.path().to_owned()));
    load(&home.flags, &environment.with_keyring(keyring.clone()))
}

fn text(home: &Home) -> String {
    fs::read_to_string(home.path()).unwrap()
}

#[test]
fn a_token_goes_into_the_keyring_that_answers_and_comes_back_from_it() {
    let (home, keyring) = (Home::new(), keyring(Open::default()));
    let saved = save(&home, &keyring);
    assert_eq!((saved.token, saved.no_keyring), (TokenPlace::Keyring, None));
    assert!(text(&home).contains("keyring = true") && !text(&home).contains(CANARY));
    let settings = load_with(&home, &keyring).unwrap();
    assert_eq!(settings.account, Some(made_account(CANARY)));
    assert_eq!(settings.token_at, TokenPlace::Keyring);
    assert!(settings.warnings.is_empty(), "{:?}", settings.warnings);
}

#[test]
fn a_token_that_moves_into_the_keyring_is_in_no_file_any_more() {
    let home = Home::new().file(&profile("work"));
    save(&home, &keyring(Open::default()));
    for file in fs::read_dir(home.path().parent().unwrap()).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(text.contains("[profiles.work]") && !text.contains(CANARY));
    }
}

#[test]
fn a_keyring_that_refuses_or_hangs_leaves_the_token_in_the_private_file_and_is_told() {
    for (keyring, why) in [
        (keyring(Locked), "refused: it is locked"),
        (hanging(), "did not answer in 0.3 s"),
    ] {
        let home = Home::new().file("[profiles.work]\nkeyring = true\nuser_name = 'old'\n");
        let saved = save(&home, &keyring);
        assert_eq!(saved.token, TokenPlace::File);
        assert_eq!(saved.no_keyring.as_deref(), Some(why));
        assert_eq!(mode(&home.path()), 0o600);
        assert!(!text(&home).contains("keyring"), "{}", text(&home));
        let settings = load_with(&home, &keyring).unwrap();
        assert_eq!(settings.account, Some(made_account(CANARY)));
        assert_eq!(settings.token_at, TokenPlace::File);
    }
}

#[test]
fn who_wants_no_keyring_is_not_told_of_one() {
    let home = Home::new();
    let saved = save(&home, &Keyring::off());
    assert_eq!((saved.token, saved.no_keyring), (TokenPlace::File, None));
    let home = Home::new().file("[profiles.work]\nkeyring = false\n");
    let saved = save(&home, &keyring(Untouchable));
    assert_eq!((saved.token, saved.no_keyring), (TokenPlace::File, None));
    assert!(text(&home).contains("keyring = false"));
}

#[test]
fn nobody_asks_the_keyring_for_a_token_that_is_elsewhere() {
    let ring = keyring(Untouchable);
    let home = Home::new().file(&profile("a"));
    assert_eq!(load_with(&home, &ring).unwrap().token_at, TokenPlace::File);
    let home = Home::new().file("[profiles.a]\nkeyring = true\nuser_name = 'a'\n");
    let home = home.variable("WAVEDECK_AUTHENTICATION_TOKEN", "t");
    let settings = load_with(&home, &ring).unwrap();
    assert_eq!(settings.token_at, TokenPlace::Elsewhere);
    assert!(settings.account.is_some());
    assert!(load_with(&Home::new(), &ring).unwrap().account.is_none());
}

#[test]
fn a_keyring_that_does_not_give_the_token_is_told_with_what_to_do() {
    let file = "[profiles.a]\nuser_name = 'ana'\nkeyring = true\n";
    for (keyring, did) in [
        (keyring(Locked), "refused: it is locked"),
        (hanging(), "did not answer in 0.3 s"),
        (Keyring::off(), "is switched off by `WAVEDECK_KEYRING`"),
    ] {
        let why = load_with(&Home::new().file(file), &keyring).unwrap_err();
        assert_eq!(
            why.to_string(),
            format!(
                "the token of `[profiles.a]` is in the keyring, which {did}: unlock the keyring and \
                 try again, or set `WAVEDECK_AUTHENTICATION_TOKEN`"
            )
        );
    }
    let home = Home::new().file(file);
    let settings = load_with(&home, &keyring(Open::default())).unwrap();
    assert_eq!(settings.account, None, "the first screen asks for it");
    assert!(settings.warnings[0].contains("connect again"));
}

#[test]
fn a_token_is_not_given_to_another_server() {
    let (home, keyring) = (Home::new(), keyring(Open::default()));
    save(&home, &keyring);
    let text = text(&home).replace("https://example.org/v1", "https://example.com/v1");
    let home = home.file(&text);
    assert_eq!(load_with(&home, &keyring).unwrap().account, None);
}

#[test]
fn whether_anybody_answers_can_be_asked() {
    assert_eq!(keyring(Open::default()).probe(), Ok(()));
    assert_eq!(hanging().probe(), Err(KeyringError::Silent(SHORT)));
    assert_eq!(Keyring::off().probe(), Err(KeyringError::Off));
    let off = |_: &str| Some(OsString::from("off"));
    let keyring = Keyring::of_computer(&Environment::new(off, None));
    assert_eq!(keyring.probe(), Err(KeyringError::Off));
}

#[test]
fn q37_a_keyring_prints_nothing() {
    let (home, keyring) = (Home::new(), keyring(Open::default()));
    save(&home, &keyring);
    assert!(!format!("{keyring:?} {:#?}", load_with(&home, &keyring)).contains(CANARY));
}

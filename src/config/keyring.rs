//! The keyring of this computer, for tokens. Not a store of ours, and not needed: where none answers, the
//! private file takes its place.
//!
//! Invariant: nobody waits for it longer than [`LIMIT`], however often it is asked meanwhile, and it is asked only where a profile says that its
//! token is there, or where a token is to be kept.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use secrecy::SecretString;

use super::Environment;
use crate::domain::{Account, BaseUrl};

/// How long a keyring may take. Without a desktop, some never answer.
const LIMIT: Duration = Duration::from_secs(3);
/// Under which name keyrings list what is ours.
const SERVICE: &str = "wavedeck";
/// Switches the keyring off when it is `off`.
const VARIABLE: &str = "WAVEDECK_KEYRING";
/// A name that no account has, for asking whether anybody answers.
const NOBODY: &str = "is anybody there";

/// What a keyring can do. Each call may take for ever.
pub trait Ring: Send + Sync {
    /// The secret of that name, if there is one.
    ///
    /// # Errors
    /// In words, when the keyring cannot or will not tell.
    fn read(&self, name: &str) -> Result<Option<SecretString>, String>;

    /// Keeps a secret in place of the one of that name.
    ///
    /// # Errors
    /// In words, when the keyring cannot or will not keep it.
    fn write(&self, name: &str, secret: &str) -> Result<(), String>;
}

/// Why a keyring is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The user wants none.
    #[error("is switched off by `WAVEDECK_KEYRING`")]
    Off,
    /// Nothing was heard.
    #[error("did not answer in {} s", .0.as_secs_f32())]
    Silent(Duration),
    /// It said so.
    #[error("refused: {0}")]
    Refused(String),
}

/// A keyring that is waited for no longer than is good.
#[derive(Clone)]
pub struct Keyring {
    ring: Option<Arc<dyn Ring>>,
    limit: Duration,
    /// Whether it was waited for in vain already.
    is_silent: Arc<AtomicBool>,
}

impl Keyring {
    /// None at all.
    pub fn off() -> Self {
        Self {
            ring: None,
            limit: LIMIT,
            is_silent: Arc::default(),
        }
    }

    /// The one of this computer, unless the environment switches it off. Asks nobody yet.
    pub fn of_computer(environment: &Environment<'_>) -> Self {
        if environment
            .path(VARIABLE)
            .is_some_and(|value| value == "off")
        {
            return Self::off();
        }
        Self::made(Arc::new(Computer), LIMIT)
    }

    /// A made one.
    pub fn made(ring: Arc<dyn Ring>, limit: Duration) -> Self {
        Self {
            ring: Some(ring),
            limit,
            is_silent: Arc::default(),
        }
    }

    /// The token of a user there. A token belongs to a server: for another base URL there is none.
    ///
    /// # Errors
    /// When the keyring refuses, does not answer in time, or is switched off.
    pub fn read(
        &self,
        base_url: &BaseUrl,
        user_name: &str,
    ) -> Result<Option<SecretString>, KeyringError> {
        let name = name(base_url, user_name);
        self.ask(move |ring| ring.read(&name))
    }

    /// Keeps the token of an account.
    ///
    /// # Errors
    /// When the keyring refuses, does not answer in time, or is switched off.
    pub fn write(&self, account: &Account) -> Result<(), KeyringError> {
        let name = name(&account.base_url, &account.user_name);
        let token = account.token.clone();
        self.ask(move |ring| ring.write(&name, token.expose()))
    }

    /// Whether anybody answers. Takes as long as the keyring, and no longer than three seconds.
    ///
    /// # Errors
    /// When the keyring refuses, does not answer in time, or is switched off.
    pub fn probe(&self) -> Result<(), KeyringError> {
        self.ask(|ring| ring.read(NOBODY).map(|_nothing| ()))
    }

    /// Asks on a thread of its own, which is left to itself when the time is over: nothing waits for it, not
    /// even the end of the program.
    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Ring) -> Result<T, String> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let ring = Arc::clone(self.ring.as_ref().ok_or(KeyringError::Off)?);
        if self.is_silent.load(Ordering::Relaxed) {
            return Err(KeyringError::Silent(self.limit));
        }
        let (sender, answer) = mpsc::channel();
        let ask = move || {
            // Nobody waits any more when it took too long.
            let _ = sender.send(question(&*ring));
        };
        thread::Builder::new()
            .name("keyring".into())
            .spawn(ask)
            .map_err(|why| KeyringError::Refused(why.to_string()))?;
        match answer.recv_timeout(self.limit) {
            Ok(answered) => answered.map_err(KeyringError::Refused),
            Err(RecvTimeoutError::Timeout) => {
                self.is_silent.store(true, Ordering::Relaxed);
                Err(KeyringError::Silent(self.limit))
            }
            Err(RecvTimeoutError::Disconnected) => Err(KeyringError::Refused(
                "it stopped before it answered".into(),
            )),
        }
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_off = self.ring.is_none();
        f.write_str(if is_off { "Keyring(off)" } else { "Keyring" })
    }
}

fn name(base_url: &BaseUrl, user_name: &str) -> String {
    format!("{user_name} {base_url}")
}

/// The Secret Service of the desktop, or the Keychain of macOS.
struct Computer;

impl Ring for Computer {
    fn read(&self, name: &str) -> Result<Option<SecretString>, String> {
        match entry(name)?.get_password() {
            Ok(secret) => Ok(Some(secret.into())),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(why) => Err(words(&why)),
        }
    }

    fn write(&self, name: &str, secret: &str) -> Result<(), String> {
        let written = entry(name)?.set_password(secret);
        written.map_err(|why| words(&why))
    }
}

fn entry(name: &str) -> Result<keyring::Entry, String> {
    keyring::Entry::new(SERVICE, name).map_err(|why| words(&why))
}

/// One line without secrets: what the others carry besides words are bytes of an entry.
fn words(why: &keyring::Error) -> String {
    if let keyring::Error::NoDefaultStore = why {
        "there is none here".into()
    } else if let keyring::Error::NoStorageAccess(_) = why {
        "it is locked".into()
    } else if let keyring::Error::PlatformFailure(inner) = why {
        inner.to_string().lines().collect::<Vec<_>>().join(", ")
    } else {
        "it holds something that is no token".into()
    }
}

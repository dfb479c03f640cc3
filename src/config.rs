//! What the user set: file, then environment, then flags; and the account kept in that file.
//!
//! Imports the domain and the tables of `keymap` and `theme` only, reads the environment through
//! [`Environment`], prints nothing and asks
//! nobody. Invariant: no error and no warning of this module carries a value or a line of the file,
//! because the one that is wrong may be the token.

mod changes;
mod check;
mod contacts;
mod credentials;
mod file;
mod keyring;
mod keys;
mod known;
mod layers;
mod looks;
mod receive;
mod store;
mod themes;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use etcetera::BaseStrategy as _;

use crate::domain::{Account, AccountError, BaseUrl, Masking, TokenPlace, WaId};
use crate::keymap::Keymap;

pub use changes::{Changes, Mark};
pub use check::{Checked, check};
pub use contacts::{ContactsError, read_contacts};
pub use credentials::{new_name, save_account};
pub use keyring::{Keyring, KeyringError, Ring};
pub use known::template;
pub use layers::{
    Located, Receiving, fixed_by, load, load_keys, load_receiving, load_without_account, locate,
};
pub use looks::{Looks, complaint};
pub use receive::Receive;
pub use store::StoreText;
pub use themes::Themes;

/// Above so many people a message is asked about, when nothing else is set.
pub const CONFIRM_SEND_OVER: usize = 100;
/// So long a message can be taken back, when nothing else is set.
pub const SEND_DELAY: Duration = Duration::from_secs(3);

/// What the command line said. There is no flag for the token: everyone can read a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--profile`
    pub profile: Option<String>,
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--base-url`
    pub base_url: Option<String>,
}

impl Flags {
    /// The same with this profile.
    #[must_use]
    pub fn of_profile(&self, name: &str) -> Self {
        Self {
            profile: Some(name.to_owned()),
            ..self.clone()
        }
    }
}

type Variables<'a> = Box<dyn Fn(&str) -> Option<OsString> + 'a>;

/// Where variables and the user's configuration folder come from.
pub struct Environment<'a> {
    variables: Variables<'a>,
    config_home: Option<PathBuf>,
    keyring: Keyring,
}

impl<'a> Environment<'a> {
    /// The real one: the variables of this process and `$XDG_CONFIG_HOME` or `~/.config`, on macOS
    /// too.
    pub fn of_process() -> Self {
        let home = etcetera::base_strategy::Xdg::new().ok();
        let environment = Self::new(
            |name| std::env::var_os(name),
            home.map(|xdg| xdg.config_dir()),
        );
        let keyring = Keyring::of_computer(&environment);
        environment.with_keyring(keyring)
    }

    /// The same with this keyring.
    #[must_use]
    pub fn with_keyring(self, keyring: Keyring) -> Self {
        Self { keyring, ..self }
    }

    /// The keyring of the user.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// A made one, without a keyring. `config_home` is what `~/.config` is for the user, if there is such a
    /// thing.
    pub fn new(
        variables: impl Fn(&str) -> Option<OsString> + 'a,
        config_home: Option<PathBuf>,
    ) -> Self {
        Self {
            variables: Box::new(variables),
            config_home,
            keyring: Keyring::off(),
        }
    }

    /// The text of a variable; an empty one counts as not set.
    fn text(&self, name: &'static str) -> Result<Option<String>, ConfigError> {
        self.path(name)
            .map(OsString::into_string)
            .transpose()
            .map_err(|_value| ConfigError::VariableNotText { name })
    }

    fn path(&self, name: &'static str) -> Option<OsString> {
        (self.variables)(name).filter(|value| !value.is_empty())
    }
}

impl fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("config_home", &self.config_home)
            .finish_non_exhaustive()
    }
}

/// Whether clicks and the wheel are for the dashboard, or for selecting text as the terminal does it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mouse {
    /// `mouse = true`
    #[default]
    On,
    /// `mouse = false`
    Off,
}

/// Everything a session needs to know before it starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Name of the profile in use.
    pub profile: String,
    /// Every profile of the file, by name.
    pub profiles: Vec<String>,
    /// What the header says of it in place of its name.
    pub badge: Option<String>,
    /// Who we are; `None` on the first run, when neither a user name nor a token was found.
    pub account: Option<Account>,
    /// Where its token was found.
    pub token_at: TokenPlace,
    /// Root of the API; that of the account where there is one.
    pub base_url: BaseUrl,
    /// The number the account itself sends from, if the user told.
    pub own_number: Option<WaId>,
    /// How fast requests may follow each other.
    pub pace: Pace,
    /// How the screen looks.
    pub looks: Looks,
    /// Whether phone numbers are masked in what is copied from Activity and exported.
    pub masking: Masking,
    /// Whether phone numbers are masked in the log.
    pub log_numbers: Masking,
    /// Whether clicks and the wheel are for the dashboard.
    pub mouse: Mouse,
    /// Messages to more people than this are asked about.
    pub confirm_send_over: usize,
    /// How long a message can be taken back before it leaves.
    pub send_delay: Duration,
    /// The file of contacts, if the user has one.
    pub contacts: Option<PathBuf>,
    /// Where the journal is to be, if the user said.
    pub store: Option<StoreText>,
    /// Where and how long messages of others are received and kept.
    pub receive: Receive,
    /// Whether what is known of the groups is kept for the next start.
    pub cache: bool,
    /// Which keys mean what.
    pub keys: Keymap,
    /// What the profile in use says in the file.
    pub mark: Mark,
    /// The file that was read, or would have been; `None` without a home directory.
    pub config_path: Option<PathBuf>,
    /// What is wrong but harmless, one line each.
    pub warnings: Vec<String>,
}

/// How fast requests may follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// At most so many a second.
    PerSecond(Rate),
    /// As fast as answers come.
    Unlimited,
}

impl Pace {
    /// Four requests a second; no limit towards this computer.
    pub fn default_for(base_url: &BaseUrl) -> Self {
        if base_url.is_loopback() {
            Self::Unlimited
        } else {
            Self::PerSecond(Rate::DEFAULT)
        }
    }
}

impl FromStr for Pace {
    type Err = PaceError;

    fn from_str(text: &str) -> Result<Self, PaceError> {
        match text.trim() {
            "unlimited" => Ok(Self::Unlimited),
            number => number
                .parse()
                .ok()
                .and_then(Rate::new)
                .map(Self::PerSecond)
                .ok_or(PaceError),
        }
    }
}

/// A pace that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a pace is a number of requests per second from 0.01 to 1000, or `unlimited`")]
pub struct PaceError;

/// Requests per second: from 0.01 to 1000.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Rate(f64);

impl Rate {
    const DEFAULT: Self = Self(4.0);

    /// `None` outside the range.
    pub fn new(per_second: f64) -> Option<Self> {
        (0.01..=1000.0)
            .contains(&per_second)
            .then_some(Self(per_second))
    }

    /// Requests per second.
    pub const fn per_second(self) -> f64 {
        self.0
    }
}

/// Where a value was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nowhere: the program's own value.
    Default,
    /// On the command line, by this flag.
    Flag(&'static str),
    /// In this environment variable.
    Variable(&'static str),
    /// In the file. Line and column count from one.
    File {
        /// The file.
        path: PathBuf,
        /// Line.
        line: usize,
        /// Column, in characters.
        column: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the value used when none is set"),
            Self::Flag(name) | Self::Variable(name) => write!(f, "`{name}`"),
            Self::File { path, line, column } => {
                write!(f, "{}:{line}:{column}", path.display())
            }
        }
    }
}

/// Why the settings cannot be used or kept.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A folder, a pipe or the like.
    #[error("not a plain file: {}", path.display())]
    NotAFile {
        /// What it is not.
        path: PathBuf,
    },
    /// Far longer than any configuration.
    #[error("longer than 1 MiB, which is no configuration: {}", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// Bytes that are no UTF-8.
    #[error("not a text in UTF-8: {}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// The file is no TOML.
    #[error("{origin}: {message}")]
    Syntax {
        /// The place.
        origin: Origin,
        /// What the parser expected there.
        message: String,
    },
    /// A value of the wrong kind.
    #[error("{origin}: `{key}` must be {expected}")]
    Value {
        /// The place.
        origin: Origin,
        /// The name of the setting.
        key: &'static str,
        /// What it may be.
        expected: &'static str,
    },
    /// A variable whose bytes are no text.
    #[error("`{name}` is not a text in UTF-8")]
    VariableNotText {
        /// The variable.
        name: &'static str,
    },
    /// A base URL, user name or token that no request can carry.
    #[error("{origin} cannot be used")]
    Account {
        /// Where it was set.
        origin: Origin,
        /// Why not.
        #[source]
        source: AccountError,
    },
    /// One half of the credentials.
    #[error("{origin} sets the user name, but there is no authentication token: {fix}")]
    NoToken {
        /// Where the other half was set.
        origin: Origin,
        /// Where to set this one.
        fix: String,
    },
    /// The other half of the credentials.
    #[error("{origin} sets the authentication token, but there is no user name: {fix}")]
    NoUserName {
        /// Where the other half was set.
        origin: Origin,
        /// Where to set this one.
        fix: String,
    },
    /// The token is in the keyring, which does not give it.
    #[error(
        "the token of `[profiles.{profile}]` is in the keyring, which {why}: unlock the keyring and try again, or set `WAVEDECK_AUTHENTICATION_TOKEN`"
    )]
    Keyring {
        /// Whose token.
        profile: String,
        /// What the keyring did.
        why: KeyringError,
    },
    /// A profile was asked for that the file does not have.
    #[error("no profile `{name}` in {}; there is: {known}", path.display())]
    UnknownProfile {
        /// As asked for.
        name: String,
        /// The file.
        path: PathBuf,
        /// Names of the profiles there.
        known: String,
    },
    /// The file holds a token or a password and others may read it.
    #[error(
        "others can read what is secret in {0}; make the file yours alone: `chmod 600 {0}`",
        path.display()
    )]
    OthersCanRead {
        /// The file.
        path: PathBuf,
    },
    /// The file holds a token or a password and belongs to somebody else.
    #[error(
        "what is secret in {0} is not used, because the file belongs to somebody else; make it yours: `chown $(id -u) {0}`",
        path.display()
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file holds a token or a password and is a link that leads out of its folder.
    #[error(
        "what is secret in {0} is not used, because the file is a link to another folder; put the file itself there, or name it with `--config`",
        path.display()
    )]
    LinkElsewhere {
        /// The link.
        path: PathBuf,
    },
    /// The account could not be written.
    #[error("cannot save {}", path.display())]
    Save {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The file below the user's configuration folder.
fn usual_path(config_home: &Path) -> PathBuf {
    config_home.join("wavedeck").join("config.toml")
}

#[cfg(test)]
mod tests;

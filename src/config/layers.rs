//! Lays the layers over each other: file, then environment, then flags, value by value.
//!
//! Pure but for reading the one file. A token, or an address of a store that may hold a
//! password, is taken from the file only when the file is private, and the file is not judged when neither
//! is used.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::changes::Mark;
use super::file::{self, Contents, Placed, Profile};
use super::{CONFIRM_SEND_OVER, SEND_DELAY};
use super::{
    ConfigError, Environment, Flags, Origin, Pace, Receive, Settings, StoreText, credentials,
    usual_path,
};
use crate::domain::{Account, AccountError, BaseUrl, Masking, TokenPlace};
use crate::keymap::Keymap;
use crate::theme::Colors;

const BASE_URL: &str = "WAVEDECK_BASE_URL";
const USER_NAME: &str = "WAVEDECK_USER_NAME";
const TOKEN: &str = "WAVEDECK_AUTHENTICATION_TOKEN";
const PROFILE: &str = "WAVEDECK_PROFILE";
const CONFIG: &str = "WAVEDECK_CONFIG";
const CONFIG_HOME: &str = "XDG_CONFIG_HOME";
const PACE: &str = "WAVEDECK_PACE";
const STORE: &str = "WAVEDECK_STORE";

/// The profile that is used and saved when nobody names one.
const DEFAULT_PROFILE: &str = "default";

/// Puts the settings together. No file is needed: with user name and token in the environment, or
/// on a first run, there is none.
///
/// # Errors
/// When the file cannot be read, understood or trusted, when only one half of the credentials is
/// there, when the profile asked for is unknown, or when a value cannot be used.
pub fn load(flags: &Flags, environment: &Environment<'_>) -> Result<Settings, ConfigError> {
    put_together(flags, environment, find(flags, environment)?)
}

/// Lays environment and flags over what was found in the file.
pub(super) fn put_together(
    flags: &Flags,
    environment: &Environment<'_>,
    mut found: Found,
) -> Result<Settings, ConfigError> {
    let store = store(environment, &mut found)?;
    if !found.contents.broken.is_empty() {
        return Err(found.contents.broken.swap_remove(0));
    }
    let Profile {
        base_url,
        user_name,
        token,
        keyring,
        own_number,
        pace,
        store: _,
        accent,
        badge,
    } = found.profile_in_use();

    let base_url = base_url_from(flags, environment, base_url)?;
    let user_name = from_variable(environment, USER_NAME)?.or(user_name);
    let given = from_variable(environment, TOKEN)?.map(|text| Placed {
        value: SecretString::from(text.value),
        origin: text.origin,
    });
    if let (None, Some(_), Some(path), Some(metadata)) =
        (&given, &token, &found.config_path, &found.metadata)
    {
        credentials::check_private(path, metadata)?;
    }
    let token_at = match (&given, &token) {
        (None, Some(_)) => TokenPlace::File,
        (Some(_), _) | (None, None) => TokenPlace::Elsewhere,
    };
    let mut known = Credentials {
        user_name,
        token: given.or(token),
        token_at,
    };
    if keyring == Some(true) {
        let warning = known.ask_keyring(environment, &found.profile, &base_url)?;
        found.contents.warnings.extend(warning);
    }
    let pace = match from_variable(environment, PACE)? {
        Some(Placed { value, origin }) => value.parse().map_err(|_why| ConfigError::Value {
            origin,
            key: "pace",
            expected: "a number of requests per second from 0.01 to 1000, or `unlimited`",
        })?,
        None => pace.unwrap_or_else(|| Pace::default_for(&base_url)),
    };
    let account = account(&base_url, known.user_name, known.token, &found.profile)?;
    if let (None, Some(why)) = (&account, found.unknown.take()) {
        return Err(why);
    }
    let usual = found.without_account(environment, accent, badge)?;
    Ok(Settings {
        account,
        token_at: known.token_at,
        base_url,
        own_number,
        pace,
        store,
        ..usual
    })
}

/// What is known of an account before it is one.
struct Credentials {
    user_name: Option<Placed<String>>,
    token: Option<Placed<SecretString>>,
    token_at: TokenPlace,
}

impl Credentials {
    /// Completes them from the keyring, where only the token is missing. Returns a warning when it is not
    /// there: then it is as if nothing had been set, and the account is asked for.
    fn ask_keyring(
        &mut self,
        environment: &Environment<'_>,
        profile: &str,
        base_url: &BaseUrl,
    ) -> Result<Option<String>, ConfigError> {
        let (Some(user), None) = (&self.user_name, &self.token) else {
            return Ok(None);
        };
        // As the account will have it.
        let read = environment.keyring().read(base_url, user.value.trim());
        let token = read.map_err(|why| ConfigError::Keyring {
            profile: profile.to_owned(),
            why,
        })?;
        let origin = user.origin.clone();
        if let Some(value) = token {
            self.token = Some(Placed { value, origin });
            self.token_at = TokenPlace::Keyring;
            return Ok(None);
        }
        self.user_name = None;
        Ok(Some(format!(
            "{origin}: the keyring has no token for this user name and base URL: connect again"
        )))
    }
}

/// The same as [`load`] for what concerns no account: the look, what is asked about, how messages leave.
/// No account is looked at, so none can be wrong, and none is in the result.
///
/// # Errors
/// When the file cannot be read or understood, or when a value of `[receive]` cannot be used.
pub fn load_without_account(
    flags: &Flags,
    environment: &Environment<'_>,
) -> Result<Settings, ConfigError> {
    let mut found = find(flags, environment)?;
    let base_url = base_url_from(flags, environment, None)?;
    let Profile { accent, badge, .. } = found.profile_in_use();
    let usual = found.without_account(environment, accent, badge)?;
    Ok(Settings { base_url, ..usual })
}

/// What of the command line and the environment would count for every account, so that there is no going
/// from one to another; `None` when nothing is set there.
pub fn fixed_by(flags: &Flags, environment: &Environment<'_>) -> Option<&'static str> {
    if flags.base_url.is_some() {
        return Some("--base-url");
    }
    [USER_NAME, TOKEN, BASE_URL, STORE]
        .into_iter()
        .find(|name| environment.path(name).is_some())
}

impl Found {
    fn profile_in_use(&mut self) -> Profile {
        let profiles = &mut self.contents.profiles;
        profiles
            .get_mut(&self.profile)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// The settings of all accounts with none, looking as the one in use does.
    fn without_account(
        self,
        environment: &Environment<'_>,
        accent: Option<Placed<Colors>>,
        badge: Option<String>,
    ) -> Result<Settings, ConfigError> {
        let Self {
            mut contents,
            metadata: _,
            config_path,
            profile,
            mark,
            unknown: _,
        } = self;
        let base_url = base_url_of(None)?;
        let looks = (contents.looks).settle(environment, accent, &mut contents.warnings);
        Ok(Settings {
            profile,
            badge,
            profiles: contents.profiles.into_keys().collect(),
            account: None,
            token_at: TokenPlace::default(),
            own_number: None,
            pace: Pace::default_for(&base_url),
            base_url,
            looks,
            masking: contents.masking.unwrap_or_default(),
            log_numbers: in_log(contents.log_numbers),
            cache: contents.cache.unwrap_or(true),
            mouse: contents.mouse.unwrap_or_default(),
            confirm_send_over: contents.confirm_send_over.unwrap_or(CONFIRM_SEND_OVER),
            send_delay: contents.send_delay.unwrap_or(SEND_DELAY),
            contacts: contents
                .contacts
                .map(|text| contacts_path(environment, config_path.as_deref(), &text.value)),
            store: None,
            mark,
            receive: contents.receive.with_variables(environment)?,
            keys: contents.keys,
            config_path,
            warnings: contents.warnings,
        })
    }
}

fn in_log(whole: bool) -> Masking {
    if whole {
        Masking::Shown
    } else {
        Masking::Masked
    }
}

/// Which keys mean what, and what is wrong but harmless, one line each. No account is looked at.
///
/// # Errors
/// When the file cannot be read or understood.
pub fn load_keys(
    flags: &Flags,
    environment: &Environment<'_>,
) -> Result<(Keymap, Vec<String>), ConfigError> {
    let contents = find(flags, environment)?.contents;
    Ok((contents.keys, contents.warnings))
}

/// What a receiver needs that does nothing else.
#[derive(Clone, Debug, PartialEq)]
pub struct Receiving {
    /// Name of the profile, which names the store.
    pub profile: String,
    /// Where messages are to be kept, if the user said.
    pub store: Option<StoreText>,
    /// Where and how long.
    pub receive: Receive,
    /// Whether phone numbers are masked in the log.
    pub log_numbers: Masking,
    /// What is wrong but harmless, one line each.
    pub warnings: Vec<String>,
}

/// The same as [`load`] for a receiver alone: no account is looked at, so none can be wrong.
///
/// # Errors
/// When the file cannot be read or understood, when the profile asked for is unknown, or when a value
/// of `[receive]` cannot be used.
pub fn load_receiving(
    flags: &Flags,
    environment: &Environment<'_>,
) -> Result<Receiving, ConfigError> {
    let mut found = find(flags, environment)?;
    let store = store(environment, &mut found)?;
    if let Some(why) = found.unknown {
        return Err(why);
    }
    Ok(Receiving {
        profile: found.profile,
        store,
        receive: found.contents.receive.with_variables(environment)?,
        log_numbers: in_log(found.contents.log_numbers),
        warnings: found.contents.warnings,
    })
}

/// Where the file is that is read, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The file, whether there is one or not.
    pub path: PathBuf,
    /// The flag or the variable that names it or its folder; [`Origin::Default`] for the usual place.
    pub origin: Origin,
}

impl Located {
    /// Whether somebody named this very file.
    fn is_asked(&self) -> bool {
        self.origin != Origin::Default && self.origin != Origin::Variable(CONFIG_HOME)
    }
}

/// The file that is read: `--config`, else `WAVEDECK_CONFIG`, else the one below `XDG_CONFIG_HOME` or
/// `~/.config`. `None` without a home directory.
pub fn locate(flags: &Flags, environment: &Environment<'_>) -> Option<Located> {
    let asked = |path, origin| Located { path, origin };
    let by_flag = flags.config.clone();
    by_flag
        .map(|path| asked(path, Origin::Flag("--config")))
        .or_else(|| {
            let path = PathBuf::from(environment.path(CONFIG)?);
            Some(asked(path, Origin::Variable(CONFIG)))
        })
        .or_else(|| {
            let home = environment.config_home.as_deref()?;
            let named = environment.path(CONFIG_HOME);
            let is_named = named.is_some_and(|named| Path::new(&named) == home);
            let origin = if is_named {
                Origin::Variable(CONFIG_HOME)
            } else {
                Origin::Default
            };
            Some(asked(usual_path(home), origin))
        })
}

/// The file, and the profile in use.
pub(super) struct Found {
    pub(super) contents: Contents,
    metadata: Option<Metadata>,
    config_path: Option<PathBuf>,
    profile: String,
    /// What the profile in use says.
    mark: Mark,
    /// That the profile was asked for, and there are only others.
    unknown: Option<ConfigError>,
}

fn find(flags: &Flags, environment: &Environment<'_>) -> Result<Found, ConfigError> {
    find_with(flags, environment, file::parse)
}

/// The same, for whoever reads the file in a way of their own.
pub(super) fn find_with(
    flags: &Flags,
    environment: &Environment<'_>,
    parse: impl FnOnce(&Path, &str) -> Result<Contents, ConfigError>,
) -> Result<Found, ConfigError> {
    let located = locate(flags, environment);
    let is_asked = located.as_ref().is_some_and(Located::is_asked);
    let config_path = located.map(|located| located.path);
    let found = match &config_path {
        Some(path) => file::read(path)?.map(|(text, metadata)| (path, text, metadata)),
        None => None,
    };
    let (mut contents, metadata) = match found {
        Some((path, text, metadata)) => (parse(path, &text)?, Some(metadata)),
        None => (Contents::default(), None),
    };
    if let (Some(path), None, true) = (&config_path, &metadata, is_asked) {
        let warning = format!("there is no file {} yet", path.display());
        contents.warnings.push(warning);
    }

    let asked_profile = match &flags.profile {
        Some(name) => Some(name.clone()),
        None => environment.text(PROFILE)?,
    }
    .or_else(|| contents.profile.clone());
    let profile = asked_profile.clone().unwrap_or_else(|| {
        let mut names = contents.profiles.keys();
        match (names.next(), names.next()) {
            (Some(only), None) => only.clone(),
            _ => DEFAULT_PROFILE.to_owned(),
        }
    });
    let is_there = contents.profiles.is_empty() || contents.profiles.contains_key(&profile);
    let unknown = match &config_path {
        Some(path) if asked_profile.is_some() && !is_there && metadata.is_some() => {
            let known: Vec<&str> = contents.profiles.keys().map(String::as_str).collect();
            Some(ConfigError::UnknownProfile {
                name: profile.clone(),
                path: path.clone(),
                known: known.join(", "),
            })
        }
        Some(_) | None => None,
    };
    let mark = contents.profiles.get(&profile).map(Mark::of);
    Ok(Found {
        mark: mark.unwrap_or_default(),
        contents,
        metadata,
        config_path,
        profile,
        unknown,
    })
}

/// Where the store is to be, by the environment or the profile in use.
fn store(
    environment: &Environment<'_>,
    found: &mut Found,
) -> Result<Option<StoreText>, ConfigError> {
    let given = from_variable(environment, STORE)?.filter(|text| !text.value.trim().is_empty());
    if let Some(text) = given {
        return Ok(Some(StoreText::new(text.value.into(), text.origin)));
    }
    let profile = found.contents.profiles.get_mut(&found.profile);
    let kept = profile.and_then(|profile| profile.store.take());
    if let (Some(kept), Some(path), Some(metadata)) = (&kept, &found.config_path, &found.metadata)
        && kept.may_be_secret()
    {
        credentials::check_private(path, metadata)?;
    }
    Ok(kept)
}

/// The file of contacts: `~` is the home folder, and other paths start where the configuration is.
fn contacts_path(environment: &Environment<'_>, config: Option<&Path>, text: &str) -> PathBuf {
    let home = environment.path("HOME").map(PathBuf::from);
    if let (Some(rest), Some(home)) = (text.strip_prefix("~/"), home) {
        return home.join(rest);
    }
    let folder = config.and_then(Path::parent);
    folder.map_or_else(|| PathBuf::from(text), |folder| folder.join(text))
}

pub(super) fn from_variable(
    environment: &Environment<'_>,
    name: &'static str,
) -> Result<Option<Placed<String>>, ConfigError> {
    let value = environment.text(name)?;
    Ok(value.map(|value| Placed {
        value,
        origin: Origin::Variable(name),
    }))
}

fn base_url_from(
    flags: &Flags,
    environment: &Environment<'_>,
    kept: Option<Placed<String>>,
) -> Result<BaseUrl, ConfigError> {
    let placed = match &flags.base_url {
        Some(value) => Some(Placed {
            value: value.clone(),
            origin: Origin::Flag("--base-url"),
        }),
        None => from_variable(environment, BASE_URL)?.or(kept),
    };
    base_url_of(placed)
}

fn base_url_of(placed: Option<Placed<String>>) -> Result<BaseUrl, ConfigError> {
    let (value, origin) = match placed {
        Some(Placed { value, origin }) => (value, origin),
        None => (BaseUrl::DEFAULT.to_owned(), Origin::Default),
    };
    BaseUrl::new(&value).map_err(|source| ConfigError::Account { origin, source })
}

fn account(
    base_url: &BaseUrl,
    user_name: Option<Placed<String>>,
    token: Option<Placed<SecretString>>,
    profile: &str,
) -> Result<Option<Account>, ConfigError> {
    let fix = |variable: &str, key: &str| {
        format!("set `{variable}`, or `{key}` in `[profiles.{profile}]` of the configuration file")
    };
    match (user_name, token) {
        (None, None) => Ok(None),
        (Some(user_name), None) => Err(ConfigError::NoToken {
            origin: user_name.origin,
            fix: fix(TOKEN, "token"),
        }),
        (None, Some(token)) => Err(ConfigError::NoUserName {
            origin: token.origin,
            fix: fix(USER_NAME, "user_name"),
        }),
        (Some(user_name), Some(token)) => Account::new(
            base_url.clone(),
            &user_name.value,
            token.value.expose_secret(),
        )
        .map(Some)
        .map_err(|source| ConfigError::Account {
            origin: match source {
                AccountError::NoToken | AccountError::TokenCharacters => token.origin,
                AccountError::NoUserName
                | AccountError::UserNameCharacters
                | AccountError::NotAUrl
                | AccountError::NotHttps
                | AccountError::Extra => user_name.origin,
            },
            source,
        }),
    }
}

//! Lays the layers over each other: file, then environment, then flags, value by value.
//!
//! Pure but for reading the one file. A token, or an address of a store that may hold a
//! password, is taken from the file only when the file is private, and the file is not judged when neither
//! is used.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};

use super::file::{self, Contents, Placed, Profile};
use super::{CONFIRM_SEND_OVER, SEND_DELAY};
use super::{
    ConfigError, Environment, Flags, Origin, Pace, Settings, StoreText, credentials, usual_path,
};
use crate::domain::{Account, AccountError, BaseUrl};

const BASE_URL: &str = "WAVEDECK_BASE_URL";
const USER_NAME: &str = "WAVEDECK_USER_NAME";
const TOKEN: &str = "WAVEDECK_AUTHENTICATION_TOKEN";
const PROFILE: &str = "WAVEDECK_PROFILE";
const CONFIG: &str = "WAVEDECK_CONFIG";
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
    let asked_path = flags
        .config
        .clone()
        .or_else(|| environment.path(CONFIG).map(PathBuf::from));
    let config_path = asked_path
        .clone()
        .or_else(|| environment.config_home.as_deref().map(usual_path));
    let found = match &config_path {
        Some(path) => file::read(path)?.map(|(text, metadata)| (path, text, metadata)),
        None => None,
    };
    let (mut contents, metadata) = match found {
        Some((path, text, metadata)) => (file::parse(path, &text)?, Some((path, metadata))),
        None => (Contents::default(), None),
    };
    if let (Some(path), None) = (&asked_path, &metadata) {
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
    let known: Vec<&str> = contents.profiles.keys().map(String::as_str).collect();
    let known = known.join(", ");
    let kept = contents.profiles.remove(&profile);
    let unknown = asked_profile.is_some() && kept.is_none() && !known.is_empty();
    let Profile {
        base_url,
        user_name,
        token,
        own_number,
        pace,
        store,
    } = kept.unwrap_or_default();

    let base_url = base_url_from(flags, environment, base_url)?;
    let user_name = from_variable(environment, USER_NAME)?.or(user_name);
    let given = from_variable(environment, TOKEN)?.map(|text| Placed {
        value: SecretString::from(text.value),
        origin: text.origin,
    });
    if let (None, Some(_), Some((path, metadata))) = (&given, &token, &metadata) {
        credentials::check_private(path, metadata)?;
    }
    let token = given.or(token);
    let given = from_variable(environment, STORE)?.filter(|text| !text.value.trim().is_empty());
    let given = given.map(|text| StoreText::new(text.value.into(), text.origin));
    if let (None, Some(kept), Some((path, metadata))) = (&given, &store, &metadata)
        && kept.may_be_secret()
    {
        credentials::check_private(path, metadata)?;
    }
    let store = given.or(store);
    let pace = match from_variable(environment, PACE)? {
        Some(Placed { value, origin }) => value.parse().map_err(|_why| ConfigError::Value {
            origin,
            key: "pace",
            expected: "a number of requests per second from 0.01 to 1000, or `unlimited`",
        })?,
        None => pace.unwrap_or_else(|| Pace::default_for(&base_url)),
    };
    let account = account(&base_url, user_name, token, &profile)?;
    if let (None, true, Some((path, _))) = (&account, unknown, metadata) {
        return Err(ConfigError::UnknownProfile {
            name: profile,
            path: path.clone(),
            known,
        });
    }
    Ok(Settings {
        profile,
        account,
        base_url,
        own_number,
        pace,
        theme: contents.theme.unwrap_or_default(),
        masking: contents.masking.unwrap_or_default(),
        confirm_send_over: contents.confirm_send_over.unwrap_or(CONFIRM_SEND_OVER),
        send_delay: contents.send_delay.unwrap_or(SEND_DELAY),
        contacts: contents
            .contacts
            .map(|text| contacts_path(environment, config_path.as_deref(), &text.value)),
        store,
        config_path,
        warnings: contents.warnings,
    })
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

fn from_variable(
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

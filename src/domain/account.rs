//! Who we are towards the API: base URL, user name and token. The token never prints.

use std::fmt;
use std::net::IpAddr;

use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

/// The authentication token. `Debug` shows that there is one, nothing more.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// The secret itself: for the request header and for the config file, nowhere else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Token {}

/// Where a token is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenPlace {
    /// Nowhere that lasts, or nowhere of ours: in memory, or in the environment.
    #[default]
    Elsewhere,
    /// In the configuration file, as plain text.
    File,
    /// In the keyring of the computer.
    Keyring,
}

/// How an account was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The configuration file, as shown to the user.
    pub file: String,
    /// Where its token is.
    pub token: TokenPlace,
    /// Why that is not the keyring, when it was asked.
    pub no_keyring: Option<String>,
}

/// The root of the API: https, or plain http on this computer only; no user, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why an account cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The base URL is no URL.
    #[error("the base URL is not a web address, for example `https://api-messaging.wavy.global`")]
    NotAUrl,
    /// Plain http to another computer would show the token to everyone on the way.
    #[error(
        "the base URL must start with https:// (plain http is accepted for this computer only)"
    )]
    NotHttps,
    /// Credentials, a query or a fragment inside the URL.
    #[error("the base URL must be scheme, host and path only")]
    Extra,
    /// No user name.
    #[error("the user name is empty")]
    NoUserName,
    /// No token.
    #[error("the authentication token is empty")]
    NoToken,
    /// A user name that cannot stand in a header.
    #[error("the user name has characters that a request header cannot carry")]
    UserNameCharacters,
    /// A token that cannot stand in a header.
    #[error("the authentication token has characters that a request header cannot carry")]
    TokenCharacters,
}

impl BaseUrl {
    /// The provider's own host. Source: «Connection Details».
    pub const DEFAULT: &'static str = "https://api-messaging.wavy.global";

    /// Reads and checks a base URL; a trailing slash makes no difference.
    ///
    /// # Errors
    /// When the text is no URL, would send the token unencrypted to another computer, or carries
    /// credentials, a query or a fragment.
    pub fn new(text: &str) -> Result<Self, AccountError> {
        let url =
            Url::parse(text.trim().trim_end_matches('/')).map_err(|_why| AccountError::NotAUrl)?;
        let host = url.host().ok_or(AccountError::NotAUrl)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&host) => {}
            "http" => return Err(AccountError::NotHttps),
            _ => return Err(AccountError::NotAUrl),
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(AccountError::Extra);
        }
        Ok(Self(url))
    }

    /// The URL.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Host, with the port where it is not the usual one.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether it points to this computer.
    pub fn is_loopback(&self) -> bool {
        self.0.host().is_some_and(|host| is_loopback(&host))
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(ip) => IpAddr::V4(*ip).is_loopback(),
        Host::Ipv6(ip) => IpAddr::V6(*ip).is_loopback(),
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// What the program may do with an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Read and change.
    #[default]
    Full,
    /// Read only: no request that changes anything leaves.
    ReadOnly,
}

/// Everything a request needs to be accepted. Source: «Authentication».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Root of the API.
    pub base_url: BaseUrl,
    /// Name or e-mail.
    pub user_name: String,
    /// Secret.
    pub token: Token,
}

impl Account {
    /// Checks the parts; blanks around them are dropped, as they come with every paste.
    ///
    /// # Errors
    /// When a part is empty or cannot stand in a request header.
    pub fn new(base_url: BaseUrl, user_name: &str, token: &str) -> Result<Self, AccountError> {
        let (user_name, token) = (user_name.trim(), token.trim());
        let printable = |text: &str| text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if user_name.is_empty() {
            Err(AccountError::NoUserName)
        } else if !printable(user_name) {
            Err(AccountError::UserNameCharacters)
        } else if token.is_empty() {
            Err(AccountError::NoToken)
        } else if !printable(token) {
            Err(AccountError::TokenCharacters)
        } else {
            Ok(Self {
                base_url,
                user_name: user_name.to_owned(),
                token: Token(token.to_owned().into()),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_computer_only() {
        for good in [
            "https://api-messaging.wavy.global",
            "http://127.0.0.1:8080/",
            "http://localhost:1",
            "http://[::1]:9/x",
        ] {
            assert!(BaseUrl::new(good).is_ok(), "{good}");
        }
        assert_eq!(
            BaseUrl::new("http://api-messaging.wavy.global"),
            Err(AccountError::NotHttps)
        );
        assert_eq!(
            BaseUrl::new("http://127.0.0.1.evil.org"),
            Err(AccountError::NotHttps)
        );
        assert_eq!(BaseUrl::new("ftp://localhost"), Err(AccountError::NotAUrl));
        assert_eq!(
            BaseUrl::new("https://me:secret@host"),
            Err(AccountError::Extra)
        );
        assert_eq!(BaseUrl::new("wavy"), Err(AccountError::NotAUrl));
    }

    #[test]
    fn a_token_never_prints() {
        let base = BaseUrl::new(BaseUrl::DEFAULT).unwrap();
        let account = Account::new(base, "ana@example.org", " s3cr3t-canary \n").unwrap();
        assert_eq!(account.token.expose(), "s3cr3t-canary");
        assert!(!format!("{account:?} {account:#?}").contains("canary"));
    }

    #[test]
    fn what_no_header_can_carry_is_refused() {
        let base = || BaseUrl::new(BaseUrl::DEFAULT).unwrap();
        assert_eq!(
            Account::new(base(), " ", "t"),
            Err(AccountError::NoUserName)
        );
        assert_eq!(Account::new(base(), "u", ""), Err(AccountError::NoToken));
        assert_eq!(
            Account::new(base(), "u", "a\nb"),
            Err(AccountError::TokenCharacters)
        );
        assert_eq!(
            Account::new(base(), "joão", "t"),
            Err(AccountError::UserNameCharacters)
        );
    }
}

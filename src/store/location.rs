//! Where a store is: a file, or a database of a PostgreSQL server. Opens neither.
//!
//! Invariant: an address may hold a password, so neither an error nor `Debug` repeats it; of a server only
//! the host and the name of the database are ever said.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::paths::Chosen;

/// Letters of a profile's name that cannot stand in the name of a file as they are.
const NOT_IN_A_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A place for the store.
#[derive(Clone, Debug)]
pub struct Location(pub(super) Kind);

#[derive(Clone, Debug)]
pub(super) enum Kind {
    File { path: PathBuf, chosen: Chosen },
    Server(Server),
}

/// A database of a PostgreSQL server.
#[derive(Clone)]
pub(super) struct Server {
    options: Box<PgConnectOptions>,
    /// Host and database.
    shown: String,
}

/// Why a text names no place for the store. Never repeats the text: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// Neither a state folder nor a home folder.
    #[error(
        "there is no folder for the journal, because HOME is not set; set it, or name a file with \
         `WAVEDECK_STORE=sqlite:PATH`"
    )]
    NoHome,
    /// A PostgreSQL address that cannot be read.
    #[error(
        "a store on PostgreSQL must be written as `postgres://USER@HOST/DATABASE`; letters of a \
         password that mean something in a URL must be written as `%` and their code"
    )]
    Address,
    /// A PostgreSQL address that ends after the host.
    #[error(
        "the address of the PostgreSQL store names no database: `postgres://USER@HOST/DATABASE`"
    )]
    NoDatabase,
    /// Another scheme, or none.
    #[error(
        "the store must be written as `sqlite:PATH`, for example `sqlite:/srv/wavedeck.db`, or as \
         `postgres://USER@HOST/DATABASE`"
    )]
    Scheme,
    /// `sqlite:` and nothing that could be a file.
    #[error("`sqlite:` must be followed by the path of a file")]
    NoFile,
    /// `~`, which only a shell understands.
    #[error("`~` has no meaning in the path of the store; write the whole path")]
    Tilde,
}

impl Location {
    /// The usual place for a profile: `$XDG_STATE_HOME/wavedeck/PROFILE.db`, or below
    /// `~/.local/state`, on macOS too.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn of_profile(profile: &str) -> Result<Self, LocationError> {
        let xdg = etcetera::base_strategy::Xdg::new().map_err(|_no_home| LocationError::NoHome)?;
        let state = xdg.state_dir().ok_or(LocationError::NoHome)?;
        Ok(Self::in_state_folder(&state, profile))
    }

    /// The same below a given folder.
    pub fn in_state_folder(state: &Path, profile: &str) -> Self {
        let name = utf8_percent_encode(profile, NOT_IN_A_NAME);
        Self(Kind::File {
            path: state.join("wavedeck").join(format!("{name}.db")),
            chosen: Chosen::ByUs,
        })
    }

    /// A file that somebody chose.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File {
            path: path.into(),
            chosen: Chosen::ByTheUser,
        })
    }

    /// Reads `WAVEDECK_STORE`: `sqlite:PATH`, also with two slashes after the colon, or
    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with the parameters that `psql` knows. What such
    /// an address leaves out comes from `PGUSER`, `PGPASSWORD` and the like, and from `~/.pgpass`.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(LocationError::Scheme);
        };
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => {}
            "postgres" | "postgresql" => return Server::parse(text).map(Kind::Server).map(Self),
            _ => return Err(LocationError::Scheme),
        }
        let path = rest.strip_prefix("//").unwrap_or(rest);
        // `:memory:` would be a journal that forgets.
        if path.is_empty() || path.starts_with(':') || path.ends_with('/') {
            Err(LocationError::NoFile)
        } else if path == "~" || path.starts_with("~/") {
            Err(LocationError::Tilde)
        } else {
            Ok(Self::file(path))
        }
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::File { path, .. } => Some(path),
            Kind::Server(_) => None,
        }
    }
}

impl Server {
    fn parse(text: &str) -> Result<Self, LocationError> {
        if !text.contains("://") {
            return Err(LocationError::Address);
        }
        // Its own words may quote the address.
        let mut options: PgConnectOptions =
            text.parse().map_err(|_quotes| LocationError::Address)?;
        let Some(database) = options.get_database().map(str::to_owned) else {
            return Err(LocationError::NoDatabase);
        };
        if options.get_application_name().is_none() {
            options = options.application_name("wavedeck");
        }
        let socket = options.get_socket().map(PathBuf::from);
        let host = options.get_host().to_owned();
        // The driver's own choice would go on without encryption when the server offers none, and take any
        // certificate when it does.
        let is_here = socket.is_some() || is_this_computer(&host);
        if !is_here && matches!(options.get_ssl_mode(), PgSslMode::Prefer) {
            options = options.ssl_mode(PgSslMode::VerifyFull);
        }
        let place = socket.map_or(host, |socket| socket.display().to_string());
        Ok(Self {
            options: Box::new(options),
            shown: format!("{place}/{database}"),
        })
    }

    /// How to get there; holds the password.
    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

/// The file, or the host and the database: no password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::File { path, .. } => write!(f, "{}", path.display()),
            Kind::Server(server) => write!(f, "{server}"),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.shown).finish()
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

fn is_this_computer(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.starts_with('/') || {
        let address: Result<IpAddr, _> = bare.parse();
        address.is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_may_have_any_name_and_stays_in_its_folder() {
        let name = |profile| {
            let location = Location::in_state_folder(Path::new("/s"), profile);
            let path = location.path().unwrap();
            let name = path.strip_prefix("/s/wavedeck").unwrap();
            name.to_str().unwrap().to_owned()
        };
        assert_eq!(name("work"), "work.db");
        assert_eq!(name("../../etc/passwd"), "..%2F..%2Fetc%2Fpasswd.db");
        assert_eq!(name("São Paulo"), "S%C3%A3o%20Paulo.db");
    }

    #[test]
    fn the_setting_names_a_file_or_says_what_is_wrong() {
        for (text, path) in [
            ("sqlite:/srv/w.db", "/srv/w.db"),
            ("sqlite:///srv/w.db", "/srv/w.db"),
            (" SQLite:w.db ", "w.db"),
            ("sqlite://folder/w.db", "folder/w.db"),
        ] {
            let location = Location::parse(text).unwrap();
            assert_eq!(location.path(), Some(Path::new(path)), "{text}");
        }
        for (text, why) in [
            ("mysql://ana:s3cret@db", LocationError::Scheme),
            ("/srv/w.db", LocationError::Scheme),
            ("", LocationError::Scheme),
            ("sqlite:", LocationError::NoFile),
            ("sqlite::memory:", LocationError::NoFile),
            ("sqlite:/srv/", LocationError::NoFile),
            ("sqlite:~/w.db", LocationError::Tilde),
            ("postgres://ana:s3cret@db", LocationError::NoDatabase),
            ("postgresql://ana:s3cret@db/", LocationError::NoDatabase),
            ("postgres://ana:s3cret/x@db:y/w", LocationError::Address),
            ("postgres:s3cret", LocationError::Address),
            (
                "postgres://ana:s3cret@db/w?sslmode=s3cret",
                LocationError::Address,
            ),
        ] {
            assert_eq!(Location::parse(text).unwrap_err(), why, "{text}");
            assert!(!why.to_string().contains("s3cret"));
        }
    }

    fn server(text: &str) -> Server {
        match Location::parse(text).unwrap().0 {
            Kind::Server(server) => server,
            Kind::File { path, .. } => panic!("{}", path.display()),
        }
    }

    #[test]
    fn of_a_server_nothing_is_shown_but_host_and_database() {
        let location = Location::parse("postgres://ana:s3cret@db.example.org:6000/deck").unwrap();
        let debug = format!("{location:?}");
        assert!(debug.contains("db.example.org/deck"), "{debug}");
        assert!(
            !debug.contains("s3cret") && !debug.contains("ana"),
            "{debug}"
        );
        let shown = server("postgresql:///deck?host=/run/pg&password=s3cret").to_string();
        assert_eq!(shown, "/run/pg/deck");
    }

    #[test]
    fn a_server_elsewhere_must_prove_who_it_is_unless_somebody_says_otherwise() {
        use PgSslMode::{Disable, Prefer, Require, VerifyFull};
        for (text, mode) in [
            ("postgres://a@db.example.org/w", VerifyFull),
            ("postgres://a@10.0.0.7/w", VerifyFull),
            ("postgres://a@db/w?sslmode=require", Require),
            ("postgres://a@db/w?sslmode=disable", Disable),
            ("postgres://a@127.0.0.1/w", Prefer),
            ("postgres://a@[::1]/w", Prefer),
            ("postgres://a@localhost/w", Prefer),
            ("postgres:///w?host=/run/pg", Prefer),
        ] {
            let found = server(text).options().get_ssl_mode();
            assert_eq!(format!("{found:?}"), format!("{mode:?}"), "{text}");
        }
    }
}

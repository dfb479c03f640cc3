//! Why the store could not do something, in words that say what to do next.
//!
//! Invariant: no message holds a password or bytes of a damaged file. Of a server only its host and the
//! name of the database are said.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use super::location::Server;
use crate::domain::journal::EntryId;

/// Why the store could not do something. Without a store changes must not be made; reading from the
/// API needs none.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or restricted.
    #[error(
        "the folder of the journal cannot be used: {source}: `{path}`; mend it, or set \
         WAVEDECK_STORE to another place"
    )]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be made, looked at or renamed.
    #[error(
        "the journal cannot be used: {source}: `{path}`; mend it, or set WAVEDECK_STORE to another \
         place"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database cannot be opened.
    #[error(
        "the journal cannot be opened: {source}: `{path}`; mend it, or set WAVEDECK_STORE to \
         another place"
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
    /// Written by a newer version of this program.
    #[error(
        "the journal was written by a newer wavedeck (schema {found}, this one knows {known}) and \
         was left as it is: `{place}`; update wavedeck, or set WAVEDECK_STORE to another place"
    )]
    Newer {
        /// The file, or the host and the database.
        place: String,
        /// Its version.
        found: i64,
        /// The latest version known here.
        known: i64,
    },
    /// A database, but not one of ours.
    #[error(
        "this is the database of another program and was left as it is: `{place}`; set \
         WAVEDECK_STORE to another place"
    )]
    NotOurs {
        /// The file, or the host and the database.
        place: String,
    },
    /// Damaged, and another wavedeck has it open, so that it cannot be set aside.
    #[error(
        "the journal is damaged and another wavedeck has it open: `{path}`; close that one, then \
         start this one again"
    )]
    DamagedInUse {
        /// The file.
        path: PathBuf,
    },
    /// Damage was met while it was open.
    #[error(
        "the journal is damaged; start wavedeck again, then it is set aside and a new one begun"
    )]
    Damaged,
    /// The disk is full.
    #[error("there is no space left for the journal; free some, then try again")]
    Full,
    /// The file may not be written.
    #[error(
        "the journal cannot be written, only read; mend the permissions of its file and folder"
    )]
    ReadOnly,
    /// Another program keeps it for itself.
    #[error("the journal is in use by another program; close that one, or try again")]
    Busy,
    /// The server does not answer, or not in time.
    #[error(
        "the database server of the journal cannot be reached: `{place}`: {source}; see that it runs \
         and that its address in the store setting is right, then try again"
    )]
    Unreachable {
        /// The host and the database.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The server cannot prove who it is, or speaks no TLS.
    #[error(
        "there is no safe connection to the database server of the journal: `{place}`: {source}; give it a \
         certificate that this computer trusts, name the one to trust with `sslrootcert=FILE`, or \
         choose another `sslmode` at the end of its address"
    )]
    Unsafe {
        /// The host and the database.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The server refuses user or password.
    #[error(
        "the database server of the journal lets this user not in: `{place}`: {source}; correct user \
         and password in the store setting, or the rules of the server"
    )]
    Refused {
        /// The host and the database.
        place: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The server has no database of that name.
    #[error(
        "the server has no database of that name: `{place}`; make it with `createdb`, or correct the \
         store setting"
    )]
    NoDatabase {
        /// The host and the database.
        place: String,
    },
    /// Tables of the journal are missing or others than they must be.
    #[error(
        "tables of the journal are missing or changed, and were left as they are: `{place}`; bring the \
         database back from a copy, or set WAVEDECK_STORE to another one"
    )]
    Incomplete {
        /// The host and the database.
        place: String,
    },
    /// The connection to the server broke.
    #[error(
        "the connection to the database of the journal broke: {0}; it is taken up again by itself, \
         try again"
    )]
    Lost(sqlx::Error),
    /// The server has no connection left.
    #[error(
        "the database server of the journal takes no more connections: {0}; close others, or raise \
         its `max_connections`"
    )]
    Crowded(sqlx::Error),
    /// The server allows reading only.
    #[error(
        "the database of the journal takes no changes: {0}; use the server that does, or have the \
         rights of this user mended"
    )]
    NoRights(sqlx::Error),
    /// Changes by other programs cannot be noticed.
    #[error("changes by other programs cannot be noticed: {0}")]
    Watch(String),
    /// The disk or its file system failed.
    #[error("the disk failed under the journal: {0}; check the disk, then try again")]
    Disk(sqlx::Error),
    /// There is no such entry.
    #[error("the journal has no entry {id}; nothing was noted", id = .0.0)]
    NoSuchEntry(EntryId),
    /// The entry ended otherwise already.
    #[error("entry {id} of the journal has another end already, which was kept", id = .0.0)]
    AlreadySettled(EntryId),
    /// Something else the database said.
    #[error("the journal failed: {0}; try again")]
    Database(sqlx::Error),
    /// An export could not be written as text.
    #[error("the journal cannot be exported: {0}")]
    Export(String),
}

impl StoreError {
    pub(super) fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }

    /// Sorts what the database says by what can be done about it.
    pub(super) fn of(why: sqlx::Error) -> Self {
        if matches!(why, sqlx::Error::PoolTimedOut) {
            return Self::Busy;
        }
        if is_about_the_connection(&why) {
            return Self::Lost(why);
        }
        let is_postgres = why
            .as_database_error()
            .is_some_and(|said| said.try_downcast_ref::<PgDatabaseError>().is_some());
        let code = why
            .as_database_error()
            .and_then(DatabaseError::code)
            .map(Cow::into_owned);
        if is_postgres {
            Self::of_postgres(why, code.as_deref().unwrap_or_default())
        } else {
            Self::of_sqlite(why, code.and_then(|code| code.parse().ok()))
        }
    }

    /// Source: <https://www.sqlite.org/rescode.html>, primary codes in the lower eight bits.
    fn of_sqlite(why: sqlx::Error, code: Option<u32>) -> Self {
        match code.map(|code| code & 0xff) {
            // BUSY, LOCKED
            Some(5 | 6) => Self::Busy,
            // PERM, READONLY
            Some(3 | 8) => Self::ReadOnly,
            // IOERR
            Some(10) => Self::Disk(why),
            // CORRUPT, NOTADB. Its own words are dropped: they may quote the damaged bytes.
            Some(11 | 26) => Self::Damaged,
            // FULL
            Some(13) => Self::Full,
            Some(_) | None => Self::Database(why),
        }
    }

    /// Source: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
    fn of_postgres(why: sqlx::Error, code: &str) -> Self {
        match code {
            // disk_full
            "53100" => Self::Full,
            // too_many_connections, configuration_limit_exceeded
            "53300" | "53400" => Self::Crowded(why),
            // lock_not_available, query_canceled, deadlock_detected, serialization_failure
            "55P03" | "57014" | "40P01" | "40001" => Self::Busy,
            // read_only_sql_transaction, insufficient_privilege
            "25006" | "42501" => Self::NoRights(why),
            // io_error
            "58030" => Self::Disk(why),
            // The server ends, starts, or had enough of this connection.
            "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Self::Lost(why),
            code if code.starts_with("08") => Self::Lost(why),
            _ => Self::Database(why),
        }
    }

    /// The same while connecting to a server, with its name.
    pub(super) fn connecting(server: &Server, why: sqlx::Error) -> Self {
        let place = server.to_string();
        let code = why.as_database_error().and_then(DatabaseError::code);
        match code.as_deref() {
            // invalid_authorization_specification, invalid_password
            Some("28000" | "28P01") => return Self::Refused { place, source: why },
            // invalid_catalog_name
            Some("3D000") => return Self::NoDatabase { place },
            Some(_) | None => {}
        }
        if is_about_tls(&why) {
            return Self::Unsafe { place, source: why };
        }
        let why = Self::of(why);
        if let Self::Lost(source) | Self::Database(source) = why {
            return Self::Unreachable { place, source };
        }
        why
    }

    /// The same, with the file where the words of the database alone say too little.
    pub(super) fn opening(path: &Path, why: sqlx::Error) -> Self {
        let why = Self::of(why);
        if let Self::Database(source) = why {
            let path = path.to_owned();
            return Self::Open { path, source };
        }
        why
    }
}

/// SQLite has none, so it is about a server.
fn is_about_the_connection(why: &sqlx::Error) -> bool {
    matches!(
        why,
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)
    )
}

fn is_about_tls(why: &sqlx::Error) -> bool {
    // What goes wrong while both sides agree on keys comes as a failure to read.
    let is_odd = |why: &io::Error| why.kind() == io::ErrorKind::InvalidData;
    matches!(why, sqlx::Error::Tls(_)) || matches!(why, sqlx::Error::Io(why) if is_odd(why))
}

//! The account in the file: who may read it, and how it is written.
//!
//! A file with a token, or with a password of the store, is used only when it is ours, ours alone, and where it seems to be. It is
//! written whole or not at all: a private file beside it, flushed to the disk, then renamed.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::{ConfigError, Keyring, KeyringError, file};
use crate::domain::{Account, Saved, TokenPlace, WaId};

/// Only for us: the file, and the folder made for it.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;
/// Bits that let the group or others in.
const OTHERS: u32 = 0o077;

/// Refuses a file whose secrets others could have read or put there.
pub(super) fn check_private(path: &Path, metadata: &Metadata) -> Result<(), ConfigError> {
    let path = || path.to_owned();
    if leads_elsewhere(&path()) {
        Err(ConfigError::LinkElsewhere { path: path() })
    } else if metadata.uid() != rustix::process::geteuid().as_raw() {
        Err(ConfigError::NotOurs { path: path() })
    } else if metadata.mode() & OTHERS != 0 {
        Err(ConfigError::OthersCanRead { path: path() })
    } else {
        Ok(())
    }
}

/// Whether the file is a link out of the folder it stands in.
fn leads_elsewhere(path: &Path) -> bool {
    let is_link = fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
    if !is_link {
        return false;
    }
    let target = fs::canonicalize(path).ok();
    let folder = fs::canonicalize(folder_of(path)).ok();
    target.as_deref().and_then(Path::parent) != folder.as_deref()
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Keeps `account` as `[profiles.PROFILE]` of the file at `path`, private to the user. What else
/// the file holds, comments included, stays as it is; the previous file is kept as `.bak` beside it.
///
/// The token goes into the keyring if that takes it, and then no file holds it any more; else, or where the
/// profile says `keyring = false`, into the file. `own_number` is written when there is one; an older one
/// stays otherwise.
///
/// # Errors
/// When the present file cannot be understood, leads to another folder, or when writing fails. The
/// present file is untouched then.
pub fn save_account(
    path: &Path,
    profile: &str,
    account: &Account,
    own_number: Option<&WaId>,
    keyring: &Keyring,
) -> Result<Saved, ConfigError> {
    if leads_elsewhere(path) {
        return Err(ConfigError::LinkElsewhere {
            path: path.to_owned(),
        });
    }
    let previous = file::read(path)?.map(|(text, _)| text);
    let text = previous.clone().unwrap_or_default();
    // Understood in full, so that nothing is added to a file that could not be read again.
    let contents = file::parse(path, &text)?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|why: toml_edit::TomlError| file::syntax(path, &text, &why))?;
    let no_table = || ConfigError::Save {
        path: path.to_owned(),
        source: io::Error::other("`profiles` is not a table"),
    };
    // Before the keyring is told of an account that no file would name.
    let failed = |source| ConfigError::Save {
        path: path.to_owned(),
        source,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder_of(path))
        .map_err(failed)?;
    let mut backup = document.clone();
    let table = profile_table(&mut document, profile).ok_or_else(no_table)?;
    let wanted = contents.profiles.get(profile).and_then(|kept| kept.keyring);
    let refused = if wanted == Some(false) {
        Some(KeyringError::Off)
    } else {
        keyring.write(account).err()
    };
    set(table, "base_url", account.base_url.to_string());
    set(table, "user_name", account.user_name.clone());
    if let Some(number) = own_number {
        set(table, "own_number", number.to_string());
    }
    if refused.is_none() {
        table.remove("token");
        set(table, "keyring", true);
        if let Some(old) = profile_table(&mut backup, profile) {
            // Nor is it left behind in the copy.
            old.remove("token");
        }
    } else {
        set(table, "token", account.token.expose().to_owned());
        if wanted == Some(true) {
            table.remove("keyring");
        }
    }
    if previous.is_some() {
        write_private(&beside(path, ".bak"), &backup.to_string()).map_err(failed)?;
    }
    write_private(path, &document.to_string()).map_err(failed)?;
    Ok(Saved {
        file: path.display().to_string(),
        token: if refused.is_none() {
            TokenPlace::Keyring
        } else {
            TokenPlace::File
        },
        // Who wants none need not be told.
        no_keyring: refused
            .filter(|why| *why != KeyringError::Off)
            .map(|why| why.to_string()),
    })
}

/// A name for the profile of a new account that no profile has: its user name, else with a number.
pub fn new_name(profiles: &[String], user_name: &str) -> String {
    let is_free = |name: &String| !profiles.contains(name);
    let mut names = (2..=profiles.len() + 2).map(|number| format!("{user_name} {number}"));
    let plain = user_name.to_owned();
    if is_free(&plain) {
        plain
    } else {
        // One of so many is free.
        names.find(is_free).unwrap_or(plain)
    }
}

fn profile_table<'d>(
    document: &'d mut DocumentMut,
    profile: &str,
) -> Option<&'d mut dyn TableLike> {
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut table = Table::new();
        // Without a line `[profiles]` of its own.
        table.set_implicit(true);
        Item::Table(table)
    });
    let inline = profiles.is_inline_table();
    profiles
        .as_table_like_mut()?
        .entry(profile)
        .or_insert_with(|| {
            if inline {
                Item::Value(Value::InlineTable(toml_edit::InlineTable::new()))
            } else {
                Item::Table(Table::new())
            }
        })
        .as_table_like_mut()
}

/// Sets a value in place: order, blanks and the comment behind it stay.
fn set(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    match table.get_mut(key) {
        Some(Item::Value(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        Some(_) | None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Writes the whole file or none of it, readable by us alone from its first byte.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let draft = beside(path, &format!(".{:016x}", fastrand::u64(..)));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(&draft)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // The first failure is the one to tell; a draft that cannot be removed adds nothing.
        let _ = fs::remove_file(&draft);
        return written;
    }
    File::open(folder_of(path))?.sync_all()
}

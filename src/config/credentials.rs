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

use super::{ConfigError, file};
use crate::domain::{Account, WaId};

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
/// `own_number` is written when there is one; an older one stays otherwise.
///
/// # Errors
/// When the present file cannot be understood, leads to another folder, or when writing fails. The
/// present file is untouched then.
pub fn save_account(
    path: &Path,
    profile: &str,
    account: &Account,
    own_number: Option<&WaId>,
) -> Result<(), ConfigError> {
    if leads_elsewhere(path) {
        return Err(ConfigError::LinkElsewhere {
            path: path.to_owned(),
        });
    }
    let previous = file::read(path)?.map(|(text, _)| text);
    let text = previous.clone().unwrap_or_default();
    // Understood in full, so that nothing is added to a file that could not be read again.
    file::parse(path, &text)?;
    let mut document: DocumentMut = text
        .parse()
        .map_err(|why: toml_edit::TomlError| file::syntax(path, &text, &why))?;
    let mut values = vec![
        ("base_url", account.base_url.to_string()),
        ("user_name", account.user_name.clone()),
        ("token", account.token.expose().to_owned()),
    ];
    values.extend(own_number.map(|number| ("own_number", number.to_string())));
    let table = profile_table(&mut document, profile).ok_or_else(|| ConfigError::Save {
        path: path.to_owned(),
        source: io::Error::other("`profiles` is not a table"),
    })?;
    for (key, value) in values {
        set(table, key, value);
    }

    let failed = |source| ConfigError::Save {
        path: path.to_owned(),
        source,
    };
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder_of(path))
        .map_err(failed)?;
    if let Some(previous) = previous {
        write_private(&beside(path, ".bak"), &previous).map_err(failed)?;
    }
    write_private(path, &document.to_string()).map_err(failed)
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
fn set(table: &mut dyn TableLike, key: &str, text: String) {
    let mut value = Value::from(text);
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

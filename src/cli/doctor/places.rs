//! The files and folders of the program, and who may read them. Opens nothing that would change by it.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use super::{Place, Report, logging, place, shown};
use crate::cli::args::Dashboard;
use crate::config::Settings;
use crate::store::Cache;

/// How every database of SQLite begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Who may do what, as `chmod` takes it.
pub(super) fn mode(found: &Metadata) -> String {
    format!("mode {:o}", found.permissions().mode() & 0o777)
}

/// The journal, what is known of the groups and the log, with their folders.
pub(super) fn folders(report: &mut Report, args: &Dashboard, settings: Option<&Settings>) {
    match logging::usual_path() {
        Some(log) => private(report, "state", log.parent().unwrap_or(&log)),
        None => report.problem("state", "HOME is not set, so nothing can be kept"),
    }
    if let Some(settings) = settings {
        match place(settings.store.as_ref(), &settings.profile) {
            Ok(Place::At(location)) => match location.path() {
                Some(path) => store(report, path),
                None => report.fine("store", format!("PostgreSQL {location}, not asked")),
            },
            Ok(Place::Impossible(why)) => report.problem("store", why),
            // Told as a problem of the configuration.
            Err(_) => {}
        }
        match settings.receive.listen {
            Some(listen) => report.fine("receives", format!("at {listen}")),
            None => report.fine("receives", "no"),
        }
    }
    cache(report, settings);
    if let Some(log) = logging::path(args) {
        private(report, "log", &log);
    }
}

/// What is known of the groups of the account, if that is kept.
fn cache(report: &mut Report, settings: Option<&Settings>) {
    let Some(folder) = Cache::folder() else {
        report.fine("cache", "HOME is not set, so nothing is remembered");
        return;
    };
    let account = match settings {
        Some(settings) if !settings.cache => {
            report.fine("cache", "off, as configured");
            return;
        }
        Some(settings) => settings.account.as_ref(),
        None => None,
    };
    let Some(cache) = account.map(|account| Cache::of(&folder, account)) else {
        private(report, "cache", &folder);
        return;
    };
    match cache.size() {
        Ok(0) => report.fine("cache", format!("{}, none yet", shown(&cache.names()))),
        Ok(bytes) => {
            let kilobytes = bytes.div_ceil(1000);
            let names = shown(&cache.names());
            report.fine("cache", format!("{names} and its rosters, {kilobytes} kB"));
        }
        Err(why) => report.problem("cache", format!("{}: {why}", shown(&folder))),
    }
}

/// A database: whether it is one, and whose.
fn store(report: &mut Report, path: &Path) {
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| {
        let most = SQLITE.len() as u64;
        file.take(most).read_to_end(&mut start)
    });
    match read {
        // An empty file is a database of which nothing is there yet.
        Ok(_) if !start.is_empty() && start != SQLITE => {
            report.problem("store", format!("{}: this is no database", shown(path)));
        }
        Ok(_) => private(report, "store", path),
        Err(why) if why.kind() == ErrorKind::NotFound => private(report, "store", path),
        Err(why) => report.problem("store", format!("{}: {why}", shown(path))),
    }
}

/// Something that should be the user's alone.
fn private(report: &mut Report, name: &str, path: &Path) {
    let at = shown(path);
    match fs::metadata(path) {
        Ok(found) if found.uid() != rustix::process::geteuid().as_raw() => {
            report.problem(name, format!("{at} belongs to somebody else"));
        }
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            report.problem(name, format!("others can read {at}, {}", mode(&found)));
        }
        Ok(found) => report.fine(name, format!("{at}, {}", mode(&found))),
        Err(why) if why.kind() == ErrorKind::NotFound => {
            report.fine(name, format!("{at}, none yet"));
        }
        Err(why) => report.problem(name, format!("{at}: {why}")),
    }
}

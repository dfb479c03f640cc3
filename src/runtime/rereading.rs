//! Hears that the configuration file was written and has it read again. What may be taken over is judged
//! by whoever reads; this only knows when.
//!
//! Invariant: nothing is asked at intervals. The system tells of writing; what editors do in several steps
//! is waited for, then read once.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use super::tasks::{Arrival, ReadContacts};
use crate::app::Msg;
use crate::app::session::Preferences;
use crate::theme::Theme;

/// So long nothing is written before a file counts as written.
const CALM: Duration = Duration::from_millis(100);
/// After so many times [`CALM`] it is read in any case.
const MOST_WAITS: usize = 5;

/// Why the file is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It was written: what is as before need not be told.
    Written,
    /// The user asks.
    Asked,
}

/// What a configuration means for a dashboard that runs.
pub struct Reread {
    /// The look.
    pub theme: Theme,
    /// Reads what the user calls people, if there is a file of that.
    pub contacts: Option<ReadContacts>,
    /// For the core.
    pub preferences: Preferences,
}

impl fmt::Debug for Reread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reread").field(&self.preferences).finish()
    }
}

/// A function that reads the file again; `None` when there is nothing to tell, an error in words when it
/// cannot be used, so that all stays as it is.
pub type ReadAgain = Arc<dyn Fn(Occasion) -> Result<Option<Reread>, String> + Send + Sync>;

/// A configuration that may change while the dashboard runs.
#[derive(Clone)]
pub struct Configuration {
    /// The file, whether it exists or not; `None` where there is no place for one.
    pub path: Option<PathBuf>,
    /// Reads it.
    pub read: ReadAgain,
}

impl Configuration {
    /// Reads it, for the loop.
    pub(super) fn reread(&self, occasion: Occasion) -> Option<Arrival> {
        match (self.read)(occasion) {
            Ok(reread) => Some(Arrival::Reread(Box::new(reread?))),
            Err(why) => Some(Arrival::Msg(Msg::Reread(Err(why)))),
        }
    }

    /// Reads it whenever it was written, until the program ends. Returns at once where there is no folder
    /// to watch yet.
    pub(super) async fn follow(self, inbox: UnboundedSender<Arrival>) {
        let Some(path) = self.path.clone() else {
            return;
        };
        let (sender, mut written) = watch::channel(());
        let watching = tokio::task::spawn_blocking(move || watchers(&path, &sender));
        let Ok(watchers) = watching.await else { return };
        let _watchers = match watchers {
            Ok(watchers) if watchers.is_empty() => return,
            Ok(watchers) => watchers,
            Err(why) => {
                let why = format!("changes of it are not noticed by themselves: {why}");
                // The loop has ended: nobody wants to know any more.
                let _ = inbox.send(Arrival::Msg(Msg::Reread(Err(why))));
                return;
            }
        };
        while written.changed().await.is_ok() {
            for _ in 0..MOST_WAITS {
                if tokio::time::timeout(CALM, written.changed()).await.is_err() {
                    break;
                }
            }
            let configuration = self.clone();
            let read = move || configuration.reread(Occasion::Written);
            if let Ok(Some(arrival)) = tokio::task::spawn_blocking(read).await {
                let _ = inbox.send(arrival);
            }
        }
    }
}

/// Watches the folder of the file, and that of the file itself where the path is a link. Folders, because
/// editors put another file in the place of the old one.
fn watchers(path: &Path, sender: &watch::Sender<()>) -> notify::Result<Vec<RecommendedWatcher>> {
    let mut places = vec![path.to_owned()];
    places.extend(path.canonicalize().ok().filter(|real| real != path));
    let mut watchers = Vec::new();
    for place in places {
        let folder = match place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let Some(name) = place.file_name().map(OsString::from) else {
            continue;
        };
        if !folder.is_dir() {
            continue;
        }
        let sender = sender.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Where events may be missing, it is looked at too. Only names are compared, because some
            // systems name the place that a link leads to.
            let is_news = event.map_or(true, |event| {
                let is_it = |path: &PathBuf| path.file_name() == Some(&name);
                changes(event.kind) && event.paths.iter().any(is_it)
            });
            if is_news {
                sender.send_replace(());
            }
        })?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        watchers.push(watcher);
    }
    Ok(watchers)
}

/// Whether it is more than somebody opening or reading.
fn changes(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(_) | EventKind::Remove(_) => false,
        EventKind::Modify(_) | EventKind::Create(_) | EventKind::Any | EventKind::Other => true,
    }
}

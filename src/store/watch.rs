//! Notices that something was written to a store. Says neither what nor by whom: whoever wants to know
//! reads.
//!
//! Invariant: nothing is asked at intervals here. A server announces; beside a file the system watches
//! those of the sessions, to which whoever wrote something adds a byte.

use std::ffi::OsStr;
use std::path::Path;

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::watch;

use super::StoreError;
use super::paths::with_suffix;
use super::sessions::MARK;

/// Hears of changes from the moment it was made. Several may be told as one, and none may be told as one.
#[derive(Debug)]
pub struct Watch {
    changes: watch::Receiver<()>,
    /// Ends the watching of the folder when it is dropped.
    _folder: Option<RecommendedWatcher>,
}

impl Watch {
    /// Watches what is beside the file. The folder is watched, because sessions come and go.
    pub(super) async fn of_file(path: &Path) -> Result<Self, StoreError> {
        let (sender, changes) = watch::channel(());
        let path = path.to_owned();
        let watching = tokio::task::spawn_blocking(move || folder(&path, sender)).await;
        let folder = watching
            .map_err(|why| StoreError::Watch(why.to_string()))?
            .map_err(|why| StoreError::Watch(why.to_string()))?;
        Ok(Self {
            changes,
            _folder: Some(folder),
        })
    }

    pub(super) fn of_server(changes: watch::Receiver<()>) -> Self {
        Self {
            changes,
            _folder: None,
        }
    }

    /// Waits until something may have been written since the last time. After a connection to a server
    /// broke it returns once, because what was announced meanwhile is lost. Never returns when the store
    /// is closed. May be dropped while it waits.
    pub async fn changed(&mut self) {
        if self.changes.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn folder(path: &Path, changes: watch::Sender<()>) -> notify::Result<RecommendedWatcher> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    // Where the folder is a link, some systems name the place it leads to; so only names are compared.
    let session = with_suffix(path, MARK);
    let start = session.file_name().unwrap_or_default().to_owned();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let is_news = match event {
            Ok(event) => is_writing(event.kind) && event.paths.iter().any(|p| begins(p, &start)),
            // Events may be missing.
            Err(_) => true,
        };
        if is_news {
            changes.send_replace(());
        }
    })?;
    watcher.watch(folder, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

/// Whether the name of a file begins like this.
fn begins(path: &Path, start: &OsStr) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes()
        .starts_with(start.as_encoded_bytes())
}

/// Whether it is more than somebody opening, reading or removing.
fn is_writing(kind: EventKind) -> bool {
    match kind {
        EventKind::Modify(ModifyKind::Metadata(_) | ModifyKind::Name(_))
        | EventKind::Access(_)
        | EventKind::Remove(_) => false,
        // Some systems do not know more.
        EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any | ModifyKind::Other)
        | EventKind::Create(_)
        | EventKind::Any
        | EventKind::Other => true,
    }
}

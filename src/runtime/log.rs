//! The log: what the program did, in a private file, for whoever has to find out later.
//!
//! Not the journal of changes, and nothing is read from it. Invariants: one event is one line, whatever its
//! values hold; phone numbers in it end in four digits unless the user wants them whole, and codes of
//! invite links are never whole; what other libraries say comes at «info» and above only, because below
//! they quote what is sent. A log that cannot be written ends, and nothing else does.

mod file;

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};
use std::panic;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::thread;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

use super::clock;
use crate::app::effect::Call;
use crate::app::msg::Msg;
use crate::app::remote::Ticket;
use crate::domain::{Clean, Exchange, Masking};
use file::Rotating;

/// What is logged.
pub use tracing::level_filters::LevelFilter as Level;

/// A file holds at most so many bytes; then it becomes an old one.
const MAX_BYTES: u64 = 5 * 1024 * 1024;
/// Our own events, by the beginning of their names.
const OURS: &str = "wavedeck";

/// Whether numbers are written whole. Of the process, as the log is.
static WHOLE_NUMBERS: AtomicBool = AtomicBool::new(false);

/// Whether the log could not be written and was given up. Of the process too.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Starts the log of this process at `path`, once. The folder is made for the user alone, and so is the file.
///
/// # Errors
/// When the file cannot be written; nothing is logged then, and the program can go on.
pub fn start(path: &Path, level: Level, numbers: Masking) -> io::Result<()> {
    if level == LevelFilter::OFF {
        return Ok(());
    }
    WHOLE_NUMBERS.store(numbers == Masking::Shown, Ordering::SeqCst);
    let file = Rotating::open(path, MAX_BYTES)?;
    let lines = Lines(Mutex::new(file)).with_filter(wanted(level));
    let subscriber = tracing_subscriber::registry().with(lines);
    tracing::subscriber::set_global_default(subscriber).map_err(io::Error::other)
}

/// Whether the log was given up, because it could not be written.
pub fn has_failed() -> bool {
    FAILED.load(Ordering::SeqCst)
}

fn wanted(level: Level) -> Targets {
    Targets::new()
        .with_default(level.min(LevelFilter::INFO))
        .with_target(OURS, level)
}

/// From now on, a panic of whatever thread is logged and said on the standard error, with its place and
/// never with its message, which may quote what must not be seen.
pub fn note_panics() {
    panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(ToString::to_string);
        let place = place.as_deref().unwrap_or("an unknown place");
        fault_at(place);
        let _ = writeln!(io::stderr(), "wavedeck: a fault in the program, at {place}");
    }));
}

/// Logs a panic.
pub(super) fn fault_at(place: &str) {
    tracing::error!(place, "fault in the program");
}

/// Logs one request and its end: which call, never what was said.
pub(super) fn request(ticket: Ticket, call: &Call, exchange: &Exchange) {
    let operation = exchange.operation;
    let (method, ms) = (operation.method(), exchange.took.as_millis());
    let (ticket, group) = (ticket.0, group(call, exchange));
    let call = format!("{operation:?}");
    match exchange.status {
        Some(status @ 200..=299) => {
            tracing::info!(ticket, method, call, group, status, ms, "request");
        }
        Some(status) => tracing::warn!(ticket, method, call, group, status, ms, "request refused"),
        None => tracing::warn!(ticket, method, call, group, ms, "request without an answer"),
    }
}

/// The group that a request was about, as it may be written; `-` where there is none.
fn group(call: &Call, exchange: &Exchange) -> String {
    // Of a picture it is the path at another host, which says nothing here.
    let path = if matches!(call, Call::Picture(..)) {
        ""
    } else {
        exchange.path.as_str()
    };
    let id = path.split_once("/groups/").map(|(_, rest)| rest);
    let Some(id) = id.and_then(|rest| rest.split('/').next()) else {
        return "-".to_owned();
    };
    if WHOLE_NUMBERS.load(Ordering::SeqCst) {
        return id.to_owned();
    }
    let skip = id.chars().count().saturating_sub(4);
    format!("…{}", id.chars().skip(skip).collect::<String>())
}

/// Logs what the core is told of failures around it.
pub(super) fn message(msg: &Msg) {
    if let Msg::JournalRefused(why) = msg {
        tracing::warn!(why, "the journal cannot be written");
    } else if let Msg::JournalMended(what) = msg {
        tracing::warn!(what, "the journal was mended");
    } else if let Msg::NotNoted(why) = msg {
        tracing::warn!(why, "the end of a change could not be written down");
    } else if let Msg::DraftNotKept(why) = msg {
        tracing::warn!(why, "a draft could not be kept");
    } else if let Msg::Receiving(Err(why)) = msg {
        tracing::warn!(why, "cannot receive");
    } else if let Msg::Receiving(Ok(_secret)) = msg {
        tracing::info!("receives");
    } else if let Msg::Keeping(Err(why)) = msg {
        tracing::warn!(why, "what is received cannot be kept");
    } else if let Msg::CacheMended(what) = msg {
        tracing::warn!(what, "the cache of the groups was mended");
    } else if let Msg::NotRemembered(why) = msg {
        tracing::warn!(why, "the groups are not remembered");
    } else if let Msg::Unwatched(why) = msg {
        tracing::warn!(why, "the store cannot be watched");
    }
}

/// Writes each event as one line.
struct Lines(Mutex<Rotating>);

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = line_of(event);
        let mut file = match self.0.try_lock() {
            Ok(file) => file,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // The panic may be one of whoever holds the lock: nothing may wait for it.
            Err(TryLockError::WouldBlock) if thread::panicking() => return,
            Err(TryLockError::WouldBlock) => self.0.lock().unwrap_or_else(PoisonError::into_inner),
        };
        if !file.write(&line) {
            FAILED.store(true, Ordering::SeqCst);
        }
    }
}

fn line_of(event: &Event<'_>) -> String {
    let now = i64::try_from(clock::now().0).unwrap_or_default();
    let time = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    let metadata = event.metadata();
    let mut words = Words::default();
    event.record(&mut words);
    let (level, target) = (metadata.level(), metadata.target());
    format!(
        "{time:.3} {level:5} {target}: {}{}\n",
        words.message, words.fields
    )
}

/// What an event says.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
}

impl Words {
    fn add(&mut self, field: &Field, value: &str) {
        let numbers = if WHOLE_NUMBERS.load(Ordering::SeqCst) {
            Masking::Shown
        } else {
            Masking::Masked
        };
        // Cleaned last: a line break in a value would be a line of its own, and could say anything.
        let value = Clean::new(&numbers.of(value));
        if field.name() == "message" {
            value.as_str().clone_into(&mut self.message);
        } else if value.as_str().contains([' ', '"', '=']) || value.as_str().is_empty() {
            // Writing into a text cannot fail.
            let _ = write!(self.fields, " {}={:?}", field.name(), value.as_str());
        } else {
            let _ = write!(self.fields, " {}={}", field.name(), value.as_str());
        }
    }
}

impl Visit for Words {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests;

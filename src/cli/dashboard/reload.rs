//! The configuration of a dashboard that runs: what was read last, and what a change of the file means.
//!
//! Invariant: reading it again looks at no account, and asks no keyring.

use std::fs;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{DEMO, Start, Surface, badge, chain, contacts};
use crate::app::session::Preferences;
use crate::config::{self, Changes, Environment, Flags, Settings};
use crate::domain::Masking;
use crate::runtime::run::{Configuration, Occasion, ReadContacts, Reread};

/// Whose configuration it is: the demo takes over less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// That of an account.
    Account,
    /// That of the demo, which has its own people and its own ways of sending.
    Demo,
}

/// Keys that count in the demo.
const OF_DEMO: [&str; 7] = [
    "theme",
    "accent",
    "color",
    "glyphs",
    "reduced_motion",
    "keys",
    "mouse",
];

/// What was read last.
struct Last {
    flags: Flags,
    settings: Settings,
    /// What is wrong besides the file, for as long as the program runs.
    unlogged: Option<String>,
    /// Why the file cannot be used since then, as it was told.
    broken: Option<String>,
}

/// What was read last of a file that may change.
#[derive(Clone)]
pub(super) struct Known(Option<Arc<Mutex<Last>>>);

impl Known {
    /// What the file says now. Where it cannot be read, nothing is followed.
    pub(super) fn now(flags: Flags) -> Self {
        let read = config::load_without_account(&flags, &Environment::of_process());
        let last = |settings| Last {
            flags,
            settings,
            unlogged: None,
            broken: None,
        };
        Self(
            read.ok()
                .map(|settings| Arc::new(Mutex::new(last(settings)))),
        )
    }

    fn lock(last: &Mutex<Last>) -> MutexGuard<'_, Last> {
        last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the file; what this changes in the profile in use is no news.
    pub(super) fn writing<T>(&self, write: impl FnOnce() -> T) -> T {
        let Some(last) = &self.0 else { return write() };
        let mut last = Self::lock(last);
        let written = write();
        if let Ok(now) = config::load_without_account(&last.flags, &Environment::of_process()) {
            last.settings.mark = now.mark;
        }
        written
    }

    /// The file, and how it is read again.
    pub(super) fn configuration(&self, start: &Start<'_>, whose: Whose) -> Option<Configuration> {
        let last = Arc::clone(self.0.as_ref()?);
        let path = {
            let mut last = Self::lock(&last);
            last.unlogged.clone_from(&start.unlogged);
            last.settings.config_path.clone()
        };
        let surface = start.surface;
        let read =
            Arc::new(move |occasion| reread(&mut Self::lock(&last), surface, whose, occasion));
        Some(Configuration { path, read })
    }
}

fn reread(
    last: &mut Last,
    surface: Surface,
    whose: Whose,
    occasion: Occasion,
) -> Result<Option<Reread>, String> {
    let path = last.settings.config_path.as_deref();
    let is_there = path
        .and_then(|path| fs::metadata(path).ok())
        .is_some_and(|found| found.len() > 0);
    if occasion == Occasion::Written && !is_there {
        // Somebody is about to write it, or took it away: neither is a wish for other settings.
        return Ok(None);
    }
    let new = match config::load_without_account(&last.flags, &Environment::of_process()) {
        Ok(new) => new,
        Err(why) => {
            let why = chain(&why);
            if occasion == Occasion::Written && last.broken.as_ref() == Some(&why) {
                return Ok(None);
            }
            last.broken = Some(why.clone());
            return Err(why);
        }
    };
    let changes = match whose {
        Whose::Account => Changes::between(&last.settings, &new),
        Whose::Demo => Changes {
            now: Changes::between(&last.settings, &new)
                .now
                .into_iter()
                .filter(|key| OF_DEMO.contains(key))
                .collect(),
            later: Vec::new(),
        },
    };
    let was_broken = last.broken.take().is_some();
    let same_warnings = last.settings.warnings == new.warnings;
    let same_profiles = last.settings.profiles == new.profiles;
    let is_quiet = changes.is_empty() && same_warnings && same_profiles && !was_broken;
    last.settings = new.clone();
    if is_quiet && occasion == Occasion::Written {
        return Ok(None);
    }
    let words = |keys: Vec<&str>| keys.into_iter().map(str::to_owned).collect();
    let people: Option<ReadContacts> = match whose {
        Whose::Account => contacts(&new),
        Whose::Demo => None,
    };
    let (confirm_send_over, send_delay, masking, badge) = match whose {
        Whose::Account => (
            new.confirm_send_over,
            new.send_delay,
            new.masking,
            badge(&new),
        ),
        Whose::Demo => (
            config::CONFIRM_SEND_OVER,
            config::SEND_DELAY,
            Masking::default(),
            Some(DEMO.to_owned()),
        ),
    };
    let mouse = changes.now.contains(&"mouse").then(|| new.mouse.into());
    let mut warnings = new.warnings;
    let theme = surface.theme(new.looks, &mut warnings);
    warnings.extend(last.unlogged.clone());
    Ok(Some(Reread {
        theme,
        contacts: people,
        preferences: Preferences {
            confirm_send_over,
            send_delay,
            masking,
            keys: new.keys,
            mouse,
            badge,
            profiles: new.profiles,
            changed: words(changes.now),
            later: words(changes.later),
            warnings,
        },
    }))
}

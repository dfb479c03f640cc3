//! What is written down of one stay, and where: the journal, messages of others, what is known of the groups.
//!
//! Opens nothing but what the first frame needs.

use std::sync::Arc;

use anyhow::Context as _;

use super::env;
use crate::config::{Receive, Settings, StoreText};
use crate::runtime::receiving::Receiving;
use crate::runtime::remembering::Recalling;
use crate::runtime::run::{Place, Record};
use crate::store::{Cache, Location, Retention};

/// Where changes and messages are kept: where the user said, else below the name of the profile. A setting
/// that makes no sense is told before anything starts.
pub(in crate::cli) fn place(store: Option<&StoreText>, profile: &str) -> anyhow::Result<Place> {
    match store {
        Some(store) => Location::parse(store.expose())
            .map(Place::At)
            .with_context(|| store.origin().to_string()),
        None => Ok(Location::of_profile(profile)
            .map_or_else(|why| Place::Impossible(why.to_string()), Place::At)),
    }
}

/// How long messages are kept.
pub(in crate::cli) fn retention(receive: &Receive) -> Retention {
    let usual = Retention::default();
    Retention {
        days: receive.keep_days.unwrap_or(usual.days),
        messages: receive.keep_messages.unwrap_or(usual.messages),
    }
}

pub(super) fn record(settings: &Settings) -> anyhow::Result<Record> {
    Ok(Record {
        place: place(settings.store.as_ref(), &settings.profile)?,
        person: person(),
        keep: retention(&settings.receive),
        receive: receive(&settings.receive)?,
        recalling: recalling(settings),
    })
}

/// Begins to read what an earlier run knew of the groups, unless nothing is to be remembered.
fn recalling(settings: &Settings) -> Recalling {
    let folder = Cache::folder().filter(|_| settings.cache);
    folder.map_or_else(Recalling::default, |folder| {
        Recalling::begin(folder, settings.account.as_ref())
    })
}

/// How the dashboard itself receives: only where somebody said at which address.
fn receive(settings: &Receive) -> anyhow::Result<Option<Receiving>> {
    let Some(listen) = settings.listen else {
        return Ok(None);
    };
    Ok(Some(Receiving {
        listen,
        path: crate::cli::listen::chosen_path()?,
        hosts: settings.hosts.clone(),
        listening: Arc::new(|_url| {}),
    }))
}

/// Whose program this is: `ana@laptop`.
pub(super) fn person() -> String {
    let named = |name| env(name).filter(|user: &String| !user.is_empty());
    let user = named("USER").or_else(|| named("LOGNAME"));
    let user = user.unwrap_or_else(|| rustix::process::getuid().as_raw().to_string());
    let computer = rustix::system::uname();
    format!("{user}@{}", computer.nodename().to_string_lossy())
}

//! `wavedeck listen`: the receiver alone, for a server that is on when nobody looks.
//!
//! It needs no account. The address to POST to, which holds the secret, goes to the standard output and
//! nowhere else; what is worth knowing goes to the standard error.

mod lines;

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use tokio::sync::watch;

use super::args::{Dashboard, Listen};
use super::dashboard::{env, place, retention};
use super::logging;
use crate::config::{self, Environment};
use crate::runtime::clock;
use crate::runtime::log::Level;
use crate::runtime::receiving::kept_path;
use crate::runtime::run::Place;
use crate::runtime::signals::Signals;
use crate::store::{Retention, Store};
use crate::webhook::{Options, Receiver, SecretPath, Tally};
use lines::Lines;

/// Where the receiver listens when nothing else is set.
const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8077);
/// The secret path, for those who choose it themselves.
const PATH: &str = "WAVEDECK_RECEIVE_PATH";
/// After so many items the old messages are looked at again.
const PRUNE_AFTER: u64 = 1000;

/// Receives until a signal ends it.
pub(super) async fn run(dashboard: &Dashboard, args: &Listen) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let settings = config::load_receiving(&dashboard.flags(), &Environment::of_process())?;
    let unlogged = logging::start(dashboard, Level::INFO, settings.log_numbers, "listen");
    for warning in settings.warnings.iter().chain(&unlogged) {
        say(warning);
    }
    let chosen = chosen_path()?;
    let listen = args.listen.or(settings.receive.listen).unwrap_or(USUAL);
    let keep = retention(&settings.receive);
    let store = open(place(settings.store.as_ref(), &settings.profile)?).await?;
    let path = match chosen {
        Some(path) => path,
        None => kept_path(&store).await.map_err(anyhow::Error::msg)?,
    };
    let sink = store.clone();
    let options = Options {
        listen,
        path,
        hosts: settings.receive.hosts,
    };
    let receiver = Receiver::start(options, move |items| {
        let store = sink.clone();
        async move {
            let kept = store.receive(&items, clock::now()).await;
            kept.map(|_counts| ()).map_err(|why| why.to_string())
        }
    })
    .await
    .with_context(|| {
        format!("cannot listen at {listen}, choose another address with `--listen`")
    })?;
    announce(&receiver)?;
    let (tally, mut lines) = (receiver.tally(), Lines::default());
    let code = tokio::select! {
        code = ended(&mut signals) => code,
        () = report(tally.clone(), &mut lines, &store, keep) => 1,
    };
    receiver.stop().await;
    for line in lines.rest(&tally.borrow()) {
        say(&line);
    }
    store.close().await;
    Ok(ExitCode::from(code))
}

/// The exit code of the signal that ends the program.
async fn ended(signals: &mut Signals) -> u8 {
    loop {
        if let Some(code) = signals.next().await.exit_code() {
            return code;
        }
    }
}

/// The path that the environment names, if it does.
pub(super) fn chosen_path() -> anyhow::Result<Option<SecretPath>> {
    let Some(text) = env(PATH).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let path = SecretPath::new(&text).context(PATH)?;
    if path.is_weak() {
        say(&format!(
            "{PATH} has fewer than {} characters and can be guessed; whoever guesses it can write \
             to you in anybody's name",
            SecretPath::ENOUGH
        ));
    }
    Ok(Some(path))
}

async fn open(place: Place) -> anyhow::Result<Store> {
    let location = match place {
        Place::At(location) => location,
        Place::Impossible(why) => bail!("there is no place to keep messages: {why}"),
    };
    let shown = location.to_string();
    let (store, opened) = Store::open(location, clock::now()).await?;
    if let Some(notice) = opened.notice() {
        say(&notice);
    }
    say(&format!("keeps messages in {shown}"));
    Ok(store)
}

/// The one line for whoever started it, and the one for whoever looks.
fn announce(receiver: &Receiver) -> anyhow::Result<()> {
    let address = receiver.local_addr();
    let mut out = std::io::stdout().lock();
    writeln!(out, "url {}", receiver.url())?;
    out.flush()?;
    drop(out);
    say(&format!("listens at {address}"));
    if !address.ip().is_loopback() {
        say(&format!(
            "{address} can be reached from other computers, and without TLS everybody on the way \
             reads along: put a proxy with TLS in front, or listen at 127.0.0.1"
        ));
    }
    Ok(())
}

/// Tells what is worth telling, and removes what is too old. Ends only with the receiver.
async fn report(
    mut tally: watch::Receiver<Tally>,
    lines: &mut Lines,
    store: &Store,
    keep: Retention,
) {
    let mut pruned_at = None;
    loop {
        let now = tally.borrow_and_update().clone();
        let (said, next) = lines.due(&now, clock::now());
        for line in &said {
            say(line);
        }
        if pruned_at.is_none_or(|at| now.items >= at + PRUNE_AFTER) {
            pruned_at = Some(now.items);
            prune(store, keep).await;
        }
        let changed = tally.changed();
        let changed = match next {
            Some(wait) => tokio::time::timeout(wait, changed).await,
            None => Ok(changed.await),
        };
        if matches!(changed, Ok(Err(_))) {
            return;
        }
    }
}

async fn prune(store: &Store, keep: Retention) {
    // What cannot be removed now is removed later.
    let Ok(pruned) = store.prune(keep, clock::now()).await else {
        return;
    };
    if pruned.unread > 0 {
        say(&format!(
            "removed {} messages that nobody had read, because they were old or too many",
            pruned.unread
        ));
    }
    if pruned.unread_next > 0 {
        say(&format!(
            "{} messages that nobody has read will soon be removed; set `keep_days` and \
             `keep_messages` higher to keep them",
            pruned.unread_next
        ));
    }
}

/// One line on the standard error and in the log. If it cannot be written, there is nobody to tell.
fn say(line: &str) {
    tracing::warn!("{line}");
    let _ = writeln!(std::io::stderr(), "wavedeck: {line}");
}

//! Where the log is, and how much is logged. What is written there is decided in `runtime::log`.

use std::path::PathBuf;
use std::process::ExitCode;

use etcetera::BaseStrategy as _;

use super::args::Dashboard;
use crate::domain::Masking;
use crate::runtime::log::{self, Level};

/// The log of every command that runs for a while.
pub(super) fn usual_path() -> Option<PathBuf> {
    let xdg = etcetera::base_strategy::Xdg::new().ok()?;
    Some(xdg.state_dir()?.join("wavedeck").join("wavedeck.log"))
}

/// Where this run logs; `None` without a home directory.
pub(super) fn path(args: &Dashboard) -> Option<PathBuf> {
    args.log.clone().or_else(usual_path)
}

/// Starts the log, at the level that was asked for or the usual one of the command. Returns what is wrong
/// with it, for whoever can tell the user; the program goes on without a log then.
pub(super) fn start(
    args: &Dashboard,
    usual: Level,
    numbers: Masking,
    command: &str,
) -> Option<String> {
    let level = args.log_level.map_or(usual, Level::from);
    let Some(path) = path(args) else {
        // A program that was not asked to log is not worse off.
        return args
            .log_level
            .map(|_| "there is no log, because HOME is not set; name a file with `--log`".into());
    };
    if let Err(why) = log::start(&path, level, numbers) {
        return Some(format!("no log is written: {}: {why}", path.display()));
    }
    tracing::info!(version = env!("WAVEDECK_VERSION"), command, "started");
    log::has_failed().then(|| format!("no log is written: {} takes nothing", path.display()))
}

/// Logs how the program ended.
pub(super) fn end(ended: &anyhow::Result<ExitCode>) {
    match ended {
        Ok(_code) => tracing::info!("ended"),
        Err(why) => tracing::error!(why = format!("{why:#}"), "ended"),
    }
}

//! What Linux tells of a process: how often it woke, how long it ran, how much memory it has.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

/// What the threads of a process have done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// How often a thread was given a processor, because it had waited or because it had to give way.
    pub(crate) wakes: u64,
    /// How long they ran, all together.
    pub(crate) busy: Duration,
}

impl Work {
    /// What was done since `earlier`.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            wakes: self.wakes.saturating_sub(earlier.wakes),
            busy: self.busy.saturating_sub(earlier.busy),
        }
    }
}

/// Whether this system tells any of it.
pub(crate) fn is_told() -> bool {
    cfg!(target_os = "linux")
}

/// What a process has done so far.
pub(crate) fn work(pid: u32) -> anyhow::Result<Work> {
    let mut work = Work::default();
    for thread in fs::read_dir(folder(pid).join("task"))? {
        let thread = thread?.path();
        let status = fs::read_to_string(thread.join("status"))?;
        for name in ["voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"] {
            work.wakes += value(&status, name)?;
        }
        let ran = fs::read_to_string(thread.join("schedstat"))?;
        let nanoseconds = ran.split(' ').next().and_then(|first| first.parse().ok());
        work.busy += Duration::from_nanos(nanoseconds.context("a time in nanoseconds")?);
    }
    Ok(work)
}

/// Memory of a process in megabytes (10⁶): now, and at most so far.
pub(crate) fn memory(pid: u32) -> anyhow::Result<(f64, f64)> {
    let status = fs::read_to_string(folder(pid).join("status"))?;
    let megabytes = |name| -> anyhow::Result<f64> {
        let kibibytes = u32::try_from(value(&status, name)?)?;
        Ok(f64::from(kibibytes) * 1024.0 / 1e6)
    };
    Ok((megabytes("VmRSS")?, megabytes("VmHWM")?))
}

fn folder(pid: u32) -> PathBuf {
    Path::new("/proc").join(pid.to_string())
}

/// The number behind a name in a file of lines.
fn value(status: &str, name: &str) -> anyhow::Result<u64> {
    let named = |line: &str| {
        Some(
            line.strip_prefix(name)?
                .strip_prefix(':')?
                .trim()
                .to_owned(),
        )
    };
    let found = status.lines().find_map(named);
    let number = found.and_then(|found| found.split(' ').next()?.parse().ok());
    number.with_context(|| format!("no {name}"))
}

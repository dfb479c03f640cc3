//! Keeps what is in memory out of dumps: a crash must not write the token to the disk.
//!
//! Both ways are needed: the limit does not hold where the system pipes dumps to a program of its own.
//! Source: `reliability.md` 2.7. Only Linux offers the second. Invariant: a system that refuses either is
//! no reason not to start.

use rustix::process::{Resource, getrlimit, setrlimit};

/// For developers who need a debugger or a dump.
const ALLOW: &str = "WAVEDECK_ALLOW_DUMPS";

/// From now on there are no dumps of this process. To be called before anything secret is read.
pub(super) fn keep_out_of_dumps() {
    if super::dashboard::env(ALLOW).is_some_and(|value| !value.is_empty()) {
        return;
    }
    let mut limit = getrlimit(Resource::Core);
    // Programs that are opened from here may raise it again.
    limit.current = Some(0);
    let _ = setrlimit(Resource::Core, limit);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

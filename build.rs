//! Gives the program its version with the commit and its date, where it is built from a checkout of its own.
//!
//! Needs neither git nor a checkout: without them the version stands alone. A build for development does not
//! follow the commits, because all would be built again after each of them.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;

fn main() -> io::Result<()> {
    let variable = |name: &str| std::env::var_os(name).unwrap_or_default();
    let version = variable("CARGO_PKG_VERSION");
    let folder = variable("CARGO_MANIFEST_DIR");
    let folder = Path::new(&folder);
    let mut out = io::stdout().lock();
    writeln!(out, "cargo::rerun-if-changed=build.rs")?;
    let built = if variable("PROFILE") == "release" {
        // Written to with every commit and every change of the branch.
        if let Some(log) = git(folder, &["rev-parse", "--git-path", "logs/HEAD"])
            && folder.join(&log).is_file()
        {
            writeln!(
                out,
                "cargo::rerun-if-changed={}",
                folder.join(&log).display()
            )?;
        }
        commit(folder)
    } else {
        Some("debug build".to_owned())
    };
    let version = version.to_string_lossy();
    match built {
        Some(built) => writeln!(out, "cargo::rustc-env=WAVEDECK_VERSION={version} ({built})"),
        None => writeln!(out, "cargo::rustc-env=WAVEDECK_VERSION={version}"),
    }
}

/// The commit and its date, `1a2b3c4 2026-01-31`; `None` where the folder is not the top of a checkout, as
/// when a package is built inside somebody else's.
pub(crate) fn commit(folder: &Path) -> Option<String> {
    let top = git(folder, &["rev-parse", "--show-toplevel"])?;
    let same = std::fs::canonicalize(top).ok()? == std::fs::canonicalize(folder).ok()?;
    same.then(|| git(folder, &["log", "-1", "--format=%h %cs"]))?
}

/// What git says, if there is one and it says something.
fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let words = words.iter().map(OsStr::new);
    let output = Command::new("git").current_dir(folder).args(words).output();
    let output = output.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

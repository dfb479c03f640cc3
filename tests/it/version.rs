//! The version that the build gives the program.

use std::path::Path;
use std::process::Command;

#[path = "../../build.rs"]
#[expect(dead_code, reason = "the build itself is not run again")]
mod build;

fn git(folder: &Path, words: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args(words);
    let of_nobody = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"];
    command.envs(of_nobody.map(|name| (name, "/dev/null")));
    for person in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{person}_NAME"), "Ana");
        command.env(format!("GIT_{person}_EMAIL"), "ana@example.org");
        command.env(format!("GIT_{person}_DATE"), "2026-01-31T12:00:00Z");
    }
    assert!(command.output().unwrap().status.success());
}

#[test]
fn q31_the_version_has_commit_and_date_in_a_checkout_of_its_own_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(build::commit(folder.path()), None);
    if Command::new("git").arg("--version").output().is_err() {
        return; // a build without git has no commit, which is what was just seen
    }
    git(folder.path(), &["init", "-q"]);
    assert_eq!(build::commit(folder.path()), None);
    git(folder.path(), &["commit", "-q", "--allow-empty", "-m", "a"]);
    let built = build::commit(folder.path()).unwrap();
    let (commit, date) = built.split_once(' ').unwrap();
    assert!(commit.len() >= 7 && commit.chars().all(|c| c.is_ascii_hexdigit()));
    assert_eq!(date, "2026-01-31");
    // A package that lies inside somebody else's checkout is no part of it.
    let inside = folder.path().join("package");
    std::fs::create_dir(&inside).unwrap();
    assert_eq!(build::commit(&inside), None);
}

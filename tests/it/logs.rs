//! The log of the running program: where it is, who may read it, and what a request leaves there.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::program::Home;

fn usual(home: &Home) -> PathBuf {
    home.path().join(".local/state/wavedeck/wavedeck.log")
}

/// Starts, waits for the first line on the standard output, and ends it.
fn run_until_ready(command: &mut Command) -> String {
    let command = command.stdin(Stdio::null()).stderr(Stdio::piped());
    let mut child: Child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    assert!(!line.is_empty());
    let pid = i32::try_from(child.id()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::TERM).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(143));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn q30_a_receiver_logs_its_start_and_its_end_into_a_private_file() {
    let home = Home::new();
    let mut command = home.command(&["listen", "--listen", "127.0.0.1:0"]);
    run_until_ready(&mut command);
    let text = std::fs::read_to_string(usual(&home)).unwrap();
    assert!(
        text.contains(" started version=") && text.contains("command=listen"),
        "{text}"
    );
    assert!(text.lines().last().unwrap().ends_with(" ended"), "{text}");
    assert!(!text.contains("/mo/"), "the address is a secret: {text}");
    let mode = |path: PathBuf| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(usual(&home)), 0o600);
    assert_eq!(mode(usual(&home).parent().unwrap().into()), 0o700);
}

#[test]
fn q30_the_level_decides_and_a_simulator_logs_only_when_asked() {
    let home = Home::new();
    run_until_ready(&mut home.command(&["simulate"]));
    run_until_ready(&mut home.command(&["simulate", "--log-level", "error"]));
    assert!(!usual(&home).exists() || std::fs::read(usual(&home)).unwrap().is_empty());
    let log = home.path().join("here.log");
    let mut command = home.command(&["simulate", "--log-level", "info", "--log"]);
    run_until_ready(command.arg(&log));
    assert_eq!(std::fs::read_to_string(log).unwrap().lines().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn q30_a_log_that_cannot_be_written_changes_nothing_else() {
    let home = Home::new();
    let full = ["simulate", "--log-level", "trace", "--log", "/dev/full"];
    let said = run_until_ready(&mut home.command(&full));
    assert_eq!(
        said,
        "wavedeck: no log is written: /dev/full takes nothing\n"
    );
    let nowhere = [
        "simulate",
        "--log-level",
        "info",
        "--log",
        "/proc/none/x.log",
    ];
    let said = run_until_ready(&mut home.command(&nowhere));
    assert!(
        said.contains("no log is written: /proc/none/x.log"),
        "{said}"
    );
}

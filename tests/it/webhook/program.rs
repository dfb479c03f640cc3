//! `wavedeck listen` as a process: what it prints, what it needs, how it ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread::Builder;

use rustix::process::{Pid, Signal, kill_process};
use wavedeck::domain::Lane;

use super::*;
use crate::program::{Home, PROGRAM};

/// `wavedeck listen`, running.
pub(crate) struct Listen {
    child: Child,
    out: Option<BufReader<ChildStdout>>,
    url: String,
}

impl Listen {
    /// On a free port, with [`PATH`], unless these variables say otherwise.
    pub(crate) fn start(home: &Home, store: &Path, variables: &[(&str, &str)]) -> Self {
        let command = home.command(&["listen", "--listen", "127.0.0.1:0"]);
        Self::run(command, store, variables)
    }

    /// The same, after a shell did something to itself.
    pub(super) fn start_in_shell(home: &Home, store: &Path, before: &str) -> Self {
        let mut command = Command::new("sh");
        let script = format!("{before}; exec \"$0\" listen --listen 127.0.0.1:0");
        command.args(["-c", &script, PROGRAM]);
        command.env_clear().envs(home.variables());
        Self::run(command, store, &[])
    }

    fn run(mut command: Command, store: &Path, variables: &[(&str, &str)]) -> Self {
        command
            .env("WAVEDECK_STORE", format!("sqlite:{}", store.display()))
            .env("WAVEDECK_RECEIVE_PATH", PATH)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (sender, said) = mpsc::channel();
        let read = move || {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            // Nobody listens any more when it took too long.
            let _ = sender.send((line, out));
        };
        Builder::new().spawn(read).unwrap();
        let (line, out) = said.recv_timeout(PATIENCE).unwrap();
        let url = line.strip_prefix("url ").unwrap_or_default().trim();
        let listen = Self {
            child,
            out: Some(out),
            url: url.to_owned(),
        };
        assert_ne!(url, "", "{:?}", listen.end(Signal::TERM));
        listen
    }

    fn parts(&self) -> (&str, &str) {
        let rest = self.url.strip_prefix("http://").unwrap();
        rest.split_once('/').unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.parts().0.parse().unwrap()
    }

    pub(crate) fn path(&self) -> &str {
        self.parts().1
    }

    pub(super) fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends a signal; the exit code, the rest of the output, and the errors.
    pub(super) fn end(mut self, signal: Signal) -> (Option<i32>, String, String) {
        // Gone already, when it could not start.
        let _ = kill_process(self.pid(), signal);
        let mut out = self.out.take().unwrap();
        let mut err = self.child.stderr.take().unwrap();
        let (sender, said) = mpsc::channel();
        let read = move || {
            let (mut rest, mut errors) = (String::new(), String::new());
            out.read_to_string(&mut rest).unwrap();
            err.read_to_string(&mut errors).unwrap();
            let _ = sender.send((rest, errors));
        };
        Builder::new().spawn(read).unwrap();
        let (rest, errors) = said.recv_timeout(PATIENCE).unwrap();
        (self.child.wait().unwrap().code(), rest, errors)
    }
}

impl Drop for Listen {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn it_receives_without_an_account_and_ends_with_a_signal() {
    let home = Home::new();
    let store = home.path().join("w.db");
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let listen = Listen::start(&home, &store, &[]);
        assert_eq!(listen.path(), PATH);
        let address = listen.address();
        assert_eq!(status(address, &post(PATH, MESSAGES)).await, 200);
        assert_eq!(status(address, &post("somewhere-else", "x")).await, 404);
        let (ended, out, err) = listen.end(signal);
        assert_eq!((ended, &*out), (Some(code), ""), "{err}");
        let lines: Vec<&str> = err.lines().collect();
        assert_eq!(
            lines,
            [
                format!("wavedeck: keeps messages in {}", store.display()),
                format!("wavedeck: listens at {address}"),
                "wavedeck: refused or odd since the last such line: 1 × wrong path".to_owned(),
            ]
        );
    }
    let (store, _) = Store::open(Location::file(&store), Millis(1))
        .await
        .unwrap();
    let overview = store.overview("ana").await.unwrap();
    let total = |lane: &Lane| {
        let mut lanes = overview.lanes.iter();
        lanes
            .find(|found| found.lane == *lane)
            .map(|found| found.total)
    };
    assert_eq!(total(&Lane::Direct), Some(2));
    assert_eq!(total(&Lane::Unclassified), Some(1));
    assert_eq!(total(&Lane::Unreadable), Some(1));
    assert_eq!(overview.lanes.len(), 5);
}

#[test]
fn the_secret_path_stays_the_same_and_is_told_once() {
    let home = Home::new();
    let store = home.path().join("w.db");
    let own = [("WAVEDECK_RECEIVE_PATH", "")];
    let first = Listen::start(&home, &store, &own);
    let path = first.path().to_owned();
    assert_eq!(path.len(), 32);
    let (_, _, err) = first.end(Signal::TERM);
    assert!(!err.contains(&path), "{err}");
    assert_eq!(Listen::start(&home, &store, &own).path(), path);
    let other = home.path().join("other.db");
    assert_ne!(Listen::start(&home, &other, &own).path(), path);
}

#[test]
fn an_account_that_is_wrong_does_not_stop_it() {
    let home = Home::new();
    home.write_config(
        "[receive]\nhosts = [\"mo.example.org\"]\nkeepdays = 3\n\
         [profiles.work]\nuser_name = 7\ntoken = \"t\"\n",
        0o644,
    );
    let variables = [
        ("WAVEDECK_BASE_URL", "nonsense"),
        ("WAVEDECK_USER_NAME", "ana"),
    ];
    let listen = Listen::start(&home, &home.path().join("w.db"), &variables);
    let (code, _, err) = listen.end(Signal::TERM);
    assert_eq!(code, Some(143), "{err}");
    assert!(
        err.contains("unknown key `keepdays`, did you mean `keep_days`?"),
        "{err}"
    );
}

/// What it says when it cannot start.
fn refusal(home: &Home, args: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = home.command(&[&["listen"], args].concat());
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_keeps_it_from_listening_is_said_with_what_to_do() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refusal(&home, &["--listen", &address], &[]);
    assert!(
        said.contains(&format!("cannot listen at {address}, choose another")),
        "{said}"
    );
    assert!(said.contains("in use"), "{said}");
    // The environment and the file say where as well.
    let said = refusal(&home, &[], &[("WAVEDECK_RECEIVE", &address)]);
    assert!(said.contains(&address), "{said}");
    home.write_config(&format!("[receive]\nlisten = \"{address}\"\n"), 0o644);
    assert!(refusal(&home, &[], &[]).contains(&address));
    let said = refusal(&home, &[], &[("WAVEDECK_RECEIVE", "nowhere")]);
    assert!(
        said.contains("`WAVEDECK_RECEIVE`: `listen` must be an address"),
        "{said}"
    );
    let said = refusal(&home, &[], &[("WAVEDECK_RECEIVE_PATH", "a b")]);
    assert!(
        said.contains("WAVEDECK_RECEIVE_PATH: a secret path has only"),
        "{said}"
    );
    home.write_config("[receive]\nlisten = 8077\n", 0o644);
    assert!(refusal(&home, &[], &[]).contains("config.toml:2:10: `listen` must be an address"));
}

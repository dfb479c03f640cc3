//! The command line without a terminal: what is printed, where, and with which exit code.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::program::{Home, account};

const CANARY: &str = "canary-7f3a-token";
const USER: &str = "ana@example.org";
/// How long the program may be silent.
const LIMIT: Duration = Duration::from_secs(20);

/// What the program said, and how it ended.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!format!("{said:?}").contains(CANARY), "{said:?}");
        assert!(!said.out.contains('\x1b') && !said.err.contains('\x1b'));
        said
    }

    /// The program ended with this code, and all it said is an error with these words.
    fn assert_failed(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.out, "");
        for words in words {
            assert!(self.err.contains(words), "{words} is not in {}", self.err);
        }
    }
}

/// The program with these words, and with an account in its environment.
fn with_account(args: &[&str]) -> Said {
    let home = Home::new();
    let account = account("https://example.org", USER, CANARY);
    let said = Said::of(home.command(args).envs(account));
    assert!(home.files().is_empty());
    said
}

#[test]
fn q31_help_and_version_need_no_terminal_and_show_no_values() {
    for args in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["demo", "--help"],
        &["simulate", "--help"],
        &["listen", "--help"],
        &["doctor", "--help"],
        &["config", "--help"],
        &["config", "check", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        let said = with_account(args);
        assert_eq!((said.code, &*said.err), (Some(0), ""), "{args:?}");
        assert!(said.out.contains("Usage: wavedeck"), "{}", said.out);
        assert!(!said.out.contains(USER) && !said.out.contains("example.org"));
    }
    let said = with_account(&["--version"]);
    let version = format!("wavedeck {} (", env!("CARGO_PKG_VERSION"));
    assert_eq!((said.code, &*said.err), (Some(0), ""));
    assert!(said.out.starts_with(&version), "{}", said.out);
}

#[test]
fn the_help_names_every_variable_that_makes_an_account() {
    let said = with_account(&["--help"]);
    for name in [
        "WAVEDECK_BASE_URL",
        "WAVEDECK_USER_NAME",
        "WAVEDECK_AUTHENTICATION_TOKEN",
    ] {
        assert!(said.out.contains(name), "{name}");
    }
}

#[test]
fn what_is_not_understood_is_a_wrong_use() {
    for args in [
        &["--no-such-flag"][..],
        &["--token", "x"],
        &["no-such-command"],
        &["demo", "--groups", "many"],
        &["simulate", "--listen", "nowhere"],
        &["simulate", "--webhook", "127.0.0.1:8787/mo"],
        &["demo", "--webhook", "http://127.0.0.1:8787/mo"],
        &["listen", "--listen", "nowhere"],
        &["--color", "sometimes"],
    ] {
        let said = with_account(args);
        said.assert_failed(2, &["error: ", "--help"]);
    }
}

/// What comes of this, unless it takes too long.
fn soon<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, done) = mpsc::channel();
    // Nobody listens any more when it took too long.
    let run = move || sender.send(work()).unwrap_or_default();
    Builder::new().spawn(run).unwrap();
    done.recv_timeout(LIMIT).unwrap()
}

/// `wavedeck simulate`, running.
struct Simulate {
    child: Child,
    out: Option<BufReader<ChildStdout>>,
    /// The three lines.
    lines: Vec<String>,
}

impl Simulate {
    fn start(home: &Home, args: &[&str]) -> Self {
        let mut command = home.command(&["simulate"]);
        command.args(args).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (lines, out) = soon(move || {
            let mut text = String::new();
            for _ in 0..3 {
                out.read_line(&mut text).unwrap();
            }
            (text.lines().map(str::to_owned).collect(), out)
        });
        Self {
            child,
            out: Some(out),
            lines,
        }
    }

    fn address(&self) -> String {
        let prefix = "base url http://";
        self.lines[0].strip_prefix(prefix).unwrap().to_owned()
    }

    /// The whole answer to a request for the list of groups.
    fn list(&self, token: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let request = format!(
            "GET /v1/whatsapp/groups HTTP/1.1\r\nHost: localhost\r\nuserName: demo\r\n\
             authenticationToken: {token}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal and returns the exit code and what was printed since the three lines.
    fn end(mut self, signal: Signal) -> (Option<i32>, String) {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
        let mut out = self.out.take().unwrap();
        let rest = soon(move || {
            let mut rest = String::new();
            out.read_to_string(&mut rest).unwrap();
            rest
        });
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Simulate {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn simulate_prints_how_to_reach_it_answers_and_ends_with_a_signal() {
    let home = Home::new();
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let simulate = Simulate::start(&home, &["--groups", "3", "--latency", "0"]);
        let port = simulate
            .address()
            .strip_prefix("127.0.0.1:")
            .unwrap()
            .to_owned();
        assert_ne!(port.parse::<u16>().unwrap(), 0);
        assert_eq!(simulate.lines[1..], ["user name demo", "token demo-token"]);
        let answer = simulate.list("demo-token");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert_eq!(answer.matches(r#""id":"#).count(), 3, "{answer}");
        assert!(simulate.list("wrong").starts_with("HTTP/1.1 401 "));
        assert_eq!(simulate.end(signal), (Some(code), String::new()));
    }
    assert!(home.files().is_empty());
}

#[test]
fn simulate_posts_what_people_write_and_says_what_became_of_it() {
    let home = Home::new();
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/mo/secret", receiver.local_addr().unwrap());
    let args = ["--groups", "3", "--members", "4", "--webhook", &url];
    let simulate = Simulate::start(&home, &args);
    let request = soon(move || {
        let (mut stream, _) = receiver.accept().unwrap();
        let mut request = Vec::new();
        let mut piece = [0; 4096];
        while !request.ends_with(b"}") {
            let length = stream.read(&mut piece).unwrap();
            assert_ne!(length, 0, "it hangs up");
            request.extend_from_slice(&piece[..length]);
        }
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .unwrap();
        String::from_utf8(request).unwrap()
    });
    assert!(
        request.starts_with("POST /mo/secret HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(request.contains(r#""waGroupId":"#), "{request}");
    let (code, rest) = simulate.end(Signal::TERM);
    assert_eq!(code, Some(143));
    let (webhook, taken) = rest.trim_end().split_once('\n').unwrap();
    assert_eq!(webhook, format!("webhook {url}"));
    assert!(
        taken.contains(" batches taken in ") && taken.ends_with(" given up"),
        "{taken}"
    );
}

#[test]
fn a_webhook_that_is_no_web_address_is_refused_with_the_reason() {
    let said = with_account(&["simulate", "--webhook", "ftp://example.com/mo"]);
    said.assert_failed(2, &["--webhook", "http or https", "`ftp`"]);
}

#[test]
fn the_same_seed_simulates_the_same_groups() {
    let home = Home::new();
    let list = |seed| {
        let args = ["--groups", "40", "--latency", "0", "--seed", seed];
        let simulate = Simulate::start(&home, &args);
        let answer = simulate.list("demo-token");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        body.to_owned()
    };
    assert_eq!(list("7"), list("7"));
}

#[test]
fn an_address_that_is_taken_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = with_account(&["simulate", "--listen", &address]);
    said.assert_failed(1, &["wavedeck: cannot listen at ", &address, "in use"]);
}

#[test]
fn q29_themes_are_listed_and_one_that_is_shown_can_be_saved_and_used() {
    let home = Home::new();
    let folder = home.path().join(".config/wavedeck/themes");
    std::fs::create_dir_all(&folder).unwrap();
    let said = Said::of(&mut home.command(&["theme", "show", "light"]));
    assert_eq!(said.code, Some(0));
    assert!(
        said.out
            .contains("\naccent = [\"#005f4b\", 23, \"blue\"]\n"),
        "{}",
        said.out
    );
    std::fs::write(folder.join("mine.toml"), &said.out).unwrap();
    let again = Said::of(&mut home.command(&["theme", "show", "mine"]));
    assert_eq!((again.out, again.err), (said.out, String::new()));
    let listed = Said::of(&mut home.command(&["theme", "list"])).out;
    let names: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(names, ["auto", "dark", "light", "mono", "mine"]);
    for name in ["mien", "auto", "../config"] {
        let said = Said::of(&mut home.command(&["theme", "show", name]));
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{name}");
    }
}

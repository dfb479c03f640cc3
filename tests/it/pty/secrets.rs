//! The token is in nothing that the program writes or shows, also when the server repeats it.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;

use super::*;
use crate::canary::Canary;

/// A provider that takes this token, and repeats it where it says no.
struct Parrot {
    base_url: String,
}

impl Parrot {
    fn start(provider: &Provider, token: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let (own, token) = (base_url.clone(), token.to_owned());
        let behind = provider.base_url().replace("http://", "");
        let known = provider.token();
        let serve = move || {
            for stream in listener.incoming() {
                // A connection that was given up is of no interest.
                let (own, behind) = (own.clone(), behind.clone());
                let token = token.clone();
                let one = move || stream.map(|stream| answer(stream, &own, &behind, &token, known));
                Builder::new().spawn(one).unwrap();
            }
        };
        Builder::new().spawn(serve).unwrap();
        Self { base_url }
    }
}

/// Answers one request.
fn answer(mut stream: TcpStream, own: &str, behind: &str, token: &str, known: &str) {
    let request = request(&mut stream);
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let said = format!("{{\"errorMessage\":\"no access for {token}\"}}");
    let refusal = |status: &str, more: &str| {
        let length = said.len();
        format!(
            "HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n{said}"
        )
    };
    // Whoever hung up meanwhile misses nothing.
    if path.ends_with("/icon") {
        let _ = stream.write_all(refusal("500 Server Error", "").as_bytes());
    } else if path.ends_with("/invite") {
        let place = format!("Location: {own}/{token}?token={token}\r\n");
        let _ = stream.write_all(refusal("302 Found", &place).as_bytes());
    } else {
        let passed =
            request
                .replacen(token, known, 1)
                .replacen("\r\n", "\r\nConnection: close\r\n", 1);
        let mut provider = TcpStream::connect(behind).unwrap();
        provider.write_all(passed.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = provider.read_to_end(&mut answer);
        let _ = stream.write_all(&answer);
    }
}

/// A whole request, with its body.
fn request(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head.split("content-length: ").nth(1);
            let length = length.and_then(|rest| rest.lines().next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut piece) {
            Ok(count @ 1..) => bytes.extend_from_slice(&piece[..count]),
            Ok(0) | Err(_) => return text,
        }
    }
}

/// Everything below the home but the file that the user wrote the token into.
fn assert_files_silent(home: &Home, canary: &Canary, own: &[&Path]) {
    for (path, bytes) in home.files() {
        if !own.contains(&path.as_path()) {
            canary.assert_absent(&path.display().to_string(), &bytes);
        }
    }
}

/// The dashboard with everything logged; a change is made and refusals are looked at.
fn live(setup: Setup<'_>, canary: &Canary) {
    let tmp = setup.home.path().join("tmp");
    std::fs::create_dir_all(&tmp).unwrap();
    let setup = setup
        .args(&["--log-level", "trace"])
        .variable("TMPDIR", &tmp.to_string_lossy());
    let mut terminal = setup.start_and_load();
    let pid = terminal.pid.as_raw_nonzero();
    for name in ["cmdline", "status", "limits"] {
        let read = std::fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
        canary.assert_absent(name, &read);
    }
    terminal.type_keys("i");
    terminal.wait_for("redirect");
    canary.assert_absent("the screen", terminal.text().as_bytes());
    terminal.type_keys("w");
    terminal.wait_for("GET");
    terminal.type_keys("\r");
    terminal.resize(80, 24);
    terminal.wait_for_bytes(terminal.raw().len() + 1);
    canary.assert_absent("the screen", terminal.text().as_bytes());
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    canary.assert_absent("the terminal", &terminal.raw());
}

#[test]
fn q37_a_token_is_in_nothing_that_the_program_writes_wherever_it_comes_from() {
    let (home, provider, canary) = (Home::new(), Provider::start(), Canary::new());
    let parrot = Parrot::start(&provider, canary.token());
    let log = home.path().join(".local/state/wavedeck/wavedeck.log");

    let account = crate::program::account(&parrot.base_url, "demo", canary.token());
    let mut setup = Setup::new(&home);
    setup.variables.extend(account.clone());
    live(setup, &canary);
    let logged = std::fs::read_to_string(&log).unwrap();
    for words in ["request", "call=GetInvite", "TRACE", "frame"] {
        assert!(logged.contains(words), "{words} is not in {logged}");
    }
    // The group that the link was asked of.
    let whole = "group=5519900000000-1541030400";
    assert!(logged.contains("group=…0400") && !logged.contains("5519900000000"));
    assert_files_silent(&home, &canary, &[]);

    let text = format!(
        "log_numbers = true\ntheme = 'dark'\n[profiles.default]\nbase_url = '{}'\nuser_name = 'demo'\ntoken = '{}'\n",
        parrot.base_url,
        canary.token()
    );
    home.write_config(&text, 0o600);
    live(Setup::new(&home), &canary);
    assert!(std::fs::read_to_string(&log).unwrap().contains(whole));
    let own = home.config();
    assert_files_silent(&home, &canary, &[&own]);

    let words: [&[&str]; 9] = [
        &["--help"],
        &["--version"],
        &["doctor"],
        &["doctor", "--online"],
        &["config", "check"],
        &["config", "path"],
        &["config", "template"],
        &["man"],
        &["no-such-command"],
    ];
    for broken in [false, true] {
        if broken {
            let text = format!(
                "theme = {0}\n[profiles.{0}\ntoken = '{0}'\n",
                canary.token()
            );
            home.write_config(&text, 0o644);
        }
        for args in words {
            let mut command = home.command(args);
            let command = command.envs(account.clone()).stdin(Stdio::null());
            let output = command.output().unwrap();
            let name = format!("{args:?}");
            canary.assert_absent(&name, &output.stdout);
            canary.assert_absent(&name, &output.stderr);
        }
    }
    assert_files_silent(&home, &canary, &[&own]);
}

#[cfg(target_os = "linux")]
#[test]
fn q37_nothing_of_the_program_reaches_a_dump() {
    let home = Home::new();
    let mut terminal = Setup::demo(&home).start_and_load();
    let pid = terminal.pid.as_raw_nonzero();
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let soft = core.unwrap().split_whitespace().nth(4);
    assert_eq!(soft, Some("0"), "{limits}");
    // What is not dumpable belongs to root, which only others can tell.
    if !rustix::process::geteuid().is_root() {
        use std::os::unix::fs::MetadataExt as _;
        let owner = std::fs::metadata(format!("/proc/{pid}/environ"))
            .unwrap()
            .uid();
        assert_eq!(owner, 0);
    }
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
}

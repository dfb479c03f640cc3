//! What is run: the dashboard with a home of its own, the bare program, and the simulator as the server of both.
//!
//! Invariant: nothing of this computer's environment reaches them but `PATH`.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// Where the programs are.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    /// The dashboard.
    pub(crate) ours: PathBuf,
    /// The program beside it.
    pub(crate) bare: PathBuf,
}

impl Programs {
    /// Those that were built together with this one.
    ///
    /// # Errors
    /// When one of them was not, with the command that builds it.
    pub(crate) fn beside_this() -> anyhow::Result<Self> {
        let own = std::env::current_exe()?;
        let examples = own.parent().context("a program stands in a folder")?;
        let target = examples
            .parent()
            .context("an example stands below its target")?;
        let found = Self {
            ours: target.join("wavedeck"),
            bare: examples.join("bare"),
        };
        for path in [&found.ours, &found.bare] {
            anyhow::ensure!(
                path.exists(),
                "there is no {}: run `cargo build --release --bin wavedeck --example bare` first",
                path.display()
            );
        }
        Ok(found)
    }

    /// The bare program with so many rows.
    pub(crate) fn bare(&self, rows: usize, detail: bool) -> Program {
        let mut args = vec![rows.to_string()];
        args.extend(detail.then(|| "--detail".to_owned()));
        Program {
            path: self.bare.clone(),
            args,
            variables: usual_variables(),
        }
    }

    /// The dashboard of the account at this server.
    pub(crate) fn ours(&self, home: &Home, server: &Server) -> Program {
        let mut variables = usual_variables();
        variables.extend(home.variables());
        variables.extend(server.variables());
        Program {
            path: self.ours.clone(),
            args: Vec::new(),
            variables,
        }
    }
}

/// What is started in a terminal.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) args: Vec<String>,
    pub(crate) variables: Vec<(&'static str, OsString)>,
}

impl Program {
    /// At most so many requests a second that nobody waits for.
    pub(crate) fn at_pace(mut self, pace: &str) -> Self {
        self.variables.push(("WAVEDECK_PACE", pace.into()));
        self
    }
}

fn usual_variables() -> Vec<(&'static str, OsString)> {
    vec![
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("TERM", "xterm-256color".into()),
        ("COLORTERM", "truecolor".into()),
        ("LANG", "C.UTF-8".into()),
    ]
}

/// A user's home directory, empty at first.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self(tempfile::tempdir()?))
    }

    fn variables(&self) -> Vec<(&'static str, OsString)> {
        let below = |name: &str| self.0.path().join(name).into_os_string();
        vec![
            ("WAVEDECK_KEYRING", "off".into()),
            ("HOME", self.0.path().into()),
            ("XDG_CONFIG_HOME", below(".config")),
            ("XDG_CACHE_HOME", below(".cache")),
            ("XDG_STATE_HOME", below(".local/state")),
            ("XDG_DATA_HOME", below(".local/share")),
        ]
    }

    /// How many requests the log tells of so far.
    pub(crate) fn requests(&self) -> usize {
        let log = self.0.path().join(".local/state/wavedeck/wavedeck.log");
        let log = std::fs::read_to_string(log).unwrap_or_default();
        log.lines()
            .filter(|line| line.contains(" request "))
            .count()
    }
}

/// What a server has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World {
    pub(crate) groups: usize,
    pub(crate) members: usize,
    pub(crate) latency: Duration,
}

/// The simulator in a process of its own. Dropped, it is ended.
pub(crate) struct Server {
    child: Child,
    pub(crate) base_url: String,
    pub(crate) user_name: String,
    pub(crate) token: String,
}

impl Server {
    /// Starts it, and waits until it listens.
    pub(crate) fn start(programs: &Programs, world: World) -> anyhow::Result<Self> {
        let [groups, members] = [world.groups, world.members].map(|count| count.to_string());
        let latency = world.latency.as_millis().to_string();
        let mut child = Command::new(&programs.ours)
            .args(["simulate", "--seed", "1", "--groups", &groups])
            .args(["--members", &members, "--latency", &latency])
            .env_clear()
            .envs(usual_variables())
            .env("HOME", Path::new("/nonexistent"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let said = child
            .stdout
            .take()
            .context("the simulator says where it is")?;
        let mut lines = BufReader::new(said).lines();
        let mut next = |name: &str| -> anyhow::Result<String> {
            let line = lines.next().context("the simulator has ended")??;
            let value = line
                .strip_prefix(name)
                .with_context(|| format!("no {name} in: {line}"))?;
            Ok(value.trim().to_owned())
        };
        let told = (next("base url"), next("user name"), next("token"));
        // Owned from here on: whatever goes wrong, it is ended.
        let mut server = Self {
            child,
            base_url: String::new(),
            user_name: String::new(),
            token: String::new(),
        };
        (server.base_url, server.user_name, server.token) = (told.0?, told.1?, told.2?);
        Ok(server)
    }

    fn variables(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("WAVEDECK_BASE_URL", self.base_url.clone().into()),
            ("WAVEDECK_USER_NAME", self.user_name.clone().into()),
            ("WAVEDECK_AUTHENTICATION_TOKEN", self.token.clone().into()),
        ]
    }

    /// From now on it takes connections and answers nothing, until [`Self::go_on`].
    pub(crate) fn stop(&self) -> anyhow::Result<()> {
        self.signal(Signal::STOP)
    }

    /// It answers again.
    pub(crate) fn go_on(&self) -> anyhow::Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        Ok(kill_process(pid.context("no such process")?, signal)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

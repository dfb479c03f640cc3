//! The program as a process with a home of its own, and a provider for it to talk to.
//!
//! Invariant: nothing of this computer's environment reaches the program but `PATH`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Runtime;
use wavedeck::sim::faults::{Asked, Fault, FaultServer, Play};
use wavedeck::sim::{Settings, Simulator, State};

/// Where the program is.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_wavedeck");

/// A user's home directory, empty at first.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where the program keeps the account.
    pub(crate) fn config(&self) -> PathBuf {
        self.path().join(".config/wavedeck/config.toml")
    }

    /// Writes the configuration file with these permissions.
    pub(crate) fn write_config(&self, text: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::create_dir_all(self.config().parent().unwrap()).unwrap();
        std::fs::write(self.config(), text).unwrap();
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.config(), mode).unwrap();
    }

    /// Every file below, with what is in it.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    found.push((path, bytes));
                }
            }
        }
        found
    }

    /// The variables of a user who set nothing.
    pub(crate) fn variables(&self) -> Vec<(&'static str, OsString)> {
        let home = |name: &str| self.path().join(name).into_os_string();
        vec![
            ("PATH", std::env::var_os("PATH").unwrap_or_default()),
            ("LANG", "C.UTF-8".into()),
            // That of whoever runs the tests is none of their business.
            ("WAVEDECK_KEYRING", "off".into()),
            ("HOME", self.path().into()),
            ("XDG_CONFIG_HOME", home(".config")),
            ("XDG_CACHE_HOME", home(".cache")),
            ("XDG_STATE_HOME", home(".local/state")),
            ("XDG_DATA_HOME", home(".local/share")),
        ]
    }

    /// The program without a terminal.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(args)
            .env_clear()
            .envs(self.variables())
            .current_dir(self.path());
        command
    }
}

/// A simulator that answers on threads of its own, so that tests may wait as they like.
pub(crate) struct Provider {
    simulator: Simulator,
    runtime: Runtime,
}

impl Provider {
    /// The demo's groups, answering at once.
    pub(crate) fn start() -> Self {
        Self::slow(Duration::ZERO)
    }

    /// The same, answering after a while.
    pub(crate) fn slow(latency: Duration) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let settings = Settings {
            latency: Some(latency),
            ..Settings::default()
        };
        let simulator = runtime.block_on(Simulator::start(settings)).unwrap();
        Self { simulator, runtime }
    }

    /// The way to this provider, on which changes get lost: each arrives there, and is never answered.
    pub(crate) fn losing_changes(&self) -> FaultServer {
        let upstream = self.simulator.local_addr();
        let script = |asked: &Asked<'_>| match asked.method {
            "GET" => Play::Forward,
            _ => Play::Instead(Fault::StallAfterRequest),
        };
        let start = FaultServer::in_front_of(upstream, script);
        self.runtime.block_on(start).unwrap()
    }

    pub(crate) fn base_url(&self) -> String {
        self.simulator.base_url()
    }

    pub(crate) fn token(&self) -> &'static str {
        self.simulator.token()
    }

    pub(crate) fn state(&self) -> State {
        self.simulator.state()
    }

    /// The requests so far that change something.
    pub(crate) fn changes(&self) -> Vec<String> {
        let seen = self.state().seen().into_iter();
        seen.filter(|seen| seen.method != "GET")
            .map(|seen| format!("{} {} {}", seen.method, seen.path, seen.body))
            .collect()
    }

    /// The three variables that name this provider.
    pub(crate) fn variables(&self) -> Vec<(&'static str, OsString)> {
        account(&self.base_url(), self.simulator.user_name(), self.token())
    }
}

/// The three variables of an account.
pub(crate) fn account(base_url: &str, user: &str, token: &str) -> Vec<(&'static str, OsString)> {
    vec![
        ("WAVEDECK_BASE_URL", base_url.into()),
        ("WAVEDECK_USER_NAME", user.into()),
        ("WAVEDECK_AUTHENTICATION_TOKEN", token.into()),
    ]
}

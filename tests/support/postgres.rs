//! A PostgreSQL server of the tests' own, for one run of a test program, with a database for each test.
//!
//! It needs the programs of a PostgreSQL installation, no running server and no rights: it lives in a folder
//! that vanishes and speaks through a socket there. Where there is none, [`database`] says so on stderr
//! and returns nothing; with `WAVEDECK_TEST_POSTGRES=required` it fails instead.
//!
//! Invariant: the server ends with the test program, however that ends: a shell beside it waits for the end
//! of a pipe that only the test program holds.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Says that the absence of PostgreSQL is a failure.
const SETTING: &str = "WAVEDECK_TEST_POSTGRES";
/// Where Debian and its children keep the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Those that are used here.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "createdb"];
/// Nobody in particular, for tests that run as root: the server refuses to be that.
const USERS: [&str; 2] = ["postgres", "nobody"];
/// Lost with the computer, which does not matter here; small; and reached by nobody else.
const SETTINGS: &str = "listen_addresses = ''\nfsync = off\nfull_page_writes = off\n\
                        shared_buffers = 16MB\nmax_connections = 200\n";
/// One user who needs a password, for the tests of that; the others need none.
const RULES: &str = "local all locked scram-sha-256\nlocal all all trust\n";
/// Starts the server, says so, and ends it when there is nothing more to read.
const WATCHMAN: &str = "\"$1/pg_ctl\" -w -D \"$2/data\" -l \"$2/log\" start >/dev/null && echo ready; \
                        cat >/dev/null; \
                        \"$1/pg_ctl\" -D \"$2/data\" -m immediate stop >/dev/null; rm -rf \"$2\"";

struct Server {
    programs: PathBuf,
    folder: PathBuf,
    /// Its end is the end of the server.
    _pipe: ChildStdin,
}

/// A database without tables.
pub(crate) struct Database {
    name: String,
    folder: &'static Path,
}

impl Database {
    /// For `WAVEDECK_STORE`.
    pub(crate) fn url(&self) -> String {
        let folder = self.folder.display();
        format!("postgres:///{}?host={folder}&user=wavedeck", self.name)
    }
}

/// A new database, or nothing where there is no PostgreSQL.
pub(crate) fn database() -> Option<Database> {
    static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();
    static NUMBER: AtomicUsize = AtomicUsize::new(1);
    let server = SERVER.get_or_init(|| {
        let server = programs().and_then(|programs| start(&programs));
        if let Err(why) = &server {
            let required = std::env::var_os(SETTING).is_some_and(|text| text == "required");
            assert!(!required, "no PostgreSQL: {why}");
            // Not `eprintln!`, which a test that passes keeps to itself.
            let _ = writeln!(std::io::stderr(), "skipped: no PostgreSQL: {why}");
        }
        server
    });
    let server = server.as_ref().ok()?;
    let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(server.programs.join("createdb"))
        .args(["--username=wavedeck", "--host"])
        .args([server.folder.as_os_str(), name.as_ref()])
        .status();
    assert!(made.unwrap().success(), "{name}");
    let folder = &server.folder;
    Some(Database { name, folder })
}

/// The folder of the programs, newest version first.
fn programs() -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    folders.extend(versions.into_iter().rev().map(|(_, folder)| folder));
    folders
        .into_iter()
        .find(|folder| {
            PROGRAMS
                .iter()
                .all(|program| folder.join(program).is_file())
        })
        .ok_or_else(|| format!("{PROGRAMS:?} are neither in PATH nor below {VERSIONS}"))
}

fn start(programs: &Path) -> Result<Server, String> {
    let failed = |why: std::io::Error| why.to_string();
    let folder = tempfile::Builder::new().prefix("wavedeck-pg-").tempdir();
    let folder = folder.map_err(failed)?;
    let user = rustix::process::geteuid()
        .is_root()
        .then(somebody)
        .flatten();
    let as_user = |program: &Path| {
        let mut command = Command::new(program);
        if let Some((user, group)) = user {
            command.uid(user).gid(group);
        }
        command.current_dir(folder.path());
        command
    };
    if let Some((user, group)) = user {
        chown(folder.path(), Some(user), Some(group)).map_err(failed)?;
    }
    // For the programs that a test running as root starts as somebody else.
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), open).map_err(failed)?;
    let made = as_user(&programs.join("initdb"))
        .args(["--username=wavedeck", "--auth=trust", "--encoding=UTF8"])
        .args(["--no-locale", "--no-sync", "--pgdata=data"])
        .output()
        .map_err(failed)?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).into_owned());
    }
    let data = folder.path().join("data");
    let socket = format!("unix_socket_directories = '{}'\n", folder.path().display());
    let settings = data.join("postgresql.auto.conf");
    fs::write(settings, format!("{SETTINGS}{socket}")).map_err(failed)?;
    fs::write(data.join("pg_hba.conf"), RULES).map_err(failed)?;
    let mut watchman = as_user(Path::new("sh"));
    let mut watchman = watchman
        .args(["-c", WATCHMAN, "sh"])
        .args([programs, folder.path()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        // So that it is not interrupted together with the tests.
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    let (pipe, said) = (watchman.stdin.take(), watchman.stdout.take());
    let mut line = String::new();
    let said = said.ok_or("it says nothing")?;
    BufReader::new(said).read_line(&mut line).map_err(failed)?;
    if line.trim() != "ready" {
        let log = fs::read_to_string(folder.path().join("log"));
        return Err(log.unwrap_or_else(|why| why.to_string()));
    }
    Ok(Server {
        programs: programs.to_owned(),
        folder: folder.keep(),
        _pipe: pipe.ok_or("it hears nothing")?,
    })
}

/// User and group of the first of [`USERS`] that there is.
fn somebody() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    USERS.iter().find_map(|name| {
        let lines = users
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>());
        let line = lines.into_iter().find(|line| line.first() == Some(name))?;
        Some((line.get(2)?.parse().ok()?, line.get(3)?.parse().ok()?))
    })
}

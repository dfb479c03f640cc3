//! Two receivers and two dashboards on one PostgreSQL: it does not matter which of them a message reaches,
//! nor whether one of the receivers is killed.

use std::io;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use tokio::time::Instant;

use super::receiving::{address, names, receiving, unread};
use super::senders::{Field, Senders, deliver};
use super::*;
use crate::webhook::program::Listen;
use crate::webhook::{PATH, batch, none_lost_none_twice, post};
use wavedeck::store::Location;

const CORRIDA: &str = "Corrida Domingo 7h";
/// Source: the promise of `docs/receiving.md`.
const SOON: Duration = Duration::from_secs(1);

#[test]
fn what_either_receiver_takes_shows_in_both_dashboards_and_a_killed_one_loses_nothing() {
    let Some(database) = crate::database::database() else {
        return;
    };
    let (server, ana, rui) = (Home::new(), Home::new(), Home::new());
    let provider = Provider::start();
    let url = database.url();
    let listen = || Listen::start(&server, Path::new(""), &[("WAVEDECK_STORE", &url)]);
    let (mut first, second) = (listen(), listen());
    let open = |home| {
        let setup = Setup::account(home, &provider).variable("WAVEDECK_STORE", &url);
        setup.start_and_load()
    };
    let dashboards = [open(&ana), open(&rui)];
    let is_timed = std::env::var_os("WAVEDECK_TEST_LOAD").is_some_and(|asked| asked == "full");
    let all_show = |expected: usize| {
        for terminal in &dashboards {
            terminal.wait_until(&format!("{expected} unread"), |screen| {
                unread(screen, CORRIDA) == Some(expected)
            });
        }
    };
    for (number, receiver) in [&first, &second, &first, &second].into_iter().enumerate() {
        let request = post(PATH, &batch([format!("one-{number}")]));
        let begun = Instant::now();
        assert_eq!(deliver(receiver.address(), &request), Some(200));
        all_show(number + 1);
        let took = begun.elapsed();
        println!("in both dashboards after {took:?}");
        assert!(!is_timed || took <= SOON, "{took:?}");
    }

    let field = Field::default();
    field.go(&[first.address(), second.address()]);
    let senders = Senders::start(&field, 6);
    field.wait_for(300);
    first.kill();
    let before = field.taken().len();
    field.wait_for(before + 300);
    let taken = senders.stop();
    let kept = names(Location::parse(&url).unwrap());
    none_lost_none_twice(&taken, &kept);
    all_show(kept.len());
}

/// A way to the server of a database that can be cut.
struct Wire {
    from: PathBuf,
    to: PathBuf,
    _folder: tempfile::TempDir,
    url: String,
}

/// What goes through a [`Wire`] until it is dropped.
struct Current {
    from: PathBuf,
    open: Arc<Mutex<Option<Vec<UnixStream>>>>,
}

impl Wire {
    /// What is after the folder in the name of a server's socket.
    const SOCKET: &str = ".s.PGSQL.5432";

    fn to(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (head, rest) = url.split_once("host=").unwrap();
        let (to, rest) = rest.split_once('&').unwrap();
        Self {
            from: folder.path().join(Self::SOCKET),
            to: Path::new(to).join(Self::SOCKET),
            url: format!("{head}host={}&{rest}", folder.path().display()),
            _folder: folder,
        }
    }

    fn join(&self) -> Current {
        let listener = UnixListener::bind(&self.from).unwrap();
        let open = Arc::new(Mutex::new(Some(Vec::new())));
        let (to, streams) = (self.to.clone(), Arc::clone(&open));
        let accept = move || {
            for near in listener.incoming() {
                let far = UnixStream::connect(&to).unwrap();
                let near = near.unwrap();
                let Some(open) = &mut *streams.lock().unwrap() else {
                    return;
                };
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let [mut from, mut to] = [from, to].map(|end| end.try_clone().unwrap());
                    let copy = move || {
                        // Either end may be cut.
                        let _ = io::copy(&mut from, &mut to);
                        let _ = to.shutdown(std::net::Shutdown::Both);
                    };
                    Builder::new().spawn(copy).unwrap();
                }
                open.extend([near, far]);
            }
        };
        Builder::new().spawn(accept).unwrap();
        let from = self.from.clone();
        Current { from, open }
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        for stream in self.open.lock().unwrap().take().unwrap() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        // Wakes whoever accepts, who then ends.
        let _ = UnixStream::connect(&self.from);
        std::fs::remove_file(&self.from).unwrap();
    }
}

#[test]
fn while_the_server_is_away_nothing_is_taken_and_afterwards_everything_goes_on_by_itself() {
    let Some(database) = crate::database::database() else {
        return;
    };
    let (server, ana, rui) = (Home::new(), Home::new(), Home::new());
    let provider = Provider::start();
    let wire = Wire::to(&database.url());
    let current = wire.join();
    let place = [("WAVEDECK_STORE", &*wire.url)];
    let listen = Listen::start(&server, Path::new(""), &place);
    let setup = receiving(&ana, &provider).variable("WAVEDECK_STORE", &wire.url);
    let mut own = setup.start_and_load();
    let at = address(&mut own);
    let setup = Setup::account(&rui, &provider).variable("WAVEDECK_STORE", &wire.url);
    let other = setup.start_and_load();
    let request = |name: &str| post(PATH, &batch([name.to_owned()]));
    assert_eq!(deliver(at, &request("1")), Some(200));
    let both_show = |expected: usize| {
        for terminal in [&own, &other] {
            terminal.wait_until(&format!("{expected} unread"), |screen| {
                unread(screen, CORRIDA) == Some(expected)
            });
        }
    };
    both_show(1);

    drop(current);
    std::thread::scope(|threads| {
        for receiver in [listen.address(), at] {
            let request = request("2");
            threads.spawn(move || assert_eq!(deliver(receiver, &request), Some(503)));
        }
    });
    own.wait_for("Messages cannot be kept");

    let _current = wire.join();
    for (receiver, name) in [(at, "2"), (listen.address(), "2"), (listen.address(), "3")] {
        assert_eq!(deliver(receiver, &request(name)), Some(200), "{name}");
    }
    own.wait_for("Messages are kept again");
    both_show(3);
    let mut kept = names(Location::parse(&database.url()).unwrap());
    kept.sort();
    assert_eq!(kept, ["1", "2", "3"]);
}

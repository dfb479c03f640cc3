//! Two receivers and two dashboards on one PostgreSQL: it does not matter which of them a message reaches,
//! nor whether one of the receivers is killed.

use std::collections::BTreeSet;
use std::path::Path;
use tokio::time::Instant;

use super::receiving::{names, unread};
use super::senders::{Field, Senders, deliver};
use super::*;
use crate::webhook::program::Listen;
use crate::webhook::{PATH, batch, post};
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
    let once: BTreeSet<String> = kept.iter().cloned().collect();
    assert_eq!(kept.len(), once.len(), "none twice");
    let lost: Vec<&String> = taken.difference(&once).collect();
    assert!(
        lost.is_empty(),
        "{} of {}: {lost:?}",
        lost.len(),
        taken.len()
    );
    all_show(kept.len());
}

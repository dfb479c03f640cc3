//! How long until there is something to see: the first frame, and the first names from the cache.

use std::time::Duration;

use super::Bench;
use super::program::{Home, Program, Server, World};
use super::table::{Figure, grouped, median};
use super::terminal::Session;

/// How long a first frame may take.
const LIMIT: Duration = Duration::from_secs(5);
/// How long all names may take to come.
const LOADING: Duration = Duration::from_secs(180);
/// How long names from a cache may take.
const CACHED: Duration = Duration::from_secs(2);
/// Rows of the list that are looked at for a name.
const NAMES: usize = 6;

/// From the start to the first frame, with an empty cache; a figure.
pub(crate) fn empty(bench: &Bench) -> anyhow::Result<Vec<Figure>> {
    let world = World {
        groups: 10_000,
        members: 8,
        latency: Duration::from_millis(20),
    };
    let server = Server::start(&bench.programs, world)?;
    let (ours, bare) = bench.pairs(
        |_| first_frame(&bench.programs.ours(&Home::new()?, &server)),
        |_| first_frame(&bench.programs.bare(world.groups, false)),
    )?;
    let figure = Figure::new("first frame, empty cache", median(&ours), "ms");
    Ok(vec![figure.beside(median(&bare)).goal("≤ 2 ×")])
}

/// From the start to the first names, which the cache must have: the server takes connections and says
/// nothing.
pub(crate) fn cached(bench: &Bench, groups: usize) -> anyhow::Result<Vec<Figure>> {
    let world = World {
        groups,
        members: 8,
        latency: Duration::ZERO,
    };
    let server = Server::start(&bench.programs, world)?;
    let home = Home::new()?;
    let program = bench.programs.ours(&home, &server);
    let names = fill(&program)?;
    server.stop()?;
    let cached = || {
        let mut session = Session::start(&program)?;
        let is_there = |screen: &vt100::Screen| {
            let text = screen.contents();
            names.iter().any(|name| text.contains(name))
        };
        let at = session.wait(CACHED, is_there);
        Ok(at.map(|at| session.since_start(at)))
    };
    let is_kept = cached()?.is_some();
    let bare = |_| first_frame(&bench.programs.bare(groups, false));
    let (ours, bare) = if is_kept {
        bench.pairs(|_| cached(), bare)?
    } else {
        (Vec::new(), Vec::new())
    };
    server.go_on()?;
    let ours: Vec<Duration> = ours.into_iter().flatten().collect();
    let what = format!("first names from the cache, {} groups", count(groups));
    let figure = Figure::new(what, median(&ours), "ms").beside(median(&bare));
    Ok(vec![figure.goal("≤ 3 ×").note("no cache")])
}

/// A number of groups as it is written.
pub(crate) fn count(groups: usize) -> String {
    grouped(&groups.to_string())
}

fn first_frame(program: &Program) -> anyhow::Result<Duration> {
    let mut session = Session::start(program)?;
    let at = session.wait(LIMIT, |screen| !screen.contents().trim().is_empty());
    let at = at.ok_or_else(|| anyhow::anyhow!("there is no first frame"))?;
    Ok(session.since_start(at))
}

/// Runs until everything is there, and leaves; returns the first names of the list.
fn fill(program: &Program) -> anyhow::Result<Vec<String>> {
    let mut session = Session::start(program)?;
    session.wait_for("synced", LOADING)?;
    let rows = session.screen().rows(2, 24).skip(3).take(NAMES);
    let names = rows.map(|row| row.trim_matches(['▌', ' ']).to_owned());
    let names = names.filter(|name| !name.is_empty()).collect();
    session.quit()?;
    Ok(names)
}

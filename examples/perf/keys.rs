//! From a key to the frame that shows what it did.
//!
//! A key counts as painted when another row is chosen: where the dashboard has its cursor, where the bare
//! program has its sign. What else is drawn meanwhile, because answers come in, is not taken for it.

use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::Bench;
use super::program::{Home, Program, Server, World};
use super::starts::count;
use super::table::{Figure, median, percentile};
use super::terminal::{Session, now};

/// How long the list may take to come.
const LIMIT: Duration = Duration::from_secs(30);
/// A key whose frame takes longer was lost.
const LOST: Duration = Duration::from_secs(2);
/// Nothing more comes of a key after so long without output.
const QUIET: Duration = Duration::from_millis(15);
/// Held keys.
const HELD: usize = 2_000;
/// After so long on one row the keys have been taken.
const TAKEN: Duration = Duration::from_millis(100);
/// How long requests for rows that flew by would take to leave.
const AFTERWARDS: Duration = Duration::from_secs(1);
/// The slowest pace there is, for requests that nobody waits for.
const SLOWEST: &str = "0.01";

/// Who draws.
#[derive(Clone, Copy, Debug)]
enum Who {
    Ours,
    Bare,
}

impl Who {
    /// The chosen row, as it stands in the list.
    fn chosen(self, screen: &vt100::Screen) -> Option<String> {
        match self {
            Self::Ours => {
                let (row, _) = screen.cursor_position();
                screen.rows(2, 26).nth(usize::from(row))
            }
            Self::Bare => screen.rows(1, 26).find(|row| row.starts_with('>')),
        }
    }
}

/// Every key takes a moment that nobody can tell in advance, the same in every run.
fn gaps(seed: u64) -> impl Iterator<Item = Duration> {
    let mut random = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(move || Duration::from_micros(random.u64(2_000..25_000)))
}

/// Presses `j`; returns when, and when the frame came that shows it.
fn press(session: &mut Session, who: Who) -> anyhow::Result<(Instant, Instant)> {
    let before = who.chosen(session.screen());
    let pressed = session.press(b"j")?;
    let painted = session.wait(LOST, |screen| who.chosen(screen) != before);
    let painted = painted.with_context(|| format!("a key was lost ({who:?})"))?;
    Ok((pressed, painted))
}

/// Presses `j` again and again; returns how long each frame took to come.
fn frames(
    session: &mut Session,
    who: Who,
    keys: usize,
    seed: u64,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(keys);
    for gap in gaps(seed).take(keys) {
        session.pass(gap);
        let (pressed, painted) = press(session, who)?;
        times.push(painted.saturating_duration_since(pressed));
    }
    Ok(times)
}

/// The same where nothing else draws, so that it can be told when nothing more comes of a key.
fn whole(session: &mut Session, who: Who, keys: usize, seed: u64) -> anyhow::Result<Vec<Times>> {
    let mut times = Vec::with_capacity(keys);
    for gap in gaps(seed).take(keys) {
        session.pass(gap);
        let (pressed, painted) = press(session, who)?;
        let last = session.settle(QUIET, QUIET * 4).unwrap_or(painted);
        times.push(Times {
            painted: painted.saturating_duration_since(pressed),
            settled: last.max(painted).saturating_duration_since(pressed),
        });
    }
    Ok(times)
}

/// What a key took.
struct Times {
    /// Until its frame stood.
    painted: Duration,
    /// Until nothing more came.
    settled: Duration,
}

/// A session with its list on the screen, and the keys warm.
fn ready(program: &Program, who: Who, groups: usize) -> anyhow::Result<Session> {
    let mut session = Session::start(program)?;
    match who {
        Who::Ours => session.wait_for(&format!("1 of {}", count(groups)), LIMIT)?,
        Who::Bare => session.wait_for("item 0", LIMIT)?,
    };
    frames(&mut session, who, 5, 99)?;
    Ok(session)
}

/// One key at a time, while details load behind.
pub(crate) fn single(bench: &Bench, groups: usize) -> anyhow::Result<Vec<Figure>> {
    let world = World {
        groups,
        members: members(groups),
        latency: Duration::from_millis(20),
    };
    let server = Server::start(&bench.programs, world)?;
    let keys = bench.keys;
    let (ours, bare) = bench.few_pairs(
        |round| {
            let home = Home::new()?;
            let program = bench.programs.ours(&home, &server);
            let mut session = ready(&program, Who::Ours, groups)?;
            frames(&mut session, Who::Ours, keys, round)
        },
        |round| {
            let mut session = ready(&bench.programs.bare(groups, true), Who::Bare, groups)?;
            frames(&mut session, Who::Bare, keys, round)
        },
    )?;
    let (ours, bare) = (ours.concat(), bare.concat());
    let figure = |percent, goal| {
        let what = format!(
            "key to paint p{percent}, {} groups, details loading",
            count(groups)
        );
        Figure::new(what, percentile(&ours, percent), "ms")
            .beside(percentile(&bare, percent))
            .goal(goal)
    };
    Ok(vec![figure(50, "≤ 1.5 ×"), figure(99, "≤ 2 ×")])
}

/// One key at a time, with nothing going on behind; and 2,000 at once.
pub(crate) fn held(bench: &Bench, groups: usize) -> anyhow::Result<Vec<Figure>> {
    let world = World {
        groups,
        members: members(groups),
        latency: Duration::from_millis(20),
    };
    let server = Server::start(&bench.programs, world)?;
    let keys = bench.keys;
    let mut asked = Vec::new();
    let (ours, bare) = bench.few_pairs(
        |round| {
            let home = Home::new()?;
            let program = bench.programs.ours(&home, &server).at_pace(SLOWEST);
            let mut session = ready(&program, Who::Ours, groups)?;
            // What may leave in spite of the pace has left.
            session.pass(AFTERWARDS);
            let times = whole(&mut session, Who::Ours, keys, round)?;
            session.pass(AFTERWARDS);
            let before = home.requests();
            let first = place(session.screen());
            let settled = hold(&mut session, Who::Ours)?;
            let last = place(session.screen());
            let moved = first.zip(last).map(|(first, last)| last - first);
            anyhow::ensure!(moved == Some(HELD), "of {HELD} keys came {moved:?}");
            session.pass(AFTERWARDS);
            asked.push(home.requests() - before);
            Ok((times, settled))
        },
        |round| {
            let mut session = ready(&bench.programs.bare(groups, true), Who::Bare, groups)?;
            let times = whole(&mut session, Who::Bare, keys, round)?;
            let settled = hold(&mut session, Who::Bare)?;
            Ok((times, settled))
        },
    )?;
    Ok(figures(&ours, &bare, groups, &asked))
}

type Round = (Vec<Times>, Duration);

fn figures(ours: &[Round], bare: &[Round], groups: usize, asked: &[usize]) -> Vec<Figure> {
    let of = |rounds: &[Round], time: fn(&Times) -> Duration| -> Vec<Duration> {
        rounds.iter().flat_map(|round| &round.0).map(time).collect()
    };
    let groups = count(groups);
    let still = |percent| {
        let part = |rounds| percentile(&of(rounds, |key| key.painted), percent);
        let what = format!("key to paint p{percent}, {groups} groups, nothing loading");
        Figure::new(what, part(ours), "ms").beside(part(bare))
    };
    let quiet = |rounds| percentile(&of(rounds, |key| key.settled), 50);
    let what = format!("key until nothing more is drawn, p50, {groups} groups");
    let quiet = Figure::new(what, quiet(ours), "ms").beside(quiet(bare));
    let held = |rounds: &[Round]| -> Vec<Duration> { rounds.iter().map(|round| round.1).collect() };
    let what = format!("{} held keys until the last row stands", count(HELD));
    let last = Figure::new(what, median(&held(ours)), "ms")
        .beside(median(&held(bare)))
        .goal("≤ 25 ms");
    let most = asked
        .iter()
        .max()
        .and_then(|most| u32::try_from(*most).ok());
    let requests = Figure::new(
        "requests made meanwhile, and for the last row",
        most.map(f64::from),
        "",
    )
    .goal("1");
    vec![still(50), still(99), quiet, last, requests]
}

/// Members of each group: more would take the simulator more memory than the figures are worth.
fn members(groups: usize) -> usize {
    if groups > 10_000 { 16 } else { 256 }
}

/// The number of the chosen row, as the frame of the list has it: `╰─── 5 of 300 ─╯`.
fn place(screen: &vt100::Screen) -> Option<usize> {
    let row = screen.rows(0, 40).find(|row| row.starts_with('╰'))?;
    let (before, _) = row.split_once(" of ")?;
    let digits = before.chars().filter(char::is_ascii_digit);
    digits.collect::<String>().parse().ok()
}

/// Presses `j` as often as a held key does in a minute, all at once; returns when the last row stood.
fn hold(session: &mut Session, who: Who) -> anyhow::Result<Duration> {
    let mut last: Option<Instant> = None;
    let pressed = session.press(&b"j".repeat(HELD))?;
    loop {
        let before = who.chosen(session.screen());
        let Some(at) = session.wait(TAKEN, |screen| who.chosen(screen) != before) else {
            break;
        };
        last = Some(at);
        anyhow::ensure!(now() < pressed + LOST * 10, "held keys never end");
    }
    let last = last.context("nothing came of held keys")?;
    Ok(last.saturating_duration_since(pressed))
}

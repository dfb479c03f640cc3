//! What the core, the drawing and the reading of answers cost, at 100, 10,000 and 100,000 groups, through what is
//! public: `cargo bench`, or `cargo bench -- filter` for one of them.
//!
//! It is no test: nothing fails when something is slow. The whole program in a terminal is measured by
//! `cargo run --release --example perf`.

mod canned;
mod world;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion};
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use wavedeck::api::{Client, Limits};
use wavedeck::app::Msg;
use wavedeck::app::update::Recalled;
use wavedeck::domain::{Account, BaseUrl, GroupId};
use wavedeck::keymap::Code;
use wavedeck::store::Cache;
use wavedeck::theme::{Depth, Mood, Theme};
use wavedeck::ui;

use world::{SIZE, World, key};

/// Groups of an account, or members of a group.
const SIZES: [usize; 3] = [100, 10_000, 100_000];
/// Largest answer that is read.
const LONGEST: usize = 32 * 1024 * 1024;

/// Adds up how long the parts take that are measured.
#[derive(Default)]
struct Watch(Duration);

impl Watch {
    /// Does something often; returns how long the measured parts of it took.
    fn often(
        times: u64,
        mut once: impl FnMut(&mut Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<Duration> {
        let mut watch = Self::default();
        for _ in 0..times {
            once(&mut watch)?;
        }
        Ok(watch.0)
    }

    /// Measures this.
    #[expect(
        clippy::disallowed_methods,
        reason = "measuring is what this program does"
    )]
    fn over<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begin = Instant::now();
        let result = black_box(work());
        self.0 += begin.elapsed();
        result
    }
}

/// One benchmark: what is done once, with the parts that count measured.
fn bench(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    size: usize,
    mut once: impl FnMut(&mut Watch) -> anyhow::Result<()>,
) {
    group.bench_function(BenchmarkId::new(name, size), |bencher| {
        bencher.iter_custom(|times| {
            let watched = Watch::often(times, &mut once);
            watched.unwrap_or_else(|why| {
                // A figure that says nothing would be taken for one.
                panic_with(&why)
            })
        });
    });
}

#[expect(clippy::panic, reason = "the library that measures takes no errors")]
fn panic_with(why: &anyhow::Error) -> Duration {
    panic!("{why:#}")
}

/// The whole screen, after the cursor moved by one row: drawn, and compared with the one before.
fn frame(criterion: &mut Criterion, world: &mut World, size: usize) -> anyhow::Result<()> {
    let mut terminal = Terminal::new(TestBackend::new(SIZE.width, SIZE.height))?;
    let theme = Theme::new(Mood::Dark, Depth::TrueColor);
    let mut ways = [Code::Char('j'), Code::Char('k')].into_iter().cycle();
    bench(
        &mut criterion.benchmark_group("frame"),
        "whole",
        size,
        |watch| {
            world.press(ways.next().unwrap_or(Code::Down));
            let model = &world.model;
            let draw = |frame: &mut Frame<'_>| drop(ui::view(model, &theme, frame));
            watch.over(|| terminal.draw(draw).map(drop))?;
            Ok(())
        },
    );
    Ok(())
}

/// What the core does about a key, an answer with details, and the answer with the list.
fn messages(criterion: &mut Criterion, world: &mut World, size: usize) {
    let mut group = criterion.benchmark_group("update");
    let mut ways = [Code::Char('j'), Code::Char('k')].into_iter().cycle();
    bench(&mut group, "key", size, |watch| {
        let msg = key(ways.next().unwrap_or(Code::Down));
        watch.over(|| world.happen(msg));
        Ok(())
    });
    bench(&mut group, "list", size, |watch| {
        let msg = world.fresh_list()?;
        watch.over(|| world.happen(msg));
        Ok(())
    });
    bench(&mut group, "details", size, |watch| {
        let msg = world.next_details()?;
        watch.over(|| world.happen(msg));
        Ok(())
    });
}

/// One letter typed into the filter.
fn filter(criterion: &mut Criterion, world: &mut World, size: usize) {
    world.press(Code::Char('/'));
    let mut group = criterion.benchmark_group("filter");
    for (name, before) in [("first letter", ""), ("third letter", "co")] {
        for letter in before.chars() {
            world.press(Code::Char(letter));
        }
        bench(&mut group, name, size, |watch| {
            watch.over(|| world.press(Code::Char('r')));
            world.press(Code::Backspace);
            Ok(())
        });
    }
    world.press(Code::Esc);
}

/// A number that is pasted into the search of all groups, and digits that few numbers have.
fn find(criterion: &mut Criterion, world: &mut World, size: usize) {
    let mut group = criterion.benchmark_group("find");
    for (name, text) in [("number", "+55 19 90000-0003"), ("digits", "0000003")] {
        bench(&mut group, name, size, |watch| {
            world.press(Code::Char('F'));
            watch.over(|| world.happen(Msg::Pasted(text.to_owned())));
            world.press(Code::Esc);
            Ok(())
        });
    }
}

/// What an earlier run knew: the names in front, as for the first frame, and all of them, ready to be shown.
fn recall(criterion: &mut Criterion, world: &World, size: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let account = Account::new(BaseUrl::new(BaseUrl::DEFAULT)?, "ana@example.org", "token")?;
    let cache = Cache::of(folder.path(), &account);
    let now = world.model.now;
    let (mut memory, _) = cache.open(now)?;
    memory.keep(&world.keepsakes()?)?;
    memory.tidy()?;
    let mut group = criterion.benchmark_group("recall");
    bench(&mut group, "in front", size, |watch| {
        let first = || cache.recall_first().unwrap_or_else(|| cache.recall());
        watch.over(|| Recalled::new(first(), now));
        Ok(())
    });
    bench(&mut group, "all", size, |watch| {
        watch.over(|| Recalled::new(cache.recall(), now));
        Ok(())
    });
    Ok(())
}

/// Answers from the wire to values, the way over loopback included.
fn decode(criterion: &mut Criterion, size: usize) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let client = |base: &str| -> anyhow::Result<Client> {
        let account = Account::new(BaseUrl::new(base)?, "ana@example.org", "token")?;
        let limits = Limits {
            details_bytes: LONGEST,
            list_bytes: LONGEST,
            ..Limits::default()
        };
        Ok(Client::with_limits(&account, limits)?)
    };
    let each = |one: fn(usize) -> String| (0..size).map(one).collect::<Vec<_>>().join(",");
    let mut group = criterion.benchmark_group("decode");

    let ids = each(|n| format!(r#"{{"id":"5519900000000-{}"}}"#, 1_400_000_000 + n));
    let list = client(&runtime.block_on(canned::serve(format!(r#"{{"groups":[{ids}]}}"#)))?)?;
    bench(&mut group, "list", size, |watch| {
        let answer = watch.over(|| runtime.block_on(list.list_groups()));
        anyhow::ensure!(answer.result.is_ok_and(|ids| ids.len() == size), "no list");
        Ok(())
    });

    let people = each(|n| format!(r#""{}""#, 5_519_900_000_000_usize + n));
    let id = GroupId::new("5519900000000-1400000000")?;
    let body = format!(
        r#"{{"groups":[{{"id":"{id}","subject":"Corrida","creation_time":1400000000,"creator":"5519900000000","admins":["5519900000000"],"participants":[{people}]}}]}}"#
    );
    let details = client(&runtime.block_on(canned::serve(body))?)?;
    bench(&mut group, "members of one group", size, |watch| {
        let answer = watch.over(|| runtime.block_on(details.group_details(&id)));
        let members = answer
            .result
            .map(|details| details.roster.map_or(0, |roster| roster.count()));
        anyhow::ensure!(members == Ok(size), "members: {members:?}");
        Ok(())
    });
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let mut criterion = Criterion::default()
        .configure_from_args()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    for size in SIZES {
        let mut world = World::loaded(size)?;
        frame(&mut criterion, &mut world, size)?;
        messages(&mut criterion, &mut world, size);
        filter(&mut criterion, &mut world, size);
        find(&mut criterion, &mut world, size);
        recall(&mut criterion, &world, size)?;
        decode(&mut criterion, size)?;
    }
    criterion.final_summary();
    Ok(())
}

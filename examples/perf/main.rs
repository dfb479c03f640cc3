//! Measures the dashboard in a pseudo-terminal, beside the least program that looks like it, in the same run:
//! `just perf`, or `cargo build --release --bin wavedeck --example bare`, then
//! `cargo run --release --example perf`.
//!
//! Times differ from computer to computer and from run to run; the ratios say something. The two are measured
//! in turn, ours and the other, the other and ours, and what stands in the table is the middle of it. The
//! server is `wavedeck simulate` in a process of its own. What only `/proc` tells is measured on Linux only.
//! It is no test: nothing fails when something is slow.

mod keys;
mod loads;
mod process;
mod program;
mod starts;
mod table;
mod terminal;

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use program::Programs;
use table::Figure;

/// Measures the dashboard beside the bare program.
#[derive(Debug, Parser)]
struct Args {
    /// Fewer runs, and no 100,000 groups: under a minute.
    #[arg(long)]
    quick: bool,
    /// The table as Markdown.
    #[arg(long)]
    markdown: bool,
    /// Another program in the place of the dashboard that was built beside this one.
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
    /// Only these; without any, all.
    #[arg(value_enum)]
    only: Vec<Part>,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The first frame, with an empty cache.
    Start,
    /// The first names, from the cache.
    Cache,
    /// Key to paint while details load.
    Keys,
    /// Key to paint while nothing loads, and 2,000 held keys.
    Held,
    /// Wake-ups and processor time of an idle program.
    Idle,
    /// Memory.
    Memory,
    /// Details in a second.
    Details,
    /// Size of the program.
    Size,
}

/// What is run, and how often.
struct Bench {
    programs: Programs,
    /// Pairs of starts.
    starts: u64,
    /// Pairs of longer runs.
    rounds: u64,
    /// Keys in each of them.
    keys: usize,
    /// Groups of a large account.
    many: usize,
    /// Groups of the largest one.
    most: usize,
    /// Groups that are read one by one.
    details: usize,
}

impl Bench {
    fn new(programs: Programs, quick: bool) -> Self {
        Self {
            programs,
            starts: if quick { 7 } else { 15 },
            rounds: if quick { 2 } else { 4 },
            keys: if quick { 60 } else { 150 },
            many: 10_000,
            most: if quick { 10_000 } else { 100_000 },
            details: if quick { 800 } else { 2_000 },
        }
    }

    /// Sizes of accounts, small to large.
    fn sizes(&self) -> impl Iterator<Item = usize> {
        let most = (self.most > self.many).then_some(self.most);
        [self.many].into_iter().chain(most)
    }

    /// Runs both in turn, often; the first pair only warms up.
    fn pairs<T, U>(
        &self,
        ours: impl FnMut(u64) -> anyhow::Result<T>,
        beside: impl FnMut(u64) -> anyhow::Result<U>,
    ) -> anyhow::Result<(Vec<T>, Vec<U>)> {
        let (mut ours, mut beside) = in_turn(self.starts + 1, ours, beside)?;
        drop((ours.remove(0), beside.remove(0)));
        Ok((ours, beside))
    }

    /// The same of longer runs.
    fn few_pairs<T, U>(
        &self,
        ours: impl FnMut(u64) -> anyhow::Result<T>,
        beside: impl FnMut(u64) -> anyhow::Result<U>,
    ) -> anyhow::Result<(Vec<T>, Vec<U>)> {
        in_turn(self.rounds, ours, beside)
    }

    fn measure(&self, part: Part) -> anyhow::Result<Vec<Figure>> {
        let of_sizes = |measure: fn(&Self, usize) -> anyhow::Result<Vec<Figure>>| {
            let figures: Result<Vec<_>, _> = self.sizes().map(|size| measure(self, size)).collect();
            figures.map(|figures| figures.into_iter().flatten().collect())
        };
        match part {
            Part::Start => starts::empty(self),
            Part::Cache => {
                let mut figures = starts::cached(self, 1_000)?;
                figures.extend(of_sizes(starts::cached)?);
                Ok(figures)
            }
            Part::Keys => of_sizes(keys::single),
            Part::Held => of_sizes(keys::held),
            Part::Idle => loads::idle(self),
            Part::Memory => loads::memory(self),
            Part::Details => loads::details(self),
            Part::Size => loads::size(self),
        }
    }
}

/// Runs two things in turn, AB BA AB BA, each with the number of its round.
fn in_turn<T, U>(
    rounds: u64,
    mut ours: impl FnMut(u64) -> anyhow::Result<T>,
    mut beside: impl FnMut(u64) -> anyhow::Result<U>,
) -> anyhow::Result<(Vec<T>, Vec<U>)> {
    let mut told = (Vec::new(), Vec::new());
    for round in 0..rounds {
        if round % 2 == 0 {
            told.0.push(ours(round)?);
            told.1.push(beside(round)?);
        } else {
            told.1.push(beside(round)?);
            told.0.push(ours(round)?);
        }
    }
    Ok(told)
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let mut programs = Programs::beside_this()?;
    programs.ours = args.program.unwrap_or(programs.ours);
    let bench = Bench::new(programs, args.quick);
    let parts = if args.only.is_empty() {
        Part::value_variants()
    } else {
        &args.only
    };
    let mut figures = Vec::new();
    for part in parts {
        let name = part
            .to_possible_value()
            .map(|value| value.get_name().to_owned());
        writeln!(std::io::stderr(), "{} …", name.unwrap_or_default())?;
        figures.extend(bench.measure(*part)?);
    }
    let table = if args.markdown {
        table::as_markdown(&figures)
    } else {
        table::as_text(&figures)
    };
    std::io::stdout().write_all(table.as_bytes())?;
    Ok(())
}

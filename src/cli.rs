//! The command line: what the words mean, and the pieces put together for each of them.

mod args;
mod configuration;
mod dashboard;
mod doctor;
mod keys;
mod listen;
mod logging;
mod memory;
mod pages;
mod simulate;
mod theme;

use std::process::ExitCode;

use clap::Parser as _;

use crate::runtime::log;
use args::{Args, Command, Doctor, Keys, Listen, Simulate, World};

/// Exit code for a wrong use or a terminal that is none.
const USAGE: u8 = 2;

/// Runs the program as the command line says.
///
/// # Errors
/// When it could not do what was asked, with the whole chain of reasons.
pub fn run() -> anyhow::Result<ExitCode> {
    memory::keep_out_of_dumps();
    let args = Args::parse();
    let work = match args.command {
        Some(Command::Config(question)) => return configuration::run(&args.dashboard, question),
        Some(Command::Completions { shell }) => return pages::completions(shell),
        Some(Command::Man { command }) => return pages::man(&command),
        Some(Command::Theme(command)) => return theme::run(&command),
        Some(Command::Doctor(doctor)) => Work::Doctor(doctor),
        Some(Command::Demo(world)) => Work::Demo(world),
        Some(Command::Keys(keys)) => Work::Keys(keys),
        Some(Command::Listen(listen)) => Work::Listen(listen),
        Some(Command::Simulate(simulate)) => Work::Simulate(simulate),
        None => Work::Dashboard,
    };
    log::note_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let args = &args.dashboard;
    let ended = match work {
        Work::Dashboard => runtime.block_on(dashboard::run(args)),
        Work::Doctor(doctor) => runtime.block_on(doctor::run(args, doctor)),
        Work::Demo(world) => runtime.block_on(dashboard::demo(args, &world)),
        Work::Keys(keys) => runtime.block_on(keys::run(args, &keys)),
        Work::Listen(listen) => runtime.block_on(listen::run(args, &listen)),
        Work::Simulate(simulate) => runtime.block_on(simulate::run(args, &simulate)),
    };
    logging::end(&ended);
    // A clipboard or a file that does not answer must not hold the end up.
    runtime.shutdown_background();
    ended
}

/// What takes its time and waits for others.
enum Work {
    Dashboard,
    Doctor(Doctor),
    Demo(World),
    Keys(Keys),
    Listen(Listen),
    Simulate(Simulate),
}

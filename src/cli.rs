//! The command line: what the words mean, and the pieces put together for each of them.

mod args;
mod dashboard;
mod listen;
mod simulate;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

/// Exit code for a wrong use or a terminal that is none.
const USAGE: u8 = 2;

/// Runs the program as the command line says.
///
/// # Errors
/// When it could not do what was asked, with the whole chain of reasons.
pub fn run() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let ended = match args.command {
        None => runtime.block_on(dashboard::run(&args.dashboard)),
        Some(Command::Demo(world)) => runtime.block_on(dashboard::demo(&args.dashboard, &world)),
        Some(Command::Listen(listen)) => runtime.block_on(listen::run(&args.dashboard, &listen)),
        Some(Command::Simulate(simulate)) => runtime.block_on(simulate::run(&simulate)),
    };
    // A clipboard or a file that does not answer must not hold the end up.
    runtime.shutdown_background();
    ended
}

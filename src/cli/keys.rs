//! `wavedeck keys`: what keys are called and mean, or the whole table in use.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;

use super::args::{Dashboard, Keys};
use crate::config::{self, Environment};
use crate::keymap;
use crate::runtime::keyboard;
use crate::runtime::signals::Signal;

/// Prints the table, or listens to keys where there is a terminal.
pub(super) async fn run(args: &Dashboard, keys: &Keys) -> anyhow::Result<ExitCode> {
    let (keymap, warnings) = config::load_keys(&args.flags(), &Environment::of_process())?;
    for warning in warnings {
        // If not even this can be written, the table is worth more.
        let _ = writeln!(std::io::stderr(), "wavedeck: {warning}");
    }
    let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if keys.list || !is_terminal {
        return print(&keymap::listing(&keymap));
    }
    let ended = keyboard::show(&keymap)
        .await
        .context("the terminal cannot be read")?;
    let code = ended.and_then(Signal::exit_code);
    Ok(code.map_or(ExitCode::SUCCESS, ExitCode::from))
}

/// Whoever reads only the beginning, as `head` does, closes the rest: no failure.
fn print(text: &str) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(why) if why.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(why).context("the table cannot be printed")
        }
        Ok(()) | Err(_) => Ok(ExitCode::SUCCESS),
    }
}

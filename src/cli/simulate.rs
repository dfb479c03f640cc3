//! `wavedeck simulate`: the simulator alone.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;

use super::args::{Dashboard, Simulate};
use super::logging;
use crate::domain::Masking;
use crate::runtime::log::Level;
use crate::runtime::signals::Signals;
use crate::sim::Simulator;

/// Runs the simulator until a signal ends it.
pub(super) async fn run(dashboard: &Dashboard, args: &Simulate) -> anyhow::Result<ExitCode> {
    if let Some(why) = logging::start(dashboard, Level::OFF, Masking::Masked, "simulate") {
        // If not even this can be written, there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "wavedeck: {why}");
    }
    let mut signals = Signals::listen()?;
    let settings = args.settings();
    let listen = settings.listen;
    let webhook = settings.webhook.clone();
    let simulator = Simulator::start(settings)
        .await
        .with_context(|| format!("cannot listen at {listen}"))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "base url {}", simulator.base_url())?;
    writeln!(out, "user name {}", simulator.user_name())?;
    writeln!(out, "token {}", simulator.token())?;
    if let Some(webhook) = &webhook {
        writeln!(out, "webhook {webhook}")?;
    }
    out.flush()?;
    drop(out);
    let code = loop {
        if let Some(code) = signals.next().await.exit_code() {
            break code;
        }
    };
    let state = simulator.state();
    simulator.stop().await;
    if webhook.is_some() {
        let pushed = state.pushed();
        writeln!(
            std::io::stdout(),
            "{} of {} batches taken in {} tries, {} given up",
            pushed.taken,
            pushed.batches,
            pushed.tries,
            pushed.given_up
        )?;
    }
    Ok(ExitCode::from(code))
}

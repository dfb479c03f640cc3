//! Parses nothing, decides nothing: runs the command line and prints what went wrong.

use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match wavedeck::cli::run() {
        Ok(code) => code,
        Err(why) => {
            // If not even this can be written, the exit code says it.
            let _ = writeln!(std::io::stderr(), "wavedeck: {why:#}");
            ExitCode::FAILURE
        }
    }
}

//! Faults on purpose, so that a test can see what becomes of the terminal. In no program that people
//! get: the module exists in builds with debug assertions only.
//!
//! One fault is chosen at the start and strikes after the first paste. What it panics with looks like a
//! secret. Invariant: nothing happens where none was chosen.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where the program breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// While a message is taken in.
    Update,
    /// While a frame is drawn, halfway.
    Draw,
    /// In a task behind the loop.
    Task,
    /// While a message is taken in, and again in the hook of that panic.
    Hook,
    /// On the way out, with the terminal still taken over.
    Main,
}

/// What the panics say, and nobody may see.
pub const SECRET: &str = "canary-5511999990000";

static CHOSEN: OnceLock<Fault> = OnceLock::new();
static ARMED: AtomicBool = AtomicBool::new(false);

/// Chooses the fault of that name; any other word is none.
pub fn choose(name: &str) {
    let fault = match name {
        "update" => Fault::Update,
        "draw" => Fault::Draw,
        "task" => Fault::Task,
        "hook" => Fault::Hook,
        "main" => Fault::Main,
        _ => return,
    };
    // Chosen before: the first one counts.
    let _ = CHOSEN.set(fault);
}

/// From now on the chosen fault strikes.
pub(super) fn arm() {
    ARMED.store(true, Ordering::SeqCst);
}

fn strikes(at: Fault) -> bool {
    ARMED.load(Ordering::SeqCst) && CHOSEN.get() == Some(&at)
}

/// Panics where this is the place that was chosen.
pub(super) fn strike(at: Fault) {
    assert!(!strikes(at), "{SECRET}");
}

/// Fails where that was chosen.
///
/// # Errors
/// Then.
pub fn error() -> Result<(), &'static str> {
    if CHOSEN.get() == Some(&Fault::Main) {
        Err("the error that was asked for")
    } else {
        Ok(())
    }
}

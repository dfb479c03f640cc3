//! The world outside: terminal, keys, signals, requests, and the one loop that ties them to the
//! core.
//!
//! The only place that changes the terminal, starts threads for it and listens to signals. What it
//! learns it hands on as messages; what the core wants done it does.

pub mod calls;
pub mod clock;
mod editor;
pub mod events;
#[cfg(debug_assertions)]
pub mod fault;
mod files;
mod following;
pub mod graphics;
pub mod keyboard;
mod keys;
pub mod late;
mod ledger;
pub mod log;
mod mouse;
pub mod probe;
pub mod receiving;
pub mod remembering;
mod rereading;
pub mod run;
pub mod signals;
mod tasks;
pub mod terminal;

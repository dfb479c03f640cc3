//! The world outside: terminal, keys and signals.
//!
//! The only place that changes the terminal, starts threads for it and listens to signals. It knows
//! nothing of groups; what it learns it hands on as values.

pub mod events;
pub mod signals;
pub mod terminal;

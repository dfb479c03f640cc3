//! Integration tests, one binary.
// The attribute tells clippy that helpers between the tests may unwrap as well.

#[cfg(test)]
mod canary;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod configuration;
#[cfg(test)]
#[path = "../support/postgres.rs"]
mod database;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod program;
#[cfg(test)]
mod pty;
#[cfg(test)]
mod simulator;
#[cfg(test)]
mod store;
#[cfg(test)]
mod story;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod version;
#[cfg(test)]
mod webhook;
#[cfg(test)]
mod wire;

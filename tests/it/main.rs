//! Integration tests.

mod simulator;
// The attribute tells clippy that helpers between the tests may unwrap as well.
#[cfg(test)]
mod tidy;

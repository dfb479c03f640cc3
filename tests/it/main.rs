//! Integration tests.

// The attribute tells clippy that helpers between the tests may unwrap as well.
#[cfg(test)]
mod wire;

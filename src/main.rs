//! wavedeck.
fn main() {}

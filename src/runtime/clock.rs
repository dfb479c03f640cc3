//! The clock of the computer: the only place where the program asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::Millis;

/// The present moment.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where time enters the program"
)]
pub fn now() -> Millis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

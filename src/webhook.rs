//! Receives what the provider POSTs: messages from others, and what became of ours.
//!
//! It keeps nothing itself and shows nothing: items go into a sink, and a batch is answered with 200
//! only after the sink has it. Whoever knows the secret path can write here, because the provider
//! signs nothing (`docs/receiving.md`). Invariant: what was answered with 200 is in the sink.
//!
//! ```text
//!  head ─► guard ─► body, limited ─► payload ─► queue ─► writer ─► sink
//!    404 405 415      408 413          400        503       │ Err, late: 503
//!                                                           └ Ok: 200
//! ```

mod guard;
mod listener;
mod payload;
mod queue;

pub use guard::{SecretPath, SecretPathError};
pub use listener::{Options, Receiver};
pub use payload::{Batch, NotJson, Note, decode};
pub use queue::{Health, Reason, Tally};

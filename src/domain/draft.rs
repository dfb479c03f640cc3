//! What is being written to a group, as it is kept. Not the text under the keys with its caret: that is the
//! core's.
//!
//! Invariant: a text that stands in the journal and one that is kept here are told apart by what names
//! them, never by their words or their age.

use super::CorrelationId;
use super::journal::EntryId;

/// Everything that was typed for a group and stands nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptDraft {
    /// Messages that have not left, oldest first. Those that stand in the journal when this is read are
    /// left out then.
    pub waiting: Vec<(CorrelationId, String)>,
    /// What was typed behind them.
    pub text: String,
    /// Entries of messages whose text was taken up again or dropped: nobody wants to see them any more.
    pub put_away: Vec<EntryId>,
    /// It stands behind what is kept already, which nobody has read yet, and not in its place.
    pub is_behind: bool,
}

//! What an earlier run knew of the groups, and what is worth knowing at the next start.
//!
//! Not the truth: whatever is remembered carries the time at which the server said it, and is read again.
//! Not here: where it is kept.

use super::{Clean, GroupDetails, GroupId, Millis, UnixSeconds, WaId};

/// How many people were in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headcount {
    /// Everybody.
    pub members: u32,
    /// The admins among them.
    pub admins: u32,
}

/// What the server told about a group, without the people themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub as_of: Millis,
    /// Its subject.
    pub subject: Option<Clean>,
    /// Who created it.
    pub creator: Option<WaId>,
    /// When it was created.
    pub created: Option<UnixSeconds>,
    /// How many people there were; `None` when the server did not say who is in it.
    pub people: Option<Headcount>,
}

/// One thing that is remembered of a group. Of several about the same group, the later ones are newer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remembered {
    /// It is in the list; no more was known.
    Came(GroupId),
    /// It is in the list, and this was told about it.
    Told(GroupId, Told),
    /// It was not in the list any more.
    Went(GroupId),
}

/// Everything that is remembered of the groups of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recollection {
    /// What is known of them, oldest first.
    pub groups: Vec<Remembered>,
    /// When the list was read last.
    pub listed: Option<Millis>,
    /// How many groups there are in all, where these are only the first ones by name.
    pub more: Option<usize>,
}

/// Something that is worth knowing at the next start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keepsake {
    /// The list was read.
    Listed {
        /// Groups that were not in it before.
        came: Vec<GroupId>,
        /// Groups that are not in it any more.
        went: Vec<GroupId>,
        /// When.
        at: Millis,
    },
    /// The server told this about a group.
    Told(Box<GroupDetails>, Millis),
}

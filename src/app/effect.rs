//! Everything the program can do to the world, as plain values. The runtime carries them out.

use std::sync::Arc;
use std::time::Duration;

use super::accounts::Goal;
use super::msg::Timer;
use super::pointer::Mouse;
use super::remote::Ticket;
use crate::domain::journal::{End, EntryId, EntryQuery, ExportFormat, Intent};
use crate::domain::{
    Account, CorrelationId, GroupId, GroupMessage, IconAddress, IconFile, Invitation, Keepsake,
    KeptDraft, Lane, Masking, MemberVerb, Operation, Seq, Subject, WaIds,
};

/// One request to the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// All groups.
    Index,
    /// One group.
    Details(GroupId),
    /// Its invite link.
    Invite(GroupId),
    /// A new group.
    Create(Subject),
    /// Another subject.
    Rename(GroupId, Subject),
    /// Something done to people.
    Members(GroupId, MemberVerb, WaIds),
    /// A new invite link.
    ResetInvite(GroupId),
    /// Its icon: where the picture is.
    Icon(GroupId),
    /// The picture itself, from another host.
    Picture(GroupId, IconAddress),
    /// Another picture.
    SetIcon(GroupId, IconFile),
    /// No picture.
    RemoveIcon(GroupId),
    /// Leaving.
    Leave(GroupId),
    /// A message to a group.
    Send(GroupMessage),
    /// The link of a group to one person, as a direct message that may be charged.
    SendInvitation(GroupId, Invitation),
    /// All groups, with credentials that are not in use yet.
    TestAccount(Account),
}

impl Call {
    /// The call of the provider's document that this is.
    pub fn operation(&self) -> Operation {
        match self {
            Self::Index | Self::TestAccount(_) => Operation::ListGroups,
            Self::Details(_) => Operation::GroupDetails,
            Self::Invite(_) => Operation::GetInvite,
            Self::Create(_) => Operation::CreateGroup,
            Self::Rename(..) => Operation::RenameGroup,
            Self::Members(_, verb, _) => verb.operation(),
            Self::ResetInvite(_) => Operation::ResetInvite,
            Self::Icon(_) => Operation::GetIcon,
            Self::Picture(..) => Operation::FetchPicture,
            Self::SetIcon(..) => Operation::SetIcon,
            Self::RemoveIcon(_) => Operation::RemoveIcon,
            Self::Leave(_) => Operation::LeaveGroup,
            Self::Send(_) => Operation::SendToGroup,
            Self::SendInvitation(..) => Operation::SendInvitation,
        }
    }

    /// The group it concerns.
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Self::Index | Self::Create(_) | Self::TestAccount(_) => None,
            Self::Details(id)
            | Self::Invite(id)
            | Self::Rename(id, _)
            | Self::Members(id, ..)
            | Self::ResetInvite(id)
            | Self::Icon(id)
            | Self::Picture(id, _)
            | Self::SetIcon(id, _)
            | Self::RemoveIcon(id)
            | Self::Leave(id)
            | Self::SendInvitation(id, _) => Some(id),
            Self::Send(message) => Some(&message.group),
        }
    }
}

/// Text on its way to the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    /// The text.
    pub text: String,
    /// What it is, as the notice names it: `Invite link of Corrida`.
    pub what: String,
}

/// Formats of a saved QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFormat {
    /// A picture.
    Png,
    /// A drawing that scales.
    Svg,
    /// Block characters.
    Text,
}

impl CodeFormat {
    /// The ending of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Text => "txt",
        }
    }
}

/// How the dashboard ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The user left.
    Quit,
    /// The user wants the demo instead.
    Demo,
    /// The user goes to what was opened last.
    GoTo,
}

/// One thing to do. Returned by `update`, carried out by the runtime, tested as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a request that reads; the reply comes back under the ticket.
    Call(Ticket, Call),
    /// Write down what is about to be done, then send it: not before, and not at all when that fails.
    Change(Ticket, Call, Box<Intent>),
    /// Write down what became of the change of that ticket.
    Settle(Ticket, End),
    /// Write down what became of a change of an earlier run.
    SettleEntry(EntryId, End),
    /// Read entries of the journal.
    ReadJournal(EntryQuery),
    /// Write the whole journal into a new file.
    ExportJournal(ExportFormat, Masking),
    /// Keep what is being written to a group; a blank text is forgotten.
    SaveDraft {
        /// In whose name.
        account: String,
        /// To which group.
        group: GroupId,
        /// What, and which entries of the journal it takes the place of.
        draft: KeptDraft,
    },
    /// Read what that account was writing.
    ReadDrafts(String),
    /// Read what the journal holds of messages to a group.
    ReadMessages {
        /// In whose name.
        account: String,
        /// To which group.
        group: GroupId,
        /// At most so many, the newest.
        most: u32,
    },
    /// Read messages of a lane: those before a place, or the newest, at most so many.
    ReadLane(Lane, Option<Seq>, u32),
    /// Read a report as it came.
    ReadRaw(Seq),
    /// The user of this computer has read a lane up to a place.
    MarkRead(Lane, Seq),
    /// Note under which name the provider took a message of ours.
    NoteProviderId(String, CorrelationId),
    /// Try once more to receive.
    Receive,
    /// Keep this for the next start.
    Remember(Keepsake),
    /// Read on who was in the groups in an earlier run.
    RecallMore,
    /// Stop waiting for a read. Changes are never cancelled.
    Cancel(Ticket),
    /// Say so when the time has passed.
    Wake(Duration, Timer),
    /// Put text into the clipboard.
    Copy(Clip),
    /// Open an address outside.
    OpenLink(String),
    /// Look at a file that may become an icon.
    LookAt(String),
    /// Complete a path.
    Complete(String),
    /// Write a picture as it came into a new file.
    SavePicture(Arc<[u8]>, &'static str),
    /// Write the QR code of an address into a new file.
    SaveCode(String, CodeFormat),
    /// Use these credentials from now on.
    UseAccount(Account),
    /// Keep these credentials in the configuration file.
    SaveAccount(Account),
    /// Let the user's own editor change what is being written to a group.
    EditOutside(GroupId, String),
    /// Make ready what the dashboard is to be about next; this account stays in use meanwhile.
    Open(Goal),
    /// Read the configuration again.
    ReadConfiguration,
    /// Give the terminal back until the shell continues the program.
    Suspend,
    /// Paint everything anew.
    Redraw,
    /// Take the mouse from the terminal, or give it back.
    SetMouse(Mouse),
    /// End.
    Exit(Exit),
}

/// What one message leads to, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Effects(Vec<Effect>);

impl Effects {
    /// Nothing to do.
    pub fn none() -> Self {
        Self::default()
    }

    /// One thing to do.
    pub fn one(effect: Effect) -> Self {
        Self(vec![effect])
    }

    /// Adds one thing.
    pub fn push(&mut self, effect: Effect) {
        self.0.push(effect);
    }

    /// Adds all of `other` at the end.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Both, in order.
    pub fn and(mut self, other: Self) -> Self {
        self.extend(other);
        self
    }

    /// Looks at them.
    pub fn iter(&self) -> std::slice::Iter<'_, Effect> {
        self.0.iter()
    }
}

impl IntoIterator for Effects {
    type Item = Effect;
    type IntoIter = std::vec::IntoIter<Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Effects {
    type Item = &'a Effect;
    type IntoIter = std::slice::Iter<'a, Effect>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

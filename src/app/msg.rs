//! What happened: keys, answers, timers. Always a past event, never «set this».

use super::accounts::Goal;
use super::effect::Clip;
use super::layout::Size;
use super::pointer::{Area, Target, Wheel};
use super::remote::Ticket;
use super::session::Preferences;
use crate::domain::journal::{Entry, EntryId, EntryQuery};
use crate::domain::{
    Accepted, Contacts, CorrelationId, Exchange, Failure, Fate, GroupDetails, GroupId, IconFile,
    IconInfo, InviteLink, Kept, Lane, Millis, News, Overview, Picture, Recollection, Roster, Saved,
    Seq, Subject,
};
use crate::keymap::{Action, Key};

/// Something happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The program started; the first calls go out.
    Started,
    /// A key was pressed, or repeated while held.
    Key(Key, Press),
    /// Text was pasted.
    Pasted(String),
    /// What stands there was clicked.
    Clicked(Target),
    /// The wheel was turned by one notch over that.
    Wheeled(Area, Wheel),
    /// The terminal has another size.
    Resized(Size),
    /// Something was asked for by other means than a key.
    Asked(Action),
    /// An answer came.
    Settled(Ticket, Reply, Box<Exchange>),
    /// A timer ran out.
    Woke(Timer),
    /// Text reached the clipboard, or not.
    Copied(Clip, Result<Route, String>),
    /// An address could not be opened outside, and why not.
    NotOpened(String, String),
    /// A file was looked at that may become an icon, by its path as typed.
    LookedAt(String, Result<Box<(IconFile, Picture)>, String>),
    /// A path was completed: as it was typed, as far as it is clear, and what is possible.
    Completed(String, String, Vec<String>),
    /// A file was written, with its path, or not.
    Saved(Result<String, String>),
    /// The account was saved, or why not.
    AccountSaved(Result<Saved, String>),
    /// The account to go to is ready, or why it cannot be opened.
    Opened(Goal, Result<(), String>),
    /// The configuration was read again, or why it cannot be used.
    Reread(Result<Box<Preferences>, String>),
    /// What earlier runs left open in the journal, newest first.
    Recovered(Vec<Entry>),
    /// The end of a change of this run is written down, and it is that nobody knows.
    Doubted(Box<Entry>),
    /// The journal was read, or why it cannot be.
    JournalRead(EntryQuery, Result<Vec<Entry>, String>),
    /// The journal was damaged and mended, in words for the user.
    JournalMended(String),
    /// The journal cannot be opened or written, and why: changes are refused.
    JournalRefused(String),
    /// The end of a change could not be written down, and why not.
    NotNoted(String),
    /// The change of that ticket stands in the journal, as that entry.
    Begun(Ticket, EntryId),
    /// What the journal holds of messages of an account to a group, newest first, or why it could not
    /// be read.
    History(String, GroupId, Result<Vec<Entry>, String>),
    /// The drafts of an account, or why they could not be read.
    Drafts(String, Result<Vec<(GroupId, String)>, String>),
    /// A draft could not be kept, and why not.
    DraftNotKept(String),
    /// What was received before was looked at, or why it could not be.
    Looked(Result<Overview, String>),
    /// Something was received.
    Arrived(News),
    /// How far messages got that were sent earlier.
    Reported(Vec<Fate>),
    /// Messages of a lane were read: those before a place, or the newest, at most so many, oldest first;
    /// or why they could not be.
    LaneRead(Lane, Option<Seq>, u32, Result<Vec<Kept>, String>),
    /// A report was read as it came; `None` when it is not kept any more.
    RawRead(Seq, Result<Option<String>, String>),
    /// This program listens at that address, or why it cannot.
    Receiving(Result<String, String>),
    /// What this program receives can be kept (again), or why it cannot.
    Keeping(Result<(), String>),
    /// The file of contacts was read, with what is wrong with some of its lines; or why it cannot be.
    Contacts(Result<(Contacts, Vec<String>), String>),
    /// What other programs receive cannot be told at once, and why not.
    Unwatched(String),
    /// Messages that nobody read are about to be removed, in words for the user.
    Expiring(String),
    /// A text for that group, as it was handed to the user's own editor, and as it came back; or why it did not.
    Edited(GroupId, String, Result<String, String>),
    /// What an earlier run knew of the groups was read.
    Recalled(Box<Recollection>),
    /// Who was in some of the groups in an earlier run, and when that was told; nothing when that was all.
    PeopleRecalled(Vec<(GroupId, Millis, Roster)>),
    /// What earlier runs knew was damaged, and is read again; in words for the user.
    CacheMended(String),
    /// Nothing is remembered for the next start, and why not.
    NotRemembered(String),
    /// The program continues after having been suspended.
    Resumed,
    /// The operating system asks the program to end.
    Terminated,
}

/// Whether a key was pressed or is being held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Pressed.
    First,
    /// Held: the terminal repeats it.
    Repeat,
}

/// Which way a text took to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The clipboard of this computer.
    System,
    /// An escape sequence to the terminal (OSC 52), which does not confirm it.
    Terminal,
}

/// One answer per call; each names what it is about, so it cannot be taken for another.
#[derive(Clone, Debug)]
pub enum Reply {
    /// To [`super::Call::Index`].
    Index(Result<Vec<GroupId>, Failure>),
    /// To [`super::Call::Details`].
    Details(GroupId, Result<GroupDetails, Failure>),
    /// To [`super::Call::Invite`].
    Invite(GroupId, Result<InviteLink, Failure>),
    /// To [`super::Call::Create`].
    Created(Subject, Result<GroupId, Failure>),
    /// To [`super::Call::Icon`]; `None` when the group has none.
    Icon(GroupId, Result<Option<IconInfo>, Failure>),
    /// To [`super::Call::Picture`].
    Picture(GroupId, Result<Box<Picture>, Failure>),
    /// To every change of an existing group.
    Changed(GroupId, Result<(), Failure>),
    /// To [`super::Call::Send`] and [`super::Call::SendInvitation`]: accepted is not delivered.
    Sent(CorrelationId, Result<Accepted, Failure>),
    /// To [`super::Call::TestAccount`]: how many groups it sees.
    Tested(Result<usize, Failure>),
}

impl Reply {
    /// Why it failed, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Index(result) => result.as_ref().err(),
            Self::Details(_, result) => result.as_ref().err(),
            Self::Invite(_, result) => result.as_ref().err(),
            Self::Created(_, result) => result.as_ref().err(),
            Self::Icon(_, result) => result.as_ref().err(),
            Self::Picture(_, result) => result.as_ref().err(),
            Self::Changed(_, result) => result.as_ref().err(),
            Self::Sent(_, result) => result.as_ref().err(),
            Self::Tested(result) => result.as_ref().err(),
        }
    }
}

/// Timers that `update` asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// The cursor may have come to rest.
    Rest,
    /// Time to look for the next thing to load, or to try again.
    Load,
    /// Next picture of the spinner.
    Spin,
    /// A notice may go.
    Toast,
    /// A message leaves, or a draft is kept.
    Messages,
}

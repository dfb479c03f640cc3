//! What the actions are called as commands: the names that are looked for and listed, not the keys.
//!
//! Invariant: every action has a name of its own.

use super::{Action, Section};

impl Action {
    /// Its name in the list of commands. Three dots at the end mean that it asks before it acts.
    #[expect(
        clippy::too_many_lines,
        reason = "every action is named, without a wildcard"
    )]
    pub fn title(self) -> &'static str {
        match self {
            Self::Help => "Help",
            Self::Commands => "Commands",
            Self::Actions => "All actions here",
            Self::NextPane => "Next pane",
            Self::PreviousPane => "Previous pane",
            Self::GoGroups => "Go to Groups",
            Self::GoMembers => "Go to Members",
            Self::GoInvite => "Go to Invite",
            Self::GoIcon => "Go to Icon",
            Self::GoMessages => "Go to Messages",
            Self::GoActivity => "Go to Activity",
            Self::GoInbox => "Go to Inbox",
            Self::NextUnread => "Next unread",
            Self::NextTab => "Next tab",
            Self::PreviousTab => "Previous tab",
            Self::Back => "Back",
            Self::Undo => "Undo the last change",
            Self::Refresh => "Refresh this pane",
            Self::RefreshAll => "Refresh everything",
            Self::FullScreen => "Full screen",
            Self::HideNumbers => "Hide phone numbers",
            Self::ReadOnlyOn => "Read-only mode on",
            Self::ReadOnlyOff => "Read-only mode off",
            Self::Redraw => "Redraw the screen",
            Self::Suspend => "Suspend the program",
            Self::Interrupt => "Interrupt, else quit",
            Self::Quit => "Quit",
            Self::Up => "One row up",
            Self::Down => "One row down",
            Self::First => "First row",
            Self::Last => "Last row",
            Self::HalfPageUp => "Half a page up",
            Self::HalfPageDown => "Half a page down",
            Self::PageUp => "One page up",
            Self::PageDown => "One page down",
            Self::ToList => "To the list of groups",
            Self::ToDetails => "To the details of the group",
            Self::Filter => "Filter the list",
            Self::Mark => "Mark the row",
            Self::MarkRange => "Mark a range",
            Self::MarkUp => "Mark and go up",
            Self::MarkDown => "Mark and go down",
            Self::MarkAll => "Mark all, or none",
            Self::Open => "Open group",
            Self::CopyLink => "Copy invite link",
            Self::CopyGroup => "Copy from the group…",
            Self::NewGroup => "New group",
            Self::Rename => "Rename group",
            Self::Leave => "Leave group…",
            Self::Sort => "Sort groups",
            Self::Promote => "Promote to admin",
            Self::Demote => "Demote to member…",
            Self::Remove => "Remove members…",
            Self::CopyNumbers => "Copy numbers",
            Self::CopyPeople => "Copy numbers as…",
            Self::CopyInvite => "Copy link",
            Self::CopyMessage => "Copy ready message",
            Self::InviteByMessage => "Invite people by message…",
            Self::OpenLink => "Open link in a browser",
            Self::BiggerCode => "Bigger QR code",
            Self::InvertCode => "Invert QR code",
            Self::SaveCode => "Save QR code",
            Self::ResetInvite => "Reset invite link…",
            Self::SetIcon => "Set icon",
            Self::SaveIcon => "Save icon",
            Self::OpenIcon => "Open icon outside",
            Self::CopyIcon => "Copy address of the icon",
            Self::RemoveIcon => "Remove icon…",
            Self::Write => "Write to the group",
            Self::TakeUp => "Take up the message",
            Self::EditMessage => "Edit message",
            Self::DropMessage => "Drop message…",
            Self::CopyText => "Copy text of the message",
            Self::CopyMessageParts => "Copy from the message…",
            Self::OpenMessage => "Open attachment or link",
            Self::Search => "Search in the messages",
            Self::NextHit => "Next hit",
            Self::PreviousHit => "Previous hit",
            Self::Unfold => "Unfold the request",
            Self::CopyEntry => "Copy the entry",
            Self::Settle => "Say what happened",
            Self::Export => "Export all changes",
            Self::CancelCall => "Cancel a running request",
            Self::ShowWhole => "Show the whole message",
            Self::CopyReceived => "Copy received text",
            Self::CopyReport => "Copy from the report…",
            Self::OpenReceived => "Open received file or link",
        }
    }

    /// Whether it is a command: everything but walking through a list, which is of use under a finger only.
    pub fn is_command(self) -> bool {
        self.section() != Section::Move
    }
}

//! Everything a user can ask for, with its words for footer and help.

use super::Context;

/// Where an action stands in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names of the sections are their headings")]
pub enum Section {
    Everywhere,
    Move,
    Lists,
    Groups,
    Members,
    Invite,
    Icon,
    Messages,
    Activity,
    Inbox,
}

impl Section {
    /// Every section in the order of the help.
    pub const ALL: [Self; 10] = [
        Self::Everywhere,
        Self::Groups,
        Self::Members,
        Self::Invite,
        Self::Icon,
        Self::Messages,
        Self::Activity,
        Self::Inbox,
        Self::Lists,
        Self::Move,
    ];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Move => "Move",
            Self::Lists => "Lists",
            Self::Groups => "Groups",
            Self::Members => "Members",
            Self::Invite => "Invite",
            Self::Icon => "Icon",
            Self::Messages => "Messages",
            Self::Activity => "Activity",
            Self::Inbox => "Inbox",
        }
    }

    /// Where its actions are at home, to look their keys up.
    pub fn home(self) -> Context {
        match self {
            Self::Everywhere | Self::Move | Self::Lists | Self::Groups => Context::Groups,
            Self::Members => Context::Members,
            Self::Invite => Context::Invite,
            Self::Icon => Context::Icon,
            Self::Messages => Context::Messages,
            Self::Activity => Context::Activity,
            Self::Inbox => Context::Inbox,
        }
    }
}

impl Action {
    /// Whether a key that is held asks for it again and again: only what moves, and can be moved back.
    pub fn repeats(self) -> bool {
        self.section() == Section::Move
            || [
                Self::Mark,
                Self::MarkUp,
                Self::MarkDown,
                Self::NextPane,
                Self::PreviousPane,
                Self::NextTab,
                Self::PreviousTab,
                Self::NextHit,
                Self::PreviousHit,
            ]
            .contains(&self)
    }
}

macro_rules! actions {
    ($($variant:ident $name:literal $section:ident $hint:literal $help:literal;)*) => {
        /// Something a user asks for with a key. Adding one here gives it its line in the help.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $(#[doc = $help] $variant,)* }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in the configuration, which never changes.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One or two words for the footer.
            pub fn hint(self) -> &'static str {
                match self { $(Self::$variant => $hint,)* }
            }

            /// What it does, for the help. Three dots at the end mean that it asks before it acts.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }

            /// Where it stands in the help.
            pub fn section(self) -> Section {
                match self { $(Self::$variant => Section::$section,)* }
            }
        }
    };
}

actions! {
    Help "help" Everywhere "help" "this help";
    Commands "commands" Everywhere "commands" "commands: everything by its name";
    Actions "actions" Everywhere "actions" "all actions here, with their keys";
    NextPane "next-pane" Everywhere "next pane" "next pane";
    PreviousPane "previous-pane" Everywhere "previous pane" "previous pane";
    GoGroups "go-groups" Everywhere "groups" "go to Groups";
    GoMembers "go-members" Everywhere "members" "go to Members";
    GoInvite "go-invite" Everywhere "invite" "go to Invite: link and QR code";
    GoIcon "go-icon" Everywhere "icon" "go to Icon: the picture of the group";
    GoMessages "go-messages" Everywhere "messages" "go to Messages: what was written in the group";
    GoActivity "go-activity" Everywhere "activity" "go to Activity: requests, progress, errors";
    GoInbox "go-inbox" Everywhere "inbox" "go to Inbox: messages of no group in the list";
    Find "find" Everywhere "find number" "find a number in all groups";
    NextUnread "next-unread" Everywhere "next unread" "next group with unread messages, then the Inbox";
    NextTab "next-tab" Everywhere "next tab" "next tab of the group, or part of the Inbox";
    PreviousTab "previous-tab" Everywhere "previous tab" "previous tab of the group, or part of the Inbox";
    Back "back" Everywhere "back" "back, close, clear marks, clear filter";
    Undo "undo" Everywhere "undo" "undo the last change, or take a message back, while its notice is up";
    Refresh "refresh" Everywhere "refresh" "refresh this pane";
    RefreshAll "refresh-all" Everywhere "refresh all" "refresh everything";
    PauseReading "pause" Everywhere "pause" "stop reading names behind the list, or go on";
    ReadFaster "faster" Everywhere "faster" "read names twice as fast from now on";
    ReadSlower "slower" Everywhere "slower" "read names half as fast from now on";
    FullScreen "full-screen" Everywhere "full screen" "this pane on the whole screen, or beside the others again";
    HideNumbers "hide-numbers" Everywhere "hide numbers" "hide phone numbers, or show them again";
    ReadOnlyOn "read-only-on" Everywhere "read-only" "refuse every change until you allow them again, or quit";
    ReadOnlyOff "read-only-off" Everywhere "allow changes" "allow changes again, where the start did not forbid them";
    ToggleMouse "toggle-mouse" Everywhere "mouse" "mouse off and on (where it is on, Shift-drag selects text)";
    Redraw "redraw" Everywhere "redraw" "redraw the screen";
    SwitchProfile "switch-profile" Everywhere "account" "go to another account, or add one";
    ReloadConfig "reload-config" Everywhere "read again" "read the configuration again";
    Suspend "suspend" Everywhere "suspend" "suspend the program (fg brings it back)";
    Interrupt "interrupt" Everywhere "quit" "leave a field or dialog, else quit";
    Quit "quit" Everywhere "quit" "close, else quit";

    Up "up" Move "up" "one row up";
    Down "down" Move "down" "one row down";
    First "first" Move "first" "first row";
    Last "last" Move "last" "last row";
    HalfPageUp "half-page-up" Move "half page up" "half a page up";
    HalfPageDown "half-page-down" Move "half page down" "half a page down";
    PageUp "page-up" Move "page up" "one page up";
    PageDown "page-down" Move "page down" "one page down";
    ToList "to-list" Move "list" "to the list of groups";
    ToDetails "to-details" Move "details" "to the details of the group";

    Filter "filter" Lists "filter" "filter the list";
    Mark "mark" Lists "mark" "mark the row and go on";
    MarkRange "mark-range" Lists "range" "mark a range: move, then press again";
    MarkUp "mark-up" Lists "mark up" "mark the row and go up";
    MarkDown "mark-down" Lists "mark down" "mark the row and go down";
    MarkAll "mark-all" Lists "all" "mark all rows shown, or none";

    Open "open" Groups "open" "open the group";
    CopyLink "copy-link" Groups "copy link" "copy the invite link";
    CopyGroup "copy-group" Groups "copy…" "copy: link, ready message, id, subject";
    NewGroup "new-group" Groups "new" "new group";
    Rename "rename" Groups "rename" "rename the group";
    Leave "leave" Groups "leave…" "leave the group, or the marked groups…";
    Sort "sort" Groups "sort" "sort by name, members, unread, newest, creation";

    Promote "promote" Members "promote" "promote to admin";
    Demote "demote" Members "demote" "demote to member…";
    Remove "remove" Members "remove…" "remove from the group…";
    CopyNumbers "copy-numbers" Members "copy" "copy the marked numbers, or this one";
    CopyPeople "copy-people" Members "copy…" "copy: numbers, with +, CSV with role";

    CopyInvite "copy-invite" Invite "copy link" "copy the link";
    CopyMessage "copy-message" Invite "copy message" "copy a ready message with the link";
    InviteByMessage "invite-by-message" Invite "invite by message…" "invite people by direct message, which may be charged…";
    OpenLink "open-link" Invite "open" "open the link in a browser";
    BiggerCode "bigger-code" Invite "bigger" "bigger QR code";
    InvertCode "invert-code" Invite "invert" "invert the QR code";
    SaveCode "save-code" Invite "save" "save the QR code as PNG, SVG or text";
    ResetInvite "reset-invite" Invite "reset link…" "reset the link: the old one stops working…";

    SetIcon "set-icon" Icon "set" "choose a picture";
    SaveIcon "save-icon" Icon "save" "save the picture";
    OpenIcon "open-icon" Icon "open" "open the picture outside";
    CopyIcon "copy-icon" Icon "copy address" "copy the address of the picture";
    RemoveIcon "remove-icon" Icon "remove…" "remove the picture…";

    Write "write" Messages "write" "write to the group (everywhere but in Activity and Inbox)";
    TakeUp "take-up" Messages "take up" "write, try again, or decide what became of it…";
    EditMessage "edit-message" Messages "edit" "edit what was not sent, write once more what was not delivered";
    DropMessage "drop-message" Messages "drop" "drop what was not sent…";
    CopyText "copy-text" Messages "copy" "copy the text, or the address of the attachment";
    CopyMessageParts "copy-message-parts" Messages "copy…" "copy: text, number of the sender, address";
    OpenMessage "open-message" Messages "open" "open the attachment or the first link";
    Search "search" Messages "search" "search in the messages";
    NextHit "next-hit" Messages "next" "next hit, towards older ones";
    PreviousHit "previous-hit" Messages "previous" "previous hit, towards newer ones";

    Unfold "unfold" Activity "unfold" "show or hide the details of a request";
    CopyEntry "copy-entry" Activity "copy" "copy the entry, its token and links masked";
    Settle "settle" Activity "what happened" "say what became of a change that is not known";
    Export "export" Activity "export" "save all changes as CSV or JSON";
    CancelCall "cancel-call" Activity "cancel" "cancel a running request (changes are awaited)";

    ShowWhole "show-whole" Inbox "show whole" "the whole message and its report, or the list";
    CopyReceived "copy-received" Inbox "copy" "copy the text";
    CopyReport "copy-report" Inbox "copy…" "copy: text, number, link, report, receiver";
    OpenReceived "open-received" Inbox "open" "open the file or link of the message outside";
}

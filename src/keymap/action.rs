//! Everything a user can ask for, with its words for footer and help.

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
}

macro_rules! actions {
    ($($name:ident $section:ident $hint:literal $help:literal;)*) => {
        /// Something a user asks for with a key. Adding one here gives it its line in the help.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $(#[doc = $help] $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// One or two words for the footer.
            pub fn hint(self) -> &'static str {
                match self { $(Self::$name => $hint,)* }
            }

            /// What it does, for the help. Three dots at the end mean that it asks before it acts.
            pub fn help(self) -> &'static str {
                match self { $(Self::$name => $help,)* }
            }

            /// Where it stands in the help.
            pub fn section(self) -> Section {
                match self { $(Self::$name => Section::$section,)* }
            }
        }
    };
}

actions! {
    Help Everywhere "help" "this help";
    NextPane Everywhere "next pane" "next pane";
    PreviousPane Everywhere "previous pane" "previous pane";
    GoGroups Everywhere "groups" "go to Groups";
    GoMembers Everywhere "members" "go to Members";
    GoInvite Everywhere "invite" "go to Invite: link and QR code";
    GoIcon Everywhere "icon" "go to Icon: the picture of the group";
    GoMessages Everywhere "messages" "go to Messages: what was written in the group";
    GoActivity Everywhere "activity" "go to Activity: requests, progress, errors";
    GoInbox Everywhere "inbox" "go to Inbox: messages of no group in the list";
    NextUnread Everywhere "next unread" "next group with unread messages, then the Inbox";
    NextTab Everywhere "next tab" "next tab of the group, or part of the Inbox";
    PreviousTab Everywhere "previous tab" "previous tab of the group, or part of the Inbox";
    Back Everywhere "back" "back, close, clear marks, clear filter";
    Undo Everywhere "undo" "undo the last change, or take a message back, while its notice is up";
    Refresh Everywhere "refresh" "refresh this pane";
    RefreshAll Everywhere "refresh all" "refresh everything";
    Redraw Everywhere "redraw" "redraw the screen";
    Suspend Everywhere "suspend" "suspend the program (fg brings it back)";
    Interrupt Everywhere "quit" "leave a field or dialog, else quit";
    Quit Everywhere "quit" "close, else quit";

    Up Move "up" "one row up";
    Down Move "down" "one row down";
    First Move "first" "first row";
    Last Move "last" "last row";
    HalfPageUp Move "half page up" "half a page up";
    HalfPageDown Move "half page down" "half a page down";
    PageUp Move "page up" "one page up";
    PageDown Move "page down" "one page down";
    ToList Move "list" "to the list of groups";
    ToDetails Move "details" "to the details of the group";

    Filter Lists "filter" "filter the list";
    Mark Lists "mark" "mark the row and go on";
    MarkRange Lists "range" "mark a range: move, then press again";
    MarkUp Lists "mark up" "mark the row and go up";
    MarkDown Lists "mark down" "mark the row and go down";
    MarkAll Lists "all" "mark all rows shown, or none";

    Open Groups "open" "open the group";
    CopyLink Groups "copy link" "copy the invite link";
    CopyGroup Groups "copy…" "copy: link, ready message, id, subject";
    NewGroup Groups "new" "new group";
    Rename Groups "rename" "rename the group";
    Leave Groups "leave…" "leave the group, or the marked groups…";
    Sort Groups "sort" "sort by name, members, unread, newest, creation";

    Promote Members "promote" "promote to admin";
    Demote Members "demote" "demote to member…";
    Remove Members "remove…" "remove from the group…";
    CopyNumbers Members "copy" "copy the marked numbers, or this one";
    CopyPeople Members "copy…" "copy: numbers, with +, CSV with role";

    CopyInvite Invite "copy link" "copy the link";
    CopyMessage Invite "copy message" "copy a ready message with the link";
    InviteByMessage Invite "invite by message…" "invite people by direct message, which may be charged…";
    OpenLink Invite "open" "open the link in a browser";
    BiggerCode Invite "bigger" "bigger QR code";
    InvertCode Invite "invert" "invert the QR code";
    SaveCode Invite "save" "save the QR code as PNG, SVG or text";
    ResetInvite Invite "reset link…" "reset the link: the old one stops working…";

    SetIcon Icon "set" "choose a picture";
    SaveIcon Icon "save" "save the picture";
    OpenIcon Icon "open" "open the picture outside";
    CopyIcon Icon "copy address" "copy the address of the picture";
    RemoveIcon Icon "remove…" "remove the picture…";

    Write Messages "write" "write to the group (everywhere but in Activity and Inbox)";
    TakeUp Messages "take up" "write, try again, or decide what became of it…";
    EditMessage Messages "edit" "edit what was not sent, write once more what was not delivered";
    DropMessage Messages "drop" "drop what was not sent…";
    CopyText Messages "copy" "copy the text, or the address of the attachment";
    CopyMessageParts Messages "copy…" "copy: text, number of the sender, address";
    OpenMessage Messages "open" "open the attachment or the first link";
    Search Messages "search" "search in the messages";
    NextHit Messages "next" "next hit, towards older ones";
    PreviousHit Messages "previous" "previous hit, towards newer ones";

    Unfold Activity "unfold" "show or hide the details of a request";
    CopyEntry Activity "copy" "copy the entry, its token and links masked";
    Settle Activity "what happened" "say what became of a change that is not known";
    Export Activity "export" "save all changes as CSV or JSON";
    CancelCall Activity "cancel" "cancel a running request (changes are awaited)";

    ShowWhole Inbox "show whole" "the whole message and its report, or the list";
    CopyReceived Inbox "copy" "copy the text";
    CopyReport Inbox "copy…" "copy: text, number, link, report, receiver";
    OpenReceived Inbox "open" "open the file or link of the message outside";
}

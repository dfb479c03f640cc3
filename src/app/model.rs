//! Everything the program knows, in one value. Changed by `update` only; drawn by `ui` only.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use super::accounts::Goal;
use super::activity::Activity;
use super::creation::Creation;
use super::dialog::Dialog;
use super::effect::Call;
use super::groups::{GroupState, Groups, Slot};
use super::inbox::{Inbox, Part};
use super::invitations::Invitations;
use super::journal::Journal;
use super::layout::{Extent, Layout, Size};
use super::leaving::Leaving;
use super::line::{Line, Pacer};
use super::list::GroupList;
use super::loading::Loading;
use super::messages::{Message, MessageState, Messages};
use super::outcome::Budget;
use super::people::People;
use super::pointer::Pointer;
use super::received::Received;
use super::remote::Ticket;
use super::session::Session;
use super::toasts::{Level, Toast, Toasts};
use crate::domain::{
    Access, Author, Clean, Contacts, DeliveryState, GroupId, Incoming, Lane, Masking, Millis,
    Mutation, WaId,
};
use crate::keymap::{Action, Context, Key};

/// Which pane has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The list of groups.
    Groups,
    /// The members of the chosen group.
    Members,
    /// Its link.
    Invite,
    /// Its picture.
    Icon,
    /// What was written in it.
    Messages,
    /// What the program did.
    Activity,
    /// What was received and belongs to no group of the list.
    Inbox,
}

impl Pane {
    /// The number that leads to it, as its title shows.
    pub fn number(self) -> u8 {
        match self {
            Self::Groups => 1,
            Self::Members => 2,
            Self::Invite => 3,
            Self::Icon => 4,
            Self::Messages => 5,
            Self::Activity => 6,
            Self::Inbox => 7,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
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

/// The tab of the chosen group that is shown beside the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Who is in it.
    Members,
    /// How to get in.
    Invite,
    /// How it looks in the list of chats.
    Icon,
    /// What was written in it.
    Messages,
}

/// Before or after an account is there.
#[derive(Debug)]
pub enum Stage {
    /// No account yet: the choice of the first run.
    Welcome(Welcome),
    /// At work.
    Dashboard,
}

/// The screen of the first run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Welcome {
    /// The chosen row, 0 to 2.
    pub row: usize,
    /// First line in view of a page that is longer than the screen.
    pub scroll: u16,
    /// What is shown.
    pub page: WelcomePage,
}

/// Pages of the first run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WelcomePage {
    /// Three choices.
    #[default]
    Choice,
    /// What the program does and never does.
    ReadFirst,
}

/// How the QR code is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeView {
    /// Size.
    pub size: CodeSize,
    /// Ink.
    pub ink: CodeInk,
}

/// Size of the QR code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeSize {
    /// Half-blocks: two modules in one cell.
    #[default]
    Normal,
    /// Two cells for each module.
    Double,
}

/// Ink of the QR code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeInk {
    /// Dark modules on white.
    #[default]
    Normal,
    /// Light modules on black.
    Inverted,
}

/// A read of one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Read {
    /// The list of groups.
    Index,
    /// One group.
    Details(Slot),
    /// Its link.
    Invite(Slot),
    /// Where its picture is.
    Icon(Slot),
    /// The picture.
    Picture(Slot),
}

/// A request in flight.
#[derive(Clone, Debug)]
pub struct Flying {
    /// What was asked.
    pub call: Call,
    /// When it left.
    pub since: Millis,
    /// Whether the user waits for it or it fills in behind.
    pub origin: Origin,
    /// For reads: which try this is, from one.
    pub try_number: u32,
}

/// Who wanted a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user, or a change that has to be verified: never held back by the pace.
    User,
    /// The loading of names behind the list.
    Behind,
}

/// A link to be copied as soon as it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyWish {
    /// Of which group.
    pub slot: Slot,
    /// In which form.
    pub form: LinkForm,
    /// When it was asked for: a clipboard must not change minutes later, behind the user's back.
    pub since: Millis,
}

/// Forms in which a link is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// The address alone.
    Bare,
    /// Subject and address.
    Message,
}

/// A read that waits for its next try.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// Tries so far.
    pub tries: u32,
    /// When the next one may leave.
    pub at: Millis,
    /// Who wanted it.
    pub origin: Origin,
}

/// Timers that are running, so that none is started twice.
#[derive(Debug, Default)]
pub struct Armed {
    /// For the next load.
    pub load: Option<Millis>,
    /// For the rest of the cursor.
    pub rest: Option<Millis>,
    /// For the next notice to go.
    pub toast: Option<Millis>,
    /// For the spinner.
    pub spin: Option<Millis>,
    /// For messages that leave and drafts that are kept.
    pub messages: Option<Millis>,
}

/// What takes a change back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inverse {
    /// Another change.
    Change(Mutation),
    /// Leaving a group that was just created; it asks as always.
    Leave,
}

/// A change that can still be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// In which group.
    pub slot: Slot,
    /// How.
    pub inverse: Inverse,
    /// Until when.
    pub until: Millis,
}

/// The whole state.
#[derive(Debug)]
pub struct Model {
    /// Account and surroundings.
    pub session: Session,
    /// Size of the terminal.
    pub size: Size,
    /// The time of the message being handled.
    pub now: Millis,
    /// Before or after an account is there.
    pub stage: Stage,
    /// All groups.
    pub groups: Groups,
    /// How they are listed.
    pub list: GroupList,
    /// How the members of each group are listed.
    pub people: HashMap<Slot, People>,
    /// Which pane has the keys.
    pub pane: Pane,
    /// What is shown beside the list.
    pub tab: Tab,
    /// Whether the pane with the keys has the whole body.
    pub extent: Extent,
    /// Whether phone numbers can be read on the screen. What is sent and copied always has them.
    pub numbers: Masking,
    /// Whether the user allows changes in this run; what the start forbade stays forbidden.
    pub access: Access,
    /// Commands that were run, the last one first, each once.
    pub recent: Vec<Action>,
    /// The dialog, if one is open.
    pub dialog: Option<Dialog>,
    /// Notices.
    pub toasts: Toasts,
    /// What the program did.
    pub activity: Activity,
    /// What is written to groups.
    pub messages: Messages,
    /// What the user calls people.
    pub contacts: Contacts,
    /// What other people wrote.
    pub received: Received,
    /// How that is shown which belongs to no group of the list.
    pub inbox: Inbox,
    /// What the journal has still to be told.
    pub journal: Journal,
    /// The connection.
    pub line: Line,
    /// Groups on their way out.
    pub leaving: Leaving,
    /// People who are invited by message.
    pub invitations: Invitations,
    /// Changes that leave as soon as the server takes requests again.
    pub held: Vec<Call>,
    /// A group on its way in.
    pub creation: Option<Creation>,
    /// The last change, while it can be taken back.
    pub undo: Option<Undo>,
    /// How the QR code is drawn.
    pub code: CodeView,
    /// When which group's link was copied last.
    pub copied: Option<(Slot, Millis)>,
    /// Picture of the spinner.
    pub spin: usize,
    /// Requests in flight, oldest first.
    pub flying: BTreeMap<Ticket, Flying>,
    /// What is being opened, to go there.
    pub(super) moving: Option<Goal>,
    /// A link to be copied when it arrives.
    pub(super) copy_wish: Option<CopyWish>,
    /// A subject that was typed and not accepted, for the next form.
    pub(super) unsent_subject: Option<String>,
    /// A subject of which a group may have been created without an answer: the same once more is
    /// asked for twice.
    pub(super) doubted_subject: Option<String>,
    /// Reads the user waits for.
    pub(super) queue: VecDeque<Read>,
    /// Groups that are read behind the list.
    pub loading: Loading,
    /// Reads that wait for their next try.
    pub(super) retries: BTreeMap<Read, Retry>,
    /// Politeness.
    pub(super) pacer: Pacer,
    /// How much the host may still be asked again.
    pub(super) budget: Budget,
    /// For spreading retries.
    pub(super) random: fastrand::Rng,
    /// Running timers.
    pub(super) armed: Armed,
    /// When the cursor came to the chosen group.
    pub(super) moved_at: Option<Millis>,
    /// When text was pasted last: keys right after a paste may be its rest.
    pub(super) pasted_at: Option<Millis>,
    /// When a question opened by itself: keys right after that were meant for what stood there.
    pub(super) surprised_at: Option<Millis>,
    /// Keys that begin something: the next one decides. Empty when nothing was begun.
    pub chord: Vec<Key>,
    /// The key that opened the dialog, until another one was pressed: it never answers.
    pub(super) opener: Option<Key>,
    /// The clicks so far.
    pub(super) pointer: Pointer,
    /// When `ctrl+c` was pressed last.
    pub(super) interrupted_at: Option<Millis>,
    /// The last ticket given out.
    pub(super) tickets: u64,
}

impl Model {
    /// The state at the start: the dashboard when there is an account, else the first run.
    pub fn new(session: Session, size: Size, now: Millis) -> Self {
        let stage = if session.account.is_some() {
            Stage::Dashboard
        } else {
            Stage::Welcome(Welcome::default())
        };
        Self {
            size,
            now,
            stage,
            groups: Groups::default(),
            list: GroupList::default(),
            people: HashMap::new(),
            pane: Pane::Groups,
            tab: Tab::Members,
            extent: Extent::Beside,
            numbers: session.masking,
            access: Access::Full,
            recent: Vec::new(),
            dialog: None,
            toasts: Toasts::default(),
            activity: Activity::default(),
            messages: Messages::default(),
            contacts: Contacts::default(),
            received: Received::default(),
            inbox: Inbox::default(),
            journal: Journal::default(),
            line: Line::default(),
            leaving: Leaving::default(),
            invitations: Invitations::default(),
            held: Vec::new(),
            creation: None,
            undo: None,
            code: CodeView::default(),
            copied: None,
            spin: 0,
            flying: BTreeMap::new(),
            moving: None,
            copy_wish: None,
            unsent_subject: None,
            doubted_subject: None,
            queue: VecDeque::new(),
            loading: Loading::default(),
            retries: BTreeMap::new(),
            pacer: Pacer::new(session.pace),
            budget: Budget::default(),
            random: fastrand::Rng::with_seed(session.seed),
            armed: Armed::default(),
            moved_at: None,
            pasted_at: None,
            surprised_at: None,
            chord: Vec::new(),
            opener: None,
            pointer: Pointer::default(),
            interrupted_at: None,
            tickets: 0,
            session,
        }
    }

    /// Who gets the keys when neither a dialog nor a filter takes them.
    pub fn context(&self) -> Context {
        match self.pane {
            Pane::Groups => Context::Groups,
            Pane::Members => Context::Members,
            Pane::Invite => Context::Invite,
            Pane::Icon => Context::Icon,
            Pane::Messages => Context::Messages,
            Pane::Activity => Context::Activity,
            Pane::Inbox => Context::Inbox,
        }
    }

    /// How to ask for an action, in words: its key, or its name after a colon.
    pub fn way_to(&self, action: Action) -> String {
        self.session.keys.way_to(self.context(), action)
    }

    /// The slot under the cursor of the list.
    pub fn selected(&self) -> Option<Slot> {
        self.list.current()
    }

    /// The group under the cursor of the list.
    pub fn group(&self) -> Option<&GroupState> {
        self.selected().map(|slot| self.groups.at(slot))
    }

    /// The group whose messages are shown: the one that is being written to, else the chosen one.
    pub fn thread_group(&self) -> Option<&GroupId> {
        let chosen = || Some(&self.group()?.id);
        self.messages.composing().or_else(chosen)
    }

    /// Whether the messages of a group are on the screen: where they are, no notice repeats them.
    pub fn shows_messages_of(&self, group: &GroupId) -> bool {
        let beside = self.pane == Pane::Groups && !self.is_alone();
        let shown = self.pane == Pane::Messages || beside && self.tab == Tab::Messages;
        shown && self.thread_group() == Some(group)
    }

    /// Whether the pane with the keys stands alone: in a narrow window, and where the user wants it.
    pub fn is_alone(&self) -> bool {
        self.extent == Extent::Whole || self.size.layout() == Layout::One
    }

    /// Whether no change may be made: since the start, or because the user said so.
    pub fn is_read_only(&self) -> bool {
        self.session.access == Access::ReadOnly || self.access == Access::ReadOnly
    }

    /// The lane of the group whose messages are on the screen.
    pub fn shown_lane(&self) -> Option<Lane> {
        let group = self.thread_group()?;
        let is_shown = self.shows_messages_of(group);
        is_shown.then(|| Lane::Group(group.clone()))
    }

    /// How far a message that the platform took got, as far as the provider reported.
    pub fn fate(&self, message: &Message) -> Option<&DeliveryState> {
        let is_taken = message.state == MessageState::Accepted;
        self.received.fate(&message.id).filter(|_| is_taken)
    }

    /// Whether it is known which groups are in the list, or that it cannot be known now.
    pub fn is_listed(&self) -> bool {
        let index = &self.groups.index;
        index.known().is_some() || index.failure().is_some()
    }

    /// The part of the Inbox in which a lane stands; `None` for a group of the list, and for any group
    /// before the list is there.
    pub fn part_of(&self, lane: &Lane) -> Option<Part> {
        let is_elsewhere = match lane {
            Lane::Group(id) => self.is_listed() && self.groups.slot(id).is_none(),
            Lane::Direct | Lane::Unclassified | Lane::Unreadable => true,
        };
        is_elsewhere.then(|| Part::of(lane))
    }

    /// Whether a lane is on the screen.
    pub fn shows_lane(&self, lane: &Lane) -> bool {
        let in_inbox = self.pane == Pane::Inbox && self.part_of(lane) == Some(self.inbox.part());
        in_inbox || matches!(lane, Lane::Group(group) if self.shows_messages_of(group))
    }

    /// How the members of the chosen group are listed.
    pub fn members(&self) -> Option<&People> {
        self.people.get(&self.selected()?)
    }

    /// The account's own number: configured, or read from the groups.
    pub fn own(&self) -> Option<&WaId> {
        self.session.own.as_ref().or_else(|| self.groups.own())
    }

    /// Who wrote a message, as it is shown.
    pub fn author(&self, message: &Incoming) -> Author {
        self.contacts.author(message, self.own())
    }

    /// The account's own number where it may forbid something: configured, or read from the groups
    /// beyond doubt.
    pub fn sure_own(&self) -> Option<&WaId> {
        self.session.own.as_ref().or_else(|| self.groups.sure_own())
    }

    /// Whether the account is an admin of a group; `None` when that cannot be known.
    pub fn is_admin_of(&self, group: &GroupState) -> Option<bool> {
        Some(group.roster()?.is_admin(self.own()?))
    }

    /// Whether the page of the first run is shown that is read and not chosen from.
    pub(crate) fn reads_first(&self) -> bool {
        matches!(&self.stage, Stage::Welcome(welcome) if welcome.page == WelcomePage::ReadFirst)
    }

    /// Whether anything runs that the user may wait for.
    pub fn is_busy(&self) -> bool {
        !self.flying.is_empty()
    }

    /// Whether a change was sent and its end is not known yet.
    pub fn is_changing(&self) -> bool {
        self.creation.is_some()
            || self.messages.is_sending()
            || !self.leaving.is_idle()
            || !self.invitations.is_idle()
            || self.groups.changing().next().is_some()
    }

    /// How long the reading of `count` more groups behind the list takes; `None` while nothing tells.
    pub fn reading_time(&self, count: usize) -> Option<Duration> {
        let pace = self.pacer.rate(self.now);
        self.loading.time_left(count, pace, self.now)
    }

    /// Since when the oldest request is in flight.
    pub fn waiting_since(&self) -> Option<Millis> {
        self.flying.values().next().map(|flying| flying.since)
    }

    /// The age of something, for comparing with a limit.
    pub(super) fn age(&self, as_of: Millis) -> Duration {
        self.now.since(as_of)
    }

    /// Tells the user something, in the corner and in Activity.
    pub(super) fn tell(&mut self, level: Level, title: impl Into<String>, lines: Vec<String>) {
        // Whoever tells may quote what a stranger wrote: it is made safe here for all of them.
        let title = Clean::whole(&title.into());
        let lines = lines.into_iter().map(|line| Clean::whole(&line)).collect();
        let toast = Toast::new(level, title, lines, self.now);
        let text = std::iter::once(toast.title.as_str())
            .chain(toast.lines.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" · ");
        self.activity.note(level, text, self.now);
        self.toasts.push(toast);
    }

    /// The name of a group, to speak of it.
    pub(super) fn name(&self, id: &GroupId) -> String {
        self.groups.name(id)
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }
}

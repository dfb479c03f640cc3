//! The one dialog that can be open. Each owns its fields and its intent, and freezes what it is
//! about when it opens: a refresh behind it changes neither the people it names nor what is sent.

use super::accounts::Goal;
use super::field::TextInput;
use super::find::Find;
use super::invitations::Plan;
use super::invitations::form::InviteForm;
use super::list::SortBy;
use super::messages::{Doubt, Source};
use crate::domain::journal::{EntryId, ExportFormat, Verdict};
use crate::domain::{
    BaseUrl, CorrelationId, Failure, GroupId, IconFile, MessageText, Mutation, Picture, Subject,
};
use crate::keymap::Action;

/// What a question is about: carried out only when it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Change one group.
    Change(GroupId, Mutation),
    /// Leave these groups.
    Leave(Vec<GroupId>),
    /// Send the link of a group to people, as direct messages.
    Invite(Box<Plan>),
    /// Write this to a group.
    Send(GroupId, MessageText, Source),
    /// Drop a message that was not sent.
    Drop(GroupId, CorrelationId),
    /// End the program although a change is on its way.
    Quit,
    /// Go to the account that was opened, although something is left behind.
    GoTo,
}

/// The dialog.
#[derive(Debug)]
pub enum Dialog {
    /// One line at the bottom: `enter` yes, `esc` no.
    Line(Question),
    /// A box with Cancel focused, and a word to type where the answer is grave.
    Confirm(Box<Confirm>),
    /// A new group.
    Create(SubjectForm),
    /// Another subject for a group.
    Rename(GroupId, SubjectForm),
    /// Another picture for a group.
    PickIcon(GroupId, Box<IconForm>),
    /// People to be invited by message.
    Invite(Box<InviteForm>),
    /// What became of the invitations to a group.
    Invited(Invited),
    /// A short list of choices.
    Menu(Menu),
    /// Keys and what they do.
    Help(Help),
    /// Everything by its name.
    Commands(Commands),
    /// People in all groups.
    Find(Box<Find>),
    /// What can be done here.
    Actions(ActionMenu),
    /// Text that could not be copied, to be copied by hand.
    ByHand {
        /// What it is.
        what: String,
        /// The text.
        text: String,
    },
    /// Credentials.
    Connect(Box<ConnectForm>),
}

/// A question in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What happens on yes.
    pub intent: Intent,
    /// The question.
    pub text: String,
}

/// The two buttons of a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// Nothing happens.
    Cancel,
    /// It happens.
    Act,
}

/// One person in a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The number as people write it.
    pub number: String,
    /// Whether they are an admin.
    pub admin: bool,
    /// Whether the filter hides them behind the dialog.
    pub hidden: bool,
}

/// The word that a grave question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What has to be typed, exactly.
    pub expected: String,
    /// `Type 3 to confirm`.
    pub prompt: String,
}

/// A question in a box.
#[derive(Debug)]
pub struct Confirm {
    /// What happens when it is confirmed.
    pub intent: Intent,
    /// In the frame.
    pub title: String,
    /// `From`, `In`, and the group's name; empty for none.
    pub place: Option<(&'static str, String)>,
    /// The people it is about, admins first.
    pub people: Vec<Person>,
    /// What it means.
    pub lines: Vec<String>,
    /// The word to type; `None` where choosing the button is enough.
    pub word: Option<Word>,
    /// What was typed.
    pub input: TextInput,
    /// On the button that acts.
    pub button: String,
    /// Where the focus is among the buttons.
    pub focus: Button,
    /// First person in view.
    pub scroll: usize,
}

/// Characters of a row in the narrowest box.
const NARROWEST: usize = 30;

impl Confirm {
    /// Rows by which it can be scrolled at most, through the people and then through the text.
    pub fn most_scroll(&self) -> usize {
        let text = self.lines.iter();
        let text: usize = text.map(|line| line.chars().count() / NARROWEST + 1).sum();
        (self.people.len() + text).saturating_sub(1)
    }

    /// Whether the word is right, or none is asked for.
    pub fn is_ready(&self) -> bool {
        self.word
            .as_ref()
            .is_none_or(|word| self.input.text().trim() == word.expected)
    }
}

/// Where the focus is in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// A text field, counted from the top.
    Field(usize),
    /// A box to tick.
    Tick,
    /// A button.
    Button(Button),
}

/// How far a form is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormState {
    /// Being filled in.
    Open,
    /// Sent; the fields are locked.
    Sending,
    /// Refused, with the reason; everything typed is still there.
    Refused(Failure),
}

/// A form with one subject.
#[derive(Debug)]
pub struct SubjectForm {
    /// The subject.
    pub input: TextInput,
    /// The present subject, when there is one.
    pub before: Option<String>,
    /// Copy the link when the group is there.
    pub copy_link: Tick,
    /// Where the focus is.
    pub focus: Focus,
    /// How far it is.
    pub state: FormState,
    /// The user tried to submit: an empty field is an error from now on.
    pub tried: bool,
}

/// A box to tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// The form has no such box.
    Absent,
    /// Ticked.
    On,
    /// Not ticked.
    Off,
}

impl SubjectForm {
    /// The subject, when it can be sent, and what is wrong with it otherwise.
    ///
    /// # Errors
    /// What [`Subject`] says about the text.
    pub fn subject(&self) -> Result<Subject, crate::domain::SubjectError> {
        self.input.text().parse()
    }
}

/// What is known of the file that a path names.
#[derive(Debug)]
pub enum Look {
    /// No path.
    Nothing,
    /// The file is being looked at.
    Looking(String),
    /// A picture, ready to be sent, and how it looks.
    Good(Box<(IconFile, Picture)>),
    /// It cannot be sent, and why.
    Bad(String),
}

/// Whether `enter` was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submit {
    /// Not yet.
    Later,
    /// Yes: send as soon as the file was looked at and is good.
    WhenLookedAt,
}

/// The form for a picture.
#[derive(Debug)]
pub struct IconForm {
    /// The path.
    pub input: TextInput,
    /// Where the focus is.
    pub focus: Focus,
    /// What is known of the file.
    pub look: Look,
    /// Paths that the typed one may become.
    pub candidates: Vec<String>,
    /// Whether `enter` was pressed.
    pub submit: Submit,
    /// How far it is.
    pub state: FormState,
}

/// The results of invitations, one row each. They are in the model; this is how they are shown.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The group they were invited to.
    pub group: GroupId,
    /// Where the focus is among the buttons, once everything is decided.
    pub focus: Button,
    /// First row in view.
    pub top: usize,
}

/// A short list of choices.
#[derive(Debug)]
pub struct Menu {
    /// In the frame.
    pub title: String,
    /// The choices.
    pub choices: Vec<(Choice, String)>,
    /// The chosen row.
    pub row: usize,
}

/// What a menu offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Change nothing: what a second `enter` meets where the other choices settle something.
    LeaveOpen,
    /// Copy this text, named so.
    Copy(super::effect::Clip),
    /// Copy the link, fetched when needed.
    CopyLink(GroupId),
    /// Copy a message with the link, fetched when needed.
    CopyMessage(GroupId),
    /// Say what became of a message.
    Doubt(GroupId, CorrelationId, Doubt),
    /// Sort the groups.
    Sort(SortBy),
    /// Write the journal into a file.
    Export(ExportFormat),
    /// Look once more what became of a change.
    LookAgain(EntryId),
    /// Say what became of a change.
    Settle(EntryId, Verdict),
    /// Save the code of this address.
    SaveCode(String, super::effect::CodeFormat),
    /// Go to another account.
    GoTo(Goal),
    /// Add an account.
    NewAccount,
}

/// The help: a search field and the lines that match.
#[derive(Debug, Default)]
pub struct Help {
    /// The search.
    pub input: TextInput,
    /// The chosen line among those that match.
    pub row: usize,
}

/// The commands: a field and the lines that match.
#[derive(Debug, Default)]
pub struct Commands {
    /// What is looked for.
    pub input: TextInput,
    /// The chosen line among those that match.
    pub row: usize,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// What it does.
    pub action: Action,
    /// Its name, with what it is about where that is known: `Remove 3 marked members…`.
    pub title: String,
    /// The key that does it here or at home; blank for none.
    pub key: String,
    /// Why it cannot run now.
    pub disabled: Option<String>,
}

/// The actions of the pane, each under its own key.
#[derive(Debug, Default)]
pub struct ActionMenu {
    /// The chosen line.
    pub row: usize,
}

/// One line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpLine {
    /// What it does.
    pub action: Action,
    /// The same in words.
    pub words: String,
    /// The keys that do it.
    pub keys: String,
    /// Why it cannot run now.
    pub disabled: Option<String>,
}

/// Where credentials are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// In the keyring and the configuration file, or in that file alone, readable by the user only.
    Saved,
    /// In memory until the program ends.
    Memory,
}

/// What credentials are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For the account in use, or for the first one.
    Connect,
    /// For one more.
    Add,
}

/// The form for credentials.
#[derive(Debug)]
pub struct ConnectForm {
    /// What they are for.
    pub purpose: Purpose,
    /// Where they are tested.
    pub base_url: BaseUrl,
    /// User name and token, top to bottom.
    pub fields: [TextInput; 2],
    /// Where the focus is: two fields, then the choice, then the buttons.
    pub focus: Focus,
    /// Whether the token is shown.
    pub reveal: Reveal,
    /// Where to keep it.
    pub keep: Keep,
    /// How far it is.
    pub state: FormState,
    /// What is wrong with a field, before anything is sent.
    pub error: Option<String>,
    /// The dialog it interrupted; it comes back with everything typed.
    pub behind: Option<Box<Dialog>>,
}

/// Whether a secret is shown as dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// As dots.
    Hidden,
    /// As it is, until the next key.
    Shown,
}

//! Questions before changes: which one, about whom, and why a key cannot work now.
//!
//! | change | one | several, or a grave case |
//! | --- | --- | --- |
//! | promote | one line | a box |
//! | demote | a box | type the count: two or more, oneself, the last admin |
//! | remove | a box | type the count: two or more, or an admin |
//! | reset the link | a box | |
//! | leave | type the subject | type `leave N` |
//! | write to a group | nothing; a box above a number of people | type `again`: it may have arrived |
//! | create, rename | the form is the question | |
//! | invite by message | a box, after a form | the same |

use crate::app::dialog::{Button, Confirm, Dialog, Intent, Person, Question, Word};
use crate::app::effect::Effects;
use crate::app::field::TextInput;
use crate::app::groups::{GroupState, Slot};
use crate::app::line::Line;
use crate::app::messages::Source;
use crate::app::model::{Model, Pane};
use crate::app::people::People;
use crate::app::toasts::Level;
use crate::domain::{Clean, GroupId, MemberVerb, MessageText, Mutation, WaId, WaIds};
use crate::keymap::Action;

use super::{accounts, actions, changes, messages};

/// Letters a subject must have to be asked for as the typed word. A shorter one is typed by
/// accident; one with characters that not every keyboard has is not asked for either.
const SHORTEST_SUBJECT: usize = 4;

/// Most characters of a message that its question shows.
const LONGEST_START: usize = 120;

/// Why an action cannot work now; `None` when it can.
#[expect(
    clippy::too_many_lines,
    reason = "every action is named, without a wildcard"
)]
pub fn disabled(model: &Model, action: Action) -> Option<String> {
    if model.is_read_only() && changes_something(action) {
        return Some("this program runs read-only".into());
    }
    let verb = match action {
        Action::Promote => Some(MemberVerb::Promote),
        Action::Demote => Some(MemberVerb::Demote),
        Action::Remove => Some(MemberVerb::Remove),
        Action::ResetInvite | Action::SetIcon => None,
        Action::RemoveIcon => {
            let none = model
                .group()
                .is_none_or(|group| matches!(group.icon.value(), Some(None)));
            if none {
                return Some("there is no icon".into());
            }
            None
        }
        Action::OpenIcon | Action::CopyIcon => {
            return super::icon::address(model)
                .is_none()
                .then(|| "there is no icon".into());
        }
        Action::SaveIcon => {
            let picture = model.group().and_then(|group| group.picture.value());
            return picture.is_none().then(|| "there is no picture yet".into());
        }
        Action::Undo => {
            return super::undo::offered(model)
                .is_none()
                .then(|| "nothing to undo".into());
        }
        Action::Leave => {
            return (model.group().is_none() && model.list.rows.marks().is_empty())
                .then(|| "there is no group here".into());
        }
        Action::Rename | Action::CopyLink | Action::CopyGroup | Action::Open => {
            return model
                .group()
                .is_none()
                .then(|| "there is no group here".into());
        }
        Action::CopyInvite | Action::CopyMessage => {
            return model
                .group()
                .is_none()
                .then(|| "there is no group here".into());
        }
        Action::OpenLink | Action::SaveCode | Action::BiggerCode | Action::InvertCode => {
            let link = model.group().and_then(|group| group.invite.value()?.url());
            return link.is_none().then(|| "there is no link yet".into());
        }
        Action::CopyNumbers | Action::CopyPeople => {
            let nobody = model
                .members()
                .is_none_or(|people| people.targets().is_empty());
            return nobody.then(|| "there is nobody here".into());
        }
        Action::InviteByMessage => return super::invitations::disabled(model),
        Action::NewGroup => {
            return model
                .creation
                .is_some()
                .then(|| "a group is being created".into());
        }
        Action::TakeUp
        | Action::EditMessage
        | Action::DropMessage
        | Action::CopyText
        | Action::CopyMessageParts
        | Action::OpenMessage
        | Action::Search
        | Action::NextHit
        | Action::PreviousHit => {
            return messages::disabled(model, action);
        }
        Action::Write => {
            let group = model.thread_group();
            return match group {
                _ if model.pane == Pane::Inbox => Some(model.inbox.part().refusal().into()),
                Some(group) => messages::why_not(model, group),
                None => Some("there is no group here".into()),
            };
        }
        Action::CancelCall => {
            return model.flying.is_empty().then(|| "nothing is running".into());
        }
        Action::CopyEntry | Action::Unfold => {
            return model
                .activity
                .rows()
                .is_empty()
                .then(|| "nothing happened yet".into());
        }
        Action::ShowWhole | Action::CopyReceived | Action::CopyReport | Action::OpenReceived => {
            return super::inbox::disabled(model, action);
        }
        Action::NextUnread => return super::unread::none_left(model),
        Action::SwitchProfile => return model.session.accounts.fixed.clone(),
        Action::Settle => {
            return super::activity::doubted(model)
                .is_none()
                .then(|| "what became of this is known".into());
        }
        Action::FullScreen
        | Action::HideNumbers
        | Action::ReadOnlyOn
        | Action::ReadOnlyOff
        | Action::PauseReading
        | Action::ReadFaster
        | Action::ReadSlower => {
            return actions::why_not_turn(model, action);
        }
        Action::Help
        | Action::Commands
        | Action::Actions
        | Action::NextPane
        | Action::PreviousPane
        | Action::GoGroups
        | Action::GoMembers
        | Action::GoInvite
        | Action::GoIcon
        | Action::GoMessages
        | Action::GoActivity
        | Action::GoInbox
        | Action::Find
        | Action::NextTab
        | Action::PreviousTab
        | Action::Back
        | Action::Refresh
        | Action::RefreshAll
        | Action::Redraw
        | Action::ReloadConfig
        | Action::Suspend
        | Action::ToggleMouse
        | Action::Interrupt
        | Action::Quit
        | Action::Up
        | Action::Down
        | Action::First
        | Action::Last
        | Action::HalfPageUp
        | Action::HalfPageDown
        | Action::PageUp
        | Action::PageDown
        | Action::ToList
        | Action::ToDetails
        | Action::Filter
        | Action::Mark
        | Action::MarkRange
        | Action::MarkUp
        | Action::MarkDown
        | Action::MarkAll
        | Action::Export
        | Action::Sort => return None,
    };
    let Some(group) = model.group() else {
        return Some("there is no group here".into());
    };
    // A guess of one's own number forbids nothing while it may be wrong: there the server decides.
    let own = model.sure_own();
    let is_told = group.told().is_some();
    if own.is_some() && is_told && model.is_admin_of(group) == Some(false) {
        return Some("only admins can do this, and you are none in this group".into());
    }
    let verb = verb?;
    let targets = model.members().map(People::targets).unwrap_or_default();
    if targets.is_empty() {
        return Some("there is nobody here".into());
    }
    if verb == MemberVerb::Remove && own.is_some() && targets.iter().all(|id| Some(id) == own) {
        return Some("this is you: use leave in Groups".into());
    }
    if targets.iter().all(|id| !id.is_sendable()) {
        return Some("this is no phone number that the API takes".into());
    }
    if let Some(roster) = group.told_roster()
        && verb != MemberVerb::Remove
        && targets.iter().all(|id| verb.is_reached(roster, id))
    {
        return Some(match verb {
            MemberVerb::Promote => "already admin".into(),
            MemberVerb::Demote | MemberVerb::Remove => "not an admin".into(),
        });
    }
    None
}

/// Whether an action leads, after its question or form, to a request that changes something.
fn changes_something(action: Action) -> bool {
    [
        Action::NewGroup,
        Action::Rename,
        Action::Leave,
        Action::Promote,
        Action::Demote,
        Action::Remove,
        Action::InviteByMessage,
        Action::ResetInvite,
        Action::SetIcon,
        Action::RemoveIcon,
        Action::Write,
        Action::TakeUp,
        Action::EditMessage,
        Action::Undo,
    ]
    .contains(&action)
}

/// Asks about people of the chosen group.
pub(super) fn members(model: &mut Model, verb: MemberVerb) -> Effects {
    let Some(slot) = model.selected() else {
        return Effects::none();
    };
    let Some(people) = model.people.get(&slot) else {
        return Effects::none();
    };
    let own = model.own().cloned();
    let mut targets = people.targets();
    let before = targets.len();
    // What is only guessed to be one's own number is left out of many, but can be chosen alone.
    if verb == MemberVerb::Remove && (model.sure_own().is_some() || before > 1) {
        targets.retain(|id| Some(id) != own.as_ref());
    }
    let without_me = targets.len() < before;
    let Some(ids) = WaIds::new(targets) else {
        return Effects::none();
    };
    let group = model.groups.at(slot);
    let mutation = Mutation::Members(verb, ids.clone());
    let intent = Intent::Change(group.id.clone(), mutation);
    let is_admin = |id: &WaId| group.roster().is_some_and(|roster| roster.is_admin(id));
    let admins = ids.iter().filter(|id| is_admin(id)).count();
    let count = ids.count();
    let last_admin = group
        .roster()
        .is_some_and(|roster| admins > 0 && roster.admin_count() <= admins);
    // What an earlier run knew may be wrong by now: then the question is the graver one.
    let is_told = group.told().is_some();
    let oneself = own.as_ref().is_some_and(|own| ids.contains(own));

    if verb == MemberVerb::Promote && count == 1 {
        let who: Vec<String> = ids.iter().map(WaId::pretty).collect();
        let text = format!("Promote {}?", who.join(", "));
        model.dialog = Some(Dialog::Line(Question { intent, text }));
        return Effects::none();
    }
    let grave = match verb {
        MemberVerb::Promote => false,
        MemberVerb::Demote => count >= 2 || oneself || last_admin || !is_told,
        MemberVerb::Remove => count >= 2 || admins > 0 || oneself || !is_told,
    };
    let people_text = if count == 1 {
        "1 member".to_owned()
    } else {
        format!("{count} members")
    };
    let shown: std::collections::HashSet<&WaId> = people.rows.all().iter().collect();
    let mut listed: Vec<Person> = ids
        .iter()
        .map(|id| Person {
            number: id.pretty(),
            admin: is_admin(id),
            hidden: !shown.contains(id),
        })
        .collect();
    listed.sort_by_key(|person| !person.admin);

    let mut lines: Vec<String> = match verb {
        MemberVerb::Promote => vec!["They can then change the group and remove people.".into()],
        MemberVerb::Demote => vec!["They stay in the group as plain members.".into()],
        MemberVerb::Remove => vec![
            "They lose access at once and can only come back through an invite link. \
             This cannot be undone here."
                .into(),
        ],
    };
    if verb == MemberVerb::Demote && oneself {
        lines.push("You are among them: only another admin can make you admin again.".into());
    }
    if verb == MemberVerb::Remove && oneself {
        lines.push("This seems to be your own number: leave in Groups is meant for that.".into());
    }
    if verb != MemberVerb::Promote && last_admin {
        lines.push("After this the group has no admin.".into());
    }
    if without_me {
        lines.push("Your own number is left out: use leave in Groups.".into());
    }
    let verb_name = super::copy::capital(verb.verb());
    let place = if verb == MemberVerb::Remove {
        "From"
    } else {
        "In"
    };
    model.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        intent,
        title: format!("{verb_name} {people_text}"),
        place: Some((place, group.name())),
        people: listed,
        lines,
        word: grave.then(|| Word {
            expected: count.to_string(),
            prompt: format!("Type {count} to confirm"),
        }),
        input: TextInput::default(),
        button: format!("{verb_name} {count}"),
        focus: Button::Cancel,
        scroll: 0,
    })));
    Effects::none()
}

/// Asks about a new link.
pub(super) fn reset_invite(model: &mut Model) -> Effects {
    let Some(group) = model.group() else {
        return Effects::none();
    };
    let (id, name) = (group.id.clone(), group.name());
    model.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        intent: Intent::Change(id, Mutation::ResetInvite),
        title: "Reset the invite link".into(),
        place: None,
        people: Vec::new(),
        lines: vec![
            format!("{name} gets a new link."),
            "The old one, in messages, posters and QR codes, stops working at once. \
             This cannot be undone."
                .into(),
        ],
        word: None,
        input: TextInput::default(),
        button: "Reset link".into(),
        focus: Button::Cancel,
        scroll: 0,
    })));
    Effects::none()
}

/// Asks about leaving the marked groups, or the chosen one.
pub(super) fn leave_chosen(model: &mut Model) -> Effects {
    let marks = model.list.rows.marks();
    let slots: Vec<Slot> = if marks.is_empty() {
        model.selected().into_iter().collect()
    } else {
        marks.iter().copied().collect()
    };
    leave(model, &slots)
}

/// Asks about leaving these groups.
pub(super) fn leave(model: &mut Model, slots: &[Slot]) -> Effects {
    let groups: Vec<&GroupState> = slots.iter().map(|slot| model.groups.at(*slot)).collect();
    let Some(first) = groups.first() else {
        return Effects::none();
    };
    let alone = |group: &GroupState| {
        let only_admin = model.is_admin_of(group) == Some(true)
            && group
                .roster()
                .is_some_and(|roster| roster.admin_count() == 1 && roster.count() > 1);
        only_admin.then(|| group.name())
    };
    let orphans: Vec<String> = groups.iter().filter_map(|group| alone(group)).collect();
    let mut lines = vec![
        "A business number cannot come back: it can neither join a group nor be added to one. \
         This cannot be undone."
            .to_owned(),
    ];
    match orphans.as_slice() {
        [] => {}
        [_] if groups.len() == 1 => {
            lines.push("You are the only admin: nobody can manage this group afterwards.".into());
        }
        many => lines.push(format!(
            "You are the only admin of {}: nobody can manage {} afterwards.",
            many.iter().take(3).cloned().collect::<Vec<_>>().join(", "),
            if many.len() == 1 { "it" } else { "them" }
        )),
    }
    let (title, place, word, button) = if groups.len() == 1 {
        let word = leave_word(first);
        (
            "Leave this group".to_owned(),
            Some(("Group", first.name())),
            word,
            "Leave".to_owned(),
        )
    } else {
        let count = groups.len();
        let expected = format!("leave {count}");
        let prompt = format!("Type {expected} to confirm");
        (
            format!("Leave {count} groups"),
            None,
            Word { expected, prompt },
            format!("Leave {count}"),
        )
    };
    let people = if groups.len() == 1 {
        Vec::new()
    } else {
        let shown: std::collections::HashSet<&Slot> = model.list.rows.all().iter().collect();
        slots
            .iter()
            .map(|slot| Person {
                number: model.groups.at(*slot).name(),
                admin: false,
                hidden: !shown.contains(slot),
            })
            .collect()
    };
    let ids: Vec<GroupId> = groups.iter().map(|group| group.id.clone()).collect();
    model.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        intent: Intent::Leave(ids),
        title,
        place,
        people,
        lines,
        word: Some(word),
        input: TextInput::default(),
        button,
        focus: Button::Cancel,
        scroll: 0,
    })));
    Effects::none()
}

/// The word for leaving one group: its subject, or the end of its id where that cannot be typed on
/// every keyboard.
fn leave_word(group: &GroupState) -> Word {
    match group.subject().map(str::trim) {
        Some(subject)
            if subject.chars().count() >= SHORTEST_SUBJECT
                && subject.chars().all(|c| c.is_ascii_graphic() || c == ' ') =>
        {
            Word {
                expected: subject.to_owned(),
                prompt: "Type its subject to confirm".into(),
            }
        }
        Some(_) | None => {
            let expected = group.id.tail(4);
            let prompt = format!("Type {expected}, the end of its id, to confirm");
            Word { expected, prompt }
        }
    }
}

/// Asks about a message to many people, or to nobody knows how many, or once more.
pub(super) fn send(
    model: &mut Model,
    id: &GroupId,
    text: MessageText,
    source: Source,
    people: Option<usize>,
) -> Effects {
    let again = matches!(source, Source::Unknown(_));
    let readers = match people {
        Some(1) => "1 person".to_owned(),
        Some(count) => format!("{count} people"),
        None => "nobody knows how many people".to_owned(),
    };
    let mut start: String = Clean::whole(text.as_str())
        .chars()
        .take(LONGEST_START)
        .collect();
    if start.len() < text.as_str().len() {
        start.push('…');
    }
    let mut lines = vec![format!("“{start}”")];
    if again {
        lines.push(
            "It may have been delivered already: then everybody reads it twice. Look into the \
             group first."
                .into(),
        );
    } else {
        if people.is_none() {
            lines.push("How many people are in this group is not known yet.".into());
        }
        lines.push("Once it has left, nothing takes it back.".into());
    }
    let verb = if again { "Send again" } else { "Send" };
    model.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        intent: Intent::Send(id.clone(), text, source),
        title: format!("{verb} to {readers}"),
        place: Some(("To", model.name(id))),
        people: Vec::new(),
        lines,
        word: again.then(|| Word {
            expected: "again".into(),
            prompt: "Type again to confirm".into(),
        }),
        input: TextInput::default(),
        button: verb.into(),
        focus: Button::Cancel,
        scroll: 0,
    })));
    Effects::none()
}

/// Asks whether to end although a change is on its way, or a message about to leave.
pub(super) fn quit(model: &mut Model, lines: Vec<String>) -> Effects {
    model.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        intent: Intent::Quit,
        title: "Quit".into(),
        place: None,
        people: Vec::new(),
        lines,
        word: None,
        input: TextInput::default(),
        button: "Quit".into(),
        focus: Button::Cancel,
        scroll: 0,
    })));
    Effects::none()
}

/// The question was answered with yes.
pub(super) fn confirmed(model: &mut Model, intent: Intent) -> Effects {
    match intent {
        Intent::Quit => actions::exit(model),
        Intent::GoTo => accounts::leave(model),
        Intent::Change(..) | Intent::Leave(_) | Intent::Send(..)
            if matches!(model.line, Line::SignedOut) =>
        {
            model.tell(
                Level::Error,
                "Nothing was sent",
                vec!["Connect your account first.".into()],
            );
            Effects::none()
        }
        Intent::Invite(plan) => super::invitations::begin(model, *plan),
        Intent::Change(id, mutation) => changes::submit(model, &id, mutation),
        Intent::Send(group, text, source) => messages::send(model, &group, text, &source),
        Intent::Drop(group, id) => {
            messages::drop_message(model, &group, &id);
            Effects::none()
        }
        Intent::Leave(groups) => {
            for slot in groups.iter().filter_map(|id| model.groups.slot(id)) {
                model.list.rows.unmark(&slot);
            }
            changes::leave(model, groups)
        }
    }
}

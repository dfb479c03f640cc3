//! Inviting people by direct message: the form, its question and the results; the sending is in
//! [`sending`].
//!
//! Nothing leaves but after the answered question, with the link that was agreed to, read within the
//! last minutes; one message at a time. A lost connection, a refused token, a wish to slow down and a
//! missing answer stop the rest, and only the user takes it up again.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "any other key does nothing here"
)]

mod sending;

use std::time::Duration;

use crate::app::dialog::{Button, Confirm, Dialog, Focus, Intent, Invited, Person};
use crate::app::effect::Effects;
use crate::app::field::{Edit, TextInput};
use crate::app::invitations::form::{InviteForm, Reading};
use crate::app::invitations::{Draft, Plan};
use crate::app::journal::name_of;
use crate::app::line::Line;
use crate::app::model::{Model, Read};
use crate::app::toasts::Level;
use crate::domain::journal::{ChangeKind, Entry, Verdict};
use crate::domain::{Failure, GroupId, Invitation, InviteLink, WaId, WaIds};
use crate::keymap::{Code, Key};

use super::{connect, copy, reads};

pub use sending::describe_to;
pub(super) use sending::{begin, go_on, replied, tell_failed};

/// Who agreed to send a link that had to be read again first does not expect it later than this.
const PATIENCE: Duration = Duration::from_secs(45);

/// What is known of the link that an invitation would carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState<'a> {
    /// It was read within the last minutes.
    Ready(&'a InviteLink),
    /// It is being read.
    Reading,
    /// It is being made worthless; the new one follows.
    Resetting,
    /// It has to be read again, or was never read.
    Old,
    /// It could not be read.
    Failed(&'a Failure),
    /// The server's answer is no web address.
    NoAddress,
    /// The group is no longer in the list.
    Gone,
}

/// What is known of the link of a group, for sending it to people.
pub fn link_of<'m>(model: &'m Model, group: &GroupId) -> LinkState<'m> {
    let Some(slot) = model.groups.slot(group) else {
        return LinkState::Gone;
    };
    let state = model.groups.at(slot);
    if model.groups.outbox(slot).resets_invite() {
        LinkState::Resetting
    } else if state.invite.is_loading() || model.queue.contains(&Read::Invite(slot)) {
        LinkState::Reading
    } else if let Some(why) = state.invite.failure() {
        LinkState::Failed(why)
    } else {
        match state.invite.value() {
            Some(_) if !copy::is_fresh(model, slot) => LinkState::Old,
            Some(link) if link.url().is_none() => LinkState::NoAddress,
            Some(link) => LinkState::Ready(link),
            None => LinkState::Old,
        }
    }
}

/// What was understood of the numbers in the form.
pub fn reading(model: &Model, form: &InviteForm) -> Reading {
    let group = model.groups.get(&form.group);
    let run = model.invitations.of(&form.group);
    // What belongs to an earlier run stands in the journal alone.
    let doubts = model.journal.doubts.iter();
    let doubtful = doubts
        .filter_map(|entry| invited(model, entry))
        .filter(|(group, _)| **group == form.group)
        .flat_map(|(_, people)| people)
        .chain(model.invitations.doubtful(&form.group))
        .collect();
    form.reading(group, model.sure_own(), run, &doubtful)
}

/// Whom an entry of the journal invited and where, when it did so in the name of this account.
fn invited<'e>(model: &Model, entry: &'e Entry) -> Option<(&'e GroupId, &'e [WaId])> {
    let intent = entry.intent.as_ref()?;
    let account = model.session.account.as_ref().map(name_of);
    let is_ours =
        intent.kind == ChangeKind::SendInvitation && Some(&intent.account) == account.as_ref();
    let group = intent.group.as_ref().filter(|_| is_ours)?;
    Some((group, &intent.people))
}

/// The user said what became of a change; an invitation among the results has that end too.
pub(super) fn said(model: &mut Model, entry: &Entry, said: Verdict) {
    if let Some((group, people)) = invited(model, entry) {
        model.invitations.said(group, people, said);
    }
}

/// Why nobody can be invited to the chosen group by message.
pub(super) fn disabled(model: &Model) -> Option<String> {
    let Some(group) = model.group() else {
        return Some("there is no group here".into());
    };
    let odd = group
        .invite
        .value()
        .is_some_and(|link| link.url().is_none());
    let results = model.invitations.of(&group.id).is_some();
    (odd && !results).then(|| "the link is no web address, so it is not sent".into())
}

/// The results of the chosen group while there are some, else the form.
pub(super) fn open(model: &mut Model) -> Effects {
    let Some(id) = model.group().map(|group| group.id.clone()) else {
        return Effects::none();
    };
    if model.invitations.of(&id).is_some() {
        show_results(model, id);
    } else {
        open_form(model, &id, &[]);
    }
    Effects::none()
}

fn show_results(model: &mut Model, group: GroupId) {
    model.dialog = Some(Dialog::Invited(Invited {
        group,
        focus: Button::Cancel,
        top: 0,
    }));
}

/// Opens the form with what was typed for this group; if that is nothing, with `people`, who are to be
/// tried again.
fn open_form(model: &mut Model, id: &GroupId, people: &[WaId]) {
    let Some(slot) = model.groups.slot(id) else {
        model.tell(Level::Hint, "This group is no longer in the list", vec![]);
        return;
    };
    let draft = model.invitations.drafts.get(id).cloned();
    let again: Vec<String> = people.iter().map(WaId::pretty).collect();
    let words = match (&draft, model.invitations.of(id)) {
        (Some(draft), _) => typed(&draft.words),
        (None, Some(run)) if !people.is_empty() => typed(&run.words),
        (None, _) => TextInput::proposing(&proposal(model, id)),
    };
    let numbers = draft.map_or_else(|| again.join(", "), |draft| draft.numbers);
    model.dialog = Some(Dialog::Invite(Box::new(InviteForm {
        group: id.clone(),
        numbers: typed(&numbers),
        words,
        focus: Focus::Field(0),
        waiting_since: None,
        tried: false,
    })));
    if model.line != Line::SignedOut
        && matches!(link_of(model, id), LinkState::Old | LinkState::Failed(_))
    {
        reads::want(model, Read::Invite(slot));
    }
}

/// A field in which somebody typed this: what is typed next is added.
fn typed(text: &str) -> TextInput {
    let mut input = TextInput::default();
    input.paste(text);
    input
}

/// A sentence to begin with. Never the id that stands in for an unknown subject: a phone number may be
/// part of it.
fn proposal(model: &Model, id: &GroupId) -> String {
    let details = model.groups.get(id).and_then(|group| group.details.value());
    match details.and_then(|details| details.subject.as_ref()) {
        Some(subject) if !subject.is_blank() => {
            format!("Join the group “{}”:", subject.to_hand_out().trim())
        }
        Some(_) | None => "Join our group:".to_owned(),
    }
}

// ---- the form

/// Handles one key of the form. `None` when it closes.
pub(super) fn form_key(model: &mut Model, key: Key) -> Option<Effects> {
    let Some(Dialog::Invite(form)) = &mut model.dialog else {
        return Some(Effects::none());
    };
    match (key.code, form.focus) {
        (Code::Esc, _) | (Code::Enter, Focus::Button(Button::Cancel)) => return None,
        (Code::Enter, _) => return Some(submit(model)),
        (Code::Tab | Code::Down, focus) => form.focus = next(focus, 1),
        (Code::BackTab | Code::Up, focus) => form.focus = next(focus, ORDER.len() - 1),
        (Code::Left, Focus::Button(_)) => form.focus = Focus::Button(Button::Cancel),
        (Code::Right, Focus::Button(_)) => form.focus = Focus::Button(Button::Act),
        (_, Focus::Field(field)) => {
            let input = if field == 0 {
                &mut form.numbers
            } else {
                &mut form.words
            };
            if input.key(key) == Edit::Changed {
                // The question is about what stood there when it was asked for.
                form.waiting_since = None;
            }
        }
        _ => {}
    }
    Some(Effects::none())
}

const ORDER: [Focus; 4] = [
    Focus::Field(0),
    Focus::Field(1),
    Focus::Button(Button::Cancel),
    Focus::Button(Button::Act),
];

fn next(focus: Focus, step: usize) -> Focus {
    let at = ORDER.iter().position(|other| *other == focus).unwrap_or(0);
    ORDER[(at + step) % ORDER.len()]
}

/// What was typed is kept for the next time in this group.
pub(super) fn closed(model: &mut Model, form: InviteForm) {
    let numbers = form.numbers.text().trim();
    if numbers.is_empty() {
        model.invitations.drafts.remove(&form.group);
        return;
    }
    let draft = Draft {
        numbers: numbers.to_owned(),
        words: form.words.text().to_owned(),
    };
    model.invitations.drafts.insert(form.group, draft);
}

/// The user wants to go on from the form.
fn submit(model: &mut Model) -> Effects {
    let now = model.now;
    let signed_out = model.line == Line::SignedOut;
    let Some(Dialog::Invite(form)) = &mut model.dialog else {
        return Effects::none();
    };
    form.tried = true;
    if form.words_over() > 0 {
        form.focus = Focus::Field(1);
        return Effects::none();
    }
    let Some(Dialog::Invite(form)) = &model.dialog else {
        return Effects::none();
    };
    let (good, id) = (reading(model, form).is_good(), form.group.clone());
    if !good {
        set_focus(model, Focus::Field(0));
        return Effects::none();
    }
    if signed_out {
        connect::open(model);
        return Effects::none();
    }
    let wanted = match link_of(model, &id) {
        LinkState::Ready(_) => {
            ask(model);
            return Effects::none();
        }
        LinkState::NoAddress | LinkState::Gone => return Effects::none(),
        LinkState::Old | LinkState::Failed(_) => model.groups.slot(&id),
        LinkState::Reading | LinkState::Resetting => None,
    };
    if let Some(slot) = wanted {
        reads::want(model, Read::Invite(slot));
    }
    if let Some(Dialog::Invite(form)) = &mut model.dialog {
        form.waiting_since = Some(now);
    }
    Effects::none()
}

fn set_focus(model: &mut Model, focus: Focus) {
    if let Some(Dialog::Invite(form)) = &mut model.dialog {
        form.focus = focus;
    }
}

/// The form waits for the link: the question follows when it is there.
fn follow_form(model: &mut Model) {
    let Some(Dialog::Invite(form)) = &model.dialog else {
        return;
    };
    let Some(since) = form.waiting_since else {
        return;
    };
    let ready = match link_of(model, &form.group) {
        LinkState::Reading | LinkState::Resetting if model.age(since) <= PATIENCE => return,
        LinkState::Ready(_) => model.age(since) <= PATIENCE,
        LinkState::Reading
        | LinkState::Resetting
        | LinkState::Old
        | LinkState::Failed(_)
        | LinkState::NoAddress
        | LinkState::Gone => false,
    };
    if let Some(Dialog::Invite(form)) = &mut model.dialog {
        form.waiting_since = None;
    }
    if ready {
        ask(model);
        model.surprised_at = Some(model.now);
    }
}

/// Asks whether to send; the people, the words and the link are frozen here.
fn ask(model: &mut Model) {
    let Some(Dialog::Invite(form)) = &model.dialog else {
        return;
    };
    let reading = reading(model, form);
    let group = form.group.clone();
    let words = form.words.text().trim().to_owned();
    let (LinkState::Ready(link), Some(people)) =
        (link_of(model, &group), WaIds::new(reading.people.clone()))
    else {
        return;
    };
    let Some(text) = Invitation::wording(&words, link) else {
        return;
    };
    let count = people.count();
    let listed = people.iter().map(|id| Person {
        number: id.pretty(),
        admin: false,
        hidden: false,
    });
    let mut lines = vec![
        if count == 1 {
            "It may be charged outside a 24-hour window.".to_owned()
        } else {
            "Each may be charged outside a 24-hour window.".to_owned()
        },
        "A message that was sent cannot be called back.".to_owned(),
    ];
    let without = reading.unusable.len() + reading.left_out.len();
    match without {
        0 => {}
        1 => lines.push("1 of the numbers typed is left out.".to_owned()),
        more => lines.push(format!("{more} of the numbers typed are left out.")),
    }
    lines.push(format!(
        "It says: {}",
        crate::domain::Clean::whole(text.as_str())
    ));
    let messages = if count == 1 {
        "1 direct message".to_owned()
    } else {
        format!("{count} direct messages")
    };
    let question = Confirm {
        title: format!("Send {messages}?"),
        place: Some(("Link of", model.name(&group))),
        people: listed.collect(),
        lines,
        word: None,
        input: TextInput::default(),
        button: format!("Send {count}"),
        focus: Button::Cancel,
        scroll: 0,
        intent: Intent::Invite(Box::new(Plan {
            group,
            people,
            words,
            link: link.clone(),
        })),
    };
    let form = model.dialog.replace(Dialog::Confirm(Box::new(question)));
    if let Some(Dialog::Invite(form)) = form {
        // Who says no finds everything in the form again.
        closed(model, *form);
    }
}

// ---- the results

/// Handles one key of the results. `None` when they close; they stay until they are put away.
pub(super) fn results_key(model: &mut Model, key: Key) -> Option<Effects> {
    let page = usize::from(model.size.body()).saturating_sub(8).max(1);
    let Some(Dialog::Invited(shown)) = &mut model.dialog else {
        return Some(Effects::none());
    };
    let run = model.invitations.of(&shown.group)?;
    let (over, last) = (run.is_over(), run.people.len().saturating_sub(1));
    match key.code {
        Code::Esc => return None,
        Code::Up | Code::Char('k') => shown.top = shown.top.saturating_sub(1),
        Code::Down | Code::Char('j') => shown.top = (shown.top + 1).min(last),
        Code::PageUp => shown.top = shown.top.saturating_sub(page),
        Code::PageDown => shown.top = (shown.top + page).min(last),
        Code::Home => shown.top = 0,
        Code::End => shown.top = last,
        // While it runs there is nothing to press.
        Code::Tab | Code::BackTab if over => {
            shown.focus = match shown.focus {
                Button::Cancel => Button::Act,
                Button::Act => Button::Cancel,
            };
        }
        Code::Left if over => shown.focus = Button::Cancel,
        Code::Right if over => shown.focus = Button::Act,
        Code::Enter if over => {
            let group = shown.group.clone();
            match shown.focus {
                Button::Cancel => {
                    model.invitations.put_away(&group);
                    return None;
                }
                Button::Act => {
                    let rest = run.rest();
                    open_form(model, &group, &rest);
                }
            }
        }
        _ => {}
    }
    Some(Effects::none())
}

/// A failed message in Activity is to be tried again: the results say who can be.
pub(super) fn again(model: &mut Model) -> Effects {
    let shown = super::actions::go(model, crate::app::model::Pane::Invite);
    shown.and(super::actions::act(
        model,
        crate::keymap::Action::InviteByMessage,
    ))
}

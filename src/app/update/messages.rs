//! Writing to a group: the composer, the seconds before a message leaves, and what becomes of it.
//!
//! Invariant: a message is launched here and nowhere else, once, when its time has come; whatever
//! else happens to it afterwards is what the user asked for.

mod hits;
mod kept;
mod outside;
mod rows;

use std::time::Duration;

use crate::app::dialog::{Dialog, Intent};
use crate::app::effect::{Call, Clip, Effect, Effects};
use crate::app::field::Edit;
use crate::app::line::Line;
use crate::app::messages::draft::Draft;
use crate::app::messages::window::is_end_in_view;
use crate::app::messages::{History, Message, MessageState, Source};
use crate::app::model::{Model, Origin, Pane};
use crate::app::remote::Ticket;
use crate::app::toasts::Level;
use crate::domain::journal::EntryId;
use crate::domain::{
    Accepted, CorrelationId, Failure, GroupId, GroupMessage, MessageText, MessageTextError, Millis,
};
use crate::keymap::{Action, Code, Key};

use super::{actions, ask, reads};

pub(super) use hits::{
    begin as begin_search, end as end_search, give_up as give_up_search, keep as keep_search,
    leave as leave_search, next as next_hit, previous as previous_hit, search_on, searched,
    typing as typing_search,
};
use kept::keep_drafts;
pub(super) use kept::{drafts_read, farewell, history_read, not_kept, read_drafts, read_history};
pub(super) use outside::edited;
pub(super) use rows::{
    ask_drop, copy, copy_menu, decide, disabled, drop_message, edit, open, open_web, put_cursor,
    show, step, take_up,
};

/// How long a change of a draft may wait until it is kept: a crash loses no more.
const AUTOSAVE: Duration = Duration::from_millis(500);

/// Why nothing can be written to a group now; `None` when it can.
pub fn why_not(model: &Model, group: &GroupId) -> Option<String> {
    if model.is_read_only() {
        return Some("this program runs read-only".into());
    }
    if model.line == Line::SignedOut {
        return Some("your account is not connected".into());
    }
    if model.groups.slot(group).is_none() {
        return Some("this group is no longer in the list".into());
    }
    None
}

/// Whether a group left the list: what was written to it has no row that leads to it.
fn is_gone(model: &Model, group: &GroupId) -> bool {
    model.groups.slot(group).is_none()
}

/// Opens the composer of the chosen group.
pub(super) fn write(model: &mut Model) -> Effects {
    let Some(id) = model.group().map(|group| group.id.clone()) else {
        return Effects::none();
    };
    let effects = actions::go(model, Pane::Messages);
    model.messages.of_mut(&id);
    model.messages.composing = Some(id);
    // Those that could not be read at the start are wanted now.
    effects.and(read_drafts(model))
}

/// Leaves the composer; what was typed is kept.
fn leave(model: &mut Model) {
    if let Some(id) = model.messages.composing.take() {
        let now = model.now;
        model.messages.of_mut(&id).save_at = Some(now);
    }
}

/// Handles a key while something is being written; `None` when nothing is.
pub(super) fn key(model: &mut Model, key: Key, pasted: bool) -> Option<Effects> {
    let id = model.messages.composing.clone()?;
    match (key.code, key.ctrl || key.alt || key.shift) {
        (Code::Esc, _) => leave(model),
        (Code::Tab | Code::BackTab, _) => {
            leave(model);
            let action = if key.code == Code::Tab {
                Action::NextPane
            } else {
                Action::PreviousPane
            };
            return Some(actions::act(model, action));
        }
        // The last line break of a paste that a terminal let through as a key sends nothing.
        (Code::Enter, false) if !pasted => return Some(submit(model, &id)),
        (Code::Char('o'), true) if key == Key::ctrl('o') && why_not(model, &id).is_none() => {
            let text = model.messages.of_mut(&id).draft.text().to_owned();
            return Some(Effects::one(Effect::EditOutside(id, text)));
        }
        // What cannot be seen is not changed. A group may go between two letters, though: then the
        // text gets its end.
        (_, _) if why_not(model, &id).is_some() && !is_gone(model, &id) => {}
        (_, _) => {
            let key = if key == Key::plain(Code::Enter) {
                Key::ctrl('j')
            } else {
                key
            };
            let room = model.size.composer_room(model.extent);
            if model.messages.of_mut(&id).draft.key(key, room) == Edit::Changed {
                changed(model, &id);
            }
        }
    }
    Some(Effects::none())
}

/// Puts a pasted text into the composer; `None` when nothing is being written.
pub(super) fn paste(model: &mut Model, text: &str) -> Option<bool> {
    let id = model.messages.composing.clone()?;
    if why_not(model, &id).is_some() && !is_gone(model, &id) {
        return None;
    }
    let taken = model.messages.of_mut(&id).draft.paste(text);
    changed(model, &id);
    Some(taken)
}

/// A draft is another one than the store has.
fn changed(model: &mut Model, id: &GroupId) {
    let at = model.now.after(AUTOSAVE);
    model.messages.of_mut(id).save_at.get_or_insert(at);
}

/// `enter` in the composer.
fn submit(model: &mut Model, id: &GroupId) -> Effects {
    if let Some(why) = why_not(model, id) {
        let why = super::copy::capital(&why);
        let draft = &model.messages.of_mut(id).draft;
        if draft.is_blank() || !is_gone(model, id) {
            model.tell(Level::Hint, why, vec!["The draft is kept.".into()]);
            return Effects::none();
        }
        // No row of the list leads to it any more.
        let text = model.messages.of_mut(id).draft.text().to_owned();
        let told = "The draft is kept for when it returns. Its text goes to the clipboard.";
        model.tell(Level::Hint, why, vec![told.into()]);
        return Effects::one(Effect::Copy(Clip {
            text,
            what: "Text of the message".into(),
        }));
    }
    match model.messages.of_mut(id).draft.message() {
        Ok(text) => offer(model, id, text, Source::Composer),
        Err(MessageTextError::Empty) => {
            model.tell(Level::Hint, "There is nothing to send", vec![]);
            Effects::none()
        }
        // The counter says so already.
        Err(MessageTextError::TooLong(_)) => Effects::none(),
    }
}

/// Sends a message to a few people, asks before one to many, or to nobody knows how many.
fn offer(model: &mut Model, id: &GroupId, text: MessageText, source: Source) -> Effects {
    let people = people(model, id);
    let few = people.is_some_and(|count| count <= model.session.confirm_send_over);
    if few && !matches!(source, Source::Unknown(_)) {
        return send(model, id, text, &source);
    }
    ask::send(model, id, text, source, people)
}

/// How many people read a message to this group, the account included; as it was told in this run.
fn people(model: &Model, id: &GroupId) -> Option<usize> {
    Some(model.groups.get(id)?.told_roster()?.count())
}

/// Puts a message in line. It leaves when its time has come.
pub(super) fn send(model: &mut Model, id: &GroupId, text: MessageText, source: &Source) -> Effects {
    let (now, leaves) = (model.now, model.now.after(model.session.send_delay));
    if !model.messages.of_mut(id).can_send(source) {
        let told = "It is known meanwhile what became of it.";
        model.tell(Level::Hint, "Not sent again", vec![told.into()]);
        return Effects::none();
    }
    let name = CorrelationId::from_bits(model.random.u128(..));
    let thread = model.messages.of_mut(id);
    let replaces = match source {
        Source::Composer => {
            // Something may have come into it behind the question: nothing of that is lost.
            if thread.draft.message().as_ref() == Ok(&text) {
                thread.draft = Draft::default();
            }
            None
        }
        Source::NotSent(old) => thread.take(old).and_then(Message::into_replaced),
        Source::Unknown(old) => Some(old.clone()),
    };
    if matches!(source, Source::Unknown(_)) {
        thread.postpone(leaves);
    }
    thread.push(name, text, now, leaves, replaces);
    if matches!(thread.history, History::Failed(_)) {
        // Read anew before it leaves.
        thread.history = History::Unread;
    }
    thread.save_at = Some(now);
    model.messages.composing = None;
    Effects::none()
}

/// Takes the newest message that has not left back into the composer.
pub(super) fn take_back(model: &mut Model) -> Effects {
    let Some((group, message)) = model.messages.last_leaving() else {
        return Effects::none();
    };
    let (group, id) = (group.clone(), message.id.clone());
    to_composer(model, &group, &id)
}

/// Makes a draft of a message again, and opens the composer where that is possible.
fn to_composer(model: &mut Model, group: &GroupId, id: &CorrelationId) -> Effects {
    let now = model.now;
    rows::step_off(model, group, id);
    let thread = model.messages.of_mut(group);
    if let Some(message) = thread.take(id) {
        thread.draft.put_in_front(message.text.as_str());
        thread.save_at = Some(now);
    }
    let Some(slot) = model.groups.slot(group) else {
        return Effects::none();
    };
    model.list.select(&model.groups, slot);
    write(model)
}

/// What has to be done by itself: messages leave, drafts are kept, and what the journal holds of the
/// group on the screen is read.
pub(super) fn go_on(model: &mut Model) -> Effects {
    let mut effects = Effects::none();
    if let Some(group) = model.thread_group().cloned()
        && model.shows_messages_of(&group)
        // A list that is being scrolled asks for nothing.
        && model.moved_at.is_none()
        && matches!(
            model.messages.of(&group).map(|t| &t.history),
            None | Some(History::Unread)
        )
    {
        effects.extend(read_history(model, &group));
    }
    // Nor does a message leave past one that nobody has looked for yet.
    let unread = model.messages.iter().filter(|(_, thread)| {
        let mut messages = thread.messages().iter();
        thread.history == History::Unread
            && messages.any(|message| matches!(message.state, MessageState::Leaving(_)))
    });
    let unread: Vec<GroupId> = unread.map(|(group, _)| group.clone()).collect();
    for group in unread {
        effects.extend(read_history(model, &group));
    }
    let due: Vec<(GroupId, CorrelationId)> = model
        .messages
        .iter()
        .filter(|_| !is_quitting(model))
        .filter_map(|(group, thread)| Some((group, thread.next_leave()?)))
        .filter(|(_, (_, at))| *at <= model.now)
        .map(|(group, (id, _))| (group.clone(), id.clone()))
        .collect();
    for (group, id) in due {
        effects.extend(launch(model, &group, &id));
    }
    effects.and(keep_drafts(model))
}

/// Whether the user is asked about quitting, or about another account: what the question says has not left
/// does not leave meanwhile.
fn is_quitting(model: &Model) -> bool {
    let Some(Dialog::Confirm(confirm)) = &model.dialog else {
        return false;
    };
    matches!(confirm.intent, Intent::Quit | Intent::GoTo)
}

/// When something has to be done by itself: a message leaves, or a draft is kept.
pub(super) fn next_due(model: &Model) -> Option<Millis> {
    let quitting = is_quitting(model);
    let threads = model.messages.iter().map(|(_, thread)| thread);
    threads
        .flat_map(|thread| {
            let leaves = thread.next_leave().filter(|_| !quitting);
            [thread.save_at, leaves.map(|(_, at)| at)]
        })
        .flatten()
        .min()
}

fn launch(model: &mut Model, group: &GroupId, id: &CorrelationId) -> Effects {
    if let Some(why) = why_not(model, group) {
        return ended(model, group, id, MessageState::NotSent(why));
    }
    if let Some(History::Failed(why)) = model.messages.of(group).map(|thread| &thread.history) {
        // One that nobody can see may be unknown.
        let why = format!("what was sent earlier could not be read: {why}");
        return ended(model, group, id, MessageState::NotSent(why));
    }
    let (now, opens) = (model.now, model.line.opens_at().unwrap_or_default());
    let throttled = model.line.is_throttled(now);
    let ticket = model.ticket();
    let Some(message) = model.messages.of_mut(group).get_mut(id) else {
        return Effects::none();
    };
    if throttled {
        // It waits where it is, in sight, and can still be taken back.
        message.state = MessageState::Leaving(opens);
        return Effects::none();
    }
    message.state = MessageState::Sending(ticket);
    message.at = now;
    let call = Call::Send(GroupMessage {
        group: group.clone(),
        text: message.text.clone(),
        id: id.clone(),
    });
    reads::launch(model, ticket, call, Origin::User, 1)
}

/// A message stands in the journal: its text needs no draft any more.
pub(super) fn begun(model: &mut Model, ticket: Ticket, entry: EntryId) {
    let now = model.now;
    for (_, thread) in model.messages.iter_mut() {
        if thread.record(ticket, entry) {
            thread.save_at = Some(now);
        }
    }
}

/// The reply to a message. Those of other kinds are not known here.
pub(super) fn replied(
    model: &mut Model,
    id: &CorrelationId,
    result: &Result<Accepted, Failure>,
) -> Effects {
    let state = match result {
        Ok(_) => MessageState::Accepted,
        Err(why) if why.may_have_happened() => MessageState::Unknown(why.why()),
        Err(why) => MessageState::NotSent(why.why()),
    };
    let is_its =
        |message: &Message| message.id == *id && matches!(message.state, MessageState::Sending(_));
    let group = model
        .messages
        .iter()
        .find(|(_, thread)| thread.messages().iter().any(is_its))
        .map(|(group, _)| group.clone());
    match group {
        Some(group) => ended(model, &group, id, state),
        None => Effects::none(),
    }
}

/// Where the text of a message is that was not sent.
fn where_kept(model: &Model, group: &GroupId) -> String {
    if is_gone(model, group) {
        "Its text is kept for when the group returns.".to_owned()
    } else {
        let there = model.way_to(Action::GoMessages);
        format!("Its text is kept in Messages: {there}")
    }
}

/// A message came to its end. Where it is on the screen its own row says so.
fn ended(model: &mut Model, group: &GroupId, id: &CorrelationId, state: MessageState) -> Effects {
    let name = model.name(group);
    let now = model.now;
    let why = |why: &str| super::copy::capital(why) + ".";
    let (level, title, lines) = match &state {
        MessageState::Accepted => (
            Level::Done,
            format!("Message to {name} accepted"),
            vec!["By the platform, which does not mean delivered.".to_owned()],
        ),
        MessageState::NotSent(reason) => (
            Level::Error,
            format!("Message to {name} not sent"),
            vec![why(reason), where_kept(model, group)],
        ),
        MessageState::Unknown(reason) => (
            Level::Warning,
            format!("Message to {name} may have been delivered"),
            vec![
                why(reason),
                format!(
                    "Nothing is sent twice. Look into the group: {}",
                    model.way_to(Action::GoMessages)
                ),
            ],
        ),
        MessageState::Leaving(_)
        | MessageState::Sending(_)
        | MessageState::Elsewhere
        | MessageState::Said(_) => return Effects::none(),
    };
    let thread = model.messages.of_mut(group);
    if let Some(message) = thread.get_mut(id) {
        message.state = state;
    }
    thread.save_at = Some(now);
    if is_end_in_view(model, group, id) && model.dialog.is_none() {
        model
            .activity
            .note(level, format!("{title} · {}", lines.join(" · ")), now);
    } else {
        model.tell(level, title, lines);
    }
    Effects::none()
}

//! What can be done with the message under the cursor: try again, decide, edit, drop, copy.

use crate::app::dialog::{Choice, Dialog, Intent, Menu, Question};
use crate::app::effect::{Clip, Effect, Effects};
use crate::app::messages::conversation::{Conversation, RowId};
use crate::app::messages::window::stepped;
use crate::app::messages::{Doubt, Message, MessageState, Source};
use crate::app::model::{Model, Pane};
use crate::domain::journal::Verdict;
use crate::domain::{CorrelationId, GroupId, GroupMessage};
use crate::keymap::Action;

use super::super::activity::LEAVE_OPEN;
use super::super::{actions, journal};
use super::{offer, to_composer, why_not};

/// The message under the cursor of the pane, and its group.
pub(in crate::app::update) fn current(model: &Model) -> Option<(GroupId, &Message)> {
    let group = model.thread_group()?;
    Some((group.clone(), Conversation::of(model, group).current_own()?))
}

/// `enter`: writes; on a message that was not sent it tries again, on a doubtful one it asks.
pub(in crate::app::update) fn take_up(model: &mut Model) -> Effects {
    let Some((group, message)) = current(model) else {
        return actions::act(model, Action::Write);
    };
    let (id, text) = (message.id.clone(), message.text.clone());
    // A second `enter` must not open the composer, where `u` would be a letter, nor put a notice on
    // the row that says so.
    if matches!(message.state, MessageState::Leaving(_)) {
        return Effects::none();
    }
    if message.is_not_sent() {
        return offer(model, &group, text, Source::NotSent(id));
    }
    if message.holds() {
        let choice = |what| Choice::Doubt(group.clone(), id.clone(), what);
        model.dialog = Some(Dialog::Menu(Menu {
            title: "It may have been delivered".into(),
            // The key that opens never confirms: the first row settles nothing.
            choices: vec![
                (Choice::LeaveOpen, LEAVE_OPEN.into()),
                (choice(Doubt::Happened), "I looked: it arrived".into()),
                (
                    choice(Doubt::DidNotHappen),
                    "I looked: it did not arrive".into(),
                ),
                (choice(Doubt::Again), "send it again…".into()),
            ],
            row: 0,
        }));
        return Effects::none();
    }
    actions::act(model, Action::Write)
}

/// The user has the say about a message whose end is not known.
pub(in crate::app::update) fn decide(
    model: &mut Model,
    group: &GroupId,
    id: &CorrelationId,
    doubt: Doubt,
) -> Effects {
    let verdict = match doubt {
        Doubt::Happened => Verdict::Happened,
        Doubt::DidNotHappen => Verdict::DidNotHappen,
        Doubt::Again => {
            let thread = model.messages.of_mut(group);
            let text = thread
                .get_mut(id)
                .filter(|m| m.holds())
                .map(|m| m.text.clone());
            return text.map_or_else(Effects::none, |text| {
                offer(model, group, text, Source::Unknown(id.clone()))
            });
        }
    };
    let leaves = model.now.after(model.session.send_delay);
    let thread = model.messages.of_mut(group);
    let Some(message) = thread.get_mut(id).filter(|m| m.holds()) else {
        return Effects::none();
    };
    message.state = MessageState::Said(verdict);
    let entry = message.entry;
    thread.postpone(leaves);
    entry.map_or_else(Effects::none, |entry| {
        journal::settle(model, entry, verdict)
    })
}

/// Makes a draft of a message that was not sent.
pub(in crate::app::update) fn edit(model: &mut Model) -> Effects {
    match current(model).filter(|(_, message)| message.is_not_sent()) {
        Some((group, message)) => {
            let id = message.id.clone();
            to_composer(model, &group, &id)
        }
        None => Effects::none(),
    }
}

/// Asks whether to drop a message that was not sent.
pub(in crate::app::update) fn ask_drop(model: &mut Model) {
    if let Some((group, message)) = current(model).filter(|(_, message)| message.is_not_sent()) {
        model.dialog = Some(Dialog::Line(Question {
            intent: Intent::Drop(group, message.id.clone()),
            text: "Drop this message?".into(),
        }));
    }
}

/// Drops a message that was not sent.
pub(in crate::app::update) fn drop_message(model: &mut Model, group: &GroupId, id: &CorrelationId) {
    let now = model.now;
    step_off(model, group, id);
    let thread = model.messages.of_mut(group);
    if thread
        .get_mut(id)
        .is_some_and(|message| message.is_not_sent())
    {
        thread.take(id);
        thread.save_at = Some(now);
    }
}

/// Copies the text of a message.
pub(in crate::app::update) fn copy(model: &Model) -> Effects {
    current(model).map_or_else(Effects::none, |(_, message)| {
        Effects::one(Effect::Copy(Clip {
            text: message.text.as_str().to_owned(),
            what: "Text of the message".into(),
        }))
    })
}

/// Moves the cursor of the pane.
pub(in crate::app::update) fn step(model: &mut Model, by: isize) {
    if let Some(group) = model.thread_group().cloned() {
        let cursor = stepped(model, &group, by);
        model.messages.of_mut(&group).put_cursor(cursor);
    }
}

/// Puts the cursor on the row behind a message that goes, if it stood there.
pub(super) fn step_off(model: &mut Model, group: &GroupId, id: &CorrelationId) {
    let conversation = Conversation::of(model, group);
    let row = conversation.row();
    if !conversation.follows_newest() && conversation.current_own().is_some_and(|m| m.id == *id) {
        let cursor = conversation.cursor_at(row + 1);
        model.messages.of_mut(group).put_cursor(cursor);
    }
}

/// Leads to a message of the chosen group.
pub(in crate::app::update) fn show(model: &mut Model, message: &GroupMessage) -> Effects {
    let effects = actions::go(model, Pane::Messages);
    let conversation = Conversation::of(model, &message.group);
    let row = conversation.position(&RowId::Own(message.id.clone()));
    let cursor = row.map(|row| conversation.cursor_at(row));
    if let Some(cursor) = cursor {
        model.messages.of_mut(&message.group).put_cursor(cursor);
    }
    effects
}

/// Why an action of the pane cannot work now.
pub(in crate::app::update) fn disabled(model: &Model, action: Action) -> Option<String> {
    let Some(group) = model.thread_group() else {
        return Some("there is no group here".into());
    };
    let message = current(model).map(|(_, message)| message);
    if action == Action::CopyText {
        return message.is_none().then(|| "there is no message here".into());
    }
    let not_sent = message.is_some_and(Message::is_not_sent);
    if matches!(action, Action::EditMessage | Action::DropMessage) && !not_sent {
        return Some("nothing unsent is chosen".into());
    }
    if action == Action::DropMessage {
        return None;
    }
    why_not(model, group)
}

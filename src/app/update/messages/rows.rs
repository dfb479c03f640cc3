//! What can be done with the message under the cursor: try again, decide, edit, drop, copy, open.
//!
//! Invariant: what others wrote is answered in its group and nowhere else.

use url::Url;

use crate::app::dialog::{Choice, Dialog, Intent, Menu, Question};
use crate::app::effect::{Clip, Effect, Effects};
use crate::app::messages::body::words;
use crate::app::messages::conversation::{Conversation, Row, RowId};
use crate::app::messages::window::stepped;
use crate::app::messages::{Doubt, Message, MessageState, Source};
use crate::app::model::{Model, Pane};
use crate::app::received::Page;
use crate::app::toasts::Level;
use crate::domain::journal::Verdict;
use crate::domain::{
    Clean, Content, CorrelationId, DeliveryState, GroupId, GroupMessage, Lane, web_address,
};
use crate::keymap::Action;

use super::super::activity::LEAVE_OPEN;
use super::super::copy::number_of_sender;
use super::super::{actions, journal, received};
use super::{hits, offer, to_composer, why_not};

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
    if is_failed(model, message) {
        return write_again(model, &group, text.as_str());
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
    let leaves = model.now.after(model.session.send_delay);
    let thread = model.messages.of_mut(group);
    let Some(message) = thread.get_mut(id).filter(|m| m.holds()) else {
        journal::tell_known(model);
        return Effects::none();
    };
    let verdict = match doubt {
        Doubt::Happened => Verdict::Happened,
        Doubt::DidNotHappen => Verdict::DidNotHappen,
        Doubt::Again => {
            let text = message.text.clone();
            return offer(model, group, text, Source::Unknown(id.clone()));
        }
    };
    message.state = MessageState::Said(verdict);
    let entry = message.entry;
    thread.postpone(leaves);
    entry.map_or_else(Effects::none, |entry| {
        journal::settle(model, entry, verdict)
    })
}

/// Whether the platform took a message and then could not deliver it.
fn is_failed(model: &Model, message: &Message) -> bool {
    matches!(model.fate(message), Some(DeliveryState::Failed { .. }))
}

/// Puts the text of a message that was not delivered into the composer, as another message: what was sent
/// stays sent, and nothing leaves before the user sends it.
fn write_again(model: &mut Model, group: &GroupId, text: &str) -> Effects {
    let now = model.now;
    let thread = model.messages.of_mut(group);
    if thread.draft.text() != text {
        thread.draft.put_in_front(text);
        thread.save_at = Some(now);
    }
    actions::act(model, Action::Write)
}

/// Makes a draft of a message that was not sent, or of one that was not delivered.
pub(in crate::app::update) fn edit(model: &mut Model) -> Effects {
    if let Some((group, message)) = current(model).filter(|(_, message)| is_failed(model, message))
    {
        let text = message.text.as_str().to_owned();
        return write_again(model, &group, &text);
    }
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

/// The row under the cursor of the pane.
fn row(model: &Model) -> Option<Row<'_>> {
    Conversation::of(model, model.thread_group()?).current()
}

/// What a message says, for the clipboard.
fn text_of(row: Row<'_>) -> Clip {
    let text = match row {
        Row::Own(message) => message.text.as_str().to_owned(),
        Row::Received(kept) => {
            let words = words(&kept.message.content);
            // What a stranger wrote is not to press keys where it is pasted.
            let lines = words.split('\n').map(|line| Clean::new(line).to_hand_out());
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    Clip {
        text,
        what: "Text of the message".into(),
    }
}

/// The address of the attachment, or the first one in the words.
fn address_of(row: Row<'_>) -> Option<String> {
    let address = match row {
        Row::Own(message) => {
            let content = Content::Text(message.text.as_str().to_owned());
            content.link()?.to_owned()
        }
        Row::Received(kept) => kept.message.content.link()?.to_owned(),
    };
    Some(Clean::new(&address).to_hand_out())
}

fn clip_of_address(address: String) -> Clip {
    Clip {
        text: address,
        what: "Address in the message".into(),
    }
}

/// Copies the text of a message; of an attachment, its address.
pub(in crate::app::update) fn copy(model: &Model) -> Effects {
    let Some(row) = row(model) else {
        return Effects::none();
    };
    let has_file = match row {
        Row::Own(_) => false,
        Row::Received(kept) => kept.message.content.attachment().is_some(),
    };
    let address = address_of(row).filter(|_| has_file);
    Effects::one(Effect::Copy(
        address.map_or_else(|| text_of(row), clip_of_address),
    ))
}

/// Asks what of a message is to be copied.
pub(in crate::app::update) fn copy_menu(model: &mut Model) {
    let Some(row) = row(model) else { return };
    let mut choices = vec![(Choice::Copy(text_of(row)), "its text".to_owned())];
    if let Row::Received(kept) = row {
        let number = number_of_sender(model, &kept.message);
        choices.extend(number.map(|(clip, label)| (Choice::Copy(clip), label)));
    }
    if let Some(address) = address_of(row) {
        let shown = Clean::new(&address);
        let label = format!("the address in it, {shown}");
        choices.push((Choice::Copy(clip_of_address(address)), label));
    }
    model.dialog = Some(Dialog::Menu(Menu {
        title: "Copy from the message".into(),
        choices,
        row: 0,
    }));
}

/// Opens the attachment or the first link outside. Only the user ever asks for one.
pub(in crate::app::update) fn open(model: &mut Model) -> Effects {
    let address = row(model).and_then(address_of);
    let url = address.and_then(|address| web_address(&address));
    open_web(model, url)
}

/// Opens an address outside, if there is one.
pub(in crate::app::update) fn open_web(model: &mut Model, url: Option<Url>) -> Effects {
    let Some(url) = url else {
        return Effects::none();
    };
    // The row shows the name of a file: where it leads is said here.
    let host = url.host_str().unwrap_or_default().to_owned();
    model.tell(Level::Done, format!("Opening a page of {host}"), vec![]);
    Effects::one(Effect::OpenLink(url.into()))
}

/// Why nothing of a row can be opened.
fn why_not_open(row: Row<'_>) -> Option<String> {
    match address_of(row) {
        None => Some("there is nothing to open in this message".into()),
        Some(address) if web_address(&address).is_none() => {
            Some("its address is no web address, so it is not opened".into())
        }
        Some(_) => None,
    }
}

/// Moves the cursor of the pane. Near the start of what is known, older messages are read.
pub(in crate::app::update) fn step(model: &mut Model, by: isize) -> Effects {
    let Some(group) = model.thread_group().cloned() else {
        return Effects::none();
    };
    let cursor = stepped(model, &group, by);
    let newest = Conversation::of(model, &group).last();
    model.messages.of_mut(&group).put_cursor(cursor, newest);
    let page = model.size.message_rows();
    let conversation = Conversation::of(model, &group);
    let first = conversation.first_received();
    let is_near = first.is_some_and(|first| conversation.row() < first + page);
    let is_part = conversation
        .chat
        .is_some_and(|chat| chat.page == Page::Part);
    if by < 0 && is_near && is_part {
        return received::read_older(model, &Lane::Group(group));
    }
    Effects::none()
}

/// Puts the cursor on a row, where it follows the newest if that is the last one.
pub(in crate::app::update) fn put_cursor(model: &mut Model, group: &GroupId, row: usize) {
    let conversation = Conversation::of(model, group);
    let (cursor, newest) = (conversation.cursor_at(row), conversation.last());
    model.messages.of_mut(group).put_cursor(cursor, newest);
}

/// Puts the cursor on the row behind a message that goes, if it stood there.
pub(super) fn step_off(model: &mut Model, group: &GroupId, id: &CorrelationId) {
    let conversation = Conversation::of(model, group);
    let row = conversation.row();
    if !conversation.follows_newest() && conversation.current_own().is_some_and(|m| m.id == *id) {
        put_cursor(model, group, row + 1);
    }
}

/// Leads to a message of the chosen group.
pub(in crate::app::update) fn show(model: &mut Model, message: &GroupMessage) -> Effects {
    let effects = actions::go(model, Pane::Messages);
    let conversation = Conversation::of(model, &message.group);
    if let Some(row) = conversation.position(&RowId::Own(message.id.clone())) {
        put_cursor(model, &message.group, row);
    }
    effects
}

/// Why an action of the pane cannot work now.
pub(in crate::app::update) fn disabled(model: &Model, action: Action) -> Option<String> {
    let Some(group) = model.thread_group() else {
        return Some("there is no group here".into());
    };
    if matches!(action, Action::NextHit | Action::PreviousHit) {
        return hits::disabled(model, group);
    }
    let Some(row) = row(model) else {
        return if action == Action::TakeUp {
            why_not(model, group)
        } else {
            Some("there is no message here".into())
        };
    };
    match (action, row) {
        (Action::OpenMessage, row) => why_not_open(row),
        (Action::EditMessage, Row::Received(_)) => Some("only what you wrote can be edited".into()),
        (Action::DropMessage, Row::Received(_)) => {
            Some("only what you wrote can be dropped".into())
        }
        (Action::EditMessage, Row::Own(message)) if is_failed(model, message) => {
            why_not(model, group)
        }
        (Action::EditMessage | Action::DropMessage, Row::Own(message))
            if !message.is_not_sent() =>
        {
            Some("nothing unsent is chosen".into())
        }
        (Action::EditMessage | Action::TakeUp, _) => why_not(model, group),
        (_, _) => None,
    }
}

//! A message of ours: its text as it stood in the composer, and how far it is.

use super::{HEAD, Line, View, is_failed};
use crate::app::Model;
use crate::app::messages::{Message, MessageState, Thread, draft};
use crate::app::model::Pane;
use crate::app::update::message_to_take_back;
use crate::domain::journal::Verdict;
use crate::domain::{Clean, DeliveryState, Millis};
use crate::keymap::Action;
use crate::theme::Meaning;
use crate::ui::details::taught;
use crate::ui::header::spinner;
use crate::ui::text::{clock, width, wrap};

pub(super) fn lines(view: &View<'_>, row: usize, message: &Message) -> Vec<Line> {
    let model = view.model;
    let zone = &model.session.time_zone;
    let indent = super::indent(model);
    let line = |text: String, meaning| Line::new(text, meaning, Some(row), indent);
    let mut lines = vec![Line {
        parts: vec![
            (clock(message.at, zone), Meaning::Dim),
            ("you".to_owned(), Meaning::Text),
        ],
        row: Some(row),
        indent: HEAD,
        ..Line::default()
    }];
    let room = model.size.message_room(model.extent);
    let text = message.text.as_str();
    let hits = super::search(model).map(|search| search.hits_in(text));
    // As it stood in the composer: its blanks were sent too.
    let rows = draft::rows(text, room).into_iter();
    lines.extend(rows.map(|shown| {
        Line {
            hits: hits
                .iter()
                .flatten()
                .filter_map(|hit| shown.cells_of(hit))
                .collect(),
            ..line(shown.shown.trim_end().to_owned(), Meaning::Text)
        }
    }));
    let (mark, why, meaning) = state(model, view.thread, message);
    if let Some(last) = lines.last_mut()
        && let Some((text, _)) = last.parts.last()
        && width(text) + 3 + width(&mark) <= room
        && why.is_empty()
    {
        last.state = Some((mark, meaning));
    } else {
        let whole = if why.is_empty() {
            mark
        } else {
            format!("{mark} · {why}")
        };
        let whole = wrap(&whole, room).into_iter();
        lines.extend(whole.map(|text| line(text, meaning)));
    }
    // What can be done is said where the cursor is.
    let here = model.pane == Pane::Messages && row == view.conversation.row();
    if let Some(hint) = hint(model, message).filter(|_| here) {
        lines.push(line(hint, Meaning::Dim));
    }
    lines
}

fn hint(model: &Model, message: &Message) -> Option<String> {
    let offers: &[(Action, &str)] = if message.is_not_sent() {
        &[
            (Action::TakeUp, "try again"),
            (Action::EditMessage, "edit"),
            (Action::DropMessage, "drop…"),
        ]
    } else if message.holds() {
        &[(Action::TakeUp, "decide…")]
    } else if is_failed(model, message) {
        &[(Action::TakeUp, "write it again")]
    } else {
        return None;
    };
    let hints = taught(model, offers).into_iter();
    let hints: Vec<String> = hints.map(|(key, words)| format!("{key} {words}")).collect();
    Some(hints.join(" · "))
}

/// How far a message is: a mark with a word, and the reason.
fn state(model: &Model, thread: Option<&Thread>, message: &Message) -> (String, String, Meaning) {
    let left = |at: Millis| at.since(model.now).as_millis().div_ceil(1000);
    let undo = || {
        let is_next = message_to_take_back(model).is_some_and(|next| next.id == message.id);
        let undo = || format!(" · {}", super::undo_words(model));
        is_next.then(undo).unwrap_or_default()
    };
    let is_held = thread.is_some_and(|thread| thread.messages().iter().any(Message::holds));
    let (mark, meaning) = match &message.state {
        MessageState::Leaving(_) if is_held => (
            format!("waits for your word on the other{}", undo()),
            Meaning::Warn,
        ),
        MessageState::Leaving(at) if *at > model.now => {
            let seconds = left(*at);
            (format!("leaves in {seconds} s{}", undo()), Meaning::Info)
        }
        MessageState::Leaving(_) => (format!("waits for its turn{}", undo()), Meaning::Info),
        MessageState::Sending(_) => (format!("{} sending", spinner(model)), Meaning::Info),
        MessageState::Elsewhere => (
            "sent by another wavedeck, not answered yet".into(),
            Meaning::Dim,
        ),
        MessageState::Accepted => {
            let (mark, meaning) = match model.fate(message) {
                None => ("✓ accepted", Meaning::Ok),
                Some(DeliveryState::Sent) => ("✓ sent", Meaning::Ok),
                Some(DeliveryState::Delivered) => ("✓✓ delivered", Meaning::Ok),
                Some(DeliveryState::Read) => ("✓✓ read", Meaning::Ok),
                Some(DeliveryState::Failed { .. }) => ("✗ not delivered", Meaning::Danger),
            };
            (mark.into(), meaning)
        }
        MessageState::NotSent(_) => ("✗ not sent".into(), Meaning::Danger),
        MessageState::Unknown(_) if message.holds() => {
            ("! may have been delivered".into(), Meaning::Warn)
        }
        MessageState::Unknown(_) => (
            "! may have been delivered, sent again below".into(),
            Meaning::Warn,
        ),
        MessageState::Said(Verdict::Happened) => ("✓ it arrived, you said".into(), Meaning::Ok),
        MessageState::Said(Verdict::DidNotHappen) => {
            ("✗ it did not arrive, you said".into(), Meaning::Danger)
        }
    };
    let why = match &message.state {
        MessageState::NotSent(why) => Clean::whole(why),
        MessageState::Unknown(why) if message.holds() => Clean::whole(why),
        MessageState::Accepted => {
            let reason = model.fate(message).and_then(DeliveryState::reason);
            reason.unwrap_or_default()
        }
        MessageState::Leaving(_)
        | MessageState::Sending(_)
        | MessageState::Elsewhere
        | MessageState::Unknown(_)
        | MessageState::Said(_) => String::new(),
    };
    (mark, why, meaning)
}

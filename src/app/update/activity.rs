//! What can be done in the Activity pane: copy, cancel, try again.

use crate::app::activity::{Entry, RequestState, What};
use crate::app::dialog::Dialog;
use crate::app::effect::{Call, Clip, Effect, Effects};
use crate::app::field::TextInput;
use crate::app::model::{Model, Pane, Read};
use crate::app::toasts::Level;
use crate::domain::{MemberVerb, WaId};

use super::{actions, ask, reads};

/// Copies the entry under the cursor: the request, its body and its answer, never credentials.
pub(super) fn copy(model: &mut Model) -> Effects {
    let Some(entry) = model.activity.current() else {
        return Effects::none();
    };
    let text = text(entry);
    Effects::one(Effect::Copy(Clip {
        text,
        what: "Entry".into(),
    }))
}

/// An entry as text.
pub(super) fn text(entry: &Entry) -> String {
    match &entry.what {
        What::Notice(_, text) => text.clone(),
        What::Request { call, state } => {
            let operation = call.operation();
            match &**state {
                RequestState::Ended {
                    exchange, failure, ..
                } => {
                    let status = exchange
                        .status
                        .map_or("no status".to_owned(), |s| s.to_string());
                    let mut lines = vec![
                        format!("{} {}", operation.method(), exchange.path),
                        format!("{status} after {} ms", exchange.took.as_millis()),
                    ];
                    lines.extend(exchange.body.as_ref().map(|body| format!("sent: {body}")));
                    lines.extend(failure.as_ref().map(|why| format!("why: {}", why.why())));
                    lines.push(format!("answer: {}", exchange.answer));
                    lines.join("\n")
                }
                RequestState::Running(_) => format!("{} running", operation.method()),
                RequestState::Cancelled => format!("{} cancelled", operation.method()),
            }
        }
    }
}

/// Stops waiting for the read under the cursor. Changes are always awaited.
pub(super) fn cancel(model: &mut Model) -> Effects {
    let Some(Entry {
        what: What::Request { call, state },
        ..
    }) = model.activity.current()
    else {
        return Effects::none();
    };
    let RequestState::Running(ticket) = **state else {
        return Effects::none();
    };
    if call.operation().is_change() {
        model.tell(
            Level::Hint,
            "A change that was sent cannot be called back",
            vec!["Its result is awaited.".into()],
        );
        return Effects::none();
    }
    let read = Read::of(model, call);
    if read.as_ref().is_some_and(|read| read.verifies(model)) {
        model.tell(
            Level::Hint,
            "This shows what became of a change",
            vec!["It is awaited like the change itself.".into()],
        );
        return Effects::none();
    }
    if let Some(read) = &read {
        reads::give_up(model, read);
    }
    reads::cancel(model, ticket)
}

/// Tries a failed read again; a failed change opens its question or form again.
pub(super) fn retry(model: &mut Model) -> Effects {
    let Some(Entry {
        what: What::Request { call, state },
        ..
    }) = model.activity.current()
    else {
        return Effects::none();
    };
    if !matches!(
        **state,
        RequestState::Ended {
            failure: Some(_),
            ..
        } | RequestState::Cancelled
    ) {
        model.tell(Level::Hint, "Nothing to try again here", vec![]);
        return Effects::none();
    }
    let call = call.clone();
    if let Some(read) = Read::of(model, &call) {
        reads::want(model, read);
        return Effects::none();
    }
    let Some(slot) = call.group().and_then(|id| model.groups.slot(id)) else {
        model.tell(
            Level::Hint,
            "Repeat this where you did it",
            vec!["It asks again there.".into()],
        );
        return Effects::none();
    };
    model.list.select(&model.groups, slot);
    actions::refresh_people(model, slot);
    match call {
        Call::Members(_, verb, ids) => {
            let roster = model.groups.at(slot).roster();
            let rest: Vec<WaId> = ids
                .iter()
                .filter(|id| {
                    roster.is_some_and(|roster| {
                        roster.role(id).is_some() && !verb.is_reached(roster, id)
                    })
                })
                .cloned()
                .collect();
            if rest.is_empty() {
                model.tell(Level::Hint, "Nothing is left to do here", vec![]);
                return Effects::none();
            }
            if let Some(people) = model.people.get_mut(&slot) {
                people.rows.clear_marks();
                people.rows.mark_all_of(rest);
            }
            let shown = actions::go(model, Pane::Members);
            let action = match verb {
                MemberVerb::Promote => crate::keymap::Action::Promote,
                MemberVerb::Demote => crate::keymap::Action::Demote,
                MemberVerb::Remove => crate::keymap::Action::Remove,
            };
            shown.and(actions::act(model, action))
        }
        Call::ResetInvite(_) => ask::reset_invite(model),
        Call::Leave(_) => ask::leave(model, &[slot]),
        Call::Rename(_, subject) => {
            let opened = actions::act(model, crate::keymap::Action::Rename);
            // What was typed then, not what the group is called now.
            if let Some(Dialog::Rename(_, form)) = &mut model.dialog {
                form.input = TextInput::proposing(subject.as_str());
            }
            opened
        }
        Call::SetIcon(..) => {
            let shown = actions::go(model, Pane::Icon);
            shown.and(actions::act(model, crate::keymap::Action::SetIcon))
        }
        Call::RemoveIcon(_) => {
            let shown = actions::go(model, Pane::Icon);
            shown.and(actions::act(model, crate::keymap::Action::RemoveIcon))
        }
        Call::Index
        | Call::Details(_)
        | Call::Invite(_)
        | Call::Icon(_)
        | Call::Picture(..)
        | Call::Create(_)
        | Call::Send(_)
        | Call::SendInvitation(..)
        | Call::TestAccount(_) => Effects::none(),
    }
}

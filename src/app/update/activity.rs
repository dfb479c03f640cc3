//! What can be done in the Activity pane: find, copy, export, cancel, try again, say what happened.

use std::collections::HashSet;

use crate::app::activity::{Entry, EntryId, RequestState, RowId, What};
use crate::app::dialog::{Choice, Dialog, Menu};
use crate::app::effect::{Call, Clip, Effect, Effects};
use crate::app::field::TextInput;
use crate::app::model::{Model, Pane, Read};
use crate::app::toasts::Level;
use crate::app::{journal as changes, past};
use crate::domain::journal::{self, ExportFormat, Verdict};
use crate::domain::{Clean, MemberVerb, Millis, Operation, WaId};

use super::{actions, ask, invitations, journal as record, messages, reads};

/// The choice that leaves a doubt as it is.
pub(super) const LEAVE_OPEN: &str = "leave it open for now";

/// Arranges the rows: first what nobody knows the end of, then everything else, newest first.
pub(super) fn arrange(model: &mut Model) {
    let activity = &model.activity;
    let typed = activity.filter.input.text().to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let has_all = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let fits = |entry: &&journal::Entry| words.is_empty() || has_all(&change_text(entry));
    let doubted: HashSet<journal::EntryId> = model.journal.doubts.iter().map(|e| e.id).collect();
    let now = activity
        .iter()
        .filter(|entry| words.is_empty() || has_all(&searched(model, entry)))
        .map(|entry| (entry.at, RowId::Now(entry.id)));
    let past = activity
        .past
        .iter()
        .chain(activity.past.kept().filter(fits))
        .filter(|entry| !doubted.contains(&entry.id))
        .map(|entry| (entry.begun, RowId::Change(entry.id)));
    let mut rows: Vec<(Millis, RowId)> = now.chain(past).collect();
    // Stable, so that what happened in the same moment keeps its order.
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let doubts = model.journal.doubts.iter().filter(fits);
    let first = doubts.map(|entry| RowId::Change(entry.id));
    let rows = first.chain(rows.into_iter().map(|(_, row)| row)).collect();
    model.activity.arrange(rows);
}

/// The change of a row, whether its end is known or not.
pub fn change(model: &Model, id: journal::EntryId) -> Option<&journal::Entry> {
    let doubted = model.journal.doubts.get(id);
    doubted.or_else(|| model.activity.past.get(id))
}

/// By what an entry of this run is found: what `y` copies, and what the change is called.
fn searched(model: &Model, entry: &Entry) -> String {
    let mut text = text(entry);
    if let What::Request { call, .. } = &entry.what {
        if let Some(kind) = changes::kind(call) {
            text.push('\n');
            text.push_str(kind.words());
        }
        if let Some(id) = call.group() {
            text.push('\n');
            text.push_str(id.as_str());
            text.push('\n');
            text.push_str(&model.name(id));
        }
    }
    text
}

/// Copies the row under the cursor: the request, its body and its answer, or the change and its end.
/// Never credentials, and no more than may leave the program.
pub(super) fn copy(model: &mut Model) -> Effects {
    let masking = model.session.masking;
    let text = match model.activity.current() {
        Some(RowId::Now(id)) => model.activity.get(id).map(|entry| masking.of(&text(entry))),
        Some(RowId::Change(id)) => change(model, id).map(|entry| {
            // A date has as many digits as a phone number.
            let facts = masking.of(&change_text(entry));
            format!("{}\n{facts}", entry.begun.universal())
        }),
        None => None,
    };
    text.map_or_else(Effects::none, |text| {
        let what = "Entry".into();
        Effects::one(Effect::Copy(Clip { text, what }))
    })
}

/// Offers the forms in which the journal is exported.
pub(super) fn export_menu(model: &mut Model) {
    let choices = [
        (ExportFormat::Csv, "CSV, for a spreadsheet"),
        (ExportFormat::Json, "JSON, for a program"),
    ];
    model.dialog = Some(Dialog::Menu(Menu {
        title: "Save all changes as".to_owned(),
        choices: choices
            .map(|(format, label)| (Choice::Export(format), label.to_owned()))
            .into(),
        row: 0,
    }));
}

/// Asks what became of the change under the cursor.
pub(super) fn settle_menu(model: &mut Model) {
    let Some(doubt) = doubted(model) else { return };
    let id = doubt.id;
    let title = Clean::new(&format!("What became of “{}”?", past::title(doubt)));
    // The key that opens never confirms: the first row settles nothing.
    let first = if record::can_tell(model, doubt) {
        (Choice::LookAgain(id), "look again".to_owned())
    } else {
        (Choice::LeaveOpen, LEAVE_OPEN.to_owned())
    };
    let say = [
        (Verdict::Happened, "it happened"),
        (Verdict::DidNotHappen, "it did not happen"),
    ]
    .map(|(said, label)| (Choice::Settle(id, said), label.to_owned()));
    model.dialog = Some(Dialog::Menu(Menu {
        title: title.as_str().to_owned(),
        choices: std::iter::once(first).chain(say).collect(),
        row: 0,
    }));
}

/// The change under the cursor, when nobody knows its end.
pub(super) fn doubted(model: &Model) -> Option<&journal::Entry> {
    match model.activity.current()? {
        RowId::Change(id) => model.journal.doubts.get(id),
        RowId::Now(_) => None,
    }
}

/// The request under the cursor.
fn request(model: &Model) -> Option<(EntryId, &Call, &RequestState)> {
    let RowId::Now(id) = model.activity.current()? else {
        return None;
    };
    match &model.activity.get(id)?.what {
        What::Request { call, state } => Some((id, call, state)),
        What::Notice(..) => None,
    }
}

/// A change as text.
fn change_text(entry: &journal::Entry) -> String {
    let facts = past::facts(entry)
        .into_iter()
        .map(|(label, text)| match label {
            "" => text,
            label => format!("{label}: {text}"),
        });
    facts.collect::<Vec<_>>().join("\n")
}

/// An entry as text.
fn text(entry: &Entry) -> String {
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
                    // It may tell the link in a form that nobody foresaw.
                    let tells_link = exchange.status.is_some_and(|s| (200..300).contains(&s))
                        && matches!(operation, Operation::GetInvite | Operation::ResetInvite);
                    lines.push(if tells_link {
                        "answer: not copied, because it tells the invite link".to_owned()
                    } else {
                        format!("answer: {}", exchange.answer)
                    });
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
    let Some((_, call, RequestState::Running(ticket))) = request(model) else {
        return Effects::none();
    };
    let (call, ticket) = (call.clone(), *ticket);
    if call.operation().is_change() {
        model.tell(
            Level::Hint,
            "A change that was sent cannot be called back",
            vec!["Its result is awaited.".into()],
        );
        return Effects::none();
    }
    let read = Read::of(model, &call);
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
    if let Some(id) = doubted(model).map(|doubt| doubt.id) {
        return record::look_again(model, id);
    }
    let Some((_, call, state)) = request(model) else {
        model.tell(Level::Hint, "Nothing to try again here", vec![]);
        return Effects::none();
    };
    if !matches!(
        state,
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
    if model.is_read_only() {
        model.tell(Level::Hint, "This program runs read-only", vec![]);
        return Effects::none();
    }
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
        Call::Send(message) => messages::show(model, &message),
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
        | Call::TestAccount(_) => Effects::none(),
        Call::SendInvitation(..) => invitations::again(model),
    }
}

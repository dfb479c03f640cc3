//! Changes of earlier runs whose end is not known: told, looked into by reading, and settled.

use crate::app::effect::{Call, Effect, Effects};
use crate::app::journal::{Evidence, Proof, name_of};
use crate::app::model::{Model, Read};
use crate::app::remote::Ticket;
use crate::app::toasts::Level;
use crate::domain::journal::{End, Entry, Intent, PersonEnd};
use crate::domain::{Accepted, Failure, GroupId};

use super::reads;

/// Title of the notice about changes of earlier runs.
const TITLE: &str = "Not known whether it happened";
/// Most changes named in that notice; Activity has them all.
const MOST: usize = 3;

/// The journal was read at the start.
pub(super) fn recovered(model: &mut Model, entries: Vec<Entry>) -> Effects {
    if entries.is_empty() {
        return Effects::none();
    }
    let told: Vec<String> = entries.iter().map(|e| words(e.intent.as_ref())).collect();
    for line in told.iter().skip(MOST) {
        let text = format!("{TITLE} · {line}");
        model.activity.note(Level::Warning, text, model.now);
    }
    let mut lines: Vec<String> = told.iter().take(MOST).cloned().collect();
    if told.len() > MOST {
        lines.push(format!("and {} more, in Activity: w", told.len() - MOST));
    }
    lines.push("wavedeck ended before the answer came. Nothing is sent again.".to_owned());
    model.tell(Level::Warning, TITLE, lines);
    model.journal.recover(entries);
    if model.groups.index.known().is_some() {
        listed(model)
    } else {
        Effects::none()
    }
}

/// The list was read: what it says about leaving, and what else has to be read.
pub(super) fn listed(model: &mut Model) -> Effects {
    if model.journal.has_no_doubts() {
        return Effects::none();
    }
    let mut effects = Effects::none();
    let account = model.session.account.as_ref().map(name_of);
    for (group, proof) in model.journal.take_reads(account.as_deref()) {
        let slot = model.groups.slot(&group);
        let read = match (proof, slot) {
            (Proof::List, _) => {
                effects.extend(weigh(model, &group, Evidence::Listed(slot.is_some())));
                continue;
            }
            (Proof::Details, Some(slot)) => Read::Details(slot),
            (Proof::Invite, Some(slot)) => Read::Invite(slot),
            (Proof::Icon, Some(slot)) => Read::Icon(slot),
            // A group that is no longer listed tells nothing.
            (Proof::Details | Proof::Invite | Proof::Icon, None) => continue,
        };
        effects.extend(reads::want_anew(model, read));
    }
    effects
}

/// Something about a group was read: settles and tells what that proves.
pub(super) fn weigh(model: &mut Model, group: &GroupId, evidence: Evidence<'_>) -> Effects {
    if model.journal.has_no_doubts() {
        return Effects::none();
    }
    let account = model.session.account.as_ref().map(name_of);
    let now = model.now;
    let settled = model
        .journal
        .weigh(account.as_deref(), group, evidence, now);
    let mut effects = Effects::none();
    if !settled.is_empty() && model.journal.has_no_doubts() {
        model.toasts.remove(TITLE);
    }
    for (id, intent, end) in settled {
        let (level, title) = match &end {
            End::Applied => (Level::Hint, "It did happen before the restart"),
            End::Mixed(people) if people.iter().all(|(_, end)| *end == PersonEnd::Done) => {
                (Level::Hint, "It did happen before the restart")
            }
            End::Mixed(_) => (Level::Warning, "It happened in part before the restart"),
            End::NotApplied(_) | End::Unknown(_) | End::SettledByUser(_) => {
                (Level::Warning, "It did not happen before the restart")
            }
        };
        model.tell(level, title, vec![words(Some(&intent))]);
        effects.push(Effect::SettleEntry(id, end));
    }
    effects
}

/// The reply to a message: accepted is as much as the platform ever says of it.
pub(super) fn sent(
    model: &mut Model,
    ticket: Ticket,
    result: &Result<Accepted, Failure>,
) -> Effects {
    let end = match result {
        Ok(_) => End::Applied,
        Err(why) if why.may_have_happened() => End::Unknown(why.why()),
        Err(why) => End::NotApplied(why.why()),
    };
    model.journal.settle_one(ticket, &end)
}

/// A reply to a change of a group that left the list meanwhile: a refusal is its end. Anything else is
/// swept up as unknown.
pub(super) fn replied(
    model: &mut Model,
    ticket: Ticket,
    call: &Call,
    result: &Result<(), Failure>,
) -> Effects {
    let followed = |id| model.groups.slot(id).is_some();
    match result {
        Err(why)
            if !why.may_have_happened()
                && !matches!(call, Call::Leave(_))
                && !call.group().is_some_and(followed) =>
        {
            let end = End::NotApplied(why.why());
            model.journal.settle_one(ticket, &end)
        }
        Ok(()) | Err(_) => Effects::none(),
    }
}

/// Changes that nobody follows any more, because their group or account went, get their end.
pub(super) fn sweep(model: &mut Model) -> Effects {
    let Model {
        journal,
        flying,
        groups,
        leaving,
        creation,
        ..
    } = model;
    journal.abandon(|ticket, call| {
        if flying.contains_key(ticket) {
            return true;
        }
        match (call, call.group()) {
            (Call::Leave(id), _) => leaving.accounts_for(id),
            (_, None) => creation.is_some(),
            (_, Some(id)) => groups
                .get(id)
                .is_some_and(|group| group.outbox.current().is_some()),
        }
    })
}

/// The journal cannot be written: no change leaves until it can.
pub(super) fn refused(model: &mut Model, why: String) {
    let lines = vec![why, "Changes are refused. Reading goes on.".to_owned()];
    model.tell(Level::Error, "The journal cannot be written", lines);
}

/// A change in one line: `promote 2 people in Corrida`.
fn words(intent: Option<&Intent>) -> String {
    let Some(intent) = intent else {
        return "a change whose record is damaged".to_owned();
    };
    let what = intent.kind.words();
    let name = crate::domain::Clean::new(&intent.group_name);
    match intent.people.len() {
        0 => format!("{what}: {name}"),
        1 => format!("{what} 1 person in {name}"),
        n => format!("{what} {n} people in {name}"),
    }
}

//! Changes whose end is not known: told, looked into by reading, and settled, by what was read or by the
//! user. And reading the journal.

use crate::app::doubts::{self, Evidence};
use crate::app::effect::{Call, Effect, Effects};
use crate::app::journal::name_of;
use crate::app::model::{Model, Read};
use crate::app::outcome::Proof;
use crate::app::past;
use crate::app::remote::Ticket;
use crate::app::toasts::Level;
use crate::domain::journal::{
    End, Entry, EntryId, EntryState, ExportFormat, INTERRUPTED, PersonEnd, Verdict,
};
use crate::domain::{Accepted, CorrelationId, DeliveryState, Failure, GroupId};
use crate::keymap::Action;

use super::{invitations, reads};

/// Title of the notice about changes of earlier runs.
const TITLE: &str = "Not known whether it happened";
/// Most changes named in that notice; Activity has them all.
const MOST: usize = 3;

/// The journal was read: at the start, or because somebody looks into Activity.
pub(super) fn recovered(model: &mut Model, mut entries: Vec<Entry>) -> Effects {
    // What was settled a moment ago may have been read before that was written down.
    entries.retain(|entry| model.activity.past.kept().all(|kept| kept.id != entry.id));
    let mut entries = model.journal.doubts.recover(entries);
    let mut settled = Effects::none();
    for name in entries.iter().map(name_in).collect::<Vec<_>>() {
        settled.extend(settle_reported(model, name));
    }
    entries.retain(|entry| model.journal.doubts.get(entry.id).is_some());
    if entries.is_empty() {
        return settled;
    }
    let told: Vec<String> = entries.iter().map(past::title).collect();
    for line in told.iter().skip(MOST) {
        let text = format!("{TITLE} · {line}");
        model.activity.note(Level::Warning, text, model.now);
    }
    let mut lines: Vec<String> = told.iter().take(MOST).cloned().collect();
    if told.len() > MOST {
        lines.push(format!("and {} more", told.len() - MOST));
    }
    let interrupted = |entry: &Entry| matches!(&entry.state, EntryState::Ended(End::Unknown(why)) if why == INTERRUPTED);
    lines.push(if entries.iter().all(interrupted) {
        "wavedeck ended before the answer came. Nothing is sent again.".to_owned()
    } else {
        "No answer told. Nothing is sent again.".to_owned()
    });
    let (there, say) = (
        model.way_to(Action::GoActivity),
        model.way_to(Action::Settle),
    );
    lines.push(format!(
        "Press {there} to look: {say} there says what became of it."
    ));
    model.tell(Level::Warning, TITLE, lines);
    if model.groups.index.known().is_none() {
        // Once the list is there, it is looked for.
        return settled;
    }
    let account = model.session.account.as_ref().map(name_of);
    let left = model.journal.doubts.leaving(account.as_deref());
    let list = if left.is_empty() {
        Effects::none()
    } else {
        // The list that is known may be older than the change.
        reads::want_anew(model, Read::Index)
    };
    settled.and(list).and(look(model))
}

/// The list was read just now: what it says about leaving, and what else has to be read.
pub(super) fn listed(model: &mut Model) -> Effects {
    let mut effects = Effects::none();
    let account = model.session.account.as_ref().map(name_of);
    for group in model.journal.doubts.leaving(account.as_deref()) {
        let is_listed = model.groups.slot(&group).is_some();
        effects.extend(weigh(model, &group, Evidence::Listed(is_listed)));
    }
    effects.and(look(model))
}

/// Reads what may tell about doubts.
fn look(model: &mut Model) -> Effects {
    let mut effects = Effects::none();
    let account = model.session.account.as_ref().map(name_of);
    for (group, proof) in model.journal.doubts.take_reads(account.as_deref()) {
        let Some(slot) = model.groups.slot(&group) else {
            // A group that is no longer listed tells nothing.
            continue;
        };
        let read = match proof {
            Proof::Details => Read::Details(slot),
            Proof::Invite => Read::Invite(slot),
            Proof::Icon => Read::Icon(slot),
            // Every list is looked at.
            Proof::List | Proof::Nobody => continue,
        };
        effects.extend(reads::want_anew(model, read));
    }
    effects
}

/// Something about a group was read: settles and tells what that proves.
pub(super) fn weigh(model: &mut Model, group: &GroupId, evidence: Evidence<'_>) -> Effects {
    let account = model.session.account.as_ref().map(name_of);
    let (doubts, now) = (&mut model.journal.doubts, model.now);
    let weighed = doubts.weigh(account.as_deref(), group, evidence, now);
    let mut effects = Effects::none();
    if !weighed.settled.is_empty() && doubts.is_empty() {
        model.toasts.remove(TITLE);
    }
    for entry in weighed.settled {
        let EntryState::Ended(end) = &entry.state else {
            continue;
        };
        let (level, title) = match end {
            End::Applied => (Level::Done, "Now known: it happened"),
            End::Mixed(people) if people.iter().all(|(_, end)| *end == PersonEnd::Done) => {
                (Level::Done, "Now known: it happened")
            }
            End::Mixed(_) => (Level::Warning, "Now known: it happened in part"),
            End::NotApplied(_) | End::Unknown(_) | End::SettledByUser(_) => {
                (Level::Warning, "Now known: it did not happen")
            }
        };
        model.tell(level, title, vec![past::title(&entry)]);
        effects.push(Effect::SettleEntry(entry.id, end.clone()));
        model.activity.past.keep(entry);
    }
    for entry in weighed.open {
        let lines = vec![past::title(&entry), "It may still happen.".to_owned()];
        model.tell(Level::Hint, "Still not known", lines);
    }
    effects
}

/// The provider reported a message of ours: whatever became of the answer, it was taken.
pub(super) fn reported(model: &mut Model, id: &CorrelationId) -> Effects {
    let Some(entry) = model.journal.doubts.reported(id, model.now) else {
        return Effects::none();
    };
    if model.journal.doubts.is_empty() {
        model.toasts.remove(TITLE);
    }
    let failed = model.received.fate(id).and_then(DeliveryState::reason);
    let (level, title) = match failed {
        Some(_) => (Level::Error, "Now known: it was not delivered"),
        None => (Level::Done, "Now known: it happened"),
    };
    let mut lines = vec![past::title(&entry)];
    lines.extend(failed.map(|why| super::copy::capital(&why) + "."));
    model.tell(level, title, lines);
    let settled = Effect::SettleEntry(entry.id, End::Applied);
    model.activity.past.keep(entry);
    Effects::one(settled)
}

/// The user was asked what became of a change, and the answer came from elsewhere first.
pub(super) fn tell_known(model: &mut Model) {
    model.tell(Level::Hint, "It is known meanwhile", vec![]);
}

/// The user says what became of a doubt, unless it is none any more.
pub(super) fn say(model: &mut Model, id: EntryId, said: Verdict) -> Effects {
    if model.journal.doubts.get(id).is_none() {
        tell_known(model);
        return Effects::none();
    }
    settle(model, id, said)
}

/// The user says what became of a change; it stays written that the user said so.
pub(super) fn settle(model: &mut Model, id: EntryId, said: Verdict) -> Effects {
    let settled = Effects::one(Effect::SettleEntry(id, End::SettledByUser(said)));
    let leaves = model.now.after(model.session.send_delay);
    for (_, thread) in model.messages.iter_mut() {
        thread.said(id, said, leaves);
    }
    let Some(entry) = model.journal.doubts.say(id, said, model.now) else {
        return settled;
    };
    let what = match said {
        Verdict::Happened => "Noted: it happened",
        Verdict::DidNotHappen => "Noted: it did not happen",
    };
    model.tell(Level::Done, what, vec![past::title(&entry)]);
    invitations::said(model, &entry, said);
    model.activity.past.keep(entry);
    if model.journal.doubts.is_empty() {
        model.toasts.remove(TITLE);
    }
    settled
}

/// Whether reading can tell what became of a change.
pub fn can_tell(model: &Model, entry: &Entry) -> bool {
    let account = model.session.account.as_ref().map(name_of);
    entry.intent.as_ref().is_some_and(|intent| {
        let listed = |group| model.groups.slot(group).is_some();
        Some(&intent.account) == account.as_ref()
            && match doubts::proof(entry) {
                None | Some(Proof::Nobody) => false,
                Some(Proof::List) => true,
                Some(Proof::Details | Proof::Invite | Proof::Icon) => {
                    intent.group.as_ref().is_some_and(listed)
                }
            }
    })
}

/// Looks once more what became of a change, where reading can tell.
pub(super) fn look_again(model: &mut Model, id: EntryId) -> Effects {
    let doubt = model.journal.doubts.get(id);
    let Some(doubt) = doubt.filter(|doubt| can_tell(model, doubt)) else {
        let say = model.way_to(Action::Settle);
        let told = format!("Look at the group on a phone, then press {say} to say it here.");
        model.tell(
            Level::Hint,
            "Reading cannot tell what became of this",
            vec![told],
        );
        return Effects::none();
    };
    let by_list = doubts::proof(doubt) == Some(Proof::List);
    model.journal.doubts.ask(id);
    let reads = look(model);
    if by_list {
        reads.and(reads::want_anew(model, Read::Index))
    } else {
        reads
    }
}

/// A change of this run ended, and nobody knows how; unless the provider has reported it meanwhile.
pub(super) fn doubted(model: &mut Model, entry: Entry) -> Effects {
    let name = name_in(&entry);
    model.journal.doubts.add(entry);
    settle_reported(model, name)
}

/// Our name for the message of an entry.
fn name_in(entry: &Entry) -> Option<CorrelationId> {
    entry.intent.as_ref()?.correlation.clone()
}

/// Settles the doubt about a message that was reported before the doubt was known.
fn settle_reported(model: &mut Model, name: Option<CorrelationId>) -> Effects {
    let name = name.filter(|name| model.received.fate(name).is_some());
    name.map_or_else(Effects::none, |name| reported(model, &name))
}

/// Begins to read the journal anew, with what is typed in the filter of Activity.
pub(super) fn search(model: &mut Model) -> Effects {
    // What it tells is on top of the rows.
    model.toasts.remove(TITLE);
    let words = model.activity.filter.input.text().to_owned();
    Effects::one(Effect::ReadJournal(model.activity.past.ask(&words)))
}

/// Reads on, when the cursor comes near to the last row.
pub(super) fn read_on(model: &mut Model) -> Effects {
    let (row, rows) = (model.activity.row(), model.activity.rows().len());
    model
        .activity
        .past
        .ask_more(row, rows)
        .map_or_else(Effects::none, |query| {
            Effects::one(Effect::ReadJournal(query))
        })
}

/// Writes the journal into a file.
pub(super) fn export(model: &Model, format: ExportFormat) -> Effects {
    Effects::one(Effect::ExportJournal(format, model.session.masking))
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
                .slot(id)
                .is_some_and(|slot| groups.outbox(slot).current().is_some()),
        }
    })
}

/// The journal cannot be written: no change leaves until it can.
pub(super) fn refused(model: &mut Model, why: String) {
    let lines = vec![why, "Changes are refused. Reading goes on.".to_owned()];
    model.tell(Level::Error, "The journal cannot be written", lines);
}

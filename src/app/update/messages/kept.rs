//! Drafts and what the journal holds: asked for, taken in, and kept.

use crate::app::effect::{Effect, Effects};
use crate::app::journal::name_of;
use crate::app::messages::{Drafts, History, Thread};
use crate::app::model::Model;
use crate::app::toasts::Level;
use crate::domain::journal::Entry;
use crate::domain::{CorrelationId, GroupId, KeptDraft, Millis};

use super::AUTOSAVE;

/// Most messages of a group that are read from the journal.
const MOST: u32 = 200;

/// Reads what the journal holds of a group.
pub(in crate::app::update) fn read_history(model: &mut Model, group: &GroupId) -> Effects {
    let Some(account) = model.session.account.as_ref().map(name_of) else {
        return Effects::none();
    };
    let thread = model.messages.of_mut(group);
    if thread.history == History::Asked {
        return Effects::none();
    }
    if thread.history != History::Known {
        thread.history = History::Asked;
    }
    Effects::one(Effect::ReadMessages {
        account,
        group: group.clone(),
        most: MOST,
    })
}

/// What the journal holds of a group was read, or could not be. What is of another account, because it
/// comes late, is not shown.
pub(in crate::app::update) fn history_read(
    model: &mut Model,
    account: &str,
    group: &GroupId,
    read: Result<Vec<Entry>, String>,
) {
    if !is_account(model, account) {
        return;
    }
    let leaves = model.now.after(model.session.send_delay);
    let thread = model.messages.of_mut(group);
    match read {
        Ok(entries) => thread.remember(entries),
        Err(why) => thread.history = History::Failed(why),
    }
    // What was reported before it was known here.
    let names = thread.messages().iter().map(|message| message.id.clone());
    let names: Vec<CorrelationId> = names
        .filter(|name| model.received.fate(name).is_some())
        .collect();
    for name in names {
        if thread.reported(&name) {
            thread.postpone(leaves);
        }
    }
}

/// Reads the drafts of the account, unless they are known.
pub(in crate::app::update) fn read_drafts(model: &mut Model) -> Effects {
    let account = model.session.account.as_ref().map(name_of);
    let Some(account) = account.filter(|_| model.messages.drafts == Drafts::Unread) else {
        return Effects::none();
    };
    model.messages.drafts = Drafts::Asked;
    Effects::one(Effect::ReadDrafts(account))
}

/// The drafts of an account were read, or could not be.
pub(in crate::app::update) fn drafts_read(
    model: &mut Model,
    account: &str,
    read: Result<Vec<(GroupId, String)>, String>,
) {
    if !is_account(model, account) || model.messages.drafts != Drafts::Asked {
        return;
    }
    match read {
        Ok(drafts) => {
            model.messages.drafts = Drafts::Known;
            for (group, text) in drafts {
                model.messages.of_mut(&group).restore(&text);
            }
            // What was written before waited for them.
            let at = model.now.after(AUTOSAVE);
            for (_, thread) in model.messages.iter_mut() {
                thread.save_at.get_or_insert(at);
            }
        }
        Err(why) => {
            model.messages.drafts = Drafts::Unread;
            // Who writes nothing misses nothing, and a store that cannot be opened was told of.
            let writes = |thread: &Thread| thread.has_unrecorded();
            if model.messages.iter().any(|(_, thread)| writes(thread)) {
                let told =
                    "They are left as they are. What you write stays here until they can be read.";
                tell_once(model, "Drafts cannot be read", vec![why, told.to_owned()]);
            }
        }
    }
}

fn is_account(model: &Model, account: &str) -> bool {
    model.session.account.as_ref().map(name_of).as_deref() == Some(account)
}

/// A draft could not be kept. That is said once.
pub(in crate::app::update) fn not_kept(model: &mut Model, why: String) {
    for (_, thread) in model.messages.iter_mut() {
        thread.doubt_kept();
    }
    let lines = vec![why, "They stay here until you quit.".to_owned()];
    tell_once(model, "Drafts cannot be kept", lines);
}

fn tell_once(model: &mut Model, title: &str, lines: Vec<String>) {
    if !std::mem::replace(&mut model.messages.told_not_kept, true) {
        model.tell(Level::Warning, title, lines);
    }
}

pub(super) fn keep_drafts(model: &mut Model) -> Effects {
    let now = model.now;
    let is_due = |at: Option<Millis>| at.is_some_and(|at| at <= now);
    if model.messages.drafts == Drafts::Known {
        return keep(model, is_due);
    }
    // Nothing takes the place of what nobody has read. What waits is kept once it is read.
    let mut waits = false;
    for (_, thread) in model.messages.iter_mut() {
        if is_due(thread.save_at) {
            thread.save_at = None;
            waits |= thread.has_unrecorded();
        }
    }
    if waits {
        read_drafts(model)
    } else {
        Effects::none()
    }
}

fn keep(model: &mut Model, is_due: impl Fn(Option<Millis>) -> bool) -> Effects {
    let mut effects = Effects::none();
    let Some(account) = model.session.account.as_ref().map(name_of) else {
        return effects;
    };
    let is_behind = model.messages.drafts != Drafts::Known;
    for (group, thread) in model.messages.iter_mut() {
        if is_due(thread.save_at)
            && let Some(draft) = thread.take_unkept()
        {
            let draft = KeptDraft { is_behind, ..draft };
            effects.push(Effect::SaveDraft {
                account: account.clone(),
                group: group.clone(),
                draft,
            });
        }
    }
    effects
}

/// The program ends, or the account changes: what has not left goes back into its draft, and every
/// draft is kept.
pub(in crate::app::update) fn farewell(model: &mut Model) -> Effects {
    for (_, thread) in model.messages.iter_mut() {
        thread.put_back();
    }
    model.messages.composing = None;
    keep(model, |_| true)
}

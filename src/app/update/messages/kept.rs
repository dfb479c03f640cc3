//! Drafts and what the journal holds: asked for, taken in, and kept.

use crate::app::effect::{Effect, Effects};
use crate::app::journal::name_of;
use crate::app::messages::History;
use crate::app::model::Model;
use crate::app::toasts::Level;
use crate::domain::journal::Entry;
use crate::domain::{GroupId, Millis};

use super::changed;

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

/// What the journal holds of a group was read, or could not be.
pub(in crate::app::update) fn history_read(
    model: &mut Model,
    group: &GroupId,
    read: Result<Vec<Entry>, String>,
) {
    let thread = model.messages.of_mut(group);
    match read {
        Ok(entries) => thread.remember(entries),
        Err(why) => thread.history = History::Failed(why),
    }
}

/// Reads the drafts of the account.
pub(in crate::app::update) fn read_drafts(model: &Model) -> Effects {
    let account = model.session.account.as_ref().map(name_of);
    account.map_or_else(Effects::none, |account| {
        Effects::one(Effect::ReadDrafts(account))
    })
}

/// The drafts of an account were read.
pub(in crate::app::update) fn drafts_read(
    model: &mut Model,
    account: &str,
    drafts: Vec<(GroupId, String)>,
) {
    if model.session.account.as_ref().map(name_of).as_deref() != Some(account) {
        return;
    }
    for (group, text) in drafts {
        model.messages.of_mut(&group).restore(&text);
        changed(model, &group);
    }
}

/// A draft could not be kept. That is said once.
pub(in crate::app::update) fn not_kept(model: &mut Model, why: String) {
    for (_, thread) in model.messages.iter_mut() {
        thread.doubt_kept();
    }
    if !std::mem::replace(&mut model.messages.told_not_kept, true) {
        let lines = vec![why, "They stay here until you quit.".to_owned()];
        model.tell(Level::Warning, "Drafts cannot be kept", lines);
    }
}

pub(super) fn keep_drafts(model: &mut Model) -> Effects {
    let now = model.now;
    keep(model, |at| at.is_some_and(|at| at <= now))
}

fn keep(model: &mut Model, is_due: impl Fn(Option<Millis>) -> bool) -> Effects {
    let mut effects = Effects::none();
    let Some(account) = model.session.account.as_ref().map(name_of) else {
        return effects;
    };
    for (group, thread) in model.messages.iter_mut() {
        if is_due(thread.save_at)
            && let Some(draft) = thread.take_unkept()
        {
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

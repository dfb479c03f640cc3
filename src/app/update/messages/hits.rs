//! The search in the messages of a group: typed, kept, stepped through, and older messages read for it.
//!
//! Invariant: it reads on only where the user asked for a hit that is not known, and stops by itself.

use crate::app::effect::Effects;
use crate::app::list::FilterInput;
use crate::app::messages::conversation::Conversation;
use crate::app::messages::search::{Hits, Turn};
use crate::app::model::{Model, Pane};
use crate::app::received::{Chat, Page};
use crate::domain::{GroupId, Incoming, Lane};
use crate::keymap::Action;

use super::super::received;
use super::rows::put_cursor;

/// How many pages of older messages are read for one step.
const PAGES: u32 = 20;

/// The search of the pane while it is being typed.
pub(in crate::app::update) fn typing(model: &mut Model) -> Option<&mut FilterInput> {
    let group = model.thread_group()?.clone();
    model.messages.of(&group)?;
    let filter = &mut model.messages.of_mut(&group).search.filter;
    filter.typing.then_some(filter)
}

/// `/`: words can be typed.
pub(in crate::app::update) fn begin(model: &mut Model) {
    if let Some(group) = model.thread_group().cloned() {
        let thread = model.messages.of_mut(&group);
        let origin = thread.cursor().cloned();
        thread.search.clear();
        thread.search.origin = origin;
        thread.search.filter.typing = true;
    }
}

/// The words changed: the newest hit at or before the row where they began gets the cursor.
pub(in crate::app::update) fn searched(model: &mut Model) {
    let Some(group) = model.thread_group().cloned() else {
        return;
    };
    model.messages.of_mut(&group).search.typed();
    look(model, &group);
    go_back(model, &group);
    let conversation = Conversation::of(model, &group);
    let Some(thread) = model.messages.of(&group) else {
        return;
    };
    let hits = thread.search.hits(&conversation);
    let older = hits.older_than(conversation.row() + 1);
    if let Some(row) = older.or_else(|| hits.newer_than(conversation.row())) {
        put_cursor(model, &group, row);
    }
}

/// Back to the row where the words began.
fn go_back(model: &mut Model, group: &GroupId) {
    let newest = Conversation::of(model, group).last();
    let thread = model.messages.of_mut(group);
    let origin = thread.search.origin.clone();
    thread.put_cursor(origin, newest);
}

/// `enter` in the search: its keys are keys again. Where nothing was found, older messages are read.
pub(in crate::app::update) fn keep(model: &mut Model) -> Effects {
    let Some(group) = model.thread_group().cloned() else {
        return Effects::none();
    };
    let Some(thread) = model.messages.of(&group) else {
        return Effects::none();
    };
    if !thread.search.is_active() {
        model.messages.of_mut(&group).search.clear();
        return Effects::none();
    }
    let is_found = thread.search.hits(&Conversation::of(model, &group)).count() > 0;
    if !is_found && can_read_on(model, &group) {
        model.messages.of_mut(&group).search.pages_left = Some(PAGES);
    }
    Effects::none()
}

/// `esc` in the search: no words, and the cursor where it was.
pub(in crate::app::update) fn give_up(model: &mut Model) {
    if let Some(group) = model.thread_group().cloned() {
        go_back(model, &group);
        model.messages.of_mut(&group).search.clear();
    }
}

/// `esc` behind a search: it stops reading, then it ends. False where there is none.
pub(in crate::app::update) fn end(model: &mut Model) -> bool {
    let Some(group) = model.thread_group().cloned() else {
        return false;
    };
    let Some(thread) = model.messages.of(&group) else {
        return false;
    };
    if !thread.search.is_active() {
        return false;
    }
    let search = &mut model.messages.of_mut(&group).search;
    if search.pages_left.take().is_some() {
        search.turn = Turn::Paused;
    } else {
        search.clear();
    }
    true
}

/// The pane is left or entered: a search that was being typed must not swallow keys.
pub(in crate::app::update) fn leave(model: &mut Model) {
    if let Some(filter) = typing(model) {
        filter.typing = false;
    }
}

/// Whether there are older messages that were not read yet.
fn can_read_on(model: &Model, group: &GroupId) -> bool {
    let chat = model.received.of_group(group);
    chat.is_some_and(|chat| chat.total() > 0 && !chat.is_whole())
}

/// Why no hit can be gone to.
pub(super) fn disabled(model: &Model, group: &GroupId) -> Option<String> {
    let search = model.messages.of(group).map(|thread| &thread.search);
    let Some(search) = search.filter(|search| search.is_active()) else {
        let search = model.way_to(Action::Search);
        return Some(format!("nothing is searched for yet: press {search}"));
    };
    let found = search.hits(&Conversation::of(model, group)).count();
    if found == 0 && !can_read_on(model, group) {
        return Some("no message has these words".into());
    }
    None
}

/// `n`: the next hit, towards older messages.
pub(in crate::app::update) fn next(model: &mut Model) -> Effects {
    let around = around(model, |hits, row, rows| {
        (hits.older_than(row), hits.older_than(rows))
    });
    let Some((group, older, newest)) = around else {
        return Effects::none();
    };
    match (older, newest) {
        (Some(row), _) => go(model, &group, row, Turn::None),
        (None, _) if can_read_on(model, &group) => {
            model.messages.of_mut(&group).search.pages_left = Some(PAGES);
        }
        (None, Some(row)) => go(model, &group, row, Turn::FromNewest),
        (None, None) => {}
    }
    Effects::none()
}

/// `N`: the next hit towards newer messages.
pub(in crate::app::update) fn previous(model: &mut Model) -> Effects {
    let around = around(model, |hits, row, _| {
        let oldest = hits.older_than(1).or_else(|| hits.newer_than(0));
        (hits.newer_than(row), oldest)
    });
    let Some((group, newer, oldest)) = around else {
        return Effects::none();
    };
    match (newer, oldest) {
        (Some(row), _) => go(model, &group, row, Turn::None),
        (None, Some(row)) => go(model, &group, row, Turn::FromOldest),
        (None, None) => {}
    }
    Effects::none()
}

/// Two hits of the conversation on the screen, found by its hits, the row of the cursor and how many rows
/// there are.
fn around(
    model: &Model,
    find: impl Fn(&Hits<'_>, usize, usize) -> (Option<usize>, Option<usize>),
) -> Option<(GroupId, Option<usize>, Option<usize>)> {
    let group = model.thread_group()?;
    let conversation = Conversation::of(model, group);
    let hits = model.messages.of(group)?.search.hits(&conversation);
    let (next, first) = find(&hits, conversation.row(), conversation.len());
    Some((group.clone(), next, first))
}

fn go(model: &mut Model, group: &GroupId, row: usize, turn: Turn) {
    put_cursor(model, group, row);
    let search = &mut model.messages.of_mut(group).search;
    search.turn = turn;
    search.pages_left = None;
}

/// Looks in what was not looked at yet.
fn look(model: &mut Model, group: &GroupId) {
    let received = model.received.of_group(group);
    let received = received.map(Chat::messages).unwrap_or_default();
    let (own, contacts) = (model.own().cloned(), &model.contacts);
    let name = |message: &Incoming| contacts.author(message, own.as_ref()).name;
    model.messages.of_mut(group).search_on(received, &name);
}

/// What has to be done by itself: what came is looked at, and older messages are read until one has the
/// words, or until that is enough.
pub(in crate::app::update) fn search_on(model: &mut Model) -> Effects {
    let Some(group) = model.thread_group().cloned() else {
        return Effects::none();
    };
    let is_active = |model: &Model| {
        let thread = model.messages.of(&group);
        thread.is_some_and(|thread| thread.search.is_active())
    };
    if !is_active(model) {
        return Effects::none();
    }
    look(model, &group);
    if model.pane != Pane::Messages {
        model.messages.of_mut(&group).search.pages_left = None;
    }
    let conversation = Conversation::of(model, &group);
    let Some(search) = model.messages.of(&group).map(|thread| &thread.search) else {
        return Effects::none();
    };
    let Some(left) = search.pages_left else {
        return Effects::none();
    };
    let hits = search.hits(&conversation);
    // One under the cursor is where it began, unless nothing was found then.
    let older = hits.older_than(conversation.row());
    let newest = hits.older_than(conversation.len());
    if let Some(row) = older {
        go(model, &group, row, Turn::None);
        return Effects::none();
    }
    let page = conversation.chat.map(|chat| chat.page.clone());
    match page {
        Some(Page::Asked) => {}
        Some(Page::Part | Page::Unread) if left > 0 => {
            model.messages.of_mut(&group).search.pages_left = Some(left - 1);
            return received::read_older(model, &Lane::Group(group));
        }
        Some(Page::Part | Page::Unread | Page::Failed(_)) => {
            let search = &mut model.messages.of_mut(&group).search;
            search.pages_left = None;
            search.turn = Turn::Paused;
        }
        Some(Page::Whole) | None => match newest {
            Some(row) => go(model, &group, row, Turn::FromNewest),
            None => model.messages.of_mut(&group).search.pages_left = None,
        },
    }
    Effects::none()
}

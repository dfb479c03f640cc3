//! Finding people in all groups: its keys, where it leads, and what is not known.
//!
//! Not the search itself, which is `app/find.rs`. Invariant: it asks the server for nothing.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other key is for the field"
)]

use crate::app::dialog::Dialog;
use crate::app::effect::Effects;
use crate::app::find::{Find, Row};
use crate::app::groups::{GroupState, Slot};
use crate::app::model::{Model, Pane};
use crate::app::people::People;
use crate::app::toasts::Level;
use crate::domain::WaId;
use crate::keymap::{Action, Code, Context, Key};

use super::actions;

/// What cannot be told because it was not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Not even which groups there are.
    pub list: bool,
    /// Groups that are still to be read.
    pub unread: usize,
    /// Groups that could not be read.
    pub failed: usize,
    /// Groups of which the server does not say who is in them.
    pub silent: usize,
}

/// What of the groups is not known now.
pub fn unknown(model: &Model) -> Unknown {
    let groups = &model.groups;
    let without = groups.count() - groups.named();
    let peopleless = groups.named() - groups.memberships().groups();
    let count =
        |fits: fn(&GroupState) -> bool| groups.iter().filter(|(_, group)| fits(group)).count();
    // Looked for only where there can be any.
    let failed = if without == 0 { 0 } else { count(has_failed) };
    let recalled = if peopleless == 0 {
        0
    } else {
        count(GroupState::lacks_people)
    };
    Unknown {
        list: groups.index.known().is_none(),
        unread: without - failed + recalled,
        failed,
        silent: peopleless - recalled,
    }
}

/// Whether a group could not be read, and nothing is known of it.
fn has_failed(group: &GroupState) -> bool {
    group.details.failure().is_some() && group.details.known().is_none()
}

/// Opens the search; where somebody is chosen, it is for them.
pub(super) fn open(model: &mut Model) {
    let chosen = model.members().and_then(|people| people.rows.current());
    let person = chosen.filter(|_| model.pane == Pane::Members).cloned();
    model.groups.keep_memberships();
    model.dialog = Some(Dialog::Find(Box::new(Find::new(person.as_ref()))));
}

/// The search follows what is known.
pub(super) fn arrange(model: &mut Model) {
    if let Some(Dialog::Find(find)) = &mut model.dialog {
        find.arrange(&model.groups, model.list.order(), &model.contacts);
    }
}

/// People have other names now.
pub(super) fn renamed(model: &mut Model) {
    if let Some(Dialog::Find(find)) = &mut model.dialog {
        find.renamed();
    }
}

/// A key in the search; `None` closes it.
pub(super) fn key(model: &mut Model, key: Key, page: usize) -> Option<Effects> {
    let Some(Dialog::Find(find)) = &mut model.dialog else {
        return Some(Effects::none());
    };
    let row = find.rows.row();
    match key.code {
        Code::Esc => return find.back().then(Effects::none),
        Code::Enter => return Some(enter(model)),
        Code::Tab => return Some(mark(model)),
        Code::Up => find.rows.move_to(row.saturating_sub(1)),
        Code::Down => find.rows.move_to(row + 1),
        Code::PageUp => find.rows.move_to(row.saturating_sub(page)),
        Code::PageDown => find.rows.move_to(row + page),
        Code::Char('p') if key.ctrl => find.rows.move_to(row.saturating_sub(1)),
        Code::Char('n') if key.ctrl => find.rows.move_to(row + 1),
        _ => find.key(key),
    }
    Some(Effects::none())
}

/// To the groups of a person, or to the person in a group.
fn enter(model: &mut Model) -> Effects {
    let Some(Dialog::Find(find)) = &mut model.dialog else {
        return Effects::none();
    };
    match find.rows.current().cloned() {
        Some(Row::Person(who)) => {
            find.choose(who);
            Effects::none()
        }
        Some(Row::Group(slot, who)) => go_to(model, slot, &who),
        None => Effects::none(),
    }
}

fn go_to(model: &mut Model, slot: Slot, who: &WaId) -> Effects {
    model.dialog = None;
    model.list.select(&model.groups, slot);
    let effects = actions::go(model, Pane::Members);
    actions::refresh_people(model, slot);
    let is_hidden = |people: &People| !people.rows.all().contains(who);
    if let Some(people) = model
        .people
        .get_mut(&slot)
        .filter(|people| is_hidden(people))
    {
        people.filter.input.clear();
        actions::refresh_people(model, slot);
    }
    if let Some(people) = model.people.get_mut(&slot) {
        people.rows.select(who.clone());
    }
    effects
}

/// Marks all groups that were found, and no others, in the list.
fn mark(model: &mut Model) -> Effects {
    let Some(Dialog::Find(find)) = &model.dialog else {
        return Effects::none();
    };
    let slots = find.groups();
    let Some(first) = slots.first().copied() else {
        return Effects::none();
    };
    model.dialog = None;
    let rows = &mut model.list.rows;
    rows.clear_marks();
    rows.mark_all_of(slots.iter().copied());
    if rows.hidden_marks() > 0 {
        model.list.filter.input.clear();
        model.list.refilter(&model.groups);
    }
    model.list.select(&model.groups, first);
    let title = match slots.len() {
        1 => "1 group marked".to_owned(),
        many => format!("{many} groups marked"),
    };
    let leave = model.session.keys.way_to(Context::Groups, Action::Leave);
    let line = format!("{leave} asks about leaving them; esc unmarks them.");
    model.tell(Level::Done, title, vec![line]);
    actions::go(model, Pane::Groups)
}

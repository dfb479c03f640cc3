//! The search for people in all groups: a field, what can be said of what was typed, and the groups of one
//! person, or the people of whom there are several.
//!
//! Invariant: «not found» never stands without how many groups were read, nor without how many were not.

use std::time::Duration;

use ratatui::layout::Rect;

use super::{Box, Shown, count, popup, text_row};
use crate::app::Model;
use crate::app::find::{Find, LEAST, Query, Row};
use crate::app::groups::Slot;
use crate::app::layout::scrolled;
use crate::app::pointer::Target;
use crate::app::update::unknown;
use crate::domain::{WaId, digits};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::members::scrollbar;
use crate::ui::text::{age, number, plural, width, wrap};

/// What was read longer ago has its age beside it: somebody may have come or gone since.
const OLD: Duration = Duration::from_secs(3600);
/// Widest box, frame included.
const WIDEST: u16 = 78;
/// Most rows of it.
const HIGHEST: u16 = 26;
/// Columns of the roles.
const ROLES: u16 = 8;
/// Columns of the ages, where any group in view is old.
const AGES: u16 = 11;
/// Columns of a row that has room for them.
const WITH_AGES: u16 = 40;
/// Columns of the numbers of several people.
const NUMBERS: u16 = 20;
/// Columns that say in how many groups they are.
const COUNTS: u16 = 14;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, find: &Find) {
    let look = Box {
        title: "Find in all groups",
        hints: (&hints(find, front.width), ""),
        meaning: Meaning::Accent,
    };
    let size = (WIDEST.min(front.width), HIGHEST.min(front.height));
    let inside = popup(canvas, front, size, &look);
    if find.rows.len() > 1 && !find.has_more() {
        let text = match find.person() {
            Some(_) => plural(find.group_count(), "group"),
            None => format!("{} people", number(find.rows.len())),
        };
        count(canvas, inside, &text);
    }
    let x = canvas.put(inside.x, inside.y, 8, "Search ", Meaning::Dim);
    let field = Rect {
        x,
        width: inside.right().saturating_sub(x),
        height: 1,
        ..inside
    };
    text_row(canvas, field, &find.input, true, Shown::Plain);
    canvas.rule(inside.x, inside.y + 1, inside.width);
    let mut y = inside.y + 2;
    let who = who(model, find).map(|text| (text, Meaning::Strong));
    for (text, meaning) in who.into_iter().chain(answer(model, find)) {
        for line in wrap(&text, inside.width) {
            canvas.put(inside.x, y, inside.width, &line, meaning);
            y += 1;
        }
    }
    // This row is there with and without words, so that no row moves when all is read.
    if let Some(text) = missing(model, inside.width) {
        canvas.put(inside.x, y, inside.width, &text, Meaning::Warn);
    }
    let list = Rect {
        y: y + 1,
        height: inside.bottom().saturating_sub(y + 1),
        ..inside
    };
    if !find.rows.is_empty() && list.height > 0 {
        rows(model, canvas, list, find);
    }
}

/// The keys, most useful last: what does not fit goes first.
fn hints(find: &Find, room: u16) -> String {
    let esc = if find.is_chosen() {
        "esc back"
    } else {
        "esc close"
    };
    let keys = match find.person() {
        _ if find.rows.is_empty() => return esc.to_owned(),
        Some(_) if room >= 72 => "↑ ↓ choose   enter go there   tab mark all in the list",
        Some(_) if room >= 48 => "enter go there   tab mark all",
        Some(_) => "enter go   tab mark",
        None if room >= 72 => "↑ ↓ choose   enter their groups",
        None => "enter their groups",
    };
    format!("{keys}   {esc}")
}

/// Whose groups they are, where that is not in the field already.
fn who(model: &Model, find: &Find) -> Option<String> {
    let who = find.person()?;
    let number = who.pretty();
    if let Some(name) = model.contacts.name(who) {
        return Some(format!("{number} · {}", name.as_str()));
    }
    let typed = digits(find.input.text());
    (typed != Some(who.to_string())).then_some(number)
}

/// What can be said of what was typed.
fn answer(model: &Model, find: &Find) -> Option<(String, Meaning)> {
    let groups = &model.groups;
    let read = groups.memberships().groups();
    let exact = find.exact();
    let text = match (find.query(), find.person()) {
        (Query::Nothing, _) => {
            let text = "Type or paste a number, some of its digits, or the name of a contact.";
            return Some((text.to_owned(), Meaning::Dim));
        }
        (Query::Short, _) => {
            return Some((format!("Type {LEAST} digits or more."), Meaning::Dim));
        }
        (_, Some(_)) if exact > 0 => {
            format!("In {} of {}", number(exact), plural(read, "group"))
        }
        (_, None) if find.has_more() => {
            format!(
                "More than {} people: type more.",
                number(find.people().len())
            )
        }
        (_, None) if !find.people().is_empty() => return None,
        (Query::Words(_), None) if model.contacts.is_empty() => {
            "Names are those of your contacts, and there are none.".to_owned()
        }
        (Query::Words(_), None) => "No contact has such a name.".to_owned(),
        _ if groups.count() == 0 && groups.index.known().is_some() => {
            "This account has no groups.".to_owned()
        }
        _ if read == 0 => return None,
        _ if read == 1 => "Not in the 1 group that was read.".to_owned(),
        _ => format!("Not in any of the {} groups that were read.", number(read)),
    };
    Some((text, Meaning::Text))
}

/// What is not known, so that nobody takes silence for an answer.
fn missing(model: &Model, room: u16) -> Option<String> {
    let unknown = unknown(model);
    if unknown.list && model.groups.count() == 0 {
        return Some("! The list of groups is not read yet".to_owned());
    }
    let parts = [
        (unknown.unread, "is not read yet", "are not read yet"),
        (unknown.failed, "could not be read", "could not be read"),
        (
            unknown.silent,
            "does not tell who is in it",
            "do not tell who is in them",
        ),
    ];
    let parts = parts.into_iter().filter(|(count, ..)| *count > 0);
    let parts: Vec<String> = parts
        .enumerate()
        .map(|(n, (count, one, many))| match (n, count) {
            (0, count) => {
                let verb = if count == 1 { one } else { many };
                format!("{} {verb}", plural(count, "group"))
            }
            (_, 1) => format!("1 {one}"),
            (_, count) => format!("{} {many}", number(count)),
        })
        .collect();
    let whole = format!("! {}", parts.join(", "));
    let all = unknown.unread + unknown.failed + unknown.silent;
    match all {
        0 => None,
        _ if width(&whole) <= room => Some(whole),
        1 => Some("! 1 group is not known".to_owned()),
        all => Some(format!("! {} groups are not known", number(all))),
    }
}

/// The rows, scrolled so that the chosen one is in view; where those of the other spelling begin, a line
/// says whose they are.
fn rows(model: &Model, canvas: &mut Canvas<'_>, area: Rect, find: &Find) {
    let all = find.rows.all();
    let (exact, chosen) = (find.exact(), find.rows.row());
    let same = match all.get(exact) {
        Some(Row::Group(_, who)) => Some(who),
        Some(Row::Person(_)) | None => None,
    };
    let above = usize::from(same.is_some());
    // With the line before the other spelling.
    let place = |row: usize| if row < exact { row } else { row + above };
    let (height, len) = (usize::from(area.height), all.len() + above);
    let cursor = place(chosen);
    let top = scrolled(cursor.saturating_sub(height / 2), cursor, height, len);
    let first = all.iter().enumerate().skip(top.saturating_sub(above));
    let in_view: Vec<(usize, &Row)> = first
        .take(height + above)
        .filter(|(n, _)| (top..top + height).contains(&place(*n)))
        .collect();
    let is_old = |(_, row): &(usize, &Row)| match row {
        Row::Group(slot, _) => old(model, *slot).is_some(),
        Row::Person(_) => false,
    };
    let ages = if area.width >= WITH_AGES && in_view.iter().any(is_old) {
        AGES
    } else {
        0
    };
    let y_of = |place: usize| u16::try_from(place - top).map_or(area.bottom(), |row| area.y + row);
    if let Some(who) = same.filter(|_| (top..top + height).contains(&exact)) {
        let mut text = format!("probably the same: {}", who.pretty());
        if width(&text) + 2 > area.width {
            text = format!("probably {}", who.pretty());
        }
        canvas.put(area.x + 2, y_of(exact), area.width, &text, Meaning::Warn);
    }
    for (n, row) in in_view {
        let line = Rect {
            y: y_of(place(n)),
            height: 1,
            ..area
        };
        canvas.answers(line, Target::Found(row.clone()));
        if n == chosen {
            canvas.shade(line, Meaning::Selected);
            canvas.put(line.x, line.y, 1, "▌", Meaning::Accent);
        }
        match row {
            Row::Group(slot, who) => group(model, canvas, line, (*slot, who), ages),
            Row::Person(who) => person(model, canvas, line, who),
        }
    }
    scrollbar(canvas, area, top, len);
}

/// How old what is known of a group is, where it is old.
fn old(model: &Model, slot: Slot) -> Option<String> {
    let known = model.groups.at(slot).details.known()?;
    let passed = model.now.since(known.as_of);
    (passed >= OLD).then(|| format!("{} ago", age(passed)))
}

/// One group: its name, the role in it, and how old that is.
fn group(model: &Model, canvas: &mut Canvas<'_>, row: Rect, (slot, who): (Slot, &WaId), ages: u16) {
    let state = model.groups.at(slot);
    let end = row.right().saturating_sub(2);
    if let Some(age) = old(model, slot).filter(|_| ages > 0) {
        canvas.put_right(end, row.y, AGES, &age, Meaning::Dim);
    }
    let x = end.saturating_sub(ages + ROLES);
    let is_admin = state.roster().is_some_and(|roster| roster.is_admin(who));
    let (role, meaning) = if is_admin {
        ("★ admin", Meaning::Admin)
    } else {
        ("member", Meaning::Dim)
    };
    canvas.put(x, row.y, ROLES, role, meaning);
    let name = row.x + 2;
    let room = x.saturating_sub(name + 2);
    canvas.put(name, row.y, room, &state.name(), Meaning::Text);
}

/// One of several people: their number, what they are called, and in how many groups they are.
fn person(model: &Model, canvas: &mut Canvas<'_>, row: Rect, who: &WaId) {
    let end = row.right().saturating_sub(2);
    let index = model.groups.memberships();
    let groups = match index.count(who) {
        0 if index.groups() < model.groups.count() => "in none so far".to_owned(),
        0 => "in no group".to_owned(),
        count => plural(count, "group"),
    };
    let at = canvas.put_right(end, row.y, COUNTS, &groups, Meaning::Dim);
    let x = row.x + 2;
    let number = who.pretty();
    canvas.put(x, row.y, at.saturating_sub(x + 2), &number, Meaning::Text);
    let Some(name) = model.contacts.name(who) else {
        return;
    };
    let x = x + NUMBERS.max(width(&number) + 2);
    canvas.put(
        x,
        row.y,
        at.saturating_sub(x + 2),
        name.as_str(),
        Meaning::Text,
    );
}

//! The list of groups.

use ratatui::layout::Rect;

use super::canvas::{Canvas, Labels, pane};
use super::details::{key_column, taught, titled};
use super::header::{is_slow, reading, spinner, unread_mark};
use super::text::{cut, number, safe, sentence, short_age, width, wrap};
use crate::app::Model;
use crate::app::groups::Slot;
use crate::app::layout::Layout;
use crate::app::model::Pane;
use crate::app::pointer::Target;
use crate::app::received::Reception;
use crate::keymap::Action;
use crate::theme::{Glyphs, Meaning};

/// What stands there before the list does.
const LOADING: &str = "Loading your groups …";

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let focused = model.pane == Pane::Groups;
    let one = model.size.layout() == Layout::One;
    let filter = &model.list.filter;
    let words = safe(filter.input.text());
    let filtered = filter.is_active() || filter.typing;
    let (shown, all) = (model.list.rows.len(), model.groups.total());
    let place_of = if filter.is_active() { shown } else { all };
    let count = if failure(model).is_some() {
        "✗".to_owned()
    } else if model.groups.listed_at().is_none() {
        "…".to_owned()
    } else if filter.is_active() {
        format!("{} of {}", number(shown), number(all))
    } else {
        number(all)
    };
    let inside = if one {
        if filtered {
            let y = area.y;
            let x = canvas.put(area.x, y, area.width, &format!("/{words}"), Meaning::Accent);
            canvas.put_right(area.right(), y, 20, &count, Meaning::Dim);
            if filter.typing {
                canvas.place_caret(x.min(area.right().saturating_sub(1)), y);
            }
        }
        area
    } else {
        let named = super::titled(model, titled(model, Action::GoGroups, "Groups"));
        let title = if filtered {
            format!("{named} /{words}")
        } else {
            named
        };
        let room = area.width.saturating_sub(10 + width(&count));
        let title = cut(&title, room);
        let (named, known) = (model.groups.named(), model.groups.count());
        let state = if named < known && known > 0 && model.is_busy() {
            format!(
                "{} {} of {} names",
                spinner(model),
                number(named),
                number(known)
            )
        } else {
            String::new()
        };
        let place = if shown == 0 {
            String::new()
        } else {
            format!(
                "{} of {}",
                number(model.list.rows.row() + 1),
                number(place_of)
            )
        };
        let labels = Labels {
            title: &title,
            count: &count,
            state: &state,
            place: &place,
        };
        let inside = pane(canvas, area, &labels, focused);
        if filter.typing {
            // The frame says ` ▸ 1 Groups /words `: the caret stands behind the words.
            canvas.place_caret(area.x + 5 + width(&title), area.y);
        }
        inside
    };
    let padding = model.size.padding().max(u16::from(one && filtered));
    let list = Rect {
        y: inside.y + padding,
        height: inside.height.saturating_sub(padding),
        ..inside
    };
    if shown == 0 {
        empty(model, canvas, list, focused);
    } else {
        rows(model, canvas, list, focused);
    }
}

fn rows(model: &Model, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
    let list = &model.list;
    let marking = !list.rows.marks().is_empty() || list.rows.range().is_some();
    let marking_width = match canvas.theme.glyphs() {
        _ if !marking => 0,
        Glyphs::Unicode => 2,
        Glyphs::Ascii => 3,
    };
    let with_counts = area.width >= 38;
    // Nothing shifts when somebody writes: where messages are kept, their column is there.
    let unread_room = if with_counts && has_messages(model) {
        4
    } else {
        0
    };
    for (y, (row, slot)) in (area.y..).zip(list.rows.visible(usize::from(area.height))) {
        let group = model.groups.at(*slot);
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        canvas.answers(line, Target::Group(*slot));
        let at_cursor = row == list.rows.row();
        if at_cursor {
            let (shade, bar) = if focused {
                (Meaning::Selected, Meaning::Accent)
            } else {
                (Meaning::SelectedInactive, Meaning::Dim)
            };
            canvas.shade(line, shade);
            canvas.put(area.x, y, 1, "▌", bar);
            if focused && canvas.caret.is_none() {
                canvas.place_caret(area.x, y);
            }
        }
        let mut x = area.x + 2;
        if marking {
            canvas.mark(x, y, list.rows.marks().contains(slot));
        }
        x += marking_width;
        let mut end = area.right().saturating_sub(1);
        let unread = model.list.unread(*slot);
        let whole = end;
        end = end.saturating_sub(unread_room);
        if unread > 0 {
            let mark = unread_mark(unread);
            let at = whole.saturating_sub(width(&mark));
            canvas.put_bold(at, y, width(&mark), &mark, Meaning::Accent);
            end = end.min(at.saturating_sub(1));
        }
        let tail = state(model, *slot);
        let mut room = end.saturating_sub(x);
        if let Some((text, meaning)) = &tail {
            let at = canvas.put_right(end, y, room, text, *meaning);
            room = at.saturating_sub(x + 1);
        } else if let Some(as_of) = group.recalled_at() {
            // Only where the name leaves room: a count is worth a letter, an age is not.
            let age = short_age(model.now.since(as_of));
            if width(&group.name()) + width(&age) < room {
                canvas.put_right(end, y, room, &age, Meaning::Dim);
            }
        } else if with_counts && let Some(roster) = group.roster() {
            let at = canvas.put_right(end, y, 7, &number(roster.count()), Meaning::Dim);
            room = at.saturating_sub(x + 1);
        }
        let known = group.subject().is_some();
        let leaving = model.leaving.concerns(&group.id);
        let meaning = if known && !leaving {
            Meaning::Text
        } else {
            Meaning::Dim
        };
        canvas.put(x, y, room, &group.name(), meaning);
    }
}

/// Whether messages are received here, or were before.
fn has_messages(model: &Model) -> bool {
    model.received.reception != Reception::Off || model.received.lanes().next().is_some()
}

/// What stands at the end of a row instead of the count.
fn state(model: &Model, slot: Slot) -> Option<(String, Meaning)> {
    let group = model.groups.at(slot);
    if model.leaving.concerns(&group.id) {
        return Some((format!("{} leaving", spinner(model)), Meaning::Info));
    }
    if let Some(change) = model.groups.outbox(slot).current() {
        return Some((
            format!("{} {}", spinner(model), change.doing()),
            Meaning::Info,
        ));
    }
    if group.details.failure().is_some() {
        return Some(("✗".into(), Meaning::Danger));
    }
    if group.details.known().is_none() && group.details.is_loading() {
        let since = model
            .flying
            .values()
            .find(|flying| flying.call.group() == Some(&group.id))
            .map(|flying| flying.since);
        return since
            .is_none_or(|since| is_slow(model, since))
            .then(|| (spinner(model).to_owned(), Meaning::Info));
    }
    None
}

fn empty(model: &Model, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
    let area = super::margin(area);
    let mut lines: Vec<(String, Meaning)> = Vec::new();
    let mut keys = Vec::new();
    if model.list.filter.is_active() {
        lines.push((
            format!(
                "Nothing matches “{}”.",
                safe(model.list.filter.input.text())
            ),
            Meaning::Text,
        ));
        keys.extend([
            (Action::Back, "clear the filter"),
            (Action::NewGroup, "create a group"),
        ]);
    } else if let Some(why) = failure(model) {
        if why.kind == crate::domain::FailureKind::NotOffered {
            lines.push((
                "This account's gateway does not offer groups.".into(),
                Meaning::Text,
            ));
            if let Some(status) = why.status {
                let text = format!("It answered {status} to the list of groups.");
                lines.push((text, Meaning::Dim));
            }
            lines.push((
                "To see what this program does: wavedeck demo".into(),
                Meaning::Dim,
            ));
        } else {
            lines.push(("✗ Your groups could not be loaded.".into(), Meaning::Danger));
            lines.push((sentence(&why.why()), Meaning::Text));
            lines.push((format!("Next: {}.", why.next()), Meaning::Dim));
        }
        keys.extend([
            (Action::Refresh, "try again"),
            (Action::GoActivity, "details"),
        ]);
    } else if model.groups.listed_at().is_some() {
        lines.push(("No groups yet.".into(), Meaning::Text));
        keys.extend([
            (Action::NewGroup, "create the first one"),
            (Action::Refresh, "look again"),
        ]);
    } else {
        // From the first frame on, or it would look as if there were none.
        let text = reading(model, None, LOADING);
        let text = if text.is_empty() {
            format!("  {LOADING}")
        } else {
            text
        };
        lines.push((text, Meaning::Dim));
    }
    let mut y = area.y;
    if focused {
        canvas.begin_reading(area.x, y);
    }
    for (text, meaning) in lines {
        for line in wrap(&text, area.width) {
            if y < area.bottom() {
                canvas.put(area.x, y, area.width, &line, meaning);
            }
            y += 1;
        }
    }
    y += 1;
    let keys = taught(model, &keys);
    let column = key_column(keys.iter().map(|(key, _)| key.as_str()), 6);
    for (key, what) in &keys {
        if y < area.bottom() {
            canvas.answer_hints(area.x, y, area.width, key);
            canvas.put(area.x, y, column, key, Meaning::Strong);
            canvas.put(
                area.x + column,
                y,
                area.width.saturating_sub(column),
                what,
                Meaning::Dim,
            );
        }
        y += 1;
    }
}

/// Why the list is not there, also while the next try is waited for.
fn failure(model: &Model) -> Option<&crate::domain::Failure> {
    let index = &model.groups.index;
    if let crate::app::line::Line::Offline { why, .. } = &model.line {
        return model.groups.listed_at().is_none().then_some(why);
    }
    index
        .failure()
        .filter(|_| model.groups.listed_at().is_none())
}

//! The members of the chosen group.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::details::{TRY_AGAIN, notice, taught};
use super::header::spinner;
use super::text::{safe, sentence, width};
use crate::app::Model;
use crate::app::groups::GroupState;
use crate::app::layout::Layout;
use crate::app::model::Pane;
use crate::app::pointer::Target;
use crate::domain::{Clean, Failure, FailureKind, MemberOutcome, WaId};
use crate::keymap::Action;
use crate::theme::Meaning;

/// Columns of the table, from the left edge of the pane.
struct Columns {
    number: u16,
    role: u16,
    label: u16,
}

impl Columns {
    fn of(model: &Model, area: Rect) -> Self {
        match model.size.layout() {
            Layout::TwoWithCard => Self {
                number: 4,
                role: 24,
                label: 34,
            },
            Layout::Two if area.width >= 43 => Self {
                number: 4,
                role: 23,
                label: 31,
            },
            Layout::One if area.width < 48 => Self {
                number: 4,
                role: 23,
                label: 26,
            },
            Layout::TooSmall | Layout::One | Layout::Two => Self {
                number: 4,
                role: 23,
                label: 32,
            },
        }
    }
}

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect, group: &GroupState) {
    let focused = model.pane == Pane::Members;
    let whole = area;
    // In a frame, rows stand in line with the title above them.
    let inset = u16::from(model.size.layout() != Layout::One);
    let area = Rect {
        x: area.x + inset,
        width: area.width.saturating_sub(inset),
        ..area
    };
    let columns = Columns::of(model, area);
    let head = model.size.detail_head();
    let mut y = area.y;
    let failure = group.details.failure();
    if let Some(why) = failure.filter(|_| group.details.known().is_none()) {
        not_loaded(model, canvas, whole, why, focused);
        return;
    }
    let Some(people) = model.members() else {
        return;
    };
    if head.columns {
        for (x, text) in [
            (columns.number, "Number"),
            (columns.role, "Role"),
            (columns.label, "Label"),
        ] {
            canvas.put(
                area.x + x,
                y,
                area.width.saturating_sub(x),
                text,
                Meaning::Dim,
            );
        }
        y += 1;
    }
    let rows = Rect {
        y,
        height: area.bottom().saturating_sub(y),
        ..area
    };
    let instead = Rect {
        y,
        height: rows.height,
        ..whole
    };
    let Some(roster) = group.roster() else {
        if group.details.known().is_some() && !group.lacks_people() {
            let text = "The server did not say who is in this group.".to_owned();
            notice(
                canvas,
                instead,
                &[(text, Meaning::Text)],
                &taught(model, &[(Action::Refresh, "ask again")]),
                focused,
            );
        } else {
            if focused {
                canvas.begin_reading(rows.x + columns.number, rows.y);
            }
            placeholders(canvas, rows, &columns);
        }
        return;
    };
    let alone = roster.count() == 1 && roster.members().next().as_ref() == model.own();
    if people.rows.is_empty() {
        let text = if people.filter.is_active() {
            format!("No member matches “{}”.", safe(people.filter.input.text()))
        } else {
            "Nobody is in this group.".to_owned()
        };
        notice(
            canvas,
            instead,
            &[(text, Meaning::Text)],
            &taught(model, &[(Action::Back, "clear the filter")]),
            focused,
        );
        return;
    }
    table(model, canvas, rows, &columns, group);
    if alone && rows.height > 4 {
        let below = Rect {
            y: rows.y + 2,
            height: rows.height - 2,
            ..whole
        };
        let text = "Only you are here.".to_owned();
        notice(
            canvas,
            below,
            &[(text, Meaning::Text)],
            &taught(
                model,
                &[(Action::GoInvite, "invite people: link and QR code")],
            ),
            false,
        );
    }
}

/// Why the members are not there.
fn not_loaded(model: &Model, canvas: &mut Canvas<'_>, area: Rect, why: &Failure, focused: bool) {
    let gone = why.kind == FailureKind::GroupGone;
    let title = if gone {
        "✗ This group no longer exists, or you left it."
    } else {
        "✗ The members could not be loaded."
    };
    let lines = [
        (title.to_owned(), Meaning::Danger),
        (sentence(&why.why()), Meaning::Text),
    ];
    let mut offers = TRY_AGAIN;
    if gone {
        offers[0] = (Action::RefreshAll, "refresh the list");
    }
    notice(canvas, area, &lines, &taught(model, &offers), focused);
}

fn placeholders(canvas: &mut Canvas<'_>, area: Rect, columns: &Columns) {
    for y in (area.top()..area.bottom()).take(5) {
        canvas.put(
            area.x + columns.number,
            y,
            17,
            "╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌",
            Meaning::Border,
        );
    }
}

fn table(
    model: &Model,
    canvas: &mut Canvas<'_>,
    area: Rect,
    columns: &Columns,
    group: &GroupState,
) {
    let Some(people) = model.members() else {
        return;
    };
    let focused = model.pane == Pane::Members;
    let marking = !people.rows.marks().is_empty() || people.rows.range().is_some();
    let height = usize::from(area.height);
    let overflow = people.rows.len() > height;
    let creator = group
        .details
        .value()
        .and_then(|details| details.creator.as_ref());
    let own = model.own();
    let narrow = model.size.layout() == Layout::One && area.width < 48;
    for (y, (row, id)) in (area.y..).zip(people.rows.visible(height)) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        canvas.answers(line, Target::Member(id.clone()));
        if row == people.rows.row() {
            let (shade, bar) = if focused {
                (Meaning::Selected, Meaning::Accent)
            } else {
                (Meaning::SelectedInactive, Meaning::Dim)
            };
            // A pane without focus shows its cursor only where it was used.
            if focused || row > 0 {
                canvas.shade(line, shade);
                canvas.put(area.x, y, 1, "▌", bar);
            }
            if focused && canvas.caret.is_none() {
                canvas.place_caret(area.x, y);
            }
        }
        if marking {
            canvas.mark(area.x + 2, y, people.rows.marks().contains(id));
        }
        let room = columns.role.saturating_sub(columns.number + 1);
        canvas.put(
            area.x + columns.number,
            y,
            room,
            &id.pretty(),
            Meaning::Text,
        );
        let is_admin = group.roster().is_some_and(|roster| roster.is_admin(id));
        if is_admin {
            let word = if narrow { "★" } else { "★ admin" };
            canvas.put(area.x + columns.role, y, 8, word, Meaning::Admin);
        }
        let room = area
            .width
            .saturating_sub(columns.label + u16::from(overflow));
        let (text, meaning) = state(model, group, id).unwrap_or_else(|| {
            let me = (Some(id) == own).then_some("you");
            let made = (Some(id) == creator).then_some("creator");
            let name = model.contacts.name(id).map(Clean::as_str);
            let facts: Vec<&str> = me.into_iter().chain(name).chain(made).collect();
            let meaning = if name.is_some() {
                Meaning::Text
            } else {
                Meaning::Dim
            };
            (facts.join(", "), meaning)
        });
        canvas.put(area.x + columns.label, y, room, &text, meaning);
    }
    if overflow {
        scrollbar(canvas, area, people.rows.top(), people.rows.len());
    }
}

/// What a change does, or did, to one person.
fn state(model: &Model, group: &GroupState, id: &WaId) -> Option<(String, Meaning)> {
    let slot = model.groups.slot(&group.id);
    let change = slot.and_then(|slot| model.groups.outbox(slot).current());
    if let Some((verb, outcome)) = change.and_then(|change| change.of(id)) {
        return Some(match outcome {
            None => (
                format!("{} {}", spinner(model), verb.doing()),
                Meaning::Info,
            ),
            Some(outcome) => result(verb.done(), outcome),
        });
    }
    let report = group.report.as_ref()?;
    Some(result(report.verb.done(), report.of(id)?))
}

fn result(done: &str, outcome: &MemberOutcome) -> (String, Meaning) {
    match outcome {
        MemberOutcome::Done => (format!("✓ {done}"), Meaning::Ok),
        MemberOutcome::AlreadySo => (format!("✓ {done} already"), Meaning::Ok),
        MemberOutcome::Refused(why) => {
            let status = why.status.map(|status| format!("✗ {status} refused"));
            (
                status.unwrap_or_else(|| "✗ refused".into()),
                Meaning::Danger,
            )
        }
        MemberOutcome::NotConfirmed(_) => ("! not confirmed".into(), Meaning::Warn),
        MemberOutcome::NotSent(_) => ("✗ not sent".into(), Meaning::Danger),
    }
}

/// The bar at the right edge of a list that is longer than its pane.
pub(super) fn scrollbar(canvas: &mut Canvas<'_>, area: Rect, top: usize, len: usize) {
    let height = usize::from(area.height);
    if len <= height || height == 0 {
        return;
    }
    let size = (height * height / len).max(1);
    let start = top * (height - size) / (len - height).max(1);
    let x = area.right().saturating_sub(1);
    for (i, y) in (area.top()..area.bottom()).enumerate() {
        let on = (start..start + size).contains(&i);
        let (bar, meaning) = if on {
            ("┃", Meaning::Dim)
        } else {
            ("│", Meaning::Border)
        };
        canvas.put(x, y, width(bar), bar, meaning);
    }
}

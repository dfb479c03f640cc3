//! The two lowest rows: what is going on, and what can be done here.

use std::fmt::Write as _;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::text::{clock, plural, width};
use crate::app::Model;
use crate::app::dialog::{Dialog, FormState};
use crate::app::layout::Layout;
use crate::app::line::Line;
use crate::app::model::Pane;
use crate::app::update::disabled;
use crate::keymap::{Action, footer, keys_of};
use crate::theme::Meaning;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let one = model.size.layout() == Layout::One;
    let pad = u16::from(!one);
    let bottom = Rect {
        x: area.x + pad,
        y: area.bottom().saturating_sub(1),
        width: area.width.saturating_sub(2 * pad),
        height: 1,
    };
    let above = Rect {
        y: bottom.y.saturating_sub(1),
        ..bottom
    };
    let status = model.size.has_status().then_some(above);
    if let Some(Dialog::Line(question)) = &model.dialog {
        let place = status.unwrap_or(bottom);
        let x = canvas.put_bold(place.x, place.y, place.width, &question.text, Meaning::Warn);
        hints(
            canvas,
            Rect {
                x: x + 3,
                width: place.right().saturating_sub(x + 3),
                ..place
            },
            &[("enter".into(), "yes".into()), ("esc".into(), "no".into())],
        );
        canvas.place_caret(x, place.y);
        return;
    }
    if let Some(place) = status {
        let (text, meaning) = state(model);
        canvas.put(place.x, place.y, place.width, &text, meaning);
    }
    let mut room = bottom;
    if model.dialog.is_none() {
        let help = "? help";
        let x = bottom.right().saturating_sub(width(help));
        canvas.put(x, bottom.y, 1, "?", Meaning::Strong);
        canvas.put(x + 2, bottom.y, 4, "help", Meaning::Dim);
        room.width = x.saturating_sub(bottom.x + 2);
    }
    if status.is_none()
        && model.dialog.is_none()
        && let Some(text) = marked(model)
    {
        let x = canvas.put(room.x, room.y, room.width, &text, Meaning::Dim) + 2;
        room = Rect {
            x,
            width: room.right().saturating_sub(x),
            ..room
        };
    }
    hints(canvas, room, &offers(model));
}

/// Whole hints only, from the left.
pub(super) fn hints(canvas: &mut Canvas<'_>, area: Rect, offers: &[(String, String)]) {
    let gap = if area.width >= 60 { 3 } else { 2 };
    let mut x = area.x;
    for (key, words) in offers {
        let needed = width(key) + 1 + width(words);
        if x + needed > area.right() {
            // A later, shorter hint must not jump the queue.
            break;
        }
        x = canvas.put(x, area.y, needed, key, Meaning::Strong);
        x = canvas.put(x + 1, area.y, needed, words, Meaning::Dim) + gap;
    }
}

/// Keys and words for [`hints`].
pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, words)| ((*key).to_owned(), (*words).to_owned()))
        .collect()
}

/// What the footer offers at the moment, most useful first.
pub(super) fn offers(model: &Model) -> Vec<(String, String)> {
    match &model.dialog {
        None => {}
        Some(Dialog::Line(_)) => return pairs(&[("enter", "yes"), ("esc", "no")]),
        Some(Dialog::Confirm(confirm)) if confirm.word.is_some() => {
            return pairs(&[
                ("type", "the word"),
                ("enter", "confirm"),
                ("esc", "cancel"),
                ("↑ ↓", "scroll"),
            ]);
        }
        Some(Dialog::Confirm(_)) => {
            return pairs(&[("← →", "choose"), ("enter", "press"), ("esc", "cancel")]);
        }
        Some(Dialog::Create(_) | Dialog::Rename(..)) => {
            return pairs(&[
                ("type", "the subject"),
                ("tab", "next field"),
                ("enter", "submit"),
                ("ctrl+u", "empty the field"),
                ("esc", "cancel"),
            ]);
        }
        Some(Dialog::Menu(_)) => {
            return pairs(&[("↑ ↓", "choose"), ("enter", "take"), ("esc", "close")]);
        }
        Some(Dialog::Help(_)) => {
            return pairs(&[
                ("type", "to search"),
                ("↑ ↓", "choose"),
                ("enter", "run"),
                ("esc", "close"),
            ]);
        }
        Some(Dialog::ByHand { .. }) => return pairs(&[("esc", "close")]),
        Some(Dialog::Connect(_)) => {
            return pairs(&[
                ("tab", "next field"),
                ("enter", "test and save"),
                ("esc", "back"),
            ]);
        }
    }
    let typing = match model.pane {
        Pane::Groups => model.list.filter.typing,
        Pane::Members => model.members().is_some_and(|people| people.filter.typing),
        Pane::Invite | Pane::Activity => false,
    };
    if typing {
        let mut list = vec![
            ("type", "to filter"),
            ("enter", "keep"),
            ("esc", "clear"),
            ("↑ ↓", "choose"),
        ];
        if model
            .members()
            .is_some_and(crate::app::people::People::is_number_typed)
        {
            list = vec![
                ("+", "promote"),
                ("-", "demote"),
                ("d", "remove…"),
                ("space", "mark"),
                ("enter", "keep"),
                ("esc", "clear"),
            ];
        }
        return pairs(&list);
    }
    let context = model.context();
    let mut offers: Vec<(String, String)> = Vec::new();
    if model.pane == Pane::Groups
        && model.list.filter.is_active()
        && model.list.rows.marks().is_empty()
    {
        offers.extend(pairs(&[("esc", "clear filter")]));
    }
    for action in footer(context) {
        if disabled(model, *action).is_some() {
            continue;
        }
        let Some(key) = keys_of(context, *action).first().copied() else {
            continue;
        };
        let words = if *action == Action::GoInvite {
            "invite link"
        } else {
            action.hint()
        };
        offers.push((key.to_string(), words.to_owned()));
    }
    offers
}

/// How many things are marked, and how many of them cannot be seen.
fn marked(model: &Model) -> Option<String> {
    let (marks, hidden, admins) = match model.pane {
        Pane::Groups => {
            let rows = &model.list.rows;
            if rows.range().is_some() {
                return Some("range: move, then v".into());
            }
            (rows.marks().len(), rows.hidden_marks(), 0)
        }
        Pane::Members => {
            let people = model.members()?;
            if people.rows.range().is_some() {
                return Some("range: move, then v".into());
            }
            let roster = model
                .group()
                .and_then(crate::app::groups::GroupState::roster);
            let is_admin = |id: &&crate::domain::WaId| roster.is_some_and(|r| r.is_admin(id));
            let admins = people.rows.marks().iter().filter(is_admin).count();
            (
                people.rows.marks().len(),
                people.rows.hidden_marks(),
                admins,
            )
        }
        Pane::Invite | Pane::Activity => return None,
    };
    if marks == 0 {
        return None;
    }
    let mut text = format!("{marks} marked");
    if hidden > 0 {
        let _ = write!(text, ", {hidden} hidden");
    }
    if admins > 0 && model.size.has_status() {
        let are = if admins == 1 {
            "is an admin"
        } else {
            "are admins"
        };
        let _ = write!(text, ", {admins} of them {are}");
    }
    Some(text)
}

fn state(model: &Model) -> (String, Meaning) {
    match &model.dialog {
        Some(Dialog::Confirm(confirm)) if confirm.word.is_none() => {
            return (
                "Cancel has the focus: enter changes nothing".into(),
                Meaning::Dim,
            );
        }
        Some(Dialog::Create(form) | Dialog::Rename(_, form))
            if form.state == FormState::Sending =>
        {
            return (
                "Sent; esc hides the form, the result is told".into(),
                Meaning::Dim,
            );
        }
        Some(_) | None => {}
    }
    let running = model
        .groups
        .iter()
        .find_map(|(_, group)| Some((group, group.outbox.current()?.progress()?)))
        .filter(|(_, (_, _, all))| *all > 1);
    if let Some((group, (verb, done, all))) = running {
        let gauge = gauge(done, all, 12);
        let doing = super::text::plural(all, "member");
        let verb = verb.doing();
        let text = format!(
            "{verb} {doing} in {}  {gauge}  {done} of {all}",
            group.name()
        );
        return (text, Meaning::Info);
    }
    if let Line::Offline { .. } = model.line {
        let text = "! Offline. What is shown may be out of date; changes may fail.";
        return (text.into(), Meaning::Warn);
    }
    if model.line == Line::SignedOut {
        return (
            "✗ Signed out. Nothing is sent until you connect again.".into(),
            Meaning::Danger,
        );
    }
    if let Some(text) = marked(model) {
        return (text, Meaning::Text);
    }
    if model.pane == Pane::Activity {
        return (
            plural(model.activity.len(), "entry").replace("entrys", "entries"),
            Meaning::Dim,
        );
    }
    let Some(group) = model.group() else {
        return (String::new(), Meaning::Dim);
    };
    let zone = &model.session.time_zone;
    let name = group.name();
    if model.pane == Pane::Invite {
        return match group.invite.known() {
            Some(known) => (
                format!(
                    "Invite link of {name} · fetched {}",
                    clock(known.as_of, zone)
                ),
                Meaning::Dim,
            ),
            None => (format!("Invite link of {name}"), Meaning::Dim),
        };
    }
    match (group.details.known(), group.details.failure()) {
        (Some(known), Some(why)) => (
            format!(
                "! {name} · loaded {}, not refreshed: {}",
                clock(known.as_of, zone),
                why.why()
            ),
            Meaning::Warn,
        ),
        (Some(known), None) => (
            format!("{name} · details loaded {}", clock(known.as_of, zone)),
            Meaning::Dim,
        ),
        (None, Some(why)) => (format!("✗ {name} · {}", why.why()), Meaning::Danger),
        (None, None) => (name, Meaning::Dim),
    }
}

/// A bar of `room` steps.
pub(super) fn gauge(done: usize, all: usize, room: usize) -> String {
    let full = (done * room).checked_div(all).unwrap_or(0).min(room);
    "▰".repeat(full) + &"▱".repeat(room - full)
}

//! The icon of the chosen group: the picture in cells, its facts, and what can be done with it.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::details::{TRY_AGAIN, key_column, notice, taught};
use super::header::{reading, spinner};
use super::text::{sentence, wrap};
use super::thumbnail;
use crate::app::Model;
use crate::app::groups::GroupState;
use crate::app::model::Pane;
use crate::app::update::disabled;
use crate::domain::IconInfo;
use crate::keymap::{Action, Context};
use crate::theme::{Glyphs, Meaning};

/// Cells of the picture in the pane, frame included: square on a terminal whose cells are twice as
/// high as wide.
const LARGE: (u16, u16) = (34, 18);
const SMALL: (u16, u16) = (14, 7);

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect, group: &GroupState) {
    let focused = model.pane == Pane::Icon;
    match (group.icon.value(), group.icon.failure()) {
        (Some(Some(info)), _) => picture(model, canvas, area, group, info),
        (Some(None), _) => {
            let offer = if focused {
                (Action::SetIcon, "choose a picture")
            } else {
                (Action::GoIcon, "choose a picture there")
            };
            let can_set = disabled(model, Action::SetIcon).is_none();
            let offers: Vec<_> = can_set.then_some(offer).into_iter().collect();
            notice(
                canvas,
                area,
                &[("This group has no icon.".into(), Meaning::Text)],
                &taught(model, &offers),
                focused,
            );
        }
        (None, Some(why)) => {
            let lines = [
                ("✗ The icon could not be read.".to_owned(), Meaning::Danger),
                (sentence(&why.why()), Meaning::Text),
                (format!("Next: {}.", why.next()), Meaning::Dim),
            ];
            notice(canvas, area, &lines, &taught(model, &TRY_AGAIN), focused);
        }
        (None, None) => {
            let text = if group.icon.is_loading() {
                reading(model, Some(&group.id), "reading the icon")
            } else {
                "The icon is read when you look at it.".to_owned()
            };
            notice(
                canvas,
                area,
                &[(text, Meaning::Dim)],
                &taught(model, &[(Action::GoIcon, "look at it")]),
                focused,
            );
        }
    }
}

fn picture(
    model: &Model,
    canvas: &mut Canvas<'_>,
    area: Rect,
    group: &GroupState,
    info: &IconInfo,
) {
    let focused = model.pane == Pane::Icon;
    let area = super::margin(area);
    let large = area.height > LARGE.1 && area.width >= LARGE.0 + 26;
    let size = if large { LARGE } else { SMALL };
    let top = area.y + u16::from(area.height > size.1 + 6);
    let frame = Rect {
        x: area.x + 1,
        y: top,
        width: size.0,
        height: size.1.min(area.height),
    };
    framed(model, canvas, frame, group);

    let x = frame.right() + 2;
    let beside = Rect {
        x,
        y: top,
        width: area.right().saturating_sub(x),
        height: frame.height,
    };
    let mut y = beside.y + u16::from(large);
    for (text, meaning) in facts(model, canvas, group, info) {
        for line in wrap(&text, beside.width) {
            if y < beside.bottom() {
                canvas.put(x, y, beside.width, &line, meaning);
            }
            y += 1;
        }
    }
    if !focused {
        return;
    }
    let keys_at = if large {
        Rect { y: y + 1, ..beside }
    } else {
        Rect {
            y: frame.bottom() + 1,
            x: area.x + 1,
            ..area
        }
    };
    keys(model, canvas, keys_at, area.bottom());
}

fn keys(model: &Model, canvas: &mut Canvas<'_>, area: Rect, bottom: u16) {
    let offers = [
        (Action::SetIcon, "choose another picture"),
        (Action::SaveIcon, "save this one"),
        (Action::OpenIcon, "open the real picture"),
        (Action::CopyIcon, "copy its address"),
        (Action::RemoveIcon, "remove icon…"),
    ];
    let of = |action| model.session.keys.key_of(Context::Icon, action);
    let offers: Vec<_> = offers
        .into_iter()
        .filter_map(|(action, words)| Some((of(action)?.to_string(), words, action)))
        .collect();
    let column = key_column(offers.iter().map(|(key, ..)| key.as_str()), 4);
    for (y, (key, words, action)) in (area.y..bottom).zip(offers) {
        let off = disabled(model, action).is_some();
        let (of_key, of_words) = if off {
            (Meaning::Border, Meaning::Border)
        } else {
            (Meaning::Strong, Meaning::Dim)
        };
        canvas.answer_hints(area.x, y, area.width, &key);
        canvas.put(area.x, y, column, &key, of_key);
        let room = area.width.saturating_sub(column);
        canvas.put(area.x + column, y, room, words, of_words);
        if y == area.y {
            canvas.begin_reading(area.x, y);
        }
    }
}

/// The picture in its frame; the frame alone while it is not there.
pub(super) fn framed(model: &Model, canvas: &mut Canvas<'_>, frame: Rect, group: &GroupState) {
    canvas.frame(frame, Meaning::Border);
    let inside = Rect {
        x: frame.x + 1,
        y: frame.y + 1,
        width: frame.width.saturating_sub(2),
        height: frame.height.saturating_sub(2),
    };
    let middle = inside.y + inside.height / 2;
    let center = |text: &str| inside.x + inside.width.saturating_sub(super::text::width(text)) / 2;
    match (group.picture.value(), group.picture.failure()) {
        (Some(picture), _) => thumbnail::draw(canvas, inside, &picture.thumbnail),
        (None, Some(_)) => {
            let text = "no picture";
            canvas.put(center(text), middle, inside.width, text, Meaning::Dim);
        }
        (None, None) if matches!(group.icon.value(), Some(None)) => {
            canvas.put(
                center("no icon"),
                middle,
                inside.width,
                "no icon",
                Meaning::Dim,
            );
        }
        (None, None) if group.picture.is_loading() => {
            canvas.put(center("⠋"), middle, 1, spinner(model), Meaning::Info);
        }
        (None, None) => {}
    }
}

fn facts(
    model: &Model,
    canvas: &Canvas<'_>,
    group: &GroupState,
    info: &IconInfo,
) -> Vec<(String, Meaning)> {
    let mut facts = Vec::new();
    if let Some(name) = &info.file_name {
        facts.push((name.as_str().to_owned(), Meaning::Text));
    }
    if let Some(picture) = group.picture.value() {
        let size = size(picture.file.len());
        facts.push((picture.format.to_owned(), Meaning::Text));
        facts.push((size, Meaning::Dim));
        facts.push((
            format!("{} × {}", picture.width, picture.height),
            Meaning::Dim,
        ));
        if thumbnail::is_shown(&canvas.theme) {
            facts.push(("shown in blocks".into(), Meaning::Dim));
        } else if canvas.theme.glyphs() == Glyphs::Ascii {
            facts.push(("not shown with ASCII alone".into(), Meaning::Dim));
        } else {
            facts.push(("too few colours to show it here".into(), Meaning::Dim));
        }
    } else if let Err(why) = &info.address {
        facts.push((format!("! {why}, so it is not fetched"), Meaning::Warn));
    } else if let Some(why) = group.picture.failure() {
        facts.push(("✗ This picture cannot be shown".into(), Meaning::Danger));
        facts.push((why.why(), Meaning::Dim));
    } else if let Some(mime) = &info.mime {
        facts.push((format!("{} {mime}", spinner(model)), Meaning::Dim));
    }
    facts
}

/// `412 kB`.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..10_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        10_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

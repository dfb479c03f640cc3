//! The form for a picture: its path, what the file is, and how it will look.

use ratatui::layout::Rect;

use super::{Act, Box, Shown, buttons, field, is_tight, popup};
use crate::app::dialog::{Focus, FormState, IconForm, Look, Submit};
use crate::app::pointer::Target;
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::icon::size;
use crate::ui::text::{cut, wrap};
use crate::ui::thumbnail;

/// Cells of the preview.
const PREVIEW: (u16, u16) = (12, 6);

pub(super) fn draw(canvas: &mut Canvas<'_>, front: Rect, name: &str, form: &IconForm) {
    let tight = is_tight(front);
    let box_width = if front.width >= 120 {
        70
    } else {
        66.min(front.width)
    };
    let height = if tight { 10 } else { 14 };
    let title = cut(
        &format!("Set the icon of {name}"),
        box_width.saturating_sub(8),
    );
    let look = Box {
        title: &title,
        hints: ("esc cancel   tab complete", "enter set"),
        meaning: Meaning::Accent,
    };
    let inside = popup(canvas, front, (box_width, height), &look);
    canvas.put(
        inside.x,
        inside.y,
        inside.width,
        "Picture file (JPEG or PNG)",
        Meaning::Text,
    );
    let sending = form.state == FormState::Sending;
    let on_field = matches!(form.focus, Focus::Field(_)) && !sending;
    let row = Rect {
        y: inside.y + 1,
        height: 3,
        ..inside
    };
    canvas.answers(row, Target::Part(Focus::Field(0)));
    field(canvas, row, &form.input, on_field, Shown::Plain);

    let below = Rect {
        y: inside.y + 4,
        height: inside.height.saturating_sub(if tight { 5 } else { 6 }),
        ..inside
    };
    said(canvas, below, form);
    let focus = if let Focus::Button(button) = form.focus {
        Some(button)
    } else {
        None
    };
    let (label, act) = match (&form.state, &form.look) {
        (FormState::Sending, _) => ("Setting …", Act::NotYet),
        (_, Look::Good(_)) => ("Set", Act::Safe),
        _ => ("Set", Act::NotYet),
    };
    let gap = u16::from(!tight);
    let row = Rect {
        y: inside.bottom().saturating_sub(1 + gap),
        height: 1,
        ..inside
    };
    buttons(canvas, row, label, focus.filter(|_| !sending), act);
}

/// What is known of the file, or what the path may become.
fn said(canvas: &mut Canvas<'_>, area: Rect, form: &IconForm) {
    let mut lines: Vec<(String, Meaning)> = Vec::new();
    let mut room = area.width;
    if let FormState::Refused(why) = &form.state {
        lines.push((format!("✗ {}.", why.why()), Meaning::Danger));
        lines.push((format!("  Next: {}.", why.next()), Meaning::Dim));
    } else if !form.candidates.is_empty() {
        let shown: Vec<&str> = form.candidates.iter().map(String::as_str).collect();
        lines.push((shown.join("   "), Meaning::Dim));
    } else {
        match &form.look {
            Look::Nothing => lines.push((
                "It is cropped to a square of at most 640 pixels and sent as JPEG without metadata."
                    .into(),
                Meaning::Dim,
            )),
            Look::Looking(_) => {
                let text = if form.submit == Submit::Later { "looking at it" } else { "looking at it first" };
                lines.push((text.into(), Meaning::Dim));
            }
            Look::Bad(why) => lines.push((format!("✗ {why}."), Meaning::Danger)),
            Look::Good(found) => {
                let (file, picture) = &**found;
                if area.height >= PREVIEW.1 && thumbnail::is_shown(&canvas.theme) {
                    let x = area.right().saturating_sub(PREVIEW.0);
                    let place = Rect { x, width: PREVIEW.0, height: PREVIEW.1, ..area };
                    thumbnail::draw(canvas, place, &picture.thumbnail);
                    room = area.width.saturating_sub(PREVIEW.0 + 2);
                }
                let (width, height) = (picture.width, picture.height);
                let bytes = size(picture.file.len());
                lines.push((format!("✓ {}   {width} × {height}   {bytes}", picture.format), Meaning::Ok));
                let (edge, bytes) = (file.edge(), size(file.bytes().len()));
                lines.push((format!("  sent as JPEG, {edge} × {edge}, {bytes}"), Meaning::Dim));
            }
        }
    }
    let mut y = area.y;
    for (text, meaning) in lines {
        for line in wrap(&text, room) {
            if y < area.bottom() {
                canvas.put(area.x, y, room, &line, meaning);
            }
            y += 1;
        }
    }
}

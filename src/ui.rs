//! Draws the model. Pure: `&Model` in, cells out; no state of its own, no I/O.
//!
//! ```text
//! ┌ header ──────────────────────────────────────────────────────────────┐  header.rs
//! │╭ groups.rs ────────────╮╭ details.rs: title, facts, tabs ───────────╮│
//! ││                       ││ members.rs │ card.rs, or invite.rs,       ││
//! ││                       ││ icon.rs, or messages.rs and composer.rs   ││
//! ││                       ││                          ╭ toasts.rs ────╮││
//! │╰───────────────────────╯╰──────────────────────────╰───────────────╯╯│
//! │ status line                                                          │  footer.rs
//! └ footer: what can be done here ───────────────────────────────────────┘
//!         dialogs/*.rs stand in front of everything; activity.rs, inbox.rs and, between 72 and
//!         119 columns, invite.rs take the whole width; below 72 there is one pane at a time.
//! ```

mod activity;
mod canvas;
mod card;
mod composer;
mod details;
mod dialogs;
mod footer;
mod glyphs;
mod groups;
mod header;
mod icon;
mod inbox;
mod invite;
mod members;
mod messages;
mod qr;
mod regions;
mod text;
mod thumbnail;
mod toasts;
mod welcome;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::Model;
use crate::app::layout::{Extent, Layout};
use crate::app::model::{Pane, Stage, Tab};
use crate::app::pointer::{Area as Region, Target};
use crate::theme::{Meaning, Theme};
use canvas::Canvas;

pub use qr::{as_png, as_svg, as_text};
pub use regions::Regions;
pub use thumbnail::Place;

/// What a frame tells beside its cells.
#[derive(Debug)]
pub struct Shown {
    /// Where a picture stands, if one does with nothing in front of it: it is complete in half-blocks, and a
    /// terminal that can may show it better.
    pub place: Option<Place>,
    /// What answers to a click.
    pub regions: Regions,
}

/// Draws one frame.
pub fn view(model: &Model, theme: &Theme, frame: &mut Frame<'_>) -> Shown {
    let area = frame.area();
    let (caret, shown) = paint(model, *theme, frame.buffer_mut(), area);
    if let Some(caret) = caret {
        frame.set_cursor_position(caret);
    }
    shown
}

/// Draws into cells; returns where the terminal's cursor goes, and what else there is to tell.
fn paint(model: &Model, theme: Theme, cells: &mut Buffer, area: Rect) -> (Option<Position>, Shown) {
    let mut canvas = Canvas {
        cells,
        theme,
        numbers: model.numbers,
        caret: None,
        home: None,
        place: None,
        regions: Regions::default(),
    };
    draw(model, &mut canvas, area);
    let place = canvas.untouched();
    glyphs::settle(&theme, canvas.cells);
    let caret = canvas.caret.or(canvas.home);
    let regions = canvas.regions;
    let caret = caret.filter(|caret| area.contains(*caret));
    (caret, Shown { place, regions })
}

fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let layout = model.size.layout();
    if layout == Layout::TooSmall {
        too_small(canvas, area);
        return;
    }
    if matches!(model.stage, Stage::Welcome(_)) {
        welcome::draw(model, canvas, area);
        dialogs::draw(model, canvas, area);
        return;
    }
    header::draw(model, canvas, row(area, 0));
    let body = Rect {
        y: area.y + 1,
        height: model.size.body().min(area.height.saturating_sub(1)),
        ..area
    };
    canvas.begin_reading(body.x, body.y);
    let answers = |canvas: &mut Canvas<'_>, place, pane| {
        canvas.answers(place, Target::Area(Region::Pane(pane)));
    };
    answers(canvas, body, model.pane);
    match (layout, model.pane) {
        (Layout::TooSmall, _) => {}
        (Layout::Two | Layout::TwoWithCard, pane) if model.is_alone() => match pane {
            Pane::Groups => groups::draw(model, canvas, body),
            Pane::Members | Pane::Icon | Pane::Messages => details::draw(model, canvas, body),
            Pane::Invite => invite::draw_alone(model, canvas, body),
            Pane::Activity => activity::draw(model, canvas, body),
            Pane::Inbox => inbox::draw(model, canvas, body),
        },
        (Layout::One, Pane::Groups) => groups::draw(model, canvas, body),
        (Layout::One, Pane::Members | Pane::Icon | Pane::Messages) => {
            details::draw(model, canvas, body);
        }
        (Layout::One | Layout::Two, Pane::Invite) => {
            invite::draw_alone(model, canvas, body);
        }
        (Layout::One | Layout::Two, Pane::Activity) => {
            activity::draw(model, canvas, body);
        }
        (Layout::One | Layout::Two, Pane::Inbox) => {
            inbox::draw(model, canvas, body);
        }
        (Layout::Two | Layout::TwoWithCard, _) => {
            let left = model.size.groups_width();
            let list = Rect {
                width: left,
                ..body
            };
            answers(canvas, list, Pane::Groups);
            groups::draw(model, canvas, list);
            let right = Rect {
                x: body.x + left,
                width: body.width.saturating_sub(left),
                ..body
            };
            answers(canvas, right, beside(model));
            match model.pane {
                Pane::Activity => activity::draw(model, canvas, right),
                Pane::Inbox => inbox::draw(model, canvas, right),
                Pane::Groups | Pane::Members | Pane::Invite | Pane::Icon | Pane::Messages => {
                    details::draw(model, canvas, right);
                }
            }
        }
    }
    if model.dialog.is_some() {
        canvas.regions.cover();
    }
    footer::draw(model, canvas, area);
    toasts::draw(model, canvas, body);
    dialogs::draw(model, canvas, area);
}

/// The title of a pane: it says when the others are out of sight.
fn titled(model: &Model, title: impl Into<String>) -> String {
    let title = title.into();
    match model.extent {
        Extent::Beside => title,
        Extent::Whole => format!("{title} · full screen"),
    }
}

/// The pane beside the list of groups.
fn beside(model: &Model) -> Pane {
    match (model.pane, model.tab) {
        (pane @ (Pane::Activity | Pane::Inbox), _) => pane,
        (_, Tab::Members) => Pane::Members,
        (_, Tab::Invite) => Pane::Invite,
        (_, Tab::Icon) => Pane::Icon,
        (_, Tab::Messages) => Pane::Messages,
    }
}

/// One row of an area, counted from its top.
fn row(area: Rect, y: u16) -> Rect {
    Rect {
        y: area.y + y,
        height: u16::from(y < area.height),
        ..area
    }
}

/// Cells left free at both sides of a text in a pane.
fn margin(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}

fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let now = format!("now    {} × {}", area.width, area.height);
    let lines = [
        "This window is too small.",
        "",
        &now,
        "needs  40 × 10",
        "",
        "q quit",
    ];
    let height = u16::try_from(lines.len()).unwrap_or(0);
    let top = area.y + area.height.saturating_sub(height) / 2;
    for (y, line) in (top..).zip(lines) {
        if y < area.bottom() {
            let x = area.x + area.width.saturating_sub(text::width(line)) / 2;
            canvas.put(x, y, area.width, line, Meaning::Text);
        }
    }
}

#[cfg(test)]
mod tests;

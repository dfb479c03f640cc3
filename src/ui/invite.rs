//! The invite link: its address, its QR code, and what can be done with it.

use ratatui::layout::Rect;

use super::canvas::{Canvas, Labels, pane};
use super::details::{TRY_AGAIN, key_column, notice, taught};
use super::dialogs::invited::in_short;
use super::header::reading;
use super::qr::Code;
use super::text::{clock, cut, sentence, width, wrap};
use crate::app::Model;
use crate::app::groups::GroupState;
use crate::app::layout::{Extent, Layout, Size};
use crate::app::model::{CodeInk, CodeSize, CodeView, Pane};
use crate::app::update::disabled;
use crate::keymap::{Action, Context};
use crate::theme::{Meaning, Theme};

/// The pane over the whole width.
pub(super) fn draw_alone(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let name = model.group().map(GroupState::name).unwrap_or_default();
    let inside = if model.size.layout() == Layout::One {
        area
    } else {
        let title = format!("3 Invite · {name}");
        let labels = Labels {
            title: &title,
            count: "",
            state: "",
            place: "",
        };
        pane(canvas, area, &labels, true)
    };
    if let Some(group) = model.group() {
        draw(model, canvas, inside, group);
    }
}

/// The inside of the pane.
pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect, group: &GroupState) {
    let focused = model.pane == Pane::Invite;
    let Some(known) = group.invite.known() else {
        nothing(model, canvas, area, group);
        return;
    };
    let code = known.value.url();
    let code = code.and_then(|url| Code::new(url, &canvas.theme));
    match &code {
        Some(code) if focused && fits(code, CodeSize::Normal, area) => {
            with_code(model, canvas, area, group, code);
        }
        _ => beside(model, canvas, super::margin(area), group, code.as_ref()),
    }
}

/// Why there is no link.
fn nothing(model: &Model, canvas: &mut Canvas<'_>, area: Rect, group: &GroupState) {
    let focused = model.pane == Pane::Invite;
    if let Some(why) = group.invite.failure() {
        let lines = [
            (
                "✗ The link could not be fetched.".to_owned(),
                Meaning::Danger,
            ),
            (sentence(&why.why()), Meaning::Text),
            (format!("Next: {}.", why.next()), Meaning::Dim),
        ];
        notice(canvas, area, &lines, &taught(model, &TRY_AGAIN), focused);
    } else if group.invite.is_loading() {
        let text = reading(model, Some(&group.id), "fetching the link");
        let y = area.y + area.height / 2;
        canvas.put(area.x + 2, y, area.width, &text, Meaning::Info);
        if focused {
            canvas.begin_reading(area.x + 2, y);
        }
    } else {
        let text = "The link is fetched when you need it.".to_owned();
        let keys = if focused {
            (Action::Refresh, "fetch it now")
        } else {
            (Action::GoInvite, "show it with its QR code")
        };
        let keys = taught(model, &[keys]);
        notice(canvas, area, &[(text, Meaning::Dim)], &keys, focused);
    }
}

/// Whether an action of this pane would do something that can be seen.
pub(super) fn works(model: &Model, theme: &Theme, action: Action) -> bool {
    let link = model.group().and_then(|group| group.invite.value());
    if matches!(action, Action::CopyInvite | Action::CopyMessage) {
        // Without an answer yet, the link is copied when it comes.
        return link.is_none_or(|link| link.url().is_some());
    }
    if !matches!(action, Action::BiggerCode | Action::InvertCode) {
        return disabled(model, action).is_none();
    }
    let url = link.and_then(|link| link.url());
    let Some(code) = url.and_then(|url| Code::new(url, theme)) else {
        return false;
    };
    let fits = |size| fits(&code, size, inside(model.size, model.extent));
    let bigger = code.grows() && (fits(CodeSize::Double) || model.code.size == CodeSize::Double);
    fits(CodeSize::Normal) && (bigger || action == Action::InvertCode)
}

/// Where the code is drawn in a window of that size.
fn inside(size: Size, extent: Extent) -> Rect {
    let (frame, left, head) = match size.layout() {
        Layout::TooSmall | Layout::One => (0, 0, 0),
        Layout::Two => (2, 0, 0),
        Layout::TwoWithCard if extent == Extent::Whole => (2, 0, 0),
        Layout::TwoWithCard => (2, size.groups_width(), size.detail_head().common()),
    };
    Rect {
        x: 0,
        y: 0,
        width: size.width.saturating_sub(left + frame),
        height: size.body().saturating_sub(head + frame),
    }
}

fn fits(code: &Code, size: CodeSize, area: Rect) -> bool {
    let (columns, rows) = code.cells(size);
    columns + 2 <= area.width && rows <= area.height
}

/// The code, with the address and the keys beside it where there is room.
fn with_code(model: &Model, canvas: &mut Canvas<'_>, area: Rect, group: &GroupState, code: &Code) {
    let wanted = model.code.size;
    let size = if fits(code, wanted, area) {
        wanted
    } else {
        CodeSize::Normal
    };
    let (columns, rows) = code.cells(size);
    let left = if area.width >= columns + 30 { 3 } else { 1 };
    let top = area
        .height
        .saturating_sub(rows)
        .min(2)
        .min(area.height.saturating_sub(rows) / 2 + 1);
    let place = Rect {
        x: area.x + left,
        y: area.y + top,
        width: columns,
        height: rows,
    };
    let ink = model.code.ink;
    code.draw(canvas, place, CodeView { size, ink });
    if area.width >= columns + left + 32 {
        let text = Rect {
            x: area.x + left + columns + 2,
            width: area.width.saturating_sub(left + columns + 3),
            ..area
        };
        beside(model, canvas, text, group, None);
    }
    let below = area.y + top + rows + 1;
    if below < area.bottom() && size == CodeSize::Normal {
        let key = |action| model.way_to(action);
        let text = if wanted == CodeSize::Double {
            "The bigger code does not fit here.".to_owned()
        } else {
            let scan = "Point a phone camera at the code. If it does not scan, press";
            let invert = key(Action::InvertCode);
            if works(model, &canvas.theme, Action::BiggerCode) {
                format!("{scan} {invert} or {}.", key(Action::BiggerCode))
            } else {
                format!("{scan} {invert}.")
            }
        };
        let room = area.width.saturating_sub(left);
        canvas.put(area.x + left, below, room, &text, Meaning::Dim);
    }
}

/// Most rows of an address.
const MOST_ROWS: usize = 4;

/// The address and the keys; with a code that does not fit, its size.
fn beside(
    model: &Model,
    canvas: &mut Canvas<'_>,
    area: Rect,
    group: &GroupState,
    hidden: Option<&Code>,
) {
    let Some(known) = group.invite.known() else {
        return;
    };
    let focused = model.pane == Pane::Invite;
    let roomy = area.height >= 16;
    let low = area.height < 12;
    let mut y = area.y
        + if roomy {
            2
        } else {
            u16::from(area.height > 12)
        };
    let is_link = known.value.url().is_some();
    let top = if roomy && is_link { y + 2 } else { y };
    let mut line = |canvas: &mut Canvas<'_>, text: &str, meaning| {
        if y < area.bottom() {
            canvas.put(area.x, y, area.width, text, meaning);
        }
        // Blank rows go first where rows are scarce.
        y += u16::from(!(low && text.is_empty()));
    };
    if roomy && is_link {
        line(canvas, "Anyone with this link can join.", Meaning::Dim);
        line(canvas, "", Meaning::Dim);
    }
    for text in address(known.value.shown(), area.width) {
        line(canvas, &text, Meaning::Link);
    }
    if !is_link {
        let text = "This is no web address, so it is not copied.";
        for part in wrap(text, area.width) {
            line(canvas, &part, Meaning::Warn);
        }
    }
    line(canvas, "", Meaning::Dim);
    let zone = &model.session.time_zone;
    let (text, meaning) = match model.copied {
        Some((slot, at)) if Some(slot) == model.selected() => {
            (format!("✓ copied {}", clock(at, zone)), Meaning::Ok)
        }
        Some(_) | None => (
            format!("fetched {}", clock(known.as_of, zone)),
            Meaning::Dim,
        ),
    };
    line(canvas, &text, meaning);
    line(canvas, "", Meaning::Dim);
    if let Some(code) = hidden {
        for part in wrap(&why_hidden(model, code, focused, low), area.width) {
            line(canvas, &part, Meaning::Dim);
        }
        line(canvas, "", Meaning::Dim);
    }
    if focused {
        canvas.begin_reading(area.x, top);
        let rest = Rect {
            y,
            height: area.bottom().saturating_sub(y),
            ..area
        };
        keys(model, canvas, rest, roomy);
    }
}

/// The address in rows: the code in one of its own where both do not fit.
fn address(shown: &str, room: u16) -> Vec<String> {
    let mut rows = if width(shown) <= room {
        vec![shown.to_owned()]
    } else if let Some((host, code)) = shown.rsplit_once('/') {
        [wrap(&format!("{host}/"), room), wrap(code, room)].concat()
    } else {
        wrap(shown, room)
    };
    if rows.len() > MOST_ROWS {
        rows.truncate(MOST_ROWS);
        if let Some(last) = rows.last_mut() {
            *last = cut(&format!("{last}…"), room);
            if !last.ends_with('…') {
                last.push('…');
            }
        }
    }
    rows
}

/// Why there is an address and no code.
fn why_hidden(model: &Model, code: &Code, focused: bool, low: bool) -> String {
    let (columns, rows) = code.cells(CodeSize::Normal);
    let open = model.way_to(Action::OpenLink);
    if !focused {
        let invite = model.way_to(Action::GoInvite);
        format!("{invite} shows it with its QR code.")
    } else if low {
        format!(
            "The QR code needs {columns} × {rows} cells: make this window larger, or press {open}."
        )
    } else {
        format!(
            "The QR code needs {columns} × {rows} cells. Make this window larger, or press {open} to open the link on this computer."
        )
    }
}

/// What can be done with the link.
fn keys(model: &Model, canvas: &mut Canvas<'_>, area: Rect, roomy: bool) {
    let key_of = |action| model.session.keys.key_of(Context::Invite, action);
    let keys = [
        (Action::CopyInvite, "copy the link"),
        (Action::InviteByMessage, "invite by message…"),
        (Action::CopyMessage, "copy a ready message"),
        (Action::OpenLink, "open in a browser"),
        (Action::BiggerCode, "bigger code"),
        (Action::InvertCode, "invert the code"),
        (Action::SaveCode, "save the code"),
        (Action::ResetInvite, ""),
    ];
    let mut keys: Vec<_> = keys
        .into_iter()
        .filter_map(|(action, words)| Some((key_of(action)?.to_string(), words, action)))
        .collect();
    let column = key_column(keys.iter().map(|(key, ..)| key.as_str()), 4);
    let reset_key = keys
        .pop_if(|(.., action)| *action == Action::ResetInvite)
        .map(|(key, ..)| key);
    let inverted = model.code.ink == CodeInk::Inverted;
    let mut y = area.y;
    let room = area.width.saturating_sub(column);
    let results = model
        .group()
        .and_then(|group| model.invitations.of(&group.id));
    let read_only = model.is_read_only();
    for (key, what, action) in keys {
        // The last row is for the reset.
        if y + 1 >= area.bottom() {
            break;
        }
        if action == Action::InviteByMessage && disabled(model, action).is_some() {
            canvas.put(area.x, y, column, &key, Meaning::Dim);
            let why = if read_only {
                "read-only"
            } else {
                "no web address"
            };
            let text = format!("invite by message: {why}");
            canvas.put(area.x + column, y, room, &text, Meaning::Dim);
            y += 1;
        } else if let (Action::InviteByMessage, Some(run)) = (action, results) {
            let (text, meaning) = in_short(run, room);
            canvas.answer_hints(area.x, y, area.width, &key);
            canvas.put(area.x, y, column, &key, Meaning::Strong);
            canvas.put(area.x + column, y, room, &text, meaning);
            y += 1;
        } else if works(model, &canvas.theme, action) {
            let what = match (action, model.code.size) {
                (Action::BiggerCode, CodeSize::Double) => "smaller code",
                (Action::InvertCode, _) if inverted => "dark on light again",
                _ => what,
            };
            canvas.answer_hints(area.x, y, area.width, &key);
            canvas.put(area.x, y, column, &key, Meaning::Strong);
            canvas.put(area.x + column, y, room, what, Meaning::Dim);
            y += 1;
        }
    }
    y += u16::from(roomy);
    let reset = disabled(model, Action::ResetInvite);
    let Some(reset_key) = reset_key else {
        return;
    };
    if y < area.bottom() {
        let (key, words, text) = if reset.is_none() {
            (Meaning::Strong, Meaning::Dim, "reset link…")
        } else if read_only {
            (Meaning::Dim, Meaning::Dim, "reset link: read-only")
        } else {
            (Meaning::Dim, Meaning::Dim, "reset link: only admins")
        };
        canvas.answer_hints(area.x, y, area.width, &reset_key);
        canvas.put(area.x, y, column, &reset_key, key);
        canvas.put(area.x + column, y, room, text, words);
    }
    if y + 1 < area.bottom() && reset.is_none() {
        let text = "the old one stops working";
        canvas.put(area.x + column, y + 1, room, text, Meaning::Dim);
    }
}

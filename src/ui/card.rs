//! The card beside the members, where there is room: the link and what was done last.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::details::in_a_row;
use super::text::{clock, cut, wrap};
use crate::app::Model;
use crate::app::activity::What;
use crate::app::groups::GroupState;
use crate::app::messages::MessageState;
use crate::app::messages::body::words;
use crate::app::model::Pane;
use crate::app::received::Chat;
use crate::app::toasts::Level;
use crate::domain::{Clean, Millis};
use crate::keymap::Action;
use crate::theme::Meaning;

/// Cells of the picture, frame included.
const ICON: (u16, u16) = (16, 9);

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect, group: &GroupState) {
    let area = super::margin(area);
    let mut y = area.y + 1;
    // Its frame is there before the picture, so that nothing jumps.
    if area.height > ICON.1 + 12 {
        let x = area.x + area.width.saturating_sub(ICON.0) / 2;
        let frame = Rect {
            x,
            y: area.y,
            width: ICON.0,
            height: ICON.1,
        };
        super::icon::framed(model, canvas, frame, group);
        y = frame.bottom() + 1;
    }
    let mut line = |canvas: &mut Canvas<'_>, text: &str, meaning| {
        if y < area.bottom() {
            canvas.put(area.x, y, area.width, text, meaning);
        }
        y += 1;
        y - 1
    };
    line(canvas, "Invite link", Meaning::Strong);
    let address = group
        .invite
        .value()
        .map(|link| link.shown().trim_start_matches("https://").to_owned());
    match address {
        Some(address) => {
            line(canvas, &address, Meaning::Link);
        }
        None if group.invite.is_loading() => {
            line(
                canvas,
                &format!("{} fetching", super::header::spinner(model)),
                Meaning::Info,
            );
        }
        None if group.invite.failure().is_some() => {
            line(canvas, "✗ could not be fetched", Meaning::Danger);
        }
        None => {
            line(canvas, "fetched when you need it", Meaning::Dim);
        }
    }
    let offers: &[(Action, &str)] = if model.pane == Pane::Groups {
        &[(Action::CopyLink, "copy"), (Action::GoInvite, "show QR")]
    } else {
        &[(Action::GoInvite, "show it with its QR")]
    };
    let hint = in_a_row(model, offers);
    let row = line(canvas, &hint, Meaning::Dim);
    hints(canvas, area, row, &hint);
    line(canvas, "", Meaning::Text);
    line(canvas, "Last message", Meaning::Strong);
    match last_message(model, group) {
        Some((at, who, text)) => {
            let head = format!("{}  {who}", clock(at, &model.session.time_zone));
            line(canvas, &head, Meaning::Text);
            let text = cut(&text, area.width.saturating_sub(2));
            line(canvas, &format!("“{text}”"), Meaning::Text);
        }
        None => {
            line(canvas, "none yet", Meaning::Dim);
        }
    }
    let offers = [(Action::Write, "write"), (Action::GoMessages, "read")];
    let hint = in_a_row(model, &offers);
    let row = line(canvas, &hint, Meaning::Dim);
    hints(canvas, area, row, &hint);
    let notices = model.activity.iter().filter_map(|entry| match &entry.what {
        What::Notice(level, text) => Some((entry.at, *level, text)),
        What::Request { .. } => None,
    });
    let notices: Vec<_> = notices.take(4).collect();
    if !notices.is_empty() {
        line(canvas, "", Meaning::Text);
        line(canvas, "Activity", Meaning::Strong);
    }
    for (at, level, text) in notices {
        let (mark, meaning) = mark(level);
        let time = clock(at, &model.session.time_zone);
        let room = area.width.saturating_sub(8);
        // The rest of a notice is in the Activity pane.
        let title = text.split(" · ").next().unwrap_or(text);
        let mut parts = wrap(title, room);
        if parts.len() > 2 {
            let rest = parts.split_off(1).join(" ");
            parts.push(cut(&rest, room));
        }
        for (n, part) in parts.into_iter().enumerate() {
            if y >= area.bottom() {
                return;
            }
            if n == 0 {
                canvas.put(area.x, y, 1, mark, meaning);
                canvas.put(area.x + 2, y, 5, &time, Meaning::Dim);
            }
            canvas.put(area.x + 8, y, room, &part, Meaning::Dim);
            y += 1;
        }
    }
}

/// The keys in a line of the card answer to a click, where the line is drawn.
fn hints(canvas: &mut Canvas<'_>, area: Rect, y: u16, text: &str) {
    if y < area.bottom() {
        canvas.answer_hints(area.x, y, area.width, text);
    }
}

/// When the newest message came or left, as far as it is known, whose it is, and what it says.
fn last_message(model: &Model, group: &GroupState) -> Option<(Millis, String, String)> {
    let received = model.received.of_group(&group.id).and_then(Chat::newest);
    let thread = model.messages.of(&group.id);
    let own = thread.and_then(|thread| {
        let mut own = thread.messages().iter().rev();
        own.find(|message| message.state == MessageState::Accepted)
    });
    let one_line = |text: &str| Clean::new(text).as_str().trim().to_owned();
    match (own, received) {
        (Some(own), received) if received.is_none_or(|kept| kept.kept_at <= own.at) => {
            Some((own.at, "you".into(), one_line(own.text.as_str())))
        }
        (_, Some(kept)) => {
            let author = model.author(&kept.message);
            // There is room for one of them, and anybody can choose a name.
            let who = if author.is_contact {
                author.name
            } else {
                author.who
            };
            Some((kept.kept_at, who, one_line(&words(&kept.message.content))))
        }
        (_, None) => None,
    }
}

/// The sign of a notice.
pub(super) fn mark(level: Level) -> (&'static str, Meaning) {
    match level {
        Level::Done => ("✓", Meaning::Ok),
        Level::Hint => ("·", Meaning::Info),
        Level::Warning => ("!", Meaning::Warn),
        Level::Error => ("✗", Meaning::Danger),
    }
}

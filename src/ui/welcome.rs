//! The screen of the first run.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::footer::{hints, offers, pairs};
use super::text::{width, wrap};
use crate::app::Model;
use crate::app::model::{Stage, WelcomePage};
use crate::app::pointer::{Area as Region, Target};
use crate::theme::Meaning;

const CHOICES: [(&str, &str); 3] = [
    (
        "Try the demo",
        "A simulator inside this program. No account, no network.",
    ),
    (
        "Connect my account",
        "You need your Wavy user name and authentication token.",
    ),
    (
        "Read first",
        "What this program can do, and what it never does.",
    ),
];

const READ_FIRST: &[(&str, &str)] = &[
    (
        "",
        "wavedeck runs the WhatsApp groups of one Wavy account over the provider's groups API.",
    ),
    (
        "✓",
        "It lists your groups and members, copies and resets invite links, promotes, demotes and removes people, creates, renames and leaves groups.",
    ),
    (
        "✓",
        "After every change it reads the group again and tells you, person by person, what is true now.",
    ),
    (
        "✗",
        "It cannot add people: the API has no such call. People join through the invite link.",
    ),
    (
        "✗",
        "It cannot bring you back into a group you left, nor delete a group.",
    ),
    (
        "!",
        "The engine behind this API ended its groups feature in October 2020. Whether your account offers groups today, only a try can tell; the demo shows all of it without one.",
    ),
];

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let Stage::Welcome(welcome) = &model.stage else {
        return;
    };
    canvas.answers(area, Target::Area(Region::Front));
    let box_width = 66.min(area.width.saturating_sub(4));
    let x = area.x + area.width.saturating_sub(box_width) / 2;
    let tall = area.height >= 22;
    let mut y = area.y
        + if area.height >= 30 {
            area.height / 4
        } else {
            u16::from(tall) * 2
        };
    let center = |canvas: &mut Canvas<'_>, y: u16, text: &str, meaning| {
        let x = area.x + area.width.saturating_sub(width(text)) / 2;
        canvas.put(x, y, area.width, text, meaning);
    };
    let title_x = area.x + area.width.saturating_sub(10) / 2;
    canvas.put(title_x, y, 2, "◆", Meaning::Accent);
    canvas.put(title_x + 2, y, 8, "wavedeck", Meaning::Strong);
    y += 1;
    center(
        canvas,
        y,
        "WhatsApp groups from your keyboard",
        Meaning::Dim,
    );
    y += if tall { 3 } else { 2 };
    let body = Rect {
        x,
        y,
        width: box_width,
        height: area.bottom().saturating_sub(1 + y),
    };
    let here: &[(&str, &str)] = match welcome.page {
        WelcomePage::ReadFirst => {
            if draw_read_first(canvas, body, welcome.scroll) {
                &[("↑ ↓", "scroll"), ("esc", "back")]
            } else {
                &[("esc", "back")]
            }
        }
        WelcomePage::Choice => {
            let below = draw_choices(canvas, body, welcome.row, tall);
            draw_account(canvas, below, &model.session.config_path, tall);
            &[
                ("↑ ↓", "choose"),
                ("enter", "start"),
                ("1 2 3", "choose directly"),
                ("q", "quit"),
            ]
        }
    };
    keys(model, canvas, area, here);
}

/// What the program does and never does; `true` when not all of it is in view.
fn draw_read_first(canvas: &mut Canvas<'_>, area: Rect, scroll: u16) -> bool {
    let room = usize::from(area.height.saturating_sub(1));
    let lines = read_first(area.width, room);
    let top = usize::from(scroll).min(lines.len().saturating_sub(room));
    canvas.begin_reading(area.x + 2, area.y);
    for (y, (sign, line)) in (area.y..).zip(lines.iter().skip(top).take(room)) {
        let meaning = match *sign {
            "✓" => Meaning::Ok,
            "✗" => Meaning::Danger,
            _ => Meaning::Warn,
        };
        canvas.put(area.x, y, 1, sign, meaning);
        canvas.put(area.x + 2, y, area.width, line, Meaning::Text);
    }
    lines.len() > room
}

/// The three choices; returns what is left below them.
fn draw_choices(canvas: &mut Canvas<'_>, area: Rect, row: usize, tall: bool) -> Rect {
    let Rect { x, mut y, .. } = area;
    let room = area.width.saturating_sub(6);
    for (n, (title, text)) in CHOICES.iter().enumerate() {
        let chosen = n == row;
        // On a low screen only the chosen row explains itself.
        let lines = if tall || chosen {
            wrap(text, room)
        } else {
            Vec::new()
        };
        let height = u16::try_from(lines.len()).unwrap_or(0) + 1;
        canvas.answers(Rect { y, height, ..area }, Target::Line(n));
        if chosen {
            canvas.shade(Rect { y, height, ..area }, Meaning::Selected);
            for line in y..y + height {
                canvas.put(x, line, 1, "▌", Meaning::Accent);
            }
            canvas.place_caret(x, y);
        }
        canvas.put(x + 2, y, 1, &(n + 1).to_string(), Meaning::Strong);
        let meaning = if chosen {
            Meaning::Strong
        } else {
            Meaning::Text
        };
        canvas.put(x + 6, y, room, title, meaning);
        for (below, line) in (y + 1..).zip(&lines) {
            canvas.put(x + 6, below, room, line, Meaning::Dim);
        }
        y += height + u16::from(tall);
    }
    y += u16::from(tall);
    Rect {
        y,
        height: area.bottom().saturating_sub(y),
        ..area
    }
}

/// Where an account was looked for, and that nothing is sent yet.
fn draw_account(canvas: &mut Canvas<'_>, area: Rect, path: &str, tall: bool) {
    let account = format!(
        "No account was found in {path} nor in WAVEDECK_USER_NAME and WAVEDECK_AUTHENTICATION_TOKEN."
    );
    let mut y = area.y;
    for text in [
        account.as_str(),
        "Nothing is sent anywhere until you choose 2 and confirm.",
    ] {
        for line in wrap(text, area.width.saturating_sub(2)) {
            if y < area.bottom() {
                canvas.put(area.x + 2, y, area.width, &line, Meaning::Dim);
            }
            y += 1;
        }
        y += u16::from(tall);
    }
}

/// The page in lines with their signs; with blank lines between where there is room for them.
fn read_first(width: u16, room: usize) -> Vec<(&'static str, String)> {
    let paragraphs: Vec<Vec<(&str, String)>> = READ_FIRST
        .iter()
        .map(|(sign, text)| {
            let lines = wrap(text, width.saturating_sub(2)).into_iter().enumerate();
            lines
                .map(|(n, line)| (if n == 0 { *sign } else { "" }, line))
                .collect()
        })
        .collect();
    let all: usize = paragraphs.iter().map(Vec::len).sum();
    let gaps = all + paragraphs.len() <= room + 1;
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        if gaps && !lines.is_empty() {
            lines.push(("", String::new()));
        }
        lines.extend(paragraph);
    }
    lines
}

/// The lowest row: what can be done here, or in the dialog in front.
fn keys(model: &Model, canvas: &mut Canvas<'_>, area: Rect, keys: &[(&str, &str)]) {
    let row = Rect {
        x: area.x + 1,
        y: area.bottom().saturating_sub(1),
        width: area.width.saturating_sub(2),
        height: 1,
    };
    let offers = if model.dialog.is_some() {
        canvas.regions.cover();
        offers(model, &canvas.theme)
    } else {
        pairs(keys)
    };
    hints(canvas, row, &offers);
}

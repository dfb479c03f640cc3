//! What the program did: requests with their answers, and notices, newest first.

use ratatui::layout::Rect;

use super::canvas::{Canvas, Labels, pane};
use super::card::mark;
use super::details::notice;
use super::header::spinner;
use super::text::{clock_seconds, cut_front, number, width, wrap};
use crate::app::Call;
use crate::app::Model;
use crate::app::activity::{Entry, RequestState, What};
use crate::app::layout::Layout;
use crate::domain::{Clean, Failure};
use crate::theme::Meaning;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let inside = if model.size.layout() == Layout::One {
        area
    } else {
        let count = number(model.activity.len());
        let labels = Labels {
            title: "6 Activity",
            count: &count,
            state: "",
            place: "",
        };
        pane(canvas, area, &labels, true)
    };
    let padding = model.size.padding();
    let area = Rect {
        y: inside.y + padding,
        height: inside.height.saturating_sub(padding),
        ..inside
    };
    if model.activity.is_empty() {
        let text = "Nothing yet. Every request will be listed here.".to_owned();
        notice(canvas, area, &[(text, Meaning::Dim)], &[], true);
        return;
    }
    let mut y = area.y;
    for (row, entry) in model.activity.iter().enumerate().skip(model.activity.top()) {
        if y >= area.bottom() {
            break;
        }
        if row == model.activity.row() {
            canvas.shade(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                Meaning::Selected,
            );
            canvas.put(area.x, y, 1, "▌", Meaning::Accent);
            if canvas.caret.is_none() {
                canvas.place_caret(area.x, y);
            }
        }
        line(
            model,
            canvas,
            Rect {
                y,
                height: 1,
                ..area
            },
            entry,
        );
        y += 1;
        if model.activity.is_unfolded(entry.id) {
            y = unfolded(canvas, area, y, entry);
        }
    }
}

fn line(model: &Model, canvas: &mut Canvas<'_>, area: Rect, entry: &Entry) {
    let time = clock_seconds(entry.at, &model.session.time_zone);
    let y = area.y;
    let (sign, meaning) = sign(model, entry);
    canvas.put(area.x + 2, y, 1, sign, meaning);
    canvas.put(area.x + 4, y, 8, &time, Meaning::Dim);
    let x = area.x + 14;
    let end = area.right().saturating_sub(2);
    match &entry.what {
        What::Notice(_, text) => {
            canvas.put(x, y, end.saturating_sub(x), text, Meaning::Text);
        }
        What::Request { call, state } => {
            let operation = call.operation();
            canvas.put(x, y, 6, operation.method(), Meaning::Text);
            let (status, took) = match &**state {
                RequestState::Running(_) => (
                    "…".to_owned(),
                    duration(model.now.since(entry.at).as_millis()),
                ),
                RequestState::Cancelled => ("cancelled".to_owned(), String::new()),
                RequestState::Ended {
                    exchange,
                    failure,
                    retry_in,
                } => {
                    let status = exchange.status.map_or_else(
                        || failure.as_ref().map_or("ok", |_| "no answer").to_owned(),
                        |status| status.to_string(),
                    );
                    let took = match retry_in {
                        Some(pause) => format!("again in {}", duration(pause.as_millis())),
                        None => duration(exchange.took.as_millis()),
                    };
                    (status, took)
                }
            };
            // Where there is little room, the path is worth more than the time.
            let at = if end.saturating_sub(x) < 34 {
                end + 2
            } else {
                let at = canvas.put_right(end, y, 16, &took, Meaning::Dim);
                at.min(end.saturating_sub(9))
            };
            let room = at.saturating_sub(x + 7);
            let status_at = at.saturating_sub(width(&status) + 2);
            canvas.put(status_at, y, 10, &status, meaning);
            let room = room.saturating_sub(width(&status) + 3);
            canvas.put(x + 7, y, room, &path(call, room), Meaning::Text);
        }
    }
}

/// The path of a request; where it is too long, its end, which tells more than its beginning.
fn path(call: &Call, room: u16) -> String {
    let Some(id) = call.group() else {
        return cut_front("/groups", room);
    };
    let end = call.operation().tail();
    let tail = Clean::new(&cut_front(id.as_str(), 11));
    let usual = format!("/groups/{tail}{end}");
    if width(&usual) <= room {
        usual
    } else {
        cut_front(&format!("{}{end}", Clean::new(id.as_str())), room)
    }
}

fn sign(model: &Model, entry: &Entry) -> (&'static str, Meaning) {
    match &entry.what {
        What::Notice(level, _) => mark(*level),
        What::Request { state, .. } => match &**state {
            RequestState::Running(_) => (spinner(model), Meaning::Info),
            RequestState::Cancelled => ("·", Meaning::Dim),
            RequestState::Ended { failure: None, .. } => ("✓", Meaning::Ok),
            RequestState::Ended {
                retry_in: Some(_), ..
            } => ("!", Meaning::Warn),
            RequestState::Ended {
                failure: Some(_), ..
            } => ("✗", Meaning::Danger),
        },
    }
}

fn unfolded(canvas: &mut Canvas<'_>, area: Rect, mut y: u16, entry: &Entry) -> u16 {
    let mut facts: Vec<(&str, String)> = Vec::new();
    match &entry.what {
        What::Notice(_, text) => facts.push(("what", text.clone())),
        What::Request { state, .. } => {
            if let RequestState::Ended {
                exchange, failure, ..
            } = &**state
            {
                facts.push(("path", exchange.path.clone()));
                facts.extend(failure.as_ref().map(|why: &Failure| ("why", why.why())));
                facts.extend(failure.as_ref().map(|why| ("next", why.next().to_owned())));
                facts.extend(exchange.body.as_ref().map(|body| ("sent", body.clone())));
                facts.push((
                    "headers",
                    "userName ••••••••   authenticationToken ••••••••".to_owned(),
                ));
                let answer = exchange.answer.as_str();
                let answer = if answer.is_empty() {
                    "empty body"
                } else {
                    answer
                };
                facts.push(("answer", answer.to_owned()));
            }
        }
    }
    let room = area.width.saturating_sub(16);
    for (label, text) in facts {
        let text = Clean::new(&text);
        for (n, part) in wrap(text.as_str(), room).into_iter().enumerate() {
            if y >= area.bottom() {
                return y;
            }
            if n == 0 {
                canvas.put(area.x + 4, y, 10, label, Meaning::Dim);
            }
            canvas.put(area.x + 14, y, room, &part, Meaning::Text);
            y += 1;
        }
    }
    y + 1
}

fn duration(millis: u128) -> String {
    if millis < 1_000 {
        return format!("{millis} ms");
    }
    let tenths = millis / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

//! What the program did: requests with their answers, notices, and what the journal says of other
//! runs, newest first; on top the changes whose end nobody knows.

use std::fmt::Write as _;

use ratatui::layout::Rect;

use super::canvas::{Canvas, Labels, pane};
use super::card::mark;
use super::details::{notice, taught, titled};
use super::header::spinner;
use super::text::{clock_seconds, cut, cut_front, day_or_clock, moment, number, safe, width, wrap};
use crate::app::Call;
use crate::app::Model;
use crate::app::activity::{Entry, RequestState, RowId, What};
use crate::app::layout::Layout;
use crate::app::past::{self, Reading};
use crate::app::pointer::Target;
use crate::app::update::{can_tell, change};
use crate::domain::journal::{self, End, EntryState, Verdict};
use crate::domain::{Clean, DeliveryState, Failure, FailureKind};
use crate::keymap::Action;
use crate::theme::Meaning;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let activity = &model.activity;
    let filter = &activity.filter;
    let filtered = filter.is_active() || filter.typing;
    let words = safe(filter.input.text());
    let count = match activity.past.reading() {
        Reading::DownTo(_) => format!("{}+", number(activity.rows().len())),
        Reading::NotYet | Reading::Asked(_) | Reading::All | Reading::Failed(_) => {
            number(activity.rows().len())
        }
    };
    let one = model.size.layout() == Layout::One;
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
        let named = super::titled(model, titled(model, Action::GoActivity, "Activity"));
        let title = if filtered {
            format!("{named} /{words}")
        } else {
            named
        };
        let title = cut(&title, area.width.saturating_sub(10 + width(&count)));
        let labels = Labels {
            title: &title,
            count: &count,
            state: "",
            place: "",
        };
        let inside = pane(canvas, area, &labels, true);
        if filter.typing {
            // The frame says ` ▸ 6 Activity /words `: the caret stands behind the words.
            canvas.place_caret(area.x + 5 + width(&title), area.y);
        }
        inside
    };
    let padding = model.size.padding().max(u16::from(one && filtered));
    let area = Rect {
        y: inside.y + padding,
        height: inside.height.saturating_sub(padding),
        ..inside
    };
    if activity.rows().is_empty() {
        empty(model, canvas, area, &words);
        return;
    }
    let mut y = area.y;
    let current = activity.current();
    for id in activity.rows().iter().skip(activity.top()) {
        if y >= area.bottom() {
            break;
        }
        let place = Rect {
            y,
            height: 1,
            ..area
        };
        canvas.answers(place, Target::Entry(*id));
        if Some(*id) == current {
            canvas.shade(place, Meaning::Selected);
            canvas.put(area.x, y, 1, "▌", Meaning::Accent);
            if canvas.caret.is_none() {
                canvas.place_caret(area.x, y);
            }
        }
        let open = activity.is_unfolded(*id);
        let facts = match id {
            RowId::Now(id) => activity.get(*id).and_then(|entry| {
                line(model, canvas, place, entry);
                open.then(|| entry_facts(model, entry))
            }),
            RowId::Change(id) => change(model, *id).and_then(|entry| {
                change_line(model, canvas, place, entry);
                open.then(|| change_facts(model, entry))
            }),
        };
        y += 1;
        if let Some(facts) = facts {
            y = unfolded(canvas, area, y, &facts);
        }
    }
}

fn empty(model: &Model, canvas: &mut Canvas<'_>, area: Rect, words: &str) {
    let (text, keys): (_, &[(Action, &str)]) = match model.activity.past.reading() {
        Reading::Asked(_) => (format!("{} Looking …", spinner(model)), &[]),
        Reading::Failed(why) => (format!("✗ The journal cannot be read: {why}"), &[]),
        Reading::NotYet | Reading::DownTo(_) | Reading::All if words.is_empty() => (
            "Nothing yet. Every request will be listed here.".to_owned(),
            &[],
        ),
        Reading::NotYet | Reading::DownTo(_) | Reading::All => (
            format!("Nothing matches “{words}”."),
            &[(Action::Back, "clear the filter")],
        ),
    };
    notice(
        canvas,
        area,
        &[(text, Meaning::Dim)],
        &taught(model, keys),
        true,
    );
}

/// A change that is told by the journal: when, what, in whose name, and how it ended.
fn change_line(model: &Model, canvas: &mut Canvas<'_>, area: Rect, entry: &journal::Entry) {
    let y = area.y;
    let (sign, meaning) = match &entry.state {
        EntryState::InFlight => ("…", Meaning::Info),
        EntryState::Ended(end) => match end {
            End::Applied | End::SettledByUser(Verdict::Happened) => ("✓", Meaning::Ok),
            End::NotApplied(_) | End::SettledByUser(Verdict::DidNotHappen) => {
                ("✗", Meaning::Danger)
            }
            End::Unknown(_) | End::Mixed(_) => ("!", Meaning::Warn),
        },
    };
    let failed = fate_in(model, entry).filter(|fate| fate.reason().is_some());
    let (sign, meaning) = failed.map_or((sign, meaning), |_| ("✗", Meaning::Danger));
    canvas.put(area.x + 2, y, 1, sign, meaning);
    let at = day_or_clock(entry.begun, model.now, &model.session.time_zone);
    canvas.put(area.x + 4, y, 8, &at, Meaning::Dim);
    let x = area.x + 14;
    let end = area.right().saturating_sub(2);
    let state = failed.map_or_else(|| past::state(entry), DeliveryState::word);
    let state_at = canvas.put_right(end, y, 16, state, meaning);
    let room = state_at.saturating_sub(x + 2);
    let title = Clean::new(&past::title(entry));
    let after = canvas.put(x, y, room, title.as_str(), Meaning::Text);
    // In whose name, where there is room for it.
    if let Some(intent) = &entry.intent {
        let account = intent.account.split(" at ").next().unwrap_or_default();
        let who = Clean::new(if entry.person.is_empty() {
            account
        } else {
            &entry.person
        });
        if after + 3 + width(who.as_str()) + 2 < state_at {
            canvas.put_right(
                state_at.saturating_sub(3),
                y,
                40,
                who.as_str(),
                Meaning::Dim,
            );
        }
    }
}

fn change_facts(model: &Model, entry: &journal::Entry) -> Vec<(&'static str, String)> {
    let zone = &model.session.time_zone;
    let mut when = moment(entry.begun, zone);
    if let Some(ended) = entry.ended
        && ended.since(entry.begun).as_secs() > 0
    {
        let _ = write!(when, ", ended {}", moment(ended, zone));
    }
    let mut facts = past::facts(entry);
    facts.insert(1, ("when", when));
    let fate = fate_in(model, entry);
    facts.extend(fate.map(|fate| ("delivery", fate.words())));
    if model.journal.doubts.get(entry.id).is_some() {
        let say = model.way_to(Action::Settle);
        let next = if can_tell(model, entry) {
            let again = model.way_to(Action::Refresh);
            format!("{again} looks again, {say} says what became of it")
        } else {
            format!("look at the group on a phone; {say} says what became of it")
        };
        facts.push(("next", next));
    }
    facts
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
                    // Where there is little room, its sign says as much.
                    let fate = fate_of(model, call)
                        .filter(|fate| fate.reason().is_some() && end.saturating_sub(x) >= 48);
                    let status = fate.map_or(status, |fate| fate.word().to_owned());
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
            canvas.put(status_at, y, 14, &status, meaning);
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
    if let Call::SendInvitation(_, invitation) = call {
        // What tells these apart is the person.
        return cut_front(&format!("/send {}", invitation.to().pretty()), room);
    }
    let tail = Clean::new(&cut_front(id.as_str(), 11));
    let (start, end) = if let Call::Send(_) = call {
        ("/send ", "")
    } else {
        ("/groups/", call.operation().tail())
    };
    let usual = format!("{start}{tail}{end}");
    if width(&usual) <= room {
        usual
    } else {
        cut_front(&format!("{}{end}", Clean::new(id.as_str())), room)
    }
}

fn sign(model: &Model, entry: &Entry) -> (&'static str, Meaning) {
    match &entry.what {
        What::Notice(level, _) => mark(*level),
        What::Request { call, state } => match &**state {
            RequestState::Running(_) => (spinner(model), Meaning::Info),
            RequestState::Cancelled => ("·", Meaning::Dim),
            RequestState::Ended { .. }
                if fate_of(model, call).is_some_and(|fate| fate.reason().is_some()) =>
            {
                ("✗", Meaning::Danger)
            }
            RequestState::Ended { failure: None, .. } => ("✓", Meaning::Ok),
            // Having no icon is no error.
            RequestState::Ended {
                failure: Some(why), ..
            } if why.kind == FailureKind::NoIcon => ("·", Meaning::Dim),
            RequestState::Ended {
                retry_in: Some(_), ..
            } => ("!", Meaning::Warn),
            RequestState::Ended {
                failure: Some(_), ..
            } => ("✗", Meaning::Danger),
        },
    }
}

/// How far the message of a call got, as the provider reported it.
fn fate_of<'m>(model: &'m Model, call: &Call) -> Option<&'m DeliveryState> {
    match call {
        Call::Send(message) => model.received.fate(&message.id),
        Call::SendInvitation(_, invitation) => model.received.fate(invitation.id()),
        Call::Index
        | Call::Details(_)
        | Call::Invite(_)
        | Call::Create(_)
        | Call::Rename(..)
        | Call::Members(..)
        | Call::ResetInvite(_)
        | Call::Icon(_)
        | Call::Picture(..)
        | Call::SetIcon(..)
        | Call::RemoveIcon(_)
        | Call::Leave(_)
        | Call::TestAccount(_) => None,
    }
}

/// The same of a change that is told by the journal.
fn fate_in<'m>(model: &'m Model, entry: &journal::Entry) -> Option<&'m DeliveryState> {
    let name = entry.intent.as_ref()?.correlation.as_ref()?;
    model.received.fate(name)
}

fn entry_facts(model: &Model, entry: &Entry) -> Vec<(&'static str, String)> {
    let mut facts: Vec<(&str, String)> = Vec::new();
    match &entry.what {
        What::Notice(_, text) => facts.push(("what", text.clone())),
        What::Request { call, state } => {
            let fate = fate_of(model, call);
            facts.extend(fate.map(|fate| ("delivery", fate.words())));
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
    facts
}

fn unfolded(
    canvas: &mut Canvas<'_>,
    area: Rect,
    mut y: u16,
    facts: &[(&'static str, String)],
) -> u16 {
    let room = area.width.saturating_sub(16);
    for (label, text) in facts {
        let text = Clean::new(text);
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

//! What became of invitations, one row each, live while they leave.

use ratatui::layout::Rect;

use super::invitations::{Lines, colour, put_lines};
use super::{Act, Box, is_tight, pair, popup};
use crate::app::Model;
use crate::app::dialog::{Button, Invited};
use crate::app::invitations::{Counts, InviteState, Run};
use crate::app::update::describe_to;
use crate::domain::DeliveryState;
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::header::spinner;
use crate::ui::text::{cut, width, wrap};

/// Most rows of notes below the results.
const NOTES: u16 = 3;

/// The rows of the results.
struct ResultRows {
    width: u16,
    gap: u16,
    /// Rows for what the results mean: always there, so that nothing moves when there is one more.
    noted: u16,
    /// People in view.
    listed: u16,
    /// All other rows.
    fixed: u16,
}

impl ResultRows {
    fn new(front: Rect, run: &Run) -> Self {
        let gap = u16::from(!is_tight(front));
        let width = if front.width >= 120 {
            84
        } else {
            76.min(front.width)
        };
        // Both frames, the count, the buttons, and what keeps the four parts apart.
        let fixed = 2 + 1 + 1 + 4 * gap;
        let room = front.height.saturating_sub(fixed);
        let noted = NOTES.min(room / 3);
        let people = u16::try_from(run.people.len()).unwrap_or(u16::MAX);
        Self {
            width,
            gap,
            noted,
            listed: people.min(room.saturating_sub(noted)).max(1),
            fixed,
        }
    }
}

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, shown: &Invited) {
    let Some(run) = model.invitations.of(&shown.group) else {
        return;
    };
    let ResultRows {
        width: box_width,
        gap,
        noted,
        listed,
        fixed,
    } = ResultRows::new(front, run);
    let over = run.is_over();
    let name = model.groups.name(&shown.group);
    let title = cut(
        &format!("Invitations to {name}"),
        box_width.saturating_sub(8),
    );
    let top = shown
        .top
        .min(run.people.len().saturating_sub(usize::from(listed)));
    let below = run.people.len().saturating_sub(top + usize::from(listed));
    let more = match (top, below) {
        (0, 0) => String::new(),
        (_, 0) => "↑".to_owned(),
        (_, below) => format!("↓ {below} more"),
    };
    let look = Box {
        title: &title,
        hints: (if over { "esc close" } else { "esc hide" }, &more),
        meaning: Meaning::Accent,
    };
    let inside = popup(canvas, front, (box_width, fixed + noted + listed), &look);
    let mut y = inside.y;
    let (text, meaning) = count_of(run.counts());
    canvas.put(inside.x, y, inside.width, &text, meaning);
    if !over {
        canvas.place_caret(inside.x, y);
    }
    y += 1 + gap;
    let list = Rect {
        y,
        height: listed,
        ..inside
    };
    for (y, (id, state)) in (list.top()..list.bottom()).zip(run.people.iter().skip(top)) {
        let (sign, meaning) = sign(model, state);
        canvas.put(list.x, y, 1, sign, meaning);
        let end = canvas.put(list.x + 2, y, 20, &id.pretty(), Meaning::Text);
        let x = end.max(list.x + 20) + 1;
        let room = list.right().saturating_sub(x);
        let words = describe_to(model, run, id, state);
        canvas.put(x, y, room, &words, meaning);
    }
    y += listed + gap;
    put_lines(
        canvas,
        Rect {
            y,
            height: noted,
            ..inside
        },
        &notes(model, run, inside.width, noted),
    );
    if over {
        let row = Rect {
            y: inside.bottom().saturating_sub(1 + gap),
            height: 1,
            ..inside
        };
        let rest = run.rest().len();
        let act = match rest {
            0 => "Invite more…".to_owned(),
            rest => format!("Try {rest} not sent…"),
        };
        pair(canvas, row, ("Done", &act), Some(shown.focus), Act::Safe);
    }
}

/// Whether not all results are in view, so that the arrows scroll.
pub(in crate::ui) fn scrolls(model: &Model, shown: &Invited) -> bool {
    let front = super::front(model, Rect::new(0, 0, model.size.width, model.size.height));
    let run = model.invitations.of(&shown.group);
    run.is_some_and(|run| usize::from(ResultRows::new(front, run).listed) < run.people.len())
}

/// `3 accepted · 1 refused · 2 not sent`.
pub(in crate::ui) fn count_of(counts: Counts) -> (String, Meaning) {
    let Counts {
        open,
        accepted,
        undelivered,
        refused,
        doubtful,
        not_sent,
    } = counts;
    let parts: Vec<String> = [
        (accepted, "accepted"),
        (undelivered, "not delivered"),
        (refused, "refused"),
        (doubtful, "may have been delivered"),
        (not_sent, "not sent"),
        (open, "to go"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    let meaning = if open > 0 {
        Meaning::Info
    } else if doubtful > 0 {
        Meaning::Warn
    } else if undelivered + refused + not_sent > 0 {
        Meaning::Danger
    } else {
        Meaning::Ok
    };
    (parts.join(" · "), meaning)
}

fn sign(model: &Model, state: &InviteState) -> (&'static str, Meaning) {
    match state {
        InviteState::Waiting => ("·", Meaning::Dim),
        InviteState::Sending(_) => (spinner(model), Meaning::Info),
        InviteState::Accepted => ("✓", Meaning::Ok),
        InviteState::Undelivered(_) | InviteState::Refused(_) => ("✗", Meaning::Danger),
        InviteState::Doubtful(_) => ("!", Meaning::Warn),
        InviteState::NotSent(_) => ("–", Meaning::Dim),
    }
}

/// What the results mean, the most important first, in so many rows.
fn notes(model: &Model, run: &Run, room: u16, rows: u16) -> Lines {
    let counts = run.counts();
    let mut notes: Lines = Vec::new();
    let mut say = |text: &str, meaning| notes.extend(colour(wrap(text, room), meaning));
    if let Some(why) = &run.stopped {
        say(&format!("Stopped: {}.", why.why()), Meaning::Warn);
    }
    let mut told: Vec<&str> = Vec::new();
    for (_, state) in &run.people {
        // The rows have little room for it.
        if let InviteState::Undelivered(why) = state
            && !told.contains(&why.as_str())
        {
            say(&format!("Not delivered: {why}."), Meaning::Danger);
            told.push(why);
        }
    }
    if counts.doubtful > 0 {
        let text = "Who may have got it is not tried again: ask them first.";
        say(text, Meaning::Warn);
    }
    let has_arrived = |id| {
        let name = model.invitations.name_of(&run.group, id);
        let fate = name.and_then(|name| model.received.fate(name));
        matches!(fate, Some(DeliveryState::Delivered | DeliveryState::Read))
    };
    let mut accepted = run.people.iter();
    if accepted.any(|(id, state)| *state == InviteState::Accepted && !has_arrived(id)) {
        say("Accepted is not delivered yet.", Meaning::Dim);
    }
    let rest = notes.split_off(notes.len().min(usize::from(rows)));
    if let (Some((last, meaning)), Some((_, next))) = (notes.last_mut(), rest.first())
        && meaning == next
    {
        *last = cut(&format!("{last} …………"), room);
    }
    notes
}

/// What the Invite pane says of the results it does not show: `3 accepted · 1 not sent`.
pub(in crate::ui) fn in_short(run: &Run, room: u16) -> (String, Meaning) {
    let (text, meaning) = count_of(run.counts());
    let whole = format!("invitations: {text}");
    if width(&whole) <= room {
        (whole, meaning)
    } else {
        (text, meaning)
    }
}

/// The button that has the focus in the results, once there are buttons.
pub(in crate::ui) fn pressed(model: &Model, shown: &Invited) -> Option<Button> {
    let run = model.invitations.of(&shown.group)?;
    run.is_over().then_some(shown.focus)
}

//! Inviting people by message: the form with what was understood of it, and the results, one row each.

use ratatui::layout::Rect;

use super::{Act, Box, Shown, buttons, field, is_tight, pair, popup, text_row};
use crate::app::Model;
use crate::app::dialog::{Button, Focus, Invited};
use crate::app::field::TextInput;
use crate::app::invitations::form::{InviteForm, Reading};
use crate::app::invitations::{Counts, Fate, MOST, Run};
use crate::app::update::{LinkState, describe, link_of, reading};
use crate::domain::{Clean, Invitation};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::header::spinner;
use crate::ui::text::{cut, plural, safe, sentence, width, wrap};

/// Lines of some kind, each with its meaning.
type Lines = Vec<(String, Meaning)>;

/// The rows of the form, by the size of the window alone.
struct Rows {
    width: u16,
    /// Rows of a field, with its frame.
    field: u16,
    /// A row above each field that names it.
    label: u16,
    gap: u16,
    /// Rows for what is wrong with numbers.
    issues: u16,
    /// Rows for what is sent.
    preview: u16,
    /// Where both have to share the same rows, only one of them is shown.
    shared: bool,
    height: u16,
}

impl Rows {
    fn new(front: Rect) -> Self {
        let gap = u16::from(!is_tight(front));
        let width = if front.width >= 120 {
            76
        } else {
            72.min(front.width)
        };
        let (field, label) = if front.height >= 20 { (3, 1) } else { (1, 0) };
        // Both frames, both fields, the count, and the buttons.
        let fixed = 2 + 2 * (field + label) + 1 + 1 + 2 * gap;
        let room = front.height.saturating_sub(fixed);
        let shared = room < 5;
        let (issues, preview) = if shared {
            (room, room)
        } else {
            let issues = 6.min((room - 1) / 2);
            (issues, 5.min(room - 1 - issues))
        };
        let both = if shared { room } else { issues + preview + 1 };
        Self {
            width,
            field,
            label,
            gap,
            issues,
            preview,
            shared,
            height: fixed + both,
        }
    }
}

pub(super) fn draw_form(model: &Model, canvas: &mut Canvas<'_>, front: Rect, form: &InviteForm) {
    let rows = Rows::new(front);
    let reading = reading(model, form);
    let name = model.groups.name(&form.group);
    let title = cut(
        &format!("Invite to {name} by message"),
        rows.width.saturating_sub(8),
    );
    let look = Box {
        title: &title,
        hints: ("esc cancel", "enter go on…"),
        meaning: Meaning::Accent,
    };
    let inside = popup(canvas, front, (rows.width, rows.height), &look);
    let mut y = inside.y;
    let label = if rows.label > 0 {
        "Numbers with country code, separated by commas"
    } else {
        "To    › "
    };
    let place = Rect { y, ..inside };
    y += one_field(
        canvas,
        place,
        &rows,
        label,
        &form.numbers,
        form.focus == Focus::Field(0),
    );
    let (count, meaning) = count(&reading, form.tried);
    canvas.put(inside.x, y, inside.width, &count, meaning);
    y += 1;
    let about_numbers = form.focus == Focus::Field(0) && has_issues(&reading);
    if !rows.shared {
        let area = Rect {
            y,
            height: rows.issues,
            ..inside
        };
        let mut lines = issues(&reading, rows.issues);
        let group = model.groups.get(&form.group);
        if group.is_some_and(|group| group.roster().is_none()) {
            let text = "Who is in the group is not known, so nobody is left out.";
            lines.insert(0, (text.to_owned(), Meaning::Warn));
        }
        put_lines(canvas, area, &lines);
        y += rows.issues;
    }
    let label = if rows.label > 0 {
        "Words before the link"
    } else {
        "Words › "
    };
    let place = Rect { y, ..inside };
    y += one_field(
        canvas,
        place,
        &rows,
        label,
        &form.words,
        form.focus == Focus::Field(1),
    );
    if !rows.shared {
        canvas.put(
            inside.x,
            y,
            inside.width,
            "Each of them gets:",
            Meaning::Dim,
        );
        y += 1;
    }
    let area = Rect {
        y,
        height: rows.preview,
        ..inside
    };
    if rows.shared && about_numbers {
        put_lines(canvas, area, &issues(&reading, rows.issues));
    } else {
        let indent = u16::from(!rows.shared) * 2;
        let area = Rect {
            x: area.x + indent,
            width: area.width.saturating_sub(indent),
            ..area
        };
        put_lines(canvas, area, &preview(model, form, area));
    }
    let row = Rect {
        y: inside.bottom().saturating_sub(1 + rows.gap),
        height: 1,
        ..inside
    };
    let ready = reading.is_good() && form.words_over() == 0;
    let (text, look) = match link_of(model, &form.group) {
        _ if form.waiting_since.is_some() => ("Reading …", Act::Busy),
        LinkState::NoAddress | LinkState::Gone => ("Go on…", Act::NotYet),
        _ if ready => ("Go on…", Act::Safe),
        _ => ("Go on…", Act::NotYet),
    };
    let focus = match form.focus {
        Focus::Button(button) => Some(button),
        Focus::Field(_) | Focus::Tick => None,
    };
    let caret = canvas.caret;
    buttons(canvas, row, text, focus, look);
    if focus.is_none() {
        // Whoever types keeps the caret in the field, also while the link is read.
        canvas.caret = caret;
    }
}

/// One field with its name above it, or in front of it where rows are scarce; returns its rows.
fn one_field(
    canvas: &mut Canvas<'_>,
    area: Rect,
    rows: &Rows,
    label: &str,
    input: &TextInput,
    focused: bool,
) -> u16 {
    let end = canvas.put(area.x, area.y, area.width, label, Meaning::Text);
    if rows.label > 0 {
        let area = Rect {
            y: area.y + 1,
            ..area
        };
        field(canvas, area, input, focused, Shown::Plain);
    } else if focused {
        let room = area.right().saturating_sub(end);
        let row = Rect {
            x: end,
            width: room,
            height: 1,
            ..area
        };
        text_row(canvas, row, input, focused, Shown::Plain);
    } else {
        let room = area.right().saturating_sub(end);
        canvas.put(end, area.y, room, &safe(input.text()), Meaning::Text);
    }
    rows.label + rows.field
}

fn put_lines(canvas: &mut Canvas<'_>, area: Rect, lines: &[(String, Meaning)]) {
    for (y, (line, meaning)) in (area.top()..area.bottom()).zip(lines) {
        canvas.put(area.x, y, area.width, line, *meaning);
    }
}

/// `2 numbers, 1 not usable, 1 left out`.
fn count(reading: &Reading, tried: bool) -> (String, Meaning) {
    let people = reading.people.len();
    if people > MOST {
        let text = format!("✗ {people} numbers: at most {MOST} at once");
        return (text, Meaning::Danger);
    }
    let nothing = people == 0 && !has_issues(reading) && reading.repeated == 0;
    if nothing {
        return if tried {
            ("✗ A number is needed.".to_owned(), Meaning::Danger)
        } else {
            ("Type or paste numbers.".to_owned(), Meaning::Dim)
        };
    }
    let mut text = plural(people, "number");
    for (count, what) in [
        (reading.unusable.len(), "not usable"),
        (reading.left_out.len(), "left out"),
        (reading.repeated, "repeated"),
    ] {
        if count > 0 {
            text = format!("{text}, {count} {what}");
        }
    }
    if people > 0 {
        (text, Meaning::Ok)
    } else if tried {
        (format!("✗ {text}"), Meaning::Danger)
    } else {
        (text, Meaning::Dim)
    }
}

fn has_issues(reading: &Reading) -> bool {
    !reading.unusable.is_empty() || !reading.left_out.is_empty()
}

/// What is not sent anything and why, in so many rows.
fn issues(reading: &Reading, rows: u16) -> Lines {
    let unusable = reading.unusable.iter().map(|(text, why)| {
        (
            format!("✗ {}  {why}", cut(text.as_str(), 20)),
            Meaning::Danger,
        )
    });
    let left_out = reading
        .left_out
        .iter()
        .map(|(id, why)| (format!("– {}  {}", id.pretty(), why.words()), Meaning::Dim));
    let mut lines: Lines = unusable.chain(left_out).collect();
    let rows = usize::from(rows);
    if lines.len() > rows {
        let more = lines.len() - rows.saturating_sub(1);
        lines.truncate(rows.saturating_sub(1));
        lines.push((format!("  and {more} more"), Meaning::Dim));
    }
    lines
}

/// Exactly what is sent, or why that is not known yet. The link is never left out for the words.
fn preview(model: &Model, form: &InviteForm, area: Rect) -> Lines {
    let over = form.words_over();
    if over > 0 {
        let text = format!("✗ {} too many before the link.", plural(over, "character"));
        return colour(wrap(&text, area.width), Meaning::Danger);
    }
    let (text, meaning) = match link_of(model, &form.group) {
        LinkState::Ready(link) => {
            return match Invitation::wording(form.words.text(), link) {
                Some(text) => wording(text.as_str(), area),
                None => colour(
                    wrap("✗ The link is too long to be sent.", area.width),
                    Meaning::Danger,
                ),
            };
        }
        LinkState::Reading => (
            format!("{} reading the link", spinner(model)),
            Meaning::Info,
        ),
        LinkState::Resetting => (
            format!(
                "{} the link is being reset: the new one is sent",
                spinner(model)
            ),
            Meaning::Info,
        ),
        LinkState::Old => (
            "The link is read again before it is sent.".to_owned(),
            Meaning::Dim,
        ),
        LinkState::Failed(why) => (
            format!("✗ The link could not be read: {}", sentence(&why.why())),
            Meaning::Danger,
        ),
        LinkState::NoAddress => (
            "✗ The link is no web address, so it is not sent.".to_owned(),
            Meaning::Danger,
        ),
        LinkState::Gone => (
            "✗ This group is no longer in the list.".to_owned(),
            Meaning::Danger,
        ),
    };
    colour(wrap(&text, area.width), meaning)
}

fn wording(text: &str, area: Rect) -> Lines {
    let (words, link) = text.rsplit_once('\n').unwrap_or(("", text));
    let link = wrap(link, area.width);
    let mut words = wrap(&Clean::whole(words), area.width);
    let room = usize::from(area.height).saturating_sub(link.len());
    if words.len() > room {
        words.truncate(room);
        if let Some(last) = words.last_mut() {
            *last = cut(&format!("{last} …………"), area.width.max(1));
        }
    }
    let mut lines = colour(words, Meaning::Text);
    lines.extend(colour(link, Meaning::Link));
    lines
}

fn colour(lines: Vec<String>, meaning: Meaning) -> Lines {
    lines.into_iter().map(|line| (line, meaning)).collect()
}

// ---- the results

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

pub(super) fn draw_results(model: &Model, canvas: &mut Canvas<'_>, front: Rect, shown: &Invited) {
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
    for (y, (id, fate)) in (list.top()..list.bottom()).zip(run.people.iter().skip(top)) {
        let (sign, meaning) = sign(model, fate);
        canvas.put(list.x, y, 1, sign, meaning);
        let end = canvas.put(list.x + 2, y, 20, &id.pretty(), Meaning::Text);
        let x = end.max(list.x + 20) + 1;
        let room = list.right().saturating_sub(x);
        canvas.put(x, y, room, &describe(fate), meaning);
    }
    y += listed + gap;
    put_lines(
        canvas,
        Rect {
            y,
            height: noted,
            ..inside
        },
        &notes(run, inside.width, noted),
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
        refused,
        doubtful,
        not_sent,
    } = counts;
    let parts: Vec<String> = [
        (accepted, "accepted"),
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
    } else if refused + not_sent > 0 {
        Meaning::Danger
    } else {
        Meaning::Ok
    };
    (parts.join(" · "), meaning)
}

fn sign(model: &Model, fate: &Fate) -> (&'static str, Meaning) {
    match fate {
        Fate::Waiting => ("·", Meaning::Dim),
        Fate::Sending(_) => (spinner(model), Meaning::Info),
        Fate::Accepted => ("✓", Meaning::Ok),
        Fate::Refused(_) => ("✗", Meaning::Danger),
        Fate::Doubtful(_) => ("!", Meaning::Warn),
        Fate::NotSent(_) => ("–", Meaning::Dim),
    }
}

/// What the results mean, the most important first, in so many rows.
fn notes(run: &Run, room: u16, rows: u16) -> Lines {
    let counts = run.counts();
    let mut notes: Lines = Vec::new();
    let mut say = |text: &str, meaning| notes.extend(colour(wrap(text, room), meaning));
    if let Some(why) = &run.stopped {
        say(&format!("Stopped: {}.", why.why()), Meaning::Warn);
    }
    if counts.doubtful > 0 {
        let text = "Who may have got it is not tried again: ask them first.";
        say(text, Meaning::Warn);
    }
    if counts.accepted > 0 {
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

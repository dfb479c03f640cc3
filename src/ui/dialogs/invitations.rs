//! Inviting people by message: the form, what was understood of it, and exactly what is sent.

use ratatui::layout::Rect;

use super::{Act, Box, Shown, buttons, field, is_tight, popup, text_row};
use crate::app::Model;
use crate::app::dialog::Focus;
use crate::app::field::TextInput;
use crate::app::invitations::MOST;
use crate::app::invitations::form::{InviteForm, Reading};
use crate::app::pointer::Target;
use crate::app::update::{LinkState, link_of, reading};
use crate::domain::{Clean, Invitation};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::header::spinner;
use crate::ui::text::{cut, plural, safe, sentence, wrap};

/// Lines of some kind, each with its meaning.
pub(super) type Lines = Vec<(String, Meaning)>;

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

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, form: &InviteForm) {
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
    answers(canvas, place, &rows, 0);
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
        let mut lines = issues(model, &reading, rows.issues);
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
    answers(canvas, place, &rows, 1);
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
        put_lines(canvas, area, &issues(model, &reading, rows.issues));
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
    let is_ready = reading.is_good() && form.words_over() == 0;
    go_on_or_cancel(model, canvas, row, form, is_ready);
}

/// A click on a field moves the focus there.
fn answers(canvas: &mut Canvas<'_>, area: Rect, rows: &Rows, field: usize) {
    let height = rows.label + rows.field;
    canvas.answers(Rect { height, ..area }, Target::Part(Focus::Field(field)));
}

/// Both buttons; whoever types keeps the caret in the field, also while the link is read.
fn go_on_or_cancel(
    model: &Model,
    canvas: &mut Canvas<'_>,
    row: Rect,
    form: &InviteForm,
    is_ready: bool,
) {
    let can_follow = match link_of(model, &form.group) {
        LinkState::Ready(_)
        | LinkState::Reading
        | LinkState::Resetting
        | LinkState::Old
        | LinkState::Failed(_) => true,
        LinkState::NoAddress | LinkState::Gone => false,
    };
    let (text, look) = match form.waiting_since {
        Some(_) => ("Reading …", Act::Busy),
        None if is_ready && can_follow => ("Go on…", Act::Safe),
        None => ("Go on…", Act::NotYet),
    };
    let focus = match form.focus {
        Focus::Button(button) => Some(button),
        Focus::Field(_) | Focus::Tick => None,
    };
    let caret = canvas.caret;
    buttons(canvas, row, text, focus, look);
    if focus.is_none() {
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

pub(super) fn put_lines(canvas: &mut Canvas<'_>, area: Rect, lines: &[(String, Meaning)]) {
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
fn issues(model: &Model, reading: &Reading, rows: u16) -> Lines {
    let unusable = reading.unusable.iter().map(|(text, why)| {
        (
            format!("✗ {}  {why}", cut(text.as_str(), 20)),
            Meaning::Danger,
        )
    });
    let left_out = reading.left_out.iter().map(|(id, why)| {
        (
            format!("– {}  {}", id.pretty(), why.words(&model.session.keys)),
            Meaning::Dim,
        )
    });
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

pub(super) fn colour(lines: Vec<String>, meaning: Meaning) -> Lines {
    lines.into_iter().map(|line| (line, meaning)).collect()
}

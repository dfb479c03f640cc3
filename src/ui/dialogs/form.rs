//! The form for a subject, with its live counter.

use ratatui::layout::Rect;

use super::{Act, Box, Shown, buttons, field, is_tight, popup, text_row};
use crate::app::dialog::{Focus, FormState, SubjectForm, Tick};
use crate::app::pointer::Target;
use crate::domain::{Clean, Subject, SubjectError};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::footer::gauge;
use crate::ui::text::{cut, plural, sentence, width, wrap};

pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    front: Rect,
    title: &str,
    act: &str,
    form: &SubjectForm,
) {
    let tight = is_tight(front);
    let box_width = if front.width >= 120 {
        64
    } else {
        62.min(front.width)
    };
    let tick = u16::from(form.copy_link != Tick::Absent);
    let message = message(form);
    let message: Vec<(String, Meaning)> = message
        .into_iter()
        .flat_map(|(text, meaning)| {
            wrap(&text, box_width.saturating_sub(6))
                .into_iter()
                .map(move |line| (line, meaning))
        })
        .collect();
    let message_rows = u16::try_from(message.len()).unwrap_or(1).max(1);
    let gap = u16::from(!tight);
    let others = 2 + 1 + gap + tick * (1 + gap) + 1 + gap;
    // The frame around the field gives way first, then the end of the message.
    let framed = others + message_rows + 3 <= front.height;
    let field_rows = if framed { 3 } else { 1 };
    let message_rows = message_rows.min(front.height.saturating_sub(others + field_rows).max(1));
    let height = others + field_rows + message_rows;
    let sending = form.state == FormState::Sending;
    let submit = format!("enter {}", act.to_lowercase());
    let title = cut(title, box_width.saturating_sub(8));
    let look = Box {
        title: &title,
        hints: if sending {
            ("esc hide", "")
        } else {
            ("esc cancel", &submit)
        },
        meaning: Meaning::Accent,
    };
    let inside = popup(canvas, front, (box_width, height), &look);
    let mut y = inside.y;
    canvas.put(inside.x, y, 20, "Subject", Meaning::Text);
    counter(canvas, inside, form);
    y += 1;
    let on_field = matches!(form.focus, Focus::Field(_)) && !sending;
    let row = Rect {
        y,
        height: field_rows,
        ..inside
    };
    canvas.answers(row, Target::Part(Focus::Field(0)));
    if framed {
        field(canvas, row, &form.input, on_field, Shown::Plain);
    } else {
        let x = canvas.put(row.x, y, 2, "› ", Meaning::Accent);
        let width = row.right().saturating_sub(x);
        let row = Rect { x, width, ..row };
        text_row(canvas, row, &form.input, on_field, Shown::Plain);
    }
    y += field_rows;
    for (y, (line, meaning)) in (y..y + message_rows).zip(&message) {
        canvas.put(inside.x, y, inside.width, line, *meaning);
    }
    y += message_rows + gap;
    if form.copy_link != Tick::Absent {
        copy_link(canvas, Rect { y, ..inside }, form);
    }
    let row = Rect {
        y: inside.bottom().saturating_sub(1 + gap),
        height: 1,
        ..inside
    };
    submit_or_cancel(canvas, row, act, form);
}

/// The box to tick: copy the link when it is there.
fn copy_link(canvas: &mut Canvas<'_>, area: Rect, form: &SubjectForm) {
    let mark = if form.copy_link == Tick::On {
        "[x]"
    } else {
        "[ ]"
    };
    canvas.answers(Rect { height: 1, ..area }, Target::Part(Focus::Tick));
    let focused = form.focus == Focus::Tick;
    let meaning = if focused {
        Meaning::Accent
    } else {
        Meaning::Text
    };
    canvas.put(area.x, area.y, 4, mark, meaning);
    let room = area.width.saturating_sub(4);
    let whole = "copy the invite link when it is ready";
    let text = if width(whole) <= room {
        whole
    } else {
        "copy the link when ready"
    };
    canvas.put(area.x + 4, area.y, room, text, meaning);
    if focused {
        canvas.place_caret(area.x + 1, area.y);
    }
}

/// Both buttons, with what is being done in the one that acts.
fn submit_or_cancel(canvas: &mut Canvas<'_>, row: Rect, act: &str, form: &SubjectForm) {
    let sending = format!(
        "{} …",
        if act == "Create" {
            "Creating"
        } else {
            "Renaming"
        }
    );
    let (label, focus) = match (&form.state, form.focus) {
        (FormState::Sending, _) => (sending.as_str(), None),
        (_, Focus::Button(button)) => (act, Some(button)),
        (_, Focus::Field(_) | Focus::Tick) => (act, None),
    };
    let look = match form.state {
        FormState::Sending => Act::Busy,
        FormState::Open | FormState::Refused(_) if form.subject().is_ok() => Act::Safe,
        FormState::Open | FormState::Refused(_) => Act::NotYet,
    };
    buttons(canvas, row, label, focus, look);
}

fn counter(canvas: &mut Canvas<'_>, area: Rect, form: &SubjectForm) {
    let units = Subject::units(form.input.text());
    let meaning = match units {
        0..=22 => Meaning::Dim,
        23..=25 => Meaning::Warn,
        _ => Meaning::Danger,
    };
    let steps = gauge(units.div_ceil(5), 5, 5);
    let text = format!("{steps}  {units} of {}", Subject::MAX);
    canvas.put_right(area.right(), area.y, 20, &text, meaning);
}

/// The line below the field: what is wrong, or what it means.
fn message(form: &SubjectForm) -> Vec<(String, Meaning)> {
    if let FormState::Refused(why) = &form.state {
        return vec![
            (format!("✗ {}", sentence(&why.why())), Meaning::Danger),
            (format!("Next: {}.", why.next()), Meaning::Dim),
        ];
    }
    match form.subject() {
        Err(SubjectError::TooLong(over)) => {
            let emoji =
                Subject::units(form.input.text()) > form.input.text().trim().chars().count();
            let hint = if emoji { " Most emoji count as 2." } else { "" };
            let over = plural(over, "character");
            let limit = Subject::MAX;
            vec![(
                format!("✗ {over} too many: the limit is {limit}.{hint}"),
                Meaning::Danger,
            )]
        }
        Err(SubjectError::Empty) if form.tried => {
            vec![("✗ A group needs a subject.".into(), Meaning::Danger)]
        }
        Err(why @ SubjectError::Control) => vec![(format!("✗ {why}."), Meaning::Danger)],
        Ok(_) | Err(SubjectError::Empty) => match &form.before {
            Some(_) if form.input.is_proposal() => {
                vec![(
                    "typing replaces it, ← → and end edit it".into(),
                    Meaning::Dim,
                )]
            }
            Some(before) => vec![(format!("was {}", Clean::new(before)), Meaning::Dim)],
            None if form.copy_link == Tick::Absent => vec![],
            None => vec![(
                "You will be its only member and admin.".into(),
                Meaning::Dim,
            )],
        },
    }
}

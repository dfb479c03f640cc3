//! The form for user name and token.

use ratatui::layout::Rect;

use super::{Act, Box, Shown, buttons, field, popup, text_row};
use crate::app::dialog::{ConnectForm, Focus, FormState, Keep, Purpose, Reveal};
use crate::app::pointer::Target;
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::text::{sentence, wrap};

pub(super) fn draw(canvas: &mut Canvas<'_>, front: Rect, form: &ConnectForm) {
    let look = Box {
        title: match form.purpose {
            Purpose::Connect => "Connect my account",
            Purpose::Add => "New account",
        },
        hints: ("esc back", "enter test and save"),
        meaning: Meaning::Accent,
    };
    let box_width = 64.min(front.width);
    let message: Vec<(String, Meaning)> = message(form)
        .into_iter()
        .flat_map(|(text, meaning)| {
            wrap(&text, box_width.saturating_sub(6))
                .into_iter()
                .map(move |line| (line, meaning))
        })
        .collect();
    let rows = u16::try_from(message.len()).unwrap_or(1);
    let roomy = front.height >= 20;
    let gap = u16::from(roomy);
    // On a low screen the choice takes one row, so that the message has its own.
    let keep_rows = if front.height < 12 { 1 } else { 2 };
    let height = 2 + 4 + gap + 4 + gap + keep_rows + gap + rows + gap + 1;
    let inside = popup(canvas, front, (box_width, height), &look);
    // Frames around the fields give way first where rows are scarce.
    let framed = inside.height >= height.saturating_sub(2);
    let each = if framed { 4 + gap } else { 2 };
    let mut y = inside.y;
    for n in 0..form.fields.len() {
        credential(canvas, Rect { y, ..inside }, form, n, framed);
        y += each;
    }
    let choice = Rect {
        y,
        height: keep_rows,
        ..inside
    };
    keep(canvas, choice, form);
    y += keep_rows + gap;
    let row = Rect {
        y: inside.bottom().saturating_sub(1),
        height: 1,
        ..inside
    };
    for (line, meaning) in &message {
        if y < row.y {
            canvas.put(inside.x, y, inside.width, line, *meaning);
        }
        y += 1;
    }
    let sending = form.state == FormState::Sending;
    let focus = if let Focus::Button(button) = form.focus {
        Some(button)
    } else {
        None
    };
    let label = if sending {
        "Testing …"
    } else {
        "Test and save"
    };
    let look = if sending { Act::Busy } else { Act::Safe };
    buttons(canvas, row, label, focus.filter(|_| !sending), look);
}

/// One of the two fields with its label; the token is shown as dots until asked otherwise.
fn credential(canvas: &mut Canvas<'_>, area: Rect, form: &ConnectForm, n: usize, framed: bool) {
    const LABELS: [&str; 2] = ["User name or e-mail", "Authentication token"];
    let y = area.y;
    let focused = form.focus == Focus::Field(n) && form.state != FormState::Sending;
    canvas.put(area.x, y, area.width, LABELS[n], Meaning::Text);
    let hidden = form.reveal == Reveal::Hidden;
    let is_token = n == 1;
    if is_token {
        let text = if hidden { "ctrl+r show" } else { "ctrl+r hide" };
        canvas.put_right(area.right(), y, 12, text, Meaning::Dim);
    }
    let shown = if is_token && hidden {
        Shown::Dots
    } else {
        Shown::Plain
    };
    let input = &form.fields[n];
    let height = if framed { 4 } else { 2 };
    canvas.answers(Rect { height, ..area }, Target::Part(Focus::Field(n)));
    if is_token {
        let x = area.right().saturating_sub(11);
        canvas.answer_hints(x, y, 11, "ctrl+r show");
    }
    if framed {
        let below = Rect {
            y: y + 1,
            height: 3,
            ..area
        };
        field(canvas, below, input, focused, shown);
    } else {
        let row = Rect {
            x: area.x + 2,
            y: y + 1,
            width: area.width.saturating_sub(2),
            height: 1,
        };
        text_row(canvas, row, input, focused, shown);
    }
}

/// The choice where the account is kept.
fn keep(canvas: &mut Canvas<'_>, area: Rect, form: &ConnectForm) {
    let on_tick = form.focus == Focus::Tick && form.state != FormState::Sending;
    let meaning = if on_tick {
        Meaning::Accent
    } else {
        Meaning::Text
    };
    let one_row = area.height < 2;
    let texts = if one_row {
        ["saved", "in memory"]
    } else if area.width < 41 {
        ["keyring or file", "only until I quit"]
    } else if area.width < 54 {
        ["in the keyring or a file", "only until I quit"]
    } else {
        [
            "in the keyring, else in a private file",
            "only until I quit",
        ]
    };
    let label = if one_row { "Keep  " } else { "Keep it   " };
    let mut x = canvas.put(area.x, area.y, 10, label, Meaning::Text);
    let mut y = area.y;
    for (line, (keep, text)) in [Keep::Saved, Keep::Memory]
        .into_iter()
        .zip(texts)
        .enumerate()
    {
        let mark = if form.keep == keep { "(•)" } else { "( )" };
        let text = format!("{mark} {text}");
        let room = area.right().saturating_sub(x);
        let end = canvas.put(x, y, room, &text, meaning);
        let place = Rect::new(x, y, end.saturating_sub(x), 1);
        canvas.answers(place, Target::Line(line));
        if on_tick && form.keep == keep {
            canvas.place_caret(x + 1, y);
        }
        if one_row {
            x = end + 1;
        } else {
            y += 1;
        }
    }
}

fn message(form: &ConnectForm) -> Vec<(String, Meaning)> {
    if let Some(error) = &form.error {
        return vec![(format!("✗ {}", sentence(error)), Meaning::Danger)];
    }
    if let FormState::Refused(why) = &form.state {
        let next = if why.kind == crate::domain::FailureKind::Unauthorized {
            "The API does not tell which one: check the user name, paste the token again, or ask \
             Wavy support for a new one"
                .to_owned()
        } else {
            format!("Next: {}", why.next())
        };
        return vec![
            (format!("✗ {}", sentence(&why.why())), Meaning::Danger),
            (format!("{next}."), Meaning::Text),
        ];
    }
    let host = form.base_url.host();
    vec![(
        format!("The test reads your list of groups at {host}, nothing else."),
        Meaning::Dim,
    )]
}

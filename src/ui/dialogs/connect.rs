//! The form for user name and token.

use ratatui::layout::Rect;

use super::{Act, Box, Shown, buttons, field, popup, text_row};
use crate::app::Model;
use crate::app::dialog::{ConnectForm, Focus, FormState, Keep, Reveal};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::text::wrap;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, front: Rect, form: &ConnectForm) {
    let look = Box {
        title: "Connect my account",
        hints: ("esc back", "enter test and save"),
        meaning: Meaning::Accent,
    };
    let box_width = 64.min(front.width);
    let message: Vec<(String, Meaning)> = message(model, form)
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
    let keep_rows = 2;
    let height = 2 + 4 + gap + 4 + gap + keep_rows + gap + rows + gap + 1;
    let inside = popup(canvas, front, (box_width, height), &look);
    // Frames around the fields give way first where rows are scarce.
    let framed = inside.height >= height.saturating_sub(2);
    let mut y = inside.y;
    let sending = form.state == FormState::Sending;
    let labels = ["User name or e-mail", "Authentication token"];
    for (n, label) in labels.into_iter().enumerate() {
        let focused = form.focus == Focus::Field(n) && !sending;
        canvas.put(inside.x, y, inside.width, label, Meaning::Text);
        let input = &form.fields[n];
        let secret = n == 1 && form.reveal == Reveal::Hidden;
        let shown = if secret { Shown::Dots } else { Shown::Plain };
        if n == 1 {
            let text = if form.reveal == Reveal::Hidden {
                "ctrl+r show"
            } else {
                "ctrl+r hide"
            };
            canvas.put_right(inside.right(), y, 12, text, Meaning::Dim);
        }
        if framed {
            field(
                canvas,
                Rect {
                    y: y + 1,
                    height: 3,
                    ..inside
                },
                input,
                focused,
                shown,
            );
            y += 4 + gap;
        } else {
            let width = inside.width.saturating_sub(2);
            let row = Rect {
                x: inside.x + 2,
                y: y + 1,
                width,
                height: 1,
            };
            text_row(canvas, row, input, focused, shown);
            y += 2;
        }
    }
    let on_tick = form.focus == Focus::Tick && !sending;
    let meaning = if on_tick {
        Meaning::Accent
    } else {
        Meaning::Text
    };
    canvas.put(inside.x, y, 8, "Keep it", Meaning::Text);
    for (keep, text) in [
        (Keep::File, "in a file only you can read"),
        (Keep::Memory, "only until I quit"),
    ] {
        let mark = if form.keep == keep { "(•)" } else { "( )" };
        canvas.put(
            inside.x + 10,
            y,
            inside.width,
            &format!("{mark} {text}"),
            meaning,
        );
        if on_tick && form.keep == keep {
            canvas.place_caret(inside.x + 11, y);
        }
        y += 1;
    }
    y += gap;
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
    buttons(canvas, row, label, focus.filter(|_| !sending), Act::Safe);
}

fn message(model: &Model, form: &ConnectForm) -> Vec<(String, Meaning)> {
    if let Some(error) = &form.error {
        return vec![(format!("✗ {error}."), Meaning::Danger)];
    }
    if let FormState::Refused(why) = &form.state {
        let next = if why.kind == crate::domain::FailureKind::Unauthorized {
            "Paste the token again, or ask Wavy support for a new one".to_owned()
        } else {
            format!("Next: {}", why.next())
        };
        return vec![
            (format!("✗ {}.", why.why()), Meaning::Danger),
            (format!("  {next}."), Meaning::Text),
        ];
    }
    let host = model.session.base_url.host();
    vec![(
        format!("The test reads your list of groups at {host}, nothing else."),
        Meaning::Dim,
    )]
}

//! A question in a box: what, about whom, what it means, and the word that a grave one asks for.

use ratatui::layout::Rect;

use super::{Act, Box, Shown, buttons, is_tight, popup, text_row, usual_width};
use crate::app::Model;
use crate::app::dialog::{Button, Confirm, Intent, Word};
use crate::theme::Meaning;
use crate::ui::canvas::Canvas;
use crate::ui::text::{width, wrap};

/// The rows of the box, decided before anything is drawn.
struct Plan {
    width: u16,
    /// A blank row between the parts, where there is room.
    gap: u16,
    /// Rows of the line that names the group.
    place: u16,
    /// People in view.
    listed: u16,
    text: Vec<String>,
    /// Rows of it in view.
    told: u16,
    asked: Asked,
    height: u16,
}

/// Where the word is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// No word is asked for.
    No,
    /// Behind the prompt, with a line below it.
    Behind,
    /// In a row of its own: the prompt leaves too little room.
    Below,
    /// Behind the prompt, and there is no row for a line.
    Tight,
}

impl Plan {
    /// The list of people gives way first, then the end of the text, which can be scrolled to; field and
    /// buttons never do.
    fn new(front: Rect, confirm: &Confirm) -> Self {
        let tight = is_tight(front);
        let gap = u16::from(!tight);
        let width = usual_width(front);
        let people = u16::try_from(confirm.people.len()).unwrap_or(u16::MAX);
        let place = u16::from(confirm.place.is_some() && !(tight && people > 0));
        let asked = Asked::of(confirm, width.saturating_sub(6), tight);
        let word = match asked {
            Asked::No => 0,
            Asked::Tight => 1,
            Asked::Behind | Asked::Below => 2,
        };
        let without_text =
            2 + gap + place * (1 + gap) + gap + word + 1 + gap + u16::from(people > 0) * gap;
        let room = front
            .height
            .saturating_sub(without_text + people.min(1))
            .max(1);
        let text = Self::text(confirm, width.saturating_sub(6));
        let told = u16::try_from(text.len()).unwrap_or(u16::MAX).min(room);
        let fixed = without_text + told;
        let listed = people.min(8).min(front.height.saturating_sub(fixed).max(1));
        Self {
            width,
            gap,
            place,
            listed,
            text,
            told,
            asked,
            height: fixed + listed,
        }
    }

    /// What it means.
    fn text(confirm: &Confirm, width: u16) -> Vec<String> {
        let lines = confirm.lines.iter();
        lines.flat_map(|line| wrap(line, width)).collect()
    }

    /// The first row of the text in view: it is scrolled to behind the people.
    fn text_top(&self, confirm: &Confirm) -> usize {
        let people = top(confirm, usize::from(self.listed));
        let hidden = self.text.len().saturating_sub(usize::from(self.told));
        confirm.scroll.saturating_sub(people).min(hidden)
    }

    /// `↓ 2 more`, of rows of the text.
    fn more_text(&self, confirm: &Confirm) -> String {
        let hidden = self.text.len().saturating_sub(usize::from(self.told));
        match hidden.saturating_sub(self.text_top(confirm)) {
            0 if hidden > 0 => "↑".to_owned(),
            0 => String::new(),
            below => format!("↓ {below} more"),
        }
    }
}

impl Asked {
    fn of(confirm: &Confirm, room: u16, tight: bool) -> Self {
        let Some(word) = &confirm.word else {
            return Self::No;
        };
        let needed = width(&word.prompt) + 3 + width(&word.expected).max(6) + 2;
        if needed > room {
            Self::Below
        } else if tight {
            Self::Tight
        } else {
            Self::Behind
        }
    }
}

/// Whether not all people are in view, so that the arrows scroll.
pub(in crate::ui) fn scrolls(model: &Model, confirm: &Confirm) -> bool {
    let area = Rect::new(0, 0, model.size.width, model.size.height);
    let plan = Plan::new(super::front(model, area), confirm);
    usize::from(plan.listed) < confirm.people.len() || usize::from(plan.told) < plan.text.len()
}

pub(super) fn draw(canvas: &mut Canvas<'_>, front: Rect, confirm: &Confirm) {
    let plan = Plan::new(front, confirm);
    let gap = plan.gap;
    let (sign, meaning) = if confirm.word.is_some() {
        ("! ", Meaning::Danger)
    } else {
        ("", Meaning::Warn)
    };
    let title = format!("{sign}{}", confirm.title);
    // In a narrow box the rows of people have no room for it.
    let narrow = plan.width < 48;
    let more = more(confirm, plan.listed);
    let more_text = plan.more_text(confirm);
    let below = if narrow && !more.is_empty() {
        &more
    } else {
        &more_text
    };
    let look = Box {
        title: &title,
        hints: ("esc cancel", below),
        meaning,
    };
    let inside = popup(canvas, front, (plan.width, plan.height), &look);
    let mut y = inside.y + gap;
    if let Some((label, name)) = &confirm.place
        && plan.place > 0
    {
        place(canvas, Rect { y, ..inside }, label, name);
        y += 1 + gap;
    }
    let people = Rect {
        y,
        height: plan.listed,
        ..inside
    };
    list(canvas, people, confirm);
    if plan.listed > 0 && !narrow {
        let last = people.bottom() - 1;
        canvas.put_right(people.right(), last, 14, &more, Meaning::Dim);
    }
    if plan.listed > 0 {
        y += plan.listed + gap;
    }
    let text = plan.text.iter().skip(plan.text_top(confirm));
    for line in text.take(usize::from(plan.told)) {
        canvas.put(inside.x, y, inside.width, line, Meaning::Text);
        y += 1;
    }
    y += gap;
    if let Some(asked) = &confirm.word {
        word(canvas, Rect { y, ..inside }, confirm, asked, plan.asked);
    }
    let row = Rect {
        y: inside.bottom().saturating_sub(1 + gap),
        height: 1,
        ..inside
    };
    let (focus, look) = match &confirm.word {
        None => (Some(confirm.focus), Act::Dangerous),
        Some(_) if confirm.is_ready() => (Some(Button::Act), Act::Dangerous),
        Some(_) => (None, Act::NotYet),
    };
    let field = canvas.caret;
    buttons(canvas, row, &confirm.button, focus, look);
    if confirm.word.is_some() {
        // Whoever types keeps the caret in the field.
        canvas.caret = field;
    }
}

/// The group it is about.
fn place(canvas: &mut Canvas<'_>, area: Rect, label: &str, name: &str) {
    canvas.put(area.x, area.y, 8, label, Meaning::Dim);
    let x = area.x + width(label) + 3;
    let room = area.right().saturating_sub(x);
    canvas.put(x, area.y, room, name, Meaning::Strong);
}

/// The field for the word that is asked for; it has the caret.
fn word(canvas: &mut Canvas<'_>, area: Rect, confirm: &Confirm, word: &Word, asked: Asked) {
    let end = canvas.put(area.x, area.y, area.width, &word.prompt, Meaning::Text);
    let (x, y) = if asked == Asked::Below {
        (area.x + 2, area.y + 1)
    } else {
        (end + 3, area.y)
    };
    let row = Rect {
        x,
        y,
        width: area.right().saturating_sub(x),
        height: 1,
    };
    text_row(canvas, row, &confirm.input, true, Shown::Plain);
    if asked == Asked::Behind {
        let line = "▔".repeat(usize::from(width(&word.expected).max(6) + 2));
        canvas.put(x, y + 1, row.width, &line, Meaning::Border);
    } else if asked == Asked::Below {
        canvas.put(area.x, y, 1, "›", Meaning::Accent);
    }
}

/// The people, from the one that is scrolled to.
fn list(canvas: &mut Canvas<'_>, area: Rect, confirm: &Confirm) {
    let rows = usize::from(area.height);
    let narrow = area.width < 40;
    let (indent, gap) = if narrow { (0, 1) } else { (2, 3) };
    // Groups have no role, nor has who is not in the group yet.
    let roles = matches!(confirm.intent, Intent::Change(..));
    let people = confirm.people.iter().skip(top(confirm, rows)).take(rows);
    for (y, person) in (area.y..).zip(people) {
        let room = area.width.saturating_sub(12 + indent);
        let mut x = canvas.put(area.x + indent, y, room, &person.number, Meaning::Text);
        if roles {
            x = x.max(area.x + indent + 19);
            let (role, meaning) = if person.admin {
                ("★ admin", Meaning::Admin)
            } else {
                ("member", Meaning::Dim)
            };
            canvas.put(x, y, 8, role, meaning);
            x += 7;
        }
        if person.hidden {
            let room = area.right().saturating_sub(x + gap);
            let text = if narrow { "hidden" } else { "(hidden)" };
            canvas.put(x + gap, y, room, text, Meaning::Warn);
        }
    }
}

/// First person in view.
fn top(confirm: &Confirm, rows: usize) -> usize {
    confirm
        .scroll
        .min(confirm.people.len().saturating_sub(rows))
}

/// How many people are below those in view.
fn more(confirm: &Confirm, listed: u16) -> String {
    let rows = usize::from(listed);
    let top = top(confirm, rows);
    match confirm.people.len().saturating_sub(top + rows) {
        0 if top > 0 => "↑".to_owned(),
        0 => String::new(),
        below => format!("↓ {below} more"),
    }
}

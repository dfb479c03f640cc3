//! Every screen and dialog at every size: whole rows, straight frames, nothing outside.

use super::*;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthChar as _;

/// Every size up to the first, and some up to the second.
const SMALL: Size = size(60, 40);
const LARGE: Size = size(300, 100);

/// What has to hold for every picture.
pub(super) fn check(name: &str, app: &Probe) {
    let size = app.model.size;
    let (buffer, caret) = paint(&app.model, DARK);
    let place = format!("{name} at {} × {}", size.width, size.height);
    for (y, row) in rows(&buffer).iter().enumerate() {
        let cells: usize = row.iter().map(|symbol| symbol.width().max(1)).sum();
        assert_eq!(cells, usize::from(size.width), "{place}, row {y}: {row:?}");
        let bad = row.iter().find(|symbol| symbol.chars().any(is_bad));
        assert_eq!(bad, None, "{place}, row {y}");
        let piled = row.iter().find(|symbol| is_piled(symbol));
        assert_eq!(piled, None, "{place}, row {y}");
    }
    if let Some(caret) = caret {
        assert!(buffer.area.contains(caret), "{place}: caret {caret:?}");
    }
    if app.model.toasts.is_empty() && app.model.messages.last_leaving().is_none() {
        check_frames(&place, &buffer);
    }
}

/// Characters that must never reach a terminal: controls, and those that reorder or hide.
fn is_bad(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{61c}' | '\u{feff}' | '\u{fe0f}' | '\u{fe0e}')
}

/// More than a cell should hold: five marks, or so many bytes.
fn is_piled(symbol: &str) -> bool {
    let marks = symbol.chars().filter(|c| c.width() == Some(0)).count();
    marks > 4 || symbol.len() > 32 + '…'.len_utf8()
}

/// From every upper left corner that nothing stands in front of, the frame closes.
fn check_frames(place: &str, buffer: &Buffer) {
    let is_free = |x, y| {
        let cell = buffer.cell((x, y));
        cell.is_some_and(|cell| !cell.modifier.contains(Modifier::DIM))
    };
    let at = |x, y| buffer.cell((x, y)).map_or("", |cell| cell.symbol());
    let area = buffer.area;
    for position in area.positions() {
        let (left, top) = (position.x, position.y);
        if at(left, top) != "╭" || !is_free(left, top) {
            continue;
        }
        let right = (left + 1..area.right()).find(|x| at(*x, top) == "╮");
        let bottom = (top + 1..area.bottom()).find(|y| at(left, *y) != "│");
        let (Some(right), Some(bottom)) = (right, bottom) else {
            panic!("{place}: no frame from {position:?}\n{}", text(buffer));
        };
        let whole = at(left, bottom) == "╰"
            && at(right, bottom) == "╯"
            && (top + 1..bottom).all(|y| at(right, y) == "│");
        assert!(
            whole,
            "{place}: frame from {position:?} to {right}, {bottom}\n{}",
            text(buffer)
        );
    }
}

/// Each state at every twelfth size, and each size with every twelfth state: neighbours break alike.
#[test]
fn q13_everything_is_whole_at_every_small_size() {
    for (n, (name, make)) in (0..).zip(all()) {
        let mut app = make(BIG);
        for height in 10..=SMALL.height {
            for width in (40..=SMALL.width).filter(|width| (width + 3 * height + n) % 12 == 0) {
                app.send(Msg::Resized(size(width, height)));
                check(name, &app);
            }
        }
    }
}

/// The sizes at which a form, a question and a list have the least room.
#[test]
fn q13_everything_is_whole_at_the_smallest_sizes() {
    for (name, make) in all() {
        let mut app = make(TINY);
        for (width, height) in [
            (40, 10),
            (41, 10),
            (40, 11),
            (40, 13),
            (71, 10),
            (72, 10),
            (72, 13),
            // What only a broken or a very odd terminal has.
            (0, 0),
            (1, 1),
            (1, 500),
            (500, 1),
            (65_535, 1),
            (500, 10),
            (40, 300),
        ] {
            app.send(Msg::Resized(size(width, height)));
            check(name, &app);
        }
    }
}

#[test]
fn q13_a_window_that_is_too_small_for_anything_breaks_nothing() {
    let mut app = dashboard(USUAL);
    for height in 0..=SMALL.height {
        for width in 0..=SMALL.width {
            app.send(Msg::Resized(size(width, height)));
            check("too small", &app);
        }
    }
}

#[test]
fn q13_everything_is_whole_at_larger_sizes() {
    let mut random = fastrand::Rng::with_seed(11);
    for (name, make) in all() {
        let mut app = make(USUAL);
        for _ in 0..4 {
            let (width, height) = (random.u16(61..=LARGE.width), random.u16(10..=LARGE.height));
            app.send(Msg::Resized(size(width, height)));
            check(name, &app);
        }
        for size in SIZES {
            app.send(Msg::Resized(size));
            check(name, &app);
        }
    }
}

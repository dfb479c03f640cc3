//! The finished cells of a frame as a terminal can show them: in ASCII, where that is asked for, and
//! without anything that turns.
//!
//! Works on cells and not on words, so that no sign escapes it, be it of a frame or in a name.
//! Invariant: nothing moves; a sign gives way to one of the same width, and takes a neighbour only
//! where that is blank or would have been cut as well.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::UnicodeWidthStr as _;

use super::header::SPINNER;
use crate::theme::{Glyphs, Motion, Theme, ascii};

/// What stands where a spinner would turn.
const STILL: &str = "…";
/// The side of a frame, which is ASCII already when what is inside is looked at.
const EDGE: &str = "|";

/// Makes the cells of `area` such as the theme asks for.
pub(super) fn settle(theme: &Theme, cells: &mut Buffer) {
    if theme.motion() == Motion::Reduced {
        for cell in &mut cells.content {
            if SPINNER.contains(&cell.symbol()) {
                cell.set_symbol(STILL);
            }
        }
    }
    if theme.glyphs() == Glyphs::Unicode {
        return;
    }
    let width = usize::from(cells.area.width).max(1);
    for row in cells.content.chunks_mut(width) {
        let mut x = 0;
        while x < row.len() {
            one(row, x);
            x += row.get(x).map_or(1, |cell| cell.symbol().width().max(1));
        }
    }
}

fn one(row: &mut [Cell], x: usize) {
    let symbol = symbol(row, x);
    if symbol.is_ascii() {
        return;
    }
    match symbol {
        "…" => ellipsis(row, x),
        "✓" => tick(row, x),
        _ => {
            let mut letters = symbol.chars();
            let sign = letters.next().and_then(ascii);
            if let Some(sign) = sign
                && symbol.width() == 1
                && let Some(cell) = row.get_mut(x)
            {
                cell.set_char(sign);
            }
        }
    }
}

fn symbol(row: &[Cell], x: usize) -> &str {
    row.get(x).map_or("", Cell::symbol)
}

fn is_blank(row: &[Cell], x: usize) -> bool {
    symbol(row, x) == " "
}

/// Letters in place of those that are there, the style being that of the cell at `like`.
fn write(row: &mut [Cell], from: usize, text: &str, like: usize) {
    let Some(style) = row.get(like).map(Cell::style) else {
        return;
    };
    for (cell, letter) in row.iter_mut().skip(from).zip(text.chars()) {
        let ground = cell.bg;
        cell.set_char(letter).set_style(style);
        cell.bg = ground;
    }
}

/// Three dots: into the blanks behind, if nothing begins right after them, else over the end of what
/// was cut; a single one where there is room for neither.
fn ellipsis(row: &mut [Cell], x: usize) {
    let is_free = (x + 1..x + 4).all(|at| at >= row.len() || is_blank(row, at));
    let is_word = |at: usize| symbol(row, at).is_ascii() && !is_blank(row, at);
    if is_free && x + 2 < row.len() {
        write(row, x, "...", x);
    } else if x >= 2 && is_word(x - 1) && is_word(x - 2) {
        write(row, x - 2, "...", x);
    } else {
        write(row, x, ".", x);
    }
}

/// `ok`, for two ticks or for one with a blank in front; else one sign.
fn tick(row: &mut [Cell], x: usize) {
    let is_edge = |at: usize| is_blank(row, at) || symbol(row, at) == EDGE;
    if symbol(row, x + 1) == "✓" {
        write(row, x, "ok", x);
    } else if x >= 1 && is_blank(row, x - 1) && (x == 1 || is_edge(x - 2)) {
        write(row, x - 1, "ok", x);
    } else {
        write(row, x, "+", x);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::*;
    use crate::theme::{Depth, Mood};

    fn settled(text: &str, theme: Theme) -> String {
        let mut cells = Buffer::with_lines([text]);
        settle(&theme, &mut cells);
        let area = cells.area;
        let mut shown = String::new();
        let mut x = 0;
        while x < area.width {
            shown.push_str(cells[(x, 0)].symbol());
            x += u16::try_from(cells[(x, 0)].symbol().width().max(1)).unwrap();
        }
        shown
    }

    const THEME: Theme = Theme::new(Mood::Dark, Depth::Mono);

    #[test]
    fn signs_give_way_to_ascii_and_letters_stay() {
        for (text, expected) in [
            ("╭─ ▸ 1 Groups ─╮", "+- > 1 Groups -+"),
            ("▌ Bairro Novo · Praça •3", "> Bairro Novo - Praça *3"),
            ("│ ✓ 14:32 refreshed │", "|ok 14:32 refreshed |"),
            ("it is ✓ sent", "it is + sent"),
            ("  ✓ sent", " ok sent"),
            ("14:32 ✓✓ read", "14:32 ok read"),
            ("a✓b", "a+b"),
            ("Corrida Doming…", "Corrida Domi..."),
            ("Corrid…  24", "Corr...  24"),
            ("loading …     x", "loading ...   x"),
            ("promoted …-0002", "promoted .-0002"),
            ("…", "."),
            ("東京ランナ…", "東京ランナ."),
            ("a☆b ♥ ❤", "a?b ? ❤"),
            ("▰▰▱▱ ⠋⠙⠹⠸", "##.. |/-\\"),
        ] {
            assert_eq!(settled(text, THEME.with_glyphs(Glyphs::Ascii)), expected);
            assert_eq!(settled(text, THEME), text);
        }
    }

    #[test]
    fn with_reduced_motion_no_spinner_turns() {
        let theme = THEME.with_motion(Motion::Reduced);
        for picture in SPINNER {
            assert_eq!(settled(&format!("{picture} 2 of 4"), theme), "… 2 of 4");
        }
        let both = theme.with_glyphs(Glyphs::Ascii);
        assert_eq!(settled("⠹ loading", both), ". loading");
    }

    #[test]
    fn what_spreads_keeps_the_ground_it_spreads_on() {
        let mut cells = Buffer::with_lines(["  ✓ x"]);
        cells[(1, 0)].set_bg(Color::Blue);
        cells[(2, 0)].set_style(Style::new().fg(Color::Green).bg(Color::Red));
        settle(&THEME.with_glyphs(Glyphs::Ascii), &mut cells);
        let look = |x: u16| (cells[(x, 0)].fg, cells[(x, 0)].bg);
        assert_eq!(look(1), (Color::Green, Color::Blue));
        assert_eq!(look(2), (Color::Green, Color::Red));
    }
}

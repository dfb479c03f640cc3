//! Pictures with their colours: a few screens, each in the looks that terminals ask for.
//!
//! Under the words stands the same picture made of letters, one for each style; what a letter stands
//! for is listed below it. Blank is the terminal's own style.

use std::fmt::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::*;
use crate::theme::{Glyphs, Meaning};

/// `A`, `B`, `E` and `H` of the designed grids, and the help.
const SCREENS: [(&str, &str, Size); 6] = [
    ("a120", "groups", BIG),
    ("a80", "groups", USUAL),
    ("b120", "confirm_remove_three", BIG),
    ("e120", "invite", BIG),
    ("h80", "groups_offline", USUAL),
    ("help80", "help", USUAL),
];

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// How a cell looks, in words; nothing for the terminal's own style.
fn look(cell: &Cell) -> String {
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string().to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg.to_string().to_lowercase()));
    }
    let names = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ];
    let set = names
        .iter()
        .filter(|(modifier, _)| cell.modifier.contains(*modifier));
    words.extend(set.map(|(_, name)| (*name).to_owned()));
    words.join(" ")
}

/// The styles of a screen as letters, and what they stand for.
fn styles(buffer: &Buffer) -> String {
    let mut known: Vec<String> = Vec::new();
    let width = usize::from(buffer.area.width);
    let mut picture = String::new();
    for row in buffer.content.chunks(width) {
        let mut line = String::new();
        for cell in row {
            let look = look(cell);
            // Of a blank, only what is behind it is seen.
            let is_seen = cell.symbol() != " "
                || cell.bg != Color::Reset
                || cell
                    .modifier
                    .intersects(Modifier::REVERSED | Modifier::UNDERLINED);
            if look.is_empty() || !is_seen {
                line.push(' ');
                continue;
            }
            let at = known.iter().position(|other| *other == look);
            let at = at.unwrap_or_else(|| {
                known.push(look);
                known.len() - 1
            });
            line.push(LETTERS.chars().nth(at).unwrap());
        }
        picture.push_str(line.trim_end());
        picture.push('\n');
    }
    for (letter, look) in LETTERS.chars().zip(known) {
        writeln!(picture, "{letter} = {look}").unwrap();
    }
    picture
}

#[test]
fn the_designed_screens_have_these_styles() {
    for (picture, state, size) in SCREENS {
        let (_, make) = all().find(|(name, _)| *name == state).unwrap();
        let model = make(size).model;
        let looks = [
            ("dark", DARK),
            ("light", Theme::new(Mood::Light, Depth::TrueColor)),
            ("16 colours", Theme::new(Mood::Dark, Depth::Ansi16)),
            ("mono", MONO),
        ];
        let mut parts = vec![text(&draw(&model, DARK).0)];
        for (name, theme) in looks {
            let styles = styles(&draw(&model, theme).0);
            parts.push(format!("=== {name}\n{styles}"));
        }
        let (ascii, _) = draw(&model, MONO.with_glyphs(Glyphs::Ascii));
        parts.push(format!("=== ascii\n{}", text(&ascii)));
        compare_one(&format!("styles_{picture}"), &parts.join("\n\n"));
    }
}

/// Screens at rest: nothing is wrong, nothing runs.
const CALM: [(&str, Size); 3] = [
    ("groups", BIG),
    ("groups", USUAL),
    ("invite_beside_groups", BIG),
];

fn calm() -> impl Iterator<Item = (&'static str, Buffer)> {
    CALM.into_iter().map(|(state, size)| {
        let (_, make) = all().find(|(name, _)| *name == state).unwrap();
        (state, draw(&make(size).model, DARK).0)
    })
}

#[test]
fn calm_only_heads_titles_tabs_counts_and_keys_are_bold() {
    let strong = [Meaning::Strong, Meaning::Accent].map(|meaning| DARK.style(meaning).fg);
    for (state, buffer) in calm() {
        let mut cells = buffer.content.iter().filter(|cell| cell.symbol() != " ");
        let bold = |cell: &&Cell| cell.modifier.contains(Modifier::BOLD);
        let odd = cells.find(|cell| bold(cell) && !strong.contains(&Some(cell.fg)));
        assert_eq!(odd, None, "{state}");
    }
}

#[test]
fn calm_counts_stand_at_the_right() {
    let (_, buffer) = calm().next().unwrap();
    let text = text(&buffer);
    let ends = text.lines().skip(3).take(12).filter_map(|line| {
        let list: Vec<char> = line.chars().take(39).collect();
        list.iter().rposition(char::is_ascii_digit)
    });
    let ends: Vec<usize> = ends.collect();
    assert!(
        ends.len() == 12 && ends.iter().all(|end| *end == ends[0]),
        "{ends:?}"
    );
}

#[test]
fn calm_few_colours_are_on_the_screen_at_once() {
    for (state, buffer) in calm() {
        let cells = buffer.content.iter().filter(|cell| cell.symbol() != " ");
        let colours: std::collections::BTreeSet<String> = cells
            .filter(|cell| !"─│╭╮╰╯".contains(cell.symbol()))
            .map(|cell| cell.fg.to_string())
            .collect();
        // Text, strong, dim, accent, link, ok and admin: the last two with their words.
        assert!(colours.len() <= 7, "{state}: {colours:?}");
    }
}

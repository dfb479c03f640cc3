//! Colours: none without colour, and few of them at rest.

use super::*;
use crate::theme::{Glyphs, Meaning};
use ratatui::style::{Color, Modifier};

#[test]
fn q15_without_colour_no_cell_has_one() {
    for (name, make) in all() {
        for size in [BIG, TINY] {
            let (buffer, _) = draw(&make(size).model, MONO);
            let coloured = buffer
                .content
                .iter()
                .find(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
            assert_eq!(coloured, None, "{name} at {}", size.width);
        }
    }
}

#[test]
fn q15_without_colour_the_cursor_row_is_reversed() {
    for (name, make) in all() {
        for size in SIZES {
            let app = make(size);
            let (buffer, caret) = draw(&app.model, MONO);
            let caret = caret.unwrap();
            // A notice may stand in front of the rest of the row.
            let covered = !app.model.toasts.is_empty();
            if covered || buffer.cell(caret).unwrap().symbol() != "▌" {
                continue;
            }
            let next = buffer.cell((caret.x + 1, caret.y)).unwrap();
            assert!(
                next.modifier.contains(Modifier::REVERSED),
                "{name} at {}",
                size.width
            );
        }
    }
}

#[test]
fn q15_without_colour_the_focused_button_is_reversed() {
    for name in [
        "confirm_remove_one",
        "confirm_remove_one_focused",
        "form_new_button",
    ] {
        let (_, make) = all().find(|(state, _)| *state == name).unwrap();
        for size in SIZES {
            let (buffer, caret) = draw(&make(size).model, MONO);
            let cell = buffer.cell(caret.unwrap()).unwrap();
            assert!(cell.modifier.contains(Modifier::REVERSED), "{name}");
        }
    }
}

/// Screens at rest: nothing is wrong, nothing runs.
const AT_REST: [&str; 6] = [
    "groups",
    "members",
    "invite_beside_groups",
    "activity",
    "groups_empty",
    "conversation",
];

fn at_rest() -> impl Iterator<Item = (&'static str, Buffer)> {
    all()
        .filter(|(name, _)| AT_REST.contains(name))
        .flat_map(|(name, make)| SIZES.map(|size| (name, draw(&make(size).model, DARK).0)))
}

fn is(color: Color, meaning: Meaning) -> bool {
    DARK.style(meaning).fg == Some(color)
}

#[test]
fn calm_at_rest_one_border_at_most_is_accented() {
    for (name, buffer) in at_rest() {
        let accented = buffer
            .content
            .iter()
            .filter(|cell| cell.symbol() == "╭" && is(cell.fg, Meaning::BorderFocus));
        assert!(accented.count() <= 1, "{name}");
    }
}

#[test]
fn calm_at_rest_nothing_warns() {
    for (name, buffer) in at_rest() {
        let alarming = buffer
            .content
            .iter()
            .find(|cell| is(cell.fg, Meaning::Danger) || is(cell.fg, Meaning::Warn));
        assert_eq!(alarming, None, "{name}");
    }
}

#[test]
fn calm_at_rest_only_cursor_rows_have_a_background() {
    let grounds = [Meaning::Selected, Meaning::SelectedInactive].map(|m| DARK.style(m).bg.unwrap());
    for (name, buffer) in at_rest() {
        let width = usize::from(buffer.area.width);
        let rows = buffer.content.chunks(width);
        let shaded: Vec<&[ratatui::buffer::Cell]> = rows
            .filter(|row| row.iter().any(|cell| cell.bg != Color::Reset))
            .collect();
        // A message has two rows.
        let most = if name == "conversation" { 3 } else { 2 };
        assert!(shaded.len() <= most, "{name}: one in each pane");
        for line in shaded {
            let cells = line.iter().filter(|cell| cell.bg != Color::Reset);
            assert!(
                cells.clone().all(|cell| grounds.contains(&cell.bg)),
                "{name}"
            );
            assert!(line.iter().any(|cell| cell.symbol() == "▌"), "{name}");
        }
    }
}

#[test]
fn calm_at_rest_nothing_moves_and_nobody_shouts() {
    for (name, buffer) in at_rest() {
        let text = text(&buffer);
        assert!(!text.contains('!'), "{name}");
        assert!(!text.contains(|c| "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏".contains(c)), "{name}");
    }
}

#[test]
fn a_code_is_dark_on_light_whatever_the_theme() {
    let (_, make) = all().find(|(name, _)| *name == "invite").unwrap();
    for mood in [Mood::Dark, Mood::Light] {
        let theme = Theme::new(mood, Depth::TrueColor);
        let (buffer, _) = draw(&make(BIG).model, theme);
        let paint = theme.style(Meaning::Qr);
        let cells = buffer
            .content
            .iter()
            .filter(|cell| Some(cell.bg) == paint.bg);
        assert_eq!(cells.clone().count(), 37 * 19);
        assert!(cells.into_iter().all(|cell| Some(cell.fg) == paint.fg));
    }
}

const ASCII: Theme = DARK.with_glyphs(Glyphs::Ascii);

/// What the screen itself is made of, and whatever else of the kind takes two cells here and there.
fn is_chrome(sign: char) -> bool {
    matches!(sign, '\u{2010}'..='\u{203a}' | '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{25ff}')
        || matches!(
            sign,
            '\u{2800}'..='\u{28ff}' | '·' | '×' | '✓' | '✗' | '★' | '☆'
        )
}

#[test]
fn in_ascii_nothing_but_what_people_wrote_is_anything_else() {
    for (name, make) in all() {
        for size in [BIG, NARROW] {
            let model = make(size).model;
            let (buffer, caret) = paint(&model, ASCII);
            let odd = buffer
                .content
                .iter()
                .find(|cell| cell.symbol().contains(is_chrome));
            assert_eq!(odd, None, "{name} at {}", size.width);
            let (_, usual) = paint(&model, DARK);
            assert_eq!(caret.map(|at| at.y), usual.map(|at| at.y), "{name}");
        }
    }
}

#[test]
fn in_ascii_marks_are_boxes_and_keys_have_names() {
    let (_, make) = all().find(|(name, _)| *name == "members_marks").unwrap();
    let shown = text(&draw(&make(BIG).model, ASCII).0);
    assert!(
        shown.contains("[x]+55") && shown.contains("[ ]+55"),
        "{shown}"
    );
    let (_, make) = all().find(|(name, _)| *name == "menu_sort").unwrap();
    let shown = text(&draw(&make(BIG).model, ASCII).0);
    assert!(shown.contains("up down choose"), "{shown}");
}

#[test]
fn in_ascii_a_code_is_blanks_in_colour_where_there_is_room() {
    let (_, make) = all().find(|(name, _)| *name == "invite").unwrap();
    let large = Size {
        width: 130,
        height: 50,
    };
    let paint = ASCII.style(Meaning::Qr);
    let count = |size, theme| {
        let (buffer, _) = draw(&make(size).model, theme);
        let grounds = [paint.bg, paint.fg];
        let cells = buffer.content.iter();
        let code = cells.filter(|cell| grounds.contains(&Some(cell.bg)));
        code.inspect(|cell| assert_eq!(cell.symbol(), " ")).count()
    };
    assert_eq!(count(large, ASCII), 74 * 37);
    assert_eq!(count(BIG, ASCII), 0, "the link alone");
    assert_eq!(count(large, MONO.with_glyphs(Glyphs::Ascii)), 0);
}

#[test]
fn q29_badges_are_there_at_every_usual_width_whatever_else_is_to_be_said() {
    for state in [
        "groups",
        "members",
        "groups_offline",
        "groups_unread",
        "conversation",
    ] {
        let (_, make) = all().find(|(name, _)| *name == state).unwrap();
        for (size, badge) in [(BIG, "PRODUCTION"), (USUAL, "PRODUCTION"), (NARROW, "DEMO")] {
            let mut app = make(size);
            app.model.session.badge = Some(badge.into());
            app.model.session.access = crate::domain::Access::ReadOnly;
            for theme in [DARK, ASCII] {
                let shown = text(&paint(&app.model, theme).0);
                let header = shown.lines().next().unwrap();
                let badges = format!("[{badge}] [READ ONLY]");
                assert!(
                    header.contains(&badges),
                    "{state} at {}: {header}",
                    size.width
                );
            }
        }
    }
}

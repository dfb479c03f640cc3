//! Contrast and completeness of the tables.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a table with its one exception"
)]

use super::*;
use crate::theme::{READABLE, Rgb};

const WORDS: [Meaning; 12] = [
    Meaning::Text,
    Meaning::Strong,
    Meaning::Dim,
    Meaning::Accent,
    Meaning::Link,
    Meaning::Info,
    Meaning::Badge,
    Meaning::Ok,
    Meaning::Warn,
    Meaning::Danger,
    Meaning::Admin,
    Meaning::BorderFocus,
];
const BUTTONS: [Meaning; 3] = [Meaning::ButtonOk, Meaning::ButtonDanger, Meaning::Qr];
/// Black, `#1e1e1e`, solarized-dark, nord, gruvbox-dark, dracula.
const DARK: [Rgb; 6] = [
    Rgb([0, 0, 0]),
    Rgb([0x1e, 0x1e, 0x1e]),
    Rgb([0x00, 0x2b, 0x36]),
    Rgb([0x2e, 0x34, 0x40]),
    Rgb([0x28, 0x28, 0x28]),
    Rgb([0x28, 0x2a, 0x36]),
];
/// White, solarized-light, gruvbox-light, latte.
const LIGHT: [Rgb; 4] = [
    Rgb([0xff, 0xff, 0xff]),
    Rgb([0xfd, 0xf6, 0xe3]),
    Rgb([0xfb, 0xf1, 0xc7]),
    Rgb([0xef, 0xf1, 0xf5]),
];

/// The value of a colour that is the same on every terminal.
fn rgb(color: Color) -> Rgb {
    Rgb::of(color).unwrap_or_else(|| panic!("{color} has no fixed value"))
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    one.contrast(other)
}

fn backgrounds(mood: Mood) -> &'static [Rgb] {
    match mood {
        Mood::Dark | Mood::Unknown => &DARK,
        Mood::Light => &LIGHT,
    }
}

const MOODS: [Mood; 3] = [Mood::Dark, Mood::Light, Mood::Unknown];
const DEPTHS: [Depth; 4] = [
    Depth::Mono,
    Depth::Ansi16,
    Depth::Indexed256,
    Depth::TrueColor,
];

#[test]
fn q17_words_can_be_read_on_ten_backgrounds_and_on_both_selections() {
    for depth in [Depth::TrueColor, Depth::Indexed256] {
        for mood in MOODS {
            let rows = [Meaning::Selected, Meaning::SelectedInactive]
                .map(|row| rgb(style(mood, depth, row).bg.unwrap()));
            for meaning in WORDS {
                let words = rgb(style(mood, depth, meaning).fg.unwrap());
                for ground in backgrounds(mood).iter().chain(&rows) {
                    let ratio = contrast(words, *ground);
                    assert!(
                        ratio >= READABLE,
                        "{meaning:?} on {ground}, {mood:?} {depth:?}: {ratio:.2}"
                    );
                }
            }
        }
    }
}

#[test]
fn q17_buttons_and_the_code_bring_their_own_contrast() {
    for depth in [Depth::TrueColor, Depth::Indexed256] {
        for mood in MOODS {
            for meaning in BUTTONS {
                let look = style(mood, depth, meaning);
                let ratio = contrast(rgb(look.fg.unwrap()), rgb(look.bg.unwrap()));
                assert!(ratio >= 7.0, "{meaning:?}, {mood:?} {depth:?}: {ratio:.2}");
            }
        }
    }
}

#[test]
fn q17_the_tightest_values_of_the_24_bit_table_are_the_designed_ones() {
    let lowest = |mood, meaning| {
        let words = rgb(style(mood, Depth::TrueColor, meaning).fg.unwrap());
        let ratios = backgrounds(mood).iter().map(|g| contrast(words, *g));
        (ratios.fold(f64::INFINITY, f64::min) * 10.0).floor() / 10.0
    };
    for (meaning, dark, light) in [
        (Meaning::Text, 9.6, 12.9),
        (Meaning::Strong, 12.4, 18.5),
        (Meaning::Dim, 5.6, 5.9),
        (Meaning::Accent, 6.9, 6.7),
        (Meaning::Link, 6.3, 7.2),
        (Meaning::Info, 6.3, 7.2),
        (Meaning::Badge, 6.3, 7.2),
        (Meaning::Ok, 7.2, 6.6),
        (Meaning::Warn, 7.4, 7.1),
        (Meaning::Danger, 6.3, 7.0),
        (Meaning::Admin, 6.9, 7.8),
        (Meaning::Border, 2.5, 2.7),
        (Meaning::BorderFocus, 6.9, 6.7),
    ] {
        assert!(
            (lowest(Mood::Dark, meaning) - dark).abs() < 0.01,
            "{meaning:?}"
        );
        assert!(
            (lowest(Mood::Light, meaning) - light).abs() < 0.01,
            "{meaning:?}"
        );
    }
}

#[test]
fn q16_the_256_colours_are_the_hand_set_ones() {
    let shown = |mood, meaning| {
        let look = style(mood, Depth::Indexed256, meaning);
        [look.fg, look.bg].map(|color| match color {
            Some(Color::Indexed(index)) => Some(index),
            None => None,
            Some(other) => panic!("{meaning:?} is {other}"),
        })
    };
    let some = |index| [Some(index), None];
    let row = |index| [None, Some(index)];
    for (meaning, dark, light) in [
        (Meaning::Text, some(254), some(235)),
        (Meaning::Strong, some(231), some(16)),
        (Meaning::Dim, some(145), some(59)),
        (Meaning::Accent, some(115), some(23)),
        (Meaning::Link, some(111), some(24)),
        (Meaning::Info, some(111), some(24)),
        (Meaning::Badge, some(111), some(24)),
        (Meaning::Ok, some(114), some(22)),
        (Meaning::Warn, some(222), some(58)),
        (Meaning::Danger, some(210), some(124)),
        (Meaning::Admin, some(183), some(54)),
        (Meaning::Border, some(242), some(246)),
        (Meaning::BorderFocus, some(115), some(23)),
        (Meaning::Selected, row(237), row(195)),
        (Meaning::SelectedInactive, row(236), row(254)),
        (
            Meaning::ButtonOk,
            [Some(16), Some(115)],
            [Some(231), Some(23)],
        ),
        (
            Meaning::ButtonDanger,
            [Some(16), Some(210)],
            [Some(231), Some(124)],
        ),
        (Meaning::Qr, [Some(16), Some(231)], [Some(16), Some(231)]),
    ] {
        assert_eq!(shown(Mood::Dark, meaning), dark, "{meaning:?}");
        assert_eq!(shown(Mood::Light, meaning), light, "{meaning:?}");
    }
}

#[test]
fn q15_mono_names_no_colour_at_all() {
    for mood in MOODS {
        for meaning in Meaning::ALL {
            let look = style(mood, Depth::Mono, meaning);
            assert_eq!((look.fg, look.bg), (None, None), "{meaning:?}");
        }
    }
}

#[test]
fn q15_focus_selection_and_danger_stay_visible_in_mono() {
    let look = |meaning| style(Mood::Dark, Depth::Mono, meaning);
    assert_ne!(look(Meaning::Selected), look(Meaning::SelectedInactive));
    assert_ne!(look(Meaning::BorderFocus), look(Meaning::Border));
    assert_ne!(look(Meaning::ButtonDanger), look(Meaning::ButtonOk));
    assert_ne!(look(Meaning::Danger), look(Meaning::Text));
}

#[test]
fn q16_sixteen_colours_without_a_known_background_use_only_red_and_the_code() {
    for meaning in Meaning::ALL {
        let look = style(Mood::Unknown, Depth::Ansi16, meaning);
        let expected = match meaning {
            Meaning::Danger => (Some(Color::Red), None),
            Meaning::Qr => (Some(Color::Black), Some(Color::White)),
            _ => (None, None),
        };
        assert_eq!((look.fg, look.bg), expected, "{meaning:?}");
    }
}

#[test]
fn q17_only_rows_buttons_and_the_code_have_a_background() {
    for (mood, depth) in MOODS
        .iter()
        .flat_map(|m| DEPTHS.iter().map(move |d| (*m, *d)))
    {
        for meaning in WORDS.into_iter().chain([Meaning::Border]) {
            assert_eq!(style(mood, depth, meaning).bg, None, "{meaning:?}");
        }
    }
}

//! The tables: one row per meaning for 24 bits and 256 colours, and the looks that sixteen colours
//! and no colour at all leave. The 256-colour values are set by hand, because the nearest-colour rule
//! would give the dark `Warn` and the dark `Danger` the same one. Nothing here paints a background
//! except rows, buttons and the QR code.

use ratatui::style::{Color, Modifier, Style};

use super::{Depth, Meaning, Mood};

/// One colour in the two palettes that have fixed values.
struct Shade {
    rgb: u32,
    index: u8,
}

/// Foreground and background of a meaning; what is `None` is left as it is.
struct Paint {
    words: Option<Shade>,
    ground: Option<Shade>,
}

pub(super) const fn style(mood: Mood, depth: Depth, meaning: Meaning) -> Style {
    match (depth, mood) {
        (Depth::Mono, _) => mono(meaning),
        (Depth::Ansi16, Mood::Dark) => ansi_dark(meaning),
        (Depth::Ansi16, Mood::Light) => ansi_light(meaning),
        (Depth::Ansi16, Mood::Unknown) => ansi_unknown(meaning),
        (Depth::Indexed256 | Depth::TrueColor, Mood::Dark | Mood::Unknown) => {
            mixed(&dark(meaning), depth, meaning)
        }
        (Depth::Indexed256 | Depth::TrueColor, Mood::Light) => {
            mixed(&light(meaning), depth, meaning)
        }
    }
}

const fn mixed(paint: &Paint, depth: Depth, meaning: Meaning) -> Style {
    let mut style = if matches!(meaning, Meaning::Strong) {
        with(Modifier::BOLD)
    } else {
        Style::new()
    };
    if let Some(shade) = &paint.words {
        style = style.fg(color(shade, depth));
    }
    if let Some(shade) = &paint.ground {
        style = style.bg(color(shade, depth));
    }
    style
}

const fn color(shade: &Shade, depth: Depth) -> Color {
    match depth {
        Depth::TrueColor => Color::from_u32(shade.rgb),
        Depth::Mono | Depth::Ansi16 | Depth::Indexed256 => Color::Indexed(shade.index),
    }
}

const fn words(rgb: u32, index: u8) -> Paint {
    Paint {
        words: Some(Shade { rgb, index }),
        ground: None,
    }
}

const fn ground(rgb: u32, index: u8) -> Paint {
    Paint {
        words: None,
        ground: Some(Shade { rgb, index }),
    }
}

const fn both(words: (u32, u8), ground: (u32, u8)) -> Paint {
    Paint {
        words: Some(Shade {
            rgb: words.0,
            index: words.1,
        }),
        ground: Some(Shade {
            rgb: ground.0,
            index: ground.1,
        }),
    }
}

const fn dark(meaning: Meaning) -> Paint {
    match meaning {
        Meaning::Text => words(0x00df_e3e6, 254),
        Meaning::Strong => words(0x00ff_ffff, 231),
        Meaning::Dim => words(0x00a7_b0b8, 145),
        Meaning::Accent | Meaning::BorderFocus => words(0x007f_d1b3, 115),
        Meaning::Link | Meaning::Info | Meaning::Badge => words(0x008f_bcf0, 111),
        Meaning::Ok => words(0x009b_d48f, 114),
        Meaning::Warn => words(0x00ec_c27a, 222),
        Meaning::Danger => words(0x00ff_9f97, 210),
        Meaning::Admin => words(0x00d6_b5f0, 183),
        Meaning::Border => words(0x0066_717b, 242),
        Meaning::Selected => ground(0x0028_403a, 237),
        Meaning::SelectedInactive => ground(0x003a_4047, 236),
        Meaning::ButtonOk => both((0x0000_241b, 16), (0x007f_d1b3, 115)),
        Meaning::ButtonDanger => both((0x002b_0000, 16), (0x00ff_9f97, 210)),
        Meaning::Qr => both((0x0000_0000, 16), (0x00ff_ffff, 231)),
    }
}

const fn light(meaning: Meaning) -> Paint {
    match meaning {
        Meaning::Text => words(0x0024_292e, 235),
        Meaning::Strong => words(0x0000_0000, 16),
        Meaning::Dim => words(0x0054_5d66, 59),
        Meaning::Accent | Meaning::BorderFocus => words(0x0000_5f4b, 23),
        Meaning::Link | Meaning::Info | Meaning::Badge => words(0x000a_4f94, 24),
        Meaning::Ok => words(0x0020_611f, 22),
        Meaning::Warn => words(0x006e_4800, 58),
        Meaning::Danger => words(0x00a1_140f, 124),
        Meaning::Admin => words(0x006a_2c8f, 54),
        Meaning::Border => words(0x008a_949d, 246),
        Meaning::Selected => ground(0x00cf_e8e0, 195),
        Meaning::SelectedInactive => ground(0x00e3_e6e9, 254),
        Meaning::ButtonOk => both((0x00ff_ffff, 231), (0x0000_5f4b, 23)),
        Meaning::ButtonDanger => both((0x00ff_ffff, 231), (0x00a1_140f, 124)),
        Meaning::Qr => both((0x0000_0000, 16), (0x00ff_ffff, 231)),
    }
}

const fn bold(color: Color) -> Style {
    Style::new().fg(color).add_modifier(Modifier::BOLD)
}

const fn with(modifier: Modifier) -> Style {
    Style::new().add_modifier(modifier)
}

const fn ansi_dark(meaning: Meaning) -> Style {
    match meaning {
        Meaning::Accent | Meaning::BorderFocus => bold(Color::Cyan),
        Meaning::Link | Meaning::Info | Meaning::Badge => Style::new().fg(Color::LightBlue),
        Meaning::Ok => bold(Color::Green),
        Meaning::Warn => bold(Color::Yellow),
        Meaning::Danger => bold(Color::LightRed),
        Meaning::Admin => Style::new().fg(Color::LightMagenta),
        Meaning::Text
        | Meaning::Strong
        | Meaning::Dim
        | Meaning::Border
        | Meaning::Selected
        | Meaning::SelectedInactive
        | Meaning::ButtonOk
        | Meaning::ButtonDanger
        | Meaning::Qr => ansi_unknown(meaning),
    }
}

const fn ansi_light(meaning: Meaning) -> Style {
    match meaning {
        Meaning::Accent | Meaning::BorderFocus => bold(Color::Blue),
        Meaning::Link | Meaning::Info | Meaning::Badge => {
            with(Modifier::UNDERLINED).fg(Color::Blue)
        }
        Meaning::Admin => Style::new().fg(Color::Magenta),
        Meaning::Text
        | Meaning::Strong
        | Meaning::Dim
        | Meaning::Ok
        | Meaning::Warn
        | Meaning::Danger
        | Meaning::Border
        | Meaning::Selected
        | Meaning::SelectedInactive
        | Meaning::ButtonOk
        | Meaning::ButtonDanger
        | Meaning::Qr => ansi_unknown(meaning),
    }
}

/// What can be read on any background: the default colour, weight, reverse, and red in bold.
const fn ansi_unknown(meaning: Meaning) -> Style {
    match meaning {
        Meaning::Danger => bold(Color::Red),
        Meaning::Qr => Style::new().fg(Color::Black).bg(Color::White),
        Meaning::Text
        | Meaning::Strong
        | Meaning::Dim
        | Meaning::Accent
        | Meaning::Link
        | Meaning::Info
        | Meaning::Badge
        | Meaning::Ok
        | Meaning::Warn
        | Meaning::Admin
        | Meaning::Border
        | Meaning::BorderFocus
        | Meaning::Selected
        | Meaning::SelectedInactive
        | Meaning::ButtonOk
        | Meaning::ButtonDanger => mono(meaning),
    }
}

const fn mono(meaning: Meaning) -> Style {
    match meaning {
        Meaning::Text | Meaning::Ok | Meaning::Admin | Meaning::SelectedInactive | Meaning::Qr => {
            Style::new()
        }
        Meaning::Strong
        | Meaning::Accent
        | Meaning::BorderFocus
        | Meaning::Warn
        | Meaning::Danger => with(Modifier::BOLD),
        Meaning::Dim | Meaning::Border => with(Modifier::DIM),
        Meaning::Link | Meaning::Info | Meaning::Badge => with(Modifier::UNDERLINED),
        Meaning::Selected | Meaning::ButtonOk => with(Modifier::REVERSED),
        Meaning::ButtonDanger => with(Modifier::REVERSED.union(Modifier::BOLD)),
    }
}

#[cfg(test)]
mod tests;

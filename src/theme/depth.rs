//! What the terminal can show: how many colours, and on which background. Pure: the environment
//! comes in as a look-up, nothing is asked of the terminal.

use super::Rgb;

/// How many colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// Weight, underline and reverse only.
    Mono,
    /// The sixteen colours of the user's own palette.
    Ansi16,
    /// The fixed palette of 256.
    Indexed256,
    /// 24 bits.
    TrueColor,
}

/// The background the words stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mood {
    /// Light words on dark.
    Dark,
    /// Dark words on light.
    Light,
    /// Nobody told. Treated as dark, except that with sixteen colours only those are used that
    /// can be read on either.
    Unknown,
}

/// What the user asked for, with `--color` or in the configuration; wins over the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ColorChoice {
    /// As the environment says.
    #[default]
    Auto,
    /// Colours even where `NO_COLOR` is set.
    Always,
    /// None.
    Never,
    /// So many, whatever the environment says.
    Exactly(Depth),
}

/// Names that a terminal with 24-bit colour gives itself in `TERM`; they matter over SSH, which
/// passes `TERM` on but not `COLORTERM`.
const TRUE_COLOR_TERMS: [&str; 6] = ["kitty", "ghostty", "alacritty", "wezterm", "foot", "direct"];
/// The same in `TERM_PROGRAM`.
const TRUE_COLOR_PROGRAMS: [&str; 5] = ["iTerm.app", "WezTerm", "ghostty", "vscode", "rio"];
/// Garbles 24 bits before macOS 26, also where a start script of the user's promises them.
const APPLE: &str = "Apple_Terminal";

/// The number of colours, from what was asked for and then `NO_COLOR`, `COLORTERM`, `TERM` and
/// `TERM_PROGRAM`.
///
/// An empty `NO_COLOR` counts as unset, as no-color.org asks. GNU screen (`STY`) passes the outer
/// terminal's `COLORTERM` on without being able to show it, so it is not believed there.
///
/// Source: qualities.md Q15, Q16.
pub fn detect(choice: ColorChoice, env: impl Fn(&str) -> Option<String>) -> Depth {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    match choice {
        ColorChoice::Exactly(depth) => return depth,
        ColorChoice::Never => return Depth::Mono,
        ColorChoice::Auto if set("NO_COLOR").is_some() || term == "dumb" => return Depth::Mono,
        ColorChoice::Auto | ColorChoice::Always => {}
    }
    let colorterm = set("COLORTERM").unwrap_or_default();
    let program = set("TERM_PROGRAM").unwrap_or_default();
    let promised = matches!(colorterm.as_str(), "truecolor" | "24bit")
        || TRUE_COLOR_TERMS.iter().any(|name| term.contains(name))
        || TRUE_COLOR_PROGRAMS.contains(&program.as_str());
    if promised && set("STY").is_none() && program != APPLE {
        Depth::TrueColor
    } else if term.contains("256color") || promised && program == APPLE {
        Depth::Indexed256
    } else {
        Depth::Ansi16
    }
}

/// The background, from the value of `COLORFGBG` (`15;0`, `0;default;15`): its last number is the
/// palette index of the background.
pub fn mood_from(colorfgbg: Option<&str>) -> Mood {
    let index = colorfgbg.and_then(|text| text.rsplit(';').next()?.trim().parse::<u8>().ok());
    match index {
        Some(7 | 9..=15) => Mood::Light,
        Some(_) => Mood::Dark,
        None => Mood::Unknown,
    }
}

impl Mood {
    /// What stands well on a background of this colour: of black and white words, those that can
    /// be read better.
    ///
    /// Source: qualities.md Q17.
    pub fn on(background: Rgb) -> Self {
        if background.contrast(Rgb([0; 3])) > background.contrast(Rgb([255; 3])) {
            Self::Light
        } else {
            Self::Dark
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(choice: ColorChoice, vars: &[(&str, &str)]) -> Depth {
        detect(choice, |name| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn q16_the_environment_decides_when_nobody_asked() {
        for (vars, expected) in [
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")][..],
                Depth::TrueColor,
            ),
            (
                &[("TERM", "xterm"), ("COLORTERM", "24bit")],
                Depth::TrueColor,
            ),
            (
                &[("TERM", "xterm-256color"), ("COLORTERM", "yes")],
                Depth::Indexed256,
            ),
            (&[("TERM", "xterm-256color")], Depth::Indexed256),
            (&[("TERM", "tmux-256color")], Depth::Indexed256),
            (&[("TERM", "xterm-kitty")], Depth::TrueColor),
            (&[("TERM", "xterm-direct")], Depth::TrueColor),
            (&[("TERM", "xterm")], Depth::Ansi16),
            (
                &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")],
                Depth::TrueColor,
            ),
            (
                &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "tmux")],
                Depth::Indexed256,
            ),
            (&[("TERM", "linux")], Depth::Ansi16),
            (&[], Depth::Ansi16),
            (&[("TERM", "dumb")], Depth::Mono),
        ] {
            assert_eq!(depth(ColorChoice::Auto, vars), expected, "{vars:?}");
        }
    }

    #[test]
    fn q16_gnu_screen_and_apples_terminal_are_not_given_24_bits() {
        for vars in [
            [
                ("TERM", "screen-256color"),
                ("COLORTERM", "truecolor"),
                ("STY", "1.x"),
            ],
            [
                ("TERM", "xterm-256color"),
                ("COLORTERM", "truecolor"),
                ("TERM_PROGRAM", "Apple_Terminal"),
            ],
        ] {
            assert_eq!(depth(ColorChoice::Auto, &vars), Depth::Indexed256);
            let exactly = ColorChoice::Exactly(Depth::TrueColor);
            assert_eq!(depth(exactly, &vars), Depth::TrueColor);
        }
    }

    #[test]
    fn q16_what_was_asked_for_wins_over_every_variable() {
        let vars = [
            ("TERM", "dumb"),
            ("NO_COLOR", "1"),
            ("COLORTERM", "truecolor"),
        ];
        for asked in [
            Depth::Mono,
            Depth::Ansi16,
            Depth::Indexed256,
            Depth::TrueColor,
        ] {
            assert_eq!(depth(ColorChoice::Exactly(asked), &vars), asked);
        }
    }

    #[test]
    fn q15_no_color_wins_over_the_terminal_and_the_flag_over_both() {
        let vars = [
            ("TERM", "xterm-256color"),
            ("NO_COLOR", "1"),
            ("COLORTERM", "truecolor"),
        ];
        assert_eq!(depth(ColorChoice::Auto, &vars), Depth::Mono);
        assert_eq!(depth(ColorChoice::Always, &vars), Depth::TrueColor);
        assert_eq!(
            depth(ColorChoice::Always, &[("TERM", "dumb")]),
            Depth::Ansi16
        );
        assert_eq!(
            depth(ColorChoice::Never, &[("COLORTERM", "truecolor")]),
            Depth::Mono
        );
    }

    #[test]
    fn an_empty_no_color_counts_as_unset() {
        let vars = [("TERM", "xterm-256color"), ("NO_COLOR", "")];
        assert_eq!(depth(ColorChoice::Auto, &vars), Depth::Indexed256);
    }

    #[test]
    fn q17_a_colour_is_light_when_black_reads_better_on_it() {
        for (rgb, mood) in [
            ([0; 3], Mood::Dark),
            ([0x00, 0x2b, 0x36], Mood::Dark),
            ([0x60; 3], Mood::Dark),
            ([0x80; 3], Mood::Light),
            ([0xfd, 0xf6, 0xe3], Mood::Light),
            ([255; 3], Mood::Light),
        ] {
            assert_eq!(Mood::on(Rgb(rgb)), mood, "{rgb:?}");
        }
    }

    #[test]
    fn q17_the_background_comes_from_the_last_number() {
        for (text, mood) in [
            (Some("15;0"), Mood::Dark),
            (Some("0;15"), Mood::Light),
            (Some("0;default;15"), Mood::Light),
            (Some("7;8"), Mood::Dark),
            (Some("0;7"), Mood::Light),
            (Some("default;default"), Mood::Unknown),
            (Some(""), Mood::Unknown),
            (None, Mood::Unknown),
        ] {
            assert_eq!(mood_from(text), mood, "{text:?}");
        }
    }
}

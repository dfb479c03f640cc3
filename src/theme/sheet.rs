//! Themes as data: which tokens there are, what a theme sets of them, and what of it cannot be
//! read. Reads no file; `config` does.
//!
//! Invariant: a sheet sets colours only. Weight, underline and reverse, with which a screen can be
//! read without colours, are the program's own; so is the QR code, which cameras must find.

use std::fmt::Write as _;

use ratatui::style::Color;

use super::color::{READABLE, Rgb, nearest};
use super::{Depth, Meaning, Mood, Theme};

/// What of a meaning a token colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Letters and lines.
    Words,
    /// What is behind them.
    Ground,
}

/// Something that a theme can give a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    name: &'static str,
    meaning: Meaning,
    part: Part,
}

impl Token {
    /// Its name in a file.
    pub const fn name(self) -> &'static str {
        self.name
    }

    pub(super) const fn meaning(self) -> Meaning {
        self.meaning
    }

    pub(super) const fn part(self) -> Part {
        self.part
    }

    /// Whether it is the colour of words that stand on the background of the terminal.
    fn is_text(self) -> bool {
        let is_line = matches!(self.meaning, Meaning::Border | Meaning::BorderFocus);
        let is_button = matches!(self.meaning, Meaning::ButtonOk | Meaning::ButtonDanger);
        self.part == Part::Words && !is_line && !is_button
    }
}

const fn words(name: &'static str, meaning: Meaning) -> Token {
    Token {
        name,
        meaning,
        part: Part::Words,
    }
}

const fn ground(name: &'static str, meaning: Meaning) -> Token {
    Token {
        name,
        meaning,
        part: Part::Ground,
    }
}

/// Everything that a theme can give a colour, in the order in which it is listed.
///
/// Source: screens.md 4.3.
pub const TOKENS: [Token; 19] = [
    words("text", Meaning::Text),
    words("strong", Meaning::Strong),
    words("dim", Meaning::Dim),
    words("accent", Meaning::Accent),
    words("link", Meaning::Link),
    words("info", Meaning::Info),
    words("badge", Meaning::Badge),
    words("ok", Meaning::Ok),
    words("warn", Meaning::Warn),
    words("danger", Meaning::Danger),
    words("admin", Meaning::Admin),
    words("border", Meaning::Border),
    words("border_focus", Meaning::BorderFocus),
    ground("selected", Meaning::Selected),
    ground("selected_inactive", Meaning::SelectedInactive),
    ground("button_ok", Meaning::ButtonOk),
    words("button_ok_text", Meaning::ButtonOk),
    ground("button_danger", Meaning::ButtonDanger),
    words("button_danger_text", Meaning::ButtonDanger),
];

/// Names of the colours of the user's own palette, in its order.
const NAMES: [(&str, Color); 16] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("gray", Color::Gray),
    ("dark_gray", Color::DarkGray),
    ("light_red", Color::LightRed),
    ("light_green", Color::LightGreen),
    ("light_yellow", Color::LightYellow),
    ("light_blue", Color::LightBlue),
    ("light_magenta", Color::LightMagenta),
    ("light_cyan", Color::LightCyan),
    ("white", Color::White),
];
/// The colour the terminal uses by itself.
const DEFAULT: &str = "default";

/// One colour as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// 24 bits.
    Fixed(Rgb),
    /// A place in the palette of 256.
    Index(u8),
    /// By name: one of the sixteen colours of the user's own palette, or the terminal's default.
    Named(Color),
}

impl Value {
    /// From `#rrggbb`, `#rgb` or a name: `light_blue`, `light-blue`, `LightBlue`, `grey`, `default`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(digits) = text.strip_prefix('#') {
            return Rgb::from_hex(digits).map(Self::Fixed);
        }
        let plain = |name: &str| -> String {
            let letters = name.chars().filter(|c| !"_- ".contains(*c));
            letters.collect::<String>().to_lowercase()
        };
        let name = plain(text)
            .replace("grey", "gray")
            .replace("bright", "light");
        if name == DEFAULT {
            return Some(Self::Named(Color::Reset));
        }
        let found = NAMES.iter().find(|(known, _)| plain(known) == name);
        found.map(|(_, color)| Self::Named(*color))
    }

    /// The names that [`Value::parse`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().map(|(name, _)| name).chain([DEFAULT])
    }

    /// As it is written in a file.
    fn written(color: Color) -> String {
        let quoted = |name: &str| format!("\"{name}\"");
        if let Color::Indexed(index) = color {
            return index.to_string();
        }
        let name = NAMES.iter().find(|(_, known)| *known == color);
        match (Rgb::of(color), name) {
            (Some(rgb), _) => quoted(&rgb.to_string()),
            (None, Some((name, _))) => quoted(name),
            (None, None) => quoted(DEFAULT),
        }
    }
}

/// One colour for every terminal: the best of these that it can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Colors {
    fixed: Option<Rgb>,
    index: Option<u8>,
    named: Option<Color>,
}

impl Colors {
    /// What is shown with so many colours. With sixteen, only what was named: nobody knows which of
    /// the user's own comes near another.
    pub(super) fn at(self, depth: Depth) -> Option<Color> {
        let fixed = self
            .fixed
            .map(|Rgb([red, green, blue])| Color::Rgb(red, green, blue));
        let index = self.index.map(Color::Indexed);
        match depth {
            Depth::Mono => None,
            Depth::Ansi16 => {
                let low = self.index.and_then(|index| NAMES.get(usize::from(index)));
                self.named.or(low.map(|(_, color)| *color))
            }
            Depth::Indexed256 => {
                let near = self.fixed.map(|rgb| Color::Indexed(nearest(rgb.0)));
                index.or(near).or(self.named)
            }
            Depth::TrueColor => fixed.or(index).or(self.named),
        }
    }

    /// Its value with 24 bits, where that is the same on every terminal.
    pub fn fixed(self) -> Option<Rgb> {
        self.at(Depth::TrueColor).and_then(Rgb::of)
    }
}

impl FromIterator<Value> for Colors {
    /// The last of each kind counts.
    fn from_iter<I: IntoIterator<Item = Value>>(values: I) -> Self {
        let mut colors = Self::default();
        for value in values {
            match value {
                Value::Fixed(rgb) => colors.fixed = Some(rgb),
                Value::Index(index) => colors.index = Some(index),
                Value::Named(color) => colors.named = Some(color),
            }
        }
        colors
    }
}

/// The look of the program that a sheet changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// The one for the terminal's background.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// Without colours.
    Mono,
}

impl Base {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Dark, Self::Light, Self::Mono];

    /// Its name in a file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|base| base.name() == name)
    }
}

/// A theme: one of the program's own looks, and what it changes of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    base: Base,
    set: [Option<Colors>; TOKENS.len()],
    background: Option<Rgb>,
}

/// Words that cannot be read, and on what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pale {
    /// Whose words.
    pub token: Token,
    /// What is behind them.
    pub ground: &'static str,
    /// Their contrast, less than [`READABLE`].
    pub contrast: f64,
}

impl Sheet {
    /// One of the program's own looks.
    pub const fn new(base: Base) -> Self {
        Self {
            base,
            set: [None; TOKENS.len()],
            background: None,
        }
    }

    /// The look it changes.
    pub const fn base(&self) -> Base {
        self.base
    }

    /// What it sets.
    pub(super) fn set(&self) -> impl Iterator<Item = (Token, Colors)> {
        let pairs = TOKENS.into_iter().zip(self.set);
        pairs.filter_map(|(token, colors)| colors.map(|colors| (token, colors)))
    }

    /// Sets a token.
    pub fn give(&mut self, token: Token, colors: Colors) {
        let mut slots = TOKENS.iter().zip(&mut self.set);
        if let Some((_, slot)) = slots.find(|(known, _)| **known == token) {
            *slot = Some(colors);
        }
    }

    /// Says on which background it is meant to be seen. It is never painted; words are measured by it.
    pub fn expect_background(&mut self, rgb: Rgb) {
        self.background = Some(rgb);
    }

    /// The colour of a profile: the cursor, the frame of the focused pane, and the badge that names it.
    ///
    /// Source: qualities.md Q29.
    pub fn tint(&mut self, colors: Colors) {
        for token in TOKENS {
            if matches!(
                token.meaning,
                Meaning::Accent | Meaning::BorderFocus | Meaning::Badge
            ) {
                self.give(token, colors);
            }
        }
    }

    /// Words of this theme that cannot be read on what is known to be behind them: the background it
    /// was made for, else the one on which anything of this kind is read best, the two cursor rows,
    /// and their buttons. Colours of the user's own palette cannot be judged.
    pub fn pale(&self) -> Vec<Pale> {
        let mood = match (self.base, self.background) {
            (Base::Mono, _) => return Vec::new(),
            (Base::Auto, Some(background)) => Mood::on(background),
            (Base::Auto | Base::Dark, _) => Mood::Dark,
            (Base::Light, _) => Mood::Light,
        };
        if self.set().next().is_none() {
            return Vec::new();
        }
        let theme = Theme::of(self, mood, Depth::TrueColor);
        let row = |meaning| theme.style(meaning).bg.and_then(Rgb::of);
        let best = match self.base {
            Base::Dark => Some(Rgb([0; 3])),
            Base::Light => Some(Rgb([255; 3])),
            Base::Auto | Base::Mono => None,
        };
        let grounds = [
            ("the background", self.background.or(best)),
            ("`selected`", row(Meaning::Selected)),
            ("`selected_inactive`", row(Meaning::SelectedInactive)),
        ];
        // Where the background decides, the rows of the other one do not count.
        let knows_rows = self.base != Base::Auto || self.background.is_some();
        let mut found = Vec::new();
        for token in TOKENS.into_iter().filter(|token| token.part == Part::Words) {
            let style = theme.style(token.meaning);
            let Some(words) = style.fg.and_then(Rgb::of) else {
                continue;
            };
            let mut check = |ground: &'static str, behind: Option<Rgb>| {
                let contrast = behind.map(|behind| words.contrast(behind));
                if let Some(contrast) = contrast.filter(|contrast| *contrast < READABLE) {
                    found.push(Pale {
                        token,
                        ground,
                        contrast,
                    });
                }
            };
            if token.is_text() {
                // On a row the accent is a bar and a count in bold, which need less.
                let stands_in_rows = !matches!(token.meaning, Meaning::Accent | Meaning::Badge);
                let counts = if knows_rows && stands_in_rows { 3 } else { 1 };
                for (name, behind) in grounds.iter().take(counts) {
                    check(name, *behind);
                }
            } else if style.bg.is_some() {
                check("its button", style.bg.and_then(Rgb::of));
            }
        }
        found
    }

    /// The whole table of what it comes to, as a file that sets the same.
    pub fn as_file(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "inherits = \"{}\"", self.base.name());
        if let Some(background) = self.background {
            let _ = writeln!(text, "background = \"{background}\"");
        }
        let mood = match self.base {
            Base::Light => Mood::Light,
            Base::Auto | Base::Dark | Base::Mono => Mood::Dark,
        };
        let themes = [Depth::TrueColor, Depth::Indexed256, Depth::Ansi16]
            .map(|depth| Theme::of(self, mood, depth));
        // Where the background decides, only what is the same on each can be written down.
        let is_told =
            |token: &Token| self.base != Base::Auto || self.set().any(|(given, _)| given == *token);
        for token in TOKENS.into_iter().filter(is_told) {
            let mut values: Vec<String> = Vec::new();
            for theme in &themes {
                let style = theme.style(token.meaning);
                let color = match token.part {
                    Part::Words => style.fg,
                    Part::Ground => style.bg,
                };
                let value = color.map(Value::written);
                values.extend(value.filter(|value| !values.contains(value)));
            }
            let name = token.name;
            match values.as_slice() {
                [] => {}
                [one] => {
                    let _ = writeln!(text, "{name} = {one}");
                }
                several => {
                    let _ = writeln!(text, "{name} = [{}]", several.join(", "));
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Colors {
        Value::parse(text).into_iter().collect()
    }

    fn token(name: &str) -> Token {
        TOKENS.into_iter().find(|token| token.name == name).unwrap()
    }

    #[test]
    fn colours_are_written_in_many_ways() {
        for (text, value) in [
            ("#7fd1b3", Value::Fixed(Rgb([0x7f, 0xd1, 0xb3]))),
            ("#fff", Value::Fixed(Rgb([255; 3]))),
            ("light_blue", Value::Named(Color::LightBlue)),
            ("Bright-Blue", Value::Named(Color::LightBlue)),
            ("dark grey", Value::Named(Color::DarkGray)),
            ("default", Value::Named(Color::Reset)),
        ] {
            assert_eq!(Value::parse(text), Some(value), "{text}");
        }
        for wrong in ["", "#12345", "mauve", "7fd1b3", "0x7f"] {
            assert_eq!(Value::parse(wrong), None, "{wrong}");
        }
        assert!(Value::names().all(|name| Value::parse(name).is_some()));
    }

    #[test]
    fn q29_every_meaning_but_the_code_has_a_token_and_every_token_its_own_name() {
        for meaning in Meaning::ALL {
            let count = TOKENS
                .iter()
                .filter(|token| token.meaning == meaning)
                .count();
            let expected = match meaning {
                Meaning::Qr => 0,
                Meaning::ButtonOk | Meaning::ButtonDanger => 2,
                Meaning::Text
                | Meaning::Strong
                | Meaning::Dim
                | Meaning::Accent
                | Meaning::Link
                | Meaning::Info
                | Meaning::Badge
                | Meaning::Ok
                | Meaning::Warn
                | Meaning::Danger
                | Meaning::Admin
                | Meaning::Border
                | Meaning::BorderFocus
                | Meaning::Selected
                | Meaning::SelectedInactive => 1,
            };
            assert_eq!(count, expected, "{meaning:?}");
        }
        let names: std::collections::BTreeSet<&str> =
            TOKENS.iter().map(|token| token.name).collect();
        assert_eq!(names.len(), TOKENS.len());
    }

    #[test]
    fn each_terminal_gets_the_best_it_can_show() {
        let fixed = one("#7fd1b3");
        assert_eq!(
            fixed.at(Depth::TrueColor),
            Some(Color::Rgb(0x7f, 0xd1, 0xb3))
        );
        assert_eq!(fixed.at(Depth::Indexed256), Some(Color::Indexed(115)));
        assert_eq!(
            (fixed.at(Depth::Ansi16), fixed.at(Depth::Mono)),
            (None, None)
        );
        let values = [Value::Index(9), Value::Named(Color::Cyan)];
        let both: Colors = values.into_iter().collect();
        assert_eq!(both.at(Depth::TrueColor), Some(Color::Indexed(9)));
        assert_eq!(both.at(Depth::Ansi16), Some(Color::Cyan));
        let low: Colors = [Value::Index(9)].into_iter().collect();
        assert_eq!(low.at(Depth::Ansi16), Some(Color::LightRed));
        let high: Colors = [Value::Index(115)].into_iter().collect();
        assert_eq!(high.at(Depth::Ansi16), None);
    }

    #[test]
    fn a_theme_changes_what_it_names_and_nothing_else() {
        let mut sheet = Sheet::new(Base::Light);
        sheet.give(token("danger"), one("#800000"));
        sheet.give(token("selected"), one("yellow"));
        for depth in [Depth::TrueColor, Depth::Indexed256, Depth::Ansi16] {
            let (plain, theme) = (
                Theme::new(Mood::Light, depth),
                Theme::of(&sheet, Mood::Dark, depth),
            );
            for meaning in Meaning::ALL {
                let changed = theme.style(meaning) != plain.style(meaning);
                let named = meaning == Meaning::Selected
                    || meaning == Meaning::Danger && depth != Depth::Ansi16;
                assert_eq!(changed, named, "{meaning:?} {depth:?}");
            }
            assert_eq!(theme.style(Meaning::Selected).bg, Some(Color::Yellow));
            assert!(theme.style(Meaning::Selected).add_modifier.is_empty());
        }
        let mono = Theme::of(&sheet, Mood::Dark, Depth::Mono);
        assert_eq!(mono, Theme::new(Mood::Light, Depth::Mono));
    }

    #[test]
    fn a_profile_tints_cursor_frame_and_badge() {
        let mut sheet = Sheet::new(Base::Auto);
        sheet.tint(one("#ff5555"));
        let theme = Theme::of(&sheet, Mood::Unknown, Depth::TrueColor);
        let red = Some(Color::Rgb(0xff, 0x55, 0x55));
        for meaning in [Meaning::Accent, Meaning::BorderFocus, Meaning::Badge] {
            assert_eq!(theme.style(meaning).fg, red);
        }
        assert_ne!(theme.style(Meaning::Link).fg, red);
    }

    #[test]
    fn q17_words_too_pale_for_what_is_known_are_found() {
        for base in Base::ALL {
            assert_eq!(Sheet::new(base).pale(), [], "{base:?}");
        }
        let names = |sheet: &Sheet| -> Vec<(&str, &str)> {
            let pale = sheet.pale();
            assert!(pale.iter().all(|pale| pale.contrast < READABLE));
            pale.iter()
                .map(|pale| (pale.token.name, pale.ground))
                .collect()
        };
        let mut sheet = Sheet::new(Base::Dark);
        sheet.give(token("dim"), one("#555555"));
        sheet.give(token("border"), one("#111111"));
        sheet.give(token("link"), one("blue"));
        assert_eq!(
            names(&sheet),
            [
                ("dim", "the background"),
                ("dim", "`selected`"),
                ("dim", "`selected_inactive`")
            ]
        );
        let mut sheet = Sheet::new(Base::Dark);
        sheet.give(token("dim"), one("#a7b0b8"));
        sheet.expect_background(Rgb([0x80; 3]));
        assert!(names(&sheet).contains(&("warn", "the background")));
        let mut sheet = Sheet::new(Base::Light);
        sheet.give(token("button_ok"), one("#eeeeee"));
        assert_eq!(names(&sheet), [("button_ok_text", "its button")]);
    }
}

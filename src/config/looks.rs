//! How the screen looks, as the user set it: theme, colours, signs, motion, and the colour of a profile.
//!
//! Nothing here is an error: a look that makes no sense is told with its line and left out.

use toml_edit::Item;

use super::file::{Placed, nearest};
use super::themes::Themes;
use super::{Environment, Origin};
use crate::theme::{
    Base, ColorChoice, Colors, Depth, GlyphChoice, Glyphs, Motion, Pale, READABLE, Sheet, Value,
};

/// How the screen is to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// Colours by meaning, those of the profile among them.
    pub theme: Sheet,
    /// How many colours.
    pub color: ColorChoice,
    /// Which signs.
    pub glyphs: GlyphChoice,
    /// How much moves.
    pub motion: Motion,
}

/// Keys of the file that are taken here.
pub(super) const KEYS: [&str; 4] = ["theme", "color", "glyphs", "reduced_motion"];

/// What the file says, before files of themes are read.
#[derive(Default)]
pub(super) struct Wishes {
    theme: Option<Placed<String>>,
    color: ColorChoice,
    glyphs: GlyphChoice,
    motion: Motion,
}

impl Wishes {
    /// Takes one of the [`KEYS`].
    pub(super) fn take(
        &mut self,
        name: &str,
        item: &Item,
        place: Origin,
        warnings: &mut Vec<String>,
    ) {
        let wrong = match name {
            "theme" => match item.as_str() {
                Some(theme) => {
                    self.theme = Some(Placed {
                        value: theme.to_owned(),
                        origin: place,
                    });
                    return;
                }
                None => "`theme` must be the name of a theme; `auto` is used",
            },
            "color" => match color(item) {
                Some(color) => {
                    self.color = color;
                    return;
                }
                None => {
                    "`color` must be `auto`, `always`, `never`, `truecolor`, `256` or `16`; `auto` is used"
                }
            },
            "glyphs" => match item.as_str().and_then(glyphs) {
                Some(glyphs) => {
                    self.glyphs = glyphs;
                    return;
                }
                None => "`glyphs` must be `auto`, `unicode` or `ascii`; `auto` is used",
            },
            _ => match item.as_bool() {
                Some(reduced) => {
                    self.motion = if reduced {
                        Motion::Reduced
                    } else {
                        Motion::Usual
                    };
                    return;
                }
                None => "`reduced_motion` must be `true` or `false`; `false` is used",
            },
        };
        warnings.push(format!("{place}: {wrong}"));
    }

    /// Reads the theme that is named, and gives it the colour of the profile.
    pub(super) fn settle(
        self,
        environment: &Environment<'_>,
        accent: Option<Placed<Colors>>,
        warnings: &mut Vec<String>,
    ) -> Looks {
        let mut theme = match self.theme {
            Some(name) => Themes::of(environment).named(&name.value, &name.origin, warnings),
            None => Sheet::default(),
        };
        if let Some(accent) = accent {
            let before = theme.pale();
            theme.tint(accent.value);
            let mut pale = theme.pale();
            pale.retain(|pale| !before.contains(pale));
            warnings.extend(complaint(&pale).map(|words| format!("{}: {words}", accent.origin)));
        }
        Looks {
            theme,
            color: self.color,
            glyphs: self.glyphs,
            motion: self.motion,
        }
    }
}

/// What is wrong with words that are too pale, in one line; `None` when none are.
pub fn complaint(pale: &[Pale]) -> Option<String> {
    let mut tokens: Vec<&str> = pale.iter().map(|pale| pale.token.name()).collect();
    tokens.dedup();
    let worst = pale
        .iter()
        .min_by(|one, other| one.contrast.total_cmp(&other.contrast))?;
    let names: Vec<String> = tokens.iter().map(|name| format!("`{name}`")).collect();
    Some(format!(
        "hard to read: {}; the least is a contrast of {:.1} on {}, and words need {READABLE}",
        names.join(", "),
        // Rounded down, so that it never reads like enough.
        (worst.contrast * 10.0).floor() / 10.0,
        worst.ground
    ))
}

fn color(item: &Item) -> Option<ColorChoice> {
    let number = item.as_integer().map(|number| number.to_string());
    match number.as_deref().or(item.as_str())? {
        "auto" => Some(ColorChoice::Auto),
        "always" => Some(ColorChoice::Always),
        "never" => Some(ColorChoice::Never),
        "truecolor" => Some(ColorChoice::Exactly(Depth::TrueColor)),
        "256" => Some(ColorChoice::Exactly(Depth::Indexed256)),
        "16" => Some(ColorChoice::Exactly(Depth::Ansi16)),
        _ => None,
    }
}

fn glyphs(name: &str) -> Option<GlyphChoice> {
    match name {
        "auto" => Some(GlyphChoice::Auto),
        "unicode" => Some(GlyphChoice::Fixed(Glyphs::Unicode)),
        "ascii" => Some(GlyphChoice::Fixed(Glyphs::Ascii)),
        _ => None,
    }
}

/// A colour, or a list of them of which each terminal gets the best it can show. What cannot be read
/// is told, with the name that was probably meant.
pub(super) fn colors(
    key: &str,
    item: &Item,
    place: &Origin,
    warnings: &mut Vec<String>,
) -> Option<Colors> {
    let mut one = |value: &toml_edit::Value| -> Option<Value> {
        let text = value.as_str();
        let number = value
            .as_integer()
            .and_then(|index| u8::try_from(index).ok());
        let found = number.map(Value::Index).or_else(|| Value::parse(text?));
        if found.is_none() {
            let names: Vec<&str> = Value::names().collect();
            let meant = text.and_then(|text| nearest(text, names.iter().copied()));
            let meant = meant.map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
            warnings.push(format!(
                "{place}: `{key}` must be a colour such as \"#7fd1b3\", a number from 0 to 255 or a name such as \"light_blue\"{meant}"
            ));
        }
        found
    };
    let found: Vec<Value> = match item.as_value() {
        Some(toml_edit::Value::Array(list)) => list.iter().filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => {
            warnings.push(format!("{place}: `{key}` must be a colour"));
            Vec::new()
        }
    };
    (!found.is_empty()).then(|| found.into_iter().collect())
}

/// The names of the looks that need no file.
pub(super) fn built_in() -> impl Iterator<Item = &'static str> {
    Base::ALL.into_iter().map(Base::name)
}

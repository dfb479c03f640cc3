//! The look of one stay: what the user set, on the terminal as it was found at the start.
//!
//! Invariant: the terminal is asked once; another look is made of the same answers.

use super::env;
use crate::config::{self, Looks};
use crate::runtime::probe::{Told, Wanted};
use crate::theme::{
    Base, ColorChoice, Depth, GlyphChoice, Glyphs, Mood, Rgb, Theme, by_locale, detect, mood_from,
};

/// What the terminal is asked: only what would change anything.
pub(super) fn wanted(looks: Looks, asked: Option<ColorChoice>) -> Wanted {
    let depth = detect(asked.unwrap_or(looks.color), env);
    let sheet = looks.theme;
    let has_colours = depth != Depth::Mono && sheet.base() != Base::Mono;
    let may_be_unicode = match looks.glyphs {
        GlyphChoice::Auto => by_locale(env) != Some(Glyphs::Ascii),
        GlyphChoice::Fixed(glyphs) => glyphs == Glyphs::Unicode,
    };
    Wanted {
        graphics: has_colours && depth > Depth::Ansi16 && may_be_unicode,
        background: has_colours && sheet.base() == Base::Auto,
        sign: looks.glyphs == GlyphChoice::Auto && may_be_unicode,
    }
}

/// What the terminal is, the same for every account.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surface {
    /// How many colours were asked for on the command line.
    asked: Option<ColorChoice>,
    /// The colour of the background, if it was told.
    background: Option<Rgb>,
    /// How many cells `●` takes, if it was told.
    sign: Option<u16>,
}

impl Surface {
    pub(super) fn new(asked: Option<ColorChoice>, told: &Told) -> Self {
        Self {
            asked,
            background: told.background,
            sign: told.sign,
        }
    }

    /// The theme that a look makes here. What of it does not fit the terminal is added to the warnings.
    pub(super) fn theme(&self, looks: Looks, warnings: &mut Vec<String>) -> Theme {
        let mut sheet = looks.theme;
        let mood = match self.background {
            Some(background) => {
                sheet.expect_background(background);
                let pale = config::complaint(&sheet.pale());
                warnings.extend(pale.map(|words| format!("the theme on this background: {words}")));
                Mood::on(background)
            }
            None => mood_from(env("COLORFGBG").as_deref()),
        };
        let glyphs = match looks.glyphs {
            GlyphChoice::Fixed(glyphs) => glyphs,
            GlyphChoice::Auto if self.sign == Some(2) => Glyphs::Ascii,
            GlyphChoice::Auto => by_locale(env).unwrap_or_default(),
        };
        let depth = detect(self.asked.unwrap_or(looks.color), env);
        let theme = Theme::of(&sheet, mood, depth);
        theme.with_glyphs(glyphs).with_motion(looks.motion)
    }
}

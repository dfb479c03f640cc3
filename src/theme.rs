//! Colours by meaning: what a thing is decides how it looks, for every terminal we may meet.
//!
//! A leaf: it knows ratatui's style types and nothing of ours. It reads no environment by itself
//! (the caller hands a look-up in) and never paints the background of the program. Invariant: in
//! [`Depth::Mono`] no style names a colour, so that no colour command is ever written, and whatever
//! colour says is said by a word or a shape as well.

mod color;
mod depth;
mod glyphs;
mod meaning;
mod palette;
mod sheet;

use ratatui::style::{Modifier, Style};

pub use color::{READABLE, Rgb, nearest};
pub use depth::{ColorChoice, Depth, Mood, detect, mood_from};
pub use glyphs::{GlyphChoice, Glyphs, Motion, ascii, by_locale};
pub use meaning::Meaning;
pub use sheet::{Base, Colors, Pale, Sheet, TOKENS, Token, Value};

use sheet::Part;

/// The look of every [`Meaning`] on one terminal, and the signs it can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    depth: Depth,
    styles: [Style; Meaning::ALL.len()],
    glyphs: Glyphs,
    motion: Motion,
}

impl Theme {
    /// The program's own look for a background and a number of colours.
    pub const fn new(mood: Mood, depth: Depth) -> Self {
        let mut styles = [Style::new(); Meaning::ALL.len()];
        let mut at = 0;
        while at < styles.len() {
            let meaning = Meaning::ALL[at];
            styles[meaning as usize] = palette::style(mood, depth, meaning);
            at += 1;
        }
        Self {
            depth,
            styles,
            glyphs: Glyphs::Unicode,
            motion: Motion::Usual,
        }
    }

    /// What a sheet makes of a background and a number of colours. A sheet that is made for one
    /// background, or for none, does not heed the one it is given.
    ///
    /// Source: screens.md 4.3.
    pub fn of(sheet: &Sheet, mood: Mood, depth: Depth) -> Self {
        let (mood, depth) = match sheet.base() {
            Base::Auto => (mood, depth),
            Base::Dark => (Mood::Dark, depth),
            Base::Light => (Mood::Light, depth),
            Base::Mono => (mood, Depth::Mono),
        };
        let mut theme = Self::new(mood, depth);
        for (token, colors) in sheet.set() {
            let Some(color) = colors.at(depth) else {
                continue;
            };
            let style = &mut theme.styles[token.meaning() as usize];
            *style = match token.part() {
                Part::Words => style.fg(color),
                Part::Ground => {
                    // With sixteen colours the program's own rows and buttons are reversed, which
                    // would make words of this ground.
                    style.add_modifier.remove(Modifier::REVERSED);
                    style.bg(color)
                }
            };
        }
        theme
    }

    /// The same with these signs.
    #[must_use]
    pub const fn with_glyphs(self, glyphs: Glyphs) -> Self {
        Self { glyphs, ..self }
    }

    /// The same with so much of motion.
    #[must_use]
    pub const fn with_motion(self, motion: Motion) -> Self {
        Self { motion, ..self }
    }

    /// How text, lines or rows of this meaning are drawn. To be patched over what is there: a row
    /// style sets a background only, a word style a foreground only.
    pub const fn style(&self, meaning: Meaning) -> Style {
        self.styles[meaning as usize]
    }

    /// The number of colours in use.
    pub const fn depth(&self) -> Depth {
        self.depth
    }

    /// The signs in use.
    pub const fn glyphs(&self) -> Glyphs {
        self.glyphs
    }

    /// Whether anything may turn round.
    pub const fn motion(&self) -> Motion {
        self.motion
    }
}

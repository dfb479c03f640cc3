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

use ratatui::style::{Color, Modifier, Style};

pub use color::{READABLE, Rgb, nearest};
pub use depth::{ColorChoice, Depth, Mood, detect, mood_from};
pub use glyphs::{GlyphChoice, Glyphs, Motion, ascii, by_locale};
pub use meaning::Meaning;
pub use sheet::{Base, Colors, Pale, Sheet, TOKENS, Token, Value};

use sheet::Part;

/// A style without what no meaning has, so that a theme stays small enough to be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    words: Option<Color>,
    ground: Option<Color>,
    modifier: Modifier,
}

impl Look {
    const fn of(style: Style) -> Self {
        Self {
            words: style.fg,
            ground: style.bg,
            modifier: style.add_modifier,
        }
    }

    const fn style(self) -> Style {
        let mut style = Style::new().add_modifier(self.modifier);
        style.fg = self.words;
        style.bg = self.ground;
        style
    }
}

/// The look of every [`Meaning`] on one terminal, and the signs it can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    depth: Depth,
    looks: [Look; Meaning::ALL.len()],
    glyphs: Glyphs,
    motion: Motion,
}

impl Theme {
    /// The program's own look for a background and a number of colours.
    pub const fn new(mood: Mood, depth: Depth) -> Self {
        let mut looks = [Look::of(Style::new()); Meaning::ALL.len()];
        let mut at = 0;
        while at < looks.len() {
            let meaning = Meaning::ALL[at];
            looks[meaning as usize] = Look::of(palette::style(mood, depth, meaning));
            at += 1;
        }
        Self {
            depth,
            looks,
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
            let look = &mut theme.looks[token.meaning() as usize];
            match token.part() {
                Part::Words => look.words = Some(color),
                Part::Ground => {
                    // With sixteen colours the program's own rows and buttons are reversed, which
                    // would make words of this ground.
                    look.modifier.remove(Modifier::REVERSED);
                    look.ground = Some(color);
                }
            }
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
        self.looks[meaning as usize].style()
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

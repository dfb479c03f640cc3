//! Colours by meaning: what a thing is decides how it looks, for every terminal we may meet.
//!
//! A leaf: it knows ratatui's style types and nothing of ours. It reads no environment by itself
//! (the caller hands a look-up in) and never paints the background of the program. Invariant: in
//! [`Depth::Mono`] no style names a colour, so that no colour command is ever written, and whatever
//! colour says is said by a word or a shape as well.

mod depth;
mod meaning;
mod palette;

use ratatui::style::Style;

pub use depth::{ColorChoice, Depth, Mood, detect, mood_from};
pub use meaning::Meaning;

/// The look of every [`Meaning`] on one terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    mood: Mood,
    depth: Depth,
}

impl Theme {
    /// The look for a background and a number of colours.
    pub const fn new(mood: Mood, depth: Depth) -> Self {
        Self { mood, depth }
    }

    /// How text, lines or rows of this meaning are drawn. To be patched over what is there: a row
    /// style sets a background only, a word style a foreground only.
    pub const fn style(&self, meaning: Meaning) -> Style {
        palette::style(self.mood, self.depth, meaning)
    }

    /// The number of colours in use.
    pub const fn depth(&self) -> Depth {
        self.depth
    }
}

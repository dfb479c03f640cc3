//! Where on the last frame stands what answers to a click. Made while drawing; looked up by the runtime.

use ratatui::layout::{Position, Rect};

use super::text::width;
use crate::app::pointer::{Area, Target};
use crate::keymap::{Code, Key};

/// Targets with their places; what was drawn later stands in front.
#[derive(Clone, Debug, Default)]
pub struct Regions(Vec<(Rect, Target)>);

impl Regions {
    /// Puts a target in front of those that are there.
    pub(super) fn add(&mut self, place: Rect, target: Target) {
        if !place.is_empty() {
            self.0.push((place, target));
        }
    }

    /// Something stands in front of all: nothing behind it answers any more.
    pub(super) fn cover(&mut self) {
        self.0.clear();
    }

    /// What answers to a click on this cell.
    pub fn at(&self, column: u16, row: u16) -> Option<&Target> {
        self.under(column, row).next()
    }

    /// What the wheel scrolls over this cell.
    pub fn area_at(&self, column: u16, row: u16) -> Option<Area> {
        self.under(column, row).find_map(|target| match target {
            Target::Area(area) => Some(*area),
            Target::Group(_)
            | Target::Member(_)
            | Target::Message(_)
            | Target::Entry(_)
            | Target::Received(_)
            | Target::InboxPart(_)
            | Target::Act(_)
            | Target::Key(_)
            | Target::Part(_)
            | Target::Line(_)
            | Target::Found(_)
            | Target::Notice(_) => None,
        })
    }

    /// All of them, those in front last.
    pub fn iter(&self) -> impl Iterator<Item = (Rect, &Target)> {
        self.0.iter().map(|(place, target)| (*place, target))
    }

    fn under(&self, column: u16, row: u16) -> impl Iterator<Item = &Target> {
        let cell = Position { x: column, y: row };
        let hit = self
            .0
            .iter()
            .rev()
            .filter(move |(place, _)| place.contains(cell));
        hit.map(|(_, target)| target)
    }
}

/// Blanks between two hints in the frame of a dialog or of the composer.
const BETWEEN: &str = "   ";

/// The keys in a row of hints such as `esc cancel   tab complete`, each with its column and width.
pub(super) fn keys_in(hints: &str) -> Vec<(u16, u16, Key)> {
    let mut found = Vec::new();
    let mut column = 0;
    for hint in hints.split(BETWEEN) {
        let shown = hint.trim();
        let lead = width(hint) - width(hint.trim_start());
        let word = shown.split(' ').next().unwrap_or_default();
        if let Some(key) = key_named(word) {
            found.push((column + lead, width(shown), key));
        }
        column += width(hint) + width(BETWEEN);
    }
    found
}

/// The key that a hint shows by this name; `None` for several keys, or none at all.
pub(super) fn key_named(name: &str) -> Option<Key> {
    const NAMED: [Key; 6] = [
        Key::plain(Code::Enter),
        Key::plain(Code::Esc),
        Key::plain(Code::Tab),
        Key::plain(Code::BackTab),
        Key::char(' '),
        Key {
            alt: true,
            ..Key::plain(Code::Enter)
        },
    ];
    let named = NAMED.into_iter().find(|key| key.to_string() == name);
    let held = |name: &str| name.strip_prefix("ctrl+").and_then(one).map(Key::ctrl);
    named
        .or_else(|| one(name).map(Key::char))
        .or_else(|| held(name))
}

/// The only character of a text, if it can be typed.
fn one(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let first = chars.next()?;
    // Arrows stand for keys that are no characters, and are shown in pairs.
    (chars.next().is_none() && !"↑↓←→".contains(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_the_keys_they_name() {
        for key in [
            Key::plain(Code::Enter),
            Key::plain(Code::Esc),
            Key::char('d'),
            Key::char('+'),
            Key::char(' '),
            Key::ctrl('j'),
        ] {
            assert_eq!(key_named(&key.to_string()), Some(key));
        }
        for no_key in ["↑", "↑ ↓", "type", "1 2 3", ""] {
            assert_eq!(key_named(no_key), None);
        }
        let found = keys_in(" esc cancel   tab complete ");
        let expected = [
            (1, 10, Key::plain(Code::Esc)),
            (14, 12, Key::plain(Code::Tab)),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_drawn_last_is_in_front_and_the_wheel_looks_behind_it() {
        let mut regions = Regions::default();
        regions.add(Rect::new(0, 0, 9, 9), Target::Area(Area::Front));
        regions.add(Rect::new(2, 2, 3, 1), Target::Line(4));
        assert_eq!(regions.at(4, 2), Some(&Target::Line(4)));
        assert_eq!(regions.at(5, 2), Some(&Target::Area(Area::Front)));
        assert_eq!(regions.area_at(4, 2), Some(Area::Front));
        assert_eq!(regions.at(9, 2), None);
        regions.cover();
        assert_eq!(regions.at(4, 2), None);
    }
}

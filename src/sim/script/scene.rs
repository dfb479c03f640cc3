//! The order of scenes: what kind of thing happens next, and after which pause.
//!
//! Who does it, where, is in [`super`]. Invariant: a scene and its pause follow from its number and the seed.

use std::time::Duration;

use crate::sim::state::rng_for;

/// Something that somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scene {
    Text,
    Image,
    Audio,
    Document,
    Location,
    Contact,
    Sticker,
    /// A kind that the provider cannot name.
    Unknown,
    Button,
    ListEntry,
    Emoji,
    RightToLeft,
    /// Text that means to turn the screen around.
    Bidi,
    /// Text that means to command the terminal.
    Escapes,
    Endless,
    /// A message to the account alone.
    Direct,
    /// A message whose group is left empty.
    Unaddressed,
    /// A message from a group that the list has only later.
    Early,
    /// A message from a group that the list never has.
    Stranger,
    /// A message that comes twice.
    Twice,
    /// An element that is no object.
    Malformed,
    Leave,
    Rename,
}

/// What there is to read soon after the start.
pub(super) const OPENING: [Scene; 13] = [
    Scene::Text,
    Scene::Text,
    Scene::Text,
    Scene::Text,
    Scene::Text,
    Scene::Image,
    Scene::Text,
    Scene::Text,
    Scene::Text,
    Scene::Audio,
    Scene::Text,
    Scene::Text,
    Scene::Text,
];

/// Everything else once.
pub(super) const ONCE: [Scene; 32] = [
    Scene::Text,
    Scene::Location,
    Scene::Emoji,
    Scene::Text,
    Scene::Direct,
    Scene::Document,
    Scene::Text,
    Scene::Twice,
    Scene::Button,
    Scene::Text,
    Scene::Rename,
    Scene::Contact,
    Scene::Text,
    Scene::Early,
    Scene::Sticker,
    Scene::Text,
    Scene::Unknown,
    Scene::RightToLeft,
    Scene::Text,
    Scene::Leave,
    Scene::Bidi,
    Scene::Text,
    Scene::ListEntry,
    Scene::Endless,
    Scene::Text,
    Scene::Malformed,
    Scene::Escapes,
    Scene::Text,
    Scene::Stranger,
    Scene::Text,
    Scene::Unaddressed,
    Scene::Text,
];

/// What goes on for ever.
const EVERY_DAY: [Scene; 16] = [
    Scene::Text,
    Scene::Text,
    Scene::Image,
    Scene::Text,
    Scene::Text,
    Scene::Audio,
    Scene::Text,
    Scene::Emoji,
    Scene::Text,
    Scene::Document,
    Scene::Text,
    Scene::Text,
    Scene::Location,
    Scene::Text,
    Scene::Sticker,
    Scene::Contact,
];

/// The pauses of the opening and of the rest, in milliseconds.
const SHORT: std::ops::RangeInclusive<u64> = 60..=130;
const CALM: std::ops::RangeInclusive<u64> = 4_000..=20_000;

impl Scene {
    /// The scene with this number.
    pub(super) fn at(number: usize) -> Self {
        let known = OPENING.iter().chain(&ONCE).nth(number);
        let later = number.saturating_sub(OPENING.len() + ONCE.len());
        let every_day = EVERY_DAY.get(later % EVERY_DAY.len());
        known.or(every_day).copied().unwrap_or(Self::Text)
    }
}

/// The time before the scene with this number.
pub(super) fn pause(seed: u64, number: usize) -> Duration {
    let range = if number < OPENING.len() { SHORT } else { CALM };
    Duration::from_millis(rng_for(seed, "pause", number as u64).u64(range))
}

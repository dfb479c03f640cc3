//! The table in use: the program's own, or what the user made of it.

use super::bindings::defaults;
use super::{Action, Chord, Context, Key};

/// Which keys mean which action, in each context. In one context no chord stands twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// One for each [`Context`], in the order of [`Context::ALL`]; the most special keys first.
    tables: [Vec<(Chord, Action)>; Context::ALL.len()],
}

impl Default for Keymap {
    /// The program's own keys.
    fn default() -> Self {
        Self {
            tables: Context::ALL.map(|context| {
                defaults(context)
                    .map(|(key, action)| (key.into(), action))
                    .collect()
            }),
        }
    }
}

impl Keymap {
    /// Every chord that means something in `context`, with what it means.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = (&Chord, Action)> {
        let table = &self.tables[context as usize];
        table.iter().map(|(chord, action)| (chord, *action))
    }

    /// What `key` means in `context`.
    pub fn resolve(&self, context: Context, key: Key) -> Option<Action> {
        self.bindings(context)
            .find(|(bound, _)| bound.single() == Some(key))
            .map(|(_, action)| action)
    }

    /// The keys of `action` in `context`, the first one being the one to teach.
    pub fn keys_of(&self, context: Context, action: Action) -> impl Iterator<Item = &Chord> {
        self.bindings(context)
            .filter(move |(_, bound)| *bound == action)
            .map(|(chord, _)| chord)
    }
}

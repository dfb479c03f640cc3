//! The table in use: the program's own, or what the user made of it.

use super::bindings::defaults;
use super::{Action, Chord, Context, Key};

/// Which keys mean which action, in each context. In one context no chord stands twice, and none
/// begins another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// One for each [`Context`], in the order of [`Context::ALL`]; the most special keys first.
    pub(super) tables: [Vec<(Chord, Action)>; Context::ALL.len()],
}

/// What keys that were pressed in turn mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This.
    Action(Action),
    /// They begin something: the next key decides.
    Start,
    /// Nothing.
    Nothing,
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

    /// What `key` alone means in `context`.
    pub fn resolve(&self, context: Context, key: Key) -> Option<Action> {
        match self.lookup(context, &[key]) {
            Found::Action(action) => Some(action),
            Found::Start | Found::Nothing => None,
        }
    }

    /// What the keys that were pressed mean in `context`: as they are, else as their neighbours on a
    /// Latin keyboard.
    pub fn lookup(&self, context: Context, pressed: &[Key]) -> Found {
        let found = self.exactly(context, pressed);
        if found != Found::Nothing {
            return found;
        }
        let latin: Vec<Key> = pressed.iter().map(|key| key.latin()).collect();
        self.exactly(context, &latin)
    }

    fn exactly(&self, context: Context, pressed: &[Key]) -> Found {
        let mut found = Found::Nothing;
        for (chord, action) in self.bindings(context) {
            if chord.after(pressed).is_some() {
                found = Found::Start;
            }
            if chord.keys().eq(pressed.iter().copied()) {
                return Found::Action(action);
            }
        }
        found
    }

    /// What can follow on the keys that were pressed: the rest of each chord, and what it means.
    pub fn following(&self, context: Context, pressed: &[Key]) -> Vec<(Chord, Action)> {
        let after = |pressed: &[Key]| -> Vec<(Chord, Action)> {
            self.bindings(context)
                .filter_map(|(chord, action)| Some((chord.after(pressed)?, action)))
                .collect()
        };
        let found = after(pressed);
        if !found.is_empty() {
            return found;
        }
        let latin: Vec<Key> = pressed.iter().map(|key| key.latin()).collect();
        after(&latin)
    }

    /// The keys of `action` in `context`, the first one being the one to teach.
    pub fn keys_of(&self, context: Context, action: Action) -> impl Iterator<Item = &Chord> {
        self.bindings(context)
            .filter(move |(_, bound)| *bound == action)
            .map(|(chord, _)| chord)
    }

    /// The key to teach for `action`: in `context`, else where the action is at home. `None` where it
    /// has none.
    pub fn key_of(&self, context: Context, action: Action) -> Option<&Chord> {
        let home = action.section().home();
        self.keys_of(context, action)
            .next()
            .or_else(|| self.keys_of(home, action).next())
    }

    /// How to ask for `action`, in words: its key, or its name after a colon.
    pub fn way_to(&self, context: Context, action: Action) -> String {
        self.key_of(context, action)
            .map_or_else(|| format!(":{}", action.name()), ToString::to_string)
    }
}

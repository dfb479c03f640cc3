//! What the user wants of the keys, laid over the program's own, and what is to be told about it.
//!
//! Invariant: whatever is wished, no chord of a context means two things, `esc` and `ctrl+c` mean
//! what they always mean, and nothing is decided in silence.

use std::fmt;

use super::{Action, Chord, Code, Context, Key, Keymap};

/// Keys for one action in place of the program's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Where; `None` is everywhere the action can be asked for.
    pub context: Option<Context>,
    /// The action.
    pub action: Action,
    /// Its keys; none at all takes its keys away.
    pub chords: Vec<Chord>,
}

/// What came of a wish that is worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The action keeps the key it always has.
    Stays(Action, Key),
    /// The chord holds a key that means something of its own, always.
    Fixed(Chord, Key),
    /// The action cannot be asked for there, but in these.
    NotThere(Action, Context, Vec<Context>),
    /// Two wishes for keys that clash: the second one is not followed there.
    Taken {
        /// The keys that mean something now.
        chord: Chord,
        /// What they mean.
        winner: Action,
        /// The keys that do not.
        lost: Chord,
        /// What they would have meant.
        loser: Action,
        /// Where.
        contexts: Vec<Context>,
    },
    /// The wish took a key of the program's own.
    Instead {
        /// The keys that were wished.
        chord: Chord,
        /// What they mean now.
        winner: Action,
        /// The program's own key that they took.
        lost: Chord,
        /// What it meant.
        loser: Action,
        /// The other keys of that action.
        left: Vec<Chord>,
        /// Where.
        contexts: Vec<Context>,
    },
}

/// The key that always leads out, and the one that always leaves.
const FIXED: [(Key, Action); 2] = [
    (Key::plain(Code::Esc), Action::Back),
    (Key::ctrl('c'), Action::Interrupt),
];

impl Action {
    /// Where it can be asked for: wherever the program itself has a key for it.
    pub fn contexts(self) -> Vec<Context> {
        let own = Keymap::default();
        let mut contexts = Context::ALL.to_vec();
        contexts.retain(|context| own.keys_of(*context, self).next().is_some());
        contexts
    }
}

impl Keymap {
    /// The program's own keys with those of the user in their place. Each remark comes with the number
    /// of the wish it is about. Of two wishes that clash the first one counts, and one for a single
    /// context before one for all of them.
    pub fn with(wishes: &[Wish]) -> (Self, Vec<(usize, Remark)>) {
        let mut keymap = Self::default();
        let mut remarks = Vec::new();
        let mut followed: Vec<(usize, &Wish)> = Vec::new();
        for (n, wish) in wishes.iter().enumerate() {
            let contexts = wish.action.contexts();
            let fixed = FIXED.into_iter().find(|(_, action)| *action == wish.action);
            match (wish.context, fixed) {
                (Some(there), _) if !contexts.contains(&there) => {
                    remarks.push((n, Remark::NotThere(wish.action, there, contexts)));
                }
                (_, Some((key, Action::Interrupt))) => {
                    remarks.push((n, Remark::Stays(wish.action, key)));
                }
                (_, fixed) => {
                    if let Some((key, _)) = fixed
                        && wish.chords.is_empty()
                    {
                        remarks.push((n, Remark::Stays(wish.action, key)));
                    }
                    followed.push((n, wish));
                }
            }
        }
        // Whoever names a context means it more than whoever does not.
        followed.sort_by_key(|(_, wish)| wish.context.is_none());
        for context in Context::ALL {
            let here: Vec<_> = followed
                .iter()
                .copied()
                .filter(|(_, wish)| is_for(wish, context, &followed))
                .collect();
            keymap.follow(context, &here, &mut remarks);
        }
        remarks.sort_by_key(|(n, _)| *n);
        (keymap, remarks)
    }

    /// Lays the wishes over the table of one context.
    fn follow(
        &mut self,
        context: Context,
        wishes: &[(usize, &Wish)],
        remarks: &mut Vec<(usize, Remark)>,
    ) {
        let table = &mut self.tables[context as usize];
        let is_fixed = |chord: &Chord| FIXED.iter().any(|(key, _)| chord.single() == Some(*key));
        table.retain(|(chord, action)| {
            is_fixed(chord) || !wishes.iter().any(|(_, wish)| wish.action == *action)
        });
        let own = Self::default();
        let mut granted: Vec<(Chord, Action, usize)> = Vec::new();
        for (n, wish) in wishes {
            for chord in &wish.chords {
                // `rename` on `e`, as it is in other panes, is no wish to take `e` from this pane.
                let is_its =
                    |context: &Context| own.keys_of(*context, wish.action).any(|c| c == chord);
                let is_usual = Context::ALL.iter().any(is_its) && !is_its(&context);
                let takes = table.iter().any(|(other, _)| other.clashes(chord));
                if wish.context.is_none() && is_usual && takes {
                    continue;
                }
                let held = FIXED.into_iter().find(|(key, action)| {
                    chord.keys().any(|own| own == *key) && *action != wish.action
                });
                if let Some((key, _)) = held {
                    tell(remarks, *n, Remark::Fixed(chord.clone(), key));
                    continue;
                }
                match granted.iter().find(|(other, ..)| other.clashes(chord)) {
                    Some((other, action, _)) if *action == wish.action && other == chord => {}
                    Some((other, action, _)) => {
                        let remark = Remark::Taken {
                            chord: other.clone(),
                            winner: *action,
                            lost: chord.clone(),
                            loser: wish.action,
                            contexts: vec![context],
                        };
                        tell(remarks, *n, remark);
                    }
                    None => granted.push((chord.clone(), wish.action, *n)),
                }
            }
        }
        let clash = |lost: &Chord| granted.iter().find(|(chord, ..)| chord.clashes(lost));
        let (kept, lost): (Vec<_>, Vec<_>) = table
            .drain(..)
            .partition(|(chord, _)| clash(chord).is_none());
        for (chord, action) in lost {
            let Some((taker, winner, n)) = clash(&chord) else {
                continue;
            };
            if action == *winner {
                continue;
            }
            let left = kept.iter().filter(|(_, other)| *other == action);
            let remark = Remark::Instead {
                chord: taker.clone(),
                winner: *winner,
                lost: chord,
                loser: action,
                left: left.map(|(chord, _)| chord.clone()).collect(),
                contexts: vec![context],
            };
            tell(remarks, *n, remark);
        }
        let granted = granted
            .into_iter()
            .map(|(chord, action, _)| (chord, action));
        table.extend(granted.chain(kept));
    }
}

/// Whether a wish counts in a context: one that names it, or one for all that none of those replaces.
fn is_for(wish: &Wish, context: Context, all: &[(usize, &Wish)]) -> bool {
    if let Some(there) = wish.context {
        return there == context;
    }
    let named =
        |(_, other): &(usize, &Wish)| other.action == wish.action && other.context == Some(context);
    !all.iter().any(named) && wish.action.contexts().contains(&context)
}

/// Adds a remark; the same about another context becomes one about both.
fn tell(remarks: &mut Vec<(usize, Remark)>, n: usize, mut remark: Remark) {
    for (known_n, known) in remarks.iter_mut() {
        if *known_n != n {
            continue;
        }
        let (Some(here), Some(there)) = (remark.contexts_mut(), known.contexts_mut()) else {
            if *known == remark {
                return;
            }
            continue;
        };
        let (own, others) = (std::mem::take(here), std::mem::take(there));
        let is_same = *known == remark;
        if let Some(contexts) = known.contexts_mut() {
            contexts.extend(others);
            if is_same {
                contexts.extend(own);
                return;
            }
        }
        if let Some(contexts) = remark.contexts_mut() {
            *contexts = own;
        }
    }
    remarks.push((n, remark));
}

impl Remark {
    fn contexts_mut(&mut self) -> Option<&mut Vec<Context>> {
        match self {
            Self::Taken { contexts, .. } | Self::Instead { contexts, .. } => Some(contexts),
            Self::Stays(..) | Self::Fixed(..) | Self::NotThere(..) => None,
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stays(action, key) => {
                write!(f, "`{}` always stays on `{key}`", action.name())
            }
            Self::Fixed(chord, key) => {
                write!(
                    f,
                    "`{key}` is not free, in no pane and no field: `{chord}` is left out"
                )
            }
            Self::NotThere(action, there, contexts) => write!(
                f,
                "`{}` does nothing in {}, but in {}: it is left out",
                action.name(),
                there.section().title(),
                places(contexts)
            ),
            Self::Taken {
                chord,
                winner,
                lost,
                loser,
                contexts,
            } => write!(
                f,
                "`{lost}` for `{}` clashes with `{chord}` for `{}` in {}: it stays `{}`",
                loser.name(),
                winner.name(),
                places(contexts),
                winner.name()
            ),
            Self::Instead {
                chord,
                winner,
                lost,
                loser,
                left,
                contexts,
            } => {
                let (winner, loser) = (winner.name(), loser.name());
                let places = places(contexts);
                write!(
                    f,
                    "`{chord}` is `{winner}` now, and `{lost}` was `{loser}` in {places}: "
                )?;
                if left.is_empty() {
                    return write!(
                        f,
                        "`{loser}` has no key there any more; give it one, or `\"\"`"
                    );
                }
                let left: Vec<String> = left.iter().map(|chord| format!("`{chord}`")).collect();
                write!(f, "`{loser}` keeps {}", left.join(" "))
            }
        }
    }
}

fn places(contexts: &[Context]) -> String {
    if contexts.len() == Context::ALL.len() {
        return "every pane".to_owned();
    }
    let titles: Vec<&str> = contexts.iter().map(|c| c.section().title()).collect();
    titles.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(action: Action, keys: &[&str]) -> Wish {
        Wish {
            context: None,
            action,
            chords: keys.iter().map(|key| key.parse().unwrap()).collect(),
        }
    }

    fn there(context: Context, action: Action, keys: &[&str]) -> Wish {
        Wish {
            context: Some(context),
            ..wish(action, keys)
        }
    }

    fn with(wishes: &[Wish]) -> (Keymap, Vec<String>) {
        let (keymap, remarks) = Keymap::with(wishes);
        for context in Context::ALL {
            let chords: Vec<&Chord> = keymap.bindings(context).map(|(chord, _)| chord).collect();
            for (n, chord) in chords.iter().enumerate() {
                let clash = chords.iter().skip(n + 1).find(|other| other.clashes(chord));
                assert_eq!(clash, None, "{context:?}: {chord}");
            }
        }
        let told = remarks.iter().map(|(n, remark)| format!("{n} {remark}"));
        (keymap, told.collect())
    }

    fn keys(keymap: &Keymap, context: Context, action: Action) -> Vec<String> {
        let keys = keymap.keys_of(context, action);
        keys.map(ToString::to_string).collect()
    }

    #[test]
    fn q28_any_action_can_be_given_other_keys_and_loses_those_it_had() {
        for action in Action::ALL.iter().copied() {
            if action == Action::Interrupt {
                continue;
            }
            let (keymap, told) = with(&[wish(action, &["F9", "ctrl+x l"])]);
            assert_eq!(told, [""; 0], "{action:?}");
            for context in Context::ALL {
                let mut expected = vec!["F9", "ctrl+x l"];
                if action == Action::Back {
                    expected.push("esc");
                }
                if !action.contexts().contains(&context) {
                    expected.clear();
                }
                assert_eq!(keys(&keymap, context, action), expected, "{action:?}");
            }
        }
    }

    #[test]
    fn no_key_takes_the_keys_away_and_a_context_can_have_its_own() {
        let (keymap, told) = with(&[
            wish(Action::Redraw, &[]),
            wish(Action::Rename, &["E"]),
            there(Context::Invite, Action::Rename, &["ctrl+e"]),
        ]);
        assert_eq!(told, [""; 0]);
        for context in Context::ALL {
            assert!(keys(&keymap, context, Action::Redraw).is_empty());
        }
        assert_eq!(keys(&keymap, Context::Groups, Action::Rename), ["E"]);
        assert_eq!(keys(&keymap, Context::Invite, Action::Rename), ["ctrl+e"]);
    }

    #[test]
    fn q28_clashes_are_told_by_name_and_it_is_said_who_wins() {
        let (keymap, told) = with(&[wish(Action::Leave, &["r"])]);
        assert_eq!(
            told,
            [
                "0 `r` is `leave` now, and `r` was `refresh` in Groups: `refresh` has no key there any more; give it one, or `\"\"`"
            ]
        );
        assert_eq!(
            keymap.resolve(Context::Groups, Key::char('r')),
            Some(Action::Leave)
        );
        assert_eq!(
            keymap.resolve(Context::Members, Key::char('r')),
            Some(Action::Refresh)
        );
        let (_, told) = with(&[wish(Action::NextUnread, &["g m"])]);
        assert_eq!(
            told,
            [
                "0 `g m` is `next-unread` now, and `g` was `first` in every pane: `first` keeps `home`"
            ]
        );
        let (keymap, told) = with(&[
            wish(Action::Leave, &["e"]),
            wish(Action::Rename, &["e", "E"]),
        ]);
        assert_eq!(
            told,
            ["1 `e` for `rename` clashes with `e` for `leave` in Groups: it stays `leave`"]
        );
        assert_eq!(keys(&keymap, Context::Groups, Action::Rename), ["E"]);
        assert_eq!(keys(&keymap, Context::Members, Action::Rename), ["e", "E"]);
    }

    #[test]
    fn what_was_given_away_on_purpose_is_not_told() {
        let (keymap, told) = with(&[wish(Action::Leave, &["r"]), wish(Action::Refresh, &["d"])]);
        assert!(told.iter().all(|text| text.contains("`d` was")), "{told:?}");
        assert_eq!(
            keymap.resolve(Context::Groups, Key::char('d')),
            Some(Action::Refresh)
        );
        let (keymap, told) = with(&[wish(Action::Rename, &["e"])]);
        assert_eq!(told, [""; 0]);
        let there = keymap.resolve(Context::Icon, Key::char('e'));
        assert_eq!(there, Some(Action::SetIcon));
        let (_, told) = with(&[wish(Action::First, &["g g"]), wish(Action::Last, &["g e"])]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn a_chord_that_begins_another_one_clashes_with_it() {
        let (_, told) = with(&[
            wish(Action::Redraw, &["ctrl+x"]),
            wish(Action::Leave, &["ctrl+x l"]),
        ]);
        assert_eq!(
            told,
            [
                "1 `ctrl+x l` for `leave` clashes with `ctrl+x` for `redraw` in Groups: it stays `redraw`"
            ]
        );
    }

    #[test]
    fn esc_and_ctrl_c_stay_what_they_are() {
        let (keymap, told) = with(&[
            wish(Action::Quit, &["ctrl+c", "esc esc", "Q"]),
            wish(Action::Back, &[]),
            wish(Action::Interrupt, &["ctrl+q"]),
            there(Context::Groups, Action::Remove, &["D"]),
        ]);
        assert_eq!(
            told,
            [
                "0 `ctrl+c` is not free, in no pane and no field: `ctrl+c` is left out",
                "0 `esc` is not free, in no pane and no field: `esc esc` is left out",
                "1 `back` always stays on `esc`",
                "2 `interrupt` always stays on `ctrl+c`",
                "3 `remove` does nothing in Groups, but in Members: it is left out",
            ]
        );
        for context in Context::ALL {
            assert_eq!(keys(&keymap, context, Action::Back), ["esc"]);
            assert_eq!(keys(&keymap, context, Action::Interrupt), ["ctrl+c"]);
            assert_eq!(keys(&keymap, context, Action::Quit), ["Q"]);
        }
    }

    #[test]
    fn keys_of_other_scripts_mean_their_place_unless_they_are_bound_themselves() {
        let (keymap, _) = with(&[wish(Action::Leave, &["й", "g l"])]);
        let resolve = |c| keymap.resolve(Context::Groups, Key::char(c));
        assert_eq!(resolve('й'), Some(Action::Leave));
        assert_eq!(resolve('у'), Some(Action::Rename), "`e` is there");
        let pressed = [Key::char('п'), Key::char('д')];
        let found = keymap.lookup(Context::Groups, &pressed);
        assert_eq!(found, super::super::Found::Action(Action::Leave));
    }
}

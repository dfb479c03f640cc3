//! `wavedeck keys`: says of each key what it is called and what it means, line by line. Nothing is
//! sent and nothing is changed.
//!
//! Invariant: the terminal is in the mode it was found in when this has ended, however it ended.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::events::{self, Input};
use super::keys::translate;
use super::signals::{Signal, Signals};
use super::terminal::Raw;
use crate::keymap::{Action, Context, Found, Key, Keymap};

/// What stands above the lines.
const HEAD: &str = "Press keys to see what they are called in [keys] and what they mean. \
                    ctrl+c twice in a row ends this.";
/// Cells for the name of a key.
const NAME: usize = 16;

/// Listens to keys until `ctrl+c` came twice in a row, a signal ends it or the terminal is gone.
///
/// # Errors
/// When the terminal cannot be changed, read or written to.
pub async fn show(keymap: &Keymap) -> io::Result<Option<Signal>> {
    let mut signals = Signals::listen()?;
    let raw = Raw::enter()?;
    let mut inputs = events::listen(Vec::new(), None)?;
    say(HEAD)?;
    let mut last = None;
    let ended = loop {
        let input = tokio::select! {
            signal = signals.next() => {
                if signal.exit_code().is_some() {
                    break Some(signal);
                }
                continue;
            }
            input = inputs.next() => input,
        };
        match input {
            Input::Key(event) => {
                let key = translate(&event).map(|(key, _)| key);
                match key {
                    Some(key) => say(&line(keymap, key))?,
                    None => say(&format!(
                        "{:<NAME$} cannot be bound",
                        event.code.to_string()
                    ))?,
                }
                if key == Some(Key::ctrl('c')) && key == last {
                    break None;
                }
                last = key;
            }
            Input::Pasted(_) | Input::Mouse(_) | Input::Resized { .. } => {}
            Input::Gone => break Some(Signal::HangUp),
        }
    };
    drop(raw);
    Ok(ended)
}

/// One line; in raw mode it has to begin at the left by itself.
fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "{text}\r\n")?;
    out.flush()
}

/// The name of a key and what it means, in which panes.
fn line(keymap: &Keymap, key: Key) -> String {
    let mut meanings: Vec<(String, Vec<Context>)> = Vec::new();
    for context in Context::ALL {
        let words = match keymap.lookup(context, &[key]) {
            Found::Action(action) => action.name().to_owned(),
            Found::Start => begins(&keymap.following(context, &[key])),
            Found::Nothing => continue,
        };
        match meanings.iter_mut().find(|(known, _)| *known == words) {
            Some((_, contexts)) => contexts.push(context),
            None => meanings.push((words, vec![context])),
        }
    }
    let mut text = format!("{:<NAME$} ", key.to_string());
    if key.latin() != key {
        let _ = write!(text, "where {} is: ", key.latin());
    }
    if meanings.is_empty() {
        text.push_str("means nothing");
    }
    for (n, (words, contexts)) in meanings.iter().enumerate() {
        text.push_str(if n == 0 { "" } else { " · " });
        text.push_str(words);
        if contexts.len() < Context::ALL.len() {
            let names: Vec<&str> = contexts.iter().map(|c| c.section().title()).collect();
            let _ = write!(text, " in {}", names.join(", "));
        }
    }
    text
}

fn begins(following: &[(crate::keymap::Chord, Action)]) -> String {
    let rest = following.iter();
    let rest: Vec<String> = rest
        .map(|(chord, action)| format!("then {chord}: {}", action.name()))
        .collect();
    rest.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::Wish;

    #[test]
    fn q28_a_key_is_named_with_what_it_means_where() {
        let keymap = Keymap::default();
        let words = |key| {
            line(&keymap, key)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(words(Key::char('R')), "R refresh-all");
        assert_eq!(words(Key::ctrl('l')), "ctrl+l redraw");
        assert_eq!(words(Key::ctrl('n')), "ctrl+n means nothing");
        let d = words(Key::char('d'));
        assert!(
            d.starts_with("d leave in Groups · remove in Members"),
            "{d}"
        );
        let there = words(Key::char('в'));
        assert!(
            there.starts_with("в where d is: leave in Groups"),
            "{there}"
        );
        let (keymap, _) = Keymap::with(&[Wish {
            context: None,
            action: Action::Leave,
            chords: vec!["ctrl+x l".parse().unwrap()],
        }]);
        let begins = line(&keymap, Key::ctrl('x'));
        assert!(begins.contains("then l: leave in Groups"), "{begins}");
    }
}

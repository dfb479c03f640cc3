//! Answers of the terminal that come after they were waited for: they look like typing and are
//! dropped.
//!
//! The reader of keys knows most answers and drops them itself, but takes the ones that carry text
//! apart into `alt+]`, `1`, `1`, `;` and so on. Only used where an answer is owed. Invariant: a key
//! that somebody typed is at most delayed until nothing more is there.

use std::collections::VecDeque;
use std::io;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// How such answers begin: the first key, with alt, and the one behind it.
const BEGINNINGS: [(char, char); 3] = [(']', '1'), ('_', 'G'), ('P', '>')];
/// More keys than any of these answers is long.
const LONGEST: usize = 64;

/// Takes answers out of what is typed.
#[derive(Debug, Default)]
pub struct Late {
    state: State,
    /// What was held back and is none.
    ready: VecDeque<Event>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Outside,
    /// After what may be the first key of an answer.
    Begun(KeyEvent),
    /// In an answer, of which so many keys have come.
    Within(usize),
}

impl Late {
    /// The next event that is none of an answer.
    ///
    /// # Errors
    /// Those of `next`.
    pub fn next(
        &mut self,
        mut next: impl FnMut() -> io::Result<Option<Event>>,
    ) -> io::Result<Option<Event>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            match next()? {
                Some(event) => self.take(event),
                None => match std::mem::take(&mut self.state) {
                    State::Begun(first) => self.ready.push_back(Event::Key(first)),
                    state @ (State::Outside | State::Within(_)) => {
                        self.state = state;
                        return Ok(None);
                    }
                },
            }
        }
    }

    fn take(&mut self, event: Event) {
        let Event::Key(key) = event else {
            self.ready.push_back(event);
            return;
        };
        match std::mem::take(&mut self.state) {
            State::Outside if begins(&key) => self.state = State::Begun(key),
            State::Outside => self.ready.push_back(Event::Key(key)),
            State::Begun(first) => {
                if BEGINNINGS.iter().any(|(one, two)| {
                    first.code == KeyCode::Char(*one) && key.code == KeyCode::Char(*two)
                }) {
                    self.state = State::Within(2);
                } else {
                    self.ready.push_back(Event::Key(first));
                    self.take(Event::Key(key));
                }
            }
            State::Within(count) => {
                let with = |modifier| key.modifiers.contains(modifier);
                let is_end = key.code == KeyCode::Char('\\') && with(KeyModifiers::ALT)
                    || key.code == KeyCode::Char('g') && with(KeyModifiers::CONTROL);
                if !is_end && count < LONGEST {
                    self.state = State::Within(count + 1);
                }
            }
        }
    }
}

fn begins(key: &KeyEvent) -> bool {
    let is_one = |(first, _): &(char, char)| key.code == KeyCode::Char(*first);
    key.modifiers.contains(KeyModifiers::ALT) && BEGINNINGS.iter().any(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(letter: char) -> KeyEvent {
        KeyEvent::from(KeyCode::Char(letter))
    }

    fn alt(letter: char) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(letter), KeyModifiers::ALT)
    }

    const BELL: KeyEvent = KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL);

    /// What is left of these keys; between two parts nothing is there for a while.
    fn left(parts: &[Vec<KeyEvent>]) -> Vec<KeyEvent> {
        let mut late = Late::default();
        let mut found = Vec::new();
        for part in parts {
            let mut keys = part.iter();
            let mut next = || Ok(keys.next().copied().map(Event::Key));
            while let Some(event) = late.next(&mut next).unwrap() {
                let Event::Key(key) = event else { panic!() };
                found.push(key);
            }
        }
        found
    }

    fn keys(first: KeyEvent, text: &str, last: KeyEvent) -> Vec<KeyEvent> {
        let text = text.chars().map(plain);
        [first].into_iter().chain(text).chain([last]).collect()
    }

    #[test]
    fn q33_an_answer_that_comes_late_is_not_typed() {
        for (first, text, last) in [
            (alt(']'), "11;rgb:ffff/ffff/ffff", BELL),
            (alt(']'), "11;rgb:ffff/ffff/ffff", alt('\\')),
            (alt('_'), "Gi=31;OK", alt('\\')),
            (alt('P'), ">|kitty(0.35.2)", alt('\\')),
        ] {
            let mut all = vec![plain('j')];
            all.extend(keys(first, text, last));
            all.push(plain('k'));
            assert_eq!(left(&[all.clone()]), [plain('j'), plain('k')]);
            // In two pieces, wherever they part but in front of the second key.
            for at in 3..all.len() {
                let parts = [all[..at].to_vec(), all[at..].to_vec()];
                assert_eq!(left(&parts), [plain('j'), plain('k')], "{at}");
            }
        }
    }

    #[test]
    fn the_same_key_typed_by_a_person_is_kept() {
        let typed = vec![alt(']'), plain('j'), alt('P'), alt('_'), alt('_')];
        assert_eq!(left(std::slice::from_ref(&typed)), typed);
        let apart = [vec![alt(']')], vec![plain('1')]];
        assert_eq!(left(&apart), [alt(']'), plain('1')]);
    }

    #[test]
    fn an_answer_without_an_end_does_not_swallow_everything() {
        let mut all = keys(alt(']'), "11;", plain('x'));
        all.extend(std::iter::repeat_n(plain('j'), 100));
        assert!(left(&[all]).len() > 30);
    }
}

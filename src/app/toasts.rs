//! Notices in the corner: what happened and where. Successes leave by themselves, errors stay.

use std::time::Duration;

use crate::domain::Millis;

/// How long a notice of success stays.
const SHORT: Duration = Duration::from_secs(4);
/// Most notices kept at once.
const MOST: usize = 3;

/// How serious a notice is, ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Hint,
    /// It worked.
    Done,
    /// Something is doubtful or limited.
    Warning,
    /// It did not work.
    Error,
}

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// How serious.
    pub level: Level,
    /// What happened.
    pub title: String,
    /// Details, one paragraph each.
    pub lines: Vec<String>,
    /// When it goes by itself; `None` stays until dismissed.
    pub until: Option<Millis>,
}

impl Toast {
    /// A notice that lasts as its level deserves.
    pub fn new(level: Level, title: impl Into<String>, lines: Vec<String>, now: Millis) -> Self {
        let until = match level {
            Level::Done => Some(now.after(SHORT)),
            Level::Hint => Some(now.after(SHORT + Duration::from_secs(2))),
            Level::Warning | Level::Error => None,
        };
        Self {
            level,
            title: title.into(),
            lines,
            until,
        }
    }
}

/// The notices on the screen, oldest first.
#[derive(Debug, Default)]
pub struct Toasts(Vec<Toast>);

impl Toasts {
    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Toast> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The newest one.
    pub fn last(&self) -> Option<&Toast> {
        self.0.last()
    }

    /// Shows one more; a notice that says the same is replaced, the oldest mildest one makes room.
    pub fn push(&mut self, toast: Toast) {
        // The title alone says what failed, not where: two groups may fail in the same way.
        self.0
            .retain(|other| other.title != toast.title || other.lines != toast.lines);
        self.0.push(toast);
        let kept = self.gravest(MOST);
        let mut index = 0;
        self.0.retain(|_| {
            index += 1;
            kept.contains(&(index - 1))
        });
    }

    /// Where there is room for `most`: the most serious ones, among equals the newest, oldest first.
    pub fn shown(&self, most: usize) -> impl DoubleEndedIterator<Item = &Toast> {
        self.gravest(most).into_iter().map(|index| &self.0[index])
    }

    fn gravest(&self, most: usize) -> Vec<usize> {
        let mut kept: Vec<usize> = (0..self.0.len()).collect();
        while kept.len() > most {
            let mildest = kept.iter().map(|index| self.0[*index].level).min();
            kept.remove(
                kept.iter()
                    .position(|index| Some(self.0[*index].level) == mildest)
                    .unwrap_or(0),
            );
        }
        kept
    }

    /// Adds a line to the newest notice and keeps it up until then.
    pub fn amend_last(&mut self, line: String, until: Millis) {
        if let Some(toast) = self.0.last_mut() {
            toast.lines.push(line);
            toast.until = toast.until.map(|_| until);
        }
    }

    /// Takes those off whose time has passed.
    pub fn expire(&mut self, now: Millis) {
        self.0
            .retain(|toast| toast.until.is_none_or(|until| until > now));
    }

    /// When the next one goes by itself.
    pub fn next_expiry(&self) -> Option<Millis> {
        self.0.iter().filter_map(|toast| toast.until).min()
    }

    /// Takes the newest of those that wait for the user, out of the `most` that are [`Self::shown`];
    /// `false` when there is none.
    pub fn dismiss(&mut self, most: usize) -> bool {
        let shown = self.gravest(most);
        let waiting = |index: &usize| self.0[*index].until.is_none();
        match shown.into_iter().rfind(waiting) {
            Some(index) => {
                self.0.remove(index);
                true
            }
            None => false,
        }
    }

    /// Takes off just this one.
    pub fn take_off(&mut self, toast: &Toast) {
        self.0.retain(|other| other != toast);
    }

    /// Takes a notice off by its title.
    pub fn remove(&mut self, title: &str) {
        self.0.retain(|toast| toast.title != title);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn success_leaves_after_four_seconds_and_errors_stay() {
        let mut toasts = Toasts::default();
        toasts.push(Toast::new(Level::Done, "copied", vec![], Millis(0)));
        toasts.push(Toast::new(Level::Error, "failed", vec![], Millis(0)));
        toasts.expire(Millis(3_999));
        assert_eq!(toasts.iter().count(), 2);
        toasts.expire(Millis(4_000));
        assert_eq!(toasts.last().unwrap().title, "failed");
        assert!(toasts.dismiss(3));
        assert!(!toasts.dismiss(3));
    }

    #[test]
    fn only_a_notice_that_says_the_same_is_replaced() {
        let mut toasts = Toasts::default();
        for group in ["a", "b", "a"] {
            let lines = vec![group.to_owned()];
            toasts.push(Toast::new(Level::Error, "failed", lines, Millis(0)));
        }
        let lines: Vec<&str> = toasts.iter().map(|toast| toast.lines[0].as_str()).collect();
        assert_eq!(lines, ["b", "a"]);
    }

    #[test]
    fn the_mildest_makes_room_first() {
        let mut toasts = Toasts::default();
        for (level, title) in [
            (Level::Error, "a"),
            (Level::Done, "b"),
            (Level::Warning, "c"),
            (Level::Error, "d"),
        ] {
            toasts.push(Toast::new(level, title, vec![], Millis(0)));
        }
        let titles: Vec<&str> = toasts.iter().map(|toast| toast.title.as_str()).collect();
        assert_eq!(titles, ["a", "c", "d"]);
    }
}

//! The reading of names and people behind the list: what waits for it, whether it goes on, how long it will
//! take. Which group comes first and when a request may leave is decided in `update::reads`.
//!
//! Invariant: what is stopped starts again only when the user says so.

use std::collections::VecDeque;
use std::time::Duration;

use super::groups::Slot;
use crate::domain::Millis;

/// So many answers say how fast they come.
const WINDOW: usize = 64;
/// Fewer answers say nothing.
const ENOUGH: usize = 8;

/// Whether groups are read behind the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// They are, whenever something is old or unknown.
    #[default]
    Going,
    /// Only what the user looks at is, until the user says otherwise.
    Stopped,
}

/// What is read behind the list.
#[derive(Debug, Default)]
pub struct Loading {
    /// Whether it goes on.
    pub flow: Flow,
    queue: VecDeque<Slot>,
    /// When the last answers came.
    answers: VecDeque<Millis>,
}

impl Loading {
    /// Takes other groups to read, in this order, in place of those that wait.
    pub fn line_up(&mut self, slots: impl IntoIterator<Item = Slot>) {
        self.clear();
        self.queue.extend(slots);
    }

    /// Gives up whatever waits.
    pub fn clear(&mut self) {
        self.queue.clear();
        self.answers.clear();
    }

    /// How many groups wait.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// The groups that wait, in their turn. Some may have been read meanwhile, because they were looked at.
    pub fn iter(&self) -> impl Iterator<Item = Slot> {
        self.queue.iter().copied()
    }

    /// Whether anything is left to read, going on or not.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether something is left and may leave.
    pub fn is_going(&self) -> bool {
        self.flow == Flow::Going && !self.is_empty()
    }

    /// The group whose turn it is.
    pub fn pop(&mut self) -> Option<Slot> {
        self.queue.pop_front()
    }

    /// Stops, or goes on.
    pub fn turn(&mut self) {
        self.answers.clear();
        self.flow = match self.flow {
            Flow::Going => Flow::Stopped,
            Flow::Stopped => Flow::Going,
        };
    }

    /// An answer came.
    pub fn answered(&mut self, now: Millis) {
        if self.answers.len() == WINDOW {
            self.answers.pop_front();
        }
        self.answers.push_back(now);
    }

    /// How long `count` more answers will take when at most `pace` requests a second may leave; `None` while
    /// nothing tells.
    pub fn time_left(&self, count: usize, pace: Option<f64>, now: Millis) -> Option<Duration> {
        let rate = match (self.measured(now), pace) {
            (Some(measured), Some(pace)) => measured.min(pace),
            (Some(rate), None) | (None, Some(rate)) => rate,
            (None, None) => return None,
        };
        // An estimate: beyond 2^52 groups it may be off by one.
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let seconds = count as f64 / rate.max(0.001);
        Duration::try_from_secs_f64(seconds).ok()
    }

    /// Answers a second, lately. A pause counts as soon as it lasts.
    fn measured(&self, now: Millis) -> Option<f64> {
        let first = self.answers.front()?;
        let span = now.since(*first).as_secs_f64();
        let known = self.answers.len() >= ENOUGH && span > 0.0;
        let between = u32::try_from(self.answers.len() - 1).unwrap_or(u32::MAX);
        known.then(|| f64::from(between) / span)
    }
}

#[cfg(test)]
mod tests {
    use super::super::groups::Groups;
    use super::*;
    use crate::domain::GroupId;

    fn slots(count: usize) -> Vec<Slot> {
        let ids = (0..count).map(|n| GroupId::new(&n.to_string()).unwrap());
        Groups::default().replace(ids.collect()).0
    }

    #[test]
    fn the_time_left_follows_the_pace_until_answers_are_slower() {
        let mut loading = Loading::default();
        let left = |loading: &Loading, now| {
            let left = loading.time_left(168, Some(4.0), Millis(now));
            left.map(|left| left.as_secs())
        };
        assert_eq!(left(&loading, 0), Some(42));
        assert_eq!(
            loading.time_left(168, None, Millis(0)),
            None,
            "nothing tells"
        );
        for n in 0..9 {
            loading.answered(Millis(n * 500));
        }
        assert_eq!(left(&loading, 4_000), Some(84), "two a second");
        assert_eq!(left(&loading, 8_000), Some(168), "and then none came");
        let fast = loading.time_left(168, None, Millis(4_000));
        assert_eq!(fast, Some(Duration::from_secs(84)));
    }

    #[test]
    fn what_is_stopped_keeps_what_waits() {
        let mut loading = Loading::default();
        loading.line_up(slots(2));
        loading.turn();
        assert!(!loading.is_going() && !loading.is_empty());
        loading.turn();
        assert!(loading.is_going());
    }
}

//! The state of the connection to the host, and when the next request may leave.
//!
//! One place decides for all reads: after a lost connection, a request to slow down or a refused
//! token, nothing keeps hammering the host. What a single answer means is in `outcome`.

use std::time::Duration;

use super::outcome::{self, LONGEST_WAIT, READ_TRIES, Reading};
use super::session::Pace;
use crate::domain::{Failure, Millis, Operation};

/// Longest pause between two tries that nobody asked for.
const RAREST: Duration = Duration::from_secs(60);
/// Shortest pause after a wish to slow down.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// Requests that may leave at once before the pace begins to count: one screenful.
const BURST: f64 = 32.0;
/// How long the pace is halved after a wish to slow down.
const SLOW: Duration = Duration::from_secs(60);

/// The connection as the header shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Line {
    /// The last answer was a good one, or none was needed yet.
    #[default]
    Online,
    /// No connection came about; the next try is at that moment.
    Offline {
        /// When the next try leaves.
        next_try: Millis,
        /// Tries so far.
        tries: u32,
        /// Why.
        why: Failure,
    },
    /// Whoever answers there could not prove to be the server: nothing leaves on its own until the
    /// user asks again.
    Untrusted {
        /// Why.
        why: Failure,
    },
    /// The server asked to slow down until then.
    Throttled {
        /// When requests leave again.
        until: Millis,
        /// How often it asked, without a good answer in between.
        times: u32,
    },
    /// User name or token were refused: nothing leaves until the user connects again.
    SignedOut,
}

impl Line {
    /// When the next read may leave; `None` means not before the user does something.
    pub fn opens_at(&self) -> Option<Millis> {
        match self {
            Self::Online => Some(Millis(0)),
            Self::Offline { next_try, .. } => Some(*next_try),
            Self::Throttled { until, .. } => Some(*until),
            Self::Untrusted { .. } | Self::SignedOut => None,
        }
    }

    /// Whether a read may leave now.
    pub fn is_open(&self, now: Millis) -> bool {
        self.opens_at().is_some_and(|at| at <= now)
    }

    /// Whether the server asked to slow down, and the time has not passed.
    pub fn is_throttled(&self, now: Millis) -> bool {
        matches!(self, Self::Throttled { until, .. } if *until > now)
    }

    /// An answer came, so there is a connection. A refused token stays refused, and a wish to slow
    /// down holds, whatever else still arrives.
    pub fn answered(&mut self, now: Millis) {
        match self {
            Self::SignedOut => {}
            Self::Throttled { until, .. } if *until > now => {}
            Self::Online
            | Self::Offline { .. }
            | Self::Untrusted { .. }
            | Self::Throttled { .. } => *self = Self::Online,
        }
    }

    /// The user asked for something: what only waits for its time is tried at once.
    pub fn asked(&mut self, now: Millis) {
        match self {
            Self::Offline { next_try, .. } => *next_try = now,
            Self::Untrusted { .. } => *self = Self::Online,
            Self::Online | Self::Throttled { .. } | Self::SignedOut => {}
        }
    }
}

/// What to do about a read that failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Try again after this pause.
    Retry(Duration),
    /// Say so.
    GiveUp,
}

/// Judges a failed read and takes note of what it says about the connection; of a failed change only
/// the note counts.
///
/// `try_number` counts from one; `random` is evenly spread over 0 to 1.
pub fn judge(
    line: &mut Line,
    operation: Operation,
    why: &Failure,
    try_number: u32,
    random: f64,
    now: Millis,
) -> Verdict {
    match outcome::of_read(operation, why, try_number, random) {
        Reading::Again(pause) => Verdict::Retry(pause),
        Reading::GiveUp => Verdict::GiveUp,
        Reading::SignedOut => {
            *line = Line::SignedOut;
            Verdict::GiveUp
        }
        Reading::NotTrusted => {
            *line = Line::Untrusted { why: why.clone() };
            Verdict::GiveUp
        }
        Reading::NoConnection => no_connection(line, why, now),
        Reading::SlowDown(asked) => slow_down(line, asked, try_number, random, now),
    }
}

fn no_connection(line: &mut Line, why: &Failure, now: Millis) -> Verdict {
    let tries = match line {
        // The wish to slow down holds also for the tries to find the host again.
        Line::Throttled { until, .. } if *until > now => return Verdict::Retry(until.since(now)),
        // It left before the outage was known: the same outage, not one more try.
        Line::Offline { next_try, .. } if now < *next_try => {
            return Verdict::Retry(next_try.since(now));
        }
        Line::Offline { tries, .. } => *tries + 1,
        Line::Online | Line::Throttled { .. } | Line::Untrusted { .. } | Line::SignedOut => 1,
    };
    let pause = doubled(tries);
    *line = Line::Offline {
        next_try: now.after(pause),
        tries,
        why: why.clone(),
    };
    Verdict::Retry(pause)
}

fn slow_down(
    line: &mut Line,
    asked: Option<Duration>,
    try_number: u32,
    random: f64,
    now: Millis,
) -> Verdict {
    let (asked_before, times) = match line {
        // They left together: the same wish, told to each of them.
        Line::Throttled { until, times } if *until > now => (*until, *times),
        Line::Throttled { times, .. } => (now, *times + 1),
        Line::Online | Line::Offline { .. } | Line::Untrusted { .. } | Line::SignedOut => (now, 1),
    };
    let pause = asked
        .unwrap_or_else(|| doubled(times + 1).mul_f64(random.clamp(0.0, 1.0)))
        .max(SHORTEST_WAIT);
    // A shorter wish takes nothing back of a longer one.
    let until = now.after(pause.min(LONGEST_WAIT)).max(asked_before);
    *line = Line::Throttled { until, times };
    if pause > LONGEST_WAIT || try_number >= READ_TRIES {
        Verdict::GiveUp
    } else {
        Verdict::Retry(pause)
    }
}

/// 1 s, doubled with each further time, a minute at most.
fn doubled(times: u32) -> Duration {
    Duration::from_secs(1 << times.saturating_sub(1).min(6)).min(RAREST)
}

/// Counts requests that leave on their own, so that the host is treated politely.
#[derive(Debug)]
pub struct Pacer {
    pace: Pace,
    tokens: f64,
    counted: Millis,
    /// Until then the pace is halved, and nothing leaves in a burst.
    slow_until: Millis,
}

impl Pacer {
    /// A fresh count.
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            tokens: BURST,
            counted: Millis(0),
            slow_until: Millis(0),
        }
    }

    /// The host asked to slow down: for a minute half the pace must do. Without a pace there is
    /// nothing to halve.
    pub fn slow_down(&mut self, now: Millis) {
        self.slow_until = now.after(SLOW);
    }

    /// How many requests a second may leave now; `None` without a limit.
    pub fn rate(&self, now: Millis) -> Option<f64> {
        let Pace::PerSecond(rate) = self.pace else {
            return None;
        };
        Some(if self.is_slowed(now) {
            rate / 2.0
        } else {
            rate
        })
    }

    /// Whether the host asked to slow down lately.
    pub fn is_slowed(&self, now: Millis) -> bool {
        now < self.slow_until
    }

    /// The pace that was set.
    pub fn pace(&self) -> Pace {
        self.pace
    }

    /// Another pace from now on. A wish of the host to slow down holds on.
    pub fn set_pace(&mut self, pace: Pace, now: Millis) {
        if self.pace == Pace::Unlimited {
            // Nothing was counted: a first screenful has long left.
            self.tokens = 0.0;
            self.counted = now;
        }
        self.pace = pace;
    }

    /// How long the next request has to wait.
    pub fn wait(&self, now: Millis) -> Duration {
        let Some(rate) = self.rate(now) else {
            return Duration::ZERO;
        };
        if now < self.counted {
            // The clock was put back: what it said before says nothing.
            return Duration::ZERO;
        }
        let elapsed = now.since(self.counted).as_secs_f64();
        let missing = 1.0 - (self.tokens + elapsed * rate);
        Duration::try_from_secs_f64(missing / rate.max(0.005)).unwrap_or_default()
    }

    /// Takes leave for one request: `Ok`, or how long to wait.
    ///
    /// # Errors
    /// The time until the next request may leave.
    pub fn take(&mut self, now: Millis) -> Result<(), Duration> {
        let Some(rate) = self.rate(now) else {
            return Ok(());
        };
        let burst = if self.is_slowed(now) { 1.0 } else { BURST };
        let elapsed = now.since(self.counted).as_secs_f64();
        self.tokens = (self.tokens + elapsed * rate).min(burst);
        self.counted = now;
        if self.wait(now).is_zero() {
            self.tokens -= 1.0;
            Ok(())
        } else {
            Err(self.wait(now))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clean, FailureKind, Sent, Unreachable};

    fn failure(kind: FailureKind) -> Failure {
        Failure {
            kind,
            status: None,
            sent: Sent::Answered,
            detail: Clean::default(),
        }
    }

    fn judge_at(line: &mut Line, why: &Failure, try_number: u32, now: Millis) -> Verdict {
        judge(line, Operation::GroupDetails, why, try_number, 1.0, now)
    }

    fn judged(kind: FailureKind, try_number: u32) -> (Verdict, Line) {
        let mut line = Line::Online;
        let verdict = judge_at(&mut line, &failure(kind), try_number, Millis(1_000));
        (verdict, line)
    }

    #[test]
    fn a_wish_to_slow_down_holds_everything_for_as_long_as_asked() {
        let pause = Duration::from_secs(7);
        let (verdict, line) = judged(FailureKind::RateLimited(Some(pause)), 1);
        assert_eq!(verdict, Verdict::Retry(pause));
        assert!(!line.is_open(Millis(7_999)));
        assert!(line.is_open(Millis(8_000)));
    }

    #[test]
    fn a_long_pause_is_not_cut_short_by_a_shorter_one_nor_by_an_outage() {
        let asked = |secs| failure(FailureKind::RateLimited(Some(Duration::from_secs(secs))));
        let mut line = Line::Online;
        judge_at(&mut line, &asked(60), 1, Millis(0));
        judge_at(&mut line, &asked(2), 1, Millis(500));
        assert_eq!(line.opens_at(), Some(Millis(60_000)));
        let why = failure(FailureKind::Unreachable(Unreachable::Refused));
        let verdict = judge_at(&mut line, &why, 1, Millis(1_000));
        assert_eq!(line.opens_at(), Some(Millis(60_000)));
        assert_eq!(verdict, Verdict::Retry(Duration::from_secs(59)));
        judge_at(&mut line, &why, 1, Millis(60_000));
        assert!(matches!(line, Line::Offline { .. }));
    }

    #[test]
    fn an_unreasonable_pause_is_left_to_the_user() {
        let (verdict, line) = judged(
            FailureKind::RateLimited(Some(Duration::from_secs(86_400))),
            1,
        );
        assert_eq!(verdict, Verdict::GiveUp);
        assert!(line.is_open(Millis(1_000).after(LONGEST_WAIT)));
    }

    #[test]
    fn without_a_connection_tries_become_rarer_up_to_once_a_minute() {
        let mut line = Line::Online;
        let why = failure(FailureKind::Unreachable(Unreachable::Refused));
        let mut now = Millis(0);
        let pauses: Vec<u64> = (1..=9)
            .map(|n| match judge_at(&mut line, &why, n, now) {
                Verdict::Retry(pause) => {
                    now = now.after(pause);
                    pause.as_secs()
                }
                Verdict::GiveUp => 0,
            })
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn requests_that_fail_together_are_one_outage() {
        let mut line = Line::Online;
        let why = failure(FailureKind::Unreachable(Unreachable::Refused));
        for at in [0, 10, 400] {
            judge_at(&mut line, &why, 1, Millis(at));
        }
        assert_eq!(line.opens_at(), Some(Millis(1_000)));
    }

    #[test]
    fn a_refused_token_stops_everything_until_the_user_acts() {
        let (verdict, line) = judged(FailureKind::Unauthorized, 1);
        assert_eq!(verdict, Verdict::GiveUp);
        assert_eq!(line.opens_at(), None);
    }

    #[test]
    fn each_further_wish_to_slow_down_is_taken_more_seriously() {
        let mut line = Line::Online;
        let why = failure(FailureKind::RateLimited(None));
        let mut now = Millis(0);
        let pauses: Vec<u64> = (0..8)
            .map(|_| {
                judge_at(&mut line, &why, 1, now);
                // Told to a second one that had left already: the same wish.
                judge_at(&mut line, &why, 1, now);
                let until = line.opens_at().unwrap();
                let pause = until.since(now).as_secs();
                now = until;
                pause
            })
            .collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
        line.answered(now);
        judge_at(&mut line, &why, 1, now);
        assert!(matches!(line, Line::Throttled { times: 1, .. }));
    }

    #[test]
    fn a_read_that_met_the_wish_three_times_says_so() {
        let (verdict, line) = judged(FailureKind::RateLimited(None), 3);
        assert_eq!(verdict, Verdict::GiveUp);
        assert!(line.is_throttled(Millis(1_500)));
    }

    #[test]
    fn whoever_is_not_trusted_is_not_asked_again_before_the_user_says_so() {
        let (verdict, mut line) = judged(FailureKind::Unreachable(Unreachable::Tls), 1);
        assert_eq!(verdict, Verdict::GiveUp);
        assert_eq!(line.opens_at(), None);
        line.asked(Millis(2_000));
        assert_eq!(line, Line::Online);
    }

    #[test]
    fn a_screenful_leaves_at_once_and_then_the_pace_counts() {
        let mut pacer = Pacer::new(Pace::PerSecond(4.0));
        assert!((0..32).all(|_| pacer.take(Millis(0)).is_ok()));
        assert_eq!(pacer.take(Millis(0)), Err(Duration::from_millis(250)));
        assert_eq!(pacer.take(Millis(250)), Ok(()));
        let mut free = Pacer::new(Pace::Unlimited);
        assert!((0..10_000).all(|_| free.take(Millis(0)).is_ok()));
    }

    #[test]
    fn for_a_minute_after_a_wish_to_slow_down_the_pace_is_halved() {
        let mut pacer = Pacer::new(Pace::PerSecond(4.0));
        pacer.slow_down(Millis(0));
        let left = |pacer: &mut Pacer, from: u64, to: u64| {
            let moments = (from..to).step_by(125);
            moments.filter(|at| pacer.take(Millis(*at)).is_ok()).count()
        };
        assert_eq!(left(&mut pacer, 0, 60_000), 120, "two a second, no burst");
        assert_eq!(left(&mut pacer, 60_000, 70_000), 40);
        let mut free = Pacer::new(Pace::Unlimited);
        free.slow_down(Millis(0));
        assert!((0..1_000).all(|_| free.take(Millis(0)).is_ok()));
    }
}

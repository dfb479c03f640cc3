//! The state of the connection to the host, and when the next request may leave.
//!
//! One place decides for all reads: after a lost connection, a request to slow down or a refused
//! token, nothing keeps hammering the host.

use std::time::Duration;

use super::session::Pace;
use crate::domain::{Failure, FailureKind, Millis};

/// Longest pause that is waited out without asking; a longer one is the user's decision.
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// Tries of one read, the first included.
const READ_TRIES: u32 = 3;
/// Requests that may leave at once before the pace begins to count: one screenful.
const BURST: f64 = 32.0;

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
    /// The server asked to slow down until then.
    Throttled {
        /// When requests leave again.
        until: Millis,
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
            Self::Throttled { until } => Some(*until),
            Self::SignedOut => None,
        }
    }

    /// Whether a read may leave now.
    pub fn is_open(&self, now: Millis) -> bool {
        self.opens_at().is_some_and(|at| at <= now)
    }

    /// Whether the server asked to slow down, and the time has not passed.
    pub fn is_throttled(&self, now: Millis) -> bool {
        matches!(self, Self::Throttled { until } if *until > now)
    }

    /// An answer came, so there is a connection. A refused token stays refused, and a wish to slow
    /// down holds, whatever else still arrives.
    pub fn answered(&mut self, now: Millis) {
        match self {
            Self::SignedOut => {}
            Self::Throttled { until } if *until > now => {}
            Self::Online | Self::Offline { .. } | Self::Throttled { .. } => *self = Self::Online,
        }
    }
}

/// What to do about a read that failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Try again after that pause.
    Retry(Duration),
    /// Say so.
    GiveUp,
}

/// Judges a failed read and takes note of what it says about the connection.
///
/// `try_number` counts from one; `random` is evenly spread over 0 to 1.
pub fn judge(line: &mut Line, why: &Failure, try_number: u32, random: f64, now: Millis) -> Verdict {
    match &why.kind {
        FailureKind::Unreachable(_) => {
            // The wish to slow down holds also for the tries to find the host again.
            if let Line::Throttled { until } = line
                && *until > now
            {
                return Verdict::Retry(until.since(now));
            }
            let tries = match line {
                // It left before the outage was known: the same outage, not one more try.
                Line::Offline { next_try, .. } if now < *next_try => {
                    return Verdict::Retry(next_try.since(now));
                }
                Line::Offline { tries, .. } => *tries + 1,
                Line::Online | Line::Throttled { .. } | Line::SignedOut => 1,
            };
            let pause = Duration::from_secs(1 << tries.saturating_sub(1).min(6))
                .min(Duration::from_secs(60));
            *line = Line::Offline {
                next_try: now.after(pause),
                tries,
                why: why.clone(),
            };
            Verdict::Retry(pause)
        }
        FailureKind::Unauthorized => {
            *line = Line::SignedOut;
            Verdict::GiveUp
        }
        FailureKind::RateLimited(asked) => {
            let pause = asked
                .unwrap_or_else(|| backoff(try_number, random))
                .max(Duration::from_secs(1));
            let asked_before = match line {
                Line::Throttled { until } => *until,
                Line::Online | Line::Offline { .. } | Line::SignedOut => now,
            };
            // A shorter wish takes nothing back of a longer one.
            let until = now.after(pause.min(LONGEST_WAIT)).max(asked_before);
            *line = Line::Throttled { until };
            if pause > LONGEST_WAIT {
                Verdict::GiveUp
            } else {
                Verdict::Retry(pause)
            }
        }
        FailureKind::Timeout
        | FailureKind::Cut
        | FailureKind::Malformed
        | FailureKind::Server(None) => again(try_number, backoff(try_number, random)),
        FailureKind::Server(Some(asked)) if *asked <= LONGEST_WAIT => {
            again(try_number, (*asked).max(backoff(try_number, random)))
        }
        FailureKind::Server(Some(_))
        | FailureKind::Forbidden
        | FailureKind::GroupGone
        | FailureKind::NoIcon
        | FailureKind::NumberNotFound
        | FailureKind::NotInGroup
        | FailureKind::CreateRefused
        | FailureKind::Rejected
        | FailureKind::NotOffered
        | FailureKind::Redirected(_)
        | FailureKind::TooLarge
        | FailureKind::Refused
        | FailureKind::Unconfirmed => Verdict::GiveUp,
    }
}

fn again(try_number: u32, pause: Duration) -> Verdict {
    if try_number < READ_TRIES {
        Verdict::Retry(pause)
    } else {
        Verdict::GiveUp
    }
}

/// Full jitter: anywhere between nothing and half a second, doubled with each try, 8 s at most.
fn backoff(try_number: u32, random: f64) -> Duration {
    let ceiling = 0.5 * f64::from(1_u32 << try_number.min(4));
    Duration::from_secs_f64(ceiling * random.clamp(0.0, 1.0))
}

/// Counts requests that leave on their own, so that the host is treated politely.
#[derive(Debug)]
pub struct Pacer {
    pace: Pace,
    tokens: f64,
    counted: Millis,
}

impl Pacer {
    /// A fresh count.
    pub fn new(pace: Pace) -> Self {
        Self {
            pace,
            tokens: BURST,
            counted: Millis(0),
        }
    }

    /// Takes leave for one request: `Ok`, or how long to wait.
    ///
    /// # Errors
    /// The time until the next request may leave.
    pub fn take(&mut self, now: Millis) -> Result<(), Duration> {
        let Pace::PerSecond(rate) = self.pace else {
            return Ok(());
        };
        let elapsed = now.since(self.counted).as_secs_f64();
        self.tokens = (self.tokens + elapsed * rate).min(BURST);
        self.counted = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            Ok(())
        } else {
            Err(Duration::from_secs_f64(
                (1.0 - self.tokens) / rate.max(0.01),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clean, Sent, Unreachable};

    fn failure(kind: FailureKind) -> Failure {
        Failure {
            kind,
            status: None,
            sent: Sent::Answered,
            detail: Clean::default(),
        }
    }

    fn judged(kind: FailureKind, try_number: u32) -> (Verdict, Line) {
        let mut line = Line::Online;
        let verdict = judge(&mut line, &failure(kind), try_number, 1.0, Millis(1_000));
        (verdict, line)
    }

    #[test]
    fn a_failing_server_is_asked_three_times_at_most() {
        assert!(matches!(
            judged(FailureKind::Server(None), 1).0,
            Verdict::Retry(_)
        ));
        assert!(matches!(
            judged(FailureKind::Server(None), 2).0,
            Verdict::Retry(_)
        ));
        assert_eq!(judged(FailureKind::Server(None), 3).0, Verdict::GiveUp);
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
        judge(&mut line, &asked(60), 1, 1.0, Millis(0));
        judge(&mut line, &asked(2), 1, 1.0, Millis(500));
        assert_eq!(line.opens_at(), Some(Millis(60_000)));
        let why = failure(FailureKind::Unreachable(Unreachable::Refused));
        let verdict = judge(&mut line, &why, 1, 1.0, Millis(1_000));
        assert_eq!(line.opens_at(), Some(Millis(60_000)));
        assert_eq!(verdict, Verdict::Retry(Duration::from_secs(59)));
        judge(&mut line, &why, 1, 1.0, Millis(60_000));
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
            .map(|n| match judge(&mut line, &why, n, 0.5, now) {
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
            judge(&mut line, &why, 1, 0.5, Millis(at));
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
    fn what_is_final_is_not_repeated() {
        for kind in [
            FailureKind::Forbidden,
            FailureKind::GroupGone,
            FailureKind::NotOffered,
        ] {
            assert_eq!(judged(kind, 1).0, Verdict::GiveUp);
        }
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
}

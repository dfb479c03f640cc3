//! What a receiver tells about itself: few lines, whatever comes.
//!
//! Pure: the tally and the time in, lines out. Invariant: no line says what was asked for or what a
//! message says, and each kind of line comes at most once in its time.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::Millis;
use crate::webhook::{Health, Tally};

/// Refused requests are told once in so long.
const EVERY: Duration = Duration::from_secs(60);
/// A store that fails and recovers is told once in so long.
const HEALTH_EVERY: Duration = Duration::from_secs(5);

/// What was told so far.
#[derive(Debug, Default)]
pub(super) struct Lines {
    told: BTreeMap<&'static str, u64>,
    told_at: Option<Millis>,
    health: Health,
    health_at: Option<Millis>,
}

impl Lines {
    /// The lines to say now, and when there may be more to say if nothing else happens.
    pub(super) fn due(&mut self, tally: &Tally, now: Millis) -> (Vec<String>, Option<Duration>) {
        let mut lines = Vec::new();
        let mut waits = Vec::new();
        if tally.health != self.health {
            let left = wait(self.health_at, HEALTH_EVERY, now);
            if left.is_zero() {
                lines.push(told(&tally.health));
                self.health = tally.health.clone();
                self.health_at = Some(now);
            } else {
                waits.push(left);
            }
        }
        let counts = counts(tally);
        if counts != self.told {
            let left = wait(self.told_at, EVERY, now);
            if left.is_zero() {
                lines.push(self.refused(&counts));
                self.told = counts;
                self.told_at = Some(now);
            } else {
                waits.push(left);
            }
        }
        (lines, waits.into_iter().min())
    }

    /// What was not told yet, at the end.
    pub(super) fn rest(mut self, tally: &Tally) -> Vec<String> {
        (self.told_at, self.health_at) = (None, None);
        self.due(tally, Millis::default()).0
    }

    /// What came since the last such line.
    fn refused(&self, counts: &BTreeMap<&'static str, u64>) -> String {
        let new = |(words, count): (&&str, &u64)| {
            let new = count - self.told.get(words).copied().unwrap_or_default();
            (new > 0).then(|| format!("{new} × {words}"))
        };
        let new: Vec<String> = counts.iter().filter_map(new).collect();
        format!(
            "refused or odd since the last such line: {}",
            new.join(", ")
        )
    }
}

fn told(health: &Health) -> String {
    match health {
        Health::Fine => "messages are kept again".to_owned(),
        Health::Failing(why) => {
            format!("messages cannot be kept, so senders are told to try again: {why}")
        }
    }
}

fn counts(tally: &Tally) -> BTreeMap<&'static str, u64> {
    let refused = tally
        .refused
        .iter()
        .map(|(why, count)| (why.words(), *count));
    let odd = tally.odd.iter().map(|(what, count)| (what.words(), *count));
    refused.chain(odd).collect()
}

/// How long until it may be told again.
fn wait(last: Option<Millis>, every: Duration, now: Millis) -> Duration {
    match last {
        // A clock that was set back does not silence anything for long.
        Some(last) if last <= now => every.saturating_sub(now.since(last)),
        Some(_) | None => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::Reason;

    fn at(seconds: u64) -> Millis {
        Millis(1_750_000_000_000 + seconds * 1000)
    }

    #[test]
    fn a_flood_of_strangers_makes_one_line_a_minute() {
        let mut lines = Lines::default();
        let mut tally = Tally::default();
        assert_eq!(lines.due(&tally, at(0)), (Vec::new(), None));
        let mut said = Vec::new();
        for second in 0..120 {
            *tally.refused.entry(Reason::Path).or_default() += 10;
            if second == 30 {
                *tally.refused.entry(Reason::Browser).or_default() += 1;
            }
            said.extend(lines.due(&tally, at(second)).0);
        }
        assert_eq!(
            said,
            [
                "refused or odd since the last such line: 10 × wrong path",
                "refused or odd since the last such line: 1 × sent by a browser, 600 × wrong path",
            ]
        );
        // The rest is told when its time has come, even if nothing else happens.
        let (said, next) = lines.due(&tally, at(119));
        assert_eq!((said.len(), next), (0, Some(Duration::from_secs(1))));
        assert_eq!(lines.due(&tally, at(120)).0.len(), 1);
        assert_eq!(lines.due(&tally, at(120)), (Vec::new(), None));
        *tally.refused.entry(Reason::Path).or_default() += 1;
        assert_eq!(lines.due(&tally, at(121)).0, Vec::<String>::new());
        assert_eq!(lines.rest(&tally).len(), 1);
    }

    #[test]
    fn a_store_that_fails_is_told_at_once_and_so_is_its_recovery() {
        let mut lines = Lines::default();
        let mut tally = Tally {
            health: Health::Failing("the disk is full".to_owned()),
            ..Tally::default()
        };
        let (said, _) = lines.due(&tally, at(0));
        assert_eq!(
            said,
            ["messages cannot be kept, so senders are told to try again: the disk is full"]
        );
        tally.health = Health::Fine;
        let (said, next) = lines.due(&tally, at(1));
        assert_eq!((said.len(), next), (0, Some(Duration::from_secs(4))));
        assert_eq!(lines.due(&tally, at(5)).0, ["messages are kept again"]);
    }
}

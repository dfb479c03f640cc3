//! A bad day at the provider, for the demo: some requests meet a fault.
//!
//! Invariant: what a request meets follows from the seed, its method, its path, and how often it was
//! asked before, not from what else is asked at the same time.

use super::fault::Fault;
use super::{Asked, Play};
use crate::sim::state::rng_for;

/// How many requests in a hundred meet a fault, unless told otherwise.
const USUAL_PERCENT: u8 = 15;

/// How bad the day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chaos {
    /// What the faults follow from.
    pub seed: u64,
    /// How many requests in a hundred meet one, 0 to 100.
    pub percent: u8,
}

impl Chaos {
    /// The usual bad day: 15 % of the requests.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            percent: USUAL_PERCENT,
        }
    }

    /// What this request meets.
    pub fn decide(self, asked: &Asked<'_>) -> Play {
        let what = format!("{} {}", asked.method, asked.path);
        let mut rng = rng_for(self.seed, &what, asked.repeat);
        if rng.u8(..100) >= self.percent {
            return Play::Forward;
        }
        let before = |fault| Play::Instead(fault);
        let after = |fault| Play::AfterApplying(fault);
        let either = |fault, is_applied| {
            if is_applied {
                after(fault)
            } else {
                before(fault)
            }
        };
        let coin = rng.bool();
        match rng.u8(..13) {
            0 => before(Fault::TooManySeconds429),
            1 => before(Fault::TooManyDate429),
            2 => before(Fault::Throttled420),
            3 => before(Fault::Unavailable503),
            4 => before(Fault::ResetAfterHead),
            // None of these proves that nothing was done.
            5 => either(Fault::ServerError500, coin),
            6 => either(Fault::BadGateway502, coin),
            7 => either(Fault::GatewayTimeout504, coin),
            8 => either(Fault::ResetAfterRequest, coin),
            9 => either(Fault::StallAfterRequest, coin),
            // These say 200, so what was asked for is done.
            10 => after(Fault::TruncatedBody),
            11 => after(if coin {
                Fault::InvalidJson
            } else {
                Fault::Html
            }),
            _ => after(Fault::Drip),
        }
    }
}

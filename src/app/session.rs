//! Who uses the program, against which server, and in what surroundings: given at the start.

use std::fmt;
use std::time::Duration;

use super::accounts::Accounts;
use super::pointer::Mouse;
use crate::domain::{Access, Account, BaseUrl, Masking, Saved, TokenPlace, WaId};
use crate::keymap::Keymap;

/// How many requests a second may leave on their own. What the user asks for never waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// At most so many a second, after a first screenful.
    PerSecond(f64),
    /// As fast as the answers come.
    Unlimited,
}

/// What of the configuration may change while the dashboard runs, read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Messages to more people than this are asked about.
    pub confirm_send_over: usize,
    /// How long a message can be taken back before it leaves.
    pub send_delay: Duration,
    /// What of copied entries and exports is masked.
    pub masking: Masking,
    /// Which keys mean what.
    pub keys: Keymap,
    /// Who is to have the mouse, when that was set anew; a switch of the user stays otherwise.
    pub mouse: Option<Mouse>,
    /// Short words in the header.
    pub badge: Option<String>,
    /// Profiles of the file, by name.
    pub profiles: Vec<String>,
    /// Names of the settings that are in use now and were others before.
    pub changed: Vec<String>,
    /// Names of those that changed and cannot be in use yet.
    pub later: Vec<String>,
    /// What is wrong but harmless, one line each.
    pub warnings: Vec<String>,
}

/// The surroundings of one run.
#[derive(Clone)]
pub struct Session {
    /// Whom we are; `None` until the user has connected.
    pub account: Option<Account>,
    /// Where its token is kept.
    pub token_at: TokenPlace,
    /// Where the API is, for connecting.
    pub base_url: BaseUrl,
    /// The accounts one can go to.
    pub accounts: Accounts,
    /// Short words in the header: `DEMO`, a profile's name.
    pub badge: Option<String>,
    /// Whether changes are allowed at all.
    pub access: Access,
    /// The account's own number, when the configuration names it.
    pub own: Option<WaId>,
    /// Messages to more people than this are asked about.
    pub confirm_send_over: usize,
    /// How long a message can be taken back before it leaves.
    pub send_delay: Duration,
    /// Politeness towards the host.
    pub pace: Pace,
    /// What of copied entries and exports is masked.
    pub masking: Masking,
    /// Which keys mean what.
    pub keys: Keymap,
    /// Who has the mouse; another one after it was switched.
    pub mouse: Mouse,
    /// For showing times of day.
    pub time_zone: jiff::tz::TimeZone,
    /// The configuration file, as shown to the user.
    pub config_path: String,
    /// How this account was saved just before it was opened.
    pub saved: Option<Saved>,
    /// What is wrong with the configuration, for example unknown keys: told once the dashboard is up, and
    /// marked in the header for as long as it is true.
    pub warnings: Vec<String>,
    /// Start of the random numbers that spread retries and name messages.
    pub seed: u64,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("account", &self.account)
            .field("badge", &self.badge)
            .finish_non_exhaustive()
    }
}

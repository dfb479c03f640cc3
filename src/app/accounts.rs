//! The accounts of this user: which one is in use, and where the program goes from it. Values only: what
//! they hold besides their names, and how one is opened, is known outside.

use super::dialog::Keep;
use crate::domain::{Account, BaseUrl};

/// What the dashboard is to be about next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// This profile of the configuration file.
    Profile(String),
    /// The simulator.
    Demo,
    /// An account that was tested and is in no profile yet.
    New(Account, Keep),
}

impl Goal {
    /// How it is spoken of.
    pub fn name(&self) -> String {
        match self {
            Self::Profile(name) => name.clone(),
            Self::Demo => "the demo".into(),
            Self::New(account, _) => account.user_name.clone(),
        }
    }
}

/// The accounts one can go to.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// Profiles of the configuration file, by name.
    pub profiles: Vec<String>,
    /// The profile in use; `None` in the demo.
    pub profile: Option<String>,
    /// Why there is no way to another account; `None` where there is one.
    pub fixed: Option<String>,
    /// Where a new account is looked for.
    pub new_at: BaseUrl,
}

impl Accounts {
    /// One account, and no way to another.
    pub fn only(profile: Option<String>, new_at: BaseUrl, why: impl Into<String>) -> Self {
        Self {
            profiles: Vec::new(),
            profile,
            fixed: Some(why.into()),
            new_at,
        }
    }

    /// What the dashboard is about now, spoken of.
    pub fn here(&self) -> String {
        self.profile.clone().unwrap_or_else(|| Goal::Demo.name())
    }
}

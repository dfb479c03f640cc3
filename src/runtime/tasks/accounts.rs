//! Tasks about accounts and the configuration: saving the one in use, opening another, reading again.
//!
//! Invariant: whatever takes long here, a keyring for example, holds nothing else up.

use std::sync::Arc;

use super::super::rereading::{Configuration, Occasion};
use super::{Arrival, Tasks};
use crate::app::accounts::Goal;
use crate::app::msg::Msg;
use crate::domain::{Account, Saved};

/// A function that saves an account and says how.
pub type SaveAccount = Arc<dyn Fn(&Account) -> Result<Saved, String> + Send + Sync>;

/// A function that makes ready what the dashboard is to be about next, or says why it cannot.
pub type OpenAccount = Arc<dyn Fn(&Goal) -> Result<(), String> + Send + Sync>;

/// What is done with accounts outside.
#[derive(Clone)]
pub struct AccountKeeper {
    /// Keeps the one in use.
    pub save: SaveAccount,
    /// Opens another one.
    pub open: OpenAccount,
}

impl Tasks {
    pub(in crate::runtime) fn save_account(&mut self, account: Account) {
        let (save, inbox) = (Arc::clone(&self.keeper.save), self.inbox.clone());
        let follows = self
            .rereading
            .as_ref()
            .is_some_and(|task| !task.is_finished());
        let unfollowed = self.configuration.clone().filter(|_| !follows);
        let is_first = unfollowed.is_some();
        let handle = self.running.spawn(async move {
            let saved = tokio::task::spawn_blocking(move || save(&account)).await;
            let saved = saved.unwrap_or_else(|why| Err(why.to_string()));
            let _ = inbox.send(Arrival::Msg(Msg::AccountSaved(saved)));
            // The first account makes the folder.
            if let Some(configuration) = unfollowed {
                configuration.follow(inbox).await;
            }
        });
        if is_first {
            self.rereading = Some(handle);
        }
    }

    /// Has the configuration read whenever it was written.
    pub(in crate::runtime) fn follow_configuration(&mut self, configuration: Configuration) {
        self.configuration = Some(configuration.clone());
        let inbox = self.inbox.clone();
        self.rereading = Some(self.running.spawn(configuration.follow(inbox)));
    }

    /// Reads the configuration because the user asks.
    pub(in crate::runtime) fn read_configuration(&mut self) {
        let (configuration, inbox) = (self.configuration.clone(), self.inbox.clone());
        self.running.spawn_blocking(move || {
            let read = configuration.and_then(|found| found.reread(Occasion::Asked));
            let nothing = || Arrival::Msg(Msg::Reread(Err("there is no configuration".into())));
            let _ = inbox.send(read.unwrap_or_else(nothing));
        });
    }

    /// Makes ready what the dashboard is to be about next.
    pub(in crate::runtime) fn open(&mut self, goal: Goal) {
        let open = Arc::clone(&self.keeper.open);
        self.blocking(move || {
            let opened = open(&goal);
            Arrival::Msg(Msg::Opened(goal, opened))
        });
    }
}

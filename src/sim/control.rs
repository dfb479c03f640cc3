//! Other people as a test moves them: they say what it wants, when it wants.
//!
//! The calls of the API are in [`super::routes`], what people do by themselves in [`super::script`].
//! Invariant: nobody writes to a group they are not in, but through [`State::say_raw`].

use serde_json::Value;

use super::items::{Content, Place};
use super::post::{Item, Pushed};
use super::roster::number;
use super::webhook::{Sender, Webhook, WebhookError};
use super::{Simulator, State};

impl Simulator {
    /// From now on, what happens is posted there; life begins with the first address.
    ///
    /// # Errors
    /// When TLS or the HTTP client cannot be set up.
    pub fn push_to(&self, webhook: &Webhook) -> Result<(), WebhookError> {
        self.state.set_webhook(webhook)
    }
}

impl State {
    /// From now on, what happens is posted there. What happened before is not, and batches under way go
    /// where they went.
    ///
    /// # Errors
    /// When TLS or the HTTP client cannot be set up.
    pub fn set_webhook(&self, webhook: &Webhook) -> Result<(), WebhookError> {
        let wait = self.world().post().pushing().wait;
        // Not under the lock: certificates take their time.
        let sender = Sender::new(webhook, wait)?;
        self.world().post().send_to(sender);
        Ok(())
    }

    /// What became of the batches so far.
    pub fn pushed(&self) -> Pushed {
        *self.world().post().pushed()
    }

    /// A member writes to a group. Returns the message's id; `None` when they are not in it, or nobody
    /// is told: there is no webhook, or its queue is full.
    pub fn say(&self, group: &str, wa_id: &str, text: &str) -> Option<String> {
        let person = number(wa_id)?;
        let is_there = self.world().is_member(group, person);
        is_there.then(|| self.write(person, Place::Group(group), text))?
    }

    /// Somebody writes to the account alone, which opens a session of 24 hours. Returns the message's id;
    /// `None` when this is nobody's number, or nobody is told.
    pub fn say_direct(&self, wa_id: &str, text: &str) -> Option<String> {
        self.write(number(wa_id)?, Place::Direct, text)
    }

    /// Posts any element of `data`, good or bad. False when nobody is told.
    pub fn say_raw(&self, item: Value) -> bool {
        let world = &mut *self.world();
        let now = world.elapsed();
        world.post().put(now, Item::message(item))
    }

    fn write(&self, person: u64, place: Place<'_>, text: &str) -> Option<String> {
        let world = &mut *self.world();
        let (now, at) = (world.elapsed(), world.unix_ms());
        let content = Content::Text(text.to_owned());
        let item = world.write(now, at, person, place, content)?;
        item.value.get("id")?.as_str().map(str::to_owned)
    }
}

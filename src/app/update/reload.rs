//! The configuration was read again: what may change does, and the rest is told. The account, its server
//! and its store never change under a dashboard that runs.

use crate::app::effect::{Effect, Effects};
use crate::app::model::Model;
use crate::app::session::Preferences;
use crate::app::toasts::Level;

/// The notice that stands while the file cannot be used.
const BROKEN: &str = "Configuration not read";

/// The file was read again, or cannot be used.
pub(super) fn reread(model: &mut Model, read: Result<Box<Preferences>, String>) -> Effects {
    let new = match read {
        Ok(new) => *new,
        Err(why) => {
            model.session.warnings = vec![why.clone()];
            let lines = vec![why, "What was read before stays in use.".into()];
            model.tell(Level::Error, BROKEN, lines);
            return Effects::none();
        }
    };
    model.toasts.remove(BROKEN);
    let session = &mut model.session;
    session.confirm_send_over = new.confirm_send_over;
    session.send_delay = new.send_delay;
    if session.masking != new.masking {
        session.masking = new.masking;
        model.numbers = new.masking;
    }
    session.keys = new.keys;
    session.badge = new.badge;
    session.warnings.clone_from(&new.warnings);
    let mouse = new.mouse.filter(|mouse| *mouse != session.mouse);
    session.mouse = mouse.unwrap_or(session.mouse);
    if session.accounts.fixed.is_none() {
        session.accounts.profiles = new.profiles;
        if let Some(here) = &session.accounts.profile
            && !session.accounts.profiles.contains(here)
        {
            session.accounts.profiles.push(here.clone());
        }
    }
    let mut lines = Vec::new();
    if !new.changed.is_empty() {
        lines.push(format!("Now in use: {}.", new.changed.join(", ")));
    }
    if !new.later.is_empty() {
        lines.push(format!(
            "Not in use before the next start: {}.",
            new.later.join(", ")
        ));
    }
    if lines.is_empty() {
        lines.push("Nothing in use is different.".into());
    }
    let is_calm = new.later.is_empty() && new.warnings.is_empty();
    let level = if is_calm { Level::Done } else { Level::Warning };
    lines.extend(new.warnings);
    model.tell(level, "Configuration read again", lines);
    mouse.map_or_else(Effects::none, |mouse| Effects::one(Effect::SetMouse(mouse)))
}

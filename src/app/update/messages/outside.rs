//! A message that was written in the user's own editor comes back into the composer.
//!
//! Invariant: what was typed here meanwhile, or came in another way, is not lost, and nothing is sent by it.

use crate::app::messages::draft::Draft;
use crate::app::model::Model;
use crate::app::toasts::Level;
use crate::app::update::copy::capital;
use crate::domain::GroupId;

use super::changed;

/// The editor has ended: the text as it was handed out, and as it came back.
pub(in crate::app::update) fn edited(
    model: &mut Model,
    group: &GroupId,
    before: &str,
    edited: Result<String, String>,
) {
    // The tail of what was typed in the editor must not send anything here.
    model.pasted_at = Some(model.now);
    let mut draft = Draft::default();
    let why = match edited {
        // Cleaned as a paste is.
        Ok(text) if draft.paste(&text) => {
            let thread = model.messages.of_mut(group);
            if thread.draft.text() == before {
                thread.draft = draft;
            } else {
                thread.draft.put_in_front(draft.text());
            }
            changed(model, group);
            return;
        }
        Ok(_) => "the text is too long".to_owned(),
        Err(why) => why,
    };
    let lines = vec![capital(&why) + "."];
    model.tell(Level::Warning, "The message is as it was", lines);
}

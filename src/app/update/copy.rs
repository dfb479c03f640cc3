//! Copying: links that may have to be fetched first, numbers, and what is said about it.

use std::time::Duration;

use crate::app::dialog::Dialog;
use crate::app::effect::{Clip, Effect, Effects};
use crate::app::groups::Slot;
use crate::app::line::Line;
use crate::app::model::{CopyWish, LinkForm, Model, Pane, Read};
use crate::app::msg::Route;
use crate::app::toasts::Level;
use crate::domain::text::no_formula;
use crate::domain::{Contacts, Failure, Incoming, InviteLink, Roster, WaId};
use crate::keymap::Action;

use super::changes::sentence;
use super::{connect, reads};

/// A link read longer ago is read again before it is handed out: an admin may have reset it.
const LINK_STALE: Duration = Duration::from_secs(300);

/// A link that comes later than this after it was asked for is not copied by itself.
const PATIENCE: Duration = Duration::from_secs(45);

/// Copies the link of a group, fetched when it is not known well enough.
pub(super) fn copy_link(model: &mut Model, slot: Slot, form: LinkForm) -> Effects {
    if model.groups.outbox(slot).resets_invite() {
        // The link that stands there is being killed: the new one is copied when it is here.
        let since = model.now;
        model.copy_wish = Some(CopyWish { slot, form, since });
        return Effects::none();
    }
    let fresh = is_fresh(model, slot);
    // While signed out an older one is the best there is: nothing can be read.
    let signed_out = model.line == Line::SignedOut;
    if fresh || signed_out && model.groups.at(slot).invite.known().is_some() {
        return copy_known(model, slot, form);
    }
    if signed_out {
        connect::open(model);
        return Effects::none();
    }
    let since = model.now;
    model.copy_wish = Some(CopyWish { slot, form, since });
    reads::want(model, Read::Invite(slot));
    Effects::none()
}

/// Whether the link of a group was read so lately that it may be handed out.
pub(super) fn is_fresh(model: &Model, slot: Slot) -> bool {
    let known = model.groups.at(slot).invite.known();
    known.is_some_and(|known| model.age(known.as_of) <= LINK_STALE)
}

fn copy_known(model: &mut Model, slot: Slot, form: LinkForm) -> Effects {
    let group = model.groups.at(slot);
    let name = group.name();
    let Some(link) = group.invite.value() else {
        return Effects::none();
    };
    let Some(url) = link.url() else {
        let lines = vec![
            format!(
                "The server's answer is not a valid web address: {}",
                link.shown()
            ),
            format!(
                "It is shown in Invite, press {}.",
                model.way_to(Action::GoInvite)
            ),
        ];
        model.tell(Level::Warning, "Link not copied", lines);
        return Effects::none();
    };
    let (text, what) = match form {
        LinkForm::Bare => (url.to_owned(), format!("Invite link of {name}")),
        LinkForm::Message => (
            // What people get is as it was written, not as this screen can show it; and never the
            // id that stands in for an unknown name, because a phone number may be part of it.
            match group.details.value().and_then(|d| d.subject.as_ref()) {
                Some(subject) if !subject.is_blank() => {
                    format!("{}\n{url}", subject.to_hand_out())
                }
                Some(_) | None => url.to_owned(),
            },
            format!("Message with the link of {name}"),
        ),
    };
    Effects::one(Effect::Copy(Clip { text, what }))
}

/// A reset ended without a new link: who waited for one gets the link there is.
pub(super) fn not_reset(model: &mut Model, slot: Slot) -> Effects {
    match model.copy_wish.take_if(|wish| wish.slot == slot) {
        Some(wish) => copy_link(model, slot, wish.form),
        None => Effects::none(),
    }
}

/// A link arrived, or not: it is copied if that is what it was asked for.
pub(super) fn link_read(
    model: &mut Model,
    slot: Slot,
    result: Result<&InviteLink, &Failure>,
) -> Effects {
    let Some(wish) = model.copy_wish.take_if(|wish| wish.slot == slot) else {
        return Effects::none();
    };
    match result {
        Ok(_) if model.age(wish.since) > PATIENCE => {
            let name = model.groups.at(slot).name();
            let copy = if model.pane == Pane::Invite {
                Action::CopyInvite
            } else {
                Action::CopyLink
            };
            let copy = model.way_to(copy);
            let lines = vec![format!("It came late, so it was not copied. Press {copy}.")];
            model.tell(Level::Hint, format!("Invite link of {name} is here"), lines);
            Effects::none()
        }
        Ok(_) => copy_known(model, slot, wish.form),
        Err(why) => {
            let name = model.groups.at(slot).name();
            let lines = vec![name, sentence(why), format!("{}.", capital(why.next()))];
            model.tell(Level::Error, "Link not copied", lines);
            Effects::none()
        }
    }
}

/// Numbers as they go to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberForm {
    /// Digits, one number a line.
    Digits,
    /// With a plus sign.
    Plus,
    /// Comma-separated, with a heading and the role.
    Csv,
    /// The same with what the user calls them.
    Named,
}

/// The numbers of people as text.
pub(super) fn numbers(
    ids: &[WaId],
    roster: Option<&Roster>,
    contacts: &Contacts,
    form: NumberForm,
) -> String {
    let role = |id: &WaId| {
        if roster.is_some_and(|roster| roster.is_admin(id)) {
            "admin"
        } else {
            "member"
        }
    };
    let mut lines: Vec<String> = match form {
        NumberForm::Digits => ids.iter().map(ToString::to_string).collect(),
        NumberForm::Plus => ids.iter().map(|id| format!("+{id}")).collect(),
        NumberForm::Csv => std::iter::once("number,role".to_owned())
            .chain(ids.iter().map(|id| format!("{},{}", cell(id), role(id))))
            .collect(),
        NumberForm::Named => {
            let name = |id: &WaId| contacts.name(id).map(cell).unwrap_or_default();
            std::iter::once("number,role,name".to_owned())
                .chain(
                    ids.iter()
                        .map(|id| format!("{},{},{}", cell(id), role(id), name(id))),
                )
                .collect()
        }
    };
    if matches!(form, NumberForm::Csv | NumberForm::Named) {
        lines.push(String::new());
    }
    lines.join("\n")
}

/// A cell of CSV: no formula, and in quotation marks where it has to be.
fn cell(value: &impl ToString) -> String {
    let text = no_formula(&value.to_string());
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The number of who wrote a message, with what that is called in a menu; `None` where there is none.
pub(super) fn number_of_sender(model: &Model, message: &Incoming) -> Option<(Clip, String)> {
    let shown = message.sender.pretty();
    let text: String = shown.chars().filter(char::is_ascii_digit).collect();
    let author = model.author(message);
    let who = if author.name.is_empty() {
        "the sender"
    } else {
        &author.name
    };
    let label = format!("the number of {who}, {shown}");
    let what = format!("Number of {who}");
    (!text.is_empty()).then_some((Clip { text, what }, label))
}

/// The clipboard took a text, or did not.
pub(super) fn copied(model: &mut Model, clip: Clip, route: Result<Route, String>) -> Effects {
    match route {
        Ok(route) => {
            let shown = clip.text.lines().last().unwrap_or_default();
            let mut lines = Vec::new();
            if let Some(address) = shown.strip_prefix("https://") {
                lines.push(address.to_owned());
                if let Some(slot) = model.selected()
                    && model
                        .groups
                        .at(slot)
                        .invite
                        .value()
                        .is_some_and(|l| l.url() == Some(shown))
                {
                    model.copied = Some((slot, model.now));
                }
                let host = address.split('/').next().unwrap_or_default();
                if host != "chat.whatsapp.com" {
                    lines.push(format!("This link leads to {host}, not to WhatsApp."));
                }
            }
            if route == Route::Terminal {
                lines.push("Sent to your terminal, which does not confirm it.".into());
            }
            model.tell(Level::Done, format!("{} copied", clip.what), lines);
        }
        Err(why) => {
            let mut lines = vec![capital(&why)];
            if model.dialog.is_none() {
                model.dialog = Some(Dialog::ByHand {
                    what: clip.what,
                    text: clip.text,
                });
            } else {
                // Somebody is typing: the text must not take the keys away from them.
                lines.push(format!("{}:", clip.what));
                lines.extend(clip.text.lines().map(str::to_owned));
            }
            model.tell(Level::Warning, "No clipboard here", lines);
        }
    }
    Effects::none()
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}", chars.as_str())
}

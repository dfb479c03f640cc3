//! The icon: read when it is looked at, chosen by a path that is looked at before anything is sent.

use crate::app::changes::Awaiting;
use crate::app::dialog::{
    Button, Confirm, Dialog, Focus, FormState, IconForm, Intent, Look, Submit,
};
use crate::app::doubts::Evidence;
use crate::app::effect::{Clip, Effect, Effects};
use crate::app::field::{Edit, TextInput};
use crate::app::groups::Slot;
use crate::app::layout::Layout;
use crate::app::model::{Model, Pane, Read};
use crate::app::remote::Ticket;
use crate::domain::{Failure, FailureKind, GroupId, IconFile, IconInfo, Mutation, Picture};
use crate::keymap::{Code, Key};

use super::{changes, journal, reads};

/// The icon of this group is on the screen: read it unless it is known or failed.
pub(super) fn want(model: &mut Model, slot: Slot) {
    let icon = &model.groups.at(slot).icon;
    if icon.known().is_none() && icon.failure().is_none() && !icon.is_loading() {
        reads::want(model, Read::Icon(slot));
    }
}

/// What the card beside the members lacks, once every name is there and the cursor rests:
/// the icon. Nothing else waits for it.
pub(super) fn for_the_card(model: &Model) -> Option<Read> {
    let card = model.size.layout() == Layout::TwoWithCard
        && (model.pane == Pane::Members || model.pane == Pane::Groups && !model.is_alone());
    let slot = model
        .selected()
        .filter(|_| card && model.moved_at.is_none())?;
    let group = model.groups.at(slot);
    let icon = &group.icon;
    let unread = icon.known().is_none() && icon.failure().is_none() && !icon.is_loading();
    let named = group.details.known().is_some() && group.recalled_at().is_none();
    (named && unread).then_some(Read::Icon(slot))
}

/// What the server says about an icon arrived.
pub(super) fn read(
    model: &mut Model,
    ticket: Ticket,
    id: &GroupId,
    result: Result<Option<IconInfo>, Failure>,
) -> Effects {
    let Some(slot) = model.groups.slot(id) else {
        return Effects::none();
    };
    let now = model.now;
    // «No icon» is an answer, not a failure.
    let result = match result {
        Err(why) if why.kind == FailureKind::NoIcon => Ok(None),
        other => other.map(|info| info.map(Box::new)),
    };
    let group = model.groups.at_mut(slot);
    let before = group.icon.value().cloned().flatten();
    if !group.icon.settle(ticket, result.clone(), now) {
        return Effects::none();
    }
    let mut effects = Effects::none();
    match &result {
        Ok(Some(info)) => {
            let same = before.is_some_and(|before| before.written == info.written);
            if info.address.is_err() || !same {
                group.picture.forget();
            }
            if info.address.is_ok() && !(same && group.picture.known().is_some()) {
                // A picture of the old address says nothing about the new one.
                effects.extend(reads::want_anew(model, Read::Picture(slot)));
            }
        }
        Ok(None) => group.picture.forget(),
        Err(_) => {}
    }
    let next = model
        .groups
        .waiting_for(slot, Awaiting::Icon)
        .filter(|_| !matches!(&result, Err(why) if why.kind == FailureKind::Unauthorized))
        .map(|change| change.icon_read(result.as_ref().map(Option::as_deref)));
    let effects =
        effects.and(next.map_or_else(Effects::none, |next| changes::go_on(model, slot, next)));
    match result {
        Ok(info) => effects.and(journal::weigh(model, id, Evidence::Icon(info.is_some()))),
        Err(_) => effects,
    }
}

/// The picture itself arrived.
pub(super) fn picture_read(
    model: &mut Model,
    ticket: Ticket,
    id: &GroupId,
    result: Result<Box<Picture>, Failure>,
) {
    if let Some(slot) = model.groups.slot(id) {
        let now = model.now;
        model
            .groups
            .at_mut(slot)
            .picture
            .settle(ticket, result, now);
    }
}

/// Opens the form for a path.
pub(super) fn choose(model: &mut Model) {
    let Some(group) = model.group() else { return };
    model.dialog = Some(Dialog::PickIcon(
        group.id.clone(),
        Box::new(IconForm {
            input: TextInput::default(),
            focus: Focus::Field(0),
            look: Look::Nothing,
            candidates: Vec::new(),
            submit: Submit::Later,
            state: FormState::Open,
        }),
    ));
}

/// A key in that form; `None` closes it.
pub(super) fn form_key(form: &mut IconForm, key: Key) -> Option<Effects> {
    if key.code == Code::Esc {
        return None;
    }
    if form.state == FormState::Sending {
        return Some(Effects::none());
    }
    match (key.code, form.focus) {
        (Code::Tab, Focus::Field(_)) if !form.input.is_empty() => {
            return Some(Effects::one(Effect::Complete(form.input.text().to_owned())));
        }
        (Code::Tab | Code::BackTab, _) => {
            const ORDER: [Focus; 3] = [
                Focus::Field(0),
                Focus::Button(Button::Cancel),
                Focus::Button(Button::Act),
            ];
            let at = ORDER
                .iter()
                .position(|focus| *focus == form.focus)
                .unwrap_or(0);
            let step = if key.code == Code::Tab { 1 } else { 2 };
            form.focus = ORDER[(at + step) % 3];
        }
        (Code::Enter, Focus::Button(Button::Cancel)) => return None,
        // What cannot be sent yet is sent as soon as the file was looked at.
        (Code::Enter, _) => form.submit = Submit::WhenLookedAt,
        (Code::Left | Code::Right, Focus::Button(_)) => {
            let act = key.code == Code::Right;
            form.focus = Focus::Button(if act { Button::Act } else { Button::Cancel });
        }
        (_, Focus::Field(_)) => {
            if form.input.key(key) == Edit::Changed {
                return Some(typed(form));
            }
        }
        (_, Focus::Tick | Focus::Button(_)) => {}
    }
    Some(Effects::none())
}

/// The path is another one: the file has to be looked at again.
pub(super) fn typed(form: &mut IconForm) -> Effects {
    form.state = FormState::Open;
    form.submit = Submit::Later;
    form.candidates.clear();
    let path = form.input.text().trim().to_owned();
    if path.is_empty() {
        form.look = Look::Nothing;
        return Effects::none();
    }
    form.look = Look::Looking(path.clone());
    Effects::one(Effect::LookAt(path))
}

/// A file was looked at.
pub(super) fn looked_at(
    model: &mut Model,
    path: &str,
    result: Result<Box<(IconFile, Picture)>, String>,
) -> Effects {
    let Some(Dialog::PickIcon(_, form)) = super::dialogs::interrupted(model) else {
        return Effects::none();
    };
    // Another path stands there by now.
    if !matches!(&form.look, Look::Looking(asked) if asked == path) {
        return Effects::none();
    }
    form.look = match result {
        Ok(found) => Look::Good(found),
        Err(why) => Look::Bad(why),
    };
    send_if_ready(model)
}

/// A path was completed.
pub(super) fn completed(
    model: &mut Model,
    asked: &str,
    text: &str,
    candidates: Vec<String>,
) -> Effects {
    let Some(Dialog::PickIcon(_, form)) = super::dialogs::interrupted(model) else {
        return Effects::none();
    };
    if form.input.text() != asked {
        return Effects::none();
    }
    let changed = text != asked;
    if changed {
        form.input.clear();
        form.input.paste(text);
    }
    let effects = if changed {
        typed(form)
    } else {
        Effects::none()
    };
    form.candidates = candidates;
    effects
}

/// Sends the picture when `enter` was pressed and the file is good.
pub(super) fn send_if_ready(model: &mut Model) -> Effects {
    let Some(Dialog::PickIcon(id, form)) = &mut model.dialog else {
        return Effects::none();
    };
    if form.submit != Submit::WhenLookedAt || form.state == FormState::Sending {
        return Effects::none();
    }
    match &form.look {
        Look::Good(found) => {
            form.state = FormState::Sending;
            form.submit = Submit::Later;
            let (id, file) = (id.clone(), found.0.clone());
            changes::submit(model, &id, Mutation::SetIcon(file))
        }
        Look::Nothing | Look::Bad(_) => {
            form.submit = Submit::Later;
            form.focus = Focus::Field(0);
            Effects::none()
        }
        Look::Looking(_) => Effects::none(),
    }
}

/// Asks about removing the picture.
pub(super) fn ask_remove(model: &mut Model) {
    let Some(group) = model.group() else { return };
    let undo = group
        .picture
        .value()
        .is_some_and(|picture| picture.restore.is_some());
    let end = if undo {
        "It can be put back for 10 seconds."
    } else {
        "The present picture could not be kept, so this cannot be undone."
    };
    let intent = Intent::Change(group.id.clone(), Mutation::RemoveIcon);
    let line = format!("{} will have no picture. {end}", group.name());
    model.dialog = Some(Dialog::Confirm(Box::new(Confirm {
        intent,
        title: "Remove the icon".into(),
        place: None,
        people: Vec::new(),
        lines: vec![line],
        word: None,
        input: TextInput::default(),
        button: "Remove icon".into(),
        focus: Button::Cancel,
        scroll: 0,
    })));
}

/// Saves the picture as it came.
pub(super) fn save(model: &Model) -> Effects {
    let picture = model.group().and_then(|group| group.picture.value());
    picture.map_or_else(Effects::none, |picture| {
        let ending = if picture.format == "PNG" {
            "png"
        } else {
            "jpg"
        };
        Effects::one(Effect::SavePicture(picture.file.clone(), ending))
    })
}

/// Opens the picture outside, or copies where it is.
pub(super) fn open(model: &Model) -> Effects {
    address(model).map_or_else(Effects::none, |address| {
        Effects::one(Effect::OpenLink(address))
    })
}

/// Copies where the picture is.
pub(super) fn copy(model: &Model) -> Effects {
    let Some(group) = model.group() else {
        return Effects::none();
    };
    let what = format!("Address of the icon of {}", group.name());
    address(model).map_or_else(Effects::none, |text| {
        Effects::one(Effect::Copy(Clip { text, what }))
    })
}

/// The address of the chosen group's picture, when it may be followed.
pub(super) fn address(model: &Model) -> Option<String> {
    let info = model.group()?.icon.value()?.as_ref()?;
    info.address
        .as_ref()
        .ok()
        .map(|address| address.url().to_string())
}

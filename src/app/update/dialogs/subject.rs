//! The form with one subject: of a new group, or another one for a group that is there.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "any other key does nothing here"
)]

use crate::app::dialog::{Button, Dialog, Focus, FormState, SubjectForm, Tick};
use crate::app::effect::Effects;
use crate::app::field::Edit;
use crate::app::line::Line;
use crate::app::model::Model;
use crate::domain::{Failure, GroupId, Mutation, SubjectError};
use crate::keymap::{Code, Key};

use super::Then;
use crate::app::update::{changes, connect};

/// A key in the form; `submit` is what its button leads to.
pub(super) fn key(form: &mut SubjectForm, key: Key, submit: Then) -> Then {
    if key.code == Code::Esc {
        return Then::Close;
    }
    if form.state == FormState::Sending {
        // Typed ahead while the form is locked: dropped, not sent twice.
        return Then::Stay;
    }
    match key.code {
        Code::Tab | Code::BackTab => {
            form.focus = next_focus(form, key.code == Code::Tab);
            Then::Stay
        }
        Code::Enter => match form.focus {
            Focus::Button(Button::Cancel) => Then::Close,
            Focus::Field(_) | Focus::Tick | Focus::Button(Button::Act) => submit,
        },
        Code::Char(' ') if form.focus == Focus::Tick => {
            form.copy_link = if form.copy_link == Tick::On {
                Tick::Off
            } else {
                Tick::On
            };
            Then::Stay
        }
        Code::Left | Code::Right if matches!(form.focus, Focus::Button(_)) => {
            let right = key.code == Code::Right;
            form.focus = Focus::Button(if right { Button::Act } else { Button::Cancel });
            Then::Stay
        }
        _ => {
            if matches!(form.focus, Focus::Field(_)) && form.input.key(key) == Edit::Changed {
                form.state = FormState::Open;
            }
            Then::Stay
        }
    }
}

fn next_focus(form: &SubjectForm, forward: bool) -> Focus {
    let mut order = vec![Focus::Field(0)];
    if form.copy_link != Tick::Absent {
        order.push(Focus::Tick);
    }
    order.extend([Focus::Button(Button::Cancel), Focus::Button(Button::Act)]);
    let at = order
        .iter()
        .position(|focus| *focus == form.focus)
        .unwrap_or(0);
    let step = if forward { 1 } else { order.len() - 1 };
    order[(at + step) % order.len()]
}

/// Creates the group, unless its subject cannot be sent.
pub(super) fn create(model: &mut Model) -> Effects {
    let Some(Dialog::Create(form)) = &mut model.dialog else {
        return Effects::none();
    };
    form.tried = true;
    let Ok(subject) = form.subject() else {
        form.focus = Focus::Field(0);
        return Effects::none();
    };
    if model.line == Line::SignedOut {
        connect::open(model);
        return Effects::none();
    }
    let doubted = &mut model.doubted_subject;
    if doubted
        .take_if(|doubted| doubted == subject.as_str())
        .is_some()
    {
        form.state = FormState::Refused(Failure::refused(
            "it may have been created already: enter again may make a second one",
        ));
        return Effects::none();
    }
    form.state = FormState::Sending;
    let copy_link = form.copy_link == Tick::On;
    changes::create(model, subject, copy_link)
}

/// Sends the other subject, unless it is none.
pub(super) fn rename(model: &mut Model) -> Effects {
    let Some(Dialog::Rename(id, form)) = &mut model.dialog else {
        return Effects::none();
    };
    form.tried = true;
    let is_told = model
        .groups
        .get(id)
        .is_some_and(|group| group.told().is_some());
    let unchanged = is_told
        && form
            .before
            .as_deref()
            .is_some_and(|before| before.trim() == form.input.text().trim());
    match form.subject() {
        _ if unchanged => {
            model.dialog = None;
            Effects::none()
        }
        Ok(_) if model.line == Line::SignedOut => {
            connect::open(model);
            Effects::none()
        }
        Ok(subject) => {
            form.state = FormState::Sending;
            let id: GroupId = id.clone();
            changes::submit(model, &id, Mutation::Rename(subject))
        }
        Err(SubjectError::Empty | SubjectError::TooLong(_) | SubjectError::Control) => {
            form.focus = Focus::Field(0);
            Effects::none()
        }
    }
}

//! Keys inside dialogs. Only the button that acts, pressed with `enter`, sends anything.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "any other key does nothing here"
)]

mod opener;
mod subject;

use crate::app::dialog::{
    Button, Choice, Confirm, ConnectForm, Dialog, Focus, FormState, Keep, Look, Menu, Purpose,
    Reveal,
};
use crate::app::effect::{Effect, Effects};
use crate::app::field::{Edit, TextInput};
use crate::app::model::{LinkForm, Model};
use crate::domain::{Failure, GroupId, Masking, Mutation};
use crate::keymap::{Code, Key};

use super::{
    accounts, ask, commands, connect, copy, find, help, icon, invitations, journal, messages,
};

pub(super) use opener::{line_to_box, would_answer};

/// What a key in a dialog leads to, decided while the dialog is borrowed.
#[derive(Clone, Copy)]
enum Then {
    Stay,
    Close,
    Confirmed,
    Create,
    Rename,
    Choose,
    RunHelp,
    RunCommand,
    Connect,
}

/// The dialog the user works in: the open one, or the one that the form for credentials interrupted.
pub(super) fn interrupted(model: &mut Model) -> Option<&mut Dialog> {
    match model.dialog.as_mut()? {
        Dialog::Connect(form) => form.behind.as_deref_mut(),
        dialog => Some(dialog),
    }
}

/// The state of the form that is locked because it sent just this about that group.
pub(super) fn form_sending<'m>(
    model: &'m mut Model,
    id: &GroupId,
    mutation: &Mutation,
) -> Option<&'m mut FormState> {
    let (group, state) = match (interrupted(model)?, mutation) {
        (Dialog::Rename(group, form), Mutation::Rename(subject))
            if form.subject().as_ref() == Ok(subject) =>
        {
            (group, &mut form.state)
        }
        (Dialog::PickIcon(group, form), Mutation::SetIcon(file)) if matches!(&form.look, Look::Good(good) if good.0 == *file) => {
            (group, &mut form.state)
        }
        _ => return None,
    };
    (group == id && *state == FormState::Sending).then_some(state)
}

/// Nobody will answer the locked form any more, because its group is gone: what was typed can be
/// taken out of it again.
pub(super) fn unlock_if_gone(model: &mut Model) {
    let gone = match interrupted(model) {
        Some(Dialog::Rename(group, form)) if form.state == FormState::Sending => group.clone(),
        Some(Dialog::PickIcon(group, form)) if form.state == FormState::Sending => group.clone(),
        Some(_) | None => return,
    };
    if model.groups.slot(&gone).is_some() {
        return;
    }
    let why = Failure::refused("this group is no longer in the list");
    match interrupted(model) {
        Some(Dialog::Rename(_, form)) => form.state = FormState::Refused(why),
        Some(Dialog::PickIcon(_, form)) => form.state = FormState::Refused(why),
        Some(_) | None => {}
    }
}

/// Closes the dialog that [`interrupted`] finds; the form for credentials stays.
pub(super) fn close_interrupted(model: &mut Model) {
    match &mut model.dialog {
        Some(Dialog::Connect(form)) => form.behind = None,
        dialog => *dialog = None,
    }
}

/// Handles one key of the open dialog.
pub(super) fn key(model: &mut Model, key: Key) -> Effects {
    // Typing goes back to the first line: how many there are matters to whom goes down only.
    let goes_down = matches!(key.code, Code::Down | Code::PageDown) || key == Key::ctrl('n');
    let count = match &model.dialog {
        Some(Dialog::Help(_) | Dialog::Commands(_)) if !goes_down => 0,
        Some(Dialog::Help(help)) => help::lines(model, help).len(),
        Some(Dialog::Commands(commands)) => commands::lines(model, commands).len(),
        Some(_) | None => 0,
    };
    let page = usize::from(model.size.body()).saturating_sub(6).max(1);
    let Some(dialog) = &mut model.dialog else {
        return Effects::none();
    };
    let then = match dialog {
        Dialog::PickIcon(_, form) => {
            return match icon::form_key(form, key) {
                Some(effects) => effects.and(icon::send_if_ready(model)),
                None => close(model),
            };
        }
        Dialog::Invite(_) => {
            return invitations::form_key(model, key).unwrap_or_else(|| close(model));
        }
        Dialog::Find(_) => {
            return find::key(model, key, page).unwrap_or_else(|| close(model));
        }
        Dialog::Actions(_) => {
            return commands::menu_key(model, key, page).unwrap_or_else(|| close(model));
        }
        Dialog::Invited(_) => {
            return invitations::results_key(model, key).unwrap_or_else(|| close(model));
        }
        Dialog::Line(_) => match key.code {
            Code::Enter => Then::Confirmed,
            Code::Esc => Then::Close,
            _ => Then::Stay,
        },
        Dialog::Confirm(confirm) => confirm_key(confirm, key),
        Dialog::Create(form) => subject::key(form, key, Then::Create),
        Dialog::Rename(_, form) => subject::key(form, key, Then::Rename),
        Dialog::Menu(menu) => menu_key(menu, key),
        Dialog::Help(_) if key == Key::plain(Code::F(1)) => Then::Close,
        Dialog::Help(help) => found_key(
            (&mut help.input, &mut help.row),
            key,
            (count, page),
            Then::RunHelp,
        ),
        Dialog::Commands(commands) => {
            let found = (&mut commands.input, &mut commands.row);
            found_key(found, key, (count, page), Then::RunCommand)
        }
        Dialog::ByHand { .. } => match key.code {
            Code::Esc | Code::Enter | Code::Char('q') => Then::Close,
            // What is hidden cannot be copied by hand.
            Code::Char('P') => {
                model.numbers = Masking::Shown;
                Then::Stay
            }
            _ => Then::Stay,
        },
        Dialog::Connect(form) => connect_key(form, key),
    };
    carry_out(model, then)
}

fn carry_out(model: &mut Model, then: Then) -> Effects {
    match then {
        Then::Stay => Effects::none(),
        Then::Close => close(model),
        Then::Confirmed => {
            let intent = match model.dialog.take() {
                Some(Dialog::Line(question)) => question.intent,
                Some(Dialog::Confirm(confirm)) => confirm.intent,
                other => {
                    model.dialog = other;
                    return Effects::none();
                }
            };
            ask::confirmed(model, intent)
        }
        Then::Create => subject::create(model),
        Then::Rename => subject::rename(model),
        Then::Choose => choose(model),
        Then::RunHelp => help::run(model),
        Then::RunCommand => commands::run(model),
        Then::Connect => connect::submit(model),
    }
}

/// Closes the dialog; what it interrupted comes back, what was typed is kept for the next time.
fn close(model: &mut Model) -> Effects {
    match model.dialog.take() {
        Some(Dialog::Connect(form)) => {
            if form.purpose == Purpose::Add {
                model.moving = None;
            }
            come_back(model, form.behind);
            // A test that was under way keeps nothing, and must not answer for the next one.
            return connect::cancel_test(model);
        }
        Some(Dialog::Create(form)) if form.state != FormState::Sending => {
            let typed = form.input.text().trim();
            model.unsent_subject = (!typed.is_empty()).then(|| typed.to_owned());
        }
        Some(Dialog::Invite(form)) => invitations::closed(model, *form),
        Some(_) | None => {}
    }
    Effects::none()
}

/// The dialog that was interrupted is there again. A question has the focus on Cancel, because the
/// key that is pressed next may have been meant for the dialog that just went.
pub(super) fn come_back(model: &mut Model, behind: Option<Box<Dialog>>) {
    model.dialog = behind.map(|dialog| *dialog);
    if let Some(Dialog::Confirm(confirm)) = &mut model.dialog {
        confirm.focus = Button::Cancel;
    }
}

fn confirm_key(confirm: &mut Confirm, key: Key) -> Then {
    let other = |focus| match focus {
        Button::Cancel => Button::Act,
        Button::Act => Button::Cancel,
    };
    match key.code {
        Code::Esc => Then::Close,
        Code::Tab | Code::BackTab => {
            confirm.focus = other(confirm.focus);
            Then::Stay
        }
        Code::Left | Code::Right if confirm.word.is_none() || confirm.input.is_empty() => {
            confirm.focus = if key.code == Code::Right {
                Button::Act
            } else {
                Button::Cancel
            };
            Then::Stay
        }
        Code::Up => {
            confirm.scroll = confirm.scroll.saturating_sub(1);
            Then::Stay
        }
        Code::Down => {
            confirm.scroll = (confirm.scroll + 1).min(confirm.most_scroll());
            Then::Stay
        }
        Code::Enter => match confirm.focus {
            Button::Act if confirm.is_ready() => Then::Confirmed,
            // An unfinished word does nothing: neither yes nor no was meant.
            Button::Cancel if confirm.is_ready() || confirm.input.is_empty() => Then::Close,
            Button::Act | Button::Cancel => Then::Stay,
        },
        Code::Char(_)
        | Code::Backspace
        | Code::Delete
        | Code::Left
        | Code::Right
        | Code::Home
        | Code::End
        | Code::PageUp
        | Code::PageDown
        | Code::F(_) => {
            if confirm.word.is_some() && confirm.input.key(key) == Edit::Changed {
                follow_word(confirm);
            }
            Then::Stay
        }
    }
}

/// The right word moves the focus to the button that acts, any other one back to Cancel: so `enter`
/// always presses the button that shows the focus.
fn follow_word(confirm: &mut Confirm) {
    confirm.focus = if confirm.is_ready() {
        Button::Act
    } else {
        Button::Cancel
    };
}

fn menu_key(menu: &mut Menu, key: Key) -> Then {
    let last = menu.choices.len().saturating_sub(1);
    match key.code {
        Code::Esc | Code::Char('q') => Then::Close,
        Code::Enter => Then::Choose,
        Code::Up | Code::Char('k') => {
            menu.row = menu.row.saturating_sub(1);
            Then::Stay
        }
        Code::Down | Code::Char('j') => {
            menu.row = (menu.row + 1).min(last);
            Then::Stay
        }
        Code::Home | Code::Char('g') => {
            menu.row = 0;
            Then::Stay
        }
        Code::End | Code::Char('G') => {
            menu.row = last;
            Then::Stay
        }
        Code::Char(c @ '1'..='9') => {
            let row = usize::try_from(u32::from(c) - u32::from('1')).unwrap_or(0);
            if row <= last {
                menu.row = row;
                Then::Choose
            } else {
                Then::Stay
            }
        }
        _ => Then::Stay,
    }
}

fn choose(model: &mut Model) -> Effects {
    let Some(Dialog::Menu(menu)) = model.dialog.take() else {
        return Effects::none();
    };
    let Some((choice, _)) = menu.choices.into_iter().nth(menu.row) else {
        return Effects::none();
    };
    match choice {
        Choice::LeaveOpen => Effects::none(),
        Choice::Copy(clip) => Effects::one(Effect::Copy(clip)),
        Choice::CopyLink(id) => copy_from(model, &id, LinkForm::Bare),
        Choice::CopyMessage(id) => copy_from(model, &id, LinkForm::Message),
        Choice::Doubt(group, id, doubt) => messages::decide(model, &group, &id, doubt),
        Choice::Sort(by) => {
            model.list.set_sort(&model.groups, by);
            Effects::none()
        }
        Choice::Export(format) => journal::export(model, format),
        Choice::LookAgain(id) => journal::look_again(model, id),
        Choice::Settle(id, said) => journal::say(model, id, said),
        Choice::GoTo(goal) => accounts::go_to(model, goal),
        Choice::NewAccount => connect::add(model),
        Choice::SaveCode(url, format) => Effects::one(Effect::SaveCode(url, format)),
    }
}

fn copy_from(model: &mut Model, id: &GroupId, form: LinkForm) -> Effects {
    model
        .groups
        .slot(id)
        .map_or_else(Effects::none, |slot| copy::copy_link(model, slot, form))
}

/// A key where lines are found by what is typed: the text and the chosen line, of how many and how far a page
/// goes, and what `enter` does.
fn found_key(
    (input, row): (&mut TextInput, &mut usize),
    key: Key,
    (count, page): (usize, usize),
    enter: Then,
) -> Then {
    let last = count.saturating_sub(1);
    match key.code {
        Code::Esc if input.is_empty() || count > 0 => return Then::Close,
        // There is nothing to see but that nothing was found.
        Code::Esc => {
            input.clear();
            *row = 0;
        }
        Code::Enter => return enter,
        Code::Up => *row = row.saturating_sub(1),
        Code::Down => *row = (*row + 1).min(last),
        Code::Char('p') if key.ctrl => *row = row.saturating_sub(1),
        Code::Char('n') if key.ctrl => *row = (*row + 1).min(last),
        Code::PageUp => *row = row.saturating_sub(page),
        Code::PageDown => *row = (*row + page).min(last),
        Code::Tab
        | Code::BackTab
        | Code::Char(_)
        | Code::Backspace
        | Code::Delete
        | Code::Left
        | Code::Right
        | Code::Home
        | Code::End
        | Code::F(_) => {
            if input.key(key) == Edit::Changed {
                *row = 0;
            }
        }
    }
    Then::Stay
}

fn connect_key(form: &mut ConnectForm, key: Key) -> Then {
    let reveal = form.reveal;
    form.reveal = Reveal::Hidden;
    if key.code == Code::Esc {
        return Then::Close;
    }
    if form.state == FormState::Sending {
        return Then::Stay;
    }
    if key == Key::ctrl('r') {
        form.reveal = if reveal == Reveal::Hidden {
            Reveal::Shown
        } else {
            Reveal::Hidden
        };
        return Then::Stay;
    }
    match (key.code, form.focus) {
        (Code::Tab | Code::Down, _) => connect::move_focus(form, true),
        (Code::BackTab | Code::Up, _) => connect::move_focus(form, false),
        (Code::Enter, Focus::Button(Button::Cancel)) => return Then::Close,
        (Code::Enter, Focus::Field(0)) if form.fields[1].is_empty() => {
            connect::move_focus(form, true);
        }
        (Code::Enter, Focus::Field(_) | Focus::Tick | Focus::Button(Button::Act)) => {
            return Then::Connect;
        }
        (Code::Char(' ') | Code::Left | Code::Right, Focus::Tick) => {
            form.keep = if form.keep == Keep::Saved {
                Keep::Memory
            } else {
                Keep::Saved
            };
        }
        (Code::Left, Focus::Button(_)) => form.focus = Focus::Button(Button::Cancel),
        (Code::Right, Focus::Button(_)) => form.focus = Focus::Button(Button::Act),
        (_, Focus::Field(field)) => {
            if form
                .fields
                .get_mut(field)
                .is_some_and(|input| input.key(key) == Edit::Changed)
            {
                form.error = None;
                form.state = FormState::Open;
            }
        }
        // Whoever types has a text in mind, and only the token can be meant here.
        (Code::Char(_), Focus::Tick | Focus::Button(_)) if key.typed().is_some() => {
            form.focus = Focus::Field(1);
            form.fields[1].key(key);
            form.error = None;
            form.state = FormState::Open;
        }
        (_, Focus::Tick | Focus::Button(_)) => {}
    }
    Then::Stay
}

/// Pastes into the focused field. `None` when the dialog has none.
pub(super) fn paste(model: &mut Model, text: &str) -> Option<bool> {
    let taken = match model.dialog.as_mut()? {
        Dialog::Line(_)
        | Dialog::Menu(_)
        | Dialog::Actions(_)
        | Dialog::ByHand { .. }
        | Dialog::Invited(_) => return None,
        Dialog::Invite(form) => form.paste(text)?,
        Dialog::PickIcon(_, form) => form.input.paste(text),
        Dialog::Confirm(confirm) => {
            confirm.word.as_ref()?;
            let taken = confirm.input.paste(text);
            follow_word(confirm);
            taken
        }
        Dialog::Create(form) | Dialog::Rename(_, form) => {
            if form.state == FormState::Sending || !matches!(form.focus, Focus::Field(_)) {
                return None;
            }
            form.state = FormState::Open;
            form.input.paste(text)
        }
        Dialog::Help(help) => {
            help.row = 0;
            help.input.paste(text)
        }
        Dialog::Commands(commands) => {
            commands.row = 0;
            commands.input.paste(text)
        }
        Dialog::Find(find) => find.paste(text),
        Dialog::Connect(form) => {
            // A pasted token is meant for its field, wherever the focus is.
            let field = if let Focus::Field(field) = form.focus {
                field
            } else {
                1
            };
            form.focus = Focus::Field(field);
            if form.state == FormState::Sending {
                return None;
            }
            form.error = None;
            form.state = FormState::Open;
            form.fields.get_mut(field)?.paste(text)
        }
    };
    Some(taken)
}

//! Clicks and the wheel. A click does what a key does, never more: what it stands on is chosen, and keys
//! and actions go the way they go from the keyboard, with the same questions.
//!
//! Invariants: no click is the answer to a question that the click before it asked, and a button that
//! cannot be taken back is pressed by a click only when it had the focus before, and not by the second
//! half of a double click. The wheel moves no focus and chooses nothing that is in view already.

use crate::app::activity;
use crate::app::dialog::{Button, Confirm, Dialog, Focus, FormState, Keep};
use crate::app::effect::{Effect, Effects};
use crate::app::find;
use crate::app::groups::Slot;
use crate::app::inbox;
use crate::app::layout::{Layout, wheeled};
use crate::app::messages::conversation::{Conversation, RowId};
use crate::app::messages::window::seen_from;
use crate::app::model::{Model, Pane, Stage};
use crate::app::msg::Press;
use crate::app::pointer::{Area, Click, Mouse, Target, Wheel};
use crate::app::toasts::Level;
use crate::domain::WaId;
use crate::keymap::{Action, Code, Key};

use super::{actions, keys, messages};

/// Rows that one notch of the wheel scrolls.
const NOTCH: isize = 3;

/// Handles a click on what stands in a cell.
pub(super) fn clicked(model: &mut Model, target: Target) -> Effects {
    if model.size.layout() == Layout::TooSmall {
        return Effects::none();
    }
    let click = model.pointer.click(&target, model.now);
    if model.dialog.is_some() {
        return in_dialog(model, &target, click);
    }
    if matches!(model.stage, Stage::Welcome(_)) {
        return match target {
            Target::Line(line) if click == Click::Single => press_number(model, line),
            Target::Key(key) => press(model, key),
            Target::Area(_)
            | Target::Line(_)
            | Target::Group(_)
            | Target::Member(_)
            | Target::Message(_)
            | Target::Entry(_)
            | Target::Received(_)
            | Target::InboxPart(_)
            | Target::Act(_)
            | Target::Part(_)
            | Target::Found(_)
            | Target::Notice(_) => Effects::none(),
        };
    }
    match target {
        Target::Key(key) => press(model, key),
        // The composer, in which one writes already.
        Target::Act(Action::Write) if model.messages.composing().is_some() => Effects::none(),
        Target::Act(action) => {
            let left = leave_field(model);
            left.and(actions::act(model, action))
        }
        Target::Notice(toast) => {
            model.toasts.take_off(&toast);
            Effects::none()
        }
        Target::Area(Area::Pane(pane)) => focus(model, pane),
        Target::Group(slot) => {
            let focused = focus(model, Pane::Groups);
            focused.and(choose(model, click, |model| choose_group(model, slot)))
        }
        Target::Member(id) => {
            let focused = focus(model, Pane::Members);
            focused.and(choose(model, click, |model| choose_member(model, &id)))
        }
        Target::Message(row) => {
            let focused = focus(model, Pane::Messages);
            focused.and(choose(model, click, |model| choose_message(model, &row)))
        }
        Target::Entry(row) => {
            let focused = focus(model, Pane::Activity);
            focused.and(choose(model, click, |model| choose_entry(model, row)))
        }
        Target::Received(row) => {
            let focused = focus(model, Pane::Inbox);
            focused.and(choose(model, click, |model| choose_received(model, &row)))
        }
        Target::InboxPart(part) => {
            let focused = focus(model, Pane::Inbox);
            model.inbox.show(part);
            focused
        }
        // The dialog that had them is gone.
        Target::Area(Area::Front) | Target::Part(_) | Target::Line(_) | Target::Found(_) => {
            Effects::none()
        }
    }
}

/// Handles one notch of the wheel over an area.
pub(super) fn wheel(model: &mut Model, area: Area, wheel: Wheel) -> Effects {
    if model.size.layout() == Layout::TooSmall {
        return Effects::none();
    }
    let by = match wheel {
        Wheel::Up => -NOTCH,
        Wheel::Down => NOTCH,
    };
    match area {
        Area::Front => wheel_front(model, by),
        Area::Pane(_) if model.dialog.is_some() => Effects::none(),
        Area::Pane(pane) => wheel_pane(model, pane, by),
    }
}

/// Gives the mouse to the terminal, or takes it back.
pub(super) fn toggle(model: &mut Model) -> Effects {
    let (mouse, title, line) = match model.session.mouse {
        Mouse::Captured => (
            Mouse::Free,
            "The mouse is the terminal's",
            "Dragging selects text",
        ),
        Mouse::Free => (
            Mouse::Captured,
            "The mouse is wavedeck's",
            "Shift-drag selects text",
        ),
    };
    model.session.mouse = mouse;
    let way = model.way_to(Action::ToggleMouse);
    let line = format!("{line}; {way} turns it back.");
    model.tell(Level::Hint, title, vec![line]);
    Effects::one(Effect::SetMouse(mouse))
}

fn press(model: &mut Model, key: Key) -> Effects {
    keys::key(model, key, Press::First)
}

/// The number that stands in front of a line.
fn press_number(model: &mut Model, line: usize) -> Effects {
    let number = u32::try_from(line + 1).ok();
    match number.and_then(|number| char::from_digit(number, 10)) {
        Some(digit) => press(model, Key::char(digit)),
        None => Effects::none(),
    }
}

/// What is being typed is left as `esc` leaves the composer: the draft and the filter stay.
fn leave_field(model: &mut Model) -> Effects {
    if model.messages.composing().is_some() {
        return messages::key(model, Key::plain(Code::Esc), false).unwrap_or_default();
    }
    if let Some(filter) = keys::typing_filter(model) {
        filter.typing = false;
    }
    Effects::none()
}

fn focus(model: &mut Model, pane: Pane) -> Effects {
    let left = leave_field(model);
    if model.pane == pane {
        return left;
    }
    left.and(actions::go(model, pane))
}

/// Chooses what was clicked; the second click does what `enter` does there.
fn choose(model: &mut Model, click: Click, select: impl FnOnce(&mut Model) -> bool) -> Effects {
    if select(model) && click == Click::Double {
        return press(model, Key::plain(Code::Enter));
    }
    Effects::none()
}

fn choose_group(model: &mut Model, slot: Slot) -> bool {
    let is_listed = model.list.rows.all().contains(&slot);
    if is_listed {
        model.list.rows.select(slot);
    }
    is_listed
}

fn choose_member(model: &mut Model, id: &WaId) -> bool {
    let Some(people) = actions::people_mut(model) else {
        return false;
    };
    let is_listed = people.rows.all().contains(id);
    if is_listed {
        people.rows.select(id.clone());
    }
    is_listed
}

fn choose_message(model: &mut Model, row: &RowId) -> bool {
    let Some(group) = model.thread_group().cloned() else {
        return false;
    };
    let Some(row) = Conversation::of(model, &group).position(row) else {
        return false;
    };
    messages::put_cursor(model, &group, row);
    true
}

fn choose_entry(model: &mut Model, row: activity::RowId) -> bool {
    let rows = model.activity.rows();
    let Some(at) = rows.iter().position(|other| *other == row) else {
        return false;
    };
    model.activity.move_to(at);
    true
}

fn choose_received(model: &mut Model, row: &inbox::Row) -> bool {
    let rows = model.inbox.rows();
    let Some(at) = rows.iter().position(|other| other == row) else {
        return false;
    };
    model.inbox.move_to(at);
    true
}

// ---- dialogs

fn in_dialog(model: &mut Model, target: &Target, click: Click) -> Effects {
    let enter = Key::plain(Code::Enter);
    match *target {
        // To leave is always meant.
        Target::Key(key) if key.code == Code::Esc => press(model, key),
        Target::Part(Focus::Button(Button::Cancel)) => cancel(model),
        Target::Part(part @ (Focus::Field(_) | Focus::Tick)) => {
            if take_focus(model, part) && part == Focus::Tick {
                return press(model, Key::char(' '));
            }
            Effects::none()
        }
        Target::Line(line) if click == Click::Double && choose_help(model, line) => {
            press(model, enter)
        }
        Target::Found(ref row) if choose_found(model, row) && click == Click::Double => {
            press(model, enter)
        }
        // Nothing is decided by the second half of a double click.
        _ if click != Click::Single => Effects::none(),
        Target::Key(key) => press(model, key),
        Target::Part(Focus::Button(Button::Act)) => act_button(model),
        Target::Line(line) => choose_line(model, line),
        Target::Area(_)
        | Target::Group(_)
        | Target::Member(_)
        | Target::Message(_)
        | Target::Entry(_)
        | Target::Received(_)
        | Target::InboxPart(_)
        | Target::Act(_)
        | Target::Found(_)
        | Target::Notice(_) => Effects::none(),
    }
}

fn choose_found(model: &mut Model, row: &find::Row) -> bool {
    let Some(Dialog::Find(find)) = &mut model.dialog else {
        return false;
    };
    let is_listed = find.rows.all().contains(row);
    if is_listed {
        find.rows.select(row.clone());
    }
    is_listed
}

/// The button on the left. In the results of invitations it says that they were read.
fn cancel(model: &mut Model) -> Effects {
    let code = match &mut model.dialog {
        Some(Dialog::Invited(shown)) => {
            shown.focus = Button::Cancel;
            Code::Enter
        }
        Some(_) | None => Code::Esc,
    };
    press(model, Key::plain(code))
}

/// The button that acts. In a question a click moves the focus to it first; where a word is asked for,
/// the word does that.
fn act_button(model: &mut Model) -> Effects {
    if let Some(Dialog::Confirm(confirm)) = &mut model.dialog {
        let Confirm { word, focus, .. } = &mut **confirm;
        if *focus != Button::Act {
            if word.is_none() {
                *focus = Button::Act;
            }
            return Effects::none();
        }
    } else if !take_focus(model, Focus::Button(Button::Act)) {
        return Effects::none();
    }
    press(model, Key::plain(Code::Enter))
}

/// Moves the focus within a form; `false` where there is no such part, or it is locked.
fn take_focus(model: &mut Model, part: Focus) -> bool {
    let (focus, state) = match &mut model.dialog {
        Some(Dialog::Create(form) | Dialog::Rename(_, form)) => {
            (&mut form.focus, Some(&form.state))
        }
        Some(Dialog::PickIcon(_, form)) => (&mut form.focus, Some(&form.state)),
        Some(Dialog::Connect(form)) => (&mut form.focus, Some(&form.state)),
        Some(Dialog::Invite(form)) => (&mut form.focus, None),
        Some(Dialog::Invited(shown)) => {
            let Focus::Button(button) = part else {
                return false;
            };
            shown.focus = button;
            return true;
        }
        Some(
            Dialog::Line(_)
            | Dialog::Confirm(_)
            | Dialog::Menu(_)
            | Dialog::Help(_)
            | Dialog::Commands(_)
            | Dialog::Find(_)
            | Dialog::Actions(_)
            | Dialog::ByHand { .. },
        )
        | None => return false,
    };
    if state == Some(&FormState::Sending) {
        return false;
    }
    *focus = part;
    true
}

fn choose_line(model: &mut Model, line: usize) -> Effects {
    match &mut model.dialog {
        Some(Dialog::Menu(menu)) if line < menu.choices.len() => {
            menu.row = line;
            press(model, Key::plain(Code::Enter))
        }
        Some(Dialog::Connect(form)) if form.state != FormState::Sending => {
            form.focus = Focus::Tick;
            form.keep = if line == 0 { Keep::Saved } else { Keep::Memory };
            Effects::none()
        }
        Some(_) | None => {
            choose_help(model, line);
            Effects::none()
        }
    }
}

fn choose_help(model: &mut Model, line: usize) -> bool {
    let row = match &mut model.dialog {
        Some(Dialog::Help(help)) => &mut help.row,
        Some(Dialog::Commands(commands)) => &mut commands.row,
        Some(Dialog::Actions(menu)) => &mut menu.row,
        Some(_) | None => return false,
    };
    *row = line;
    true
}

// ---- the wheel

/// Scrolls what stands in front as its arrows do.
fn wheel_front(model: &mut Model, by: isize) -> Effects {
    let notch = match &model.dialog {
        Some(Dialog::Menu(_)) => 1,
        Some(
            Dialog::Help(_)
            | Dialog::Commands(_)
            | Dialog::Find(_)
            | Dialog::Actions(_)
            | Dialog::Confirm(_)
            | Dialog::Invited(_),
        ) => NOTCH.unsigned_abs(),
        None if model.reads_first() => 1,
        // In a form the arrows move the focus.
        Some(_) | None => return Effects::none(),
    };
    let key = Key::plain(if by < 0 { Code::Up } else { Code::Down });
    (0..notch).fold(Effects::none(), |effects, _| effects.and(press(model, key)))
}

fn wheel_pane(model: &mut Model, pane: Pane, by: isize) -> Effects {
    match pane {
        Pane::Groups => {
            let rows = model.size.group_rows();
            model.list.rows.wheel(by, rows);
        }
        Pane::Members => {
            let rows = model.size.member_rows();
            if let Some(people) = actions::people_mut(model) {
                people.rows.wheel(by, rows);
            }
        }
        Pane::Messages => return wheel_messages(model, by),
        Pane::Activity => {
            let (rows, len) = (model.size.activity_rows(), model.activity.rows().len());
            let (top, row) = (model.activity.top(), model.activity.row());
            let (top, row) = wheeled(top, row, by, rows, len);
            model.activity.scroll_to(top, row);
        }
        Pane::Inbox if model.inbox.whole().is_some() => super::inbox::step(model, by),
        Pane::Inbox => {
            let (rows, len) = (model.size.inbox_rows(), model.inbox.rows().len());
            let (top, row) = (model.inbox.top(), model.inbox.row());
            let (top, row) = wheeled(top, row, by, rows, len);
            model.inbox.scroll_to(top, row);
        }
        // They have no rows.
        Pane::Invite | Pane::Icon => {}
    }
    Effects::none()
}

/// Message by message: most of them take a notch of rows.
fn wheel_messages(model: &mut Model, by: isize) -> Effects {
    let Some(group) = model.thread_group().cloned() else {
        return Effects::none();
    };
    if by < 0 {
        // The cursor goes to the upper edge first: from there every step scrolls.
        let first = seen_from(model, &group);
        if Conversation::of(model, &group).row() > first {
            messages::put_cursor(model, &group, first);
        }
    }
    messages::step(model, by.signum())
}

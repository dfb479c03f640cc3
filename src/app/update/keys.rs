//! Who gets a key: the dialog, else the filter that is being typed, else the pane.

use std::time::Duration;

use crate::app::dialog::Dialog;
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::field;
use crate::app::field::Edit;
use crate::app::layout::Layout;
use crate::app::model::{Model, Pane, Stage, Welcome, WelcomePage};
use crate::app::msg::Press;
use crate::app::people::People;
use crate::app::toasts::Level;
use crate::domain::Millis;
use crate::keymap::{Action, Code, Context, Found, Key};

use super::{actions, connect, dialogs, journal, messages};

/// Keys this soon after a paste may be what the terminal let through of it, and this soon after a
/// question came up by itself nobody has read it.
const AFTER_PASTE: Duration = Duration::from_millis(300);
/// Lines by which the page of the first run can be scrolled; it is no longer on any screen.
const MOST_SCROLL: u16 = 20;
/// `ctrl+c` twice within this time always ends the program.
const TWICE: Duration = Duration::from_secs(2);

/// Handles one key.
pub(super) fn key(model: &mut Model, key: Key, press: Press) -> Effects {
    let pressed = std::mem::take(&mut model.chord);
    let opener = model.opener.take();
    if key.latin() == Key::ctrl('c') {
        return interrupt(model, !pressed.is_empty());
    }
    if let Some(effects) = anywhere(model, key) {
        return effects;
    }
    // What cannot be seen cannot be answered; `esc` leads out of it all the same.
    if model.size.layout() == Layout::TooSmall && key.code != Code::Esc {
        let action = model.session.keys.resolve(model.context(), key);
        let quits = action == Some(Action::Quit) && model.dialog.is_none();
        return if quits {
            actions::quit(model)
        } else {
            Effects::none()
        };
    }
    if model.dialog.is_some() {
        // What a dialog confirms must not be the tail of a paste, nor a key held too long, nor one
        // that was on its way when a question came up by itself.
        let enter = key.code == Code::Enter;
        let just_now = |at: Option<Millis>| at.is_some_and(|at| model.age(at) < AFTER_PASTE);
        let unmeant = just_now(model.pasted_at) || just_now(model.surprised_at);
        if enter && (unmeant || press == Press::Repeat) {
            model.opener = opener;
            return Effects::none();
        }
        if opener == Some(key) && dialogs::would_answer(model, key) {
            model.opener = opener;
            let title = format!("{key} opened this: choose or type something first");
            model.tell(Level::Hint, title, vec![]);
            return Effects::none();
        }
        return dialogs::key(model, key);
    }
    if let Stage::Welcome(welcome) = model.stage {
        return welcome_key(model, welcome, key.latin());
    }
    let pasted = model
        .pasted_at
        .is_some_and(|at| model.age(at) < AFTER_PASTE);
    if let Some(effects) = messages::key(model, key, pasted || press == Press::Repeat) {
        return effects;
    }
    if let Some(effects) = filter_key(model, key, press) {
        return effects;
    }
    command(model, key, press, pressed)
}

/// What works in dialogs and fields too: its key is none that types or edits.
fn anywhere(model: &Model, key: Key) -> Option<Effects> {
    let is_free = key.ctrl || key.alt || matches!(key.code, Code::F(_));
    if !is_free || field::edits(key) {
        return None;
    }
    let action = model.session.keys.resolve(model.context(), key)?;
    [
        (Action::Suspend, Effect::Suspend),
        (Action::Redraw, Effect::Redraw),
    ]
    .into_iter()
    .find(|(wanted, _)| *wanted == action)
    .map(|(_, effect)| Effects::one(effect))
}

/// A key in a pane: the end of a chord, its beginning, or nothing. `pressed` came before it.
fn command(model: &mut Model, key: Key, press: Press, mut pressed: Vec<Key>) -> Effects {
    if !pressed.is_empty() {
        if press == Press::Repeat {
            // Held, not pressed once more.
            model.chord = pressed;
            return Effects::none();
        }
        if key.code == Code::Esc {
            return Effects::none();
        }
    }
    pressed.push(key);
    match model.session.keys.lookup(model.context(), &pressed) {
        Found::Action(action) => run(model, action, key, press),
        Found::Start if press == Press::First => {
            model.chord = pressed;
            Effects::none()
        }
        Found::Start => Effects::none(),
        Found::Nothing => {
            if pressed.len() > 1 {
                let keys: Vec<String> = pressed.iter().map(ToString::to_string).collect();
                let title = format!("{} means nothing here", keys.join(" "));
                model.tell(Level::Hint, title, vec![]);
            }
            Effects::none()
        }
    }
}

/// Carries out what a key asked for.
fn run(model: &mut Model, action: Action, key: Key, press: Press) -> Effects {
    if press == Press::Repeat && !action.repeats() {
        return Effects::none();
    }
    let effects = actions::act(model, action);
    if model.dialog.is_some() {
        model.opener = Some(key);
    }
    if key.code == Code::Enter {
        // Where the same key would be its yes, the question is one with Cancel in front.
        dialogs::line_to_box(model);
    }
    effects
}

/// `ctrl+c` leaves a field or a dialog, else the program; twice in two seconds always the program.
/// `in_chord`: keys that begin something are given up first.
fn interrupt(model: &mut Model, in_chord: bool) -> Effects {
    if model.interrupted_at.is_some_and(|at| model.age(at) < TWICE) {
        return actions::exit(model);
    }
    model.interrupted_at = Some(model.now);
    if in_chord {
        return Effects::none();
    }
    if model.dialog.is_some() {
        return dialogs::key(model, Key::plain(Code::Esc));
    }
    if let Some(effects) = messages::key(model, Key::plain(Code::Esc), false) {
        return effects;
    }
    if let Some(filter) = typing_filter(model) {
        filter.typing = false;
        return Effects::none();
    }
    actions::act(model, Action::Interrupt)
}

pub(super) fn typing_filter(model: &mut Model) -> Option<&mut crate::app::list::FilterInput> {
    let filter = match model.pane {
        Pane::Groups => &mut model.list.filter,
        Pane::Members => {
            let slot = model.selected()?;
            &mut model.people.get_mut(&slot)?.filter
        }
        Pane::Activity => &mut model.activity.filter,
        Pane::Inbox => &mut model.inbox.filter,
        Pane::Messages => return messages::typing_search(model),
        Pane::Invite | Pane::Icon => return None,
    };
    filter.typing.then_some(filter)
}

/// A key while a filter is being typed; `None` when none is.
fn filter_key(model: &mut Model, key: Key, press: Press) -> Option<Effects> {
    let numbers =
        model.pane == Pane::Members && model.members().is_some_and(People::is_number_typed);
    let on_people = model.session.keys.resolve(Context::Members, key);
    let pane = model.pane;
    let filter = typing_filter(model)?;
    match key.code {
        Code::Enter => {
            filter.typing = false;
            if pane == Pane::Messages {
                return Some(messages::keep_search(model));
            }
        }
        Code::Esc if pane == Pane::Messages => {
            messages::give_up_search(model);
        }
        Code::Esc => {
            filter.typing = false;
            filter.input.clear();
            return Some(apply_filter(model));
        }
        Code::Tab | Code::BackTab => {
            filter.typing = false;
            let forward = key.code == Code::Tab;
            let action = if forward {
                Action::NextPane
            } else {
                Action::PreviousPane
            };
            return Some(actions::act(model, action));
        }
        Code::Up | Code::Down | Code::PageUp | Code::PageDown => {
            let fixed = [
                (Code::Up, Action::Up),
                (Code::Down, Action::Down),
                (Code::PageUp, Action::PageUp),
                (Code::PageDown, Action::PageDown),
            ];
            let fixed = fixed.into_iter().find(|(code, _)| key == Key::plain(*code));
            let action = fixed
                .map(|(_, action)| action)
                .or_else(|| model.session.keys.resolve(model.context(), key));
            return Some(
                action.map_or_else(Effects::none, |action| run(model, action, key, press)),
            );
        }
        Code::Char(_)
        | Code::Backspace
        | Code::Delete
        | Code::Left
        | Code::Right
        | Code::Home
        | Code::End
        | Code::F(_) => {
            if numbers
                && let Some(action) = on_people
                && acts_on_people(action)
            {
                return Some(run(model, action, key, press));
            }
            if filter.input.key(key) == Edit::Changed {
                return Some(apply_filter(model));
            }
        }
    }
    Some(Effects::none())
}

/// What may be done to a number that was just found, without leaving the filter.
fn acts_on_people(action: Action) -> bool {
    [
        Action::Promote,
        Action::Demote,
        Action::Remove,
        Action::CopyNumbers,
        Action::CopyPeople,
        Action::Mark,
        Action::MarkRange,
    ]
    .contains(&action)
}

fn apply_filter(model: &mut Model) -> Effects {
    if model.pane == Pane::Messages {
        messages::searched(model);
        return Effects::none();
    }
    if model.pane == Pane::Activity {
        model.activity.move_to(0);
        return journal::search(model);
    }
    if model.pane == Pane::Inbox {
        model.inbox.step(isize::MIN);
    } else if model.pane == Pane::Groups {
        model.list.filter_typed(&model.groups);
    } else if let Some(slot) = model.selected() {
        let own = model.own().cloned();
        let roster = model.groups.at(slot).roster();
        if let Some(people) = model.people.get_mut(&slot) {
            people.filter_typed(roster, own.as_ref(), &model.contacts);
        }
    }
    Effects::none()
}

/// Handles a paste: only a text field takes it.
pub(super) fn pasted(model: &mut Model, text: &str) -> Effects {
    model.pasted_at = Some(model.now);
    model.chord.clear();
    let mut effects = Effects::none();
    let taken = if model.dialog.is_some() {
        dialogs::paste(model, text)
    } else if let Some(taken) = messages::paste(model, text) {
        Some(taken)
    } else if let Some(filter) = typing_filter(model) {
        let taken = filter.input.paste(text);
        effects = apply_filter(model);
        Some(taken)
    } else {
        None
    };
    match taken {
        Some(true) => {}
        Some(false) => model.tell(
            Level::Hint,
            "The pasted text is too long for this field",
            vec![],
        ),
        None => model.tell(
            Level::Hint,
            "Pasted text goes into text fields only",
            vec![],
        ),
    }
    // Another path means another file to look at.
    match &mut model.dialog {
        Some(Dialog::PickIcon(_, form)) if taken == Some(true) => super::icon::typed(form),
        Some(_) | None => effects,
    }
}

fn welcome_key(model: &mut Model, mut welcome: Welcome, key: Key) -> Effects {
    let mut start = false;
    match key.code {
        Code::Char('q') if !key.ctrl && !key.alt && welcome.page == WelcomePage::Choice => {
            return Effects::one(Effect::Exit(Exit::Quit));
        }
        Code::Esc | Code::Char('q') => welcome.page = WelcomePage::Choice,
        Code::Up | Code::Char('k') if welcome.page == WelcomePage::ReadFirst => {
            welcome.scroll = welcome.scroll.saturating_sub(1);
        }
        Code::Down | Code::Char('j') if welcome.page == WelcomePage::ReadFirst => {
            welcome.scroll = (welcome.scroll + 1).min(MOST_SCROLL);
        }
        Code::Up | Code::Char('k') => welcome.row = welcome.row.saturating_sub(1),
        Code::Down | Code::Char('j') => welcome.row = (welcome.row + 1).min(2),
        Code::Enter => start = true,
        Code::Char(c @ '1'..='3') => {
            welcome.row = usize::try_from(u32::from(c) - u32::from('1')).unwrap_or(0);
            start = true;
        }
        Code::Char(_)
        | Code::Tab
        | Code::BackTab
        | Code::Backspace
        | Code::Delete
        | Code::Left
        | Code::Right
        | Code::Home
        | Code::End
        | Code::PageUp
        | Code::PageDown
        | Code::F(_) => {}
    }
    if start && welcome.page == WelcomePage::ReadFirst && key.code == Code::Enter {
        welcome.page = WelcomePage::Choice;
        start = false;
    }
    if start && welcome.row == 2 {
        welcome.page = WelcomePage::ReadFirst;
        welcome.scroll = 0;
    }
    model.stage = Stage::Welcome(welcome);
    match (start, welcome.row) {
        (true, 0) => Effects::one(Effect::Exit(Exit::Demo)),
        (true, 1) => {
            connect::open(model);
            Effects::none()
        }
        (_, _) => Effects::none(),
    }
}

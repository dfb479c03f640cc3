//! What each action does.

mod marking;
mod menus;
mod modes;

use crate::app::dialog::{ActionMenu, Commands, Dialog, Focus, FormState, Help, SubjectForm, Tick};
use crate::app::effect::{Effect, Effects, Exit};
use crate::app::field::TextInput;
use crate::app::groups::Slot;
use crate::app::inbox::Part;
use crate::app::layout::Layout;
use crate::app::line::Line;
use crate::app::loading::Flow;
use crate::app::model::{CodeInk, CodeSize, LinkForm, Model, Pane, Read, Tab};
use crate::app::rows::Rows;
use crate::app::toasts::Level;
use crate::domain::{Contacts, MemberVerb, WaId};
use crate::keymap::Action;

use super::{
    accounts, activity, ask, connect, copy, find, icon, inbox, invitations, journal, messages,
    mouse, reads, received, undo, unread,
};

pub(super) use modes::why_not as why_not_turn;

use marking::{Marking, mark};
use menus::{copy_group_menu, copy_numbers, copy_people_menu, save_menu, sort_menu};

/// Carries out an action, or says why it cannot work.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each action, without a wildcard"
)]
pub(super) fn act(model: &mut Model, action: Action) -> Effects {
    let connects = matches!(action, Action::Open | Action::Refresh | Action::RefreshAll);
    // What was received here needs no account.
    if connects && model.line == Line::SignedOut && model.pane != Pane::Inbox {
        // Nothing can be read before the account is accepted again.
        connect::open(model);
        return Effects::none();
    }
    if let Some(why) = ask::disabled(model, action) {
        model.tell(Level::Hint, copy::capital(&why), vec![]);
        return Effects::none();
    }
    match action {
        Action::Help => {
            model.dialog = Some(Dialog::Help(Help::default()));
            Effects::none()
        }
        Action::Commands => {
            model.dialog = Some(Dialog::Commands(Commands::default()));
            Effects::none()
        }
        Action::Actions => {
            model.dialog = Some(Dialog::Actions(ActionMenu::default()));
            Effects::none()
        }
        Action::FullScreen
        | Action::HideNumbers
        | Action::ReadOnlyOn
        | Action::ReadOnlyOff
        | Action::PauseReading
        | Action::ReadFaster
        | Action::ReadSlower => {
            modes::turn(model, action);
            Effects::none()
        }
        Action::NextPane => next_pane(model, 1),
        Action::PreviousPane => next_pane(model, PANES.len() - 1),
        Action::GoGroups | Action::ToList => go(model, Pane::Groups),
        Action::GoMembers => go(model, Pane::Members),
        Action::GoInvite => go(model, Pane::Invite),
        Action::GoIcon => go(model, Pane::Icon),
        Action::GoMessages => go(model, Pane::Messages),
        Action::GoActivity => go(model, Pane::Activity),
        Action::GoInbox => go(model, Pane::Inbox),
        Action::Find => {
            find::open(model);
            Effects::none()
        }
        Action::NextUnread => unread::next(model),
        Action::Write => messages::write(model),
        Action::TakeUp => messages::take_up(model),
        Action::EditMessage => messages::edit(model),
        Action::DropMessage => {
            messages::ask_drop(model);
            Effects::none()
        }
        Action::CopyText => messages::copy(model),
        Action::NextTab if model.pane == Pane::Inbox => inbox::turn(model, 1),
        Action::PreviousTab if model.pane == Pane::Inbox => inbox::turn(model, Part::ALL.len() - 1),
        Action::CopyMessageParts => {
            messages::copy_menu(model);
            Effects::none()
        }
        Action::OpenMessage => messages::open(model),
        Action::Search => {
            messages::begin_search(model);
            Effects::none()
        }
        Action::NextHit => messages::next_hit(model),
        Action::PreviousHit => messages::previous_hit(model),
        Action::NextTab | Action::PreviousTab => {
            let tabs = [
                (Tab::Members, Pane::Members),
                (Tab::Invite, Pane::Invite),
                (Tab::Icon, Pane::Icon),
                (Tab::Messages, Pane::Messages),
            ];
            let at = tabs
                .iter()
                .position(|(tab, _)| *tab == model.tab)
                .unwrap_or(0);
            let back = tabs.len() - 1;
            let step = if action == Action::NextTab { 1 } else { back };
            let tab = tabs[(at + step) % tabs.len()].1;
            go(model, tab)
        }
        Action::ToDetails | Action::Open => {
            let pane = match model.tab {
                Tab::Members => Pane::Members,
                Tab::Invite => Pane::Invite,
                Tab::Icon => Pane::Icon,
                Tab::Messages => Pane::Messages,
            };
            let effects = if model.pane == Pane::Groups {
                go(model, pane)
            } else {
                Effects::none()
            };
            if action == Action::Open
                && let Some(slot) = model.selected()
                && model.groups.at(slot).details.failure().is_some()
            {
                reads::want(model, Read::Details(slot));
            }
            effects
        }
        Action::Back => back(model),
        Action::Refresh => refresh(model),
        Action::RefreshAll => {
            // Whoever wants everything does not want it stopped.
            model.loading.flow = Flow::Going;
            reads::want_all(model);
            Effects::none()
        }
        Action::Redraw => Effects::one(Effect::Redraw),
        Action::Suspend => Effects::one(Effect::Suspend),
        Action::ToggleMouse => mouse::toggle(model),
        Action::Interrupt => interrupt(model),
        Action::Quit => quit(model),
        Action::Up => step(model, -1),
        Action::Down => step(model, 1),
        Action::First => step(model, isize::MIN),
        Action::Last => step(model, isize::MAX),
        Action::HalfPageUp => step(model, -page(model, 2)),
        Action::HalfPageDown => step(model, page(model, 2)),
        Action::PageUp => step(model, -page(model, 1)),
        Action::PageDown => step(model, page(model, 1)),
        Action::Filter => {
            filter(model);
            Effects::none()
        }
        Action::Mark => mark(model, Marking::Toggle, 1),
        Action::MarkRange => mark(model, Marking::Range, 0),
        Action::MarkUp => mark(model, Marking::Add, -1),
        Action::MarkDown => mark(model, Marking::Add, 1),
        Action::MarkAll => mark(model, Marking::All, 0),
        Action::CopyLink | Action::CopyInvite => copy_link(model, LinkForm::Bare),
        Action::CopyMessage => copy_link(model, LinkForm::Message),
        Action::CopyGroup => copy_group_menu(model),
        Action::NewGroup => {
            new_group(model);
            Effects::none()
        }
        Action::Rename => {
            rename(model);
            Effects::none()
        }
        Action::Leave => ask::leave_chosen(model),
        Action::Sort => {
            sort_menu(model);
            Effects::none()
        }
        Action::Promote => ask::members(model, MemberVerb::Promote),
        Action::Demote => ask::members(model, MemberVerb::Demote),
        Action::Remove => ask::members(model, MemberVerb::Remove),
        Action::CopyNumbers => copy_numbers(model),
        Action::CopyPeople => copy_people_menu(model),
        Action::OpenLink => {
            link(model).map_or_else(Effects::none, |url| Effects::one(Effect::OpenLink(url)))
        }
        Action::BiggerCode => {
            model.code.size = match model.code.size {
                CodeSize::Normal => CodeSize::Double,
                CodeSize::Double => CodeSize::Normal,
            };
            Effects::none()
        }
        Action::InvertCode => {
            model.code.ink = match model.code.ink {
                CodeInk::Normal => CodeInk::Inverted,
                CodeInk::Inverted => CodeInk::Normal,
            };
            Effects::none()
        }
        Action::SaveCode => {
            save_menu(model);
            Effects::none()
        }
        Action::InviteByMessage => invitations::open(model),
        Action::ResetInvite => ask::reset_invite(model),
        Action::SetIcon => {
            icon::choose(model);
            Effects::none()
        }
        Action::SaveIcon => icon::save(model),
        Action::OpenIcon => icon::open(model),
        Action::CopyIcon => icon::copy(model),
        Action::RemoveIcon => {
            icon::ask_remove(model);
            Effects::none()
        }
        Action::Undo => undo::act(model),
        Action::ReloadConfig => Effects::one(Effect::ReadConfiguration),
        Action::SwitchProfile => {
            accounts::menu(model);
            Effects::none()
        }
        Action::Unfold => {
            model.activity.toggle_unfold();
            Effects::none()
        }
        Action::ShowWhole => inbox::toggle_whole(model),
        Action::CopyReceived => inbox::copy(model),
        Action::CopyReport => {
            inbox::copy_menu(model);
            Effects::none()
        }
        Action::OpenReceived => inbox::open(model),
        Action::CopyEntry => activity::copy(model),
        Action::CancelCall => activity::cancel(model),
        Action::Settle => {
            activity::settle_menu(model);
            Effects::none()
        }
        Action::Export => {
            activity::export_menu(model);
            Effects::none()
        }
    }
}

/// The panes that `tab` goes through.
const PANES: [Pane; 5] = [
    Pane::Groups,
    Pane::Members,
    Pane::Invite,
    Pane::Icon,
    Pane::Messages,
];

fn next_pane(model: &mut Model, step: usize) -> Effects {
    let at = PANES
        .iter()
        .position(|pane| *pane == model.pane)
        .unwrap_or(0);
    go(model, PANES[(at + step) % PANES.len()])
}

pub(super) fn go(model: &mut Model, pane: Pane) -> Effects {
    let mut effects = Effects::none();
    if matches!(
        pane,
        Pane::Members | Pane::Invite | Pane::Icon | Pane::Messages
    ) {
        let Some(slot) = model.selected() else {
            model.tell(Level::Hint, "There is no group here", vec![]);
            return Effects::none();
        };
        // Whatever moves in the list, what is looked at stays.
        model.list.rows.hold();
        model.tab = match pane {
            Pane::Invite => Tab::Invite,
            Pane::Icon => Tab::Icon,
            Pane::Messages => Tab::Messages,
            Pane::Groups | Pane::Members | Pane::Activity | Pane::Inbox => Tab::Members,
        };
        match pane {
            Pane::Invite => reads::want_link(model, slot),
            Pane::Icon => icon::want(model, slot),
            Pane::Messages => {
                let id = model.groups.at(slot).id.clone();
                effects.extend(messages::read_history(model, &id));
            }
            Pane::Groups | Pane::Members | Pane::Activity | Pane::Inbox => {}
        }
        let details = &model.groups.at(slot).details;
        if details.known().is_none() && details.failure().is_none() && !details.is_loading() {
            reads::want(model, Read::Details(slot));
        }
    }
    model.pane = pane;
    // A filter that was being typed when the pane was left must not swallow commands now.
    match pane {
        Pane::Groups => model.list.filter.typing = false,
        Pane::Members => {
            if let Some(people) = people_mut(model) {
                people.filter.typing = false;
            }
        }
        Pane::Activity => {
            model.activity.filter.typing = false;
            // Other programs may have written meanwhile.
            effects.extend(journal::search(model));
        }
        Pane::Inbox => {
            model.inbox.filter.typing = false;
            model.inbox.show_news();
        }
        Pane::Messages => messages::leave_search(model),
        Pane::Invite | Pane::Icon => {}
    }
    effects
}

/// One step out: a notice, then marks, then the filter, then the pane. Never the program.
fn back(model: &mut Model) -> Effects {
    if model.toasts.dismiss(model.size.notices()) {
        return Effects::none();
    }
    match model.pane {
        Pane::Members => {
            if let Some(slot) = model.selected()
                && let Some(people) = model.people.get_mut(&slot)
            {
                if people.rows.clear_marks() {
                    return Effects::none();
                }
                if people.filter.is_active() {
                    people.filter.input.clear();
                    refresh_people(model, slot);
                    return Effects::none();
                }
            }
            modes::beside_or_home(model);
        }
        Pane::Activity if model.activity.filter.is_active() => {
            model.activity.filter.input.clear();
            return journal::search(model);
        }
        Pane::Inbox if model.inbox.fold() => {}
        Pane::Inbox if model.inbox.filter.is_active() => model.inbox.filter.input.clear(),
        Pane::Messages => {
            if !messages::end_search(model) {
                modes::beside_or_home(model);
            }
        }
        Pane::Invite | Pane::Icon | Pane::Activity | Pane::Inbox => modes::beside_or_home(model),
        Pane::Groups => {
            if model.list.rows.clear_marks() {
                return Effects::none();
            }
            if model.list.filter.is_active() {
                model.list.filter.input.clear();
                model.list.refilter(&model.groups);
                return Effects::none();
            }
            modes::beside_or_home(model);
        }
    }
    Effects::none()
}

fn refresh(model: &mut Model) -> Effects {
    match (model.pane, model.selected()) {
        (Pane::Activity, _) => return activity::retry(model),
        (Pane::Inbox, _) => return inbox::refresh(model),
        (Pane::Groups, slot) => {
            reads::want(model, Read::Index);
            if let Some(slot) = slot {
                reads::want(model, Read::Details(slot));
            }
        }
        (Pane::Members, Some(slot)) => reads::want(model, Read::Details(slot)),
        (Pane::Invite, Some(slot)) => reads::want(model, Read::Invite(slot)),
        (Pane::Icon, Some(slot)) => {
            model.groups.at_mut(slot).picture.forget();
            reads::want(model, Read::Icon(slot));
        }
        (Pane::Messages, Some(slot)) => {
            let id = model.groups.at(slot).id.clone();
            return messages::read_history(model, &id).and(received::look_again(model, &id));
        }
        (Pane::Members | Pane::Invite | Pane::Icon | Pane::Messages, None) => {}
    }
    Effects::none()
}

/// `q`: the program ends, unless a change would be left without a witness.
pub(super) fn quit(model: &mut Model) -> Effects {
    let lines = accounts::left_behind(model, "quit");
    if lines.is_empty() {
        exit(model)
    } else {
        ask::quit(model, lines)
    }
}

/// Ends the program; what was written and has not left goes back into its draft.
pub(super) fn exit(model: &mut Model) -> Effects {
    messages::farewell(model).and(Effects::one(Effect::Exit(Exit::Quit)))
}

fn interrupt(model: &mut Model) -> Effects {
    quit(model)
}

/// Rows on a page, or half of it.
fn page(model: &Model, part: usize) -> isize {
    let rows = match model.pane {
        Pane::Groups | Pane::Invite | Pane::Icon => model.size.group_rows(),
        Pane::Members => model.size.member_rows(),
        Pane::Messages => model.size.message_rows(),
        Pane::Activity => model.size.activity_rows(),
        Pane::Inbox if model.inbox.whole().is_some() => model.size.whole_rows(),
        Pane::Inbox => model.size.inbox_rows(),
    };
    isize::try_from((rows / part).max(1)).unwrap_or(1)
}

/// Moves the cursor of the pane by so many rows.
pub(super) fn step(model: &mut Model, by: isize) -> Effects {
    match model.pane {
        Pane::Members => {
            if let Some(people) = people_mut(model) {
                move_rows(&mut people.rows, by);
            }
        }
        // Beside the list, the code follows the list; on a screen of its own it stays.
        Pane::Invite if model.size.layout() != Layout::TwoWithCard || model.is_alone() => {}
        Pane::Icon if model.is_alone() => {}
        Pane::Groups | Pane::Invite | Pane::Icon => move_rows(&mut model.list.rows, by),
        Pane::Messages => return messages::step(model, by),
        Pane::Activity => {
            let row = model.activity.row().saturating_add_signed(by);
            model.activity.move_to(row);
        }
        Pane::Inbox => inbox::step(model, by),
    }
    Effects::none()
}

fn move_rows<T: Ord + Clone>(rows: &mut Rows<T>, by: isize) {
    let row = if by == isize::MIN {
        0
    } else {
        rows.row().saturating_add_signed(by)
    };
    rows.move_to(row);
}

pub(super) fn people_mut(model: &mut Model) -> Option<&mut super::super::people::People> {
    let slot = model.selected()?;
    model.people.get_mut(&slot)
}

/// The file of contacts was read, or cannot be.
pub(super) fn contacts_read(model: &mut Model, read: Result<(Contacts, Vec<String>), String>) {
    let wrong = match read {
        Ok((contacts, wrong)) => {
            model.contacts = contacts;
            find::renamed(model);
            // A filter may look for a name.
            if let Some(slot) = model.selected() {
                refresh_people(model, slot);
            }
            wrong
        }
        Err(why) => vec![why],
    };
    if !wrong.is_empty() {
        model.tell(Level::Warning, "Contacts", wrong);
    }
}

/// Lists the members of a group anew, after they or the own number changed.
pub(super) fn refresh_people(model: &mut Model, slot: Slot) {
    let own = model.own().cloned();
    let roster = model.groups.at(slot).roster();
    // Rosters are listed when they are looked at, not when they arrive.
    let wanted = model.people.contains_key(&slot) || model.list.current() == Some(slot);
    if wanted {
        let shown = model.people.entry(slot).or_default();
        // Whom we are removing ourselves is no news.
        let ours: Vec<WaId> = shown
            .rows
            .marks()
            .iter()
            .filter(|id| roster.is_some_and(|roster| roster.role(id).is_none()))
            .filter(|id| model.groups.outbox(slot).is_removing(id))
            .cloned()
            .collect();
        for id in &ours {
            shown.rows.unmark(id);
        }
        let lost = shown.refresh(roster, own.as_ref(), &model.contacts);
        if lost > 0 {
            let people = if lost == 1 {
                "1 marked member".to_owned()
            } else {
                format!("{lost} marked members")
            };
            model.tell(
                Level::Hint,
                format!("{people} left the group meanwhile"),
                vec![],
            );
        }
    }
}

fn filter(model: &mut Model) {
    match model.pane {
        Pane::Groups => model.list.filter.typing = true,
        Pane::Members => {
            if let Some(people) = people_mut(model) {
                people.filter.typing = true;
            }
        }
        Pane::Activity => model.activity.filter.typing = true,
        Pane::Inbox => {
            model.inbox.fold();
            model.inbox.filter.typing = true;
        }
        Pane::Invite | Pane::Icon | Pane::Messages => {}
    }
}

fn copy_link(model: &mut Model, form: LinkForm) -> Effects {
    model
        .selected()
        .map_or_else(Effects::none, |slot| copy::copy_link(model, slot, form))
}

fn link(model: &Model) -> Option<String> {
    model.group()?.invite.value()?.url().map(str::to_owned)
}

fn new_group(model: &mut Model) {
    let typed = model.unsent_subject.take().unwrap_or_default();
    model.dialog = Some(Dialog::Create(SubjectForm {
        input: TextInput::proposing(&typed),
        before: None,
        copy_link: Tick::On,
        focus: Focus::Field(0),
        state: FormState::Open,
        tried: false,
    }));
}

fn rename(model: &mut Model) {
    let Some(group) = model.group() else { return };
    // As it was written, so that nothing of it is lost; what no field can hold is made safe.
    let subject = group
        .details
        .value()
        .and_then(|details| details.subject.as_ref());
    let before = subject
        .filter(|subject| !subject.is_blank())
        .map(|subject| {
            let raw = subject.raw();
            let plain = !raw.chars().any(char::is_control);
            if plain {
                raw.to_owned()
            } else {
                subject.as_str().to_owned()
            }
        });
    let form = SubjectForm {
        input: TextInput::proposing(before.as_deref().unwrap_or_default()),
        before,
        copy_link: Tick::Absent,
        focus: Focus::Field(0),
        state: FormState::Open,
        tried: false,
    };
    model.dialog = Some(Dialog::Rename(group.id.clone(), form));
}

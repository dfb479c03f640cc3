//! Changes: started one after another for each group, followed to the truth, and reported.

mod held;
mod leaving;

use std::collections::HashSet;

use crate::app::changes::{Awaiting, Change, Ending, IconVerb, Next, Report};
use crate::app::creation::{Creation, Found};
use crate::app::dialog::{Dialog, FormState};
use crate::app::effect::{Call, Effects};
use crate::app::groups::Slot;
use crate::app::line::Line;
use crate::app::model::{CopyWish, Inverse, LinkForm, Model, Pane, Read};
use crate::app::outcome::{self, Fate};
use crate::app::toasts::Level;
use crate::domain::journal::End;
use crate::domain::{
    Failure, GroupId, MemberOutcome, MemberVerb, Mutation, Operation, Outcome, Subject,
};
use crate::keymap::Action;

use super::copy::capital;
use super::{actions, copy, dialogs, reads, undo};

use held::send;
use leaving::leave_on;
pub(super) use {held::release, leaving::leave};

/// Most names in one notice; the rest is a number.
pub(super) const MOST_NAMES: usize = 4;

/// After one look that does not show the change: a late server may still carry it out.
fn not_seen(model: &Model) -> String {
    let again = model.way_to(Action::Refresh);
    format!("Not seen so far, it may still happen: press {again} to look again.")
}

/// Puts a confirmed change in line and starts it when nothing else runs in that group.
pub(super) fn submit(model: &mut Model, id: &GroupId, mutation: Mutation) -> Effects {
    let Some(slot) = model.groups.slot(id) else {
        model.tell(
            Level::Error,
            "Nothing was sent",
            vec!["This group is no longer in the list.".into()],
        );
        if matches!(dialogs::interrupted(model), Some(Dialog::Rename(group, _)) if group == id) {
            dialogs::close_interrupted(model);
        }
        return Effects::none();
    };
    model.groups.outbox_mut(slot).push(mutation);
    start_next(model, slot)
}

fn start_next(model: &mut Model, slot: Slot) -> Effects {
    let Some(mutation) = model.groups.outbox_mut(slot).take_next() else {
        return Effects::none();
    };
    let group = model.groups.at_mut(slot);
    if matches!(mutation, Mutation::Members(..)) {
        group.report = None;
    }
    let Some((change, next)) = Change::start(&mutation, group) else {
        return start_next(model, slot);
    };
    model.groups.outbox_mut(slot).begin(change);
    go_on(model, slot, next)
}

/// Does what a change needs next.
pub(super) fn go_on(model: &mut Model, slot: Slot, next: Next) -> Effects {
    match next {
        Next::Send(call) => {
            let outbox = model.groups.outbox_mut(slot);
            outbox.wait(Awaiting::Reply);
            if model.line == Line::SignedOut {
                let unsent = outbox.waiting_for(Awaiting::Reply);
                let next = unsent.map(|change| change.replied(Err(not_connected())));
                form_replied(model, slot, &call, &Err(not_connected()));
                return next.map_or_else(Effects::none, |next| go_on(model, slot, next));
            }
            send(model, call)
        }
        Next::ReadDetails => {
            model.groups.outbox_mut(slot).wait(Awaiting::Details);
            // A read that left before the change tells nothing about it.
            reads::want_anew(model, Read::Details(slot))
        }
        Next::ReadIcon => {
            model.groups.outbox_mut(slot).wait(Awaiting::Icon);
            reads::want_anew(model, Read::Icon(slot))
        }
        Next::ReadInvite => {
            model.groups.outbox_mut(slot).wait(Awaiting::Invite);
            // Whatever was known is dead, or at least doubtful.
            model.groups.at_mut(slot).invite.forget();
            reads::want_anew(model, Read::Invite(slot))
        }
        Next::Finished(ending) => {
            let inverse = model
                .groups
                .outbox(slot)
                .current()
                .and_then(|c| c.inverse(&ending));
            model.groups.outbox_mut(slot).end();
            let kept_link = matches!(ending, Ending::InviteReset(Outcome::NotApplied(_)));
            let id = model.groups.at(slot).id.clone();
            let settled = model.journal.ended(&id, &ending, &model.flying);
            finished(model, slot, ending);
            if let Some(inverse) = inverse {
                undo::offer(model, slot, Inverse::Change(inverse));
            }
            let effects = settled.and(start_next(model, slot));
            if kept_link {
                effects.and(copy::not_reset(model, slot))
            } else {
                effects
            }
        }
    }
}

/// Why nothing leaves while the account is refused.
pub(super) fn not_connected() -> Failure {
    Failure::refused("your account is not connected")
}

/// The reply to a change of an existing group.
pub(super) fn replied(
    model: &mut Model,
    id: &GroupId,
    call: &Call,
    result: Result<(), Failure>,
) -> Effects {
    if matches!(call, Call::Leave(_)) {
        model.leaving.replied(result);
        return leave_on(model);
    }
    let Some(slot) = model.groups.slot(id) else {
        return Effects::none();
    };
    form_replied(model, slot, call, &result);
    let next = model
        .groups
        .waiting_for(slot, Awaiting::Reply)
        .map(|change| change.replied(result));
    next.map_or_else(Effects::none, |next| go_on(model, slot, next))
}

/// The form waits for the reply to what was typed in it: accepted closes it, a refusal is shown in
/// it. It may have been closed and opened again meanwhile, so the reply to another text is not its
/// own.
fn form_replied(model: &mut Model, slot: Slot, call: &Call, result: &Result<(), Failure>) {
    let mutation = match call {
        Call::Rename(_, subject) => Mutation::Rename(subject.clone()),
        Call::SetIcon(_, file) => Mutation::SetIcon(file.clone()),
        Call::Index
        | Call::Details(_)
        | Call::Invite(_)
        | Call::Create(_)
        | Call::Members(..)
        | Call::ResetInvite(_)
        | Call::Icon(_)
        | Call::Picture(..)
        | Call::RemoveIcon(_)
        | Call::Send(_)
        | Call::SendInvitation(..)
        | Call::Leave(_)
        | Call::TestAccount(_) => return,
    };
    // The same once more waits for its turn: the form belongs to that one.
    if model.groups.outbox(slot).is_waiting(&mutation) {
        return;
    }
    let id = model.groups.at(slot).id.clone();
    let Some(state) = dialogs::form_sending(model, &id, &mutation) else {
        return;
    };
    let fate = outcome::of_change(call.operation(), result.as_ref().copied());
    match (fate, result) {
        (Fate::NotApplied, Err(why)) => *state = FormState::Refused(why.clone()),
        (Fate::NotApplied | Fate::Claimed | Fate::Contested | Fate::InDoubt, _) => {
            dialogs::close_interrupted(model);
        }
    }
}

/// Whether the form that was sent is still open and says itself that it was refused.
fn form_says(model: &mut Model, slot: Slot, subject: Option<&Subject>, why: &Failure) -> bool {
    let id = model.groups.at(slot).id.clone();
    let state = match (dialogs::interrupted(model), subject) {
        (Some(Dialog::Rename(group, form)), Some(subject))
            if *group == id && form.subject().as_ref() == Ok(subject) =>
        {
            &form.state
        }
        (Some(Dialog::PickIcon(group, form)), None) if *group == id => &form.state,
        (Some(_) | None, _) => return false,
    };
    matches!(state, FormState::Refused(shown) if shown == why)
}

fn finished(model: &mut Model, slot: Slot, ending: Ending) {
    let name = model.groups.at(slot).name();
    match ending {
        Ending::Renamed(subject, outcome) => match outcome {
            Outcome::Applied => model.tell(Level::Done, format!("Renamed to {subject}"), vec![]),
            Outcome::NotApplied(why) => {
                if !form_says(model, slot, Some(&subject), &why) {
                    let lines = vec![
                        format!("{name} kept its name, “{subject}” was not taken."),
                        sentence(&why),
                    ];
                    model.tell(Level::Error, "Rename failed", lines);
                }
            }
            Outcome::Unknown(why) => {
                model.tell(
                    Level::Warning,
                    format!("Rename to {subject} is not confirmed"),
                    vec![sentence(&why), not_seen(model)],
                );
            }
        },
        Ending::InviteReset(outcome) => match outcome {
            Outcome::Applied => {
                let link = model.groups.at(slot).invite.value().is_some();
                let lines = if link {
                    vec!["The old link no longer works.".into()]
                } else {
                    let again = model.way_to(Action::Refresh);
                    vec![format!(
                        "The old link no longer works. The new one could not be read yet: press {again}."
                    )]
                };
                model.tell(Level::Done, format!("Invite link of {name} reset"), lines);
                model.copied = None;
            }
            Outcome::NotApplied(why) => {
                let lines = vec![
                    format!("The old link of {name} still works."),
                    sentence(&why),
                ];
                model.tell(Level::Error, "Link not reset", lines);
            }
            Outcome::Unknown(why) => {
                let lines = vec![
                    sentence(&why),
                    not_seen(model),
                    "The link may or may not be a new one. Nothing was sent twice.".into(),
                ];
                model.tell(
                    Level::Warning,
                    format!("Reset of {name} is not confirmed"),
                    lines,
                );
            }
        },
        Ending::IconChanged(verb, outcome) => icon_changed(model, slot, &name, verb, outcome),
        Ending::Members(report) => members_done(model, slot, &name, report),
    }
}

fn icon_changed(model: &mut Model, slot: Slot, name: &str, verb: IconVerb, outcome: Outcome) {
    let (done, action) = match verb {
        IconVerb::Set => ("set", "Icon not set"),
        IconVerb::Remove => ("removed", "Icon not removed"),
    };
    match outcome {
        Outcome::Applied => model.tell(Level::Done, format!("Icon of {name} {done}"), vec![]),
        Outcome::NotApplied(why) => {
            if !form_says(model, slot, None, &why) {
                let lines = vec![format!("{name} kept its icon."), sentence(&why)];
                model.tell(Level::Error, action, lines);
            }
        }
        Outcome::Unknown(why) => {
            let title = format!("Icon of {name}: not confirmed");
            model.tell(Level::Warning, title, vec![sentence(&why), not_seen(model)]);
        }
    }
}

fn members_done(model: &mut Model, slot: Slot, name: &str, report: Report) {
    let (good, all) = (report.good(), report.results.len());
    if let Some(people) = model.people.get_mut(&slot) {
        // What is done loses its mark; what failed keeps it, so that one key takes it up again.
        for (id, outcome) in &report.results {
            if outcome.is_good() {
                people.rows.unmark(id);
            }
        }
    }
    let people = |n: usize| {
        if n == 1 {
            "1 member".to_owned()
        } else {
            format!("{n} members")
        }
    };
    let done = report.verb.done();
    if good == all {
        let already = report
            .results
            .iter()
            .all(|(_, o)| *o == MemberOutcome::AlreadySo);
        let title = match report.results.as_slice() {
            [(one, _)] if already => format!("{} was {done} already", one.pretty()),
            [(one, _)] => format!("{} {done}", one.pretty()),
            _ => format!("{} {done}", people(good)),
        };
        model.tell(Level::Done, title, vec![format!("in {name}")]);
    } else {
        let mut lines = vec![format!("In {name}:")];
        for (id, outcome) in report.bad().take(MOST_NAMES) {
            lines.push(format!("{}  {}", id.pretty(), describe(outcome)));
        }
        if all - good > MOST_NAMES {
            lines.push(format!(
                "and {} more, marked in the list",
                all - good - MOST_NAMES
            ));
        }
        let unknown = report
            .bad()
            .any(|(_, o)| matches!(o, MemberOutcome::NotConfirmed(_)));
        let level = if unknown {
            Level::Warning
        } else {
            Level::Error
        };
        let title = match (all, unknown) {
            (1, true) => format!("{} is not confirmed", naming(report.verb)),
            (1, false) => format!("Not {done}"),
            (_, _) => format!("{good} of {all} {done}"),
        };
        model.tell(level, title, lines);
    }
    model.groups.at_mut(slot).report = Some(Box::new(report));
    actions::refresh_people(model, slot);
}

/// What is done to somebody, at the beginning of a title.
fn naming(verb: MemberVerb) -> &'static str {
    match verb {
        MemberVerb::Promote => "Promotion",
        MemberVerb::Demote => "Demotion",
        MemberVerb::Remove => "Removal",
    }
}

/// A result for one person, in words.
pub(super) fn describe(outcome: &MemberOutcome) -> String {
    match outcome {
        MemberOutcome::Done => "done".into(),
        MemberOutcome::AlreadySo => "already so".into(),
        MemberOutcome::Refused(why) => format!("refused: {}", why.why()),
        MemberOutcome::NotConfirmed(None) => "accepted, but reading again does not show it".into(),
        MemberOutcome::NotConfirmed(Some(why)) => format!("not confirmed: {}", why.why()),
        MemberOutcome::NotSent(why) => format!("not sent: {}", why.why()),
    }
}

/// A failure as a sentence of a notice.
pub(super) fn sentence(why: &Failure) -> String {
    format!("{}.", capital(&why.why()))
}

/// The list of groups was read for good, or could not be: whoever waited for it goes on.
pub(super) fn listed(model: &mut Model, list: Result<&[GroupId], &Failure>) -> Effects {
    let mut effects = Effects::none();
    if model.leaving.next_is_list() {
        model.leaving.listed(list);
        effects.extend(leave_on(model));
    }
    if let Some(creation) = &mut model.creation
        && creation.is_searching()
    {
        match list {
            Ok(ids) => {
                for id in creation.listed(ids) {
                    if let Some(slot) = model.groups.slot(&id) {
                        effects.extend(reads::want_anew(model, Read::Details(slot)));
                    }
                }
            }
            Err(_) => {
                if let Some(why) = creation.unreadable() {
                    let subject = model.creation.take().map(|c| c.subject.to_string());
                    model.doubted_subject = subject;
                    effects.extend(creation_unclear(model, &why));
                }
            }
        }
    }
    effects.and(search_on(model))
}

/// Creates a group.
pub(super) fn create(model: &mut Model, subject: Subject, copy_link: bool) -> Effects {
    let ids = || model.groups.iter().map(|(_, group)| group.id.clone());
    let known = model.groups.index.known().is_some();
    let before: Option<HashSet<GroupId>> = known.then(|| ids().collect());
    model.creation = Some(Creation::new(subject.clone(), copy_link, before));
    send(model, Call::Create(subject))
}

/// The reply to a creation.
pub(super) fn created(model: &mut Model, result: Result<GroupId, Failure>) -> Effects {
    let fate = outcome::of_change(Operation::CreateGroup, result.as_ref().map(|_| ()));
    match result {
        Ok(id) => adopt(model, id),
        Err(why) if fate == Fate::InDoubt => {
            if let Some(creation) = &mut model.creation {
                creation.search(why);
            }
            let effects = reads::want_anew(model, Read::Index);
            effects.and(search_on(model))
        }
        Err(why) => {
            let settled = model.journal.created(&End::NotApplied(why.why()));
            let subject = model.creation.take().map(|creation| creation.subject);
            if let Some(Dialog::Create(form)) = dialogs::interrupted(model) {
                form.state = FormState::Refused(why);
            } else {
                model.unsent_subject = subject.map(|subject| subject.to_string());
                let lines = vec![
                    sentence(&why),
                    format!(
                        "Press {}: what you typed is still there.",
                        model.way_to(Action::NewGroup)
                    ),
                ];
                model.tell(Level::Error, "Group not created", lines);
            }
            settled
        }
    }
}

/// Looks whether the search for a group that may have been created has come to an end.
pub(super) fn search_on(model: &mut Model) -> Effects {
    let Some(creation) = model.creation.as_ref().filter(|c| c.is_searching()) else {
        return Effects::none();
    };
    match creation.found() {
        Found::Searching => Effects::none(),
        Found::One(id) => adopt(model, id),
        Found::None(why) => {
            let settled = model.journal.created(&End::Unknown(why.why()));
            let subject = model
                .creation
                .take()
                .map(|creation| creation.subject.to_string());
            model.doubted_subject.clone_from(&subject);
            let again = model.way_to(Action::RefreshAll);
            if let Some(Dialog::Create(form)) = dialogs::interrupted(model) {
                let why = format!(
                    "{}; the new group is not seen so far: esc, then {again} looks again",
                    why.why()
                );
                form.state = FormState::Refused(Failure::refused(&why));
            } else {
                model.unsent_subject = subject;
                let lines = vec![
                    sentence(&why),
                    format!("Not seen so far, it may still appear: press {again} to look again."),
                ];
                model.tell(Level::Warning, "Creation is not confirmed", lines);
            }
            settled
        }
        Found::Unclear(why) => {
            let subject = model.creation.take().map(|c| c.subject.to_string());
            model.doubted_subject = subject;
            creation_unclear(model, &why)
        }
    }
}

fn creation_unclear(model: &mut Model, why: &Failure) -> Effects {
    if matches!(dialogs::interrupted(model), Some(Dialog::Create(_))) {
        dialogs::close_interrupted(model);
    }
    let lines = vec![
        sentence(why),
        "The group may have been created. Refresh the list before you try again.".into(),
    ];
    model.tell(Level::Warning, "Creation is not confirmed", lines);
    model.journal.created(&End::Unknown(why.why()))
}

/// The new group is known: it is listed, chosen, read, and its link copied if that was asked for.
fn adopt(model: &mut Model, id: GroupId) -> Effects {
    let Some(creation) = model.creation.take() else {
        return Effects::none();
    };
    if matches!(dialogs::interrupted(model), Some(Dialog::Create(_))) {
        dialogs::close_interrupted(model);
    }
    model.unsent_subject = None;
    let settled = model.journal.created(&End::Applied);
    let (slot, new) = model.groups.insert(id);
    if new {
        model.list.place(&model.groups, slot);
    }
    let effects = if model.groups.index.is_loading() {
        // A list that left before would take the new group off again.
        reads::want_anew(model, Read::Index)
    } else {
        Effects::none()
    };
    model.list.select(&model.groups, slot);
    if model.pane == Pane::Activity {
        model.pane = Pane::Groups;
    }
    model.tell(Level::Done, format!("Created {}", creation.subject), vec![]);
    if creation.copy_link {
        let since = model.now;
        model.copy_wish = Some(CopyWish {
            slot,
            form: LinkForm::Bare,
            since,
        });
        reads::want(model, Read::Invite(slot));
    }
    reads::want(model, Read::Details(slot));
    settled.and(effects)
}

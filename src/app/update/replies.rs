//! Answers: who waits for them, what they say about the connection, and where they go.
//!
//! A reply goes nowhere unless its ticket is still waited for.

use crate::app::changes::Awaiting;
use crate::app::doubts::Evidence;
use crate::app::effect::{Call, Effects};
use crate::app::groups::{GroupState, Slot};
use crate::app::line::{Line, Verdict, judge};
use crate::app::model::{Model, Origin, Pane, Read, Retry};
use crate::app::msg::Reply;
use crate::app::remote::Ticket;
use crate::app::toasts::Level;
use crate::domain::{Exchange, Failure, FailureKind, GroupDetails, GroupId, InviteLink, Sent};

use super::{
    actions, changes, connect, copy, dialogs, icon, invitations, journal, messages, reads, recall,
    received,
};

/// An answer came.
pub(super) fn settled(
    model: &mut Model,
    ticket: Ticket,
    reply: Reply,
    exchange: Exchange,
) -> Effects {
    // A ticket that nobody waits for: superseded or cancelled.
    let Some(flying) = model.flying.remove(&ticket) else {
        return Effects::none();
    };
    if flying.origin == Origin::Behind {
        model.loading.answered(model.now);
    }
    let note = received::note_provider_id(&reply);
    let was_out = model.line == Line::SignedOut;
    let failure = reply.failure().cloned();
    let read = Read::of(model, &flying.call);
    let mut verdict = Verdict::GiveUp;
    match &failure {
        Some(why) => {
            let random = model.random.f64();
            // Whether somebody else's token is good says nothing about ours.
            let mut other = Line::Online;
            // Nor does the host of the pictures say anything about that of the API.
            let elsewhere = matches!(reply, Reply::Tested(_) | Reply::Picture(..));
            let line = if elsewhere {
                &mut other
            } else {
                &mut model.line
            };
            let slowed = matches!(why.kind, FailureKind::RateLimited(_));
            if why.sent != Sent::Never && !slowed {
                // Whatever became of it, there was a connection.
                line.answered(model.now);
            }
            let operation = flying.call.operation();
            let judged = judge(line, operation, why, flying.try_number, random, model.now);
            if !elsewhere && slowed {
                model.pacer.slow_down(model.now);
            }
            if read.is_some() && !elsewhere {
                verdict = judged;
            }
            let paid = waits_with_line(why, flying.origin) || verdict == Verdict::GiveUp;
            if !paid && !model.budget.spend(why) {
                verdict = Verdict::GiveUp;
            }
        }
        None if matches!(reply, Reply::Tested(_) | Reply::Picture(..)) => {}
        None => {
            model.line.answered(model.now);
            model.budget.earn();
        }
    }
    let retry_in = if let Verdict::Retry(pause) = verdict {
        Some(pause)
    } else {
        None
    };
    model
        .activity
        .end(ticket, exchange, failure.clone(), retry_in);
    if let (Some(pause), Some(read), Some(why)) = (retry_in, read, failure) {
        let retry = Retry {
            tries: flying.try_number,
            at: model.now.after(pause),
            origin: flying.origin,
        };
        let tries = if waits_with_line(&why, flying.origin) {
            retry.tries.saturating_sub(1)
        } else {
            retry.tries
        };
        wait(model, &read, why);
        model.retries.insert(read, Retry { tries, ..retry });
        return Effects::none();
    }
    // Before the reply goes anywhere: what waits its turn behind a change is dropped, not started.
    let effects = if model.line == Line::SignedOut && !was_out {
        connect::sign_out(model)
    } else {
        Effects::none()
    };
    effects.and(note).and(match reply {
        Reply::Index(result) => index_read(model, ticket, result),
        Reply::Details(id, result) => details_read(model, ticket, &id, &result),
        Reply::Invite(id, result) => invite_read(model, ticket, &id, &result),
        Reply::Icon(id, result) => icon::read(model, ticket, &id, result),
        Reply::Picture(id, result) => {
            icon::picture_read(model, ticket, &id, result);
            Effects::none()
        }
        Reply::Created(_, result) => changes::created(model, result),
        Reply::Changed(id, result) => {
            let settled = journal::replied(model, ticket, &flying.call, &result);
            settled.and(changes::replied(model, &id, &flying.call, result))
        }
        Reply::Sent(name, result) => {
            let result = received::confirmed(model, &name, result);
            let settled = journal::sent(model, ticket, &result);
            if matches!(flying.call, Call::SendInvitation(..)) {
                invitations::replied(model, &name, &result);
                settled
            } else {
                settled.and(messages::replied(model, &name, &result))
            }
        }
        Reply::Tested(result) => connect::tested(model, flying.call, result),
    })
}

/// Whether a read that failed waits with the line, which has a measure of its own: being offline is
/// no fault of the read, nor is being slowed down where nobody waits for it. Such tries do not count.
fn waits_with_line(why: &Failure, origin: Origin) -> bool {
    let slowed = matches!(why.kind, FailureKind::RateLimited(_));
    why.is_offline() || slowed && origin == Origin::Behind
}

fn wait(model: &mut Model, read: &Read, why: Failure) {
    match read {
        Read::Index => model.groups.index.wait(why),
        Read::Details(slot) => model.groups.at_mut(*slot).details.wait(why),
        Read::Invite(slot) => model.groups.at_mut(*slot).invite.wait(why),
        Read::Icon(slot) => model.groups.at_mut(*slot).icon.wait(why),
        Read::Picture(slot) => model.groups.at_mut(*slot).picture.wait(why),
    }
}

/// A refused token says nothing about the group: whoever waits for the truth goes on waiting, and
/// it is read after reconnecting.
fn is_refused_token(why: &Failure) -> bool {
    why.kind == FailureKind::Unauthorized
}

fn index_read(model: &mut Model, ticket: Ticket, result: Result<Vec<GroupId>, Failure>) -> Effects {
    if model.groups.index.ticket() != Some(ticket) {
        return Effects::none();
    }
    let now = model.now;
    let ids = match result {
        Ok(ids) => ids,
        Err(why) => {
            let known = model.groups.listed_at().is_some();
            if known && model.line != Line::SignedOut {
                model.tell(
                    Level::Error,
                    "The list could not be refreshed",
                    vec![why.why(), why.next().to_owned()],
                );
            }
            model.groups.index.settle(ticket, Err(why.clone()), now);
            if is_refused_token(&why) {
                return Effects::none();
            }
            // What is known of the list is what there is to read.
            reads::fill_in(model);
            return changes::listed(model, Err(&why));
        }
    };
    model.groups.index.settle(ticket, Ok(()), now);
    let first = model.groups.count() == 0;
    let (came, went) = model.groups.replace(ids.clone());
    let kept = recall::listed(model, &came, &went);
    let is_chosen_gone = model.selected().is_some_and(|slot| went.contains(&slot));
    let lost_marks = model.list.remove(&model.groups, &went);
    if is_chosen_gone && model.pane == Pane::Messages && model.messages.composing().is_none() {
        // Its neighbour is not to be answered instead of it.
        model.pane = Pane::Groups;
    }
    for slot in &went {
        model.people.remove(slot);
    }
    reads::forget(model, &went);
    dialogs::unlock_if_gone(model);
    if first || came.len() > 8 {
        model.list.rebuild(&model.groups);
    } else {
        for slot in &came {
            model.list.place(&model.groups, *slot);
        }
    }
    reads::fill_in(model);
    tell_gone(model, &went, lost_marks);
    kept.and(changes::listed(model, Ok(&ids)))
        .and(journal::listed(model))
}

/// Says which groups are no longer listed, except those that are being left.
fn tell_gone(model: &mut Model, went: &[Slot], lost_marks: usize) {
    let mine: Vec<(Slot, &GroupState)> = went
        .iter()
        .map(|slot| (*slot, model.groups.at(*slot)))
        .filter(|(_, group)| !model.leaving.concerns(&group.id))
        .collect();
    let Some((_, one)) = mine.first() else { return };
    let rest = match mine.len() {
        1 => String::new(),
        more => format!(" and {} more", more - 1),
    };
    let title = format!("No longer in your list: {}{rest}", one.name());
    let mut lines = Vec::new();
    if lost_marks > 0 {
        lines.push("Their marks are gone too.".to_owned());
    }
    let uncertain: Vec<String> = mine
        .iter()
        .filter(|(slot, _)| !model.groups.outbox(*slot).is_idle())
        .map(|(_, group)| group.name())
        .collect();
    let level = if uncertain.is_empty() {
        Level::Hint
    } else {
        let names = uncertain.join(", ");
        lines.push(format!(
            "{names}: a change to it was on its way, its end is not known."
        ));
        Level::Warning
    };
    model.tell(level, title, lines);
}

fn details_read(
    model: &mut Model,
    ticket: Ticket,
    id: &GroupId,
    result: &Result<GroupDetails, Failure>,
) -> Effects {
    let Some(slot) = model.groups.slot(id) else {
        return Effects::none();
    };
    if model.groups.at(slot).details.ticket() != Some(ticket) {
        return Effects::none();
    }
    let now = model.now;
    match result {
        Ok(details) => {
            let own_before = model.own().cloned();
            model.list.lift(&model.groups, slot);
            model.groups.set_details(slot, details.clone(), now);
            // What an earlier change came to is older than this; the change that is settled by
            // this very read reports afterwards.
            model.groups.at_mut(slot).report = None;
            model.list.place(&model.groups, slot);
            actions::refresh_people(model, slot);
            if model.own() != own_before.as_ref()
                && let Some(selected) = model.selected()
            {
                actions::refresh_people(model, selected);
            }
        }
        Err(why) => {
            model
                .groups
                .at_mut(slot)
                .details
                .settle(ticket, Err(why.clone()), now);
            if is_refused_token(why) {
                return Effects::none();
            }
        }
    }
    if let Some(creation) = &mut model.creation {
        creation.read(id, result.as_ref().ok());
    }
    let next = model
        .groups
        .waiting_for(slot, Awaiting::Details)
        .map(|change| change.details_read(result.as_ref()));
    let effects = next.map_or_else(Effects::none, |next| changes::go_on(model, slot, next));
    let effects = effects.and(changes::search_on(model));
    match result {
        Ok(details) => effects
            .and(recall::told(model, details))
            .and(journal::weigh(model, id, Evidence::Details(details))),
        Err(_) => effects,
    }
}

fn invite_read(
    model: &mut Model,
    ticket: Ticket,
    id: &GroupId,
    result: &Result<InviteLink, Failure>,
) -> Effects {
    let Some(slot) = model.groups.slot(id) else {
        return Effects::none();
    };
    let now = model.now;
    if !model
        .groups
        .at_mut(slot)
        .invite
        .settle(ticket, result.clone(), now)
    {
        return Effects::none();
    }
    let next = model
        .groups
        .waiting_for(slot, Awaiting::Invite)
        .filter(|_| !matches!(result, Err(why) if is_refused_token(why)))
        .map(|change| change.invite_read(result.as_ref()));
    let effects = next.map_or_else(Effects::none, |next| changes::go_on(model, slot, next));
    let effects = effects.and(copy::link_read(model, slot, result.as_ref()));
    match result {
        Ok(link) => effects.and(journal::weigh(model, id, Evidence::Invite(link))),
        Err(_) => effects,
    }
}

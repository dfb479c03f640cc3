//! Reading: what the user waits for first, then what is in view, then the rest, a few at a time.

use std::time::Duration;

use crate::app::changes::Awaiting;
use crate::app::effect::{Call, Effect, Effects};
use crate::app::groups::Slot;
use crate::app::line::{Line, Verdict, judge};
use crate::app::model::{Flying, Model, Origin, Pane, Read, Retry};
use crate::app::msg::Reply;
use crate::app::remote::Ticket;
use crate::app::toasts::Level;
use crate::domain::{Exchange, Failure, GroupDetails, GroupId, InviteLink, Millis};

use super::{actions, changes, connect, copy};

/// Requests that fill names in behind the list, at once.
const MAX_BEHIND: usize = 4;
/// Details older than this are read again when the cursor rests on the group.
const STALE: Duration = Duration::from_secs(60);

impl Read {
    fn call(&self, model: &Model) -> Call {
        match self {
            Self::Index => Call::Index,
            Self::Details(slot) => Call::Details(model.groups.at(*slot).id.clone()),
            Self::Invite(slot) => Call::Invite(model.groups.at(*slot).id.clone()),
        }
    }

    /// The read that a call carries out, if it is one.
    fn of(model: &Model, call: &Call) -> Option<Self> {
        match call {
            Call::Index => Some(Self::Index),
            Call::Details(id) => Some(Self::Details(model.groups.slot(id)?)),
            Call::Invite(id) => Some(Self::Invite(model.groups.slot(id)?)),
            Call::Create(_)
            | Call::Rename(..)
            | Call::Members(..)
            | Call::ResetInvite(_)
            | Call::Leave(_)
            | Call::TestAccount(_) => None,
        }
    }

    fn in_flight(&self, model: &Model) -> bool {
        match self {
            Self::Index => model.groups.index.ticket().is_some(),
            Self::Details(slot) => model.groups.at(*slot).details.ticket().is_some(),
            Self::Invite(slot) => model.groups.at(*slot).invite.ticket().is_some(),
        }
    }
}

/// Asks for something the user waits for; joins a request that is already in flight.
pub(super) fn want(model: &mut Model, read: Read) {
    if !read.in_flight(model) {
        want_anew(model, read);
    }
}

/// Asks again even when a request is in flight, because that one left before something changed.
pub(super) fn want_anew(model: &mut Model, read: Read) {
    model.retries.remove(&read);
    if let Line::Offline { next_try, .. } = &mut model.line {
        // The user asked: try at once.
        *next_try = model.now;
    }
    if !model.queue.contains(&read) {
        model.queue.push_back(read);
    }
}

/// The cursor came to rest: the chosen group is read if it is not known well enough.
pub(super) fn rested(model: &mut Model) {
    let Some(slot) = model.selected() else { return };
    let details = &model.groups.at(slot).details;
    let stale = details
        .known()
        .is_none_or(|known| model.age(known.as_of) > STALE);
    if stale && details.failure().is_none() && !details.is_loading() {
        want(model, Read::Details(slot));
    }
    if model.pane == Pane::Invite {
        want_link(model, slot);
    }
}

/// The Invite pane shows this group: its link is needed, unless it is known or failed.
pub(super) fn want_link(model: &mut Model, slot: Slot) {
    let invite = &model.groups.at(slot).invite;
    if invite.known().is_none() && invite.failure().is_none() && !invite.is_loading() {
        want(model, Read::Invite(slot));
    }
}

/// Everything is to be read again.
pub(super) fn want_all(model: &mut Model) {
    model.fresh_since = model.now;
    model.background = model.groups.iter().map(|(slot, _)| slot).collect();
    want(model, Read::Index);
    if let Some(slot) = model.selected() {
        want(model, Read::Details(slot));
    }
}

/// Starts what may leave now.
pub(super) fn load(model: &mut Model) -> Effects {
    let mut effects = Effects::none();
    if !model.line.is_open(model.now) {
        return effects;
    }
    let due: Vec<Read> = model
        .retries
        .iter()
        .filter(|(_, retry)| retry.at <= model.now)
        .map(|(read, _)| read.clone())
        .collect();
    // Without a connection one request at a time finds out whether it is back.
    let offline = matches!(model.line, Line::Offline { .. });
    while let Some(read) = model.queue.pop_front() {
        effects.extend(start(model, &read, Origin::User));
        if offline {
            break;
        }
    }
    for read in due {
        if offline && !model.flying.is_empty() {
            return effects;
        }
        let origin = model
            .retries
            .get(&read)
            .map_or(Origin::Behind, |retry| retry.origin);
        effects.extend(start(model, &read, origin));
    }
    if offline {
        return effects;
    }
    while behind(model) < MAX_BEHIND {
        let Some(slot) = next_behind(model) else {
            break;
        };
        if model.pacer.take(model.now).is_err() {
            model.background.push_front(slot);
            break;
        }
        effects.extend(start(model, &Read::Details(slot), Origin::Behind));
    }
    effects
}

/// When [`load`] has to be asked again although nothing happens, if at all.
pub(super) fn next_load(model: &mut Model) -> Option<Millis> {
    let opens = model.line.opens_at()?;
    let retry = model
        .retries
        .iter()
        .filter(|(read, _)| !read.in_flight(model))
        .map(|(_, retry)| retry.at)
        .min();
    let queued = (!model.queue.is_empty()).then_some(opens);
    let waiting = !model.background.is_empty() && behind(model) < MAX_BEHIND;
    // Only the pace or a closed line can hold the background back; look again soon.
    let paced = waiting.then(|| model.now.after(Duration::from_millis(250)));
    let wanted = [retry, queued, paced].into_iter().flatten().min()?;
    let at = wanted.max(opens);
    (at > model.now).then_some(at)
}

fn behind(model: &Model) -> usize {
    model
        .flying
        .values()
        .filter(|flying| flying.origin == Origin::Behind)
        .count()
}

/// The next group to read in the background: in view first, unless the list is being scrolled.
fn next_behind(model: &mut Model) -> Option<Slot> {
    if model.background.is_empty() {
        return None;
    }
    if model.moved_at.is_none() {
        let rows = model.size.group_rows();
        let in_view = model.list.rows.visible(rows).map(|(_, slot)| *slot);
        if let Some(slot) = in_view.into_iter().find(|slot| needs_reading(model, *slot)) {
            return Some(slot);
        }
    }
    while let Some(slot) = model.background.pop_front() {
        if needs_reading(model, slot) {
            return Some(slot);
        }
    }
    None
}

fn needs_reading(model: &Model, slot: Slot) -> bool {
    let group = model.groups.at(slot);
    model.groups.slot(&group.id) == Some(slot)
        && !group.details.is_loading()
        && group.details.failure().is_none()
        && group
            .details
            .known()
            .is_none_or(|known| known.as_of < model.fresh_since)
}

fn start(model: &mut Model, read: &Read, origin: Origin) -> Effects {
    let call = read.call(model);
    let try_number = model.retries.remove(read).map_or(0, |retry| retry.tries) + 1;
    let ticket = model.ticket();
    let superseded = match read {
        Read::Index => model.groups.index.begin(ticket),
        Read::Details(slot) => model.groups.at_mut(*slot).details.begin(ticket),
        Read::Invite(slot) => model.groups.at_mut(*slot).invite.begin(ticket),
    };
    let mut effects = superseded.map_or_else(Effects::none, |old| cancel(model, old));
    effects.extend(launch(model, ticket, call, origin, try_number));
    effects
}

/// Sends a request and takes note of it.
pub(super) fn launch(
    model: &mut Model,
    ticket: Ticket,
    call: Call,
    origin: Origin,
    try_number: u32,
) -> Effects {
    let since = model.now;
    model.activity.begin(call.clone(), ticket, since);
    model.flying.insert(
        ticket,
        Flying {
            call: call.clone(),
            since,
            origin,
            try_number,
        },
    );
    Effects::one(Effect::Call(ticket, call))
}

/// Stops waiting for a read.
pub(super) fn cancel(model: &mut Model, ticket: Ticket) -> Effects {
    model.flying.remove(&ticket);
    model.activity.cancel(ticket);
    Effects::one(Effect::Cancel(ticket))
}

/// Stops waiting for every read. Changes in flight are awaited.
pub(super) fn cancel_reads(model: &mut Model) -> Effects {
    model.queue.clear();
    model.retries.clear();
    let reads: Vec<(Ticket, Option<Read>)> = model
        .flying
        .iter()
        .filter(|(_, flying)| !flying.call.operation().is_change())
        .map(|(ticket, flying)| (*ticket, Read::of(model, &flying.call)))
        .collect();
    let mut effects = Effects::none();
    for (ticket, read) in reads {
        if let Some(read) = read {
            idle(model, &read);
        }
        effects.extend(cancel(model, ticket));
    }
    effects
}

/// The resource is no longer waited for.
pub(super) fn idle(model: &mut Model, read: &Read) {
    match read {
        Read::Index => model.groups.index.cancel(),
        Read::Details(slot) => model.groups.at_mut(*slot).details.cancel(),
        Read::Invite(slot) => model.groups.at_mut(*slot).invite.cancel(),
    }
}

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
    let failure = reply.failure().cloned();
    let read = Read::of(model, &flying.call);
    let mut verdict = Verdict::GiveUp;
    match &failure {
        Some(why) => {
            let random = model.random.f64();
            // Whether somebody else's token is good says nothing about ours.
            let mut other = Line::Online;
            let line = if matches!(reply, Reply::Tested(_)) {
                &mut other
            } else {
                &mut model.line
            };
            if why.sent == crate::domain::Sent::Answered {
                line.answered(model.now);
            }
            let judged = judge(line, why, flying.try_number, random, model.now);
            if read.is_some() {
                verdict = judged;
            }
        }
        None => model.line.answered(model.now),
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
        // Being offline or slowed down is no fault of the read: its tries do not count.
        let counts = !why.is_offline() && matches!(model.line, Line::Online);
        let tries = if counts {
            retry.tries
        } else {
            retry.tries.saturating_sub(1)
        };
        wait(model, &read, why);
        model.retries.insert(read, Retry { tries, ..retry });
        return Effects::none();
    }
    let signed_out = model.line == Line::SignedOut && !matches!(reply, Reply::Tested(_));
    let effects = match reply {
        Reply::Index(result) => index_read(model, ticket, result),
        Reply::Details(id, result) => details_read(model, ticket, &id, &result),
        Reply::Invite(id, result) => invite_read(model, ticket, &id, &result),
        Reply::Created(_, result) => changes::created(model, result),
        Reply::Changed(id, result) => changes::replied(model, &id, &flying.call, result),
        Reply::Tested(result) => connect::tested(model, flying.call, result),
    };
    if signed_out {
        effects.and(connect::sign_out(model))
    } else {
        effects
    }
}

fn wait(model: &mut Model, read: &Read, why: Failure) {
    match read {
        Read::Index => model.groups.index.wait(why),
        Read::Details(slot) => model.groups.at_mut(*slot).details.wait(why),
        Read::Invite(slot) => model.groups.at_mut(*slot).invite.wait(why),
    }
}

fn index_read(model: &mut Model, ticket: Ticket, result: Result<Vec<GroupId>, Failure>) -> Effects {
    if model.groups.index.ticket() != Some(ticket) {
        return Effects::none();
    }
    let now = model.now;
    let ids = match result {
        Ok(ids) => ids,
        Err(why) => {
            let known = model.groups.index.known().is_some();
            if known && model.line != Line::SignedOut {
                model.tell(
                    Level::Error,
                    "The list could not be refreshed",
                    vec![why.why(), why.next().to_owned()],
                );
            }
            model.groups.index.settle(ticket, Err(why.clone()), now);
            return changes::listed(model, Err(&why));
        }
    };
    model.groups.index.settle(ticket, Ok(()), now);
    let first = model.groups.count() == 0;
    let (came, went) = model.groups.replace(ids.clone());
    let lost_marks = model.list.remove(&model.groups, &went);
    for slot in &went {
        model.people.remove(slot);
    }
    if first || came.len() > 8 {
        model.list.rebuild(&model.groups);
    } else {
        for slot in &came {
            model.list.place(&model.groups, *slot);
        }
    }
    model.background.extend(came);
    let mine: Vec<String> = went
        .iter()
        .filter(|slot| !model.leaving.concerns(&model.groups.at(**slot).id))
        .map(|slot| model.groups.at(*slot).name())
        .collect();
    if let Some(one) = mine.first() {
        let rest = match mine.len() {
            1 => String::new(),
            more => format!(" and {} more", more - 1),
        };
        let marks = if lost_marks > 0 {
            vec!["Their marks are gone too.".to_owned()]
        } else {
            vec![]
        };
        model.tell(
            Level::Hint,
            format!("No longer in your list: {one}{rest}"),
            marks,
        );
    }
    changes::listed(model, Ok(&ids))
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
            model.groups.set_details(slot, details.clone(), now);
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
        }
    }
    if let Some(creation) = &mut model.creation {
        creation.read(id, result.as_ref().ok());
    }
    let next = model
        .groups
        .at_mut(slot)
        .outbox
        .waiting_for(Awaiting::Details)
        .map(|change| change.details_read(result.as_ref()));
    let effects = next.map_or_else(Effects::none, |next| changes::go_on(model, slot, next));
    effects.and(changes::search_on(model))
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
        .at_mut(slot)
        .outbox
        .waiting_for(Awaiting::Invite)
        .map(|change| change.invite_read(result.as_ref()));
    let effects = next.map_or_else(Effects::none, |next| changes::go_on(model, slot, next));
    effects.and(copy::link_read(model, slot, result.as_ref()))
}

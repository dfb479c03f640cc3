//! Reading: what the user waits for first, then what is in view, then the rest, a few at a time.

use std::collections::VecDeque;
use std::time::Duration;

use crate::app::changes::Awaiting;
use crate::app::creation::Creation;
use crate::app::effect::{Call, Effect, Effects};
use crate::app::groups::Slot;
use crate::app::journal;
use crate::app::line::Line;
use crate::app::loading::Flow;
use crate::app::model::{Flying, Model, Origin, Pane, Read, Retry};
use crate::app::remote::Ticket;
use crate::app::session::Pace;
use crate::domain::Millis;

use super::icon;

/// Requests behind the list that are under way at once.
const AT_ONCE: usize = 4;
/// The same where there is no limit.
const AT_ONCE_UNLIMITED: usize = 16;
/// Shortest pause before the next look at the pace.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Details older than this are read again when the cursor rests on the group.
const STALE: Duration = Duration::from_secs(60);

impl Read {
    /// The request; `None` when there is no address to fetch a picture from.
    fn call(&self, model: &Model) -> Option<Call> {
        Some(match self {
            Self::Index => Call::Index,
            Self::Details(slot) => Call::Details(model.groups.at(*slot).id.clone()),
            Self::Invite(slot) => Call::Invite(model.groups.at(*slot).id.clone()),
            Self::Icon(slot) => Call::Icon(model.groups.at(*slot).id.clone()),
            Self::Picture(slot) => {
                let group = model.groups.at(*slot);
                let address = group.icon.value()?.as_ref()?.address.as_ref().ok()?;
                Call::Picture(group.id.clone(), address.clone())
            }
        })
    }

    /// The read that a call carries out, if it is one.
    pub(super) fn of(model: &Model, call: &Call) -> Option<Self> {
        match call {
            Call::Index => Some(Self::Index),
            Call::Details(id) => Some(Self::Details(model.groups.slot(id)?)),
            Call::Invite(id) => Some(Self::Invite(model.groups.slot(id)?)),
            Call::Icon(id) => Some(Self::Icon(model.groups.slot(id)?)),
            Call::Picture(id, _) => Some(Self::Picture(model.groups.slot(id)?)),
            Call::Create(_)
            | Call::Rename(..)
            | Call::Members(..)
            | Call::ResetInvite(_)
            | Call::SetIcon(..)
            | Call::RemoveIcon(_)
            | Call::Leave(_)
            | Call::Send(_)
            | Call::SendInvitation(..)
            | Call::TestAccount(_) => None,
        }
    }

    fn ticket(&self, model: &Model) -> Option<Ticket> {
        match self {
            Self::Index => model.groups.index.ticket(),
            Self::Details(slot) => model.groups.at(*slot).details.ticket(),
            Self::Invite(slot) => model.groups.at(*slot).invite.ticket(),
            Self::Icon(slot) => model.groups.at(*slot).icon.ticket(),
            Self::Picture(slot) => model.groups.at(*slot).picture.ticket(),
        }
    }

    /// The group it is about.
    fn slot(&self) -> Option<Slot> {
        match self {
            Self::Index => None,
            Self::Details(slot) | Self::Invite(slot) | Self::Icon(slot) | Self::Picture(slot) => {
                Some(*slot)
            }
        }
    }

    /// Whether a change waits for it: then it is awaited like the change itself.
    pub(super) fn verifies(&self, model: &Model) -> bool {
        let searching = model.creation.as_ref().is_some_and(Creation::is_searching);
        match self {
            Self::Index => searching || model.leaving.next_is_list(),
            Self::Details(slot) => {
                searching || model.groups.outbox(*slot).awaiting() == Some(Awaiting::Details)
            }
            Self::Invite(slot) => model.groups.outbox(*slot).awaiting() == Some(Awaiting::Invite),
            Self::Icon(slot) => model.groups.outbox(*slot).awaiting() == Some(Awaiting::Icon),
            Self::Picture(_) => false,
        }
    }
}

/// Asks for something the user waits for; joins a request that is already in flight.
pub(super) fn want(model: &mut Model, read: Read) {
    if read.ticket(model).is_none() {
        line_up(model, read);
    }
}

/// Asks again even when a request is in flight: that one left before something changed, so it is
/// given up at once and can never be taken for the answer, however long the new one has to wait.
pub(super) fn want_anew(model: &mut Model, read: Read) -> Effects {
    let effects = match read.ticket(model) {
        Some(early) => {
            idle(model, &read);
            cancel(model, early)
        }
        None => Effects::none(),
    };
    line_up(model, read);
    effects
}

fn line_up(model: &mut Model, read: Read) {
    model.retries.remove(&read);
    model.line.asked(model.now);
    if !model.queue.contains(&read) {
        model.queue.push_back(read);
    }
}

/// The cursor came to rest: the chosen group is read if it is not known well enough.
pub(super) fn rested(model: &mut Model) {
    let Some(slot) = model.selected() else { return };
    let group = model.groups.at(slot);
    let details = &group.details;
    let aged = |as_of| model.age(as_of) > STALE;
    let known = details.known().map(|known| known.as_of);
    let stale = known.is_none_or(aged) || group.recalled_at().is_some();
    // A try behind the list that waits its turn comes only when that goes on.
    let is_stopped = model.loading.flow == Flow::Stopped && details.ticket().is_none();
    if stale && details.failure().is_none() && (is_stopped || !details.is_loading()) {
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

/// Everything is to be read again, what failed for good as well.
pub(super) fn want_all(model: &mut Model) {
    let now = model.now;
    model.groups.expire(now);
    let slots: Vec<Slot> = model.groups.iter().map(|(slot, _)| slot).collect();
    for slot in slots {
        let group = model.groups.at_mut(slot);
        if group.details.failure().is_some() {
            group.details.cancel();
        }
        if group.invite.failure().is_some() {
            group.invite.cancel();
        }
        if group.icon.failure().is_some() {
            group.icon.cancel();
        }
    }
    // The groups follow once the list is there: a refused token must not meet six requests.
    model.loading.clear();
    want(model, Read::Index);
    if let Some(slot) = model.selected() {
        want(model, Read::Details(slot));
    }
}

/// The list is there: whatever is not known, or only from an earlier run, or older than the last wish to
/// refresh, follows.
pub(super) fn fill_in(model: &mut Model) {
    let mut old: Vec<(Option<Millis>, Slot)> = model
        .groups
        .iter()
        .filter(|(slot, _)| needs_reading(model, *slot))
        .map(|(slot, group)| (group.details.known().map(|known| known.as_of), slot))
        .collect();
    // What was never read comes first, then the oldest.
    old.sort();
    model.loading.line_up(old.into_iter().map(|(_, slot)| slot));
}

/// Starts what may leave now.
pub(super) fn load(model: &mut Model) -> Effects {
    if !model.line.is_open(model.now) {
        return Effects::none();
    }
    if matches!(model.line, Line::Offline { .. }) {
        return probe(model);
    }
    let mut effects = Effects::none();
    while let Some(read) = model.queue.pop_front() {
        effects.extend(start(model, &read, Origin::User));
    }
    for read in due(model, Origin::User) {
        effects.extend(start(model, &read, Origin::User));
    }
    let mut again = VecDeque::from(due_behind(model));
    while behind(model) < at_once(model) && model.pacer.wait(model.now).is_zero() {
        let read = again.pop_front();
        let read = read.or_else(|| next_behind(model).map(Read::Details));
        // Before every name is there, another group may come to stand where nobody chose one.
        let last = || icon::for_the_card(model).filter(|_| behind(model) == 0);
        let Some(read) = read.or_else(last) else {
            break;
        };
        // There is nothing to wait for: that was asked above.
        let _ = model.pacer.take(model.now);
        effects.extend(start(model, &read, Origin::Behind));
    }
    effects
}

/// Without a connection one request at a time finds out whether it is back: one that is wanted
/// anyway, else the list.
fn probe(model: &mut Model) -> Effects {
    if is_probing(model) {
        return Effects::none();
    }
    let waiting = |model: &Model| {
        let next = model.retries.iter().min_by_key(|(_, retry)| retry.at);
        next.map(|(read, retry)| (read.clone(), retry.origin))
    };
    let (read, origin) = match model.queue.pop_front() {
        Some(read) => (read, Origin::User),
        None => waiting(model).unwrap_or((Read::Index, Origin::Behind)),
    };
    start(model, &read, origin)
}

/// Whether a read is in flight that will tell about the connection.
fn is_probing(model: &Model) -> bool {
    model
        .flying
        .values()
        .any(|flying| Read::of(model, &flying.call).is_some())
}

/// Reads whose next try may leave now, the longest waiting first.
fn due(model: &Model, origin: Origin) -> Vec<Read> {
    let mut due: Vec<(Millis, &Read)> = model
        .retries
        .iter()
        .filter(|(_, retry)| retry.origin == origin && retry.at <= model.now)
        .map(|(read, retry)| (retry.at, read))
        .collect();
    due.sort();
    due.into_iter().map(|(_, read)| read.clone()).collect()
}

/// The same of those that nobody waits for; where reading is stopped, not those of names.
fn due_behind(model: &Model) -> Vec<Read> {
    let mut due = due(model, Origin::Behind);
    let is_going = model.loading.flow == Flow::Going;
    due.retain(|read| is_going || !matches!(read, Read::Details(_)));
    due
}

/// When [`load`] has to be asked again although nothing happens, if at all.
pub(super) fn next_load(model: &Model) -> Option<Millis> {
    let opens = model.line.opens_at()?;
    if matches!(model.line, Line::Offline { .. }) {
        return (!is_probing(model) && opens > model.now).then_some(opens);
    }
    let later = |retry: &&Retry| retry.at > model.now;
    let retry = model.retries.values().filter(later).map(|r| r.at).min();
    let queued = (!model.queue.is_empty() || !model.held.is_empty()).then_some(opens);
    let card = || behind(model) == 0 && icon::for_the_card(model).is_some();
    let waiting = model.loading.is_going() || !due_behind(model).is_empty() || card();
    // Only the pace or a closed line can hold these back.
    let paced = (waiting && behind(model) < at_once(model) || model.invitations.is_paced())
        .then(|| model.now.after(model.pacer.wait(model.now).max(LOOK_AGAIN)));
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

/// How many requests behind the list may be under way.
fn at_once(model: &Model) -> usize {
    match model.pacer.pace() {
        // Without a pace there is nothing to halve but this.
        Pace::Unlimited if !model.pacer.is_slowed(model.now) => AT_ONCE_UNLIMITED,
        // What takes long to answer would not come at a faster pace else.
        Pace::PerSecond(rate) if rate > 16.0 && !model.pacer.is_slowed(model.now) => 2 * AT_ONCE,
        Pace::PerSecond(_) | Pace::Unlimited => AT_ONCE,
    }
}

/// The next group to read behind the list: the chosen one and those in view first, unless the list is
/// being scrolled.
fn next_behind(model: &mut Model) -> Option<Slot> {
    if !model.loading.is_going() {
        return None;
    }
    if model.moved_at.is_none() {
        let rows = model.size.group_rows();
        let in_view = model.list.rows.visible(rows).map(|(_, slot)| *slot);
        let mut first = model.selected().into_iter().chain(in_view);
        if let Some(slot) = first.find(|slot| needs_reading(model, *slot)) {
            return Some(slot);
        }
    }
    while let Some(slot) = model.loading.pop() {
        if needs_reading(model, slot) {
            return Some(slot);
        }
    }
    None
}

fn needs_reading(model: &Model, slot: Slot) -> bool {
    let details = &model.groups.at(slot).details;
    model.groups.is_stale(slot) && !details.is_loading() && details.failure().is_none()
}

fn start(model: &mut Model, read: &Read, origin: Origin) -> Effects {
    let Some(call) = read.call(model) else {
        return Effects::none();
    };
    let try_number = model.retries.remove(read).map_or(0, |retry| retry.tries) + 1;
    let ticket = model.ticket();
    let superseded = match read {
        Read::Index => model.groups.index.begin(ticket),
        Read::Details(slot) => model.groups.at_mut(*slot).details.begin(ticket),
        Read::Invite(slot) => model.groups.at_mut(*slot).invite.begin(ticket),
        Read::Icon(slot) => model.groups.at_mut(*slot).icon.begin(ticket),
        Read::Picture(slot) => model.groups.at_mut(*slot).picture.begin(ticket),
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
    match journal::intent(model, &call) {
        Some(intent) => {
            model.journal.launched(ticket, call.clone(), &intent);
            Effects::one(Effect::Change(ticket, call, Box::new(intent)))
        }
        None => Effects::one(Effect::Call(ticket, call)),
    }
}

/// Stops waiting for a read.
pub(super) fn cancel(model: &mut Model, ticket: Ticket) -> Effects {
    model.flying.remove(&ticket);
    model.activity.cancel(ticket);
    Effects::one(Effect::Cancel(ticket))
}

/// Stops waiting for every read, also for those that wait for their next try. Changes in flight are
/// awaited, and so is the test of an account.
pub(super) fn cancel_reads(model: &mut Model) -> Effects {
    model.loading.clear();
    let later: Vec<Read> = std::mem::take(&mut model.retries)
        .into_keys()
        .chain(std::mem::take(&mut model.queue))
        .collect();
    for read in later {
        if read.ticket(model).is_none() {
            give_up(model, &read);
        }
    }
    let reads: Vec<(Ticket, Read)> = model
        .flying
        .iter()
        .filter_map(|(ticket, flying)| Some((*ticket, Read::of(model, &flying.call)?)))
        .collect();
    let mut effects = Effects::none();
    for (ticket, read) in reads {
        give_up(model, &read);
        effects.extend(cancel(model, ticket));
    }
    effects
}

/// Nobody waits for the resource any more, nor for what was to be done with it.
pub(super) fn give_up(model: &mut Model, read: &Read) {
    idle(model, read);
    if let Read::Invite(slot) = read {
        model.copy_wish.take_if(|wish| wish.slot == *slot);
    }
}

/// Forgets the reads about groups that are no longer listed.
pub(super) fn forget(model: &mut Model, gone: &[Slot]) {
    let keep = |read: &Read| read.slot().is_none_or(|slot| !gone.contains(&slot));
    model.queue.retain(keep);
    model.retries.retain(|read, _| keep(read));
}

/// The resource is no longer waited for.
fn idle(model: &mut Model, read: &Read) {
    match read {
        Read::Index => model.groups.index.cancel(),
        Read::Details(slot) => model.groups.at_mut(*slot).details.cancel(),
        Read::Invite(slot) => model.groups.at_mut(*slot).invite.cancel(),
        Read::Icon(slot) => model.groups.at_mut(*slot).icon.cancel(),
        Read::Picture(slot) => model.groups.at_mut(*slot).picture.cancel(),
    }
}

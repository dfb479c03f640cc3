//! What other people wrote arrives, is read page by page, and counts as read when somebody looks at its
//! end; and how far our own messages got.
//!
//! Invariant: nothing here answers anything.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::app::effect::{Effect, Effects};
use crate::app::layout::Layout;
use crate::app::messages::conversation::Conversation;
use crate::app::messages::window::is_end_in_view;
use crate::app::model::{Model, Pane, Read};
use crate::app::msg::Reply;
use crate::app::received::{Chat, Page, Reception};
use crate::app::toasts::Level;
use crate::domain::{
    Accepted, CorrelationId, DeliveryState, Failure, Fate, GroupId, Kept, Lane, News, Overview, Seq,
};

use super::copy::capital;
use super::{inbox, invitations, journal, reads};

/// How many messages are read at once.
const PAGE: u32 = 500;
/// Of a lane in which nobody stands further up no more messages are known for long.
const MOST_KNOWN: usize = 5_000;
/// A group that is not in the list makes it be read again, at most this often.
const LIST_AGAIN: Duration = Duration::from_secs(60);

/// What was received before.
pub(super) fn looked(model: &mut Model, overview: Result<Overview, String>) {
    match overview {
        Ok(overview) => model.received.looked(overview),
        Err(why) => {
            let title = "Messages cannot be read";
            model.tell(Level::Warning, title, vec![why]);
        }
    }
}

/// What other programs receive shows only when something comes here.
pub(super) fn unwatched(model: &mut Model, why: String) -> Effects {
    let shown = "They show when something is received here, and at the next start.".to_owned();
    let title = "Messages that other programs receive come late";
    model.tell(Level::Warning, title, vec![why, shown]);
    Effects::none()
}

/// Something was received.
pub(super) fn arrived(model: &mut Model, news: News) -> Effects {
    let fates = news.fates.clone();
    let groups: Vec<GroupId> = news.messages.iter().filter_map(group_of).collect();
    let lanes = news.messages.iter().map(|kept| kept.message.lane.clone());
    let lanes: BTreeSet<Lane> = lanes.collect();
    model.received.arrived(News {
        fates: Vec::new(),
        ..news
    });
    for lane in lanes {
        shed(model, &lane);
    }
    look_for(model, &groups).and(reported(model, fates))
}

/// A lane that never falls silent must not fill the memory. Whoever reads or searches further up loses
/// nothing.
fn shed(model: &mut Model, lane: &Lane) {
    let known = model.received.of(lane).map(Chat::messages);
    if known.is_none_or(|known| known.len() <= MOST_KNOWN) {
        return;
    }
    let thread = match lane {
        Lane::Group(group) => model.messages.of(group),
        Lane::Direct | Lane::Unclassified | Lane::Unreadable => None,
    };
    let is_read_above =
        thread.is_some_and(|thread| thread.cursor().is_some() || thread.search.is_active());
    let in_inbox = model.pane == Pane::Inbox && model.shows_lane(lane);
    let is_shown_above = in_inbox && (model.inbox.top() > 0 || model.inbox.whole().is_some());
    if !is_read_above && !is_shown_above {
        let keep = usize::try_from(PAGE).unwrap_or(MOST_KNOWN);
        model.received.of_mut(lane).shed(keep);
    }
}

fn group_of(kept: &Kept) -> Option<GroupId> {
    match &kept.message.lane {
        Lane::Group(id) => Some(id.clone()),
        Lane::Direct | Lane::Unclassified | Lane::Unreadable => None,
    }
}

/// A group that nobody knows may be new: the list is read again, not too often.
fn look_for(model: &mut Model, groups: &[GroupId]) -> Effects {
    let is_known = model.groups.index.known().is_some();
    let unknown = groups.iter().any(|id| model.groups.slot(id).is_none());
    let looked = model.received.listed_at;
    let is_soon = looked.is_some_and(|at| model.age(at) < LIST_AGAIN);
    if !is_known || !unknown || is_soon {
        return Effects::none();
    }
    model.received.listed_at = Some(model.now);
    reads::want_anew(model, Read::Index)
}

/// How far messages of ours got.
pub(super) fn reported(model: &mut Model, fates: Vec<Fate>) -> Effects {
    let mut effects = Effects::none();
    for fate in fates {
        let before = model.received.fate(&fate.id).cloned();
        model.received.reported(fate.clone());
        let Some(now) = model.received.fate(&fate.id).cloned() else {
            continue;
        };
        model.invitations.reported(&fate.id, &now);
        let settled = journal::reported(model, &fate.id);
        // Whoever settles a doubt tells it.
        let is_told = settled.iter().next().is_some();
        effects.extend(settled);
        let leaves = model.now.after(model.session.send_delay);
        let mut of = None;
        for (group, thread) in model.messages.iter_mut() {
            let is_its = thread
                .messages()
                .iter()
                .any(|message| message.id == fate.id);
            if is_its {
                of = Some(group.clone());
            }
            if thread.reported(&fate.id) {
                // What waited behind it leaves now, not all at once with no time to take it back.
                thread.postpone(leaves);
            }
        }
        let is_news = before.as_ref() != Some(&now) && !is_told;
        if let (true, DeliveryState::Failed { .. }) = (is_news, &now) {
            match of {
                Some(group) => tell_failed(model, &group, &fate.id, &now),
                None => invitations::tell_failed(model, &fate.id, &now),
            }
        }
    }
    effects
}

/// A message that was accepted did not arrive. Where it is on the screen its own row says so.
fn tell_failed(model: &mut Model, group: &GroupId, id: &CorrelationId, state: &DeliveryState) {
    let why = super::copy::capital(&state.reason().unwrap_or_default()) + ".";
    let title = format!("Message to {} was not delivered", model.name(group));
    if is_end_in_view(model, group, id) && model.dialog.is_none() {
        let text = format!("{title} · {why}");
        model.activity.note(Level::Error, text, model.now);
    } else {
        model.tell(Level::Error, title, vec![why]);
    }
}

/// The answer to a message, as it is once the provider has reported that message: taken, whichever of
/// the two came first.
pub(super) fn confirmed(
    model: &Model,
    id: &CorrelationId,
    result: Result<Accepted, Failure>,
) -> Result<Accepted, Failure> {
    match result {
        Err(_) if model.received.fate(id).is_some() => Ok(Accepted::default()),
        other => other,
    }
}

/// What the provider calls a message that it took.
pub(super) fn note_provider_id(reply: &Reply) -> Effects {
    let Reply::Sent(id, Ok(accepted)) = reply else {
        return Effects::none();
    };
    let note = accepted.provider_id.clone();
    note.map_or_else(Effects::none, |provider_id| {
        Effects::one(Effect::NoteProviderId(provider_id, id.clone()))
    })
}

/// Messages of a lane were read.
pub(super) fn lane_read(
    model: &mut Model,
    lane: &Lane,
    before: Option<Seq>,
    most: u32,
    read: Result<Vec<Kept>, String>,
) {
    let chat = model.received.of_mut(lane);
    match read {
        Ok(older) => chat.take(before, older, usize::try_from(most).unwrap_or(usize::MAX)),
        Err(why) => chat.page = Page::Failed(why),
    }
}

/// A report was read as it came.
pub(super) fn raw_read(model: &mut Model, seq: Seq, read: Result<Option<String>, String>) {
    model.received.raw = Some((seq, read));
}

/// This program receives, or cannot.
pub(super) fn receiving(model: &mut Model, result: Result<String, String>) {
    model.received.reception = match result {
        Ok(address) => Reception::On(address),
        Err(why) => {
            let lines = vec![capital(&why), "Messages are not received here.".to_owned()];
            model.tell(Level::Warning, "Receiving did not start", lines);
            Reception::Failed(why)
        }
    };
}

/// What this program receives can be kept again, or cannot. Told once for each change: senders come again
/// and again meanwhile.
pub(super) fn keeping(model: &mut Model, result: Result<(), String>) {
    let before = model.received.not_kept.take();
    model.received.not_kept = result.err();
    match (before, &model.received.not_kept) {
        (None, Some(why)) => {
            let again = "Nothing is lost as long as the provider sends it again.";
            let lines = vec![why.clone(), again.to_owned()];
            model.tell(Level::Error, "Messages cannot be kept", lines);
        }
        (Some(_), None) => model.tell(Level::Done, "Messages are kept again", vec![]),
        (Some(_), Some(_)) | (None, None) => {}
    }
}

/// Reads older messages of a lane, unless all are known or they are being read.
pub(super) fn read_older(model: &mut Model, lane: &Lane) -> Effects {
    let chat = model.received.of_mut(lane);
    match chat.page {
        Page::Asked | Page::Whole => return Effects::none(),
        Page::Unread | Page::Part | Page::Failed(_) => {}
    }
    chat.page = Page::Asked;
    let before = chat.messages().first().map(|kept| kept.seq);
    Effects::one(Effect::ReadLane(lane.clone(), before, PAGE))
}

/// Looks once more for what was received in a group, and tries once more to receive.
pub(super) fn look_again(model: &mut Model, group: &GroupId) -> Effects {
    let mut effects = Effects::none();
    if matches!(model.received.reception, Reception::Failed(_)) {
        effects.push(Effect::Receive);
    }
    let lane = Lane::Group(group.clone());
    if model
        .received
        .of(&lane)
        .is_none_or(|chat| chat.total() == 0)
    {
        return effects;
    }
    let chat = model.received.of_mut(&lane);
    match chat.page {
        Page::Asked => {}
        Page::Unread | Page::Failed(_) => effects.extend(read_older(model, &lane)),
        Page::Part | Page::Whole => {
            let known = u32::try_from(chat.read_again()).unwrap_or(u32::MAX);
            effects.push(Effect::ReadLane(lane, None, known.max(PAGE)));
        }
    }
    effects
}

/// What has to be done by itself: the lane on the screen is read, and counts as read by the user where its
/// end is looked at.
pub(super) fn go_on(model: &mut Model) -> Effects {
    let mut effects = Effects::none();
    let ruled = model.received.ruled();
    let left: Vec<Lane> = ruled
        .filter(|lane| !model.shows_lane(lane))
        .cloned()
        .collect();
    for lane in left {
        model.received.leave(&lane);
    }
    if model.pane == Pane::Inbox {
        return inbox::look(model);
    }
    let Some(lane) = model.shown_lane() else {
        return effects;
    };
    let has_any = model
        .received
        .of(&lane)
        .is_some_and(|chat| chat.total() > 0);
    // A list that is being scrolled asks for nothing.
    if !has_any || model.moved_at.is_some() {
        return effects;
    }
    if model
        .received
        .of(&lane)
        .is_some_and(|chat| chat.page == Page::Unread)
    {
        effects.extend(read_older(model, &lane));
    }
    let is_unread = |chat: &Chat| chat.unread() > 0;
    if model.received.of(&lane).is_some_and(is_unread) && looks_at_end(model, &lane) {
        effects.extend(mark_read(model, lane));
    }
    effects
}

/// Somebody looks at the newest message of a lane: it is read.
pub(super) fn mark_read(model: &mut Model, lane: Lane) -> Effects {
    if model
        .received
        .of(&lane)
        .is_none_or(|chat| chat.unread() == 0)
    {
        return Effects::none();
    }
    let upto = model.received.read(&lane);
    upto.map_or_else(Effects::none, |upto| {
        Effects::one(Effect::MarkRead(lane, upto))
    })
}

/// Whether the user looks at the newest message of a group: then it is read.
fn looks_at_end(model: &Model, lane: &Lane) -> bool {
    let Lane::Group(group) = lane else {
        return false;
    };
    let is_known = model.received.of(lane).is_some_and(Chat::shows_newest);
    is_known
        && model.pane == Pane::Messages
        && !is_hidden(model)
        && Conversation::of(model, group).follows_newest()
}

/// Whether something stands in front of the panes, or the window is too small for any.
pub(super) fn is_hidden(model: &Model) -> bool {
    model.dialog.is_some() || model.size.layout() == Layout::TooSmall
}

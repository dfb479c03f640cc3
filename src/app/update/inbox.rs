//! What can be done with what was received and belongs to no group of the list: read, find, copy, open.
//!
//! Invariant: no function here leads to a request that changes anything, and none opens a field in which
//! something could be written.

use url::Url;

use crate::app::dialog::{Choice, Dialog, Menu};
use crate::app::effect::{Clip, Effect, Effects};
use crate::app::inbox::{self, Made, Row, text_of};
use crate::app::model::{Model, Read};
use crate::app::received::{Chat, Page, Reception};
use crate::domain::{Clean, Kept, Lane, Seq, web_address};
use crate::keymap::Action;

use super::copy::number_of_sender;
use super::{messages, reads, received, unread};

/// The message under the cursor, or the one that is shown whole.
pub(super) fn chosen(model: &Model) -> Option<&Kept> {
    let (lane, seq) = model.inbox.whole().or_else(|| model.inbox.current())?;
    model.received.of(lane)?.get(seq)
}

/// Why an action of the pane cannot work now.
pub(super) fn disabled(model: &Model, action: Action) -> Option<String> {
    let (works, why) = if action == Action::OpenReceived {
        (link(model).is_some(), "there is no web address in it")
    } else if action == Action::CopyReport {
        (!clips(model).is_empty(), "there is nothing to copy here")
    } else {
        (chosen(model).is_some(), "there is no message here")
    };
    (!works).then(|| why.into())
}

/// Shows the part that is so many to the right.
pub(super) fn turn(model: &mut Model, by: usize) -> Effects {
    model.inbox.turn(by);
    Effects::none()
}

/// The lanes of the part that is shown: other groups by their ids.
fn lanes(model: &Model) -> impl Iterator<Item = (&Lane, &Chat)> {
    let part = Some(model.inbox.part());
    model
        .received
        .lanes()
        .filter(move |(lane, chat)| chat.total() > 0 && model.part_of(lane) == part)
}

/// Arranges the rows, if anything changed: the newest message first, in each group.
pub(super) fn arrange(model: &mut Model) {
    let typed = model.inbox.filter.input.text().to_lowercase();
    let made = Made {
        stamp: unread::stamp(model),
        part: model.inbox.part(),
        typed: typed.clone(),
    };
    if !model.inbox.is_stale(made) {
        return;
    }
    let words: Vec<&str> = typed.split_whitespace().collect();
    let fits = |kept: &&Kept| words.is_empty() || has_all(model, kept, &words);
    let mut rows = Vec::new();
    for (lane, chat) in lanes(model) {
        // Before its messages are read, the newest one is known.
        let newest = chat.newest().filter(|_| chat.messages().is_empty());
        let known = chat.messages().iter().rev().chain(newest);
        let first = rows.len();
        rows.extend(
            known
                .filter(fits)
                .map(|kept| Row::Message(lane.clone(), kept.seq)),
        );
        if let Lane::Group(id) = lane
            && rows.len() > first
        {
            rows.insert(first, Row::Group(id.clone()));
        }
    }
    let not_read = lanes(model).find_map(|(_, chat)| match &chat.page {
        Page::Failed(why) => Some(why.clone()),
        Page::Unread | Page::Asked | Page::Part | Page::Whole => None,
    });
    model.inbox.arrange(rows, not_read);
}

fn has_all(model: &Model, kept: &Kept, words: &[&str]) -> bool {
    let message = &kept.message;
    let text = format!(
        "{}\n{}\n{}\n{}",
        message.sender.as_str(),
        message.sender.pretty(),
        model.author(message).name,
        message.content.line()
    );
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

/// What has to be done by itself while the pane is on the screen: lanes in view are read page by page,
/// and those whose newest message is in view count as read by the user.
pub(super) fn look(model: &mut Model) -> Effects {
    if received::is_hidden(model) || model.inbox.whole().is_some() {
        return Effects::none();
    }
    // Behind a filter others may be that nobody sees.
    let is_filtered = model.inbox.filter.is_active();
    let (mut wanted, mut seen) = (Vec::new(), Vec::new());
    let room = model.size.inbox_rows();
    let in_view = model.inbox.rows().iter().skip(model.inbox.top()).take(room);
    for row in in_view {
        let Row::Message(lane, seq) = row else {
            continue;
        };
        let Some(chat) = model.received.of(lane) else {
            continue;
        };
        let is_newest = chat.newest().is_some_and(|newest| newest.seq == *seq);
        let is_first = chat
            .messages()
            .first()
            .is_some_and(|first| first.seq == *seq);
        match chat.page {
            Page::Unread => wanted.push(lane.clone()),
            Page::Part if is_first => wanted.push(lane.clone()),
            Page::Part | Page::Whole | Page::Asked | Page::Failed(_) => {}
        }
        if is_newest && !is_filtered && chat.shows_newest() {
            seen.push(lane.clone());
        }
    }
    // What is looked for may be further back: one page after another.
    let is_reading = lanes(model).any(|(_, chat)| chat.page == Page::Asked);
    if is_filtered && wanted.is_empty() && !is_reading {
        let mut more = lanes(model);
        let more = more.find(|(_, chat)| matches!(chat.page, Page::Unread | Page::Part));
        wanted.extend(more.map(|(lane, _)| lane.clone()));
    }
    let mut effects = Effects::none();
    for lane in wanted {
        effects.extend(received::read_older(model, &lane));
    }
    for lane in seen {
        effects.extend(received::mark_read(model, lane));
    }
    effects
}

/// Moves the cursor, or scrolls the message that is shown whole.
pub(super) fn step(model: &mut Model, by: isize) {
    let Some(rows) = whole_rows(model) else {
        model.inbox.step(by);
        return;
    };
    let room = model.size.whole_rows();
    model.inbox.scroll_whole(by, rows, room);
}

fn whole_rows(model: &Model) -> Option<usize> {
    let (lane, seq) = model.inbox.whole()?;
    let kept = model.received.of(lane)?.get(seq)?;
    let rows = inbox::whole(&model.received, kept, model.size.whole_room(model.extent));
    Some(rows.len())
}

/// Shows the message under the cursor whole, with the report as it came; or the rows again.
pub(super) fn toggle_whole(model: &mut Model) -> Effects {
    if model.inbox.fold() {
        return Effects::none();
    }
    let wanted = model.inbox.unfold();
    wanted.map_or_else(Effects::none, |seq| {
        let is_known = matches!(model.received.raw(seq), Some(Ok(Some(_))));
        if is_known {
            Effects::none()
        } else {
            Effects::one(Effect::ReadRaw(seq))
        }
    })
}

/// Copies what the message says.
pub(super) fn copy(model: &Model) -> Effects {
    chosen(model).map_or_else(Effects::none, |kept| {
        Effects::one(Effect::Copy(text_clip(kept)))
    })
}

fn text_clip(kept: &Kept) -> Clip {
    Clip {
        text: text_of(&kept.message.content),
        what: "Text of the message".into(),
    }
}

/// Everything that can be copied here, with what it is called in the menu.
pub(super) fn clips(model: &Model) -> Vec<(Clip, String)> {
    let mut clips = Vec::new();
    let clip = |text: &str, what: &str, label: &str| {
        let (text, what) = (text.to_owned(), what.to_owned());
        (Clip { text, what }, label.to_owned())
    };
    if let Some(kept) = chosen(model) {
        let message = &kept.message;
        let text = text_clip(kept);
        clips.push(clip(&text.text, &text.what, "the text"));
        clips.extend(number_of_sender(model, message));
        if let Some(link) = message.content.link() {
            let link = text_of(&crate::domain::Content::Text(link.to_owned()));
            clips.push(clip(&link, "Link in the message", "its link"));
        }
        if let Some(Ok(Some(raw))) = model.received.raw(kept.seq) {
            // It goes to the provider's support: no more of it than of an entry of Activity.
            let raw = model.session.masking.of(raw);
            clips.push(clip(&raw, "Report", "the report as it came"));
        }
    }
    if let Reception::On(address) = &model.received.reception {
        let label = "the address of the receiver: whoever knows it can add messages";
        clips.push(clip(address, "Address of the receiver", label));
    }
    clips
}

/// Offers what can be copied.
pub(super) fn copy_menu(model: &mut Model) {
    let choices = clips(model).into_iter();
    let choices = choices.map(|(clip, label)| (Choice::Copy(clip), label));
    model.dialog = Some(Dialog::Menu(Menu {
        title: "Copy".to_owned(),
        choices: choices.collect(),
        row: 0,
    }));
}

/// What can be opened outside: web addresses and nothing else that a stranger may have put there.
pub(super) fn link(model: &Model) -> Option<Url> {
    let link = chosen(model)?.message.content.link()?;
    web_address(&Clean::new(link).to_hand_out())
}

/// Opens the file or link of the message outside.
pub(super) fn open(model: &mut Model) -> Effects {
    let link = link(model);
    messages::open_web(model, link)
}

/// Tries again what failed: to receive, to read messages, to read a report; else the list is read anew, in
/// which a group may be now.
pub(super) fn refresh(model: &mut Model) -> Effects {
    if let Some((_, seq)) = model.inbox.whole() {
        return Effects::one(Effect::ReadRaw(seq));
    }
    let mut effects = Effects::none();
    if matches!(model.received.reception, Reception::Failed(_)) {
        effects.push(Effect::Receive);
    }
    let failed = lanes(model).filter(|(_, chat)| matches!(chat.page, Page::Failed(_)));
    let failed: Vec<Lane> = failed.map(|(lane, _)| lane.clone()).collect();
    for lane in failed {
        effects.extend(received::read_older(model, &lane));
    }
    reads::want(model, Read::Index);
    effects
}

/// The message of a row.
pub fn message_of<'m>(model: &'m Model, lane: &Lane, seq: Seq) -> Option<&'m Kept> {
    model.received.of(lane)?.get(seq)
}

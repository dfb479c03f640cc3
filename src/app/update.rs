//! What a message leads to: total, without I/O, clock or wildcard. Each topic has a file of its own.

mod accounts;
mod actions;
mod activity;
mod ask;
mod changes;
mod commands;
mod connect;
mod copy;
mod dialogs;
mod find;
mod help;
mod icon;
mod inbox;
mod invitations;
mod journal;
mod keys;
mod messages;
mod mouse;
mod reads;
mod recall;
mod received;
mod reload;
mod replies;
mod timers;
mod undo;
mod unread;

pub use activity::change;
pub use ask::disabled;
pub use commands::{
    count as command_count, from as commands_from, lines as command_lines,
    lines_here as action_lines,
};
pub use find::{Unknown, unknown};
pub use help::lines as help_lines;
pub use inbox::message_of;
pub use invitations::{LinkState, describe_to, link_of, reading};
pub use journal::can_tell;
pub use messages::why_not as why_not_write;
pub use recall::Recalled;
pub use undo::message_to_take_back;

use super::effect::{Effect, Effects};
use super::model::{Model, Pane, Stage};
use super::msg::Msg;
use super::people::People;
use super::toasts::Level;
use crate::domain::{Saved, TokenPlace};

/// Handles one message: changes the model and says what is to be done.
#[expect(
    clippy::too_many_lines,
    reason = "the router: one arm for each message"
)]
pub fn update(model: &mut Model, msg: Msg) -> Effects {
    let before = model.selected();
    let effects = match msg {
        Msg::Started => started(model),
        Msg::Key(key, press) => keys::key(model, key, press),
        Msg::Pasted(text) => keys::pasted(model, &text),
        Msg::Clicked(target) => mouse::clicked(model, target),
        Msg::Wheeled(area, wheel) => mouse::wheel(model, area, wheel),
        Msg::Resized(size) => {
            model.size = size;
            Effects::none()
        }
        Msg::Asked(action) => {
            model.chord.clear();
            actions::act(model, action)
        }
        Msg::Settled(ticket, reply, exchange) => replies::settled(model, ticket, reply, *exchange),
        Msg::Woke(timer) => timers::woke(model, timer),
        Msg::Copied(clip, route) => copy::copied(model, clip, route),
        Msg::NotOpened(address, why) => told(model, Level::Error, "Not opened", vec![address, why]),
        Msg::LookedAt(path, result) => icon::looked_at(model, &path, result),
        Msg::Completed(asked, text, candidates) => {
            icon::completed(model, &asked, &text, candidates)
        }
        Msg::Saved(result) => saved(model, result),
        Msg::AccountSaved(result) => account_saved(model, result),
        Msg::Opened(goal, result) => accounts::opened(model, &goal, result),
        Msg::Reread(read) => reload::reread(model, read),
        Msg::Recovered(entries) => journal::recovered(model, entries),
        Msg::Doubted(entry) => journal::doubted(model, *entry),
        Msg::JournalRead(query, page) => {
            model.activity.past.answered(&query, page);
            Effects::none()
        }
        Msg::JournalMended(what) => told(model, Level::Warning, "Journal", vec![what]),
        Msg::JournalRefused(why) => {
            journal::refused(model, why);
            Effects::none()
        }
        Msg::NotNoted(why) => {
            let lines = vec![why, "The next start looks into it.".into()];
            told(
                model,
                Level::Warning,
                "The end of a change was not noted",
                lines,
            )
        }
        Msg::Begun(ticket, entry) => {
            messages::begun(model, ticket, entry);
            Effects::none()
        }
        Msg::History(account, group, read) => {
            messages::history_read(model, &account, &group, read);
            Effects::none()
        }
        Msg::Drafts(account, read) => {
            messages::drafts_read(model, &account, read);
            Effects::none()
        }
        Msg::DraftNotKept(why) => {
            messages::not_kept(model, why);
            Effects::none()
        }
        Msg::Looked(overview) => {
            received::looked(model, overview);
            Effects::none()
        }
        Msg::Arrived(news) => received::arrived(model, news),
        Msg::Reported(fates) => received::reported(model, fates),
        Msg::LaneRead(lane, before, most, read) => {
            received::lane_read(model, &lane, before, most, read);
            Effects::none()
        }
        Msg::RawRead(seq, read) => {
            received::raw_read(model, seq, read);
            Effects::none()
        }
        Msg::Receiving(result) => {
            received::receiving(model, result);
            Effects::none()
        }
        Msg::Keeping(result) => {
            received::keeping(model, result);
            Effects::none()
        }
        Msg::Contacts(read) => {
            actions::contacts_read(model, read);
            Effects::none()
        }
        Msg::Unwatched(why) => received::unwatched(model, why),
        Msg::Expiring(what) => told(
            model,
            Level::Warning,
            "Messages that nobody read",
            vec![what],
        ),
        Msg::Edited(group, before, edited) => {
            messages::edited(model, &group, &before, edited);
            Effects::none()
        }
        Msg::Recalled(recollection) => recall::recalled(model, *recollection),
        Msg::PeopleRecalled(people) => recall::people(model, people),
        Msg::CacheMended(what) => told(model, Level::Warning, "Cache of groups", vec![what]),
        Msg::NotRemembered(why) => told(
            model,
            Level::Warning,
            "The groups are not remembered for the next start",
            vec![why],
        ),
        Msg::Resumed => Effects::one(Effect::Redraw),
        Msg::Terminated => actions::exit(model),
    };
    effects.and(settle_down(model, before))
}

/// Something the user is told, and nothing else.
fn told(model: &mut Model, level: Level, title: &str, lines: Vec<String>) -> Effects {
    model.tell(level, title, lines);
    Effects::none()
}

/// A file was written, or not.
fn saved(model: &mut Model, result: Result<String, String>) -> Effects {
    match result {
        Ok(path) => model.tell(Level::Done, "Saved", vec![path]),
        Err(why) => model.tell(Level::Error, "Not saved", vec![why]),
    }
    Effects::none()
}

/// The account was kept, or not.
fn account_saved(model: &mut Model, result: Result<Saved, String>) -> Effects {
    match result {
        Ok(saved) => {
            model.session.token_at = saved.token;
            let mut lines = vec![saved.file];
            match saved.token {
                TokenPlace::Keyring => lines.push("The token is in the keyring.".into()),
                TokenPlace::File | TokenPlace::Elsewhere => {
                    lines.push(
                        "The token is there too, as plain text that only you can read.".into(),
                    );
                }
            }
            lines.extend(saved.no_keyring.map(|why| format!("The keyring {why}.")));
            model.tell(Level::Done, "Account saved", lines);
        }
        Err(why) => {
            let lines = vec![why, "It is used until you quit.".into()];
            model.tell(Level::Error, "Account not saved", lines);
        }
    }
    Effects::none()
}

fn started(model: &mut Model) -> Effects {
    let saved = model.session.saved.take();
    let effects = saved.map_or_else(Effects::none, |saved| account_saved(model, Ok(saved)));
    let warnings = model.session.warnings.clone();
    if !warnings.is_empty() {
        // One notice for all of them, because only so many notices are kept.
        model.tell(Level::Warning, "Configuration", warnings);
    }
    match model.stage {
        Stage::Welcome(_) => effects,
        Stage::Dashboard => {
            reads::want(model, super::model::Read::Index);
            effects.and(messages::read_drafts(model))
        }
    }
}

/// How the members of a group were listed that is no longer chosen is kept only where something would be lost.
fn forget_untouched(model: &mut Model, slot: Option<super::groups::Slot>) {
    let Some(slot) = slot else { return };
    if model.people.get(&slot).is_some_and(People::is_untouched) {
        model.people.remove(&slot);
    }
}

/// What follows from every message: rows stay in view, loading goes on, timers run.
fn settle_down(model: &mut Model, before: Option<super::groups::Slot>) -> Effects {
    if before.is_none() && model.selected().is_some() {
        // The first choice is nobody's scrolling: it is read at once.
        reads::rested(model);
    } else if model.selected() != before {
        model.moved_at = Some(model.now);
        forget_untouched(model, before);
    }
    let (group_rows, member_rows) = (model.size.group_rows(), model.size.member_rows());
    model.list.rows.scroll(group_rows);
    if let Some(slot) = model.selected() {
        let shown = model.people.contains_key(&slot);
        if !shown {
            actions::refresh_people(model, slot);
        }
        if let Some(people) = model.people.get_mut(&slot) {
            people.rows.scroll(member_rows);
        }
    } else if matches!(model.pane, Pane::Members | Pane::Invite | Pane::Icon)
        || model.pane == Pane::Messages && model.messages.composing().is_none()
    {
        // The last group went: there is nothing left to show beside the list.
        model.pane = Pane::Groups;
    }
    let read_on = if model.pane == Pane::Activity {
        activity::arrange(model);
        let rows = model.size.activity_rows();
        model.activity.scroll(rows);
        journal::read_on(model)
    } else {
        Effects::none()
    };
    if model.pane == Pane::Inbox {
        inbox::arrange(model);
        let rows = model.size.inbox_rows();
        model.inbox.scroll(rows);
    }
    find::arrange(model);
    let settled = journal::sweep(model);
    let released = changes::release(model);
    let invited = invitations::go_on(model);
    let written = messages::go_on(model);
    let read = received::go_on(model).and(messages::search_on(model));
    if unread::count(model) {
        model.list.rows.scroll(group_rows);
    }
    let loading = reads::load(model);
    read_on
        .and(settled)
        .and(released)
        .and(invited)
        .and(written)
        .and(read)
        .and(loading)
        .and(timers::arm(model))
}

#[cfg(test)]
mod tests;

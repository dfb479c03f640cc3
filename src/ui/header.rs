//! The top row: who we are, what runs, and how the connection is.

use std::time::Duration;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::details::titled;
use super::text::{age, clock, cut, number, plural, safe, width};
use crate::app::Model;
use crate::app::groups::GroupState;
use crate::app::layout::Layout;
use crate::app::line::Line;
use crate::app::loading::Flow;
use crate::app::model::{Flying, Origin, Pane};
use crate::app::pointer::Target;
use crate::domain::{GroupId, Masking, Millis, Operation, TokenPlace};
use crate::keymap::Action;
use crate::theme::Meaning;

/// The pictures of the spinner.
pub(super) const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// Cells of a badge without its brackets, and of what stands in front of it, at most and at least.
const LONGEST_BADGE: u16 = 20;
const SHORTEST_TRAIL: u16 = 8;
/// What takes less is not worth a spinner.
const PATIENCE_MS: u128 = 150;
/// What takes longer is worth a count of its seconds.
const DRAGS_ON: Duration = Duration::from_secs(2);

/// That something is wrong with the configuration.
const CONFIG: &str = "! config";

/// The present picture of the spinner.
pub(super) fn spinner(model: &Model) -> &'static str {
    SPINNER[model.spin % SPINNER.len()]
}

/// Whether something runs for so long that the user should see it.
pub(super) fn is_slow(model: &Model, since: Millis) -> bool {
    model.now.since(since).as_millis() >= PATIENCE_MS
}

/// What is read of a group, or of all: with a spinner as soon as it lasts, with the seconds as soon
/// as one begins to wonder. Blank before: what is there at once must not flicker.
pub(super) fn reading(model: &Model, group: Option<&GroupId>, words: &str) -> String {
    let flying = model.flying.values();
    let reads = flying
        .filter(|flying| flying.call.group() == group && !flying.call.operation().is_change());
    match reads.map(|flying| flying.since).min() {
        Some(since) if is_slow(model, since) => {
            format!("{} {words}{}", spinner(model), seconds(model, since))
        }
        Some(_) => String::new(),
        // It waits for its next try.
        None => format!("{} {words}", spinner(model)),
    }
}

/// How long something runs already, once that is worth a word.
fn seconds(model: &Model, since: Millis) -> String {
    let passed = model.now.since(since);
    if passed < DRAGS_ON {
        return String::new();
    }
    format!(" {} s", passed.as_secs())
}

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let one = model.size.layout() == Layout::One;
    let pad = u16::from(!one);
    let end = area.right().saturating_sub(pad);
    let tiny = area.width < 48;

    let (mark, words, meaning) = connection(model, tiny, one);
    let text = if tiny {
        mark.to_owned()
    } else {
        format!("{mark} {words}")
    };
    let badges = badges(model, one);
    // Whose account this is, and that nothing can be changed, is said before anything else.
    let taken = badges
        .iter()
        .map(|(badge, _)| width(badge) + 1)
        .sum::<u16>();
    let kept = area.x + (taken + 14).max(24);
    let mut left_end = canvas.put_right(end, area.y, area.width / 2, &text, meaning);
    if !one {
        let (text, meaning) = progress(model);
        let room = left_end.saturating_sub(kept);
        // What stands behind the comma can be done without.
        let short = text
            .rsplit_once(", ")
            .map_or(text.as_str(), |(short, _)| short);
        let fits = |text: &&str| width(text) + 3 < room;
        if let Some(text) = [text.as_str(), short].into_iter().find(fits) {
            left_end = canvas.put_right(left_end - 3, area.y, room, text, meaning);
        }
    }
    left_end = unread(model, canvas, area, kept, left_end);
    let mut x = canvas.put(area.x + pad, area.y, 2, "◆ ", Meaning::Accent);
    let room = left_end.saturating_sub(x + 2);
    if one {
        let trail = trail(model);
        let room = room.saturating_sub(taken).max(room.min(SHORTEST_TRAIL));
        let start = x;
        x = canvas.put(
            x,
            area.y,
            room,
            &super::text::cut_front(&trail, room),
            Meaning::Strong,
        );
        if model.pane != Pane::Groups {
            let place = Rect::new(start, area.y, x.saturating_sub(start), 1);
            canvas.answers(place, Target::Act(Action::GoGroups));
        }
    } else {
        x = canvas.put(x, area.y, room, "wavedeck", Meaning::Strong);
    }
    for (badge, meaning) in badges {
        if left_end.saturating_sub(x) > width(&badge) + 1 {
            x = canvas.put(x + 1, area.y, LONGEST_BADGE + 2, &badge, meaning);
        }
    }
}

/// What is said behind the name, the most important first: that numbers are hidden, which whoever
/// shares the screen has to see; that something is wrong with the configuration; whose account it is.
fn badges(model: &Model, short: bool) -> Vec<(String, Meaning)> {
    let hidden = match (model.numbers, short) {
        (Masking::Shown, _) => None,
        (Masking::Masked, true) => Some("[HIDDEN]"),
        (Masking::Masked, false) => Some("[NUMBERS HIDDEN]"),
    };
    let hidden = hidden.map(|badge| (badge.to_owned(), Meaning::Link));
    let odd = !model.session.warnings.is_empty();
    let odd = odd.then(|| (CONFIG.to_owned(), Meaning::Warn));
    let read_only = model.is_read_only().then(|| "READ ONLY".to_owned());
    let in_file = model.session.token_at == TokenPlace::File;
    let plain = in_file.then(|| "PLAIN FILE".to_owned());
    let words = (model.session.badge.iter()).chain(&read_only).chain(&plain);
    let words = words.map(|badge| {
        let badge = format!("[{}]", cut(&safe(badge), LONGEST_BADGE));
        (badge, Meaning::Badge)
    });
    hidden.into_iter().chain(odd).chain(words).collect()
}

/// That something nobody has read is in the Inbox, and the key that leads there; returns where it begins.
fn unread(model: &Model, canvas: &mut Canvas<'_>, area: Rect, kept: u16, end: u16) -> u16 {
    let unread = model.inbox.unread();
    if unread == 0 || model.pane == Pane::Inbox || area.width < 48 {
        return end;
    }
    let (label, mark) = (
        titled(model, Action::GoInbox, "Inbox "),
        unread_mark(unread),
    );
    let at = end.saturating_sub(width(&label) + width(&mark) + 3);
    if at < kept {
        return end;
    }
    let place = Rect::new(at, area.y, width(&label) + width(&mark), 1);
    canvas.answers(place, Target::Act(Action::GoInbox));
    let x = canvas.put(at, area.y, width(&label), &label, Meaning::Dim);
    canvas.put_bold(x, area.y, width(&mark), &mark, Meaning::Accent);
    at
}

/// So many unread messages: `•3`.
pub(super) fn unread_mark(unread: usize) -> String {
    format!("•{}", number(unread))
}

/// Where one is, in the one-pane layout.
fn trail(model: &Model) -> String {
    let name = || {
        let id = model
            .thread_group()
            .filter(|_| model.pane == Pane::Messages);
        let group = model.group().map(|group| &group.id);
        id.or(group)
            .map(|id| model.groups.name(id))
            .unwrap_or_default()
    };
    match model.pane {
        Pane::Groups => "Groups".into(),
        Pane::Members if model.size.width < 48 => name(),
        Pane::Members => format!("Groups › {}", name()),
        Pane::Invite => format!("{} › Invite", name()),
        Pane::Icon => format!("{} › Icon", name()),
        Pane::Messages => format!("{} › Messages", name()),
        Pane::Activity => "Activity".into(),
        Pane::Inbox => "Inbox".into(),
    }
}

fn connection(model: &Model, tiny: bool, short: bool) -> (&'static str, String, Meaning) {
    let left = |at: Millis| at.since(model.now).as_millis().div_ceil(1000);
    match &model.line {
        Line::Online if model.groups.index.known().is_none() && model.groups.index.is_loading() => {
            (spinner(model), "connecting".into(), Meaning::Info)
        }
        Line::Online
            if model.groups.index.known().is_none() && model.groups.index.failure().is_some() =>
        {
            ("✗", "no list".into(), Meaning::Danger)
        }
        Line::Online => ("●", "online".into(), Meaning::Ok),
        Line::Offline { next_try, .. } => {
            let words = match left(*next_try) {
                0 => "offline, trying".into(),
                seconds if short => format!("offline, {seconds} s"),
                seconds => format!("offline, next try in {seconds} s"),
            };
            (if tiny { "!" } else { "○" }, words, Meaning::Warn)
        }
        Line::Throttled { until, .. } => match left(*until) {
            0 => ("●", "online".into(), Meaning::Ok),
            seconds => ("!", format!("slow down, {seconds} s"), Meaning::Warn),
        },
        Line::Untrusted { .. } => ("✗", "not trusted".into(), Meaning::Danger),
        Line::SignedOut => ("✗", "signed out".into(), Meaning::Danger),
    }
}

/// What runs, or when the list was read.
fn progress(model: &Model) -> (String, Meaning) {
    if let Some(doing) = doing(model) {
        let changes = model.flying.values();
        let changes = changes.filter(|flying| flying.call.operation().is_change());
        let since = changes.map(|flying| flying.since).min();
        let seconds = since.map_or_else(String::new, |since| seconds(model, since));
        return (
            format!("{} {doing}{seconds}", spinner(model)),
            Meaning::Info,
        );
    }
    if let Some(text) = loading(model) {
        return (text, Meaning::Dim);
    }
    let Some(as_of) = model.groups.listed_at() else {
        return (String::new(), Meaning::Dim);
    };
    let at = clock(as_of, &model.session.time_zone);
    let may_be_old = matches!(
        model.line,
        Line::Offline { .. } | Line::Untrusted { .. } | Line::SignedOut
    );
    if may_be_old || model.groups.index.known().is_none() {
        let passed = model.now.since(as_of);
        let age = if passed.as_secs() < 60 {
            String::new()
        } else {
            format!(", {} ago", age(passed))
        };
        return (format!("loaded {at}{age}"), Meaning::Dim);
    }
    (format!("synced {at}"), Meaning::Dim)
}

/// How far the reading behind the list is: how many names are there, or how many groups were read again,
/// and how long the rest takes. `None` when nothing is left.
fn loading(model: &Model) -> Option<String> {
    let (groups, loading) = (&model.groups, &model.loading);
    let all = groups.count();
    if !matches!(model.line, Line::Online | Line::Throttled { .. }) {
        return None;
    }
    let behind = |flying: &&Flying| flying.origin == Origin::Behind && is_details(flying);
    let flying = || model.flying.values().filter(behind);
    let left = loading.len() + flying().count();
    let is_unnamed = |group: &GroupState| group.details.known().is_none();
    let asked = flying().filter_map(|flying| groups.get(flying.call.group()?));
    // What was never read comes first. What could not be read is no name that is still to come.
    let next = loading.iter().find(|slot| groups.is_stale(*slot));
    let names =
        next.is_some_and(|slot| is_unnamed(groups.at(slot))) || asked.into_iter().any(is_unnamed);
    let (done, what) = if names {
        (groups.named(), "names")
    } else {
        (groups.fresh(), "read again")
    };
    if left == 0 || done == all {
        return None;
    }
    let left = left.min(all - done);
    let progress = format!("{} of {} {what}", number(done), number(all));
    if loading.flow == Flow::Stopped {
        return Some(format!("{progress}, stopped"));
    }
    let left = model
        .reading_time(left)
        .map(|left| format!(", {} left", span(left)));
    let left = left.unwrap_or_default();
    Some(format!("{} {progress}{left}", spinner(model)))
}

fn is_details(flying: &Flying) -> bool {
    flying.call.operation() == Operation::GroupDetails
}

/// Minutes and seconds, and hours where there are any: `0:42`, `1:02:03`.
fn span(span: Duration) -> String {
    let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match hours {
        0 => format!("{minutes}:{:02}", seconds % 60),
        hours => format!("{hours}:{minutes:02}:{:02}", seconds % 60),
    }
}

/// The change that is under way, if one is.
pub(super) fn doing(model: &Model) -> Option<String> {
    let doing = under_way(model)?;
    Some(if model.held.is_empty() {
        doing
    } else {
        format!("waiting: {doing}")
    })
}

fn under_way(model: &Model) -> Option<String> {
    if model.creation.is_some() {
        return Some("creating".into());
    }
    if !model.leaving.is_idle() {
        let (done, all) = model.leaving.progress();
        return Some(if all == 1 {
            "leaving".into()
        } else {
            format!("leaving {done} of {all}")
        });
    }
    let mut running = model
        .groups
        .changing()
        .filter_map(|(_, outbox)| outbox.current());
    let Some(first) = running.next() else {
        return model.messages.is_sending().then(|| "sending".into());
    };
    let more = running.count();
    Some(if more == 0 {
        first.doing()
    } else {
        plural(more + 1, "change")
    })
}

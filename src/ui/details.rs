//! The chosen group: its title, facts and tabs, with the members or the link below.

use ratatui::layout::Rect;

use super::canvas::{Canvas, Labels, pane};
use super::header::reading;
use super::text::{age, cut, date, number, plural, safe, width, wrap};
use super::{card, icon, invite, members, messages};
use crate::app::Model;
use crate::app::groups::GroupState;
use crate::app::layout::Layout;
use crate::app::list::FilterInput;
use crate::app::model::{Pane, Tab};
use crate::app::pointer::Target;
use crate::domain::Clean;
use crate::keymap::{Action, Chord, Context, Key};
use crate::theme::Meaning;

/// Width of the card beside the members.
const CARD: u16 = 27;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let one = model.size.layout() == Layout::One;
    let (name, go, focused) = match model.tab {
        Tab::Members => ("Members", Action::GoMembers, model.pane == Pane::Members),
        Tab::Invite => ("Invite", Action::GoInvite, model.pane == Pane::Invite),
        Tab::Icon => ("Icon", Action::GoIcon, model.pane == Pane::Icon),
        Tab::Messages => ("Messages", Action::GoMessages, model.pane == Pane::Messages),
    };
    let inside = if one {
        area
    } else {
        let people = model.members();
        let filter = filter(model);
        let filtered = filter.is_some_and(|f| f.is_active() || f.typing);
        let mut title = super::titled(model, titled(model, go, name));
        let mut count = String::new();
        if let Some(filter) = filter.filter(|_| filtered) {
            title = format!("{title} /{}", safe(filter.input.text()));
            let all = model
                .group()
                .and_then(GroupState::roster)
                .map_or(0, crate::domain::Roster::count);
            let shown = people.map_or(0, |people| people.rows.len());
            count = if model.tab == Tab::Messages {
                messages::hits(model)
            } else {
                format!("{} of {}", number(shown), number(all))
            };
        }
        let title = super::text::cut(&title, area.width.saturating_sub(10 + width(&count)));
        let labels = Labels {
            title: &title,
            count: &count,
            state: "",
            place: &place(model),
        };
        let inside = pane(canvas, area, &labels, focused);
        if filter.is_some_and(|filter| filter.typing) && focused {
            canvas.place_caret(area.x + 5 + width(&title), area.y);
        }
        inside
    };
    let Some(group) = shown(model) else {
        if let Some(id) = model.messages.composing() {
            // What was being written outlives its group.
            messages::draw(model, canvas, inside, id);
            return;
        }
        let area = super::margin(inside);
        if model.groups.listed_at().is_some() {
            canvas.put(
                area.x,
                area.y + 1,
                area.width,
                "No group is chosen.",
                Meaning::Dim,
            );
        }
        return;
    };
    let y = head(model, canvas, inside, group);
    let below = Rect {
        y,
        height: inside.bottom().saturating_sub(y),
        ..inside
    };
    match model.tab {
        Tab::Invite => invite::draw(model, canvas, below, group),
        Tab::Icon => icon::draw(model, canvas, below, group),
        Tab::Messages => messages::draw(model, canvas, below, &group.id),
        Tab::Members if model.size.layout() == Layout::TwoWithCard => {
            let table = below.width.saturating_sub(CARD + 1);
            members::draw(
                model,
                canvas,
                Rect {
                    width: table,
                    ..below
                },
                group,
            );
            for y in below.top()..below.bottom() {
                canvas.put(below.x + table, y, 1, "│", Meaning::Border);
            }
            let right = Rect {
                x: below.x + table + 1,
                width: CARD,
                ..below
            };
            card::draw(model, canvas, right, group);
        }
        Tab::Members => members::draw(model, canvas, below, group),
    }
}

/// The group in the pane: the one that is being written to, else the chosen one.
fn shown(model: &Model) -> Option<&GroupState> {
    match model.messages.composing() {
        Some(id) => model.groups.get(id),
        None => model.group(),
    }
}

/// The filter of the members, or what is searched for in the messages.
fn filter(model: &Model) -> Option<&FilterInput> {
    match model.tab {
        Tab::Members => model.members().map(|people| &people.filter),
        Tab::Messages => messages::search(model).map(|search| &search.filter),
        Tab::Invite | Tab::Icon => None,
    }
}

/// Where the cursor is among the members.
fn place(model: &Model) -> String {
    match model.members() {
        Some(people) if model.tab == Tab::Members && !people.rows.is_empty() => {
            format!(
                "{} of {}",
                number(people.rows.row() + 1),
                number(people.rows.len())
            )
        }
        Some(_) | None => String::new(),
    }
}

/// Title, facts and tabs; returns the row below them.
fn head(model: &Model, canvas: &mut Canvas<'_>, area: Rect, group: &GroupState) -> u16 {
    let lines = model.size.detail_head();
    let inner = super::margin(area);
    let mut y = area.y;
    if lines.title {
        let role = match model.is_admin_of(group) {
            Some(true) => Some(("★ you are an admin", Meaning::Admin)),
            Some(false) => Some(("you are no admin", Meaning::Dim)),
            None => None,
        };
        let mut room = inner.width;
        let revealed = group.revealed_subject();
        // What a name hides is said first.
        let needed = |role: &str| {
            let told = revealed.as_ref();
            told.map_or(0, |name| {
                width(name) + width(Clean::HIDES) + width(role) + 4
            })
        };
        let role = role.filter(|(text, _)| needed(text) <= room);
        if let Some((text, meaning)) = role {
            canvas.put_right(inner.right(), y, 20, text, meaning);
            room = inner.width.saturating_sub(width(text) + 2);
        }
        if let Some(revealed) = revealed {
            let badge = width(Clean::HIDES);
            let text = cut(&revealed, room.saturating_sub(badge + 2));
            let x = canvas.put(inner.x, y, room, &text, Meaning::Strong) + 2;
            let room = (inner.x + room).saturating_sub(x);
            canvas.put(x, y, room, Clean::HIDES, Meaning::Warn);
        } else {
            canvas.put(inner.x, y, room, &group.name(), Meaning::Strong);
        }
        y += 1;
    }
    if lines.facts {
        let mut right = String::new();
        if let Some((members, admins)) = group.headcount() {
            right = plural(members, "member");
            if inner.width >= 60 {
                right = format!("{right}, {}", plural(admins, "admin"));
            }
            if let Some(as_of) = group.recalled_at() {
                let ago = if inner.width >= 60 { " ago" } else { "" };
                right = format!("{right} · {}{ago}", age(model.now.since(as_of)));
            }
        } else if group.details.is_loading() {
            right = reading(model, Some(&group.id), "loading");
        }
        let zone = &model.session.time_zone;
        let created = group.details.value().and_then(|details| details.created);
        let mut left = group.id.to_string();
        if inner.width >= 60
            && let Some(created) = created
        {
            let with = format!("{left}   created {}", date(created, zone));
            // A date that is cut says nothing.
            if width(&with) + 2 + width(&right) <= inner.width {
                left = with;
            }
        }
        let at = canvas.put_right(inner.right(), y, inner.width, &right, Meaning::Dim);
        canvas.put(
            inner.x,
            y,
            at.saturating_sub(inner.x + 2),
            &left,
            Meaning::Dim,
        );
        y += 1;
    }
    if lines.gap {
        y += 1;
    }
    tabs(
        model,
        canvas,
        Rect {
            x: if lines.title { inner.x } else { area.x },
            y,
            height: 1,
            ..inner
        },
    );
    y += 1;
    if lines.rule {
        canvas.rule(inner.x, y, inner.width);
        y += 1;
    }
    if lines.padding && group.revealed_subject().is_some() {
        // Without a title, the blank row above the list says it.
        let text = format!("{} in the name", Clean::HIDES);
        canvas.put(inner.x, y, inner.width, &text, Meaning::Warn);
    }
    y + u16::from(lines.padding)
}

fn tabs(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let count = model
        .group()
        .and_then(GroupState::headcount)
        .map(|(members, _)| members);
    let wide = area.width >= 60;
    let one = model.size.layout() == Layout::One;
    let to = |go, name: &str| titled(model, go, name);
    let (members, invite) = (
        to(Action::GoMembers, "Members"),
        to(Action::GoInvite, "Invite"),
    );
    let (mem, inv) = (to(Action::GoMembers, "Mem"), to(Action::GoInvite, "Inv"));
    let (icon, ico) = (to(Action::GoIcon, "Icon"), to(Action::GoIcon, "Ico"));
    let counted = match count.filter(|_| wide || one) {
        Some(count) => format!("{members} {}", number(count)),
        None => members.clone(),
    };
    let gap = if wide { 3 } else { 1 };
    let unread = match shown(model).map_or(0, |group| messages::unread(model, &group.id)) {
        0 => String::new(),
        unread => format!(" •{}", number(unread)),
    };
    let long = to(Action::GoMessages, "Messages") + &unread;
    let short = to(Action::GoMessages, "Msg") + &unread;
    let shortest = format!("Msg{unread}");
    // The count of members goes first, then the ends of the words; what is unread never does.
    let labels = [
        [counted.as_str(), &invite, &icon, &long],
        [&members, &invite, &icon, &long],
        [&members, &inv, &icon, &short],
        [&mem, &inv, &ico, &short],
        // Keys of the user's own may be long.
        ["Mem", "Inv", "Ico", &shortest],
    ];
    let needed = |labels: &[&str; 4], gap: u16| {
        let words: u16 = labels.iter().map(|label| width(label) + 2).sum();
        // The blank behind the last one may go.
        words + 3 * gap - u16::from(model.tab != Tab::Messages)
    };
    let [.., shortest] = labels;
    let (labels, gap) = labels
        .into_iter()
        .flat_map(|labels| [(labels, gap), (labels, 0)])
        .find(|(labels, gap)| needed(labels, *gap) <= area.width)
        .unwrap_or((shortest, 0));
    let filter = filter(model).filter(|filter| {
        let focused = matches!(model.pane, Pane::Members | Pane::Messages);
        one && focused && (filter.is_active() || filter.typing)
    });
    let mut x = area.x;
    let tabs = [Tab::Members, Tab::Invite, Tab::Icon, Tab::Messages];
    for (tab, label) in tabs.into_iter().zip(labels) {
        let room = area.right().saturating_sub(x);
        if model.tab == tab || filter.is_none() {
            let place = Rect::new(x, area.y, room.min(width(label) + 2), 1);
            canvas.answers(place, Target::Act(leads_to(tab)));
        }
        if model.tab == tab {
            x = canvas.put_bold(x, area.y, room, &format!("[{label}]"), Meaning::Accent) + gap;
        } else if filter.is_none() {
            let end = canvas.put(x, area.y, room, &format!(" {label} "), Meaning::Dim);
            if tab == Tab::Messages && !unread.is_empty() {
                let cells = width(&unread);
                let mark = end.saturating_sub(cells + 1);
                canvas.put_bold(mark, area.y, cells, &unread, Meaning::Accent);
            }
            x = end + gap;
        }
    }
    // Without a frame for it, the filter takes the place of the other tabs.
    if let Some(filter) = filter {
        x += 1 - gap.min(1);
        let mut room = area.right().saturating_sub(x);
        if model.pane == Pane::Messages {
            let hits = messages::hits(model);
            let at = canvas.put_right(area.right(), area.y, room / 2, &hits, Meaning::Dim);
            room = at.saturating_sub(x + u16::from(!hits.is_empty()));
        }
        let words = format!("/{}", safe(filter.input.text()));
        let x = canvas.put(x, area.y, room, &words, Meaning::Accent);
        if filter.typing {
            canvas.place_caret(x.min(area.right().saturating_sub(1)), area.y);
        }
    }
}

/// What a click on a tab does.
fn leads_to(tab: Tab) -> Action {
    match tab {
        Tab::Members => Action::GoMembers,
        Tab::Invite => Action::GoInvite,
        Tab::Icon => Action::GoIcon,
        Tab::Messages => Action::GoMessages,
    }
}

/// The title of a pane, behind the key that leads there: its number, where it has one.
pub(super) fn titled(model: &Model, go: Action, name: &str) -> String {
    let is_number = |chord: &&Chord| {
        let key = chord.single().and_then(Key::typed);
        key.is_some_and(|c| c.is_ascii_digit())
    };
    let keys = &model.session.keys;
    let number = keys.keys_of(Context::Groups, go).find(is_number);
    let key = number.or_else(|| keys.key_of(Context::Groups, go));
    key.map_or_else(|| name.to_owned(), |key| format!("{key} {name}"))
}

/// What can be done where something could not be read.
pub(super) const TRY_AGAIN: [(Action, &str); 2] = [
    (Action::Refresh, "try again"),
    (Action::GoActivity, "details"),
];

/// Keys of actions with words beside them; an action without a key is left out.
pub(super) fn taught<'a>(model: &Model, offers: &[(Action, &'a str)]) -> Vec<(String, &'a str)> {
    let key = |action| model.session.keys.key_of(model.context(), action);
    let offers = offers.iter();
    offers
        .filter_map(|(action, words)| Some((key(*action)?.to_string(), *words)))
        .collect()
}

/// The same in one row.
pub(super) fn in_a_row(model: &Model, offers: &[(Action, &str)]) -> String {
    let keys = taught(model, offers).into_iter();
    let keys: Vec<String> = keys.map(|(key, words)| format!("{key} {words}")).collect();
    keys.join("   ")
}

/// Cells for a column of keys, `least` where they are short.
pub(super) fn key_column<'a>(keys: impl Iterator<Item = &'a str>, least: u16) -> u16 {
    keys.map(|key| width(key) + 1).fold(least, u16::max)
}

/// A state instead of rows: a sentence, a reason, and the keys that help.
pub(super) fn notice(
    canvas: &mut Canvas<'_>,
    area: Rect,
    lines: &[(String, Meaning)],
    keys: &[(String, &str)],
    focused: bool,
) {
    let column = key_column(keys.iter().map(|(key, _)| key.as_str()), 4);
    let area = super::margin(area);
    let mut y = area.y + u16::from(area.height > 6);
    if focused {
        canvas.begin_reading(area.x, y);
    }
    for (text, meaning) in lines {
        for line in wrap(text, area.width) {
            if y < area.bottom() {
                canvas.put(area.x, y, area.width, &line, *meaning);
            }
            y += 1;
        }
    }
    y += 1;
    for (key, what) in keys {
        if y < area.bottom() {
            canvas.answer_hints(area.x, y, area.width, key);
            canvas.put(area.x, y, column, key, Meaning::Strong);
            canvas.put(
                area.x + column,
                y,
                area.width.saturating_sub(column),
                what,
                Meaning::Dim,
            );
        }
        y += 1;
    }
}

//! The two lowest rows: what is going on, and what can be done here.

mod dialogs;

use std::fmt::Write as _;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::regions::key_named;
use super::text::{age, capital, clock, plural, width};
use crate::app::Model;
use crate::app::activity::{RequestState, RowId, What};
use crate::app::dialog::{Button, Dialog, FormState};
use crate::app::invitations::Run;
use crate::app::layout::Layout;
use crate::app::line::Line;
use crate::app::model::{CodeSize, Pane};
use crate::app::past::Reading;
use crate::app::pointer::Target;
use crate::app::update::{can_tell, disabled};
use crate::domain::journal::Entry;
use crate::keymap::{Action, Chord, Context, footer};
use crate::theme::{Meaning, Theme};

/// What a key does that opens the composer.
pub(super) const WRITE: &str = "write";

/// Columns from which the key of the commands is always shown.
const WITH_COMMANDS: u16 = 110;

pub(super) fn draw(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let one = model.size.layout() == Layout::One;
    let pad = u16::from(!one);
    let bottom = Rect {
        x: area.x + pad,
        y: area.bottom().saturating_sub(1),
        width: area.width.saturating_sub(2 * pad),
        height: 1,
    };
    let above = Rect {
        y: bottom.y.saturating_sub(1),
        ..bottom
    };
    let status = model.size.has_status().then_some(above);
    if let Some(Dialog::Line(question)) = &model.dialog {
        line_question(canvas, status.unwrap_or(bottom), &question.text);
        return;
    }
    if let Some(place) = status {
        let (text, meaning) = state(model);
        canvas.put(place.x, place.y, place.width, &text, meaning);
    }
    let mut room = bottom;
    // What is written may have a `?` in it.
    if model.dialog.is_none() && model.messages.composing().is_none() {
        let key = model.way_to(Action::Help);
        let words = Action::Help.hint();
        let help = format!("{key} {words}");
        let x = bottom.right().saturating_sub(width(&help));
        canvas.answer_hints(x, bottom.y, width(&help), &help);
        let after = canvas.put(x, bottom.y, width(&key), &key, Meaning::Strong);
        canvas.put(after + 1, bottom.y, width(words), words, Meaning::Dim);
        room.width = x.saturating_sub(bottom.x + 2);
        if area.width >= WITH_COMMANDS {
            room.width = commands(model, canvas, x, bottom);
        }
    }
    if status.is_none()
        && model.dialog.is_none()
        && let Some(text) = marked(model)
    {
        let x = canvas.put(room.x, room.y, room.width, &text, Meaning::Dim) + 2;
        room = Rect {
            x,
            width: room.right().saturating_sub(x),
            ..room
        };
    }
    let offers = offers(model, &canvas.theme);
    hints(canvas, room, &offers);
}

/// The key of the commands before column `end`; returns the room that is left of it.
fn commands(model: &Model, canvas: &mut Canvas<'_>, end: u16, area: Rect) -> u16 {
    let keys = &model.session.keys;
    let Some(key) = keys.keys_of(model.context(), Action::Commands).next() else {
        return end.saturating_sub(area.x + 2);
    };
    let (key, words) = (key.to_string(), Action::Commands.hint());
    let x = end.saturating_sub(width(&key) + 1 + width(words) + 3);
    let next = canvas.put(x, area.y, width(&key), &key, Meaning::Strong);
    canvas.put(next + 1, area.y, width(words), words, Meaning::Dim);
    x.saturating_sub(area.x + 2)
}

/// A question in one line with its two answers; where they do not fit beside it, they stand below it.
fn line_question(canvas: &mut Canvas<'_>, row: Rect, text: &str) {
    let answers = pairs(&[("enter", "yes"), ("esc", "no")]);
    let fits = width(text) + 3 + width("enter yes   esc no") <= row.width;
    let question = if fits || row.y == 0 {
        row
    } else {
        let above = Rect {
            y: row.y - 1,
            ..row
        };
        canvas.clear(above);
        above
    };
    let x = canvas.put_bold(question.x, question.y, question.width, text, Meaning::Warn);
    canvas.place_caret(x.min(question.right().saturating_sub(1)), question.y);
    let beside = Rect {
        x: x + 3,
        width: row.right().saturating_sub(x + 3),
        ..row
    };
    hints(canvas, if fits { beside } else { row }, &answers);
}

/// Whole hints only, from the left.
pub(super) fn hints(canvas: &mut Canvas<'_>, area: Rect, offers: &[(String, String)]) {
    let gap = if area.width >= 60 { 3 } else { 2 };
    let mut x = area.x;
    for (key, words) in offers {
        let key = canvas.key_names(key).into_owned();
        let needed = width(&key) + 1 + width(words);
        if x + needed > area.right() {
            // A later, shorter hint must not jump the queue.
            break;
        }
        if let Some(key) = key_named(&key) {
            let place = Rect::new(x, area.y, needed, 1);
            canvas.answers(place, Target::Key(key));
        }
        x = canvas.put(x, area.y, needed, &key, Meaning::Strong);
        x = canvas.put(x + 1, area.y, needed, words, Meaning::Dim) + gap;
    }
}

/// Keys and words for [`hints`].
pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, words)| ((*key).to_owned(), (*words).to_owned()))
        .collect()
}

/// What the footer offers at the moment, most useful first.
pub(super) fn offers(model: &Model, theme: &Theme) -> Vec<(String, String)> {
    match &model.dialog {
        None => {}
        Some(dialog) => return dialogs::in_dialog(model, dialog),
    }
    if model.messages.composing().is_some() {
        return super::composer::offers(model);
    }
    let typing = match model.pane {
        Pane::Groups => model.list.filter.typing,
        Pane::Members => model.members().is_some_and(|people| people.filter.typing),
        Pane::Activity => model.activity.filter.typing,
        Pane::Inbox => model.inbox.filter.typing,
        Pane::Messages => super::messages::search(model).is_some_and(|search| search.filter.typing),
        Pane::Invite | Pane::Icon => false,
    };
    if typing && model.pane == Pane::Messages {
        return pairs(&[("type", "to search"), ("enter", "keep"), ("esc", "clear")]);
    }
    if typing {
        return while_typing(model);
    }
    let context = model.context();
    if !model.chord.is_empty() {
        return pending(model);
    }
    let mut offers: Vec<(String, String)> = Vec::new();
    if model.pane == Pane::Groups
        && model.list.filter.is_active()
        && model.list.rows.marks().is_empty()
    {
        offers.extend(pairs(&[("esc", "clear filter")]));
    }
    for action in footer(context) {
        if disabled(model, *action).is_some() || !is_useful(model, theme, *action) {
            continue;
        }
        let Some(key) = model.session.keys.keys_of(context, *action).next() else {
            continue;
        };
        let words = match (model.pane, *action) {
            (_, Action::GoInvite) => "invite link",
            (Pane::Activity, Action::Refresh) if doubt(model).is_some() => "look again",
            (_, Action::TakeUp) => super::messages::enter_words(model),
            (Pane::Messages, Action::Undo) => "take back",
            (Pane::Messages, Action::Last) => "newest",
            (Pane::Messages, Action::Back) => super::messages::back_words(model),
            (Pane::Activity | Pane::Inbox | Pane::Messages, Action::Refresh) => "try again",
            (Pane::Inbox, Action::ShowWhole) if model.inbox.whole().is_some() => "list",
            (Pane::Inbox, Action::NextTab) => "next part",
            (_, Action::BiggerCode) if model.code.size == CodeSize::Double => "smaller",
            (_, Action::InviteByMessage) if results(model).is_some() => "invitations",
            _ => action.hint(),
        };
        offers.push((key.to_string(), words.to_owned()));
    }
    offers
}

/// What can follow on keys that begin something.
fn pending(model: &Model) -> Vec<(String, String)> {
    let (keys, context) = (&model.session.keys, model.context());
    let mut offers: Vec<(String, String)> = keys
        .following(context, &model.chord)
        .into_iter()
        .map(|(rest, action)| (rest.to_string(), action.hint().to_owned()))
        .collect();
    offers.extend(pairs(&[("esc", "give up")]));
    offers
}

/// The invitations to the chosen group.
fn results(model: &Model) -> Option<&Run> {
    model.invitations.of(&model.group()?.id)
}

/// The same while a filter is being typed.
fn while_typing(model: &Model) -> Vec<(String, String)> {
    let people = model.members().filter(|_| model.pane == Pane::Members);
    let rows = match (people, model.pane) {
        (Some(people), _) => people.rows.len(),
        (None, Pane::Activity) => model.activity.rows().len(),
        (None, Pane::Inbox) => model.inbox.rows().len(),
        (None, Pane::Groups | Pane::Members | Pane::Invite | Pane::Icon | Pane::Messages) => {
            model.list.rows.len()
        }
    };
    let mut keys = Vec::new();
    if people.is_some_and(crate::app::people::People::is_number_typed) {
        // A number that was found can be acted on without leaving the field.
        // A field takes one key at a time.
        let single = |action| {
            let mut chords = model.session.keys.keys_of(Context::Members, action);
            chords.find_map(Chord::single)
        };
        for action in [
            Action::Promote,
            Action::Demote,
            Action::Remove,
            Action::Mark,
        ] {
            let is_useful = action != Action::Mark || rows > 0;
            if let Some(key) = single(action)
                && is_useful
                && disabled(model, action).is_none()
            {
                keys.push((key.to_string(), action.hint().to_owned()));
            }
        }
        keys.extend(pairs(&[("enter", "keep"), ("esc", "clear")]));
        return keys;
    }
    keys.extend(pairs(&[
        ("type", "to filter"),
        ("enter", "keep"),
        ("esc", "clear"),
    ]));
    if rows > 1 {
        keys.extend(pairs(&[("↑ ↓", "choose")]));
    }
    keys
}

/// Whether an action that is not disabled does anything here and now: with nothing in a list there
/// is nothing to mark, and only a failed request is tried again.
fn is_useful(model: &Model, theme: &Theme, action: Action) -> bool {
    let rows = match model.pane {
        Pane::Groups => model.list.rows.len(),
        Pane::Members => model.members().map_or(0, |people| people.rows.len()),
        Pane::Activity => model.activity.rows().len(),
        Pane::Inbox => model.inbox.rows().len(),
        Pane::Invite | Pane::Icon | Pane::Messages => 0,
    };
    let filtered = match model.pane {
        Pane::Groups => model.list.filter.is_active(),
        Pane::Members => model
            .members()
            .is_some_and(|people| people.filter.is_active()),
        Pane::Activity => model.activity.filter.is_active(),
        Pane::Inbox => model.inbox.filter.is_active(),
        Pane::Invite | Pane::Icon | Pane::Messages => false,
    };
    match (model.pane, action) {
        (_, Action::Mark | Action::MarkRange | Action::MarkAll) => rows > 0,
        (_, Action::Filter) => rows > 0 || filtered,
        (_, Action::Sort) => rows > 1,
        (_, Action::Find) => model.groups.count() > 0,
        (_, Action::GoInvite) => model.group().is_some(),
        (Pane::Inbox, Action::NextTab) => model.inbox.total() > 0,
        (Pane::Inbox, Action::Refresh) => super::inbox::has_failed(model),
        (_, Action::RefreshAll) => !model.groups.index.is_loading(),
        (Pane::Invite, _) => super::invite::works(model, theme, action),
        (Pane::Activity, Action::Refresh) if doubt(model).is_some() => {
            doubt(model).is_some_and(|doubt| can_tell(model, doubt))
        }
        (Pane::Messages, Action::Refresh) => super::messages::can_try_again(model),
        (Pane::Messages, Action::Last) => super::messages::is_up(model),
        // Where enter does the same, it is said once.
        (Pane::Messages, Action::TakeUp) => super::messages::enter_words(model) != WRITE,
        (Pane::Activity, Action::Refresh) => current_request(model).is_some_and(|state| {
            matches!(
                state,
                RequestState::Cancelled
                    | RequestState::Ended {
                        failure: Some(_),
                        ..
                    }
            )
        }),
        (Pane::Activity, Action::CancelCall) => {
            current_request(model).is_some_and(|state| matches!(state, RequestState::Running(_)))
        }
        _ => true,
    }
}

/// The change under the cursor of Activity, when nobody knows its end.
fn doubt(model: &Model) -> Option<&Entry> {
    match model.activity.current()? {
        RowId::Change(id) => model.journal.doubts.get(id),
        RowId::Now(_) => None,
    }
}

/// The request under the cursor of Activity.
fn current_request(model: &Model) -> Option<&RequestState> {
    let RowId::Now(id) = model.activity.current()? else {
        return None;
    };
    match &model.activity.get(id)?.what {
        What::Request { state, .. } => Some(state),
        What::Notice(..) => None,
    }
}

/// How many things are marked, and how many of them cannot be seen.
fn marked(model: &Model) -> Option<String> {
    let (marks, hidden, admins) = match model.pane {
        Pane::Groups => {
            let rows = &model.list.rows;
            if rows.range().is_some() {
                return Some(range(model));
            }
            (rows.marks().len(), rows.hidden_marks(), 0)
        }
        Pane::Members => {
            let people = model.members()?;
            if people.rows.range().is_some() {
                return Some(range(model));
            }
            let roster = model
                .group()
                .and_then(crate::app::groups::GroupState::roster);
            let is_admin = |id: &&crate::domain::WaId| roster.is_some_and(|r| r.is_admin(id));
            let admins = people.rows.marks().iter().filter(is_admin).count();
            (
                people.rows.marks().len(),
                people.rows.hidden_marks(),
                admins,
            )
        }
        Pane::Invite | Pane::Icon | Pane::Messages | Pane::Activity | Pane::Inbox => return None,
    };
    if marks == 0 {
        return None;
    }
    let mut text = format!("{marks} marked");
    if hidden > 0 {
        let _ = write!(text, ", {hidden} hidden");
    }
    if admins > 0 && model.size.has_status() {
        let are = if admins == 1 {
            "is an admin"
        } else {
            "are admins"
        };
        let _ = write!(text, ", {admins} of them {are}");
    }
    Some(text)
}

fn range(model: &Model) -> String {
    format!("Range: move, then {}", model.way_to(Action::MarkRange))
}

/// What the connection keeps the user from, if anything.
fn connection(model: &Model) -> Option<(String, Meaning)> {
    let (text, meaning) = match &model.line {
        Line::Offline { .. } if model.groups.listed_at().is_some() => (
            "! Offline. What is shown may be out of date; changes may fail.",
            Meaning::Warn,
        ),
        Line::Offline { .. } => ("! Offline. Nothing could be loaded yet.", Meaning::Warn),
        Line::Untrusted { .. } => {
            let again = model.way_to(Action::RefreshAll);
            let text =
                format!("✗ Certificate not accepted. Nothing is read until you press {again}.");
            return Some((text, Meaning::Danger));
        }
        Line::SignedOut => (
            "✗ Signed out. Nothing is sent until you connect again.",
            Meaning::Danger,
        ),
        Line::Online | Line::Throttled { .. } => return None,
    };
    Some((text.into(), meaning))
}

fn state(model: &Model) -> (String, Meaning) {
    if model.dialog.is_none() && !model.chord.is_empty() {
        let keys: Vec<String> = model.chord.iter().map(ToString::to_string).collect();
        return (format!("{} …", keys.join(" ")), Meaning::Info);
    }
    match &model.dialog {
        Some(Dialog::Confirm(confirm)) if confirm.word.is_none() => {
            let says = match confirm.focus {
                Button::Cancel => "Cancel has the focus: enter changes nothing".into(),
                Button::Act => format!("The focus is on {}: enter does it", confirm.button),
            };
            return (says, Meaning::Dim);
        }
        Some(Dialog::Create(form) | Dialog::Rename(_, form))
            if form.state == FormState::Sending =>
        {
            return (
                "Sent; esc hides the form, the result is told".into(),
                Meaning::Dim,
            );
        }
        Some(_) | None => {}
    }
    let running = model
        .groups
        .changing()
        .find_map(|(slot, outbox)| Some((slot, outbox.current()?.progress()?)))
        .filter(|(_, (_, _, all))| *all > 1);
    if let Some((slot, (verb, done, all))) = running {
        let group = model.groups.at(slot);
        let gauge = gauge(done, all, 12);
        let doing = super::text::plural(all, "member");
        let verb = verb.doing();
        let what = format!("{verb} {doing} in {}", group.name());
        let text = format!("{}  {gauge}  {done} of {all}", capital(&what));
        return (text, Meaning::Info);
    }
    if let Some(text) = inviting(model) {
        return (text, Meaning::Info);
    }
    if let Some(state) = connection(model) {
        return state;
    }
    if let Some(text) = marked(model) {
        return (text, Meaning::Text);
    }
    let doubts = model.journal.doubts.len();
    // Where its list stands, that one says it, or says more.
    let is_told = match model.pane {
        Pane::Activity => true,
        Pane::Messages => super::messages::is_held(model),
        Pane::Groups | Pane::Members | Pane::Invite | Pane::Icon | Pane::Inbox => false,
    };
    if doubts > 0 && !is_told {
        let activity = model.way_to(Action::GoActivity);
        let text = match doubts {
            1 => format!("! Nobody knows what became of 1 change: {activity} shows it"),
            many => {
                format!("! Nobody knows what became of {many} changes: {activity} shows them")
            }
        };
        return (text, Meaning::Warn);
    }
    match model.pane {
        Pane::Activity => activity(model),
        Pane::Inbox => super::inbox::status(model),
        Pane::Groups | Pane::Members | Pane::Invite | Pane::Icon | Pane::Messages => pane(model),
    }
}

fn activity(model: &Model) -> (String, Meaning) {
    if let Reading::Failed(why) = model.activity.past.reading() {
        let text = format!("! Earlier changes cannot be read: {why}");
        return (text, Meaning::Warn);
    }
    let rows = model.activity.rows().len();
    let text = plural(rows, "entry").replace("entrys", "entries");
    (text, Meaning::Dim)
}

/// How old what is shown of the chosen group is.
fn pane(model: &Model) -> (String, Meaning) {
    let Some(group) = model.group() else {
        return (String::new(), Meaning::Dim);
    };
    let zone = &model.session.time_zone;
    let name = group.name();
    if model.pane == Pane::Invite {
        return match group.invite.known() {
            Some(known) => (
                format!(
                    "Invite link of {name} · fetched {}",
                    clock(known.as_of, zone)
                ),
                Meaning::Dim,
            ),
            None => (format!("Invite link of {name}"), Meaning::Dim),
        };
    }
    if model.pane == Pane::Messages {
        return super::messages::status(model);
    }
    if model.pane == Pane::Icon {
        return match group.icon.known() {
            Some(known) => (
                format!("Icon of {name} · loaded {}", clock(known.as_of, zone)),
                Meaning::Dim,
            ),
            None => (format!("Icon of {name}"), Meaning::Dim),
        };
    }
    let loaded = |as_of| {
        let at = clock(as_of, zone);
        match group.recalled_at() {
            Some(as_of) => format!("{at}, {} ago", age(model.now.since(as_of))),
            None => at,
        }
    };
    match (group.details.known(), group.details.failure()) {
        (Some(known), Some(why)) => (
            format!(
                "! {name} · loaded {}, not refreshed: {}",
                loaded(known.as_of),
                why.why()
            ),
            Meaning::Warn,
        ),
        (Some(known), None) => (
            format!("{name} · details loaded {}", loaded(known.as_of)),
            Meaning::Dim,
        ),
        (None, Some(why)) => (format!("✗ {name} · {}", why.why()), Meaning::Danger),
        (None, None) => (name, Meaning::Dim),
    }
}

/// How far the invitations are.
fn inviting(model: &Model) -> Option<String> {
    let (group, done, all) = model.invitations.progress()?;
    let (gauge, name) = (gauge(done, all, 12), model.groups.name(group));
    let who = if all == 1 { "person" } else { "people" };
    Some(format!(
        "Inviting {all} {who} to {name}  {gauge}  {done} of {all}"
    ))
}

/// A bar of `room` steps.
pub(super) fn gauge(done: usize, all: usize, room: usize) -> String {
    let full = (done * room).checked_div(all).unwrap_or(0).min(room);
    "▰".repeat(full) + &"▱".repeat(room - full)
}

//! The commands and the menu of actions: everything by its name, from anywhere, and what can be done here
//! under its own key. Neither does anything itself: both hand an action on, which asks what it always asks.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "few actions are special among a hundred; their own words and reasons name each of them"
)]

use std::cmp::Reverse;

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::app::dialog::{CommandLine, Commands, Dialog, HelpLine};
use crate::app::effect::Effects;
use crate::app::layout::Extent;
use crate::app::loading::Flow;
use crate::app::model::{Model, Pane};
use crate::app::people::People;
use crate::app::toasts::Level;
use crate::domain::Masking;
use crate::domain::plain;
use crate::keymap::{Action, Code, Key, Section};

use super::{actions, activity, ask, copy, inbox};

/// How well a command matches what was typed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The letters stand in it in this order, or the words somewhere in its description.
    Somehow,
    /// A word of its short name begins so.
    Short,
    /// A word of its title begins so.
    Title,
    /// It is its short name in the footer.
    Hint,
    /// It is its name.
    Name,
}

/// What can be done to things comes before what moves about between them.
const ORDER: [Section; 9] = [
    Section::Groups,
    Section::Members,
    Section::Invite,
    Section::Icon,
    Section::Messages,
    Section::Activity,
    Section::Inbox,
    Section::Everywhere,
    Section::Lists,
];

/// The commands that match what is typed. The one of just that name stands first; then what can run
/// before what cannot, the better match before the worse one, and what was run last before the rest.
pub fn lines(model: &Model, commands: &Commands) -> Vec<CommandLine> {
    let typed = folded(commands.input.text().trim().trim_start_matches(':'));
    let mut search = Search::new(typed);
    let home = model.context().section();
    let order = std::iter::once(home).chain(ORDER.into_iter().filter(|of| *of != home));
    let all = order.flat_map(|section| {
        let own = Action::ALL.iter().copied();
        own.filter(move |action| action.section() == section && action.is_command())
    });
    let mut found = Vec::new();
    for (place, action) in all.enumerate() {
        let title = title(model, action);
        let Some((fit, score)) = search.fit(action, &title) else {
            continue;
        };
        let disabled = why_not(model, action);
        let recent = model.recent.iter().position(|recent| *recent == action);
        let rank = (
            fit != Fit::Name,
            disabled.is_some(),
            Reverse(fit),
            recent.unwrap_or(usize::MAX),
            Reverse(score),
            place,
        );
        let line = CommandLine {
            action,
            title,
            key: key_of(model, action),
            disabled,
        };
        found.push((rank, line));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, line)| line).collect()
}

/// How many commands there are.
pub fn count() -> usize {
    Action::ALL
        .iter()
        .filter(|action| action.is_command())
        .count()
}

/// A text for comparing: without case, accents and dots, and with blanks for dashes.
fn folded(text: &str) -> String {
    let text = plain(text).replace('-', " ");
    text.trim_end_matches('…').trim_end().to_owned()
}

/// What was typed, ready to be found.
struct Search {
    typed: String,
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

impl Search {
    fn new(typed: String) -> Self {
        let pattern = Pattern::new(
            &typed,
            CaseMatching::Ignore,
            Normalization::Smart,
            AtomKind::Fuzzy,
        );
        Self {
            typed,
            pattern,
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
        }
    }

    fn fit(&mut self, action: Action, title: &str) -> Option<(Fit, u32)> {
        if self.typed.is_empty() {
            return Some((Fit::Somehow, 0));
        }
        let (name, hint) = (folded(action.name()), folded(action.hint()));
        // What turns both ways is found by where it leads now: who types «hide» never shows.
        let turns = action == Action::HideNumbers;
        let general = folded(action.title());
        let titles = [Some(folded(title)), (!turns).then_some(general)];
        let begins = |text: &str| format!(" {text}").contains(&format!(" {}", self.typed));
        let score = titles
            .iter()
            .flatten()
            .filter_map(|text| {
                let text = Utf32Str::new(text, &mut self.buffer);
                self.pattern.score(text, &mut self.matcher)
            })
            .max();
        if turns {
            let fit = if titles.iter().flatten().any(|text| begins(text)) {
                Fit::Title
            } else {
                Fit::Somehow
            };
            return score.map(|score| (fit, score));
        }
        let described = || {
            let text = format!("{} {}", action.section().title(), action.help()).to_lowercase();
            self.typed
                .split_whitespace()
                .all(|word| word.chars().count() > 2 && text.contains(word))
        };
        let fit = if name == self.typed {
            Fit::Name
        } else if hint == self.typed {
            Fit::Hint
        } else if titles.iter().flatten().any(|text| begins(text)) {
            Fit::Title
        } else if begins(&name) || begins(&hint) {
            Fit::Short
        } else if score.is_some() || described() {
            Fit::Somehow
        } else {
            return None;
        };
        Some((fit, score.unwrap_or(0)))
    }
}

/// The name of an action with what it is about, where that is known.
fn title(model: &Model, action: Action) -> String {
    let marked = |count: usize, what: &str| match count {
        1 => format!("1 marked {what}"),
        many => format!("{many} marked {what}s"),
    };
    let verb = match action {
        Action::HideNumbers if model.numbers == Masking::Masked => "Show phone numbers",
        Action::FullScreen if model.extent == Extent::Whole => "Leave full screen",
        Action::PauseReading if model.loading.flow == Flow::Stopped => "Go on reading names",
        Action::Leave if !model.list.rows.marks().is_empty() => {
            let groups = marked(model.list.rows.marks().len(), "group");
            return format!("Leave {groups}…");
        }
        Action::Remove => "Remove",
        Action::Promote => "Promote",
        Action::Demote => "Demote",
        Action::CopyNumbers => "Copy numbers of",
        other => return other.title().to_owned(),
    };
    let dots = if matches!(action, Action::Remove | Action::Demote) {
        "…"
    } else {
        ""
    };
    let people = model.members();
    let marks = people.map_or(0, |people| people.rows.marks().len());
    match people.map(People::targets).as_deref() {
        _ if matches!(
            action,
            Action::HideNumbers | Action::FullScreen | Action::PauseReading
        ) =>
        {
            verb.to_owned()
        }
        _ if marks > 0 => format!("{verb} {}{dots}", marked(marks, "member")),
        // Whom the cursor stands on is only seen there.
        Some([one]) if model.pane == Pane::Members && action != Action::CopyNumbers => {
            format!("{verb} {}{dots}", one.pretty())
        }
        Some(_) | None => action.title().to_owned(),
    }
}

/// Why a command cannot run now; `None` when it can. One of another pane leads there first.
fn why_not(model: &Model, action: Action) -> Option<String> {
    let pane = match way(model, action) {
        Way::Here => return ask::disabled(model, action),
        Way::Nowhere => return Some("works in Groups and Members".into()),
        Way::To(pane) => pane,
    };
    let of_group = matches!(
        pane,
        Pane::Members | Pane::Invite | Pane::Icon | Pane::Messages
    );
    if of_group && model.selected().is_none() {
        return Some("there is no group here".into());
    }
    match action {
        // Which row they are about is only known there.
        Action::Unfold | Action::CopyEntry => None,
        Action::Settle => model
            .journal
            .doubts
            .is_empty()
            .then(|| "what became of every change is known".into()),
        Action::ShowWhole | Action::CopyReceived | Action::CopyReport | Action::OpenReceived => {
            (model.inbox.total() == 0).then(|| "the Inbox is empty".into())
        }
        // From the Inbox, too, it leads to the chosen group.
        Action::Write => model
            .group()
            .and_then(|group| super::messages::why_not(model, &group.id)),
        _ => ask::disabled(model, action),
    }
}

/// Where an action can be carried out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Where one is.
    Here,
    /// In this pane, which is gone to.
    To(Pane),
    /// In no pane that is known beforehand.
    Nowhere,
}

fn way(model: &Model, action: Action) -> Way {
    let here = model.context();
    let mut keys = model.session.keys.keys_of(here, action);
    // What is at home here works here, also where the user took its keys away.
    if action.section() == here.section() || keys.next().is_some() {
        return Way::Here;
    }
    match action.section() {
        Section::Everywhere | Section::Move => Way::Here,
        Section::Lists => Way::Nowhere,
        Section::Groups => Way::To(Pane::Groups),
        Section::Members => Way::To(Pane::Members),
        Section::Invite => Way::To(Pane::Invite),
        Section::Icon => Way::To(Pane::Icon),
        Section::Messages => Way::To(Pane::Messages),
        Section::Activity => Way::To(Pane::Activity),
        Section::Inbox => Way::To(Pane::Inbox),
    }
}

/// The key to teach for an action: the one here, else the one at home.
fn key_of(model: &Model, action: Action) -> String {
    let keys = &model.session.keys;
    let here = keys.keys_of(model.context(), action).next();
    let key = here.or_else(|| keys.keys_of(action.section().home(), action).next());
    key.map(ToString::to_string).unwrap_or_default()
}

/// What the commands would be about: the chosen group, and how many of its people, or of the groups, are
/// marked.
pub fn from(model: &Model) -> String {
    let marked = |count: usize| match count {
        0 => String::new(),
        count => format!(", {count} marked"),
    };
    let pane = match model.pane {
        Pane::Activity | Pane::Inbox => return model.pane.name().to_owned(),
        pane => pane,
    };
    if pane == Pane::Groups && !model.list.rows.marks().is_empty() {
        return format!("Groups{}", marked(model.list.rows.marks().len()));
    }
    let Some(group) = model.group() else {
        return pane.name().to_owned();
    };
    let marks = model
        .members()
        .map_or(0, |people| people.rows.marks().len());
    format!("{}{}", group.name(), marked(marks))
}

/// Runs the chosen command, or says why it cannot run.
pub(super) fn run(model: &mut Model) -> Effects {
    let Some(Dialog::Commands(commands)) = &model.dialog else {
        return Effects::none();
    };
    let Some(line) = lines(model, commands).into_iter().nth(commands.row) else {
        return Effects::none();
    };
    if let Some(why) = line.disabled {
        model.tell(Level::Hint, copy::capital(&why), vec![]);
        return Effects::none();
    }
    model.dialog = None;
    remember(model, line.action);
    let Way::To(pane) = way(model, line.action) else {
        return actions::act(model, line.action);
    };
    let effects = actions::go(model, pane);
    // Their rows are arranged when they are looked at: which one is chosen is known only then.
    match pane {
        Pane::Activity => activity::arrange(model),
        Pane::Inbox => inbox::arrange(model),
        Pane::Groups | Pane::Members | Pane::Invite | Pane::Icon | Pane::Messages => {}
    }
    effects.and(actions::act(model, line.action))
}

/// What was run stands first the next time.
fn remember(model: &mut Model, action: Action) {
    model.recent.retain(|recent| *recent != action);
    model.recent.insert(0, action);
}

// ---- the menu

/// What can be done here, with the key of each: the pane's own first. What closes the menu is left out.
pub fn lines_here(model: &Model) -> Vec<(Section, HelpLine)> {
    let (keys, here) = (&model.session.keys, model.context());
    let home = here.section();
    let last = [Section::Lists, Section::Everywhere];
    let others = ORDER
        .into_iter()
        .filter(|of| *of != home && !last.contains(of));
    let order = std::iter::once(home).chain(others).chain(last);
    let closes = [
        Action::Actions,
        Action::Back,
        Action::Interrupt,
        Action::Quit,
    ];
    order
        .flat_map(|section| Action::ALL.iter().map(move |action| (section, *action)))
        .filter(|(section, action)| action.section() == *section && action.is_command())
        .filter(|(_, action)| !closes.contains(action))
        .filter_map(|(section, action)| {
            let key = keys.keys_of(here, action).next()?;
            let line = HelpLine {
                action,
                words: title(model, action),
                keys: key.to_string(),
                disabled: ask::disabled(model, action),
            };
            Some((section, line))
        })
        .collect()
}

/// A key in the menu: it moves, closes, or is the key of an action. `None` closes.
pub(super) fn menu_key(model: &mut Model, key: Key, page: usize) -> Option<Effects> {
    let action = model.session.keys.resolve(model.context(), key);
    let Some(Dialog::Actions(menu)) = &model.dialog else {
        return Some(Effects::none());
    };
    let before = menu.row;
    if key.code == Code::Esc || key == Key::char('q') {
        return None;
    }
    if key.code == Code::Enter {
        return Some(run_line(model, before));
    }
    let Some(action) = action else {
        return Some(Effects::none());
    };
    let row = match action {
        Action::Actions | Action::Back | Action::Quit | Action::Interrupt => return None,
        Action::Up => before.saturating_sub(1),
        Action::Down => before + 1,
        Action::First => 0,
        Action::Last => usize::MAX,
        Action::PageUp | Action::HalfPageUp => before.saturating_sub(page),
        Action::PageDown | Action::HalfPageDown => before + page,
        action => {
            let lines = lines_here(model);
            let row = lines.iter().position(|(_, line)| line.action == action);
            return Some(row.map_or_else(Effects::none, |row| run_line(model, row)));
        }
    };
    let last = lines_here(model).len().saturating_sub(1);
    if let Some(Dialog::Actions(menu)) = &mut model.dialog {
        menu.row = row.min(last);
    }
    Some(Effects::none())
}

/// Runs one line of the menu, or says why it cannot run.
fn run_line(model: &mut Model, row: usize) -> Effects {
    if let Some(Dialog::Actions(menu)) = &mut model.dialog {
        menu.row = row;
    }
    let Some((_, line)) = lines_here(model).into_iter().nth(row) else {
        return Effects::none();
    };
    if let Some(why) = &line.disabled {
        model.tell(Level::Hint, copy::capital(why), vec![]);
        return Effects::none();
    }
    model.dialog = None;
    remember(model, line.action);
    actions::act(model, line.action)
}

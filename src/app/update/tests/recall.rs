//! What an earlier run knew: there at once, marked as old, and read again in the order in which it matters.

use super::*;
use crate::app::Msg;
use crate::app::dialog::Dialog;
use crate::app::list::SortBy;
use crate::app::probe::Manner;
use crate::app::probe::server::{no_network, refused_token};
use crate::app::session::Session;
use crate::app::update::Recalled;
use crate::domain::{Keepsake, Millis, Recollection, Remembered};

const HOUR: u64 = 60;
const DAY: u64 = 24 * HOUR;

/// Far enough from the beginning of time for everything to be old.
fn started_late(groups: Vec<ServerGroup>) -> Probe {
    let mut app = Probe::new(session(), groups);
    app.model.now = Millis(1_779_028_320_000);
    app
}

fn groups(names: &[&str]) -> Vec<ServerGroup> {
    names.iter().map(|name| group(name)).collect()
}

fn abc() -> Probe {
    let mut app = started_late(groups(&["a", "b", "c"]));
    app.recall(&[("a", 12), ("b", 3 * HOUR), ("c", 5 * DAY)]);
    app
}

fn asked(app: &Probe) -> Vec<String> {
    let details = app
        .calls
        .iter()
        .filter(|call| matches!(call, Call::Details(_)));
    let groups = details.filter_map(Call::group);
    groups.map(ToString::to_string).collect()
}

#[test]
fn what_was_known_is_there_before_anything_is_asked() {
    let mut app = abc();
    assert_eq!(app.names(), ["a", "b", "c"]);
    assert!(app.calls.is_empty());
    assert_eq!(app.model.groups.listed_at(), Some(app.ago(12)));
    assert!(app.model.groups.index.known().is_none());
    assert_eq!(app.state("b").recalled_at(), Some(app.ago(3 * HOUR)));
    assert_eq!(app.state("b").headcount(), Some((4, 1)));
    assert!(app.state("b").lacks_people());
    app.send(Msg::Started);
    assert_eq!(
        app.operations(),
        [Operation::ListGroups],
        "and nothing else"
    );
}

#[test]
fn the_whole_program_works_on_it_while_the_list_is_not_here() {
    let mut app = abc();
    app.server.always(Operation::ListGroups, Manner::Silent);
    app.server.always(Operation::GroupDetails, Manner::Silent);
    app.send(Msg::Started);
    app.recall_people(&[("a", 12), ("b", 3 * HOUR)]);
    app.press("j");
    assert_eq!(app.model.group().unwrap().id, id("b"));
    app.press("2");
    assert_eq!(app.rows().len(), 4);
    app.play("esc 1 /");
    app.type_text("c");
    assert_eq!(app.names(), ["c"]);
    app.play("esc esc");
    app.model.list.set_sort(&app.model.groups, SortBy::Members);
    assert_eq!(app.names().len(), 3);
}

#[test]
fn after_the_list_the_chosen_group_is_read_first_then_what_is_in_view_then_the_unknown_then_the_oldest()
 {
    let names: Vec<String> = (0..60).map(|n| format!("g{n:02}")).collect();
    let mut app = started_late(names.iter().map(|name| group(name)).collect());
    app.model.size.height = 15;
    // All but the last two were read, the later ones longer ago.
    let ages: Vec<(&str, u64)> = names[..58]
        .iter()
        .zip(10..)
        .map(|(name, ago)| (name.as_str(), ago))
        .collect();
    app.recall(&ages);
    app.send(Msg::Started);
    app.press_all("j j j");
    app.wait(1000);
    assert_eq!(asked(&app), ["g03"], "somebody looks at it");
    app.answer(Operation::GroupDetails);
    app.answer(Operation::ListGroups);
    app.calm();
    let asked = asked(&app);
    let rows = app.model.size.group_rows();
    assert!((3..20).contains(&rows), "{rows}");
    let in_view: Vec<&String> = names[..rows].iter().filter(|name| *name != "g03").collect();
    assert_eq!(asked[1..rows].iter().collect::<Vec<_>>(), in_view);
    assert_eq!(asked[rows..rows + 2], ["g58", "g59"], "never read");
    assert_eq!(
        asked[rows + 2..rows + 5],
        ["g57", "g56", "g55"],
        "the oldest"
    );
    assert_eq!(asked.len(), 60, "each once");
    assert_eq!(app.model.groups.recalled(), 0);
}

#[test]
fn the_list_tells_which_groups_are_new_and_which_went() {
    let mut app = abc();
    app.server.groups.retain(|group| group.id != id("b"));
    app.server.groups.push(group("d"));
    app.send(Msg::Started);
    app.answer_all();
    assert_eq!(app.names(), ["a", "c", "d"]);
    assert!(app.says("No longer in your list: b"));
    let listed = app.kept.iter().find_map(|kept| match kept {
        Keepsake::Listed { came, went, .. } => Some((came.clone(), went.clone())),
        Keepsake::Told(..) => None,
    });
    assert_eq!(listed, Some((vec![id("d")], vec![id("b")])));
}

#[test]
fn whatever_is_read_is_kept_for_the_next_start() {
    let mut app = Probe::new(session(), groups(&["a", "b"]));
    app.send(Msg::Started);
    app.calm();
    let told: Vec<_> = app
        .kept
        .iter()
        .filter_map(|kept| match kept {
            Keepsake::Told(details, _) => Some(details.id.clone()),
            Keepsake::Listed { .. } => None,
        })
        .collect();
    assert_eq!(told, [id("a"), id("b")]);
    app.count_from_here();
    app.play("e");
    app.type_text("x");
    app.play("enter");
    app.calm();
    assert!(
        app.kept
            .iter()
            .any(|kept| matches!(kept, Keepsake::Told(details, _)
            if details.subject.as_ref().is_some_and(|subject| subject.as_str().contains('x')))),
        "a change is kept as it was read"
    );
}

#[test]
fn without_a_connection_one_looks_at_what_was_known() {
    let mut app = abc();
    app.server.refuse_all(&no_network());
    app.recall_people(&[("a", 12), ("b", 3 * HOUR)]);
    app.send(Msg::Started);
    for _ in 0..30 {
        app.answer_all();
        app.wait(1000);
    }
    assert_eq!(app.names(), ["a", "b", "c"]);
    app.play("j 2");
    assert_eq!(app.rows().len(), 4);
    assert!(!app.says("could not be refreshed"), "the line says it");
    app.server.behave();
    app.calm();
    assert_eq!(app.model.groups.recalled(), 0, "and it is back");
}

#[test]
fn a_refused_token_meets_one_request_and_the_groups_stay() {
    let mut app = abc();
    app.server.refuse_all(&refused_token());
    app.send(Msg::Started);
    app.calm();
    assert_eq!(app.operations(), [Operation::ListGroups]);
    assert_eq!(app.names(), ["a", "b", "c"]);
}

#[test]
fn people_of_an_earlier_run_never_take_the_place_of_those_that_were_read() {
    let mut app = abc();
    app.send(Msg::Started);
    app.server.group("a").members.pop();
    app.calm();
    app.recall_people(&[("a", 12), ("b", 3 * HOUR)]);
    app.server.group("b").members.clear();
    app.recall_people(&[("b", 3 * HOUR)]);
    assert_eq!(app.state("a").roster().unwrap().count(), 3);
    assert_eq!(app.state("b").roster().unwrap().count(), 4);
    // Nor do those of another time.
    let mut app = abc();
    app.recall_people(&[("a", 13)]);
    assert!(app.state("a").lacks_people());
}

#[test]
fn the_next_people_are_asked_for_until_there_are_no_more() {
    let mut app = abc();
    let more = |app: &mut Probe, people| {
        let effects = app.send(Msg::PeopleRecalled(people));
        effects.contains(&Effect::RecallMore)
    };
    let roster = app.server.group("a").details().roster.unwrap();
    let people = vec![(id("a"), app.ago(12), roster)];
    assert!(more(&mut app, people));
    assert!(!more(&mut app, vec![]));
}

#[test]
fn what_comes_after_the_list_adds_what_is_not_known_and_no_group() {
    let mut app = started_late(groups(&["a", "b", "c"]));
    let mut recollection = app.recollection(&[("a", 12), ("b", 12), ("c", 12)]);
    app.server.groups.retain(|group| group.id != id("c"));
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.answer(Operation::GroupDetails);
    let unread: Vec<_> = ["a", "b"]
        .into_iter()
        .filter(|name| app.state(name).details.known().is_none())
        .collect();
    assert_eq!(unread.len(), 1);
    recollection.groups.push(Remembered::Went(id(unread[0])));
    app.send(Msg::Recalled(Box::new(recollection)));
    assert_eq!(app.names(), ["a", "b"]);
    assert!(app.state(unread[0]).recalled_at().is_some());
    assert_eq!(app.model.groups.recalled(), 1);
}

#[test]
fn a_clock_that_ran_ahead_makes_nothing_younger_than_now() {
    let mut app = started_late(groups(&["a"]));
    let mut recollection = app.recollection(&[("a", 0)]);
    let later = Millis(app.model.now.0 + 1_000_000);
    for remembered in &mut recollection.groups {
        if let Remembered::Told(_, told) = remembered {
            told.as_of = later;
        }
    }
    recollection.listed = Some(later);
    app.model.recall(Recalled::new(recollection, app.model.now));
    assert_eq!(app.model.groups.listed_at(), Some(app.model.now));
    assert_eq!(app.state("a").recalled_at(), Some(app.model.now));
    app.send(Msg::Started);
    app.calm();
    assert_eq!(
        app.state("a").recalled_at(),
        None,
        "it is read all the same"
    );
}

#[test]
fn nothing_is_forbidden_because_of_what_an_earlier_run_knew() {
    let own = Session {
        own: None,
        ..session()
    };
    let mut app = Probe::new(own, groups(&["a", "b", "c"]));
    app.model.now = Millis(1_779_028_320_000);
    app.recall(&[("a", 12), ("b", 12), ("c", 12)]);
    for group in ["b", "c"] {
        app.server.group(group).members = vec![wa(0), wa(7)];
    }
    app.recall_people(&[("a", 12), ("b", 12), ("c", 12)]);
    assert_eq!(app.model.sure_own(), None);
    app.send(Msg::Started);
    app.calm();
    assert_eq!(app.model.sure_own(), Some(&wa(0)));
}

#[test]
fn nothing_remembered_is_as_if_there_were_no_cache() {
    let mut app = started_late(groups(&["a"]));
    let nothing = Recalled::new(Recollection::default(), app.model.now);
    app.model.recall(nothing);
    assert_eq!(app.model.groups.listed_at(), None);
}

/// What is known is five days old, and the truth cannot be read: details never arrive.
fn remembered_long_ago() -> Probe {
    let mut app = started_late(vec![group("a").people(0..5)]);
    app.recall(&[("a", 5 * DAY)]);
    app.recall_people(&[("a", 5 * DAY)]);
    app.server.always(Operation::GroupDetails, Manner::Silent);
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app
}

#[test]
fn a_message_is_asked_about_as_long_as_the_size_of_the_group_comes_from_an_earlier_run() {
    let mut app = remembered_long_ago();
    app.play("m");
    app.type_text("hello");
    app.press("enter");
    assert!(matches!(app.model.dialog, Some(Dialog::Confirm(_))));
    app.wait(100_000);
    assert!(app.changes().is_empty(), "{:?}", app.changes());
}

#[test]
fn who_was_an_admin_in_an_earlier_run_is_promoted_all_the_same_and_not_demoted_by_undo() {
    let mut app = remembered_long_ago();
    app.press_all("2 +");
    app.press("enter");
    assert_eq!(app.operations_that_change(), [Operation::AddAdmins]);
    app.server.behave();
    app.calm();
    app.count_from_here();
    app.press("u");
    app.calm();
    assert!(app.changes().is_empty(), "{:?}", app.changes());
}

#[test]
fn a_subject_of_an_earlier_run_is_neither_the_old_one_nor_brought_back() {
    let mut app = remembered_long_ago();
    app.server.groups[0].subject = "Spring".into();
    app.press("e");
    for _ in 0..25 {
        app.press("backspace");
    }
    app.type_text("a");
    app.press("enter");
    assert_eq!(
        app.operations_that_change(),
        [Operation::RenameGroup],
        "it was called so five days ago"
    );
    app.server.behave();
    app.calm();
    app.count_from_here();
    app.press("u");
    app.calm();
    assert!(app.changes().is_empty(), "{:?}", app.changes());
}

#[test]
fn an_empty_end_of_what_is_remembered_leaves_what_is_there() {
    let mut app = abc();
    app.model
        .recall(Recalled::new(Recollection::default(), app.model.now));
    assert_eq!(app.names(), ["a", "b", "c"]);
    assert!(app.model.groups.is_whole());
}

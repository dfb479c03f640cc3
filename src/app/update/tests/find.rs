//! Finding people in all groups: what is found, what is said not to be known, and where it leads.

use super::*;
use crate::app::dialog::Dialog;
use crate::app::find::{Find, Query, Row};
use crate::app::groups::Slot;
use crate::app::model::{Model, Pane};
use crate::app::msg::Msg;
use crate::app::pointer::{Area, Target, Wheel};
use crate::app::probe::server::no_network;
use crate::app::update::{Unknown, unknown};
use crate::domain::{Clean, Contacts, WaId};

fn app() -> Probe {
    Probe::with([
        group("a").subject("Corrida").people(0..6).admins([0, 3]),
        group("b").subject("Mães").people(0..3).admins([0]),
        group("c").subject("Bairro Novo").people(2..9).admins([2]),
    ])
}

fn find(app: &Probe) -> &Find {
    match &app.model.dialog {
        Some(Dialog::Find(find)) => find,
        other => panic!("the search is open, not {other:?}"),
    }
}

fn id(text: &str) -> WaId {
    WaId::from_api(text).unwrap()
}

/// The rows as they can be read.
fn rows(app: &Probe) -> Vec<String> {
    let name = |slot: Slot| app.model.groups.at(slot).name();
    let row = |row: &Row| match row {
        Row::Group(slot, who) => format!("{} {}", name(*slot), who.short()),
        Row::Person(who) => {
            let count = app.model.groups.memberships().count(who);
            format!("{} {count}", who.short())
        }
    };
    find(app).rows.all().iter().map(row).collect()
}

fn typed(app: &mut Probe, text: &str) {
    app.press("F");
    app.type_text(text);
}

fn pasted(app: &mut Probe, text: &str) {
    app.press("F");
    app.paste(text);
    app.wait(500);
}

fn call(app: &mut Probe, number: &str, name: &str) {
    let mut all: Vec<(WaId, Clean)> = app
        .model
        .contacts
        .iter()
        .map(|(id, name)| (id.clone(), name.clone()))
        .collect();
    all.push((id(number), Clean::new(name)));
    let contacts: Contacts = all.into_iter().collect();
    app.send(Msg::Contacts(Ok((contacts, vec![]))));
}

#[test]
fn a_whole_number_shows_its_groups_in_the_order_of_the_list_however_it_is_written() {
    for text in [
        "5519900000002",
        "+55 (19) 90000-0002",
        "\u{202a}+55 19 90000.0002\u{202c}\n",
        "0055 19 90000-0002",
        "055 19 90000-0002",
    ] {
        let mut app = app();
        pasted(&mut app, text);
        assert_eq!(
            rows(&app),
            ["Bairro Novo …-0002", "Corrida …-0002", "Mães …-0002"],
            "{text:?}"
        );
        assert_eq!((find(&app).person(), find(&app).exact()), (Some(&wa(2)), 3));
        assert_eq!(app.calls.len(), 0);
    }
}

#[test]
fn four_digits_find_everybody_whose_number_has_them_and_fewer_find_nobody() {
    let mut app = app();
    typed(&mut app, "000");
    assert_eq!((find(&app).query(), rows(&app).len()), (&Query::Short, 0));
    app.type_text("0");
    assert_eq!(rows(&app).len(), 9);
    // Who is in most groups comes first.
    assert_eq!(rows(&app)[0], "…-0002 3");
    app.type_text("3");
    assert_eq!(rows(&app), ["Bairro Novo …-0003", "Corrida …-0003"]);
    app.press("backspace");
    assert_eq!(rows(&app).len(), 9);
}

#[test]
fn the_number_without_its_codes_is_enough() {
    for text in ["19 90000-0007", "90000-0007", "019 90000-0007"] {
        let mut app = app();
        pasted(&mut app, text);
        assert_eq!(rows(&app), ["Bairro Novo …-0007"], "{text}");
    }
}

#[test]
fn letters_find_people_by_the_names_of_contacts() {
    let mut app = app();
    call(&mut app, "5519900000004", "Ána Lima");
    call(&mut app, "5519900000001", "Ana Souza");
    call(&mut app, "5519900000999", "Diana");
    typed(&mut app, "ana");
    assert_eq!(rows(&app), ["…-0004 2", "…-0001 2", "…-0999 0"]);
    app.type_text(" s");
    assert_eq!(rows(&app), ["Corrida …-0001", "Mães …-0001"]);
    app.press("ctrl-u");
    app.type_text("diana");
    assert_eq!(
        (find(&app).person(), rows(&app).len()),
        (Some(&id("5519900000999")), 0)
    );
    // A new name is found where it is looked for.
    app.press("ctrl-u");
    app.type_text("zé");
    assert_eq!(rows(&app).len(), 0);
    call(&mut app, "5519900000008", "Zé");
    assert_eq!(rows(&app), ["Bairro Novo …-0008"]);
}

#[test]
fn of_several_people_one_is_chosen_and_esc_leads_back_to_them() {
    let mut app = app();
    typed(&mut app, "0000");
    app.press_all("down down enter");
    let chosen = find(&app).person().cloned().unwrap();
    assert!(find(&app).is_chosen());
    assert_eq!(find(&app).exact(), find(&app).rows.len());
    app.press("esc");
    assert_eq!(find(&app).rows.current(), Some(&Row::Person(chosen)));
    assert_eq!((find(&app).rows.row(), rows(&app).len()), (2, 9));
    app.press("enter");
    app.type_text("3");
    assert!(!find(&app).is_chosen(), "who types looks for somebody else");
    app.press("esc");
    assert!(app.model.dialog.is_none());
}

#[test]
fn many_pasted_numbers_are_many_people() {
    let mut app = app();
    pasted(&mut app, "+55 19 90000-0003\n+55 19 90000-0999");
    assert_eq!(rows(&app), ["…-0003 2", "…-0999 0"]);
}

#[test]
fn an_id_that_is_no_number_is_found_as_it_is() {
    let mut app = app();
    app.server.groups[0].members.push(id("1234-bot"));
    app.play("R");
    pasted(&mut app, "1234-bot");
    assert_eq!(rows(&app).len(), 1);
    assert_eq!(find(&app).person(), Some(&id("1234-bot")));
}

#[test]
fn the_other_spelling_of_a_brazilian_number_is_looked_up_as_well() {
    let mut app = app();
    app.server.groups[1].members.push(id("553196883193"));
    app.server.groups[2].members.push(id("553196883193"));
    app.server.groups[2].members.push(id("5531996883193"));
    app.play("R");
    for (text, exact, rest) in [
        (
            "5531 9 9688-3193",
            vec!["Bairro Novo …-3193"],
            vec!["Bairro Novo …-3193", "Mães …-3193"],
        ),
        (
            "55 31 9688-3193",
            vec!["Bairro Novo …-3193", "Mães …-3193"],
            vec!["Bairro Novo …-3193"],
        ),
    ] {
        pasted(&mut app, text);
        assert_eq!(rows(&app), [exact.clone(), rest].concat());
        assert_eq!(find(&app).exact(), exact.len());
        app.press("esc");
    }
    // Only the other one is known.
    app.server.groups[2].members.pop();
    app.play("R");
    pasted(&mut app, "5531 9 9688-3193");
    assert_eq!((find(&app).exact(), rows(&app).len()), (0, 2));
    app.press("enter");
    assert_eq!(app.people().rows.current(), Some(&id("553196883193")));
}

#[test]
fn enter_goes_to_the_group_with_the_cursor_on_the_person_whatever_was_filtered() {
    let mut app = app();
    app.play("/ m ã e s enter 2 / 0 0 0 1 enter");
    app.count_from_here();
    app.play("1");
    pasted(&mut app, "5519900000003");
    app.play("down enter");
    assert_eq!(app.model.group().unwrap().name(), "Corrida");
    assert_eq!(app.model.pane, Pane::Members);
    assert_eq!(app.people().rows.current(), Some(&wa(3)));
    // Into the group whose filter hides them.
    pasted(&mut app, "5519900000002");
    app.play("down down enter");
    assert_eq!(app.model.group().unwrap().name(), "Mães");
    assert_eq!(app.people().rows.current(), Some(&wa(2)));
}

#[test]
fn in_members_the_chosen_person_is_looked_for_until_something_is_typed() {
    let mut app = app();
    app.play("2 j j F");
    assert_eq!(find(&app).input.text(), "+55 19 90000-0004");
    assert_eq!(rows(&app), ["Bairro Novo …-0004", "Corrida …-0004"]);
    app.type_text("0007");
    assert_eq!(find(&app).input.text(), "0007");
    app.play("esc 1 F");
    assert_eq!(find(&app).input.text(), "");
    assert_eq!(find(&app).query(), &Query::Nothing);
}

#[test]
fn it_opens_in_every_pane_and_by_its_name() {
    for pane in ["1", "2", "3", "4", "5", "6", "7"] {
        let mut app = app();
        app.play(pane);
        app.press("F");
        assert!(matches!(app.model.dialog, Some(Dialog::Find(_))), "{pane}");
        app.press("esc");
        app.press(":");
        app.type_text("find");
        app.press("enter");
        assert!(matches!(app.model.dialog, Some(Dialog::Find(_))), "{pane}");
    }
}

#[test]
fn all_found_groups_and_no_others_are_marked_in_the_list() {
    let mut app = app();
    app.play("/ c o r r enter space");
    pasted(&mut app, "5519900000007");
    app.press("backspace");
    app.type_text("1");
    app.press("tab");
    assert!(app.model.dialog.is_none());
    let marked = |app: &Probe| -> Vec<String> {
        let marks = app.model.list.rows.marks().iter();
        marks
            .map(|slot| app.model.groups.at(*slot).name())
            .collect()
    };
    assert_eq!(marked(&app), ["Corrida", "Mães"]);
    assert_eq!(app.model.pane, Pane::Groups);
    assert_eq!(app.names().len(), 3, "none of them is hidden by the filter");
    assert_eq!(app.model.group().unwrap().name(), "Corrida");
    assert!(app.says("2 groups marked"));
    // They can be left together, with the question that always comes.
    app.press("d");
    assert!(app.confirm().word.is_some());
    // Several people are in no groups yet that could be marked.
    app.press("esc");
    typed(&mut app, "0000");
    app.press("tab");
    assert_eq!(rows(&app).len(), 9);
}

#[test]
fn groups_that_arrive_are_added_and_the_cursor_stays_on_its_group() {
    let mut app = Probe::new(session(), app().server.groups);
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.press("F");
    app.type_text("5519900000002");
    let nothing = Unknown {
        unread: 3,
        ..Unknown::default()
    };
    assert_eq!((rows(&app).len(), unknown(&app.model)), (0, nothing));
    // In the order in which they were asked for: a, b, c.
    app.answer(Operation::GroupDetails);
    app.answer(Operation::GroupDetails);
    assert_eq!(rows(&app), ["Corrida …-0002", "Mães …-0002"]);
    assert_eq!(unknown(&app.model).unread, 1);
    app.answer_all();
    assert_eq!(rows(&app)[0], "Bairro Novo …-0002");
    assert_eq!(find(&app).rows.row(), 1, "still Corrida");
    assert_eq!(unknown(&app.model), Unknown::default());
    app.wait(500);
    app.press("enter");
    assert_eq!(app.model.group().unwrap().name(), "Corrida");
}

#[test]
fn people_that_arrive_are_added_behind_those_who_are_there() {
    let mut app = Probe::new(session(), app().server.groups);
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    typed(&mut app, "0000");
    app.answer(Operation::GroupDetails);
    app.press_all("down down");
    let before = rows(&app).len();
    let chosen = find(&app).rows.current().cloned();
    app.answer_all();
    assert_eq!((before, rows(&app).len()), (6, 9));
    assert_eq!(
        (find(&app).rows.current().cloned(), find(&app).rows.row()),
        (chosen, 2)
    );
    // As if all of it had been there.
    let mut people = find(&app).people().to_vec();
    app.press_all("esc");
    typed(&mut app, "0000");
    let mut anew = find(&app).people().to_vec();
    people.sort_unstable();
    anew.sort_unstable();
    assert_eq!(people, anew);
    // Who is in no group any more goes.
    app.server.groups.remove(2);
    app.press_all("esc");
    typed(&mut app, "0000");
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer_all();
    assert_eq!(rows(&app).len(), 6);
}

#[test]
fn what_could_not_be_read_or_is_not_told_is_counted_apart() {
    let mut app = Probe::new(session(), app().server.groups);
    app.send(Msg::Started);
    app.press("F");
    assert!(unknown(&app.model).list);
    app.answer(Operation::ListGroups);
    assert!(!unknown(&app.model).list);
    app.fail(Operation::GroupDetails, &crate::app::probe::server::gone());
    assert_eq!(
        (unknown(&app.model).failed, unknown(&app.model).unread),
        (1, 2)
    );
    let slot = app.slot("b");
    let mut details = crate::domain::GroupDetails {
        id: app.model.groups.at(slot).id.clone(),
        subject: None,
        creator: None,
        created: None,
        roster: None,
    };
    let now = app.model.now;
    app.model.groups.set_details(slot, details.clone(), now);
    assert_eq!(
        (unknown(&app.model).silent, unknown(&app.model).unread),
        (1, 1)
    );
    details.roster = Some(crate::domain::Roster::default());
    app.model.groups.set_details(slot, details, now);
    assert_eq!(unknown(&app.model).silent, 0);
}

#[test]
fn it_works_without_groups_and_without_a_connection() {
    let mut empty = Probe::with([]);
    typed(&mut empty, "5519900000002");
    empty.press_all("enter tab down pgdn");
    assert_eq!(
        (rows(&empty).len(), unknown(&empty.model)),
        (0, Unknown::default())
    );
    empty.press("esc");
    assert!(empty.model.dialog.is_none());

    let mut offline = Probe::new(session(), []);
    offline.send(Msg::Started);
    offline.fail(Operation::ListGroups, &no_network());
    typed(&mut offline, "5519900000002");
    assert!(unknown(&offline.model).list);
    let mut later = app();
    later.play("R");
    later.server.behave();
    typed(&mut later, "0007");
    assert_eq!(rows(&later), ["Bairro Novo …-0007"]);
}

#[test]
fn rows_are_chosen_with_keys_wheel_and_clicks_while_the_caret_stays_in_the_field() {
    let mut app = app();
    typed(&mut app, "5519900000002");
    app.press_all("down down down ctrl-p");
    assert_eq!(find(&app).rows.row(), 1);
    app.press_all("pgdn pgup ctrl-n");
    assert_eq!(find(&app).rows.row(), 1);
    app.send(Msg::Wheeled(Area::Front, Wheel::Down));
    assert_eq!(find(&app).rows.row(), 2);
    let row = |model: &Model, n: usize| match &model.dialog {
        Some(Dialog::Find(find)) => find.rows.all()[n].clone(),
        _ => panic!(),
    };
    let first = row(&app.model, 0);
    app.send(Msg::Clicked(Target::Found(first.clone())));
    assert_eq!(find(&app).rows.row(), 0);
    app.type_text("9");
    app.press("backspace");
    assert_eq!(find(&app).input.text(), "5519900000002");
    app.wait(1_000);
    app.send(Msg::Clicked(Target::Found(first.clone())));
    app.send(Msg::Clicked(Target::Found(first)));
    assert_eq!(app.model.pane, Pane::Members);
    assert_eq!(app.people().rows.current(), Some(&wa(2)));
}

#[test]
fn of_very_many_people_the_first_are_shown_and_more_digits_show_the_others() {
    let mut app = Probe::with([group("a").people(0..400)]);
    typed(&mut app, "5519");
    assert!(find(&app).has_more());
    assert_eq!(rows(&app).len(), crate::app::find::MOST);
    app.type_text("9000003");
    assert!(!find(&app).has_more());
    assert_eq!(rows(&app).len(), 100);
}

#[test]
fn people_of_an_earlier_run_are_not_read_yet_until_they_are_here() {
    let mut app = Probe::new(
        session(),
        [group("a").people(0..3), group("b").people(1..3)],
    );
    app.recall(&[("a", 5), ("b", 5)]);
    app.press("F");
    let unknown = |app: &Probe| crate::app::update::unknown(&app.model);
    assert_eq!((unknown(&app).unread, unknown(&app).silent), (2, 0));
    app.recall_people(&[("a", 5)]);
    assert_eq!((unknown(&app).unread, unknown(&app).silent), (1, 0));
    app.type_text("5519900000002");
    assert_eq!(rows(&app).len(), 1, "where it is known");
}

#[test]
fn whoever_comes_with_very_many_groups_at_once_is_found_too() {
    let names: Vec<String> = (0..90).map(|n| format!("g{n:02}")).collect();
    let mut groups: Vec<ServerGroup> = names
        .iter()
        .map(|name| group(name).people(10..12))
        .collect();
    groups[0] = group("g00").people(0..3);
    groups[89] = group("g89").people(10..13);
    let mut app = Probe::new(session(), groups);
    let all: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 5)).collect();
    app.recall(&all);
    app.recall_people(&all[..2]);
    typed(&mut app, "5519");
    let before = rows(&app).len();
    assert!(before > 1);
    app.recall_people(&all[2..]);
    assert_eq!(rows(&app).len(), before + 1, "the one of the last group");
}

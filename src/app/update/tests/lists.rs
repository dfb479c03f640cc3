//! Lists: filters, marks, cursors, and the way home.

use super::*;
use crate::app::model::Pane;
use crate::app::msg::Msg;
use crate::keymap::Action;

fn three() -> Probe {
    Probe::with([
        group("a").subject("Alfa").people(0..10).admins([0, 1]),
        group("b").subject("Beta").people(0..5).admins([0]),
        group("c").subject("Gama").people(0..7).admins([0]),
    ])
}

#[test]
fn a_number_in_the_filter_of_members_is_found_and_acted_on() {
    for (key, what) in [("d", "Remove 1 member"), ("-", "Demote 1 member")] {
        let mut app = Probe::in_members();
        app.play(&format!("/ 0 0 0 {} {key}", if key == "-" { 1 } else { 3 }));
        assert_eq!(app.confirm().title, what);
    }
    let mut app = Probe::in_members();
    app.play("/ 0 0 0 3 +");
    assert!(matches!(
        &app.model.dialog,
        Some(crate::app::dialog::Dialog::Line(_))
    ));
    let mut app = Probe::in_members();
    app.play("/ 0 0 0 3 space");
    assert_eq!(app.people().rows.marks().len(), 1);
    app.play("backspace backspace backspace backspace 4 space");
    assert_eq!(app.people().rows.marks().len(), 2);
    assert_eq!(app.people().rows.hidden_marks(), 1);
    app.play("d");
    let shown: Vec<(&str, bool)> = app
        .confirm()
        .people
        .iter()
        .map(|p| (p.number.as_str(), p.hidden))
        .collect();
    assert_eq!(
        shown,
        [("+55 19 90000-0004", false), ("+55 19 90000-0003", true)]
    );
}

#[test]
fn words_can_be_typed_in_the_filter_of_members() {
    let mut app = Probe::in_members();
    app.press("/");
    app.type_text("is:admin");
    assert_eq!(app.rows(), ["…-0000", "…-0001"]);
    assert!(app.model.dialog.is_none());
    app.press_all("esc /");
    app.type_text("is:member");
    assert_eq!(app.rows().len(), 8);
    app.press_all("esc /");
    app.type_text("+55 19 90000-0003");
    assert_eq!(app.rows(), ["…-0003"], "a whole number as people write it");
}

#[test]
fn esc_clears_a_filter_and_enter_keeps_it() {
    let mut app = Probe::in_members();
    app.press_all("/ 0 0 0 3 esc");
    assert_eq!(app.rows().len(), 10);
    assert!(!app.people().filter.typing);
    app.press_all("/ 0 0 0 3 enter");
    assert_eq!(app.rows(), ["…-0003"]);
    assert!(!app.people().filter.typing && app.people().filter.is_active());
    app.press("esc");
    assert_eq!((app.rows().len(), app.model.pane), (10, Pane::Members));
    app.press("esc");
    assert_eq!(app.model.pane, Pane::Groups);
}

#[test]
fn filters_do_not_leak_between_panes_or_groups() {
    let mut app = three();
    app.press_all("/ b e t enter tab / 0 0 0 3 enter");
    assert_eq!(
        (app.names(), app.rows().len()),
        (vec!["Beta".to_owned()], 1)
    );
    app.press_all("1 esc");
    assert_eq!(app.names().len(), 3);
    assert!(
        app.people().filter.is_active(),
        "that of Members is its own"
    );
    app.press_all("g 2");
    assert_eq!(app.model.group().unwrap().name(), "Alfa");
    assert_eq!(app.rows().len(), 10);
    assert!(!app.people().filter.is_active());
}

#[test]
fn a_filter_does_not_go_on_typing_in_a_pane_that_was_left() {
    let mut app = three();
    app.press_all("2 / 0 0");
    // A creation that ends meanwhile chooses another group.
    app.press("esc");
    app.press("n");
    app.press_all("esc 1 n");
    app.type_text("Zeta");
    app.press_all("enter esc g 2 / 0 0");
    app.answer_all();
    assert_eq!(app.model.group().unwrap().name(), "Zeta");
    app.press_all("1 g 2");
    assert!(!app.people().filter.typing, "keys are commands again");
}

#[test]
fn tab_leaves_a_filter_and_keeps_it() {
    let mut app = three();
    app.press_all("/ g a m tab");
    assert_eq!(app.model.pane, Pane::Members);
    assert_eq!(app.model.group().unwrap().name(), "Gama");
    assert!(!app.model.list.filter.typing && app.model.list.filter.is_active());
}

#[test]
fn marks_survive_filter_sort_and_refresh() {
    let mut app = three();
    app.press_all("space space");
    app.play("/ g a m enter");
    assert_eq!(
        (
            app.model.list.rows.marks().len(),
            app.model.list.rows.hidden_marks()
        ),
        (2, 2)
    );
    app.play("s 2 R");
    assert_eq!(app.model.list.rows.marks().len(), 2);
    app.press("d");
    assert_eq!(app.confirm().people.len(), 2);
    assert!(app.confirm().people.iter().all(|person| person.hidden));
    app.press_all("esc esc");
    assert!(
        app.model.list.rows.marks().is_empty(),
        "esc unmarks before it clears the filter"
    );
    assert!(app.model.list.filter.is_active());
}

#[test]
fn marked_groups_can_be_left_although_the_filter_hides_every_row() {
    let mut app = three();
    app.press_all("space space / z z z z enter d");
    assert_eq!(app.confirm().people.len(), 2);
}

#[test]
fn marks_of_groups_that_went_are_dropped_with_a_word() {
    let mut app = three();
    app.press("space");
    app.server.groups.remove(0);
    app.play("R");
    assert!(app.model.list.rows.marks().is_empty());
    assert!(app.says("No longer in your list: Alfa") && app.says("marks are gone"));
}

#[test]
fn the_cursor_stays_on_its_group_whatever_the_order() {
    let mut app = three();
    app.press("j");
    app.play("s 2");
    assert_eq!(app.model.group().unwrap().name(), "Beta");
    app.server.group("b").subject = "Zeta".into();
    app.server.groups.insert(0, group("aa").subject("Aaa"));
    app.play("R");
    app.calm();
    assert_eq!(app.model.group().unwrap().name(), "Zeta");
}

#[test]
fn the_cursor_in_members_stays_on_its_person() {
    let mut app = Probe::in_members();
    app.press_all("j j j j");
    let before = app.people().rows.current().cloned();
    app.server.group("a").admins = [0, 1, 7, 8, 9].into_iter().map(wa).collect();
    app.play("r");
    assert_eq!(app.people().rows.current().cloned(), before);
}

#[test]
fn a_range_marks_and_shift_marks_too() {
    let mut app = Probe::in_members();
    app.press_all("j v j j v");
    assert_eq!(app.people().rows.marks().len(), 3);
    app.press_all("esc shift-down shift-down");
    assert_eq!(app.people().rows.marks().len(), 3);
}

#[test]
fn esc_leads_home_and_never_out() {
    for keys in [
        "?",
        "? x y",
        "2",
        "2 / 0 0",
        "2 / 0 0 enter",
        "2 space space",
        "3",
        "6",
        "n",
        "e",
        "d",
        "/ a",
        "/ a enter",
        "s",
        "Y",
        "A",
        "2 A d 1",
        "2 v j",
        "6 enter",
        "3 d",
        "2 / 0 space d",
        "n tab tab tab",
    ] {
        let mut app = three();
        app.play(keys);
        for _ in 0..6 {
            app.press("esc");
        }
        assert!(
            is_home(&app.model),
            "{keys}: {:?} {:?}",
            app.model.pane,
            app.model.dialog
        );
        assert_eq!(app.exit, None, "{keys}");
        for _ in 0..20 {
            app.press("esc");
        }
        assert_eq!(app.exit, None, "{keys}");
    }
}

#[test]
fn esc_closes_a_dialog_in_a_window_that_is_too_small_to_show_it() {
    let mut app = three();
    app.press("d");
    app.send(Msg::Resized(crate::app::layout::Size {
        width: 10,
        height: 3,
    }));
    app.type_text("Alfa");
    app.press("enter");
    assert!(app.changes().is_empty(), "nothing unseen is confirmed");
    app.press("esc");
    assert!(app.model.dialog.is_none());
    app.press("q");
    assert_eq!(app.exit, Some(crate::app::effect::Exit::Quit));
}

#[test]
fn with_no_group_nothing_breaks_and_the_panes_say_so() {
    let mut app = Probe::with([]);
    for keys in [
        "j",
        "k",
        "G",
        "g",
        "enter",
        "2",
        "3",
        "y",
        "Y",
        "e",
        "d",
        "space",
        "A",
        "v",
        "s 1",
        "/ x esc",
        "6 j x r esc",
    ] {
        app.play(keys);
    }
    assert!(is_home(&app.model) && app.changes().is_empty());
}

#[test]
fn when_the_last_group_goes_the_details_give_the_keys_back() {
    let mut app = Probe::with([group("a")]);
    app.play("2");
    app.server.groups.clear();
    app.send(Msg::Asked(Action::RefreshAll));
    app.answer_all();
    assert_eq!(app.model.pane, Pane::Groups);
}

#[test]
fn how_members_are_listed_is_kept_only_where_something_was_done() {
    let mut app = Probe::with(["a", "b", "c"].map(group));
    app.press_all("j j k k");
    assert_eq!(app.model.people.len(), 1, "nothing was done in them");
    app.press_all("2 j space 1 j");
    assert_eq!(app.model.people.len(), 2);
    app.press_all("k 2");
    assert_eq!(app.people().rows.marks().len(), 1, "the mark waited");
}

//! Clicks and the wheel, on what is drawn: where something stands, and what a click on it comes to.

use super::*;
use crate::app::dialog::{Button, Dialog, Focus};
use crate::app::effect::Effect;
use crate::app::model::{Pane, Tab};
use crate::app::pointer::{Area, Mouse, Target, Wheel};

/// Column and row of the last place where this text stands.
fn place_of(app: &Probe, text: &str) -> (u16, u16) {
    let (buffer, _) = paint(&app.model, DARK);
    for (y, row) in (0..)
        .zip(rows(&buffer))
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
    {
        let row = row.concat();
        if let Some((before, _)) = row.split_once(text) {
            return (u16::try_from(before.width()).unwrap(), y);
        }
    }
    panic!("no {text:?} in\n{}", self::text(&buffer));
}

fn click_at(app: &mut Probe, (x, y): (u16, u16)) {
    if let Some(target) = regions(&app.model).at(x, y).cloned() {
        app.send(Msg::Clicked(target));
    }
}

/// One click on this text, well after the one before.
fn click(app: &mut Probe, text: &str) {
    app.wait(1_000);
    let place = place_of(app, text);
    click_at(app, place);
    app.answer_all();
}

/// Two clicks on it.
fn double_click(app: &mut Probe, text: &str) {
    let place = place_of(app, text);
    click(app, text);
    let now = app.model.now;
    app.model.now = now.after(std::time::Duration::from_millis(100));
    click_at(app, place);
    app.answer_all();
}

fn wheel(app: &mut Probe, text: &str, wheel: Wheel) {
    let (x, y) = place_of(app, text);
    let area = regions(&app.model)
        .area_at(x, y)
        .expect("something scrolls");
    app.send(Msg::Wheeled(area, wheel));
    app.answer_all();
}

#[test]
fn q20_a_click_on_a_row_chooses_it_and_a_double_click_opens_it() {
    let mut app = dashboard(BIG);
    click(&mut app, "Promoções VIP");
    assert_eq!(app.model.group().unwrap().name(), "Promoções VIP");
    assert_eq!(app.model.pane, Pane::Groups);
    double_click(&mut app, "Equipe Suporte N2");
    assert_eq!(app.model.group().unwrap().name(), "Equipe Suporte N2");
    assert_eq!(app.model.pane, Pane::Members);
    click(&mut app, "Promoções VIP");
    assert_eq!(
        app.model.pane,
        Pane::Groups,
        "a click takes the focus along"
    );
    click(&mut app, CORRIDA_SUBJECT);
    let second = person(REGULARS[5]).pretty();
    click(&mut app, &second);
    assert_eq!(app.model.pane, Pane::Members);
    let current = app.model.members().unwrap().rows.current();
    assert_eq!(current.map(WaId::pretty), Some(second));
    assert!(app.model.dialog.is_none());
}

#[test]
fn a_row_that_moved_meanwhile_is_still_the_one_that_was_seen() {
    let mut app = dashboard(BIG);
    let (x, y) = place_of(&app, "Promoções VIP");
    let seen = regions(&app.model).at(x, y).cloned().unwrap();
    app.play("s 2");
    assert_ne!(place_of(&app, "Promoções VIP"), (x, y), "sorted otherwise");
    app.send(Msg::Clicked(seen));
    assert_eq!(app.model.group().unwrap().name(), "Promoções VIP");
}

#[test]
fn q20_a_click_on_a_tab_leads_to_it_at_every_size() {
    for size in SIZES {
        let mut app = after(size, "enter");
        for (label, tab) in [
            ("3 Inv", Tab::Invite),
            ("4 Ico", Tab::Icon),
            ("5 M", Tab::Messages),
            ("2 Mem", Tab::Members),
        ] {
            // In all but large windows, Invite has a screen of its own without tabs.
            if app.model.pane == Pane::Invite && size != BIG {
                app.press("2");
            }
            click(&mut app, label);
            assert_eq!(app.model.tab, tab, "{label} at {size:?}");
            assert_ne!(app.model.pane, Pane::Groups);
        }
    }
}

#[test]
fn q20_a_click_on_a_hint_is_its_key() {
    let mut app = dashboard(size(200, 36));
    click(&mut app, "n new");
    assert!(matches!(app.model.dialog, Some(Dialog::Create(_))));
    click(&mut app, "esc cancel");
    assert!(app.model.dialog.is_none());
    click(&mut app, "? help");
    assert!(matches!(app.model.dialog, Some(Dialog::Help(_))));
    click(&mut app, "esc close");
    click(&mut app, "/ filter");
    assert!(app.model.list.filter.typing);
    app.type_text("vip");
    click(&mut app, "enter keep");
    assert!(!app.model.list.filter.typing && app.model.list.filter.is_active());
}

/// At every size: what is drawn answers, and what stands in front hides what is behind.
#[test]
fn q20_hints_are_not_deaf_and_what_is_hidden_is() {
    for (name, make) in all() {
        let mut app = make(USUAL);
        for size in SIZES {
            app.send(Msg::Resized(size));
            let regions = regions(&app.model);
            check_hints(&format!("{name} at {size:?}"), &app, &regions);
            let screen = Rect::new(0, 0, size.width, size.height);
            for (area, target) in regions.iter() {
                let place = format!("{name} at {size:?}: {target:?}");
                assert_eq!(area.intersection(screen), area, "{place}");
                assert!(app.model.dialog.is_none() || is_in_front(target), "{place}");
            }
        }
    }
}

/// The keys that the lowest row names answer.
fn check_hints(place: &str, app: &Probe, regions: &Regions) {
    let (buffer, _) = paint(&app.model, DARK);
    let last = rows(&buffer).last().unwrap().concat();
    for (hint, key) in [("esc ", "esc"), ("enter ", "enter"), ("? help", "?")] {
        if let Some((before, _)) = last.split_once(hint)
            && (before.is_empty() || before.ends_with("  "))
        {
            let x = u16::try_from(before.width()).unwrap();
            let target = regions.at(x, app.model.size.height - 1);
            let named = matches!(target, Some(Target::Key(found)) if found.to_string() == key);
            assert!(named, "{place}: {hint} is {target:?}\n{last}");
        }
    }
}

/// Whether a dialog may have it.
fn is_in_front(target: &Target) -> bool {
    match target {
        Target::Area(Area::Front)
        | Target::Key(_)
        | Target::Part(_)
        | Target::Line(_)
        | Target::Found(_) => true,
        Target::Area(Area::Pane(_))
        | Target::Group(_)
        | Target::Member(_)
        | Target::Message(_)
        | Target::Entry(_)
        | Target::Received(_)
        | Target::InboxPart(_)
        | Target::Act(_)
        | Target::Notice(_) => false,
    }
}

#[test]
fn q20_no_click_and_no_double_click_confirms_what_cannot_be_taken_back() {
    for keys in ["2 j j d", "3 d", "2 A +"] {
        let mut app = after(BIG, keys);
        let confirm = |app: &Probe| match &app.model.dialog {
            Some(Dialog::Confirm(confirm)) => Some((confirm.focus, confirm.button.clone())),
            _ => None,
        };
        let (focus, button) = confirm(&app).expect("a question");
        assert_eq!(focus, Button::Cancel);
        double_click(&mut app, &format!("{button} )"));
        if confirm(&app).unwrap().0 == Button::Cancel {
            continue; // a word is asked for
        }
        assert_eq!(
            app.calls
                .iter()
                .filter(|call| call.operation().is_change())
                .count(),
            0
        );
        click(&mut app, &format!("{button} ]"));
        assert!(confirm(&app).is_none(), "the second one, later, presses it");
    }
    // A word is still to be typed.
    let mut app = after(BIG, "1 d");
    for _ in 0..5 {
        click(&mut app, "Leave )");
    }
    assert!(matches!(app.model.dialog, Some(Dialog::Confirm(_))));
    assert!(app.calls.iter().all(|call| !call.operation().is_change()));
    click(&mut app, "( Cancel )");
    assert!(app.model.dialog.is_none());
}

#[test]
fn the_click_that_asks_a_question_does_not_answer_it() {
    let mut app = after(USUAL, "2 j j j j");
    let place = place_of(&app, "+ promote");
    app.wait(1_000);
    click_at(&mut app, place);
    assert!(matches!(app.model.dialog, Some(Dialog::Line(_))));
    let yes = place_of(&app, "enter yes");
    click_at(&mut app, yes);
    assert!(
        matches!(app.model.dialog, Some(Dialog::Line(_))),
        "too soon to be an answer"
    );
    click(&mut app, "enter yes");
    assert!(app.model.dialog.is_none());
}

#[test]
fn q20_menus_fields_and_buttons_answer() {
    let mut app = after(BIG, "Y");
    click(&mut app, "its subject,");
    assert!(app.model.dialog.is_none());
    assert_eq!(app.clips.last().unwrap().text, CORRIDA_SUBJECT);

    let mut app = after(BIG, "n");
    app.type_text("Nova");
    click(&mut app, "copy the invite link");
    let Some(Dialog::Create(form)) = &app.model.dialog else {
        panic!("the form is open");
    };
    assert_eq!(form.focus, Focus::Tick);
    assert_eq!(form.copy_link, crate::app::dialog::Tick::Off);
    click(&mut app, "Nova");
    app.type_text("s");
    click(&mut app, "( Create )");
    assert!(app.calls.iter().any(|call| call.operation().is_change()));

    let mut app = after(BIG, "?");
    click(&mut app, "new group");
    assert!(
        matches!(app.model.dialog, Some(Dialog::Help(_))),
        "a line is chosen first"
    );
    double_click(&mut app, "new group");
    assert!(matches!(app.model.dialog, Some(Dialog::Create(_))));
}

#[test]
fn the_first_run_can_be_clicked_through() {
    let mut app = first_run::welcome(USUAL);
    click(&mut app, "Read first");
    assert!(app.model.reads_first());
    click(&mut app, "esc back");
    assert!(!app.model.reads_first());
    click(&mut app, "Connect my account");
    click(&mut app, "Authentication token");
    app.type_text("x");
    let Some(Dialog::Connect(form)) = &app.model.dialog else {
        panic!("the form is open");
    };
    assert_eq!(form.fields[1].text(), "x");
    click(&mut app, "only until I quit");
    click(&mut app, "( Cancel )");
    assert!(app.model.dialog.is_none());
}

#[test]
fn q20_the_wheel_scrolls_what_is_under_it_and_moves_no_focus() {
    let mut app = after(USUAL, "2");
    let first = person(REGULARS[0]).pretty();
    wheel(&mut app, &first, Wheel::Down);
    let people = app.model.members().unwrap();
    assert_eq!(people.rows.top(), 3, "three rows");
    wheel(&mut app, "5 M", Wheel::Up);
    assert_eq!(app.model.members().unwrap().rows.top(), 0);
    assert_eq!(app.model.pane, Pane::Members);

    let many = (0..40).map(|n| group(&format!("g{n:02}")).subject(&format!("Grupo {n:02}")));
    let mut app = world(USUAL, many.collect());
    app.send(Msg::Started);
    app.calm();
    app.play("2");
    wheel(&mut app, "Grupo 05", Wheel::Down);
    assert_eq!(app.model.list.rows.top(), 3);
    assert_eq!(app.model.pane, Pane::Members, "the focus stays");
    for _ in 0..30 {
        wheel(&mut app, "1 Groups", Wheel::Down);
    }
    assert_eq!(app.model.list.rows.top() + app.model.size.group_rows(), 40);
    wheel(&mut app, "1 Groups", Wheel::Up);
    let (buffer, _) = paint(&app.model, DARK);
    assert!(!text(&buffer).contains("Grupo 39"), "{}", text(&buffer));
}

#[test]
fn the_wheel_scrolls_messages_help_and_lists_of_people() {
    let mut app = after(USUAL, "5");
    for n in 0..40 {
        app.hears(CORRIDA, "5511900000001", &format!("mensagem {n}."));
    }
    wheel(&mut app, "mensagem 39.", Wheel::Up);
    let (buffer, _) = paint(&app.model, DARK);
    assert!(!text(&buffer).contains("mensagem 39."), "{}", text(&buffer));
    for _ in 0..20 {
        wheel(&mut app, "5 M", Wheel::Down);
    }
    place_of(&app, "mensagem 39.");

    let mut app = after(USUAL, "?");
    wheel(&mut app, "new group", Wheel::Down);
    let Some(Dialog::Help(help)) = &app.model.dialog else {
        panic!("help is open");
    };
    assert_eq!(help.row, 3);
    // Over a form nothing moves.
    let mut app = after(USUAL, "n");
    wheel(&mut app, "Subject", Wheel::Down);
    let Some(Dialog::Create(form)) = &app.model.dialog else {
        panic!("the form is open");
    };
    assert_eq!(form.focus, Focus::Field(0));
}

#[test]
fn a_click_leaves_the_composer_with_its_draft_and_another_one_goes_on() {
    let mut app = after(BIG, "m");
    app.type_text("oi");
    click(&mut app, "oi");
    assert!(
        app.model.messages.composing().is_some(),
        "one writes already"
    );
    click(&mut app, "Promoções VIP");
    assert!(app.model.messages.composing().is_none());
    assert_eq!(app.model.pane, Pane::Groups);
    click(&mut app, CORRIDA_SUBJECT);
    click(&mut app, "goes on writing");
    assert!(app.model.messages.composing().is_some());
    app.type_text("!");
    place_of(&app, "oi!");
}

#[test]
fn a_click_on_a_notice_takes_it_off() {
    let mut app = dashboard(BIG);
    app.send(Msg::Saved(Err("the disk is full".into())));
    app.send(Msg::Saved(Err("no such folder".into())));
    click(&mut app, "the disk is full");
    let left: Vec<_> = app
        .model
        .toasts
        .iter()
        .map(|toast| toast.lines.clone())
        .collect();
    assert_eq!(left, [vec!["no such folder".to_owned()]]);
    click(&mut app, "w details");
    assert_eq!(app.model.pane, Pane::Activity);
}

#[test]
fn q20_the_mouse_can_be_given_back_and_taken_again() {
    let mut app = dashboard(BIG);
    for mouse in [Mouse::Free, Mouse::Captured] {
        app.send(Msg::Asked(crate::keymap::Action::ToggleMouse));
        assert!(app.other.contains(&Effect::SetMouse(mouse)));
        assert_eq!(app.model.session.mouse, mouse);
        let told = app.model.toasts.last().unwrap();
        let how = format!("{} {:?}", told.title, told.lines);
        assert!(how.contains(":toggle-mouse"), "{how}");
    }
    // Without a key of its own, it is found in the help.
    app.play("?");
    app.type_text("mouse");
    app.play("enter");
    assert_eq!(app.model.session.mouse, Mouse::Free);
}

/// Everything on the screen is clicked at once, one after another, without waiting.
#[test]
fn q20_a_hail_of_clicks_changes_nothing() {
    let mut random = fastrand::Rng::with_seed(20);
    for (name, make) in all() {
        let mut app = make(USUAL);
        app.answer_all();
        if let Some(Dialog::Confirm(_)) = &app.model.dialog {
            // In some of these the button that acts has the focus already.
            app.press("esc");
        }
        app.count_from_here();
        for _ in 0..15 {
            let targets: Vec<Target> = regions(&app.model)
                .iter()
                .map(|(_, target)| target.clone())
                .collect();
            let Some(target) = random.choice(&targets) else {
                continue;
            };
            app.send(Msg::Clicked(target.clone()));
            let now = app.model.now;
            app.model.now = now.after(std::time::Duration::from_millis(50));
            let harm = app.calls.iter().find(|call| is_grave(call));
            assert!(harm.is_none(), "{name}: {harm:?} by {target:?}");
        }
    }
}

/// What only a dialog may lead to.
fn is_grave(call: &crate::app::Call) -> bool {
    use crate::domain::Operation;
    matches!(
        call.operation(),
        Operation::LeaveGroup
            | Operation::RemoveParticipants
            | Operation::ResetInvite
            | Operation::RemoveIcon
    )
}

//! Finding people in all groups, in every state: empty, one person, several, not found, partly read.

use super::*;
use crate::app::probe::server::gone;
use crate::domain::{Clean, Contacts, Masking, Operation};

pub(super) const STATES: &[State] = &[
    ("find", |size| after(size, "F")),
    ("find_short", |size| found(size, "90")),
    ("find_number", |size| {
        let mut app = found(size, "+55 (19) 90000-0003");
        app.press_all("down down");
        app
    }),
    ("find_long_names", |size| {
        let mut app = dashboard(size);
        app.server.groups[3].subject =
            "Mães da Escola Aurora, turma da tarde, 東京ランナーズ".into();
        app.play("R");
        name_people(&mut app);
        look(&mut app, "5519900000003");
        app
    }),
    ("find_old", |size| {
        let mut app = dashboard(size);
        app.wait(5 * 3_600_000);
        app.play("1 g");
        look(&mut app, "5519900000007");
        app
    }),
    ("find_people", |size| {
        let mut app = dashboard(size);
        name_people(&mut app);
        look(&mut app, "0000");
        app
    }),
    ("find_person_chosen", |size| {
        let mut app = dashboard(size);
        name_people(&mut app);
        look(&mut app, "carla");
        app.press_all("down enter");
        app
    }),
    ("find_no_name", |size| found(size, "zulmira")),
    ("find_not_found", |size| found(size, "+55 11 98888-7777")),
    ("find_same", |size| {
        let mut app = dashboard(size);
        let id = |text| WaId::from_api(text).unwrap();
        app.server.groups[2].members.push(id("553196883193"));
        app.server.groups[5].members.push(id("553196883193"));
        app.server.groups[5].members.push(id("5531996883193"));
        app.play("R");
        look(&mut app, "5531 9 9688-3193");
        app
    }),
    ("find_loading", |size| {
        let mut app = loading(size);
        for _ in 0..4 {
            app.answer(Operation::GroupDetails);
        }
        look(&mut app, "5519900000003");
        app
    }),
    ("find_loading_not_found", |size| {
        let mut app = loading(size);
        app.answer(Operation::GroupDetails);
        app.fail(Operation::GroupDetails, &gone());
        look(&mut app, "+55 11 98888-7777");
        app
    }),
    ("find_before_the_list", |size| {
        let mut app = Probe::new(session(), groups());
        app.model.now = NOON;
        app.model.size = size;
        app.send(Msg::Started);
        look(&mut app, "5519900000003");
        app
    }),
    ("find_no_groups", |size| {
        let mut app = Probe::with([]);
        app.model.now = NOON;
        app.send(Msg::Resized(size));
        look(&mut app, "5519900000003");
        app
    }),
];

#[test]
fn the_search_in_all_groups_looks_so() {
    compare(STATES);
}

fn look(app: &mut Probe, text: &str) {
    app.press("F");
    app.paste(text);
    app.wait(500);
}

fn found(size: Size, text: &str) -> Probe {
    let mut app = dashboard(size);
    look(&mut app, text);
    app
}

fn name_people(app: &mut Probe) {
    let names = [
        (5_519_900_000_003_u64, "Carla Nogueira"),
        (5_519_900_000_007, "Carla, mãe da Bia da escola nova"),
        (5_511_900_000_002, "Tia Carla"),
    ];
    let names = names.map(|(number, name)| (WaId::from_number(number).unwrap(), Clean::new(name)));
    let contacts: Contacts = names.into_iter().collect();
    app.send(Msg::Contacts(Ok((contacts, vec![]))));
}

fn loading(size: Size) -> Probe {
    let mut app = Probe::new(session(), groups());
    app.model.now = NOON;
    app.model.size = size;
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app
}

fn shown(app: &Probe) -> String {
    let (buffer, _) = draw(&app.model, DARK);
    text(&buffer)
}

#[test]
fn what_is_not_read_is_said_beside_every_answer() {
    let mut app = loading(BIG);
    app.answer(Operation::GroupDetails);
    app.fail(Operation::GroupDetails, &gone());
    look(&mut app, "5519900000003");
    assert!(shown(&app).contains("In 1 of 1 group"), "{}", shown(&app));
    assert!(
        shown(&app).contains("! 10 groups are not read yet"),
        "{}",
        shown(&app)
    );
    assert!(shown(&app).contains(", 1 could not be read"));
    app.answer(Operation::GroupDetails);
    assert!(shown(&app).contains("! 9 groups are not read yet"));
    app.press("ctrl-u");
    app.type_text("5511988887777");
    assert!(shown(&app).contains("Not in any of the 2 groups that were read."));
    assert!(shown(&app).contains("! 9 groups are not read yet"));
    app.answer_all();
    assert!(shown(&app).contains("Not in any of the 11 groups that were read."));
    assert!(!shown(&app).contains("not read yet"));
}

#[test]
fn each_group_has_the_role_in_it() {
    let app = found(BIG, "5519900000001");
    let screen = shown(&app);
    let row = |name: &str| {
        let rows = screen.lines().filter(|row| row.contains(name));
        rows.filter(|row| row.contains('┃') || row.contains("admin") || row.contains("member"))
            .map(str::to_owned)
            .collect::<String>()
    };
    assert!(row(CORRIDA_SUBJECT).contains("★ admin"), "{screen}");
    assert!(row("Clube do Livro SP").contains("member"), "{screen}");
}

#[test]
fn the_other_spelling_is_said_to_be_probably_the_same() {
    for (size, words) in [
        (BIG, "probably the same: +55 31 9688-3193"),
        (USUAL, "probably the same: +55 31 9688-3193"),
        (NARROW, "probably the same: +55 31 9688-3193"),
        (TINY, "probably +55 31 9688-3193"),
    ] {
        let app = STATES
            .iter()
            .find(|(name, _)| *name == "find_same")
            .unwrap()
            .1(size);
        let screen = shown(&app);
        assert!(screen.contains(words), "{screen}");
    }
}

#[test]
fn numbers_are_hidden_in_the_field_and_in_the_rows() {
    for text in ["5519900000003", "0000", "5531 9 9688-3193"] {
        let mut app = found(BIG, text);
        app.model.numbers = Masking::Masked;
        let screen = shown(&app);
        let digits: String = screen.chars().filter(char::is_ascii_digit).collect();
        assert!(!digits.contains("90000000"), "{screen}");
        assert!(!digits.contains("96883193"), "{screen}");
    }
}

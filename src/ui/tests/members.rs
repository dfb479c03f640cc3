//! The members: marks, filters, changes under way and their results, and groups in odd states.

use super::*;
use crate::app::probe::Manner;
use crate::app::probe::server::{broken, gone};
use crate::app::{Call, Reply};
use crate::domain::{Clean, Failure, GroupDetails, Operation};

pub(super) const STATES: &[State] = &[
    ("members_whole", |size| after(size, "2 f")),
    ("members_numbers_hidden", |size| after(size, "2 P y")),
    ("members", |size| after(size, "2")),
    ("members_end", |size| after(size, "2 G")),
    ("members_marks", |size| {
        after(size, "2 j j space space j j j space")
    }),
    ("members_filter", filtered),
    ("members_filter_number", number),
    ("members_contacts", contacts),
    ("members_filter_no_match", no_match),
    ("members_filter_hides_marks", hidden_marks),
    ("members_range", |size| after(size, "2 j v j j")),
    ("members_running", running),
    ("members_results", results),
    ("members_not_admin", not_admin),
    ("members_gone", |size| failing(size, &gone())),
    ("members_error", |size| failing(size, &broken())),
    ("members_alone", alone),
    ("members_no_roster", no_roster),
    ("members_loading", loading),
];

#[test]
fn the_members_look_so() {
    compare(STATES);
}

fn filtered(size: Size) -> Probe {
    let mut app = after(size, "2 /");
    app.type_text("adm");
    app
}

fn number(size: Size) -> Probe {
    let mut app = after(size, "2 /");
    app.type_text("0007");
    app
}

fn contacts(size: Size) -> Probe {
    let mut app = after(size, "2");
    let people = app.people().rows.all().to_vec();
    let names = ["Eu mesma", "Bruna", "東京のカルラ 🏃", "Téo\u{202e}"].map(Clean::new);
    let contacts = people.into_iter().zip(names).collect();
    app.send(Msg::Contacts(Ok((contacts, vec![]))));
    app
}

fn no_match(size: Size) -> Probe {
    let mut app = after(size, "2 /");
    app.type_text("zzz");
    app.press("enter");
    app
}

fn hidden_marks(size: Size) -> Probe {
    let mut app = after(size, "2 j j space space /");
    app.type_text("0007");
    app.play("enter space");
    app
}

/// Three are marked, and one of them is not known to the server.
fn removing(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.server.unknown.insert(person(REGULARS[7]));
    app.play("2 j j space space j j j space d");
    app.type_text("3");
    app.press("enter");
    app
}

fn running(size: Size) -> Probe {
    let mut app = removing(size);
    // Three are refused as a whole, two of them go, and the third is asked for alone.
    app.answer(Operation::RemoveParticipants);
    app.answer(Operation::GroupDetails);
    app.answer(Operation::RemoveParticipants);
    app.wait(300);
    app
}

fn results(size: Size) -> Probe {
    let mut app = removing(size);
    app.answer_all();
    app.wait(300);
    app
}

fn with_groups(size: Size, groups: Vec<ServerGroup>) -> Probe {
    let mut app = world(size, groups);
    app.send(Msg::Started);
    app.calm();
    app.play("g j j 2");
    app.calm();
    app
}

fn not_admin(size: Size) -> Probe {
    let mut groups = groups();
    groups[0].admins.remove(0);
    with_groups(size, groups)
}

fn alone(size: Size) -> Probe {
    let mut groups = groups();
    groups[0].members.truncate(1);
    groups[0].admins.truncate(1);
    with_groups(size, groups)
}

/// The details of the chosen group answered by hand, those of the others by the server.
fn answered(size: Size, result: impl Fn() -> Result<GroupDetails, Failure>) -> Probe {
    let mut app = world(size, groups());
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    while let Some((ticket, call)) = app.open.first().cloned() {
        let corrida = matches!(&call, Call::Details(id) if id.as_str() == CORRIDA);
        let reply = if corrida {
            Reply::Details(call.group().unwrap().clone(), result())
        } else {
            app.server.answer(&call).unwrap()
        };
        app.settled(ticket, &call, reply);
        app.wait(50);
    }
    app
}

fn failing(size: Size, why: &Failure) -> Probe {
    let mut app = answered(size, || Err(why.clone()));
    app.server
        .always(Operation::GroupDetails, Manner::Fail(why.clone()));
    live(&mut app, 100);
    app.press("g");
    for _ in 0..GROUPS.len() {
        if app.model.group().unwrap().id.as_str() != CORRIDA {
            app.press("j");
        }
    }
    app.press("2");
    live(&mut app, 100);
    app
}

fn no_roster(size: Size) -> Probe {
    let details = || GroupDetails {
        id: crate::app::probe::id(CORRIDA),
        subject: Some(Clean::new(CORRIDA_SUBJECT)),
        creator: None,
        created: None,
        roster: None,
    };
    let mut app = answered(size, || Ok(details()));
    app.press_all("g j j 2");
    app
}

fn loading(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.press("2");
    app.wait(400);
    app
}

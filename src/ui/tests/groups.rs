//! The list of groups, loading, empty, filtered and on bad days.

use super::*;
use crate::app::probe::server::{broken, failure, no_network, refused_token, silence, slow_down};
use crate::app::probe::{Manner, id};
use crate::domain::{Clean, Failure, FailureKind, Operation, Sent, Unreachable};

pub(super) const STATES: &[State] = &[
    ("groups_whole", |size| after(size, "f")),
    ("groups", dashboard),
    ("groups_loading", loading),
    ("groups_loading_names", loading_names),
    ("groups_empty", empty),
    ("groups_filter", |size| filtered(size, "mo")),
    ("groups_filter_no_match", |size| filtered(size, "zzz")),
    ("groups_filter_hides_marks", hidden_marks),
    ("groups_range", |size| after(size, "v j j")),
    ("groups_error", error),
    ("groups_one_bad", one_bad),
    ("groups_not_refreshed", not_refreshed),
    ("groups_offline", offline),
    ("groups_never_online", never_online),
    ("groups_not_trusted", not_trusted),
    ("groups_never_trusted", never_trusted),
    ("groups_signed_out", signed_out),
    ("groups_throttled", throttled),
    ("groups_not_offered", not_offered),
    ("groups_leaving", leaving),
    ("groups_renaming", renaming),
    ("groups_recalled", recalled),
    ("groups_recalled_refreshing", refreshing),
    ("groups_recalled_offline", recalled_offline),
];

#[test]
fn the_groups_look_so() {
    compare(STATES);
}

fn loading(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.send(Msg::Started);
    app.wait(300);
    app
}

fn loading_names(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.answer(Operation::GroupDetails);
    app.answer(Operation::GroupDetails);
    app.wait(400);
    app
}

fn empty(size: Size) -> Probe {
    let mut app = world(size, vec![]);
    app.send(Msg::Started);
    app.calm();
    app
}

fn filtered(size: Size, words: &str) -> Probe {
    let mut app = after(size, "/");
    app.type_text(words);
    app.calm();
    app
}

fn hidden_marks(size: Size) -> Probe {
    let mut app = after(size, "space space /");
    app.type_text("o");
    app.play("r enter");
    app.calm();
    app
}

fn refused_list(size: Size, why: crate::domain::Failure) -> Probe {
    let mut app = world(size, groups());
    app.server.always(Operation::ListGroups, Manner::Fail(why));
    app.send(Msg::Started);
    live(&mut app, 200);
    app
}

fn error(size: Size) -> Probe {
    refused_list(size, silence())
}

fn not_offered(size: Size) -> Probe {
    let why = failure(FailureKind::NotOffered, Some(404), Sent::Answered);
    refused_list(size, why)
}

/// The details of one group cannot be read, and the cursor is on it.
fn one_bad(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    app.fail(
        Operation::GroupDetails,
        &failure(FailureKind::Rejected, Some(400), Sent::Answered),
    );
    app.calm();
    app.press("G");
    app
}

fn not_refreshed(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.wait(120_000);
    app.server
        .always(Operation::GroupDetails, Manner::Fail(broken()));
    app.press("r");
    live(&mut app, 200);
    app
}

fn offline(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.wait(720_000);
    app.server.refuse_all(&no_network());
    app.press("r");
    live(&mut app, 80);
    app
}

/// Before anything is asked, as the next day begins.
fn recalled(size: Size) -> Probe {
    let mut app = world(size, groups());
    let ids: Vec<String> = app
        .server
        .groups
        .iter()
        .map(|group| group.id.to_string())
        .collect();
    let ages = [12, 12, 0, 59, 60, 200, 1_440, 7_200, 12, 12, 12];
    let ages: Vec<(&str, u64)> = ids.iter().map(String::as_str).zip(ages).collect();
    app.recall(&ages);
    app.recall_people(&ages);
    app.count_from_here();
    app.play("j j");
    app
}

/// The list has come, and of the groups in view some have.
fn refreshing(size: Size) -> Probe {
    let mut app = recalled(size);
    app.open.clear();
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    for _ in 0..3 {
        app.answer(Operation::GroupDetails);
    }
    app
}

fn recalled_offline(size: Size) -> Probe {
    let mut app = recalled(size);
    app.server.refuse_all(&no_network());
    app.send(Msg::Started);
    live(&mut app, 40);
    app
}

fn never_online(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.server.refuse_all(&no_network());
    app.send(Msg::Started);
    live(&mut app, 40);
    app
}

fn not_trusted(size: Size) -> Probe {
    let mut app = after(size, "");
    app.server.refuse_all(&certificate());
    app.play("R");
    app
}

fn never_trusted(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.server.refuse_all(&certificate());
    app.send(Msg::Started);
    app.answer_all();
    app
}

fn certificate() -> Failure {
    let mut why = failure(
        FailureKind::Unreachable(Unreachable::Tls),
        None,
        Sent::Never,
    );
    why.detail = Clean::new("invalid peer certificate: certificate expired");
    why
}

fn signed_out(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.server.refuse_all(&refused_token());
    app.play("r esc esc");
    app
}

fn throttled(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.server
        .once(Operation::ListGroups, Manner::Fail(slow_down(Some(7))));
    app.play("r");
    app.wait(2_000);
    app
}

/// Two of three groups are still to be left.
fn leaving(size: Size) -> Probe {
    let mut app = after(size, "space space space d");
    app.type_text("leave 3");
    app.press("enter");
    app.answer(Operation::LeaveGroup);
    app.wait(300);
    app
}

fn renaming(size: Size) -> Probe {
    let mut app = after(size, "e");
    app.type_text("Corrida Sábado");
    app.press_all("enter esc");
    app.wait(300);
    app
}

#[test]
fn the_group_in_the_pictures_is_the_one_of_the_design() {
    let app = dashboard(BIG);
    assert_eq!(app.model.group().unwrap().id, id(CORRIDA));
    let (buffer, _) = draw(&app.model, DARK);
    let rows = rows(&buffer);
    let row = |y: usize| rows[y].concat();
    assert!(row(1).starts_with("╭─ ▸ 1 Groups ──────────────────── 12 ─╮╭─ 2 Members ─"));
    assert!(row(5).starts_with("│▌ Corrida Domingo 7h"));
    assert!(row(33).starts_with("╰──────────────────────────── 3 of 12 ─╯╰"));
}

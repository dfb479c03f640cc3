//! The link and its code.

use super::*;
use crate::app::Reply;
use crate::app::probe::Manner;
use crate::app::probe::server::broken;
use crate::domain::{InviteLink, Operation};

pub(super) const STATES: &[State] = &[
    ("invite", |size| after(size, "3")),
    ("invite_copied", |size| {
        let mut app = after(size, "3 y");
        app.wait(5_000);
        app
    }),
    ("invite_bigger", |size| after(size, "3 f")),
    ("invite_inverted", |size| after(size, "3 v")),
    ("invite_loading", loading),
    ("invite_failed", failed),
    ("invite_odd", |size| told(size, "group-invite-link")),
    ("invite_long", |size| {
        told(size, &format!("https://example.org/{}", "x".repeat(300)))
    }),
    ("invite_not_admin", not_admin),
    ("invite_beside_groups", |size| after(size, "3 1")),
    ("invite_not_fetched", |size| after(size, "3 1 j")),
];

#[test]
fn the_link_and_its_code_look_so() {
    compare(STATES);
}

#[test]
fn a_window_of_the_right_size_holds_the_bigger_code() {
    let app = after(size(130, 50), "3 f");
    let (buffer, _) = draw(&app.model, DARK);
    compare_one("invite_bigger_130", &text(&buffer));
}

fn loading(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.press("3");
    app.wait(300);
    app
}

fn failed(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.server
        .always(Operation::GetInvite, Manner::Fail(broken()));
    app.press("3");
    live(&mut app, 200);
    app
}

fn told(size: Size, link: &str) -> Probe {
    let mut app = dashboard(size);
    app.press("3");
    let (ticket, call) = app.open[0].clone();
    let reply = Reply::Invite(call.group().unwrap().clone(), Ok(InviteLink::new(link)));
    app.settled(ticket, &call, reply);
    app
}

fn not_admin(size: Size) -> Probe {
    let mut groups = groups();
    groups[0].admins.remove(0);
    let mut app = world(size, groups);
    app.send(Msg::Started);
    app.calm();
    app.play("g j j 3");
    app.calm();
    app
}

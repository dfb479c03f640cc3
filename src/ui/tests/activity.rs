//! What the program did.

use std::time::Duration;

use super::*;
use crate::app::Reply;
use crate::app::probe::server::{failed, gone};
use crate::domain::{Clean, Exchange, Operation};

pub(super) const STATES: &[State] = &[
    ("activity", |size| after(size, "w")),
    ("activity_empty", empty),
    ("activity_running", running),
    ("activity_unfolded", unfolded),
    ("activity_notice_unfolded", |size| {
        let mut app = after(size, "y w enter");
        app.wait(5_000);
        app
    }),
    ("activity_end", |size| after(size, "w G")),
];

#[test]
fn the_activity_looks_so() {
    compare(STATES);
}

fn empty(size: Size) -> Probe {
    let mut app = world(size, groups());
    app.press("w");
    app
}

fn running(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.press_all("R w");
    app.wait(2_100);
    app
}

/// A rename that the server refused, with all that went over the wire.
fn unfolded(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.press("e");
    app.type_text("Corrida de Domingo");
    app.press("enter");
    app.wait(212);
    let (ticket, call) = app.open.remove(0);
    let reply: Reply = failed(&call, gone());
    let exchange = Exchange {
        operation: Operation::RenameGroup,
        path: format!("/groups/{CORRIDA}"),
        body: Some(r#"{"subject":"Corrida de Domingo"}"#.into()),
        status: Some(404),
        took: Duration::from_millis(212),
        answer: Clean::default(),
    };
    app.send(Msg::Settled(ticket, reply, Box::new(exchange)));
    app.press_all("esc w enter");
    app
}

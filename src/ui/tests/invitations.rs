//! Inviting people by message: the form, its question and the results.

use super::*;
use crate::app::probe::Manner;
use crate::app::probe::server::{broken, failure, silence, slow_down};
use crate::domain::{Access, Clean, DeliveryState, FailureKind, Operation, Sent};

pub(super) const STATES: &[State] = &[
    ("invite_form", |size| after(size, "3 i")),
    ("invite_form_nothing_typed", |size| after(size, "3 i enter")),
    ("invite_form_typed", |size| typed(size, MIXED)),
    ("invite_form_words", |size| {
        let mut app = typed(size, MIXED);
        app.press("tab");
        app.type_text("Oi! Entre no grupo da corrida de domingo:");
        app
    }),
    ("invite_form_words_too_long", |size| {
        let mut app = typed(size, GOOD);
        app.press("tab");
        app.paste(&"Oi! ".repeat(300));
        app
    }),
    ("invite_form_button", |size| {
        let mut app = typed(size, GOOD);
        app.press_all("tab tab tab");
        app
    }),
    ("invite_form_too_many", |size| typed(size, &many(62))),
    ("invite_form_two_readings", |size| {
        let list = "1) 5519900000101\n2024-03-12\n555-1234 555-5678";
        typed(size, list)
    }),
    ("invite_form_doubtful", |size| {
        let mut app = stopped(size, Manner::Fail(silence()));
        app.press_all("enter i");
        app.paste(GOOD);
        app.wait(1_000);
        app
    }),
    ("invite_form_reading", reading),
    ("invite_form_failed", failed),
    ("confirm_invite_one", |size| {
        let mut app = typed(size, "+55 19 90000-0101");
        app.play("enter");
        app
    }),
    ("confirm_invite_three", asked),
    ("confirm_invite_three_focused", |size| {
        let mut app = asked(size);
        app.press("right");
        app
    }),
    ("confirm_invite_fifty", |size| {
        let mut app = typed(size, &many(50));
        app.play("enter");
        app
    }),
    ("invited_running", |size| {
        let mut app = asked(size);
        app.press_all("right enter");
        app.answer(Operation::SendInvitation);
        app.wait(300);
        app
    }),
    ("invited", |size| {
        let mut app = asked(size);
        app.play("right enter");
        app
    }),
    ("invited_mixed", mixed),
    ("invited_mixed_rest", |size| {
        let mut app = mixed(size);
        app.press("right");
        app
    }),
    ("invited_doubtful", |size| {
        stopped(size, Manner::Fail(silence()))
    }),
    ("invited_fifty", |size| {
        let mut app = typed(size, &many(50));
        app.play("enter right enter");
        app.press_all("down down");
        app
    }),
    ("invited_reported", reported),
    ("activity_reported", |size| {
        let mut app = reported(size);
        app.press_all("esc esc 6 j");
        // The newest invitation, which was not delivered.
        app.in_activity(|call| matches!(call, crate::app::Call::SendInvitation(..)));
        app.press("enter");
        app
    }),
    ("invite_with_results", |size| {
        let mut app = mixed(size);
        app.press_all("esc esc");
        app
    }),
    ("activity_invited", |size| {
        let mut app = mixed(size);
        app.press_all("esc esc 6");
        app
    }),
    ("invite_read_only", |size| {
        let mut app = after(size, "3");
        app.model.session.access = Access::ReadOnly;
        app
    }),
];

const GOOD: &str = "+55 19 90000-0101, +55 19 90000-0102, +55 19 90000-0103";
const MIXED: &str =
    "+55 19 90000-0101\n5519900000102, Ana; 12345\n+55 19 90000-0001\n+55 19 90000-0101";

#[test]
fn inviting_people_looks_so() {
    compare(STATES);
}

#[test]
fn it_fits_the_smallest_window() {
    let names = [
        "invite_form_typed",
        "invite_form_words",
        "confirm_invite_three",
        "invited_mixed",
        "invited_fifty",
    ];
    for (name, make) in STATES.iter().filter(|(name, _)| names.contains(name)) {
        let (buffer, _) = draw(&make(size(40, 10)).model, DARK);
        compare_one(&format!("{name}_40x10"), &text(&buffer));
    }
}

fn many(count: u64) -> String {
    let numbers = (0..count).map(|n| (5_511_900_000_100 + n).to_string());
    numbers.collect::<Vec<_>>().join("\n")
}

fn typed(size: Size, numbers: &str) -> Probe {
    let mut app = after(size, "3 i");
    app.paste(numbers);
    app.wait(500);
    app
}

fn asked(size: Size) -> Probe {
    let mut app = typed(size, GOOD);
    app.play("enter");
    app
}

fn reading(size: Size) -> Probe {
    let mut app = typed(size, GOOD);
    app.wait(400_000);
    app.press("enter");
    app.wait(300);
    app
}

fn failed(size: Size) -> Probe {
    let mut app = typed(size, GOOD);
    app.server
        .always(Operation::GetInvite, Manner::Fail(broken()));
    app.wait(400_000);
    app.press("enter");
    live(&mut app, 200);
    app
}

/// Three people: one accepted, one treated so, one left.
fn stopped(size: Size, manner: Manner) -> Probe {
    let mut app = asked(size);
    app.press_all("right enter");
    app.answer(Operation::SendInvitation);
    app.server.once(Operation::SendInvitation, manner);
    app.answer_all();
    app
}

/// Three people: one read it, one may have it, one did not get it.
fn reported(size: Size) -> Probe {
    let mut app = asked(size);
    app.play("right enter");
    let names: Vec<_> = app
        .intents
        .iter()
        .filter_map(|(_, intent)| intent.correlation.clone())
        .collect();
    app.reported(&names[0], DeliveryState::Read);
    let code = Some(210);
    let word = "NO_FALLBACK".to_owned();
    app.reported(&names[2], DeliveryState::Failed { code, word });
    app
}

/// Four people: one accepted, one refused, one turned away, one not sent.
fn mixed(size: Size) -> Probe {
    let mut app = typed(size, &format!("{GOOD}, +55 19 90000-0104"));
    app.play("enter");
    app.press_all("right enter");
    app.answer(Operation::SendInvitation);
    let mut no = failure(FailureKind::Rejected, Some(400), Sent::Answered);
    no.detail = Clean::new("destination is unknown");
    app.fail(Operation::SendInvitation, &no);
    app.fail(Operation::SendInvitation, &slow_down(Some(30)));
    app
}

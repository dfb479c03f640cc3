//! A stream of letters, as a cat or a paste without brackets types it, sends no grave change.

use fastrand::Rng;

use super::*;
use crate::app::model::Inverse;
use crate::domain::{Access, MemberVerb, Mutation};
use crate::keymap::Key;

/// Where a stream of letters may begin: every question, form, list and menu.
pub(super) const STARTS: &[&str] = &[
    "",
    "2",
    "2 G d",
    "2 G k space space d",
    "2 j d",
    "2 -",
    "2 j -",
    "2 j space space -",
    "2 G k space space +",
    "3",
    "3 d",
    "3 i",
    "d",
    "A d",
    "e",
    "n",
    "?",
    "Y",
    "s",
    "6",
    "2 /",
    "2 / 0 0 0 3",
    "/",
    "2 A",
    "A",
    "2 Y",
    "3 s",
    "5",
    "5 d",
    "5 enter",
    "m",
    "m o i enter",
    "2 m o i ! enter",
    "7",
    "7 enter",
    "7 right /",
    "U",
    "4",
    "4 d",
    ":",
    "2 G :",
    ": r e m",
    ": l e a v e",
    "3 : r e s e t",
    "A :",
    "F 0 0 0",
    "2 F tab",
    "2 F tab d",
    "x",
    "2 G x",
    "2 A x",
    "3 x",
    "4 x",
    "5 x",
    "7 x",
    "f",
    "2 G f",
    "5 f",
    "6 f /",
    "P",
    "? d",
    "? r e m o v e",
];

/// One hundred thousand in two halves, so that two cores share them.
const HALF: usize = 50_000;

#[test]
fn q09_a_stream_of_letters_enter_esc_and_pastes_sends_no_grave_change() {
    stream(99);
}

#[test]
fn q09_another_fifty_thousand_streams_send_none_either() {
    stream(7);
}

fn stream(seed: u64) {
    let pastes = [
        "2\n",
        "1",
        "leave 3\n",
        "Corrida 7h\n",
        "d\n\n",
        "\n",
        "abc",
        "+55 19 90000-0101\n+55 19 90000-0102\n",
    ];
    let mut random = Rng::with_seed(seed);
    let mut promoted = 0;
    let mut taken_back = Vec::new();
    let mut app = stream_app();
    for sequence in 0..HALF {
        // What piles up in Activity and in the threads only takes time.
        if sequence % 100 == 0 {
            app = stream_app();
        }
        app.press_all(STARTS[sequence % STARTS.len()]);
        for _ in 0..random.usize(4..12) {
            // What acts by a letter, or a name: it takes back what its notice names.
            taken_back.extend(app.model.undo.clone().map(|undo| undo.inverse));
            match random.u8(..16) {
                0..3 => drop(app.press("enter")),
                3 => drop(app.press("esc")),
                4 => app.paste(pastes[random.usize(..pastes.len())]),
                5 => drop(app.key(Key::char(random.uppercase()))),
                _ => drop(app.key(Key::char(random.lowercase()))),
            }
        }
        for call in app.calls.drain(..) {
            let undone = taken_back.iter().any(|inverse| {
                matches!((inverse, &call), (Inverse::Change(Mutation::Members(v, ids)), Call::Members(_, verb, named))
                    if v == verb && ids == named && ids.count() == 1)
            });
            if undone {
                continue;
            }
            let grave = matches!(
                call,
                Call::ResetInvite(_)
                    | Call::Leave(_)
                    | Call::SendInvitation(..)
                    | Call::RemoveIcon(_)
            ) || matches!(&call, Call::Members(_, verb, ids)
                    if *verb != MemberVerb::Promote || ids.count() > 1);
            assert!(
                !grave,
                "{call:?} from {:?}",
                STARTS[sequence % STARTS.len()]
            );
            promoted += usize::from(matches!(call, Call::Members(..)));
        }
        // `q` is a letter.
        app.exit = None;
        go_home(&mut app);
        // A command may have forbidden every change, and then nothing would be tried any more.
        app.model.access = Access::Full;
        taken_back.clear();
        app.wait(400);
        app.answer_all();
        app.calls.clear();
    }
    assert!(promoted > 0, "light changes do get through");
}

fn stream_app() -> Probe {
    Probe::with([
        group("a-1111")
            .subject("Corrida 7h")
            .people(0..12)
            .admins([0, 1, 2]),
        group("b-2222").subject("Mães").people(0..6).admins([0, 1]),
        group("c-3333").subject("TI").people(0..3).admins([0]),
    ])
}

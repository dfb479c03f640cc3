//! What the provider reports of invitations: told once, and who has one, or may have one, is known better.

use super::*;
use crate::app::dialog::Dialog;
use crate::domain::journal::{Entry, EntryState};
use crate::domain::{CorrelationId, DeliveryState, Millis};

fn failed() -> DeliveryState {
    DeliveryState::Failed {
        code: Some(210),
        word: String::new(),
    }
}

/// The names of the messages, oldest first.
fn names(app: &Probe) -> Vec<CorrelationId> {
    let intents = app.intents.iter();
    intents
        .filter_map(|(_, intent)| intent.correlation.clone())
        .collect()
}

fn told(app: &Probe, words: &str) -> usize {
    let notices = app.model.activity.iter().filter(|entry| {
        matches!(&entry.what, crate::app::activity::What::Notice(_, text) if text.contains(words))
    });
    notices.count()
}

#[test]
fn one_that_is_not_delivered_is_told_once_with_its_number() {
    let mut app = sending();
    app.answer_all();
    app.play("esc esc esc");
    let names = names(&app);
    app.reported(&names[1], DeliveryState::Sent);
    app.reported(&names[1], failed());
    app.reported(&names[1], failed());
    let (level, text) = app.notice();
    assert_eq!(level, Level::Error);
    assert!(
        text.contains("Invitation to +55 19 90000-0102 was not delivered"),
        "{text}"
    );
    assert!(
        text.contains("to Corrida") && text.contains("no template was set"),
        "{text}"
    );
    assert_eq!(told(&app, "was not delivered"), 1);
    assert!(matches!(
        fates(&app)[..],
        [
            InviteState::Accepted,
            InviteState::Undelivered(_),
            InviteState::Accepted
        ]
    ));
    assert!(
        !app.model
            .invitations
            .of(&id("a"))
            .unwrap()
            .rest()
            .contains(&wa(102))
    );
}

#[test]
fn where_the_results_are_on_the_screen_no_notice_repeats_them() {
    let mut app = sending();
    app.answer_all();
    let toasts = app.toasts().len();
    let names = names(&app);
    app.reported(&names[0], failed());
    assert!(matches!(app.model.dialog, Some(Dialog::Invited(_))));
    assert_eq!(
        (app.toasts().len(), told(&app, "was not delivered")),
        (toasts, 1)
    );
}

#[test]
fn who_did_not_get_it_can_be_invited_again_and_who_did_cannot() {
    let mut app = sending();
    app.answer_all();
    let names = names(&app);
    app.reported(&names[0], DeliveryState::Delivered);
    app.reported(&names[2], failed());
    app.count_from_here();
    app.press_all("right enter ctrl-u");
    app.paste(THREE);
    app.wait(1_000);
    app.play("enter");
    app.wait(1_000);
    app.play("right enter");
    assert_eq!(sent(&app), [wa(103)]);
    assert_eq!(fates(&app), [const { InviteState::Accepted }; 3]);
}

#[test]
fn a_report_settles_one_without_an_answer_whichever_comes_first() {
    for (early, fate) in [
        (true, DeliveryState::Delivered),
        (false, DeliveryState::Delivered),
        (true, failed()),
        (false, failed()),
    ] {
        let mut app = sending();
        let name = names(&app)[0].clone();
        if early {
            app.reported(&name, fate.clone());
        }
        app.fail(SEND, &silence());
        if !early {
            assert!(matches!(fates(&app)[0], InviteState::Doubtful(_)));
            app.reported(&name, fate.clone());
        }
        let is_there = fate == DeliveryState::Delivered;
        assert_eq!(
            fates(&app)[0] == InviteState::Accepted,
            is_there,
            "{early} {fate:?}"
        );
        assert_eq!(
            matches!(fates(&app)[0], InviteState::Undelivered(_)),
            !is_there
        );
        assert!(app.model.journal.doubts.is_empty(), "{early} {fate:?}");
        let ends = app.ends.iter().map(|(_, end)| end);
        let ends: Vec<&End> = ends.chain(app.settled.iter().map(|(_, end)| end)).collect();
        assert!(ends.contains(&&End::Applied), "{ends:?}");
        assert_eq!(told(&app, "was not delivered"), usize::from(!is_there));
    }
}

#[test]
fn a_doubt_that_the_journal_tells_of_after_its_report_is_settled_at_once() {
    let mut app = sending();
    app.fail(SEND, &silence());
    let (_, intent) = app.intents[0].clone();
    let name = intent.correlation.clone().unwrap();
    app.reported(&name, DeliveryState::Read);
    let entry = |number| Entry {
        id: crate::domain::journal::EntryId(number),
        begun: Millis(1),
        ended: None,
        intent: Some(intent.clone()),
        state: EntryState::Ended(End::Unknown("no answer".into())),
        doubt: String::new(),
        is_overtaken: false,
        person: String::new(),
    };
    app.send(Msg::Doubted(Box::new(entry(900))));
    app.send(Msg::Recovered(vec![entry(901)]));
    assert!(app.model.journal.doubts.is_empty());
    let settled: Vec<i64> = app.settled.iter().map(|(id, _)| id.0).collect();
    assert!(settled.ends_with(&[900, 901]), "{settled:?}");
}

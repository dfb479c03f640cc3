//! Who may have got an invitation is not sent another one, however the form is reached, until somebody
//! says in Activity what became of it.

use super::*;
use crate::app::update::reading;
use crate::domain::Millis;
use crate::domain::journal::{Before, Entry, EntryId, EntryState, Intent, Verdict};

/// 101 has it, 102 may have it, 103 was not sent anything; the results were put away.
fn put_away_in_doubt() -> Probe {
    let mut app = sending();
    app.answer(SEND);
    app.fail(SEND, &silence());
    app.press("enter");
    assert!(app.model.invitations.of(&id("a")).is_none());
    app
}

/// The program begins again, and the journal knows of an invitation without an end.
fn begun_again(account: &str, group: &str) -> Probe {
    let mut app = in_invite();
    app.send(Msg::Recovered(vec![Entry {
        id: EntryId(7),
        begun: Millis(1),
        ended: None,
        intent: Some(Intent {
            account: account.into(),
            group: Some(id(group)),
            group_name: "Corrida".into(),
            kind: ChangeKind::SendInvitation,
            people: vec![wa(102)],
            before: Before::Unknown,
            after: "Entre".into(),
            correlation: None,
        }),
        state: EntryState::InFlight,
        doubt: String::new(),
        is_overtaken: false,
        person: String::new(),
    }]));
    app
}

const OURS: &str = "ana@example.org at api-messaging.wavy.global";

fn invite_all_three(app: &mut Probe) {
    app.press("i");
    app.paste(THREE);
    app.wait(1_000);
}

#[test]
fn it_is_left_out_after_the_results_were_put_away_and_after_a_restart() {
    for mut app in [put_away_in_doubt(), begun_again(OURS, "a")] {
        app.count_from_here();
        invite_all_three(&mut app);
        let read = reading(&app.model, form(&app));
        assert_eq!(read.people, [wa(101), wa(103)]);
        assert_eq!(read.left_out, [(wa(102), LeftOut::Doubtful)]);
        assert!(
            LeftOut::Doubtful
                .words(&app.model.session.keys)
                .contains("Activity (w, e)")
        );
        app.press("enter");
        app.wait(1_000);
        app.play("right enter");
        assert_eq!(sent(&app), [wa(101), wa(103)]);
    }
}

#[test]
fn an_invitation_of_another_account_or_to_another_group_leaves_nobody_out() {
    for mut app in [begun_again("rui at a.example", "a"), begun_again(OURS, "b")] {
        invite_all_three(&mut app);
        let read = reading(&app.model, form(&app));
        assert_eq!(read.people, [wa(101), wa(102), wa(103)]);
    }
}

/// Says in Activity what became of the one change in doubt.
fn say(app: &mut Probe, said: Verdict) {
    let keys = match said {
        Verdict::Happened => "w e 2",
        Verdict::DidNotHappen => "w e 3",
    };
    app.play(keys);
    assert_eq!(app.model.journal.doubts.len(), 0, "{:?}", app.toasts());
}

#[test]
fn once_it_is_said_that_it_did_not_happen_it_can_be_sent() {
    let mut app = put_away_in_doubt();
    say(&mut app, Verdict::DidNotHappen);
    app.play("3");
    invite_all_three(&mut app);
    let read = reading(&app.model, form(&app));
    assert_eq!(read.people, [wa(101), wa(102), wa(103)]);
}

#[test]
fn what_is_said_in_activity_stands_in_the_results_too() {
    for (said, rest) in [
        (Verdict::DidNotHappen, vec![wa(102), wa(103)]),
        (Verdict::Happened, vec![wa(103)]),
    ] {
        let mut app = sending();
        app.answer(SEND);
        app.fail(SEND, &silence());
        app.press("esc");
        say(&mut app, said);
        let run = app.model.invitations.of(&id("a")).unwrap();
        assert_eq!(run.rest(), rest);
        assert_eq!(run.counts().doubtful, 0);
    }
}

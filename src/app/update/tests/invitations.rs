//! Inviting people by message: only after its question, each person once, and never twice by itself.

mod again;
mod reported;

use super::*;
use crate::app::dialog::{Button, Dialog};
use crate::app::invitations::InviteState;
use crate::app::invitations::form::{InviteForm, LeftOut};
use crate::app::msg::{Msg, Press};
use crate::app::probe::server::{broken, failure, no_network, refused_token, silence, slow_down};
use crate::app::session::Pace;
use crate::app::toasts::Level;
use crate::domain::journal::{ChangeKind, End};
use crate::domain::{Access, FailureKind, Sent, WaId};

const SEND: Operation = Operation::SendInvitation;

/// Numbers of people who are not in the group.
const THREE: &str = "+55 19 90000-0101, +55 19 90000-0102, +55 19 90000-0103";

/// The Invite pane of `a`, called `Corrida`, with people 0 to 9.
fn in_invite() -> Probe {
    let mut app = Probe::with([
        group("a").subject("Corrida").people(0..10).admins([0, 1]),
        group("b").subject("Mães").people(0..3),
    ]);
    app.play("3");
    app.count_from_here();
    app
}

/// The form with these numbers in it.
fn typed(numbers: &str) -> Probe {
    let mut app = in_invite();
    app.press("i");
    app.paste(numbers);
    app.wait(1_000);
    app
}

/// The question about three people.
fn asked() -> Probe {
    let mut app = typed(THREE);
    app.press("enter");
    app
}

/// The question was answered; nothing else.
fn sending() -> Probe {
    let mut app = asked();
    app.press_all("right enter");
    app
}

fn form(app: &Probe) -> &InviteForm {
    match &app.model.dialog {
        Some(Dialog::Invite(form)) => form,
        other => panic!("no form, but {other:?}"),
    }
}

fn asks(app: &Probe) -> bool {
    matches!(app.model.dialog, Some(Dialog::Confirm(_)))
}

/// To whom messages left, oldest first.
fn sent(app: &Probe) -> Vec<WaId> {
    texts(app).into_iter().map(|(to, _)| to).collect()
}

/// The same with what was written.
fn texts(app: &Probe) -> Vec<(WaId, String)> {
    let mut texts = Vec::new();
    for call in &app.calls {
        if let Call::SendInvitation(_, invitation) = call {
            let text = invitation.text().as_str().to_owned();
            texts.push((invitation.to().clone(), text));
        }
    }
    texts
}

fn fates(app: &Probe) -> Vec<InviteState> {
    let run = app.model.invitations.of(&id("a")).expect("there is a run");
    run.people.iter().map(|(_, state)| state.clone()).collect()
}

#[test]
fn one_request_for_each_person_one_after_another_and_a_result_for_each() {
    let mut app = sending();
    for n in 1..=3 {
        assert_eq!(sent(&app).len(), n, "one in flight");
        app.answer(SEND);
    }
    assert_eq!(sent(&app), [wa(101), wa(102), wa(103)]);
    assert_eq!(
        fates(&app),
        [
            InviteState::Accepted,
            InviteState::Accepted,
            InviteState::Accepted
        ]
    );
    let url = app.server.group("a").url();
    for call in &app.calls {
        let Call::SendInvitation(group, invitation) = call else {
            panic!("{call:?}");
        };
        assert_eq!(group, &id("a"));
        let text = invitation.text().as_str();
        assert_eq!(text, format!("Join the group “Corrida”:\n{url}"));
    }
    let (level, text) = app.notice();
    assert_eq!(level, Level::Done);
    assert!(text.contains("3 invitations accepted") && text.contains("not delivered"));
    assert!(!app.model.is_changing());
    // Each was written down before it left, and has its end.
    let kinds = app.intents.iter().map(|(_, intent)| intent.kind);
    assert!(kinds.eq([ChangeKind::SendInvitation; 3]));
    assert!(app.ends.iter().all(|(_, end)| *end == End::Applied));
    let names: std::collections::BTreeSet<_> = app
        .intents
        .iter()
        .map(|(_, intent)| intent.correlation.clone())
        .collect();
    assert_eq!(names.len(), 3, "each has a name of its own");
}

#[test]
fn nothing_but_moving_to_the_button_and_enter_sends() {
    let mut app = asked();
    assert!(app.confirm().word.is_none());
    assert_eq!(app.confirm().focus, Button::Cancel);
    assert!(app.confirm().title.contains("3 direct messages"));
    let charged = |line: &String| line.contains("charged outside a 24-hour window");
    assert!(app.confirm().lines.iter().any(charged));
    for c in ('a'..='z').chain('A'..='Z').chain(" +-/?:".chars()) {
        app.type_text(&c.to_string());
    }
    app.press_all("up down home end pgup pgdn");
    assert!(asks(&app));
    app.press_all("enter enter enter");
    app.answer_all();
    assert!(sent(&app).is_empty(), "Cancel has the focus");
    // And the form leads to the question only.
    let mut app = typed(THREE);
    app.press_all("enter");
    app.send(Msg::Key(key("enter"), Press::Repeat));
    assert!(asks(&app));
    assert!(sent(&app).is_empty());
}

#[test]
fn what_was_typed_is_still_there_after_a_no() {
    let mut app = asked();
    app.press_all("esc i");
    assert_eq!(form(&app).numbers.text(), THREE);
    app.press_all("tab");
    app.type_text("Oi:");
    app.press_all("esc i enter");
    let says = app.confirm().lines.last().unwrap();
    assert!(says.contains("Oi: https://"), "{says}");
    // In another group there is nothing of it.
    app.play("esc esc j 3 i");
    assert_eq!(form(&app).numbers.text(), "");
}

#[test]
fn each_group_keeps_what_was_typed_for_it() {
    let mut app = typed(THREE);
    app.play("esc esc j 3 i esc");
    app.play("esc k 3 i");
    assert_eq!(form(&app).numbers.text(), THREE);
    app.play("esc esc j 3 i");
    app.paste("5519900000104");
    app.play("esc esc k 3 i");
    assert_eq!(form(&app).numbers.text(), THREE);
    app.play("esc esc j 3 i");
    assert_eq!(form(&app).numbers.text(), "5519900000104");
    // What was emptied is not kept.
    app.press_all("ctrl-u esc i");
    assert_eq!(form(&app).numbers.text(), "");
}

#[test]
fn what_was_typed_while_the_rest_is_tried_again_is_kept_too() {
    let mut app = sending();
    app.fail(SEND, &slow_down(Some(5)));
    app.wait(10_000);
    app.press_all("right enter");
    app.paste(", 5519900000104");
    app.wait(1_000);
    let typed = form(&app).numbers.text().to_owned();
    app.press_all("esc i right enter");
    assert_eq!(form(&app).numbers.text(), typed);
}

#[test]
fn members_oneself_and_repeated_numbers_are_left_out_and_said_so() {
    let app = typed("+55 19 90000-0003\n5519900000000\n5519900000101\n+5519900000101\nAna");
    let reading = crate::app::update::reading(&app.model, form(&app));
    assert_eq!(reading.people, [wa(101)]);
    assert_eq!(
        reading.left_out,
        [(wa(3), LeftOut::Member), (wa(0), LeftOut::Own)]
    );
    assert_eq!((reading.unusable.len(), reading.repeated), (1, 1));
    let mut app = app;
    app.press("enter");
    assert_eq!(app.confirm().people.len(), 1);
    assert!(
        app.confirm()
            .lines
            .iter()
            .any(|line| line.contains("3 of the numbers"))
    );
}

#[test]
fn pasted_lines_become_pieces_and_never_join_what_was_typed() {
    let mut app = in_invite();
    app.press("i");
    app.type_text("5519900000101");
    app.paste("5519900000102\r\n5519900000103\r\n");
    app.type_text("5519900000104");
    let reading = crate::app::update::reading(&app.model, form(&app));
    assert_eq!(reading.people, [wa(101), wa(102), wa(103), wa(104)]);
}

#[test]
fn nobody_or_too_many_are_not_asked_about() {
    let mut app = typed("Ana, 123");
    app.press("enter");
    assert!(!asks(&app));
    let many: Vec<String> = (100..151).map(|n| wa(n).to_string()).collect();
    let mut app = typed(&many.join("\n"));
    app.press("enter");
    assert!(!asks(&app), "51 are one too many");
    app.press_all("ctrl-e ctrl-w enter");
    assert_eq!(app.confirm().people.len(), 50);
    let mut app = typed(THREE);
    app.press("tab");
    app.paste(&"x".repeat(1001));
    app.wait(1_000);
    app.press("enter");
    assert!(!asks(&app), "too many words");
}

#[test]
fn what_the_question_names_is_sent_whatever_happens_behind_it() {
    let mut app = asked();
    let shown: Vec<String> = app
        .confirm()
        .people
        .iter()
        .map(|p| p.number.clone())
        .collect();
    app.server.group("a").subject = "Outra".into();
    app.server.group("a").members.push(wa(102));
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer_all();
    app.wait(2_000);
    app.count_from_here();
    app.play("right enter");
    let numbers: Vec<String> = sent(&app).iter().map(WaId::pretty).collect();
    assert_eq!(numbers, shown);
    let same = |(_, text): &(WaId, String)| text.starts_with("Join the group “Corrida”");
    assert!(texts(&app).iter().all(same));
}

#[test]
fn a_link_that_is_not_known_well_enough_is_read_before_the_question_and_before_sending() {
    // Unknown: the form asks for it.
    let mut app = in_invite();
    app.wait(400_000);
    app.press("i");
    assert_eq!(app.operations(), [Operation::GetInvite]);
    app.paste(THREE);
    app.wait(1_000);
    app.press("enter");
    assert!(!asks(&app), "not before the link is here");
    app.answer_all();
    assert!(asks(&app));
    // The question stood open for long: it is read once more, and sent only if it is the same.
    app.wait(400_000);
    app.count_from_here();
    app.press_all("right enter");
    assert_eq!(app.operations(), [Operation::GetInvite]);
    app.answer_all();
    assert_eq!(sent(&app).len(), 3);
}

#[test]
fn keys_that_were_on_their_way_when_the_question_came_up_do_not_answer_it() {
    let mut app = in_invite();
    app.wait(400_000);
    app.press("i");
    app.paste(THREE);
    app.wait(1_000);
    app.press("enter");
    app.answer_all();
    app.press_all("right enter");
    assert!(asks(&app) && sent(&app).is_empty());
    app.wait(300);
    app.press("enter");
    assert_eq!(sent(&app).len(), 1);
}

#[test]
fn another_link_than_the_agreed_one_is_not_sent() {
    let mut app = asked();
    app.server.group("a").link += 1;
    app.wait(400_000);
    app.play("right enter");
    assert!(sent(&app).is_empty());
    assert!(app.says("another link"), "{:?}", app.toasts());
    // The rest is asked for again, with the new link.
    app.press_all("right enter enter");
    let url = app.server.group("a").url();
    assert!(app.confirm().lines.last().unwrap().contains(&url));
    app.play("right enter");
    assert_eq!(sent(&app).len(), 3);
}

#[test]
fn a_link_that_comes_too_late_is_not_sent() {
    let mut app = asked();
    app.wait(400_000);
    app.press_all("right enter");
    app.wait(50_000);
    app.answer_all();
    assert!(sent(&app).is_empty());
    assert!(app.says("in time"), "{:?}", app.toasts());
}

#[test]
fn while_the_link_is_being_reset_nothing_is_sent() {
    let mut app = asked();
    app.press_all("esc d right enter");
    let slot = app.model.selected().unwrap();
    assert!(app.model.groups.outbox(slot).resets_invite());
    app.press_all("i enter");
    assert!(!asks(&app), "it waits for the new link");
    app.answer_all();
    app.wait(1_000);
    let url = app.server.group("a").url();
    assert!(app.confirm().lines.last().unwrap().contains(&url));
    // A reset in the middle stops those who wait.
    app.press_all("right enter esc d right enter");
    app.answer_all();
    assert_eq!(sent(&app).len(), 1);
    assert!(matches!(
        fates(&app)[..],
        [
            InviteState::Accepted,
            InviteState::NotSent(_),
            InviteState::NotSent(_)
        ]
    ));
}

#[test]
fn a_refused_token_a_lost_connection_and_a_wish_to_slow_down_stop_the_rest() {
    for why in [refused_token(), no_network(), slow_down(Some(5))] {
        let mut app = sending();
        app.answer(SEND);
        app.fail(SEND, &why);
        app.wait(60_000);
        assert_eq!(sent(&app), [wa(101), wa(102)], "{why:?}");
        assert!(matches!(
            fates(&app)[..],
            [
                InviteState::Accepted,
                InviteState::NotSent(_),
                InviteState::NotSent(_)
            ]
        ));
        assert_eq!(app.ends.len(), 2);
        assert!(
            !app.model
                .invitations
                .of(&id("a"))
                .unwrap()
                .rest()
                .is_empty()
        );
        assert!(app.model.invitations.is_idle());
    }
}

#[test]
fn the_rest_alone_is_asked_about_again() {
    let mut app = sending();
    app.answer(SEND);
    app.fail(SEND, &slow_down(Some(5)));
    app.wait(10_000);
    app.answer_all();
    app.count_from_here();
    app.press_all("right enter");
    assert_eq!(
        form(&app).numbers.text(),
        "+55 19 90000-0102, +55 19 90000-0103"
    );
    assert!(sent(&app).is_empty());
    app.press("enter");
    assert_eq!(app.confirm().people.len(), 2);
    assert_eq!(app.confirm().focus, Button::Cancel);
    app.play("right enter");
    assert_eq!(sent(&app), [wa(102), wa(103)]);
    assert_eq!(
        fates(&app),
        [
            InviteState::Accepted,
            InviteState::Accepted,
            InviteState::Accepted
        ]
    );
}

#[test]
fn a_message_without_an_answer_is_never_repeated() {
    for why in [silence(), broken()] {
        let mut app = sending();
        app.answer(SEND);
        app.fail(SEND, &why);
        assert!(matches!(
            fates(&app)[..],
            [
                InviteState::Accepted,
                InviteState::Doubtful(_),
                InviteState::NotSent(_)
            ]
        ));
        let (level, text) = app.notice();
        assert_eq!(level, Level::Warning);
        assert!(text.contains("may have been delivered"), "{text}");
        assert!(matches!(app.ends[1].1, End::Unknown(_)));
        app.wait(600_000);
        app.answer_all();
        app.count_from_here();
        // Typed once more, while the results are there, it is left out all the same.
        app.press_all("right enter ctrl-u");
        app.paste(THREE);
        app.wait(1_000);
        app.play("enter");
        assert_eq!(app.confirm().people.len(), 1);
        app.wait(1_000);
        app.play("right enter");
        assert_eq!(sent(&app), [wa(103)]);
    }
}

#[test]
fn one_number_that_is_refused_does_not_spoil_the_others() {
    let mut app = sending();
    app.server.unknown.insert(wa(102));
    app.answer_all();
    assert_eq!(sent(&app).len(), 3);
    assert!(matches!(
        fates(&app)[..],
        [
            InviteState::Accepted,
            InviteState::Refused(_),
            InviteState::Accepted
        ]
    ));
    let (level, text) = app.notice();
    assert_eq!(level, Level::Error);
    assert!(text.contains("2 of 3 invitations accepted"), "{text}");
    assert!(text.contains("+55 19 90000-0102  refused"), "{text}");
    let forbidden = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    let mut app = sending();
    app.fail(SEND, &forbidden);
    assert_eq!(sent(&app).len(), 1, "what concerns all stops all");
}

#[test]
fn leaving_the_pane_and_the_group_loses_no_result() {
    let mut app = sending();
    app.press_all("esc esc j");
    app.server.once(SEND, Manner::Fail(slow_down(None)));
    app.answer_all();
    app.wait(10_000);
    app.play("k 3 i");
    assert!(matches!(app.model.dialog, Some(Dialog::Invited(_))));
    assert_eq!(fates(&app).len(), 3);
    // They are there until they are put away.
    app.press_all("esc i enter");
    assert!(app.model.dialog.is_none());
    app.press("i");
    assert_eq!(form(&app).numbers.text(), "");
}

#[test]
fn quitting_meanwhile_asks_first() {
    let mut app = sending();
    app.press_all("esc q");
    assert!(app.exit.is_none());
    assert_eq!(app.confirm().title, "Quit");
    app.answer_all();
    app.press_all("esc q");
    assert!(app.exit.is_some());
}

#[test]
fn a_group_that_went_is_no_reason_to_send_on() {
    let mut app = sending();
    app.server.groups.remove(0);
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer(Operation::ListGroups);
    app.answer_all();
    assert_eq!(sent(&app).len(), 1);
    assert_eq!(app.intents.len(), app.ends.len());
    assert!(app.model.invitations.is_idle());
}

#[test]
fn messages_leave_at_the_pace_that_is_polite() {
    let many: Vec<String> = (100..150).map(|n| wa(n).to_string()).collect();
    let mut app = typed(&many.join("\n"));
    app.model.session.pace = Pace::PerSecond(4.0);
    app.model.pacer = crate::app::line::Pacer::new(Pace::PerSecond(4.0));
    app.play("enter right enter");
    let at_once = sent(&app).len();
    assert!(at_once < 50, "{at_once}");
    let start = app.model.now;
    app.calm();
    assert_eq!(sent(&app).len(), 50);
    assert!(app.model.now.since(start).as_secs() >= 4);
}

#[test]
fn read_only_says_why_not() {
    let mut app = in_invite();
    app.model.session.access = Access::ReadOnly;
    app.press("i");
    assert!(app.model.dialog.is_none());
    assert!(app.says("read-only"));
}

#[test]
fn what_is_no_web_address_is_not_sent() {
    let mut app = in_invite();
    let slot = app.slot("a");
    let now = app.model.now;
    let odd = crate::domain::InviteLink::new("group-invite-link");
    app.model.groups.at_mut(slot).invite.set(odd, now);
    app.press("i");
    assert!(app.model.dialog.is_none());
    assert!(app.says("no web address"));
}

#[test]
fn while_signed_out_the_account_is_asked_for_and_the_form_comes_back() {
    let mut app = typed(THREE);
    app.model.line = crate::app::line::Line::SignedOut;
    app.press("enter");
    assert!(matches!(app.model.dialog, Some(Dialog::Connect(_))));
    app.press("esc");
    assert_eq!(form(&app).numbers.text(), THREE);
}

#[test]
fn a_failed_message_in_activity_leads_to_the_results() {
    let mut app = sending();
    app.fail(SEND, &slow_down(None));
    app.wait(10_000);
    app.play("esc 6");
    app.in_activity(|call| matches!(call, Call::SendInvitation(..)));
    app.count_from_here();
    app.play("r");
    assert!(matches!(app.model.dialog, Some(Dialog::Invited(_))));
    assert!(sent(&app).is_empty());
}

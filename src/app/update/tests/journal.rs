//! The journal: every change is written down before it leaves and gets exactly one end, and what
//! earlier runs left open is told, looked into, and never sent again.
//!
//! The probe itself fails when a change leaves unwritten, or ends twice, or ends without beginning.

use super::*;
use crate::app::Effect;
use crate::app::activity::RowId;
use crate::app::model::Pane;
use crate::app::msg::Msg;
use crate::app::probe::server::{broken, cut, failure, gone, refused_token, silence};
use crate::app::toasts::Level;
use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryState, ExportFormat, Intent, PersonEnd, Verdict,
};
use crate::domain::{Failure, FailureKind, Masking, Millis, Role, Sent, WaId};

fn ends(app: &Probe) -> Vec<End> {
    assert_eq!(app.intents.len(), app.ends.len(), "{:?}", app.intents);
    app.ends.iter().map(|(_, end)| end.clone()).collect()
}

fn left_open(kind: ChangeKind, before: Before, after: &str, people: &[WaId]) -> Entry {
    Entry {
        id: EntryId(7),
        begun: Millis(1),
        ended: Some(Millis(2)),
        intent: Some(Intent {
            account: "ana@example.org at api-messaging.wavy.global".into(),
            group: Some(crate::app::probe::id("a")),
            group_name: "Corrida".into(),
            kind,
            people: people.to_vec(),
            before,
            after: after.into(),
            correlation: None,
        }),
        state: EntryState::Ended(End::Unknown("the program ended".into())),
        doubt: String::new(),
        is_overtaken: false,
        person: String::new(),
    }
}

#[test]
fn what_is_about_to_be_done_is_written_down_with_the_state_it_starts_from() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    let (_, intent) = app.intents[0].clone();
    assert_eq!(intent.kind, ChangeKind::Promote);
    assert_eq!(
        intent.account,
        "ana@example.org at api-messaging.wavy.global"
    );
    assert_eq!(intent.group_name, "Corrida");
    assert_eq!(intent.people, [wa(9)]);
    assert_eq!(
        intent.before,
        Before::Roles(vec![(wa(9), Some(Role::Member))])
    );
    assert!(app.ends.is_empty(), "not before the truth was read");
    app.answer(Operation::AddAdmins);
    assert!(app.ends.is_empty(), "200 is only a claim");
    app.answer_all();
    assert_eq!(ends(&app), [End::Applied]);
}

#[test]
fn a_change_that_cannot_be_recorded_is_told_as_not_sent() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    let why = Failure::refused("this cannot be recorded, so it was not sent: disk full");
    app.send(Msg::JournalRefused("disk full".into()));
    app.fail(Operation::AddAdmins, &why);
    app.answer_all();
    assert!(app.says("Changes are refused. Reading goes on."));
    assert!(app.says("this cannot be recorded, so it was not sent"));
    assert_eq!(app.changes().len(), 1, "never again on its own");
    assert!(!app.model.is_changing());
}

#[test]
fn every_kind_of_end_is_written_down_once() {
    let no = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    for (manner, expected) in [
        (Manner::Fail(no.clone()), "refused"),
        (Manner::Fail(refused_token()), "refused"),
        (Manner::Fail(silence()), "open"),
        (Manner::ApplyThenCut, "applied"),
    ] {
        let mut app = Probe::in_members();
        app.server.once(Operation::AddAdmins, manner.clone());
        app.press_all("G + enter");
        app.calm();
        if app.model.line == crate::app::line::Line::SignedOut {
            // The truth can be read only with a token that is accepted.
            app.press("R");
            app.type_text("token");
            app.press("enter");
            app.calm();
        }
        let end = ends(&app).remove(0);
        let is_so = match expected {
            "applied" => end == End::Applied,
            "open" => !end.is_final(),
            _ => matches!(&end, End::Mixed(people)
                if end.is_final() && matches!(people[0].1, PersonEnd::Refused(_))),
        };
        assert!(is_so, "{manner:?}: {end:?}");
    }
}

#[test]
fn a_creation_ends_once_whatever_becomes_of_it() {
    let no = failure(FailureKind::Rejected, Some(400), Sent::Answered);
    for (manner, applied, known) in [
        (None, true, true),
        (Some(Manner::ApplyThenCut), true, true),
        // Not in the list so far, which proves nothing yet.
        (Some(Manner::Fail(cut())), false, false),
        (Some(Manner::Fail(no)), false, true),
    ] {
        let mut app = Probe::with([group("a")]);
        if let Some(manner) = manner {
            app.server.once(Operation::CreateGroup, manner);
        }
        app.press("n");
        app.type_text("Turma");
        app.play("enter");
        assert_eq!(app.intents[0].1.after, "Turma");
        let end = ends(&app).remove(0);
        assert_eq!(end == End::Applied, applied, "{end:?}");
        assert_eq!(end.is_final(), known, "{end:?}");
    }
}

#[test]
fn a_group_that_goes_while_it_is_changed_leaves_an_end_that_is_not_known() {
    let mut app = Probe::in_members();
    app.server
        .once(Operation::GroupDetails, Manner::Fail(gone()));
    app.press_all("G + enter");
    app.answer(Operation::AddAdmins);
    app.server.groups.clear();
    app.press("1");
    app.play("R");
    app.calm();
    assert!(!ends(&app).remove(0).is_final());
}

#[test]
fn what_an_earlier_run_left_open_is_told_verified_and_never_sent_again() {
    let people = [wa(1), wa(9)];
    let cases = [
        (
            left_open(ChangeKind::Rename, Before::Unknown, "Corrida", &[]),
            "applied",
        ),
        (
            left_open(
                ChangeKind::Rename,
                Before::Subject("Corrida".into()),
                "B",
                &[],
            ),
            "not",
        ),
        (
            left_open(ChangeKind::Rename, Before::Subject("A".into()), "B", &[]),
            "open",
        ),
        (
            left_open(ChangeKind::Promote, Before::Unknown, "", &people[..1]),
            "applied",
        ),
        (
            left_open(ChangeKind::Promote, Before::Unknown, "", &people),
            "mixed",
        ),
        (
            left_open(ChangeKind::Leave, Before::Unknown, "", &[]),
            "not",
        ),
        (
            left_open(ChangeKind::RemoveIcon, Before::Unknown, "", &[]),
            "applied",
        ),
        (
            left_open(ChangeKind::ResetInvite, Before::Unknown, "", &[]),
            "open",
        ),
        (
            left_open(
                ChangeKind::ResetInvite,
                Before::Invite("old".into()),
                "",
                &[],
            ),
            "applied",
        ),
    ];
    for (entry, expected) in cases {
        let mut app = Probe::in_members();
        app.send(Msg::Recovered(vec![entry.clone()]));
        // What the list already proves is told at once instead.
        assert!(app.says("Nothing is sent again.") || !app.settled.is_empty());
        app.calm();
        assert!(app.changes().is_empty());
        let end = app.settled.first().map(|(id, end)| (*id, end.clone()));
        let is_so = matches!(
            (expected, &end),
            ("applied", Some((EntryId(7), End::Applied)))
                | ("not", Some((EntryId(7), End::NotApplied(_))))
                | ("mixed", Some((EntryId(7), End::Mixed(_))))
                | ("open", None)
        );
        assert!(is_so, "{entry:?}: {end:?}");
        assert_eq!(
            expected == "open",
            app.says("Not known whether it happened")
        );
        assert!(app.settled.len() <= 1);
    }
}

#[test]
fn what_was_begun_a_moment_ago_may_still_come_and_is_left_open() {
    let mut app = Probe::in_members();
    let mut entry = left_open(ChangeKind::Leave, Before::Unknown, "", &[]);
    entry.begun = app.model.now;
    app.send(Msg::Recovered(vec![entry]));
    app.calm();
    assert_eq!(app.settled, []);
    assert_eq!(app.notice().0, Level::Warning);
}

#[test]
fn a_change_of_another_account_is_told_but_not_looked_into() {
    let mut app = Probe::in_members();
    let mut entry = left_open(ChangeKind::Rename, Before::Unknown, "Corrida", &[]);
    entry.intent.as_mut().unwrap().account = "eva at example.org".into();
    app.send(Msg::Recovered(vec![entry]));
    app.calm();
    assert_eq!((app.settled.len(), app.calls.len()), (0, 0));
    assert!(app.says("rename Corrida"));
}

/// An entry of another run, the higher the newer.
fn of_another_run(number: i64, kind: ChangeKind, name: &str) -> Entry {
    let mut entry = left_open(kind, Before::Unknown, "", &[]);
    entry.id = EntryId(number);
    entry.begun = Millis(u64::try_from(number).unwrap());
    entry.state = EntryState::Ended(End::Applied);
    entry.intent.as_mut().unwrap().group_name = name.into();
    entry
}

fn promoted_into_doubt() -> Probe {
    let mut app = Probe::in_members();
    app.server.once(Operation::AddAdmins, Manner::ApplyThenCut);
    for _ in 0..3 {
        app.server
            .once(Operation::GroupDetails, Manner::Fail(broken()));
    }
    app.press_all("G + enter");
    app.calm();
    assert!(!ends(&app)[0].is_final(), "{:?}", app.ends);
    app
}

#[test]
fn a_later_read_tells_what_became_of_a_change_of_this_run() {
    let mut app = promoted_into_doubt();
    assert_eq!(app.model.journal.doubts.len(), 1);
    app.play("r");
    let (_, end) = app.settled.remove(0);
    assert!(
        matches!(&end, End::Applied | End::Mixed(_)) && end.is_final(),
        "{end:?}"
    );
    assert!(app.says("Now known: it happened"));
    assert_eq!(app.model.journal.doubts.len(), 0);
    assert_eq!(app.changes().len(), 1, "it was sent once");
}

#[test]
fn the_user_says_what_became_of_a_change_and_it_is_asked_no_more() {
    for (keys, said) in [
        ("e 2", Verdict::Happened),
        ("e down down enter", Verdict::DidNotHappen),
    ] {
        let mut app = Probe::in_members();
        let entry = left_open(ChangeKind::Create, Before::Unknown, "Turma", &[]);
        app.send(Msg::Recovered(vec![entry]));
        app.calm();
        assert_eq!(app.settled, [], "reading cannot tell");
        app.press("w");
        app.press_all(keys);
        assert_eq!(app.settled, [(EntryId(7), End::SettledByUser(said))]);
        assert_eq!(app.model.journal.doubts.len(), 0);
        app.press("e");
        assert!(
            app.says("What became of this is known"),
            "{:?}",
            app.notice()
        );
        assert!(app.changes().is_empty());
    }
}

#[test]
fn looking_again_reads_and_tells_where_reading_can_tell() {
    let mut app = Probe::in_members();
    // Somebody else renamed it meanwhile: nobody can tell from the name.
    let entry = left_open(ChangeKind::Rename, Before::Subject("A".into()), "B", &[]);
    app.send(Msg::Recovered(vec![entry]));
    app.calm();
    assert_eq!(app.settled, []);
    app.server.group("a").subject = "B".into();
    app.press("w");
    app.count_from_here();
    app.press_all("e enter");
    assert_eq!(app.operations(), [Operation::GroupDetails]);
    app.answer_all();
    assert_eq!(app.settled, [(EntryId(7), End::Applied)]);
    // Of a creation no read can tell: that is said instead of a read.
    let mut entry = left_open(ChangeKind::Create, Before::Unknown, "Turma", &[]);
    entry.id = EntryId(8);
    app.send(Msg::Recovered(vec![entry]));
    app.count_from_here();
    app.press_all("g r");
    assert!(app.says("Reading cannot tell"));
    assert!(app.calls.is_empty());
}

#[test]
fn activity_lists_what_nobody_knows_first_then_this_run_then_the_others() {
    let mut app = Probe::in_members();
    app.past = vec![of_another_run(3, ChangeKind::Leave, "Feira")];
    let doubt = left_open(ChangeKind::Create, Before::Unknown, "Turma", &[]);
    app.send(Msg::Recovered(vec![doubt]));
    app.calm();
    app.press("w");
    let rows = app.model.activity.rows();
    assert_eq!(rows.first(), Some(&RowId::Change(EntryId(7))));
    assert_eq!(rows.last(), Some(&RowId::Change(EntryId(3))));
    assert!(rows.len() > 3, "{rows:?}");
    // Settled, it takes its place in time.
    app.press_all("e 2");
    let rows = app.model.activity.rows();
    assert_eq!(rows.last(), Some(&RowId::Change(EntryId(7))));
}

#[test]
fn the_filter_finds_changes_of_this_run_and_of_others_by_word() {
    let mut app = Probe::in_members();
    app.play("G + enter");
    app.past = (1..=250)
        .rev()
        .map(|n| of_another_run(n, ChangeKind::Leave, &format!("Feira {n}")))
        .collect();
    app.press("w");
    let shown = app.model.activity.rows().len();
    app.press("/");
    app.type_text("PROMOTE corr");
    let found = app.model.activity.rows().to_vec();
    assert!(!found.is_empty() && found.len() < shown, "{found:?}");
    assert!(found.iter().all(|row| matches!(row, RowId::Now(_))));
    app.press_all("esc /");
    app.type_text("feira 17");
    let ids: Vec<RowId> = app.model.activity.rows().to_vec();
    assert!(
        ids.contains(&RowId::Change(EntryId(17))),
        "far below the first page"
    );
    assert_eq!(ids.len(), 13, "17, 117, 217 and 170 to 179");
    app.press_all("enter esc");
    assert_eq!(app.model.activity.rows().len(), shown, "everything again");
    assert_eq!(app.model.pane, Pane::Activity);
}

#[test]
fn the_journal_is_read_on_as_the_cursor_goes_down() {
    let mut app = Probe::in_members();
    app.past = (1..=250)
        .rev()
        .map(|n| of_another_run(n, ChangeKind::Leave, "Feira"))
        .collect();
    app.press("w");
    let first = app.model.activity.rows().len();
    assert!((100..150).contains(&first), "{first}");
    app.press_all("G G G");
    let rows = app.model.activity.rows();
    assert_eq!(rows.last(), Some(&RowId::Change(EntryId(1))));
}

#[test]
fn the_link_is_never_copied_out_of_the_answer_that_tells_it() {
    for (status, copied) in [(200, false), (404, true)] {
        let mut app = Probe::with([group("a")]);
        app.press("3");
        let (ticket, call) = app.open.remove(0);
        let reply = app.server.answer(&call).unwrap();
        let exchange = crate::domain::Exchange {
            operation: call.operation(),
            path: "/groups/a/invite".into(),
            body: None,
            status: Some(status),
            took: std::time::Duration::from_millis(5),
            // A bare code is a link as well.
            answer: crate::domain::Clean::new("AbCdEfGhIjKlMnOpQrStUv"),
        };
        app.send(Msg::Settled(ticket, reply, Box::new(exchange)));
        app.answer_all();
        app.play("6");
        app.in_activity(|call| matches!(call, Call::Invite(_)));
        app.press("y");
        assert!(app.clip().contains("/groups/a/invite"), "{}", app.clip());
        let seen = app.clip().contains("QrStUv");
        assert_eq!(seen, copied, "{}", app.clip());
    }
}

#[test]
fn what_is_copied_and_exported_is_masked_as_configured() {
    for (masking, seen) in [(Masking::Shown, true), (Masking::Masked, false)] {
        let mut app = Probe::in_members();
        app.model.session.masking = masking;
        let mut entry = of_another_run(3, ChangeKind::SendInvitation, "Feira");
        let intent = entry.intent.as_mut().unwrap();
        intent.people = vec![wa(7)];
        intent.after = "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv".into();
        app.past = vec![entry];
        app.press_all("w G y");
        assert!(app.clip().contains("send invitation"), "{}", app.clip());
        assert_eq!(app.clip().contains("90000-0007"), seen, "{}", app.clip());
        assert!(!app.clip().contains("AbCdEfGh"), "{}", app.clip());
        app.press_all("s 2");
        assert_eq!(
            app.other,
            [Effect::ExportJournal(ExportFormat::Json, masking)]
        );
    }
}

/// A rename to this that nobody answers, and whose group cannot be read afterwards.
fn rename_into_doubt(app: &mut Probe, subject: &str) {
    app.server
        .once(Operation::RenameGroup, Manner::Fail(silence()));
    for _ in 0..3 {
        app.server
            .once(Operation::GroupDetails, Manner::Fail(broken()));
    }
    rename(app, subject);
    app.calm();
    assert_eq!(app.model.journal.doubts.len(), 1, "{:?}", app.ends);
}

fn rename(app: &mut Probe, subject: &str) {
    app.press("e");
    app.press("ctrl-u");
    app.type_text(subject);
    app.press("enter");
}

#[test]
fn what_a_later_change_did_says_nothing_of_an_earlier_one() {
    let mut app = Probe::in_members();
    rename_into_doubt(&mut app, "Corrida 2");
    rename(&mut app, "Corrida 2");
    app.calm();
    assert_eq!(app.changes().len(), 2);
    assert_eq!(app.settled, [], "the second one is what is seen");
    app.play("r");
    app.wait(200_000);
    app.play("r");
    assert_eq!(app.settled, []);
    app.press("w");
    app.press_all("e 2");
    assert_eq!(app.settled.len(), 1, "the user may know");
}

#[test]
fn an_overtaken_change_of_an_earlier_run_is_left_to_the_user() {
    let mut app = Probe::in_members();
    let mut entry = left_open(ChangeKind::Rename, Before::Unknown, "Corrida", &[]);
    entry.is_overtaken = true;
    app.send(Msg::Recovered(vec![entry]));
    app.calm();
    assert_eq!((app.settled.len(), app.calls.len()), (0, 0));
    app.press("w");
    app.press("r");
    assert!(app.says("Reading cannot tell"));
}

#[test]
fn every_list_that_is_read_is_looked_at_for_groups_that_may_have_been_left() {
    let mut app = Probe::with([group("a"), group("b")]);
    let mut entry = left_open(ChangeKind::Leave, Before::Unknown, "", &[]);
    entry.begun = app.model.now;
    app.send(Msg::Recovered(vec![entry]));
    app.calm();
    assert_eq!(app.settled, [], "it may still happen");
    app.wait(200_000);
    app.server.groups.retain(|group| group.id.as_str() != "a");
    app.play("R");
    assert_eq!(app.settled, [(EntryId(7), End::Applied)]);
}

#[test]
fn a_list_that_is_older_than_the_change_proves_nothing_about_leaving() {
    let mut app = Probe::with([group("a"), group("b")]);
    app.wait(300_000);
    let mut entry = left_open(ChangeKind::Leave, Before::Unknown, "", &[]);
    entry.begun = Millis(app.model.now.0 - 150_000);
    app.count_from_here();
    app.send(Msg::Recovered(vec![entry]));
    assert_eq!(app.settled, []);
    assert_eq!(app.operations(), [Operation::ListGroups]);
    app.answer_all();
    assert!(matches!(
        app.settled[..],
        [(EntryId(7), End::NotApplied(_))]
    ));
}

#[test]
fn looking_again_in_vain_is_said() {
    let mut app = promoted_into_doubt();
    let person = app.intents[0].1.people[0].clone();
    app.server.group("a").admins.retain(|id| *id != person);
    app.press("w");
    app.press("r");
    app.answer_all();
    assert!(app.says("Still not known"), "{:?}", app.notice());
    assert_eq!(app.settled, []);
}

#[test]
fn what_was_settled_a_moment_ago_is_not_found_open_again() {
    let mut app = Probe::in_members();
    let entry = left_open(ChangeKind::Create, Before::Unknown, "Turma", &[]);
    app.send(Msg::Recovered(vec![entry.clone()]));
    app.press("w");
    app.press_all("e 2");
    app.send(Msg::Recovered(vec![entry.clone()]));
    assert!(app.model.journal.doubts.is_empty());
    let mut twice = Probe::in_members();
    twice.send(Msg::Recovered(vec![entry.clone()]));
    twice.send(Msg::Recovered(vec![entry]));
    assert_eq!(twice.model.journal.doubts.len(), 1);
}

#[test]
fn a_settled_change_stands_in_a_filtered_list_only_where_it_fits() {
    let mut app = Probe::in_members();
    let entry = left_open(ChangeKind::Create, Before::Unknown, "Turma", &[]);
    app.send(Msg::Recovered(vec![entry]));
    app.press("w");
    app.press_all("e 2 /");
    app.type_text("zzz");
    assert!(app.model.activity.rows().is_empty());
    app.press_all("esc /");
    app.type_text("create");
    assert_eq!(
        app.model.activity.rows().last(),
        Some(&RowId::Change(EntryId(7)))
    );
}

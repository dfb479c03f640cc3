//! Dialogs: frozen targets, forms that lock while they are sent, and a place for everything typed.

use super::*;
use crate::app::dialog::{Dialog, FormState};
use crate::app::effect::Exit;
use crate::app::msg::{Msg, Press};
use crate::app::probe::server::{broken, cut, failure, refused_token};
use crate::app::toasts::Level;
use crate::domain::{FailureKind, Sent};

fn refused() -> crate::domain::Failure {
    failure(FailureKind::Rejected, Some(400), Sent::Answered)
}

#[test]
fn a_form_that_is_being_sent_takes_nothing_more() {
    let mut app = Probe::with([group("a")]);
    app.press("n");
    app.type_text("Turma");
    app.press_all("enter enter enter x y");
    app.paste("z");
    app.press("enter");
    assert_eq!(app.changes().len(), 1, "enter twice is one call");
    assert_eq!(app.form().input.text(), "Turma");
    assert_eq!(app.form().state, FormState::Sending);
}

#[test]
fn a_refused_creation_keeps_what_was_typed_and_says_why() {
    let mut app = Probe::with([group("a")]);
    app.server
        .once(Operation::CreateGroup, Manner::Fail(refused()));
    app.press("n");
    app.type_text("Turma");
    app.play("enter");
    assert_eq!(app.form().state, FormState::Refused(refused()));
    assert_eq!(app.form().input.text(), "Turma");
    app.play("enter");
    assert_eq!(
        app.server.groups.len(),
        2,
        "the same form can be sent again"
    );
}

#[test]
fn a_creation_hidden_with_esc_goes_on_and_a_refusal_keeps_the_text_for_the_next_form() {
    let mut app = Probe::with([group("a")]);
    app.server
        .once(Operation::CreateGroup, Manner::Fail(refused()));
    app.press("n");
    app.type_text("Turma");
    app.press_all("enter esc");
    assert!(app.model.dialog.is_none());
    app.press("n");
    assert!(app.model.dialog.is_none() && app.says("A group is being created"));
    app.answer_all();
    assert!(app.says("Group not created"));
    app.press("n");
    assert_eq!(app.form().input.text(), "Turma");
}

#[test]
fn a_subject_typed_and_left_with_esc_is_there_the_next_time() {
    let mut app = Probe::with([group("a")]);
    app.press("n");
    app.type_text("Turma da praia");
    app.press_all("esc n");
    assert_eq!(app.form().input.text(), "Turma da praia");
}

#[test]
fn what_cannot_be_a_subject_is_not_sent() {
    let mut app = Probe::with([group("a")]);
    app.press_all("n enter");
    assert!(app.form().tried && app.changes().is_empty());
    app.type_text(&"x".repeat(26));
    app.press("enter");
    assert!(app.changes().is_empty());
    app.press_all("backspace enter");
    assert_eq!(app.changes().len(), 1);
}

#[test]
fn an_unchanged_subject_closes_the_form_without_a_call() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.play("e enter");
    assert!(app.model.dialog.is_none() && app.calls.is_empty());
}

#[test]
fn a_refused_rename_is_said_in_the_form_and_nowhere_else() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.server
        .once(Operation::RenameGroup, Manner::Fail(refused()));
    app.press("e");
    app.type_text("Beta");
    app.play("enter");
    assert_eq!(app.form().state, FormState::Refused(refused()));
    assert!(app.toasts().is_empty());
}

#[test]
fn a_rename_form_waits_for_its_own_reply_and_not_for_that_of_another_change() {
    let mut app = Probe::in_members();
    app.press_all("G + enter e");
    app.type_text("Praia");
    app.press("enter");
    app.answer(Operation::AddAdmins);
    assert_eq!(
        app.form().state,
        FormState::Sending,
        "the promotion's reply is not the rename's"
    );
    app.answer(Operation::GroupDetails);
    app.answer(Operation::RenameGroup);
    assert!(app.model.dialog.is_none());
    app.answer_all();
    assert_eq!(app.server.group("a").subject, "Praia");
}

#[test]
fn a_rename_that_was_dropped_at_a_refused_token_is_a_form_to_send_again() {
    let mut app = Probe::in_members();
    app.press_all("G + enter e");
    app.type_text("Praia");
    app.press("enter");
    app.fail(Operation::AddAdmins, &refused_token());
    assert!(matches!(app.model.dialog, Some(Dialog::Connect(_))));
    app.press("esc");
    assert_eq!(app.form().state, FormState::Open);
    assert_eq!(app.form().input.text(), "Praia", "nothing typed is lost");
}

#[test]
fn a_refused_rename_is_a_notice_when_its_form_was_closed_and_opened_again() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.press("e");
    app.type_text("Beta");
    app.press_all("enter esc e");
    app.fail(Operation::RenameGroup, &refused());
    assert!(app.says("Rename failed"), "{:?}", app.toasts());
    assert_eq!(app.form().state, FormState::Open);
}

#[test]
fn the_text_of_a_failed_rename_is_quoted_and_there_again_when_it_is_tried_again() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.press("e");
    app.type_text("Beta");
    app.press_all("enter esc");
    app.fail(Operation::RenameGroup, &refused());
    assert!(app.says("“Beta”"), "{:?}", app.toasts());
    // The notice is the newest entry, the request the one before.
    app.press_all("w j r");
    assert_eq!(app.form().input.text(), "Beta");
    assert_eq!(app.form().before.as_deref(), Some("Alfa"));
}

#[test]
fn a_rename_form_does_not_take_the_refusal_of_another_text_for_its_own() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.press("e");
    app.type_text("Beta");
    app.press_all("enter esc e");
    app.type_text("Gama");
    app.press("enter");
    app.fail(Operation::RenameGroup, &refused());
    assert!(app.says("Rename failed"));
    assert_eq!(app.form().state, FormState::Sending);
    app.press("enter");
    app.answer_all();
    assert_eq!(app.changes().len(), 2, "Gama is sent once");
    assert!(app.model.dialog.is_none());
    assert_eq!(app.server.group("a").subject, "Gama");
}

#[test]
fn a_rename_form_is_unlocked_when_its_group_goes() {
    let mut app = Probe::with([group("a"), group("b")]);
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.press("e");
    app.type_text("Praia");
    app.press("enter");
    app.server.groups.remove(0);
    app.answer(Operation::ListGroups);
    assert!(matches!(app.form().state, FormState::Refused(_)));
    assert_eq!(app.form().input.text(), "Praia");
}

#[test]
fn a_rename_of_a_group_that_went_says_so_and_closes_the_form() {
    let mut app = Probe::with([group("a"), group("b")]);
    app.press("e");
    app.server.groups.remove(0);
    app.send(Msg::Asked(crate::keymap::Action::RefreshAll));
    app.answer_all();
    app.type_text("Praia");
    app.play("enter");
    assert!(app.changes().is_empty());
    assert!(app.says("no longer in the list"));
    assert!(app.model.dialog.is_none(), "no form stays locked for ever");
}

#[test]
fn quitting_while_a_change_is_on_its_way_asks() {
    let mut app = Probe::in_members();
    app.press_all("G + enter q");
    assert_eq!(app.exit, None);
    assert_eq!(app.confirm().title, "Quit");
    app.press("enter");
    assert_eq!(app.exit, None, "Cancel has the focus");
    app.press_all("q right enter");
    assert_eq!(app.exit, Some(Exit::Quit));
}

#[test]
fn quitting_also_asks_while_the_truth_is_being_read() {
    let mut app = Probe::in_members();
    app.press_all("G + enter");
    app.answer(Operation::AddAdmins);
    app.press("q");
    assert_eq!(app.exit, None);
    app.press("esc");
    app.answer_all();
    app.press("q");
    assert_eq!(app.exit, Some(Exit::Quit));
}

#[test]
fn ctrl_c_leaves_a_dialog_or_a_field_first_and_twice_in_two_seconds_it_always_quits() {
    let mut app = Probe::in_members();
    app.press_all("? ctrl-c");
    assert!(app.model.dialog.is_none() && app.exit.is_none());
    app.wait(2_100);
    app.press_all("/ ctrl-c");
    assert!(!app.people().filter.typing && app.exit.is_none());
    app.press("ctrl-c");
    assert_eq!(app.exit, Some(Exit::Quit));

    let mut app = Probe::in_members();
    app.press_all("G + enter ctrl-c");
    assert_eq!(app.exit, None, "a change is on its way: it asks");
    app.press("ctrl-c");
    assert_eq!(
        app.exit,
        Some(Exit::Quit),
        "but the second one always quits"
    );

    let mut app = Probe::in_members();
    app.press("ctrl-c");
    assert_eq!(app.exit, Some(Exit::Quit));
}

#[test]
fn a_paste_goes_into_text_fields_only_and_is_never_keys() {
    let mut app = Probe::in_members();
    app.paste("d\r\n+\r\nq");
    assert!(app.model.dialog.is_none() && app.calls.is_empty() && app.exit.is_none());
    assert_eq!(app.notice().0, Level::Hint);
    app.press("/");
    app.paste("0003\n");
    assert_eq!(app.rows(), ["…-0003"]);
    app.press_all("esc n esc 1 n");
    app.paste("Turma\n");
    assert_eq!(app.form().input.text(), "Turma");
    assert!(app.changes().is_empty(), "a line break never submits");
}

#[test]
fn enter_right_after_a_paste_confirms_nothing() {
    let mut app = Probe::in_members();
    app.press_all("1 d");
    app.paste("Corrida");
    app.press("enter");
    assert!(app.changes().is_empty());
    app.wait(299);
    app.press("enter");
    assert!(app.changes().is_empty());
    app.wait(1);
    app.press("enter");
    assert_eq!(app.changes().len(), 1);
}

#[test]
fn enter_after_a_paste_outside_a_dialog_answers_no_dialog_that_opens() {
    let mut app = Probe::in_members();
    app.press("G");
    app.paste("lots of text");
    app.press_all("+ enter");
    assert!(app.changes().is_empty());
}

#[test]
fn a_text_that_cannot_be_copied_is_shown_but_never_in_place_of_a_form() {
    let mut app = Probe::with([group("a")]);
    app.clipboard = Err("no display".into());
    app.play("y");
    assert!(matches!(&app.model.dialog, Some(Dialog::ByHand { text, .. }) if text.contains("a1")));
    app.press_all("esc r");
    app.wait(400_000);
    app.press_all("y n");
    app.type_text("Turma");
    app.answer_all();
    assert_eq!(app.form().input.text(), "Turma", "the form keeps the keys");
    assert!(app.says("chat.whatsapp.com/a1"));
}

#[test]
fn help_runs_the_line_and_the_change_asks_as_ever() {
    let mut app = Probe::with([group("a").subject("Corrida")]);
    app.press("?");
    app.type_text("leave the group");
    app.press("enter");
    assert_eq!(app.confirm().title, "Leave this group");
    app.press_all("enter enter");
    assert!(app.changes().is_empty());
}

#[test]
fn what_cannot_work_here_says_why_in_the_help() {
    let mut app = Probe::with([]);
    app.press("?");
    app.type_text("rename");
    app.press("enter");
    assert!(matches!(app.model.dialog, Some(Dialog::Help(_))));
    assert!(app.says("There is no group here"));
}

#[test]
fn menus_choose_by_number_and_change_nothing_on_the_server() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.play("Y 3");
    assert_eq!(app.clip(), "a");
    app.play("Y 2");
    assert_eq!(app.clip(), "Alfa\nhttps://chat.whatsapp.com/a1");
    app.play("2 Y 3");
    assert!(app.clip().starts_with("number,role\n5519900000000,admin\n"));
    assert!(app.changes().is_empty());
}

#[test]
fn the_last_word_on_a_change_comes_from_reading_even_when_its_form_is_gone() {
    let mut app = Probe::with([group("a").subject("Alfa")]);
    app.server
        .once(Operation::RenameGroup, Manner::ApplyThenCut);
    app.press("e");
    app.type_text("Beta");
    app.play("enter");
    assert!(app.model.dialog.is_none(), "no reply is no refusal");
    assert!(app.says("Renamed to Beta"));
    app.server.once(Operation::RenameGroup, Manner::Fail(cut()));
    app.press("e");
    app.type_text("Gama");
    app.play("enter");
    assert!(app.says("not confirmed") && app.says("it may still happen"));
    app.server
        .once(Operation::RenameGroup, Manner::Fail(broken()));
    app.count_from_here();
    app.press("e");
    app.type_text("Gama");
    app.play("enter");
    assert_eq!(
        app.operations(),
        [Operation::RenameGroup, Operation::GroupDetails]
    );
}

#[test]
fn a_held_key_types_but_never_submits() {
    let mut app = Probe::with([group("a")]);
    app.press("n");
    app.type_text("Turma");
    app.send(Msg::Key(key("enter"), Press::Repeat));
    assert!(app.changes().is_empty());
}

#[test]
fn hostile_text_is_copied_and_told_without_what_commands_or_reorders() {
    let subject = "https://chat.whatsapp.com/\u{202e}a\u{1b}[2J\u{9b}\u{2066}\u{200f}z";
    let harmful = |text: &str| {
        text.chars()
            .any(|c| c.is_control() || matches!(c, '\u{200f}' | '\u{202e}' | '\u{2066}'))
    };
    let mut app = Probe::with([group("a").subject(subject)]);
    app.play("Y 4");
    assert_eq!(app.clip(), "https://chat.whatsapp.com/a[2Jz");
    assert_eq!(app.notice().0, Level::Done);
    // A text from elsewhere, as it could come: what is told is safe whatever the clipboard got.
    app.send(Msg::Copied(
        crate::app::effect::Clip {
            text: subject.into(),
            what: "Sub\u{202e}ject".into(),
        },
        Ok(crate::app::msg::Route::System),
    ));
    assert!(
        !harmful(&app.notice().1.replace('\n', "")),
        "{:?}",
        app.notice()
    );
    let told: Vec<String> = app
        .model
        .activity
        .iter()
        .map(|entry| format!("{:?}", entry.what))
        .collect();
    assert!(!told.concat().contains("\\u{202e}"), "{told:?}");
}

#[test]
fn a_ready_message_has_the_subject_as_it_was_written() {
    let mut app = Probe::with([group("a").subject("🇧🇷 👨\u{200d}👩\u{200d}👧\u{202e}\u{7}")]);
    app.play("Y 2");
    assert_eq!(
        app.clip(),
        "🇧🇷 👨\u{200d}👩\u{200d}👧\nhttps://chat.whatsapp.com/a1"
    );
}

#[test]
fn a_ready_message_never_has_the_id_of_the_group() {
    let mut app = Probe::with([group("5519900000000-1").subject(" ")]);
    app.play("Y 2");
    assert_eq!(app.clip(), "https://chat.whatsapp.com/5519900000000-11");
}

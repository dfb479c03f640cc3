//! Icons: read when looked at, set and removed with the truth, and taken back.

use super::*;
use crate::app::dialog::{Dialog, FormState, IconForm, Look};
use crate::app::effect::Effect;
use crate::app::msg::Msg;
use crate::app::probe::server::{Manner, cut, failure, picture};
use crate::app::toasts::Level;
use crate::domain::{FailureKind, IconFile, Sent};

fn form(app: &Probe) -> &IconForm {
    match &app.model.dialog {
        Some(Dialog::PickIcon(_, form)) => form,
        other => panic!("{other:?}"),
    }
}

fn in_icon(groups: impl IntoIterator<Item = ServerGroup>) -> Probe {
    let mut app = Probe::with(groups);
    app.play("4");
    app
}

/// The file under that path is a good picture.
fn looked_at(app: &mut Probe, path: &str) {
    let found = Box::new((IconFile::encoded(vec![9], 640), picture(9)));
    app.send(Msg::LookedAt(path.to_owned(), Ok(found)));
}

fn set(app: &mut Probe, path: &str) {
    app.press("e");
    app.type_text(path);
    looked_at(app, path);
    app.play("enter");
}

#[test]
fn the_pane_reads_the_icon_once_and_404_means_none() {
    let mut app = in_icon([group("a").icon(3), group("b")]);
    assert_eq!(app.state("a").picture.value(), Some(&Box::new(picture(3))));
    app.count_from_here();
    app.play("1 4");
    assert!(app.calls.is_empty(), "it is known: {:?}", app.calls);
    app.play("1 j");
    app.wait(500);
    app.play("4");
    assert_eq!(app.state("b").icon.value(), Some(&None));
    assert!(app.state("b").icon.failure().is_none());
}

#[test]
fn enter_before_the_file_was_looked_at_sends_it_afterwards_and_once() {
    let mut app = in_icon([group("a")]);
    app.press("e");
    app.type_text("x.jpg");
    app.press("enter");
    assert!(app.changes().is_empty());
    looked_at(&mut app, "x.jpg");
    app.press("enter");
    app.answer_all();
    assert_eq!(app.changes().len(), 1);
    assert!(app.model.dialog.is_none());
    assert_eq!(app.state("a").picture.value(), Some(&Box::new(picture(1))));
    assert_eq!(app.notice().0, Level::Done);
}

#[test]
fn an_answer_about_another_path_is_not_taken_for_this_one() {
    let mut app = in_icon([group("a")]);
    app.press("e");
    app.type_text("x.jp");
    app.type_text("g");
    app.press("enter");
    looked_at(&mut app, "x.jp");
    assert!(matches!(form(&app).look, Look::Looking(_)));
    app.send(Msg::LookedAt(
        "x.jpg".into(),
        Err("this is no picture".into()),
    ));
    assert!(matches!(form(&app).look, Look::Bad(_)));
    app.press("enter");
    assert!(app.changes().is_empty(), "what cannot be sent is not sent");
    assert_eq!(form(&app).input.text(), "x.jpg");
}

#[test]
fn a_refusal_stays_in_the_form_with_everything_typed() {
    let mut app = in_icon([group("a")]);
    let why = failure(FailureKind::Rejected, Some(400), Sent::Answered);
    app.server.once(Operation::SetIcon, Manner::Fail(why));
    set(&mut app, "x.jpg");
    assert!(matches!(form(&app).state, FormState::Refused(_)));
    assert_eq!(form(&app).input.text(), "x.jpg");
}

#[test]
fn an_unanswered_upload_is_settled_by_the_address_read_afterwards() {
    for (manner, level) in [
        (Manner::ApplyThenCut, Level::Done),
        (Manner::Fail(cut()), Level::Warning),
    ] {
        let mut app = in_icon([group("a").icon(3)]);
        app.server.once(Operation::SetIcon, manner);
        set(&mut app, "x.jpg");
        assert_eq!(app.changes().len(), 1, "never sent twice");
        assert_eq!(app.notice().0, level);
    }
}

#[test]
fn removing_asks_and_u_puts_the_old_picture_back() {
    let mut app = in_icon([group("a").icon(3)]);
    app.play("d enter");
    assert!(app.changes().is_empty(), "Cancel has the focus");
    app.play("d right enter");
    assert_eq!(app.state("a").icon.value(), Some(&None));
    assert!(app.says("u takes it back"));
    app.play("u");
    let back = app.changes().pop();
    assert!(
        matches!(back, Some(Call::SetIcon(_, file)) if file.bytes() == [3]),
        "the bytes there were before"
    );
}

#[test]
fn a_picture_host_that_fails_says_nothing_about_the_api() {
    let mut app = in_icon([group("a").icon(3)]);
    let why = failure(FailureKind::Unauthorized, Some(401), Sent::Answered);
    app.server.once(Operation::FetchPicture, Manner::Fail(why));
    app.play("r");
    assert_eq!(app.model.line, crate::app::line::Line::Online);
    assert!(app.model.dialog.is_none(), "nobody is asked for the token");
    assert!(app.state("a").picture.failure().is_some());
}

#[test]
fn a_path_is_completed_and_looked_at() {
    let mut app = in_icon([group("a")]);
    app.press("e");
    app.type_text("~/fo");
    let effects = app.press("tab");
    assert_eq!(effects, [Effect::Complete("~/fo".into())]);
    app.send(Msg::Completed(
        "~/fo".into(),
        "~/fotos/".into(),
        vec!["~/fotos/a.jpg".into()],
    ));
    assert_eq!(form(&app).input.text(), "~/fotos/");
    assert_eq!(form(&app).candidates.len(), 1);
    app.send(Msg::Completed("~/other".into(), "~/x".into(), vec![]));
    assert_eq!(
        form(&app).input.text(),
        "~/fotos/",
        "an old answer changes nothing"
    );
}

#[test]
fn renames_and_roles_can_be_taken_back_for_ten_seconds() {
    let mut app = Probe::with([group("a").subject("antes")]);
    app.press("e");
    app.type_text("depois");
    app.play("enter u");
    assert_eq!(app.state("a").name(), "antes");

    let mut app = Probe::in_members();
    app.play("j j + enter u");
    let verbs: Vec<Operation> = app.changes().iter().map(Call::operation).collect();
    assert_eq!(verbs, [Operation::AddAdmins, Operation::RemoveAdmins]);

    let mut app = Probe::with([group("a")]);
    app.press("e");
    app.type_text("depois");
    app.play("enter");
    app.wait(10_001);
    app.play("u");
    assert_eq!(app.changes().len(), 1, "too late");
    assert!(app.says("Nothing to undo"));
}

#[test]
fn what_cannot_be_taken_back_is_not_offered() {
    let mut app = Probe::in_members();
    app.play("j j d right enter");
    assert_eq!(app.changes().len(), 1);
    app.play("u");
    assert_eq!(app.changes().len(), 1);
}

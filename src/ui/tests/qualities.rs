//! What is demanded of a good terminal program, as far as it can be seen. Tests of other demands stand
//! beside the code they are about; all are found by the number: `q06`, `q12`.
//!
//! Source: «qualities.md, table».

use super::*;
use crate::app::dialog::Dialog;
use crate::app::probe::Manner;
use crate::app::probe::server::failure;
use crate::domain::{Clean, Failure, FailureKind, Operation, Sent, Unreachable};

/// The spinner's pictures.
const SPINS: &str = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

fn screen(app: &Probe) -> String {
    text(&paint(&app.model, DARK).0)
}

fn spins(app: &Probe) -> bool {
    screen(app).chars().any(|c| SPINS.contains(c))
}

#[test]
fn q04_the_first_frame_is_complete_before_anything_was_asked() {
    for size in SIZES {
        let mut app = world(size, groups());
        assert!(screen(&app).contains("Loading your groups"), "{size:?}");
        assert!(app.calls.is_empty() && app.timers.is_empty());
        app.send(Msg::Started);
        assert!(screen(&app).contains("Loading your groups"), "{size:?}");
    }
}

#[test]
fn q06_what_is_there_at_once_never_spins_and_what_drags_on_counts_its_seconds() {
    for (keys, operation, words) in [
        ("2 r", Operation::GroupDetails, None),
        ("3", Operation::GetInvite, Some("fetching the link")),
    ] {
        let mut app = dashboard(BIG);
        app.wait(1_000);
        app.server.always(operation, Manner::Silent);
        app.play(keys);
        app.wait(100);
        assert!(!spins(&app), "{keys} flickers:\n{}", screen(&app));
        let Some(words) = words else { continue };
        app.wait(100);
        assert!(spins(&app) && screen(&app).contains(words), "{keys}");
        assert!(!screen(&app).contains(&format!("{words} 0 s")));
        app.wait(3_000);
        assert!(
            screen(&app).contains(&format!("{words} 3 s")),
            "{keys}:\n{}",
            screen(&app)
        );
    }
}

#[test]
fn q06_a_change_of_several_people_tells_how_far_it_is() {
    let mut app = after(BIG, "2 j j j space space space d");
    for operation in [Operation::RemoveParticipants, Operation::GroupDetails] {
        app.server.always(operation, Manner::Silent);
    }
    app.press_all("3 enter");
    app.wait(4_000);
    let screen = screen(&app);
    assert!(screen.contains("removing 3 4 s"), "{screen}");
    assert!(screen.contains("0 of 3"), "{screen}");
}

#[test]
fn q07_no_more_than_three_notices_stand_there_and_none_over_a_field() {
    use crate::app::toasts::{Level, Toast};
    for size in SIZES {
        let mut app = dashboard(size);
        let now = app.model.now;
        for title in ["eins", "zwei", "drei", "vier", "fünf"] {
            let toast = Toast::new(Level::Error, title, vec![], now);
            app.model.toasts.push(toast);
        }
        let told = ["eins", "zwei", "drei", "vier", "fünf"]
            .into_iter()
            .filter(|title| screen(&app).contains(title));
        assert!(
            told.count() <= if size.height < 30 { 1 } else { 3 },
            "{size:?}"
        );
        app.press("e");
        app.type_text("Um nome para ver");
        assert!(screen(&app).contains("Um nome para ver"), "{size:?}");
        app.press_all("esc esc esc esc m");
        app.type_text("Uma palavra");
        assert!(screen(&app).contains("Uma palavra"), "{size:?}");
    }
}

#[test]
fn q08_every_failure_says_what_why_and_what_next_in_the_servers_words_too() {
    let kinds = [
        (FailureKind::Rejected, Some(400), Sent::Answered),
        (FailureKind::Forbidden, Some(403), Sent::Answered),
        (FailureKind::GroupGone, Some(404), Sent::Answered),
        (FailureKind::Rejected, Some(409), Sent::Answered),
        (FailureKind::Rejected, Some(413), Sent::Answered),
        (FailureKind::Rejected, Some(415), Sent::Answered),
        (FailureKind::Server(None), Some(500), Sent::Answered),
        (FailureKind::Timeout, None, Sent::Maybe),
        (
            FailureKind::Unreachable(Unreachable::Tls),
            None,
            Sent::Never,
        ),
        (FailureKind::Malformed, Some(200), Sent::Answered),
        (FailureKind::TooLarge, Some(200), Sent::Answered),
    ];
    for (kind, status, sent) in kinds {
        let mut why = failure(kind, status, sent);
        why.detail = Clean::new("palavras do servidor");
        // Where the pane has the whole width, its words stand in one piece.
        for size in [USUAL, NARROW, TINY] {
            let mut app = after(size, "");
            app.server
                .always(Operation::GetInvite, Manner::Fail(why.clone()));
            app.press("i");
            live(&mut app, 300);
            let screen = screen(&app).replace(['\n', '│'], " ");
            let words: Vec<&str> = screen.split_whitespace().collect();
            let screen = words.join(" ").to_lowercase();
            let holds = |words: &str| screen.contains(&words.to_lowercase());
            assert!(
                holds("could not be fetched"),
                "what, {size:?} {why:?}: {screen}"
            );
            let gist = |why: &Failure| why.why().split(':').next().unwrap_or_default().to_owned();
            assert!(holds(&gist(&why)), "why, {size:?} {why:?}: {screen}");
            assert!(holds(why.next()), "next, {size:?} {why:?}: {screen}");
            assert!(holds("palavras do servidor"), "{size:?} {why:?}: {screen}");
        }
    }
}

#[test]
fn q12_a_filter_is_seen_counted_and_left_with_esc_in_each_pane_of_its_own() {
    for size in [BIG, USUAL] {
        let mut app = after(size, "/");
        app.type_text("or");
        app.play("enter");
        let shown = app.model.list.rows.len();
        assert!(
            screen(&app).contains(&format!("{shown} of 12")),
            "{}",
            screen(&app)
        );
        assert!(screen(&app).contains("esc clear filter"));
        app.play("2");
        assert!(!app.people().filter.is_active(), "each pane has its own");
        app.play("/");
        app.type_text("is:admin");
        app.play("enter");
        let count = format!(
            "{} of {}",
            app.people().rows.len(),
            app.model.group().unwrap().roster().unwrap().count()
        );
        assert!(screen(&app).contains(&count), "{}", screen(&app));
    }
}

#[test]
fn q12_marks_that_a_filter_hides_are_counted_and_named_in_the_question() {
    for size in SIZES {
        let mut app = after(size, "2 j j j space space space /");
        app.type_text("0003");
        app.play("enter");
        assert!(
            screen(&app).contains("3 marked"),
            "{size:?}\n{}",
            screen(&app)
        );
        assert!(
            screen(&app).contains("2 hidden"),
            "{size:?}\n{}",
            screen(&app)
        );
        app.play("d");
        let Some(Dialog::Confirm(confirm)) = &app.model.dialog else {
            panic!("{size:?}");
        };
        assert_eq!(confirm.people.len(), 3);
        assert_eq!(confirm.people.iter().filter(|one| one.hidden).count(), 2);
    }
}

#[test]
fn the_header_tells_how_far_the_names_are_and_how_long_the_rest_takes() {
    use crate::app::session::Pace;
    let groups: Vec<_> = (0..1_000).map(|n| group(&format!("g{n:04}"))).collect();
    let mut session = crate::app::probe::session();
    session.pace = Pace::PerSecond(4.0);
    let mut app = Probe::new(session, groups);
    app.send(Msg::Started);
    app.answer(Operation::ListGroups);
    while app.model.groups.named() < 100 {
        app.answer_all();
        app.wait(250);
    }
    let header = |app: &Probe| screen(app).lines().next().unwrap_or_default().to_owned();
    assert!(
        header(&app).contains("100 of 1,000 names, 3:4"),
        "{}",
        header(&app)
    );
    app.press("p");
    app.answer_all();
    assert!(
        header(&app).contains(" of 1,000 names, stopped"),
        "{}",
        header(&app)
    );
    // A narrow header does without what stands behind the comma.
    app.press("p");
    app.send(Msg::Resized(crate::app::layout::Size {
        width: 72,
        height: 24,
    }));
    app.wait(250);
    let narrow = header(&app);
    assert!(
        narrow.contains(" of 1,000 names") && narrow.contains("online"),
        "{narrow}"
    );
    while app.model.groups.named() < 1_000 {
        app.answer_all();
        app.wait(250);
    }
    app.calm();
    assert!(header(&app).contains("synced"), "{}", header(&app));
    app.press("R");
    app.answer_all();
    assert!(
        header(&app).contains(" of 1,000 read again, 4:"),
        "{}",
        header(&app)
    );
}

#[test]
fn names_that_were_read_out_of_turn_do_not_make_the_header_call_the_rest_read_again() {
    use crate::app::session::Pace;
    let groups: Vec<_> = (0..1_000).map(|n| group(&format!("g{n:04}"))).collect();
    let mut session = crate::app::probe::session();
    session.pace = Pace::PerSecond(4.0);
    let mut app = Probe::new(session, groups);
    // More rows in view than may leave at once: those whose turn it is were read because they are seen.
    app.send(Msg::Resized(crate::app::layout::Size {
        width: 120,
        height: 60,
    }));
    app.send(Msg::Started);
    app.answer_all();
    assert!(app.open.is_empty() && app.model.groups.named() > 30);
    let header = screen(&app).lines().next().unwrap_or_default().to_owned();
    assert!(header.contains(" of 1,000 names, "), "{header}");
}

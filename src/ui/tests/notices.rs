//! Notices in the corner.

use super::*;
use crate::app::probe::Manner;
use crate::app::probe::server::{gone, no_network};
use crate::domain::Operation;

pub(super) const STATES: &[State] = &[
    ("notices_done", |size| after(size, "y")),
    ("notices_hint", |size| after(size, "2 g d")),
    ("notices_error", rename_failed),
    ("notices_three", three),
    ("notices_long", long),
];

#[test]
fn the_notices_look_so() {
    compare(STATES);
}

fn rename_failed(size: Size) -> Probe {
    let mut app = dashboard(size);
    app.server
        .once(Operation::RenameGroup, Manner::Fail(gone()));
    app.play("e");
    app.type_text("Corrida de Domingo");
    app.press_all("enter esc");
    app.answer_all();
    app
}

/// An error, a warning and a success.
fn three(size: Size) -> Probe {
    let mut app = rename_failed(size);
    app.clipboard = Err("no clipboard was found".into());
    app.play("y esc");
    app.clipboard = Ok(crate::app::msg::Route::System);
    app.server
        .once(Operation::GroupDetails, Manner::Fail(no_network()));
    app.play("y");
    app
}

fn long(size: Size) -> Probe {
    let mut app = dashboard(size);
    let lines = vec![
        "A sentence of the server that nobody expected to be so long. ".repeat(9),
        "Unbreakable".repeat(12),
    ];
    let title = "Something with a title that is longer than the widest notice can be";
    let mut toast = crate::app::toasts::Toast::new(
        crate::app::toasts::Level::Error,
        title,
        lines,
        app.model.now,
    );
    toast.until = None;
    app.model.toasts.push(toast);
    app
}

#[test]
fn esc_takes_off_the_notice_that_is_shown() {
    use crate::app::toasts::{Level, Toast};
    for (size, left) in [(USUAL, "mild"), (BIG, "grave")] {
        let mut app = dashboard(size);
        let now = app.model.now;
        for (level, title) in [(Level::Error, "grave"), (Level::Warning, "mild")] {
            app.model.toasts.push(Toast::new(level, title, vec![], now));
        }
        app.press("esc");
        let titles: Vec<&str> = app.toasts().iter().map(|t| t.title.as_str()).collect();
        assert_eq!(titles, [left], "{size:?}");
    }
}

#[test]
fn q26_what_is_wrong_with_the_configuration_is_marked_as_long_as_it_is() {
    for size in [BIG, USUAL, NARROW, TINY] {
        let mut app = dashboard(size);
        let header = |app: &Probe| {
            let (buffer, _) = draw(&app.model, DARK);
            rows(&buffer)[0].concat()
        };
        assert!(!header(&app).contains("! config"), "{size:?}");
        app.model.session.warnings = vec!["config.toml:1:1: unknown key `them`".into()];
        app.press("esc");
        assert!(header(&app).contains(" ! config"), "{}", header(&app));
    }
}

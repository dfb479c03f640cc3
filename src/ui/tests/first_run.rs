//! The first run, and a window that is too small.

use super::*;

pub(super) const STATES: &[State] = &[
    ("welcome", welcome),
    ("welcome_connect", |size| pressed(size, "j")),
    ("welcome_read_first", |size| pressed(size, "3")),
    ("welcome_read_first_scrolled", |size| {
        pressed(size, "3 j j j j")
    }),
];

#[test]
fn the_first_run_looks_so() {
    compare(STATES);
}

#[test]
fn a_window_that_is_too_small_says_so() {
    let pictures = [(30, 8), (39, 24), (80, 9), (12, 3), (1, 1)].map(|(width, height)| {
        let mut app = dashboard(USUAL);
        app.send(Msg::Resized(size(width, height)));
        let (buffer, caret) = draw(&app.model, DARK);
        assert_eq!(caret, None);
        format!("=== {width} × {height}\n{}", text(&buffer))
    });
    compare_one(
        "too_small",
        &pictures.join(
            "

",
        ),
    );
}

/// No account yet.
pub(super) fn welcome(size: Size) -> Probe {
    let mut session = session();
    session.account = None;
    session.config_path = "~/.config/wavedeck/config.toml".into();
    let mut app = Probe::new(session, groups());
    app.model.size = size;
    app.model.now = NOON;
    app.send(Msg::Started);
    app
}

fn pressed(size: Size, keys: &str) -> Probe {
    let mut app = welcome(size);
    app.press_all(keys);
    app
}

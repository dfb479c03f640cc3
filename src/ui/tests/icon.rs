//! The icon pane and the form for a picture.

use super::*;
use crate::app::Msg;
use crate::app::probe::server::{Manner, failure, picture};
use crate::domain::{FailureKind, IconFile, Operation, Picture, Sent, Thumbnail};

pub(super) const STATES: &[State] = &[
    ("icon_none", |size| after(size, "4")),
    ("icon", shown),
    ("icon_beside_members", |size| {
        let mut app = shown(size);
        app.play("1");
        app
    }),
    ("icon_failed", failed),
    ("icon_picture_failed", picture_failed),
    ("icon_form", |size| after(size, "4 e")),
    ("icon_form_good", |size| {
        let mut app = after(size, "4 e");
        app.type_text("~/fotos/corrida-2026.jpg");
        let file = IconFile::encoded(vec![0; 41_234], 640);
        let found = Box::new((file, drawn()));
        app.send(Msg::LookedAt("~/fotos/corrida-2026.jpg".into(), Ok(found)));
        app
    }),
    ("icon_form_bad", |size| {
        let mut app = after(size, "4 e");
        app.type_text("~/lista.csv");
        let why = "this is a text, and only JPEG and PNG pictures can be used".to_owned();
        app.send(Msg::LookedAt("~/lista.csv".into(), Err(why)));
        app
    }),
    ("icon_form_candidates", |size| {
        let mut app = after(size, "4 e");
        app.type_text("~/fo");
        let names = vec!["fotos/".to_owned(), "folheto.png".to_owned()];
        app.send(Msg::Completed("~/fo".into(), "~/fo".into(), names));
        app
    }),
    ("icon_remove", |size| {
        let mut app = shown(size);
        app.press("d");
        app
    }),
];

#[test]
fn the_icon_pane() {
    compare(STATES);
}

/// A picture of four colours, so that a snapshot shows where its cells are.
fn drawn() -> Picture {
    let pixels = vec![[200, 60, 60], [60, 200, 60], [60, 60, 200], [200, 200, 60]];
    Picture {
        width: 1280,
        height: 960,
        file: vec![0; 412_000].into(),
        thumbnail: Thumbnail::new(2, 2, pixels).unwrap(),
        ..picture(3)
    }
}

fn shown(size: Size) -> Probe {
    let mut app = dashboard(size);
    let chosen = app.model.group().unwrap().id.to_string();
    app.server.group(&chosen).icon = Some(3);
    app.model = Probe::fresh_icons(app.model);
    app.play("4");
    app
}

fn failed(size: Size) -> Probe {
    let mut app = dashboard(size);
    let why = failure(FailureKind::Forbidden, Some(403), Sent::Answered);
    app.server.always(Operation::GetIcon, Manner::Fail(why));
    app.model = Probe::fresh_icons(app.model);
    app.play("4");
    app
}

fn picture_failed(size: Size) -> Probe {
    let mut app = dashboard(size);
    let chosen = app.model.group().unwrap().id.to_string();
    app.server.group(&chosen).icon = Some(3);
    let why = failure(FailureKind::Malformed, Some(200), Sent::Answered);
    app.server
        .always(Operation::FetchPicture, Manner::Fail(why));
    app.model = Probe::fresh_icons(app.model);
    app.play("4");
    app
}

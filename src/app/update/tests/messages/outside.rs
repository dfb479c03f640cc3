//! A message that comes back from the user's own editor.

use super::*;

fn hand_out(app: &mut Probe) -> String {
    let effects = app.key(Key::ctrl('o'));
    let [Effect::EditOutside(group, text)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(*group, id("a"));
    text.clone()
}

fn come_back(app: &mut Probe, before: &str, edited: Result<&str, &str>) {
    let edited = edited.map(str::to_owned).map_err(str::to_owned);
    app.send(Msg::Edited(id("a"), before.to_owned(), edited));
}

#[test]
fn what_comes_back_is_the_draft_cleaned_as_a_paste_is_and_nothing_is_sent() {
    let mut app = app();
    app.press("m");
    app.type_text("Oi");
    let before = hand_out(&mut app);
    assert_eq!(before, "Oi");
    come_back(&mut app, &before, Ok("Oi\r\ntudo\x1b[2J \x07bem\u{2028}?"));
    assert_eq!(thread(&app).draft.text(), "Oi\ntudo[2J bem\n?");
    // The tail of what was typed in the editor.
    app.press("enter");
    assert_eq!(sent(&app), [""; 0]);
    assert!(app.model.messages.composing().is_some());
    app.wait(1000);
    assert_eq!(kept(&app), Some("Oi\ntudo[2J bem\n?"));
}

#[test]
fn what_came_into_the_draft_meanwhile_is_kept() {
    let mut app = app();
    app.press("m");
    app.type_text("Oi");
    let before = hand_out(&mut app);
    app.paste(" e tchau");
    come_back(&mut app, &before, Ok("Ola"));
    assert_eq!(thread(&app).draft.text(), "Ola\nOi e tchau");
}

#[test]
fn a_failure_and_a_text_without_end_change_nothing_and_are_told() {
    let mut app = app();
    app.press("m");
    app.type_text("Oi");
    let before = hand_out(&mut app);
    come_back(&mut app, &before, Err("the editor ended with code 1"));
    assert!(app.says("The message is as it was"));
    assert!(app.says("The editor ended with code 1."));
    come_back(&mut app, &before, Ok(&"x".repeat(9000)));
    assert_eq!(thread(&app).draft.text(), "Oi");
}

#[test]
fn where_nothing_can_be_written_there_is_no_editor() {
    let mut app = app();
    app.press("m");
    app.model.session.access = Access::ReadOnly;
    assert!(app.key(Key::ctrl('o')).is_empty());
}

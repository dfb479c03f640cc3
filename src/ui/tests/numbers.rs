//! Numbers that are hidden: in no cell of any screen, and nowhere else than on the screen.

use super::*;
use crate::domain::Masking;

/// What could be read as a number in one row of the screen: its digits, with whatever stands between the
/// parts of one taken out.
fn digits(row: &str) -> Vec<String> {
    let is_inside = |c: char| c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.');
    let joined: String = row.chars().filter(|c| !is_inside(*c)).collect();
    joined
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Every number that the states know: people, the account, senders, and those in the names of groups.
fn numbers() -> Vec<String> {
    let people = REGULARS.into_iter().map(|number| number.to_string());
    people
        .chain(["5519900000101".into(), "5519900000102".into()])
        .collect()
}

#[test]
fn q37_hidden_numbers_stand_in_no_cell_of_any_screen() {
    let numbers = numbers();
    let mut shown = 0;
    for (name, make) in all() {
        // What is typed there is no number of anybody, and has to be read.
        if name.starts_with("form_connect") {
            continue;
        }
        for size in SIZES {
            let mut app = make(size);
            let (open, _) = paint(&app.model, DARK);
            app.model.numbers = Masking::Masked;
            let (hidden, _) = paint(&app.model, DARK);
            let found = |buffer: &Buffer| {
                let rows = rows(buffer);
                let rows = rows.iter().map(|row| row.concat());
                let all: Vec<String> = rows.flat_map(|row| digits(&row)).collect();
                numbers
                    .iter()
                    .find(|number| {
                        // The local part alone is as good as all of it.
                        let local: String = number.chars().skip(number.len() - 8).collect();
                        all.iter().any(|digits| digits.contains(&local))
                    })
                    .cloned()
            };
            shown += usize::from(found(&open).is_some());
            assert_eq!(
                found(&hidden),
                None,
                "{name} at {} × {}\n{}",
                size.width,
                size.height,
                text(&hidden)
            );
        }
    }
    assert!(shown > 100, "without hiding they are there: {shown}");
}

#[test]
fn q37_a_badge_says_that_numbers_are_hidden_at_every_size() {
    for keys in ["P", "2 P", "5 P", "2 G P d"] {
        for size in SIZES {
            let app = after(size, keys);
            let (buffer, _) = paint(&app.model, DARK);
            let first = rows(&buffer)[0].concat();
            assert!(first.contains("HIDDEN]"), "{keys}: {first}");
        }
    }
}

#[test]
fn q37_what_is_copied_has_its_numbers_and_the_notice_has_not() {
    let mut app = after(BIG, "P 2 G y");
    assert_eq!(app.clip(), "5519900000023");
    let (buffer, _) = paint(&app.model, DARK);
    let shown = text(&buffer);
    assert!(shown.contains("+55 19 9••••-••23 copied"), "{shown}");
    app.play("/");
    app.type_text("0003");
    assert_eq!(app.people().rows.len(), 1, "digits still find");
}

#[test]
fn q37_what_has_to_be_copied_by_hand_can_be_shown_for_that() {
    let mut app = dashboard(USUAL);
    app.clipboard = Err("no clipboard".into());
    app.play("P 2 G y");
    let (buffer, _) = paint(&app.model, DARK);
    assert!(text(&buffer).contains("55199••••••23"));
    app.press("P");
    let (buffer, _) = paint(&app.model, DARK);
    assert!(text(&buffer).contains("5519900000023"));
}

#[test]
fn q37_a_question_for_digits_can_be_answered_while_numbers_are_hidden() {
    let mut app = after(BIG, "P G d");
    let word = app
        .confirm()
        .word
        .clone()
        .expect("asks for digits")
        .expected;
    let (buffer, _) = paint(&app.model, DARK);
    assert!(text(&buffer).contains(&format!("Type {word}, the end of its id")));
    app.type_text(&word);
    assert!(app.confirm().is_ready());
}

//! Where the terminal's cursor stands: what is read aloud, and where the eyes go.

use super::*;
use crate::app::layout::Layout;

#[test]
fn q34_there_is_always_a_caret_and_it_is_inside() {
    for (name, make) in all() {
        for size in SIZES {
            let app = make(size);
            assert_ne!(app.model.size.layout(), Layout::TooSmall);
            let (buffer, caret) = draw(&app.model, DARK);
            let place = format!("{name} at {} × {}", size.width, size.height);
            let caret = caret.unwrap_or_else(|| panic!("{place}: no caret"));
            assert!(buffer.area.contains(caret), "{place}");
            if app.model.dialog.is_none() {
                assert!(caret.y < size.height - 1, "{place}: not in the footer");
            }
            let under = buffer.cell(caret).unwrap().symbol();
            assert!(
                !["│", "╭", "╮", "╰", "╯", "─"].contains(&under),
                "{place}: the caret is on a frame"
            );
        }
    }
}

/// The row up to the caret ends with these words.
#[test]
fn q34_the_caret_is_on_the_focused_row_field_or_button() {
    let expected = [
        ("groups_filter", "/mo"),
        ("members_filter_number", "/0007"),
        ("line_promote", "?"),
        ("message_composer", "lago."),
        ("message_composer_blank", " "),
        ("conversation_search", "/PORTAO"),
        ("confirm_remove_one", "[ "),
        ("confirm_remove_one_focused", "[ "),
        ("confirm_remove_three", "Type 3 to confirm   "),
        ("confirm_remove_three_typed", "Type 3 to confirm   3"),
        ("confirm_reset", "[ "),
        ("form_new_typed", "Corrida Sábado 6h30"),
        ("form_new_over_the_limit", "7h da manhã"),
        ("form_new_tick", "["),
        ("form_new_button", "[ "),
        ("form_new_sending", "( "),
        ("form_rename", "Corrida Domingo 7h"),
        ("form_connect_filled", "••••••••••••••••"),
        ("form_connect_shown", "0123456789abcdef"),
        ("form_connect_choice", "("),
        ("form_connect_button", "[ "),
        ("form_connect_sending", "( "),
        ("help_search", "Search adm"),
        ("commands_marked", ": re"),
    ];
    let states: Vec<State> = all().collect();
    for (name, words) in expected {
        let (_, make) = states.iter().find(|(state, _)| *state == name).unwrap();
        for size in SIZES {
            let (buffer, caret) = draw(&make(size).model, DARK);
            let caret = caret.unwrap();
            let mut before = String::new();
            let mut column = 0;
            for symbol in &rows(&buffer)[usize::from(caret.y)] {
                if column >= usize::from(caret.x) {
                    break;
                }
                before.push_str(symbol);
                column += symbol.width().max(1);
            }
            assert!(
                before.ends_with(words),
                "{name} at {} × {}: {before:?}",
                size.width,
                size.height
            );
        }
    }
}

#[test]
fn q34_in_a_list_the_caret_is_at_the_bar_of_the_cursor_row() {
    let lists = [
        "groups",
        "groups_range",
        "members",
        "members_end",
        "members_marks",
        "activity",
        "activity_end",
        "activity_unfolded",
        "messages_all_states",
        "messages_sent",
        "conversation",
        "conversation_up",
        "conversation_search_next",
        "menu_copy_people",
        "menu_sort",
        "actions_members",
        "welcome",
        "welcome_connect",
    ];
    for (name, make) in all().filter(|(name, _)| lists.contains(name)) {
        for size in SIZES {
            let (buffer, caret) = draw(&make(size).model, DARK);
            let cell = buffer.cell(caret.unwrap()).unwrap();
            assert_eq!(cell.symbol(), "▌", "{name} at {}", size.width);
        }
    }
}

/// What colour says is said by a word or a shape as well: without any, every pair of states still reads
/// differently.
#[test]
fn q34_no_state_is_told_by_colour_alone() {
    for (one, other) in [
        ("members", "members_marks"),
        ("groups", "groups_unread"),
        ("groups", "groups_offline"),
        ("groups", "groups_throttled"),
        ("groups", "groups_signed_out"),
        ("groups", "groups_one_bad"),
        ("confirm_remove_one", "confirm_remove_one_focused"),
        ("form_new_near_the_limit", "form_new_over_the_limit"),
    ] {
        let shown = |state: &str| {
            let (_, make) = all().find(|(name, _)| *name == state).unwrap();
            text(&draw(&make(USUAL).model, MONO).0)
        };
        assert_ne!(shown(one), shown(other), "{one} and {other}");
    }
}

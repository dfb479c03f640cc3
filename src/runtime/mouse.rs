//! From the terminal's mouse to what was clicked: a cell is looked up in the frame that was seen.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "other buttons and moves mean nothing"
)]

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::app::Msg;
use crate::app::pointer::Wheel;
use crate::ui::Regions;

/// Whether an event can mean anything to us; all others wake nobody.
pub(super) fn is_ours(event: MouseEvent) -> bool {
    // With shift and the like, terminals select text or do things of their own.
    event.modifiers.is_empty()
        && matches!(
            event.kind,
            MouseEventKind::Down(MouseButton::Left)
                | MouseEventKind::ScrollUp
                | MouseEventKind::ScrollDown
        )
}

/// What an event means on the frame whose regions these are.
pub(super) fn translate(event: MouseEvent, regions: &Regions) -> Option<Msg> {
    let wheeled = |wheel| {
        let area = regions.area_at(event.column, event.row)?;
        Some(Msg::Wheeled(area, wheel))
    };
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => regions
            .at(event.column, event.row)
            .map(|target| Msg::Clicked(target.clone())),
        MouseEventKind::ScrollUp => wheeled(Wheel::Up),
        MouseEventKind::ScrollDown => wheeled(Wheel::Down),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyModifiers;

    use super::*;

    #[test]
    fn q20_only_the_left_button_and_the_wheel_mean_something() {
        let event = |kind, modifiers| MouseEvent {
            kind,
            column: 3,
            row: 4,
            modifiers,
        };
        for (kind, passes) in [
            (MouseEventKind::Down(MouseButton::Left), true),
            (MouseEventKind::ScrollUp, true),
            (MouseEventKind::ScrollDown, true),
            (MouseEventKind::Down(MouseButton::Right), false),
            (MouseEventKind::Down(MouseButton::Middle), false),
            (MouseEventKind::Up(MouseButton::Left), false),
            (MouseEventKind::Drag(MouseButton::Left), false),
            (MouseEventKind::Moved, false),
            (MouseEventKind::ScrollLeft, false),
            (MouseEventKind::ScrollRight, false),
        ] {
            assert_eq!(is_ours(event(kind, KeyModifiers::NONE)), passes, "{kind:?}");
            assert!(!is_ours(event(kind, KeyModifiers::SHIFT)), "{kind:?}");
            // Where nothing stands, nothing happens.
            let nowhere = translate(event(kind, KeyModifiers::NONE), &Regions::default());
            assert!(nowhere.is_none());
        }
    }
}

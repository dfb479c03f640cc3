//! From the terminal library's keys to ours.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "keys we do not know mean nothing"
)]

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::msg::Press;
use crate::keymap::{Code, Key};

/// The key and whether it is being held; `None` for keys that mean nothing to us.
pub(super) fn translate(event: &KeyEvent) -> Option<(Key, Press)> {
    let held = |modifier| event.modifiers.contains(modifier);
    let shift = held(KeyModifiers::SHIFT);
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if shift => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    let key = Key {
        code,
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
        // For characters and the back tab, shift is part of the key itself.
        shift: shift && !matches!(code, Code::Char(_) | Code::BackTab),
    };
    let press = match event.kind {
        KeyEventKind::Press => Press::First,
        KeyEventKind::Repeat => Press::Repeat,
        KeyEventKind::Release => return None,
    };
    Some((key, press))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        translate(&KeyEvent::new(code, modifiers)).map(|(key, _)| key)
    }

    #[test]
    fn shift_is_part_of_a_character() {
        assert_eq!(
            key(KeyCode::Char('Y'), KeyModifiers::SHIFT),
            Some(Key::char('Y'))
        );
        assert_eq!(
            key(KeyCode::Char('+'), KeyModifiers::SHIFT),
            Some(Key::char('+'))
        );
        assert_eq!(
            key(KeyCode::Down, KeyModifiers::SHIFT),
            Some(Key::shift(Code::Down))
        );
        let back = Some(Key::plain(Code::BackTab));
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::SHIFT), back);
        assert_eq!(
            key(KeyCode::Char('d'), KeyModifiers::CONTROL),
            Some(Key::ctrl('d'))
        );
    }

    #[test]
    fn a_release_is_no_key() {
        let mut event = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::NONE);
        event.kind = KeyEventKind::Release;
        assert_eq!(translate(&event), None);
    }
}

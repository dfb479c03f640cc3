//! The escape sequence that asks a terminal to fill its clipboard, and its wrapping for tmux and GNU
//! screen. Builds text; writes nothing. Only base64 of the content gets in, so that no content can
//! end the sequence early.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Longest payload, in bytes of base64, that terminals are known to take; longer ones are dropped
/// by them in silence.
pub const MAX_BASE64: usize = 74_994;

/// Bytes of payload in one of GNU screen's strings, which it cuts at 768 bytes, and older ones
/// at 256.
const SCREEN_CHUNK: usize = 76;

/// Who stands between us and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapping {
    /// Nobody.
    None,
    /// tmux; it needs `allow-passthrough on`.
    Tmux,
    /// GNU screen.
    Screen,
}

/// The bytes that copy `text`, or `None` when it is too long.
pub(super) fn sequence(text: &str, wrapping: Wrapping) -> Option<String> {
    let payload = STANDARD.encode(text);
    if payload.len() > MAX_BASE64 {
        return None;
    }
    Some(match wrapping {
        Wrapping::None => format!("\x1b]52;c;{payload}\x07"),
        Wrapping::Tmux => format!("\x1bPtmux;\x1b\x1b]52;c;{payload}\x07\x1b\\"),
        Wrapping::Screen => {
            let mut sequence = String::from("\x1bP\x1b]52;c;");
            for (index, letter) in payload.chars().enumerate() {
                if index > 0 && index % SCREEN_CHUNK == 0 {
                    sequence.push_str("\x1b\\\x1bP");
                }
                sequence.push(letter);
            }
            sequence.push_str("\x07\x1b\\");
            sequence
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_the_plain_sequence() {
        assert_eq!(
            sequence("link", Wrapping::None).unwrap(),
            "\x1b]52;c;bGluaw==\x07"
        );
    }

    #[test]
    fn tmux_gets_it_passed_through_with_the_escape_doubled() {
        assert_eq!(
            sequence("link", Wrapping::Tmux).unwrap(),
            "\x1bPtmux;\x1b\x1b]52;c;bGluaw==\x07\x1b\\"
        );
    }

    #[test]
    fn screen_gets_short_strings_that_join_to_the_plain_sequence() {
        let text = "y".repeat(400);
        let wrapped = sequence(&text, Wrapping::Screen).unwrap();
        let mut joined = String::new();
        for piece in wrapped.split("\x1b\\").filter(|piece| !piece.is_empty()) {
            let piece = piece.strip_prefix("\x1bP").unwrap();
            assert!(piece.len() < 100, "{}", piece.len());
            joined.push_str(piece);
        }
        assert_eq!(joined, sequence(&text, Wrapping::None).unwrap());
    }

    #[test]
    fn the_limit_is_in_bytes_of_base64() {
        let fits = "x".repeat(MAX_BASE64 / 4 * 3);
        assert!(sequence(&fits, Wrapping::None).is_some());
        assert!(sequence(&"x".repeat(MAX_BASE64), Wrapping::None).is_none());
    }

    #[test]
    fn no_content_can_end_the_sequence() {
        let hostile = sequence("\x07\x1b\\\x1b]0;owned\x07", Wrapping::None).unwrap();
        assert_eq!(hostile.matches('\x1b').count(), 1);
        assert_eq!(hostile.matches('\x07').count(), 1);
    }
}

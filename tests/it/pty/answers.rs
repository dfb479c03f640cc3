//! The terminal's side of a conversation: what one like kitty answers, and what was asked of it.

/// A terminal that shows pictures by kitty's protocol.
#[derive(Default)]
pub(super) struct Kitty {
    /// So much of what was written has been looked at.
    read: usize,
}

/// What it is asked, and what it says.
const ANSWERS: [(&str, &str); 5] = [
    ("\x1b[16t", "\x1b[6;20;10t"),
    ("\x1b[c", "\x1b[?62;c"),
    ("\x1b[>0q", "\x1bP>|kitty(0.35.2)\x1b\\"),
    ("\x1b_Gi=31,", "\x1b_Gi=31;OK\x1b\\"),
    ("\x1b]11;?", "\x1b]11;rgb:0000/0000/0000\x1b\\"),
];

impl Kitty {
    /// The answers to what is new in all that was written.
    pub(super) fn answer(&mut self, written: &[u8]) -> Vec<u8> {
        let mut said = Vec::new();
        while self.read < written.len() {
            let rest = &written[self.read..];
            let asked = |(question, _): &&(&str, &str)| rest.starts_with(question.as_bytes());
            if let Some((question, answer)) = ANSWERS.iter().find(asked) {
                said.extend(answer.as_bytes());
                self.read += question.len();
            } else if ANSWERS
                .iter()
                .any(|(question, _)| question.as_bytes().starts_with(rest))
            {
                // The end of the question is still to come.
                break;
            } else {
                self.read += 1;
            }
        }
        said
    }
}

/// Whether a keyboard protocol was switched on and not off again.
pub(super) fn asks_for_keys(raw: &str) -> bool {
    let mut depth = 0;
    for rest in raw.split("\x1b[").skip(1) {
        let end = rest.find(|c: char| !"<>=?;:".contains(c) && !c.is_ascii_digit());
        let (numbers, kind) = rest.split_at(end.unwrap_or(rest.len()));
        if kind.starts_with('u') {
            depth += i32::from(numbers.starts_with('>')) - i32::from(numbers.starts_with('<'));
        }
    }
    depth != 0
}

/// Whether every string for the terminal (OSC, DCS, APC) has its end.
pub(super) fn strings_are_closed(raw: &str) -> bool {
    /// Within which string the bytes are.
    #[derive(PartialEq)]
    enum Within {
        Nothing,
        Command,
        Other,
    }
    let mut within = Within::Nothing;
    let mut bytes = raw.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let next = bytes.peek().copied();
        within = match (&within, byte, next) {
            (Within::Nothing, 0x1b, Some(b']')) => Within::Command,
            (Within::Nothing, 0x1b, Some(b'P' | b'_' | b'^' | b'X')) => Within::Other,
            (Within::Command, 0x07, _) | (_, 0x1b, Some(b'\\')) => Within::Nothing,
            _ => within,
        };
    }
    within == Within::Nothing
}

#[test]
fn a_string_without_its_end_is_noticed() {
    for (raw, closed) in [
        ("a\x1b]52;c;xx\x07b", true),
        ("a\x1bPtmux;\x1b\x1b]52;c;xx\x07\x1b\\b", true),
        ("\x1b_Ga=d\x1b\\\x1b]0;x\x1b\\", true),
        ("a\x1b]52;c;xx", false),
        ("\x1b_Ga=d\x07", false),
    ] {
        assert_eq!(strings_are_closed(raw), closed, "{raw:?}");
    }
    assert!(asks_for_keys("\x1b[>1u") && !asks_for_keys("\x1b[>1u\x1b[<1u\x1b[>0q"));
}

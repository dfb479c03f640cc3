//! Asks the terminal whether it shows pictures, and how large its cells are.
//!
//! In two steps, each closed by a question every terminal answers, so that nothing is waited for that
//! does not come. First what does no harm when it comes late: the reader of keys knows these answers
//! and drops them. Only a terminal that answered that quickly is asked what would be taken for typing
//! if it came late. What somebody types during the few milliseconds is lost, as with any such
//! question. Invariant: never longer than the limit, and not at all where something between us and
//! the terminal would answer for it.

use std::io::{self, IsTerminal as _, Read, Write};
use std::os::fd::{AsFd as _, AsRawFd};
use std::time::Duration;

use filedescriptor::{POLLIN, pollfd};
use ratatui::layout::Size;

use super::{Graphics, Way};
use crate::runtime::clock;

/// How long the answers may take, all together.
pub const LIMIT: Duration = Duration::from_millis(150);

/// The size of a cell in pixels, and what the terminal is.
const HARMLESS: &[u8] = b"\x1b[16t\x1b[c";
/// A picture of one pixel that is not kept, the name of the terminal, and again what it is. What a
/// terminal may have printed because it does not know the first one is wiped away.
const TELLING: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[>0q\x1b[c\x1b[H\x1b[2J";

/// Set by programs that stand between us and the terminal.
const BETWEEN: [&str; 3] = ["TMUX", "ZELLIJ", "STY"];
/// Values of `TERM`, by their beginning, where nothing good would come of asking.
const NOT_ASKED: [&str; 4] = ["tmux", "screen", "dumb", "linux"];
/// More than all answers together.
const MAX_ANSWER: usize = 4096;

/// Asks the terminal. To be called when it is in raw mode and on the alternate screen, and before
/// anything else reads keys. `None` when it shows no pictures, does not answer within `limit`, or
/// cannot be asked.
pub fn probe(env: impl Fn(&str) -> Option<String>, limit: Duration) -> Option<Graphics> {
    let (input, output) = (io::stdin(), io::stdout());
    if !is_direct(env) || !input.is_terminal() || !output.is_terminal() {
        return None;
    }
    // Without the buffers of the standard library: what is left in one never reaches the reader.
    let input = std::fs::File::from(input.as_fd().try_clone_to_owned().ok()?);
    let output = std::fs::File::from(output.as_fd().try_clone_to_owned().ok()?);
    ask(input, output, limit)
}

/// Whether the terminal itself would answer.
fn is_direct(env: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
    let term = env("TERM").unwrap_or_default();
    !BETWEEN.iter().any(|name| is_set(name))
        && !NOT_ASKED.iter().any(|begin| term.starts_with(begin))
}

fn ask(
    mut input: impl Read + AsRawFd,
    mut output: impl Write,
    limit: Duration,
) -> Option<Graphics> {
    let start = clock::now();
    output.write_all(HARMLESS).ok()?;
    output.flush().ok()?;
    let first = listen(&mut input, limit / 2)?;
    let cell = cell_size(&first)?;
    output.write_all(TELLING).ok()?;
    output.flush().ok()?;
    let left = limit.saturating_sub(clock::now().since(start));
    let second = listen(&mut input, left)?;
    Graphics::new(way(&second)?, cell)
}

/// Everything up to the answer to the last question; `None` when it does not come in time.
fn listen(input: &mut (impl Read + AsRawFd), limit: Duration) -> Option<Vec<u8>> {
    let start = clock::now();
    let mut answer = Vec::new();
    while attributes(&answer).is_none() && answer.len() < MAX_ANSWER {
        let left = limit.checked_sub(clock::now().since(start))?;
        if left.is_zero() {
            return None;
        }
        let mut watched = [pollfd {
            fd: input.as_raw_fd(),
            events: POLLIN,
            revents: 0,
        }];
        match filedescriptor::poll(&mut watched, Some(left)) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(filedescriptor::Error::Poll(why)) if why.kind() == io::ErrorKind::Interrupted => {
                continue;
            }
            Err(_) => return None,
        }
        let mut bytes = [0; 256];
        match input.read(&mut bytes) {
            Ok(0) | Err(_) => return None,
            Ok(length) => answer.extend(bytes.iter().take(length)),
        }
    }
    Some(answer)
}

/// What stands between the first `begin` and the next `end` after it.
fn between<'a>(answer: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = answer.split_once(begin)?;
    rest.split_once(end).map(|(found, _)| found)
}

/// The numbers in the answer to the last question, `CSI ? 62 ; 4 c`. Kitty has one that is empty.
fn attributes(answer: &[u8]) -> Option<Vec<u16>> {
    let answer = String::from_utf8_lossy(answer);
    let numbers = between(&answer, "\x1b[?", "c")?;
    Some(
        numbers
            .split(';')
            .filter_map(|part| part.parse().ok())
            .collect(),
    )
}

/// The answer to the first one, `CSI 6 ; height ; width t`.
fn cell_size(answer: &[u8]) -> Option<Size> {
    let answer = String::from_utf8_lossy(answer);
    let (height, width) = between(&answer, "\x1b[6;", "t")?.split_once(';')?;
    Some(Size::new(width.parse().ok()?, height.parse().ok()?))
}

/// The best way this terminal shows pictures. The name comes first: some say yes to kitty's protocol
/// without knowing its placeholders, or draw sixels with remains.
fn way(answer: &[u8]) -> Option<Way> {
    let has_sixel = attributes(answer)?.contains(&4);
    let answer = String::from_utf8_lossy(answer);
    let name = between(&answer, "\x1bP>|", "\x1b\\").unwrap_or_default();
    let name = name.to_lowercase();
    let is = |known: &str| name.starts_with(known);
    if is("iterm2") || is("wezterm") || is("mintty") || is("rio") {
        Some(Way::Iterm2)
    } else if is("konsole") || is("contour") || is("warp") {
        None
    } else if answer.contains("\x1b_Gi=31;OK") {
        Some(Way::Kitty)
    } else {
        has_sixel.then_some(Way::Sixel)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;
    use std::thread;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// A terminal that answers each of the two questions with these bytes, and what it was asked.
    fn asked(answers: [&'static [u8]; 2], limit: Duration) -> (Option<Way>, Vec<u8>) {
        let (mut terminal, near) = UnixStream::pair().unwrap();
        let far = thread::Builder::new()
            .spawn(move || {
                let mut heard = Vec::new();
                let mut rest = answers.iter();
                let mut bytes = [0; 256];
                while let Ok(length @ 1..) = terminal.read(&mut bytes) {
                    heard.extend(&bytes[..length]);
                    if let Some(answer) = rest.next() {
                        terminal.write_all(answer).unwrap();
                    }
                }
                heard
            })
            .unwrap();
        let output = near.try_clone().unwrap();
        let found = ask(near, output, limit).map(|graphics| graphics.way);
        (found, far.join().unwrap())
    }

    #[test]
    fn a_terminal_is_known_by_its_answers() {
        const FIRST: &[u8] = b"\x1b[6;20;10t\x1b[?62;4c";
        for (second, way) in [
            (
                b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.35.2)\x1b\\\x1b[?62;c".as_slice(),
                Some(Way::Kitty),
            ),
            (
                b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.35.2)\x1b\\\x1b[?62c",
                Some(Way::Kitty),
            ),
            (b"\x1bP>|foot(1.16.2)\x1b\\\x1b[?62;4;22c", Some(Way::Sixel)),
            (b"\x1b[?65;1;4;9c", Some(Way::Sixel)),
            (
                b"\x1b_Gi=31;OK\x1b\\\x1bP>|WezTerm 2024\x1b\\\x1b[?65;4c",
                Some(Way::Iterm2),
            ),
            (b"\x1bP>|iTerm2 3.5.0\x1b\\\x1b[?64;4c", Some(Way::Iterm2)),
            (
                b"\x1b_Gi=31;OK\x1b\\\x1bP>|Konsole 24.02\x1b\\\x1b[?62;1;4c",
                None,
            ),
            (b"\x1bP>|VTE(7600)\x1b\\\x1b[?65;1;9c", None),
            (b"\x1b_Gi=31;EINVAL\x1b\\\x1b[?6c", None),
        ] {
            let (found, heard) = asked([FIRST, second], PATIENCE);
            assert_eq!(found, way, "{}", String::from_utf8_lossy(second));
            assert_eq!(heard, [HARMLESS, TELLING].concat());
        }
    }

    #[test]
    fn what_could_be_taken_for_typing_is_asked_only_when_it_can_matter() {
        for first in [b"\x1b[?1;2c".as_slice(), b"\x1b[6;0t\x1b[?62;4c"] {
            let (found, heard) = asked([first, b""], PATIENCE);
            assert_eq!((found, heard), (None, HARMLESS.to_vec()));
        }
    }

    #[test]
    fn a_terminal_that_does_not_answer_is_not_waited_for() {
        let limit = Duration::from_millis(60);
        for answers in [
            [b"".as_slice(), b""],
            [b"\x1b[6;20;10t\x1b[?62;4c", b""],
            [b"\x1b[6;20;10t\x1b[?62;4c", b"\x1b_Gi=31;OK\x1b\\"],
        ] {
            let start = clock::now();
            assert_eq!(asked(answers, limit).0, None);
            assert!(clock::now().since(start) < PATIENCE);
        }
    }

    #[test]
    fn cells_of_an_impossible_size_mean_no_pictures() {
        const KITTY: &[u8] = b"\x1b_Gi=31;OK\x1b\\\x1b[?62c";
        for first in [
            b"\x1b[6;0;0t\x1b[?62c".as_slice(),
            b"\x1b[6;9000;9000t\x1b[?62c",
        ] {
            assert_eq!(asked([first, KITTY], PATIENCE).0, None);
        }
    }

    #[test]
    fn nobody_is_asked_through_a_multiplexer() {
        let is_direct = |vars: &[(&str, &str)]| {
            is_direct(|name| {
                let found = vars.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(is_direct(&[("TERM", "xterm-kitty"), ("TMUX", "")]));
        assert!(is_direct(&[]));
        for vars in [
            [("TERM", "xterm-256color"), ("TMUX", "/tmp/tmux,1,0")],
            [("TERM", "xterm-256color"), ("ZELLIJ", "0")],
            [("TERM", "xterm-256color"), ("STY", "1.pts")],
            [("TERM", "tmux-256color"), ("", "")],
            [("TERM", "screen"), ("", "")],
            [("TERM", "linux"), ("", "")],
        ] {
            assert!(!is_direct(&vars), "{vars:?}");
        }
    }
}

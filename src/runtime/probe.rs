//! Asks the terminal, once and at the start: which background it has, how many cells a sign takes,
//! whether it shows pictures and how large its cells are.
//!
//! In two steps, each closed by a question every terminal answers, so that nothing is waited for that
//! does not come. First what every terminal understands or leaves alone; only one that answered and
//! may show pictures is asked what would otherwise be printed. Invariants: never longer than the
//! limit, and not at all where nobody would answer or something in between would answer wrongly; what
//! somebody types meanwhile is handed on, and what comes too late is known to
//! [`Late`](super::late::Late).

use std::io::{self, IsTerminal as _, Read, Write};
use std::os::fd::{AsFd as _, AsRawFd};
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use filedescriptor::{POLLIN, pollfd};
use ratatui::layout::Size;

use super::clock;
use super::graphics::{Graphics, Way};
use crate::theme::Rgb;

/// How long the answers may take, all together.
pub const LIMIT: Duration = Duration::from_millis(150);

/// How long an answer may follow that behind which none should come.
const GRACE: Duration = Duration::from_millis(20);

/// Writes a sign that takes two cells on some terminals, asks where the cursor is then, and wipes it
/// away.
const SIGN: &[u8] = "\x1b[H●\x1b[6n\x1b[H\x1b[2J".as_bytes();
/// The colour of the background.
const BACKGROUND: &[u8] = b"\x1b]11;?\x07";
/// The size of a cell in pixels.
const CELL: &[u8] = b"\x1b[16t";
/// What the terminal is: the question every one answers.
const ATTRIBUTES: &[u8] = b"\x1b[c";
/// A picture of one pixel that is not kept, the name of the terminal, and again what it is. What a
/// terminal may have printed because it does not know the first one is wiped away.
const TELLING: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[>0q\x1b[c\x1b[H\x1b[2J";

/// Set by programs that stand between us and the terminal.
const BETWEEN: [&str; 3] = ["TMUX", "ZELLIJ", "STY"];
/// Values of `TERM`, by their beginning, of such programs.
const BETWEEN_TERMS: [&str; 2] = ["tmux", "screen"];
/// Values of `TERM` where nothing good would come of asking.
const NOT_ASKED: [&str; 2] = ["dumb", "linux"];
/// More than all answers together.
const MAX_ANSWER: usize = 4096;

/// What is to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whether real pictures can be shown.
    pub graphics: bool,
    /// The colour of the background.
    pub background: bool,
    /// How many cells `●` takes.
    pub sign: bool,
}

impl Wanted {
    const NOTHING: Self = Self {
        graphics: false,
        background: false,
        sign: false,
    };

    /// What of this would be answered rightly here.
    fn here(self, env: impl Fn(&str) -> Option<String>) -> Self {
        let is_set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
        let term = env("TERM").unwrap_or_default();
        if NOT_ASKED.contains(&term.as_str()) {
            return Self::NOTHING;
        }
        let is_direct = !BETWEEN.iter().any(|name| is_set(name))
            && !BETWEEN_TERMS.iter().any(|begin| term.starts_with(begin));
        // GNU screen does not answer for the background: it hands the question on, again with every
        // change of the window, and types what comes.
        let is_screen = is_set("STY") || term.starts_with("screen") && !is_set("TMUX");
        Self {
            graphics: self.graphics && is_direct,
            background: self.background && !is_screen,
            sign: self.sign,
        }
    }
}

/// What the terminal told.
#[derive(Default)]
pub struct Told {
    /// A way to show real pictures.
    pub graphics: Option<Graphics>,
    /// The colour of the background.
    pub background: Option<Rgb>,
    /// How many cells `●` takes.
    pub sign: Option<u16>,
    /// What was typed meanwhile.
    pub typed: Vec<KeyEvent>,
    /// Whether an answer may still come.
    pub owes: bool,
}

/// Asks the terminal. To be called when it is in raw mode and on the alternate screen, and before
/// anything else reads keys. What it does not answer within `limit`, or cannot be asked, is not told.
pub fn probe(env: impl Fn(&str) -> Option<String>, wanted: Wanted, limit: Duration) -> Told {
    let (input, output) = (io::stdin(), io::stdout());
    let wanted = wanted.here(env);
    if wanted == Wanted::NOTHING || !input.is_terminal() || !output.is_terminal() {
        return Told::default();
    }
    // Without the buffers of the standard library: what is left in one never reaches the reader.
    let input = input.as_fd().try_clone_to_owned();
    let output = output.as_fd().try_clone_to_owned();
    let (Ok(input), Ok(output)) = (input, output) else {
        return Told::default();
    };
    let (input, output) = (std::fs::File::from(input), std::fs::File::from(output));
    ask(input, output, wanted, limit)
}

fn ask(
    mut input: impl Read + AsRawFd,
    mut output: impl Write,
    wanted: Wanted,
    limit: Duration,
) -> Told {
    let start = clock::now();
    let mut put = |question: &[u8]| output.write_all(question).and_then(|()| output.flush());
    let asked = [
        (wanted.sign, SIGN),
        (wanted.background, BACKGROUND),
        (wanted.graphics, CELL),
        (true, ATTRIBUTES),
    ];
    let asked = asked.into_iter().filter(|(is_asked, _)| *is_asked);
    let questions: Vec<u8> = asked.flat_map(|(_, question)| question).copied().collect();
    if put(&questions).is_err() {
        return Told::default();
    }
    let is_there = |bytes: &[u8]| {
        let background = !wanted.background || background(bytes).is_some();
        background && (!wanted.sign || column(bytes).is_some())
    };
    let mut heard = listen(&mut input, limit, is_there);
    let mut told = Told {
        background: background(&heard.bytes),
        sign: column(&heard.bytes).and_then(|column| column.checked_sub(1)),
        owes: !heard.is_whole || !is_there(&heard.bytes),
        ..Told::default()
    };
    let cell = cell_size(&heard.bytes).filter(|_| heard.is_whole && wanted.graphics);
    if let Some(cell) = cell
        && put(TELLING).is_ok()
    {
        let left = limit.saturating_sub(clock::now().since(start));
        let second = listen(&mut input, left, |_| true);
        told.owes |= !second.is_whole;
        let way = way(&second.bytes).filter(|_| second.is_whole);
        told.graphics = way.and_then(|way| Graphics::new(way, cell));
        heard.bytes.extend(second.bytes);
    }
    told.typed = typed(&heard.bytes);
    told
}

/// What came, and whether that was everything.
struct Heard {
    bytes: Vec<u8>,
    is_whole: bool,
}

/// Everything up to the answer to the last question, or until the time is over. Not every terminal answers
/// in the order of the questions: while the others are not there, or one is in the middle, a moment longer.
fn listen(
    input: &mut (impl Read + AsRawFd),
    limit: Duration,
    is_there: impl Fn(&[u8]) -> bool,
) -> Heard {
    let start = clock::now();
    let mut bytes = Vec::new();
    loop {
        let is_last = attributes(&bytes).is_some();
        if is_last && is_there(&bytes) && !is_cut(&bytes) || bytes.len() >= MAX_ANSWER {
            break;
        }
        let mut left = limit.saturating_sub(clock::now().since(start));
        if is_last {
            left = left.min(GRACE);
        }
        let mut watched = [pollfd {
            fd: input.as_raw_fd(),
            events: POLLIN,
            revents: 0,
        }];
        match filedescriptor::poll(&mut watched, Some(left)) {
            Ok(0) => break,
            Ok(_) => {}
            Err(filedescriptor::Error::Poll(why)) if why.kind() == io::ErrorKind::Interrupted => {
                continue;
            }
            Err(_) => break,
        }
        let mut some = [0; 256];
        match input.read(&mut some) {
            Ok(0) | Err(_) => break,
            Ok(length) => bytes.extend(some.iter().take(length)),
        }
    }
    Heard {
        is_whole: attributes(&bytes).is_some(),
        bytes,
    }
}

/// Whether an answer has begun that has not ended.
fn is_cut(answer: &[u8]) -> bool {
    let answer = String::from_utf8_lossy(answer);
    let begins = ["\x1b]", "\x1bP", "\x1b_"];
    let last = begins.iter().filter_map(|begin| answer.rfind(begin)).max();
    let rest = last.and_then(|at| answer.get(at + 2..));
    rest.is_some_and(|rest| !rest.contains('\x07') && !rest.contains("\x1b\\"))
        || answer.ends_with('\x1b')
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

/// The column in the answer to where the cursor is, `CSI row ; column R`; the first is 1.
fn column(answer: &[u8]) -> Option<u16> {
    let answer = String::from_utf8_lossy(answer);
    let (before, _) = answer.split_once('R')?;
    let (_, place) = before.rsplit_once("\x1b[")?;
    let (row, column) = place.split_once(';')?;
    row.parse::<u16>().ok()?;
    column.parse().ok()
}

/// The colour in `OSC 11 ; rgb:RRRR/GGGG/BBBB`, with one to four digits each.
fn background(answer: &[u8]) -> Option<Rgb> {
    let answer = String::from_utf8_lossy(answer);
    let (_, rest) = answer.split_once("\x1b]11;")?;
    let (color, _) = rest.split_once(['\x07', '\x1b'])?;
    if let Some(digits) = color.strip_prefix('#') {
        return Rgb::from_hex(digits);
    }
    let (_, parts) = color.split_once("rgb:").or(color.split_once("rgba:"))?;
    let mut parts = parts.split('/').map(|part| {
        let value = u32::from_str_radix(part, 16).ok()?;
        let most = 16_u32.checked_pow(u32::try_from(part.len()).ok()?)? - 1;
        u8::try_from(value * 255 / most.max(1)).ok()
    });
    let mut next = || parts.next().flatten();
    Some(Rgb([next()?, next()?, next()?]))
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
    } else if is("konsole") || is("contour") || is("warp") || is_old_kitty(&name) {
        None
    } else if answer.contains("\x1b_Gi=31;OK") {
        Some(Way::Kitty)
    } else {
        has_sixel.then_some(Way::Sixel)
    }
}

/// Kitty before 0.28 has its own protocol without the placeholders: it would draw boxes in their place.
fn is_old_kitty(name: &str) -> bool {
    let version = name.strip_prefix("kitty(0.");
    let minor = version.and_then(|version| version.split('.').next()?.parse().ok());
    minor.is_some_and(|minor: u32| minor < 28)
}

/// What of these bytes was typed: all but answers, and but for pasted text, which must never be taken
/// for keys.
fn typed(bytes: &[u8]) -> Vec<KeyEvent> {
    let text = String::from_utf8_lossy(bytes);
    let mut keys = Vec::new();
    let mut rest = text.as_ref();
    while let Some(first) = rest.chars().next() {
        let (key, after) = match rest.strip_prefix('\x1b') {
            Some(escaped) => sequence(escaped),
            None => (
                plain(first),
                rest.get(first.len_utf8()..).unwrap_or_default(),
            ),
        };
        keys.extend(key);
        rest = after;
    }
    keys
}

/// A key from a character as terminals send it.
fn plain(character: char) -> Option<KeyEvent> {
    let (code, modifiers) = match character {
        '\r' | '\n' => (KeyCode::Enter, KeyModifiers::NONE),
        '\t' => (KeyCode::Tab, KeyModifiers::NONE),
        '\x7f' | '\x08' => (KeyCode::Backspace, KeyModifiers::NONE),
        '\x01'..='\x1a' => {
            let letter = char::from_u32(u32::from(character) + 0x60)?;
            (KeyCode::Char(letter), KeyModifiers::CONTROL)
        }
        _ if character.is_control() || character == '\u{fffd}' => return None,
        _ if character.is_uppercase() => (KeyCode::Char(character), KeyModifiers::SHIFT),
        _ => (KeyCode::Char(character), KeyModifiers::NONE),
    };
    Some(KeyEvent::new(code, modifiers))
}

/// What begins with an escape: the key it is, if it is one, and what follows it.
fn sequence(escaped: &str) -> (Option<KeyEvent>, &str) {
    let after = |text: &str, end: &str| -> usize {
        let found = text.find(end).map(|at| at + end.len());
        found.unwrap_or(text.len())
    };
    let skip = |length: usize| escaped.get(length..).unwrap_or_default();
    let mut chars = escaped.chars();
    match chars.next() {
        Some(']') => {
            let end = after(escaped, "\x07").min(after(escaped, "\x1b\\"));
            (None, skip(end))
        }
        Some('P' | '_') => (None, skip(after(escaped, "\x1b\\"))),
        Some('[') if escaped.starts_with("[200~") => (None, skip(after(escaped, "\x1b[201~"))),
        Some('[' | 'O') => {
            let is_end = |c: char| c.is_ascii_alphabetic() || c == '~';
            let end = chars.as_str().find(is_end);
            let Some(end) = end else {
                return (None, "");
            };
            let code = match (end, chars.as_str().chars().nth(end)) {
                (0, Some('A')) => Some(KeyCode::Up),
                (0, Some('B')) => Some(KeyCode::Down),
                (0, Some('C')) => Some(KeyCode::Right),
                (0, Some('D')) => Some(KeyCode::Left),
                (0, Some('H')) => Some(KeyCode::Home),
                (0, Some('F')) => Some(KeyCode::End),
                _ => None,
            };
            (code.map(KeyEvent::from), skip(end + 2))
        }
        // A key on its own, followed by something else or by nothing.
        Some(_) | None => (Some(KeyEvent::from(KeyCode::Esc)), escaped),
    }
}

#[cfg(test)]
mod tests;

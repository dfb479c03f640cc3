//! A program in a pseudo-terminal: keys in, bytes with their time out, and the screen that they make.
//!
//! Invariants: every read is stamped before anything else is done with it, and looked at only when nothing more
//! is there to read, so that what the screen costs us is in no figure. Within a synchronised update nothing
//! counts as seen. What the program asks the terminal is answered at once.

use std::io::{Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use filedescriptor::{FileDescriptor, POLLIN, pollfd};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::program::Program;

/// Cells of the terminal.
const SIZE: PtySize = PtySize {
    rows: 36,
    cols: 120,
    pixel_width: 1200,
    pixel_height: 720,
};
/// What a program asks at its start, and what a terminal without pictures says.
const ANSWERS: [(&[u8], &[u8]); 5] = [
    (b"\x1b[6n", b"\x1b[1;2R"),
    (b"\x1b[16t", b"\x1b[6;20;10t"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[>0q", b"\x1bP>|perf(1)\x1b\\"),
    (b"\x1b]11;?", b"\x1b]11;rgb:1010/1010/1010\x07"),
];
/// A frame begins, and is whole.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
/// How long a program may take to end.
const PROMPTLY: Duration = Duration::from_secs(5);

/// A program in a terminal. Dropped, it is ended.
pub(crate) struct Session {
    child: Box<dyn Child + Send + Sync>,
    terminal: FileDescriptor,
    /// Until it is dropped the terminal stands.
    _master: Box<dyn MasterPty + Send>,
    started: Instant,
    /// What was read and not looked at.
    unseen: Vec<(Instant, Vec<u8>)>,
    parser: vt100::Parser,
    /// The end of what was read, for what is cut in two.
    tail: Vec<u8>,
    asked: Vec<u8>,
    /// A frame has begun that is not whole.
    is_half: bool,
    is_over: bool,
}

/// The time now.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring is what this program does"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

impl Session {
    /// Starts a program; the time runs from just before.
    pub(crate) fn start(program: &Program) -> anyhow::Result<Self> {
        let pair = native_pty_system().openpty(SIZE)?;
        let mut command = CommandBuilder::new(&program.path);
        command.args(&program.args);
        command.env_clear();
        for (name, value) in &program.variables {
            command.env(name, value);
        }
        let master = pair.master.as_raw_fd().context("a terminal of a kind")?;
        let terminal = FileDescriptor::dup(&master)?;
        let started = now();
        let child = pair.slave.spawn_command(command)?;
        Ok(Self {
            child,
            terminal,
            _master: pair.master,
            started,
            unseen: Vec::new(),
            parser: vt100::Parser::new(SIZE.rows, SIZE.cols, 0),
            tail: Vec::new(),
            asked: Vec::new(),
            is_half: false,
            is_over: false,
        })
    }

    /// The process.
    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        self.child.process_id().context("the program has ended")
    }

    /// The time from the start to `at`.
    pub(crate) fn since_start(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.started)
    }

    /// Types.
    pub(crate) fn press(&mut self, keys: &[u8]) -> anyhow::Result<Instant> {
        let at = now();
        self.terminal.write_all(keys)?;
        Ok(at)
    }

    /// Reads what comes next, if anything comes before `until`; returns when it came.
    fn read(&mut self, until: Instant) -> Option<Instant> {
        let mut watched = [pollfd {
            fd: self.terminal.as_raw_fd(),
            events: POLLIN,
            revents: 0,
        }];
        let left = until.saturating_duration_since(now());
        if self.is_over || !matches!(filedescriptor::poll(&mut watched, Some(left)), Ok(1..)) {
            return None;
        }
        let mut bytes = vec![0; 1 << 16];
        let read = self.terminal.read(&mut bytes);
        let at = now();
        let Ok(length @ 1..) = read else {
            self.is_over = true;
            return None;
        };
        bytes.truncate(length);
        self.answer(&bytes);
        self.unseen.push((at, bytes));
        Some(at)
    }

    /// Answers what is asked in these bytes.
    fn answer(&mut self, bytes: &[u8]) {
        self.asked.extend_from_slice(bytes);
        let mut said = Vec::new();
        let mut rest = self.asked.as_slice();
        while let Some(at) = rest.iter().position(|byte| *byte == 0x1b) {
            rest = rest.get(at..).unwrap_or_default();
            let question = ANSWERS
                .iter()
                .find(|(question, _)| rest.starts_with(question));
            said.extend_from_slice(question.map_or(&[], |(_, answer)| answer));
            let length = question.map_or(1, |(question, _)| question.len());
            if question.is_none() && rest.len() < 8 {
                // The rest of it is still to come.
                break;
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        let is_cut = rest.first() == Some(&0x1b);
        self.asked = if is_cut { rest.to_vec() } else { Vec::new() };
        // Who has ended wants no answer.
        let _ = self.terminal.write_all(&said);
    }

    /// Looks at what was read, up to the first whole frame that is as wanted; returns when it came.
    fn look(&mut self, is_so: impl Fn(&vt100::Screen) -> bool) -> Option<Instant> {
        while !self.unseen.is_empty() {
            let (at, bytes) = self.unseen.remove(0);
            self.parser.process(&bytes);
            self.tail.extend_from_slice(&bytes);
            let last = |mark: &[u8]| self.tail.windows(mark.len()).rposition(|part| part == mark);
            match (last(BEGIN), last(END)) {
                (None, None) => {}
                (begin, end) => self.is_half = begin > end,
            }
            let kept = self.tail.len().saturating_sub(BEGIN.len() - 1);
            self.tail.drain(..kept);
            if !self.is_half && is_so(self.parser.screen()) {
                return Some(at);
            }
        }
        None
    }

    /// Waits for a whole frame that is as wanted; returns when it came, or nothing after `limit`.
    pub(crate) fn wait(
        &mut self,
        limit: Duration,
        is_so: impl Fn(&vt100::Screen) -> bool,
    ) -> Option<Instant> {
        let until = now() + limit;
        loop {
            while self.read(now()).is_some() {}
            if let Some(at) = self.look(&is_so) {
                return Some(at);
            }
            if self.is_over || now() >= until {
                return None;
            }
            self.read(until);
        }
    }

    /// The same of words; anything else is an error that shows the screen.
    pub(crate) fn wait_for(&mut self, words: &str, limit: Duration) -> anyhow::Result<Instant> {
        if self.screen().contents().contains(words) {
            return Ok(now());
        }
        let found = self.wait(limit, |screen| screen.contents().contains(words));
        found.with_context(|| {
            let seen = self.screen().contents();
            format!("waited in vain for \"{words}\":\n{seen}")
        })
    }

    /// Reads until nothing came for `quiet`, or `limit` is over; returns when the last came.
    pub(crate) fn settle(&mut self, quiet: Duration, limit: Duration) -> Option<Instant> {
        let until = now() + limit;
        let mut last = None;
        while let Some(at) = self.read(until.min(now() + quiet)) {
            last = Some(at);
        }
        self.look(|_| false);
        last
    }

    /// Lets time pass; what comes meanwhile is taken.
    pub(crate) fn pass(&mut self, time: Duration) {
        let until = now() + time;
        while !self.is_over && now() < until {
            self.read(until);
        }
        self.look(|_| false);
    }

    /// What the last frames made.
    pub(crate) fn screen(&mut self) -> &vt100::Screen {
        self.look(|_| false);
        self.parser.screen()
    }

    /// Leaves by `q`, and waits for the end.
    pub(crate) fn quit(&mut self) -> anyhow::Result<()> {
        self.press(b"q")?;
        let until = now() + PROMPTLY;
        while self.child.try_wait()?.is_none() {
            anyhow::ensure!(now() < until, "the program does not end");
            self.read(now() + Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

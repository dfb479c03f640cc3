//! The clipboard: the system's own, or that of the terminal over OSC 52.
//!
//! A leaf that imports nothing of ours, reads no environment (see [`Surroundings`]) and draws
//! nothing. Invariant: [`Clipboard::copy`] says `Ok` only when a route accepted the text, and says
//! which; otherwise the caller shows the text to be copied by hand.
//!
//! One [`Clipboard`] lives as long as the program: on X11 and Wayland the text is served by the one
//! who copied it, and vanishes with the object.

mod osc52;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

pub use osc52::{MAX_BASE64, Wrapping};

/// How long the system's clipboard may take: a hung X server or compositor never answers.
const PATIENCE: Duration = Duration::from_secs(1);
/// A text that was copied less than this ago is about to be pasted somewhere.
const FRESH: Duration = Duration::from_secs(60);
/// How long leaving may wait for the system to take the text over.
const HANDOVER: Duration = Duration::from_millis(200);

/// The way a text took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The clipboard of this computer: it is there.
    System,
    /// OSC 52: sent to the terminal, which may or may not have taken it; nobody can confirm.
    Terminal,
}

/// Why no route accepted the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// No display and no terminal that could take it.
    #[error("there is no clipboard here")]
    NoRoute,
    /// Only the terminal is left, and it would drop so long a text in silence.
    #[error("the text is too long for the clipboard of the terminal")]
    TooLong,
    /// The system's clipboard did not answer in time.
    #[error("the clipboard of this computer does not answer")]
    NoAnswer,
    /// A route was there and failed, for the reason given.
    #[error("the clipboard refused: {0}")]
    Refused(String),
}

/// Where standard output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// To a terminal.
    Terminal,
    /// To a file or a pipe.
    Elsewhere,
}

/// What decides the order of the routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    ssh: bool,
    display: bool,
    wayland: bool,
    terminal: Option<Wrapping>,
}

impl Surroundings {
    /// Reads `SSH_TTY`, `SSH_CONNECTION`, `TMUX`, `TERM`, `DISPLAY` and `WAYLAND_DISPLAY` through
    /// `env`.
    pub fn new(env: impl Fn(&str) -> Option<String>, output: Output) -> Self {
        let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
        let term = env("TERM").unwrap_or_default();
        let takes_osc = output == Output::Terminal && !matches!(term.as_str(), "dumb" | "linux");
        let wrapping = if set("TMUX") {
            Wrapping::Tmux
        } else if term.starts_with("screen") {
            Wrapping::Screen
        } else {
            Wrapping::None
        };
        Self {
            ssh: set("SSH_TTY") || set("SSH_CONNECTION"),
            display: cfg!(any(target_os = "macos", windows))
                || set("DISPLAY")
                || set("WAYLAND_DISPLAY"),
            wayland: set("WAYLAND_DISPLAY"),
            terminal: takes_osc.then_some(wrapping),
        }
    }

    /// The routes that are there, in the order in which they are tried.
    pub fn routes(&self) -> Vec<Route> {
        let system = self.display.then_some(Route::System);
        let terminal = self.terminal.map(|_wrapping| Route::Terminal);
        let order = if self.ssh {
            [terminal, system]
        } else {
            [system, terminal]
        };
        order.into_iter().flatten().collect()
    }
}

/// What tests look at instead of a real clipboard. Clones share their text.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Option<String>>>);

impl Memory {
    /// The text copied last.
    pub fn text(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The clipboard. Build one, keep it until the end.
#[derive(Debug)]
pub struct Clipboard {
    surroundings: Surroundings,
    system: System,
    patience: Duration,
}

#[derive(Debug)]
enum System {
    /// No display: not even tried.
    Absent,
    /// A display, nothing copied yet. Start-up pays nothing.
    Untouched,
    /// The thread that owns the system's object.
    Started(Owner),
    /// For tests.
    Memory(Memory),
}

impl Clipboard {
    /// Nothing is opened before the first copy.
    pub fn new(surroundings: Surroundings) -> Self {
        let system = if surroundings.display {
            System::Untouched
        } else {
            System::Absent
        };
        Self {
            surroundings,
            system,
            patience: PATIENCE,
        }
    }

    /// A clipboard that touches nothing outside the program.
    pub fn in_memory(memory: Memory) -> Self {
        Self {
            surroundings: Surroundings {
                ssh: false,
                display: true,
                wayland: false,
                terminal: None,
            },
            system: System::Memory(memory),
            patience: PATIENCE,
        }
    }

    /// Puts `text` on the clipboard: over SSH on that of the terminal first, else on that of this
    /// computer first; the other one is the second choice. `terminal` gets the OSC 52 bytes when
    /// that route is taken, and they must reach the terminal between two frames.
    ///
    /// Blocks for at most one second.
    ///
    /// # Errors
    /// When no route accepted the text: why the first route that is there did not.
    pub fn copy(&mut self, text: &str, terminal: &mut impl Write) -> Result<Route, Unavailable> {
        let order = if self.surroundings.ssh {
            [Route::Terminal, Route::System]
        } else {
            [Route::System, Route::Terminal]
        };
        let mut refusal = Unavailable::NoRoute;
        for route in order {
            let result = match route {
                Route::System => self.give_system(text),
                Route::Terminal => self.give_terminal(text, terminal),
            };
            match result {
                Ok(()) => return Ok(route),
                Err(why) if refusal == Unavailable::NoRoute => refusal = why,
                Err(_) => {}
            }
        }
        Err(refusal)
    }

    /// Lets go of the system's clipboard, to be called once, at the end. Whether a text that was copied less
    /// than a minute ago may be gone now, because nobody took it over.
    ///
    /// Blocks for at most 200 ms.
    pub fn let_go(&mut self) -> bool {
        match &mut self.system {
            System::Started(owner) => owner.let_go(HANDOVER),
            System::Absent | System::Untouched | System::Memory(_) => false,
        }
    }

    fn give_terminal(&self, text: &str, terminal: &mut impl Write) -> Result<(), Unavailable> {
        let wrapping = self.surroundings.terminal.ok_or(Unavailable::NoRoute)?;
        let bytes = osc52::sequence(text, wrapping).ok_or(Unavailable::TooLong)?;
        terminal
            .write_all(bytes.as_bytes())
            .and_then(|()| terminal.flush())
            .map_err(|why| Unavailable::Refused(why.to_string()))
    }

    fn give_system(&mut self, text: &str) -> Result<(), Unavailable> {
        if matches!(self.system, System::Untouched) {
            let owner = Owner::start(system_setter, stays(self.surroundings.wayland))
                .map_err(|why| Unavailable::Refused(why.to_string()))?;
            self.system = System::Started(owner);
        }
        match &self.system {
            System::Absent | System::Untouched => Err(Unavailable::NoRoute),
            System::Started(owner) => owner.set(text, self.patience),
            System::Memory(memory) => {
                *memory.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.to_owned());
                Ok(())
            }
        }
    }
}

/// Sets the system's clipboard; opens it when first needed and again after a failure.
fn system_setter() -> impl FnMut(&str) -> Result<(), String> {
    let mut object = None;
    move |text| {
        let mut clipboard = match object.take() {
            Some(clipboard) => clipboard,
            None => arboard::Clipboard::new().map_err(|why| why.to_string())?,
        };
        clipboard.set_text(text).map_err(|why| why.to_string())?;
        object = Some(clipboard);
        Ok(())
    }
}

/// Whether a text will be in the system's clipboard when this program has ended; to be asked when the
/// system's object is gone.
fn stays(wayland: bool) -> impl FnOnce(&str) -> bool + Send + 'static {
    move |text| {
        if cfg!(any(target_os = "macos", windows)) {
            // There the system itself keeps it.
            return true;
        }
        let found = arboard::Clipboard::new().and_then(|mut clipboard| clipboard.get_text());
        if wayland {
            // As long as the program runs it is there; only another's text is none of ours to lose.
            found.is_ok_and(|found| found != text)
        } else {
            found.is_ok_and(|found| !found.is_empty())
        }
    }
}

enum Request {
    Set(String, mpsc::Sender<Result<(), String>>),
    /// The end. Whether the last text, if it is fresh, may be gone.
    LetGo(mpsc::Sender<bool>),
}

/// The thread on which the system's object lives and dies, so that a call that hangs costs us one
/// second and not the program.
#[derive(Debug)]
struct Owner {
    requests: Option<mpsc::Sender<Request>>,
    /// Closed when the thread has ended.
    ended: mpsc::Receiver<()>,
}

impl Owner {
    /// `open` runs on the new thread: not every system lets the object move between threads. What it gave
    /// is dropped there before `stays` is asked about the last text.
    fn start<S>(
        open: impl FnOnce() -> S + Send + 'static,
        stays: impl FnOnce(&str) -> bool + Send + 'static,
    ) -> io::Result<Self>
    where
        S: FnMut(&str) -> Result<(), String>,
    {
        let (requests, inbox) = mpsc::channel::<Request>();
        let (end, ended) = mpsc::channel::<()>();
        thread::Builder::new()
            .name("clipboard".to_owned())
            .spawn(move || {
                let _end = end;
                let mut set = open();
                let mut last: Option<(String, Instant)> = None;
                for request in inbox {
                    match request {
                        Request::Set(text, answer) => {
                            let taken = set(&text);
                            if taken.is_ok() {
                                last = Some((text, now()));
                            }
                            // Nobody listens any more when we were too slow; the next request may be
                            // luckier.
                            let _ = answer.send(taken);
                        }
                        Request::LetGo(answer) => {
                            drop(set);
                            let fresh = last.filter(|(_, at)| now().duration_since(*at) < FRESH);
                            let _ = answer.send(fresh.is_some_and(|(text, _)| !stays(&text)));
                            return;
                        }
                    }
                }
            })?;
        Ok(Self {
            requests: Some(requests),
            ended,
        })
    }

    fn let_go(&mut self, patience: Duration) -> bool {
        let (answer, answered) = mpsc::channel();
        let asked = self
            .requests
            .take()
            .is_some_and(|requests| requests.send(Request::LetGo(answer)).is_ok());
        // One that does not say so in time has not handed it over.
        asked && answered.recv_timeout(patience).unwrap_or(true)
    }

    fn set(&self, text: &str, patience: Duration) -> Result<(), Unavailable> {
        let (answer, answered) = mpsc::channel();
        let request = Request::Set(text.to_owned(), answer);
        self.requests
            .as_ref()
            .and_then(|requests| requests.send(request).ok())
            .ok_or(Unavailable::NoAnswer)?;
        match answered.recv_timeout(patience) {
            Ok(answer) => answer.map_err(Unavailable::Refused),
            Err(_) => Err(Unavailable::NoAnswer),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "only how long ago a text was set, which nobody else asks about"
)]
fn now() -> Instant {
    Instant::now()
}

impl Drop for Owner {
    /// Ends the thread and gives the system a moment to take the text over.
    fn drop(&mut self) {
        self.requests = None;
        let _ = self.ended.recv_timeout(HANDOVER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(vars: &[(&str, &str)], output: Output) -> Surroundings {
        let find = |name: &str| vars.iter().find(|(key, _)| *key == name);
        Surroundings::new(
            |name| find(name).map(|(_, value)| (*value).to_owned()),
            output,
        )
    }

    /// A clipboard in front of a system that does what `set` does.
    fn clipboard<S>(vars: &[(&str, &str)], open: impl FnOnce() -> S + Send + 'static) -> Clipboard
    where
        S: FnMut(&str) -> Result<(), String>,
    {
        let mut clipboard = Clipboard::new(surroundings(vars, Output::Terminal));
        clipboard.system = System::Started(Owner::start(open, |_| true).unwrap());
        clipboard
    }

    const XTERM: (&str, &str) = ("TERM", "xterm-256color");
    const SSH: (&str, &str) = ("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22");

    #[test]
    fn at_home_the_system_comes_first_and_the_terminal_gets_nothing() {
        let (seen, see) = mpsc::channel();
        let open = move || {
            move |text: &str| {
                seen.send(text.to_owned()).unwrap();
                Ok(())
            }
        };
        let mut clipboard = clipboard(&[XTERM], open);
        let mut bytes = Vec::new();
        assert_eq!(clipboard.copy("link", &mut bytes), Ok(Route::System));
        assert_eq!(see.recv().as_deref(), Ok("link"));
        assert!(bytes.is_empty());
    }

    #[test]
    fn over_ssh_the_terminal_comes_first_and_the_system_is_not_asked() {
        let mut clipboard = clipboard(&[XTERM, SSH], || |_: &str| Ok(()));
        let mut bytes = Vec::new();
        assert_eq!(clipboard.copy("link", &mut bytes), Ok(Route::Terminal));
        assert_eq!(bytes, b"\x1b]52;c;bGluaw==\x07");
    }

    #[test]
    fn over_ssh_the_system_takes_what_is_too_long_for_the_terminal() {
        let mut clipboard = clipboard(&[XTERM, SSH], || |_: &str| Ok(()));
        let mut bytes = Vec::new();
        let long = "x".repeat(MAX_BASE64);
        assert_eq!(clipboard.copy(&long, &mut bytes), Ok(Route::System));
        assert!(bytes.is_empty());
    }

    #[test]
    fn a_system_that_refuses_leaves_the_terminal() {
        let mut clipboard = clipboard(&[XTERM], || |_: &str| Err("occupied".to_owned()));
        let mut bytes = Vec::new();
        assert_eq!(clipboard.copy("link", &mut bytes), Ok(Route::Terminal));
        assert!(!bytes.is_empty());
    }

    #[test]
    fn a_system_that_hangs_costs_the_time_limit_only() {
        let (release, hang) = mpsc::channel::<()>();
        let open = move || {
            move |_: &str| {
                let _ = hang.recv();
                Ok(())
            }
        };
        let mut clipboard = clipboard(&[("TERM", "dumb")], open);
        clipboard.patience = Duration::from_millis(10);
        let mut bytes = Vec::new();
        assert_eq!(
            clipboard.copy("link", &mut bytes),
            Err(Unavailable::NoAnswer)
        );
        drop(release);
    }

    #[test]
    fn q22_a_fresh_text_that_nobody_takes_over_is_told_at_the_end() {
        for stays in [true, false] {
            let (dropped, drops) = mpsc::channel::<()>();
            let open = move || {
                let dropped = dropped;
                move |_: &str| dropped.send(()).map_err(|why| why.to_string())
            };
            let asked = move |text: &str| {
                // What held the text is gone already.
                assert_eq!(drops.iter().count(), 2);
                assert_eq!(text, "two");
                stays
            };
            let mut clipboard = Clipboard::new(surroundings(&[XTERM], Output::Terminal));
            clipboard.system = System::Started(Owner::start(open, asked).unwrap());
            for text in ["one", "two"] {
                let route = clipboard.copy(text, &mut Vec::new());
                assert_eq!(route, Ok(Route::System));
            }
            assert_eq!(clipboard.let_go(), !stays);
            assert!(!clipboard.let_go(), "told once");
        }
        // Nothing was copied.
        let mut clipboard = clipboard(&[XTERM], || |_: &str| Ok(()));
        assert!(!clipboard.let_go());
    }

    #[test]
    fn a_system_that_does_not_let_go_holds_the_end_up_for_a_moment_only() {
        let (release, hang) = mpsc::channel::<()>();
        let stays = move |_: &str| hang.recv().is_ok();
        let mut clipboard = Clipboard::new(surroundings(&[XTERM], Output::Terminal));
        clipboard.system = System::Started(Owner::start(|| |_: &str| Ok(()), stays).unwrap());
        assert_eq!(clipboard.copy("one", &mut Vec::new()), Ok(Route::System));
        assert!(clipboard.let_go());
        drop(release);
    }

    #[test]
    fn without_a_display_the_system_is_not_even_tried() {
        if cfg!(target_os = "macos") {
            return;
        }
        let mut clipboard = Clipboard::new(surroundings(&[XTERM], Output::Terminal));
        let mut bytes = Vec::new();
        assert_eq!(clipboard.copy("link", &mut bytes), Ok(Route::Terminal));
        assert!(matches!(clipboard.system, System::Absent));
        for vars in [&[("DISPLAY", ":0")], &[("WAYLAND_DISPLAY", "wayland-0")]] {
            assert!(surroundings(vars, Output::Terminal).display);
        }
    }

    #[test]
    fn q21_nothing_is_called_copied_when_no_route_took_it() {
        if cfg!(target_os = "macos") {
            return;
        }
        for (term, output) in [
            ("dumb", Output::Terminal),
            ("linux", Output::Terminal),
            ("xterm", Output::Elsewhere),
        ] {
            let mut clipboard = Clipboard::new(surroundings(&[("TERM", term)], output));
            let mut bytes = Vec::new();
            let result = clipboard.copy("link", &mut bytes);
            assert_eq!(result, Err(Unavailable::NoRoute), "{term}");
            assert!(bytes.is_empty());
        }
        let mut clipboard = Clipboard::new(surroundings(&[XTERM], Output::Terminal));
        let long = "x".repeat(MAX_BASE64);
        let result = clipboard.copy(&long, &mut Vec::new());
        assert_eq!(result, Err(Unavailable::TooLong));
    }

    #[test]
    fn a_terminal_that_is_gone_is_no_route() {
        let mut clipboard = Clipboard::new(surroundings(&[XTERM, SSH], Output::Terminal));
        let mut full: &mut [u8] = &mut [0; 4];
        let result = clipboard.copy("link", &mut full);
        assert!(matches!(result, Err(Unavailable::Refused(_))), "{result:?}");
    }

    #[test]
    fn the_multiplexer_decides_the_wrapping() {
        for (vars, wrapping) in [
            (
                &[("TMUX", "/tmp/x,1,0"), ("TERM", "screen-256color")][..],
                Wrapping::Tmux,
            ),
            (&[("TERM", "screen-256color")], Wrapping::Screen),
            (&[("TERM", "xterm")], Wrapping::None),
        ] {
            assert_eq!(
                surroundings(vars, Output::Terminal).terminal,
                Some(wrapping)
            );
        }
    }

    #[test]
    fn the_memory_clipboard_keeps_the_last_text() {
        let memory = Memory::default();
        let mut clipboard = Clipboard::in_memory(memory.clone());
        for text in ["one", "two"] {
            assert_eq!(clipboard.copy(text, &mut Vec::new()), Ok(Route::System));
        }
        assert_eq!(memory.text().as_deref(), Some("two"));
    }
}

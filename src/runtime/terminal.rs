//! The terminal: taken over, drawn on, and given back as it was on every way out.
//!
//! What is switched on by `SHOW` is switched off by `restore`, which runs when a [`Screen`] is left,
//! dropped or suspended and in the panic hook. Invariant: after any of these the terminal is in the
//! mode it was found in, shows its main screen and its cursor, and nothing more is written to it.
//!
//! One frame is one write: what ratatui produces for it is held back and sent at once, inside a
//! synchronised update, so that no half of a frame is ever seen.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd as _;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::cursor;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{ResetColor, force_color_output};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth as _};
use ratatui::layout::{Position, Rect, Size};
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};
use rustix::process::{Resource, getrlimit};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use crate::app::pointer::Mouse;

/// Whether the terminal is ours at the moment. Of the process, as the terminal is: the panic hook
/// must know it too.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Held while the terminal is given back: whoever ends the program waits until that is done.
static RESTORING: Mutex<()> = Mutex::new(());

/// How long a panic waits for another thread that is giving the terminal back.
const OTHER_THREAD: Duration = Duration::from_secs(1);
/// Whether the terminal tells us of the mouse while it is ours. Of the process, for the same reason.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Clicks and the wheel (1000), told in numbers of any size (1006). Not what crossterm switches on: every
/// move of the mouse would wake the program.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// Whether only the mode of the terminal is ours, by [`Raw`].
static RAW: AtomicBool = AtomicBool::new(false);

/// The exit code after a panic, which is Rust's own.
const FAULT: i32 = 101;

/// With fewer open files the journal, the connections or the reader of the keys would fail, one day or the
/// other.
const MIN_FILES: u64 = 64;

/// Why there can be no dashboard here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Keys cannot be read.
    #[error("the dashboard needs a terminal, and standard input is none")]
    Input,
    /// Nothing can be drawn.
    #[error("the dashboard needs a terminal, and standard output is none")]
    Output,
    /// Nobody says what the terminal understands.
    #[error(
        "the dashboard needs to know the terminal, and `TERM` is not set: for most, `TERM=xterm-256color` will do"
    )]
    Unnamed,
    /// So few files may be open that something would fail later.
    #[error("the dashboard opens up to {MIN_FILES} files, and `ulimit -n` allows {0}")]
    Files(u64),
    /// A terminal that cannot move its cursor.
    #[error("the dashboard needs a terminal that can move its cursor, and `TERM` is `dumb`")]
    Dumb,
}

/// Looks whether there is a terminal to draw on, before anything is changed. `term` is the value
/// of `TERM`.
///
/// # Errors
/// When there is none.
pub fn preflight(term: Option<&str>) -> Result<(), Unfit> {
    fitness(&io::stdin(), &io::stdout(), term)?;
    match getrlimit(Resource::Nofile).current {
        Some(files) if files < MIN_FILES => Err(Unfit::Files(files)),
        Some(_) | None => Ok(()),
    }
}

fn fitness(
    input: &impl IsTerminal,
    output: &impl IsTerminal,
    term: Option<&str>,
) -> Result<(), Unfit> {
    if !input.is_terminal() {
        Err(Unfit::Input)
    } else if !output.is_terminal() {
        Err(Unfit::Output)
    } else if term.is_none_or(str::is_empty) {
        Err(Unfit::Unnamed)
    } else if term == Some("dumb") {
        Err(Unfit::Dumb)
    } else {
        Ok(())
    }
}

/// The terminal, taken over. There is one at most.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Held>>,
    /// What is drawn on: all there was at the last frame.
    area: Rect,
    /// Where the last frame had characters of two cells.
    wide: Vec<Position>,
    hold: Arc<AtomicBool>,
    /// Another program of ours has the terminal, which was in this mode before.
    lent: Option<Termios>,
}

impl Screen {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste; the mouse when
    /// [`Screen::set_mouse`] says so. From now on
    /// a panic anywhere restores the terminal, says where it happened, and ends the program with
    /// exit code 101.
    ///
    /// # Errors
    /// When the terminal cannot be changed or read. It is as it was then.
    pub fn enter() -> io::Result<Self> {
        install_panic_hook();
        // The theme decides on colours. Left to itself, crossterm would answer `NO_COLOR` with
        // resets in the middle of a line that take the reversed cursor row away.
        force_color_output(true);
        let hold = Arc::new(AtomicBool::new(false));
        let writer = Held {
            out: standard_output()?,
            pending: Vec::new(),
            hold: Arc::clone(&hold),
        };
        let area = now_there(|| crossterm::terminal::size().map(Size::from))?;
        // Left to itself, the library opens the terminal anew for every frame to ask for its size.
        let options = TerminalOptions {
            viewport: Viewport::Fixed(area),
        };
        let terminal = Terminal::with_options(CrosstermBackend::new(writer), options)?;
        show()?;
        Ok(Self {
            terminal,
            area,
            wide: Vec::new(),
            hold,
            lent: None,
        })
    }

    /// Draws one frame; does nothing while suspended.
    ///
    /// # Errors
    /// When the terminal cannot be written to, which means that it is gone.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if !SHOWN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.hold.store(true, Ordering::SeqCst);
        let drawn = queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)
            .and_then(|()| self.fit())
            .and_then(|()| {
                let wide = &mut self.wide;
                self.terminal
                    .draw(|frame| {
                        view(frame);
                        refresh_halves(frame.buffer_mut(), wide);
                    })
                    .map(|_| ())
            })
            .and_then(|()| queue!(self.terminal.backend_mut(), EndSynchronizedUpdate));
        self.hold.store(false, Ordering::SeqCst);
        drawn.and_then(|()| Write::flush(self.terminal.backend_mut()))
    }

    /// Draws on all of the window, whatever its size is now.
    fn fit(&mut self) -> io::Result<()> {
        let area = now_there(|| self.terminal.size())?;
        if area != self.area {
            self.terminal.resize(area)?;
            self.area = area;
        }
        Ok(())
    }

    /// Sends bytes that draw nothing, such as those for the terminal's clipboard, between two
    /// frames; does nothing while suspended.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !SHOWN.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.terminal.backend_mut().write_all(bytes)?;
        Write::flush(self.terminal.backend_mut())
    }

    /// Takes the mouse from the terminal, or gives it back; while suspended, from the next resume on.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn set_mouse(&mut self, mouse: Mouse) -> io::Result<()> {
        let captured = mouse == Mouse::Captured;
        if MOUSE.load(Ordering::SeqCst) == captured {
            return Ok(());
        }
        if captured {
            // First, so that it is switched off again whatever happens to the rest.
            MOUSE.store(true, Ordering::SeqCst);
            return self.send(MOUSE_ON);
        }
        self.send(MOUSE_OFF)?;
        MOUSE.store(false, Ordering::SeqCst);
        Ok(())
    }

    /// The size now. Either number can be zero when the terminal is gone.
    ///
    /// # Errors
    /// When nobody knows the size.
    pub fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Gives the terminal back and stops the program as ctrl-z does, together with its process
    /// group, so that a shell waiting for a wrapper of ours notices. The stop may take hold a
    /// moment after this returns: nothing is drawn until [`Screen::resume`], which is to be called
    /// when [`Continue`](super::signals::Signal::Continue) arrives.
    ///
    /// # Errors
    /// When the terminal cannot be restored or the program not be stopped.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore()?;
        // Not TSTP: it is caught by us, and would be discarded where no shell watches.
        rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
        Ok(())
    }

    /// Gives the terminal back so that another program can have it, until [`Screen::take_back`]. Nothing is
    /// drawn meanwhile, also not after a stop.
    ///
    /// # Errors
    /// When the terminal cannot be restored.
    pub fn lend(&mut self) -> io::Result<()> {
        restore()?;
        self.lent = Some(tcgetattr(io::stdin())?);
        Ok(())
    }

    /// Whether another program has the terminal.
    pub fn is_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// Takes the terminal over again, in whatever mode the other program left it.
    ///
    /// # Errors
    /// When the terminal cannot be changed any more.
    pub fn take_back(&mut self) -> io::Result<()> {
        self.settle()?;
        self.resume()
    }

    /// The terminal in the mode in which it was lent.
    fn settle(&mut self) -> io::Result<()> {
        match self.lent.take() {
            Some(modes) => Ok(tcsetattr(io::stdin(), OptionalActions::Now, &modes)?),
            None => Ok(()),
        }
    }

    /// Takes the terminal over again, at its present size; the next frame is drawn in full. Also
    /// right after a stop that came from outside without a word, and when called twice. In the
    /// background the system stops the program again until it comes to the front.
    ///
    /// # Errors
    /// When the terminal cannot be changed any more.
    pub fn resume(&mut self) -> io::Result<()> {
        if self.is_lent() {
            return Ok(());
        }
        if SHOWN.load(Ordering::SeqCst) {
            // Whoever stopped us may have left the terminal in another mode than crossterm
            // remembers; without this it would not set raw mode again.
            disable_raw_mode()?;
        }
        show()?;
        // Not `clear`, which asks the terminal for the cursor and waits for an answer that our
        // own reader takes away.
        self.area = Rect::from((Position::ORIGIN, self.size()?));
        self.terminal.resize(self.area)
    }

    /// Gives the terminal back as it was. Dropping does the same, without telling of failures.
    ///
    /// # Errors
    /// When the terminal is gone or cannot be changed; the rest is restored nevertheless.
    pub fn leave(mut self) -> io::Result<()> {
        self.give_back()
    }

    fn give_back(&mut self) -> io::Result<()> {
        if self.is_lent() {
            // Who had it may have ended without a word.
            self.settle()?;
            return write_at_once(&mut standard_output()?, |out| switch_off(out, mouse()));
        }
        restore()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // ratatui shows the cursor once more when dropped, and panics where that fails: on a
        // terminal that hung up. Held, it fails never and writes nothing.
        self.hold.store(true, Ordering::SeqCst);
        // Already done after `leave`; otherwise an error is on its way that says more.
        let _ = self.give_back();
    }
}

/// The terminal with every key as it comes, and its screen as it is. Ends when dropped, and in the
/// panic hook.
#[derive(Debug)]
pub struct Raw(());

impl Raw {
    /// Switches to raw mode.
    ///
    /// # Errors
    /// When the terminal cannot be changed or read. It is as it was then.
    pub fn enter() -> io::Result<Self> {
        install_panic_hook();
        RAW.store(true, Ordering::SeqCst);
        enable_raw_mode()
            .and_then(|()| crossterm::event::poll(Duration::ZERO))
            .map(|_| Self(()))
            .inspect_err(|_| {
                let _ = restore();
            })
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing any more.
        let _ = restore();
    }
}

/// Makes sure that the second half of a wide character is written anew when the first half gives way
/// to a narrow one. ratatui leaves that half to the terminal, and not every terminal clears it.
fn refresh_halves(cells: &mut Buffer, wide: &mut Vec<Position>) {
    for at in wide.drain(..) {
        let still_wide = cells.cell(at).is_some_and(is_wide);
        let half = Position { x: at.x + 1, ..at };
        if !still_wide && let Some(cell) = cells.cell_mut(half) {
            cell.set_diff_option(CellDiffOption::AlwaysUpdate);
        }
    }
    let cells = cells.content.iter().zip(cells.area.positions());
    let found = cells.filter(|(cell, _)| is_wide(cell));
    wide.extend(found.map(|(_, at)| at));
}

fn is_wide(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    symbol.len() > 1 && !is_line(symbol) && cell.cell_width() > 1
}

/// Whether it is a part of a frame: there are many on every screen, and all take one cell.
fn is_line(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    matches!(chars.next(), Some('─'..='╿')) && chars.next().is_none()
}

/// All cells of the window, of which the terminal itself tells the number; else `ask` does.
fn now_there(ask: impl FnOnce() -> io::Result<Size>) -> io::Result<Rect> {
    let size = match tcgetwinsize(io::stdout()) {
        Ok(told) => Size::new(told.ws_col, told.ws_row),
        Err(_) => ask()?,
    };
    Ok(Rect::from((Position::ORIGIN, size)))
}

fn show() -> io::Result<()> {
    // First, because from the first change on there is something to restore. In the background
    // this is where the system stops us, before anything was written.
    SHOWN.store(true, Ordering::SeqCst);
    enable_raw_mode()
        // Makes crossterm open its reader now: without one there is no way out by a key.
        .and_then(|()| crossterm::event::poll(Duration::ZERO))
        .and_then(|_| standard_output())
        .and_then(|mut out| write_at_once(&mut out, |out| switch_on(out, mouse())))
        .inspect_err(|_| {
            let _ = restore();
        })
}

/// Undoes [`show`] and [`Raw::enter`], once; what fails does not keep the rest from being undone. Afterwards it is done,
/// also where another thread began with it.
fn restore() -> io::Result<()> {
    let _restoring = RESTORING.lock().unwrap_or_else(PoisonError::into_inner);
    undo()
}

/// The same after a panic, which may have come from within [`undo`] itself: then nobody would ever let go.
fn restore_after_panic() {
    let steps = OTHER_THREAD.as_millis();
    let _restoring = (0..steps).find_map(|_| {
        let locked = RESTORING.try_lock().ok();
        if locked.is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        locked
    });
    let _ = undo();
}

fn undo() -> io::Result<()> {
    if RAW.swap(false, Ordering::SeqCst) {
        return disable_raw_mode();
    }
    if !SHOWN.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    let written = standard_output()
        .and_then(|mut out| write_at_once(&mut out, |out| switch_off(out, mouse())));
    let cooked = disable_raw_mode();
    written.and(cooked)
}

fn mouse() -> Mouse {
    if MOUSE.load(Ordering::SeqCst) {
        Mouse::Captured
    } else {
        Mouse::Free
    }
}

fn switch_on(out: &mut Vec<u8>, mouse: Mouse) -> io::Result<()> {
    execute!(
        out,
        EnterAlternateScreen,
        // The Linux console has no other screen: what stood there would shine through the blanks,
        // which the first frame does not write.
        Clear(ClearType::All),
        EnableBracketedPaste,
        cursor::Hide
    )?;
    match mouse {
        Mouse::Captured => out.write_all(MOUSE_ON),
        Mouse::Free => Ok(()),
    }
}

fn switch_off(out: &mut Vec<u8>, mouse: Mouse) -> io::Result<()> {
    if mouse == Mouse::Captured {
        out.write_all(MOUSE_OFF)?;
    }
    execute!(
        out,
        EndSynchronizedUpdate,
        DisableBracketedPaste,
        ResetColor,
        LeaveAlternateScreen,
        cursor::Show
    )
}

fn write_at_once(
    out: &mut impl Write,
    commands: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    commands(&mut bytes)?;
    out.write_all(&bytes)
}

/// Standard output without the line buffer and the lock of the standard library: the panic hook
/// must not wait for a lock.
fn standard_output() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Collects what is written and, while `hold` is set, keeps it through flushes: ratatui flushes
/// several times a frame. What is left is never written when dropped.
#[derive(Debug)]
struct Held<W = File> {
    out: W,
    pending: Vec<u8>,
    hold: Arc<AtomicBool>,
}

impl<W: Write> Write for Held<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.hold.load(Ordering::SeqCst) {
            return Ok(());
        }
        let written = self.out.write_all(&self.pending);
        self.pending.clear();
        written
    }
}

fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    static ENDING: AtomicBool = AtomicBool::new(false);
    INSTALLED.call_once(|| {
        panic::set_hook(Box::new(|fault| {
            // Several tasks may panic at once: the first one speaks and ends the program.
            while ENDING.swap(true, Ordering::SeqCst) {
                thread::park();
            }
            // What follows might panic as well, and that would be the end at once.
            restore_after_panic();
            #[cfg(debug_assertions)]
            super::fault::strike(super::fault::Fault::Hook);
            let place = fault.location().map(ToString::to_string);
            super::log::fault_at(place.as_deref().unwrap_or("an unknown place"));
            // Never the message of the panic: it may quote what must not be seen.
            let _ = io::stderr().write_all(fault_text(place.as_deref()).as_bytes());
            end();
        }));
    });
}

fn fault_text(place: Option<&str>) -> String {
    let place = place.unwrap_or("an unknown place");
    format!(
        "wavedeck stopped because of a fault in the program, at {place}\n\
         The terminal was restored. A change that was on its way may have been made or not.\n"
    )
}

/// Ends the program: a task that panicked would leave the rest drawing on a terminal given back.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "the terminal was restored a moment ago"
)]
fn end() -> ! {
    std::process::exit(FAULT)
}

#[cfg(test)]
mod tests;

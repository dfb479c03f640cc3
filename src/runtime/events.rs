//! Keys, pastes and the mouse, read on a thread of their own into a channel.
//!
//! A thread, because crossterm's stream loses wake-ups when it is drained between two frames. The
//! thread sleeps in the kernel until there is something to read, so an idle program wakes for
//! nothing. It never reads while the program is stopped: a stop takes all threads, and in the
//! background the kernel stops whoever reads. Nor while it is paused ([`Reader::pause`]), because another
//! program has the terminal. Invariant: the last input is [`Input::Gone`], once, and the thread ends with
//! it; crossterm alone would spin for ever on a terminal that hung up.

mod gate;

use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEvent};
use filedescriptor::{POLLERR, POLLHUP, POLLIN, pollfd};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::late::Late;
use super::mouse;
use gate::Gate;

/// How long crossterm is asked for the rest of what is there. It looks at nothing, not even at keys it
/// has read already, when this has passed before it begins: on a busy computer that happens.
const REST: Duration = Duration::from_millis(20);
/// So often in a row nothing must be there before the thread goes to sleep: a key that was overlooked
/// would wait for the next one.
const SURE: u32 = 2;
/// So often in a row may the terminal be readable without anything coming out of it. Only an end of
/// input does that for ever, where the system does not call it a hang-up.
const MAX_EMPTY: u32 = 50;

/// What comes from the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key went down or repeats; never a release.
    Key(KeyEvent),
    /// The left button went down, or the wheel was turned.
    Mouse(MouseEvent),
    /// Text came in one piece. Not cleaned and not cut.
    Pasted(String),
    /// The terminal has another size. May come late or twice: [`super::signals::Signal::Resized`]
    /// comes at once.
    Resized {
        /// Width in cells.
        columns: u16,
        /// Height in cells.
        rows: u16,
    },
    /// The terminal is gone; nothing follows.
    Gone,
}

/// Where what comes from the terminal is taken from.
#[derive(Debug)]
pub struct Reader {
    inputs: UnboundedReceiver<Input>,
    gate: Arc<Gate>,
    /// Text that was typed too early for the program that has the terminal.
    ahead: String,
    gone: bool,
}

/// Starts to read standard input, after what was `typed` before. `late` takes out what the terminal
/// still answers. The thread ends with the terminal, or at the next input after the reader was dropped.
///
/// # Errors
/// When the system has no thread for us, or no more open files.
pub fn listen(typed: Vec<KeyEvent>, late: Option<Late>) -> io::Result<Reader> {
    let (sender, inputs) = mpsc::unbounded_channel();
    for key in typed {
        // The receiver is here.
        let _ = sender.send(Input::Key(key));
    }
    let gate = Arc::new(Gate::new()?);
    let reader = Reader {
        inputs,
        gate: Arc::clone(&gate),
        ahead: String::new(),
        gone: false,
    };
    let mut late = late;
    let next = move || match &mut late {
        Some(late) => late.next(next_of_terminal),
        None => next_of_terminal(),
    };
    thread::Builder::new()
        .name("events".to_owned())
        .spawn(move || pump(io::stdin().as_raw_fd(), &gate, next, &sender))?;
    Ok(reader)
}

impl Reader {
    /// Waits for the next input. May be dropped and called again without losing any.
    pub async fn next(&mut self) -> Input {
        match self.kept() {
            Some(input) => input,
            None => self.inputs.recv().await.unwrap_or(Input::Gone),
        }
    }

    /// The next input that is there already.
    pub fn try_next(&mut self) -> Option<Input> {
        self.kept().or_else(|| match self.inputs.try_recv() {
            Ok(input) => Some(input),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Input::Gone),
        })
    }

    /// Leaves the terminal's input to another program: when this returns, nothing of it is read any more.
    /// Letters that were read already are kept, as text that was pasted; a command among them was never
    /// meant for us and is dropped.
    pub fn pause(&mut self) {
        self.gate.close();
        while let Ok(input) = self.inputs.try_recv() {
            match input {
                Input::Key(key) => self.ahead.extend(letter(&key)),
                Input::Pasted(text) => self.ahead.push_str(&text),
                Input::Gone => self.gone = true,
                // A click was meant for what stood there; a signal tells the size too.
                Input::Mouse(_) | Input::Resized { .. } => {}
            }
        }
    }

    /// Reads on.
    pub fn go_on(&self) {
        self.gate.open();
    }

    fn kept(&mut self) -> Option<Input> {
        if std::mem::take(&mut self.gone) {
            return Some(Input::Gone);
        }
        let has_text = self.gate.is_open() && !self.ahead.is_empty();
        has_text.then(|| Input::Pasted(std::mem::take(&mut self.ahead)))
    }
}

/// What a key writes into a text.
fn letter(key: &KeyEvent) -> Option<char> {
    let plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    if let KeyCode::Char(c) = key.code {
        plain.then_some(c)
    } else {
        (plain && key.code == KeyCode::Enter).then_some('\n')
    }
}

/// The next event that is there already.
fn next_of_terminal() -> io::Result<Option<Event>> {
    if crossterm::event::poll(REST)? {
        crossterm::event::read().map(Some)
    } else {
        Ok(None)
    }
}

fn pump(
    terminal: RawFd,
    gate: &Gate,
    mut next: impl FnMut() -> io::Result<Option<Event>>,
    sender: &UnboundedSender<Input>,
) {
    let mut empty = 0;
    while empty < MAX_EMPTY && wait(terminal, gate).is_ok() {
        let mut nothing = 0;
        while nothing < SURE && empty < MAX_EMPTY {
            match next() {
                Ok(Some(event)) => {
                    (nothing, empty) = (0, 0);
                    if input(event).is_some_and(|input| sender.send(input).is_err()) {
                        return;
                    }
                }
                Ok(None) => {
                    nothing += 1;
                    empty += 1;
                }
                Err(_) => empty = MAX_EMPTY,
            }
        }
    }
    // Nobody listens any more when the program is about to end anyway.
    let _ = sender.send(Input::Gone);
    gate.end();
}

/// Sleeps until the terminal can be read, and as long as the gate is closed.
fn wait(terminal: RawFd, gate: &Gate) -> io::Result<()> {
    let watch = |fd| pollfd {
        fd,
        events: POLLIN,
        revents: 0,
    };
    loop {
        gate.pass();
        let mut watched = [watch(terminal), watch(gate.bell())];
        match filedescriptor::poll(&mut watched, None) {
            Err(filedescriptor::Error::Poll(why)) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(io::Error::other(why)),
            // The gate first: what comes now may be another program's.
            Ok(_) if gate.is_open() => {
                let [found, _] = watched;
                if found.revents & (POLLHUP | POLLERR) != 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                if found.revents & POLLIN != 0 {
                    return Ok(());
                }
                if found.revents != 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            Ok(_) => {}
        }
    }
}

fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) => match key.kind {
            KeyEventKind::Press | KeyEventKind::Repeat => Some(Input::Key(key)),
            KeyEventKind::Release => None,
        },
        Event::Paste(text) => Some(Input::Pasted(text)),
        Event::Resize(columns, rows) => Some(Input::Resized { columns, rows }),
        Event::Mouse(event) => mouse::is_ours(event).then_some(Input::Mouse(event)),
        Event::FocusGained | Event::FocusLost => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc as std_mpsc;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn key(kind: KeyEventKind) -> Event {
        let key = KeyEvent::new_with_kind(KeyCode::Char('x'), KeyModifiers::NONE, kind);
        Event::Key(key)
    }

    /// A pump on one end of a socket, where every byte is one key, with a count of its questions.
    struct Pump {
        terminal: Option<UnixStream>,
        inputs: UnboundedReceiver<Input>,
        asked: Arc<AtomicUsize>,
        ended: std_mpsc::Receiver<()>,
        gate: Arc<Gate>,
    }

    impl Pump {
        fn start() -> Self {
            let (far, mut near) = UnixStream::pair().unwrap();
            near.set_nonblocking(true).unwrap();
            let (sender, inputs) = mpsc::unbounded_channel();
            let (end, ended) = std_mpsc::channel();
            let asked = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&asked);
            let gate = Arc::new(Gate::new().unwrap());
            let passed = Arc::clone(&gate);
            thread::Builder::new()
                .spawn(move || {
                    let fd = near.as_raw_fd();
                    let next = || {
                        count.fetch_add(1, Ordering::Relaxed);
                        let mut byte = [0];
                        match near.read(&mut byte) {
                            Ok(1) => Ok(Some(key(KeyEventKind::Press))),
                            Ok(_) | Err(_) => Ok(None),
                        }
                    };
                    pump(fd, &passed, next, &sender);
                    end.send(()).unwrap();
                })
                .unwrap();
            Self {
                terminal: Some(far),
                inputs,
                asked,
                ended,
                gate,
            }
        }

        fn type_in(&mut self, bytes: &[u8]) {
            self.terminal.as_mut().unwrap().write_all(bytes).unwrap();
        }
    }

    #[test]
    fn every_key_arrives_and_a_terminal_that_is_gone_ends_the_thread() {
        let mut pump = Pump::start();
        pump.type_in(&[b'x'; 3000]);
        for _ in 0..3000 {
            assert!(matches!(pump.inputs.blocking_recv(), Some(Input::Key(_))));
        }
        pump.terminal = None;
        assert_eq!(pump.inputs.blocking_recv(), Some(Input::Gone));
        assert_eq!(pump.inputs.blocking_recv(), None);
        pump.ended.recv_timeout(LIMIT).unwrap();
    }

    #[test]
    fn an_end_of_input_without_a_hang_up_ends_the_thread_too() {
        let pump = Pump::start();
        let terminal = pump.terminal.as_ref().unwrap();
        terminal.shutdown(std::net::Shutdown::Write).unwrap();
        pump.ended.recv_timeout(LIMIT).unwrap();
        let asked = pump.asked.load(Ordering::Relaxed);
        assert!(asked <= MAX_EMPTY as usize, "{asked}");
    }

    #[test]
    fn the_thread_asks_for_nothing_while_nothing_comes() {
        let mut pump = Pump::start();
        pump.type_in(b"x");
        assert!(matches!(pump.inputs.blocking_recv(), Some(Input::Key(_))));
        pump.type_in(b"x");
        assert!(matches!(pump.inputs.blocking_recv(), Some(Input::Key(_))));
        // One question per key, and those after each that say there is no more.
        assert!(pump.asked.load(Ordering::Relaxed) <= 6);
    }

    #[test]
    fn keys_that_were_read_already_do_not_wait_for_the_next_one() {
        let (mut far, near) = UnixStream::pair().unwrap();
        far.write_all(b"x").unwrap();
        let (sender, mut inputs) = mpsc::unbounded_channel();
        // One byte on the line, three keys behind it; busy whenever it is about to give the next.
        let mut answers = [Some(()), None, Some(()), None, Some(())].into_iter();
        thread::Builder::new()
            .spawn(move || {
                let fd = near.as_raw_fd();
                let next = || {
                    let mut byte = [0];
                    near.set_nonblocking(true).unwrap();
                    let _ = (&near).read(&mut byte);
                    let answer = answers.next().flatten();
                    Ok(answer.map(|()| key(KeyEventKind::Press)))
                };
                pump(fd, &Gate::new().unwrap(), next, &sender);
            })
            .unwrap();
        for _ in 0..3 {
            assert!(matches!(inputs.blocking_recv(), Some(Input::Key(_))));
        }
        drop(far);
        assert_eq!(inputs.blocking_recv(), Some(Input::Gone));
    }

    #[test]
    fn nothing_is_read_while_another_program_has_the_terminal() {
        let mut pump = Pump::start();
        let mut reader = Reader {
            inputs: std::mem::replace(&mut pump.inputs, mpsc::unbounded_channel().1),
            gate: Arc::clone(&pump.gate),
            ahead: String::new(),
            gone: false,
        };
        for _ in 0..20 {
            pump.type_in(b"x");
            assert!(matches!(reader.inputs.blocking_recv(), Some(Input::Key(_))));
            reader.pause();
            let asked = pump.asked.load(Ordering::Relaxed);
            pump.type_in(b"xx");
            assert_eq!(reader.try_next(), None);
            assert_eq!(pump.asked.load(Ordering::Relaxed), asked);
            reader.go_on();
            for _ in 0..2 {
                assert!(matches!(reader.inputs.blocking_recv(), Some(Input::Key(_))));
            }
        }
        pump.terminal = None;
        assert_eq!(reader.inputs.blocking_recv(), Some(Input::Gone));
        assert_eq!(reader.inputs.blocking_recv(), None);
        // A thread that has ended holds nobody up.
        reader.pause();
        assert_eq!(reader.try_next(), Some(Input::Gone));
    }

    #[test]
    fn letters_that_came_too_early_are_text_and_commands_are_nothing() {
        let (sender, inputs) = mpsc::unbounded_channel();
        let gate = Arc::new(Gate::new().unwrap());
        gate.end();
        let mut reader = Reader {
            inputs,
            gate,
            ahead: String::new(),
            gone: false,
        };
        for (code, modifiers) in [
            (KeyCode::Char('i'), KeyModifiers::NONE),
            (KeyCode::Char('A'), KeyModifiers::SHIFT),
            (KeyCode::Esc, KeyModifiers::NONE),
            (KeyCode::Char('c'), KeyModifiers::CONTROL),
            (KeyCode::Char('q'), KeyModifiers::ALT),
            (KeyCode::Enter, KeyModifiers::NONE),
        ] {
            let key = KeyEvent::new(code, modifiers);
            sender.send(Input::Key(key)).unwrap();
        }
        sender.send(Input::Pasted("b".to_owned())).unwrap();
        reader.pause();
        assert_eq!(reader.try_next(), None);
        reader.go_on();
        assert_eq!(reader.try_next(), Some(Input::Pasted("iA\nb".to_owned())));
        assert_eq!(reader.try_next(), None);
    }

    #[test]
    fn a_dropped_receiver_ends_the_thread_at_the_next_key() {
        let mut pump = Pump::start();
        drop(std::mem::replace(
            &mut pump.inputs,
            mpsc::unbounded_channel().1,
        ));
        pump.type_in(b"x");
        pump.ended.recv_timeout(LIMIT).unwrap();
    }

    #[test]
    fn a_reader_that_fails_means_the_terminal_is_gone() {
        let (mut far, near) = UnixStream::pair().unwrap();
        far.write_all(b"x").unwrap();
        let (sender, mut inputs) = mpsc::unbounded_channel();
        pump(
            near.as_raw_fd(),
            &Gate::new().unwrap(),
            || Err(io::ErrorKind::Other.into()),
            &sender,
        );
        assert_eq!(inputs.try_recv(), Ok(Input::Gone));
    }

    #[test]
    fn releases_and_the_focus_are_nobodys_business() {
        for (event, passes) in [
            (key(KeyEventKind::Press), true),
            (key(KeyEventKind::Repeat), true),
            (key(KeyEventKind::Release), false),
            (Event::FocusGained, false),
            (Event::FocusLost, false),
            (Event::Paste("a\nb".to_owned()), true),
            (Event::Resize(80, 24), true),
        ] {
            assert_eq!(input(event.clone()).is_some(), passes, "{event:?}");
        }
    }
}

//! Keys and pastes, read on a thread of their own into a channel.
//!
//! A thread, because crossterm's stream loses wake-ups when it is drained between two frames. The
//! thread sleeps in the kernel until there is something to read, so an idle program wakes for
//! nothing. It never reads while the program is stopped: a stop takes all threads, and in the
//! background the kernel stops whoever reads. Invariant: the last input is [`Input::Gone`], once,
//! and the thread ends with it; crossterm alone would spin for ever on a terminal that hung up.

use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::thread;
use std::time::Duration;

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use filedescriptor::{POLLERR, POLLHUP, POLLIN, pollfd};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

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

/// Starts to read standard input. The thread ends with the terminal, or at the next input after the
/// receiver was dropped.
///
/// # Errors
/// When the system has no thread for us.
pub fn listen() -> io::Result<UnboundedReceiver<Input>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    thread::Builder::new()
        .name("events".to_owned())
        .spawn(move || pump(io::stdin().as_raw_fd(), next_of_terminal, &sender))?;
    Ok(receiver)
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
    mut next: impl FnMut() -> io::Result<Option<Event>>,
    sender: &UnboundedSender<Input>,
) {
    let mut empty = 0;
    while empty < MAX_EMPTY && wait(terminal).is_ok() {
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
}

/// Sleeps until the terminal can be read.
fn wait(terminal: RawFd) -> io::Result<()> {
    loop {
        let mut watched = [pollfd {
            fd: terminal,
            events: POLLIN,
            revents: 0,
        }];
        match filedescriptor::poll(&mut watched, None) {
            Err(filedescriptor::Error::Poll(why)) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(io::Error::other(why)),
            Ok(_) => {
                let [found] = watched;
                return if found.revents & (POLLHUP | POLLERR) == 0 && found.revents & POLLIN != 0 {
                    Ok(())
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
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
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, mpsc as std_mpsc};

    use crossterm::event::{KeyCode, KeyModifiers};

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
    }

    impl Pump {
        fn start() -> Self {
            let (far, mut near) = UnixStream::pair().unwrap();
            near.set_nonblocking(true).unwrap();
            let (sender, inputs) = mpsc::unbounded_channel();
            let (end, ended) = std_mpsc::channel();
            let asked = Arc::new(AtomicUsize::new(0));
            let count = Arc::clone(&asked);
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
                    pump(fd, next, &sender);
                    end.send(()).unwrap();
                })
                .unwrap();
            Self {
                terminal: Some(far),
                inputs,
                asked,
                ended,
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
                pump(fd, next, &sender);
            })
            .unwrap();
        for _ in 0..3 {
            assert!(matches!(inputs.blocking_recv(), Some(Input::Key(_))));
        }
        drop(far);
        assert_eq!(inputs.blocking_recv(), Some(Input::Gone));
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

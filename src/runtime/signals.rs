//! Signals as values. Nothing is done about them here: who receives them decides.
//!
//! From [`Signals::listen`] on, none of them has its usual effect on the process any more.

use std::io;

use tokio::signal::unix::{self, SignalKind};

/// What the system or another program wants from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// `INT`: ctrl-c from outside; inside it arrives as a key.
    Interrupt,
    /// `TERM`: stop.
    Terminate,
    /// `HUP`: the terminal is gone.
    HangUp,
    /// `QUIT`: stop at once.
    Quit,
    /// `TSTP`: pause; inside, ctrl-z arrives as a key.
    Suspend,
    /// `CONT`: go on after a pause, whoever caused it.
    Continue,
    /// `WINCH`: the terminal has another size.
    Resized,
}

impl Signal {
    /// The exit code of a program that ends because of this signal; `None` for those that end
    /// nothing.
    pub const fn exit_code(self) -> Option<u8> {
        match self {
            Self::HangUp => Some(129),
            Self::Interrupt => Some(130),
            Self::Quit => Some(131),
            Self::Terminate => Some(143),
            Self::Suspend | Self::Continue | Self::Resized => None,
        }
    }
}

/// The stream of signals.
#[derive(Debug)]
pub struct Signals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: unix::Signal,
    quit: unix::Signal,
    suspend: unix::Signal,
    resume: unix::Signal,
    resized: unix::Signal,
}

impl Signals {
    /// Starts to listen. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the system refuses to register a signal.
    pub fn listen() -> io::Result<Self> {
        let raw = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
        Ok(Self {
            interrupt: unix::signal(SignalKind::interrupt())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hang_up: unix::signal(SignalKind::hangup())?,
            quit: unix::signal(SignalKind::quit())?,
            suspend: unix::signal(raw(rustix::process::Signal::TSTP))?,
            resume: unix::signal(raw(rustix::process::Signal::CONT))?,
            resized: unix::signal(SignalKind::window_change())?,
        })
    }

    /// Waits for the next signal. Several of one kind that arrive at once count as one. May be
    /// dropped and called again without losing any.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            biased; // what ends the program first
            _ = self.hang_up.recv() => Signal::HangUp,
            _ = self.quit.recv() => Signal::Quit,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.suspend.recv() => Signal::Suspend,
            _ = self.resume.recv() => Signal::Continue,
            _ = self.resized.recv() => Signal::Resized,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustix::process::{Signal as Raw, getpid, kill_process};

    use super::*;

    #[tokio::test]
    async fn every_signal_arrives_as_its_value_and_does_nothing_else() {
        let mut signals = Signals::listen().unwrap();
        for (raw, expected) in [
            (Raw::INT, Signal::Interrupt),
            (Raw::TERM, Signal::Terminate),
            (Raw::HUP, Signal::HangUp),
            (Raw::QUIT, Signal::Quit),
            (Raw::TSTP, Signal::Suspend),
            (Raw::CONT, Signal::Continue),
            (Raw::WINCH, Signal::Resized),
        ] {
            kill_process(getpid(), raw).unwrap();
            let next = tokio::time::timeout(Duration::from_secs(10), signals.next());
            assert_eq!(next.await, Ok(expected));
        }
    }

    #[test]
    fn only_signals_that_end_the_program_have_an_exit_code() {
        assert_eq!(Signal::Terminate.exit_code(), Some(143));
        assert_eq!(Signal::Interrupt.exit_code(), Some(130));
        assert_eq!(Signal::Continue.exit_code(), None);
    }
}

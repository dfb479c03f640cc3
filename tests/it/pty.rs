//! The whole program in a pseudo-terminal: keys and signals in, bytes and an exit code out.
//!
//! Invariant: no test sleeps. Each waits for words on the screen or for an end, with a limit.

mod account;
mod accounts;
mod answers;
mod clipboard;
mod desktop;
mod editor;
mod ending;
mod input;
mod journal;
mod looks;
mod messages;
mod mouse;
mod receiving;
mod reloading;
mod remembering;
mod restoring;
mod secrets;
mod senders;
mod settings;
mod start;
mod suspend;
mod team;
mod within;

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use filedescriptor::{FileDescriptor, POLLIN, pollfd};
use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use crate::program::{Home, PROGRAM, Provider};

/// How long anything may take before a test gives up.
const LIMIT: Duration = Duration::from_secs(20);
/// How long the program may take to end.
const PROMPTLY: Duration = Duration::from_secs(2);

/// Columns and rows.
type Cells = (u16, u16);

/// How the program is started.
struct Setup<'a> {
    home: &'a Home,
    program: &'a str,
    args: Vec<String>,
    variables: Vec<(&'static str, OsString)>,
    size: Cells,
    /// Stands on the main screen already.
    before: &'static str,
    /// Whether the terminal answers what it is asked; most say nothing.
    answers: bool,
}

impl<'a> Setup<'a> {
    fn new(home: &'a Home) -> Self {
        let mut variables = home.variables();
        variables.push(("TERM", "xterm-256color".into()));
        Self {
            home,
            program: PROGRAM,
            args: Vec::new(),
            variables,
            size: (120, 36),
            before: "",
            answers: false,
        }
    }

    /// The demo, which answers at once.
    fn demo(home: &'a Home) -> Self {
        Self::new(home).args(&["demo", "--latency", "0"])
    }

    /// The dashboard of an account at this provider.
    fn account(home: &'a Home, provider: &Provider) -> Self {
        let mut setup = Self::new(home);
        setup.variables.extend(provider.variables());
        setup
    }

    fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    /// Another program, which starts ours.
    fn program(mut self, program: &'a str, args: &[&str]) -> Self {
        self.program = program;
        self.args.clear();
        self.args(args)
    }

    /// Sets a variable, or another value of it.
    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.into()));
        self
    }

    fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// In a terminal that shows pictures by kitty's protocol.
    fn with_pictures(mut self) -> Self {
        self.answers = true;
        self
    }

    /// With these lines on the main screen.
    fn before(mut self, lines: &'static str) -> Self {
        self.before = lines;
        self
    }

    fn start(&self) -> Terminal {
        Terminal::start(self)
    }

    /// Starts, and waits until all names are there.
    fn start_and_load(&self) -> Terminal {
        let terminal = self.start();
        terminal.wait_for("synced");
        terminal
    }
}

/// What the program has written.
struct Written {
    parser: vt100::Parser,
    raw: Vec<u8>,
    /// Nobody has the other side open any more.
    over: bool,
}

impl Written {
    /// Whether the last frame is here to its end: a terminal shows none before.
    fn is_whole(&self) -> bool {
        const MARK: &[u8] = b"\x1b[?2026";
        let mut marks = self.raw.windows(MARK.len() + 1);
        let last = marks.rfind(|bytes| bytes.starts_with(MARK));
        last.is_none_or(|mark| !mark.ends_with(b"h"))
    }
}

#[derive(Clone)]
struct Log(Arc<(Mutex<Written>, Condvar)>);

impl Log {
    fn new(size: Cells) -> Self {
        let written = Written {
            parser: vt100::Parser::new(size.1, size.0, 0),
            raw: Vec::new(),
            over: false,
        };
        Self(Arc::new((Mutex::new(written), Condvar::new())))
    }

    fn lock(&self) -> MutexGuard<'_, Written> {
        self.0.0.lock().unwrap()
    }

    fn change(&self, change: impl FnOnce(&mut Written)) {
        change(&mut self.lock());
        self.0.1.notify_all();
    }

    /// Reads on a thread of its own until the program is gone or `stop` is closed.
    fn follow(&self, terminal: FileDescriptor, stop: UnixStream) -> JoinHandle<()> {
        self.follow_and_answer(terminal, stop, None)
    }

    fn follow_and_answer(
        &self,
        mut terminal: FileDescriptor,
        stop: UnixStream,
        mut kitty: Option<answers::Kitty>,
    ) -> JoinHandle<()> {
        let log = self.clone();
        let read = move || {
            let mut buffer = vec![0; 1 << 16];
            loop {
                let watch = |fd| pollfd {
                    fd,
                    events: POLLIN,
                    revents: 0,
                };
                let mut watched = [watch(terminal.as_raw_fd()), watch(stop.as_raw_fd())];
                let waited = filedescriptor::poll(&mut watched, None);
                if waited.is_err() || watched[1].revents != 0 {
                    break;
                }
                match terminal.read(&mut buffer) {
                    Ok(count @ 1..) => log.change(|written| {
                        written.parser.process(&buffer[..count]);
                        written.raw.extend_from_slice(&buffer[..count]);
                        if let Some(kitty) = &mut kitty {
                            // A program that ended meanwhile wants no answer.
                            let _ = terminal.write_all(&kitty.answer(&written.raw));
                        }
                    }),
                    Ok(0) | Err(_) => break,
                }
            }
            log.change(|written| written.over = true);
        };
        Builder::new().spawn(read).unwrap()
    }
}

/// A terminal with the program in it. Dropped, it takes the program with it.
struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<FileDescriptor>,
    log: Log,
    stop: Option<UnixStream>,
    reader: Option<JoinHandle<()>>,
    /// The modes of the line before the program was started.
    found: String,
    pid: Pid,
    exit: Receiver<Ended>,
    has_ended: bool,
}

/// How the program ended.
struct Ended {
    status: ExitStatus,
    /// How long it kept a processor busy, where the system tells.
    busy: Option<Duration>,
}

/// How long a process, which may have ended, has kept a processor busy.
fn busy(pid: Pid) -> Option<Duration> {
    let path = format!("/proc/{}/stat", pid.as_raw_nonzero());
    let stat = std::fs::read_to_string(path).ok()?;
    // The name before it may contain blanks.
    let (_, numbers) = stat.rsplit_once(") ")?;
    let ticks = numbers.split(' ').skip(11).take(2);
    let ticks: u64 = ticks.map(|number| number.parse::<u64>().unwrap()).sum();
    // Linux tells it in hundredths of a second, whatever it counts in itself.
    Some(Duration::from_millis(ticks * 10))
}

impl Terminal {
    fn start(setup: &Setup<'_>) -> Self {
        let pair = native_pty_system().openpty(cells(setup.size)).unwrap();
        let mut command = CommandBuilder::new(setup.program);
        command.args(&setup.args);
        command.env_clear();
        for (name, value) in &setup.variables {
            command.env(name, value);
        }
        command.cwd(setup.home.path());
        let found = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);

        let pid = i32::try_from(child.process_id().unwrap()).unwrap();
        let pid = Pid::from_raw(pid).unwrap();
        let (sender, exit) = mpsc::channel();
        let wait = move || {
            waitid(
                WaitId::Pid(pid),
                WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
            )
            .unwrap();
            let busy = busy(pid);
            let status = child.wait().unwrap();
            sender.send(Ended { status, busy }).unwrap_or_default();
        };
        Builder::new().spawn(wait).unwrap();

        let master = pair.master.as_raw_fd().unwrap();
        let (stop, stopped) = UnixStream::pair().unwrap();
        let log = Log::new(setup.size);
        log.change(|written| written.parser.process(setup.before.as_bytes()));
        let kitty = setup.answers.then(answers::Kitty::default);
        let read = FileDescriptor::dup(&master).unwrap();
        Self {
            keys: Some(FileDescriptor::dup(&master).unwrap()),
            reader: Some(log.follow_and_answer(read, stopped, kitty)),
            master: Some(pair.master),
            log,
            stop: Some(stop),
            found,
            pid,
            exit,
            has_ended: false,
        }
    }

    // ---- in

    /// Types these bytes.
    fn type_keys(&mut self, keys: &str) {
        let terminal = self.keys.as_mut().unwrap();
        terminal.write_all(keys.as_bytes()).unwrap();
    }

    fn paste(&mut self, text: &str) {
        self.type_keys(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Gives the terminal another size.
    fn resize(&self, columns: u16, rows: u16) {
        let screen = |written: &mut Written| written.parser.screen_mut().set_size(rows, columns);
        self.log.change(screen);
        self.resize_line(columns, rows);
    }

    /// Gives the terminal another size, but not the screen that is looked at.
    fn resize_line(&self, columns: u16, rows: u16) {
        let master = self.master.as_ref().unwrap();
        master.resize(cells((columns, rows))).unwrap();
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Closes the terminal's window.
    fn close(&mut self) {
        self.stop = None;
        self.reader.take().unwrap().join().unwrap();
        self.keys = None;
        self.master = None;
    }

    // ---- out

    /// The words on the screen, one line for each row.
    fn text(&self) -> String {
        self.log.lock().parser.screen().contents()
    }

    fn rows(&self) -> Vec<String> {
        rows(self.log.lock().parser.screen())
    }

    /// Every byte so far.
    fn raw(&self) -> Vec<u8> {
        self.log.lock().raw.clone()
    }

    /// Every byte so far, as text.
    fn raw_text(&self) -> String {
        String::from_utf8_lossy(&self.raw()).into_owned()
    }

    /// Waits until this is on the screen.
    fn wait_for(&self, words: &str) {
        self.wait_until(words, |screen| screen.contents().contains(words));
    }

    /// Waits until this is not on the screen.
    fn wait_while(&self, words: &str) {
        let gone = format!("no more {words}");
        self.wait_until(&gone, |screen| !screen.contents().contains(words));
    }

    fn wait_until(&self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        self.wait_within(LIMIT, what, is_so);
    }

    fn wait_within(&self, limit: Duration, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) {
        let so = |written: &Written| written.is_whole() && is_so(written.parser.screen());
        let more = |written: &mut Written| !written.over && !so(written);
        let (written, _) = self
            .log
            .0
            .1
            .wait_timeout_while(self.log.lock(), limit, more)
            .unwrap();
        let is_so = so(&written);
        let seen = rows(written.parser.screen()).join("\n");
        drop(written);
        assert!(is_so, "waited in vain for: {what}\n{seen}");
    }

    /// Waits until this was written, whatever it does to the screen.
    fn wait_for_raw(&self, part: &str) {
        let has = |raw: &[u8]| {
            raw.windows(part.len())
                .any(|bytes| bytes == part.as_bytes())
        };
        let more = |written: &mut Written| !written.over && !has(&written.raw);
        let (lock, changed) = &*self.log.0;
        let waited = changed.wait_timeout_while(lock.lock().unwrap(), LIMIT, more);
        let is_so = has(&waited.unwrap().0.raw);
        assert!(is_so, "waited in vain for {part:?}\n{}", self.text());
    }

    /// Waits until so many bytes were written.
    fn wait_for_bytes(&self, count: usize) {
        let more = |written: &mut Written| !written.over && written.raw.len() < count;
        let (lock, changed) = &*self.log.0;
        let waited = changed.wait_timeout_while(lock.lock().unwrap(), LIMIT, more);
        assert!(waited.unwrap().0.raw.len() >= count);
    }

    /// Waits for the end and returns the exit code. Everything written is there then.
    fn end(&mut self) -> u32 {
        let ended = self.end_within(PROMPTLY);
        assert_eq!(ended.status.signal(), None);
        ended.status.exit_code()
    }

    /// Waits for the end, whichever it is.
    fn end_within(&mut self, limit: Duration) -> Ended {
        let ended = self.exit.recv_timeout(limit);
        let ended = ended.unwrap_or_else(|_| panic!("does not end\n{}", self.text()));
        self.has_ended = true;
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        ended
    }

    /// Waits until the program is stopped, as by ctrl-z in a shell.
    fn wait_for_stop(&self) {
        let (pid, (sender, stopped)) = (self.pid, mpsc::channel());
        let wait = move || {
            let options = WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
            // Nobody listens any more when it took too long.
            let _ = sender.send(waitid(WaitId::Pid(pid), options));
        };
        Builder::new().spawn(wait).unwrap();
        let status = stopped.recv_timeout(LIMIT).expect("never stopped");
        assert!(status.unwrap().unwrap().stopped());
        // What was written before the stop may still be on its way to us.
        self.wait_until("the main screen", |screen| !screen.alternate_screen());
    }

    /// Whether the program has the line in another mode than it was found in.
    fn is_taken_over(&self) -> bool {
        modes(&**self.master.as_ref().unwrap()) != self.found
    }

    /// The terminal is as it was found: nothing is switched on and the cursor is there.
    fn assert_restored(&self) {
        let now = modes(&**self.master.as_ref().unwrap());
        assert_eq!(now, self.found, "the modes of the line");
        let raw = self.raw_text();
        let written = self.log.lock();
        let screen = written.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is on");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.inverse() && !screen.bold() && !screen.dim());
        assert_eq!(screen.fgcolor(), vt100::Color::Default);
        assert_eq!(screen.bgcolor(), vt100::Color::Default);
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "the mouse is taken"
        );
        let last = |mode: &str| raw.rfind(&format!("\x1b[?2026{mode}"));
        assert!(last("l") > last("h"), "a synchronised update is open");
        assert!(!answers::asks_for_keys(&raw), "a keyboard protocol is on");
        assert!(
            answers::strings_are_closed(&raw),
            "a control string is open"
        );
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if !self.has_ended && self.exit.try_recv().is_err() {
            // It may have ended this moment.
            let _ = kill_process(self.pid, Signal::KILL);
            let _ = self.exit.recv_timeout(LIMIT);
        }
        self.stop = None;
    }
}

/// Whether these programs are there. Where they are not, the test that needs them checks nothing and says so;
/// with the variable set to `required` that is a failure.
fn installed(variable: &str, programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there =
        |program: &&str| std::env::split_paths(&path).any(|at| at.join(program).exists());
    let missing: Vec<_> = programs
        .iter()
        .filter(|program| !is_there(program))
        .collect();
    if missing.is_empty() {
        return true;
    }
    let required = std::env::var_os(variable).is_some_and(|value| value == "required");
    assert!(
        !required,
        "{variable} is required, and there is no {missing:?}"
    );
    // Past the harness, which shows the output of failed tests only.
    let line = format!("skipped: no {missing:?}: what needs it is not tested\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    false
}

fn cells((cols, rows): Cells) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}

/// The modes of the line: echo, line buffering, signals from keys and so on.
fn modes(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn rows(screen: &vt100::Screen) -> Vec<String> {
    let (_, columns) = screen.size();
    screen.rows(0, columns).collect()
}

/// How often `part` is in `whole`.
fn count(whole: &str, part: &str) -> usize {
    whole.matches(part).count()
}

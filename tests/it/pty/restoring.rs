//! Fourteen ways out, each of a terminal of every kind: whichever it is, the terminal is as it was found, what
//! is said is readable below what stood there, and the exit code tells which way it was.
//!
//! Faults strike by themselves nowhere: the program that tests run has a switch for each.

use wavedeck::runtime::fault::SECRET;
use wavedeck::sim::faults::Arrived;

use super::*;

/// What stands on the main screen before.
const PROMPT: &str = "$ wavedeck demo\r\n";

/// The kinds of terminals, by what the program has switched on there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// A picture is on the screen, by the terminal's own protocol.
    Pictures,
}

const KINDS: [Kind; 2] = [Kind::Plain, Kind::Pictures];

/// The ways out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Q,
    CtrlCTwice,
    OutOfADialog,
    ErrorOfMain,
    PanicInUpdate,
    PanicInDraw,
    PanicInTask,
    PanicInHook,
    Interrupt,
    Terminate,
    Quit,
    HangUp,
    SuspendedThenQ,
    Closed,
}

const WAYS: [Way; 14] = [
    Way::Q,
    Way::CtrlCTwice,
    Way::OutOfADialog,
    Way::ErrorOfMain,
    Way::PanicInUpdate,
    Way::PanicInDraw,
    Way::PanicInTask,
    Way::PanicInHook,
    Way::Interrupt,
    Way::Terminate,
    Way::Quit,
    Way::HangUp,
    Way::SuspendedThenQ,
    Way::Closed,
];

impl Way {
    /// The switch in the program that this way needs.
    fn fault(self) -> Option<&'static str> {
        match self {
            Self::ErrorOfMain => Some("main"),
            Self::PanicInUpdate => Some("update"),
            Self::PanicInDraw => Some("draw"),
            Self::PanicInTask => Some("task"),
            Self::PanicInHook => Some("hook"),
            Self::Q
            | Self::CtrlCTwice
            | Self::OutOfADialog
            | Self::Interrupt
            | Self::Terminate
            | Self::Quit
            | Self::HangUp
            | Self::SuspendedThenQ
            | Self::Closed => None,
        }
    }

    /// Takes it.
    fn take(self, terminal: &mut Terminal) {
        match self {
            Self::Q | Self::ErrorOfMain => terminal.type_keys("q"),
            Self::CtrlCTwice => {
                // Out of a filter first: the first of them ends nothing.
                terminal.type_keys("1/abc");
                terminal.wait_for("0 of 16");
                terminal.type_keys("\x03\x03");
            }
            Self::OutOfADialog => {
                terminal.type_keys("1n");
                terminal.wait_for("enter create");
                terminal.type_keys("abc\x03\x03");
            }
            Self::PanicInUpdate | Self::PanicInDraw | Self::PanicInHook => terminal.paste("x"),
            Self::PanicInTask => {
                terminal.paste("x");
                terminal.wait_for("Pasted text goes");
                terminal.type_keys("r");
            }
            Self::Interrupt => terminal.signal(Signal::INT),
            Self::Terminate => terminal.signal(Signal::TERM),
            Self::Quit => terminal.signal(Signal::QUIT),
            Self::HangUp => terminal.signal(Signal::HUP),
            Self::SuspendedThenQ => {
                terminal.signal(Signal::TSTP);
                terminal.wait_for_stop();
                terminal.assert_restored();
                terminal.signal(Signal::CONT);
                terminal.wait_for("Corrida");
                terminal.type_keys("q");
            }
            Self::Closed => terminal.close(),
        }
    }

    /// The exit code; `None` for an abort.
    fn code(self) -> Option<u32> {
        match self {
            Self::Q | Self::CtrlCTwice | Self::OutOfADialog | Self::SuspendedThenQ => Some(0),
            Self::ErrorOfMain => Some(1),
            Self::PanicInUpdate | Self::PanicInDraw | Self::PanicInTask => Some(101),
            // A panic within the handling of another: the language ends the program at once.
            Self::PanicInHook => None,
            Self::Interrupt => Some(130),
            Self::Terminate => Some(143),
            Self::Quit => Some(131),
            Self::HangUp | Self::Closed => Some(129),
        }
    }

    /// What is said on the main screen, line by line, by the beginning of each line.
    fn words(self) -> &'static [&'static str] {
        const RESTORED: &str = "The terminal was restored. A change that was on its way may have";
        const FAULT: &str = "wavedeck stopped because of a fault in the program, at src/runtime/";
        match self {
            Self::ErrorOfMain => &["wavedeck: the error that was asked for"],
            Self::PanicInUpdate | Self::PanicInDraw | Self::PanicInTask => &[FAULT, RESTORED],
            Self::PanicInHook
            | Self::Q
            | Self::CtrlCTwice
            | Self::OutOfADialog
            | Self::Interrupt
            | Self::Terminate
            | Self::Quit
            | Self::HangUp
            | Self::SuspendedThenQ
            | Self::Closed => &[],
        }
    }
}

fn running(home: &Home, way: Way, kind: Kind) -> Terminal {
    let mut setup = Setup::demo(home).before(PROMPT);
    if let Some(fault) = way.fault() {
        setup = setup.variable("WAVEDECK_TEST_FAULT", fault);
    }
    if kind == Kind::Pictures {
        setup = setup.with_pictures();
    }
    let mut terminal = setup.start_and_load();
    assert!(terminal.is_taken_over());
    if kind == Kind::Pictures {
        terminal.type_keys("/corrida\r4");
        terminal.wait_for_raw("a=T");
    }
    terminal
}

fn assert_leaves(way: Way, kind: Kind) {
    let home = Home::new();
    let mut terminal = running(&home, way, kind);
    way.take(&mut terminal);
    let ended = terminal.end_within(PROMPTLY);
    let what = format!("{way:?} of {kind:?}");
    // Shown when one fails that does not know where it is.
    println!("{what}");
    match way.code() {
        Some(code) => {
            assert_eq!(ended.status.signal(), None, "{what}");
            assert_eq!(ended.status.exit_code(), code, "{what}");
        }
        None => assert!(ended.status.signal().is_some(), "{what}"),
    }
    assert!(!terminal.raw_text().contains(SECRET), "{what}");
    if way == Way::Closed {
        // Nobody looks at it any more.
        return;
    }
    terminal.assert_restored();
    let said = terminal.rows();
    let said: Vec<&str> = said.iter().map(|row| row.trim_end()).collect();
    assert_eq!(said[0], PROMPT.trim_end(), "{what}: what stood there");
    if way != Way::PanicInHook {
        let rest = said[1..].iter().filter(|row| !row.is_empty());
        assert_eq!(rest.count(), way.words().len(), "{what}\n{said:#?}");
    }
    for (line, words) in said[1..].iter().zip(way.words()) {
        assert!(line.starts_with(words), "{what}\n{said:#?}");
    }
}

#[test]
fn q25_every_way_out_of_every_kind_of_terminal_leaves_it_as_it_was_found() {
    for kind in KINDS {
        for way in WAYS {
            assert_leaves(way, kind);
        }
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it_at_once_and_keeps_no_processor_busy() {
    let home = Home::new();
    let mut terminal = running(&home, Way::Closed, Kind::Plain);
    let before = busy(terminal.pid);
    terminal.close();
    let ended = terminal.end_within(PROMPTLY);
    assert_eq!(ended.status.exit_code(), 129);
    if let (Some(before), Some(busy)) = (before, ended.busy) {
        let busy = busy.saturating_sub(before);
        assert!(busy < Duration::from_millis(500), "busy for {busy:?}");
    }
}

#[test]
fn a_change_on_its_way_holds_the_end_up_for_two_seconds_and_no_longer() {
    let (home, provider) = (Home::new(), Provider::start());
    for closed in [false, true] {
        let way = provider.losing_changes();
        let mut terminal = Setup::account(&home, &provider)
            .variable("WAVEDECK_BASE_URL", &way.base_url())
            .start_and_load();
        terminal.type_keys("n");
        terminal.wait_for("enter create");
        terminal.type_keys("Clube\r");
        let is_change = |arrived: &Arrived| arrived.method != "GET";
        terminal.wait_until("the request", |_| way.requests().iter().any(is_change));
        let before = busy(terminal.pid);
        if closed {
            terminal.close();
        } else {
            terminal.signal(Signal::TERM);
        }
        let ended = terminal.end_within(PROMPTLY * 2);
        assert_eq!(ended.status.exit_code(), if closed { 129 } else { 143 });
        if let (Some(before), Some(busy)) = (before, ended.busy) {
            let busy = busy.saturating_sub(before);
            assert!(busy < Duration::from_millis(500), "busy for {busy:?}");
        }
    }
}

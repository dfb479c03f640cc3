//! The clipboard of a real desktop: an X server without a screen, and a program that reads what was copied.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::*;

/// An X server of our own, without a network and without a clipboard manager.
struct Desktop(Child, String);

impl Desktop {
    /// `None` where its programs are not installed, which is told.
    fn start() -> Option<Self> {
        if !installed("WAVEDECK_TEST_DESKTOP", &["Xvfb", "xclip"]) {
            return None;
        }
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "320x240x24",
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut number = String::new();
        let mut told = BufReader::new(server.stdout.take().unwrap());
        told.read_line(&mut number).unwrap();
        Some(Self(server, format!(":{}", number.trim())))
    }

    /// What another program would paste.
    fn pasted(&self) -> String {
        let read = Command::new("xclip")
            .args(["-selection", "clipboard", "-out"])
            .env("DISPLAY", &self.1)
            .output()
            .unwrap();
        String::from_utf8(read.stdout).unwrap()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn q22_what_was_copied_can_be_pasted_as_long_as_the_program_runs_and_its_end_is_told() {
    let Some(desktop) = Desktop::start() else {
        return;
    };
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider)
        .variable("DISPLAY", &desktop.1)
        .start_and_load();
    terminal.type_keys("y");
    terminal.wait_for("copied");
    assert!(!terminal.text().contains("Sent to your terminal"));
    assert!(!terminal.raw_text().contains("\x1b]52;"));
    let link = desktop.pasted();
    assert!(link.starts_with("https://chat.whatsapp.com/"), "{link:?}");
    // Long after the notice is gone too.
    terminal.type_keys("\x1b");
    terminal.wait_while("copied");
    assert_eq!(desktop.pasted(), link);
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
    let said = terminal.text();
    assert!(said.starts_with("The clipboard may be empty now"), "{said}");
}

#[test]
fn without_a_copy_or_with_the_text_of_another_program_nothing_is_said_at_the_end() {
    let Some(desktop) = Desktop::start() else {
        return;
    };
    let (home, provider) = (Home::new(), Provider::start());
    for copies in [false, true] {
        let mut terminal = Setup::account(&home, &provider)
            .variable("DISPLAY", &desktop.1)
            .start_and_load();
        if copies {
            terminal.type_keys("y");
            terminal.wait_for("copied");
            let mut other = Command::new("xclip")
                .args(["-selection", "clipboard", "-in"])
                .env("DISPLAY", &desktop.1)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            other.stdin.take().unwrap().write_all(b"other").unwrap();
            other.wait().unwrap();
            terminal.wait_until("the other text", |_| desktop.pasted() == "other");
        }
        terminal.type_keys("q");
        assert_eq!(terminal.end(), 0);
        assert!(!terminal.text().contains("clipboard may be empty"));
    }
}

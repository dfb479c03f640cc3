//! Copying far away from one's desk: the link travels inside the terminal's own bytes.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::*;

/// Copies the link of the chosen group; returns every byte since the key, and the link there is.
fn copied(name: &'static str, value: &str, term: &str) -> (String, String) {
    let (home, provider) = (Home::new(), Provider::start());
    let mut terminal = Setup::account(&home, &provider)
        .variable("TERM", term)
        .variable("SSH_TTY", "/dev/pts/7")
        .variable(name, value)
        .start_and_load();
    let before = terminal.raw().len();
    terminal.type_keys("y");
    terminal.wait_for("Sent to your terminal");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    let seen = provider.state().seen();
    let path = seen
        .iter()
        .find_map(|seen| seen.path.strip_suffix("/invite"));
    let id = path.unwrap().rsplit('/').next().unwrap().to_owned();
    let code = provider.state().group(&id).unwrap().invite.unwrap();
    let raw = String::from_utf8_lossy(&terminal.raw()[before..]).into_owned();
    (raw, format!("https://chat.whatsapp.com/{code}"))
}

#[test]
fn q21_over_ssh_the_link_is_sent_to_the_terminal_once() {
    let (raw, link) = copied("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22", "xterm-256color");
    let sequence = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(link));
    assert_eq!(count(&raw, &sequence), 1);
    assert_eq!(count(&raw, "\x1b]52;"), 1);
    // Between two frames, not inside one.
    let (before, after) = raw.split_once(&sequence).unwrap();
    assert_eq!(count(before, "\x1b[?2026h"), count(before, "\x1b[?2026l"));
    assert_eq!(count(after, "\x1b[?2026h") + 1, count(after, "\x1b[?2026l"));
}

#[test]
fn q21_inside_tmux_it_is_wrapped_for_tmux() {
    let (raw, link) = copied("TMUX", "/tmp/tmux-1000/default,1,0", "tmux-256color");
    let link = BASE64_STANDARD.encode(link);
    assert_eq!(
        count(&raw, &format!("\x1bPtmux;\x1b\x1b]52;c;{link}\x07\x1b\\")),
        1
    );
    assert_eq!(count(&raw, "]52;"), 1);
}

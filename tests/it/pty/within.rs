//! The program within real tmux and GNU screen, where they are installed: they draw, and we look at what
//! they show.

use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use wavedeck::runtime::clock::now;

use super::*;

/// A multiplexer on a socket of its own, which ends with this.
struct Tmux<'a>(&'a Home);

impl Tmux<'_> {
    fn command(&self, args: &[&str]) -> String {
        let socket = self.0.path().join("tmux");
        let mut command = Command::new("tmux");
        command.env_clear().envs(self.0.variables());
        command.arg("-S").arg(socket).args(args);
        let output = command.output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        self.command(&["kill-server"]);
    }
}

/// The program in a shell in tmux in our terminal.
fn in_tmux<'a>(home: &'a Home, provider: &Provider) -> (Tmux<'a>, Terminal) {
    let config = "set -g escape-time 0\nset -g default-terminal tmux-256color\n\
                  set -g allow-passthrough on\nset -g set-clipboard on\nset -g status off\n\
                  set -g default-command \"PS1='ready> ' exec /bin/sh\"\n";
    let path = home.path().join("tmux.conf");
    std::fs::write(&path, config).unwrap();
    let socket = home.path().join("tmux");
    let (path, socket) = (path.to_str().unwrap(), socket.to_str().unwrap());
    let mut terminal = Setup::account(home, provider)
        .variable("PS1", "ready> ")
        .variable("SSH_TTY", "/dev/pts/7")
        .program("tmux", &["-S", socket, "-f", path, "new-session"])
        .start();
    terminal.wait_for("ready>");
    terminal.type_keys(&format!("{PROGRAM}\r"));
    terminal.wait_for("synced");
    (Tmux(home), terminal)
}

#[test]
fn q23_in_tmux_it_starts_listens_copies_and_leaves_the_pane_as_it_was() {
    if !installed("WAVEDECK_TEST_TMUX", &["tmux"]) {
        return;
    }
    let (home, provider) = (Home::new(), Provider::start());
    let (tmux, mut terminal) = in_tmux(&home, &provider);
    // Nothing was asked that tmux would answer for the terminal.
    let pane = tmux.command(&["capture-pane", "-p"]);
    assert!(pane.contains("Corrida Domingo 7h"), "{pane}");
    let colours = tmux.command(&["capture-pane", "-p", "-e"]);
    assert!(colours.contains("\x1b[38;5;"), "256 colours");
    terminal.type_keys("y");
    terminal.wait_for("Sent to your terminal");
    let sent = provider.state().groups();
    let link = sent.iter().find_map(|group| {
        let link = format!("https://chat.whatsapp.com/{}", group.invite.clone()?);
        let sequence = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(link));
        terminal.raw_text().contains(&sequence).then_some(sequence)
    });
    assert!(link.is_some(), "nothing was passed through");
    terminal.type_keys("q");
    terminal.wait_for("ready>");
    terminal.wait_while("Corrida");
    let mode = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}";
    let mode = tmux.command(&["display-message", "-p", mode]);
    assert_eq!(mode.trim(), "0 1 0 0");
    terminal.type_keys("exit\r");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn q23_esc_acts_within_sixty_milliseconds_of_being_sent() {
    if !installed("WAVEDECK_TEST_TMUX", &["tmux"]) {
        return;
    }
    let (home, provider) = (Home::new(), Provider::start());
    let (_tmux, mut terminal) = in_tmux(&home, &provider);
    // The best of a few: the computer may be busy with something else.
    let times = (0..10).map(|_| {
        terminal.type_keys("?");
        terminal.wait_for("this help");
        let start = now();
        terminal.type_keys("\x1b");
        terminal.wait_while("this help");
        now().since(start)
    });
    let best = times.min().unwrap();
    assert!(best < Duration::from_millis(60), "{best:?}");
}

#[test]
fn q23_in_gnu_screen_it_starts_listens_copies_and_leaves_the_window_as_it_was() {
    if !installed("WAVEDECK_TEST_SCREEN", &["screen"]) {
        return;
    }
    let (home, provider) = (Home::new(), Provider::start());
    let config = "startup_message off\naltscreen on\nterm screen-256color\nshell /bin/sh\n\
                  defutf8 on\nvbell off\nhardstatus off\n";
    let path = home.path().join("screenrc");
    std::fs::write(&path, config).unwrap();
    let mut terminal = Setup::account(&home, &provider)
        .variable("PS1", "ready> ")
        .variable("SSH_TTY", "/dev/pts/7")
        .variable("SCREENDIR", home.path().join("screens").to_str().unwrap())
        .program("screen", &["-U", "-c", path.to_str().unwrap()])
        .start();
    terminal.wait_for("ready>");
    terminal.type_keys(&format!("{PROGRAM}\r"));
    terminal.wait_for("synced");
    terminal.wait_for("Corrida Domingo 7h");
    terminal.type_keys("y");
    terminal.wait_for("Sent to your terminal");
    assert!(terminal.raw_text().contains("\x1b]52;c;"), "passed through");
    terminal.type_keys("?");
    terminal.wait_for("this help");
    terminal.type_keys("\x03");
    terminal.wait_while("this help");
    terminal.type_keys("q");
    terminal.wait_while("Corrida");
    terminal.type_keys("exit\r");
    assert_eq!(terminal.end(), 0);
}

//! The user's own editor, for a longer text: a private file, the program on it, and what it says then.
//!
//! Who lends the terminal is the loop; here nothing is drawn. Invariant: what was written in the editor is in
//! the answer, or in a file that the answer names.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::app::messages::draft::MAX_CHARS;

/// How long an editor may take to end when the program has to.
const PARTING: Duration = Duration::from_millis(500);
/// What a shell says when there is no such program, or none that can be run.
const NO_PROGRAM: [i32; 2] = [126, 127];

/// Why there is no editor.
pub(super) const UNNAMED: &str =
    "no editor is named: set `EDITOR` before the start, for example `export EDITOR=nano`";

/// Lets the user edit a text with `command`, which may have words of its own. The terminal must be as a
/// program finds it. When `end` is dropped the editor is asked to end.
///
/// # Errors
/// What went wrong and what to do, in words for the user; the text is as it was then.
pub(super) async fn edit(
    command: &str,
    text: &str,
    mut end: watch::Receiver<()>,
) -> Result<String, String> {
    // Editors put their own copies beside the file: the folder goes with all of them.
    let folder = folder(text).map_err(|why| format!("no file for the editor: {why}"))?;
    let path = folder.path().join(NAME);
    let mut editor = Command::new("/bin/sh")
        .args(["-c", &format!("{command} \"$1\""), "sh"])
        .arg(&path)
        .spawn()
        .map_err(|why| format!("the editor did not start: {why}"))?;
    let ended = tokio::select! {
        ended = editor.wait() => ended,
        _ = end.changed() => {
            part(&mut editor).await;
            return Err("the program ends".to_owned());
        }
    };
    let ended = ended.map_err(|why| format!("the editor was lost: {why}"))?;
    check(command, ended)?;
    read(&path).map_err(|why| {
        // What was written must not go with the folder.
        let kept = folder.keep().join(NAME);
        format!("{why}; what the editor wrote is in {}", kept.display())
    })
}

/// The file's name; editors know by its ending what is in it.
const NAME: &str = "message.txt";

fn folder(text: &str) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("wavedeck-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir()?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(folder.path().join(NAME))?;
    file.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        // Editors warn of a last line without an end.
        file.write_all(b"\n")?;
    }
    Ok(folder)
}

fn check(command: &str, ended: ExitStatus) -> Result<(), String> {
    match ended.code() {
        Some(0) => Ok(()),
        Some(code) if NO_PROGRAM.contains(&code) => Err(format!(
            "`{command}` cannot be run: set `VISUAL` or `EDITOR` to an editor that is installed"
        )),
        Some(code) => Err(format!("the editor ended with code {code}")),
        None => Err("the editor was ended by a signal".to_owned()),
    }
}

/// What stands in the file, without the line end that editors put behind everything.
fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    // The longest character has four bytes.
    let most = u64::try_from(MAX_CHARS * 4 + 2).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|why| format!("the text cannot be read: {why}"))?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.chars().count() > MAX_CHARS {
        return Err(format!("the text is longer than {MAX_CHARS} characters"));
    }
    Ok(text.to_owned())
}

/// Ends the editor: two programs would read one terminal.
async fn part(editor: &mut Child) {
    let pid = editor.id().and_then(|id| i32::try_from(id).ok());
    if let Some(pid) = pid.and_then(Pid::from_raw) {
        // It may have ended this moment.
        let _ = kill_process(pid, Signal::TERM);
    }
    if tokio::time::timeout(PARTING, editor.wait()).await.is_err() {
        let _ = editor.kill().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn edited(command: &str, text: &str) -> Result<String, String> {
        let end = watch::Sender::new(());
        edit(command, text, end.subscribe()).await
    }

    #[tokio::test]
    async fn what_the_editor_leaves_is_the_text_without_the_last_line_end() {
        for (command, text, expected) in [
            ("true", "Oi", "Oi"),
            ("true", "", ""),
            ("true", "a\n", "a"),
            ("printf 'um\\ndois\\n' >", "Oi", "um\ndois"),
            ("printf 'um\\r\\n' >", "Oi", "um"),
            ("sed -i s/Oi/Ola/", "Oi", "Ola"),
        ] {
            assert_eq!(edited(command, text).await.as_deref(), Ok(expected));
        }
    }

    #[tokio::test]
    async fn nobody_else_can_read_the_file_and_nothing_of_it_stays() {
        let told =
            "f() { stat -c '%a %n' \"$1\" \"${1%/*}\" >\"$1.told\"; cat \"$1.told\" >\"$1\"; }; f";
        let told = edited(told, "Oi").await.unwrap();
        let (file, folder) = told.split_once('\n').unwrap();
        assert!(file.starts_with("600 "), "{told}");
        let folder = folder.strip_prefix("700 ").unwrap();
        assert!(!Path::new(folder).exists());
    }

    #[tokio::test]
    async fn what_goes_wrong_says_what_to_do() {
        for (command, words) in [
            ("no-such-editor", "set `VISUAL` or `EDITOR`"),
            ("exit 3; true", "ended with code 3"),
            ("kill -9 $$; true", "by a signal"),
            ("rm", "cannot be read"),
        ] {
            let why = edited(command, "Oi").await.unwrap_err();
            assert!(why.contains(words), "{command}: {why}");
        }
    }

    #[tokio::test]
    async fn a_text_that_is_too_long_is_not_lost() {
        let why = edited("head -c 9000 /dev/zero | tr '\\0' x >", "Oi").await;
        let why = why.unwrap_err();
        let (_, path) = why.split_once("what the editor wrote is in ").unwrap();
        assert_eq!(std::fs::read(path).unwrap(), [b'x'; 9000]);
        std::fs::remove_dir_all(Path::new(path).parent().unwrap()).unwrap();
    }

    #[tokio::test]
    async fn an_editor_that_will_not_end_is_ended_with_the_program() {
        for command in [
            "exec tail -f /dev/null",
            "trap '' TERM; while :; do sleep 0.1; done;",
        ] {
            let end = watch::Sender::new(());
            let editing = edit(command, "Oi", end.subscribe());
            drop(end);
            let why = tokio::time::timeout(Duration::from_secs(10), editing).await;
            assert_eq!(why.unwrap().unwrap_err(), "the program ends");
        }
    }
}

//! What is made of the words of the command line: completions for shells, and manual pages.
//!
//! Invariant: both come from the one definition that also parses the command line.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use clap::CommandFactory as _;
use clap_complete::Shell;

use super::args::Args;

/// Prints what `shell` needs to complete our words.
pub(super) fn completions(shell: Shell) -> anyhow::Result<ExitCode> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "wavedeck", &mut text);
    print(&text)
}

/// Prints the manual page of the program, or of one of its commands.
pub(super) fn man(words: &[String]) -> anyhow::Result<ExitCode> {
    print(&page(words)?)
}

fn page(words: &[String]) -> anyhow::Result<Vec<u8>> {
    let mut whole = Args::command();
    // Gives each command its full name.
    whole.build();
    let mut command = &whole;
    for word in words {
        let Some(found) = command.find_subcommand(word) else {
            bail!("there is no command `{word}`; `wavedeck --help` names all there are");
        };
        command = found;
    }
    let version = whole.get_version().unwrap_or_default();
    let page = clap_mangen::Man::new(command.clone()).source(format!("wavedeck {version}"));
    let mut text = Vec::new();
    page.render(&mut text)?;
    Ok(text)
}

/// In one piece, so that a reader that went away is told once.
fn print(text: &[u8]) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(text)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    fn names() -> Vec<String> {
        let command = Args::command();
        let names = command.get_subcommands().map(|c| c.get_name().to_owned());
        names.collect()
    }

    #[test]
    fn q32_every_shell_gets_completions_that_name_every_command() {
        assert!(names().len() > 5);
        for shell in Shell::value_variants() {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), "wavedeck", &mut text);
            let text = String::from_utf8(text).unwrap();
            for name in names() {
                assert!(text.contains(&name), "{shell}: {name}");
            }
            assert!(text.contains("read-only") && text.contains("template"));
        }
    }

    #[test]
    fn q32_every_command_has_a_manual_page_and_the_first_names_all() {
        let first = page(&[]).unwrap();
        // The minus sign is written in a way of its own there.
        let first = String::from_utf8(first).unwrap().replace("\\-", "-");
        for name in names() {
            assert!(first.contains(&format!("wavedeck-{name}(1)")), "{name}");
            assert!(!page(&[name]).unwrap().is_empty());
        }
        assert!(page(&["config".to_owned(), "check".to_owned()]).is_ok());
        assert!(page(&["no-such".to_owned()]).is_err());
    }
}

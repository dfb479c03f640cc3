//! `wavedeck config`: where the configuration is, what it could hold, and what is wrong with it.
//!
//! Changes nothing. Invariant: no value of the file and no value of a variable is printed, because the
//! one that is wrong may be the token.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;

use super::args::{Dashboard, Question};
use super::dashboard::{chain, place};
use crate::config::{self, Checked, Environment, Located, Origin};

/// Answers one question about the configuration.
pub(super) fn run(args: &Dashboard, question: Question) -> anyhow::Result<ExitCode> {
    match question {
        Question::Path => path(args),
        Question::Template => {
            std::io::stdout().write_all(config::template().as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Question::Check => check(args),
    }
}

/// The path goes to the standard output, so that it can be handed to an editor; where it comes from goes to
/// the standard error.
fn path(args: &Dashboard) -> anyhow::Result<ExitCode> {
    let located = config::locate(&args.flags(), &Environment::of_process());
    let located = located.context(
        "there is no home directory to look for a configuration in; name a file with `--config`",
    )?;
    let absent = if located.path.exists() {
        ""
    } else {
        "; there is no such file yet, `wavedeck config template` prints one"
    };
    writeln!(std::io::stdout(), "{}", located.path.display())?;
    writeln!(std::io::stderr(), "wavedeck: {}{absent}", origin(&located))?;
    Ok(ExitCode::SUCCESS)
}

/// Who says that this is the file.
pub(super) fn origin(located: &Located) -> String {
    match &located.origin {
        Origin::Variable("XDG_CONFIG_HOME") => "below `XDG_CONFIG_HOME`".to_owned(),
        Origin::Flag(name) | Origin::Variable(name) => format!("named by `{name}`"),
        Origin::Default | Origin::File { .. } => "the usual place".to_owned(),
    }
}

fn check(args: &Dashboard) -> anyhow::Result<ExitCode> {
    let environment = Environment::of_process();
    let findings = findings(&config::check(&args.flags(), &environment));
    let mut out = std::io::stdout().lock();
    for line in &findings {
        writeln!(out, "{line}")?;
    }
    if findings.is_empty() {
        let located = config::locate(&args.flags(), &environment);
        match located.filter(|located| located.path.exists()) {
            Some(located) => writeln!(out, "{}: nothing is wrong", located.path.display())?,
            None => writeln!(out, "nothing is wrong, and there is no file yet")?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Everything that is wrong, each thing once, errors first.
pub(super) fn findings(checked: &Checked) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut say = |line: String| {
        if !lines.contains(&line) {
            lines.push(line);
        }
    };
    for why in &checked.errors {
        say(format!("error: {}", chain(why)));
    }
    for settings in &checked.usable {
        if let Err(why) = place(settings.store.as_ref(), &settings.profile) {
            say(format!("error: {why:#}"));
        }
        match settings.contacts.as_deref().map(config::read_contacts) {
            Some(Err(why)) => say(format!("warning: {}", chain(&why))),
            Some(Ok((_, odd))) => odd.into_iter().for_each(|line| {
                say(format!("warning: {line}"));
            }),
            None => {}
        }
    }
    for warning in &checked.warnings {
        say(format!("warning: {warning}"));
    }
    lines
}

//! `wavedeck doctor`: what the program finds here, for whoever has to find out why something does not work.
//!
//! Changes nothing, and asks nobody without `--online`. Invariant: neither a token, nor a password of the
//! store, nor a whole user name is printed, so that everything can be sent to somebody else.

mod places;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use tokio::net::TcpStream;

use super::args::{Dashboard, Doctor};
use super::configuration::{findings, origin};
use super::dashboard::{env, place, shown};
use super::logging;
use crate::api::Client;
use crate::clipboard::{Output, Route, Surroundings};
use crate::config::{self, Environment, Looks, Settings};
use crate::domain::{Access, Account, Clean, TokenPlace};
use crate::runtime::clock;
use crate::runtime::run::Place;
use crate::theme::{self, Depth, GlyphChoice, Glyphs, Mood};

/// How long another computer may take to be reached at all.
const PATIENCE: Duration = Duration::from_secs(5);
/// Where a proxy is named.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// Columns of the names.
const NAMES: usize = 14;

/// What was found, line by line.
#[derive(Default)]
pub(super) struct Report {
    lines: Vec<String>,
    is_ill: bool,
}

impl Report {
    fn fine(&mut self, name: &str, value: impl AsRef<str>) {
        // Variables and paths may hold anything.
        let line = format!("{name:NAMES$}{}", Clean::whole(value.as_ref()));
        self.lines.push(line.trim_end().to_owned());
    }

    fn problem(&mut self, name: &str, value: impl AsRef<str>) {
        self.is_ill = true;
        self.fine(name, format!("PROBLEM: {}", value.as_ref()));
    }
}

/// Looks at everything and prints it; the exit code is 1 when something is wrong.
pub(super) async fn run(args: &Dashboard, doctor: Doctor) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let machine = rustix::system::uname();
    let machine = [machine.sysname(), machine.release(), machine.machine()];
    let machine = machine.map(|word| word.to_string_lossy().into_owned());
    report.fine("version", env!("WAVEDECK_VERSION"));
    report.fine("system", machine.join(" "));
    // What is wrong with the settings is told below.
    let environment = Environment::of_process();
    let looks = config::load(&args.flags(), &environment);
    let looks = looks.map_or_else(|_why| Looks::default(), |settings| settings.looks);
    terminal(&mut report, args, looks, env);
    let settings = configuration(&mut report, args, &environment);
    places::folders(&mut report, args, settings.as_ref());
    if let Some(settings) = &settings {
        report.fine("base url", settings.base_url.to_string());
        // Its value may hold a password.
        let proxy = PROXIES.iter().find(|name| env(name).is_some());
        report.fine("proxy", proxy.map_or("none", |name| name));
        if doctor.online {
            server(&mut report, settings).await;
        }
    }
    if !doctor.online {
        report.fine("server", "not asked; `wavedeck doctor --online` does");
    }
    let mut out = std::io::stdout().lock();
    for line in &report.lines {
        writeln!(out, "{line}")?;
    }
    Ok(if report.is_ill {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The terminal as its variables describe it, and as the system does.
fn terminal(
    report: &mut Report,
    args: &Dashboard,
    looks: Looks,
    env: impl Fn(&str) -> Option<String> + Copy,
) {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let or_none = |name: &str| set(name).unwrap_or_else(|| "not set".to_owned());
    let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if set("TERM").as_deref() == Some("dumb") {
        report.problem("terminal", "`TERM` is `dumb`, so nothing can be drawn");
    } else {
        let colorterm = or_none("COLORTERM");
        let term = or_none("TERM");
        report.fine("terminal", format!("TERM {term}, COLORTERM {colorterm}"));
    }
    match crossterm::terminal::size() {
        Ok((columns, rows)) if is_terminal => {
            report.fine("size", format!("{columns}x{rows}"));
        }
        Ok(_) | Err(_) => report.fine("size", "not known: this is no terminal"),
    }
    let depth = theme::detect(args.color.map_or(looks.color, Into::into), env);
    let mood = match theme::mood_from(env("COLORFGBG").as_deref()) {
        Mood::Dark => "dark by COLORFGBG",
        Mood::Light => "light by COLORFGBG",
        Mood::Unknown => "background not told",
    };
    let (colours, pictures) = match depth {
        Depth::Mono => ("none", "none"),
        Depth::Ansi16 => ("16", "half-blocks"),
        Depth::Indexed256 => ("256", "the terminal is asked at the start"),
        Depth::TrueColor => ("24 bits", "the terminal is asked at the start"),
    };
    report.fine("colours", format!("{colours}, {mood}"));
    let between = ["TMUX", "STY", "ZELLIJ"].map(|name| set(name).map(|_| name));
    let between: Vec<&str> = between.into_iter().flatten().collect();
    let pictures = if between.is_empty() {
        pictures
    } else {
        "half-blocks"
    };
    report.fine("pictures", pictures);
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = locale.iter().find_map(|name| Some((*name, set(name)?)));
    report.fine(
        "locale",
        locale.map_or("not set".to_owned(), |(name, value)| {
            format!("{value}, by {name}")
        }),
    );
    let glyphs = match (looks.glyphs, theme::by_locale(env)) {
        (GlyphChoice::Fixed(Glyphs::Unicode), _) => "unicode, as configured",
        (GlyphChoice::Fixed(Glyphs::Ascii), _) => "ascii, as configured",
        (GlyphChoice::Auto, Some(Glyphs::Ascii)) => "ascii, by the locale",
        (GlyphChoice::Auto, Some(Glyphs::Unicode) | None) => {
            "unicode, unless they are two cells wide"
        }
    };
    report.fine("signs", glyphs);
    report.fine("multiplexer", or_none_of(&between));
    let ssh = set("SSH_TTY").or_else(|| set("SSH_CONNECTION")).is_some();
    report.fine("ssh", if ssh { "yes" } else { "no" });
    // As it would be in a terminal: this may well run into a file.
    let routes = Surroundings::new(env, Output::Terminal).routes();
    let routes = routes.into_iter().map(|route| match route {
        Route::System => "this computer's",
        Route::Terminal => "the terminal's (OSC 52)",
    });
    report.fine("clipboard", or_none_of(&routes.collect::<Vec<_>>()));
}

fn or_none_of(names: &[&str]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// The file, what is wrong with it, and the account; the settings where a start would have some.
fn configuration(
    report: &mut Report,
    args: &Dashboard,
    environment: &Environment<'_>,
) -> Option<Settings> {
    let flags = args.flags();
    match config::locate(&flags, environment) {
        Some(located) => {
            let path = shown(&located.path);
            let absent = match std::fs::metadata(&located.path) {
                Ok(found) => places::mode(&found),
                Err(_) => "no such file yet".to_owned(),
            };
            report.fine("config", format!("{path}, {}, {absent}", origin(&located)));
        }
        None => report.problem("config", "HOME is not set, so there is no place for it"),
    }
    for finding in findings(&config::check(&flags, environment)) {
        report.problem("config", finding);
    }
    // One that is of no use is no problem: the private file takes its place.
    let keyring = environment.keyring().probe();
    report.fine(
        "keyring",
        keyring.map_or_else(|why| why.to_string(), |()| "answers".to_owned()),
    );
    let settings = config::load(&flags, environment).ok()?;
    report.fine("profile", &settings.profile);
    match &settings.account {
        Some(account) => {
            let from = |variable: &str, place: &str| {
                let is_set = env(variable).is_some_and(|value| !value.is_empty());
                let from = if is_set { variable } else { place };
                from.to_owned()
            };
            let name = masked(&account.user_name);
            let by = from("WAVEDECK_USER_NAME", "the file");
            report.fine("user name", format!("{name}, from {by}"));
            let place = match settings.token_at {
                TokenPlace::Keyring => "the keyring",
                TokenPlace::File | TokenPlace::Elsewhere => "the file",
            };
            let by = from("WAVEDECK_AUTHENTICATION_TOKEN", place);
            report.fine("token", format!("there is one, from {by}"));
        }
        None => report.fine("account", "none yet: the first start asks for it"),
    }
    Some(settings)
}

/// Enough of a name to tell two accounts apart.
fn masked(name: &str) -> String {
    let first: String = name.chars().take(2).collect();
    format!("{first}…, {} characters", name.chars().count())
}

/// Whether the server can be reached, and takes the account.
async fn server(report: &mut Report, settings: &Settings) {
    let url = settings.base_url.url();
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().unwrap_or(443);
    let start = clock::now();
    let connected = tokio::time::timeout(PATIENCE, TcpStream::connect((host, port))).await;
    match connected {
        Ok(Ok(_stream)) => {
            let ms = clock::now().since(start).as_millis();
            report.fine("server", format!("reached in {ms} ms"));
        }
        Ok(Err(why)) => report.problem("server", format!("cannot be reached directly: {why}")),
        Err(_) => report.problem("server", "cannot be reached directly: no answer in 5 s"),
    }
    if let Some(account) = &settings.account {
        answer(report, account).await;
    }
}

async fn answer(report: &mut Report, account: &Account) {
    let client = match Client::new(account) {
        Ok(client) => client.with_access(Access::ReadOnly),
        Err(why) => return report.problem("answer", why.to_string()),
    };
    let answer = client.list_groups().await;
    match answer.result {
        Ok(groups) => {
            let ms = answer.exchange.took.as_millis();
            let words = format!("a list of {} groups in {ms} ms", groups.len());
            report.fine("answer", words);
        }
        Err(why) => report.problem("answer", why.why()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q31_a_problem_is_marked_with_a_word_and_makes_the_whole_ill() {
        let mut report = Report::default();
        report.fine("version", "1");
        assert!(!report.is_ill);
        report.problem("config", "gone");
        assert!(report.is_ill);
        assert_eq!(
            report.lines,
            ["version       1", "config        PROBLEM: gone"]
        );
    }

    #[test]
    fn a_user_name_is_told_apart_and_not_told() {
        assert_eq!(masked("ana@example.org"), "an…, 15 characters");
    }
}

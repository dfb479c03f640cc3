//! The dashboard, with an account, with the demo, or with the choice of the first run.

use std::io::{IsTerminal as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use super::args::{Dashboard, World as Size};
use super::{USAGE, logging};
use crate::app::pointer::Mouse;
use crate::app::session::{Pace, Session};
use crate::clipboard::{Clipboard, Output, Surroundings};
use crate::config::{self, Environment, Flags, Looks, Receive, Settings, StoreText};
use crate::domain::{Access, Account, BaseUrl, Masking};
use crate::keymap::Keymap;
use crate::runtime::late::Late;
use crate::runtime::log::Level;
use crate::runtime::probe::{self, Told, Wanted, probe};
use crate::runtime::receiving::Receiving;
use crate::runtime::run::{
    Ending, Folders, Place, ReadContacts, Record, SaveAccount, World, run as run_loop,
};
use crate::runtime::signals::Signals;
use crate::runtime::terminal::{Screen, preflight};
use crate::runtime::{events, signals};
use crate::sim::Simulator;
use crate::store::{Location, Retention};
use crate::theme::{Base, Depth, GlyphChoice, Glyphs, Mood, Theme, by_locale, detect, mood_from};
use crate::ui::Regions;

/// The words in the header of the demo.
const DEMO: &str = "DEMO";
/// What is said at the end where the text that was copied last ended with the program.
const EMPTY_CLIPBOARD: &str = "The clipboard may be empty now: on this desktop a copied text ends with the program \
                               that copied it.";
/// The profile that needs no name in the header.
const USUAL_PROFILE: &str = "default";

#[expect(
    clippy::disallowed_methods,
    reason = "the command line reads the environment"
)]
pub(super) fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The dashboard with the user's account.
pub(super) async fn run(args: &Dashboard) -> anyhow::Result<ExitCode> {
    if let Err(unfit) = preflight(env("TERM").as_deref()) {
        return Ok(say_unfit(&unfit.to_string()));
    }
    let mut settings = settings(args)?;
    // Who only looks whether this is worth an account leaves no traces.
    let usual = settings
        .account
        .as_ref()
        .map_or(Level::OFF, |_| Level::INFO);
    let unlogged = logging::start(args, usual, settings.log_numbers, "dashboard");
    settings.warnings.extend(unlogged);
    for warning in &settings.warnings {
        tracing::warn!("{warning}");
    }
    let record = record(&settings)?;
    let mouse = settings.mouse.into();
    let mut world = world(args, settings.looks, &mut settings.warnings)?;
    world.contacts = settings.contacts.clone().map(|path| -> ReadContacts {
        Arc::new(move || config::read_contacts(&path).map_err(|why| chain(&why)))
    });
    let path = settings.config_path.clone();
    let profile = settings.profile.clone();
    let own = settings.own_number.clone();
    let keys = settings.keys.clone();
    let save: SaveAccount = Arc::new(move |account: &Account| match &path {
        Some(path) => config::save_account(path, &profile, account, own.as_ref())
            .map(|()| shown(path))
            .map_err(|why| chain(&why)),
        None => Err("there is no home directory to keep a configuration in".to_owned()),
    });
    let ending = run_loop(&mut world, session(settings, args.access()), record, save).await;
    if ending == Ending::Demo {
        world.contacts = None;
        let habits = Habits { keys, mouse };
        return run_demo(args, world, sim_settings(None), habits, Vec::new()).await;
    }
    end(world, ending)
}

/// The dashboard with the simulator.
pub(super) async fn demo(args: &Dashboard, size: &Size) -> anyhow::Result<ExitCode> {
    if let Err(unfit) = preflight(env("TERM").as_deref()) {
        return Ok(say_unfit(&unfit.to_string()));
    }
    // The demo uses no account, only how things should look and which keys they have; what is wrong
    // with either is told.
    let flags = Flags {
        config: args.config.clone(),
        ..Flags::default()
    };
    let environment = Environment::of_process();
    let (looks, mouse, mut warnings) = match config::load(&flags, &environment) {
        Ok(settings) => (settings.looks, settings.mouse, settings.warnings),
        Err(why) => (
            Looks::default(),
            config::Mouse::default(),
            vec![chain(&why)],
        ),
    };
    let habits = Habits {
        keys: config::load_keys(&flags, &environment).map_or_else(|_| Keymap::default(), |k| k.0),
        mouse: mouse.into(),
    };
    warnings.extend(logging::start(args, Level::OFF, Masking::Masked, "demo"));
    let world = world(args, looks, &mut warnings)?;
    run_demo(args, world, sim_settings(Some(size)), habits, warnings).await
}

fn sim_settings(size: Option<&Size>) -> crate::sim::Settings {
    size.map_or_else(crate::sim::Settings::default, Size::settings)
}

/// What of the user's hands the demo takes over.
struct Habits {
    keys: Keymap,
    mouse: Mouse,
}

async fn run_demo(
    args: &Dashboard,
    mut world: World,
    settings: crate::sim::Settings,
    habits: Habits,
    warnings: Vec<String>,
) -> anyhow::Result<ExitCode> {
    let settings = crate::sim::Settings {
        life: crate::sim::Life::Alive,
        ..settings
    };
    let simulator = Simulator::start(settings)
        .await
        .context("the demo cannot start")?;
    let base_url = BaseUrl::new(&simulator.base_url())?;
    let account = Account::new(base_url.clone(), simulator.user_name(), simulator.token())?;
    let session = Session {
        account: Some(account),
        base_url,
        badge: Some(DEMO.to_owned()),
        access: args.access(),
        own: None,
        confirm_send_over: config::CONFIRM_SEND_OVER,
        send_delay: config::SEND_DELAY,
        pace: Pace::Unlimited,
        masking: Masking::default(),
        keys: habits.keys,
        mouse: habits.mouse,
        time_zone: jiff::tz::TimeZone::system(),
        config_path: String::new(),
        warnings,
        seed: fastrand::u64(..),
    };
    let keep_nothing: SaveAccount = Arc::new(|_| Err("the demo keeps nothing".to_owned()));
    // What was done in a demo is of no use to the next one.
    let folder = tempfile::Builder::new().prefix("wavedeck-demo-").tempdir();
    let place = match &folder {
        Ok(folder) => Place::At(Location::file(folder.path().join("demo.db"))),
        Err(why) => Place::Impossible(format!("no folder for the demo: {why}")),
    };
    let record = Record {
        place,
        person: person(),
        keep: Retention::default(),
        receive: Some(demo_receiver(simulator.state())),
    };
    let ending = run_loop(&mut world, session, record, keep_nothing).await;
    let code = end(world, ending);
    simulator.stop().await;
    code
}

/// The receiver of the demo: the simulated provider posts to it as soon as it listens.
fn demo_receiver(provider: crate::sim::State) -> Receiving {
    Receiving {
        listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0),
        path: None,
        hosts: Vec::new(),
        listening: Arc::new(move |url| {
            if let Ok(webhook) = url.parse::<crate::sim::Webhook>() {
                // One that cannot be posted to leaves the demo quiet, no more.
                let _ = provider.set_webhook(&webhook);
            }
        }),
    }
}

fn settings(args: &Dashboard) -> anyhow::Result<Settings> {
    Ok(config::load(&args.flags(), &Environment::of_process())?)
}

fn session(settings: Settings, access: Access) -> Session {
    // An empty badge is a choice, but one that is no help with several accounts.
    let badge = settings.badge.filter(|badge| !badge.is_empty());
    let badge = badge.or(Some(settings.profile).filter(|profile| profile != USUAL_PROFILE));
    Session {
        account: settings.account,
        base_url: settings.base_url,
        badge,
        access,
        own: settings.own_number,
        confirm_send_over: settings.confirm_send_over,
        send_delay: settings.send_delay,
        pace: match settings.pace {
            config::Pace::PerSecond(rate) => Pace::PerSecond(rate.per_second()),
            config::Pace::Unlimited => Pace::Unlimited,
        },
        masking: settings.masking,
        keys: settings.keys,
        mouse: settings.mouse.into(),
        time_zone: jiff::tz::TimeZone::system(),
        config_path: settings
            .config_path
            .as_deref()
            .map_or_else(String::new, shown),
        warnings: settings.warnings,
        seed: fastrand::u64(..),
    }
}

/// Where changes and messages are kept: where the user said, else below the name of the profile. A setting
/// that makes no sense is told before anything starts.
pub(super) fn place(store: Option<&StoreText>, profile: &str) -> anyhow::Result<Place> {
    match store {
        Some(store) => Location::parse(store.expose())
            .map(Place::At)
            .with_context(|| store.origin().to_string()),
        None => Ok(Location::of_profile(profile)
            .map_or_else(|why| Place::Impossible(why.to_string()), Place::At)),
    }
}

/// How long messages are kept.
pub(super) fn retention(receive: &Receive) -> Retention {
    let usual = Retention::default();
    Retention {
        days: receive.keep_days.unwrap_or(usual.days),
        messages: receive.keep_messages.unwrap_or(usual.messages),
    }
}

fn record(settings: &Settings) -> anyhow::Result<Record> {
    Ok(Record {
        place: place(settings.store.as_ref(), &settings.profile)?,
        person: person(),
        keep: retention(&settings.receive),
        receive: receive(&settings.receive)?,
    })
}

/// How the dashboard itself receives: only where somebody said at which address.
fn receive(settings: &Receive) -> anyhow::Result<Option<Receiving>> {
    let Some(listen) = settings.listen else {
        return Ok(None);
    };
    Ok(Some(Receiving {
        listen,
        path: super::listen::chosen_path()?,
        hosts: settings.hosts.clone(),
        listening: Arc::new(|_url| {}),
    }))
}

/// Whose program this is: `ana@laptop`.
fn person() -> String {
    let named = |name| env(name).filter(|user: &String| !user.is_empty());
    let user = named("USER").or_else(|| named("LOGNAME"));
    let user = user.unwrap_or_else(|| rustix::process::getuid().as_raw().to_string());
    let computer = rustix::system::uname();
    format!("{user}@{}", computer.nodename().to_string_lossy())
}

/// Takes the terminal over and listens to everything there is to hear. What of the look does not fit
/// the terminal is added to the warnings.
fn world(args: &Dashboard, looks: Looks, warnings: &mut Vec<String>) -> anyhow::Result<World> {
    #[cfg(debug_assertions)]
    if let Some(name) = env("WAVEDECK_TEST_FAULT") {
        crate::runtime::fault::choose(&name);
    }
    let output = if std::io::stdout().is_terminal() {
        Output::Terminal
    } else {
        Output::Elsewhere
    };
    let clipboard = Clipboard::new(Surroundings::new(env, output));
    let signals = Signals::listen().context("cannot listen to signals")?;
    let screen = Screen::enter().context("cannot take the terminal over")?;
    let depth = detect(args.color.map_or(looks.color, Into::into), env);
    // Before anything reads keys: the answers come where keys come.
    let told = probe(env, wanted(looks, depth), probe::LIMIT);
    let theme = theme(looks, depth, &told, warnings);
    let late = told.owes.then(Late::default);
    let input = events::listen(told.typed, late).context("cannot read keys")?;
    Ok(World {
        screen,
        input,
        editor: editor(),
        signals,
        clipboard: Arc::new(Mutex::new(clipboard)),
        theme,
        graphics: told.graphics.filter(|_| theme.glyphs() == Glyphs::Unicode),
        folders: Folders {
            home: env("HOME").map(PathBuf::from),
            downloads: downloads(),
        },
        contacts: None,
        regions: Regions::default(),
    })
}

/// The command of the user's editor: `VISUAL`, else `EDITOR`, as everywhere.
fn editor() -> Option<String> {
    let named = |name| env(name).filter(|command: &String| !command.trim().is_empty());
    named("VISUAL").or_else(|| named("EDITOR"))
}

impl From<config::Mouse> for Mouse {
    fn from(setting: config::Mouse) -> Self {
        match setting {
            config::Mouse::On => Self::Captured,
            config::Mouse::Off => Self::Free,
        }
    }
}

/// What the terminal is asked: only what would change anything.
fn wanted(looks: Looks, depth: Depth) -> Wanted {
    let sheet = looks.theme;
    let has_colours = depth != Depth::Mono && sheet.base() != Base::Mono;
    let may_be_unicode = match looks.glyphs {
        GlyphChoice::Auto => by_locale(env) != Some(Glyphs::Ascii),
        GlyphChoice::Fixed(glyphs) => glyphs == Glyphs::Unicode,
    };
    Wanted {
        graphics: has_colours && depth > Depth::Ansi16 && may_be_unicode,
        background: has_colours && sheet.base() == Base::Auto,
        sign: looks.glyphs == GlyphChoice::Auto && may_be_unicode,
    }
}

fn theme(looks: Looks, depth: Depth, told: &Told, warnings: &mut Vec<String>) -> Theme {
    let mut sheet = looks.theme;
    let mood = match told.background {
        Some(background) => {
            sheet.expect_background(background);
            let pale = config::complaint(&sheet.pale());
            warnings.extend(pale.map(|words| format!("the theme on this background: {words}")));
            Mood::on(background)
        }
        None => mood_from(env("COLORFGBG").as_deref()),
    };
    let glyphs = match looks.glyphs {
        GlyphChoice::Fixed(glyphs) => glyphs,
        GlyphChoice::Auto if told.sign.is_some_and(|cells| cells != 1) => Glyphs::Ascii,
        GlyphChoice::Auto => by_locale(env).unwrap_or_default(),
    };
    let theme = Theme::of(&sheet, mood, depth);
    theme.with_glyphs(glyphs).with_motion(looks.motion)
}

/// Where saved files go: the folder for downloads if there is one, else where the program runs.
fn downloads() -> PathBuf {
    let home = env("HOME").map(|home| Path::new(&home).join("Downloads"));
    home.filter(|folder| folder.is_dir())
        .or_else(|| std::env::current_dir().ok())
        .unwrap_or_else(std::env::temp_dir)
}

/// A path as people write it: `~` for the home directory.
pub(super) fn shown(path: &Path) -> String {
    let home = env("HOME").filter(|home| !home.is_empty());
    home.and_then(|home| {
        path.strip_prefix(home)
            .ok()
            .map(|rest| format!("~/{}", rest.display()))
    })
    .unwrap_or_else(|| path.display().to_string())
}

/// An error with all its reasons, in one line.
pub(super) fn chain(why: &dyn std::error::Error) -> String {
    let mut text = why.to_string();
    let mut source = why.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}

fn say_unfit(why: &str) -> ExitCode {
    // If not even this can be written, the exit code says it.
    let _ = writeln!(std::io::stderr(), "wavedeck: {why}");
    ExitCode::from(USAGE)
}

/// Gives the terminal back; the exit code tells how it ended.
fn end(mut world: World, ending: Ending) -> anyhow::Result<ExitCode> {
    #[cfg(debug_assertions)]
    crate::runtime::fault::error().map_err(anyhow::Error::msg)?;
    // What is typed from now on is for whoever started us.
    world.input.pause();
    let left = world.screen.leave();
    match ending {
        Ending::Quit | Ending::Demo => {
            left.context("the terminal could not be restored")?;
            let mut clipboard = world
                .clipboard
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if clipboard.let_go() {
                let _ = writeln!(std::io::stdout(), "{EMPTY_CLIPBOARD}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Ending::Signal(signal) => Ok(ExitCode::from(signal.exit_code().unwrap_or(1))),
        Ending::TerminalGone => Ok(ExitCode::from(
            signals::Signal::HangUp.exit_code().unwrap_or(1),
        )),
    }
}

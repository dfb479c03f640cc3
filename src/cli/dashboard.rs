//! The dashboard, with an account, with the demo, or with the choice of the first run.

mod look;
mod record;
mod reload;
mod zone;

use std::io::{IsTerminal as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use look::{Surface, wanted};
use record::{person, record};
use reload::{Known, Whose};

pub(super) use record::{place, retention};

use super::args::{Dashboard, World as Size};
use super::{USAGE, logging};
use crate::app::accounts::{Accounts, Goal};
use crate::app::dialog::Keep;
use crate::app::pointer::Mouse;
use crate::app::session::{Pace, Session};
use crate::clipboard::{Clipboard, Output, Surroundings};
use crate::config::{self, Environment, Flags, Looks, Settings};
use crate::domain::{Account, BaseUrl, Masking, Saved, TokenPlace, WaId};
use crate::keymap::Keymap;
use crate::runtime::late::Late;
use crate::runtime::log::Level;
use crate::runtime::probe::{self, probe};
use crate::runtime::receiving::Receiving;
use crate::runtime::remembering::Recalling;
use crate::runtime::run::{
    AccountKeeper, Ending, Folders, OpenAccount, Place, ReadContacts, Record, SaveAccount, World,
    run as run_loop,
};
use crate::runtime::signals::Signals;
use crate::runtime::terminal::{Screen, preflight};
use crate::runtime::{events, signals};
use crate::sim::Simulator;
use crate::store::{Location, Retention};
use crate::theme::Glyphs;
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
    let settings = config::load(&args.flags(), &Environment::of_process())?;
    // Who only looks whether this is worth an account leaves no traces.
    let usual = settings
        .account
        .as_ref()
        .map_or(Level::OFF, |_| Level::INFO);
    let unlogged = logging::start(args, usual, settings.log_numbers, "dashboard");
    for warning in settings.warnings.iter().chain(&unlogged) {
        tracing::warn!("{warning}");
    }
    let looks = settings.looks;
    let stay = Stay::account(settings)?;
    let (world, surface) = world(args, looks)?;
    let start = Start {
        args,
        surface,
        unlogged,
    };
    start.stay_on(world, stay).await
}

/// The dashboard with the simulator.
pub(super) async fn demo(args: &Dashboard, size: &Size) -> anyhow::Result<ExitCode> {
    if let Err(unfit) = preflight(env("TERM").as_deref()) {
        return Ok(say_unfit(&unfit.to_string()));
    }
    let unlogged = logging::start(args, Level::OFF, Masking::Masked, "demo");
    let (world, surface) = world(args, usual(args).looks)?;
    let start = Start {
        args,
        surface,
        unlogged,
    };
    start.stay_on(world, Stay::Demo(size.settings())).await
}

/// What the demo takes over of the user's settings: no account, only how things should look and which keys
/// they have; what is wrong with either is told.
struct Usual {
    looks: Looks,
    mouse: Mouse,
    keys: Keymap,
    profiles: Vec<String>,
    warnings: Vec<String>,
}

fn usual(args: &Dashboard) -> Usual {
    let (flags, environment) = (args.flags(), Environment::of_process());
    match config::load_without_account(&flags, &environment) {
        Ok(settings) => Usual {
            looks: settings.looks,
            mouse: settings.mouse.into(),
            keys: settings.keys,
            profiles: settings.profiles,
            warnings: settings.warnings,
        },
        Err(why) => Usual {
            looks: Looks::default(),
            mouse: Mouse::default(),
            keys: config::load_keys(&flags, &environment)
                .map_or_else(|_| Keymap::default(), |keys| keys.0),
            profiles: Vec::new(),
            warnings: vec![chain(&why)],
        },
    }
}

/// What is the same for every stay.
struct Start<'a> {
    args: &'a Dashboard,
    surface: Surface,
    /// Why no log is written.
    unlogged: Option<String>,
}

impl Start<'_> {
    /// Goes from one stay to the next in the same terminal, until the end.
    async fn stay_on(&self, mut world: World, first: Stay) -> anyhow::Result<ExitCode> {
        let args = self.args;
        let mut stay = first;
        loop {
            let opened = Opened::default();
            let ending = match stay {
                Stay::Account(settings, record, saved) => {
                    let mut settings = *settings;
                    let warnings = &mut settings.warnings;
                    world.theme = self.surface.theme(settings.looks, warnings);
                    warnings.extend(self.unlogged.clone());
                    world.contacts = contacts(&settings);
                    let known = Known::now(args.flags().of_profile(&settings.profile));
                    world.configuration = known.configuration(self, Whose::Account);
                    let keeper = keeper(args, Some((&settings, known)), &opened);
                    let session = Session {
                        saved,
                        ..session(args, settings)
                    };
                    run_loop(&mut world, session, record, keeper).await
                }
                Stay::Demo(settings) => self.run_demo(&mut world, settings, &opened).await?,
            };
            let next = opened.lock().unwrap_or_else(PoisonError::into_inner).take();
            stay = match (ending, next) {
                (Ending::Demo, _) => Stay::Demo(crate::sim::Settings::default()),
                (Ending::GoTo, Some(next)) => next,
                (ending, _) => return end(world, ending),
            };
        }
    }

    async fn run_demo(
        &self,
        world: &mut World,
        settings: crate::sim::Settings,
        opened: &Opened,
    ) -> anyhow::Result<Ending> {
        let settings = crate::sim::Settings {
            life: crate::sim::Life::Alive,
            ..settings
        };
        let simulator = Simulator::start(settings)
            .await
            .context("the demo cannot start")?;
        let base_url = BaseUrl::new(&simulator.base_url())?;
        let account = Account::new(base_url.clone(), simulator.user_name(), simulator.token())?;
        // The demo never reads an account.
        let args = self.args;
        let mut usual = usual(args);
        world.theme = self.surface.theme(usual.looks, &mut usual.warnings);
        usual.warnings.extend(self.unlogged.clone());
        world.contacts = None;
        world.configuration = Known::now(args.flags()).configuration(self, Whose::Demo);
        let session = Session {
            account: Some(account),
            token_at: TokenPlace::default(),
            base_url,
            accounts: accounts(args, None, usual.profiles, BaseUrl::new(BaseUrl::DEFAULT)?),
            badge: Some(DEMO.to_owned()),
            access: args.access(),
            own: None,
            confirm_send_over: config::CONFIRM_SEND_OVER,
            send_delay: config::SEND_DELAY,
            pace: Pace::Unlimited,
            masking: Masking::default(),
            keys: usual.keys,
            mouse: usual.mouse,
            time_zone: zone::here(),
            config_path: String::new(),
            saved: None,
            warnings: usual.warnings,
            seed: fastrand::u64(..),
        };
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
            recalling: Recalling::default(),
        };
        let ending = run_loop(world, session, record, keeper(args, None, opened)).await;
        simulator.stop().await;
        Ok(ending)
    }
}

/// What the dashboard is about until it ends or the user goes elsewhere.
enum Stay {
    /// An account, or the choice of the first run.
    Account(Box<Settings>, Record, Option<Saved>),
    /// The simulator.
    Demo(crate::sim::Settings),
}

impl Stay {
    /// An account; a store that makes no sense is told before anything of it starts.
    fn account(settings: Settings) -> anyhow::Result<Self> {
        let record = record(&settings)?;
        Ok(Self::Account(Box::new(settings), record, None))
    }
}

/// What was opened last, for when the user goes there.
type Opened = Arc<Mutex<Option<Stay>>>;

fn contacts(settings: &Settings) -> Option<ReadContacts> {
    let path = settings.contacts.clone()?;
    Some(Arc::new(move || {
        config::read_contacts(&path).map_err(|why| chain(&why))
    }))
}

/// What the dashboard does with accounts: those of these settings, or of the demo.
fn keeper(
    args: &Dashboard,
    of_account: Option<(&Settings, Known)>,
    opened: &Opened,
) -> AccountKeeper {
    let save: SaveAccount = match of_account {
        None => Arc::new(|_| Err("the demo keeps nothing".to_owned())),
        Some((settings, known)) => {
            let path = settings.config_path.clone();
            let profile = settings.profile.clone();
            let own = settings.own_number.clone();
            Arc::new(move |account: &Account| {
                let write = || save(path.as_deref(), &profile, account, own.as_ref());
                known.writing(write).map_err(|why| whole(&why))
            })
        }
    };
    let (flags, opened) = (args.flags(), Arc::clone(opened));
    let open: OpenAccount = Arc::new(move |goal: &Goal| {
        let stay = open(&flags, goal).map_err(|why| whole(&why))?;
        *opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(stay);
        Ok(())
    });
    AccountKeeper { save, open }
}

fn save(
    path: Option<&Path>,
    profile: &str,
    account: &Account,
    own: Option<&WaId>,
) -> anyhow::Result<Saved> {
    let path = path.context("there is no home directory to keep a configuration in")?;
    let environment = Environment::of_process();
    let saved = config::save_account(path, profile, account, own, environment.keyring())?;
    Ok(Saved {
        file: shown(path),
        ..saved
    })
}

/// Makes ready what the user wants to go to. Nothing of what is there now is touched.
fn open(flags: &Flags, goal: &Goal) -> anyhow::Result<Stay> {
    let environment = Environment::of_process();
    let named = |name: &str| flags.of_profile(name);
    match goal {
        Goal::Demo => Ok(Stay::Demo(crate::sim::Settings::default())),
        Goal::Profile(name) => {
            let settings = config::load(&named(name), &environment)?;
            anyhow::ensure!(
                settings.account.is_some(),
                "the profile has neither user name nor token"
            );
            Stay::account(settings)
        }
        Goal::New(account, keep) => {
            let usual = config::load_without_account(flags, &environment)?;
            let name = config::new_name(&usual.profiles, &account.user_name);
            match keep {
                Keep::Saved => {
                    let saved = save(usual.config_path.as_deref(), &name, account, None)?;
                    let settings = config::load(&named(&name), &environment)?;
                    let record = record(&settings)?;
                    Ok(Stay::Account(Box::new(settings), record, Some(saved)))
                }
                Keep::Memory => Stay::account(Settings {
                    profile: name,
                    account: Some(account.clone()),
                    base_url: account.base_url.clone(),
                    pace: config::Pace::default_for(&account.base_url),
                    ..usual
                }),
            }
        }
    }
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

/// The accounts one can go to from `profile`, or from the demo.
fn accounts(
    args: &Dashboard,
    profile: Option<String>,
    mut profiles: Vec<String>,
    new_at: BaseUrl,
) -> Accounts {
    if let Some(fixed) = config::fixed_by(&args.flags(), &Environment::of_process()) {
        let why = format!("the account is set by `{fixed}`");
        return Accounts::only(profile, new_at, why);
    }
    if let Some(here) = &profile
        && !profiles.contains(here)
    {
        // One that is not in the file, or not yet.
        profiles.push(here.clone());
    }
    Accounts {
        profiles,
        profile,
        fixed: None,
        new_at,
    }
}

/// What the header says of the account. An empty badge is a choice, but one that is no help with several
/// accounts.
fn badge(settings: &Settings) -> Option<String> {
    // Where there are several, the usual one is named too.
    let is_named = settings.profile != USUAL_PROFILE || settings.profiles.len() > 1;
    let badge = settings.badge.clone().filter(|badge| !badge.is_empty());
    badge.or_else(|| is_named.then(|| settings.profile.clone()))
}

fn session(args: &Dashboard, settings: Settings) -> Session {
    let badge = badge(&settings);
    let accounts = accounts(
        args,
        Some(settings.profile),
        settings.profiles,
        settings.base_url.clone(),
    );
    Session {
        account: settings.account,
        token_at: settings.token_at,
        base_url: settings.base_url,
        accounts,
        badge,
        access: args.access(),
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
        time_zone: zone::here(),
        config_path: settings
            .config_path
            .as_deref()
            .map_or_else(String::new, shown),
        saved: None,
        warnings: settings.warnings,
        seed: fastrand::u64(..),
    }
}

/// Takes the terminal over and listens to everything there is to hear.
fn world(args: &Dashboard, looks: Looks) -> anyhow::Result<(World, Surface)> {
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
    let asked = args.color.map(Into::into);
    // Before anything reads keys: the answers come where keys come.
    let told = probe(env, wanted(looks, asked), probe::LIMIT);
    let surface = Surface::new(asked, &told);
    // Each stay has its own look, and tells what is wrong with it.
    let theme = surface.theme(looks, &mut Vec::new());
    let late = told.owes.then(Late::default);
    let input = events::listen(told.typed, late).context("cannot read keys")?;
    let world = World {
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
        configuration: None,
        regions: Regions::default(),
    };
    Ok((world, surface))
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

/// The same of any error.
fn whole(why: &anyhow::Error) -> String {
    format!("{why:#}")
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
        Ending::Quit | Ending::Demo | Ending::GoTo => {
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

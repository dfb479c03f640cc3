//! The words of the command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::config::Flags;
use crate::domain::Access;
use crate::runtime::log::Level;
use crate::sim;
use crate::theme::{ColorChoice, Depth};

/// Run many WhatsApp groups from your keyboard.
#[derive(Debug, Parser)]
#[command(
    name = "wavedeck",
    version = env!("WAVEDECK_VERSION"),
    about,
    long_about = "Run many WhatsApp groups from your keyboard, over the Wavy Messaging WhatsApp Groups API.\n\n\
                  The account comes from the configuration file or from WAVEDECK_BASE_URL, \
                  WAVEDECK_USER_NAME and WAVEDECK_AUTHENTICATION_TOKEN. Without one, the first screen \
                  offers a demo that needs neither account nor network.",
    args_conflicts_with_subcommands = false
)]
pub(super) struct Args {
    /// What the dashboard is told.
    #[command(flatten)]
    pub(super) dashboard: Dashboard,
    /// Something else than the dashboard.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options of the dashboard.
#[derive(Debug, clap::Args)]
pub(super) struct Dashboard {
    /// The profile of the configuration file to use.
    #[arg(long, value_name = "NAME", global = true)]
    pub(super) profile: Option<String>,
    /// The configuration file.
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
    /// Root of the API: https, or plain http on this computer.
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Look, but change nothing: no request that changes anything leaves.
    #[arg(long, global = true)]
    read_only: bool,
    /// Whether to use colours, or how many; without it, as the configuration says.
    #[arg(long, value_name = "WHEN", global = true)]
    pub(super) color: Option<Color>,
    /// How much is logged: `info` as a rule, nothing for `demo` and `simulate`.
    #[arg(long, value_name = "LEVEL", global = true)]
    pub(super) log_level: Option<LogLevel>,
    /// The log, instead of `wavedeck/wavedeck.log` in the state folder.
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) log: Option<PathBuf>,
}

impl Dashboard {
    /// What the settings are told.
    pub(super) fn flags(&self) -> Flags {
        Flags {
            profile: self.profile.clone(),
            config: self.config.clone(),
            base_url: self.base_url.clone(),
        }
    }

    /// What the dashboard may do.
    pub(super) fn access(&self) -> Access {
        if self.read_only {
            Access::ReadOnly
        } else {
            Access::Full
        }
    }
}

/// How much is logged.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LogLevel {
    /// Nothing.
    Off,
    /// What ended the program.
    Error,
    /// And what went wrong.
    Warn,
    /// And every request.
    Info,
    /// And when requests begin, and signals.
    Debug,
    /// And every frame.
    Trace,
}

impl From<LogLevel> for Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Off => Self::OFF,
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
            LogLevel::Trace => Self::TRACE,
        }
    }
}

/// Whether to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    /// As the terminal and `NO_COLOR` say.
    Auto,
    /// As many as the terminal has, whatever `NO_COLOR` says.
    Always,
    /// None.
    Never,
    /// 24 bits.
    Truecolor,
    /// The palette of 256.
    #[value(name = "256")]
    Indexed256,
    /// The terminal's own sixteen.
    #[value(name = "16")]
    Ansi16,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
            Color::Truecolor => Self::Exactly(Depth::TrueColor),
            Color::Indexed256 => Self::Exactly(Depth::Indexed256),
            Color::Ansi16 => Self::Exactly(Depth::Ansi16),
        }
    }
}

/// Commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The whole dashboard against a simulator inside this program: no account, no network.
    Demo(World),
    /// What the terminal sends for each key, what it is called in `[keys]`, and what it means.
    Keys(Keys),
    /// Only the receiver of messages, for a server that is always on: prints the address to POST to.
    Listen(Listen),
    /// Only the simulator, for trying any client of this API: prints base url, user name and token.
    Simulate(Simulate),
    /// Where the configuration is, what it could hold, and what is wrong with it.
    #[command(subcommand)]
    Config(Question),
    /// What this program finds here, and what is wrong with it; nothing secret is printed.
    Doctor(Doctor),
    /// The themes: which there are, and one of them as a file to begin with.
    #[command(subcommand)]
    Theme(ThemeCommand),
    /// Prints what a shell needs to complete these words.
    Completions {
        /// For which shell.
        shell: Shell,
    },
    /// Prints the manual page, or that of a command: `wavedeck man config check`.
    Man {
        /// The command.
        command: Vec<String>,
    },
}

/// Options of the examination.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Doctor {
    /// Ask the server for the list of groups too.
    #[arg(long)]
    pub(super) online: bool,
}

/// Questions about the configuration.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum Question {
    /// Prints the path of the file, whether there is one or not.
    Path,
    /// Prints a file with every key there is, all of them commented out.
    Template,
    /// Prints everything that is wrong; the exit code is 1 then.
    Check,
}

/// What can be asked of the themes.
#[derive(Debug, Subcommand)]
pub(super) enum ThemeCommand {
    /// The names that `theme` in the configuration file can have.
    List,
    /// The whole table of one, as a file that can be saved and changed.
    Show {
        /// Its name.
        name: String,
    },
}

/// What the simulator holds.
#[derive(Debug, clap::Args)]
pub(super) struct World {
    /// So many groups instead of the demo's own.
    #[arg(long, value_name = "N")]
    groups: Option<usize>,
    /// So many members in each group.
    #[arg(long, value_name = "N")]
    members: Option<usize>,
    /// So long does every answer take, in milliseconds; without it, as long as a real one.
    #[arg(long, value_name = "MS")]
    latency: Option<u64>,
    /// Where the random numbers begin: the same seed makes the same groups.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A bad day: about 15 % of the requests meet a fault, such as a full server or a cut connection.
    #[arg(long)]
    chaos: bool,
}

impl World {
    /// The simulator's settings.
    pub(super) fn settings(&self) -> sim::Settings {
        let usual = sim::Settings::default();
        let seed = self.seed.unwrap_or(usual.seed);
        sim::Settings {
            groups: self.groups,
            members: self.members,
            latency: self.latency.map(Duration::from_millis),
            seed,
            chaos: self.chaos.then(|| sim::Chaos::new(seed)),
            ..usual
        }
    }
}

/// Options of the keys.
#[derive(Debug, clap::Args)]
pub(super) struct Keys {
    /// The whole table in use, with the names of the actions; also where there is no terminal.
    #[arg(long)]
    pub(super) list: bool,
}

/// Options of the receiver.
#[derive(Debug, clap::Args)]
pub(super) struct Listen {
    /// Where to listen; port 0 takes a free one. Else `WAVEDECK_RECEIVE`, `listen` of `[receive]` in the
    /// configuration file, or 127.0.0.1:8077.
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<SocketAddr>,
}

/// Options of the simulator.
#[derive(Debug, clap::Args)]
pub(super) struct Simulate {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where people's messages and delivery statuses are posted; with it, people write, come and go.
    #[arg(long, value_name = "URL")]
    webhook: Option<sim::Webhook>,
    #[command(flatten)]
    world: World,
}

impl Simulate {
    /// The simulator's settings.
    pub(super) fn settings(&self) -> sim::Settings {
        sim::Settings {
            listen: self.listen,
            life: if self.webhook.is_some() {
                sim::Life::Alive
            } else {
                sim::Life::Quiet
            },
            webhook: self.webhook.clone(),
            ..self.world.settings()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_demo_takes_the_size_of_its_world() {
        let args = Args::parse_from(["wavedeck", "demo", "--groups", "7", "--members", "3"]);
        let Some(Command::Demo(world)) = args.command else {
            panic!()
        };
        assert_eq!(
            (world.settings().groups, world.settings().members),
            (Some(7), Some(3))
        );
    }

    #[test]
    fn read_only_can_be_said_before_or_after_the_command() {
        for words in [
            ["wavedeck", "--read-only", "demo"],
            ["wavedeck", "demo", "--read-only"],
        ] {
            assert_eq!(Args::parse_from(words).dashboard.access(), Access::ReadOnly);
        }
        assert_eq!(
            Args::parse_from(["wavedeck"]).dashboard.access(),
            Access::Full
        );
    }

    #[test]
    fn chaos_follows_the_seed_and_is_asked_for() {
        let settings = |words: &[&str]| {
            let command = Args::parse_from(words).command;
            if let Some(Command::Simulate(simulate)) = &command {
                return simulate.settings();
            }
            let Some(Command::Demo(world)) = command else {
                panic!()
            };
            world.settings()
        };
        assert_eq!(settings(&["wavedeck", "demo"]).chaos, None);
        for name in ["demo", "simulate"] {
            let chaos = settings(&["wavedeck", name, "--chaos", "--seed", "5"]).chaos;
            assert_eq!(chaos, Some(sim::Chaos::new(5)));
        }
    }

    #[test]
    fn there_is_no_flag_for_the_token() {
        assert!(Args::try_parse_from(["wavedeck", "--token", "x"]).is_err());
    }
}

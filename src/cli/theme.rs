//! `wavedeck theme`: which themes there are, and one of them as a file to begin with.

use std::io::Write;
use std::process::ExitCode;

use anyhow::bail;

use super::args::ThemeCommand;
use crate::config::{Environment, Origin, Themes};
use crate::theme::Base;

/// What is said at the top of a theme that is shown.
const HEAD: &str = "\
# Save this as NAME.toml in the folder `themes` beside the configuration file, and set `theme = \"NAME\"`.
# A colour is \"#rrggbb\", a number of the palette of 256, or a name such as \"light_blue\"; of a list
# each terminal gets the best it can show. What is left out is inherited.
";

/// Lists the themes, or shows one.
///
/// # Errors
/// When there is no such theme, or when the output cannot be written.
pub(super) fn run(command: &ThemeCommand) -> anyhow::Result<ExitCode> {
    let themes = Themes::of(&Environment::of_process());
    let mut out = std::io::stdout().lock();
    match command {
        ThemeCommand::List => list(&themes, &mut out)?,
        ThemeCommand::Show { name } => {
            let files = themes.files();
            let mut known = Base::ALL.map(Base::name).to_vec();
            known.extend(files.iter().map(String::as_str));
            if !known.contains(&name.as_str()) {
                bail!(
                    "there is no theme of this name; there is: {}",
                    known.join(", ")
                );
            }
            if Base::named(name) == Some(Base::Auto) {
                bail!(
                    "`auto` is `dark` or `light`, by the terminal's background; show one of these"
                );
            }
            let mut warnings = Vec::new();
            let sheet = themes.named(name, &Origin::Default, &mut warnings);
            let mut err = std::io::stderr().lock();
            for warning in &warnings {
                writeln!(err, "wavedeck: {warning}")?;
            }
            write!(out, "{HEAD}{}", sheet.as_file())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(themes: &Themes, out: &mut impl Write) -> std::io::Result<()> {
    for base in Base::ALL {
        let what = match base {
            Base::Auto => "dark or light, by the terminal's background",
            Base::Dark => "for a dark background",
            Base::Light => "for a light background",
            Base::Mono => "no colours: bold, underlined and reversed",
        };
        writeln!(out, "{:<12} {what}", base.name())?;
    }
    let Some(folder) = themes.folder() else {
        return Ok(());
    };
    for name in themes.files() {
        writeln!(
            out,
            "{name:<12} {}",
            folder.join(&name).with_extension("toml").display()
        )?;
    }
    Ok(())
}

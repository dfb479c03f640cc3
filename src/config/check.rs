//! Looks for everything that is wrong with the settings, where a start stops at the first thing.
//!
//! Reads the one file, and prints nothing. Invariant: what is found here is what a start would refuse or
//! warn of, for every profile and not only the one in use; nothing else is.

use super::file;
use super::layers::{find_with, put_together};
use super::{ConfigError, Environment, Flags, Settings};

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Checked {
    /// What makes a start impossible, in the order of the file; some of it may be said twice.
    pub errors: Vec<ConfigError>,
    /// What is harmless, one line each.
    pub warnings: Vec<String>,
    /// The settings of each profile that can be used.
    pub usable: Vec<Settings>,
}

/// Looks at the file, the environment and the flags as a start would, and goes on after errors.
pub fn check(flags: &Flags, environment: &Environment<'_>) -> Checked {
    let mut checked = Checked::default();
    let mut names = Vec::new();
    let (errors, accounts) = (&mut checked.errors, &mut Vec::new());
    let found = find_with(flags, environment, |path, text| {
        let mut contents = file::survey(path, text);
        errors.append(&mut contents.errors);
        accounts.append(&mut contents.broken);
        names.extend(contents.profiles.keys().cloned());
        Ok(contents)
    });
    checked.errors.append(accounts);
    let is_unreadable = found.is_err();
    let take = |found, checked: &mut Checked| match found {
        Ok(found) => match put_together(flags, environment, found) {
            Ok(settings) => checked.usable.push(settings),
            Err(why) => checked.errors.push(why),
        },
        Err(why) => checked.errors.push(why),
    };
    if let Ok(found) = &found {
        checked.warnings.clone_from(&found.contents.warnings);
    }
    take(found, &mut checked);
    if is_unreadable {
        return checked;
    }
    for name in names {
        let flags = Flags {
            profile: Some(name),
            ..flags.clone()
        };
        let found = find_with(&flags, environment, |path, text| {
            let mut contents = file::survey(path, text);
            contents.errors.clear();
            contents.broken.clear();
            Ok(contents)
        });
        take(found, &mut checked);
    }
    checked
}

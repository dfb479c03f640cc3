//! Reads the file: its bytes with care, its TOML with the place of every value. Which keys there are is
//! said by `known`; decides nothing about layers. Text of the file leaves this module only as a parsed
//! setting or, for a key nobody knows, as the cleaned name of that key.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use toml_edit::{Document, Item, TableLike};

use super::known;
use super::{ConfigError, Mouse, Origin, Pace, Rate, Receive, StoreText, looks};
use crate::domain::{Clean, Masking, WaId};
use crate::keymap::Keymap;
use crate::theme::Colors;

/// Longest file that is read, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;
/// Most members of a group, and most seconds, that a setting can name.
const MOST_MEMBERS: i64 = 100_000;
const MOST_SECONDS: i64 = 60;
/// Most edits between a name that is unknown and one that was probably meant.
const NEAR: usize = 3;

/// A value and where it was set.
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
}

#[derive(Default)]
pub(super) struct Profile {
    pub(super) base_url: Option<Placed<String>>,
    pub(super) user_name: Option<Placed<String>>,
    pub(super) token: Option<Placed<SecretString>>,
    /// Whether the token is in the keyring; `None` when it may be wherever there is one.
    pub(super) keyring: Option<bool>,
    pub(super) own_number: Option<WaId>,
    pub(super) pace: Option<Pace>,
    pub(super) store: Option<StoreText>,
    pub(super) accent: Option<Placed<Colors>>,
    pub(super) badge: Option<String>,
}

#[derive(Default)]
pub(super) struct Contents {
    pub(super) profile: Option<String>,
    pub(super) profiles: BTreeMap<String, Profile>,
    pub(super) looks: looks::Wishes,
    pub(super) masking: Option<Masking>,
    pub(super) log_numbers: bool,
    pub(super) mouse: Option<Mouse>,
    pub(super) cache: Option<bool>,
    pub(super) confirm_send_over: Option<usize>,
    pub(super) send_delay: Option<Duration>,
    pub(super) contacts: Option<Placed<String>>,
    pub(super) receive: Receive,
    pub(super) keys: Keymap,
    /// What is wrong with accounts: no concern of a receiver.
    pub(super) broken: Vec<ConfigError>,
    /// What is wrong with the rest of the file, so that it cannot be used.
    pub(super) errors: Vec<ConfigError>,
    pub(super) warnings: Vec<String>,
}

/// The text of the file and what the system says about it; `None` when there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<(String, Metadata)>, ConfigError> {
    let failed = |source| ConfigError::Read {
        path: path.to_owned(),
        source,
    };
    // Asked before opening, because opening a pipe would wait for its other end.
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => {
            return Err(ConfigError::NotAFile {
                path: path.to_owned(),
            });
        }
        Err(why) if is_nowhere(&why) => return Ok(None),
        Err(why) => return Err(failed(why)),
    }
    let file = File::open(path).map_err(failed)?;
    // Of the open file, so that it cannot be exchanged between the check and the reading.
    let metadata = file.metadata().map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ConfigError::TooLong {
            path: path.to_owned(),
        });
    }
    let text = String::from_utf8(bytes).map_err(|_bytes| ConfigError::NotText {
        path: path.to_owned(),
    })?;
    Ok(Some((text, metadata)))
}

/// Whether there is no such file, or not even a place for one.
fn is_nowhere(why: &io::Error) -> bool {
    let kinds = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
    kinds.contains(&why.kind())
}

/// Parses the text of the file at `path`. The first thing that cannot be used is an error.
pub(super) fn parse(path: &Path, text: &str) -> Result<Contents, ConfigError> {
    let mut contents = survey(path, text);
    if contents.errors.is_empty() {
        Ok(contents)
    } else {
        Err(contents.errors.swap_remove(0))
    }
}

/// The same, with everything that is wrong.
pub(super) fn survey(path: &Path, text: &str) -> Contents {
    let places = Places { path, text };
    let mut contents = Contents::default();
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(why) => {
            contents.errors.push(places.syntax(&why));
            return contents;
        }
    };
    let table = document.as_table();
    for (name, item) in table {
        let place = places.of_key(table, name);
        if !known::TOP.knows(name) {
            contents
                .warnings
                .push(unknown(&place, name, &known::TOP.names()));
        } else if let Err(why) = places.top(name, item, &place, &mut contents) {
            contents.errors.push(why);
        }
    }
    contents
}

/// The place and the parser's words for what is no TOML.
pub(super) fn syntax(path: &Path, text: &str, why: &toml_edit::TomlError) -> ConfigError {
    Places { path, text }.syntax(why)
}

/// That a table has no such key, with the nearest that it has.
pub(super) fn unknown(place: &Origin, name: &str, known: &[&str]) -> String {
    let meant = nearest(name, known.iter().copied());
    let name = Clean::new(name);
    match meant {
        Some(nearest) => {
            format!("{place}: unknown key `{name}`, did you mean `{nearest}`?")
        }
        None => format!(
            "{place}: unknown key `{name}`; there is: {}",
            known.join(", ")
        ),
    }
}

/// The name that was probably meant, if any is near.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Of a short name, more than half would be other letters.
    let most = NEAR.min(name.chars().count() / 2);
    known
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()
        .filter(|(distance, _)| *distance <= most)
        .map(|(_, known)| known)
}

/// Turns byte offsets of the file into places a person can find.
pub(super) struct Places<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Places<'_> {
    pub(super) fn at(&self, span: Option<Range<usize>>) -> Origin {
        let offset = span.map_or(0, |span| span.start);
        let before = self.text.get(..offset).unwrap_or(self.text);
        Origin::File {
            path: PathBuf::from(self.path),
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|c| *c != '\n').count() + 1,
        }
    }

    pub(super) fn of_key(&self, table: &dyn TableLike, name: &str) -> Origin {
        self.at(table.get_key_value(name).and_then(|(key, _)| key.span()))
    }

    pub(super) fn syntax(&self, why: &toml_edit::TomlError) -> ConfigError {
        ConfigError::Syntax {
            origin: self.at(why.span()),
            // The parser's own words; its `Display` would add the line of the file.
            message: why.message().lines().collect::<Vec<_>>().join(", "),
        }
    }

    pub(super) fn wrong(
        &self,
        item: &Item,
        key: &'static str,
        expected: &'static str,
    ) -> ConfigError {
        ConfigError::Value {
            origin: self.at(item.span()),
            key,
            expected,
        }
    }

    fn text(&self, item: &Item, key: &'static str) -> Result<Placed<String>, ConfigError> {
        let value = item
            .as_str()
            .ok_or_else(|| self.wrong(item, key, "a text in quotes"))?;
        Ok(Placed {
            value: value.to_owned(),
            origin: self.at(item.span()),
        })
    }

    /// A blank text counts as not set, as a blank variable does.
    fn filled(
        &self,
        item: &Item,
        key: &'static str,
    ) -> Result<Option<Placed<String>>, ConfigError> {
        let text = self.text(item, key)?;
        Ok((!text.value.trim().is_empty()).then_some(text))
    }

    pub(super) fn table<'i>(
        &self,
        item: &'i Item,
        key: &'static str,
    ) -> Result<&'i dyn TableLike, ConfigError> {
        item.as_table_like()
            .ok_or_else(|| self.wrong(item, key, "a table such as `[profiles.default]`"))
    }

    /// What stands at the top.
    fn top(
        &self,
        name: &str,
        item: &Item,
        place: &Origin,
        contents: &mut Contents,
    ) -> Result<(), ConfigError> {
        match name {
            "profile" => contents.profile = Some(self.text(item, "profile")?.value),
            "contacts" => contents.contacts = self.filled(item, "contacts")?,
            name if looks::KEYS.contains(&name) => {
                let Contents { looks, warnings, .. } = contents;
                looks.take(name, item, place.clone(), warnings);
            }
            "mask_numbers" => {
                let masks = item.as_bool();
                if masks.is_none() {
                    contents.warnings.push(format!(
                        "{place}: `mask_numbers` must be `true` or `false`; numbers are masked"
                    ));
                }
                contents.masking = Some(if masks == Some(false) {
                    Masking::Shown
                } else {
                    Masking::Masked
                });
            }
            "log_numbers" => match item.as_bool() {
                Some(whole) => contents.log_numbers = whole,
                None => contents.warnings.push(format!(
                    "{place}: `log_numbers` must be `true` or `false`; numbers are masked in the log"
                )),
            },
            "cache" => {
                contents.cache = Some(item.as_bool().unwrap_or(false));
                if !item.is_bool() {
                    contents.warnings.push(format!(
                        "{place}: `cache` must be `true` or `false`; nothing is kept"
                    ));
                }
            }
            "mouse" => match item.as_bool() {
                Some(on) => contents.mouse = Some(if on { Mouse::On } else { Mouse::Off }),
                None => contents.warnings.push(format!(
                    "{place}: `mouse` must be `true` or `false`; `true` is used"
                )),
            },
            "confirm_send_over" => match whole(item, MOST_MEMBERS) {
                Some(members) => {
                    contents.confirm_send_over = usize::try_from(members).ok();
                }
                None => contents.warnings.push(format!(
                    "{place}: `confirm_send_over` must be a number of people from 0 to 100000; 100 is used"
                )),
            },
            "send_delay_secs" => match whole(item, MOST_SECONDS) {
                Some(seconds) => contents.send_delay = Some(Duration::from_secs(seconds)),
                None => contents.warnings.push(format!(
                    "{place}: `send_delay_secs` must be whole seconds from 0 to 60; 3 is used"
                )),
            },
            "profiles" => {
                for (name, item) in self.table(item, "profiles")?.iter() {
                    match self.table(item, "profiles") {
                        Ok(table) => {
                            let profile = self.profile(table, contents);
                            contents.profiles.insert(name.to_owned(), profile);
                        }
                        Err(why) => contents.errors.push(why),
                    }
                }
            }
            "keys" => contents.keys = self.keys(item, place, &mut contents.warnings),
            "receive" => contents.receive = self.receive(item, contents)?,
            _ => {}
        }
        Ok(())
    }

    /// A profile. What is wrong about its account is put aside; what names its store is not.
    fn profile(&self, table: &dyn TableLike, contents: &mut Contents) -> Profile {
        let Contents {
            warnings,
            broken,
            errors,
            ..
        } = contents;
        let mut account = |item, key| {
            self.filled(item, key).unwrap_or_else(|why| {
                broken.push(why);
                None
            })
        };
        let mut profile = Profile::default();
        for (name, item) in table.iter() {
            let place = self.of_key(table, name);
            if !known::PROFILE.knows(name) {
                warnings.push(unknown(&place, name, &known::PROFILE.names()));
                continue;
            }
            match name {
                "base_url" => profile.base_url = account(item, "base_url"),
                "user_name" => profile.user_name = account(item, "user_name"),
                "token" => {
                    profile.token = account(item, "token").map(|text| Placed {
                        value: text.value.into(),
                        origin: text.origin,
                    });
                }
                "keyring" => match item.as_bool() {
                    Some(is_there) => profile.keyring = Some(is_there),
                    None => warnings.push(format!(
                        "{place}: `keyring` must be `true` or `false`; it is left out"
                    )),
                },
                "own_number" => match number(item) {
                    Some(number) => profile.own_number = Some(number),
                    None => warnings.push(format!(
                        "{place}: `own_number` must be a phone number with its country code, in quotes; it is left out"
                    )),
                },
                "pace" => match pace(item) {
                    Some(limit) => profile.pace = Some(limit),
                    None => warnings.push(format!(
                        "{place}: `pace` must be a number of requests per second from 0.01 to 1000, or \"unlimited\"; the usual pace is used"
                    )),
                },
                "store" => match self.filled(item, "store") {
                    Ok(text) => {
                        profile.store =
                            text.map(|text| StoreText::new(text.value.into(), text.origin));
                    }
                    Err(why) => errors.push(why),
                },
                "accent" => {
                    let colors = looks::colors(name, item, &place, warnings);
                    profile.accent = colors.map(|value| Placed {
                        value,
                        origin: place,
                    });
                }
                "badge" => match item.as_str() {
                    Some(badge) => profile.badge = Some(badge.trim().to_owned()),
                    None => warnings.push(format!(
                        "{place}: `badge` must be a text in quotes; the name of the profile is shown"
                    )),
                },
                _ => {}
            }
        }
        profile
    }
}

/// A phone number, also one written without quotes.
fn number(item: &Item) -> Option<WaId> {
    match item.as_integer() {
        Some(digits) => digits.to_string().parse().ok(),
        None => item.as_str()?.parse().ok(),
    }
}

/// A whole number from 0 to `most`.
pub(super) fn whole(item: &Item, most: i64) -> Option<u64> {
    let number = item.as_integer().filter(|number| *number <= most)?;
    u64::try_from(number).ok()
}

fn pace(item: &Item) -> Option<Pace> {
    let number = item.as_float().or_else(|| {
        item.as_integer()
            .and_then(|whole| i32::try_from(whole).ok())
            .map(f64::from)
    });
    match number {
        Some(number) => Rate::new(number).map(Pace::PerSecond),
        None => item.as_str()?.parse().ok(),
    }
}

//! Themes as files: `themes/NAME.toml` beside the usual configuration file. Finds and reads them;
//! what tokens and colours mean is `theme`'s.
//!
//! Invariant: whatever is wrong in a file, the rest of it counts, and what is wrong is told with its
//! line, without the text that stands there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::Document;

use super::file::{self, Places, nearest, unknown};
use super::looks::{built_in, colors, complaint};
use super::{Environment, Origin};
use crate::theme::{Base, Sheet, TOKENS, Token, Value};

const ENDING: &str = "toml";
/// The look that a file changes, and the background it is made for.
const INHERITS: &str = "inherits";
const BACKGROUND: &str = "background";
/// More themes in a row than anybody means.
const DEEPEST: usize = 8;

/// The folder of the user's themes.
#[derive(Clone, Debug)]
pub struct Themes {
    folder: Option<PathBuf>,
}

impl Themes {
    /// The one of this user; without a home directory there is none.
    pub fn of(environment: &Environment<'_>) -> Self {
        let home = environment.config_home.as_deref();
        Self {
            folder: home.map(|home| home.join("wavedeck").join("themes")),
        }
    }

    /// Where they are looked for.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Names of the files there, sorted.
    pub fn files(&self) -> Vec<String> {
        let found = self.folder.as_deref().and_then(|at| fs::read_dir(at).ok());
        let paths = found
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path());
        let themes = paths.filter(|path| path.extension().is_some_and(|end| end == ENDING));
        let mut names: Vec<String> = themes
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|name| Base::named(name).is_none())
            .collect();
        names.sort();
        names
    }

    /// The theme of that name, which was set at `origin`. One that is not there, or that is no theme,
    /// is told; the program's own look is used.
    pub fn named(&self, name: &str, origin: &Origin, warnings: &mut Vec<String>) -> Sheet {
        let sheet = self.open(name, origin, 0, warnings);
        sheet.unwrap_or_default()
    }

    fn open(
        &self,
        name: &str,
        origin: &Origin,
        depth: usize,
        warnings: &mut Vec<String>,
    ) -> Option<Sheet> {
        if let Some(base) = Base::named(name) {
            return Some(Sheet::new(base));
        }
        let is_name = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\0']);
        let path = self.folder.as_deref().filter(|_| is_name);
        let path = path.map(|folder| folder.join(format!("{name}.{ENDING}")));
        let text = match path.as_deref().map(file::read) {
            Some(Ok(Some((text, _)))) => text,
            Some(Err(why)) => {
                warnings.push(format!("{origin}: the theme cannot be used: {why}"));
                return None;
            }
            Some(Ok(None)) | None => {
                warnings.push(format!("{origin}: {}", self.missing(name)));
                return None;
            }
        };
        let path = path.unwrap_or_default();
        if depth >= DEEPEST {
            warnings.push(format!(
                "{origin}: too many themes inherit from each other; the program's own look is used"
            ));
            return None;
        }
        self.read(&path, &text, depth, warnings)
    }

    /// What is said of a theme that is not there.
    fn missing(&self, name: &str) -> String {
        let files = self.files();
        let mut known: Vec<&str> = built_in().collect();
        known.extend(files.iter().map(String::as_str));
        let there = match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there is: {}", known.join(", ")),
        };
        format!("there is no theme of this name; {there}; `auto` is used")
    }

    fn read(
        &self,
        path: &Path,
        text: &str,
        depth: usize,
        warnings: &mut Vec<String>,
    ) -> Option<Sheet> {
        let places = Places { path, text };
        let document = match Document::parse(text) {
            Ok(document) => document,
            Err(why) => {
                warnings.push(places.syntax(&why).to_string());
                return None;
            }
        };
        let table = document.as_table();
        let inherits = table.get(INHERITS).map(|item| {
            let place = places.of_key(table, INHERITS);
            let Some(name) = item.as_str() else {
                warnings.push(format!("{place}: `{INHERITS}` must be the name of a theme"));
                return Sheet::default();
            };
            let sheet = self.open(name, &place, depth + 1, warnings);
            sheet.unwrap_or_default()
        });
        let mut sheet = inherits.unwrap_or_default();
        let mut given: BTreeMap<&str, Origin> = BTreeMap::new();
        for (name, item) in table {
            let place = places.of_key(table, name);
            match TOKENS.into_iter().find(|token| token.name() == name) {
                Some(token) => {
                    if let Some(colors) = colors(name, item, &place, warnings) {
                        sheet.give(token, colors);
                        given.insert(token.name(), place);
                    }
                }
                None if name == INHERITS => {}
                None if name == BACKGROUND => match item.as_str().and_then(Value::parse) {
                    Some(Value::Fixed(rgb)) => sheet.expect_background(rgb),
                    Some(Value::Index(_) | Value::Named(_)) | None => warnings.push(format!(
                        "{place}: `{BACKGROUND}` must be a colour such as \"#1e1e2e\""
                    )),
                },
                None => {
                    let tokens = TOKENS.map(Token::name);
                    let known: Vec<&str> =
                        tokens.into_iter().chain([INHERITS, BACKGROUND]).collect();
                    warnings.push(unknown(&place, name, &known));
                }
            }
        }
        let pale = sheet.pale();
        let first = pale.first().and_then(|pale| given.get(pale.token.name()));
        let place = first.cloned().unwrap_or_else(|| Origin::File {
            path: path.to_owned(),
            line: 1,
            column: 1,
        });
        warnings.extend(complaint(&pale).map(|words| format!("{place}: {words}")));
        Some(sheet)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::theme::{Depth, Meaning, Mood, Theme};

    /// A home with these themes.
    fn home(files: &[(&str, &str)]) -> TempDir {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("wavedeck/themes");
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name).with_extension(ENDING), text).unwrap();
        }
        home
    }

    fn themes(home: &TempDir) -> Themes {
        Themes::of(&Environment::new(|_| None, Some(home.path().to_owned())))
    }

    /// The theme of that name and what is said of it, without the folder.
    fn open(home: &TempDir, name: &str) -> (Sheet, Vec<String>) {
        let mut warnings = Vec::new();
        let sheet = themes(home).named(name, &Origin::Flag("theme"), &mut warnings);
        let folder = home.path().join("wavedeck/themes/").display().to_string();
        let warnings = warnings.iter().map(|text| text.replace(&folder, ""));
        (sheet, warnings.collect())
    }

    #[test]
    fn q29_a_theme_is_a_table_of_tokens_that_inherits_the_rest() {
        let home = home(&[
            (
                "sea",
                "inherits = 'light'\naccent = ['#004488', 25, 'blue']\nok = 22",
            ),
            ("deep-sea", "inherits = 'sea'\nok = 'green'"),
        ]);
        let (sheet, warnings) = open(&home, "deep-sea");
        assert_eq!((sheet.base(), warnings), (Base::Light, vec![]));
        let theme = Theme::of(&sheet, Mood::Dark, Depth::Indexed256);
        let color = |meaning| theme.style(meaning).fg.unwrap().to_string();
        assert_eq!(color(Meaning::Accent), "25");
        assert_eq!(color(Meaning::Ok), "Green");
        let light = Theme::new(Mood::Light, Depth::Indexed256);
        assert_eq!(theme.style(Meaning::Text), light.style(Meaning::Text));
        assert_eq!(themes(&home).files(), ["deep-sea", "sea"]);
    }

    #[test]
    fn q29_what_is_shown_as_a_file_is_the_same_theme_when_it_is_read() {
        let home = home(&[(
            "mine",
            "background = '#002b36'\nlink = 'cyan'\nselected = 236",
        )]);
        let names = ["auto", "dark", "light", "mono", "mine"];
        for name in names {
            let (sheet, _) = open(&home, name);
            let copy = home.path().join("wavedeck/themes/copy.toml");
            fs::write(copy, sheet.as_file()).unwrap();
            let (again, warnings) = open(&home, "copy");
            assert_eq!(warnings, Vec::<String>::new(), "{name}");
            for depth in [
                Depth::TrueColor,
                Depth::Indexed256,
                Depth::Ansi16,
                Depth::Mono,
            ] {
                for mood in [Mood::Dark, Mood::Light] {
                    assert_eq!(
                        Theme::of(&again, mood, depth),
                        Theme::of(&sheet, mood, depth),
                        "{name} {depth:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn q29_what_is_wrong_is_told_with_its_line_and_the_rest_stands() {
        let home = home(&[
            (
                "odd",
                "inherits = 'dark'\ndimm = '#ffffff'\nlink = 'ligth_blue'\nok = 300\nwarn = true\n\
             background = 7\n[admin]\nx = 1\n",
            ),
            ("fine", "danger = '#ff0000'"),
        ]);
        let (sheet, warnings) = open(&home, "odd");
        assert_eq!(sheet, Sheet::new(Base::Dark));
        let colour = "must be a colour such as \"#7fd1b3\", a number from 0 to 255 or a name such as \"light_blue\"";
        assert_eq!(
            warnings,
            [
                "odd.toml:2:1: unknown key `dimm`, did you mean `dim`?".to_owned(),
                format!("odd.toml:3:1: `link` {colour}; did you mean `light_blue`?"),
                format!("odd.toml:4:1: `ok` {colour}"),
                format!("odd.toml:5:1: `warn` {colour}"),
                "odd.toml:6:1: `background` must be a colour such as \"#1e1e2e\"".to_owned(),
                "odd.toml:7:2: `admin` must be a colour".to_owned(),
            ]
        );
        let (sheet, warnings) = open(&home, "fien");
        assert_eq!(sheet, Sheet::default());
        assert_eq!(
            warnings,
            ["`theme`: there is no theme of this name; did you mean `fine`?; `auto` is used"]
        );
    }

    #[test]
    fn q17_words_that_cannot_be_read_are_told() {
        let home = home(&[
            (
                "pale",
                "inherits = 'dark'\ntext = '#ffffff'\ndim = '#666666'\n",
            ),
            (
                "made",
                "inherits = 'dark'\nbackground = '#777777'\ndim = '#a7b0b8'\n",
            ),
        ]);
        let (_, warnings) = open(&home, "pale");
        assert_eq!(
            warnings,
            [
                "pale.toml:3:1: hard to read: `dim`; the least is a contrast of 1.8 on `selected_inactive`, and words need 4.5"
            ]
        );
        let (_, warnings) = open(&home, "made");
        assert!(warnings[0].contains("on the background"), "{warnings:?}");
    }

    #[test]
    fn circles_and_names_that_are_paths_come_to_nothing() {
        let home = home(&[
            ("a", "inherits = 'b'\nok = '#ffffff'"),
            ("b", "inherits = 'a'\nwarn = '#ffffff'"),
            ("broken", "inherits ="),
        ]);
        fs::write(home.path().join("wavedeck/out.toml"), "ok = '#ffffff'").unwrap();
        let (_, warnings) = open(&home, "a");
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("too many themes inherit"));
        for name in ["../out", "", ".a", "/etc/passwd", "broken"] {
            let (sheet, warnings) = open(&home, name);
            assert_eq!(sheet, Sheet::default(), "{name}");
            assert_eq!(warnings.len(), 1, "{name}");
        }
    }
}

//! Rules of this repository that no compiler knows: layers, file headers, sizes, dependencies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom, lowest layer first; itself always. A module that is not here fails.
const ALLOWED: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("keymap", &[]),
    ("theme", &[]),
    ("clipboard", &[]),
    ("server", &[]),
    ("api", &["domain"]),
    ("config", &["keymap", "theme", "domain"]),
    ("thumbnail", &["domain"]),
    ("sim", &["domain", "server"]),
    ("webhook", &["domain", "server"]),
    ("store", &["domain"]),
    ("app", &["keymap", "domain"]),
    ("ui", &["app", "theme", "keymap", "domain"]),
    (
        "runtime",
        &[
            "ui",
            "app",
            "api",
            "thumbnail",
            "store",
            "webhook",
            "clipboard",
            "theme",
            "keymap",
            "domain",
        ],
    ),
    (
        "cli",
        &[
            "runtime",
            "ui",
            "app",
            "sim",
            "webhook",
            "config",
            "store",
            "api",
            "thumbnail",
            "server",
            "clipboard",
            "theme",
            "keymap",
            "domain",
        ],
    ),
];

/// Modules without a clock and without I/O.
const PURE: [&str; 2] = ["domain", "app"];
const IMPURE: [&str; 6] = [
    "Instant",
    "SystemTime",
    "tokio",
    "reqwest",
    "ratatui",
    "crossterm",
];

/// Longest file, in lines.
const MAX_LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Every Rust file below a folder of the repository, with its path from there.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = read(&path);
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// The top module a file of `src` belongs to: `src/api/client.rs` and `src/api.rs` to `api`.
fn module(path: &Path) -> String {
    let top = path.components().nth(1).unwrap();
    let top = Path::new(&top).file_stem().unwrap();
    top.to_string_lossy().into_owned()
}

/// The code without lines that are comments.
fn code(text: &str) -> String {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The top modules that `crate::…` names, also in `use crate::{…}`.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            found.extend(words(rest).next().map(str::to_owned));
            continue;
        };
        let (mut depth, mut name) = (0, String::new());
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    found.extend(words(name.trim()).next().map(str::to_owned));
                    name.clear();
                }
                _ if depth == 0 => name.push(letter),
                _ => {}
            }
        }
        found.extend(words(name.trim()).next().map(str::to_owned));
    }
    found.remove("");
    found
}

/// Fails with everything that is wrong, not with the first.
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::api::Client;\nuse crate::{app::{self, Msg}, domain, ui::{a, b}};\n\
                fn f(x: crate::theme::Theme) {}";
    let found: Vec<String> = imports(text).into_iter().collect();
    assert_eq!(found, ["api", "app", "domain", "theme", "ui"]);
}

#[test]
fn imports_point_down_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let own = module(&path);
        if matches!(own.as_str(), "main" | "lib") {
            continue;
        }
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == own) else {
            wrong.push(format!("{}: `{own}` has no layer yet", path.display()));
            continue;
        };
        for name in imports(&code(&text)) {
            if name != own && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{}: `{own}` must not see `{name}`", path.display()));
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_table_of_layers_has_no_cycle() {
    for (place, (name, allowed)) in ALLOWED.iter().enumerate() {
        for other in *allowed {
            let below = ALLOWED.iter().position(|(known, _)| known == other);
            assert!(below.is_some_and(|below| below < place), "{name}: {other}");
        }
    }
}

#[test]
fn every_file_opens_with_what_it_is() {
    let files = sources("src").into_iter().chain(sources("tests"));
    let silent = files.filter(|(_, text)| !text.starts_with("//! "));
    none(
        &silent
            .map(|(path, _)| path.display().to_string())
            .collect::<Vec<_>>(),
    );
}

#[test]
fn the_core_has_no_clock_and_does_no_io() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        if PURE.contains(&module(&path).as_str()) {
            let code = code(&text);
            let found: BTreeSet<&str> = words(&code).filter(|word| IMPURE.contains(word)).collect();
            wrong.extend(
                found
                    .iter()
                    .map(|word| format!("{}: {word}", path.display())),
            );
        }
    }
    none(&wrong);
}

#[test]
fn no_file_is_too_long() {
    let files = sources("src").into_iter();
    let long = files.filter(|(_, text)| text.lines().count() > MAX_LINES);
    none(
        &long
            .map(|(path, _)| path.display().to_string())
            .collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_is_left_for_later() {
    // In halves, so that this list is not found itself.
    let marks = [
        ["FIX", "ME"],
        ["TO", "DO"],
        ["XX", "X"],
        ["HA", "CK:"],
        ["todo", "!("],
        ["unimplemented", "!("],
        ["dbg", "!("],
        ["#[ign", "ore"],
    ]
    .map(|halves| halves.concat());
    let mut wrong = Vec::new();
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        let found = marks.iter().filter(|mark| text.contains(mark.as_str()));
        wrong.extend(found.map(|mark| format!("{}: {mark}", path.display())));
    }
    none(&wrong);
}

#[test]
fn every_dependency_is_accounted_for() {
    let manifest: toml_edit::DocumentMut = read(&root().join("Cargo.toml")).parse().unwrap();
    let reasons = read(&root().join("CONTRIBUTING.md"));
    let names: BTreeSet<String> = ["dependencies", "dev-dependencies"]
        .iter()
        .flat_map(|table| manifest[table].as_table().unwrap().iter())
        .map(|(name, _)| name.to_owned())
        .collect();
    assert!(!names.is_empty());
    let missing = names
        .iter()
        .filter(|name| !reasons.contains(&format!("\n- `{name}` (")));
    none(&missing.cloned().collect::<Vec<_>>());
}

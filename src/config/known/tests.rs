//! That the table says what the program reads, and the template and the page what the table says.

use std::path::Path;

use super::super::file::{self, Contents};
use super::*;

const PATH: &str = "config.toml";

fn survey(text: &str) -> Contents {
    file::survey(Path::new(PATH), text)
}

/// Every complaint about a text, in one.
fn complaints(text: &str) -> String {
    let contents = survey(text);
    let errors = contents.errors.iter().chain(&contents.broken);
    let errors = errors.map(ToString::to_string);
    let all: Vec<String> = contents.warnings.iter().cloned().chain(errors).collect();
    all.join("\n")
}

fn above(table: &Table) -> String {
    match table.header {
        "" => String::new(),
        header => format!("[{header}]\n"),
    }
}

/// The template with every key set.
fn everything_set() -> String {
    let lines = template();
    let lines = lines.lines().map(|line| match line.strip_prefix('#') {
        Some(key) if !key.starts_with(' ') => key,
        Some(_) | None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn q26_every_key_of_the_table_is_read_and_every_other_is_unknown() {
    for table in TABLES {
        for key in table.keys {
            // No key takes a time of day, so whoever reads it has to complain.
            let text = format!("{}{} = 07:32:00\n", above(table), key.name);
            let said = complaints(&text);
            assert!(said.contains(&format!("`{}` must be", key.name)), "{said}");
        }
        let said = complaints(&format!("{}no_such_key = 1\n", above(table)));
        assert!(said.contains("`no_such_key`"), "{said}");
    }
    for table in TABLES.iter().filter(|table| !table.header.is_empty()) {
        assert!(TOP.knows(table.header.split('.').next().unwrap()));
    }
}

#[test]
fn q26_the_template_sets_nothing_and_everything_in_it_can_be_set() {
    assert_eq!(complaints(&template()), "");
    let untouched = survey(&template());
    assert!(untouched.profiles.is_empty() && untouched.masking.is_none());
    let text = everything_set();
    assert_eq!(complaints(&text), "", "{text}");
    for table in TABLES {
        for key in table.keys {
            assert!(text.contains(&format!("\n{} = ", key.name)), "{}", key.name);
        }
    }
}

#[test]
fn q26_what_the_template_calls_usual_is_what_is_used() {
    let set = survey(&everything_set());
    assert_eq!(set.masking, Some(crate::domain::Masking::Shown));
    assert_eq!(set.masking, Some(crate::domain::Masking::default()));
    let (over, delay) = (crate::config::CONFIRM_SEND_OVER, crate::config::SEND_DELAY);
    assert_eq!(
        (set.confirm_send_over, set.send_delay),
        (Some(over), Some(delay))
    );
    assert!(!set.log_numbers);
    let profile = &set.profiles["default"];
    let base_url = &profile.base_url.as_ref().unwrap().value;
    assert_eq!(base_url, crate::domain::BaseUrl::DEFAULT);
    let url = crate::domain::BaseUrl::new(base_url).unwrap();
    assert_eq!(profile.pace, Some(crate::config::Pace::default_for(&url)));
}

#[test]
fn the_page_about_the_configuration_shows_the_template() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once("```toml\n").unwrap();
    let (_, after) = rest.split_once("```\n").unwrap();
    let current = format!("{before}```toml\n{}```\n{after}", template());
    if std::env::var_os("WAVEDECK_WRITE_KEYS").is_some() {
        std::fs::write(path, current).unwrap();
    } else {
        assert!(
            page == current,
            "docs/configuration.md is out of date: run `just keys`"
        );
    }
}

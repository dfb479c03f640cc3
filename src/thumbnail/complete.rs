//! Completes the path of a picture as it is typed. Offers folders and files that are called like
//! pictures; what a file really is, its content says later. Invariant: nothing is offered that a
//! field cannot show or that cannot be opened as it is written.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

/// Most candidates that are offered.
pub const MAX_CANDIDATES: usize = 50;
/// Most entries of a folder that are looked at.
const MAX_ENTRIES: usize = 20_000;
/// Endings of picture files.
const ENDINGS: [&str; 5] = ["jpg", "jpeg", "jpe", "jfif", "png"];

/// What a path can go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The path as far as all candidates agree; what was typed when there are none.
    pub text: String,
    /// What is there, in alphabetical order, at most [`MAX_CANDIDATES`].
    pub candidates: Vec<Candidate>,
    /// How many more there are.
    pub more: usize,
}

/// One thing a path can go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its name, without the folder it is in.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// The path that a text means: `~` is the home folder, where there is one.
pub fn resolve(text: &str, home: Option<&Path>) -> PathBuf {
    match (text.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home.to_owned(),
        (Some(rest), Some(home)) => match rest.strip_prefix('/') {
            Some(rest) => home.join(rest.trim_start_matches('/')),
            None => PathBuf::from(text),
        },
        (_, None) | (None, _) => PathBuf::from(text),
    }
}

/// Completes a path. A folder that cannot be read has no candidates.
pub fn complete(text: &str, home: Option<&Path>) -> Completion {
    if text == "~" && home.is_some() {
        return Completion {
            text: "~/".to_owned(),
            candidates: Vec::new(),
            more: 0,
        };
    }
    let (folder, begun) = match text.rsplit_once('/') {
        Some((folder, begun)) => (format!("{folder}/"), begun),
        None => (String::new(), text),
    };
    let place = match folder.as_str() {
        "" => PathBuf::from("."),
        folder => resolve(folder, home),
    };
    let mut found: Vec<Candidate> = fs::read_dir(place)
        .into_iter()
        .flatten()
        .take(MAX_ENTRIES)
        .filter_map(|entry| candidate(&entry.ok()?, begun))
        .collect();
    found.sort_by_cached_key(|one| (one.name.to_lowercase(), one.name.clone()));
    let text = match common(&found) {
        Some(common) => format!("{folder}{common}"),
        None => text.to_owned(),
    };
    let more = found.len().saturating_sub(MAX_CANDIDATES);
    found.truncate(MAX_CANDIDATES);
    Completion {
        text,
        candidates: found,
        more,
    }
}

fn candidate(entry: &DirEntry, begun: &str) -> Option<Candidate> {
    let name = entry.file_name().into_string().ok()?;
    let hidden = name.starts_with('.') && !begun.starts_with('.');
    if hidden || !name.starts_with(begun) || name.contains(is_unshowable) {
        return None;
    }
    // Follows links, as opening does.
    let facts = fs::metadata(entry.path()).ok()?;
    (facts.is_dir() || facts.is_file() && is_picture(&name)).then_some(Candidate {
        name,
        is_folder: facts.is_dir(),
    })
}

fn is_picture(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// Characters that a field would drop or that turn the text around.
fn is_unshowable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How far all names agree; a folder that stands alone with its slash.
fn common(found: &[Candidate]) -> Option<String> {
    let (first, rest) = found.split_first()?;
    if rest.is_empty() && first.is_folder {
        return Some(format!("{}/", first.name));
    }
    let mut common = first.name.clone();
    for other in rest {
        let agreed = common.chars().zip(other.name.chars());
        let length = agreed.take_while(|(ours, theirs)| ours == theirs).count();
        common = common.chars().take(length).collect();
    }
    Some(common)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// A home folder with pictures.
    fn home() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        fs::create_dir(at("fotos")).unwrap();
        fs::create_dir(at(".hidden")).unwrap();
        for name in [
            "fotos/corrida-2026.jpg",
            "fotos/Corrida-2025.PNG",
            "fotos/corrida-2025.jpeg",
            "fotos/notes.txt",
            "fotos/corrida\u{202e}gpj.jpg",
            "fotos/corrida\n.jpg",
            "fonte.png",
        ] {
            fs::write(at(name), b"x").unwrap();
        }
        symlink(at("fotos"), at("fotos/up")).unwrap();
        symlink(at("nowhere"), at("fotos/lost.jpg")).unwrap();
        home
    }

    fn names(completion: &Completion) -> Vec<&str> {
        let names = completion.candidates.iter();
        names.map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn folders_and_pictures_are_offered_in_alphabetical_order() {
        let home = home();
        let found = complete("~/fotos/", Some(home.path()));
        assert_eq!(
            names(&found),
            [
                "corrida-2025.jpeg",
                "Corrida-2025.PNG",
                "corrida-2026.jpg",
                "up"
            ]
        );
        assert_eq!(found.text, "~/fotos/", "they agree on nothing");
        let folders: Vec<bool> = found.candidates.iter().map(|one| one.is_folder).collect();
        assert_eq!(folders, [false, false, false, true]);
    }

    #[test]
    fn a_path_grows_as_far_as_all_candidates_agree() {
        let home = home();
        let grown = |text| complete(text, Some(home.path())).text;
        assert_eq!(grown("~"), "~/");
        assert_eq!(grown("~/f"), "~/fo");
        assert_eq!(grown("~/fot"), "~/fotos/");
        assert_eq!(grown("~/fotos/c"), "~/fotos/corrida-202");
        assert_eq!(grown("~/fotos/corrida-2026"), "~/fotos/corrida-2026.jpg");
        assert_eq!(grown("~/nothing/a"), "~/nothing/a");
        let absolute = format!("{}/fon", home.path().display());
        assert_eq!(grown(&absolute), format!("{absolute}te.png"));
    }

    #[test]
    fn what_is_hidden_shows_when_it_is_asked_for() {
        let home = home();
        assert_eq!(
            names(&complete("~/", Some(home.path()))),
            ["fonte.png", "fotos"]
        );
        assert_eq!(complete("~/.h", Some(home.path())).text, "~/.hidden/");
    }

    #[test]
    fn a_full_folder_offers_the_first_and_counts_the_rest() {
        let home = tempfile::tempdir().unwrap();
        for n in 0..60 {
            fs::write(home.path().join(format!("{n:02}.png")), b"x").unwrap();
        }
        let found = complete("~/", Some(home.path()));
        assert_eq!((found.candidates.len(), found.more), (50, 10));
        assert_eq!(found.candidates[49].name, "49.png");
    }

    #[test]
    fn a_tilde_is_the_home_folder_only_at_the_beginning_and_alone() {
        let home = Some(Path::new("/home/ana"));
        for (text, path) in [
            ("~", "/home/ana"),
            ("~/a.png", "/home/ana/a.png"),
            ("~//a.png", "/home/ana/a.png"),
            ("~bob/a.png", "~bob/a.png"),
            ("a/~/b.png", "a/~/b.png"),
            ("/a.png", "/a.png"),
        ] {
            assert_eq!(resolve(text, home), Path::new(path), "{text}");
        }
        assert_eq!(resolve("~/a.png", None), Path::new("~/a.png"));
    }
}

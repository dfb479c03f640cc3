//! Reads the file of contacts: one person a line, number and name, as spreadsheets write it.
//!
//! Invariant: a line that cannot be read is told with its number and spoils no other one.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::domain::{Clean, Contacts, WaId};

/// Longest file that is read, in bytes: about 400,000 people.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Most lines that are complained about one by one.
const MOST_WARNINGS: usize = 3;
/// Headings of the column of numbers, in lower case.
const NUMBERS: [&str; 8] = [
    "number", "phone", "wa_id", "waid", "numero", "número", "telefone", "celular",
];
/// Headings of the column of names.
const NAMES: [&str; 5] = ["name", "label", "contact", "nome", "contato"];

/// Why a file of contacts cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ContactsError {
    /// It is not there, or may not be read.
    #[error("the contacts cannot be read: {source}: `{path}`")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Over 16 MiB.
    #[error("the file of contacts is over 16 MiB: `{path}`")]
    TooLong {
        /// Which.
        path: PathBuf,
    },
}

/// Reads a file, and says for the user what is wrong with some of its lines: CSV with commas or semicolons, with a line of headings or without.
///
/// # Errors
/// When nothing of the file can be read.
pub fn read_contacts(path: &Path) -> Result<(Contacts, Vec<String>), ContactsError> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|source| ContactsError::Read {
            path: path.to_owned(),
            source,
        })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ContactsError::TooLong {
            path: path.to_owned(),
        });
    }
    Ok(parse(&bytes))
}

fn parse(bytes: &[u8]) -> (Contacts, Vec<String>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
    let has = |sign: u8| first.contains(&sign);
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        // As spreadsheets write it where the comma is part of numbers.
        .delimiter(if has(b';') { b';' } else { b',' })
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let (mut number_at, mut name_at) = (0, 1);
    let mut people: Vec<(WaId, Clean)> = Vec::new();
    let mut wrong: Vec<String> = Vec::new();
    let mut is_first = true;
    for record in lines.byte_records() {
        let record = match record {
            Ok(record) => record,
            Err(why) => {
                wrong.push(format!("contacts: {why}"));
                continue;
            }
        };
        let cell = |at: usize| {
            let bytes = record.get(at).unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        };
        let line = record.position().map_or(0, csv::Position::line);
        let was_first = std::mem::replace(&mut is_first, false);
        if was_first {
            let heads: Vec<String> = (0..record.len())
                .map(|at| cell(at).to_lowercase())
                .collect();
            let find = |known: &[&str]| heads.iter().position(|head| known.contains(&&**head));
            if let (Some(number), Some(name)) = (find(&NUMBERS), find(&NAMES)) {
                (number_at, name_at) = (number, name);
                continue;
            }
        }
        let (number, name) = (cell(number_at), cell(name_at));
        match number.parse::<WaId>() {
            Ok(_) if name.is_empty() => {}
            Ok(id) => people.push((id, Clean::new(&name))),
            Err(why) => wrong.push(format!("contacts, line {line}: {why}; it is left out")),
        }
    }
    let more = wrong.len().saturating_sub(MOST_WARNINGS);
    wrong.truncate(MOST_WARNINGS);
    if more > 0 {
        wrong.push(format!("contacts: {more} more lines are left out"));
    }
    (people.into_iter().collect(), wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(contacts: &Contacts, number: &str) -> Option<String> {
        let id = WaId::from_api(number).unwrap();
        contacts.name(&id).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let text = "+55 19 90000-0003,Bruna\n5519900000004,\"Silva, Carla\"\n";
        let (contacts, wrong) = parse(text.as_bytes());
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(name(&contacts, "5519900000003").as_deref(), Some("Bruna"));
        assert_eq!(
            name(&contacts, "5519900000004").as_deref(),
            Some("Silva, Carla")
        );
    }

    #[test]
    fn headings_and_semicolons_of_spreadsheets_are_understood() {
        let text = "\u{feff}Nome;E-mail;Telefone\r\nTéo;t@x.example;5519900000005\r\n";
        let (contacts, wrong) = parse(text.as_bytes());
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(name(&contacts, "5519900000005").as_deref(), Some("Téo"));
    }

    #[test]
    fn a_bad_line_is_told_and_spoils_no_other() {
        let mut bytes = b"5519900000003,Ana\nnobody,X\n5519900000004,Jos\xe9\n".to_vec();
        for _ in 0..5 {
            bytes.extend_from_slice(b"x,y\n");
        }
        let (contacts, wrong) = parse(&bytes);
        assert_eq!(contacts.len(), 2);
        assert_eq!(
            name(&contacts, "5519900000004").as_deref(),
            Some("Jos\u{fffd}")
        );
        assert!(wrong[0].starts_with("contacts, line 2: "), "{wrong:?}");
        assert_eq!(wrong[3], "contacts: 3 more lines are left out");
    }

    #[test]
    fn the_last_name_of_a_number_counts_and_hostile_ones_are_tamed() {
        let text = "5519900000003,Ana\n5519900000003,\"An\u{202e}a\x1b[2J\"\n5519900000004,\n";
        let (contacts, wrong) = parse(text.as_bytes());
        assert_eq!((contacts.len(), wrong.len()), (1, 0));
        assert_eq!(
            name(&contacts, "5519900000003").as_deref(),
            Some("Ana^[[2J")
        );
    }

    #[test]
    fn a_file_that_is_not_there_says_so() {
        let why = read_contacts(Path::new("/nonexistent/people.csv")).unwrap_err();
        assert!(why.to_string().contains("people.csv"));
    }
}

//! The time zone of this computer, without a look at all the others.
//!
//! Left to itself, the library lists the whole database of time zones first: hundreds of files in some twenty
//! folders, which takes about as long as everything else before the first frame. The rules that are in force here
//! are in one file. Invariant: where `TZ` says something, or that file does not, the library decides.

use std::path::Path;

use jiff::tz::TimeZone;

use super::env;

/// Where Unix keeps the rules that are in force.
const RULES: &str = "/etc/localtime";

/// The time zone of this computer.
pub(super) fn here() -> TimeZone {
    let rules = match env("TZ") {
        Some(_) => None,
        None => rules(Path::new(RULES)),
    };
    rules.unwrap_or_else(TimeZone::system)
}

/// The time zone with the rules in a file.
fn rules(path: &Path) -> Option<TimeZone> {
    let rules = std::fs::read(path).ok()?;
    // Nobody sees the name.
    TimeZone::tzif("local", &rules).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of rules without any past: three hours behind, always.
    fn three_hours_behind() -> Vec<u8> {
        let mut part = b"TZif2".to_vec();
        part.extend([0; 15]);
        // How many of what: one kind of time, and four letters for its name.
        for count in [0_u32, 0, 0, 0, 1, 4] {
            part.extend(count.to_be_bytes());
        }
        part.extend((-3 * 3600_i32).to_be_bytes());
        part.extend(*b"\0\0BRT\0");
        [part.clone(), part, b"\nBRT3\n".to_vec()].concat()
    }

    #[test]
    fn the_rules_of_one_file_are_a_time_zone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("localtime");
        std::fs::write(&path, three_hours_behind()).unwrap();
        let zone = rules(&path).unwrap();
        let noon = jiff::Timestamp::from_second(1_779_019_200).unwrap();
        assert_eq!(noon.to_zoned(zone).hour(), 9);
    }

    #[test]
    fn without_rules_the_library_decides() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("localtime");
        assert!(rules(&path).is_none());
        std::fs::write(&path, "no rules").unwrap();
        assert!(rules(&path).is_none());
    }
}

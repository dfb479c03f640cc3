//! Command keys on keyboards of other scripts: the Latin key at the same place. Text fields never
//! ask here.
//!
//! Only characters outside ASCII are translated: what a Latin keyboard can type is meant as typed.

use super::{Code, Key};

/// Rows of a keyboard beside the same rows of the US one, character by character.
const ROWS: &[(&str, &str)] = &[
    // Russian, plain and with shift.
    (
        "ёйцукенгшщзхъфывапролджэячсмитьбю",
        "`qwertyuiop[]asdfghjkl;'zxcvbnm,.",
    ),
    (
        "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ№",
        "~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>#",
    ),
    // Where Ukrainian and Belarusian differ.
    ("іїєґў", "s]'\\o"),
    ("ІЇЄҐЎ", "S}\"|O"),
    // Greek.
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),
    ("ΕΡΤΥΘΙΟΠΑΣΔΦΓΗΞΚΛΖΧΨΩΒΝΜ", "ERTYUIOPASDFGHJKLZXCVBNM"),
    // Hebrew; with shift it types Latin letters.
    ("קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,."),
    // Arabic.
    (
        "ذضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوزظ",
        "`qwertyuiop[]asdfghjkl;'zxcvnm,./",
    ),
    ("ﻻ", "b"),
    (
        "\u{64e}\u{64b}\u{64f}\u{64c}إ؛\u{650}\u{64d}أـ،\u{652}آ؟",
        "QWERYPASHJKXN?",
    ),
    // Digits of Arabic and Persian keyboards.
    ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
    ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
];

impl Key {
    /// The key a Latin keyboard has at the same place; itself where there is none, or it is Latin.
    #[must_use]
    pub fn latin(self) -> Self {
        let Code::Char(c) = self.code else {
            return self;
        };
        if c.is_ascii() {
            return self;
        }
        let found = ROWS.iter().find_map(|(there, here)| {
            let place = there.chars().position(|known| known == c)?;
            here.chars().nth(place)
        });
        found.map_or(self, |latin| Self {
            code: Code::Char(latin),
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn rows_are_as_long_as_each_other_and_name_no_character_twice() {
        let mut seen = HashSet::new();
        for (there, here) in ROWS {
            assert_eq!(there.chars().count(), here.chars().count(), "{there}");
            assert!(here.is_ascii());
            for c in there.chars() {
                assert!(!c.is_ascii() && seen.insert(c), "{c}");
            }
        }
    }

    #[test]
    fn a_key_means_what_it_means_at_its_place() {
        for (there, here) in [
            ('й', 'q'),
            ('в', 'd'),
            ('В', 'D'),
            ('і', 's'),
            ('ы', 's'),
            ('δ', 'd'),
            ('ς', 'w'),
            ('ג', 'd'),
            ('ي', 'd'),
            ('ض', 'q'),
            ('؟', '?'),
            ('٣', '3'),
        ] {
            assert_eq!(Key::char(there).latin(), Key::char(here), "{there}");
        }
        assert_eq!(Key::ctrl('д').latin(), Key::ctrl('l'), "with modifiers too");
        for same in ['d', '/', 'é', 'ß', '東'] {
            assert_eq!(Key::char(same).latin(), Key::char(same));
        }
    }
}

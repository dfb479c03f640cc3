//! Text in cells: widths, cutting and wrapping, times and numbers as people read them.

use std::time::Duration;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::domain::{Clean, Millis, UnixSeconds};
use crate::theme::Meaning;

/// Width of a text in cells.
pub(crate) fn width(text: &str) -> u16 {
    cells_of(text).unwrap_or_else(|| u16::try_from(text.width()).unwrap_or(u16::MAX))
}

/// The cells of a text in which every character takes one of its own, as in nearly all texts there are: Latin
/// letters, digits, signs and lines. `None` where that has to be looked up, character by character.
pub(crate) fn cells_of(text: &str) -> Option<u16> {
    let mut cells = 0_u16;
    for letter in text.chars() {
        match letter {
            ' '..='~' | '¡'..='¬' | '®'..='ɏ' | '─'..='╿' => {
                cells = cells.checked_add(1)?;
            }
            _ => return None,
        }
    }
    Some(cells)
}

/// What was typed, in the form that is safe to show.
pub(crate) fn safe(typed: &str) -> String {
    Clean::new(typed).as_str().to_owned()
}

/// A reason as a sentence: a capital in front and a full stop behind.
pub(crate) fn sentence(reason: &str) -> String {
    format!("{}.", capital(reason))
}

/// The text with a capital in front.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}", chars.as_str())
}

/// The text, cut to `room` cells with `…` at the end when it is longer.
pub(crate) fn cut(text: &str, room: u16) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let Some(room) = room.checked_sub(1) else {
        return String::new();
    };
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme);
        if used > room {
            break;
        }
        out.push_str(grapheme);
    }
    out.push('…');
    out
}

/// The end of a text in `room` cells, with `…` in front when it is longer.
pub(crate) fn cut_front(text: &str, room: u16) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let Some(room) = room.checked_sub(1) else {
        return String::new();
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut used = 0;
    for grapheme in text.graphemes(true).rev() {
        used += width(grapheme);
        if used > room {
            break;
        }
        kept.push(grapheme);
    }
    kept.reverse();
    format!("…{}", kept.concat())
}

/// The text in lines of at most `room` cells, broken between words where possible.
pub(crate) fn wrap(text: &str, room: u16) -> Vec<String> {
    let room = room.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        if !line.is_empty() && width(&line) + 1 + width(&word) > room {
            lines.push(std::mem::take(&mut line));
        }
        // A word longer than a line is broken hard: nothing may vanish.
        while width(&word) > room {
            let mut head = String::new();
            for grapheme in word.graphemes(true) {
                if width(&head) + width(grapheme) > room {
                    break;
                }
                head.push_str(grapheme);
            }
            let mut taken = head.chars().count();
            if head.is_empty() {
                // One character wider than the line: it cannot be shown here.
                taken = word
                    .graphemes(true)
                    .next()
                    .map_or(1, |first| first.chars().count());
                head.push('…');
            }
            let rest = word.chars().skip(taken).collect();
            lines.push(head);
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// How long ago something was: `2 min`, `3 h`, `5 d`.
pub(crate) fn age(passed: Duration) -> String {
    let minutes = passed.as_secs() / 60;
    match minutes {
        0 => "<1 min".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1440 => format!("{} h", minutes / 60),
        _ => format!(
            "{} d",
            number(usize::try_from(minutes / 1440).unwrap_or(usize::MAX))
        ),
    }
}

/// The same where there is little room: `2m`, `3h`, `5d`.
pub(crate) fn short_age(passed: Duration) -> String {
    let age = age(passed);
    age.replace("min", "m").replace(' ', "")
}

/// Time of day, `14:32`.
pub(crate) fn clock(at: Millis, zone: &jiff::tz::TimeZone) -> String {
    strftime(at, zone, "%H:%M")
}

/// The day of a moment, seen from now: `Today`, `Saturday 16 May`, with the year in another one.
pub(crate) fn day(at: Millis, now: Millis, zone: &jiff::tz::TimeZone) -> String {
    let on = |moment, format| strftime(moment, zone, format);
    if on(at, "%F") == on(now, "%F") {
        "Today".to_owned()
    } else if on(at, "%Y") == on(now, "%Y") {
        on(at, "%A %-d %B")
    } else {
        on(at, "%A %-d %B %Y")
    }
}

/// Time of day with seconds, `14:32:07`.
pub(crate) fn clock_seconds(at: Millis, zone: &jiff::tz::TimeZone) -> String {
    strftime(at, zone, "%H:%M:%S")
}

/// Time of day with seconds for today, else the day: `14:32:07`, `16 May`, `May 2025`.
pub(crate) fn day_or_clock(at: Millis, now: Millis, zone: &jiff::tz::TimeZone) -> String {
    let same = |format: &str| strftime(at, zone, format) == strftime(now, zone, format);
    if same("%F") {
        clock_seconds(at, zone)
    } else if same("%Y") {
        strftime(at, zone, "%-d %b")
    } else {
        strftime(at, zone, "%b %Y")
    }
}

/// Day and time of day, `16 May 2026 14:32:07`.
pub(crate) fn moment(at: Millis, zone: &jiff::tz::TimeZone) -> String {
    strftime(at, zone, "%-d %b %Y %H:%M:%S")
}

/// Day and time of day without seconds, `16 May 2026 14:32`; blank for a time that no calendar has.
pub(crate) fn minute(at: Millis, zone: &jiff::tz::TimeZone) -> String {
    strftime(at, zone, "%-d %b %Y %H:%M")
}

/// A date, `18 Dec 2017`; the bare number when it is no plausible date.
pub(crate) fn date(at: UnixSeconds, zone: &jiff::tz::TimeZone) -> String {
    // Before 2009 there was no WhatsApp; a number far off is shown as it came.
    let plausible = (1_230_768_000..=4_102_444_800).contains(&at.0);
    let millis = Millis(u64::try_from(at.0).unwrap_or(0).saturating_mul(1000));
    if plausible {
        strftime(millis, zone, "%-d %b %Y")
    } else {
        at.0.to_string()
    }
}

fn strftime(at: Millis, zone: &jiff::tz::TimeZone, format: &str) -> String {
    i64::try_from(at.0)
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .map_or_else(String::new, |moment| {
            moment.to_zoned(zone.clone()).strftime(format).to_string()
        })
}

/// A count with separators, `1,204`.
pub(crate) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `1 member`, `24 members`.
pub(crate) fn plural(n: usize, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{} {one}s", number(n))
    }
}

/// How the name of somebody who wrote looks: one that the user gave, or one they chose themselves.
pub(super) fn named(is_contact: bool) -> Meaning {
    if is_contact {
        Meaning::Text
    } else {
        Meaning::Dim
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_character_with_a_cell_of_its_own_takes_one_and_stands_alone() {
        let all = ('\0'..=char::MAX).filter_map(|c| Some((c, cells_of(&c.to_string())?)));
        let (mut count, mut before) = (0, 'a');
        for (letter, cells) in all {
            let text = format!("{before}{letter}a");
            assert_eq!((letter.to_string().width(), cells), (1, 1), "{letter:?}");
            assert_eq!(text.graphemes(true).count(), 3, "{text:?}");
            (count, before) = (count + 1, letter);
        }
        assert_eq!(count, 95 + 12 + 418 + 128);
        assert_eq!(cells_of("Mães ── 7h"), Some(10));
        for other in [
            "東京",
            "e\u{301}",
            "❤\u{fe0f}",
            "a\u{200b}b",
            "soft\u{ad}hyphen",
            "\n",
        ] {
            assert_eq!(cells_of(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(cut("Corrida Domingo", 7), "Corrid…");
        assert_eq!(cut("Corrida", 7), "Corrida");
        assert_eq!(cut("東京ランナーズ", 6), "東京…");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(cut_front("5519900000000-1513616971", 11), "…1513616971");
    }

    #[test]
    fn q18_a_text_is_cut_between_graphemes() {
        let accents = "Cafe\u{301}s da manha\u{303}";
        assert_eq!(cut(accents, 5), "Cafe\u{301}…");
        assert_eq!(cut_front(accents, 3), "…ha\u{303}");
        assert_eq!(cut("東京e\u{301}é", 6), "東京e\u{301}é");
        assert_eq!(cut("東京e\u{301}é", 5), "東京…");
        assert_eq!(
            wrap("e\u{301}e\u{301}e\u{301}", 2),
            ["e\u{301}e\u{301}", "e\u{301}"]
        );
    }

    #[test]
    fn times_and_numbers_read_well() {
        let zone = jiff::tz::TimeZone::UTC;
        assert_eq!(clock(Millis(1_513_616_971_000), &zone), "17:09");
        assert_eq!(clock_seconds(Millis(1_513_616_971_000), &zone), "17:09:31");
        assert_eq!(date(UnixSeconds(1_513_616_971), &zone), "18 Dec 2017");
        assert_eq!(date(UnixSeconds(-5), &zone), "-5");
        let now = Millis(1_513_616_971_000);
        assert_eq!(day(now, now, &zone), "Today");
        assert_eq!(
            day(Millis(1_513_500_000_000), now, &zone),
            "Sunday 17 December"
        );
        assert_eq!(day(Millis(0), now, &zone), "Thursday 1 January 1970");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(
            (plural(1, "member"), plural(24, "member")),
            ("1 member".into(), "24 members".into())
        );
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_room(text in "\\PC{0,60}", room in 0u16..20) {
            prop_assert!(width(&cut(&text, room)) <= room);
            prop_assert!(width(&cut_front(&text, room)) <= room);
            for line in wrap(&text, room.max(2)) {
                prop_assert!(width(&line) <= room.max(2));
            }
        }

        #[test]
        fn wrapping_loses_no_word(text in "[a-z ]{0,60}") {
            let words: String = text.split_whitespace().collect();
            let wrapped: String = wrap(&text, 5).concat().split_whitespace().collect();
            prop_assert_eq!(words, wrapped);
        }
    }
}

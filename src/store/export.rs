//! The journal as a file for others: CSV for a spreadsheet, JSON for a program, newest first.
//!
//! Invariants: an invite link never leaves in full, because whoever has it can join; with masking no
//! phone number does, wherever it stands; no cell of the CSV is a formula to a spreadsheet.

use serde::Serialize;

use super::{Store, StoreError};
use crate::domain::journal::{
    Before, End, Entry, EntryQuery, EntryState, ExportFormat, Intent, Masking, PersonEnd, Verdict,
};
use crate::domain::{GroupId, Millis, Role, WaId};

/// Entries read at once: old icons stand in them.
const PAGE: u32 = 200;
/// Digits from which a row of them may be a phone number.
const NUMBER: usize = 7;
/// Digits and letters that stay readable.
const TAIL: usize = 4;
/// What comes before the secret part of an invite link.
const LINK: &str = "chat.whatsapp.com/";

/// One line. The order of the fields is that of the columns.
#[derive(Debug, Serialize)]
struct Line {
    id: i64,
    begun: String,
    ended: String,
    account: String,
    group: String,
    group_name: String,
    change: String,
    people: String,
    before: String,
    after: String,
    state: String,
    why: String,
}

impl Store {
    /// The whole journal as text.
    ///
    /// # Errors
    /// When the journal could not be read.
    pub async fn export(
        &self,
        format: ExportFormat,
        masking: Masking,
    ) -> Result<String, StoreError> {
        let mut lines = Vec::new();
        let mut query = EntryQuery {
            words: String::new(),
            before: None,
            limit: PAGE,
        };
        loop {
            let page = self.entries(&query).await?;
            let Some(last) = page.last() else { break };
            query.before = Some(last.id);
            lines.extend(page.iter().map(|entry| line(entry, masking)));
        }
        match format {
            ExportFormat::Json => serde_json::to_string_pretty(&lines)
                .map_err(|why| StoreError::Export(why.to_string())),
            ExportFormat::Csv => csv_of(&lines).map_err(|why| StoreError::Export(why.to_string())),
        }
    }
}

fn csv_of(lines: &[Line]) -> Result<String, Box<dyn std::error::Error>> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(Vec::new());
    writer.write_record([
        "id",
        "begun",
        "ended",
        "account",
        "group",
        "group_name",
        "change",
        "people",
        "before",
        "after",
        "state",
        "why",
    ])?;
    for line in lines {
        writer.write_record([
            line.id.to_string().as_str(),
            &line.begun,
            &line.ended,
            &no_formula(&line.account),
            &no_formula(&line.group),
            &no_formula(&line.group_name),
            &line.change,
            &no_formula(&line.people),
            &no_formula(&line.before),
            &no_formula(&line.after),
            &line.state,
            &no_formula(&line.why),
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// A spreadsheet would run what starts like this.
fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn line(entry: &Entry, masking: Masking) -> Line {
    let safe = |text: &str| readable(&masked(&without_links(text), masking));
    let (state, why) = state(entry, masking);
    let mut line = Line {
        id: entry.id.0,
        begun: time(entry.begun),
        ended: entry.ended.map(time).unwrap_or_default(),
        account: String::new(),
        group: String::new(),
        group_name: String::new(),
        change: "cannot be read".to_owned(),
        people: String::new(),
        before: String::new(),
        after: String::new(),
        state,
        why: safe(&why),
    };
    if let Some(intent) = &entry.intent {
        line.account = safe(&intent.account);
        line.group = safe(intent.group.as_ref().map_or("", GroupId::as_str));
        line.group_name = safe(&intent.group_name);
        intent.kind.words().clone_into(&mut line.change);
        line.people = people(intent, masking);
        line.before = before(&intent.before, masking, safe);
        line.after = safe(&intent.after);
    }
    line
}

fn people(intent: &Intent, masking: Masking) -> String {
    let people = intent.people.iter().map(|id| person(id, masking));
    people.collect::<Vec<_>>().join(" ")
}

fn person(id: &WaId, masking: Masking) -> String {
    match masking {
        Masking::Shown => readable(&id.to_string()),
        Masking::Masked => id.short(),
    }
}

fn before(before: &Before, masking: Masking, safe: impl Fn(&str) -> String) -> String {
    match before {
        Before::Unknown => String::new(),
        Before::Subject(subject) => safe(subject),
        Before::Roles(roles) => {
            let roles = roles.iter().map(|(id, role)| {
                let role = match role {
                    Some(Role::Admin) => "admin",
                    Some(Role::Member) => "member",
                    None => "absent",
                };
                format!("{} {role}", person(id, masking))
            });
            roles.collect::<Vec<_>>().join(", ")
        }
        Before::Icon(Some(bytes)) => format!("an icon of {} bytes", bytes.len()),
        Before::Icon(None) => "no icon".to_owned(),
        Before::Invite(link) => tail(link),
    }
}

fn state(entry: &Entry, masking: Masking) -> (String, String) {
    let end = match &entry.state {
        EntryState::InFlight => return ("in flight".to_owned(), String::new()),
        EntryState::Ended(end) => end,
    };
    let (state, why) = match end {
        End::Applied => ("applied", String::new()),
        End::NotApplied(why) => ("not applied", why.clone()),
        End::Unknown(why) => ("unknown", why.clone()),
        End::Mixed(results) => {
            let results = results.iter().map(|(id, end)| {
                let id = person(id, masking);
                match end {
                    PersonEnd::Done => format!("{id} done"),
                    PersonEnd::AlreadySo => format!("{id} already so"),
                    PersonEnd::Refused(why) => format!("{id} refused ({why})"),
                    PersonEnd::NotConfirmed(why) => format!("{id} not confirmed ({why})"),
                    PersonEnd::NotSent(why) => format!("{id} not sent ({why})"),
                }
            });
            ("mixed", results.collect::<Vec<_>>().join(", "))
        }
        End::SettledByUser(Verdict::Happened) => {
            ("happened, as the user says", entry.doubt.clone())
        }
        End::SettledByUser(Verdict::DidNotHappen) => {
            ("did not happen, as the user says", entry.doubt.clone())
        }
    };
    (state.to_owned(), why)
}

/// Universal time, so that it means the same to everyone the file is given to.
fn time(at: Millis) -> String {
    i64::try_from(at.0)
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .map(|time| format!("{time:.3}"))
        .unwrap_or_default()
}

/// Nothing but line breaks may steer whatever shows the file.
fn readable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// The last characters, with a mark that something is missing.
fn tail(text: &str) -> String {
    let skip = text.chars().count().saturating_sub(TAIL);
    format!("…{}", text.chars().skip(skip).collect::<String>())
}

/// Cuts the code out of invite links.
fn without_links(text: &str) -> String {
    let mut parts = text.split(LINK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '/' | '_' | '-'))
            .unwrap_or(part.len());
        let (code, rest) = part.split_at(end);
        out.push_str(LINK);
        out.push_str(&tail(code));
        out.push_str(rest);
    }
    out
}

/// Hides all but the last digits of whatever may be a phone number: many digits with nothing but the
/// usual separators between them.
fn masked(text: &str, masking: Masking) -> String {
    if masking == Masking::Shown {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let is_separator = |c: &char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '+' | '/' | '\u{a0}');
    let mut out = String::with_capacity(text.len());
    for run in letters.chunk_by(|a, b| {
        let joins = |c: &char| c.is_numeric() || is_separator(c);
        joins(a) == joins(b)
    }) {
        let digits = run.iter().filter(|c| c.is_numeric()).count();
        let mut hidden = if digits >= NUMBER { digits - TAIL } else { 0 };
        for c in run {
            if c.is_numeric() && hidden > 0 {
                hidden -= 1;
                out.push('•');
            } else {
                out.push(*c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_hidden_wherever_they_stand() {
        let masked = |text| masked(text, Masking::Masked);
        assert_eq!(masked("5519900000003"), "•••••••••0003");
        assert_eq!(
            masked("ligue +55 (19) 90000-0003, ok?"),
            "ligue +•• (••) •••••-0003, ok?"
        );
        assert_eq!(
            masked("5519900000000-1513616971"),
            "•••••••••••••-••••••6971"
        );
        assert_eq!(masked("sala 12, às 10:30"), "sala 12, às 10:30");
    }

    #[test]
    fn the_code_of_a_link_never_leaves() {
        assert_eq!(
            without_links("Entre: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv. Até já"),
            "Entre: https://chat.whatsapp.com/…StUv. Até já"
        );
        assert_eq!(tail("AbCdEfGhIjKlMnOpQrStUv"), "…StUv");
    }

    #[test]
    fn nothing_is_a_formula() {
        for text in ["=1+1", "+55", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(no_formula(text), format!("'{text}"));
        }
        assert_eq!(no_formula("a=1"), "a=1");
    }

    #[test]
    fn times_are_universal() {
        assert_eq!(time(Millis(1_750_000_000_123)), "2025-06-15T15:06:40.123Z");
        assert_eq!(time(Millis(u64::MAX)), "");
    }
}

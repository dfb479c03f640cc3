//! The journal as a file for others: CSV for a spreadsheet, JSON for a program, newest first.
//!
//! Invariants: an invite link never leaves in full, because whoever has it can join; with masking no
//! phone number does, wherever it stands; no cell of the CSV is a formula to a spreadsheet.

use serde::Serialize;

use super::{Store, StoreError};
use crate::domain::journal::{
    Before, End, Entry, EntryQuery, EntryState, ExportFormat, Intent, PersonEnd, Verdict, Whose,
};
use crate::domain::text::no_formula;
use crate::domain::{GroupId, Masking, Millis, Role, WaId, masking};

/// Entries read at once: old icons stand in them.
const PAGE: u32 = 50;

/// One line. The order of the fields is that of the columns.
#[derive(Debug, Serialize)]
struct Line {
    id: i64,
    begun: String,
    ended: String,
    account: String,
    person: String,
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
            whose: Whose::Everyone,
            words: String::new(),
            before: None,
            limit: PAGE,
        };
        loop {
            let page = self.whole_entries(&query).await?;
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
        "person",
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
            &no_formula(&line.person),
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

fn line(entry: &Entry, masking: Masking) -> Line {
    let safe = |text: &str| masking.of(text);
    let (state, why) = state(entry, masking);
    let mut line = Line {
        id: entry.id.0,
        begun: entry.begun.universal(),
        ended: entry.ended.map(Millis::universal).unwrap_or_default(),
        account: String::new(),
        person: safe(&entry.person),
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
        Masking::Shown => masking.of(&id.to_string()),
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
        Before::Invite(link) => masking::tail(link),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_a_formula() {
        for text in ["=1+1", "+55", "-1", "@SUM(A1)", "\t=1"] {
            assert_eq!(no_formula(text), format!("'{text}"));
        }
        assert_eq!(no_formula("a=1"), "a=1");
    }
}

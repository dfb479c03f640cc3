//! Rows of the journal, and what they mean.
//!
//! Invariant: a record that cannot be read is said to be so, and counts as open.

use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryState, Intent, PersonEnd, Verdict,
};
use crate::domain::{CorrelationId, GroupId, Millis, Role, WaId};
use crate::store::query::Row;

pub(super) const IN_FLIGHT: &str = "in flight";
pub(super) const UNKNOWN: &str = "unknown";
pub(super) const UNCLEAR: &str = "mixed and unclear";
pub(super) const APPLIED: &str = "applied";
pub(super) const NOT_APPLIED: &str = "not applied";
pub(super) const MIXED: &str = "mixed";
pub(super) const HAPPENED: &str = "settled: happened";
pub(super) const DID_NOT_HAPPEN: &str = "settled: did not happen";
/// The states that are final, for SQL. All others, and everything unreadable, are open.
pub(super) const FINAL: &str =
    "('applied', 'not applied', 'mixed', 'settled: happened', 'settled: did not happen')";

/// Everything of an entry.
pub(super) const COLUMNS: &str = "id, begun, ended, account, group_id, group_name, kind, people, correlation, \
                       after_text, before_kind, before_text, before_bytes, state, why, results, \
                       (SELECT runs.person FROM runs WHERE runs.session = journal.session) AS person";

/// The same without old icons, which can be large: as if nothing were known of them.
pub(super) const LIGHT: &str = "id, begun, ended, account, group_id, group_name, kind, people, correlation, \
                     after_text, CASE WHEN before_kind = 'icon' THEN 'unknown' ELSE before_kind END \
                     AS before_kind, before_text, CAST(NULL AS BYTEA) AS before_bytes, state, why, \
                     results, \
                     (SELECT runs.person FROM runs WHERE runs.session = journal.session) AS person";
/// Why a record that cannot be read counts as unknown.
pub(super) const UNREADABLE: &str = "this record of the journal is damaged";
/// Most words of a search that are looked at, and most letters of each.
pub(super) const MAX_WORDS: usize = 8;
pub(super) const MAX_LETTERS: usize = 200;

/// Texts as one text. Never fails for what is passed here: lists of strings.
pub(super) fn json(texts: &impl serde::Serialize) -> String {
    serde_json::to_string(texts).unwrap_or_else(|_never| "[]".to_owned())
}

/// One word of a search, for `LIKE`.
pub(super) fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.to_lowercase().chars().take(MAX_LETTERS) {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Everything by which an intent can be found, in lower case.
pub(super) fn words(intent: &Intent) -> String {
    let mut words = vec![
        intent.kind.words().to_owned(),
        intent.group_name.clone(),
        intent.account.clone(),
        intent.after.clone(),
    ];
    words.extend(intent.group.as_ref().map(|id| id.as_str().to_owned()));
    if let Before::Subject(subject) = &intent.before {
        words.push(subject.clone());
    }
    for id in &intent.people {
        // As the server writes it and as people do.
        words.push(id.to_string());
        words.push(id.pretty());
    }
    // `LIKE` reads no further than a zero byte.
    words.join("\n").to_lowercase().replace('\0', " ")
}

pub(super) fn people_words(results: &[[String; 3]]) -> String {
    let whys = results.iter().map(|[_, _, why]| why.as_str());
    whys.collect::<Vec<_>>().join("\n")
}

pub(super) fn before_columns(before: &Before) -> (&'static str, String, Option<&[u8]>) {
    match before {
        Before::Unknown => ("unknown", String::new(), None),
        Before::Subject(subject) => ("subject", subject.clone(), None),
        Before::Roles(roles) => {
            let roles: Vec<[String; 2]> = roles
                .iter()
                .map(|(id, role)| [id.to_string(), role_word(*role).to_owned()])
                .collect();
            ("roles", json(&roles), None)
        }
        Before::Icon(Some(bytes)) => ("icon", String::new(), Some(bytes)),
        Before::Icon(None) => ("no icon", String::new(), None),
        Before::Invite(link) => ("invite", link.clone(), None),
    }
}

pub(super) fn before_of(kind: &str, text: String, bytes: Option<Vec<u8>>) -> Option<Before> {
    Some(match kind {
        "unknown" => Before::Unknown,
        "subject" => Before::Subject(text),
        "roles" => {
            let roles: Vec<[String; 2]> = serde_json::from_str(&text).ok()?;
            let roles = roles
                .iter()
                .map(|[id, word]| Some((WaId::from_api(id)?, role_of(word)?)));
            Before::Roles(roles.collect::<Option<_>>()?)
        }
        "icon" => Before::Icon(Some(bytes?)),
        "no icon" => Before::Icon(None),
        "invite" => Before::Invite(text),
        _ => return None,
    })
}

pub(super) fn role_word(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Admin) => "admin",
        Some(Role::Member) => "member",
        None => "absent",
    }
}

#[expect(
    clippy::option_option,
    reason = "the outer one says that the word is damaged, the inner one that somebody was absent"
)]
pub(super) fn role_of(word: &str) -> Option<Option<Role>> {
    match word {
        "admin" => Some(Some(Role::Admin)),
        "member" => Some(Some(Role::Member)),
        "absent" => Some(None),
        _ => None,
    }
}

pub(super) fn end_columns(end: &End) -> (&'static str, &str, Vec<[String; 3]>) {
    match end {
        End::Applied => (APPLIED, "", Vec::new()),
        End::NotApplied(why) => (NOT_APPLIED, why, Vec::new()),
        End::Unknown(why) => (UNKNOWN, why, Vec::new()),
        End::Mixed(people) => {
            let results = people.iter().map(|(id, end)| {
                let (word, why) = person_columns(end);
                [id.to_string(), word.to_owned(), why.to_owned()]
            });
            let state = if end.is_final() { MIXED } else { UNCLEAR };
            (state, "", results.collect())
        }
        End::SettledByUser(Verdict::Happened) => (HAPPENED, "", Vec::new()),
        End::SettledByUser(Verdict::DidNotHappen) => (DID_NOT_HAPPEN, "", Vec::new()),
    }
}

pub(super) fn person_columns(end: &PersonEnd) -> (&'static str, &str) {
    match end {
        PersonEnd::Done => ("done", ""),
        PersonEnd::AlreadySo => ("already so", ""),
        PersonEnd::Refused(why) => ("refused", why),
        PersonEnd::NotConfirmed(why) => ("not confirmed", why),
        PersonEnd::NotSent(why) => ("not sent", why),
    }
}

pub(super) fn person_of([id, word, why]: [String; 3]) -> Option<(WaId, PersonEnd)> {
    let end = match word.as_str() {
        "done" => PersonEnd::Done,
        "already so" => PersonEnd::AlreadySo,
        "refused" => PersonEnd::Refused(why),
        "not confirmed" => PersonEnd::NotConfirmed(why),
        "not sent" => PersonEnd::NotSent(why),
        _ => return None,
    };
    Some((WaId::from_api(&id)?, end))
}

/// Reads a row of [`COLUMNS`]; what cannot be read is said to be so.
pub(super) fn entry(row: &Row) -> Entry {
    let at = |column: &str| {
        let at = row.try_get::<Option<i64>, _>(column).ok().flatten();
        at.and_then(|at| u64::try_from(at).ok()).map(Millis)
    };
    let state = state_of(row);
    let doubt = match &state {
        Some(EntryState::Ended(End::SettledByUser(_))) => row.try_get("why").unwrap_or_default(),
        Some(_) | None => String::new(),
    };
    Entry {
        id: EntryId(row.try_get("id").unwrap_or_default()),
        begun: at("begun").unwrap_or_default(),
        ended: at("ended"),
        intent: intent_of(row),
        state: state.unwrap_or_else(|| EntryState::Ended(End::Unknown(UNREADABLE.to_owned()))),
        doubt,
        is_overtaken: false,
        person: row
            .try_get::<Option<String>, _>("person")
            .ok()
            .flatten()
            .unwrap_or_default(),
    }
}

pub(super) fn intent_of(row: &Row) -> Option<Intent> {
    let text = |column: &str| row.try_get::<String, _>(column).ok();
    let maybe = |column: &str| row.try_get::<Option<String>, _>(column).ok();
    let people: Vec<String> = serde_json::from_str(&text("people")?).ok()?;
    let people: Option<Vec<WaId>> = people.iter().map(|id| WaId::from_api(id)).collect();
    let group = match maybe("group_id")? {
        Some(id) => Some(GroupId::new(&id).ok()?),
        None => None,
    };
    let correlation = match maybe("correlation")? {
        Some(id) => Some(CorrelationId::from_bits(
            u128::from_str_radix(&id, 16).ok()?,
        )),
        None => None,
    };
    Some(Intent {
        account: text("account")?,
        group,
        group_name: text("group_name")?,
        kind: ChangeKind::of_words(&text("kind")?)?,
        people: people?,
        before: before_of(
            &text("before_kind")?,
            text("before_text")?,
            row.try_get("before_bytes").ok()?,
        )?,
        after: text("after_text")?,
        correlation,
    })
}

pub(super) fn state_of(row: &Row) -> Option<EntryState> {
    let state: String = row.try_get("state").ok()?;
    let why: String = row.try_get("why").ok()?;
    let end = match state.as_str() {
        IN_FLIGHT => return Some(EntryState::InFlight),
        APPLIED => End::Applied,
        NOT_APPLIED => End::NotApplied(why),
        UNKNOWN => End::Unknown(why),
        MIXED | UNCLEAR => {
            let results: Vec<[String; 3]> =
                serde_json::from_str(&row.try_get::<String, _>("results").ok()?).ok()?;
            End::Mixed(results.into_iter().map(person_of).collect::<Option<_>>()?)
        }
        HAPPENED => End::SettledByUser(Verdict::Happened),
        DID_NOT_HAPPEN => End::SettledByUser(Verdict::DidNotHappen),
        _ => return None,
    };
    Some(EntryState::Ended(end))
}

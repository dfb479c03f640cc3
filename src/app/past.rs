//! What the journal says of other runs of the program, a page at a time, newest first; and an entry of
//! it in words. Reading it is the work of the runtime.
//!
//! Invariant: only answers to the query that was asked last are taken.

use std::collections::BTreeMap;

use crate::domain::journal::{
    Before, ChangeKind, End, Entry, EntryId, EntryQuery, EntryState, Intent, PersonEnd, Verdict,
    Whose,
};
use crate::domain::{Clean, Role};

/// Entries read at once.
const PAGE: u32 = 100;
/// So close to the last row the next page is asked for.
const CLOSE: usize = 20;

/// How much was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Nothing.
    #[default]
    NotYet,
    /// The answer to this is awaited.
    Asked(EntryQuery),
    /// Down to this entry; there may be more.
    DownTo(EntryId),
    /// Everything there is.
    All,
    /// The journal cannot be read, and why.
    Failed(String),
}

/// Entries of other runs, as far as they were read.
#[derive(Debug, Default)]
pub struct Past {
    entries: BTreeMap<EntryId, Entry>,
    /// What was found out in this run: not among what is read, or not as it is now.
    kept: BTreeMap<EntryId, Entry>,
    words: String,
    reading: Reading,
}

impl Past {
    /// Begins anew with these words; blank for everything.
    pub(super) fn ask(&mut self, words: &str) -> EntryQuery {
        self.entries.clear();
        words.trim().clone_into(&mut self.words);
        self.next(None)
    }

    /// The next page, when there may be one and the row is close to the last of so many.
    pub(super) fn ask_more(&mut self, row: usize, rows: usize) -> Option<EntryQuery> {
        let Reading::DownTo(last) = self.reading else {
            return None;
        };
        (row + CLOSE >= rows).then(|| self.next(Some(last)))
    }

    fn next(&mut self, before: Option<EntryId>) -> EntryQuery {
        let query = EntryQuery {
            whose: Whose::OtherRuns,
            words: self.words.clone(),
            before,
            limit: PAGE,
        };
        self.reading = Reading::Asked(query.clone());
        query
    }

    /// The journal answered.
    pub(super) fn answered(&mut self, query: &EntryQuery, page: Result<Vec<Entry>, String>) {
        if self.reading != Reading::Asked(query.clone()) {
            return;
        }
        self.reading = match page {
            Ok(page) => {
                let full = u32::try_from(page.len()).is_ok_and(|len| len >= PAGE);
                let next = page.last().map(|last| last.id).filter(|_| full);
                self.entries
                    .extend(page.into_iter().map(|entry| (entry.id, entry)));
                next.map_or(Reading::All, Reading::DownTo)
            }
            Err(why) => Reading::Failed(why),
        };
    }

    /// What became of an entry was found out.
    pub(super) fn keep(&mut self, entry: Entry) {
        self.kept.insert(entry.id, entry);
    }

    /// An entry that was read or kept.
    pub fn get(&self, id: EntryId) -> Option<&Entry> {
        self.kept.get(&id).or_else(|| self.entries.get(&id))
    }

    /// What was read with the present words, newest first, but what is [`Self::kept`].
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        let read = self.entries.values().rev();
        read.filter(|entry| !self.kept.contains_key(&entry.id))
    }

    /// What was found out in this run, whatever the words.
    pub fn kept(&self) -> impl Iterator<Item = &Entry> {
        self.kept.values()
    }

    /// How much was read.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }
}

/// An entry in one line: `promote 2 people in Corrida`.
pub fn title(entry: &Entry) -> String {
    let Some(intent) = &entry.intent else {
        return "a change whose record is damaged".to_owned();
    };
    let what = intent.kind.words();
    let name = Clean::new(&intent.group_name);
    match (intent.kind, intent.people.as_slice()) {
        (ChangeKind::SendInvitation, [one]) => format!("{what} for {name} to {}", one.pretty()),
        (ChangeKind::Rename, _) => {
            format!("{what} {name} to {}", Clean::new(&intent.after))
        }
        (_, []) => format!("{what}: {name}"),
        (_, [one]) => format!("{what} {} in {name}", one.pretty()),
        (_, many) => format!("{what} {} people in {name}", many.len()),
    }
}

/// How an entry ended, in a word or two.
pub fn state(entry: &Entry) -> &'static str {
    match &entry.state {
        EntryState::InFlight => "under way",
        EntryState::Ended(End::Applied) => "done",
        EntryState::Ended(End::NotApplied(_)) => "not done",
        EntryState::Ended(End::Unknown(_)) => "not known",
        EntryState::Ended(end @ End::Mixed(_)) if !end.is_final() => "not known",
        EntryState::Ended(End::Mixed(_)) => "in part",
        EntryState::Ended(End::SettledByUser(Verdict::Happened)) => "happened",
        EntryState::Ended(End::SettledByUser(Verdict::DidNotHappen)) => "did not happen",
    }
}

/// Everything an entry says, with a label each. Times are for whoever knows the time zone.
pub fn facts(entry: &Entry) -> Vec<(&'static str, String)> {
    let mut facts = vec![("what", title(entry))];
    if let Some(intent) = &entry.intent {
        facts.extend(change(intent));
        let account = intent.account.clone();
        facts.push(if entry.person.is_empty() {
            ("who", account)
        } else {
            ("who", format!("{}, as {account}", entry.person))
        });
    }
    let (outcome, why) = match &entry.state {
        EntryState::InFlight => ("under way in another wavedeck", ""),
        EntryState::Ended(end) => match end {
            End::NotApplied(why) | End::Unknown(why) => (state(entry), why.as_str()),
            End::Applied | End::Mixed(_) => (state(entry), ""),
            End::SettledByUser(_) => (state(entry), "as somebody said who looked"),
        },
    };
    let outcome = match why {
        "" => outcome.to_owned(),
        why => format!("{outcome}: {why}"),
    };
    facts.push(("outcome", outcome));
    if let EntryState::Ended(End::Mixed(people)) = &entry.state {
        facts.extend(people.iter().map(|(id, end)| {
            let end = match end {
                PersonEnd::Done => "done".to_owned(),
                PersonEnd::AlreadySo => "it was so already".to_owned(),
                PersonEnd::Refused(why) => format!("refused: {why}"),
                PersonEnd::NotConfirmed(why) => format!("not known: {why}"),
                PersonEnd::NotSent(why) => format!("not sent: {why}"),
            };
            ("", format!("{}  {end}", id.pretty()))
        }));
    }
    if !entry.doubt.is_empty() {
        facts.push(("before", format!("it was not known: {}", entry.doubt)));
    }
    facts
}

/// From what to what, and to whom.
fn change(intent: &Intent) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    match &intent.before {
        Before::Subject(subject) => facts.push(("from", subject.clone())),
        Before::Roles(roles) if intent.people.len() > 1 => {
            let people = roles.iter().map(|(id, role)| {
                let role = match role {
                    Some(Role::Admin) => "admin",
                    Some(Role::Member) => "member",
                    None => "not in the group",
                };
                ("", format!("{}  {role} before", id.pretty()))
            });
            facts.extend(people);
        }
        Before::Unknown | Before::Roles(_) | Before::Icon(_) | Before::Invite(_) => {}
    }
    if !intent.after.is_empty() && intent.kind != ChangeKind::Create {
        let label = match intent.kind {
            ChangeKind::SendToGroup | ChangeKind::SendInvitation => "text",
            ChangeKind::Create
            | ChangeKind::Rename
            | ChangeKind::SetIcon
            | ChangeKind::RemoveIcon
            | ChangeKind::ResetInvite
            | ChangeKind::Promote
            | ChangeKind::Demote
            | ChangeKind::Remove
            | ChangeKind::Leave => "to",
        };
        facts.push((label, intent.after.clone()));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Millis;

    fn entry(number: i64) -> Entry {
        Entry {
            id: EntryId(number),
            begun: Millis(0),
            ended: None,
            intent: None,
            state: EntryState::Ended(End::Applied),
            doubt: String::new(),
            is_overtaken: false,
            person: String::new(),
        }
    }

    fn page(range: std::ops::Range<i64>) -> Vec<Entry> {
        range.rev().map(entry).collect()
    }

    #[test]
    fn pages_follow_one_another_until_one_is_not_full() {
        let mut past = Past::default();
        let first = past.ask(" ana ");
        assert_eq!((first.words.as_str(), first.before), ("ana", None));
        past.answered(&first, Ok(page(50..150)));
        assert_eq!(past.ask_more(10, 100), None, "far from the end");
        let second = past.ask_more(90, 100).unwrap();
        assert_eq!(second.before, Some(EntryId(50)));
        assert_eq!(past.ask_more(90, 100), None, "asked already");
        past.answered(&second, Ok(page(1..50)));
        assert_eq!(past.reading(), &Reading::All);
        assert_eq!(past.iter().count(), 149);
        assert_eq!(past.iter().next().unwrap().id, EntryId(149));
    }

    #[test]
    fn the_answer_to_an_earlier_search_is_not_taken() {
        let mut past = Past::default();
        let early = past.ask("a");
        let late = past.ask("ab");
        past.answered(&early, Ok(page(1..3)));
        assert_eq!(past.iter().count(), 0);
        past.answered(&late, Err("no".to_owned()));
        assert_eq!(past.reading(), &Reading::Failed("no".to_owned()));
    }
}

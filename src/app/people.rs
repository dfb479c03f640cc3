//! The members of one group as they are shown: filter words, cursor and marks over [`Rows`].

use std::collections::HashSet;

use super::list::FilterInput;
use super::rows::Rows;
use crate::domain::{Contacts, Roster, WaId, plain};

/// The members of one group on the screen. Kept per group where the user did something, so marks wait while
/// one looks elsewhere.
#[derive(Debug, Default)]
pub struct People {
    /// The filter: digits, words of names, `is:admin`, `is:member`.
    pub filter: FilterInput,
    /// The rows that pass it: oneself, then admins, then the others as the API orders them.
    pub rows: Rows<WaId>,
}

impl People {
    /// Takes the current members. Returns how many marks were lost with people who are gone.
    pub fn refresh(
        &mut self,
        roster: Option<&Roster>,
        own: Option<&WaId>,
        contacts: &Contacts,
    ) -> usize {
        let Some(roster) = roster else {
            self.rows.set(Vec::new());
            return 0;
        };
        let lost = if self.rows.marks().is_empty() && self.rows.range().is_none() {
            0
        } else {
            let here: HashSet<WaId> = roster.members().collect();
            self.rows.drop_gone(|id| !here.contains(id))
        };
        let words = Words::parse(self.filter.input.text());
        let mut rows = Vec::with_capacity(roster.count());
        let (mut admins, mut others) = (Vec::new(), Vec::with_capacity(roster.count()));
        for id in roster.members() {
            if !words.pass(roster, &id, contacts) {
                continue;
            }
            if Some(&id) == own {
                rows.push(id);
            } else if roster.is_admin(&id) {
                admins.push(id);
            } else {
                others.push(id);
            }
        }
        rows.append(&mut admins);
        rows.append(&mut others);
        self.rows.set(rows);
        lost
    }

    /// The words of the filter changed: the first row gets the cursor.
    pub fn filter_typed(
        &mut self,
        roster: Option<&Roster>,
        own: Option<&WaId>,
        contacts: &Contacts,
    ) {
        self.refresh(roster, own, contacts);
        if self.filter.is_active() && !self.rows.is_empty() {
            self.rows.move_to(0);
        }
    }

    /// Whether nothing would be lost if it were made anew.
    pub fn is_untouched(&self) -> bool {
        !self.rows.is_touched() && self.filter.input.text().is_empty() && !self.filter.typing
    }

    /// Whether the filter is a number being typed: then letters are commands, not words, so that a
    /// number can be found and acted on without leaving the field.
    pub fn is_number_typed(&self) -> bool {
        let text = self.filter.input.text();
        self.filter.typing && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
    }

    /// Whom an action is about: the marked people, or the one under the cursor.
    pub fn targets(&self) -> Vec<WaId> {
        if self.rows.marks().is_empty() {
            return self.rows.current().cloned().into_iter().collect();
        }
        // Rows first, in the order of the screen; then those that the filter hides.
        let mut targets: Vec<WaId> = self
            .rows
            .all()
            .iter()
            .filter(|id| self.rows.marks().contains(id))
            .cloned()
            .collect();
        let shown: HashSet<WaId> = targets.iter().cloned().collect();
        targets.extend(
            self.rows
                .marks()
                .iter()
                .filter(|id| !shown.contains(id))
                .cloned(),
        );
        targets
    }
}

/// The filter, taken apart.
#[derive(Debug, Default)]
struct Words {
    admins_only: bool,
    members_only: bool,
    digits: Vec<String>,
    /// Parts of names that the user gave: the API tells numbers only.
    names: Vec<String>,
}

impl Words {
    fn parse(text: &str) -> Self {
        let mut words = Self::default();
        for word in text.to_lowercase().split_whitespace() {
            match word {
                // Half-typed words must not make the list jump.
                "is:admin" => words.admins_only = true,
                "is:member" => words.members_only = true,
                word if "is:admin".starts_with(word) || "is:member".starts_with(word) => {}
                word => {
                    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
                    let separators = |c: char| c.is_ascii_digit() || "+-().".contains(c);
                    if word.chars().all(separators) {
                        words.digits.push(digits);
                    } else {
                        words.names.push(plain(word));
                    }
                }
            }
        }
        words
    }

    fn pass(&self, roster: &Roster, id: &WaId, contacts: &Contacts) -> bool {
        if (self.admins_only && !roster.is_admin(id)) || (self.members_only && roster.is_admin(id))
        {
            return false;
        }
        if !self.names.is_empty() {
            let Some(name) = contacts.name(id) else {
                return false;
            };
            let name = plain(name.as_str());
            if !self.names.iter().all(|word| name.contains(word)) {
                return false;
            }
        }
        if self.digits.is_empty() {
            return true;
        }
        let number = id.to_string();
        self.digits.iter().all(|digits| number.contains(digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Clean;
    use crate::keymap::Key;

    fn id(text: &str) -> WaId {
        WaId::from_api(text).unwrap()
    }

    fn roster() -> Roster {
        Roster::new(
            vec![
                id("5519900000003"),
                id("5519900000001"),
                id("5519900000000"),
                id("5511900000002"),
            ],
            vec![id("5519900000000"), id("5519900000001")],
        )
    }

    fn shown(people: &People) -> Vec<String> {
        people.rows.all().iter().map(ToString::to_string).collect()
    }

    fn typed(people: &mut People, text: &str) {
        people.filter.typing = true;
        for c in text.chars() {
            people.filter.input.key(Key::char(c));
            let contacts = [(id("5519900000001"), Clean::new("Bruna Luz"))];
            let contacts = contacts.into_iter().collect();
            people.filter_typed(Some(&roster()), Some(&id("5519900000000")), &contacts);
        }
    }

    #[test]
    fn oneself_comes_first_then_admins_then_the_others() {
        let mut people = People::default();
        people.refresh(
            Some(&roster()),
            Some(&id("5519900000000")),
            &Contacts::default(),
        );
        assert_eq!(
            shown(&people),
            [
                "5519900000000",
                "5519900000001",
                "5519900000003",
                "5511900000002"
            ]
        );
    }

    #[test]
    fn four_digits_find_a_number_and_letters_are_commands_then() {
        let mut people = People::default();
        typed(&mut people, "0003");
        assert_eq!(shown(&people), ["5519900000003"]);
        assert!(people.is_number_typed());
    }

    #[test]
    fn roles_and_digits_narrow_together() {
        let mut people = People::default();
        typed(&mut people, "is:ad");
        assert_eq!(people.rows.len(), 4, "a half-typed word changes nothing");
        assert!(!people.is_number_typed());
        typed(&mut people, "min 5519");
        assert_eq!(shown(&people), ["5519900000000", "5519900000001"]);
        typed(&mut people, " BRÚ");
        assert_eq!(
            shown(&people),
            ["5519900000001"],
            "by the name the user gave"
        );
        typed(&mut people, "x");
        assert!(people.rows.is_empty());
    }

    #[test]
    fn marked_people_are_the_targets_even_when_the_filter_hides_them() {
        let mut people = People::default();
        people.refresh(Some(&roster()), None, &Contacts::default());
        people.rows.toggle_mark();
        typed(&mut people, "0002");
        people.rows.toggle_mark();
        assert_eq!(people.targets().len(), 2);
        assert_eq!(people.targets()[0], id("5511900000002"));
    }

    #[test]
    fn marks_of_people_who_left_are_dropped_and_counted() {
        let mut people = People::default();
        people.refresh(Some(&roster()), None, &Contacts::default());
        people.rows.toggle_all();
        let rest = Roster::new(vec![id("5519900000003")], vec![]);
        assert_eq!(people.refresh(Some(&rest), None, &Contacts::default()), 3);
        assert_eq!(people.targets(), [id("5519900000003")]);
    }
}

//! What an earlier run knew, as the runtime would have read it.

use super::{Probe, id};
use crate::app::Msg;
use crate::app::update::Recalled;
use crate::domain::{Headcount, Millis, Recollection, Remembered, Told};

impl Probe {
    /// An earlier run read these groups of the server so many minutes ago, and the list with the first of them.
    pub(crate) fn recall(&mut self, minutes: &[(&str, u64)]) {
        let recollection = self.recollection(minutes);
        let recalled = Recalled::new(recollection, self.model.now);
        self.model.recall(recalled);
    }

    pub(crate) fn recollection(&mut self, minutes: &[(&str, u64)]) -> Recollection {
        let told = minutes.iter().map(|(group, ago)| {
            let as_of = self.ago(*ago);
            let details = self.server.group(group).details();
            let people = details.roster.map(|roster| Headcount {
                members: u32::try_from(roster.count()).unwrap(),
                admins: u32::try_from(roster.admin_count()).unwrap(),
            });
            let told = Told {
                as_of,
                subject: details.subject,
                creator: details.creator,
                created: details.created,
                people,
            };
            Remembered::Told(id(group), told)
        });
        let groups = told.collect();
        Recollection {
            groups,
            listed: minutes.first().map(|(_, ago)| self.ago(*ago)),
            more: None,
        }
    }

    /// Who was in them comes behind.
    pub(crate) fn recall_people(&mut self, minutes: &[(&str, u64)]) {
        let people = minutes.iter().map(|(group, ago)| {
            let roster = self.server.group(group).details().roster.unwrap();
            (id(group), self.ago(*ago), roster)
        });
        let people = people.collect();
        self.send(Msg::PeopleRecalled(people));
    }

    pub(crate) fn ago(&self, minutes: u64) -> Millis {
        Millis(self.model.now.0 - minutes * 60_000)
    }
}

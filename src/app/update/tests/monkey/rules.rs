//! What must be true after every event, whatever it was.

use super::*;

impl Monkey {
    pub(super) fn check(&mut self, calls_before: usize) {
        for call in self.app.calls.split_off(calls_before) {
            let kind = usize::from(call.operation().is_change());
            self.sent[kind] += 1;
            let Some(id) = call.group() else { continue };
            let yes = match &call {
                Call::Members(_, verb, ids) => self.was_answered(id, |intent| {
                    matches!(intent, Mutation::Members(v, all)
                        if v == verb && ids.iter().all(|id| all.contains(id)))
                }),
                Call::ResetInvite(_) => self.was_answered(id, |m| *m == Mutation::ResetInvite),
                Call::RemoveIcon(_) => self.was_answered(id, |m| *m == Mutation::RemoveIcon),
                Call::Leave(_) => self
                    .answered
                    .iter()
                    .any(|intent| matches!(intent, Intent::Leave(ids) if ids.contains(id))),
                Call::SendInvitation(_, invitation) => {
                    let text = invitation.text().as_str();
                    let to = invitation.to();
                    assert!(
                        !self.strangers.contains(to),
                        "to {to}, who was never typed and only wrote"
                    );
                    let just_this = |(group, person, agreed): &(GroupId, WaId, String)| {
                        group == id && person == invitation.to() && agreed == text
                    };
                    let at = self.agreed.iter().position(just_this);
                    at.map(|at| self.agreed.swap_remove(at));
                    self.invited += 1;
                    at.is_some()
                }
                Call::Send(message) => {
                    let threads = self.app.model.messages.iter();
                    let its = threads.filter(|(_, thread)| {
                        thread.messages().iter().any(|own| own.id == message.id)
                    });
                    let its: Vec<&GroupId> = its.map(|(group, _)| group).collect();
                    assert_eq!(its, [&message.group], "another group than its thread's");
                    let new = self.messages.insert(message.id.clone());
                    assert!(new, "sent twice: {message:?}");
                    let is_it = |(group, text): &(GroupId, MessageText)| {
                        *group == message.group && *text == message.text
                    };
                    let at = self.submitted.iter().position(is_it);
                    at.map(|at| self.submitted.swap_remove(at)).is_some()
                }
                Call::Index
                | Call::Details(_)
                | Call::Invite(_)
                | Call::Create(_)
                | Call::Rename(..)
                | Call::Icon(_)
                | Call::Picture(..)
                | Call::SetIcon(..)
                | Call::TestAccount(_) => continue,
            };
            self.grave += 1;
            assert!(yes, "nobody said yes to {call:?}");
        }
        let flying = &self.app.model.flying;
        let behind = flying
            .values()
            .filter(|flying| flying.origin == Origin::Behind)
            .count();
        assert!(behind <= 16, "{behind} reads behind");
        // A message to a group is no change of it: it has a line of its own.
        for messages in [false, true] {
            let mut changing: Vec<&GroupId> = flying
                .values()
                .filter(|f| f.call.operation().is_change())
                // Leaving concerns the list, and a message to a person changes nothing in the group.
                .filter(|f| !matches!(f.call, Call::Leave(_) | Call::SendInvitation(..)))
                .filter(|f| matches!(f.call, Call::Send(_)) == messages)
                .filter_map(|flying| flying.call.group())
                .collect();
            changing.sort();
            assert!(
                changing.windows(2).all(|two| two[0] != two[1]),
                "two changes in one group"
            );
        }
        let invitations = flying
            .values()
            .filter(|f| matches!(f.call, Call::SendInvitation(..)))
            .count();
        assert!(invitations <= 1, "{invitations} invitations at once");
        let open: BTreeSet<Ticket> = self.app.open.iter().map(|(ticket, _)| *ticket).collect();
        assert!(
            flying.keys().all(|ticket| open.contains(ticket)),
            "waits for what never left"
        );
        let read = |call: &Call| !call.operation().is_change();
        let mut waited = self.app.open.iter().filter(|(_, call)| read(call));
        assert!(
            waited.all(|(ticket, _)| flying.contains_key(ticket)),
            "an unwanted read goes on"
        );
        if self.app.cancelled.len() > 50 {
            self.app.cancelled.clear();
        }
    }

    fn was_answered(&self, id: &GroupId, is: impl Fn(&Mutation) -> bool) -> bool {
        let mut intents = self.answered.iter();
        intents.any(|intent| matches!(intent, Intent::Change(group, m) if group == id && is(m)))
    }
}

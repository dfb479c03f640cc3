//! The changes to one group: one under way, the others in line behind it.

use std::collections::VecDeque;

use super::{Change, Work};
use crate::domain::{MemberVerb, Mutation, WaId};

/// What the change under way waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaiting {
    /// The reply to what was sent.
    Reply,
    /// The group, read after the reply.
    Details,
    /// The link, read after the reply.
    Invite,
    /// The icon, read after the reply.
    Icon,
}

/// Changes to one group: the one under way and those that wait. Only one is ever in flight.
#[derive(Debug, Default)]
pub struct Outbox {
    current: Option<(Change, Awaiting)>,
    queued: VecDeque<Mutation>,
}

impl Outbox {
    /// One with nothing in it.
    pub const IDLE: Self = Self {
        current: None,
        queued: VecDeque::new(),
    };

    /// The change under way.
    pub fn current(&self) -> Option<&Change> {
        self.current.as_ref().map(|(change, _)| change)
    }

    /// What the change under way waits for.
    pub fn awaiting(&self) -> Option<Awaiting> {
        self.current.as_ref().map(|(_, awaiting)| *awaiting)
    }

    /// The change under way, when it waits for just that.
    pub fn waiting_for(&mut self, what: Awaiting) -> Option<&mut Change> {
        self.current
            .as_mut()
            .filter(|(_, awaiting)| *awaiting == what)
            .map(|(change, _)| change)
    }

    /// The change under way waits for something else now.
    pub fn wait(&mut self, what: Awaiting) {
        if let Some((_, awaiting)) = &mut self.current {
            *awaiting = what;
        }
    }

    /// Puts a change at the end of the line.
    pub fn push(&mut self, mutation: Mutation) {
        self.queued.push_back(mutation);
    }

    /// The next change to start, when nothing is under way.
    pub fn take_next(&mut self) -> Option<Mutation> {
        if self.current.is_some() {
            None
        } else {
            self.queued.pop_front()
        }
    }

    /// Whether just this waits for its turn.
    pub fn is_waiting(&self, mutation: &Mutation) -> bool {
        self.queued.contains(mutation)
    }

    /// Drops the changes that wait; returns them.
    pub fn drop_waiting(&mut self) -> Vec<Mutation> {
        std::mem::take(&mut self.queued).into()
    }

    /// A change was started; it waits for the first reply.
    pub fn begin(&mut self, change: Change) {
        self.current = Some((change, Awaiting::Reply));
    }

    /// The change under way is over.
    pub fn end(&mut self) {
        self.current = None;
    }

    /// Whether a new link is on its way, or waits for its turn: the old one is not to be handed out.
    pub fn resets_invite(&self) -> bool {
        let resetting = |change: &Change| matches!(change.work, Work::ResetInvite { .. });
        self.current().is_some_and(resetting) || self.queued.contains(&Mutation::ResetInvite)
    }

    /// Whether the change under way takes `id` out of the group.
    pub fn is_removing(&self, id: &WaId) -> bool {
        let removes = |change: &Change| matches!(change.of(id), Some((MemberVerb::Remove, _)));
        self.current().is_some_and(removes)
    }

    /// Whether nothing is under way or waiting.
    pub fn is_idle(&self) -> bool {
        self.current.is_none() && self.queued.is_empty()
    }
}

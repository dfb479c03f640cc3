//! What a probe receives: kept in memory, told as the runtime tells it, and read page by page.

use super::Probe;
use crate::app::Msg;
use crate::domain::{
    Clean, Content, CorrelationId, DeliveryState, Fate, GroupId, Incoming, Kept, Lane, News,
    Sender, Seq,
};

impl Probe {
    /// Somebody writes in a group.
    pub(crate) fn hears(&mut self, group: &str, sender: &str, text: &str) -> Seq {
        let lane = Lane::Group(GroupId::new(group).unwrap());
        self.hears_in(lane, sender, "", Content::Text(text.into()))
    }

    /// Something is received, now, from somebody with a name.
    pub(crate) fn hears_in(
        &mut self,
        lane: Lane,
        sender: &str,
        name: &str,
        content: Content,
    ) -> Seq {
        let kept = self.keep_received(lane, sender, name, content);
        let seq = kept.seq;
        self.send(Msg::Arrived(News {
            messages: vec![kept],
            fates: Vec::new(),
            last: seq,
            is_partial: false,
        }));
        seq
    }

    /// The same without telling the program: as if it had come before the start.
    pub(crate) fn keep_received(
        &mut self,
        lane: Lane,
        sender: &str,
        name: &str,
        content: Content,
    ) -> Kept {
        let seq = Seq(i64::try_from(self.received.len()).unwrap() + 1);
        let kept = Kept {
            seq,
            kept_at: self.model.now,
            times: 1,
            message: Incoming {
                lane,
                sender: Sender::new(sender),
                name: Clean::new(name),
                content,
                received_at: Some(self.model.now),
            },
        };
        self.received.push(kept.clone());
        kept
    }

    /// The provider reports how far a message of ours got.
    pub(crate) fn reported(&mut self, id: &CorrelationId, state: DeliveryState) {
        let id = id.clone();
        self.send(Msg::Arrived(News {
            fates: vec![Fate { id, state }],
            ..News::default()
        }));
    }

    /// What the store has of a lane.
    pub(super) fn lane(&self, lane: &Lane, before: Option<Seq>, most: u32) -> Vec<Kept> {
        let fits = |kept: &&Kept| {
            kept.message.lane == *lane && before.is_none_or(|before| kept.seq < before)
        };
        let mut page: Vec<Kept> = self.received.iter().filter(fits).cloned().collect();
        let most = usize::try_from(most).unwrap();
        page.drain(..page.len().saturating_sub(most));
        page
    }
}

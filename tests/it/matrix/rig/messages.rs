//! Messages, which have no screen yet: the client writes them, and the classifier judges.
//!
//! Both functions are to be replaced by what a user does and reads.

use wavedeck::app::line::judge;
use wavedeck::app::outcome::{self, Fate};

use super::super::expect::journal_end;
use super::*;

/// The words of a message's end. The one place to fill in when messages have a screen.
pub(in crate::matrix) fn words_of_a_message(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied
        | Outcome::NotApplied
        | Outcome::Unknown
        | Outcome::Read
        | Outcome::Failed
        | Outcome::Waits => "",
    }
}

impl Rig<'_> {
    /// Writes with the client alone, and lets the classifier judge.
    pub(super) async fn write(mut self) -> Observed {
        self.arm().await;
        let base = self.bad_base_again();
        let client = self.client(&base);
        let group = self.simulator.state().groups().remove(0);
        let id = CorrelationId::from_bits(7);
        let result = if self.cell.operation == Operation::SendToGroup {
            let message = GroupMessage {
                group: GroupId::new(&group.id).unwrap(),
                text: "Bom dia!".parse().unwrap(),
                id,
            };
            client.send_to_group(&message).await.result
        } else {
            let link = InviteLink::new("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv");
            let to = WaId::from_api("5511900000009").unwrap();
            let invitation = Invitation::new(to, "Entre no grupo:", &link, id).unwrap();
            client.send_invitation(&invitation).await.result
        };
        let fate = outcome::of_change(self.cell.operation, result.as_ref().map(|_| ()));
        let outcome = match fate {
            Fate::Claimed => Outcome::Applied,
            Fate::NotApplied => Outcome::NotApplied,
            Fate::Contested | Fate::InDoubt => Outcome::Unknown,
        };
        let mut line = Line::Online;
        if let Err(why) = &result {
            judge(&mut line, self.cell.operation, why, 1, 0.5, self.model.now);
        }
        let sent = self.simulator.state().outbox().len();
        Observed {
            outcome,
            // Nor does anything write it down yet.
            journal: journal_end(outcome).into_iter().collect(),
            wire: self.wire(),
            told: result.err().iter().map(Failure::why).collect(),
            // A wish to slow down is over by the time a core would look again.
            shown: shown(&line, self.model.now.after(WATCHED)),
            draft: Draft::None,
            happened: Some(sent > 0),
            times: sent,
            strayed: self.strayed(),
            // There is no screen for it yet.
            marked: outcome != Outcome::Applied,
        }
    }

    fn bad_base_again(&self) -> String {
        let faults = self.faults.as_ref().map(FaultServer::base_url);
        faults.unwrap_or_else(|| self.hosts.base_url(self.cell.trouble).unwrap())
    }
}

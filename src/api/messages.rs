//! The one call that writes to people: to a group, or an invitation to one person.
//!
//! Not here: drafts, the seconds in which a message can be taken back, repeating. Invariants: who
//! receives and what `recipientType` says come from one value, so neither can be sent with the
//! other; and every 2xx of this API means accepted, which is not delivered. A 2xx of somebody in
//! between leaves it open what became of the message.

use serde_json::json;

use super::client::{Body, Client, Request};
use super::error::Error;
use super::{Answer, wire};
use crate::domain::{
    Accepted, CorrelationId, GroupId, GroupMessage, Invitation, MessageText, Operation, WaId,
};

/// Who receives.
enum Recipient<'a> {
    Group(&'a GroupId),
    /// May be charged.
    Person(&'a WaId),
}

impl Client {
    /// Writes to a group, over a connection of its own.
    ///
    /// Source: «Sending Messages to Groups».
    pub async fn send_to_group(&self, message: &GroupMessage) -> Answer<Accepted> {
        self.write(
            Operation::SendToGroup,
            Recipient::Group(&message.group),
            &message.text,
            &message.id,
        )
        .await
    }

    /// Sends the link of a group to one person as a direct message, which may be charged; over a
    /// connection of its own.
    ///
    /// Source: the paragraphs on `…/invite`: «send the link in a text message».
    pub async fn send_invitation(&self, invitation: &Invitation) -> Answer<Accepted> {
        self.write(
            Operation::SendInvitation,
            Recipient::Person(invitation.to()),
            invitation.text(),
            invitation.id(),
        )
        .await
    }

    async fn write(
        &self,
        operation: Operation,
        recipient: Recipient<'_>,
        text: &MessageText,
        id: &CorrelationId,
    ) -> Answer<Accepted> {
        let (destination, kind) = match recipient {
            Recipient::Group(group) => (group.as_str().to_owned(), "group"),
            Recipient::Person(person) => (person.to_string(), "individual"),
        };
        let body = json!({
            "destinations": [{
                "correlationId": id.as_str(),
                "destination": destination,
                "recipientType": kind,
            }],
            "message": { "messageText": text.as_str() },
        });
        let request = Request {
            operation,
            group: None,
            body: Body::Json(body.to_string()),
        };
        self.call(request, |heard| {
            let accepted = wire::accepted(heard.status(), heard.bytes(), id);
            let name = accepted.map_err(Error::unproven)?.provider_id;
            Ok(Accepted {
                provider_id: name.filter(|name| !self.repeats_token(name)),
            })
        })
        .await
    }
}

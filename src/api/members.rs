//! The calls on people in a group: remove them, make them admins, make them plain participants.
//!
//! Not here: splitting long lists ([`WaIds::chunks`]) and checking who is in the group, which is up
//! to the caller. Invariant: an id that the API cannot take never goes on the wire.

use serde_json::json;

use super::Answer;
use super::client::{Body, Client, Request};
use super::error::Error;
use crate::domain::{GroupId, Operation, WaIds};

impl Client {
    /// Takes people out of a group.
    ///
    /// Source: «Removing Group Members».
    pub async fn remove_participants(&self, id: &GroupId, people: &WaIds) -> Answer<()> {
        self.people(Operation::RemoveParticipants, id, people).await
    }

    /// Makes participants admins.
    ///
    /// Source: «Adding Administrators».
    pub async fn add_admins(&self, id: &GroupId, people: &WaIds) -> Answer<()> {
        self.people(Operation::AddAdmins, id, people).await
    }

    /// Makes admins plain participants.
    ///
    /// Source: «Removing Administrators».
    pub async fn remove_admins(&self, id: &GroupId, people: &WaIds) -> Answer<()> {
        self.people(Operation::RemoveAdmins, id, people).await
    }

    async fn people(&self, operation: Operation, id: &GroupId, people: &WaIds) -> Answer<()> {
        let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
        let request = Request {
            operation,
            group: Some(id),
            body: Body::Json(json!({ "waIds": ids }).to_string()),
        };
        match people.iter().find(|person| !person.is_sendable()) {
            Some(person) => self.refuse(request, Error::Unsendable(person.short())),
            None => self.call(request, |_| Ok(())).await,
        }
    }
}

//! The calls on groups as a whole: list, details, create, rename, leave.
//!
//! Not here: people (`members`) and links (`invite`). Invariant: a change is successful by its
//! status alone; only creating needs something from the body, the id of the new group.

use serde_json::json;

use super::client::{Body, Client, Request};
use super::error::Error;
use super::{Answer, wire};
use crate::domain::{GroupDetails, GroupId, Operation, Subject};

impl Client {
    /// The ids of all groups the account is in, each once, in the order of the server.
    ///
    /// Source: «Consulting All Groups».
    pub async fn list_groups(&self) -> Answer<Vec<GroupId>> {
        let request = Request {
            operation: Operation::ListGroups,
            group: None,
            body: Body::Nothing,
        };
        self.call(request, |heard| wire::list(heard.status(), heard.text()?))
            .await
    }

    /// Subject, people and origin of one group.
    ///
    /// Source: «Consulting Group Information».
    pub async fn group_details(&self, id: &GroupId) -> Answer<GroupDetails> {
        let request = Request {
            operation: Operation::GroupDetails,
            group: Some(id),
            body: Body::Nothing,
        };
        self.call(request, |heard| {
            wire::details(heard.status(), heard.text()?, id)
        })
        .await
    }

    /// Creates a group and returns its id, over a connection of its own.
    ///
    /// A 2xx answer without a readable id is a failure with [`crate::domain::Sent::Maybe`]: the
    /// group may exist, so look for it in the list.
    ///
    /// Source: «Creating Groups».
    pub async fn create_group(&self, subject: &Subject) -> Answer<GroupId> {
        let request = Request {
            operation: Operation::CreateGroup,
            group: None,
            body: Body::Json(subject_body(subject)),
        };
        self.call(request, |heard| {
            heard
                .text()
                .and_then(|text| wire::created(heard.status(), text))
                .map_err(Error::unproven)
        })
        .await
    }

    /// Gives a group another subject.
    ///
    /// Source: «Updating Group Information».
    pub async fn rename_group(&self, id: &GroupId, subject: &Subject) -> Answer<()> {
        let request = Request {
            operation: Operation::RenameGroup,
            group: Some(id),
            body: Body::Json(subject_body(subject)),
        };
        self.call(request, |_| Ok(())).await
    }

    /// Leaves a group, for good: a business number cannot join one.
    ///
    /// Source: «Leaving a Group».
    pub async fn leave_group(&self, id: &GroupId) -> Answer<()> {
        let request = Request {
            operation: Operation::LeaveGroup,
            group: Some(id),
            body: Body::Nothing,
        };
        self.call(request, |_| Ok(())).await
    }
}

fn subject_body(subject: &Subject) -> String {
    json!({ "subject": subject.as_str() }).to_string()
}

//! The calls on `…/invite`. Not here: what a link may look like, see [`InviteLink`].
//!
//! Invariant: resetting never reads a link from its answer; the document does not say whether a new
//! one exists then.

use super::client::{Body, Client, Request};
use super::{Answer, wire};
use crate::domain::{GroupId, InviteLink, Operation};

impl Client {
    /// The link by which people join. Asking may create it.
    ///
    /// Source: the paragraph on `GET …/invite`.
    pub async fn invite_link(&self, id: &GroupId) -> Answer<InviteLink> {
        let request = Request {
            operation: Operation::GetInvite,
            group: Some(id),
            body: Body::Nothing,
        };
        self.call(request, |heard| {
            wire::link(heard.status(), heard.text()?, id)
        })
        .await
    }

    /// Makes the present link worthless.
    ///
    /// Source: the paragraph on `DELETE …/invite`.
    pub async fn reset_invite_link(&self, id: &GroupId) -> Answer<()> {
        let request = Request {
            operation: Operation::ResetInvite,
            group: Some(id),
            body: Body::Nothing,
        };
        self.call(request, |_| Ok(())).await
    }
}

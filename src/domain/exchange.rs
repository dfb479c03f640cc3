//! One request and its answer, as the Activity pane lists them. Never holds credentials.

use std::time::Duration;

use super::Clean;

/// The calls of the provider's document, one name each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `GET /v1/whatsapp/groups`
    ListGroups,
    /// `GET /v1/whatsapp/groups/{id}`
    GroupDetails,
    /// `POST /v1/whatsapp/groups`
    CreateGroup,
    /// `PUT /v1/whatsapp/groups/{id}`
    RenameGroup,
    /// `GET /v1/whatsapp/groups/{id}/invite`
    GetInvite,
    /// `DELETE /v1/whatsapp/groups/{id}/invite`
    ResetInvite,
    /// `DELETE /v1/whatsapp/groups/{id}/participants`
    RemoveParticipants,
    /// `PATCH /v1/whatsapp/groups/{id}/admins`
    AddAdmins,
    /// `DELETE /v1/whatsapp/groups/{id}/admins`
    RemoveAdmins,
    /// `POST /v1/whatsapp/groups/{id}/leave`
    LeaveGroup,
    /// `GET /v1/whatsapp/groups/{id}/icon`
    GetIcon,
    /// `POST /v1/whatsapp/groups/{id}/icon`
    SetIcon,
    /// `DELETE /v1/whatsapp/groups/{id}/icon`
    RemoveIcon,
    /// The picture itself, from another host, without credentials.
    FetchPicture,
    /// `POST /v1/whatsapp/send`, to a group.
    SendToGroup,
    /// `POST /v1/whatsapp/send`, an invitation to one person; may be charged.
    SendInvitation,
}

impl Operation {
    /// Every operation, for tables and tests.
    pub const ALL: [Self; 16] = [
        Self::ListGroups,
        Self::GroupDetails,
        Self::CreateGroup,
        Self::RenameGroup,
        Self::GetInvite,
        Self::ResetInvite,
        Self::RemoveParticipants,
        Self::AddAdmins,
        Self::RemoveAdmins,
        Self::LeaveGroup,
        Self::GetIcon,
        Self::SetIcon,
        Self::RemoveIcon,
        Self::FetchPicture,
        Self::SendToGroup,
        Self::SendInvitation,
    ];

    /// The HTTP method.
    pub fn method(self) -> &'static str {
        match self {
            Self::ListGroups
            | Self::GroupDetails
            | Self::GetInvite
            | Self::GetIcon
            | Self::FetchPicture => "GET",
            Self::CreateGroup
            | Self::LeaveGroup
            | Self::SetIcon
            | Self::SendToGroup
            | Self::SendInvitation => "POST",
            Self::RenameGroup => "PUT",
            Self::AddAdmins => "PATCH",
            Self::ResetInvite
            | Self::RemoveParticipants
            | Self::RemoveAdmins
            | Self::RemoveIcon => "DELETE",
        }
    }

    /// What follows the group in the path: `/invite`, or nothing.
    pub fn tail(self) -> &'static str {
        match self {
            Self::ListGroups
            | Self::GroupDetails
            | Self::CreateGroup
            | Self::RenameGroup
            | Self::FetchPicture
            | Self::SendToGroup
            | Self::SendInvitation => "",
            Self::GetIcon | Self::SetIcon | Self::RemoveIcon => "/icon",
            Self::GetInvite | Self::ResetInvite => "/invite",
            Self::RemoveParticipants => "/participants",
            Self::AddAdmins | Self::RemoveAdmins => "/admins",
            Self::LeaveGroup => "/leave",
        }
    }

    /// Whether it changes anything on the server.
    pub fn is_change(self) -> bool {
        self.method() != "GET"
    }
}

/// One request as it went over the wire, and what came back. Paths and bodies, never headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Which call.
    pub operation: Operation,
    /// Path behind the base URL, percent-encoded as sent; for a picture its host and path.
    pub path: String,
    /// JSON body as sent, or what kind of picture it was; `None` for calls without a body.
    pub body: Option<String>,
    /// HTTP status, when an answer came.
    pub status: Option<u16>,
    /// From sending to the end of the answer, or to giving up.
    pub took: Duration,
    /// The first part of the answer, safe to show.
    pub answer: Clean,
}

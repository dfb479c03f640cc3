//! Calls as the core names them, made with the clients of the API: exactly one request for each.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore};

use crate::api::{Answer, Client, Pictures};
use crate::app::effect::Call;
use crate::app::msg::Reply;
use crate::domain::{
    Clean, Exchange, Failure, FailureKind, IconAddress, MemberVerb, Neighbourhood, Picture, Sent,
};
use crate::thumbnail;

/// Makes calls for one account. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Caller {
    client: Client,
    neighbourhood: Neighbourhood,
    /// For pictures, which are on another host and must never see the credentials. Built when the
    /// first one is wanted.
    pictures: Arc<OnceCell<Pictures>>,
    /// Decoding takes much memory for a moment: one at a time.
    decoding: Arc<Semaphore>,
    edge: u32,
}

impl Caller {
    /// Makes calls with `client`; pictures are scaled to `edge` pixels for drawing.
    pub fn new(client: Client, edge: u32) -> Self {
        Self {
            neighbourhood: client.neighbourhood(),
            client,
            pictures: Arc::new(OnceCell::new()),
            decoding: Arc::new(Semaphore::new(1)),
            edge,
        }
    }

    /// Makes one call with the client's method for it. Exactly one request leaves, or none. For
    /// [`Call::TestAccount`] the client must be one of that account.
    pub async fn perform(&self, call: &Call) -> (Reply, Exchange) {
        fn split<T>(
            answer: Answer<T>,
            reply: impl FnOnce(Result<T, Failure>) -> Reply,
        ) -> (Reply, Exchange) {
            (reply(answer.result), answer.exchange)
        }
        let client = &self.client;
        match call {
            Call::Index => split(client.list_groups().await, Reply::Index),
            Call::TestAccount(_) => split(client.list_groups().await, |r| {
                Reply::Tested(r.map(|ids| ids.len()))
            }),
            Call::Details(id) => split(client.group_details(id).await, |r| {
                Reply::Details(id.clone(), r)
            }),
            Call::Invite(id) => split(client.invite_link(id).await, |r| {
                Reply::Invite(id.clone(), r)
            }),
            Call::Icon(id) => split(client.icon(id).await, |r| {
                Reply::Icon(id.clone(), r.map(Some))
            }),
            Call::Picture(id, address) => {
                let (result, exchange) = self.picture(address).await;
                (Reply::Picture(id.clone(), result), exchange)
            }
            Call::Create(subject) => split(client.create_group(subject).await, |r| {
                Reply::Created(subject.clone(), r)
            }),
            Call::Rename(id, subject) => split(client.rename_group(id, subject).await, |r| {
                Reply::Changed(id.clone(), r)
            }),
            Call::Members(id, verb, people) => {
                let answer = match verb {
                    MemberVerb::Promote => client.add_admins(id, people).await,
                    MemberVerb::Demote => client.remove_admins(id, people).await,
                    MemberVerb::Remove => client.remove_participants(id, people).await,
                };
                split(answer, |r| Reply::Changed(id.clone(), r))
            }
            Call::ResetInvite(id) => split(client.reset_invite_link(id).await, |r| {
                Reply::Changed(id.clone(), r)
            }),
            Call::SetIcon(id, file) => split(client.set_icon(id, file).await, |r| {
                Reply::Changed(id.clone(), r)
            }),
            Call::RemoveIcon(id) => split(client.remove_icon(id).await, |r| {
                Reply::Changed(id.clone(), r)
            }),
            Call::Leave(id) => split(client.leave_group(id).await, |r| {
                Reply::Changed(id.clone(), r)
            }),
            Call::Send(message) => split(client.send_to_group(message).await, |r| {
                Reply::Sent(message.id.clone(), r)
            }),
            Call::SendInvitation(_, invitation) => {
                split(client.send_invitation(invitation).await, |r| {
                    Reply::Sent(invitation.id().clone(), r)
                })
            }
        }
    }

    async fn picture(&self, address: &IconAddress) -> (Result<Box<Picture>, Failure>, Exchange) {
        let pictures = self.pictures.get_or_try_init(|| async {
            let (neighbourhood, limits) = (self.neighbourhood, self.client.limits());
            tokio::task::spawn_blocking(move || Pictures::with_limits(neighbourhood, limits))
                .await
                .map_err(|why| Failure::refused(&why.to_string()))?
                .map_err(|why| Failure::refused(&why.to_string()))
        });
        let Answer { result, exchange } = match pictures.await {
            Ok(pictures) => pictures.fetch(address).await,
            Err(why) => {
                let exchange = unsent(&Call::Index);
                return (Err(why), exchange);
            }
        };
        let result = match result {
            Ok(bytes) => self.decoded(bytes, exchange.status).await,
            Err(why) => Err(why),
        };
        (result, exchange)
    }

    /// Decodes a picture on a thread of its own: a large one takes longer than a frame.
    async fn decoded(&self, bytes: Vec<u8>, status: Option<u16>) -> Result<Box<Picture>, Failure> {
        let malformed = |why: &str| Failure {
            kind: FailureKind::Malformed,
            status,
            sent: Sent::Answered,
            detail: Clean::new(why),
        };
        // Never closed, so there is always a turn.
        let _turn = self.decoding.acquire().await;
        let edge = self.edge;
        let decoded = tokio::task::spawn_blocking(move || picture(&bytes, edge)).await;
        match decoded {
            Ok(Ok(picture)) => Ok(Box::new(picture)),
            Ok(Err(why)) => Err(malformed(&why.to_string())),
            Err(why) => Err(malformed(&why.to_string())),
        }
    }
}

/// A picture as the core keeps it: to draw, to save, and to send back.
pub(super) fn picture(bytes: &[u8], edge: u32) -> Result<Picture, thumbnail::PictureError> {
    let looked = thumbnail::look(bytes, edge)?;
    Ok(Picture {
        format: match looked.format {
            thumbnail::Format::Jpeg => "JPEG",
            thumbnail::Format::Png => "PNG",
        },
        width: looked.width,
        height: looked.height,
        file: bytes.into(),
        thumbnail: looked.thumbnail,
        // One that is too small to be accepted again cannot be put back.
        restore: thumbnail::prepare_bytes(bytes).ok().map(|(file, _)| file),
    })
}

/// The reply to a call that failed before it left.
pub(super) fn refused(call: &Call, why: Failure) -> Reply {
    match call {
        Call::Index => Reply::Index(Err(why)),
        Call::TestAccount(_) => Reply::Tested(Err(why)),
        Call::Details(id) => Reply::Details(id.clone(), Err(why)),
        Call::Invite(id) => Reply::Invite(id.clone(), Err(why)),
        Call::Icon(id) => Reply::Icon(id.clone(), Err(why)),
        Call::Picture(id, _) => Reply::Picture(id.clone(), Err(why)),
        Call::Create(subject) => Reply::Created(subject.clone(), Err(why)),
        Call::Rename(id, _)
        | Call::Members(id, ..)
        | Call::ResetInvite(id)
        | Call::SetIcon(id, _)
        | Call::RemoveIcon(id)
        | Call::Leave(id) => Reply::Changed(id.clone(), Err(why)),
        Call::Send(message) => Reply::Sent(message.id.clone(), Err(why)),
        Call::SendInvitation(_, invitation) => Reply::Sent(invitation.id().clone(), Err(why)),
    }
}

/// What the Activity pane shows of a call that never left.
pub(super) fn unsent(call: &Call) -> Exchange {
    Exchange {
        operation: call.operation(),
        path: String::new(),
        body: None,
        status: None,
        took: Duration::ZERO,
        answer: Clean::default(),
    }
}

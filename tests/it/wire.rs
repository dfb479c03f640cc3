//! The client against servers that are hostile, broken or merely odd, byte for byte.
//!
//! Not here: a server that behaves. Every server is a raw TCP listener on this computer which writes
//! down what it was sent; nothing is parsed by the code under test.

mod failures;
mod hostile;
mod icons;
mod messages;
mod payloads;
mod pictures;
mod requests;
mod unsent;

use std::time::Duration;

use wavedeck::api::{Answer, Client, Limits};
use wavedeck::domain::{
    Account, BaseUrl, CorrelationId, Exchange, Failure, GroupId, GroupMessage, IconFile,
    Invitation, InviteLink, Operation, WaId, WaIds,
};

/// The token of every test. It must never come back.
const CANARY: &str = "canary-7f3a-token";
const USER: &str = "ana@example.org";
const GROUP: &str = "5519900000000-1513616971";

fn account(base: &str) -> Account {
    Account::new(BaseUrl::new(base).unwrap(), USER, CANARY).unwrap()
}

/// The calls of the API itself: all but fetching a picture, which is somebody else's.
fn calls() -> impl Iterator<Item = Operation> {
    let all = Operation::ALL.into_iter();
    all.filter(|operation| *operation != Operation::FetchPicture)
}

fn fixture(name: &str) -> String {
    let path = format!(
        "{}/tests/fixtures/doc/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read_to_string(path).unwrap()
}

/// Begins as a JPEG does, and is no text.
fn jpeg() -> IconFile {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0, 0, b'\r', b'\n', b'\r', b'\n'];
    bytes.resize(40_100, 0xd9);
    IconFile::encoded(bytes, 640)
}

fn message() -> GroupMessage {
    GroupMessage {
        group: group(),
        text: "Bom dia!".parse().unwrap(),
        id: CorrelationId::from_bits(7),
    }
}

fn invitation() -> Invitation {
    let to = WaId::from_api("5511900000009").unwrap();
    let link = InviteLink::new("https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv");
    Invitation::new(to, "Entre no grupo:", &link, CorrelationId::from_bits(9)).unwrap()
}

fn group() -> GroupId {
    GroupId::new(GROUP).unwrap()
}

fn people(ids: &[&str]) -> WaIds {
    WaIds::new(ids.iter().map(|id| WaId::from_api(id).unwrap())).unwrap()
}

/// Gives up on silence soon, and on nothing else.
fn no_patience_with_silence() -> Limits {
    Limits {
        connect: Duration::from_millis(500),
        read: Duration::from_millis(600),
        ..Limits::default()
    }
}

/// Gives up on slowness soon, and on nothing else.
fn no_patience_with_slowness() -> Limits {
    Limits {
        total: Duration::from_secs(1),
        ..Limits::default()
    }
}

/// What came of a call, whatever its value.
struct Called {
    exchange: Exchange,
    result: Result<(), Failure>,
}

impl Called {
    fn failure(&self) -> &Failure {
        self.result.as_ref().expect_err("the call should fail")
    }
}

/// One of the calls, with the arguments of the document's examples. Whatever comes of it, the
/// token must not be in it.
async fn call(client: &Client, operation: Operation) -> Called {
    fn quiet<T: std::fmt::Debug>(answer: Answer<T>) -> Called {
        let shown = format!("{answer:?} {answer:#?}");
        let failure = answer.result.as_ref().err();
        let told = failure.map(|failure| failure.why() + failure.detail.raw());
        assert!(
            !(shown + &told.unwrap_or_default() + answer.exchange.answer.raw()).contains(CANARY)
        );
        Called {
            exchange: answer.exchange,
            result: answer.result.map(|_| ()),
        }
    }
    let id = group();
    let two = people(&["5519900000001", "5519900000002"]);
    match operation {
        Operation::ListGroups => quiet(client.list_groups().await),
        Operation::GroupDetails => quiet(client.group_details(&id).await),
        Operation::CreateGroup => {
            quiet(client.create_group(&"group-subject".parse().unwrap()).await)
        }
        Operation::RenameGroup => quiet(
            client
                .rename_group(&id, &"new-group-subject".parse().unwrap())
                .await,
        ),
        Operation::GetInvite => quiet(client.invite_link(&id).await),
        Operation::ResetInvite => quiet(client.reset_invite_link(&id).await),
        Operation::RemoveParticipants => quiet(client.remove_participants(&id, &two).await),
        Operation::AddAdmins => quiet(client.add_admins(&id, &two).await),
        Operation::RemoveAdmins => quiet(client.remove_admins(&id, &two).await),
        Operation::LeaveGroup => quiet(client.leave_group(&id).await),
        Operation::GetIcon => quiet(client.icon(&id).await),
        Operation::SetIcon => quiet(client.set_icon(&id, &jpeg()).await),
        Operation::RemoveIcon => quiet(client.remove_icon(&id).await),
        Operation::SendToGroup => quiet(client.send_to_group(&message()).await),
        Operation::SendInvitation => quiet(client.send_invitation(&invitation()).await),
        Operation::FetchPicture => panic!("no call of the API"),
    }
}

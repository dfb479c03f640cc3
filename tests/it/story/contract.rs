//! What the program says of its calls is what arrives at the provider.

use wavedeck::domain::{IconFile, MemberVerb, Operation, WaIds};

use super::*;

/// A call of that kind; `None` for those that no part of the program makes.
fn call(operation: Operation) -> Option<Call> {
    let id = GroupId::new(CORRIDA).unwrap();
    let carla = || WaIds::one(wa(CARLA));
    // The beginning of a JPEG is all that the simulator looks at.
    let jpeg = || IconFile::encoded(vec![0xff, 0xd8, 0xff, 0xe0], 640);
    Some(match operation {
        Operation::ListGroups => Call::Index,
        Operation::GroupDetails => Call::Details(id),
        Operation::CreateGroup => Call::Create("Clube".parse().unwrap()),
        Operation::RenameGroup => Call::Rename(id, "Praia".parse().unwrap()),
        Operation::GetInvite => Call::Invite(id),
        Operation::ResetInvite => Call::ResetInvite(id),
        Operation::RemoveParticipants => Call::Members(id, MemberVerb::Remove, carla()),
        Operation::AddAdmins => Call::Members(id, MemberVerb::Promote, carla()),
        Operation::RemoveAdmins => Call::Members(id, MemberVerb::Demote, carla()),
        Operation::LeaveGroup => Call::Leave(id),
        Operation::GetIcon => Call::Icon(id),
        Operation::SetIcon => Call::SetIcon(id, jpeg()),
        Operation::RemoveIcon => Call::RemoveIcon(id),
        Operation::FetchPicture | Operation::SendToGroup | Operation::SendInvitation => {
            return None;
        }
    })
}

#[tokio::test]
async fn every_call_is_one_request_and_succeeds_as_described() {
    for operation in Operation::ALL {
        let Some(call) = call(operation) else {
            continue;
        };
        let story = Story::open(Settings::default()).await;
        assert_eq!(call.operation(), operation);
        let (reply, exchange) = Caller::new(story.client.clone(), 64).perform(&call).await;
        assert!(reply.failure().is_none(), "{operation:?}: {reply:?}");
        let seen = story.state().seen();
        let [seen] = seen.as_slice() else {
            panic!("{operation:?}: {seen:?}");
        };
        assert_eq!(seen.method, operation.method());
        let path = match call.group() {
            Some(id) => format!("{GROUPS}/{id}{}", operation.tail()),
            None => format!("{GROUPS}{}", operation.tail()),
        };
        assert_eq!(seen.path, path);
        assert_eq!(exchange.operation, operation);
        assert_eq!(exchange.path, path);
        if operation != Operation::SetIcon {
            assert_eq!(exchange.body.unwrap_or_default(), seen.body);
        }
        assert_eq!(exchange.status, Some(200));
    }
}

#[tokio::test]
async fn testing_an_account_reads_the_list_and_nothing_else() {
    let story = Story::open(Settings::default()).await;
    let account = story.model.session.account.clone().unwrap();
    let (reply, exchange) = Caller::new(story.client.clone(), 64)
        .perform(&Call::TestAccount(account))
        .await;
    assert!(reply.failure().is_none());
    assert_eq!(exchange.operation, Operation::ListGroups);
    story.assert_requests(&[format!("GET {GROUPS}")]);
}

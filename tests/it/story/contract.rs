//! What the program says of its calls is what arrives at the provider.

use wavedeck::domain::{MemberVerb, Operation, WaIds};

use super::*;

fn call(operation: Operation) -> Call {
    let id = GroupId::new(CORRIDA).unwrap();
    let carla = || WaIds::one(wa(CARLA));
    match operation {
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
    }
}

#[tokio::test]
async fn every_call_is_one_request_and_succeeds_as_described() {
    for operation in Operation::ALL {
        let story = Story::open(Settings::default()).await;
        let call = call(operation);
        assert_eq!(call.operation(), operation);
        let (reply, exchange) = perform(&story.client, &call).await;
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
        assert_eq!(exchange.body.unwrap_or_default(), seen.body);
        assert_eq!(exchange.status, Some(200));
    }
}

#[tokio::test]
async fn testing_an_account_reads_the_list_and_nothing_else() {
    let story = Story::open(Settings::default()).await;
    let account = story.model.session.account.clone().unwrap();
    let (reply, exchange) = perform(&story.client, &Call::TestAccount(account)).await;
    assert!(reply.failure().is_none());
    assert_eq!(exchange.operation, Operation::ListGroups);
    story.assert_requests(&[format!("GET {GROUPS}")]);
}

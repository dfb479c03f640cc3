//! Inviting people by message: one direct message for each, exactly as it was agreed to.

use wavedeck::app::invitations::InviteState;
use wavedeck::sim::Fate as Taken;

use super::*;

const SEND: &str = "/v1/whatsapp/send";
const ANA: &str = "5519900000101";
const DAVI: &str = "5521900000102";

impl Story {
    /// The question about these numbers, who are to be invited to «Corrida Domingo 7h».
    async fn of_invitation(numbers: &str) -> Self {
        let mut story = Self::of_corrida().await;
        story.type_keys("3").await;
        story.tell_from_here();
        story.type_keys("i").await;
        story.paste(numbers).await;
        story.type_keys("enter").await;
        assert_eq!(story.requests(), [""; 0]);
        assert!(matches!(story.model.dialog, Some(Dialog::Confirm(_))));
        story
    }

    fn states(&self) -> Vec<(String, InviteState)> {
        let run = self.model.invitations.of(&GroupId::new(CORRIDA).unwrap());
        let people = run.expect("people were invited").people.iter();
        people
            .map(|(id, state)| (id.to_string(), state.clone()))
            .collect()
    }
}

#[tokio::test]
async fn each_person_gets_one_direct_message_with_the_link() {
    let mut story = Story::of_invitation(&format!("+55 19 90000-0101\n{DAVI}\n{CARLA}")).await;
    story.type_keys("enter").await;
    assert_eq!(story.requests(), [""; 0], "Cancel has the focus");
    story.type_keys("i enter right enter").await;
    let link = story.chosen().invite.value().unwrap().url().unwrap();
    let text = format!("Join the group “Corrida Domingo 7h”:\n{link}");
    let requests = story.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    for (request, to) in requests.iter().zip([ANA, DAVI]) {
        let body = request.strip_prefix(&format!("POST {SEND} ")).unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let name = body["destinations"][0]["correlationId"].clone();
        assert_eq!(name.as_str().unwrap().len(), 32);
        let expected = serde_json::json!({
            "destinations": [
                {"correlationId": name, "destination": to, "recipientType": "individual"},
            ],
            "message": {"messageText": text},
        });
        assert_eq!(body, expected);
    }
    let sent = story.state().outbox();
    assert!(sent.iter().all(|sent| sent.fate == Taken::Delivered));
    assert_eq!(
        story.state().hsm_charged(),
        2,
        "this is what may be charged"
    );
    assert_eq!(
        story.states(),
        [ANA, DAVI].map(|id| (id.to_owned(), InviteState::Accepted))
    );
    story.assert_told("2 invitations accepted");
}

#[tokio::test]
async fn a_link_that_was_reset_elsewhere_is_not_sent() {
    let mut story = Story::of_invitation(ANA).await;
    let other = Client::new(story.model.session.account.as_ref().unwrap()).unwrap();
    let reset = other
        .reset_invite_link(&GroupId::new(CORRIDA).unwrap())
        .await;
    reset.result.unwrap();
    story.tell_from_here();
    story.model.now = story.model.now.after(Duration::from_secs(400));
    story.type_keys("right enter").await;
    story.assert_requests(&[format!("GET {GROUPS}/{CORRIDA}/invite")]);
    assert!(matches!(story.states()[..], [(_, InviteState::NotSent(_))]));
    assert_eq!(story.state().outbox(), []);
}

#[tokio::test]
async fn a_token_that_is_refused_meanwhile_leaves_the_rest_unsent() {
    let mut story = Story::of_invitation(&format!("{ANA}, {DAVI}")).await;
    story.client = {
        let account = story.model.session.account.as_ref().unwrap();
        let stranger = Account::new(account.base_url.clone(), "nobody", "wrong").unwrap();
        Client::new(&stranger).unwrap()
    };
    story.type_keys("right enter").await;
    assert_eq!(story.requests().len(), 1);
    assert!(matches!(
        story.states()[..],
        [(_, InviteState::NotSent(_)), (_, InviteState::NotSent(_))]
    ));
    assert_eq!(story.state().outbox(), []);
}

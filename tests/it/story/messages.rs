//! Writing to a group over a connection on which everything goes wrong: one request at most.

use super::*;
use wavedeck::api::Limits;
use wavedeck::app::messages::{Message, MessageState};
use wavedeck::sim::faults::{Fault, FaultServer, Options, Play};

/// How long the client waits here.
const SHORT: Duration = Duration::from_millis(150);

impl Story {
    /// The same, but each request that sends a message meets this.
    async fn meet(&mut self, play: Play) -> FaultServer {
        let options = Options {
            upstream: Some(self.simulator.local_addr()),
            drip: Duration::from_millis(20),
            oversize: 2 * 1024 * 1024,
            ..Options::default()
        };
        let server = FaultServer::start_with(options, move |asked| {
            if asked.path.ends_with("/send") {
                play.clone()
            } else {
                Play::Forward
            }
        })
        .await
        .unwrap();
        let base_url = BaseUrl::new(&server.base_url()).unwrap();
        let (user, token) = (self.simulator.user_name(), self.simulator.token());
        let account = Account::new(base_url, user, token).unwrap();
        let limits = Limits {
            connect: SHORT,
            read: 2 * SHORT,
            total: 4 * SHORT,
            ..Limits::default()
        };
        self.client = Client::with_limits(&account, limits).unwrap();
        server
    }

    fn message(&self) -> &Message {
        let group = GroupId::new(CORRIDA).unwrap();
        let thread = self.model.messages.of(&group).unwrap();
        thread.messages().last().unwrap()
    }
}

/// One message under one fault; then the user looks around and much time passes.
async fn one_message(play: Play) {
    let mut story = Story::of_corrida().await;
    let server = story.meet(play.clone()).await;
    story.type_keys("m o i enter").await;
    story.calm().await;
    story.model.now = story.model.now.after(Duration::from_secs(600));
    story.type_keys("1 R 5 r esc esc").await;
    story.calm().await;
    let arrived = server.requests().into_iter();
    let sends = arrived.filter(|one| one.path.ends_with("/send")).count();
    assert!(sends <= 1, "{play:?}: {sends} requests");
    let taken = story.state().outbox().len();
    assert!(taken <= 1, "{play:?}: {taken} messages");
    let state = &story.message().state;
    let ended = matches!(
        state,
        MessageState::Accepted | MessageState::NotSent(_) | MessageState::Unknown(_)
    );
    assert!(ended, "{play:?}: {state:?}");
    // What is shown as not sent was refused with a status, or never got there.
    let lost_answer = matches!(
        play,
        Play::AfterApplying(Fault::ResetAfterRequest | Fault::StallAfterRequest)
    );
    let in_doubt = matches!(state, MessageState::Unknown(_));
    assert!(!lost_answer || in_doubt, "{play:?}: {state:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_a_message_meets_it_is_sent_once() {
    let plays = Fault::ALL
        .iter()
        .flat_map(|fault| [Play::Instead(*fault), Play::AfterApplying(*fault)]);
    let mut running = tokio::task::JoinSet::new();
    for play in plays {
        if running.len() >= 8 {
            running.join_next().await.unwrap().unwrap();
        }
        running.spawn(one_message(play));
    }
    running.join_all().await;
}

#[tokio::test]
async fn a_message_to_a_group_is_one_request_that_says_so() {
    let mut story = Story::of_corrida().await;
    story.type_keys("m o i enter").await;
    assert_eq!(story.requests(), [""; 0], "it can be taken back");
    story.calm().await;
    let requests = story.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].starts_with("POST /v1/whatsapp/send "));
    assert!(requests[0].contains(r#""recipientType":"group""#));
    assert_eq!(story.message().state, MessageState::Accepted);
    assert_eq!(story.state().outbox().len(), 1);
}

//! Other people, over real sockets and in real time. What they do in a quarter of an hour is tested
//! where they are written.

use wavedeck::sim::{Life, Pushing};

use super::pushing::Receiver;
use super::*;

fn alive() -> Settings {
    Settings {
        life: Life::Alive,
        pushing: Pushing {
            wait: Duration::from_secs(20),
            ..Pushing::default()
        },
        ..settings()
    }
}

#[tokio::test]
async fn life_begins_with_the_webhook_and_its_pictures_can_be_opened() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(alive()).await;
    assert_eq!(desk.state().pushed().batches, 0);
    desk.simulator.push_to(&receiver.webhook()).unwrap();
    let items = receiver.until(|items| items.len() >= 13).await;
    for body in receiver.bodies() {
        assert!((1..=10).contains(&body["data"].as_array().unwrap().len()));
    }
    let with_files: Vec<&Value> = items
        .iter()
        .filter(|item| item["message"].get("mediaUrl").is_some())
        .collect();
    assert_eq!(with_files.len(), 2, "{items:?}");
    for item in with_files {
        let url = item["message"]["mediaUrl"].as_str().unwrap();
        let answer = desk.client.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let kind = answer.headers()["content-type"].to_str().unwrap();
        assert_eq!(item["message"]["mimeType"], kind);
        assert!(answer.bytes().await.unwrap().len() > 1_000);
    }
}

#[tokio::test]
async fn somebody_comes_after_the_link_was_read() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(Settings {
        webhook: Some(receiver.webhook()),
        ..alive()
    })
    .await;
    let before = desk.corrida().participants.len();
    desk.link(CORRIDA).await;
    let is_told = |item: &Value| {
        let text = item["message"]["messageText"].as_str().unwrap_or_default();
        item["message"]["waGroupId"] == CORRIDA && text.contains(" joined using")
    };
    let items = receiver.until(|items| items.iter().any(is_told)).await;
    let newcomer = items.iter().find(|item| is_told(item)).unwrap()["source"].clone();
    let people = desk.corrida().participants;
    assert!(people.len() > before);
    assert!(people.iter().any(|person| json!(person) == newcomer));
    desk.simulator.stop().await;
}

#[tokio::test]
async fn without_a_webhook_nothing_happens() {
    let desk = Desk::open(alive()).await;
    desk.link(CORRIDA).await;
    let before = desk.state().groups();
    assert_eq!(desk.state().say(CORRIDA, BRUNA, "x"), None);
    assert_eq!(desk.state().groups(), before);
    assert_eq!(desk.state().pushed(), wavedeck::sim::Pushed::default());
}

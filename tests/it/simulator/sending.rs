//! Sending messages, to groups and to people.

use wavedeck::sim::Fate;

use super::*;

const SEND: &str = "/v1/whatsapp/send";
/// «Sorteio de Natal», with nobody but the account.
const ALONE: &str = "5519900000000-1760011200";

fn to_group(id: &str, text: &str) -> Value {
    json!({
        "destinations": [{"correlationId": "c-1", "destination": id, "recipientType": "group"}],
        "message": {"messageText": text},
    })
}

async fn send(desk: &Desk, body: &Value) -> Answer {
    desk.send("POST", SEND, body.to_string()).await
}

#[tokio::test]
async fn a_message_is_taken_and_answered_in_both_spellings_in_turn() {
    let desk = Desk::demo().await;
    let mut ids = Vec::new();
    for (id, list) in [
        ("id", "destinations"),
        ("Id", "destination"),
        ("id", "destinations"),
    ] {
        let answer = send(&desk, &to_group(CORRIDA, "Bom dia!")).await;
        assert_eq!(answer.status, 200);
        let answer = answer.json();
        let entry = answer[list][0].clone();
        ids.push(answer[id].clone());
        ids.push(entry["id"].clone());
        assert_eq!(
            answer,
            json!({
                id: answer[id],
                list: [{"id": entry["id"], "correlationId": "c-1", "destination": CORRIDA}],
            })
        );
    }
    for (place, id) in ids.iter().enumerate() {
        assert_eq!(id.as_str().unwrap().len(), 36);
        assert!(!ids[..place].contains(id));
    }
    let sent = desk.state().outbox();
    assert_eq!(sent.len(), 3);
    assert_eq!(json!(sent[0].id), ids[1]);
    assert_eq!(sent[0].destination, CORRIDA);
    assert_eq!(sent[0].recipient_type.as_deref(), Some("group"));
    assert_eq!(sent[0].text, "Bom dia!");
    assert_eq!(sent[0].correlation_id.as_deref(), Some("c-1"));
    assert_eq!(sent[0].fate, Fate::Delivered);
    assert_eq!(desk.state().hsm_charged(), 0, "groups cost nothing");
}

#[tokio::test]
async fn the_documents_own_example_is_taken() {
    let desk = Desk::demo().await;
    let body = json!({
        "destinations": [{"destination": CORRIDA, "recipientType": "group"}],
        "message": {"messageText": "Test message"},
    });
    let answer = send(&desk, &body).await.json();
    assert_eq!(answer["destinations"][0].get("correlationId"), None);
    assert_eq!(desk.state().outbox()[0].correlation_id, None);
}

#[tokio::test]
async fn what_lacks_a_destination_or_a_text_is_refused() {
    let desk = Desk::demo().await;
    let good = to_group(CORRIDA, "Bom dia!");
    let with = |change: fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        body
    };
    for (body, text) in [
        (json!({}), "destinations is missing"),
        (json!([1]), "destinations is missing"),
        (
            with(|body| body["destinations"] = json!([])),
            "destinations is missing",
        ),
        (
            with(|body| body["destinations"] = json!("x")),
            "destinations is missing",
        ),
        (
            with(|body| body["destinations"] = json!(["5511900000009"])),
            "destination is missing",
        ),
        (
            with(|body| body["destinations"][0]["destination"] = json!(" ")),
            "destination is missing",
        ),
        (
            with(|body| body["destinations"][0]["destination"] = json!(5)),
            "destination is missing",
        ),
        (
            with(|body| body["destinations"][0]["recipientType"] = json!("groups")),
            "recipientType is unknown",
        ),
        (
            with(|body| body["message"] = Value::Null),
            "messageText is missing",
        ),
        (
            with(|body| body["message"] = json!({"text": "x"})),
            "messageText is missing",
        ),
        (to_group(CORRIDA, " \n"), "messageText is missing"),
        // One bad destination spoils the good one before it.
        (
            with(|body| {
                let good = body["destinations"][0].take();
                body["destinations"] = json!([good, {}]);
            }),
            "destination is missing",
        ),
    ] {
        send(&desk, &body).await.assert_refused(400, text);
    }
    let broken = desk.send("POST", SEND, "{").await;
    broken.assert_refused(400, "Malformed JSON");
    let stranger = desk.bare("POST", SEND).body(good.to_string());
    assert_eq!(answer(stranger).await.status, 401);
    assert_eq!(desk.state().outbox(), []);
}

#[tokio::test]
async fn taken_does_not_mean_delivered() {
    let desk = Desk::demo().await;
    let leave = desk.corrida_call("POST", "/leave", Value::Null).await;
    leave.assert_done();
    let fate = async |destination: Value, text: &str| {
        let body = json!({"destinations": [destination], "message": {"messageText": text}});
        assert_eq!(send(&desk, &body).await.status, 200);
        desk.state().outbox().pop().unwrap().fate
    };
    let group = |id: &str| json!({"destination": id, "recipientType": "group"});
    let direct = |id: &str| json!({"destination": id, "recipientType": "individual"});
    assert_eq!(fate(group(CONDOMINIO), "x").await, Fate::Delivered);
    assert_eq!(fate(group(CORRIDA), "left").await, Fate::NotDelivered);
    assert_eq!(fate(group("nonsense"), "x").await, Fate::NotDelivered);
    assert_eq!(fate(group(ALONE), "nobody").await, Fate::NotDelivered);
    let long = "ã".repeat(4096);
    assert_eq!(fate(group(CONDOMINIO), &long).await, Fate::Delivered);
    assert_eq!(fate(group(CONDOMINIO), &(long + "!")).await, Fate::TooLong);
    assert_eq!(desk.state().hsm_charged(), 0);
    for number in ["5511900000009", "+5511900000009", "+55(11) 900000009"] {
        assert_eq!(fate(direct(number), "x").await, Fate::Delivered);
    }
    assert_eq!(desk.state().hsm_charged(), 3, "direct messages cost");
    // A group that is not called one is taken for a number, and is none.
    for id in [CONDOMINIO, "120363012345678901"] {
        let unnamed = json!({"destination": id});
        assert_eq!(fate(unnamed, "x").await, Fate::InvalidDestination);
        assert_eq!(fate(direct(id), "x").await, Fate::InvalidDestination);
    }
    assert_eq!(desk.state().hsm_charged(), 3);
}

#[tokio::test]
async fn several_destinations_are_several_messages() {
    let desk = Desk::demo().await;
    let body = json!({
        "destinations": [
            {"destination": "5511900000009", "correlationId": "a"},
            {"destination": "5511900000010", "correlationId": "b"},
        ],
        "message": {"messageText": "Entre no grupo"},
    });
    let answer = send(&desk, &body).await.json();
    let sent = desk.state().outbox();
    assert_eq!(sent.len(), 2);
    for (entry, sent) in answer["destinations"].as_array().unwrap().iter().zip(&sent) {
        assert_eq!(entry["id"], json!(sent.id));
        assert_eq!(entry["correlationId"], json!(sent.correlation_id));
        assert_eq!(entry["destination"], json!(sent.destination));
    }
    assert_eq!(sent[1].correlation_id.as_deref(), Some("b"));
}

//! What is posted to the webhook, how often, and what of the account's messages is called back.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use wavedeck::sim::faults::{Fault, FaultServer, Options, Play};
use wavedeck::sim::{Chaos, Fallback, Fate, Life, Pushed, Pushing, Webhook};

use super::*;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);
const SEND: &str = "/v1/whatsapp/send";

/// What takes batches, and what each request meets.
pub(super) struct Receiver(FaultServer);

impl Receiver {
    pub(super) async fn start(play: impl FnMut(u64) -> Play + Send + 'static) -> Self {
        let options = Options {
            stall: PATIENCE,
            ..Options::default()
        };
        let mut play = play;
        let server = FaultServer::start_with(options, move |asked| play(asked.before)).await;
        Self(server.unwrap())
    }

    pub(super) async fn willing() -> Self {
        Self::start(|_| Play::Forward).await
    }

    pub(super) fn webhook(&self) -> Webhook {
        format!("{}/mo/secret", self.0.base_url()).parse().unwrap()
    }

    /// The bodies so far, those that came whole.
    pub(super) fn bodies(&self) -> Vec<Value> {
        let requests = self.0.requests().into_iter();
        requests
            .filter_map(|request| serde_json::from_slice(&request.body).ok())
            .collect()
    }

    /// Every element that came, in its order.
    pub(super) fn items(&self) -> Vec<Value> {
        let bodies = self.bodies().into_iter();
        bodies
            .flat_map(|body| body["data"].as_array().unwrap().clone())
            .collect()
    }

    /// Waits for elements that are enough.
    pub(super) async fn until(&self, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        wait(|| enough(&self.items())).await;
        self.items()
    }
}

/// Waits for a condition.
async fn wait(condition: impl Fn() -> bool) {
    let met = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let met = tokio::time::timeout(PATIENCE, met).await;
    met.expect("it never comes to that");
}

/// Batches without pauses, tried again soon; a try may take its time.
fn swift() -> Pushing {
    Pushing {
        every: Duration::ZERO,
        wait: PATIENCE,
        retries: [Duration::from_millis(1); 5],
    }
}

fn posting_to(receiver: &Receiver) -> Settings {
    Settings {
        webhook: Some(receiver.webhook()),
        pushing: swift(),
        ..settings()
    }
}

#[tokio::test]
async fn what_a_member_says_is_posted_as_json_and_nothing_happens_by_itself() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(posting_to(&receiver)).await;
    desk.listed().await;
    desk.link(CORRIDA).await;
    let id = desk.state().say(CORRIDA, BRUNA, "Bom dia!").unwrap();
    let items = receiver.until(|items| !items.is_empty()).await;
    assert_eq!(items.len(), 1, "{items:?}");
    let item = &items[0];
    assert_eq!(item["id"], json!(id));
    assert_eq!(item["source"], BRUNA);
    assert_eq!(item["origin"], OWN);
    assert_eq!(
        item["userProfile"],
        json!({"name": "Bruna", "whatsAppId": BRUNA})
    );
    assert_eq!(
        item["message"],
        json!({"type": "TEXT", "messageText": "Bom dia!", "waGroupId": CORRIDA})
    );
    assert_eq!(item["receivedAt"], json!(NOW * 1000));
    assert_eq!(item["receivedDate"], "2023-11-14T22:13:20Z");
    let request = &receiver.0.requests()[0];
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/mo/secret")
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
    for name in ["username", "authenticationtoken"] {
        assert_eq!(request.header(name), None);
    }
}

#[tokio::test]
async fn only_members_speak_and_only_where_somebody_listens() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(settings()).await;
    let state = desk.state();
    assert_eq!(state.say(CORRIDA, BRUNA, "x"), None, "nobody listens");
    assert!(!state.say_raw(json!("x")));
    desk.simulator.push_to(&receiver.webhook()).unwrap();
    assert_eq!(state.say(CORRIDA, NOBODY, "x"), None);
    assert_eq!(state.say("nonsense", BRUNA, "x"), None);
    assert_eq!(state.say_direct("x", "x"), None);
    assert!(state.say_raw(json!("not an object")));
    assert!(state.say_direct(NOBODY, "Oi").is_some());
    let items = receiver.until(|items| items.len() == 2).await;
    assert_eq!(items[0], "not an object");
    assert_eq!(items[1]["message"].get("waGroupId"), None);
}

#[tokio::test]
async fn what_is_not_answered_with_200_in_time_is_posted_again_as_it_was() {
    let receiver = Receiver::start(|before| match before {
        0 => Play::Instead(Fault::Unavailable503),
        1 => Play::Instead(Fault::StallAfterRequest),
        2 => Play::Instead(Fault::Accepted202),
        3 => Play::Instead(Fault::Found302),
        4 => Play::Instead(Fault::ResetAfterRequest),
        _ => Play::Forward,
    })
    .await;
    let desk = Desk::open(Settings {
        pushing: Pushing {
            // A busy machine may take longer for the others: they are tried again all the same.
            wait: Duration::from_millis(200),
            ..swift()
        },
        ..posting_to(&receiver)
    })
    .await;
    desk.state().say(CORRIDA, BRUNA, "Bom dia!").unwrap();
    wait(|| desk.state().pushed().taken + desk.state().pushed().given_up == 1).await;
    let bodies = receiver.bodies();
    assert!(bodies.len() >= 5, "{bodies:?}");
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    assert_eq!(desk.state().pushed().tries, 6);
    assert_eq!(receiver.0.strayed().len(), 0, "redirects are not followed");
}

#[tokio::test]
async fn nobody_is_asked_more_than_six_times_with_ever_longer_pauses() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&times);
    let receiver = Receiver::start(move |_| {
        seen.lock().unwrap().push(now());
        Play::Instead(Fault::Unavailable503)
    })
    .await;
    let pauses = [10, 20, 40, 80, 160].map(Duration::from_millis);
    let desk = Desk::open(Settings {
        pushing: Pushing {
            retries: pauses,
            ..swift()
        },
        ..posting_to(&receiver)
    })
    .await;
    desk.state().say(CORRIDA, BRUNA, "x").unwrap();
    wait(|| desk.state().pushed().given_up == 1).await;
    assert_eq!(
        desk.state().pushed(),
        Pushed {
            batches: 1,
            tries: 6,
            given_up: 1,
            ..Pushed::default()
        }
    );
    let times = times.lock().unwrap();
    let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
    for (gap, pause) in gaps.zip(pauses) {
        // The one before was answered, so that the pause began after it came.
        assert!(gap >= pause, "{gap:?} after {pause:?}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test of time itself, seen from outside"
)]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn batches_overtake_one_that_hangs() {
    let receiver = Receiver::start(|before| {
        if before == 0 {
            Play::Instead(Fault::StallAfterRequest)
        } else {
            Play::Forward
        }
    })
    .await;
    let desk = Desk::open(posting_to(&receiver)).await;
    desk.state().say(CORRIDA, BRUNA, "1").unwrap();
    wait(|| desk.state().pushed().tries == 1).await;
    receiver.0.wait_for(1).await;
    desk.state().say(CORRIDA, BRUNA, "2").unwrap();
    wait(|| desk.state().pushed().taken == 1).await;
    assert_eq!(desk.state().pushed().batches, 2);
    desk.simulator.stop().await;
}

#[tokio::test]
async fn many_messages_come_in_tens_every_half_a_second() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(Settings {
        pushing: Pushing {
            wait: PATIENCE,
            ..Pushing::default()
        },
        ..posting_to(&receiver)
    })
    .await;
    let began = now();
    let ids: Vec<Value> = (0..25)
        .map(|n| json!(desk.state().say(CORRIDA, BRUNA, &n.to_string()).unwrap()))
        .collect();
    let items = receiver.until(|items| items.len() == 25).await;
    let sizes = receiver
        .bodies()
        .into_iter()
        .map(|body| body["data"].as_array().unwrap().len());
    let sizes: Vec<usize> = sizes.collect();
    assert!(
        sizes.iter().all(|size| (1..=10).contains(size)),
        "{sizes:?}"
    );
    let least = Duration::from_millis(500) * u32::try_from(sizes.len() - 1).unwrap();
    assert!(sizes.len() >= 3 && began.elapsed() >= least, "{sizes:?}");
    let came: Vec<Value> = items.iter().map(|item| item["id"].clone()).collect();
    assert_eq!(came, ids);
}

#[tokio::test]
async fn nothing_is_posted_after_the_end() {
    let receiver = Receiver::start(|_| Play::Instead(Fault::Unavailable503)).await;
    let desk = Desk::open(Settings {
        pushing: Pushing {
            retries: [1, 300, 300, 300, 300].map(Duration::from_millis),
            ..swift()
        },
        ..posting_to(&receiver)
    })
    .await;
    desk.state().say(CORRIDA, BRUNA, "first").unwrap();
    receiver.0.wait_for(2).await;
    let state = desk.state();
    desk.simulator.stop().await;
    let pushed = state.pushed();
    // Another one has all its tries in a longer time.
    let other = Desk::open(Settings {
        pushing: Pushing {
            retries: [Duration::from_millis(100); 5],
            ..swift()
        },
        ..posting_to(&receiver)
    })
    .await;
    other.state().say(CORRIDA, BRUNA, "second").unwrap();
    wait(|| other.state().pushed().given_up == 1).await;
    assert_eq!(state.pushed(), pushed);
    assert!(pushed.tries < 6 && pushed.given_up == 0, "{pushed:?}");
}

/// One message, and its callbacks so far: sent, its code, delivered, its code, read.
async fn called_back(
    receiver: &Receiver,
    desk: &Desk,
    to: Value,
    text: &str,
    count: usize,
) -> Value {
    let body = json!({"destinations": [to], "message": {"messageText": text}});
    assert_eq!(desk.send("POST", SEND, body.to_string()).await.status, 200);
    let sent = desk.state().outbox().pop().unwrap();
    let own = |items: &[Value]| -> Vec<Value> {
        let own = items.iter().filter(|item| item["id"] == json!(sent.id));
        own.cloned().collect()
    };
    let items = receiver.until(|items| own(items).len() == count).await;
    let steps = own(&items).into_iter().map(|item| {
        assert_eq!(item["destination"], json!(sent.destination));
        assert_eq!(item.get("correlationId"), to.get("correlationId"));
        assert_eq!(item["origin"], OWN);
        json!([
            item["sent"],
            item["sentStatusCode"],
            item["delivered"],
            item["deliveredStatusCode"],
            item["read"]
        ])
    });
    steps.collect()
}

#[tokio::test]
async fn a_message_is_called_back_as_sent_then_delivered_then_read() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(posting_to(&receiver)).await;
    let to = json!({"destination": CORRIDA, "recipientType": "group", "correlationId": "c-1"});
    for _ in 0..6 {
        assert_eq!(
            called_back(&receiver, &desk, to.clone(), "Bom dia!", 3).await,
            json!([
                [true, 2, false, null, false],
                [true, 2, true, 4, false],
                [true, 2, true, 4, true],
            ])
        );
    }
}

#[tokio::test]
async fn what_reaches_nobody_is_called_back_with_its_reason() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(Settings {
        fallback: Fallback::Nothing,
        ..posting_to(&receiver)
    })
    .await;
    let leave = desk.corrida_call("POST", "/leave", Value::Null).await;
    leave.assert_done();
    let group = |id: &str| json!({"destination": id, "recipientType": "group"});
    let direct = |id: &str| json!({"destination": id, "correlationId": "c"});
    assert_eq!(
        called_back(&receiver, &desk, group(CORRIDA), "left", 2).await,
        json!([[true, 2, false, null, false], [true, 2, false, 104, false]])
    );
    for (to, text, code) in [
        (group(CONDOMINIO), "x".repeat(4097), 206),
        (direct(CONDOMINIO), "no number".to_owned(), 202),
        (direct(TEO), "no session".to_owned(), 210),
    ] {
        assert_eq!(
            called_back(&receiver, &desk, to, &text, 1).await,
            json!([[false, code, null, null, null]])
        );
    }
    assert_eq!(desk.state().outbox().pop().unwrap().fate, Fate::NoSession);
    assert_eq!(desk.state().hsm_charged(), 0);
}

#[tokio::test]
async fn who_wrote_to_the_account_alone_is_answered_for_free() {
    for fallback in [Fallback::Template, Fallback::Nothing] {
        let receiver = Receiver::willing().await;
        let desk = Desk::open(Settings {
            fallback,
            ..posting_to(&receiver)
        })
        .await;
        // A message in a group opens nothing.
        desk.state().say(CORRIDA, TEO, "Oi").unwrap();
        desk.state().say_direct(BRUNA, "Oi").unwrap();
        let to = |id| json!({"destination": id});
        called_back(&receiver, &desk, to(BRUNA), "Oi, Bruna", 3).await;
        assert_eq!(desk.state().hsm_charged(), 0);
        let count = if fallback == Fallback::Template { 3 } else { 1 };
        called_back(&receiver, &desk, to(TEO), "Oi, Téo", count).await;
        let charged = u64::from(fallback == Fallback::Template);
        assert_eq!(desk.state().hsm_charged(), charged);
    }
}

#[tokio::test]
async fn where_there_is_life_one_message_is_called_delivered_before_it_is_called_sent() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(Settings {
        life: Life::Alive,
        ..posting_to(&receiver)
    })
    .await;
    let to = json!({"destination": CORRIDA, "recipientType": "group"});
    let mut first = Vec::new();
    for _ in 0..5 {
        let steps = called_back(&receiver, &desk, to.clone(), "Bom dia!", 3).await;
        first.push(steps[0][2].clone());
    }
    assert_eq!(first, [false, true, false, false, false]);
}

#[tokio::test]
async fn chaos_reaches_the_receiver_too() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(Settings {
        chaos: Some(Chaos {
            seed: 1,
            percent: 60,
        }),
        ..posting_to(&receiver)
    })
    .await;
    let ids: Vec<Value> = (0..40)
        .map(|n| json!(desk.state().say(CORRIDA, BRUNA, &n.to_string()).unwrap()))
        .collect();
    let all = |items: &[Value]| {
        ids.iter()
            .all(|id| items.iter().any(|item| item["id"] == *id))
    };
    let items = receiver.until(all).await;
    assert!(items.len() > ids.len(), "{}", items.len());
    assert!(items.iter().any(|item| item["message"]["type"] != "TEXT"));
}

#[tokio::test]
async fn people_are_moved_from_outside() {
    let receiver = Receiver::willing().await;
    let desk = Desk::open(Settings {
        // Not even the worst day meets these calls.
        chaos: Some(Chaos {
            seed: 1,
            percent: 100,
        }),
        ..posting_to(&receiver)
    })
    .await;
    let ask = async |verb: &str, body: Value| {
        let request = desk.bare("POST", &format!("/__sim/{verb}"));
        let answer = answer(request.body(body.to_string())).await;
        (answer.status, answer.body)
    };
    let is_in = |wa_id: &str| desk.corrida().participants.contains(&wa_id.to_owned());
    let them = json!({"group": CORRIDA, "source": NOBODY});
    assert_eq!(ask("join", them.clone()).await.0, 200);
    assert!(is_in(NOBODY));
    assert_eq!(ask("join", them.clone()).await.0, 409);
    let said = json!({"group": CORRIDA, "source": NOBODY, "text": "Cheguei"});
    let (status, answer) = ask("say", said.clone()).await;
    assert_eq!(status, 200);
    let id = serde_json::from_str::<Value>(&answer).unwrap()["id"].clone();
    receiver
        .until(|items| items.iter().any(|item| item["id"] == id))
        .await;
    assert_eq!(ask("leave", them.clone()).await.0, 200);
    assert!(!is_in(NOBODY));
    assert_eq!(ask("leave", them).await.0, 409);
    assert_eq!(ask("say", said).await.0, 409);
    let direct = json!({"source": NOBODY, "text": "Oi"});
    assert_eq!(ask("say", direct).await.0, 200);
    assert_eq!(ask("say", json!({"item": "odd"})).await.0, 200);
    receiver
        .until(|items| items.iter().any(|item| item == "odd"))
        .await;
    let link = desk.corrida().invite.unwrap();
    let follow = json!({"link": link, "source": NOBODY});
    assert_eq!(ask("join", follow).await.0, 200);
    assert!(is_in(NOBODY));
    assert_eq!(ask("dance", json!({})).await.0, 404);
    let broken = desk.bare("POST", "/__sim/say").body("{");
    assert_eq!(super::answer(broken).await.status, 400);
    assert_eq!(desk.state().seen(), [], "no call of the document");
}

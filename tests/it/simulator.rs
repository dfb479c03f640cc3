//! The simulator seen from outside: what the provider's document promises, over real sockets.
//!
//! No type of our client is used: paths, fields and bodies are spelt out here a second time.

mod access;
mod calls;
mod chaos;
mod faults;
mod icons;
mod life;
mod pushing;
mod seeded;
mod sending;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use wavedeck::sim::{Settings, Simulator, Snapshot, State};

const OWN: &str = "5519900000000";
/// «Corrida Domingo 7h».
const CORRIDA: &str = "5519900000000-1513616971";
/// «Condomínio Sol Nascente», where the account is no admin.
const CONDOMINIO: &str = "5519900000000-1651363200";
const BRUNA: &str = "5519900000001";
const TEO: &str = "5511900000002";
const CARLA: &str = "5519900000004";
/// Nobody's number.
const NOBODY: &str = "5500000000000";
/// The time at which groups are created.
const NOW: u64 = 1_700_000_000;

fn settings() -> Settings {
    Settings {
        latency: Some(Duration::ZERO),
        now: Some(NOW),
        ..Settings::default()
    }
}

/// A simulator and somebody who calls it.
struct Desk {
    simulator: Simulator,
    client: reqwest::Client,
}

#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    content_type: String,
    allow: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect(&self.body)
    }

    /// «A successful response will return a 200 OK status and null or {}.»
    fn assert_done(&self) {
        assert_eq!(self.status, 200, "{}", self.body);
        assert_eq!(self.content_type, "application/json");
        assert!(
            matches!(&*self.body, "null" | "{}" | ""),
            "{:?} is no empty answer",
            self.body
        );
    }

    fn assert_refused(&self, status: u16, text: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.content_type, "application/json");
        assert_eq!(
            self.json(),
            json!({"errorCode": status, "errorMessage": text})
        );
    }
}

impl Desk {
    async fn open(settings: Settings) -> Self {
        Self {
            simulator: Simulator::start(settings).await.unwrap(),
            client: client(),
        }
    }

    async fn demo() -> Self {
        Self::open(settings()).await
    }

    fn state(&self) -> State {
        self.simulator.state()
    }

    fn corrida(&self) -> Snapshot {
        self.state().group(CORRIDA).unwrap()
    }

    /// A request without credentials.
    fn bare(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.simulator.base_url());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, url)
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.bare(method, path)
            .header("userName", self.simulator.user_name())
            .header("authenticationToken", self.simulator.token())
    }

    async fn call(&self, method: &str, path: &str) -> Answer {
        self.send(method, path, "").await
    }

    async fn send(&self, method: &str, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.request(method, path).body(body);
        answer(request.header("Content-Type", "application/json")).await
    }

    /// A call on «Corrida Domingo 7h».
    async fn corrida_call(&self, method: &str, tail: &str, body: Value) -> Answer {
        let path = format!("/v1/whatsapp/groups/{CORRIDA}{tail}");
        self.send(method, &path, body.to_string()).await
    }

    async fn listed(&self) -> Vec<String> {
        let list = self.call("GET", "/v1/whatsapp/groups").await.json();
        let groups = list["groups"].as_array().unwrap().iter();
        groups
            .map(|group| group["id"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn link(&self, id: &str) -> String {
        let path = format!("/v1/whatsapp/groups/{id}/invite");
        let answer = self.call("GET", &path).await.json();
        answer["groups"][0]["link"].as_str().unwrap().to_owned()
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let request = request.timeout(Duration::from_secs(20));
    let response = request.send().await.unwrap();
    let header = |name| {
        let value = response.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap()).to_owned()
    };
    Answer {
        status: response.status().as_u16(),
        content_type: header("content-type"),
        allow: header("allow"),
        body: response.text().await.unwrap(),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a stranger's client: it must not share ours"
)]
fn client() -> reqwest::Client {
    // An error says that another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn people(wa_ids: &[&str]) -> Value {
    json!({ "waIds": wa_ids })
}

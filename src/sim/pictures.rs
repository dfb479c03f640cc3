//! The picture host, for icons and for what is sent in chats: another server than the API's, which
//! knows no accounts.
//!
//! Invariant: a request that carries the account's credentials is refused and remembered as a
//! violation, whatever it asks for.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State as Extracted};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::{Settings, State};

/// What must not come here.
const CREDENTIALS: [&str; 2] = ["username", "authenticationtoken"];

/// What every request needs.
#[derive(Clone, Debug)]
struct PictureHost {
    state: State,
    latency: Option<Duration>,
}

/// The whole host.
pub(super) fn router(state: State, settings: &Settings) -> Router {
    let host = PictureHost {
        state,
        latency: settings.latency,
    };
    Router::new().fallback(answer).with_state(host)
}

async fn answer(Extracted(host): Extracted<PictureHost>, request: Request) -> Response {
    let path = request.uri().path();
    let carried = CREDENTIALS.map(|name| request.headers().contains_key(name).then_some(name));
    let carried: Vec<&str> = carried.into_iter().flatten().collect();
    if !carried.is_empty() {
        let what = format!("{} {path} carried {}", request.method(), carried.join(", "));
        host.state.world().violated(what);
        return (StatusCode::BAD_REQUEST, "credentials do not belong here").into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let draw = || Duration::from_millis(host.state.world().draw(50..=150));
    let latency = host.latency.unwrap_or_else(draw);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let picture = host.state.world().picture(path);
    match picture {
        Some((mime_type, bytes)) => ([(CONTENT_TYPE, mime_type)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

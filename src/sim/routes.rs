//! The calls of the document as HTTP: paths, methods, credentials, bodies, answers.
//!
//! What a call does is in [`super::state`]. Invariant: the checks come in one order: path, method,
//! credentials, size of the body, JSON, group, rights, content.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Extracted};
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::roster::OWN;
use super::state::{Group, Refusal, World};
use super::{Seen, Settings, State, TOKEN, USER_NAME};

/// Most bytes of a body that is looked at.
const MAX_BODY: usize = 64 * 1024;
/// Most bytes of a body that is read, so that the refusal reaches a client that is still writing.
const MAX_DRAINED: usize = 4 * 1024 * 1024;

const NOT_FOUND: &str = r#"{"errorCode":404,"errorMessage":"Not Found"}"#;
const NOT_ALLOWED: &str = r#"{"errorCode":405,"errorMessage":"Method Not Allowed"}"#;
/// The only error body that is printed anywhere in the provider's documentation.
const UNAUTHORIZED: &str = r#"{"errorCode":401,"errorMessage":"Authentication Error: No user was found with this combination of username and Authentication token."}"#;
const MALFORMED: &str = r#"{"errorCode":400,"errorMessage":"Malformed JSON"}"#;
/// The proxy in front speaks for itself.
const TOO_LARGE: &str = "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n<center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// The calls, named as in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Create,
    List,
    Info,
    Rename,
    Invite,
    ResetInvite,
    Remove,
    Promote,
    Demote,
    Leave,
}

/// What every request needs.
#[derive(Clone, Debug)]
struct Provider {
    state: State,
    latency: Option<Duration>,
}

/// The whole API.
pub(super) fn router(state: State, settings: &Settings) -> Router {
    let provider = Provider {
        state,
        latency: settings.latency,
    };
    // One place for every path: an unknown one is refused, and remembered, like all the others.
    Router::new().fallback(answer).with_state(provider)
}

async fn answer(Extracted(provider): Extracted<Provider>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = read(body).await;
    provider.state.world().saw(seen(&head, body.as_deref()));
    let Some((id, calls)) = calls(head.uri.path()) else {
        return reply(StatusCode::NOT_FOUND, NOT_FOUND);
    };
    let call = calls.iter().find(|(method, _)| head.method == *method);
    let Some((_, call)) = call.copied() else {
        return not_allowed(calls);
    };
    // Half on the way there, half on the way back: reads may overtake changes, as they do outside.
    let one_way = provider.latency(call) / 2;
    pause(one_way).await;
    let response = if is_let_in(&head.headers) {
        perform(&mut provider.state.world(), call, &id, body.as_deref())
    } else {
        reply(StatusCode::UNAUTHORIZED, UNAUTHORIZED)
    };
    pause(one_way).await;
    response
}

impl Provider {
    /// How long this call takes.
    fn latency(&self, call: Call) -> Duration {
        let drawn = match call {
            Call::List => 80..=200,
            Call::Info | Call::Invite => 60..=180,
            Call::Create
            | Call::Rename
            | Call::ResetInvite
            | Call::Remove
            | Call::Promote
            | Call::Demote
            | Call::Leave => 150..=450,
        };
        let draw = || Duration::from_millis(self.state.world().draw(drawn));
        self.latency.unwrap_or_else(draw)
    }
}

async fn pause(length: Duration) {
    if !length.is_zero() {
        tokio::time::sleep(length).await;
    }
}

/// The body, `None` when it is too large. One that breaks off is taken as it is: nobody is left to
/// get the answer.
async fn read(mut body: Body) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        length += bytes.len();
        if length <= MAX_BODY {
            kept.extend_from_slice(&bytes);
        } else if length > MAX_DRAINED {
            break;
        }
    }
    (length <= MAX_BODY).then_some(kept)
}

fn seen(head: &Parts, body: Option<&[u8]>) -> Seen {
    let header = |name| {
        let value: Option<&HeaderValue> = head.headers.get(name);
        value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Seen {
        method: head.method.to_string(),
        path: head.uri.to_string(),
        content_type: header(CONTENT_TYPE),
        content_length: header(CONTENT_LENGTH),
        body: String::from_utf8_lossy(body.unwrap_or_default()).into_owned(),
    }
}

/// The group a path is about (empty for the two calls about none) and what can be done there.
fn calls(path: &str) -> Option<(String, &'static [(&'static str, Call)])> {
    let rest = path.strip_prefix("/v1/whatsapp/groups")?;
    let segments: Vec<&str> = rest.split('/').collect();
    let (id, calls): (&str, &[(&str, Call)]) = match segments[..] {
        [""] => ("", &[("GET", Call::List), ("POST", Call::Create)]),
        ["", "", ..] => return None,
        ["", id] => (id, &[("GET", Call::Info), ("PUT", Call::Rename)]),
        ["", id, "invite"] => (id, &[("GET", Call::Invite), ("DELETE", Call::ResetInvite)]),
        ["", id, "participants"] => (id, &[("DELETE", Call::Remove)]),
        ["", id, "admins"] => (id, &[("PATCH", Call::Promote), ("DELETE", Call::Demote)]),
        ["", id, "leave"] => (id, &[("POST", Call::Leave)]),
        _ => return None,
    };
    let id = percent_decode_str(id).decode_utf8_lossy().into_owned();
    Some((id, calls))
}

fn not_allowed(calls: &[(&str, Call)]) -> Response {
    let mut response = reply(StatusCode::METHOD_NOT_ALLOWED, NOT_ALLOWED);
    let methods: Vec<&str> = calls.iter().map(|(method, _)| *method).collect();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

/// Header names are compared without regard to case, as HTTP has it: the document itself spells
/// `userName` and `username`.
fn is_let_in(headers: &HeaderMap) -> bool {
    let is = |name, value: &str| headers.get(name).is_some_and(|given| given == value);
    is("username", USER_NAME) && is("authenticationtoken", TOKEN)
}

fn perform(world: &mut World, call: Call, id: &str, body: Option<&[u8]>) -> Response {
    let Some(body) = body else {
        let mut response = reply(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE);
        let html = HeaderValue::from_static("text/html");
        response.headers_mut().insert(CONTENT_TYPE, html);
        return response;
    };
    let fields = match call {
        Call::Create | Call::Rename | Call::Remove | Call::Promote | Call::Demote => {
            match serde_json::from_slice::<Value>(body) {
                Ok(fields) => fields,
                Err(_) => return reply(StatusCode::BAD_REQUEST, MALFORMED),
            }
        }
        Call::List | Call::Info | Call::Invite | Call::ResetInvite | Call::Leave => Value::Null,
    };
    let subject = fields.get("subject").and_then(Value::as_str);
    let wa_ids = texts(fields.get("waIds"));
    let wa_ids = wa_ids.as_deref();
    let done = match call {
        Call::List => Ok(Some(world.list())),
        Call::Create => world.create(subject).map(|group| Some(created(group))),
        Call::Info => world.info(id).map(|group| Some(info(group))),
        Call::Invite => world.invite(id).map(|link| Some(invite(&link))),
        Call::Rename => world.rename(id, subject).map(|()| None),
        Call::ResetInvite => world.reset_invite(id).map(|()| None),
        Call::Remove => world.remove(id, wa_ids).map(|()| None),
        Call::Promote => world.promote(id, wa_ids).map(|()| None),
        Call::Demote => world.demote(id, wa_ids).map(|()| None),
        Call::Leave => world.leave(id).map(|()| None),
    };
    match done {
        Ok(Some(body)) => reply(StatusCode::OK, body),
        Ok(None) => reply(StatusCode::OK, world.empty_answer()),
        Err(refusal) => refused(refusal),
    }
}

/// The strings of an array of strings; anything else is `None`.
fn texts(value: Option<&Value>) -> Option<Vec<String>> {
    let values = value?.as_array()?.iter();
    values
        .map(|text| text.as_str().map(str::to_owned))
        .collect()
}

fn created(group: &Group) -> String {
    json!({"groups": [{"creation_time": group.created, "id": &*group.id}]}).to_string()
}

fn info(group: &Group) -> String {
    let roster = group.people.roster();
    let texts = |people: &[u64]| people.iter().map(u64::to_string).collect::<Vec<_>>();
    json!({"groups": [{
        "admins": texts(&roster.admins),
        "creation_time": group.created,
        // A business account is only ever in groups that it created itself.
        "creator": OWN.to_string(),
        "id": &*group.id,
        "participants": texts(&roster.participants),
        "subject": group.subject,
    }]})
    .to_string()
}

fn invite(link: &str) -> String {
    json!({"groups": [{"link": link}]}).to_string()
}

/// Statuses that the document does not give are choices; `docs/api-notes.md` lists them.
fn refused(refusal: Refusal) -> Response {
    let (status, text) = match refusal {
        Refusal::NoSuchGroup => (StatusCode::NOT_FOUND, "Group not found"),
        Refusal::NotAdmin => (
            StatusCode::FORBIDDEN,
            "Only admins of the group may do this",
        ),
        Refusal::DemoteSelf => (
            StatusCode::FORBIDDEN,
            "The creator of the group stays admin",
        ),
        Refusal::NoSubject => (StatusCode::BAD_REQUEST, "subject is missing"),
        Refusal::TooManyGroups => (
            StatusCode::BAD_REQUEST,
            "Could not create group: too many groups created",
        ),
        Refusal::NoNumbers => (StatusCode::BAD_REQUEST, "waIds is missing"),
        Refusal::TooManyNumbers => (StatusCode::BAD_REQUEST, "waIds has more than 20 numbers"),
        Refusal::NumberNotFound => (StatusCode::BAD_REQUEST, "Phone number not found"),
        Refusal::RemoveSelf => (
            StatusCode::BAD_REQUEST,
            "The account cannot remove itself, it can leave",
        ),
        // Another hand wrote this one, and clients have to read both.
        Refusal::SubjectTooLong => {
            let body = json!({
                "message": "Bad Request",
                "details": "subject must have at most 25 characters",
            });
            return reply(StatusCode::BAD_REQUEST, body.to_string());
        }
    };
    let body = json!({"errorCode": status.as_u16(), "errorMessage": text});
    reply(status, body.to_string())
}

fn reply(status: StatusCode, body: impl Into<Body>) -> Response {
    let json = HeaderValue::from_static("application/json");
    (status, [(CONTENT_TYPE, json)], body.into()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    const READS: [Call; 2] = [Call::Info, Call::Invite];
    const CHANGES: [Call; 7] = [
        Call::Create,
        Call::Rename,
        Call::ResetInvite,
        Call::Remove,
        Call::Promote,
        Call::Demote,
        Call::Leave,
    ];

    fn provider(latency: Option<Duration>) -> Provider {
        let state = State::new(&Settings::default());
        Provider { state, latency }
    }

    #[test]
    fn the_demo_takes_its_time_within_ranges() {
        let provider = provider(None);
        let check = |call, range: std::ops::RangeInclusive<u128>| {
            let drawn: Vec<_> = (0..50).map(|_| provider.latency(call)).collect();
            assert!(drawn.iter().all(|time| range.contains(&time.as_millis())));
            assert!(drawn.iter().any(|time| *time != drawn[0]), "{drawn:?}");
        };
        check(Call::List, 80..=200);
        for call in READS {
            check(call, 60..=180);
        }
        for call in CHANGES {
            check(call, 150..=450);
        }
    }

    #[test]
    fn a_latency_that_is_set_holds_for_every_call() {
        for length in [Duration::ZERO, Duration::from_millis(20)] {
            let provider = provider(Some(length));
            for call in READS.into_iter().chain(CHANGES).chain([Call::List]) {
                assert_eq!(provider.latency(call), length);
            }
        }
    }
}

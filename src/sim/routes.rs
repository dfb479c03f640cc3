//! The calls of the document as HTTP: paths, methods, credentials, bodies, answers.
//!
//! What a call does is in [`super::state`]. Invariant: the checks come in one order: path, method,
//! credentials, size of the body, JSON, group, rights, content.

pub(super) mod control;
mod messages;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State as Extracted};
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::roster::OWN;
use super::state::{Group, Icon, Refusal};
use super::{Seen, Settings, State, TOKEN, USER_NAME};

/// Most bytes of a body that is looked at, and of a picture.
const MAX_BODY: usize = 64 * 1024;
const MAX_PICTURE: usize = 5 * 1024 * 1024;
/// Most bytes beyond these that are read, so that the refusal reaches a client that is still writing.
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
    Icon,
    SetIcon,
    RemoveIcon,
    Send,
}

/// What every request needs.
#[derive(Clone, Debug)]
struct Provider {
    state: State,
    latency: Option<Duration>,
    /// What comes before the path of a picture.
    pictures: String,
    /// Whether everybody who asks is on this computer.
    is_local: bool,
}

/// The whole API. `pictures` is where the picture host listens.
pub(super) fn router(state: State, settings: &Settings, pictures: SocketAddr) -> Router {
    let provider = Provider {
        state,
        latency: settings.latency,
        pictures: format!("http://{pictures}"),
        is_local: settings.listen.ip().is_loopback(),
    };
    // One place for every path: an unknown one is refused, and remembered, like all the others.
    Router::new().fallback(answer).with_state(provider)
}

async fn answer(Extracted(provider): Extracted<Provider>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if let Some(verb) = head.uri.path().strip_prefix(control::PREFIX)
        && provider.is_local
        && head.method == Method::POST
    {
        let body = read(body, MAX_BODY).await;
        return control::answer(&provider.state, verb, &body.unwrap_or_default());
    }
    let known = calls(head.uri.path());
    let call = known.as_ref().and_then(|(_, calls)| {
        let found = calls.iter().find(|(method, _)| head.method == *method);
        found.map(|(_, call)| *call)
    });
    let is_picture = call == Some(Call::SetIcon);
    let limit = if is_picture { MAX_PICTURE } else { MAX_BODY };
    let body = read(body, limit).await;
    let text = body.as_deref().filter(|_| !is_picture);
    provider.state.world().saw(seen(&head, text));
    let Some((id, calls)) = known else {
        return reply(StatusCode::NOT_FOUND, NOT_FOUND);
    };
    let Some(call) = call else {
        return not_allowed(calls);
    };
    // Half on the way there, half on the way back: reads may overtake changes, as they do outside.
    let one_way = provider.latency(call) / 2;
    pause(one_way).await;
    let response = if is_let_in(&head.headers) {
        provider.perform(call, &id, &head.headers, body)
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
            Call::Info | Call::Invite | Call::Icon => 60..=180,
            Call::SetIcon => 300..=900,
            Call::Create
            | Call::Rename
            | Call::ResetInvite
            | Call::Remove
            | Call::Promote
            | Call::Demote
            | Call::Leave
            | Call::RemoveIcon
            | Call::Send => 150..=450,
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
async fn read(mut body: Body, limit: usize) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        length += bytes.len();
        if length <= limit {
            kept.extend_from_slice(&bytes);
        } else if length > limit + MAX_DRAINED {
            break;
        }
    }
    (length <= limit).then_some(kept)
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

/// The group a path is about (empty for the calls about none) and what can be done there.
fn calls(path: &str) -> Option<(String, &'static [(&'static str, Call)])> {
    if path == "/v1/whatsapp/send" {
        return Some((String::new(), &[("POST", Call::Send)]));
    }
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
        ["", id, "icon"] => (
            id,
            &[
                ("GET", Call::Icon),
                ("POST", Call::SetIcon),
                ("DELETE", Call::RemoveIcon),
            ],
        ),
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

impl Provider {
    fn perform(
        &self,
        call: Call,
        id: &str,
        headers: &HeaderMap,
        body: Option<Vec<u8>>,
    ) -> Response {
        let Some(body) = body else {
            let mut response = reply(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE);
            let html = HeaderValue::from_static("text/html");
            response.headers_mut().insert(CONTENT_TYPE, html);
            return response;
        };
        let fields = if call.takes_json() {
            match serde_json::from_slice::<Value>(&body) {
                Ok(fields) => fields,
                Err(_) => return reply(StatusCode::BAD_REQUEST, MALFORMED),
            }
        } else {
            Value::Null
        };
        let subject = fields.get("subject").and_then(Value::as_str);
        let wa_ids = texts(fields.get("waIds"));
        let wa_ids = wa_ids.as_deref();
        let world = &mut *self.state.world();
        let done = match call {
            Call::List => Ok(Some(world.list())),
            Call::Create => world.create(subject).map(|group| Some(created(group))),
            Call::Info => world.info(id).map(|group| Some(info(group))),
            Call::Invite => world.invite(id).map(|link| Some(invite(&link))),
            Call::Icon => world.icon(id).map(|icon| Some(self.described(icon))),
            Call::Send => messages::send(world, &fields).map(Some),
            Call::Rename => world.rename(id, subject).map(|()| None),
            Call::ResetInvite => world.reset_invite(id).map(|()| None),
            Call::Remove => world.remove(id, wa_ids).map(|()| None),
            Call::Promote => world.promote(id, wa_ids).map(|()| None),
            Call::Demote => world.demote(id, wa_ids).map(|()| None),
            Call::Leave => world.leave(id).map(|()| None),
            Call::SetIcon => {
                let content_type = headers.get(CONTENT_TYPE);
                let content_type = content_type.and_then(|value| value.to_str().ok());
                let done = world.set_icon(id, content_type, body.into());
                done.map(|()| None)
            }
            Call::RemoveIcon => world.remove_icon(id).map(|()| None),
        };
        match done {
            Ok(Some(body)) => reply(StatusCode::OK, body),
            Ok(None) => reply(StatusCode::OK, world.empty_answer()),
            Err(refusal) => refused(refusal),
        }
    }

    /// Source: «Consulting a Group Icon».
    fn described(&self, icon: &mut Icon) -> String {
        let length = icon.bytes().len();
        let mime_type = icon.format.mime_type();
        json!({
            "type": "URL",
            "mimeType": mime_type,
            "fileName": icon.format.file_name(),
            "extraData": {
                "public": true,
                "Content-Type": mime_type,
                "Content-Length": length.to_string(),
            },
            "data": format!("{}{}", self.pictures, icon.path),
        })
        .to_string()
    }
}

impl Call {
    /// Whether its body is looked at as JSON.
    fn takes_json(self) -> bool {
        match self {
            Self::Create
            | Self::Rename
            | Self::Remove
            | Self::Promote
            | Self::Demote
            | Self::Send => true,
            Self::List
            | Self::Info
            | Self::Invite
            | Self::ResetInvite
            | Self::Leave
            | Self::Icon
            | Self::SetIcon
            | Self::RemoveIcon => false,
        }
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
        Refusal::NoIcon => (StatusCode::NOT_FOUND, "The group has no icon"),
        Refusal::NotAPicture => (StatusCode::BAD_REQUEST, "Content-Type is not image/*"),
        Refusal::EmptyPicture => (StatusCode::BAD_REQUEST, "The image is empty"),
        Refusal::OtherPicture => (
            StatusCode::BAD_REQUEST,
            "Content-Type does not match the image, which must be JPEG or PNG",
        ),
        Refusal::NoDestinations => (StatusCode::BAD_REQUEST, "destinations is missing"),
        Refusal::BadDestination => (StatusCode::BAD_REQUEST, "destination is missing"),
        Refusal::UnknownRecipientType => (StatusCode::BAD_REQUEST, "recipientType is unknown"),
        Refusal::NoText => (StatusCode::BAD_REQUEST, "messageText is missing"),
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
mod tests;

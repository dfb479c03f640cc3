//! What each fault writes, and how the connection ends.
//!
//! Bytes only, no sockets. Invariant: everything that is announced as whole is whole.

use std::time::{Duration, SystemTime};

use super::fault::Fault;

const JSON: &str = "application/json";
const HTML: &str = "text/html";

const UNAUTHORIZED: &str = r#"{"errorCode":401,"errorMessage":"Authentication Error: No user was found with this combination of username and Authentication token."}"#;
const PORTAL: &str = "<!DOCTYPE html>\n<html><head><title>Welcome to Guest WiFi</title></head><body><form>Accept the terms</form></body></html>\n";
const WRONG_TYPES: &str = r#"{"groups":[{"id":[1.5],"subject":17,"participants":"x","admins":{"a":1},"creation_time":"soon","link":false}],"id":{},"destinations":7,"type":[],"mimeType":null,"extraData":0,"data":9}"#;
/// Source: the engine's guide: «Request partially succeeded».
const PARTIAL: &str =
    r#"{"groups":[],"errors":[{"code":131201,"title":"Request partially succeeded"}]}"#;
const DEPTH: usize = 10_000;

/// An answer as a server means it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type: content_type.to_owned(),
            body: body.into(),
        }
    }

    /// What broken answers are made of when there is no real one.
    pub(super) fn stand_in() -> Self {
        let body = r#"{"groups":[{"id":"5519900000000-1513616971"}]}"#;
        Self::new(200, JSON, body)
    }

    /// The head, with this header after the type, and no empty line.
    fn head(&self, header: &str) -> String {
        let Self {
            status,
            content_type,
            ..
        } = self;
        let reason = axum::http::StatusCode::from_u16(*status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Unknown");
        let end = if header.is_empty() { "" } else { "\r\n" };
        format!("HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\n{header}{end}")
    }

    /// All of it, with a further header or none.
    pub(super) fn bytes(&self, header: &str) -> Vec<u8> {
        let length = self.body.len();
        let head = self.head(header);
        let mut bytes = format!("{head}Content-Length: {length}\r\n\r\n").into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// How a connection goes on after what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// The next request may come.
    Next,
    /// It ends in good order.
    Close,
    /// It is reset.
    Reset,
    /// Nothing happens until the client gives up.
    Stall,
}

/// What is done to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// These bytes.
    Write(Vec<u8>, After),
    /// The first bytes at once, the others one by one.
    Drip(Vec<u8>, Vec<u8>),
    /// A head, and then a very long list without anything in it, in chunks.
    Flood(Vec<u8>),
}

/// The act that plays a fault. `real` is the answer that it spoils, where it spoils one.
pub(super) fn act(fault: Fault, real: &Answer, retry_after: u64, elsewhere: &str) -> Act {
    let whole = |answer: Answer| Act::Write(answer.bytes(""), After::Next);
    let json = |status, body: &str| whole(Answer::new(status, JSON, body));
    let error = |status: u16, text: &str| {
        let body = format!(r#"{{"errorCode":{status},"errorMessage":"{text}"}}"#);
        whole(Answer::new(status, JSON, body))
    };
    let page = |status: u16, title: &str| {
        let body = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
        );
        whole(Answer::new(status, HTML, body))
    };
    let with = |status: u16, header: String| {
        let answer = Answer::new(status, JSON, "");
        Act::Write(answer.bytes(&header), After::Next)
    };
    let redirect = |status| with(status, format!("Location: {elsewhere}"));
    let nothing = |after| Act::Write(Vec::new(), after);
    match fault {
        Fault::AcceptThenClose => nothing(After::Close),
        Fault::StaleKeepAlive
        | Fault::ResetUnread
        | Fault::ResetAfterHead
        | Fault::ResetAfterRequest => nothing(After::Reset),
        Fault::StallAfterRequest => nothing(After::Stall),
        Fault::StatusLineOnly => Act::Write(b"HTTP/1.1 200 OK\r\n".to_vec(), After::Close),
        Fault::HeaderStall => Act::Write(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec(), After::Stall),
        Fault::TruncatedBody => {
            let mut bytes = real.bytes("");
            // At least one byte is missing, for there is always one: see `spoilt`.
            bytes.truncate(bytes.len() - real.body.len().div_ceil(2));
            Act::Write(bytes, After::Close)
        }
        Fault::Drip => {
            let bytes = real.bytes("");
            let (head, body) = bytes.split_at(bytes.len() - real.body.len());
            Act::Drip(head.to_vec(), body.to_vec())
        }
        Fault::UnterminatedChunked => {
            let head = real.head("Transfer-Encoding: chunked");
            let mut bytes = format!("{head}\r\n{:x}\r\n", real.body.len()).into_bytes();
            bytes.extend_from_slice(&real.body);
            bytes.extend_from_slice(b"\r\n");
            Act::Write(bytes, After::Close)
        }
        Fault::EmptyBody => json(200, ""),
        Fault::NullBody => json(200, "null"),
        Fault::EmptyObject => json(200, "{}"),
        Fault::Html => whole(Answer::new(200, HTML, PORTAL)),
        Fault::InvalidJson => json(200, r#"{"groups":[{"id":"55199"#),
        Fault::InvalidUtf8 => {
            let body = b"{\"groups\":[{\"id\":\"\xC3\x28\xFF\",\"subject\":\"\xE2\x82\"}],\"data\":\"\xFE\"}";
            whole(Answer::new(200, JSON, *body))
        }
        Fault::ByteOrderMark => {
            let body = [b"\xEF\xBB\xBF", &*real.body].concat();
            whole(Answer::new(real.status, &real.content_type, body))
        }
        Fault::WrongTypes => json(200, WRONG_TYPES),
        Fault::NoGroups => json(
            200,
            r#"{"meta":{"api_status":"stable","version":"2.27.8"}}"#,
        ),
        Fault::NullGroups => json(200, r#"{"groups":null}"#),
        Fault::EmptyGroups => json(200, r#"{"groups":[]}"#),
        Fault::Oversize => {
            let head = Answer::new(200, JSON, "").head("Transfer-Encoding: chunked");
            Act::Flood(format!("{head}\r\n").into_bytes())
        }
        Fault::DeepNesting => {
            let (open, close) = ("[".repeat(DEPTH), "]".repeat(DEPTH));
            json(200, &format!(r#"{{"groups":{open}{close}}}"#))
        }
        Fault::Accepted202 => json(202, "{}"),
        Fault::NoContent204 => Act::Write(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(), After::Next),
        Fault::Partial206 => json(206, PARTIAL),
        Fault::Moved301 => redirect(301),
        Fault::Found302 => redirect(302),
        Fault::SeeOther303 => redirect(303),
        Fault::Temporary307 => redirect(307),
        Fault::Permanent308 => redirect(308),
        Fault::BadRequest400 => error(400, "Phone number not found"),
        Fault::Unauthorized401 => json(401, UNAUTHORIZED),
        Fault::Forbidden403 => error(403, "Only admins of the group may do this"),
        Fault::NotFound404 => error(404, "Group not found"),
        Fault::NotAllowed405 => error(405, "Method Not Allowed"),
        Fault::RequestTimeout408 => error(408, "Request Timeout"),
        Fault::Conflict409 => error(409, "Conflict"),
        Fault::TooLarge413 => page(413, "413 Request Entity Too Large"),
        Fault::UnsupportedType415 => error(415, "Unsupported Media Type"),
        Fault::Unprocessable422 => error(422, "Unprocessable Entity"),
        Fault::Throttled420 => error(420, "Enhance your calm"),
        Fault::TooMany429 => error(429, "Too Many Requests"),
        Fault::TooManySeconds429 => with(429, format!("Retry-After: {retry_after}")),
        Fault::TooManyDate429 => with(429, until(retry_after)),
        Fault::ServerError500 => page(500, "500 Internal Server Error"),
        Fault::BadGateway502 => page(502, "502 Bad Gateway"),
        Fault::Unavailable503 => with(503, format!("Retry-After: {retry_after}")),
        Fault::GatewayTimeout504 => json(504, ""),
    }
}

/// `Date` and `Retry-After`, so many seconds apart.
#[expect(
    clippy::disallowed_methods,
    reason = "the fault server is the host: it has a clock of its own"
)]
fn until(seconds: u64) -> String {
    let now = SystemTime::now();
    let date = httpdate::fmt_http_date(now);
    let later = httpdate::fmt_http_date(now + Duration::from_secs(seconds));
    format!("Date: {date}\r\nRetry-After: {later}")
}

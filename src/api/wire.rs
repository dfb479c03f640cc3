//! What 2xx answers mean: ids, details, a link, an icon, a receipt. Reads tolerantly, see `docs/api-notes.md`.
//!
//! Not here: transport and errors. Invariants: one bad element never loses the others; what is
//! missing is `None`; and an answer of another shape is an error, never an empty list, because from
//! an empty list the program would conclude that groups are gone.

mod element;
mod envelope;
mod icon;
mod receipt;
mod value;

use std::collections::HashSet;

use self::element::{Element, Item};
use self::envelope::{Contents, read};
pub(super) use self::icon::icon;
pub(super) use self::receipt::accepted;
use super::error::{self, Error};
use crate::domain::{GroupDetails, GroupId, InviteLink, Roster};

/// Longest answer that is searched for the server's own words, in bytes.
const COMPLAINT: usize = 64 * 1024;

/// The ids of a list, each once, in order. Source: «Consulting All Groups».
///
/// # Errors
/// When the answer is no list, or a list of things that are no groups.
pub(super) fn list(status: u16, body: &str) -> Result<Vec<GroupId>, Error> {
    let mut ids = Vec::new();
    let mut seen = HashSet::new();
    let contents = groups(status, body, |item| {
        let id = match item {
            Item::Bare(text) => GroupId::new(text).ok(),
            Item::Object(element) => element.id.and_then(Result::ok),
        };
        if let Some(id) = id.filter(|id| seen.insert(id.clone())) {
            ids.push(id);
        }
    })?;
    if ids.is_empty() && (contents.items > 0 || contents.complains) {
        return Err(other_shape(status, body, "no group id in it"));
    }
    Ok(ids)
}

/// The id of a group just created. Source: «Creating Groups».
///
/// # Errors
/// When there is no id, or more than one.
pub(super) fn created(status: u16, body: &str) -> Result<GroupId, Error> {
    let mut ids = list(status, body)?;
    match (ids.pop(), ids.is_empty()) {
        (Some(id), true) => Ok(id),
        (Some(_), false) => Err(Error::unreadable(status, "more than one group in it")),
        (None, _) => Err(other_shape(status, body, "no group id in it")),
    }
}

/// One group. Source: «Consulting Group Information».
///
/// # Errors
/// When the answer holds no group, or another one.
pub(super) fn details(status: u16, body: &str, asked: &GroupId) -> Result<GroupDetails, Error> {
    let mut elements = Vec::new();
    groups(status, body, |item| {
        if let Item::Object(element) = item {
            elements.push(element);
        }
    })?;
    let element = about(status, body, asked, elements)?;
    let roster = match (element.participants, element.admins) {
        (None, None) => None,
        (participants, admins) => Some(Roster::new(
            participants.unwrap_or_default(),
            admins.unwrap_or_default(),
        )),
    };
    Ok(GroupDetails {
        id: asked.clone(),
        subject: element.subject,
        creator: element.creator,
        created: element.created,
        roster,
    })
}

/// The invite link of one group. Source: the paragraph on `GET …/invite`.
///
/// # Errors
/// When the answer holds no link, or that of another group.
pub(super) fn link(status: u16, body: &str, asked: &GroupId) -> Result<InviteLink, Error> {
    let mut elements = Vec::new();
    groups(status, body, |item| match item {
        Item::Bare(text) => elements.push(Element {
            link: Some(text.to_owned()),
            ..Element::default()
        }),
        Item::Object(element) => elements.push(element),
    })?;
    about(status, body, asked, elements)?
        .link
        .map(|link| InviteLink::new(&link))
        .ok_or_else(|| other_shape(status, body, "no `link` in it"))
}

/// The element about the group that was asked for: the one with its id, or a single one without
/// any id, as the engine behind the API answers. Another id means another group: refused.
fn about(
    status: u16,
    body: &str,
    asked: &GroupId,
    elements: Vec<Element>,
) -> Result<Element, Error> {
    let single = elements.len() == 1;
    let mut found = None;
    for element in elements {
        match &element.id {
            Some(Ok(id)) if id == asked => return Ok(element),
            None if single => found = Some(element),
            Some(_) | None => {}
        }
    }
    match (found, single) {
        (Some(element), _) => Ok(element),
        (None, true) => Err(Error::unreadable(status, "it is about another group")),
        (None, false) => Err(other_shape(status, body, "the group is not in it")),
    }
}

/// Hands every element of `groups` to `each`.
fn groups(status: u16, body: &str, each: impl FnMut(Item<'_>)) -> Result<Contents, Error> {
    let contents = read(body, each).map_err(|why| no_json(status, body, &why))?;
    if contents.is_groups {
        Ok(contents)
    } else {
        Err(other_shape(status, body, "no `groups` in it"))
    }
}

/// JSON, but not the one expected: with the server's own words where it has some.
fn other_shape(status: u16, body: &str, what: &str) -> Error {
    let words = (body.len() <= COMPLAINT)
        .then(|| error::complaint(body))
        .flatten();
    Error::Unreadable {
        status,
        why: words.map_or_else(|| what.to_owned(), |words| format!("{what}: {words}")),
    }
}

/// No JSON at all. The parser's own text may repeat values of any length, so only the place is kept.
fn no_json(status: u16, body: &str, why: &serde_json::Error) -> Error {
    let trimmed = body.trim_start();
    let what = if trimmed.is_empty() {
        "it is empty".to_owned()
    } else if trimmed.starts_with('<') {
        let page = error::html_title(error::cut(trimmed, COMPLAINT));
        format!("a web page in place of JSON: {page}")
    } else {
        let line = why.line().saturating_sub(1);
        let before: usize = body.split_inclusive('\n').take(line).map(str::len).sum();
        let at = before + why.column().saturating_sub(1);
        if why.is_eof() {
            format!("the JSON ends too early, after {} bytes", body.len())
        } else {
            format!("no JSON at byte {at}")
        }
    };
    Error::Unreadable { status, why: what }
}

#[cfg(test)]
mod tests;

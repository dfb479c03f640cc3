//! The icons of the simulated groups, and where their pictures can be fetched; also what chats hold.
//!
//! A picture is judged by its first bytes only; nothing is decoded. Invariant: an address leads to the
//! icon a group has now, and to nothing once that icon was replaced or removed.

use std::collections::HashMap;

use axum::body::Bytes;
use jiff::Timestamp;

use super::{Refusal, World, rng_for, unix_now, uuid};
use crate::sim::attachments::Attachment;
use crate::sim::drawings::Motif;

/// A kind of picture that the provider takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Format {
    Jpeg,
    Png,
}

impl Format {
    /// What the first bytes say.
    pub(in crate::sim) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else {
            None
        }
    }

    pub(in crate::sim) fn mime_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Source: «Consulting a Group Icon»: `fileName`.
    pub(in crate::sim) fn file_name(self) -> &'static str {
        match self {
            Self::Jpeg => "groupIcon.jpeg",
            Self::Png => "groupIcon.png",
        }
    }
}

/// The icon of one group.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Icon {
    pub(in crate::sim) format: Format,
    /// Where the picture host has it.
    pub(in crate::sim) path: String,
    picture: Picture,
}

/// Drawn when it is first asked for, or uploaded.
#[derive(Clone, Debug)]
enum Picture {
    Undrawn(Motif),
    Bytes(Bytes),
}

impl Icon {
    /// One that a group had before the simulator began.
    pub(in crate::sim) fn drawn(motif: Motif, seed: u64, group: &str, created: u64) -> Self {
        Self {
            format: Format::Png,
            path: path(seed, group, 0, created, Format::Png.file_name()),
            picture: Picture::Undrawn(motif),
        }
    }

    pub(in crate::sim) fn bytes(&mut self) -> Bytes {
        match &self.picture {
            Picture::Bytes(bytes) => bytes.clone(),
            Picture::Undrawn(motif) => {
                let bytes = Bytes::from(motif.png());
                self.picture = Picture::Bytes(bytes.clone());
                bytes
            }
        }
    }
}

impl World {
    /// The icon. Source: «Consulting a Group Icon».
    pub(in crate::sim) fn icon(&mut self, id: &str) -> Result<&mut Icon, Refusal> {
        self.joined_group(id)?.icon.as_mut().ok_or(Refusal::NoIcon)
    }

    /// Sets an icon; its address is a new one each time. Source: «Setting a Group Icon».
    pub(in crate::sim) fn set_icon(
        &mut self,
        id: &str,
        content_type: Option<&str>,
        bytes: Bytes,
    ) -> Result<(), Refusal> {
        self.own_group(id)?;
        let format = checked(content_type, &bytes)?;
        self.replace_icon(id, Some((format, bytes)));
        Ok(())
    }

    /// Source: «Removing a Group Icon».
    pub(in crate::sim) fn remove_icon(&mut self, id: &str) -> Result<(), Refusal> {
        if self.own_group(id)?.icon.is_none() {
            return Err(Refusal::NoIcon);
        }
        self.replace_icon(id, None);
        Ok(())
    }

    /// Gives or takes an icon past every check. False when there is no such group.
    pub(in crate::sim) fn replace_icon(
        &mut self,
        id: &str,
        picture: Option<(Format, Bytes)>,
    ) -> bool {
        let now = self.now.unwrap_or_else(unix_now);
        let (seed, turn) = (self.seed, self.uploads + 1);
        let Some(place) = self.places.get(id).copied() else {
            return false;
        };
        let Some(group) = self.groups.get_mut(place) else {
            return false;
        };
        let icon = picture.map(|(format, bytes)| Icon {
            format,
            path: path(seed, id, turn, now, format.file_name()),
            picture: Picture::Bytes(bytes),
        });
        if let Some(old) = std::mem::replace(&mut group.icon, icon) {
            self.pictures.remove(&old.path);
        }
        if let Some(new) = &group.icon {
            self.uploads = turn;
            self.pictures.insert(new.path.clone(), place);
        }
        true
    }

    /// What the picture host has at this path, and its type.
    pub(in crate::sim) fn picture(&mut self, path: &str) -> Option<(&'static str, Bytes)> {
        if let Some(attachment) = self.attachments.get(path) {
            return Some((attachment.mime_type(), attachment.bytes().into()));
        }
        let place = *self.pictures.get(path)?;
        let icon = self.groups.get_mut(place)?.icon.as_mut()?;
        Some((icon.format.mime_type(), icon.bytes()))
    }

    /// Remembers what a client must never do.
    pub(in crate::sim) fn violated(&mut self, what: String) {
        self.violations.push(what);
    }

    /// What clients did that they must never do, oldest first.
    pub(in crate::sim) fn violations(&self) -> &[String] {
        &self.violations
    }
}

/// «The Content-Type header must match the image's MIME type.»
fn checked(content_type: Option<&str>, bytes: &[u8]) -> Result<Format, Refusal> {
    let mime_type = content_type.unwrap_or_default().split(';').next();
    let mime_type = mime_type.unwrap_or_default().trim().to_ascii_lowercase();
    if !mime_type.starts_with("image/") {
        return Err(Refusal::NotAPicture);
    }
    if bytes.is_empty() {
        return Err(Refusal::EmptyPicture);
    }
    Format::of(bytes)
        .filter(|format| format.mime_type() == mime_type)
        .ok_or(Refusal::OtherPicture)
}

/// A path as the document shows one: `/2019/03/25/ce425ffe-…/groupIcon.jpeg`.
fn path(seed: u64, purpose: &str, turn: u64, unix: u64, file_name: &str) -> String {
    let moment = Timestamp::from_second(i64::try_from(unix).unwrap_or_default());
    let day = moment.unwrap_or_default().strftime("%Y/%m/%d").to_string();
    let name = uuid(&mut rng_for(seed, purpose, turn));
    format!("/{day}/{name}/{file_name}")
}

/// What people may send, each with its path.
pub(super) fn attachments(seed: u64, unix: u64) -> HashMap<String, Attachment> {
    let all = Attachment::ALL.into_iter().zip(0..);
    all.map(|(attachment, turn)| {
        let name = attachment.file_name();
        (path(seed, "attachment", turn, unix, name), attachment)
    })
    .collect()
}

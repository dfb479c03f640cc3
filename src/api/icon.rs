//! The calls on `…/icon`: what the server says about a group's picture, setting and removing it.
//!
//! Not here: the picture itself, which is on another host (`pictures`). Invariant: an address with
//! the token in it is never handed on, because fetching it would give the token to that host.

use percent_encoding::percent_decode_str;

use super::client::{Body, Client, Request};
use super::{Answer, wire};
use crate::domain::{Clean, GroupId, IconAddressError, IconFile, IconInfo, Operation};

impl Client {
    /// Where the icon of a group is. A group without one is a failure of the kind
    /// [`crate::domain::FailureKind::NoIcon`].
    ///
    /// Source: «Consulting a Group Icon».
    pub async fn icon(&self, id: &GroupId) -> Answer<IconInfo> {
        let request = Request {
            operation: Operation::GetIcon,
            group: Some(id),
            body: Body::Nothing,
        };
        self.call(request, |heard| {
            let icon = wire::icon(heard.status(), heard.text()?, self.neighbourhood())?;
            Ok(self.without_token(icon))
        })
        .await
    }

    /// Gives a group another icon, with more patience than other calls: see
    /// [`super::Limits::upload`].
    ///
    /// Source: «Setting a Group Icon».
    pub async fn set_icon(&self, id: &GroupId, file: &IconFile) -> Answer<()> {
        let request = Request {
            operation: Operation::SetIcon,
            group: Some(id),
            body: Body::Picture(file),
        };
        self.call(request, |_| Ok(())).await
    }

    /// Takes the icon of a group away. A group without one is a failure of the kind
    /// [`crate::domain::FailureKind::NoIcon`].
    ///
    /// Source: «Removing a Group Icon».
    pub async fn remove_icon(&self, id: &GroupId) -> Answer<()> {
        let request = Request {
            operation: Operation::RemoveIcon,
            group: Some(id),
            body: Body::Nothing,
        };
        self.call(request, |_| Ok(())).await
    }

    fn without_token(&self, mut icon: IconInfo) -> IconInfo {
        // The parser of addresses drops some characters, and a host would decode others.
        let address = icon.address.as_ref().map_or("", |a| a.url().as_str());
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let forms = [
            icon.written.raw().to_owned(),
            decoded(icon.written.raw()),
            decoded(address),
        ];
        if let Some(form) = forms.iter().find(|form| self.repeats_token(form)) {
            icon.written = Clean::new(form);
            icon.address = Err(IconAddressError::Credentials);
        }
        self.redact(&mut icon.written);
        for text in [&mut icon.mime, &mut icon.file_name].into_iter().flatten() {
            self.redact(text);
        }
        icon
    }
}

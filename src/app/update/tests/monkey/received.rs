//! Strangers write, and the provider reports: whatever they say, nothing is built from it that could be
//! sent to them, and no key of the Inbox leads to a change.

use super::*;
use crate::domain::{Content, DeliveryState, Lane, MediaKind};

/// What is compared around a key in the Inbox.
pub(super) struct Before {
    /// Messages that are written to groups, and whether one is being written.
    written: usize,
    /// Changes that were asked for and wait.
    waiting: usize,
    /// People who are invited, and whether the form knows numbers.
    invited: usize,
}

impl Monkey {
    /// Somebody writes, somewhere; or the provider reports something.
    pub(super) fn hear(&mut self) {
        if self.random.u8(..3) == 0 {
            let fate = self.fate();
            let id = self.some_message();
            self.app.reported(&id, fate);
            return;
        }
        let lane = self.lane();
        let (sender, content) = (self.sender(), self.content());
        self.app.hears_in(lane, &sender, "Ana", content);
        if self.random.u8(..4) == 0 {
            let read = if self.random.bool() {
                Ok(Some(r#"{"source":"5511911110003"}"#.to_owned()))
            } else {
                Err("no disk".to_owned())
            };
            if let Some((_, seq)) = self.app.model.inbox.whole() {
                self.app.send(Msg::RawRead(seq, read));
            }
        }
        if self.random.u8(..8) == 0 {
            let address = "http://127.0.0.1:8077/mo/00ff".to_owned();
            let result = if self.random.bool() {
                Ok(address)
            } else {
                Err("taken".into())
            };
            self.app.send(Msg::Receiving(result));
            let result = if self.random.bool() {
                Ok(())
            } else {
                Err("the disk is full".into())
            };
            self.app.send(Msg::Keeping(result));
        }
    }

    fn lane(&mut self) -> Lane {
        let groups = &self.app.server.groups;
        match self.random.u8(..6) {
            0 | 1 if !groups.is_empty() => {
                Lane::Group(groups[self.random.usize(..groups.len())].id.clone())
            }
            2 => Lane::Group(GroupId::new(&format!("g{}", self.random.u8(..30))).unwrap()),
            3 => Lane::Unclassified,
            4 => Lane::Unreadable,
            _ => Lane::Direct,
        }
    }

    /// A member, somebody who was typed before, or a stranger. Only the last may never get anything.
    fn sender(&mut self) -> String {
        let n = self.random.u64(..30);
        match self.random.u8(..3) {
            0 => wa(n).to_string(),
            1 => ["", "abc", "\u{202e}1", "+55 19 90000-0020"][self.random.usize(..4)].to_owned(),
            _ => {
                let stranger = format!("551191111{n:04}");
                self.strangers.extend(WaId::from_api(&stranger));
                stranger
            }
        }
    }

    fn content(&mut self) -> Content {
        let texts = [
            "oi",
            "me chama no +55 11 91111-0003",
            "5511911110004",
            "\x1b[2J\u{202e}x",
            "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv",
            "",
        ];
        let text = texts[self.random.usize(..texts.len())].to_owned();
        match self.random.u8(..7) {
            0 => Content::System(text),
            1 => Content::Unreadable(text),
            2 => Content::Contacts(vec![text]),
            3 => Content::Media {
                kind: MediaKind::Image,
                address: text.clone(),
                mime_type: "image/png".into(),
                caption: text,
            },
            4 => Content::Unknown {
                kind: text.clone(),
                text,
            },
            _ => Content::Text(text),
        }
    }

    fn fate(&mut self) -> DeliveryState {
        match self.random.u8(..4) {
            0 => DeliveryState::Sent,
            1 => DeliveryState::Delivered,
            2 => DeliveryState::Read,
            _ => DeliveryState::Failed {
                code: Some(self.random.i64(100..215)),
                word: "ODD".into(),
            },
        }
    }

    /// One of ours, or one that nobody knows.
    fn some_message(&mut self) -> CorrelationId {
        let intents = self.app.intents.iter();
        let names: Vec<CorrelationId> = intents
            .filter_map(|(_, intent)| intent.correlation.clone())
            .collect();
        if names.is_empty() || self.random.u8(..4) == 0 {
            return CorrelationId::from_bits(self.random.u128(..));
        }
        names[self.random.usize(..names.len())].clone()
    }

    /// The digits in the form for invitations: nobody else may be in the question that follows.
    pub(super) fn numbers_typed(&self) -> String {
        match &self.app.model.dialog {
            Some(Dialog::Invite(form)) => digits(form.numbers.text()),
            Some(_) | None => String::new(),
        }
    }

    /// A question about invitations came up: it names people who were typed.
    pub(super) fn check_plan(&self, typed: &str) {
        if let Some(Dialog::Confirm(confirm)) = &self.app.model.dialog
            && let Intent::Invite(plan) = &confirm.intent
            && !typed.is_empty()
        {
            for person in &plan.people {
                let number = digits(&person.to_string());
                assert!(typed.contains(&number), "{number} was not typed: {typed}");
            }
        }
    }

    /// The state before a key in the Inbox; `None` elsewhere. `u` takes back what its notice names, there
    /// as everywhere.
    pub(super) fn before_inbox(&mut self, key: Key) -> Option<Before> {
        let model = &self.app.model;
        let is_inbox = model.pane == Pane::Inbox && model.dialog.is_none();
        let is_it = is_inbox && key != Key::char('u') && model.messages.composing().is_none();
        if !is_it {
            return None;
        }
        self.in_inbox += 1;
        Some(self.state())
    }

    fn state(&self) -> Before {
        let model = &self.app.model;
        let threads = model.messages.iter();
        let boxes = model.groups.changing();
        Before {
            written: threads.map(|(_, thread)| thread.messages().len()).sum(),
            waiting: boxes.count() + model.held.len(),
            invited: self.agreed.len(),
        }
    }

    /// Nothing was begun: no question, no form, nothing written.
    pub(super) fn check_inbox(&self, key: Key, before: &Before) {
        let model = &self.app.model;
        assert!(model.messages.composing().is_none(), "{key} writes");
        let is_harmless = matches!(
            model.dialog,
            None | Some(
                Dialog::Menu(_)
                    | Dialog::Help(_)
                    | Dialog::Commands(_)
                    | Dialog::Find(_)
                    | Dialog::Actions(_)
                    | Dialog::ByHand { .. }
                    | Dialog::Connect(_)
            )
        );
        // Whether to leave although a change is on its way.
        let quits =
            matches!(&model.dialog, Some(Dialog::Confirm(asked)) if asked.intent == Intent::Quit);
        assert!(is_harmless || quits, "{key} asks: {:?}", model.dialog);
        let now = self.state();
        assert!(now.written <= before.written, "{key} writes");
        assert!(now.waiting <= before.waiting, "{key} changes something");
        assert_eq!(now.invited, before.invited, "{key} invites");
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

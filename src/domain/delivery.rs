//! What became of what we wrote, as the provider reports it.
//!
//! Not the answer to a request: that is [`super::Accepted`]. Invariant: reports come in any order, and
//! none leads a message backwards.

use super::{Clean, CorrelationId, Millis};

/// How far a message of ours got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// WhatsApp's server has it.
    Sent,
    /// It reached a phone.
    Delivered,
    /// Somebody read it.
    Read,
    /// It goes no further.
    Failed {
        /// The provider's number for why.
        code: Option<i64>,
        /// The provider's word for why; may be blank.
        word: String,
    },
}

impl DeliveryState {
    /// Whether a later report moves a message on from here: never backwards, and not after a failure.
    /// A failure after it reached somebody concerns somebody else.
    ///
    /// Reports come in any order. Source: `api.md` 2.3.
    pub fn leads_to(&self, next: &Self) -> bool {
        match (self, next) {
            (Self::Failed { .. }, _)
            | (Self::Delivered | Self::Read, Self::Failed { .. })
            | (Self::Sent, Self::Sent)
            | (Self::Delivered, Self::Sent | Self::Delivered)
            | (Self::Read, Self::Sent | Self::Delivered | Self::Read) => false,
            (Self::Sent, Self::Delivered | Self::Read | Self::Failed { .. })
            | (Self::Delivered, Self::Read) => true,
        }
    }

    /// How far, in a word or two.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Failed { .. } => "not delivered",
        }
    }

    /// The same with the reason of a failure: `not delivered: it is too long`.
    pub fn words(&self) -> String {
        self.reason().map_or_else(
            || self.word().to_owned(),
            |why| format!("{}: {why}", self.word()),
        )
    }

    /// Why it failed, in words: what the provider's codes mean. Source: `api.md` 2.3.
    pub fn reason(&self) -> Option<String> {
        let Self::Failed { code, word } = self else {
            return None;
        };
        let words = match code {
            Some(101) => "it was not delivered in time",
            Some(102) => "its file could not be uploaded",
            Some(103) => "WhatsApp refused it",
            Some(104) => {
                "WhatsApp did not deliver it: the group may be gone, or a day has passed since they wrote"
            }
            Some(202) => "this is not a number on WhatsApp",
            Some(204) => "this number opted out",
            Some(206) => "it is too long",
            Some(207) => "WhatsApp does not take one of its parameters",
            Some(209) => "WhatsApp does not know this kind of message",
            Some(210) => "nobody wrote within the last day, and no template was set",
            Some(211) => "this number has not opted in",
            Some(212) => "this number is not on the account's list",
            Some(311) => "the provider could not check the number",
            Some(_) | None => "",
        };
        let word = Clean::new(word);
        Some(match (words, code, word.is_blank()) {
            ("", Some(code), true) => format!("the provider's code is {code}"),
            ("", Some(code), false) => format!("the provider says `{word}`, code {code}"),
            ("", None, true) => "the provider does not say why".to_owned(),
            ("", None, false) => format!("the provider says `{word}`"),
            (words, _, _) => words.to_owned(),
        })
    }
}

/// What the provider says about a message of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The provider's name for it; blank when the report has none.
    pub provider_id: String,
    /// Our name for it, where the report has one that is ours.
    pub correlation: Option<CorrelationId>,
    /// How far it got.
    pub state: DeliveryState,
    /// When, by the provider's clock.
    pub at: Option<Millis>,
}

/// How far a message of ours got, as it is known now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Our name for the message.
    pub id: CorrelationId,
    /// How far.
    pub state: DeliveryState,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_failure_is_told_in_words() {
        let failed = |code, word: &str| DeliveryState::Failed {
            code,
            word: word.into(),
        };
        let reason = |code, word| failed(code, word).reason().unwrap();
        assert_eq!(
            reason(Some(206), "INVALID_MESSAGE_LENGTH"),
            "it is too long"
        );
        assert_eq!(
            reason(Some(999), "ODD"),
            "the provider says `ODD`, code 999"
        );
        assert_eq!(reason(None, ""), "the provider does not say why");
        assert_eq!(DeliveryState::Read.reason(), None);
    }

    fn state() -> impl Strategy<Value = DeliveryState> {
        prop_oneof![
            Just(DeliveryState::Sent),
            Just(DeliveryState::Delivered),
            Just(DeliveryState::Read),
            Just(DeliveryState::Failed {
                code: Some(104),
                word: String::new()
            }),
        ]
    }

    proptest! {
        #[test]
        fn reports_in_any_order_never_lead_in_a_circle(states in prop::collection::vec(state(), 1..12)) {
            let mut now = states[0].clone();
            let mut moves = 0;
            for next in &states {
                if now.leads_to(next) {
                    prop_assert!(!next.leads_to(&now));
                    now = next.clone();
                    moves += 1;
                }
            }
            prop_assert!(moves <= 2);
        }
    }
}

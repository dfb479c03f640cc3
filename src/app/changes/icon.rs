//! Setting and removing the icon: judged by the address that is read afterwards, because the server
//! gives every upload a new one.

use super::{Ending, Next, judged, reading};
use crate::app::effect::Call;
use crate::domain::{Failure, GroupId, IconFile, IconInfo, Mutation, Operation, Outcome};

/// What is done to the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconVerb {
    /// Another picture.
    Set,
    /// No picture.
    Remove,
}

/// The address of the picture before: known to be there, known to be none, or not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Before {
    At(String),
    None,
    Unknown,
}

#[derive(Debug)]
pub(super) struct IconWork {
    verb: IconVerb,
    before: Before,
    /// The picture there was, for taking the change back.
    restore: Option<IconFile>,
    doubt: Option<Failure>,
}

impl IconWork {
    pub(super) fn set(
        before: Before,
        restore: Option<IconFile>,
        group: &GroupId,
        file: &IconFile,
    ) -> (Self, Next) {
        let next = Next::Send(Call::SetIcon(group.clone(), file.clone()));
        (Self::new(IconVerb::Set, before, restore), next)
    }

    pub(super) fn remove(
        before: Before,
        restore: Option<IconFile>,
        group: &GroupId,
    ) -> (Self, Next) {
        let next = Next::Send(Call::RemoveIcon(group.clone()));
        (Self::new(IconVerb::Remove, before, restore), next)
    }

    fn new(verb: IconVerb, before: Before, restore: Option<IconFile>) -> Self {
        Self {
            verb,
            before,
            restore,
            doubt: None,
        }
    }

    /// What takes it back: the old picture if it was kept, or none if there was none.
    pub(super) fn inverse(&self) -> Option<Mutation> {
        match (&self.before, &self.restore) {
            (Before::None, _) if self.verb == IconVerb::Set => Some(Mutation::RemoveIcon),
            (Before::At(_), Some(file)) => Some(Mutation::SetIcon(file.clone())),
            (Before::None | Before::At(_) | Before::Unknown, _) => None,
        }
    }

    pub(super) fn verb(&self) -> IconVerb {
        self.verb
    }

    pub(super) fn replied(&mut self, reply: Result<(), Failure>) -> Next {
        let operation = match self.verb {
            IconVerb::Set => Operation::SetIcon,
            IconVerb::Remove => Operation::RemoveIcon,
        };
        match judged(operation, reply) {
            Ok(doubt) => {
                self.doubt = doubt;
                reading(operation)
            }
            Err(why) => self.finished(Outcome::NotApplied(why)),
        }
    }

    /// The icon was read again, or could not be.
    pub(super) fn read(&mut self, read: Result<Option<&IconInfo>, &Failure>) -> Next {
        let doubt = self.doubt.take();
        let now = match read {
            Ok(now) => now.map(|info| info.written.raw()),
            Err(why) => {
                return self.finished(Outcome::Unknown(doubt.unwrap_or_else(|| why.clone())));
            }
        };
        let unchanged = match &self.before {
            Before::At(before) => now == Some(before.as_str()),
            Before::None => now.is_none(),
            Before::Unknown => false,
        };
        let outcome = match (self.verb, now, doubt) {
            (IconVerb::Remove, None, _) => Outcome::Applied,
            // Not seen so far: what was sent may still be carried out after this one look.
            (_, _, Some(why)) if unchanged => Outcome::Unknown(why),
            (IconVerb::Remove, Some(_), None) => {
                Outcome::Unknown(Failure::unconfirmed("there is still a picture"))
            }
            (IconVerb::Set, None, None) => {
                Outcome::Unknown(Failure::unconfirmed("there is no picture"))
            }
            (IconVerb::Set, Some(_), None) if unchanged => {
                Outcome::Unknown(Failure::unconfirmed("the picture is still the old one"))
            }
            (IconVerb::Set, Some(_), None) => Outcome::Applied,
            // Sent without an answer: a new address proves it only where the old one was known.
            (IconVerb::Set, Some(_), Some(_)) if self.before != Before::Unknown => Outcome::Applied,
            (IconVerb::Set | IconVerb::Remove, _, Some(why)) => Outcome::Unknown(why),
        };
        self.finished(outcome)
    }

    fn finished(&self, outcome: Outcome) -> Next {
        Next::Finished(Ending::IconChanged(self.verb, outcome))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clean, FailureKind, IconAddress, Neighbourhood, Sent};

    fn info(path: &str) -> IconInfo {
        let written = format!("https://cdn.example.org/{path}");
        IconInfo {
            address: IconAddress::new(&written, Neighbourhood::Remote),
            written: Clean::new(&written),
            mime: None,
            file_name: None,
        }
    }

    fn at(path: &str) -> Before {
        Before::At(info(path).written.raw().to_owned())
    }

    fn silence() -> Failure {
        Failure {
            kind: FailureKind::Cut,
            status: None,
            sent: Sent::Maybe,
            detail: Clean::default(),
        }
    }

    fn end(
        verb: IconVerb,
        before: Before,
        reply: Result<(), Failure>,
        now: Result<Option<&IconInfo>, &Failure>,
    ) -> Outcome {
        let mut work = IconWork::new(verb, before, None);
        assert_eq!(work.replied(reply), Next::ReadIcon);
        match work.read(now) {
            Next::Finished(Ending::IconChanged(_, outcome)) => outcome,
            other @ (Next::Send(_)
            | Next::ReadDetails
            | Next::ReadInvite
            | Next::ReadIcon
            | Next::Finished(_)) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_new_address_proves_a_new_picture() {
        let (old, new) = (info("a"), info("b"));
        assert_eq!(
            end(IconVerb::Set, at("a"), Ok(()), Ok(Some(&new))),
            Outcome::Applied
        );
        assert_eq!(
            end(IconVerb::Set, Before::None, Ok(()), Ok(Some(&new))),
            Outcome::Applied
        );
        let claimed = end(IconVerb::Set, at("a"), Ok(()), Ok(Some(&old)));
        assert!(
            matches!(claimed, Outcome::Unknown(_)),
            "200 was only a claim"
        );
    }

    #[test]
    fn silence_is_settled_by_what_is_read() {
        let (old, new) = (info("a"), info("b"));
        let set = |before, now| end(IconVerb::Set, before, Err(silence()), now);
        assert_eq!(set(at("a"), Ok(Some(&new))), Outcome::Applied);
        assert_eq!(set(at("a"), Ok(Some(&old))), Outcome::Unknown(silence()));
        assert_eq!(set(Before::None, Ok(None)), Outcome::Unknown(silence()));
        assert_eq!(
            set(Before::Unknown, Ok(Some(&new))),
            Outcome::Unknown(silence())
        );
        assert_eq!(set(at("a"), Err(&silence())), Outcome::Unknown(silence()));
        let removed = end(IconVerb::Remove, at("a"), Err(silence()), Ok(None));
        assert_eq!(removed, Outcome::Applied);
    }

    #[test]
    fn removing_what_is_not_there_is_what_was_asked_for() {
        let none = Failure {
            kind: FailureKind::NoIcon,
            status: Some(404),
            sent: Sent::Answered,
            detail: Clean::default(),
        };
        assert_eq!(
            end(IconVerb::Remove, at("a"), Err(none), Ok(None)),
            Outcome::Applied
        );
    }
}

//! What is to be expected of each cell.
//!
//! One rule for a group of calls and a class of trouble, so that each cell has exactly one
//! expectation and a reader can check them against the tables of the classifier
//! (`app/outcome.rs`).

use wavedeck::domain::Operation;
use wavedeck::domain::journal::{End, PersonEnd};

use super::cell::{Body, Cell, Class, Moment};

/// What a cell comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The answer was read.
    Read,
    /// It could not be read, and that is said.
    Failed,
    /// It is tried again for as long as it takes, and that is shown.
    Waits,
    /// A change happened.
    Applied,
    /// The platform took a message, which does not mean that anybody gets it.
    Accepted,
    /// A change did not happen.
    NotApplied,
    /// Nobody can tell, and that is said.
    Unknown,
}

/// How the connection is shown at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As if nothing had happened.
    Online,
    /// No connection, with the next try.
    Offline,
    /// The certificate was not accepted.
    Untrusted,
    /// The token was refused.
    SignedOut,
}

/// What became of what was typed or chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Draft {
    /// There was none.
    None,
    /// Still there, to be sent again or corrected.
    Kept,
    /// Taken by the server, or told in the notice.
    Gone,
}

/// Everything that is to be expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) outcome: Outcome,
    /// Requests on the wire.
    pub(super) wire: usize,
    /// Words that the user reads.
    pub(super) says: Vec<&'static str>,
    pub(super) shown: Shown,
    pub(super) draft: Draft,
}

/// How a change ends in the journal, which keeps nothing of reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JournalEnd {
    Applied,
    NotApplied,
    Unknown,
}

/// The end that the journal has to have.
pub(super) fn journal_end(outcome: Outcome) -> Option<JournalEnd> {
    match outcome {
        Outcome::Read | Outcome::Failed | Outcome::Waits => None,
        Outcome::Applied | Outcome::Accepted => Some(JournalEnd::Applied),
        Outcome::NotApplied => Some(JournalEnd::NotApplied),
        Outcome::Unknown => Some(JournalEnd::Unknown),
    }
}

/// The end that was written down. Of one person, «mixed» is not applied when they were refused or
/// nothing was sent for them, and unknown when it is not confirmed.
pub(super) fn written(end: &End) -> JournalEnd {
    match end {
        End::Applied => JournalEnd::Applied,
        End::NotApplied(_) => JournalEnd::NotApplied,
        End::Unknown(_) => JournalEnd::Unknown,
        End::Mixed(people) => match people.as_slice() {
            [(_, PersonEnd::NotConfirmed(_))] => JournalEnd::Unknown,
            [(_, PersonEnd::Refused(_) | PersonEnd::NotSent(_))] => JournalEnd::NotApplied,
            other => panic!("one person was named, and not done: {other:?}"),
        },
        End::SettledByUser(verdict) => panic!("nobody was asked: {verdict:?}"),
    }
}

/// What is to be expected of a cell.
pub(super) fn expected(cell: Cell) -> Expected {
    let class = cell.trouble.class();
    match cell.operation {
        Operation::ListGroups
        | Operation::GroupDetails
        | Operation::GetInvite
        | Operation::GetIcon => of_read(cell.operation, class),
        Operation::FetchPicture => of_picture(class),
        Operation::CreateGroup
        | Operation::RenameGroup
        | Operation::ResetInvite
        | Operation::RemoveParticipants
        | Operation::AddAdmins
        | Operation::RemoveAdmins
        | Operation::LeaveGroup
        | Operation::SetIcon
        | Operation::RemoveIcon
        | Operation::SendToGroup => of_change(cell.operation, class, cell.moment),
        Operation::SendInvitation => {
            let mut wanted = of_change(cell.operation, class, cell.moment);
            wanted.says.push(result_of_invitation(class));
            wanted
        }
    }
}

/// The person's result: only who was sent nothing, or turned away unseen, can be tried again.
fn result_of_invitation(class: Class) -> &'static str {
    match class {
        Class::NoConnection(_) | Class::NotTrusted | Class::SlowDown(_) | Class::Refusal(401) => {
            "1 not sent"
        }
        Class::Redirect | Class::Refusal(_) => "1 refused",
        Class::Silence(_) | Class::Failing(_) | Class::Success(Body::Page(_)) => {
            "Who may have got it is not tried again"
        }
        Class::Stale
        | Class::Success(
            Body::Spoilt(_)
            | Body::Foreign(_)
            | Body::Odd(_)
            | Body::Nobody(_)
            | Body::TooLarge
            | Body::Marked,
        ) => "1 accepted",
    }
}

fn read(outcome: Outcome, wire: usize, says: &[&'static str], shown: Shown) -> Expected {
    Expected {
        outcome,
        wire,
        says: says.to_vec(),
        shown,
        draft: Draft::None,
    }
}

fn of_read(operation: Operation, class: Class) -> Expected {
    let done = |wire| read(Outcome::Read, wire, &[], Shown::Online);
    let failed = |wire, why| read(Outcome::Failed, wire, &[why], Shown::Online);
    match class {
        Class::NoConnection(why) => read(Outcome::Waits, 0, &[why], Shown::Offline),
        Class::NotTrusted => {
            let why = "the server's certificate was not accepted";
            read(Outcome::Failed, 0, &[why], Shown::Untrusted)
        }
        // Three tries, whatever it is that may be better next time.
        Class::Silence(why)
        | Class::Failing(why)
        | Class::SlowDown(why)
        | Class::Success(Body::Spoilt(why) | Body::Page(why) | Body::Foreign(why)) => {
            failed(3, why)
        }
        // The first one meets the closing connection, the second a fresh one.
        Class::Stale => done(2),
        Class::Redirect => failed(1, "which is never followed"),
        Class::Refusal(status) => refused_read(operation, status),
        Class::Success(Body::Marked) => done(1),
        Class::Success(Body::TooLarge) => failed(1, "200: the answer is larger than allowed"),
        // Read as far as it goes: what has no sense is shown as unknown, and nothing is concluded
        // from it. A list and a link are nothing without their one value.
        Class::Success(Body::Odd(why)) => match operation {
            Operation::GroupDetails | Operation::GetIcon => done(1),
            Operation::ListGroups
            | Operation::CreateGroup
            | Operation::RenameGroup
            | Operation::GetInvite
            | Operation::ResetInvite
            | Operation::RemoveParticipants
            | Operation::AddAdmins
            | Operation::RemoveAdmins
            | Operation::LeaveGroup
            | Operation::SetIcon
            | Operation::RemoveIcon
            | Operation::FetchPicture
            | Operation::SendToGroup
            | Operation::SendInvitation => failed(3, why),
        },
        // An account may well be in no group, but a group is never nothing.
        Class::Success(Body::Nobody(why)) => {
            if operation == Operation::ListGroups {
                read(Outcome::Read, 1, &["No longer in your list"], Shown::Online)
            } else {
                failed(3, why)
            }
        }
    }
}

fn refused_read(operation: Operation, status: u16) -> Expected {
    let failed = |why| read(Outcome::Failed, 1, &[why], Shown::Online);
    match (status, operation) {
        (401, _) => read(
            Outcome::Failed,
            1,
            &["user name or token was not accepted"],
            Shown::SignedOut,
        ),
        (403, _) => failed("403: this account may not do that, only admins can"),
        (404 | 405, Operation::ListGroups) => failed("gateway does not offer groups"),
        // It has none, and that is the answer.
        (404, Operation::GetIcon) => read(Outcome::Read, 1, &[], Shown::Online),
        (404, _) => failed("404: this group no longer exists, or you are no longer in it"),
        (400, _) => failed("400: Phone number not found"),
        (405, _) => failed("405: Method Not Allowed"),
        (409, _) => failed("409: Conflict"),
        (413, _) => failed("413: Request Entity Too Large"),
        (415, _) => failed("415: Unsupported Media Type"),
        (422, _) => failed("422: Unprocessable Entity"),
        (other, _) => panic!("no expectation for {other}"),
    }
}

/// Another host, which says nothing about the API's, and a picture is not worth a second request.
fn of_picture(class: Class) -> Expected {
    let failed = |wire, why| read(Outcome::Failed, wire, &[why], Shown::Online);
    match class {
        Class::NoConnection(why) => failed(0, why),
        Class::NotTrusted => failed(0, "the server's certificate was not accepted"),
        Class::Silence(why)
        | Class::Failing(why)
        | Class::SlowDown(why)
        | Class::Success(
            Body::Spoilt(why)
            | Body::Page(why)
            | Body::Foreign(why)
            | Body::Odd(why)
            | Body::Nobody(why),
        ) => failed(1, why),
        // No connection is kept to a host of pictures.
        Class::Stale => read(Outcome::Read, 1, &[], Shown::Online),
        Class::Redirect => failed(1, "which is never followed"),
        Class::Refusal(_) => failed(1, ""),
        Class::Success(Body::TooLarge) => failed(1, "larger than allowed"),
        // No picture begins like that.
        Class::Success(Body::Marked) => failed(1, "200: the answer could not be read"),
    }
}

fn of_change(operation: Operation, class: Class, moment: Moment) -> Expected {
    let ends = |outcome, why: &'static str| change(operation, outcome, 1, why, Shown::Online);
    let by_reading = |why| match (proves(operation), moment) {
        (Proves::Yes, Moment::After) => ends(Outcome::Applied, ""),
        // Not seen so far is not the same as not done.
        (Proves::Yes | Proves::No, _) => ends(Outcome::Unknown, why),
    };
    match class {
        Class::NoConnection(why) => change(operation, Outcome::NotApplied, 0, why, Shown::Offline),
        Class::NotTrusted => {
            let why = "the server's certificate was not accepted";
            change(operation, Outcome::NotApplied, 0, why, Shown::Untrusted)
        }
        // Each change has a connection of its own.
        Class::Stale => ends(done(operation), ""),
        Class::Silence(why) | Class::Failing(why) => by_reading(why),
        Class::SlowDown(why) => ends(Outcome::NotApplied, why),
        Class::Redirect => ends(Outcome::NotApplied, "which is never followed"),
        Class::Refusal(status) => refused_change(operation, status),
        Class::Success(body) => match (operation, body) {
            // Whoever answers for the platform says nothing about what the platform did.
            (Operation::SendToGroup | Operation::SendInvitation, Body::Page(why)) => {
                ends(Outcome::Unknown, why)
            }
            // Accepted is all that is ever known of a message, and the status says it.
            (Operation::SendToGroup | Operation::SendInvitation, _) => ends(Outcome::Accepted, ""),
            // Without the id of the new group the list has to tell.
            (
                Operation::CreateGroup,
                Body::Spoilt(why)
                | Body::Page(why)
                | Body::Foreign(why)
                | Body::Odd(why)
                | Body::Nobody(why),
            ) => by_reading(why),
            (Operation::CreateGroup, Body::TooLarge) => {
                by_reading("200: the answer is larger than allowed")
            }
            (_, _) => by_reading("reading again does not show it"),
        },
    }
}

/// What is told of a change that was done, and answered in good order.
fn done(operation: Operation) -> Outcome {
    match proves(operation) {
        Proves::Yes => Outcome::Applied,
        Proves::No => Outcome::Accepted,
    }
}

/// Whether reading can prove that a change happened.
enum Proves {
    Yes,
    No,
}

fn proves(operation: Operation) -> Proves {
    match operation {
        Operation::CreateGroup
        | Operation::RenameGroup
        | Operation::ResetInvite
        | Operation::RemoveParticipants
        | Operation::AddAdmins
        | Operation::RemoveAdmins
        | Operation::LeaveGroup
        | Operation::SetIcon
        | Operation::RemoveIcon => Proves::Yes,
        Operation::SendToGroup
        | Operation::SendInvitation
        | Operation::ListGroups
        | Operation::GroupDetails
        | Operation::GetInvite
        | Operation::GetIcon
        | Operation::FetchPicture => Proves::No,
    }
}

fn refused_change(operation: Operation, status: u16) -> Expected {
    let no = |why| change(operation, Outcome::NotApplied, 1, why, Shown::Online);
    let about_people = matches!(
        operation,
        Operation::RemoveParticipants | Operation::AddAdmins | Operation::RemoveAdmins
    );
    let message = matches!(
        operation,
        Operation::SendToGroup | Operation::SendInvitation
    );
    match status {
        400 if about_people => no("400: a number was not found in this group"),
        400 if operation == Operation::LeaveGroup => no("400: you are not in this group"),
        400 => no("400: Phone number not found"),
        401 => change(
            operation,
            Outcome::NotApplied,
            1,
            "user name or token was not accepted",
            Shown::SignedOut,
        ),
        403 => no("403: this account may not do that, only admins can"),
        404 | 405 if operation == Operation::CreateGroup => no("gateway does not offer groups"),
        // It is said to have none, but reading shows one.
        404 if operation == Operation::RemoveIcon => change(
            operation,
            Outcome::Unknown,
            1,
            "there is still a picture",
            Shown::Online,
        ),
        404 if message => no("404: Group not found"),
        404 => no("404: this group no longer exists, or you are no longer in it"),
        405 => no("405: Method Not Allowed"),
        409 => no("409: Conflict"),
        413 => no("413: Request Entity Too Large"),
        415 => no("415: Unsupported Media Type"),
        422 => no("422: Unprocessable Entity"),
        other => panic!("no expectation for {other}"),
    }
}

/// A change that comes to this, with the words for it and the reason, and what becomes of what was
/// typed.
fn change(
    operation: Operation,
    outcome: Outcome,
    wire: usize,
    why: &'static str,
    shown: Shown,
) -> Expected {
    let (done, refused, doubtful, draft) = match operation {
        Operation::CreateGroup => (
            "Created Turma",
            "form",
            "not seen so far",
            [Draft::Gone, Draft::Kept, Draft::Kept],
        ),
        Operation::RenameGroup => (
            "Renamed to Beta",
            "form",
            "Rename to Beta is not confirmed",
            [Draft::Gone, Draft::Kept, Draft::Gone],
        ),
        Operation::SetIcon => (
            " set",
            "form",
            ": not confirmed",
            [Draft::Gone, Draft::Kept, Draft::Gone],
        ),
        Operation::ResetInvite => (
            "The old link no longer works",
            "Link not reset",
            "is not confirmed",
            [Draft::None; 3],
        ),
        Operation::RemoveIcon => (
            " removed",
            "Icon not removed",
            ": not confirmed",
            [Draft::None; 3],
        ),
        Operation::RemoveParticipants => (
            " removed",
            "Not removed",
            "Removal is not confirmed",
            [Draft::None; 3],
        ),
        Operation::AddAdmins => (
            " promoted",
            "Not promoted",
            "Promotion is not confirmed",
            [Draft::None; 3],
        ),
        Operation::RemoveAdmins => (
            " demoted",
            "Not demoted",
            "Demotion is not confirmed",
            [Draft::None; 3],
        ),
        Operation::LeaveGroup => (
            "You left ",
            "Not left",
            "Leaving is not confirmed",
            [Draft::None; 3],
        ),
        Operation::SendToGroup => (
            "✓ accepted",
            "✗ not sent",
            "! may have been delivered",
            [Draft::Gone, Draft::Kept, Draft::Kept],
        ),
        Operation::SendInvitation => (
            "Accepted is not delivered yet",
            // Not sent or refused: `result_of_invitation`.
            "",
            "1 may have been delivered",
            [Draft::Gone, Draft::Kept, Draft::Kept],
        ),
        Operation::ListGroups
        | Operation::GroupDetails
        | Operation::GetInvite
        | Operation::GetIcon
        | Operation::FetchPicture => panic!("{operation:?} changes nothing"),
    };
    let (what, draft) = match outcome {
        Outcome::Applied | Outcome::Accepted => (done, draft[0]),
        Outcome::NotApplied => (refused, draft[1]),
        Outcome::Unknown => (doubtful, draft[2]),
        Outcome::Read | Outcome::Failed | Outcome::Waits => panic!("{outcome:?} is for reads"),
    };
    let says = [what, why].into_iter().filter(|words| !words.is_empty());
    Expected {
        outcome,
        wire,
        says: says.collect(),
        shown,
        draft,
    }
}

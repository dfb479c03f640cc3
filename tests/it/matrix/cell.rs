//! The cells: every call of the document with everything that can go wrong with it.
//!
//! Invariant: both lists are matched without a wildcard, so a new call or a new fault does not
//! compile before somebody has said what is to be expected of it.

use wavedeck::domain::Operation;
use wavedeck::sim::faults::Fault;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The host's name has no address.
    NoSuchName,
    /// Nobody listens there.
    NobodyListens,
    /// Connecting leads to nothing, not even to a refusal.
    Blackhole,
    /// A certificate by nobody that is trusted.
    SelfSigned,
    /// A certificate that was good once.
    Expired,
    /// A certificate of another host.
    WrongHost,
    /// TCP connects, TLS never begins.
    HandshakeStall,
    /// The request arrives.
    Meets(Fault),
}

impl Trouble {
    /// Everything.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        const UNREACHED: [Trouble; 7] = [
            Trouble::NoSuchName,
            Trouble::NobodyListens,
            Trouble::Blackhole,
            Trouble::SelfSigned,
            Trouble::Expired,
            Trouble::WrongHost,
            Trouble::HandshakeStall,
        ];
        let met = Fault::ALL.iter().copied().map(Self::Meets);
        UNREACHED.into_iter().chain(met)
    }

    /// Whether it needs certificates of our own to be trusted, or at least to be looked at.
    pub(super) fn needs_tls(self) -> bool {
        match self {
            // Plain http is accepted for this computer only, which needs no name.
            Self::NoSuchName
            | Self::SelfSigned
            | Self::Expired
            | Self::WrongHost
            | Self::HandshakeStall => true,
            Self::NobodyListens | Self::Blackhole | Self::Meets(_) => false,
        }
    }

    /// What kind of trouble it is.
    pub(super) fn class(self) -> Class {
        let fault = match self {
            Self::NoSuchName => {
                return Class::NoConnection("the host name could not be resolved");
            }
            Self::NobodyListens => return Class::NoConnection("no connection to the server"),
            Self::Blackhole | Self::HandshakeStall => {
                return Class::NoConnection("no connection within 5 seconds");
            }
            Self::SelfSigned | Self::Expired | Self::WrongHost => return Class::NotTrusted,
            Self::Meets(fault) => fault,
        };
        match fault {
            Fault::AcceptThenClose
            | Fault::ResetUnread
            | Fault::ResetAfterHead
            | Fault::ResetAfterRequest
            | Fault::StatusLineOnly => Class::Silence("the connection broke before an answer came"),
            Fault::StallAfterRequest | Fault::HeaderStall => Class::Silence("no answer in time"),
            Fault::StaleKeepAlive => Class::Stale,
            Fault::TruncatedBody | Fault::UnterminatedChunked => {
                Class::Success(Body::Spoilt("200: the answer could not be read"))
            }
            Fault::Drip => Class::Success(Body::Spoilt("200: no answer in time")),
            Fault::Html => Class::Success(Body::Page("200: the answer could not be read")),
            Fault::EmptyBody
            | Fault::InvalidJson
            | Fault::InvalidUtf8
            | Fault::NoGroups
            | Fault::DeepNesting => {
                Class::Success(Body::Foreign("200: the answer could not be read"))
            }
            Fault::WrongTypes => Class::Success(Body::Odd("200: the answer could not be read")),
            Fault::NullBody | Fault::EmptyObject | Fault::NullGroups | Fault::EmptyGroups => {
                Class::Success(Body::Nobody("200: the answer could not be read"))
            }
            Fault::Accepted202 => Class::Success(Body::Nobody("202: the answer could not be read")),
            Fault::NoContent204 => {
                Class::Success(Body::Foreign("204: the answer could not be read"))
            }
            Fault::Partial206 => Class::Success(Body::Foreign("206: the answer could not be read")),
            Fault::Oversize => Class::Success(Body::TooLarge),
            Fault::ByteOrderMark => Class::Success(Body::Marked),
            Fault::Moved301
            | Fault::Found302
            | Fault::SeeOther303
            | Fault::Temporary307
            | Fault::Permanent308 => Class::Redirect,
            Fault::BadRequest400 => Class::Refusal(400),
            Fault::Unauthorized401 => Class::Refusal(401),
            Fault::Forbidden403 => Class::Refusal(403),
            Fault::NotFound404 => Class::Refusal(404),
            Fault::NotAllowed405 => Class::Refusal(405),
            Fault::Conflict409 => Class::Refusal(409),
            Fault::TooLarge413 => Class::Refusal(413),
            Fault::UnsupportedType415 => Class::Refusal(415),
            Fault::Unprocessable422 => Class::Refusal(422),
            Fault::Throttled420 => Class::SlowDown("420: the server asks to slow down"),
            Fault::TooMany429 => Class::SlowDown("429: the server asks to slow down"),
            Fault::TooManySeconds429 | Fault::TooManyDate429 => {
                Class::SlowDown("429: the server asks to wait 2 s")
            }
            Fault::RequestTimeout408 => Class::Failing("408: the server failed"),
            Fault::ServerError500 => Class::Failing("500: the server failed"),
            Fault::BadGateway502 => Class::Failing("502: the server failed"),
            Fault::Unavailable503 => Class::Failing("503: the server failed"),
            Fault::GatewayTimeout504 => Class::Failing("504: the server failed"),
        }
    }
}

/// Kinds of trouble that are answered in the same way, with the words that the user reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing was sent.
    NoConnection(&'static str),
    /// Nothing was sent, because whoever answers there is a stranger.
    NotTrusted,
    /// It left, and no status came.
    Silence(&'static str),
    /// It left over a connection that was just closing, if there was one.
    Stale,
    /// A status that says yes.
    Success(Body),
    /// Somebody else is to be asked.
    Redirect,
    /// A status that says no.
    Refusal(u16),
    /// Too many requests.
    SlowDown(&'static str),
    /// The server failed, which proves nothing.
    Failing(&'static str),
}

/// What comes with a status that says yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// The real answer, not all of it.
    Spoilt(&'static str),
    /// Something that this API does not send at all: whoever answered is somebody else.
    Page(&'static str),
    /// Something that is no answer to this call, though this API may have sent it.
    Foreign(&'static str),
    /// Fields that are known, with values that they never have.
    Odd(&'static str),
    /// «No groups», in one of the ways to say it; with a `null` or `{}` for a change.
    Nobody(&'static str),
    /// More than is read.
    TooLarge,
    /// The real answer after a byte order mark.
    Marked,
}

/// When the trouble comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// What was asked for is not done, whatever the answer says.
    Before,
    /// It is done.
    After,
}

/// One call that meets one trouble at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) operation: Operation,
    pub(super) trouble: Trouble,
    pub(super) moment: Moment,
}

impl Cell {
    /// Whether people read what is sent.
    pub(super) fn writes_to_people(self) -> bool {
        matches!(
            self.operation,
            Operation::SendToGroup | Operation::SendInvitation
        )
    }

    /// Whether the answer may well be the platform's, and says that it took a message: more than
    /// that nobody can know.
    pub(super) fn claims_acceptance(self) -> bool {
        let Class::Success(body) = self.trouble.class() else {
            return false;
        };
        self.writes_to_people() && !matches!(body, Body::Page(_))
    }

    /// Every cell there is.
    pub(super) fn all() -> Vec<Self> {
        let mut cells = Vec::new();
        for operation in Operation::ALL {
            for trouble in Trouble::all() {
                cells.extend(moments(operation, trouble).iter().map(|moment| Self {
                    operation,
                    trouble,
                    moment: *moment,
                }));
            }
        }
        cells
    }
}

/// When a trouble can come. For a change whose fate the answer does not prove, both: a server may
/// fail after it did what was asked for, and say yes without doing it.
fn moments(operation: Operation, trouble: Trouble) -> &'static [Moment] {
    match trouble.class() {
        // Passed on, or spoilt on the way back.
        Class::Stale => &[Moment::After],
        Class::Success(_) if !operation.is_change() => &[Moment::After],
        // The id of a new group in an answer in good order is all the proof there can be.
        Class::Success(Body::Marked) if operation == Operation::CreateGroup => &[Moment::After],
        Class::Success(_) => &[Moment::Before, Moment::After],
        Class::Silence(_) | Class::Failing(_) if operation.is_change() => match trouble {
            Trouble::Meets(fault) if fault.takes_the_request() => &[Moment::Before, Moment::After],
            Trouble::Meets(_)
            | Trouble::NoSuchName
            | Trouble::NobodyListens
            | Trouble::Blackhole
            | Trouble::SelfSigned
            | Trouble::Expired
            | Trouble::WrongHost
            | Trouble::HandshakeStall => &[Moment::Before],
        },
        Class::Silence(_)
        | Class::Failing(_)
        | Class::NoConnection(_)
        | Class::NotTrusted
        | Class::Redirect
        | Class::Refusal(_)
        | Class::SlowDown(_) => &[Moment::Before],
    }
}

//! Pure types: what the program talks about, with the rules that make a wrong value impossible to build.
//!
//! Nothing here does I/O, reads a clock or knows the terminal. Everything above may import this
//! module; it imports nothing of ours.

pub mod account;
pub mod clock;
pub mod contacts;
pub mod delivery;
pub mod draft;
pub mod exchange;
pub mod failure;
pub mod group;
pub mod host;
pub mod icon;
pub mod incoming;
pub mod invite;
pub mod journal;
pub mod masking;
pub mod message;
pub mod mutation;
pub mod numbers;
pub mod outcome;
pub mod recall;
pub mod roster;
pub mod subject;
pub mod text;
pub mod wa_id;

pub use account::{Access, Account, AccountError, BaseUrl, Saved, Token, TokenPlace};
pub use clock::{Millis, UnixSeconds};
pub use contacts::{Author, Contacts};
pub use delivery::{Delivery, DeliveryState, Fate};
pub use draft::KeptDraft;
pub use exchange::{Exchange, Operation};
pub use failure::{Failure, FailureKind, Sent, Unreachable};
pub use group::{GroupDetails, GroupId, GroupIdError};
pub use host::{HostName, HostNameError};
pub use icon::{
    IconAddress, IconAddressError, IconFile, IconInfo, Neighbourhood, Picture, Thumbnail,
};
pub use incoming::{
    Content, Incoming, Item, Kept, Lane, LaneSummary, MediaKind, News, Overview, Report, Sender,
    Seq, web_address,
};
pub use invite::InviteLink;
pub use masking::Masking;
pub use message::{
    Accepted, CorrelationId, GroupMessage, Invitation, MessageText, MessageTextError,
};
pub use mutation::{MemberVerb, Mutation};
pub use numbers::{NumberError, Typed, digits, numbers};
pub use outcome::{MemberOutcome, Outcome};
pub use recall::{Headcount, Keepsake, Recollection, Remembered, Told};
pub use roster::{Members, Role, Roster};
pub use subject::{Subject, SubjectError};
pub use text::{Clean, plain};
pub use wa_id::{WaId, WaIdError, WaIds};

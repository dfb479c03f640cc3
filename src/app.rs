//! The core: what is known, what is shown, and what a key or an answer leads to. Pure: no clock, no
//! I/O, no terminal; time and answers come in as values, and everything to do goes out as values.

pub mod accounts;
pub mod activity;
pub mod changes;
pub mod creation;
pub mod dialog;
pub mod doubts;
pub mod effect;
pub mod field;
pub mod find;
pub mod groups;
pub mod inbox;
pub mod invitations;
pub mod journal;
pub mod layout;
pub mod leaving;
pub mod line;
pub mod list;
pub mod loading;
pub mod memberships;
pub mod messages;
pub mod model;
pub mod msg;
pub mod outcome;
pub mod past;
pub mod people;
pub mod pointer;
#[cfg(test)]
pub(crate) mod probe;
pub mod received;
pub mod remote;
pub mod rows;
pub mod session;
pub mod toasts;
pub mod update;

pub use effect::{Call, Effect, Effects};
pub use model::Model;
pub use msg::{Msg, Reply};
pub use session::Session;
pub use update::update;

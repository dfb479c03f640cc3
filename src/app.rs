//! The core: what is known, what is shown, and what a key or an answer leads to. Pure: no clock, no
//! I/O, no terminal; time and answers come in as values, and everything to do goes out as values.

pub mod changes;
pub mod effect;
pub mod field;
pub mod groups;
pub mod layout;
pub mod list;
pub mod msg;
pub mod people;
pub mod remote;
pub mod rows;
pub mod session;

pub use effect::Call;

//! Keys as data: what a key is called, which action it means where, and how every action is
//! described. Footer, help and `docs/keys.md` are made from these tables and from nothing else.
//!
//! A leaf: knows neither the terminal library nor the model.

mod action;
mod bindings;
mod chord;
mod command;
mod key;
mod layout;
mod map;
mod notation;
mod page;
mod remap;

pub use action::{Action, Section};
pub use bindings::{Context, footer, markdown};
pub use chord::Chord;
pub use key::{Code, Key};
pub use map::{Found, Keymap};
pub use notation::NotAKey;
pub use page::listing;
pub use remap::{Remark, Wish};

#[cfg(test)]
mod tests;

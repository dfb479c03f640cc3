//! wavedeck runs many WhatsApp groups from the keyboard.

pub mod api;
pub mod domain;

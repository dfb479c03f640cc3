//! wavedeck runs many WhatsApp groups from the keyboard.

pub mod domain;
pub mod theme;

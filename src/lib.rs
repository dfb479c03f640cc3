//! wavedeck runs many WhatsApp groups from the keyboard.

pub mod clipboard;
pub mod domain;
pub mod theme;

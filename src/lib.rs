//! wavedeck runs many WhatsApp groups from the keyboard.

pub mod clipboard;
pub mod config;
pub mod domain;
pub mod runtime;
pub mod theme;

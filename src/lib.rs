//! wavedeck runs many WhatsApp groups from the keyboard.

pub mod app;
pub mod domain;
pub mod keymap;
pub mod server;
pub mod sim;

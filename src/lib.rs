//! wavedeck runs many WhatsApp groups from the keyboard.

pub mod api;
pub mod app;
pub mod cli;
pub mod clipboard;
pub mod config;
pub mod domain;
pub mod keymap;
pub mod runtime;
pub mod server;
pub mod sim;
pub mod store;
pub mod theme;
pub mod thumbnail;
pub mod ui;
pub mod webhook;

//! Notices, from whoever sends one to every reader: over REST, on every transport, on the page and from the command line.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod bad_input;
#[path = "../accounts/browser.rs"]
mod browser;
mod commands;
mod devices;
mod docs;
mod live;
mod nodes;
mod page;
mod push;
mod push_devices;
mod push_service;
mod restart;
mod rights;
#[path = "../support/mod.rs"]
mod support;
mod team;

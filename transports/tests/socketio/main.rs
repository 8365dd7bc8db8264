//! Socket.IO's own promises, beyond those that every transport makes: carriers and the change between them, namespaces,
//! recovery, acknowledgements, attachments, and the documented answer to every bad input.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod acknowledged;
mod bad_input;
mod carriers;
mod client;
mod drops;
mod nodes;
mod recovery;
#[path = "../support/mod.rs"]
mod support;
mod turned_away;
mod world;

//! The front door, in raw bytes: whatever a client sends, each request has one answer, in order, and nothing is read twice.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]

mod answers;
mod bodies;
#[path = "../support/mod.rs"]
mod support;

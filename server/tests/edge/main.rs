//! The front door, in raw bytes: whatever a client sends, each request has one answer, in order, and nothing is read twice.

#![allow(unreachable_pub, missing_docs, reason = "nothing outside of this test reads it")]
#![allow(clippy::print_stderr, reason = "the long forms say their figures")]

mod answers;
mod bad_input;
mod bodies;
mod closing;
mod fuzz;
mod heads;
mod kept;
mod places;
mod publisher;
#[path = "../support/mod.rs"]
mod support;

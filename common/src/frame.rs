//! The frames of a live connection, in both directions, as JSON with a `type`. docs/protocol.md is their reference.

mod client;
mod server;

pub use client::ClientFrame;
pub use server::{BadFrame, ByeReason, ErrorCode, Event, GapReason, ServerFrame, Verdict};

//! What a live connection says, in both directions, as JSON with a `type`. docs/protocol.md is its reference.

mod client;
mod server;

pub use client::ClientFrame;
pub use server::{BadFrame, ByeReason, ErrorCode, Event, GapReason, ServerFrame, Verdict};

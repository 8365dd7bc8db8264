//! The frames of a live connection, in both directions, as JSON with a `type`. docs/protocol.md is their reference.

mod client;
mod server;

pub use crate::error_code::ErrorCode;
pub use client::ClientFrame;
pub use server::{BadFrame, ByeReason, Event, GapReason, ServerFrame, Verdict};

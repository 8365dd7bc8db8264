//! The cases, by what they promise.

pub mod access;
pub mod asking;
pub mod deflate;
pub mod drain;
pub mod event_stream;
pub mod frames;
pub mod inbound;
pub mod liveness;
pub mod order;
pub mod refusal;
pub mod resume;
pub mod silence;
pub mod slow;
pub mod stream;

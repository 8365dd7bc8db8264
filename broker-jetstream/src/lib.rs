//! The log on NATS JetStream, which many nodes share.
//!
//! One stream on disk holds the entries of all `Log` topics, and its numbers are [`Cursor::seq`](common::Cursor::seq): every node reads
//! them in the same order. Another stream, in memory, holds the newest value of each `Latest` topic and numbers those apart. A third one
//! holds a note of a few numbers, by which nodes agree on the log's life (`life`).
//!
//! A node reads all of both streams when it starts, and goes on from where it was after every break. It is the only task
//! (`reader`) that tells the subscriber, so what a node publishes comes back to it in the place that all others see it in.
//!
//! Absent on purpose: consumers that NATS remembers, acknowledgements by readers, and the time to live of single messages.

mod api;
mod attach;
mod broker;
mod caught_up;
mod connection;
mod consumer;
mod control;
mod health;
mod history;
mod index;
mod keeper;
mod latest;
mod life;
mod message;
mod presence;
mod presence_link;
mod publish;
mod reader;
mod retention;
mod server_clock;
mod settings;
mod shared;
mod stream_ends;
mod streams;
mod subjects;
#[cfg(feature = "test-server")]
#[doc(hidden)]
pub mod test_server;
mod tls;

pub use self::{
    broker::JetStreamBroker,
    settings::{JetStreamSettings, Login, TlsFiles},
};

//! Checks all decoders with arbitrary bytes. The fuzzer (`fuzz/`) looks for bytes that break an assertion, and
//! `tests/corpus.rs` runs the same functions on the bytes that it has found.
//!
//! Each is beside the decoder that it tries; a function takes bytes and panics where something does not hold.

pub(crate) mod client_frame;
mod words;

pub use crate::{
    gate::fuzzing::query,
    socketio::{engine::fuzzing::engine_io, sockets::fuzzing::socket_io},
    websocket::fuzzing::{handshake, websocket},
};
pub use client_frame::client_frame;
pub use words::cursor;

/// A name, which is its folder in the corpus, too, and what must hold.
pub type Target = (&'static str, fn(&[u8]));

/// The fuzz targets of this crate.
pub const TARGETS: &[Target] = &[
    ("client_frame", client_frame),
    ("cursor", cursor),
    ("engine_io", engine_io),
    ("handshake", handshake),
    ("query", query),
    ("socket_io", socket_io),
    ("websocket", websocket),
];
